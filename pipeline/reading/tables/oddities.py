"""What is odd about a table's labels and layout, though it could be read.

Belongs here: other spellings, labels and cells that slid, headers cut over lines.
Does not belong here: anything about the figures themselves.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from pipeline.forms import COLUMN_KIND, ROW_KIND, Table, forms
from pipeline.reading.columns.arithmetic import Choice
from pipeline.reading.records import Finding
from pipeline.reading.regions import Region
from pipeline.reading.rows.placed import DOUBT, Alignment, Placed
from pipeline.reading.words import labels
from pipeline.reading.words.lines import UNUSUAL
from pipeline.reading.words.tokens import BARE, Token

_SHORTEST_CUT = 3  # headers this short (总计, 其他, 自然人) are not seen to be cut
_SHORTEST_PIECE = 2  # letters of a cut header in its first line
_HEADER_REACH = 12  # texts within which the rest of a cut header is looked for
_PLAIN = frozenset(["label", DOUBT])  # how rows come to their places of which nothing is to be said
_MOST_TABLES = 1024  # whose labels' spelling is remembered: most have them as their form prints them
_FEWEST_PEERS = 2  # labels in at least so many rows of a level fix that level's column


def of_table(alignment: Alignment, choices: Mapping[str, Choice], region: Region) -> list[Finding]:
    """Return findings on the labels and layout of one table; entries are given as `line_no`.

    The caller turns the entry into the raw file's line.
    """
    table = alignment.table
    is_usual, cut = _spelt(table.form, table.code, region.names, region.words)
    return [
        *(() if is_usual else _variants(table, region)),
        *_damaged(alignment),
        *_slid(alignment),
        *_odd_rows(alignment, choices),
        *(_split_header(table, region, cut) if cut else ()),
    ]


@lru_cache(maxsize=_MOST_TABLES)
def _spelt(form: str, code: str, names: frozenset[str], words: str) -> tuple[bool, tuple[str, ...]]:
    """Tell whether no label of a table is spelt unusually, and which columns' headers may be cut in it."""
    is_usual = names <= labels.own_spellings(form) and not any(map(words.__contains__, UNUSUAL))
    lost = [name for name in labels.column_spellings(form, code) - names if len(name) > _SHORTEST_CUT]
    return is_usual, tuple(sorted(name for name in lost if name[:_SHORTEST_PIECE] in words))


def _variants(table: Table, region: Region) -> Iterator[Finding]:
    """Find labels in a known spelling that is not the form's own."""
    own = labels.own_spellings(table.form)
    for entry, line in region.texts:
        if not line.odd and line.names <= own:
            continue
        has_figures = any(token.mean is not None and not token.blank for token in line.tokens)
        for token in line.labelled:
            if token.skeleton not in own:
                numbered = labels.squeeze(token.text) != token.skeleton
                yield _variant(table, token, entry, names_row=has_figures or numbered)


def _variant(table: Table, token: Token, entry: int, *, names_row: bool) -> Finding:
    """Return the finding on one label; a spelling that rows and columns share is told by where it stands."""
    kinds = (ROW_KIND[table.code], COLUMN_KIND[table.code])
    wanted = kinds if names_row else kinds[::-1]
    label = next((one for kind in wanted for one in token.labels if one.kind == kind), token.labels[0])
    row = label.code if label.kind in ROW_KIND.values() else None
    column = label.code if label.kind in COLUMN_KIND.values() else None
    statutory = _columns(table.form, table.code).get(column or "", label.zh)
    message = f"“{statutory}”写作“{token.text}”"
    return Finding("label.variant", message, table.code, row, column, statutory, token.text, entry)


@cache
def _columns(form: str, code: str) -> dict[str, str]:
    """Return the names of a table's columns in its own form: two forms may name one column differently."""
    return {label.code: label.zh for row in forms()[form].tables[code].rows for label in row.columns}


def _damaged(alignment: Alignment) -> Iterator[Finding]:
    """Rows whose label had to be guessed from its remains, or that have none."""
    for row in alignment.table.rows:
        placed = alignment.placed.get(row.code)
        if placed is None or placed.how in _PLAIN:
            continue
        written = "".join(token.text for token in placed.labels[-1:])
        rule = "label.variant" if written else "table.layout"
        message = (
            f"“{row.label.zh}”写作“{written}”" if written else f"“{row.label.zh}”一行没有项目名称，按次序认定"
        )
        yield Finding(
            rule, message, alignment.table.code, row.code, None, row.label.zh, written or None, _entry(placed)
        )


def _slid(alignment: Alignment) -> Iterator[Finding]:
    """Find labels that stand further left than the other labels of their level.

    Of labels that spaces set apart most must stand in one place: they may be aligned at another edge.
    """
    levels = _levels(alignment.table.form, alignment.table.code)
    placed = alignment.placed.items()
    columns = {code: row.labels[-1].column for code, row in placed if row.width > 1 and row.labels}
    places = [(levels[code], column) for code, column in columns.items()]
    several = set(places)
    if len({level for level, _ in several}) == len(several):
        return  # nearly every table: one column a level
    usual = _usual_columns(alignment, places)
    slid = {code for code, column in columns.items() if column < usual.get(levels[code], -1)}
    for row in alignment.table.rows if slid else ():
        if row.code in slid:
            column, fixed = columns[row.code], usual[levels[row.code]]
            message = f"“{row.label.zh}”的项目名称移到了第 {column + 1} 列，同级在第 {fixed + 1} 列"
            evidence = (str(fixed + 1), str(column + 1), _entry(alignment.placed[row.code]))
            yield Finding("table.layout", message, alignment.table.code, row.code, None, *evidence)


def _usual_columns(alignment: Alignment, places: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Return the column in which labels stand, by level, given all of both: of several the rightmost."""
    peers = Counter(places)
    by_offset = any(placed.labels and placed.labels[-1].style == BARE for placed in alignment.placed.values())
    rows = Counter(level for level, _ in places) if by_offset else Counter()
    usual: dict[int, int] = {}
    for (level, column), count in peers.items():
        if count >= _FEWEST_PEERS and (not by_offset or 2 * count > rows[level]):
            usual[level] = max(column, usual.get(level, column))
    return usual


@cache
def _levels(form: str, table: str) -> dict[str, int]:
    """Return how many headings stand over each row of a table."""
    return {row.code: len(row.headings) for row in forms()[form].tables[table].rows}


def _odd_rows(alignment: Alignment, choices: Mapping[str, Choice]) -> Iterator[Finding]:
    """Rows with empty cells between their figures, or whose columns arithmetic had to tell."""
    placed = alignment.placed
    told = {code for code, choice in choices.items() if choice.how == "arithmetic"}
    uneven = [code for code, row in placed.items() if len(row.slots) > len(row.figures)]
    gaps = {code for code in uneven if len(choices[code].candidates) == 1 and _has_gap(placed[code])}
    for row in alignment.table.rows if told or gaps else ():
        if row.code in told and len(choices[row.code].candidates) == 1:
            message = f"“{row.label.zh}”一行的格数与栏目数不同，栏目由勾稽关系认定"
        elif row.code in gaps and len(row.columns) == len(placed[row.code].figures):
            message = f"“{row.label.zh}”一行的数字之间多出空格"
        else:
            continue
        evidence = _entry(placed[row.code])
        yield Finding("table.layout", message, alignment.table.code, row.code, line_no=evidence)


def _has_gap(placed: Placed) -> bool:
    """Tell whether empty cells stand between a row's figures."""
    count = len(placed.figures)
    if not count or placed.slots[count - 1] is placed.figures[-1]:
        return False  # nearly every row: none stands even before its last figure
    filled = [place for place, slot in enumerate(placed.slots) if not slot[0].blank]
    return filled[-1] - filled[0] >= count


def _split_header(table: Table, region: Region, cut: Sequence[str]) -> Iterator[Finding]:
    """Find a column's header that stands in pieces, because a line or a page ended inside it.

    `cut` are the headers that may.
    """
    texts = [(entry, token) for entry, line in region.texts for token in line.tokens if _is_text(token)]
    for name in cut:
        for place, (entry, token) in enumerate(texts):
            if token.labels or len(token.skeleton) < _SHORTEST_PIECE or not name.startswith(token.skeleton):
                continue
            later = (other.skeleton for _, other in texts[place + 1 : place + _HEADER_REACH])
            if name.removeprefix(token.skeleton) in later:
                message = f"栏目名称“{name}”被拆开"
                yield Finding("table.layout", message, table.code, None, None, name, token.text, entry)
                return


def _is_text(token: Token) -> bool:
    return token.mean is None and bool(token.skeleton)


def _entry(placed: Placed) -> int | None:
    return placed.slots[0][1] if placed.slots else None
