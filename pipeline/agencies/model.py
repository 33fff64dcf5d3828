"""What goes into the resolution of a name and what comes out of it.

Belongs here: the types that other packages see.
Does not belong here: how a name is resolved.
"""

from dataclasses import dataclass
from enum import StrEnum


class AgencyType(StrEnum):
    """What kind of body it is. A zone's or a town's own offices bear the type of the zone or town."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    ZONE = "zone"
    TOWN = "town"
    VERTICAL = "vertical"
    OTHER = "other"


class Status(StrEnum):
    """How far a name was understood."""

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    UNRESOLVED = "unresolved"


class Scope(StrEnum):
    """For whom a report's figures speak."""

    OWN = "own"
    CONSOLIDATED = "consolidated"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a document says of its author beside the title. Holds no name, number or address of a person.

    `phone_area` is the area code alone (0515), `email_domain` and `site_domain` host names in lower case,
    `publisher` what the page or the origin card names, `report_year` the year that the report is about.
    """

    signature: str | None = None
    introduction: str | None = None
    address: str | None = None
    postcode: str | None = None
    phone_area: str | None = None
    email_domain: str | None = None
    site_domain: str | None = None
    publisher: str | None = None
    report_year: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One body that an ambiguous name may mean."""

    agency_id: str
    name: str
    region_code: str | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who a name means, and why.

    `agency_id` is made of the body's identity alone (region, zone or town, and body), so it does not depend
    on other documents; for a name that was not resolved it is made of the name as written. `region_code` has
    six digits, nine for a town; for a zone it is the region that the zone lies in. `acts_for` is the id of
    the body that an office signs for, `successor` the id of the body that took this one's place after its
    region was renamed or merged (`succession` says which). `evidence` states what decided.
    """

    agency_id: str
    name: str
    agency_type: AgencyType | None
    admin_level: str | None
    region_code: str | None
    province: str | None
    prefecture: str | None
    county: str | None
    town: str | None
    acts_for: str | None
    acts_for_name: str | None
    successor: str | None
    succession: str | None
    resolution: Status
    candidates: tuple[Candidate, ...]
    evidence: str
