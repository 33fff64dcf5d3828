"""HTML, as government sites serve it, to the stream.

Belongs here: which elements end a line, where rows and cells begin.
Does not belong here: which are shown (`sight.py`), what the page says of itself (`metadata.py`), or spans
(`grid.py`).
Line numbers are those of the source file. lxml knows the line of a start tag up to line 65,534;
they are counted along the text as well, so that text after an end tag and longer files have theirs.
"""

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from lxml import etree

from pipeline.documents import grid
from pipeline.documents.flow import PICTURE, Collector, Entry, Line, MarkedRow, Placed, to_stream
from pipeline.documents.leftovers import without_spans
from pipeline.documents.limits import MAX_TEXT
from pipeline.documents.metadata import page_meta
from pipeline.documents.sight import Sight, Sights
from pipeline.documents.spacing import RAISED, squeeze
from pipeline.documents.stream import Stream, Unreadable

MEDIA_TYPE = "text/html"

MAX_TAGS = 1_000_000
"""Start and end tags: a table of 10,000 rows pasted from Word has 600,000; each costs a microsecond."""

_NO_TEXT = "The web page shows no text (scripts may load it): open it in a browser and save what is shown."
_LAST_KNOWN_LINE = 65_534

_PARAGRAPHS = {"p", "div", "br", "hr", "pre", "xmp", "listing", "blockquote", "center", "address"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary", "caption", "figcaption"}
_LISTS = {"ul", "ol", "li", "dl", "dt", "dd", "dir", "menu"}
_PARTS = {
    "body",
    "article",
    "section",
    "aside",
    "main",
    "nav",
    "header",
    "footer",
    "details",
    "dialog",
    "figure",
}
_FORMS = {"form", "fieldset"}
_TABLE_PARTS = {"table", "thead", "tbody", "tfoot", "tr", "td", "th"}
_LINE_ENDING = frozenset(_PARAGRAPHS | _HEADINGS | _LISTS | _PARTS | _FORMS | _TABLE_PARTS)

_TYPED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_LINE_MARKUP = re.compile(r"<(?:p|div|br|li|h[1-6]|pre|dd|section)\b", re.IGNORECASE)
_PAGE = re.compile(  # nothing is tried twice: a comment ends at its first -->
    r"\s*+(?:(?><\?xml[^>]*+>|<!--.*?-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKDOWN = re.compile(  # a heading, a line in bold, an item that is a link, a table's rule or row
    r"^(?:#{1,6} \S|\*\*[^*\n]+\*\*$|[-*+] {1,3}\[[^\]\n]+\]\(|[ ]{0,3}\|?(?:[ ]{0,3}:?-{3,}:?[ ]{0,3}\|)+"
    r"|[ ]{0,3}\+(?:[-=:]{3,}\+)+$|[ ]*-{3,}(?:[ ]+-{3,})+$|\|[^\n]*\|$|\{\|)",
    re.MULTILINE,
)
_FEWEST_PARAGRAPHS = 3
_TABLE_START = re.compile(r"<table\b", re.IGNORECASE)
_TABLE_END = re.compile(r"</table\b", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_NUMBER = re.compile(r"\s*(\d{1,6})")


def read_html(text: str, encoding: str | None) -> Stream:
    """The stream of an HTML page; entries are numbered by the lines of `text`.

    Raises Unreadable for a page that is too large, nested too deep or shows no text.
    """
    if len(text) > MAX_TEXT or text.count("<") > MAX_TAGS:
        raise Unreadable(
            "The web page is too large for a report (over 8 million characters or a million tags): "
            "save the report's own page without the rest of the site."
        )
    text = _one_line_end(text)
    typed = _is_text_with_tables(text)
    root = _parse(without_spans(text) if typed else text)
    entries = _Walker(Sights(root), typed=typed).walk(root)
    if not entries:
        raise Unreadable(_NO_TEXT)
    stream = to_stream(entries, MEDIA_TYPE, encoding=encoding, own_numbers=True)
    stream.meta = page_meta(root, stream)
    return stream


def _one_line_end(text: str) -> str:
    r"""Text with `\n` wherever a new line begins, and a space for every other white space that HTML knows.

    A lone `\r` begins a line only in a file that has no other line end, as in an editor.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        text = text.replace("\r", " " if "\n" in text else "\n")
    text = text.replace("\f", " ").replace("\v", " ")
    if text.count("\n") >= _LAST_KNOWN_LINE:
        text = _TAG.sub(_line_ends_after_tag, text)
    return text


def _line_ends_after_tag(tag: re.Match[str]) -> str:
    """The tag on one line: where lxml can't tell lines, line ends must stand in text that is counted."""
    return tag[0].replace("\n", " ") + "\n" * tag[0].count("\n")


def _is_text_with_tables(text: str) -> bool:
    """Whether a text file has HTML tables set into it, as converters write them; its line ends are meant.

    So are those of Markdown in which a converter left the divisions of a page.
    """
    if "\n" not in text.strip():
        return False
    between = [_TABLE_START.split(part, maxsplit=1)[0] for part in _TABLE_END.split(text)]
    if not any(map(_LINE_MARKUP.search, between)):
        return True
    return not _PAGE.match(text) and any(_MARKDOWN.search(part) or _has_paragraphs(part) for part in between)


def _has_paragraphs(text: str) -> bool:
    """Whether some lines of text follow each other with an empty line between and no tag: a browser would
    run them together.
    """
    lines = text.split("\n")
    written = [bool(line.strip()) and "<" not in line for line in lines]
    pairs = zip(written, lines[1:], written[2:], strict=False)
    return sum(one and not between.strip() and other for one, between, other in pairs) >= _FEWEST_PARAGRAPHS


def _parse(text: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            f"The web page can't be parsed ({error.msg}): save it again from a browser."
        ) from None
    if root is None:
        raise Unreadable(_NO_TEXT)
    # The parser stops at its depth limit and hands back the part before it: never take that for the whole.
    if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log):
        raise Unreadable(
            "The web page nests its tags thousands deep, so it can't be parsed whole: "
            "save the report from a browser as text, PDF or DOCX."
        )
    return root


class _CellMark(NamedTuple):
    span: grid.Span
    line: int


def _place(rows: Sequence[MarkedRow[int, _CellMark]]) -> list[list[Placed]]:
    """Rows with their cells' columns; a row's mark is the number of its row group, where row spans end."""
    placed: list[list[Placed]] = []
    for _, group in groupby(rows, key=lambda row: row.mark):
        group_rows = list(group)
        places = grid.place([[mark.span for mark, _ in row.cells] for row in group_rows])
        placed.extend(map(_placed_row, group_rows, places))
    return placed


def _placed_row(row: MarkedRow[int, _CellMark], places: list[grid.Place]) -> list[Placed]:
    return [
        Placed(flow, *place, line=flow.entries[0].number if flow.entries else mark.line)
        for (mark, flow), place in zip(row.cells, places, strict=True)
    ]


class _Walker:
    """Goes through the tree in source order, without recursion, and collects entries."""

    def __init__(self, sights: Sights, *, typed: bool) -> None:
        self._sights = sights
        self._collect: Collector[int, _CellMark] = Collector(_place)
        self._closers: list[tuple[etree._Element, Callable[[], None]]] = []
        self._groups = 0
        self._group = 0
        self._typed = typed
        self._raised = False
        self._pieces: list[str] = []
        self._start = 1
        self._line = 1

    def walk(self, root: etree._Element) -> list[Entry]:
        """Entries of the whole page."""
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                self._find_line(element)
                sight = self._sights.of(element, in_table=self._collect.in_table)
                if sight is not Sight.SHOWN:
                    walk.skip_subtree()
                    self._pass_over(element, sight)
                else:
                    self._open(element)
                    self._text(element.text)
                continue
            if event == "end":
                self._close(element)
            else:
                self._line += (element.text or "").count("\n")
            self._text(element.tail)
        self._end_line()
        return self._collect.page.entries

    def _pass_over(self, element: etree._Element, sight: Sight) -> None:
        """Go on after an element whose text doesn't count; a mark stays of figures that may do."""
        if sight is Sight.DOUBTFUL:
            self._text(PICTURE)
        self._collect.flow.has_picture |= sight is Sight.OTHER
        self._line += sum(text.count("\n") for text in element.itertext())

    def _find_line(self, element: etree._Element) -> None:
        line = element.sourceline
        if line is not None and line <= _LAST_KNOWN_LINE:
            self._line = line

    def _open(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _LINE_ENDING:
            self._end_line()
        opener = _OPENERS.get(tag)
        if opener is not None:
            opener(self, element)
        elif (style := element.get("style")) is not None and _TYPED.search(style):
            self.open_typed(element)

    def _close(self, element: etree._Element) -> None:
        if element.tag in _LINE_ENDING:
            self._end_line()
        if self._closers and self._closers[-1][0] is element:
            self._closers.pop()[1]()

    # --- text ---

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self._raised:
            text = text.translate(RAISED)
        if self._typed:
            self._typed_text(text)
            return
        line_ends = text.count("\n")
        if self._pieces:
            self._pieces.append(text)
        elif shown := text.lstrip():
            self._start = self._line + line_ends - shown.count("\n")
            self._pieces.append(shown)
        self._line += line_ends

    def _typed_text(self, text: str) -> None:
        """Text whose line ends and spaces are meant, as in `pre`."""
        for index, line in enumerate(text.split("\n")):
            if index:
                self._end_line()
                self._line += 1
            if not self._pieces:
                self._start = self._line
            self._pieces.append(line)

    def _end_line(self) -> None:
        if not self._pieces:
            return
        joined = "".join(self._pieces)
        self._pieces = []
        text = joined.replace("\xa0", " ").rstrip() if self._typed else squeeze(joined)
        if text:
            self._collect.flow.entries.append(Line(text, self._start))

    # --- elements with a meaning of their own; each is called with its line ended where it ends one ---

    def open_table(self, element: etree._Element) -> None:
        outer_typed, self._typed = self._typed, False
        self._collect.open_table()

        def close() -> None:
            self._collect.close_table()
            self._typed = outer_typed

        self._closers.append((element, close))

    def open_group(self, element: etree._Element) -> None:
        outer = self._group
        self._groups += 1
        self._group = self._groups
        self._closers.append((element, lambda: setattr(self, "_group", outer)))

    def open_row(self, element: etree._Element) -> None:
        if self._collect.between_cells:
            self._collect.open_row(self._group)
            self._closers.append((element, self._collect.close_row))

    def open_cell(self, element: etree._Element) -> None:
        if not self._collect.between_cells:
            return
        if not self._collect.in_row:
            self._collect.open_row(self._group)
        span = grid.Span(max(1, _span(element, "colspan")), _span(element, "rowspan"))
        self._collect.open_cell(_CellMark(span, self._line))
        self._closers.append((element, self._collect.close_cell))

    def open_typed(self, element: etree._Element) -> None:
        self._end_line()
        outer, self._typed = self._typed, True

        def close() -> None:
            self._end_line()
            self._typed = outer

        self._closers.append((element, close))

    def open_raised(self, element: etree._Element) -> None:
        """A footnote's number must not become the last digit of a figure."""
        self._text(" ")
        outer, self._raised = self._raised, element.tag != "sub"

        def close() -> None:
            self._raised = outer
            self._text(" ")

        self._closers.append((element, close))

    def picture(self, _: etree._Element) -> None:
        self._collect.flow.has_picture = True

    def field(self, element: etree._Element) -> None:
        if element.get("type", "text").lower() in ("text", "number"):
            self._text(element.get("value"))


_OPENERS: dict[object, Callable[[_Walker, etree._Element], None]] = {
    "table": _Walker.open_table,
    **dict.fromkeys(("thead", "tbody", "tfoot"), _Walker.open_group),
    "tr": _Walker.open_row,
    **dict.fromkeys(("td", "th"), _Walker.open_cell),
    **dict.fromkeys(("pre", "xmp", "listing"), _Walker.open_typed),
    **dict.fromkeys(("sup", "sub", "rt"), _Walker.open_raised),
    "img": _Walker.picture,
    "input": _Walker.field,
}


def _span(element: etree._Element, name: str) -> int:
    """The number in a span attribute; 1 where there is none."""
    value = element.get(name)
    match = None if value is None else _NUMBER.match(value)
    return int(match[1]) if match else 1
