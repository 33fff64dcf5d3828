"""Which body a name means, where it is, and for whom its report speaks."""

from pipeline.agencies.gather import gather_evidence
from pipeline.agencies.model import AgencyType, Candidate, Evidence, Resolution, Scope, Status
from pipeline.agencies.resolve import principal_of, resolve
from pipeline.agencies.scope import scope

__all__ = [
    "AgencyType",
    "Candidate",
    "Evidence",
    "Resolution",
    "Scope",
    "Status",
    "gather_evidence",
    "principal_of",
    "resolve",
    "scope",
]
