"""What is remembered from one document to the next: texts that recur, not those that would fill memory."""

import pytest

from pipeline.documents import open_document
from pipeline.reading.words.lines import Line, entries_of
from pipeline.reading.words.tokens import Token, word

ROW = "行政许可\t17"
NOTE = "备注\t" + "以上数据由各科室汇总后填报" * 100


def line_of(text: str) -> Line:
    """The line that a document of one line holds."""
    entries, _ = entries_of(open_document(text.encode()))
    return entries[0][1]


def words_around_a_document(text: str) -> tuple[Token, Token]:
    before = word(text)
    assert word(text) is before
    line_of(ROW)
    return before, word(text)


@pytest.mark.parametrize("text", ["行政许可", "17"])
def test_a_word_is_understood_once(text: str) -> None:
    before, after = words_around_a_document(text)
    assert after is before


def test_a_text_as_long_as_an_article_is_forgotten_after_its_document() -> None:
    before, after = words_around_a_document("坚持以人民为中心的发展思想" * 100)
    assert after is not before
    assert after == before


def test_a_row_is_understood_once_and_a_line_as_long_as_an_article_in_every_document() -> None:
    row, note = line_of(ROW), line_of(NOTE)
    assert line_of(ROW) is row
    assert line_of(NOTE) is not note
    assert line_of(NOTE) == note
