"""The report years as Dagster's partitions."""

from collections.abc import Mapping

import dagster as dg

# The regulation took effect in 2008: there is no report on an earlier year.
FIRST_YEAR = 2008
LAST_YEAR = 2035
_FIRST, _LAST = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
YEARS = dg.StaticPartitionsDefinition([str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)])


def year_tags(first: int = FIRST_YEAR, last: int = LAST_YEAR) -> dict[str, str]:
    """Return the tags by which one run covers all years from `first` to `last`."""
    return {_FIRST: str(first), _LAST: str(last)}


def years_asked(tags: Mapping[str, str]) -> range | None:
    """Return the years that a run with these tags is restricted to; None when it covers all."""
    one = tags.get("dagster/partition")
    first, last = tags.get(_FIRST, one), tags.get(_LAST, one)
    if first is None or last is None:
        return None
    asked = range(int(first), int(last) + 1)
    return None if asked == range(FIRST_YEAR, LAST_YEAR + 1) else asked
