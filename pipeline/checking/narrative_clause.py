"""What one clause says of the figures about requests, reviews and suits.

Belongs here: the grammar of a clause, made from narrative_figures.yaml. A clause is taken only when
all of it is understood. Does not belong here: what other clauses add (narrative.py).
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

OWN, WHOLE, PART = "own", "whole", "part"
# A longer clause states no figure of the table in words that could be understood as a whole.
_LONGEST = 100
_NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}


class Label(NamedTuple):
    """A wording for a figure; narrative_figures.yaml says what the fields mean."""

    code: str
    firm: bool = False
    whole: bool = False
    accepts: tuple[str, ...] = ()
    with_carried: bool = False
    after: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Said(NamedTuple):
    """What a clause states: one number for the figures `codes`, and who speaks (`body`, where named).

    `explicit`: the words name requests for information by themselves.
    """

    codes: tuple[str, ...]
    value: int
    label: Label
    explicit: bool
    front: str
    body: str


class Voice(NamedTuple):
    """A word that says for whom figures speak: own, whole or part."""

    kind: str
    word: str


class _Counted(NamedTuple):
    value: int
    before: str
    after: str


_NOTHING = Label("", firm=True, whole=True)
_EACH = Label("", firm=True)
IsOwn = Callable[[str], bool]


class Grammar:
    """The patterns of one report year."""

    def __init__(self, report_year: int) -> None:
        spec = _spec()
        years = {"year": report_year, "last": report_year - 1, "next": report_year + 1}
        self._parts = {**spec["parts"], **spec["none_parts"], **{name: str(at) for name, at in years.items()}}
        self._labels = [_label(fields) for fields in spec["labels"]]
        patterns = (
            f"(?P<l{at}>{self._filled(fields['pattern'])})" for at, fields in enumerate(spec["labels"])
        )
        glue = f"(?:{spec['glue_before']})*+$"
        self._said = re.compile(f"(?:{'|'.join(patterns)}){glue}")
        self._glue_after = re.compile(f"(?:{spec['glue_after']})+(?=.)")
        self._each = re.compile(self._filled(spec["both"]["each"]) + glue)
        self._neither = re.compile(self._filled(spec["both"]["none"]) + glue)
        self._both = tuple(spec["both"]["codes"])
        self._no = re.compile(spec["none"]["words"])
        self._none = {name: re.compile(self._filled(spec["none"][name])) for name in spec["none"]}
        lead = "|".join([*(self._filled(one) for one in spec["lead"]), *spec["scopes"].values()])
        self._lead = re.compile(f"(?:{lead})*+")
        self._lead_tail = re.compile(f"(?:{lead})*+$")
        self.carried = re.compile(self._filled(spec["carried_words"]))

    def counted(self, clause: str, is_own: IsOwn) -> Said | None:
        """Return what a clause with a number says, None where not all of it is understood."""
        found = _one_number(clause) if len(clause) <= _LONGEST else None
        if found is None:
            return None
        words = found.before + self._glue_after.sub("", found.after, count=1)
        return self._of_both(words, found.value, is_own) or self._of_one(words, found.value, is_own)

    def denied(self, clause: str, is_own: IsOwn) -> Said | None:
        """Return the zero that a clause states (未收到…申请, 没有发生行政复议), None where there is none."""
        no = self._no.search(clause) if len(clause) <= _LONGEST else None
        if no is None or (body := self._body(clause[: no.start()], is_own)) is None:
            return None
        rest, front = clause[no.end() :], clause[: no.start()]
        if self._none["requests"].fullmatch(rest) or self._none["requests_bare"].fullmatch(rest):
            return Said(("requests_new",), 0, _NOTHING, _explicit(rest), front, body)
        if self._none["requests_loose"].fullmatch(rest):
            return Said(("requests_new",), 0, _NOTHING._replace(firm=False), _explicit(rest), front, body)
        if not self._none["disputes"].fullmatch(rest):
            return None
        codes = [code for code, word in zip(self._both, ("复议", "诉讼"), strict=True) if word in rest]
        return Said(tuple(codes), 0, _EACH, False, front, body) if codes else None

    def _of_both(self, words: str, value: int, is_own: IsOwn) -> Said | None:
        found = self._each.search(words) or (self._neither.search(words) if value == 0 else None)
        body = self._body(words[: found.start()], is_own) if found else None
        if found is None or body is None:
            return None
        return Said(self._both, value, _EACH, False, words[: found.start()], body)

    def _of_one(self, words: str, value: int, is_own: IsOwn) -> Said | None:
        found = self._said.search(words)
        body = self._body(words[: found.start()], is_own) if found else None
        if found is None or body is None:
            return None
        place = next(at for at in range(len(self._labels)) if found[f"l{at}"] is not None)
        label = self._labels[place]
        explicit = label.whole and _explicit(found[0])
        return Said((label.code,), value, label, explicit, words[: found.start()], body)

    def _body(self, front: str, is_own: IsOwn) -> str | None:
        """Return the body that a clause's front names ("" for none), None for one that isn't the report's."""
        if self._lead.fullmatch(front):
            return ""
        begin = self._lead.match(front)
        rest = front[begin.end() :] if begin else front
        tail = self._lead_tail.search(rest)
        body = rest[: tail.start()] if tail else rest
        return body if is_own(body) else None

    def _filled(self, pattern: str) -> str:
        """Put the parts in place of their names, as deep as they go."""
        previous = ""
        while previous != pattern:
            previous = pattern
            pattern = re.sub(r"\{([a-z_]+)\}", lambda name: self._part(name[1]), pattern)
        return pattern

    def _part(self, name: str) -> str:
        part: str = self._parts[name]
        return part if part.isdigit() else f"(?:{part})"


@cache
def grammar(report_year: int) -> Grammar:
    """Return the patterns for reports of one year."""
    return Grammar(report_year)


def voices(text: str) -> list[Voice]:
    """Return the words of a text that say for whom figures speak, in order."""
    return [Voice(str(found.lastgroup), found[0]) for found in _voice().finditer(text)]


def other_body(clause: str) -> str | None:
    """Return the body that a clause begins with, None where it begins with none."""
    found = _compiled("other_body").match(clause)
    if found is None or _voice().match(clause.removeprefix("其中")):
        return None
    return found[0].removeprefix("其中")


def counts_something_else(clause: str) -> bool:
    """Tell whether a clause without a known figure counts what a later bare label may belong to."""
    return bool(_any_count().search(clause)) and not _compiled("parts_of_disputes").fullmatch(clause)


def other_time(text: str) -> bool:
    """Tell whether a sentence up to its figure speaks of another time than the whole year."""
    return bool(_compiled("other_time").search(text))


def speaks_of(subject: str, text: str) -> float:
    """Return the place where a text first speaks of a subject (`requests`, `disclosure`), inf for never."""
    found = _compiled(f"about_{subject}").search(text)
    return found.end() if found else math.inf


def has_trigger(text: str) -> bool:
    """Tell whether a text has one of the words without which there is no figure of interest."""
    return bool(_compiled("triggers").search(text))


def may_hold_a_figure(text: str) -> bool:
    """Tell cheaply whether a text may count something or deny it."""
    return bool(_sign_of_figure().search(text))


def _one_number(clause: str) -> _Counted | None:
    """Return the only number with a counter in a clause; None where there are several or none."""
    found = list(_count().finditer(clause))
    if len(found) != 1:
        return None
    number = found[0]
    digits = number["digits"] or number["zero"]
    value = int(digits.replace(",", "").replace("零", "0")) if digits else _NUMERALS[number["numeral"]]
    return _Counted(value, clause[: number.start()], clause[number.end() :])


def _explicit(words: str) -> bool:
    return any(word in words for word in ("信息", "公开", "依申请"))


def _label(fields: Mapping[str, Any]) -> Label:
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in fields.items()
        if name != "pattern"
    }
    return Label(**given)


@cache
def _spec() -> dict[str, Any]:
    path = Path(__file__).with_name("narrative_figures.yaml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@cache
def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(_spec()[name])


@cache
def _voice() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _spec()["scopes"].items()))


@cache
def _count() -> re.Pattern[str]:
    """Digits, one Chinese numeral, or a bare zero after 为, with the counter of a case."""
    counters = _spec()["counters"]
    return re.compile(
        rf"(?<![\d.])(?<!\d,)(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d+)[{counters}]"
        rf"|(?<![一二三四五六七八九十百千万第每同任各某这几两])(?P<numeral>[一二三四五六七八九十两])[件宗起]"
        r"|(?<=为)(?P<zero>[0零])(?:[件宗起例]|$)"
    )


@cache
def _any_count() -> re.Pattern[str]:
    signs = _spec()["counters"] + _spec()["other_counters"]
    return re.compile(rf"[\d一二三四五六七八九十两百千万余多][{signs}]")


@cache
def _sign_of_figure() -> re.Pattern[str]:
    return re.compile(rf"[\d一二三四五六七八九十两]\s*[{_spec()['counters']}]|为\s*[0零]|未|没有|无|零")
