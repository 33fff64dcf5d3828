"""Which agency a report belongs to and for whom it speaks, as rows of ledger.agency.

Belongs here: the one place where a reading meets the register of agencies. Does not
belong here: names, regions and their rules (pipeline.agencies).
"""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.agencies import Resolution, Status, gather_evidence, principal_of, resolve, scope
from pipeline.checking import sense
from pipeline.documents import Stream
from pipeline.reading import Finding, Reading

_COLUMNS = (
    "agency_id",
    "name",
    "agency_type",
    "admin_level",
    "region_code",
    "province",
    "prefecture",
    "county",
    "town",
    "acts_for",
    "resolution",
    "evidence",
)

Row = dict[str, object]


class Agency(NamedTuple):
    """The agency of a report: its own row, that of the body it signs for, scope, and findings.

    The findings are what is open about the name, and the rules of sense that ask who reports.
    """

    own: Row
    principal: Row | None
    scope: str | None
    findings: list[Finding]


def agency_of(reading: Reading, stream: Stream) -> Agency:
    """Return the agency that a report's name and evidence mean; nothing is guessed."""
    found = resolve(reading.agency_name, gather_evidence(stream, reading.report_year))
    spoken_for, _ = scope(found, [section.text for section in reading.sections])
    principal = principal_of(found)
    return Agency(
        own=_row(found),
        principal=_row(principal) if principal else None,
        scope=spoken_for.value if spoken_for else None,
        findings=[*_open(reading, found), *sense.findings(reading, stream, _body(found))],
    )


def _body(found: Resolution) -> sense.Body:
    """Return what is known of the body; of an unresolved name only the type that its ending gives."""
    level = found.admin_level if found.resolution is Status.RESOLVED else None
    return sense.Body(found.agency_type, level)


def _row(found: Resolution) -> Row:
    # StrEnum members are turned to their plain text: frames take text, not enumerations.
    values = {name: getattr(found, name) for name in _COLUMNS}
    return {name: str(value) if isinstance(value, str) else value for name, value in values.items()}


def _open(reading: Reading, found: Resolution) -> Iterator[Finding]:
    if found.resolution is not Status.RESOLVED:
        names = "; ".join(f"{one.name} ({one.region_code})" for one in found.candidates)
        rule = f"agency.{found.resolution.value}"
        yield Finding(rule, found.evidence, expected=names or None, observed=reading.agency_name)
