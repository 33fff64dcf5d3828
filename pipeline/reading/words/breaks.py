"""Lines that are not as they were written: parts of one line, or several run into one.

Belongs here: telling such a line by itself. Does not belong here: making lines whole (layouts/).
"""

import re

from pipeline.reading.words.values import UNITS

RULED, FOLDED, CUT, LISTED, SIGNED, SOFT, RUN = range(7)
"""A rule between rows of several lines; a table, or a whole report, in one line; a part of a cell; a text
after a bullet; figures that a sign parts; lines that end softly, as vertical tabs do; a table in one line
whose cells are still marked.
"""

RULE = re.compile(r"\s*[+├┌└┠┣┏┗╠╔╚|│┃║](?:[-=─━═]{2,}[+┬┼┴┤┐┘┨┫┓┛┯┿┷╬╦╩╣╗╝|│┃║┳╋┻])+\s*")
_RULE_BEGINS = frozenset("+├└┌┠┣┏┗╠╔╚|│┃║ \t\u3000")
_DASHES = frozenset("-=─━═")

# Shorter lines are rows, headers or sentences as they stand, and so are those with fewer figures.
_SPACES = " \u3000\xa0"
_SHORTEST_SIGNED = 4  # letters, as of a figure alone in its line
_LONGEST_ROW = 100
_FEWEST_FIGURES = 6
FEWEST_SIGNS = 50
"""In a line that is more than a row: table 四 has fifteen cells, some forms' headers thirty."""
_FEWEST_CELLS = 31  # in which something stands
_LONE_FIGURE = re.compile(r"(?<=\s)[+\-]?\d[\d,.]*(?=\s)")
# Of a row; the figures of sentences have words between them.
_PAIR = re.compile(
    rf"(?<=\s)[+\-]?\d[\d,.]*\s+(?:(?:{'|'.join(UNITS)})\s+)?(?:[+\-]?\d[\d,.]*|[/—–\-]+|无)(?:\s|$)"
)

FIRST = frozenset("0123456789０１２３４５６７８９+-－−")  # of a line with a figure alone
NEXT = frozenset("".join(UNITS) + ".．,，（(")  # of a line with what belongs to the figure before
FIGURE = re.compile(r"\s*[+\-－−]?[\d０-９][\d０-９,，.]*\s*")
_UNITS = "|".join(UNITS)
# What ends a figure: its unit, or its fraction.
UNIT = re.compile(rf"\s*(?:(?:{_UNITS})|[.．,，][\d０-９]+(?:{_UNITS})?)\s*")
# A mark within a figure that stands in a line of its own.
MARK = re.compile(r"\s*[.．,，]\s*")
OPEN = re.compile(rf"{FIGURE.pattern}(?:(?:{_UNITS})\s*)?[（(][^（()）]*")
REMARK = re.compile(r"\s*[（(](?:其|含|均|包|注|撤|驳)[^（()）]{0,20}([)）]?)\s*")
BULLET = re.compile(r"\s*(?:[-*•·] +)+(?=\S)")
_TEXT_AFTER_BULLET = re.compile(rf"{BULLET.pattern}[\"'（(*]*[\u4e00-\u9fff]")
# Between two figures, with nothing but spaces beside it; or between spaces, twice in a row: an empty cell.
_SIGN = r"[^\w\s,，.。、:：;；()（）\[\]【】〔〕{}<>《》“”‘’\"'+\-−＋－–—―─%％/\\|｜│┃¦║①-⑳]"
SIGN = re.compile(
    rf"(?<=[\d件元项个无/—\-]) *((?:{_SIGN}|(?<= ):(?= )){{1,3}}) *(?=[+\-−－]?[\d/—无\-])"
    rf"|(?<= )(?P<empty>{_SIGN}{{1,3}})(?= +(?P=empty)(?: |$))"
)
_SOFT_ENDS = "\x0b\x85\u2028\u2029"
SOFT_END = re.compile(f"[{_SOFT_ENDS}]")
_ENDS = frozenset("0123456789０１２３４５６７８９件元项个无/—-")  # of most rows
_ENDS_OF_TEXT = frozenset("。；;：:，,、）)”》\t|")  # and of rows that other marks part


def breaks_of(line: str) -> tuple[int, ...]:
    """Return what a line may be of the kinds above: of nearly every line nothing."""
    if not line.isprintable() and any(map(line.__contains__, _SOFT_ENDS)):
        return (SOFT,)
    kinds = _KINDS.get(line.lstrip()[:1])
    found: tuple[int, ...]
    if len(line) > _LONGEST_ROW and is_run(line):
        return (RUN,)
    if kinds is None:
        found = (FOLDED,) if len(line) > _LONGEST_ROW and is_folded(line) else ()
    else:
        found = tuple([kind for kind, is_so in kinds if is_so(line)])
    if found or len(line) <= _SHORTEST_SIGNED:
        return found
    last = line[-1:]
    may_be_signed = last in _ENDS or not (last.isalnum() or last in _ENDS_OF_TEXT)
    return (SIGNED,) if may_be_signed and _is_signed(line) else ()


def is_rule(line: str) -> bool:
    """Tell whether a line is a rule between rows; its first two characters rule out nearly all others."""
    begun = line[:1] in _RULE_BEGINS and line.lstrip()[1:2] in _DASHES
    return begun and RULE.fullmatch(line) is not None


def is_run(line: str) -> bool:
    """Tell whether a line has more cells between pipes, or tabs, than any row; empty ones may fill it up."""
    sign = next((sign for sign in "|\t" if line.count(sign) >= FEWEST_SIGNS), None)
    return sign is not None and sum(map(bool, map(str.strip, line.split(sign)))) >= _FEWEST_CELLS


def is_folded(line: str) -> bool:
    """Tell whether a line is longer than any row and has the figures of one, parted by spaces."""
    if len(line) <= _LONGEST_ROW or "\t" in line or "|" in line:
        return False
    if sum(map(line.count, _SPACES)) < _FEWEST_FIGURES - 1:
        return False  # nearly every sentence
    return len(_LONE_FIGURE.findall(line)) >= _FEWEST_FIGURES and _PAIR.search(line) is not None


def _is_cut(line: str) -> bool:
    """Tell whether a line is the unit or remark of a figure, or a figure with the beginning of a remark."""
    text = line.strip()
    if text[:1] in NEXT:
        return bool(UNIT.fullmatch(text) or REMARK.fullmatch(text) or MARK.fullmatch(text))
    return text[:1] in FIRST and ("（" in text or "(" in text) and OPEN.fullmatch(text) is not None


def _is_signed(line: str) -> bool:
    """Tell whether signs that are no part of figures, labels or prose stand between three figures."""
    return "\t" not in line and "|" not in line and len(signs_in(line)) > 1


def signs_in(line: str) -> list[str]:
    """Return the signs that may part the figures and empty cells of a row."""
    return [found[0].strip(" ") for found in SIGN.finditer(line)]


def _is_listed(line: str) -> bool:
    """Tell whether a line is a text after a bullet."""
    return _TEXT_AFTER_BULLET.match(line) is not None


_KINDS = {
    begin: tuple(
        (kind, is_so)
        for kind, is_so, begins in (
            (RULED, is_rule, _RULE_BEGINS),
            (FOLDED, is_folded, begin),
            (CUT, _is_cut, FIRST | NEXT),
            (LISTED, _is_listed, "-*•·"),
        )
        if begin in begins
    )
    for begin in _RULE_BEGINS | FIRST | NEXT | frozenset("*•·")
}
"""What a line may be, by the character that it begins with."""
