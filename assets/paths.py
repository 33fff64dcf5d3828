"""Where things are, and how many are kept. Belongs here: folders, file names; nothing else."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "data" / "raw"
CORRECTIONS = ROOT / "data" / "corrections.csv"
WAREHOUSE = ROOT / "data" / "warehouse"
SQL = ROOT / "sql"
DATABASE = "gongkai.duckdb"
RELEASES = "releases"
HELD = "held"
KEEP = 7
LOG = Path("logs", "gongkai.jsonl")
RUNS = "runs"
