"""DOCX: what Word shows, with columns."""

import io
import re
import zipfile

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents import Stream, Unreadable, open_document
from pipeline.documents.flow import PICTURE
from tests.documents.made import (
    CONTENT_TYPES,
    W,
    attempt,
    docx,
    grid_texts,
    paragraph,
    running_text,
    word_table,
)


def read(body: str) -> Stream:
    return open_document(docx(body))


def cell(text: str, properties: str = "") -> str:
    return f"<w:tcPr>{properties}</w:tcPr>{paragraph(text)}"


def test_a_file_that_python_docx_writes() -> None:
    document = python_docx.Document()
    document.core_properties.title = "某局年报"
    document.add_heading("一、总体情况", 1)
    document.add_paragraph("文字\t甲\n换行")
    document.add_paragraph("")
    table = document.add_table(4, 3)
    for row, texts in enumerate(
        [["信息内容", "本年", ""], ["规章", "1", "2"], ["", "", "3"], ["许可", "", "0"]]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("六、其他")
    buffer = io.BytesIO()
    document.save(buffer)
    stream = open_document(buffer.getvalue())
    assert stream.meta == {"title": "某局年报"}
    assert running_text(stream) == ["一、总体情况", "文字\t甲", "换行", "六、其他"]
    assert grid_texts(stream) == [
        [("信息内容", 0, 1, 1), ("本年", 1, 2, 1)],
        [("规章", 0, 1, 2), ("1", 1, 1, 1), ("2", 2, 1, 1)],
        [("", 1, 1, 1), ("3", 2, 1, 1)],
        [("许可", 0, 1, 1), ("", 1, 1, 1), ("0", 2, 1, 1)],
    ]
    assert list(stream.numbers) == list(range(1, 9))
    assert stream.grid[4][1].line == 5
    assert stream.encoding is None
    assert stream.pages is None


def test_runs_cut_anywhere_are_one_text() -> None:
    assert read(
        paragraph("2", "02", "1年")
        + paragraph("甲<w:br/>乙".replace("<w:br/>", ""), "<w:r><w:br/></w:r>", "丙")
    ).lines == [
        "2021年",
        "甲乙",
        "丙",
    ]


def test_tab_stops_of_a_paragraph_are_no_tabs() -> None:
    stops = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="9"/></w:tabs></w:pPr>'
    assert read(paragraph(stops, "甲", "<w:r><w:tab/></w:r>", "乙")).lines == ["甲\t乙"]


def test_tracked_changes_are_shown_as_accepted() -> None:
    body = (
        paragraph(
            "公开",
            '<w:del w:id="1"><w:r><w:delText>9</w:delText></w:r></w:del>',
            '<w:ins w:id="2"><w:r><w:t>12</w:t></w:r></w:ins>',
            "条",
        )
        + paragraph("<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>")
        + paragraph("<w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo>")
        + "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr>"
        '<w:tr><w:trPr><w:del w:id="3"/></w:trPr><w:tc>'
        + paragraph("删")
        + "</w:tc><w:tc>"
        + paragraph("2")
        + "</w:tc></w:tr></w:tbl>"
    )
    assert read(body).lines == ["公开12条", "移来", "\t1"]


def test_hidden_and_struck_text_is_dropped_and_raised_text_set_apart() -> None:
    def run(mark: str, text: str) -> str:
        return f"<w:r><w:rPr>{mark}</w:rPr><w:t>{text}</w:t></w:r>"

    body = paragraph(
        run("<w:vanish/>", "隐"),
        run("<w:strike/>", "9"),
        run('<w:strike w:val="0"/>', "12"),
        run('<w:vertAlign w:val="superscript"/>', "3"),
    )
    assert read(body).lines == ["12 ³"]


def run_of(mark: str, text: str) -> str:
    return f"<w:r><w:rPr>{mark}</w:rPr><w:t>{text}</w:t></w:r>"


STYLES = (
    f'<w:styles xmlns:w="{W}">'
    '<w:style w:type="character" w:styleId="Hidden"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Note"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="OwnNote"><w:basedOn w:val="Note"/></w:style>'
    '<w:style w:type="character" w:styleId="Plain"><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
)


@pytest.mark.parametrize(
    ("inner", "lines"),
    [
        (run_of('<w:rStyle w:val="Hidden"/>', "29") + run_of("", "44"), ["44"]),
        (run_of("", "44") + run_of('<w:rStyle w:val="Note"/>', "1"), ["44 ¹"]),
        (run_of("", "-") + run_of('<w:rStyle w:val="OwnNote"/>', "3"), ["- ³"]),
        (run_of('<w:rStyle w:val="Hidden"/><w:vanish w:val="0"/>', "44"), ["44"]),
        (run_of('<w:rStyle w:val="Plain"/>', "44"), ["44"]),
        ('<w:pPr><w:pStyle w:val="Gone"/></w:pPr>' + run_of("", "44"), []),
        (run_of("", "44") + run_of('<w:position w:val="12"/>', "1"), ["44 ¹"]),
        (run_of('<w:position w:val="4"/>', "4") + run_of('<w:position w:val="4"/>', "4"), ["44"]),
        (run_of('<w:color w:val="FFFFFF"/>', "29") + run_of("", "44"), [PICTURE + "44"]),
        (run_of('<w:color w:val="FFFFFF"/>', "4") + run_of('<w:color w:val="FFFFFF"/>', "4"), ["44"]),
        (f"<w:r><w:ruby><w:rt>{run_of('', '3')}</w:rt>{run_of('', '44')}</w:ruby></w:r>", ["44"]),
    ],
)
def test_what_styles_hide_or_raise_is_no_digit(inner: str, lines: list[str]) -> None:
    """A note's number whose style raises it was the last digit of the figure before it."""
    data = _with_file(docx(paragraph("前") + f"<w:p>{inner}</w:p>"), "word/styles.xml", STYLES)
    assert open_document(data).lines == ["前", *lines]


def _with_file(data: bytes, name: str, text: str) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


def test_hidden_rows_and_deleted_cells_take_no_place() -> None:
    deleted = cell("9", '<w:cellDel w:id="1" w:author="a"/>')
    rows = word_table([cell("规章"), deleted, cell("1")], [cell("许可"), cell("2")])
    hidden = (
        f"<w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{cell('藏')}</w:tc><w:tc>{cell('3')}</w:tc></w:tr></w:tbl>"
    )
    stream = read(rows.replace("</w:tbl>", hidden))
    assert grid_texts(stream) == [[("规章", 0, 1, 1), ("1", 1, 1, 1)], [("许可", 0, 1, 1), ("2", 1, 1, 1)]]


def test_a_part_in_another_format_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"another format .* save it anew"):
        read(paragraph("前") + '<w:altChunk w:id="a"/>')


def test_vertical_and_horizontal_merges() -> None:
    down = '<w:vMerge w:val="restart"/>'
    go_on = "<w:vMerge/>"
    stream = read(
        word_table(
            [
                cell("甲", down + '<w:gridSpan w:val="2"/>'),
                cell("乙"),
                cell("丙", '<w:hMerge w:val="restart"/>'),
                cell("", '<w:hMerge w:val="continue"/>'),
            ],
            [cell("看不见", go_on + '<w:gridSpan w:val="2"/>'), cell("丁", down), cell("1"), cell("2")],
            [cell("戊", down), cell("己"), cell("", go_on), cell("3"), cell("4")],
        )
    )
    assert grid_texts(stream) == [
        [("甲", 0, 2, 2), ("乙", 2, 1, 1), ("丙", 3, 2, 1)],
        [("丁", 2, 1, 2), ("1", 3, 1, 1), ("2", 4, 1, 1)],
        [("戊", 0, 1, 1), ("己", 1, 1, 1), ("3", 3, 1, 1), ("4", 4, 1, 1)],
    ]


def test_a_continued_cell_with_nothing_above_it_is_a_cell() -> None:
    """A page cut a table in two and left the second part's first row continuing."""
    stream = read(
        word_table([cell("不予公开", "<w:vMerge/>"), cell("1")], [cell("", "<w:vMerge/>"), cell("2")])
    )
    assert grid_texts(stream) == [[("不予公开", 0, 1, 2), ("1", 1, 1, 1)], [("2", 1, 1, 1)]]


def test_columns_left_out_before_a_row() -> None:
    table = word_table([cell("甲"), cell("1")])
    indented = table.replace("<w:tr>", '<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>')
    assert grid_texts(read(indented)) == [[("甲", 2, 1, 1), ("1", 3, 1, 1)]]


def test_cells_inside_content_controls_and_nested_tables() -> None:
    inner = word_table([cell("规章"), cell("3")])
    body = (
        f"<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>{cell('甲')}</w:tc></w:sdtContent></w:sdt><w:tc>{cell('1')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph('左')}</w:tc><w:tc>{inner}{paragraph('后')}</w:tc></w:tr></w:tbl>"
    )
    stream = read(body)
    assert stream.lines == ["甲\t1", "左", "规章\t3", "后"]
    assert stream.tables == {0: 0, 2: 1}


def test_paragraphs_of_a_cell_are_joined() -> None:
    stream = read(word_table([paragraph("本年新") + paragraph("公开数量"), paragraph("12") + paragraph("3")]))
    assert grid_texts(stream) == [[("本年新公开数量", 0, 1, 1), ("12 3", 1, 1, 1)]]


def test_text_boxes_are_read_once() -> None:
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = f"<w:txbxContent>{paragraph('框内')}{word_table([cell('规章'), cell('3')])}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    body = paragraph("框外", f"<w:r><mc:AlternateContent {mc}>{both}</mc:AlternateContent></w:r>")
    assert read(body).lines == ["框内", "规章\t3", "框外"]


def test_pictures_symbols_hyphens_and_formulas() -> None:
    m = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    stream = read(
        word_table(
            [
                paragraph("<w:r><w:drawing/></w:r>"),
                paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'),
                paragraph("3", "<w:r><w:noBreakHyphen/></w:r>", "5"),
                paragraph(f"<m:oMath {m}><m:r><m:t>7</m:t></m:r></m:oMath>"),
                "<w:p/>",
            ]
        )
    )
    assert [c.text for c in stream.grid[0]] == [PICTURE, "\uf0fc", "3-5", "7", ""]


def test_the_strict_variant() -> None:
    body = word_table([cell("规章", '<w:gridSpan w:val="2"/>'), cell("3")])
    strict = docx(body, namespace="http://purl.oclc.org/ooxml/wordprocessingml/main", title="题")
    assert grid_texts(open_document(strict)) == [[("规章", 0, 2, 1), ("3", 2, 1, 1)]]


def test_the_document_part_is_found_by_its_relationship() -> None:
    assert open_document(docx(paragraph("文"), part="word/document2.xml")).lines == ["文"]


# --- refusals ---


@pytest.mark.parametrize(("offset", "number"), [(10, 97), (6, 99)], ids=["compression", "version"])
def test_a_package_of_an_unknown_compression_or_version_is_refused(offset: int, number: int) -> None:
    """The field of each header of the central directory, which zipfile answers with NotImplementedError."""
    data = bytearray(docx(paragraph("正文")))
    for entry in re.finditer(b"PK\x01\x02", bytes(data)):
        data[entry.start() + offset : entry.start() + offset + 2] = number.to_bytes(2, "little")
    with pytest.raises(Unreadable, match="damaged"):
        open_document(bytes(data))


def test_a_damaged_file_is_refused() -> None:
    whole = docx(paragraph("文") * 500)
    middle = len(whole) // 2
    for broken in (
        whole[:middle] + bytes(40) + whole[middle + 40 :],
        docx("<w:p>"),
        docx(paragraph("文") + "&nosuch;"),
    ):
        with pytest.raises(Unreadable, match="damaged"):
            open_document(broken)


@pytest.mark.parametrize("body", ["", "<w:p/>", paragraph("<w:r><w:drawing/></w:r>")])
def test_a_file_without_text_is_refused(body: str) -> None:
    with pytest.raises(Unreadable, match="holds no text"):
        read(body)


def test_a_missing_part_is_a_reason() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("word/document.xml.bak", "x")
    with pytest.raises(Unreadable, match=r"damaged .*_rels/\.rels"):
        open_document(buffer.getvalue())


def test_declared_entities_are_refused() -> None:
    buffer = io.BytesIO(docx(""))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(
            "word/document3.xml",
            '<!DOCTYPE d [<!ENTITY a "一"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
            f'<w:document xmlns:w="{W}"><w:body>'
            "<w:p><w:r><w:t>&a;&f;</w:t></w:r></w:p></w:body></w:document>",
        )
    with pytest.raises(Unreadable, match="entities"):
        open_document(_with_part(buffer.getvalue(), "word/document3.xml"))


def _with_part(data: bytes, part: str) -> bytes:
    """The package with its relationships pointing to another part."""
    source = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(
                name,
                content.replace(b"word/document.xml", part.encode()) if name.endswith(".rels") else content,
            )
    return buffer.getvalue()


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_bytes_changed_anywhere_are_read_or_refused(place: int, change: bytes) -> None:
    data = bytearray(docx(word_table([cell("规章"), cell("3")]) + paragraph("文"), title="题"))
    place %= len(data)
    data[place : place + len(change)] = change
    result = attempt(open_document, bytes(data))
    assert result.endswith(".") if isinstance(result, str) else result.lines
