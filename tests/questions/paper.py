"""The corpus printed: each report as a text file with tabs, statutory labels, and prose of its own.

Belongs here: titles, headings, sentences, and the tables by the generator's writers. Does not belong here:
figures (corpus.py).
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.generator.document import Plan, Table, application_table, disclosure_table, dispute_table
from tests.generator.labels import Wording
from tests.generator.layouts import tabs
from tests.generator.truth import CellTruth, Key, Truth
from tests.questions.corpus import Report, reports

_SPEAKERS = {"department": "我局", "town": "我镇", "government": "全市"}


@cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


class _Plain(Random):
    """No variation: every label as the form prints it, every layout the first of its kind."""

    def random(self) -> float:
        return 0.999

    def choice(self, seq: Any) -> Any:
        return seq[0]


def write_corpus(folder: Path) -> int:
    """Write every report of the corpus into a folder; return their number."""
    for (name, year), report in reports().items():
        (folder / f"{name}_{year}.txt").write_text(text_of(report), encoding="utf-8")
    return len(reports())


def text_of(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    name, year = report.agency.name, report.year
    words = Wording(_Plain())
    if report.disputes_misspelt:
        words.labels["dispute", "columns", "upheld"] = "结果维护"
    truth = _truth(report)
    header = "" if report.form == "2021" or not report.unit_in_header else "_wan"
    yield f"{name}{year}年政府信息公开工作年度报告"
    yield "一、总体情况"
    yield from _overview(report)
    yield "二、主动公开政府信息情况"
    yield from _table(disclosure_table(truth, words, Plan(), header), truth)
    yield "三、收到和处理政府信息公开申请情况"
    yield from _table(application_table(truth, words, Plan()), truth)
    yield "四、政府信息公开行政复议、行政诉讼情况"
    yield from _table(dispute_table(truth, words), truth)
    yield "五、存在的主要问题及改进情况"
    yield from _prose(report, "problems", 5)
    yield "六、其他需要报告的事项"
    yield from _prose(report, "other", 2)
    day = report.published_on
    yield name
    yield f"{day.year}年{day.month}月{day.day}日"


def _overview(report: Report) -> Iterator[str]:
    who = _SPEAKERS[report.agency.kind]
    new = int(report.total("received_new")) + report.said_more
    carried, granted = int(report.total("carried_in")), int(report.total("granted"))
    yield (
        f"{report.year}年，{who}新收政府信息公开申请{new}件，上年结转政府信息公开申请{carried}件，予以公开{granted}件。"
    )
    lines = list(_prose(report, "overview", 8))
    if report.injected:
        place = len(lines[3]) // 2
        lines[3] = lines[3][:place] + report.injected + lines[3][place:]
    yield from lines


def _prose(report: Report, section: str, sentences: int) -> Iterator[str]:
    """Sentences that no other agency-year has, except one that repeats it."""
    own = report.agency.name, report.year
    name, year = report.like if report.like and section == "problems" else own
    rng = Random(f"{name}:{year}:{section}")
    for _ in range(sentences):
        parts = zip(*(rng.sample(words, 3) for words in _words().values()), strict=True)
        yield "；".join(f"在{topic}方面{verb}{thing}，{end}" for topic, verb, thing, end in parts) + "。"


def _table(table: Table, truth: Truth) -> Iterator[str]:
    for line in tabs(_Plain())(table, truth):
        yield line.text()


def _truth(report: Report) -> Truth:
    form = report.form
    truth = Truth(report.agency.name, report.year, report.published_on, form, form, "", {})
    for key, value in report.values.items():
        truth.cells[key] = CellTruth(
            value, "reported", "count", report.raw.get(key, _printed(report, key, value))
        )
    return truth


def _printed(report: Report, key: Key, value: float | None) -> str:
    if value is None:
        return ""
    if key[2] == "amount" and (report.form == "2021" or report.unit_in_header):
        return f"{value / 10_000:.2f}"
    if key[2] == "items_change" and value > 0:
        return f"+{value:g}"
    return f"{int(value)}"
