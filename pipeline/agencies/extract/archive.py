"""Opening the package files that the lookups are made of.

Belongs here: finding, verifying and reading the archives that `packages.csv` names.
Does not belong here: what their members mean.
"""

import csv
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class Package(NamedTuple):
    """One line of `packages.csv`."""

    package: str
    kind: str
    version: str
    file: str
    sha256: str
    licence: str
    vintage: str
    year: str


def packages() -> list[Package]:
    """The packages that the lookups come from."""
    return [Package(**row) for row in reviewed("packages")]


def reviewed(name: str) -> Iterator[dict[str, str]]:
    """Rows of one of this folder's reviewed tables."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


class Archives:
    """The verified archives of one folder. A file with another checksum is refused (ValueError)."""

    def __init__(self, folder: Path) -> None:
        self._files = {(p.package, p.version): folder / p.file for p in packages()}
        for package in packages():
            found = hashlib.sha256((folder / package.file).read_bytes()).hexdigest()
            if found != package.sha256:
                raise ValueError(f"{package.file}: sha256 is {found}, reviewed was {package.sha256}")

    def read(self, package: str, member: str, version: str | None = None) -> bytes:
        """One member of a package; KeyError when the archive has none of that name."""
        name, path = next(
            (k, v) for k, v in self._files.items() if k[0] == package and version in (None, k[1])
        )
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(member)
        with tarfile.open(path) as tarball:
            found = tarball.extractfile(f"package/{member}")
            if found is None:
                raise KeyError(f"{name}: {member}")
            return found.read()

    def table(self, package: str, member: str) -> Iterator[dict[str, str]]:
        """Rows of a CSV member."""
        text = self.read(package, member).decode("utf-8-sig")
        yield from csv.DictReader(io.StringIO(text))

    def document(self, package: str, member: str, version: str | None = None) -> Any:
        """A JSON member. Its shape is the package's own, so the caller names what it takes."""
        return json.loads(self.read(package, member, version))
