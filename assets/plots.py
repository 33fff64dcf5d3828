"""Small pictures for Dagster's pages: documents a night, verified share by year, findings by rule.

Belongs here: what a picture shows and how it is drawn. Does not belong here: which asset shows it.

They are SVG, and their text stays text: the reader's browser sets it in the reader's own Chinese font, so a
server without fonts does as well as any. The same figures give the same bytes.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import NamedTuple

import dagster as dg
import polars as pl
from rich.cells import cell_len

from pipeline.catalogue import rules

NIGHTS = 14
MOST_RULES = 15
# Shanghai keeps no summer time: a night is told by the day there, in which it ends.
_TO_SHANGHAI = timedelta(hours=8)

_BLUE, _ORANGE, _RED, _GREY = "#2f6db5", "#e08a1e", "#c0392b", "#c9d1da"
_INK, _FAINT = "#1f2933", "#66727f"
_SEVERITY = {
    "error": ("错误 error", _RED),
    "warning": ("警告 warning", _ORANGE),
    "info": ("提示 info", _GREY),
}
_FONTS = (
    "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
    "'WenQuanYi Zen Hei',sans-serif"
)
_ROW, _BAR, _TOP, _MARGIN = 22, 14, 72, 16
_LETTER = 6.6  # width of a Latin letter at 12 px; a Chinese one is twice as wide
_PLOT, _NOTE = 320, 190


class Row(NamedTuple):
    """One bar: its label, its parts in the order of the legend, and what stands behind it."""

    label: str
    parts: Sequence[float]
    note: str


def nights(documents: pl.DataFrame, today: date) -> str:
    """Draw how many new documents (rows of raw.document) each of the last nights brought, as SVG."""
    seen = documents.group_by(day=(pl.col("first_seen_at") + _TO_SHANGHAI).dt.date()).agg(
        kept_out=(pl.col("status") == "quarantined").sum(), all=pl.len()
    )
    by_day = {row["day"]: (row["all"] - row["kept_out"], row["kept_out"]) for row in seen.to_dicts()}
    days = [today - timedelta(days=back) for back in range(NIGHTS)]
    rows = [
        Row(day.isoformat(), parts, f"{sum(parts):,}") for day in days for parts in [by_day.get(day, (0, 0))]
    ]
    legend = (("读入 taken in", _BLUE), ("隔离 quarantined", _ORANGE))
    return _drawn("每晚新文件 · New documents a night", legend, rows)


def verified(by_year: Mapping[int, Mapping[str, int]]) -> str:
    """Draw the share of non-zero cells by check status (counts of each) in each report year, as SVG."""
    legend = (("已验证 verified", _BLUE), ("未校验 unchecked", _GREY), ("矛盾 contradicted", _RED))
    rows = []
    for year, counts in sorted(by_year.items(), reverse=True):
        parts = [counts.get(status, 0) for status in ("verified", "unchecked", "contradicted")]
        whole = sum(parts)
        if whole:
            shares = [part / whole for part in parts]
            rows.append(Row(str(year), shares, f"{100 * shares[0]:.1f} %  n = {whole:,}"))
    return _drawn("非零单元格已验证比例 · Verified share of non-zero cells", legend, rows)


def findings(found: pl.DataFrame) -> str:
    """Draw how often each rule found something (rows of quality.finding), the most frequent ones, as SVG."""
    counted = dict(found["rule_code"].value_counts().iter_rows())
    often = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    severities = list(_SEVERITY)
    rows = []
    for code, count in often[:MOST_RULES]:
        rule = rules()[code]
        parts = [count if rule.severity == severity else 0 for severity in severities]
        rows.append(Row(f"{rule.zh} {code}", parts, f"{count:,}"))
    rest = often[MOST_RULES:]
    if rest:
        left = sum(count for _, count in rest)
        rows.append(Row(f"其余 {len(rest)} 条规则 · others", [0, 0, 0], f"{left:,}"))
    return _drawn("各规则的发现 · Findings by rule", tuple(_SEVERITY.values()), rows)


def shown(svg: str, text: str) -> dg.MarkdownMetadataValue:
    """Return a picture as metadata that Dagster shows inline; `text` is said where pictures are not shown."""
    return dg.MetadataValue.md(
        f"![{text}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"
    )


def _drawn(title: str, legend: Sequence[tuple[str, str]], rows: Sequence[Row]) -> str:
    """Draw bars under each other on a common scale: label, bar, note."""
    left = _MARGIN + max([_width(row.label) for row in rows], default=0) + 10
    width = max(left + _PLOT + _NOTE, _MARGIN * 2 + _width(title) * 1.35)
    height = _TOP + _ROW * max(len(rows), 1) + _MARGIN
    longest = max([sum(row.parts) for row in rows], default=0) or 1
    size = f'width="{width:.0f}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONTS}" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect {size} rx="6" fill="#ffffff" stroke="#d9dfe5"/>',
        _text(_MARGIN, 28, title, _INK, 'font-size="15" font-weight="600"'),
        *_legend(legend),
    ]
    for place, row in enumerate(rows):
        top = _TOP + _ROW * place
        lines += [_text(left - 10, top + 12, row.label, _INK, 'text-anchor="end"')]
        lines += _bar(
            left, top, [part / longest * _PLOT for part in row.parts], [colour for _, colour in legend]
        )
        end = left + sum(row.parts) / longest * _PLOT
        lines += [_text(end + 8, top + 12, row.note, _FAINT)]
    if not rows:
        lines.append(_text(_MARGIN, _TOP + 12, "尚无数据 · nothing yet", _FAINT))
    return "\n".join([*lines, "</svg>"])


def _bar(left: float, top: int, widths: Iterable[float], colours: Iterable[str]) -> list[str]:
    made = []
    for width, colour in zip(widths, colours, strict=True):
        if width:
            seen = max(width, 1.5)  # one among thousands is still seen
            made.append(
                f'<rect x="{left:.1f}" y="{top}" width="{seen:.1f}" height="{_BAR}" fill="{colour}"/>'
            )
            left += width
    return made


def _legend(legend: Sequence[tuple[str, str]]) -> list[str]:
    made, left = [], float(_MARGIN)
    for text, colour in legend:
        made.append(f'<rect x="{left:.1f}" y="43" width="10" height="10" rx="2" fill="{colour}"/>')
        made.append(_text(left + 15, 52, text, _FAINT))
        left += 15 + _width(text) + 18
    return made


def _text(left: float, base: float, text: str, colour: str, more: str = "") -> str:
    return f'<text x="{left:.1f}" y="{base:.1f}" fill="{colour}" {more}>{escape(text)}</text>'


def _width(text: str) -> float:
    return cell_len(text) * _LETTER
