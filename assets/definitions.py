"""What Dagster loads: the assets, the job, its schedule and sensor, and where things are.

GONGKAI_RAW, GONGKAI_WAREHOUSE and GONGKAI_CORRECTIONS name others than the project's own, and
GONGKAI_KEEP how many published warehouses are kept, as they do on the command line.
"""

import os

import dagster as dg

from assets.across import across
from assets.automation import ingest, nightly, publish_again, publishing, raw_folder
from assets.documents import raw_document
from assets.failure import failed
from assets.paths import CORRECTIONS, KEEP, RAW, WAREHOUSE
from assets.progress import Progress
from assets.publish import publish
from assets.reports import reports
from assets.storage import Storage

defs = dg.Definitions(
    assets=[raw_document, reports, across, publish],
    jobs=[ingest, publishing],
    schedules=[nightly],
    sensors=[raw_folder, publish_again, failed],
    # Also of what is materialised by hand: one process holds the lock from the first step to the last.
    executor=dg.in_process_executor,
    resources={
        "storage": Storage(
            raw=os.environ.get("GONGKAI_RAW", str(RAW)),
            warehouse=os.environ.get("GONGKAI_WAREHOUSE", str(WAREHOUSE)),
            corrections=os.environ.get("GONGKAI_CORRECTIONS", str(CORRECTIONS)),
            keep=int(os.environ.get("GONGKAI_KEEP", str(KEEP))),
            locks=True,
        ),
        "progress": Progress(),
    },
)
