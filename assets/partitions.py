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


def year_range(tags: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the first and last year of a run with these tags; None where it has no years."""
    one = tags.get("dagster/partition")
    first, last = tags.get(_FIRST, one), tags.get(_LAST, one)
    return (int(first), int(last)) if first and last else None


def years_asked(tags: Mapping[str, str]) -> range | None:
    """Return the years that a run with these tags is restricted to; None when it covers all."""
    found = year_range(tags)
    if found is None or found == (FIRST_YEAR, LAST_YEAR):
        return None
    return range(found[0], found[1] + 1)
