"""Web pages as government sites serve them: navigation, metadata table, scripts, and an article with real
tables.

Belongs here: marking up a document, in the manners of content systems, of Word's HTML, and of old hand-made
pages. Does not belong here: text copied from a page (layouts.web_text).
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from random import Random

from tests.generator.document import Block, Document, Paragraph, Row, Slot, Table, split_table
from tests.generator.layouts import Furniture
from tests.generator.truth import Truth

CellWriter = Callable[[Slot, Random], str]

_CHARSETS = {"utf-8": ("utf-8", "UTF-8"), "utf-8-sig": ("utf-8",), "gb18030": ("gb2312", "gbk", "GB18030")}


@dataclass(frozen=True, slots=True)
class HtmlLayout:
    """A manner of web page. `split`: table 三 is cut into two tables. `old`: layout tables and unclosed
    tags.
    """

    name: str
    cell: CellWriter
    split: bool = False
    old: bool = False

    def write(self, document: Document, rng: Random) -> tuple[bytes, str]:
        """Bytes of the page and their encoding."""
        encoding = rng.choice(("utf-8",) * 6 + ("utf-8-sig",) + ("gb18030",) * 3)
        around = Furniture.draw(document, rng)
        head = _head(document, rng.choice(_CHARSETS[encoding]), rng)
        top = _navigation(around.navigation, rng) + _metadata(document.truth, rng)
        article = _article(self, document, rng)
        bottom = "" if document.cut else _footer(around.after, rng)
        page = head + (
            _in_layout_table(top, article, bottom, rng) if self.old else _in_divs(top, article, bottom, rng)
        )
        text = _cut_off(page) if document.cut else page + "</body>\n</html>\n"
        end = "\r\n" if rng.random() < 0.3 else "\n"
        return text.replace("\n", end).encode(encoding), encoding


# --- cells ---


def _spans(slot: Slot) -> str:
    across = f' colspan="{slot.width}"' if slot.width > 1 else ""
    return across + (f' rowspan="{slot.height}"' if slot.height > 1 else "")


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br/>")


def _plain_cell(slot: Slot, rng: Random) -> str:
    tag = "th" if slot.kind == "head" and rng.random() < 0.3 else "td"
    text = _text(slot.text) or rng.choice(("", "", "&nbsp;"))
    return f"<{tag}{_spans(slot)}>{text}</{tag}>"


def _pieces(text: str, rng: Random) -> list[str]:
    """A text cut at random places, between its digits too, as spell checkers and fonts cut it into spans."""
    if len(text) < 2 or rng.random() < 0.5:
        return [text]
    place = rng.randrange(1, len(text))
    return [text[:place], text[place:]]


def _word_cell(slot: Slot, rng: Random) -> str:
    style = rng.choice(("font-family:宋体", "font-size:10.5pt;color:#333", "mso-bidi-font-size:12.0pt"))
    spans = "".join(
        f'<span lang="EN-US" style="{style}">{_text(piece)}</span>' for piece in _pieces(slot.text, rng)
    )
    if not slot.text:
        spans = rng.choice(("<span><o:p>&nbsp;</o:p></span>", "<o:p></o:p>", "&nbsp;"))
    if slot.kind == "label" and len(slot.text) > 6 and rng.random() < 0.2:
        spans = spans.replace(slot.text[:3], slot.text[:3] + "\n", 1)
    border = "border:solid windowtext 1.0pt;padding:0 5.4pt"
    wide = f'<td width="{slot.width * 64}"{_spans(slot)} valign="top" style="{border}">'
    gap = "\n  " if rng.random() < 0.5 else ""
    return (
        f'{wide}{gap}<p class="MsoNormal" align="center" style="text-align:center">{gap}{spans}</p>{gap}</td>'
    )


def _old_cell(slot: Slot, rng: Random) -> str:
    spans = _spans(slot).replace('"', "").upper()
    text = _text(slot.text).replace("<br/>", "<BR>") or "&nbsp;"
    body = f"<P align=center><FONT size=2>{text}</FONT>" if rng.random() < 0.5 else f"<DIV>{text}</DIV>"
    return f"<TD{spans} align=middle>{body}"


HTML_LAYOUTS: dict[str, HtmlLayout] = {
    layout.name: layout
    for layout in (
        HtmlLayout("html", _plain_cell),
        HtmlLayout("html_word", _word_cell),
        HtmlLayout("html_split", _plain_cell, split=True),
        HtmlLayout("html_old", _old_cell, old=True),
    )
}

# --- article ---


def _row(row: Row, layout: HtmlLayout, rng: Random) -> str:
    cells = "\n".join(layout.cell(slot, rng) for slot in sorted(row.slots, key=lambda slot: slot.column))
    return f"<TR>\n{cells}\n" if layout.old else f"<tr>\n{cells}\n</tr>\n"


def _table(table: Table, layout: HtmlLayout, rng: Random) -> str:
    rows = "".join(_row(row, layout, rng) for row in table.rows)
    if layout.old:
        return f"<TABLE border=1 cellSpacing=0 width=600><TBODY>\n{rows}</TBODY></TABLE>\n"
    body = f"<tbody>\n{rows}</tbody>\n" if rng.random() < 0.7 else rows
    inner = f'<table border="1" cellpadding="0" cellspacing="0" class="MsoTableGrid">\n{body}</table>\n'
    return f'<div class="table-box"><center>\n{inner}</center></div>\n' if rng.random() < 0.4 else inner


def _paragraph(block: Paragraph, layout: HtmlLayout, rng: Random) -> str:
    text = _text(block.text).replace("“", "&ldquo;").replace("”", "&rdquo;")
    if block.kind == "title":
        return (
            f"<h1>{text}</h1>\n"
            if not layout.old
            else f"<P align=center><STRONG><FONT size=5>{text}</FONT></STRONG>\n"
        )
    if layout.old:
        return f"<P>&nbsp;&nbsp;&nbsp;&nbsp;{text}\n"
    if block.kind == "heading" and rng.random() < 0.6:
        return (
            f'<p style="text-indent:2em"><strong><span style="font-family:黑体">{text}</span></strong></p>\n'
        )
    if rng.random() < 0.2:
        return f"<div>　　{text}<br/></div>\n"
    return f'<p style="text-indent: 2em; text-align: justify;">{text}</p>\n'


def _article(layout: HtmlLayout, document: Document, rng: Random) -> str:
    parts = []
    for block in document.blocks:
        parts += [_block(piece, layout, rng) for piece in _pieces_of(block, layout, rng)]
    return "".join(parts)


def _pieces_of(block: Block, layout: HtmlLayout, rng: Random) -> list[Block]:
    if (
        not layout.split
        or not isinstance(block, Table)
        or block.code != "application"
        or len(block.rows) < 10
    ):
        return [block]
    place = rng.randint(6, len(block.rows) - 2)
    return list(split_table(block, place, rng.choice(("repeat", "blank", "drop"))))


def _block(block: Block, layout: HtmlLayout, rng: Random) -> str:
    return _paragraph(block, layout, rng) if isinstance(block, Paragraph) else _table(block, layout, rng)


# --- the page around it ---

_STYLE = '<style type="text/css">\ntable{border-collapse:collapse} td{padding:3px 8px}\n</style>'
_COMMENT = "<!-- <table><tr><td>一、本年新收</td><td>9</td></tr></table> -->"


def _title(document: Document) -> str:
    lines = [
        block.text for block in document.blocks if isinstance(block, Paragraph) and block.kind == "title"
    ]
    return escape("".join(lines)) or "政府信息公开工作年度报告"


def _head(document: Document, charset: str, rng: Random) -> str:
    title, truth = _title(document), document.truth
    day = truth.published_on.isoformat() if truth.published_on else ""
    meta = [
        f'<meta charset="{charset}">',
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}" />',
    ]
    lines = [
        "<!DOCTYPE html>\n<html>\n<head>",
        rng.choice(meta),
        f"<title>{title}_{rng.choice(('政府信息公开年报', '政务公开', '门户网站'))}</title>",
        f'<meta name="ArticleTitle" content="{title}" />',
        f'<meta name="PubDate" content="{day} 10:{rng.randint(10, 59)}" />' if day else "",
        f'<meta name="ContentSource" content="{truth.agency or ""}" />',
        _STYLE,
        f'<script>\nvar colId = "{rng.randint(1000, 9999)}"; var rows = "<tr><td>7</td></tr>";\n</script>',
        "</head>\n<body>\n",
    ]
    return "\n".join(line for line in lines if line)


def _navigation(lines: list[str], rng: Random) -> str:
    items = "\n".join(
        f'<li><a href="/col{rng.randint(10, 99)}/index.html">{escape(line)}</a></li>' for line in lines
    )
    return f'<div class="header"><ul class="nav">\n{items}\n</ul></div>\n{_COMMENT}\n'


def _metadata(truth: Truth, rng: Random) -> str:
    """The table of index number, publisher and date that stands above an article."""
    if rng.random() < 0.3:
        return ""
    day = truth.published_on.isoformat() if truth.published_on else ""
    pairs = [
        (
            "索 引 号",
            f"{rng.randint(10000000, 99999999)}-{rng.randint(1, 9)}/{truth.year}-{rng.randint(1, 99999):05d}",
        ),
        ("主题分类", "其他"),
        ("发布机构", truth.agency or ""),
        ("发文日期", day),
        ("文 号", "无"),
        ("有 效 性", "有效"),
    ]
    cells = [f"<td>{name}：</td><td>{value}</td>" for name, value in pairs]
    rows = "\n".join(f"<tr>{cells[at]}{cells[at + 1]}</tr>" for at in range(0, len(cells), 2))
    return f'<table class="xxgk-head" width="100%">\n{rows}\n</table>\n'


def _footer(lines: list[str], rng: Random) -> str:
    text = "\n".join(f"<p>{escape(line)}</p>" for line in lines)
    counter = f"<script>document.write('<td>' + {rng.randint(1, 99)} + '</td>');</script>"
    icp = f"苏ICP备{rng.randint(10000000, 99999999)}号 公网安备 {rng.randint(10**13, 10**14 - 1)}号"
    return f'<div class="footer">\n{text}\n<p>{icp}</p>\n{counter}\n</div>\n'


def _cut_off(page: str) -> str:
    """The page as far as its last table row goes: a file that was not saved whole."""
    return page[: max(page.rfind("</tbody>"), page.rfind("</TBODY>"), page.rfind("</tr>"))]


def _in_divs(top: str, article: str, bottom: str, rng: Random) -> str:
    depth = rng.randint(1, 6)
    opened = "".join(f'<div class="w{level}">\n' for level in range(depth))
    closed = "</div>\n" * depth
    return f'{top}{opened}<div id="zoom" class="article">\n{article}' + (
        f"</div>\n{closed}{bottom}" if bottom else ""
    )


def _in_layout_table(top: str, article: str, bottom: str, rng: Random) -> str:
    width = rng.choice((780, 1000, 1002))
    start = (
        f"<TABLE width={width} align=center><TBODY>\n<TR><TD class=left width=180>{top}\n<TD class=main>\n"
    )
    nested = f"<TABLE width=95%><TR><TD>\n{article}"
    return start + nested + (f"</TABLE>\n<TR><TD colSpan=2>{bottom}</TABLE>\n" if bottom else "")
