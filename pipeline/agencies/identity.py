"""The id of an agency.

Belongs here: making an id out of what makes a body that body.
Does not belong here: anything that depends on a document, on order, or on what else is known.
"""

from hashlib import sha256


def agency_id(place_key: str, body_key: str) -> str:
    """Id of a resolved body: `a` and sixteen hex digits of its place and body."""
    return "a" + sha256(f"{place_key}||{body_key}".encode()).hexdigest()[:16]


def name_id(name: str, region_code: str | None = None) -> str:
    """Id of a name that was not resolved: `u` and sixteen hex digits of the name and its county, if sure."""
    return "u" + sha256(f"{region_code or ''}||{name}".encode()).hexdigest()[:16]
