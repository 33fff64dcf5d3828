"""Where things are. Belongs here: folders and file names; nothing else."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "data" / "raw"
WAREHOUSE = ROOT / "data" / "warehouse"
SQL = ROOT / "sql"
DATABASE = "gongkai.duckdb"
