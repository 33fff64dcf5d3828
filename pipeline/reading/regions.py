"""Where in a document each statutory table stands.

Belongs here: clusters of the tables' own labels, and what ends a table (a section's
heading, prose, the next table). Does not belong here: reading the rows.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, takewhile
from operator import itemgetter
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.forms import TABLE_CODES
from pipeline.reading.words import pages
from pipeline.reading.words.lines import Entry, Line, names_row
from pipeline.reading.words.tokens import BARE, begins_with_numeral

# Lines without a label that may stand between two labels of one table: a row of seven
# figures, one a line with blank lines between, of which one label was lost.
_GAP = 50
_CELLS_OF_DISPUTE = 15
_OF_ONE_REPORT = ("disclosure", "application")
_FEWEST_NAMES = 4  # that two years' forms share: 规章, 行政许可, 行政处罚, 行政强制
_CELLS_OF_DISCLOSURE = 3
_CELLS_OF_APPLICATION = 7
_MANY_ROWS = 5  # of table 三: last year's main figures are fewer
_MOST_LOST = 5  # cells of table 四, or lines beside it
_GOOD_PART = 0.3  # of a table's labels
_NOTE = re.compile(r"(?:填表|附)?(?:备注|注|说明)\s*[:：]")
_ROWS_BEFORE = 12  # lines above a table's first known label that may be rows of it
_MOST_LINES = 1_000  # of a statutory table, a line a cell
_MOST_HEADERS = 6  # lines of headers above a table's first known label
_NEAR = 3
_FEWEST_BETWEEN = 4  # labels of one table that part those of another
_PROSE_CHARACTERS = 48
_APART = 2  # lines from one text to the next, an empty one between
_FEWEST_APART = 3  # numbers set apart that count up
_REST_OF_NUMBER = re.compile(r"0\d\d")
_index = itemgetter(0)  # of an entry


@dataclass(slots=True)  # not frozen, for speed: what stands around a table is told when all are found
class Region:
    """The entries of one table, how many further clusters of its labels there are, and if more follows it.

    `texts` are the entries that are not one cell alone: with a text, or several cells. `names` are the
    table's labels in it, `words` the skeletons of all its texts. `left_out` are the lines of the document
    that were taken for page numbers, `end` is the line after the table that is not empty (-1: none).
    `is_paged` tells whether numbers that may be page numbers stand alone outside of the tables: then such a
    number in a table may be one too; those in the lines `pages` count on from one outside. `dashed` are the
    numbers between dashes that may be rows of the table all the same: cells that don't apply stand around a
    figure. `gap` is how many empty lines stand before the sections' headings (-1: not the same everywhere).
    `above` are the lines of words right above the table: headers none of which is known as one. `rival` is
    another table of the kind that may just as well be the report's own. `beside` table 二 stand the entries
    of table 三. `is_parted` tells whether spaces may part the digits of its numbers in threes.
    """

    entries: list[Entry]
    texts: list[Entry]
    others: int
    names: frozenset[str]
    words: str
    is_followed: bool = True
    left_out: Sequence[int] = ()
    end: int = -1
    is_paged: bool = False
    pages: frozenset[int] = frozenset()
    dashed: Sequence[Entry] = ()
    gap: int = -1
    above: Sequence[Entry] = ()
    rival: "Region | None" = None
    beside: Sequence[Entry] = ()
    is_parted: bool = False

    def with_dashed(self) -> "Region":
        """Return the table with the numbers between dashes as rows."""
        rows = {index for index, _ in self.dashed}
        left_out = [index for index in self.left_out if index not in rows]
        entries = sorted([*self.entries, *self.dashed], key=_index)
        return replace(self, entries=entries, left_out=left_out, dashed=())


class Scan(NamedTuple):
    """All lines of a document that are not prose, those that may be headings, and the tables among them.

    `holds_two`: tables 二 and 三 stand there once more, each below its section's heading, with other figures.
    """

    entries: list[Entry]
    headings: list[Entry]
    regions: dict[str, Region]
    holds_two: bool = False


def scan(stream: Stream, every: list[Entry]) -> Scan:
    """Return a document's lines but for page numbers, given `every` line, and the tables among them."""
    marks = [(place, line.mark) for place, (_, line) in enumerate(every) if line.mark is not None]
    marked = [every[place] for place, _ in marks]
    entries = _without_page_numbers(every, marks, stream.pages or ()) if marks else every
    kept = {index for index, _ in entries} if len(entries) < len(every) else set()
    left_out = [index for index, _ in every if index not in kept] if kept else []
    telling = [(place, index, line) for place, (index, line) in enumerate(entries) if line.tells]
    headings = [(index, line) for _, index, line in telling if line.heading is not None]
    clusters = _clusters(telling)
    best = {code: _best(entries, code, found) for code, found in clusters.items()}
    bare = _without_labels(entries, best.get("dispute"))
    if bare is not None:
        best["dispute"] = bare
        clusters["dispute"].append(bare)
    for code in TABLE_CODES:
        start = _after_heading(entries, code) if code not in best else None
        if start is not None:
            best[code] = _Cluster(start, start, start, set())
            clusters[code] = [best[code]]
    if "dispute" not in best and "application" in best:
        start = _of_fifteen(entries, best["application"].last + 1)
        if start is not None:
            best["dispute"] = _Cluster(start, start, start, set())
            clusters["dispute"] = [best["dispute"]]
    starts = sorted(cluster.first for cluster in best.values())
    regions = {code: _region(entries, chosen, starts, left_out) for code, chosen in best.items()}
    _put_beside(regions)
    for code, region in regions.items():
        others = _rivals(clusters[code], best[code])
        if others:
            rival = _contesting(code, best[code], others)
            starts = sorted(cluster.first for found in clusters.values() for cluster in found)
            contested = _region(entries, rival, starts, left_out) if rival else None
            is_table = contested is not None and len(contested.entries) <= _MOST_LINES
            region.others, region.rival = len(others), contested if is_table else None
    _put_pages(marked, left_out, regions)
    _put_surroundings(stream, headings, regions)
    _put_rows_of_dashes(marked, regions)
    _put_parted(regions.values())
    return Scan(entries, headings, regions, _holds_two(entries, clusters))


def _put_beside(regions: dict[str, Region]) -> None:
    """Tell table 二 where table 三 stands."""
    if regions.keys() >= set(_OF_ONE_REPORT):
        regions["disclosure"].beside = regions["application"].entries


def _put_parted(regions: Iterable[Region]) -> None:
    """Tell the tables of words that spaces part numbers, where one of them has a part that is no number: 046.

    No number begins with a nought and has three digits. Marked cells hold their numbers together.
    """
    words = {id(region): lines for region in regions if (lines := _of_words(region))}
    if words and any(map(_has_parted_number, chain.from_iterable(words.values()))):
        for region in regions:
            region.is_parted = id(region) in words


def _of_words(region: Region) -> list[Line]:
    """Return the lines of a table in which only spaces part figures."""
    return [line for _, line in region.entries if line.style == BARE and len(line.tokens) > 1]


def _has_parted_number(line: Line) -> bool:
    return any(
        token.mean is None and before.mean is not None and _REST_OF_NUMBER.fullmatch(token.text)
        for before, token in pairwise(line.tokens)
    )


def _put_pages(marked: Sequence[Entry], left_out: Sequence[int], regions: Mapping[str, Region]) -> None:
    """Tell the tables of the numbers in them that count on from those outside, or up to them."""
    if not marked or not _are_outside({index for index, _ in marked}.difference(left_out), regions):
        return  # nearly every document
    inside = {index for region in regions.values() for index, _ in region.entries}
    found = pages.counting_on([(index, line.mark, index in inside) for index, line in marked if line.mark])
    for region in regions.values():
        region.is_paged, region.pages = True, found


def _are_outside(lines: set[int], regions: Mapping[str, Region]) -> bool:
    """Tell whether some of several lines stand outside of the tables."""
    inside = chain.from_iterable(region.entries for region in regions.values())
    return not lines.issubset(map(_index, inside))


def _region(
    entries: Sequence[Entry], chosen: "_Cluster", starts: Sequence[int], left_out: Sequence[int]
) -> Region:
    """Return the table that a cluster of labels is in; `starts` are where tables begin."""
    first, end = _extended(entries, chosen, starts)
    found = list(entries[first:end])
    after = entries[end][0] if end < len(entries) else -1
    texts = [entry for entry in found if not entry[1].is_cell]
    names = frozenset(chain.from_iterable([line.names for _, line in texts]))
    words = "\n".join([line.words for _, line in texts if line.words])
    return Region(found, texts, 0, names, words, after >= 0, left_out, after, above=_above(entries, first))


def _best(entries: Sequence[Entry], code: str, found: Sequence["_Cluster"]) -> "_Cluster":
    """Return the cluster with the most labels; of several with a good part of them one below its own heading.

    Another may be last year's table, in the overview, or that of an office below, after the report. One whose
    labels are hardly known, as where those of groups stand before them, is told by its rows.
    """
    if len(found) == 1:
        return found[0]  # nearly every table
    most = max(len(cluster.names) for cluster in found)
    own = [
        cluster
        for cluster in found
        if cluster.heading == code
        and (len(cluster.names) >= _GOOD_PART * most or _has_rows(entries, cluster))
    ]
    return max(own or found, key=lambda cluster: len(cluster.names))


def _has_rows(entries: Sequence[Entry], cluster: "_Cluster") -> bool:
    """Tell whether figures of many rows of table 三 stand between a first label and the next heading."""
    section = entries[cluster.first : cluster.last + 1]
    below = takewhile(lambda entry: entry[1].heading is None, entries[cluster.last + 1 :])
    return sum(line.figures for _, line in chain(section, below)) >= _MANY_ROWS * _CELLS_OF_APPLICATION


def _without_labels(entries: Sequence[Entry], best: "_Cluster | None") -> "_Cluster | None":
    """Return table 四 below its section's heading, where it has no label that is known and another one has.

    That stands elsewhere: it is an office's, or last year's.
    """
    start = _after_heading(entries, "dispute") if best and best.heading != "dispute" else None
    if start is None:
        return None
    below = takewhile(lambda entry: entry[1].heading is None and entry[1].owner is None, entries[start:])
    figures = sum(line.figures for _, line in below)
    is_whole = _CELLS_OF_DISPUTE - _MOST_LOST <= figures <= _CELLS_OF_DISPUTE + _MOST_LOST
    return _Cluster(start, start, entries[start][0], set(), heading="dispute") if is_whole else None


def _contesting(code: str, chosen: "_Cluster", others: Sequence["_Cluster"]) -> "_Cluster | None":
    """Return the first other cluster that may be the report's own table.

    None where the chosen one alone stands below its own heading.
    """
    own = [other for other in others if other.heading == code]
    if chosen.heading == code:
        return own[0] if own else None
    return next(iter(own or others), None)


def _holds_two(entries: Sequence[Entry], clusters: Mapping[str, Sequence["_Cluster"]]) -> bool:
    """Tell whether tables 二 and 三 stand twice, each below its own section's heading, with other figures."""
    if any(len(clusters.get(code, ())) < 2 for code in _OF_ONE_REPORT):  # nearly all documents
        return False
    twice = [_own_twice(code, clusters[code]) for code in _OF_ONE_REPORT]
    return all(twice) and any(len({_figures(entries, cluster) for cluster in own}) > 1 for own in twice)


def _own_twice(code: str, found: Sequence["_Cluster"]) -> list["_Cluster"]:
    """Return the places where a table stands below its section's heading, if they have the same labels."""
    own = [cluster for cluster in found if cluster.heading == code]
    most = max(own, key=lambda cluster: len(cluster.names), default=None)
    if most is None:
        return []
    alike = [cluster for cluster in own if len(cluster.names & most.names) >= _FEWEST_NAMES]
    return alike if len(alike) > 1 else []


def _figures(entries: Sequence[Entry], cluster: "_Cluster") -> tuple[str, ...]:
    """Return the figures beside a table's labels."""
    lines = (line for _, line in entries[cluster.first : cluster.last + 1])
    return tuple(
        token.text
        for line in lines
        for token in line.tokens
        if token.mean is not None and not token.blank and not token.labels
    )


def _put_rows_of_dashes(marked: Iterable[Entry], regions: Mapping[str, Region]) -> None:
    """Tell table 二 of the numbers between dashes inside it if they may be rows.

    Its other cells have such dashes too, no number between dashes stands elsewhere, and they don't count up.
    """
    region = regions.get("disclosure")
    dashed = [(at, line) for at, line in marked if line.mark and line.mark.manner == pages.DASHED]
    if region is None or not dashed:
        return
    cells = {token.text for _, line in region.entries for token in line.tokens}
    first, last = region.entries[0][0], region.entries[-1][0]
    rows = all(
        first < at < last and len(line.tokens) == _CELLS_OF_DISCLOSURE and line.tokens[0].text in cells
        for at, line in dashed
    )
    counting = pages.counting((at, line.mark) for at, line in dashed if line.mark)
    if rows and not counting:
        region.dashed = dashed


def _put_surroundings(stream: Stream, headings: Iterable[Entry], regions: Mapping[str, Region]) -> None:
    """Tell the tables what the lines outside of all of them say of empty lines."""
    ends = {region.end for region in regions.values()}
    gaps = {_empty_before(stream, index) for index, _ in headings if index not in ends}
    gap = gaps.pop() if len(gaps) == 1 else -1
    for region in regions.values():
        region.gap, region.end = gap, _written_after(stream, region)


def _written_after(stream: Stream, region: Region) -> int:
    """Return the line after a table that is not empty: a sentence or a page's number may stand there."""
    last = region.entries[-1][0]
    lines = range(last + 1, region.end)
    return next((index for index in lines if stream.lines[index].strip()), region.end)


def _empty_before(stream: Stream, index: int) -> int:
    """Return how many empty lines stand before a line."""
    count = 0
    while count < index and not stream.lines[index - count - 1].strip():
        count += 1
    return count


def _without_page_numbers(
    entries: list[Entry], marks: Sequence[tuple[int, pages.Mark]], page_of: Sequence[int]
) -> list[Entry]:
    """Leave out lone numbers that count up through the document, and all between dashes or over a total.

    `page_of` tells the page of each line where the file has pages.
    """
    numbers = _ending_pages(entries, marks, page_of) if page_of else set()
    if numbers:
        return [entry for place, entry in enumerate(entries) if place not in numbers]
    numbers = pages.counting(marks) if len(marks) > 1 else set()
    if _are_figures(entries, numbers):
        numbers = set()
    numbers = numbers or _set_apart(entries, marks)
    if any(mark.manner == pages.DASHED or mark.is_over_total for _, mark in marks):
        numbers |= {place for place, mark in marks if mark.manner == pages.DASHED}
        numbers |= _over_totals(entries, marks)
    return [entry for place, entry in enumerate(entries) if place not in numbers] if numbers else entries


def _ending_pages(
    entries: Sequence[Entry], marks: Iterable[tuple[int, pages.Mark]], page_of: Sequence[int]
) -> set[int]:
    """Return the numbers of several pages that each end in one, counting with the pages."""
    ends = {page_of[index]: place for place, (index, _) in enumerate(entries)}
    numbers = {place: mark.number for place, mark in marks}
    shifts = {numbers[place] - page if place in numbers else None for page, place in ends.items()}
    return set(ends.values()) if len(ends) > 1 and len(shifts) == 1 and None not in shifts else set()


def _set_apart(entries: Sequence[Entry], marks: Sequence[tuple[int, pages.Mark]]) -> set[int]:
    """Return the numbers that count up, each between two empty lines and before a text, unlike most numbers.

    All that stand so do, through the whole document: where cells have a line each, page numbers look like
    them.
    """
    apart = [
        (place, mark)
        for place, mark in marks
        if 0 < place < len(entries) - 1
        and not entries[place + 1][1].figures
        and entries[place][0] - entries[place - 1][0] == entries[place + 1][0] - entries[place][0] == _APART
    ]
    return pages.counting(apart) if _FEWEST_APART <= len(apart) < len(marks) / 2 else set()


def _over_totals(entries: Iterable[Entry], marks: Iterable[tuple[int, pages.Mark]]) -> set[int]:
    """Return the numbers over a total, `3 / 9`, unless a stroke is an empty cell elsewhere."""
    over = {place for place, mark in marks if mark.is_over_total}
    others = (line for place, (_, line) in enumerate(entries) if place not in over) if over else ()
    return set() if any(token.text == "/" for line in others for token in line.tokens) else over


def _are_figures(entries: Sequence[Entry], numbers: Collection[int]) -> bool:
    """Tell whether numbers that count up are no pages': each below a label, or two in adjacent lines.

    A number over another one (3 / 9) is a page's wherever it stands. One may stand below another cell, too,
    that is indented as it is.
    """
    marks = [line.mark for line in (entries[place][1] for place in numbers)]
    if any(mark and mark.is_over_total for mark in marks):
        return False
    lines = {entries[place][0] for place in numbers}
    if any(index + 1 in lines for index in lines):
        return True
    return all(place and _is_below_cell(*entries[place - 1 : place + 1]) for place in numbers)


def _is_below_cell(above: Entry, entry: Entry) -> bool:
    """Tell whether a number stands below a row's label, or right below a figure, indented as it is."""
    (index, line), (own, number) = above, entry
    cell, token = line.tokens[-1], number.tokens[0]
    if names_row(cell):
        return True
    figure = own == index + 1 and len(line.tokens) == 1 and cell.mean is not None and not cell.blank
    return figure and cell.column == token.column > 0 and cell.style == token.style


@dataclass(slots=True)
class _Cluster:
    first: int
    last: int
    last_index: int
    names: set[str]
    section: int = 0
    heading: str | None = None


def _clusters(telling: Iterable[tuple[int, int, Line]]) -> dict[str, list[_Cluster]]:
    """Return the places that carry labels of each table, by its code: near each other, in one section.

    The overview may name what the tables count, with figures of another scope. `telling` are the lines that
    may be headings or carry labels, each with its place among the entries.
    """
    found: dict[str, list[_Cluster]] = {}
    heading: str | None = None
    section, sections = "", 0
    newest: _Cluster | None = None
    for place, index, line in telling:
        above = heading
        if line.heading is not None:
            heading = line.heading
        if line.heading is not None and line.words != section:
            section, sections = line.words, sections + 1  # the same one again is a page's head
        if line.owner is None:
            continue
        clusters = found.get(line.owner)
        last = clusters[-1] if clusters else None
        goes_on = last is not None and index - last.last_index <= _GAP and last.section == sections
        if last and goes_on and (last is newest or not _are_between(found, last)):
            last.names.update(line.names)
            last.last, last.last_index = place, index
            newest = last
        else:
            newest = _Cluster(place, place, index, set(line.names), sections, above)
            found.setdefault(line.owner, []).append(newest)
    return found


def _are_between(found: Mapping[str, Sequence[_Cluster]], cluster: _Cluster) -> bool:
    """Tell whether another table's labels have begun since a cluster's last: what comes now is no part of it.

    Few may be words that several tables use.
    """
    others = (clusters[-1] for clusters in found.values() if clusters and clusters[-1] is not cluster)
    return any(other.first > cluster.last and len(other.names) >= _FEWEST_BETWEEN for other in others)


def _after_heading(entries: Sequence[Entry], code: str) -> int | None:
    """Return where a table without any label of its own may begin: after its section's heading."""
    headings = [place for place, (_, line) in enumerate(entries) if line.heading == code]
    place = headings[-1] + 1 if headings else len(entries)
    return place if place < len(entries) and not _ends_table(entries[place][1]) else None


def _of_fifteen(entries: Sequence[Entry], start: int) -> int | None:
    """Return the first line with as many figures as table 四 has."""
    for place in range(start, len(entries)):
        tokens = entries[place][1].tokens
        if len(tokens) == _CELLS_OF_DISPUTE and all(token.mean is not None for token in tokens):
            return place
    return None


def _rivals(clusters: Sequence[_Cluster], chosen: _Cluster) -> list[_Cluster]:
    """Return further places that carry at least half as many of the table's labels."""
    enough = max(4, len(chosen.names) // 2)
    return [cluster for cluster in clusters if cluster is not chosen and len(cluster.names) >= enough]


def _extended(entries: Sequence[Entry], chosen: _Cluster, starts: Sequence[int]) -> tuple[int, int]:
    """Return where a table begins, with rows before its first label, and what ends it after its last one."""
    first = _with_rows_before(entries, chosen.first)
    limit = min((start for start in starts if start > chosen.first), default=len(entries))
    end = chosen.last + 1
    while end < limit and not _ends_table(entries[end][1]):
        end += 1
    return first, min(end, limit)


def _with_rows_before(entries: Sequence[Entry], first: int) -> int:
    """Return where a table begins whose first rows have labels that are not known."""
    place = first
    while place > max(0, first - _ROWS_BEFORE) and _continues_up(entries[place - 1], entries[place]):
        place -= 1
    is_cut = first - place == _ROWS_BEFORE and len(entries[place][1].tokens) == 1 == entries[place][1].figures
    if is_cut or (place and entries[place - 1][1].owner is not None):
        return first
    while place < first and all(token.mean is None for token in entries[place][1].tokens):
        place += 1
    return max(place - 1, 0) if place < first else first


def _above(entries: Sequence[Entry], first: int) -> Sequence[Entry]:
    """Return the lines of words right above a table, up to a heading, a figure or a sentence."""
    place = first
    while place > max(0, first - _MOST_HEADERS):
        line = entries[place - 1][1]
        if line.figures or line.heading is not None or _ends_table(line):
            break
        place -= 1
    return entries[place:first]


def _continues_up(before: Entry, entry: Entry) -> bool:
    line = before[1]
    return (
        entry[0] - before[0] <= _NEAR
        and line.heading is None
        and line.owner is None
        and not any(token.labels and begins_with_numeral(token) for token in line.tokens)  # （七）总计
        and not _ends_table(line)
    )


def _ends_table(line: Line) -> bool:
    token = line.tokens[0]
    if len(line.tokens) > 1 or token.mean is not None:
        return False
    return (
        line.heading is not None or len(token.skeleton) > _PROSE_CHARACTERS or bool(_NOTE.match(token.text))
    )
