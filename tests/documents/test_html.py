"""HTML as government sites serve it."""

import pytest

from pipeline.documents import Stream, Unreadable, open_document
from pipeline.documents.flow import PICTURE
from tests.documents.made import grid_texts


def read(page: str) -> Stream:
    stream = open_document(page.encode())
    assert stream.media_type == "text/html"
    return stream


def numbered(stream: Stream) -> list[tuple[int, str]]:
    return list(zip(stream.numbers, stream.lines, strict=True))


def rows(*cells: list[str]) -> str:
    return (
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in cells)
        + "</table>"
    )


# --- running text ---


def test_block_elements_and_br_end_lines_and_spans_do_not() -> None:
    stream = read(
        "<div>一、<span>总体</span><b>情<i>况</i></b><p>甲<br/>乙</p>丙<ul><li>丁</li><li>戊</li></ul>己</div>"
    )
    assert stream.lines == ["一、总体情况", "甲", "乙", "丙", "丁", "戊", "己"]


def test_scripts_styles_comments_forms_and_hidden_parts_are_dropped() -> None:
    stream = read(
        "<html><head><title>题</title><style>p{}</style></head><body style='display: none'>"
        "<script>document.write('<p>甲</p>')</script><noscript>乙</noscript>"
        "<!-- 丙 --><!--[if IE]><p>丁</p><![endif]-->"
        "<div style='color:red;DISPLAY : NONE'><p>戊</p></div><p hidden>己</p>"
        "<span style='visibility:hidden'>庚</span>"
        "<select><option>辛</option></select><p>留<del>删</del><s>除</s>下</p><template>壬</template></body></html>"
    )
    assert stream.lines == ["留下"]


@pytest.mark.parametrize(
    ("hidden", "text"),
    [
        ("<span class='x'>9</span>", "4"),  # by the page's own sheet
        ("<span id='y'>9</span>", "4"),
        ("<i class='b z'>9</i>", "4"),
        ("<span style='opacity:0'>9</span>", "4"),
        ("<span style='position:absolute; left:-9999px'>9</span>", "4"),
        ("<span style='font-size:0px'>9</span>", "4"),
        ("<span style='width:0;height:0;overflow:hidden;display:inline-block'>9</span>", "4"),
        ("<span style='mso-hide:all'>9</span>", "4"),
        ("<span style='text-decoration: underline line-through'>9</span>", "4"),
        ("<span style='color:transparent'>9</span>", "4"),
        ("<font color='#FFFFFF'>9</font>", PICTURE + "4"),  # on a dark ground the other would not be seen
        ("<span style='color:#fff;'>9</span>", PICTURE + "4"),
        ("<span class='w'>9</span>", PICTURE + "4"),  # the sheet hides and shows it
        ("<span class='d-none'>9</span>", PICTURE + "4"),  # a sheet that is not there may hide it
        ("<span style='font-size:0'><b style='font-size:12px'>9</b></span>", "94"),
        ("<span class='p'>9</span>", "94"),  # only on paper
        ("<span style='background-color:#fff; line-height:0.9; margin-left:-1px'>9</span>", "94"),
        ("<ruby><rt>9</rt></ruby>", "⁹ 4"),
    ],
)
def test_figures_that_are_not_seen_are_none_of_a_cell(hidden: str, text: str) -> None:
    """Noise against copying stood in cells beside their figures: 44 was read as 2944."""
    sheet = (
        ".x, #y {color: red; display: none !important} table td i.z{visibility:hidden} .w{display:none}"
        " .on .w {display: inline} @media print { .p { display: none } }"
    )
    page = f"<style>{sheet}</style>" + rows(["规章", f"{hidden}4", "2"])
    assert [cell.text for cell in read(page).grid[0]] == ["规章", text, "2"]


def test_white_letters_alone_in_their_cells_are_seen_and_hidden_ones_leave_no_blank() -> None:
    page = "<style>.x{display:none}</style>" + rows(
        ["<font color=white>规章</font>", "<span style='color:white'>4</span>", "<b class=x>2</b>", "3"]
    )
    assert [cell.text for cell in read(page).grid[0]] == ["规章", "4", PICTURE, "3"]


def test_an_article_that_a_sheet_hides_until_a_script_shows_it_is_read() -> None:
    page = "<style>.x{display:none} .x.on{display:block}</style><div class=x><p>甲</p>" + rows(["规章", "1"])
    assert read(page + "</div>").lines == ["甲", "规章\t1"]


def test_white_space_is_what_a_browser_shows() -> None:
    stream = read("<p>\n  政府\n  信息 公开\t\n 2021\n年 &nbsp;&nbsp;甲&#8203;乙\u3000 </p><p>&nbsp;</p>")
    assert stream.lines == ["政府信息 公开 2021 年   甲乙"]


def test_preformatted_text_keeps_its_lines_spaces_and_numbers() -> None:
    stream = read("<html>\n<pre>\n信息内容\t本年\n  规章   3\n\n末\n</pre>\n<p>后</p></html>")
    assert numbered(stream) == [(3, "信息内容\t本年"), (4, "  规章   3"), (6, "末"), (8, "后")]
    styled = read('<div style="white-space: pre-wrap">甲  乙\n丙</div><p>丁\n戊</p>')
    assert styled.lines == ["甲  乙", "丙", "丁戊"]


def test_a_page_without_a_table_gives_text_lines() -> None:
    stream = read("<p>（一）予以公开 1 0 0 0 0 0 1</p>\n<p>（二）部分公开 0 0 0 0 0 0 0</p>")
    assert stream.lines == ["（一）予以公开 1 0 0 0 0 0 1", "（二）部分公开 0 0 0 0 0 0 0"]
    assert not stream.grid


def test_a_raised_figure_does_not_grow_onto_the_one_before_it() -> None:
    stream = read("<p>公开12<sup>3</sup>条</p>" + rows(["规章", "5<sup>①</sup>", "7<sub>2</sub>"]))
    assert stream.lines == ["公开12 ³ 条", "规章\t5 ①\t7 2"]


def test_text_files_with_tables_set_into_them_keep_their_lines() -> None:
    """Converters from PDF write Markdown with each table as HTML on one line."""
    text = (
        "# 某局 2021 年报告\n\n一、总体情况\n文字 &lt;甲&gt;\n\n"
        "<html><body><table><tr><td>规章</td><td>\n 3</td></tr></table></body></html>\n\n三、收到\n"
    )
    stream = read(text)
    assert numbered(stream) == [
        (1, "# 某局 2021 年报告"),
        (3, "一、总体情况"),
        (4, "文字 <甲>"),
        (6, "规章\t3"),
        (9, "三、收到"),
    ]
    assert stream.grid[3][1].line == 7


def test_markdown_in_the_divisions_of_a_page_keeps_its_lines() -> None:
    """Converters leave `<div>` where Markdown has no sign for it; a table's rows ran together in one line."""
    text = (
        '<div class="article">\n\n<div>\n\n# 某局 2021 年报告\n\n</div>\n\n'
        "| 规章 | 3 |\n|---|---|\n| 许可 | 5 |\n\n"
        "<table><tr><td>处罚</td><td>\n 7</td></tr></table>\n\n</div>\n"
    )
    assert numbered(read(text)) == [
        (5, "# 某局 2021 年报告"),
        (9, "| 规章 | 3 |"),
        (10, "|---|---|"),
        (11, "| 许可 | 5 |"),
        (13, "处罚\t7"),
    ]
    page = "<html><body><div>\n# 甲\n乙\n</div></body></html>"
    assert read(page).lines == ["# 甲乙"]


@pytest.mark.parametrize("sign", ["**某局 2021 年报告**", "-   [首页](/col15/index.html)"])
def test_markdown_is_told_by_bold_lines_and_links_too(sign: str) -> None:
    """A cell that had no `<div>` of its own ran into the next row's label: `0 3.危及`."""
    text = f"<div>\n\n{sign}\n\n</div>\n\n规章\n\n<div>\n\n0\n\n</div>\n\n0\n\n规范性文件\n"
    assert read(text).lines == [sign, "规章", "0", "0", "规范性文件"]


@pytest.mark.parametrize(
    "lines",
    [
        ["规章\n", "0\n", "5\n", "规范性文件\n"],
        ["|规章|0|5|", "|规范性文件|1|2|"],
        ['{| class="wikitable"', "|-", "| 规章", "| 0"],
    ],
)
def test_text_with_some_divisions_keeps_its_lines(lines: list[str]) -> None:
    """As converters to a wiki's text leave them; a table's rows ran together in one line."""
    text = "<div>\n\n" + "\n".join(lines) + "\n\n</div>\n"
    assert read(text).lines == [line.strip() for line in lines]
    page = "<html><body><div>\n规章\n\n0\n</div></body></html>"
    assert read(page).lines == ["规章 0"]


def test_attributes_of_spans_in_markdown_are_no_text() -> None:
    text = '# 报告\n\n<div>\n\n[规]{lang="EN-US"}[章]{.mark}\n\n</div>\n'
    assert [line.strip() for line in read(text).lines] == ["# 报告", "规章"]


# --- tables ---


def test_rows_have_cells_with_columns_spans_and_empty_cells() -> None:
    stream = read(
        "<table><tr><td rowspan=2>信息内容</td><td colspan=2>本年</td></tr>"
        "<tr><td>新制作</td><td></td></tr><tr><th>规章<td>&nbsp;<td>0</table>"
    )
    assert grid_texts(stream) == [
        [("信息内容", 0, 1, 2), ("本年", 1, 2, 1)],
        [("新制作", 1, 1, 1), ("", 2, 1, 1)],
        [("规章", 0, 1, 1), ("", 1, 1, 1), ("0", 2, 1, 1)],
    ]
    assert stream.lines == ["信息内容\t本年", "新制作\t", "规章\t\t0"]


def test_lines_of_a_cell_are_joined_as_chinese_is_written() -> None:
    stream = read(
        rows(
            [
                "<p>本年新</p>\n<p>公开数量</p>",
                "12<br>34",
                "第二十条<br/>第（一）项",
                "<p>5</p><p>件</p>",
                "a\tb",
            ]
        )
    )
    assert [cell.text for cell in stream.grid[0]] == [
        "本年新公开数量",
        "12 34",
        "第二十条第（一）项",
        "5 件",
        "a b",
    ]


def test_nested_spans_and_paragraphs_as_word_writes_them() -> None:
    cell = (
        '<p class="MsoNormal"><span style="x"><span lang="EN-US">1<span>2</span></span></span><o:p></o:p></p>'
    )
    assert grid_texts(read(rows(["规章", cell])))[0][1] == ("12", 1, 1, 1)


def test_a_table_cut_in_two_stays_two_tables() -> None:
    stream = read(rows(["甲", "1"]) + "<p>- 2 -</p>" + rows(["乙", "2"]))
    assert stream.tables == {0: 0, 2: 1}
    assert stream.lines == ["甲\t1", "- 2 -", "乙\t2"]


def test_tables_that_lay_out_the_page_become_its_text() -> None:
    inner = rows(["规章", "3"], ["行政规范性文件", "4"])
    stream = read(
        f"<table><tr><td>首页</td><td>机构</td></tr><tr><td><p>导航</p></td><td><h1>标题</h1>{inner}<p>后</p></td></tr></table>"
    )
    assert stream.lines == ["首页\t机构", "导航", "标题", "规章\t3", "行政规范性文件\t4", "后"]
    assert [stream.tables[index] for index in sorted(stream.tables)] == [0, 1, 1]


def test_a_table_of_one_column_only_frames_its_text() -> None:
    stream = read(
        "<table><tr><td><p>一、总体情况</p><p>文字</p></td></tr><tr><td>二、主动公开</td></tr></table>"
    )
    assert stream.lines == ["一、总体情况", "文字", "二、主动公开"]
    assert not stream.grid


def test_an_article_in_one_cell_beside_others_keeps_its_lines() -> None:
    article = "".join(
        f"<p>第{n}段，本机关认真贯彻落实《中华人民共和国政府信息公开条例》，做好各项工作，成效明显。</p>"
        for n in range(12)
    )
    stream = read(rows(["栏目", article]))
    assert stream.lines[0] == "栏目"
    assert len(stream.lines) == 13
    assert not stream.grid


def test_row_spans_end_with_their_row_group() -> None:
    stream = read(
        "<table><thead><tr><td rowspan=5>甲</td><td>乙</td></tr></thead>"
        "<tbody><tr><td>丙</td><td>丁</td></tr><tr><td rowspan=0>戊</td><td>己</td></tr>"
        "<tr><td>庚</td></tr></tbody></table>"
    )
    assert grid_texts(stream) == [
        [("甲", 0, 1, 1), ("乙", 1, 1, 1)],
        [("丙", 0, 1, 1), ("丁", 1, 1, 1)],
        [("戊", 0, 1, 2), ("己", 1, 1, 1)],
        [("庚", 1, 1, 1)],
    ]


def test_groups_of_a_nested_table_do_not_end_spans_of_the_outer_one() -> None:
    nested = "<table><tbody><tr><td>内</td></tr></tbody></table>"
    stream = read(
        f"<table><tbody><tr><td rowspan=2>甲</td><td>{nested}</td></tr><tr><td>乙</td></tr></tbody></table>"
    )
    assert grid_texts(stream) == [[("甲", 0, 1, 2), ("内", 1, 1, 1)], [("乙", 1, 1, 1)]]


def test_hidden_rows_and_cells_take_no_place() -> None:
    stream = read(
        "<table><tr style='display:none'><td>x</td><td>y</td></tr>"
        "<tr><td style='display:none'>z</td><td>甲</td><td>1</td></tr></table>"
    )
    assert grid_texts(stream) == [[("甲", 0, 1, 1), ("1", 1, 1, 1)]]


def test_a_cell_that_shows_a_picture_is_not_blank() -> None:
    stream = read(
        "<table><tr><td>规章</td><td><img src='3.gif'></td><td><img src='x.gif'>5</td><td></td></tr></table>"
    )
    assert [cell.text for cell in stream.grid[0]] == ["规章", PICTURE, "5", ""]


def test_a_choice_is_no_blank() -> None:
    stream = read(rows(["规章", "<select><option>1</option><option selected>2</option></select>", "3"]))
    assert [cell.text for cell in stream.grid[0]] == ["规章", PICTURE, "3"]


def test_a_field_shows_its_value() -> None:
    stream = read(rows(["规章", "<input type='text' value='3'>", "<input type=hidden value=9>"]))
    assert [cell.text for cell in stream.grid[0]] == ["规章", "3", ""]


def test_broken_markup_is_read_as_far_as_it_goes() -> None:
    stream = read(
        "<p>前<table><tr><td>甲<td>1<tr><td colspan='x'>乙</td><td rowspan=-1>2</div></table><p>后</b>"
    )
    assert stream.lines == ["前", "甲\t1", "乙\t2", "后"]
    loose = read("<div><td>孤</td><td>单</td></div><table>散<tr>落<td>1</td><td>2</td></tr></table>")
    assert loose.lines == ["孤", "单", "散", "落", "1\t2"]


# --- line numbers ---


def test_numbers_are_the_lines_of_the_file() -> None:
    page = (
        "<html>\n<body>\n<script>\nvar a;\n\n</script>甲\n<!-- 1\n2 -->乙<p\n class='x'\n>丙</p>丁\n"
        "<table>\n<tr>\n<td>规章</td>\n<td>\n  <p>3</p>\n</td><td></td>\n</tr>\n</table>"
        "戊<br>\n己\n</body></html>"
    )
    stream = read(page)
    assert numbered(stream) == [
        (6, "甲乙"),
        (10, "丙"),
        (10, "丁"),
        (13, "规章\t3\t"),
        (18, "戊"),
        (19, "己"),
    ]
    assert [cell.line for cell in stream.grid[3]] == [13, 15, 16]


@pytest.mark.parametrize(("line_end", "expected"), [("\r\n", [2, 3]), ("\r", [2, 3]), ("\n", [2, 3])])
def test_numbers_with_other_line_ends(line_end: str, expected: list[int]) -> None:
    assert list(read(f"<html>{line_end}<p>甲</p>{line_end}<p>乙</p></html>").numbers) == expected


def test_a_lone_carriage_return_among_line_ends_is_no_line() -> None:
    assert numbered(read("<p>甲\r乙</p>\n<p>丙</p>")) == [(1, "甲 乙"), (2, "丙")]


def test_numbers_go_on_where_the_parser_stops_counting() -> None:
    """libxml2 keeps a tag's line in 16 bits."""
    rows_before = 12_000
    row = "<tr\n>\n<td class='a'\n style='b'>行</td>\n<td>{}</td>\n<!-- x\n --></tr>\n"
    page = (
        "<html><body><table>\n"
        + "".join(row.format(n) for n in range(rows_before))
        + "</table>\n<p>末</p></body></html>"
    )
    stream = read(page)
    lines = page.split("\n")
    assert len(lines) > 80_000
    for index in (0, 9_000, 10_000, rows_before - 1):
        assert f"<td>{index}</td>" in lines[stream.grid[index][1].line - 1]
    assert lines[stream.numbers[-1] - 1] == "<p>末</p></body></html>"


def test_a_page_on_one_line_has_one_number() -> None:
    assert set(read("<div>" + "<p>甲</p>" * 50 + "</div>").numbers) == {1}


# --- refusals ---


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "span", "p><font"])
def test_ten_thousand_nested_tags_are_refused_with_a_reason(tag: str) -> None:
    with pytest.raises(Unreadable, match="nests its tags thousands deep"):
        read(f"<html><body><p>前</p>{f'<{tag}>' * 10_000}深")


def test_nesting_that_careless_pages_reach_is_read() -> None:
    stream = read("<html><body>" + "<font>" * 500 + "深" + rows(["甲", "1"]) + "</body></html>")
    assert stream.lines == ["深", "甲\t1"]


def test_nested_tables_as_deep_as_the_parser_goes_are_read() -> None:
    stream = read("<html><body>" + "<table><tr><td>外" * 500 + "</body></html>")
    assert stream.lines == ["外"] * 500


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(Unreadable, match="too large for a report"):
        read("<html>" + "<p>" * 1_000_001)


@pytest.mark.parametrize(
    "page",
    ["<html><body><script>load()</script></body></html>", "<!doctype html>\n<!-- 空 --><p></p>", "<html>"],
)
def test_a_page_that_shows_no_text_is_refused(page: str) -> None:
    with pytest.raises(Unreadable, match=r"shows no text .* open it in a browser"):
        read(page)
