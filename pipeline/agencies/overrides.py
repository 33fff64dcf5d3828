"""Names settled by hand.

Belongs here: `data/overrides.yaml` and the guard that tells when an entry is no longer needed.
Does not belong here: short forms and aliases that hold everywhere; those are lookups.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.agencies.model import Evidence, Status
from pipeline.agencies.tables import DATA
from pipeline.agencies.text import bare_name, plain


@dataclass(frozen=True, slots=True)
class Override:
    """One name that a person has settled.

    In documents whose evidence contains `where`, `name` means `means` (a full name that resolves by itself).
    `expect` is what the resolver makes of such a document without help; when it makes something else, the
    entry is not applied: its reason is gone. `example` is evidence that shows the case, for the guard's test.
    """

    name: str
    where: str
    means: str
    reason: str
    expect: Status
    example: Evidence

    def applies(self, name: str, evidence: Evidence) -> bool:
        """Whether the entry speaks of this name in this document."""
        return bare_name(self.name) == name and plain(self.where) in plain(_words(evidence))


def _words(evidence: Evidence) -> str:
    parts = (
        evidence.signature,
        evidence.introduction,
        evidence.address,
        evidence.postcode,
        evidence.email_domain,
        evidence.site_domain,
        evidence.publisher,
    )
    return " ".join(part for part in parts if part)


@cache
def overrides() -> tuple[Override, ...]:
    """The reviewed entries."""
    return read_overrides(DATA / "overrides.yaml")


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Entries of one file. An unknown or missing key is an error (TypeError, KeyError)."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return tuple(
        Override(**entry | {"expect": Status(entry["expect"]), "example": Evidence(**entry["example"])})
        for entry in entries
    )
