"""Rows as aligned text, wide Chinese letters counted as two.

Belongs here: layout. Does not belong here: what the rows are.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

_CONTROL = {code: f"\\x{code:02x}" for code in [*range(32), *range(0x7F, 0xA0)] if chr(code) not in "\n\t"}


def aligned(names: Sequence[str], rows: Sequence[Sequence[Any]], width: int | None = None) -> str:
    """Return rows under their names, numbers to the right, NULL said as such.

    No column is cut or left out: where `width` (columns of a terminal; None: any) is too
    narrow for the table, each row is given as lines of name and value.
    """
    shown = [[plain(value) for value in row] for row in rows]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, name in enumerate(names):
        is_number = any(isinstance(row[place], int | float | Decimal) for row in rows)
        table.add_column(Text(name), no_wrap=True, justify="right" if is_number else "left")
    for cells in shown:
        table.add_row(*(Text(cell) for cell in cells))
    boundless = Console(width=1_000_000)
    natural = Measurement.get(boundless, boundless.options, table).maximum
    return _records(names, shown) if width is not None and natural > width else _rendered(table, natural)


def plain(value: object) -> str:
    """Return a value as a person reads it; control characters of documents are shown, not obeyed."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, list):
        return "[" + ", ".join(map(plain, value)) + "]"
    return str(value).translate(_CONTROL)


def _rendered(table: Table, width: int) -> str:
    console = Console(width=max(width, 1), color_system=None)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().strip("\n").split("\n")) + "\n"


def _records(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    longest = max((Text(name).cell_len for name in names), default=0)
    lines = []
    for number, row in enumerate(rows, start=1):
        lines.append(f"--- {number}")
        for name, value in zip(names, row, strict=True):
            lines.append(name + " " * (longest - Text(name).cell_len + 2) + value)
    return "\n".join(lines) + "\n"
