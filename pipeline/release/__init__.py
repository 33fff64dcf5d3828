"""Whether a new warehouse may take the place of the published one: measures, bounds, judgement.

Belongs here: what is compared and how. Does not belong here: taking the measures (assets), or
what becomes of a warehouse that is held back.
"""

from pipeline.release.bounds import Bounds, BoundsError, bounds
from pipeline.release.gate import Breach, Measure, breaches, share

__all__ = ["Bounds", "BoundsError", "Breach", "Measure", "bounds", "breaches", "share"]
