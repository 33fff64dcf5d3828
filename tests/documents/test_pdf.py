"""PDF with a text layer; and what is refused because it has none that can be relied on."""

import io
import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.documents import Stream, Unreadable, open_document
from pipeline.documents.flow import PICTURE
from pipeline.documents.pdf import MAX_PAGES
from tests.documents.made import FONT, attempt, canvas_pdf, font, grid_texts, ruled_pdf, running_text


def canvas() -> tuple[Canvas, io.BytesIO]:
    buffer = io.BytesIO()
    made = Canvas(buffer, pagesize=A4, invariant=1)
    made.setFont(font(), 10)
    return made, buffer


def read(made: Canvas, buffer: io.BytesIO) -> Stream:
    made.save()
    return open_document(buffer.getvalue())


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of numbered objects, the first its catalog; readers find them without a table of places."""
    body = b"".join(
        b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, 1)
    )
    return b"%PDF-1.7\n" + body + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"


def packed(content: bytes, entries: bytes = b"") -> bytes:
    data = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(data), entries, data)


def page_of(contents: bytes, resources: bytes, *more: bytes) -> bytes:
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>" % resources,
        contents,
        *more,
    )


# --- tables ---


def test_rows_of_a_ruled_table_have_columns_spans_and_empty_cells() -> None:
    stream = open_document(
        ruled_pdf(
            [["信息内容", "本年", "", "总计"], ["", "新制作", "公开", ""], ["规章", "", "12", "1,234"]],
            spans=[((0, 0), (0, 1)), ((1, 0), (2, 0)), ((3, 0), (3, 1))],
        )
    )
    assert stream.media_type == "application/pdf"
    assert grid_texts(stream) == [
        [("信息内容", 0, 1, 2), ("本年", 1, 2, 1), ("总计", 3, 1, 2)],
        [("新制作", 1, 1, 1), ("公开", 2, 1, 1)],
        [("规章", 0, 1, 1), ("", 1, 1, 1), ("12", 2, 1, 1), ("1,234", 3, 1, 1)],
    ]
    assert stream.lines[0].strip() == "二、主动公开政府信息情况"
    assert stream.lines[-1].strip() == "- 1 -"
    assert list(stream.numbers) == [1, 2, 3, 4, 5]
    assert stream.pages == [1] * 5
    assert stream.grid[3][2].line == 4
    assert stream.meta == {"title": "某局年度报告"}


def test_labels_wrapped_in_a_cell_are_one_label() -> None:
    label = "2.其他法律行政法规禁止公开的政府信息"
    assert grid_texts(open_document(ruled_pdf([[label, "3"], ["甲", "4"]])))[0][0] == (label, 0, 1, 1)


def test_a_table_over_a_page_break_is_two_tables_with_the_page_number_between() -> None:
    stream = open_document(ruled_pdf([["甲", "1"], ["乙", "2"]], [["丙", "3"], ["丁", "4"]]))
    assert stream.tables == {1: 0, 2: 0, 4: 1, 5: 1}
    assert stream.lines[3].strip() == "- 1 -"
    assert stream.pages == [1, 1, 1, 1, 2, 2, 2]
    numbers = list(stream.numbers)
    assert all(left < right for left, right in pairwise(numbers))


def test_figures_close_to_a_ruled_line_stay_in_their_cells() -> None:
    made, buffer = canvas()
    made.grid([100, 112, 124, 136], [700, 715, 730])
    for x, text in ((100.5, "12"), (112.8, "34"), (125, "5")):
        made.drawString(x, 718, text)
    assert grid_texts(read(made, buffer))[0] == [("12", 0, 1, 1), ("34", 1, 1, 1), ("5", 2, 1, 1)]


def test_a_figure_cut_by_a_narrow_column_is_one_and_two_in_a_wide_one_are_two() -> None:
    made, buffer = canvas()
    made.grid([100, 130, 160, 260], [700, 730])
    for x, y, text in (
        (105, 718, "1234"),
        (105, 704, "56"),
        (135, 718, "12"),
        (135, 704, "3"),
        (165, 718, "1234"),
        (165, 704, "56"),
    ):
        made.drawString(x, y, text)
    assert grid_texts(read(made, buffer))[0] == [("123456", 0, 1, 1), ("12 3", 1, 1, 1), ("1234 56", 2, 1, 1)]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("13", "55", "84件"), "135584件"),  # a unit behind the figure
        (("13", "55", "（", "注", "）"), "1355 （注）"),  # the lines of a remark need not be full
        (("9", "，4", "69"), "9，469"),  # a line never begins with a comma but for want of room
        (("25", "3，", "72"), "253，72"),  # the comma takes the digit before it along
        (("1", "2"), "1 2"),  # two figures: there was room for the second beside the first
    ],
)
def test_a_figure_is_cut_where_its_column_is_too_narrow(lines: tuple[str, ...], text: str) -> None:
    made, buffer = canvas()
    made.grid([100, 124, 240], [650, 730])
    for place, line in enumerate(lines):
        made.drawString(101, 718 - 14 * place, line)
    made.drawString(140, 718, "1")
    assert grid_texts(read(made, buffer))[0][0] == (text, 0, 1, 1)


def test_figures_drawn_apart_to_fill_the_line_are_one() -> None:
    made, buffer = canvas()
    made.grid([100, 138.8, 240], [660, 730])
    for x, y, text in ((105.4, 718, "１"), (123.4, 718, "２"), (105.4, 704, "３４"), (140, 718, "1")):
        made.drawString(x, y, text)
    assert grid_texts(read(made, buffer))[0][0] == ("１２３４", 0, 1, 1)


def two_pages(upper: list[list[str]], lower: list[list[str]], columns: tuple[list[int], list[int]]) -> Stream:
    """A ruled table on two pages, its left edges on each; the last edge is the table's right one."""
    made, buffer = canvas()
    for rows, edges in zip((upper, lower), columns, strict=True):
        tops = [700 - 40 * place for place in range(len(rows) + 1)]
        made.grid(edges, tops[::-1])
        for top, row in zip(tops, rows, strict=False):
            for x, text in zip(edges, row, strict=False):
                made.drawString(x + 6, top - 14, text)
        made.showPage()
        made.setFont(font(), 10)
    return read(made, buffer)


def test_parts_of_a_table_on_two_pages_have_one_grid() -> None:
    """The header's page has no line between the columns that the labels below stand in."""
    edges = [100, 220, 260, 300], [100, 160, 220, 260, 300]
    stream = two_pages([["项目", "商业", "科研"]], [["", "", "企业", "机构"], ["一", "甲", "1", "2"]], edges)
    assert grid_texts(stream) == [
        [("项目", 0, 2, 1), ("商业", 2, 1, 1), ("科研", 3, 1, 1)],
        [("", 0, 1, 1), ("", 1, 1, 1), ("企业", 2, 1, 1), ("机构", 3, 1, 1)],
        [("一", 0, 1, 1), ("甲", 1, 1, 1), ("1", 2, 1, 1), ("2", 3, 1, 1)],
    ]


def test_tables_of_other_columns_on_two_pages_keep_their_own() -> None:
    edges = [100, 220, 260, 300], [100, 180, 300]
    stream = two_pages([["甲", "1", "2"]], [["乙", "3"], ["丙", "4"]], edges)
    assert [[column for _, column, _, _ in row] for row in grid_texts(stream)] == [[0, 1, 2], [0, 1], [0, 1]]


EVEN = [100, 200, 232, 264, 296]


@pytest.mark.parametrize(
    ("upper", "lower", "whole"),
    [
        (["甲项目", "1234", "5", "6"], ["", "56", "", ""], ["甲项目", "123456", "5", "6"]),
        (["甲项目", "1234", "5", "6件"], ["", "件", "", ""], ["甲项目", "1234 件", "5", "6件"]),
        (
            ["甲项目", "12", "5", "6"],
            ["", "3", "", ""],
            ["甲项目", "12 3", "5", "6"],
        ),  # who knows?
    ],
)
def test_a_row_that_a_page_cuts_is_whole(upper: list[str], lower: list[str], whole: list[str]) -> None:
    stream = two_pages([["项目", "一", "二", "三"], upper], [lower, ["乙项目", "7", "8", "9"]], (EVEN, EVEN))
    assert [[text for text, *_ in row] for row in grid_texts(stream)] == [
        ["项目", "一", "二", "三"],
        whole,
        ["乙项目", "7", "8", "9"],
    ]


@pytest.mark.parametrize(
    "lower",
    [
        ["丙项目", "56", "", ""],  # a label of its own
        ["", "56", "7", "8"],  # as many figures: a row whose label was lost
        ["", "备注", "", ""],  # no end of a figure
    ],
)
def test_a_row_at_a_page_s_top_that_goes_on_with_none_stays(lower: list[str]) -> None:
    rows = [["项目", "一", "二", "三"], ["甲项目", "1234", "5", "6"]], [lower, ["乙项目", "7", "8", "9"]]
    stream = two_pages(*rows, (EVEN, EVEN))
    assert [[text for text, *_ in row] for row in grid_texts(stream)] == [*rows[0], *rows[1]]


def test_a_frame_around_a_table_and_boxes_of_one_column_are_no_tables() -> None:
    made, buffer = canvas()
    made.rect(50, 50, 500, 750)
    made.grid([100, 200, 300], [600, 620, 640])
    made.grid([100, 300], [300, 320, 340])
    for x, y, text in (
        (105, 625, "规章"),
        (205, 625, "3"),
        (105, 605, "许可"),
        (105, 325, "注"),
        (105, 305, "另注"),
    ):
        made.drawString(x, y, text)
    made.drawString(60, 700, "框内文字")
    stream = read(made, buffer)
    assert [line.strip() for line in running_text(stream)] == ["框内文字", "注", "另注"]
    assert grid_texts(stream) == [[("规章", 0, 1, 1), ("3", 1, 1, 1)], [("许可", 0, 1, 1), ("", 1, 1, 1)]]


def test_slanted_edges_beside_a_table_rule_nothing() -> None:
    """Chromium cuts the borders of its cells at a slant: such a PDF was said to be damaged."""
    made, buffer = canvas()
    made.grid([100, 150, 200], [700, 730])
    path = made.beginPath()
    path.moveTo(300, 700)
    for x, y in ((320, 700), (318, 702), (302, 702), (300, 700)):
        path.lineTo(x, y)
    made.drawPath(path)
    made.drawString(105, 718, "规章")
    made.drawString(155, 718, "3")
    assert grid_texts(read(made, buffer)) == [[("规章", 0, 1, 1), ("3", 1, 1, 1)]]


def test_a_page_that_is_a_chart_is_read_as_text() -> None:
    made, buffer = canvas()
    made.drawString(100, 800, "图")
    for step in range(300):
        made.line(10 + step, 10, 10 + step, 500)
        made.line(10, 10 + step, 500, 10 + step)
    stream = read(made, buffer)
    assert [line.strip() for line in stream.lines] == ["图"]


# --- text ---


def test_columns_without_ruled_lines_keep_their_places() -> None:
    rows = [
        ("信息内容", "本年制发", "废止"),
        ("规章", "3", ""),
        ("行政规范性文件", "", "12"),
        ("行政许可", "1,234", "0"),
    ]
    stream = open_document(
        canvas_pdf(
            [
                (x, 700 - 20 * y, row[i])
                for y, row in enumerate(rows)
                for i, x in enumerate((80, 200, 300))
                if row[i]
            ]
        )
    )

    def places(line: str) -> list[int]:
        """Columns in which texts of a line begin, a Chinese character taking two."""
        wide = "".join(sign * 2 if ord(sign) > 0x2E80 else sign for sign in line)
        return [i for i, sign in enumerate(wide) if sign != " " and (i == 0 or wide[i - 1] == " ")]

    assert [line.split() for line in stream.lines] == [[text for text in row if text] for row in rows]
    header = places(stream.lines[0])
    assert places(stream.lines[1]) == header[:2]
    assert places(stream.lines[2]) == [header[0], header[2]]
    assert places(stream.lines[3]) == header
    assert not stream.grid


def test_a_sentence_wrapped_over_lines_is_one_line_and_rows_are_not() -> None:
    sentence = "　　2021年，本机关认真贯彻落实《中华人民共和国政府信息公开条例》，主动公开政府信息"
    rows = ["（二）部分公开（区分处理的，只计这一情形，不计其他情形）的政府信息公开申请 0 1 0 0"] * 2
    pieces = [sentence, "一千二百三十四条，收到申请五件。", *rows, "六、其他需要报告的事项"]
    stream = open_document(canvas_pdf([(80, 700 - 16 * y, text) for y, text in enumerate(pieces)]))
    assert [line.strip() for line in stream.lines] == [sentence.strip() + pieces[1], *rows, pieces[-1]]


def test_spaces_between_figures_are_kept_and_none_is_put_into_them() -> None:
    stream = open_document(canvas_pdf([(80, 700, "一、本年新收 1234 0 56 7"), (80, 680, "规    章　3")]))
    assert stream.lines[0] == "一、本年新收 1234 0 56 7"
    assert stream.lines[1].split() == ["规", "章", "3"]


def test_text_printed_twice_to_look_bold_is_read_once() -> None:
    made, buffer = canvas()
    for shift in (0, 0.3):
        made.drawString(100 + shift, 700, "总计 33 11")
    assert read(made, buffer).lines == ["总计 33 11"]


def test_text_without_ink_is_none_and_white_figures_are_told_from_none() -> None:
    made, buffer = canvas()
    made.grid([100, 150, 200, 250], [700, 730])
    made.drawString(105, 718, "44")
    unseen = made.beginText(115, 718)
    unseen.setTextRenderMode(3)
    unseen.textOut("3")
    unseen.setTextRenderMode(0)
    made.drawText(unseen)
    made.drawString(155, 718, "44")
    made.setFillColorRGB(1, 1, 1)
    made.drawString(165, 718, "3")
    made.drawString(205, 718, "规章")
    assert [cell.text for cell in read(made, buffer).grid[0]] == ["44", "44" + PICTURE, "规章"]


def test_a_raised_figure_does_not_grow_onto_the_one_before_it() -> None:
    made, buffer = canvas()
    made.drawString(100, 700, "12")
    made.setFont(FONT, 6)
    made.drawString(110.1, 704, "3")
    assert read(made, buffer).lines == ["12 3"]


def test_a_slanted_watermark_is_dropped() -> None:
    made, buffer = canvas()
    made.drawString(100, 700, "规章 3")
    made.translate(150, 650)
    made.rotate(45)
    made.drawString(0, 0, "样本样本样本样本")
    assert read(made, buffer).lines == ["规章 3"]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_drawn(rotation: int) -> None:
    """`/Rotate` turns the page for the eye; the text on it is drawn sideways to meet it."""
    made, buffer = canvas()
    made.setPageRotation(rotation)
    made.translate(300, 400)
    made.rotate(rotation)
    made.drawString(0, 20, "甲 1")
    made.drawString(0, 0, "乙 2")
    assert read(made, buffer).lines == ["甲 1", "乙 2"]


@pytest.mark.parametrize("turn", [90, 270])
def test_text_drawn_sideways_on_an_upright_page_is_turned(turn: int) -> None:
    made, buffer = canvas()
    made.translate(300, 400)
    made.rotate(turn)
    made.grid([0, 50, 100], [0, 20, 40])
    for x, y, text in ((5, 25, "规章"), (55, 25, "3"), (5, 5, "许可"), (55, 5, "12")):
        made.drawString(x, y, text)
    assert grid_texts(read(made, buffer)) == [
        [("规章", 0, 1, 1), ("3", 1, 1, 1)],
        [("许可", 0, 1, 1), ("12", 1, 1, 1)],
    ]


def test_signs_that_only_look_like_ideographs_become_them() -> None:
    """Fonts map 一 to the radical U+2F00, so that `一、总体情况` would not be found."""
    stream = open_document(_mapped_pdf(b"1 beginbfchar <0001> <2F00> endbfchar"))
    assert stream.lines == ["一"]


@pytest.mark.parametrize("code", [b"[55357]", b"[57343]", b"[0]", b"<0000>"])
def test_a_mapping_to_half_a_character_is_an_unknown_sign(code: bytes) -> None:
    stream = open_document(_mapped_pdf(b"1 beginbfrange <0001> <0001> %s endbfrange" % code))
    assert stream.lines == ["\ufffd"]


def _mapped_pdf(mapping: bytes | None) -> bytes:
    """A page with one character of a font whose characters mean what `mapping` says, if anything."""
    to_unicode = b"/ToUnicode 7 0 R" if mapping is not None else b""
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]%s>>" % to_unicode
    )
    system = b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    descendant = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo%s/DW 1000>>" % system
    return page_of(
        packed(b"BT /F 10 Tf 100 700 Td <0001> Tj ET"),
        b"/Font<</F 5 0 R>>",
        font,
        descendant,
        packed(mapping or b""),
    )


# --- refusals ---


def test_encrypted_files() -> None:
    locked = canvas_pdf([(100, 700, "文")], encrypt=StandardEncryption("geheim", canPrint=0))
    with pytest.raises(Unreadable, match="encrypted: open it with its password"):
        open_document(locked)
    buffer = io.BytesIO()
    restricted = Canvas(buffer, encrypt=StandardEncryption("", ownerPassword="x", canCopy=0))
    restricted.drawString(100, 700, "Report 3")
    assert read(restricted, buffer).lines == ["Report 3"]


def _picture_page(made: Canvas, text: str) -> None:
    picture = ImageReader(Image.new("L", (60, 84), 200))
    made.drawImage(picture, 0, 0, *A4)
    if text:
        made.drawString(100, 700, text)
    made.showPage()


def test_a_scan_has_no_text() -> None:
    made, buffer = canvas()
    _picture_page(made, "")
    with pytest.raises(Unreadable, match=r"no text layer .* recognised and checked"):
        read(made, buffer)


def test_a_scan_with_recognised_text_is_not_relied_on() -> None:
    made, buffer = canvas()
    _picture_page(made, "规章 3")
    with pytest.raises(Unreadable, match="text that a machine recognised"):
        read(made, buffer)


def test_one_page_with_a_picture_behind_it_is_no_scan() -> None:
    made, buffer = canvas()
    _picture_page(made, "")
    made.setFont(FONT, 10)
    made.drawString(100, 700, "规章 3")
    made.showPage()
    assert read(made, buffer).pages == [2]


def test_fonts_that_do_not_say_what_they_draw() -> None:
    with pytest.raises(Unreadable, match="fonts don't say which characters"):
        open_document(_mapped_pdf(None))


def test_too_many_pages() -> None:
    data = canvas_pdf(*[[(100, 700, "文")]] * (MAX_PAGES + 1))
    with pytest.raises(Unreadable, match="more than 300 pages"):
        open_document(data)


def test_streams_that_expand_without_end() -> None:
    with pytest.raises(Unreadable, match="expands to far more"):
        open_document(page_of(packed(b" " * (130 * 2**20)), b""))
    twice = zlib.compress(zlib.compress(b" " * 10**6))
    chained = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(twice), twice)
    with pytest.raises(Unreadable, match="expands to far more"):
        open_document(page_of(chained, b""))
    many = packed(b" " * (60 * 2**20))
    with pytest.raises(Unreadable, match="expands to far more"):
        open_document(page_of(many, b"", *[many] * 4))


def test_forms_drawn_within_forms() -> None:
    """Thirty forms that each draw the next ten times would draw 10^30."""
    forms = [
        packed(
            b"/X Do " * 10, b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (number + 1)
        )
        for number in range(5, 35)
    ]
    with pytest.raises(Unreadable, match="expands to far more"):
        open_document(page_of(packed(b"/X Do"), b"/XObject<</X 5 0 R>>", *forms))


def test_instructions_that_draw_nothing() -> None:
    with pytest.raises(Unreadable, match="expands to far more"):
        open_document(page_of(packed(b"q Q " * 15_000_000), b""))


def test_a_broken_stream_is_not_read_up_to_the_break() -> None:
    text = b"".join(b"BT /F 10 Tf 100 %d Td (Row %d) Tj ET\n" % (800 - n, n * n) for n in range(700))
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    whole = page_of(packed(text), font)
    assert len(open_document(whole).lines) > 60
    middle = whole.index(b"stream\n") + 2_000
    with pytest.raises(Unreadable, match="can't be unpacked"):
        open_document(whole[:middle] + bytes(20) + whole[middle + 20 :])
    with pytest.raises(Unreadable, match="cut off: fetch it again"):
        open_document(whole[:middle])


def test_damaged_files() -> None:
    whole = ruled_pdf([["规章", "3"], ["许可", "4"]])
    for broken in (whole[:200], b"%PDF-1.4\n", whole.replace(b"/MediaBox", b"/MediaBix")):
        with pytest.raises(Unreadable, match=r"The PDF (is damaged|is cut off|has no text layer)"):
            open_document(broken)


@settings(max_examples=40)
@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=8))
def test_bytes_changed_anywhere_are_read_or_refused(place: int, change: bytes) -> None:
    data = bytearray(ruled_pdf([["规章", "3"], ["许可", "4"]]))
    place %= len(data)
    data[place : place + len(change)] = change
    result = attempt(open_document, bytes(data))
    assert result.endswith(".") if isinstance(result, str) else result.lines
