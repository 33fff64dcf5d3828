"""`make bench`: every benchmark of this package, one after another. Nothing here passes or fails."""

import importlib
import pkgutil
import sys

import tests.bench


def main(names: list[str]) -> None:
    """Run the benchmarks named, or all of them."""
    found = sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__))
    for name in names or [name for name in found if not name.startswith("_")]:
        print(f"== {name}", flush=True)
        importlib.import_module(f"tests.bench.{name}").run()


if __name__ == "__main__":
    main(sys.argv[1:])
