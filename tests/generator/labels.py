"""The printed wordings of one report: labels, headings and titles with the variants that agencies use.

Belongs here: choosing among the wordings of labels.toml and varying brackets, stops and punctuation. Does
not belong here: damage to labels (damage), or their places in a table (document).
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_HALF_BRACKETS = str.maketrans("（）", "()")
_HALF_SIGNS = str.maketrans("，：", ",:")
_NUMERALS = "一二三四五六七八九十"
_STOPS = (".", ".", ".", ". ", "．", "、")


@cache
def load(name: str) -> dict[str, Any]:
    """A data file of this folder, read once."""
    with Path(__file__).with_name(name).open("rb") as file:
        return tomllib.load(file)


@cache
def _wordings() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Every label of labels.toml as (path, wordings), flattened once."""

    def walk(
        node: dict[str, Any], path: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        for name, value in node.items():
            if isinstance(value, dict):
                yield from walk(value, (*path, name))
            else:
                yield (*path, name), tuple(value)

    return tuple(walk(load("labels.toml"), ()))


class Wording:
    """The labels as one report prints them, by their path in labels.toml (`application.rows.granted`)."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._varied = rng.random() < 0.5
        self._half_brackets = rng.random() < 0.4
        self._half_signs = rng.random() < 0.2
        self._stop = rng.choice(_STOPS)
        self._gap = " " if rng.random() < 0.2 else ""
        self.labels = {path: self._one(wordings) for path, wordings in _wordings()}

    def __getitem__(self, path: str) -> str:
        return self.labels[tuple(path.split("."))]

    def __call__(self, *path: str) -> str:
        """The label at a path given in parts."""
        return self.labels[path]

    def _one(self, wordings: tuple[str, ...]) -> str:
        text = self._rng.choice(wordings) if self._varied else wordings[0]
        if self._stop != "." and text[1:2] == "." and text[0].isdigit():
            text = text[0] + self._stop + text[2:]
        if self._half_signs:
            text = text.translate(_HALF_SIGNS)
        if self._half_brackets:
            text = text.translate(_HALF_BRACKETS)
        if self._gap and text[0:1] in "（(" and text[2:3] in "）)" and text:
            text = text[:3] + self._gap + text[3:]
        return text


def numeral(number: int) -> str:
    """1 to 10 as 一 to 十."""
    return _NUMERALS[number - 1]
