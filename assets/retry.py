"""When a step is tried again: a folder that was away for a moment comes back, a fault of ours does not."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from assets import log

RETRY = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)


@contextmanager
def only_outages_retried() -> Iterator[None]:
    """Let RETRY apply to errors of the operating system; any other error ends the run at once.

    The log says when the step began and how it ended.
    """
    try:
        with log.step():
            yield
    except OSError:
        raise
    except Exception as error:
        raise dg.Failure(f"{type(error).__name__}: {error}", allow_retries=False) from error
