"""Dagster's instance for a run of which no history is kept, as the command line's without DAGSTER_HOME.

Dagster writes each of some seven hundred events into a database, and looks up assets in it before each step.
Here that database would end with the process, unread: what failed is taken from the events as they come.
It was a quarter of the time of a night with a few new documents.

Belongs here: what is left out for such a run. Does not belong here: whether a run is one (job.py).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.instance.types import InstanceType
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.run_coordinator import DefaultRunCoordinator
from dagster._core.storage.event_log import InMemoryEventLogStorage
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.root import LocalArtifactStorage
from dagster._core.storage.runs import InMemoryRunStorage


class _Unkept(InMemoryEventLogStorage):
    """A history that stays empty, and answers so at once."""

    def store_event(self, event: dg.EventLogEntry) -> None:
        """Store nothing."""

    def get_asset_records(self, asset_keys: Sequence[dg.AssetKey] | None = None) -> Sequence[Any]:
        """Return none: no earlier materialization is known."""
        del asset_keys
        return []

    @property
    def asset_records_have_last_observation(self) -> bool:
        """Say that observations need not be looked for elsewhere."""
        return True

    @property
    def supports_partition_subset_in_asset_materialization_planned_events(self) -> bool:
        """Let one event plan all years of an asset."""
        return True


def unkept(folder: Path) -> dg.DagsterInstance:
    """Return an instance as `DagsterInstance.ephemeral` does, files in `folder`, which forgets all events."""
    return dg.DagsterInstance(
        instance_type=InstanceType.EPHEMERAL,
        local_artifact_storage=LocalArtifactStorage(str(folder)),
        run_storage=InMemoryRunStorage(),
        event_storage=_Unkept(),
        compute_log_manager=NoOpComputeLogManager(),
        run_coordinator=DefaultRunCoordinator(),
        run_launcher=SyncInMemoryRunLauncher(),
    )
