"""How a figure is printed: digits, separators, signs, units, remarks, and what stands where nothing
happened.

Belongs here: styles, and printing one cell with the status and value that the contract gives to that print.
Does not belong here: the figures themselves (truth), or anything about places and labels.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from tests.generator.truth import CellTruth, Key, Truth

NOT_APPLICABLE = ("/", "—", "-", "无", "——", "－")
NO_POWER = ("本单位无制发规章职能", "本单位无制发规章职能", "本机关无规章制定权", "不涉及", "无此项")

_WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
_COUNT_SUFFIX = {"application": "件", "dispute": "件"}
_COLUMN_SUFFIX = {"projects": "个", "items_last_year": "项", "items_change": "项"}
_MONEY_UNITS: dict[str, Decimal] = {
    "": Decimal(1),
    "元": Decimal(1),
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "亿元": Decimal(100_000_000),
}


@dataclass(frozen=True, slots=True)
class Style:
    """One way of printing figures. Rates are probabilities per cell; `zero` is what stands instead of a
    plain 0.
    """

    name: str
    wide: bool = False
    comma: str = ""
    suffix_rate: float = 0.0
    zero: str = "0"
    zero_rate: float = 1.0
    remark_rate: float = 0.0
    plus: str = "+"
    minus: str = "-"
    pad_rate: float = 0.0
    no_power: bool = False


STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("plain"),
        Style("fullwidth", wide=True, plus="＋", minus="－"),
        Style("comma", comma=","),
        Style("widecomma", comma="，"),
        Style("unsigned", plus="", minus="−", no_power=True),
        Style("suffix", suffix_rate=1.0, pad_rate=0.1),
        Style("some_suffix", suffix_rate=0.3),
        Style("blank", zero=""),
        Style("some_blank", zero="", zero_rate=0.4),
        Style("slash", zero="/"),
        Style("dash", zero="—", zero_rate=0.8),
        Style("hyphen", zero="-"),
        Style("none", zero="无"),
        Style("remarks", remark_rate=0.12, no_power=True, pad_rate=0.05),
        Style("mixed"),
    )
}


def resolve(style: Style, rng: Random) -> Style:
    """The style itself, or for `mixed` one drawn for this report out of all the ways."""
    if style.name != "mixed":
        return style
    return replace(
        style,
        wide=rng.random() < 0.15,
        comma=rng.choice(("", "", ",", "，")),
        suffix_rate=rng.choice((0.0, 0.1, 1.0)),
        zero=rng.choice(("0", "0", "", "/", "—", "——", "－", "无")),
        zero_rate=rng.choice((0.3, 0.7, 1.0)),
        remark_rate=rng.choice((0.0, 0.05)),
        plus=rng.choice(("+", "", "＋")),
        minus=rng.choice(("-", "－", "−")),
        pad_rate=rng.choice((0.0, 0.2)),
        no_power=rng.random() < 0.3,
    )


def _number(style: Style, figure: Decimal) -> str:
    """Digits of a non-negative number, without needless zeros, in the style's width and with its
    separators.
    """
    text = f"{figure.normalize():f}" if figure else "0"
    if style.comma:
        whole, dot, rest = text.partition(".")
        text = f"{int(whole):,}".replace(",", style.comma) + dot + rest
    return text.translate(_WIDE) if style.wide else text


def _remark(rng: Random, key: Key, number: str, figure: Decimal) -> str:
    """A figure with a remark after it; the figure is still the cell's value."""
    part = rng.randint(1, min(int(figure), 99)) if figure >= 1 else 0
    if key[0] == "dispute":
        return f"{number} {rng.choice(('撤诉', '驳回', '（调解结案）'))}"
    choices: list[str] = [
        f"{number}（其中修订 {part} 件）",
        f"{number}（含上年结转{part}件）",
        f"{number}（均为网络申请）",
    ]
    return rng.choice(choices)


def _count(style: Style, rng: Random, key: Key, figure: Decimal) -> str:
    number = _number(style, abs(figure))
    if key[2] == "items_change" and figure:
        return (style.minus if figure < 0 else style.plus) + number
    if figure and rng.random() < style.remark_rate:
        return _remark(rng, key, number, figure)
    if rng.random() < style.suffix_rate:
        suffix = _COLUMN_SUFFIX.get(key[2], _COUNT_SUFFIX.get(key[0], "件"))
        return number + rng.choice(("", "", " ")) + suffix
    return number


def _money(style: Style, rng: Random, figure: Decimal, header_unit: str) -> str:
    """An amount with its unit in the cell, or without it where the header names one (or nobody does)."""
    unit = rng.choice(("", "元", "万元", "万"))
    if rng.random() < (0.75 if header_unit else 0.2) and not style.suffix_rate:
        unit = ""
    if unit and figure >= 100_000_000 and rng.random() < 0.3:
        unit = "亿元"
    scale = _MONEY_UNITS[unit or header_unit]
    return _number(style, figure / scale) + (rng.choice(("", " ")) if unit else "") + unit


def _print(style: Style, rng: Random, key: Key, figure: Decimal, header_unit: str) -> str:
    if not figure and style.zero != "0" and rng.random() < style.zero_rate:
        return style.zero
    money = key[2] == "amount"
    text = _money(style, rng, figure, header_unit) if money else _count(style, rng, key, figure)
    return text + " " if rng.random() < style.pad_rate else text


def status_of(raw: str) -> str:
    """The contract's `value_status` of a printed cell, for prints that this module makes."""
    if not raw.strip():
        return "blank"
    return "not_applicable" if raw.strip() in (*NOT_APPLICABLE, *NO_POWER) else "reported"


def print_cells(truth: Truth, style: Style, rng: Random, header_units: dict[Key, str]) -> None:
    """Print every figure of a report into `truth.cells`, in place.

    `header_units` gives the unit that the column's header prints for money cells (`万元`, `元` or nothing).
    """
    no_power = rng.choice(NO_POWER) if style.no_power and rng.random() < 0.7 else None
    for key, figure in truth.figures.items():
        if no_power and key[1] == "rule" and not figure:
            raw = no_power
        else:
            raw = _print(style, rng, key, figure, header_units.get(key, ""))
        status = status_of(raw)
        unit = "yuan" if key[2] == "amount" else "count"
        truth.cells[key] = CellTruth(float(figure) if status == "reported" else None, status, unit, raw)
