"""Made texts as programs and people change them: no number that the document does not state.

What takes nothing away from a text takes nothing away from what is read.
"""

from collections.abc import Iterable, Iterator
from random import Random

import pytest

from pipeline.documents import open_document
from pipeline.documents.stream import Unreadable
from pipeline.reading import read
from tests.generator import Made, make_report
from tests.generator.handled import LOSING, LOSSLESS, OF_PAGES, OF_PIPES, OF_TABS
from tests.generator.judge import Judgement, Verdict, judge
from tests.generator.layouts import TEXT_LAYOUTS

LAYOUTS = tuple(TEXT_LAYOUTS)
HANDLINGS = LOSSLESS | OF_TABS | OF_PAGES | LOSING
NOT_FOR = {
    **dict.fromkeys(OF_TABS, ("browser_text", "indent_lines")),  # whose lines of tabs are no rows
    **dict.fromkeys(OF_PAGES, ("browser_text", "csv", "lists", "json_lines", "escaped")),
}
"""Layouts that a handling makes no sense of."""
MOST_SILENT = 0.002
"""Of the handled texts (nightly): lines that are joined, cut or padded may look like another table's."""
MOST_SILENT_IN_THREES = 0.005
"""Where words stand in lines without a mark, `8 166` may be two cells."""
FOUND = [
    ("quoted", 180_000_072, "indent_lines"),
    ("line numbers, spaces", 180_000_049, "indent_lines"),
    ("indented, full width", 180_000_000, "tabs"),
    ("indented", 180_000_179, "browser_text"),
    ("padded", 180_000_081, "labels_first"),
    ("padded", 185_000_111, "csv"),
    ("padded", 185_000_257, "bare_lines"),
    ("double tabs", 185_000_139, "ragged_tabs"),
    ("double tabs", 185_000_495, "labels_first"),
    ("dots for tabs", 181_000_184, "tabs"),
    ("tabs at the end", 181_000_104, "labels_first"),
    ("beginnings stripped", 180_000_009, "aligned"),
    ("empty lines between", 185_000_663, "csv"),
    ("some empty lines", 181_000_018, "browser_text"),
    ("some empty lines", 182_000_133, "browser_text"),
    ("items", 181_000_049, "indent_lines"),
    ("wrapped at 40", 180_000_124, "aligned"),
    ("wrapped at 40", 181_000_029, "markdown"),
    ("cut at 80", 181_000_528, "escaped"),
    ("cut at 80", 185_000_405, "dispute_three"),
    ("cut at 80", 185_000_430, "data_columns"),
    ("one line in fifty joined", 185_000_140, "pipe_lines"),
    ("one line in fifty joined", 185_000_363, "browser_text"),
    ("digits in threes", 181_000_299, "tabs"),
    ("digits in threes", 181_000_010, "wrapped"),
    ("pages", 185_000_228, "json_lines"),
]
"""Handlings of which a number was once silently wrong, or the reader crashed."""


def made_texts(number: int, seed: int) -> Iterator[tuple[Made, str]]:
    """Yield undamaged made texts, the layouts in turn, with their lines ended by a line feed."""
    for place in range(number):
        made = make_report(seed + place, layout=LAYOUTS[place % len(LAYOUTS)])
        yield made, text_of(made)


def text_of(made: Made) -> str:
    return made.data.decode(made.encoding or "utf-8").replace("\r\n", "\n")


def judged(made: Made, data: bytes, file_name: str) -> Judgement:
    try:
        reading = read(open_document(data, file_name))
    except Unreadable:
        return judge(made.truth, {})
    cells = {(cell.table_code, cell.row_code, cell.column_code): cell for cell in reading.cells}
    findings = {
        (found.table_code, found.row_code, found.column_code)
        for found in reading.findings
        if found.table_code and found.row_code and found.column_code
    }
    return judge(made.truth, cells, findings)


def right(judgement: Judgement) -> int:
    return sum(verdict == Verdict.RIGHT for verdict in judgement.cells.values())


def silent(name: str, texts: Iterable[tuple[Made, str]]) -> list[str]:
    """Return the calls that make the texts of which a number is read silently wrong, with its cells."""
    bad = []
    for made, text in texts:
        handled = HANDLINGS[name](text, Random(made.seed))
        is_for = handled != text and made.layout not in NOT_FOR.get(name, ())
        if is_for and (wrong := judged(made, handled.encode(), "a.txt").silent()):
            cells = ", ".join(".".join(key) for key in wrong[:3])
            bad.append(f"make_report({made.seed}, layout={made.layout!r}): {len(wrong)} {cells}")
    return bad


@pytest.mark.parametrize("name", LOSSLESS)
def test_what_takes_nothing_away_leaves_all_cells(name: str) -> None:
    read_before = 0
    for made, text in made_texts(2 * len(LAYOUTS), 181_000_000):
        before = right(judged(made, text.encode(), "a.txt"))
        handled = LOSSLESS[name](text, Random(0))
        assert right(judged(made, handled.encode(), "a.txt")) == before, (made.seed, made.layout)
        read_before += before
    assert read_before > 1_000


@pytest.mark.parametrize("name", OF_PIPES)
def test_pipes_that_begin_lines_of_cells_end_the_cells_before(name: str) -> None:
    for seed in range(920_000_000, 920_000_024):
        made = make_report(seed, layout="pipe_lines")
        texts = (text_of(made), OF_PIPES[name](text_of(made), Random(0)))
        before, after = (judged(made, text.encode(), "a.txt") for text in texts)
        assert after.silent() == []
        assert right(after) == right(before) > 0, seed


@pytest.mark.parametrize("sign", ["|", "\t"])
@pytest.mark.parametrize("layout", ["bare_lines", "dense_lines"])
def test_signs_that_a_program_put_around_each_text_are_no_cells(layout: str, sign: str) -> None:
    """As BeautifulSoup's get_text("|") does, where each cell is a text with line ends around it."""
    for seed in range(181_000_000, 181_000_004):
        made = make_report(seed, layout=layout)
        before = right(judged(made, text_of(made).encode(), "a.txt"))
        framed = sign.join(["", *text_of(made).replace("\n", f"{sign}\n{sign}").split(sign)])
        assert right(judged(made, framed.encode(), "a.txt")) == before > 0


@pytest.mark.parametrize("name", [*OF_TABS, *OF_PAGES, *LOSING])
def test_no_handling_makes_a_number_silently_wrong(name: str) -> None:
    assert silent(name, made_texts(4 * len(LAYOUTS), 181_000_000)) == []


@pytest.mark.parametrize(("name", "seed", "layout"), FOUND)
def test_no_handling_that_once_did_makes_a_number_silently_wrong(name: str, seed: int, layout: str) -> None:
    made = make_report(seed, layout=layout)
    handled = HANDLINGS[name](text_of(made), Random(seed))
    assert judged(made, handled.encode(), "a.txt").silent() == []


@pytest.mark.nightly
@pytest.mark.parametrize("name", HANDLINGS)
def test_hardly_any_of_a_thousand_handled_texts_makes_a_number_silently_wrong(name: str) -> None:
    bad = silent(name, made_texts(1_000, 182_000_000))
    print(name, *bad, sep="\n    ")
    assert len(bad) <= 1_000 * (MOST_SILENT_IN_THREES if name == "digits in threes" else MOST_SILENT)
