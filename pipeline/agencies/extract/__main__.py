"""Writes every extracted table of `pipeline/agencies/data`.

Run it by hand where the package files lie in one folder (see `data/SOURCES.md`):

    python -m pipeline.agencies.extract FOLDER
"""

import sys
from hashlib import sha256
from pathlib import Path

from pipeline.agencies.extract.archive import Archives
from pipeline.agencies.extract.contacts import phone_areas, postcodes
from pipeline.agencies.extract.regions import regions
from pipeline.agencies.extract.towns import as_csv, towns
from pipeline.agencies.extract.zones import zones
from pipeline.agencies.tables import DATA


def main(folder: Path) -> None:
    """Read the packages in `folder`, write the tables, and the manifest that tests hold them to."""
    archives = Archives(folder)
    region_rows = regions(archives)
    tables = {
        "regions": region_rows,
        "zones": zones(archives, region_rows),
        "phone_areas": phone_areas(archives, region_rows),
        "postcodes": postcodes(archives, region_rows),
    }
    tables |= {f"towns/{province}": rows for province, rows in towns(archives, region_rows).items()}
    manifest = [_written(name, rows) for name, rows in tables.items()]
    (DATA / "manifest.csv").write_text(as_csv(manifest), encoding="utf-8")


def _written(name: str, rows: list[dict[str, str]]) -> dict[str, str]:
    text = as_csv(rows)
    (DATA / f"{name}.csv").write_text(text, encoding="utf-8")
    return {"table": name, "rows": str(len(rows)), "sha256": sha256(text.encode()).hexdigest()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
