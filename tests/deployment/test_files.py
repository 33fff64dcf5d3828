"""The files of deploy/: services, compose and settings, each held against what it promises."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.failure import ON_FAILURE
from tests.commands import RAW, ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
PUBLISHED_PORT = re.compile(r"127\.0\.0\.1:\d+:\d+")


def unit(path: Path) -> configparser.RawConfigParser:
    """Return a unit's settings, names as written."""
    parser = configparser.RawConfigParser(strict=True, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text())
    return parser


def loaded(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_service_runs_as_its_own_user_and_writes_only_the_warehouse(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "gongkai"
    assert service["EnvironmentFile"] == "/etc/gongkai/gongkai.env"
    assert service["ExecStart"].startswith("/opt/gongkai/.venv/bin/")
    expected = {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "CapabilityBoundingSet": "",
        "SystemCallFilter": "@system-service",
    }
    assert {name: service[name] for name in expected} == expected
    writable = set(service["ReadWritePaths"].split())
    assert writable <= {"/srv/gongkai/warehouse", "/var/lib/gongkai"}
    assert "/srv/gongkai/raw" in service["ReadOnlyPaths"].split()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_finds_no_fault_in_a_unit(path: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here; the other tests read the units themselves")
    for one in UNITS:  # it looks for the units that a unit names, and for the programs that it starts
        there = one.read_text().replace("/opt/gongkai/.venv/bin/", "/bin/true ")
        (tmp_path / one.name).write_text(there)
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / path.name],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in ended.stderr.splitlines() if "gongkai" in line]
    assert (ended.returncode, said) == (0, []), ended.stderr


def test_the_timer_starts_the_ingest_at_the_hour_of_the_schedule() -> None:
    timer = unit(DEPLOY / "systemd" / "gongkai-ingest.timer")
    assert timer["Timer"]["OnCalendar"] == "*-*-* 02:00:00 Asia/Shanghai"
    assert timer["Timer"]["Unit"] == "gongkai-ingest.service"
    assert timer["Timer"]["Persistent"] == "true"
    assert unit(DEPLOY / "systemd" / "gongkai-ingest.service")["Service"]["Type"] == "oneshot"


def test_the_webserver_answers_only_this_machine() -> None:
    service = unit(DEPLOY / "systemd" / "gongkai-webserver.service")["Service"]
    assert "--host 127.0.0.1" in service["ExecStart"]
    for proxy in ("Caddyfile", "nginx.conf"):
        text = (DEPLOY / "proxy" / proxy).read_text()
        assert "127.0.0.1:3000" in text
        assert re.search(r"^\s*(?:basic_auth|auth_basic_user_file)\b", text, re.MULTILINE)


def test_compose_has_its_services_healthy_and_on_loopback() -> None:
    compose = loaded("compose.yaml")
    services = compose["services"]
    assert set(services) == {"postgres", "daemon", "webserver"}
    assert all(service["healthcheck"]["test"] for service in services.values())
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(PUBLISHED_PORT.fullmatch(port) for port in ports)
    for name in ("daemon", "webserver"):
        service = services[name]
        assert service["depends_on"]["postgres"] == {"condition": "service_healthy"}
        assert any(volume.endswith(":/srv/gongkai/raw:ro") for volume in service["volumes"])
        assert any(volume.endswith(":/srv/gongkai/warehouse") for volume in service["volumes"])
        assert service["command"][0] == f"dagster-{name}"
    named = {v.split(":")[0] for s in services.values() for v in s["volumes"] if re.match(r"\w+:", v)}
    assert named == set(compose["volumes"])


def test_no_secret_stands_in_a_file() -> None:
    example = dict(
        line.split("=", 1)
        for line in (DEPLOY / "gongkai.env.example").read_text().splitlines()
        if "=" in line
    )
    assert example["DAGSTER_PG_PASSWORD"] == ""
    services = loaded("compose.yaml")["services"]
    for service in services.values():
        for name, value in service["environment"].items():
            assert "PASSWORD" not in name or value.startswith("${DAGSTER_PG_PASSWORD:?")
    settings = loaded("dagster.yaml")["storage"]["postgres"]["postgres_db"]
    assert settings["password"] == {"env": "DAGSTER_PG_PASSWORD"}
    asked = {value["env"] for value in settings.values() if isinstance(value, dict)}
    assert asked <= set(example)
    assert asked <= set(services["daemon"]["environment"])
    assert f"#{ON_FAILURE}" in example


@pytest.mark.parametrize("name", ["dagster.yaml", "dagster.ui.yaml"])
def test_one_run_at_a_time_is_watched_and_nothing_leaves_the_machine(name: str) -> None:
    settings = loaded(name)
    assert settings["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert settings["run_monitoring"]["enabled"] is True
    assert settings["telemetry"]["enabled"] is False
    assert set(settings["retention"]) == {"schedule", "sensor"}


def test_the_image_holds_what_a_run_needs(tmp_path: Path) -> None:
    """What the Dockerfile copies, and .dockerignore lets through, is copied here and does a night's work."""
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (.+) (\S+)$", dockerfile, re.MULTILINE)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for sources, target in copied:
        for source in map(Path, sources.split()):
            assert str(source) in allowed
            if not target.startswith("/"):
                put(ROOT / source, tmp_path / target / (source.name if target.endswith("/") else ""))
    assert {"requirements.txt", "requirements-deploy.txt"} <= {path.name for path in tmp_path.iterdir()}
    assert "USER gongkai" in dockerfile
    out = str(tmp_path / "out")
    command = [sys.executable, "-m", "assets.cli", "ingest", "--raw", str(RAW), "--warehouse", out]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "5 ingested" in ended.stdout


def put(source: Path, target: Path) -> None:
    """Copy a file or folder, but not what Python has cached in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)
