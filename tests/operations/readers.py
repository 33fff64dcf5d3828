"""Processes that ask the published warehouse all the time, and what a state of it answers.

Belongs here: asking. Does not belong here: which answers are right (test_readers.py).
"""

import hashlib
import json
import time
from pathlib import Path

import duckdb

# Over documents, cells, facts, findings and marts: a file that held two states would answer with a mixture.
QUESTIONS = (
    "SELECT file_name, sha256, status, withdrawn_at IS NULL FROM raw.document ORDER BY ALL",
    "SELECT report_id, count(*), sum(value), count(raw_text) FROM core.cell GROUP BY ALL ORDER BY ALL",
    "SELECT report_id, sum(requests) FROM core.fact_application GROUP BY ALL ORDER BY ALL",
    "SELECT rule_code, report_id, count(*) FROM quality.finding GROUP BY ALL ORDER BY ALL",
    "SELECT agency_name, report_year, requests_new, grant_rate FROM mart.agency_year ORDER BY ALL",
)
# Leaves the processor to the ingest.
_PAUSE = 0.25


def answer(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a fingerprint of what a warehouse answers to all questions."""
    answers = [connection.sql(question).fetchall() for question in QUESTIONS]
    assert all(answers[:2])
    return hashlib.sha256(json.dumps(answers, default=str).encode()).hexdigest()


def state(database: Path) -> str:
    """Return the answer of a published file as it is now."""
    with duckdb.connect(database, read_only=True) as connection:
        return answer(connection)


def ask(database: str, stop: str, at_once: str) -> None:
    """Ask until the file `stop` appears, `at_once` times a connection, 0 for ever; print each answer.

    One that opens the file anew does so once more after that: it must find the last state.
    """
    ending = False
    while not ending:
        ending = Path(stop).exists()
        with duckdb.connect(database, read_only=True) as connection:
            answers = 0
            while answers != int(at_once) or not answers:
                print(answer(connection), flush=True)
                answers += 1
                time.sleep(_PAUSE)
                if at_once == "0" and Path(stop).exists():
                    return
