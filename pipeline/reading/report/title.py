"""The report's title: where it stands, whole or cut, and the agency and year in it.

Belongs here: telling a title from menus, paths and sentences. Does not belong here:
which body the name means (agencies/).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.reading.report.dates import YEAR, arabic, find_date
from pipeline.reading.words.labels import squeeze

_LINES = 4  # a title is cut over no more lines than this
_LONGEST = 70
_LONGEST_DATE = 15
SEARCHED = 120  # entries: a government page's navigation comes first
_TITLE = re.compile(r"(?:信息|政务)公开.{0,16}(?:报告|年报)")
_START = re.compile(r"(?:信息|政务)公开|年度报告|(?:19|20)[0-9]{2}年")
_SENTENCE = re.compile(r"[。；，,;]")
_PATH = re.compile(r"[>›»]|首页|当前位置|您的位置")
_LABEL = re.compile(
    r"^(?:(?:名\s*称|标\s*题|信息名称|文件名称|题\s*名|附\s*件\s*\d*)\s*[:：]?\s*|【[^】]{1,8}】)+"
)
_QUOTED = re.compile(r"《([^《》]*信息公开[^《》]*)》")
_YEAR_ALONE = re.compile(r"[（(]?((?:19|20)[0-9]{2})年?度?[)）]?")
_AFTER_NAME = re.compile(r"(?:的?政府)?信息(?:[和与及、]政务)?公开|政务公开(?!办|领导|服务|中心)")
_NOISE = re.compile(
    r"(?:19|20)[0-9]{2}年?度?|[《》<>\[\]【】“”\"'|]|^关于(?:发布|公布|印发|报送)?|关于(?:发布|公布|印发|报送|上报)?$|年度$|的$|^\W+"
)
_PRONOUN = re.compile(r"[我本][\u4e00-\u9fff]{1,3}")
NAME = re.compile(r"[\u4e00-\u9fff（）()·]{2,40}")
ENDS_AS_BODY = re.compile(
    r"(?:政府|[局厅部委办院署所站校馆团会]|委员会|办公室|办事处|管委会|中心|街道|[镇乡区县市旗盟州省]|集团|公司|大队|支队|总队)$"
)
_CJK_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_SHORT_NAME = 4  # a name no longer than this may be the rest of one that the line before began


class Title(NamedTuple):
    """A title and its parts (agency, year) as far as they stand in it."""

    text: str
    agency: str
    year: int | None


def find_title(stream: Stream) -> Title | None:
    """Return the report's title: the first that names agency and year, else the best there is."""
    best: Title | None = None
    for title in _candidates(stream):
        if title.agency and title.year:
            return title
        if best is None or (title.agency and not best.agency):
            best = title
    return best


def tidy(text: str) -> str:
    """Return one line, without the spaces that part two Chinese characters."""
    return _CJK_GAP.sub("", " ".join(text.split()))


def _candidates(stream: Stream) -> Iterator[Title]:
    """Yield titles: a web page's own (it names the article), those in the text, a file's own."""
    stated = stream.meta.get("title", "")
    own = _title(_cleaned(stated)) if _TITLE.search(squeeze(stated)) and not _PATH.search(stated) else None
    if own and stream.media_type == "text/html":
        yield own
    for place, line in enumerate(stream.lines[:SEARCHED]):
        if ("年" in line or "公" in line) and len(line) <= 2 * _LONGEST:
            title = _starting_at(stream, place)
            if title:
                yield title
    if own:
        yield own


def _may_begin(line: str) -> bool:
    bare = arabic(squeeze(line))
    if not _START.search(bare) or _PATH.search(line):
        return False
    dated = find_date(bare) if len(bare) <= _LONGEST_DATE else None
    return not (dated and dated[1:] == (0, len(bare)))


def _starting_at(stream: Stream, place: int) -> Title | None:
    """Return the title that starts at an entry, joined with the lines it is cut over."""
    parts: list[str] = []
    near = stream.lines[place : place + 2 * _LINES]
    if "报" not in "".join(near):
        return None  # nearly every line: the word ends a title
    following = [line for line in near if line.strip()]
    if not any("报" in line for line in following[:_LINES]) or not _may_begin(near[0]):
        return None
    for number, line in enumerate(following[:_LINES]):
        part = _cleaned(line)
        if len(part) > _LONGEST or _SENTENCE.search(part):
            return None
        parts.append(part)
        if _TITLE.search(squeeze("".join(parts))):
            after = following[number + 1] if number + 1 < len(following) else ""
            return _whole(stream, place, parts, after)
    return None


def _whole(stream: Stream, place: int, parts: list[str], after: str) -> Title | None:
    """Complete a title by a year in brackets below it, or by a name (or its beginning) above it."""
    below = _YEAR_ALONE.fullmatch(arabic(squeeze(after)))
    if parts[0].startswith("年"):
        place, parts = _with_year_above(stream, place, parts)
    title = _title("".join([*parts, after.strip()] if below else parts))
    if len(squeeze(title.text)) > _LONGEST:
        return None
    if len(title.agency) > _SHORT_NAME:
        return title
    above = _name_above(stream, place)
    if not above or not ENDS_AS_BODY.search(above + title.agency):
        return title
    return Title(tidy(above + title.text), above + title.agency, title.year)


def _with_year_above(stream: Stream, place: int, parts: list[str]) -> tuple[int, list[str]]:
    """Return a title that begins with 年 with the number of the line above, and where it then begins."""
    above = next((at for at in range(place - 1, -1, -1) if stream.lines[at].strip()), None)
    if above is None or not YEAR.fullmatch(arabic(squeeze(f"{stream.lines[above]}年"))):
        return place, parts
    return above, [stream.lines[above].strip(), *parts]


def _name_above(stream: Stream, place: int) -> str:
    """Return the lines above a title that are a name, or the line alone when more stands above it."""
    names: list[str] = []
    for line in reversed([line for line in stream.lines[:place] if line.strip()]):
        bare = squeeze(line)
        if not NAME.fullmatch(bare) or _PATH.search(bare) or len(names) == _LINES:
            return names[0] if names else ""
        names.insert(0, bare)
    return "".join(names)


def _cleaned(line: str) -> str:
    """Return a line without what says that it is a title; of a quoting line what it quotes."""
    cells = [cell.strip() for cell in line.split("\t")]
    text = max(cells, key=lambda cell: ("信息公开" in cell, len(cell)))
    quoted = _QUOTED.search(text)
    return _LABEL.sub("", quoted[1] if quoted else text).strip()


def _title(text: str) -> Title:
    bare = arabic(squeeze(text))
    year = YEAR.search(bare)
    return Title(tidy(text), _agency(bare), int(year[1]) if year else None)


def _agency(bare: str) -> str:
    """Return the body that a title names: what stands before 政府信息公开, without the year."""
    cut = _AFTER_NAME.search(bare)
    name = bare[: cut.start()].rpartition(":")[2] if cut else ""  # 主题分类:政务公开
    previous = None
    while name != previous:
        previous, name = name, _NOISE.sub("", name)
    if name.endswith("人民"):
        name += "政府"
    return "" if _PRONOUN.fullmatch(name) or _PATH.search(name) else name
