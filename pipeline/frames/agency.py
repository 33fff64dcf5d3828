"""Which agency a report belongs to and for whom it speaks, as rows of ledger.agency.

Belongs here: the one place where a reading meets the register of agencies, and the id of
a body that the register does not know. Does not belong here: names, regions and their
rules (pipeline.agencies).
"""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.agencies import Evidence, Resolution, Status, gather_evidence, principal_of, resolve, scope
from pipeline.agencies.identity import name_id
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
    "successor",
    "succession",
)

Row = dict[str, object]


class Agency(NamedTuple):
    """The agency of a report: its own row, that of the body it signs for, scope, and findings.

    The findings are what is open about the name, and the rules of sense that ask who reports.
    `names` are the full names of the agency and of the body it signs for.
    """

    own: Row
    principal: Row | None
    scope: str | None
    scope_evidence: str
    findings: list[Finding]
    names: tuple[str, ...]


def agency_of(reading: Reading, stream: Stream, document_id: str) -> Agency:
    """Return the agency that a report's name and evidence mean; nothing is guessed."""
    evidence = gather_evidence(stream, reading.report_year)
    found = resolve(reading.agency_name, evidence)
    spoken_for, why = scope(found, [section.text for section in reading.sections])
    principal = principal_of(found)
    return Agency(
        own={**_row(found), "agency_id": _id(found, evidence, document_id)},
        principal=_row(principal) if principal else None,
        scope=spoken_for.value if spoken_for else None,
        scope_evidence=why,
        findings=[*_open(reading, found), *sense.findings(reading, stream, _body(found))],
        names=tuple(name for name in (found.name, found.acts_for_name) if name),
    )


def _id(found: Resolution, evidence: Evidence, document_id: str) -> str:
    """Return the id of the body that reports.

    A name that fits several bodies, or none that is known, does not make two reports one body's: 财政局 is
    the name of thousands. The address or the publisher that both state does; a document that states neither
    stands for itself. A town whose name says its county needs no more.
    """
    if found.resolution is Status.RESOLVED or (found.resolution is Status.UNRESOLVED and found.region_code):
        return found.agency_id
    stated = [mark for mark in (evidence.address, evidence.publisher) if mark]
    return name_id("|".join([found.name, *(stated or [document_id])]))


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
