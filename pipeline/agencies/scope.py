"""For whom a report's figures speak: the body alone, or all that is below it.

Belongs here: the words that tell, and what the kind of body lets them mean.
Does not belong here: the figures.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from pipeline.agencies.model import AgencyType, Resolution, Scope, Status
from pipeline.agencies.text import plain

_SENTENCE = re.compile(r"[。;!?\n]")
_REQUESTS = re.compile(
    r"(?:收到|受理|接到|办理|答复|处理|依申请公开)[^,]{0,30}(?:\d|没有|未)|(?:未|没有)(?:收到|接到|受理)"
)
_ABOUT = re.compile(r"申请")
_PUBLISHED = re.compile(r"公开[^,。]{0,20}\d+(?:余)?[条件篇项]|\d+(?:余)?[条件篇项]")
_ALL = re.compile(
    r"全(?:省|市|州|县|区|旗|盟)(?!面|国)|我(?:省|市|州|县|区|旗)(?!域)|各(?:镇街|街镇|乡镇|镇乡|县区|区县|县市区|市县|部门|街道|镇)"
    r"|(?:市|县|区)(?:级|直)各?(?:部门|单位)|(?:部门|镇街|街镇|乡镇)文件|各级(?:行政机关|部门)|全系统|系统各单位"
)
_SELF = re.compile(
    r"(?:我|本)(?:局|厅|委|办|中心|机关|单位|部门|院|所|队|站|处|会|街道|镇|乡|办公室)|局机关|机关本级|委机关"
    r"|(?:管委会|管理委员会|政府)办公室"
)


class _Voice(NamedTuple):
    whole: str | None
    own: str | None


def scope(resolution: Resolution, texts: Iterable[str]) -> tuple[Scope | None, str]:
    """Tell the scope of a report from the kind of its body and from its running text, with the evidence.

    None where the two do not tell. The sentences that count requests weigh first, then those that count what
    was published: only they speak of the figures.
    """
    if resolution.resolution is Status.UNRESOLVED and resolution.agency_type is None:
        return None, "the body is not known"
    if resolution.agency_type is AgencyType.TOWN:
        return Scope.OWN, "a town or street has no agency below it"
    sentences = [plain(part) for text in texts for part in _SENTENCE.split(text)]
    heard = _voice(sentences, _counts_requests)
    if heard == _Voice(None, None):
        heard = _voice(sentences, _counts_published)
    return _of_whole(heard) if _may_speak_for_all(resolution) else _of_part(heard)


def _counts_requests(sentence: str) -> bool:
    return bool(_ABOUT.search(sentence) and _REQUESTS.search(sentence))


def _counts_published(sentence: str) -> bool:
    return bool(_PUBLISHED.search(sentence))


def _voice(sentences: Iterable[str], counts: Callable[[str], bool]) -> _Voice:
    spoken = [sentence for sentence in sentences if counts(sentence)]
    return _Voice(_quoted(_ALL, spoken), _quoted(_SELF, spoken))


def _quoted(words: re.Pattern[str], sentences: Iterable[str]) -> str | None:
    """Quote the first sentence with such a word, cut to a line."""
    for sentence in sentences:
        found = words.search(sentence)
        if found:
            start = max(0, found.start() - 10)
            return f"“{found.group()}” in “{sentence[start : found.end() + 30]}”"
    return None


def _may_speak_for_all(resolution: Resolution) -> bool:
    """Whether it is a government, a zone's committee, or the office that signs for one."""
    principal = resolution.agency_type is AgencyType.GOVERNMENT or resolution.name.endswith("管理委员会")
    return principal or resolution.acts_for is not None


def _of_whole(heard: _Voice) -> tuple[Scope | None, str]:
    if heard.whole and heard.own:
        return None, f"the text says both: {heard.whole}; {heard.own}"
    if heard.whole:
        return Scope.CONSOLIDATED, heard.whole
    if heard.own:
        return Scope.OWN, heard.own
    return None, "a government's report may add up what is below it, and the text does not say"


def _of_part(heard: _Voice) -> tuple[Scope | None, str]:
    if heard.whole and not heard.own:
        return None, f"a department's report covers itself, but its figures say {heard.whole}"
    return Scope.OWN, heard.own or "a department's report covers itself"
