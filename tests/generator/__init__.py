"""Made reports with known truth: an attacker of the reader, for tests, benchmarks and `make accuracy`.

    made = make_report(7, layout="tabs", form="2021", damages="random")
    made.data                                             the file's bytes
    made.truth.cells[table_code, row_code, column_code]   what it says

One seed gives one report, byte for byte; the figures and their print depend on seed, form, profile and
style only, so the same seed in two layouts prints the same raw texts. README.md describes the parts.

Belongs here: putting the parts together, encodings, file names. Does not belong here: any reading; nothing
here may import the pipeline.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.generator import damage
from tests.generator.another import Instead
from tests.generator.document import (
    Block,
    Document,
    Paragraph,
    Plan,
    Table,
    application_table,
    disclosure_table,
    dispute_table,
)
from tests.generator.docx_files import write_docx
from tests.generator.html_pages import HTML_LAYOUTS, HtmlLayout
from tests.generator.labels import Wording
from tests.generator.layouts import OPEN_LAYOUTS, TEXT_LAYOUTS, TextLayout
from tests.generator.lines import Line
from tests.generator.pdf_files import write_pdf
from tests.generator.prose import Narrator, draw_agency, narrator
from tests.generator.truth import FORMS, PROFILES, Key, Truth, make_figures
from tests.generator.values import STYLES, print_cells, resolve

__all__ = ["FORMS", "LAYOUTS", "OPEN_LAYOUTS", "PROFILES", "STYLES", "Made", "corpus", "make_report"]

GRID_LAYOUTS = (*HTML_LAYOUTS, "docx", "pdf")
LAYOUTS = (*TEXT_LAYOUTS, *GRID_LAYOUTS)
SLOW_LAYOUTS = ("pdf",)
_TEXTS = TEXT_LAYOUTS | OPEN_LAYOUTS
"""Layouts that take tens of milliseconds to write or read; `corpus` draws them seldom."""

_FORM_WEIGHTS = {"2019": 4, "2021": 4, "2021+2019": 1, "2019+2021": 1}
_ENCODINGS = ("utf-8",) * 6 + ("utf-8-sig",) + ("gb18030",) * 3
_ENDINGS = {"text": ("txt", "txt", "txt", "md", "html"), "html": ("html", "htm", "shtml", "txt")}


@dataclass(frozen=True, slots=True)
class Made:
    """One made report: the file, its truth, and how it came about.

    `lines` gives the 1-based line of the file on which each shown cell stands; None for HTML, DOCX and PDF.
    """

    data: bytes
    file_name: str
    truth: Truth
    seed: int
    layout: str
    form: str
    profile: str
    style: str
    damages: tuple[str, ...]
    encoding: str | None
    lines: dict[Key, int] | None

    @property
    def layout_seed(self) -> str:
        """What the random numbers of its layout begin with."""
        return _stage(self.seed, f"layout:{self.layout}")


def _stage(seed: int, stage: str) -> str:
    return f"{seed}:{stage}"


def _draw(seed: int, stage: str) -> Random:
    """Random numbers of one stage: what one stage draws never shifts what another draws."""
    return Random(_stage(seed, stage))


def _weighted(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


@dataclass(slots=True)
class _Choice:
    """What a caller fixed and what the seed drew."""

    seed: int
    layout: str
    form: str
    profile: str
    style: str
    damages: list[str]


def _family(layout: str) -> str:
    return _TEXTS[layout].family if layout in _TEXTS else "grid"


def _chosen(seed: int, given: Mapping[str, str | None], damages: str | Sequence[str] | None) -> _Choice:
    rng = _draw(seed, "choice")
    form = _weighted(rng, _FORM_WEIGHTS)
    profile, style = rng.choice(PROFILES), rng.choice(tuple(STYLES))
    layout = rng.choice(LAYOUTS)
    layout = given.get("layout") or layout
    drawn = (
        damage.draw(_draw(seed, "damages"), _family(layout)) if damages == "random" else list(damages or ())
    )
    return _Choice(
        seed,
        layout,
        given.get("form") or form,
        given.get("profile") or profile,
        given.get("style") or style,
        drawn,
    )


def _truth(choice: _Choice, rng: Random) -> Truth:
    """Figures and frame of the report, not yet printed."""
    disclosure_form, application_form = FORMS[choice.form]
    year = rng.choice((2019, 2020)) if choice.form == "2019" else rng.randint(2021, 2024)
    published = date(year + 1, 1, 4) + timedelta(days=rng.randint(0, 80)) if rng.random() < 0.85 else None
    figures = make_figures(rng, choice.form, choice.profile)
    return Truth(
        draw_agency(rng), year, published, disclosure_form, application_form, choice.profile, figures
    )


def _amount_header(form: str, rng: Random) -> tuple[str, dict[Key, str]]:
    """Which header the money column gets, and the unit that it prints."""
    if form == "2021":
        return "", {("disclosure", "fee", "amount"): "万元"}
    name = rng.choice(("",) * 7 + ("_wan", "_yuan"))
    return name, {("disclosure", "procurement", "amount"): {"": "", "_wan": "万元", "_yuan": "元"}[name]}


def _document(choice: _Choice, truth: Truth, instead: Instead | None) -> Document:
    """Print the figures, or others instead, and set them into tables and text."""
    words = Wording(_draw(choice.seed, "words"))
    plan = Plan.draw(_draw(choice.seed, "plan"))
    header, units = _amount_header(truth.disclosure_form, _draw(choice.seed, "header"))
    rng = _draw(choice.seed, "style")
    print_cells(truth, resolve(STYLES[choice.style], rng), rng, units)
    if instead:
        instead.into(truth)
    text = narrator(truth, words, _draw(choice.seed, "prose"))
    tables = {
        "disclosure": disclosure_table(truth, words, plan, header),
        "application": application_table(truth, words, plan),
        "dispute": dispute_table(truth, words),
    }
    if not text.title and not text.signed:
        truth.agency = None
    return Document(_blocks(text, tables), truth)


def _blocks(text: Narrator, tables: dict[str, Table]) -> list[Block]:
    """Front, six sections, back, in the printed order."""
    blocks: list[Block] = [*text.front(), text.heading("overview", 1), *text.overview()]
    before = {"disclosure": None, "application": "before_table", "dispute": "before_dispute"}
    for number, (code, phrases) in enumerate(before.items(), 2):
        blocks.append(text.heading(code, number))
        blocks += text.some(phrases, 0, 1) if phrases else []
        blocks.append(tables[code])
    blocks += [text.heading("problems", 5), *text.some("problems", 1, 3)]
    return [*blocks, text.heading("other", 6), *text.some("other", 1, 2), *text.back()]


def _forget_names(document: Document) -> None:
    """An agency that neither title nor signature names any more is not in the document."""
    truth = document.truth
    kinds = ("title", "sign")
    shown = "".join(
        block.text for block in document.blocks if isinstance(block, Paragraph) and block.kind in kinds
    )
    if truth.agency and truth.agency not in shown.replace(" ", ""):
        truth.agency = None
    if truth.published_on and not any(
        isinstance(block, Paragraph) and block.kind == "sign" and "月" in block.text
        for block in document.blocks
    ):
        truth.published_on = None


def _text_file(lines: list[Line], rng: Random, layout: TextLayout) -> tuple[bytes, str, dict[Key, int]]:
    """Bytes, encoding, and the line on which each cell stands first."""
    encoding = rng.choice(_ENCODINGS)
    end = "\r\n" if rng.random() < 0.3 else "\n"
    blank_start = rng.choice((0, 0, 0, 2))
    where: dict[Key, int] = {}
    texts: list[str] = []
    for line in lines:
        for part in line.parts:
            if part.key is not None:
                where.setdefault(part.key, blank_start + len(texts) + 1)
        texts.append(line.text())
    if layout.joined:
        texts = [layout.in_one(lines)]
        where = dict.fromkeys(where, blank_start + 1)
    text = end.join([""] * blank_start + texts) + (end if rng.random() < 0.6 else "")
    return text.encode(encoding), encoding, where


def _file_name(choice: _Choice, kind: str, rng: Random) -> str:
    ending = (
        rng.choice(_ENDINGS[kind])
        if kind in _ENDINGS and rng.random() < 0.15
        else _ENDINGS.get(kind, (kind,))[0]
    )
    return f"{choice.seed:06d}_{choice.layout}_{choice.form.replace('+', '-')}.{ending}"


def make_report(
    seed: int,
    *,
    layout: str | None = None,
    form: str | None = None,
    profile: str | None = None,
    style: str | None = None,
    damages: str | Sequence[str] | None = None,
) -> Made:
    """Make one report.

    `layout` is one of LAYOUTS or OPEN_LAYOUTS, `form` of FORMS, `profile` of PROFILES, `style` of STYLES;
    what is None is drawn from the seed. `damages`: None for none, "random" for one to three that fit the
    layout, or names
    of damage.DAMAGES and damage.FIGURE_DAMAGES (one that does not fit the layout, or finds nothing to
    spoil, is left out of `Made.damages`). Raises KeyError for an unknown name.
    """
    given = {"layout": layout, "form": form, "profile": profile, "style": style}
    return make_again(None, seed, given, damages)


def make_again(
    instead: Instead | None, seed: int, given: Mapping[str, str | None], damages: str | Sequence[str] | None
) -> Made:
    """Make a report again, with something instead; what is `given` and `damages` are those of make_report."""
    choice = _chosen(seed, given, damages)
    truth = _truth(choice, _draw(seed, "truth"))
    done = []
    if "misprint" in choice.damages:
        choice.damages.remove("misprint")
        damage.misprint(truth, _draw(seed, "misprint"))
        done.append("misprint")
    document = _document(choice, truth, instead)
    subject = damage.Subject(document, choice.layout, _family(choice.layout), [])
    subject.still = instead.rows() if instead else frozenset()
    spoil = _draw(seed, "spoil")
    done += damage.apply(subject, choice.damages, "document", spoil)
    rng = instead.draws if instead else _draw(seed, f"layout:{choice.layout}")
    if choice.layout in _TEXTS:
        subject.lines = _TEXTS[choice.layout].render(document, rng)
        done += damage.apply(subject, choice.damages, "lines", spoil)
        data, encoding, where = _text_file(subject.lines, rng, _TEXTS[choice.layout])
        return _made(choice, document, (data, _file_name(choice, "text", rng)), done, (encoding, where))
    data, kind, encoding_ = _grid_file(choice.layout, document, rng)
    return _made(choice, document, (data, _file_name(choice, kind, rng)), done, (encoding_, None))


def _grid_file(layout: str, document: Document, rng: Random) -> tuple[bytes, str, str | None]:
    """Bytes, ending and encoding of a file whose format marks table cells."""
    html: HtmlLayout | None = HTML_LAYOUTS.get(layout)
    if html is not None:
        data, encoding = html.write(document, rng)
        return data, "html", encoding
    return ({"docx": write_docx, "pdf": write_pdf}[layout](document, rng), layout, None)


def _made(
    choice: _Choice,
    document: Document,
    file: tuple[bytes, str],
    done: list[str],
    text: tuple[str | None, dict[Key, int] | None],
) -> Made:
    _forget_names(document)
    return Made(
        data=file[0],
        file_name=file[1],
        truth=document.truth,
        seed=choice.seed,
        layout=choice.layout,
        form=choice.form,
        profile=choice.profile,
        style=choice.style,
        damages=tuple(done),
        encoding=text[0],
        lines=text[1],
    )


def corpus(
    n: int,
    seed: int = 0,
    *,
    layout: str | None = None,
    form: str | None = None,
    damaged: bool = False,
) -> Iterator[Made]:
    """`n` reports with the seeds `seed` … `seed + n - 1`; layouts take turns (slow ones every tenth turn),
    the rest is drawn.
    """
    fast = [name for name in LAYOUTS if name not in SLOW_LAYOUTS]
    for number in range(n):
        turn = fast[number % len(fast)]
        if number % (10 * len(fast)) < len(SLOW_LAYOUTS):
            turn = SLOW_LAYOUTS[number % (10 * len(fast))]
        yield make_report(
            seed + number, layout=layout or turn, form=form, damages="random" if damaged else None
        )
