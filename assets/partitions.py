"""The report years as Dagster's partitions."""

import dagster as dg

# The regulation took effect in 2008: there is no report on an earlier year.
FIRST_YEAR = 2008
LAST_YEAR = 2035
YEARS = dg.StaticPartitionsDefinition([str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)])


def year_tags(first: int = FIRST_YEAR, last: int = LAST_YEAR) -> dict[str, str]:
    """Return the tags by which one run covers all years from `first` to `last`."""
    return {
        "dagster/asset_partition_range_start": str(first),
        "dagster/asset_partition_range_end": str(last),
    }
