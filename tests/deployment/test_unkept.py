"""A run whose events nobody keeps takes the same steps, and says the same, as one that Dagster keeps."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from assets.partitions import YEARS, year_tags
from assets.specs import Result
from assets.unkept import unkept

# How the run ends, in a tag of its own.
ENDING = "ending"
WELL, WRONG, BROKEN = "well", "a blocking check fails", "a step fails"


@dg.multi_asset(
    specs=[dg.AssetSpec("first")], partitions_def=YEARS, backfill_policy=dg.BackfillPolicy.single_run()
)
def first() -> None:
    """Made for all years of the run at once."""


@dg.multi_asset(
    specs=[dg.AssetSpec("second", deps=["first"])],
    check_specs=[dg.AssetCheckSpec("good", asset="second", blocking=True)],
)
def second(context: dg.AssetExecutionContext) -> Iterator[Result]:
    """Has a check that blocks what follows."""
    yield dg.MaterializeResult("second", metadata={"rows": 1})
    passed = context.run.tags[ENDING] != WRONG
    yield dg.AssetCheckResult(passed=passed, check_name="good", asset_key=dg.AssetKey("second"))


@dg.asset(deps=["second"], retry_policy=dg.RetryPolicy(max_retries=1))
def third(context: dg.AssetExecutionContext) -> None:
    """Fails the first time, or every time."""
    if context.retry_number == 0 or context.run.tags[ENDING] == BROKEN:
        raise OSError("away for a moment")


def run(instance: dg.DagsterInstance, ending: str) -> dg.ExecuteInProcessResult:
    selected = dg.define_asset_job("job", executor_def=dg.in_process_executor)
    job = dg.Definitions(assets=[first, second, third], jobs=[selected]).resolve_job_def("job")
    tags = {**year_tags(2019, 2020), ENDING: ending}
    return job.execute_in_process(instance=instance, tags=tags, raise_on_error=False)


def said(result: dg.ExecuteInProcessResult) -> list[tuple[str, str | None]]:
    return [(event.event_type_value, event.step_key) for event in result.all_events]


@pytest.mark.parametrize("ending", [WELL, WRONG, BROKEN])
def test_a_run_ends_as_one_that_is_kept(tmp_path: Path, ending: str) -> None:
    with dg.DagsterInstance.ephemeral() as instance, unkept(tmp_path) as forgetful:
        kept, forgotten = run(instance, ending), run(forgetful, ending)
        assert forgotten.success is kept.success is (ending == WELL)
        assert said(forgotten) == said(kept) != []
        assert forgetful.is_ephemeral
        assert instance.all_logs(kept.run_id)
        assert not forgetful.all_logs(forgotten.run_id)
