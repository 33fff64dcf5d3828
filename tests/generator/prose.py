"""The running text of a made report: title, introduction, section headings, paragraphs, signature.

Belongs here: choosing sentences of phrases.toml, filling in figures, and the ways sections are headed. Does
not belong here: tables (document), page furniture of one format (layouts, html_pages).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from tests.generator.document import Paragraph
from tests.generator.labels import Wording, load, numeral
from tests.generator.truth import TOTAL, Truth

SECTIONS = ("overview", "disclosure", "application", "dispute", "problems", "other")
HEADINGS = ("right", "right", "right", "none", "wrong", "dot", "part", "mixed", "doubled", "spaced")

_TITLES = (
    "{agency}{year}年政府信息公开工作年度报告",
    "{agency}{year}年政府信息公开工作年度报告",
    "{agency}{year}年度政府信息公开工作年度报告",
    "{agency} {year} 年政府信息公开工作年度报告",
    "{agency}{year}年政府信息公开年度报告",
    "{agency} {year} 年度政府信息公开工作 年度报告",
    "{agency}关于{year}年度政府信息公开工作的报告",
    "{year}年{agency}政府信息公开工作年度报告",
)
_WRONG = ((1, 2, 3, 3, 4, 5), (1, 2, 2, 3, 4, 5), (1, 1, 2, 3, 4, 5), (1, 3, 4, 5, 6, 7), (2, 3, 4, 5, 6, 7))


@dataclass(slots=True)
class Narrator:
    """Writes the text of one report. `headings` names one of HEADINGS."""

    truth: Truth
    words: Wording
    rng: Random
    headings: str
    title: str | None
    signed: str | None
    fill: dict[str, Any]

    def some(self, name: str, low: int, high: int) -> list[Paragraph]:
        """Between `low` and `high` paragraphs of a kind of phrases.toml, in their order there."""
        phrases = load("phrases.toml")[name]
        count = min(self.rng.randint(low, high), len(phrases))
        chosen = sorted(self.rng.sample(range(len(phrases)), count))
        return [Paragraph(self.filled(phrases[place]), "prose") for place in chosen]

    def filled(self, phrase: str) -> str:
        """A phrase with its placeholders; each use draws new figures for those that are no figures of the
        tables.
        """
        rng = self.rng
        for letter, upper in zip("nmkpq", (900, 200, 40, 60, 20_000), strict=True):
            self.fill[letter] = rng.randint(0, upper)
        self.fill["pct"] = f"{rng.uniform(1, 99):.1f}"
        return phrase.format_map(self.fill)

    def heading(self, section: str, number: int) -> Paragraph:
        """The heading of a section in the report's way; `number` is its place from 1."""
        name = self.words("sections", section)
        ways = {
            "right": f"{numeral(number)}、{name}",
            "none": name,
            "wrong": f"{numeral(self.fill['wrong'][number - 1])}、{name}",
            "dot": f"{numeral(number)}{self.fill['dot']}{name}",
            "part": f"第{numeral(number)}部分 {name}",
            "mixed": name if number % 2 else f"{numeral(number)}、{name}",
            "doubled": f"{numeral(max(number - 1, 1))}、{name}",
            "spaced": f"{numeral(number)}、 {name}" if number % 2 else f" {numeral(number)} 、{name}",
        }
        text = name if self.headings == "doubled" and section == "overview" else ways[self.headings]
        return Paragraph(text, "heading")

    def overview(self) -> list[Paragraph]:
        """Section 一; in a doubled report its subsections are numbered 二 to 六 as if they were sections."""
        if self.headings != "doubled":
            return self.some("overview", 2, 6)
        names = ("主动公开情况", "依申请公开情况", "政府信息管理情况", "平台建设情况", "监督保障情况")
        blocks = self.some("overview", 1, 1)
        for number, name in enumerate(names, 2):
            blocks += [Paragraph(f"{numeral(number)}、{name}", "prose"), *self.some("overview", 1, 1)]
        return blocks

    def front(self) -> list[Paragraph]:
        """Title, table of contents, introduction, period; without a title the period names the year."""
        rng = self.rng
        blocks = _title_lines(self.title, rng) if self.title else []
        if rng.random() < 0.12:
            blocks += self._contents()
        blocks += self.some("intro", 1, 1)
        if self.title is None or rng.random() < 0.6:
            blocks += self.some("period", 1, 1)
        return blocks + (self.some("contact", 1, 1) if rng.random() < 0.4 else [])

    def _contents(self) -> list[Paragraph]:
        leader = self.rng.choice(("\t", "……………", "...................... ", " "))
        lines = [
            f"{self.heading(name, place).text}{leader}{place * 2}" for place, name in enumerate(SECTIONS, 1)
        ]
        return [Paragraph("目  录", "toc"), *(Paragraph(line, "toc") for line in lines)]

    def back(self) -> list[Paragraph]:
        """Contact, signature and date after the last section."""
        blocks = self.some("contact", 1, 1) if self.rng.random() < 0.2 else []
        if self.signed:
            blocks.append(Paragraph(self.signed, "sign"))
        if self.truth.published_on:
            blocks.append(Paragraph(_date_text(self.truth.published_on, self.rng), "sign"))
        return blocks


def _title_lines(title: str, rng: Random) -> list[Paragraph]:
    """The title on one line, or cut over two."""
    if rng.random() < 0.25:
        place = title.find("政府信息公开")
        place = rng.choice((place, place + 6))
        return [Paragraph(title[:place].rstrip(), "title"), Paragraph(title[place:].lstrip(), "title")]
    return [Paragraph(title, "title")]


def _date_text(day: date, rng: Random) -> str:
    if rng.random() < 0.2:
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{day.year}年{day.month}月{day.day}日"


def draw_agency(rng: Random) -> str:
    """A name such as 海安市财政局."""
    phrases = load("phrases.toml")
    return str(rng.choice(phrases["places"]) + rng.choice(phrases["bodies"]))


def _fill(truth: Truth, rng: Random, figures: Sequence[int]) -> dict[str, Any]:
    """Values of the placeholders; `figures` are received, carried, granted, partial, not held, open,
    reviews, suits.
    """
    phrases = load("phrases.toml")
    year = truth.year or 0
    names = ("received", "carried", "granted", "partial", "not_held", "open", "reviews", "suits")
    area = rng.choice(("0512", "0797", "010", "0571"))
    fixed = {
        "agency": truth.agency,
        "year": year,
        "next": year + 1,
        "last": year - 1,
        "we": rng.choice(phrases["we"]),
        "site": f"www.example{rng.randint(1, 99)}.gov.cn",
        "mail": f"xxgk{rng.randint(1, 99)}@example.gov.cn",
        "phone": f"{area}-{rng.randint(60000000, 89999999)}",
        "post": str(rng.randint(100000, 799999)),
        "street": rng.choice(phrases["streets"]),
        "wrong": rng.choice(_WRONG),
        "dot": rng.choice((".", "．", " ", ",", "，")),
    }
    return fixed | dict(zip(names, figures, strict=True))


def _narrated(truth: Truth) -> list[int]:
    rows = ("received_new", "carried_in", "granted", "partial", "unable_not_held", "carried_out")
    counts = [int(truth.figures["application", row, TOTAL]) for row in rows]
    suits = sum(
        int(truth.figures["dispute", channel, TOTAL]) for channel in ("suit_direct", "suit_after_review")
    )
    return [*counts, int(truth.figures["dispute", "review", TOTAL]), suits]


def narrator(truth: Truth, words: Wording, rng: Random) -> Narrator:
    """A narrator with the report's title, signature and way of heading drawn."""
    titled = rng.random() < 0.88
    title = rng.choice(_TITLES).format(agency=truth.agency, year=truth.year) if titled else None
    signed = truth.agency if not titled or rng.random() < 0.7 else None
    headings = rng.choice(HEADINGS)
    return Narrator(truth, words, rng, headings, title, signed, _fill(truth, rng, _narrated(truth)))
