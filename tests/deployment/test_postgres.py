"""deploy/dagster.yaml on a real PostgreSQL: the ingest runs, and its run is in the database."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from tests.commands import GONGKAI, RAW, ROOT
from tests.deployment import postgres


@pytest.fixture(scope="module")
def database() -> Iterator[dict[str, str]]:
    with postgres.server() as environment:
        yield environment


@pytest.mark.nightly
@pytest.mark.postgres
def test_an_ingest_keeps_its_run_in_postgresql(database: dict[str, str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(ROOT / "deploy" / "dagster.yaml", home)
    environment = {**os.environ, **database, "DAGSTER_HOME": str(home)}
    command: list[str | Path] = [GONGKAI, "ingest", "--raw", RAW, "--warehouse", tmp_path / "warehouse"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "warehouse" / "gongkai.duckdb").exists()
    with (
        psycopg2.connect(
            host=database["DAGSTER_PG_HOST"],
            port=database["DAGSTER_PG_PORT"],
            user=database["DAGSTER_PG_USER"],
            password=database["DAGSTER_PG_PASSWORD"],
            dbname=database["DAGSTER_PG_DB"],
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT pipeline_name, status FROM runs")
        assert cursor.fetchall() == [("ingest", "SUCCESS")]
        cursor.execute("SELECT value FROM run_tags WHERE key = 'gongkai/started_by'")
        assert cursor.fetchall() == [("command line",)]
        cursor.execute("SELECT count(*) FROM asset_keys WHERE last_materialization IS NOT NULL")
        assert cursor.fetchone()[0] > 40
    # Nothing but the settings lies in the home itself: no SQLite beside PostgreSQL.
    assert not list(home.rglob("*.db"))
