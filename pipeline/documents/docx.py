"""DOCX to the stream.

Belongs here: WordprocessingML (ECMA-376 part 1, transitional and strict): paragraphs, tables, text
boxes, and what Word shows of tracked changes. Does not belong here: styles, headers, footers,
footnotes; numbers that Word makes itself (automatic lists) are not in the file's text and are lost.
The XML is read as it comes, so memory does not grow with the length of a document's text.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from lxml import etree

from pipeline.documents import grid
from pipeline.documents.flow import PICTURE, Collector, Entry, Line, MarkedRow, Placed, to_stream
from pipeline.documents.sniff import DOCX
from pipeline.documents.spacing import IDEOGRAPH, RAISED
from pipeline.documents.stream import Stream, Unreadable

MAX_PART_BYTES = 128 * 2**20
"""Of the document's XML once expanded: the blank form has 250 kB, a table of 10,000 rows up to 100 MB."""

MAX_RATIO = 300
"""Of expanded to packed size, from _RATIO_FROM on: Word's XML packs 10 to 60 times, equal rows up to 200."""

_RATIO_FROM = 2**20
_CHUNK = 2**16
_MOST_BASES = 12  # styles that one is based on, one on the other
_DAMAGED = "The DOCX file is damaged ({}): fetch it again, or open it in Word or WPS and save it anew."
_PACKAGE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # zipfile on a compression or version that it does not know
    KeyError,
    ValueError,
    etree.XMLSyntaxError,
)
_BOMB = "The DOCX file expands to far more than a report has (a ZIP bomb): take it out, or save it anew."
_NO_TEXT = "The DOCX file holds no text, at most pictures: get the report as text, or have them recognised."
_ENCRYPTED = "The DOCX file is protected by a password: save it without one."
_ENTITIES = (
    "The DOCX file declares XML entities, which Word never does: open it in Word or WPS and save it anew."
)

_OTHER_FILE = (
    "The DOCX file holds a part in another format (altChunk), whose text is not in the document yet: "
    "open it in Word or WPS and save it anew."
)

_NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MAIN_PART = "/officeDocument"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def _names(*local_names: str) -> tuple[str, ...]:
    """Qualified names in every namespace that text stands in."""
    return tuple(f"{{{space}}}{name}" for space in _NAMESPACES for name in local_names)


_STRUCK = frozenset(_names("strike", "dstrike", "vanish"))
_RAISED = frozenset(_names("vertAlign"))
_HIDING = _STRUCK | _RAISED
_STYLED = frozenset(_names("rStyle", "pStyle"))
_LOOKS = frozenset(_names("color", "position"))
_PICTURE = "picture"
_MARK = "mark"
# What matters inside a paragraph: text by its local name, pictures, and marks that change what text counts.
_KINDS: dict[object, str] = {
    **{
        name: name.rpartition("}")[2]
        for name in _names("t", "tab", "ptab", "br", "cr", "noBreakHyphen", "sym")
    },
    **dict.fromkeys(_names("drawing", "pict", "object"), _PICTURE),
    **dict.fromkeys(_HIDING | _STYLED | _LOOKS, _MARK),
}
_NO_SIGN = re.compile("[\0-\x1f\ud800-\udfff]?")
_CODE = re.compile("[0-9A-Fa-f]{1,4}")
_WHITE = "FFFFFF"
_LEAST_RAISE = 3  # half points above the line, or more: a smaller one only levels a line
_OFF = frozenset(("0", "false", "off", "baseline"))


def read_docx(data: bytes) -> Stream:
    """The stream of a DOCX file; its entries (lines of text, table rows) are numbered from 1.

    Raises Unreadable for a damaged or encrypted file, one that expands beyond the limits, and one
    without text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            main = _main_part(archive)
            entries = _Walker(_styles(archive, main)).walk(_Part(archive, main))
            meta = _meta(archive)
    except _PACKAGE_ERRORS as error:
        raise Unreadable(_DAMAGED.format(str(error).strip("'\""))) from None
    if not entries:
        raise Unreadable(_NO_TEXT)
    return to_stream(entries, DOCX, meta=meta)


# --- the package ---


class _Part:
    """A part of the package, which refuses to give more bytes than a report has, whatever its header says."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        info = archive.getinfo(name)
        if info.flag_bits & 1:
            raise Unreadable(_ENCRYPTED)
        self._packed = info.compress_size
        self._given = 0
        self._check(info.file_size)
        self._file: IO[bytes] = archive.open(info)

    def _check(self, expanded: int) -> None:
        if expanded > min(MAX_PART_BYTES, max(_RATIO_FROM, MAX_RATIO * self._packed)):
            raise Unreadable(_BOMB)

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, and never more than 64 KiB at once."""
        chunk = self._file.read(size if 0 <= size < _CHUNK else _CHUNK)
        self._given += len(chunk)
        self._check(self._given)
        return chunk


def _small_part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.parse(_Part(archive, name), parser).getroot()


def _main_part(archive: zipfile.ZipFile) -> str:
    """Name of the document's part; Word on the web calls it `word/document2.xml`."""
    for relationship in _small_part(archive, "_rels/.rels"):
        if relationship.get("Type", "").endswith(_MAIN_PART):
            return relationship.get("Target", "").lstrip("/")
    return "word/document.xml"


def _styles(archive: zipfile.ZipFile, main: str) -> "_Styles":
    """What the document's own styles say of text that is hidden, struck out or raised, by their ids."""
    name = f"{main.rpartition('/')[0]}/styles.xml"
    if name not in archive.namelist():
        return {}
    own: dict[str, tuple[str, _Marks]] = {}
    for style in _small_part(archive, name):
        if _local(style) == "style":
            base = next((_value(inner, "val") for inner in style if _local(inner) == "basedOn"), "")
            own[_value(style, "styleId")] = base, _set_marks(style, frozenset())
    styles: dict[str, _Marks] = {}
    for style_id in own:
        marks, base = frozenset[str](), style_id
        for _ in range(_MOST_BASES):
            base, inherited = own.get(base, ("", frozenset()))
            marks |= inherited
        if marks:
            styles[style_id] = marks
    return styles


def _meta(archive: zipfile.ZipFile) -> dict[str, str]:
    """The title of the document's properties; its author is a person and no publisher."""
    if "docProps/core.xml" not in archive.namelist():
        return {}
    title = (_small_part(archive, "docProps/core.xml").findtext(_TITLE) or "").strip()
    return {"title": title} if IDEOGRAPH.search(title) else {}


# --- tables ---


@dataclass(slots=True)
class _CellMark:
    """`w:gridSpan`, `w:vMerge` or `w:hMerge` as `restart`, `continue` or empty, and a tracked deletion."""

    span: int = 1
    down: str = ""
    across: str = ""
    deleted: bool = False


@dataclass(slots=True)
class _RowMark:
    """`w:gridBefore`, and whether the row is a tracked deletion, or hidden."""

    before: int = 0
    deleted: bool = False


def _place(rows: Sequence[MarkedRow[_RowMark, _CellMark]]) -> list[list[Placed]]:
    placed: list[list[Placed]] = []
    merging: dict[int, tuple[int, int]] = {}
    for row in rows:
        if not row.mark.deleted:
            placed.append([])
            merging = _place_row(row, placed, merging)
    return placed


def _place_row(
    row: MarkedRow[_RowMark, _CellMark], placed: list[list[Placed]], merging: dict[int, tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """Add a row's cells to `placed`; `merging` tells by column which cell (row, index) may be continued down.

    Word doesn't show what stands in a continuing cell.
    """
    last = placed[-1]
    column = row.mark.before
    below = {}
    for mark, flow in row.cells:
        if mark.deleted:
            continue
        span = grid.clip(column, mark.span)
        top = merging.get(column) if mark.down == "continue" else None
        if top is not None:
            placed[top[0]][top[1]] = _grown(placed[top[0]][top[1]], rows=1)
        elif mark.across == "continue" and last:
            last[-1] = _grown(last[-1], columns=span)
        else:
            last.append(Placed(flow, column, span, 1, 0))
            top = (len(placed) - 1, len(last) - 1)
        if mark.down and top is not None:
            below[column] = top
        column += span
    return below


def _grown(cell: Placed, *, columns: int = 0, rows: int = 0) -> Placed:
    return cell._replace(span=cell.span + columns, row_span=cell.row_span + rows)


# --- the text ---


class _Walker:
    """Goes through the document part as it is parsed and collects entries."""

    def __init__(self, styles: "_Styles") -> None:
        self._styles = styles
        self._collect: Collector[_RowMark, _CellMark] = Collector(_place)
        self._closers: list[tuple[etree._Element, Callable[[], None]]] = []
        self._in_fallback = 0

    def walk(self, part: _Part) -> list[Entry]:
        """Entries of the whole document."""
        parse = etree.iterparse(
            part, events=("start", "end"), tag=tuple(_HANDLERS), resolve_entities=False, no_network=True
        )
        for event, element in parse:
            if event == "start":
                self._open(element)
            else:
                self._close(element)
        if parse.root is not None and parse.root.getroottree().docinfo.internalDTD is not None:
            raise Unreadable(_ENTITIES)
        return self._collect.page.entries

    def _open(self, element: etree._Element) -> None:
        if not self._in_fallback or element.tag == _FALLBACK:
            _HANDLERS[str(element.tag)][0](self, element)

    def _close(self, element: etree._Element) -> None:
        if self._closers and self._closers[-1][0] is element:
            self._closers.pop()[1]()
        if self._in_fallback:
            element.clear()
        else:
            _HANDLERS[str(element.tag)][1](self, element)

    def _on_close(self, element: etree._Element, closer: Callable[[], None]) -> None:
        self._closers.append((element, closer))

    def open_table(self, element: etree._Element) -> None:
        self._collect.open_table()
        self._on_close(element, self._collect.close_table)

    def open_row(self, element: etree._Element) -> None:
        if self._collect.between_cells:
            mark = _RowMark()
            self._collect.open_row(mark)

            def close() -> None:
                properties = _properties(element, "trPr")
                mark.before = _number(properties.get("gridBefore"), 0)
                mark.deleted = "del" in properties or _is_on(properties.get("hidden"))
                self._collect.close_row()

            self._on_close(element, close)

    def open_cell(self, element: etree._Element) -> None:
        if self._collect.between_cells and self._collect.in_row:
            mark = _CellMark()
            self._collect.open_cell(mark)

            def close() -> None:
                properties = _properties(element, "tcPr")
                mark.span = max(1, _number(properties.get("gridSpan"), 1))
                mark.down = _merge(properties.get("vMerge"))
                mark.across = _merge(properties.get("hMerge"))
                mark.deleted = "cellDel" in properties
                self._collect.close_cell()

            self._on_close(element, close)

    def open_fallback(self, element: etree._Element) -> None:
        """What older programs show instead: the same text a second time."""
        self._in_fallback += 1

        def close() -> None:
            self._in_fallback -= 1

        self._on_close(element, close)

    def end_paragraph(self, element: etree._Element) -> None:
        flow = self._collect.flow
        found = [(kind, inner) for inner in element.iter() if (kind := _KINDS.get(inner.tag))]
        flow.entries.extend(map(Line, _lines(found, self._styles)))
        flow.has_picture |= any(kind == _PICTURE for kind, _ in found)
        element.clear()

    def other_file(self, _: etree._Element) -> None:
        """A file of another format inside, whose text Word shows in its place."""
        raise Unreadable(_OTHER_FILE)

    def drop(self, element: etree._Element) -> None:
        """Deleted text, and whatever has been read."""
        element.clear()

    def nothing(self, element: etree._Element) -> None:
        """Some elements matter only where they begin, others only where they end."""


# What each element does where it begins, and where it ends.
_HANDLERS: dict[str, tuple[Callable[[_Walker, etree._Element], None], ...]] = {
    **dict.fromkeys(_names("tbl"), (_Walker.open_table, _Walker.drop)),
    **dict.fromkeys(_names("tr"), (_Walker.open_row, _Walker.drop)),
    **dict.fromkeys(_names("tc"), (_Walker.open_cell, _Walker.drop)),
    **dict.fromkeys(_names("p"), (_Walker.nothing, _Walker.end_paragraph)),
    **dict.fromkeys(_names("del", "moveFrom", "rt"), (_Walker.nothing, _Walker.drop)),
    **dict.fromkeys(_names("altChunk"), (_Walker.other_file, _Walker.drop)),
    _FALLBACK: (_Walker.open_fallback, _Walker.drop),
}


_Marks = frozenset[str]
_Styles = Mapping[str, _Marks]


def _lines(found: Sequence[tuple[str, etree._Element]], styles: _Styles) -> Iterator[str]:
    """The lines of a paragraph that have text."""
    is_plain = not any(kind == _MARK and _tells(element, styles) for kind, element in found)
    pieces = (_piece(kind, element) for kind, element in found)
    text = "".join(pieces if is_plain else _seen(found, styles)).replace("\xa0", " ")
    return filter(None, (line.strip() for line in text.split("\n")))


def _tells(mark: etree._Element, styles: _Styles) -> bool:
    """Whether a mark may hide text or raise it."""
    if mark.tag in _HIDING:
        return True
    value = _value(mark, "val")
    return value in styles if mark.tag in _STYLED else _is_odd(mark, value)


def _is_odd(look: etree._Element, value: str) -> bool:
    """Whether text looks so that it isn't seen on white ground, or stands above its line."""
    if _local(look) == "color":
        return value.upper() == _WHITE
    return value.isdecimal() and int(value) >= _LEAST_RAISE


def _seen(found: Sequence[tuple[str, etree._Element]], styles: _Styles) -> Iterator[str]:
    """Text of the paragraph's runs, without what is struck out or hidden.

    White text beside other text, of which only one can be seen on any ground, leaves a mark for its figures.
    """
    under = _inherited((mark for kind, mark in found if kind == _MARK and _local(mark) == "pStyle"), styles)
    runs = [(piece, element.getparent()) for kind, element in found if (piece := _piece(kind, element))]
    told = [(piece, _looks(run), _run_marks(run, under, styles)) for piece, run in runs if run is not None]
    mixed = {name for name in _LOOKS if len({name in looks for piece, looks, _ in told if piece.strip()}) > 1}
    for piece, looks, marks in told:
        if marks & _STRUCK:
            continue
        odd = {_local_name(name) for name in looks & mixed}
        if "color" in odd and any(map(str.isdigit, piece)):
            yield PICTURE
        elif marks & _RAISED or "position" in odd:
            yield f" {piece.translate(RAISED)} "
        else:
            yield piece


def _inherited(named: Iterable[etree._Element], styles: _Styles) -> _Marks:
    return frozenset[str]().union(*(styles.get(_value(mark, "val"), frozenset()) for mark in named))


def _run_marks(run: etree._Element, under: _Marks, styles: _Styles) -> _Marks:
    """What is set for a run: by the paragraph's style (`under`), its own, and by itself."""
    own = (mark for part in run if _local(part) == "rPr" for mark in part if _local(mark) == "rStyle")
    return _set_marks(run, under | _inherited(own, styles))


def _set_marks(element: etree._Element, marks: _Marks) -> _Marks:
    """`marks` with those that an element's `rPr` sets, without those that it takes back."""
    found = {
        mark.tag: mark for part in element if _local(part) == "rPr" for mark in part if mark.tag in _HIDING
    }
    return (marks - found.keys()) | {str(tag) for tag, mark in found.items() if _is_on(mark)}


def _looks(run: etree._Element) -> _Marks:
    properties = (mark for part in run if _local(part) == "rPr" for mark in part if mark.tag in _LOOKS)
    return frozenset(str(mark.tag) for mark in properties if _is_odd(mark, _value(mark, "val")))


def _piece(kind: str, element: etree._Element) -> str:
    match kind:
        case "t":
            return element.text or ""
        case "br" | "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case "sym":
            return _sign(_value(element, "char"))
        case "tab" | "ptab":
            # A tab stop of the paragraph's properties has the name of a tab in a run.
            run = element.getparent()
            return "\t" if run is not None and _local(run) == "r" else ""
    return ""


def _sign(code: str) -> str:
    """The sign of a symbol font by its hexadecimal code; one that is no character is an unknown sign."""
    sign = chr(int(code, 16)) if _CODE.fullmatch(code) else ""
    return "\ufffd" if _NO_SIGN.fullmatch(sign) else sign


def _is_on(mark: etree._Element | None) -> bool:
    """Whether a property is there and not set to nothing."""
    return mark is not None and _value(mark, "val", "on") not in _OFF


def _local_name(name: str) -> str:
    return name.rpartition("}")[2]


def _local(element: etree._Element) -> str:
    return _local_name(str(element.tag))


def _properties(element: etree._Element, group: str) -> dict[str, etree._Element]:
    """The properties of a row (`trPr`) or cell (`tcPr`) by local name."""
    return {_local(inner): inner for child in element if _local(child) == group for inner in child}


def _value(element: etree._Element, name: str, default: str = "") -> str:
    """An attribute in the element's own namespace."""
    return element.get(f"{{{etree.QName(element).namespace}}}{name}", default)


def _number(element: etree._Element | None, default: int) -> int:
    value = "" if element is None else _value(element, "val")
    return int(value) if value.isdecimal() else default


def _merge(element: etree._Element | None) -> str:
    """`restart` or `continue` (which is what no value means); empty without the element."""
    return "" if element is None else _value(element, "val", "continue")
