"""Plain text: a line is what an editor and `sed -n Np` show."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import Unreadable, open_document
from pipeline.documents.limits import MAX_ENTRIES, MAX_LINE, MAX_TEXT
from pipeline.documents.text import read_text

SEEDS = sorted((Path(__file__).parents[2] / "data" / "raw").glob("*.txt"))


@pytest.mark.parametrize("separator", ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_signs_that_python_takes_for_line_ends_are_none(separator: str) -> None:
    stream = read_text(f"一{separator}二\n三\n", "utf-8")
    assert stream.lines == [f"一{separator}二", "三"]
    assert list(stream.numbers) == [1, 2]


@pytest.mark.parametrize(
    ("text", "lines", "numbers"),
    [
        ("一\n\n三", ["一", "", "三"], [1, 2, 3]),
        ("一\r\n二\r\n", ["一", "二"], [1, 2]),
        ("一\r二\r", ["一", "二"], [1, 2]),
        ("一\r二\r\n三\n四", ["一", "二", "三", "四"], [1, 1, 2, 3]),
        ("\n\n一", ["", "", "一"], [1, 2, 3]),
        ("  一  \n", ["  一  "], [1]),
    ],
)
def test_line_ends_and_numbers(text: str, lines: list[str], numbers: list[int]) -> None:
    stream = read_text(text, "utf-8")
    assert stream.lines == lines
    assert list(stream.numbers) == numbers


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem[:3])
def test_the_seeds_keep_every_line_as_sed_prints_it(seed: Path) -> None:
    stream = open_document(seed.read_bytes(), seed.name)
    printed = subprocess.run(["sed", "-n", "p", seed], check=True, capture_output=True).stdout.decode()
    assert stream.lines == printed.removesuffix("\n").split("\n")
    assert list(stream.numbers) == list(range(1, len(stream.lines) + 1))
    assert (stream.media_type, stream.encoding, stream.grid, stream.pages) == (
        "text/plain",
        "utf-8",
        {},
        None,
    )


def test_there_are_five_seeds() -> None:
    assert len(SEEDS) == 5


@given(st.text(st.sampled_from("一二 \t\n\r\f\v\u2028"), max_size=40))
def test_lines_hold_everything_but_the_line_ends(text: str) -> None:
    stream = read_text(text, "utf-8")
    assert "".join(stream.lines) == text.replace("\n", "").replace("\r", "")
    assert len(stream.numbers) == len(stream.lines)
    last = text.replace("\r\n", "\n").rstrip("\r" if "\n" in text else "").count("\n")
    assert not stream.numbers or "\n" not in text or stream.numbers[-1] <= last + 1


def test_limits_are_refused_with_a_reason() -> None:
    with pytest.raises(Unreadable, match="line has more than 1,000,000 characters"):
        read_text("一" * (MAX_LINE + 1), "utf-8")
    with pytest.raises(Unreadable, match="more than 200,000 lines"):
        read_text("\n" * (MAX_ENTRIES + 1), "utf-8")
    with pytest.raises(Unreadable, match="more than 8,388,608 characters"):
        read_text("一\n" * (MAX_TEXT // 2 + 1), "utf-8")


def test_what_is_just_within_the_limits_is_read() -> None:
    assert read_text("一" * MAX_LINE, "utf-8").lines == ["一" * MAX_LINE]
    assert len(read_text("\n" * MAX_ENTRIES, "utf-8").lines) == MAX_ENTRIES


@pytest.mark.parametrize(
    ("left", "meant"),
    [
        ("规章&nbsp;3&emsp;5", "规章 3 5"),
        ("&ldquo;三安全&#8221;&amp;nbsp;&#65288;一&#xFF09;", "“三安全” （一）"),
        (r"\| 1\. 规章 \| \-5 \| a\nb", r"| 1. 规章 | -5 | a\nb"),
        ("规<br>章<BR/> <p class='a'>3</p>", "规 章   3 "),
        ("<strong>规章</strong>1<sup>2</sup>", "规章12"),
        ("规\u200b章\ufeff1\u00ad2", "规章12"),
        ("规\u200e章\u202a1\u202c2", "规章12"),
        ("1 < 2 & 3 > 2; a&b;c?x=1&copy=2 &unknown;", "1 < 2 & 3 > 2; a&b;c?x=1&copy=2 &unknown;"),
        ("规章&#10;3", "规章 3"),
        ('[规]{lang="EN-US"}[章]{.mark} 3', "规章" + " " * 26 + "3"),
        ('[[规章]{lang="zh-CN"}]{.mark} 3', "规章" + " " * 26 + "3"),
        ("[]{#_Toc1 .anchor}一、总体情况", "一、总体情况" + " " * 18),
        (r"| 行政复议\\ | 3 |\\", "| 行政复议   | 3 |  "),
        ("[栏目](/col/index.html) {3}", "[栏目](/col/index.html) {3}"),
    ],
)
def test_what_markup_left_is_what_it_stands_for(left: str, meant: str) -> None:
    assert read_text(f"一\n{left}\n三", "utf-8").lines == ["一", meant, "三"]
