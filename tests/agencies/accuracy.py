"""How many of the labelled names of `names.csv` are resolved, and how many of those rightly.

The labels are written from the official lists and from common forms, not from what the resolver says. Codes
of towns are those of the MCA list of 2026, codes of places that ended are the last that they had.
"""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.agencies import Evidence, Resolution, Status, resolve

NAMES = Path(__file__).parent / "names.csv"
_SHOWN = 20


@dataclass(frozen=True)
class Label:
    """One name with its evidence, and what it means."""

    name: str
    evidence: Evidence
    resolution: str
    agency_type: str
    admin_level: str
    region_code: str

    @property
    def told(self) -> bool:
        """Whether the document says more than the name."""
        return self.evidence != Evidence() and self.evidence != Evidence(
            report_year=self.evidence.report_year
        )

    def is_met_by(self, found: Resolution) -> bool:
        """Whether type, level and region are the labelled ones."""
        observed = (str(found.agency_type), found.admin_level, found.region_code or "")
        return observed == (self.agency_type, self.admin_level, self.region_code)


@dataclass
class Report:
    """What the labelled names gave."""

    names: int = 0
    resolvable: int = 0
    resolved: int = 0
    resolvable_resolved: int = 0
    right: int = 0
    ambiguous_resolved: int = 0
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was resolved that is right in type, level and region."""
        return self.right / self.resolved

    @property
    def coverage(self) -> float:
        """Share of the resolvable names that were resolved."""
        return self.resolvable_resolved / self.resolvable


def labels() -> list[Label]:
    with NAMES.open(encoding="utf-8", newline="") as lines:
        return [
            Label(
                row["name"],
                _evidence(row["evidence"]),
                row["resolution"],
                row["agency_type"],
                row["admin_level"],
                row["region_code"],
            )
            for row in csv.DictReader(lines)
        ]


def _evidence(text: str) -> Evidence:
    """`phone_area=010;year=2020` as evidence."""
    given = dict(part.split("=", 1) for part in text.split(";") if part)
    year = given.pop("year", None)
    return Evidence(**given, report_year=int(year) if year else None)


def measure() -> Report:
    """Resolve every labelled name and count."""
    report = Report()
    for label in labels():
        _count(report, label, resolve(label.name, label.evidence))
    return report


def _count(report: Report, label: Label, found: Resolution) -> None:
    report.names += 1
    report.statuses[label.resolution, found.resolution.value] += 1
    resolved = found.resolution is Status.RESOLVED
    report.resolved += resolved
    if label.resolution == "resolved":
        report.resolvable += 1
        report.resolvable_resolved += resolved
    elif resolved and label.resolution == "ambiguous":
        report.ambiguous_resolved += 1
    right = label.resolution == found.resolution.value and (not resolved or label.is_met_by(found))
    report.right += right and resolved
    if not right:
        report.wrong.append(f"{label.name} ({label.resolution} {label.region_code}): {found}")


def report() -> str:
    """The figures as lines of text."""
    found = measure()
    share = f"{found.resolvable_resolved}/{found.resolvable}"
    lines = [
        f"labelled names          {found.names}",
        f"precision               {found.right}/{found.resolved} = {found.precision:.2%} (at least 99.5 %)",
        f"coverage                {share} = {found.coverage:.2%} (at least 95 %)",
        f"ambiguous but resolved  {found.ambiguous_resolved} (must be 0)",
    ]
    lines += [f"  labelled {was:<10} found {now:<10} {n}" for (was, now), n in sorted(found.statuses.items())]
    return "\n".join(lines + [f"  not as labelled: {text}" for text in found.wrong[:_SHOWN]])


def main() -> None:
    """Print the figures."""
    print("agencies: names resolved")
    print(report())


if __name__ == "__main__":
    main()
