"""Sections whose text stands nearly word for word in last year's report or in another agency's.

Belongs here: shingles of a text, what of them is boilerplate, and finding the few pairs worth comparing.
Does not belong here: what a copied text means; where frames are stored.

A text is its Chinese letters alone, so that other figures, years and signs don't hide a copy. Its shingles
are all runs of eight letters. Shingles that many agencies of a year have (headings, sentences of the
statute, a template of a province) are boilerplate and count for nobody. The similarity of a report's
section to another is the share of its own shingles that stand in the other: 1 is a whole copy.

Pairs are found with an index of a sample of the shingles: each text is linked to the first and to the
previous owner of a shingle, so the work grows with the texts and not with their pairs. The similarity
itself is counted over all shingles.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import polars as pl

LAST_YEAR, OTHER_AGENCY = "last_year", "other_agency"
SCHEMA = {
    "report_id": pl.String(),
    "other_report_id": pl.String(),
    "section_code": pl.String(),
    "similarity": pl.Float64(),
    "kind": pl.String(),
}

_LETTERS = 8
_WIDTH = 2 * _LETTERS  # bytes of a shingle in UTF-16
# One letter in eight begins a sampled shingle: those whose code ends in three zero bits.
_SAMPLED = 0b111
# From this similarity on a text is nearly copied.
_LEAST_SIMILAR = 0.8
# A text with fewer shingles of its own says too little to be called copied: about three sentences.
_FEWEST = 60
# What at least a tenth of a year's agencies write, and ten of them, is boilerplate. It is counted in a
# sample of agencies: a tenth of 300 is told from a twentieth with certainty enough.
_COMMON_SHARE, _COMMON_LEAST, _COUNTED = 0.1, 10, 300
# Candidates a text is compared with, and the sampled shingles that they must share by the links.
_CANDIDATES, _FEWEST_LINKS = 3, 4
# By so much the sample may mislead about the similarity of two texts that are not compared in full.
_SAMPLE_ERROR = 0.3


class _Text(NamedTuple):
    """One section of a current report; `place` is its row, in the order of publication."""

    place: int
    report_id: str
    agency_id: str
    report_year: int
    section_code: str
    letters: str


class _Pair(NamedTuple):
    """Rows of two texts of which the first may be copied from the second."""

    copy: int
    source: int
    kind: str


def copies(reports: pl.DataFrame, sections: pl.DataFrame) -> pl.DataFrame:
    """Return the sections that are nearly copied, with their most similar source of each kind.

    `reports` and `sections` are rows of core.report and core.section; current versions alone are compared.
    Columns are those of SCHEMA, `similarity` is 0.8 to 1. `last_year`: the same agency a year earlier.
    `other_agency`: an agency whose report of the same year was published before it (by date, then by
    report_id; one without a date comes last), so that of two equal texts the later one is reported.
    """
    texts = _texts(reports, sections)
    shingles = _Shingles(texts)
    pairs = [*_last_year(texts), *_other_agency(_index(texts, shingles.samples()))]
    found = []
    for pair in pairs:
        share = shingles.similarity(pair) if shingles.may_be_similar(pair) else 0.0
        if share >= _LEAST_SIMILAR:
            copy, source = texts[pair.copy], texts[pair.source]
            found.append((copy.report_id, source.report_id, copy.section_code, share, pair.kind))
    every = pl.DataFrame(found, SCHEMA, orient="row")
    order = ["report_id", "section_code", "kind"]
    best = every.sort("similarity", "other_report_id", descending=[True, False])
    return best.unique(order, keep="first", maintain_order=True).sort(order)


class _Shingles:
    """The shingles of all texts, without those that are common."""

    def __init__(self, texts: list[_Text]) -> None:
        self._texts = texts
        self._common = _common(texts)
        # Arrays, not sets: there is one for each text, and a set takes fifteen times the room.
        self._samples = [array("I", sorted(_sample(text.letters) - self._common)) for text in texts]
        self._whole = lru_cache(maxsize=4096)(self._counted)

    def samples(self) -> Sequence[Sequence[int]]:
        """Return the sampled shingles of each text."""
        return self._samples

    def may_be_similar(self, pair: _Pair) -> bool:
        """Tell from the samples whether two texts are worth comparing in full."""
        own = self._samples[pair.copy]
        shared = len(set(own).intersection(self._samples[pair.source]))
        return shared >= (_LEAST_SIMILAR - _SAMPLE_ERROR) * len(own)

    def similarity(self, pair: _Pair) -> float:
        """Return the share of the copy's shingles that its source has; 0 for a text with few of its own."""
        own = self._whole(pair.copy)
        if len(own) < _FEWEST:
            return 0.0
        return len(own & self._whole(pair.source)) / len(own)

    def _counted(self, place: int) -> set[int]:
        return _shingles(self._texts[place].letters) - self._common


def _texts(reports: pl.DataFrame, sections: pl.DataFrame) -> list[_Text]:
    current = reports.filter("is_current").select("report_id", "agency_id", "report_year", "published_on")
    letters = pl.col("text").str.normalize("NFKC").str.replace_all(r"\P{Han}+", "")
    rows = (
        sections.join(current, "report_id")
        .with_columns(letters=letters)
        .filter(pl.col("letters").str.len_chars() >= _FEWEST + _LETTERS - 1)
        .sort("published_on", "report_id", "section_code", nulls_last=True)
        .select("report_id", "agency_id", "report_year", "section_code", "letters")
    )
    return [_Text(place, *row) for place, row in enumerate(rows.iter_rows())]


def _shingles(letters: str) -> set[int]:
    """Return the hashes of all shingles of a text; the same everywhere and always."""
    data = letters.encode("utf-16-le")
    return {crc32(data[at : at + _WIDTH]) for at in range(0, len(data) - _WIDTH + 2, 2)}


def _sample(letters: str) -> set[int]:
    data = letters.encode("utf-16-le")
    starts = enumerate(data[0 : len(data) - _WIDTH + 2 : 2])
    return {crc32(data[2 * at : 2 * at + _WIDTH]) for at, code in starts if not code & _SAMPLED}


def _common(texts: list[_Text]) -> set[int]:
    """Return the shingles that many agencies of one year have."""
    by_year: dict[int, dict[str, list[_Text]]] = {}
    for text in texts:
        by_year.setdefault(text.report_year, {}).setdefault(text.agency_id, []).append(text)
    common: set[int] = set()
    for agencies in by_year.values():
        common |= _common_of(agencies)
    return common


def _common_of(agencies: dict[str, list[_Text]]) -> set[int]:
    """Return the shingles that many of these agencies have, counted in a fixed sample of them."""
    asked = sorted(agencies, key=lambda agency_id: (crc32(agency_id.encode()), agency_id))[:_COUNTED]
    least = max(_COMMON_LEAST, _COMMON_SHARE * len(asked))
    owners: Counter[int] = Counter()
    if len(asked) < least:
        return set()
    for agency_id in asked:
        owners.update(set().union(*(_shingles(text.letters) for text in agencies[agency_id])))
    return {shingle for shingle, count in owners.items() if count >= least}


def _index(texts: list[_Text], samples: Sequence[Sequence[int]]) -> pl.DataFrame:
    """Return a row a sampled shingle of a text, with the year and section in which it is compared."""
    flat = array("I")
    for sample in samples:
        flat.extend(sample)
    owners = pl.DataFrame(
        {
            "place": [text.place for text in texts],
            "report_year": [text.report_year for text in texts],
            "section_code": [text.section_code for text in texts],
            "held": [len(sample) for sample in samples],
        },
        {
            "place": pl.UInt32(),
            "report_year": pl.Int32(),
            "section_code": pl.Categorical(),
            "held": pl.UInt32(),
        },
    )
    repeated = owners.select(pl.exclude("held").repeat_by("held").explode()).drop_nulls()
    return repeated.with_columns(pl.Series("shingle", flat, pl.UInt32()))


def _last_year(texts: list[_Text]) -> Iterator[_Pair]:
    places = {(text.agency_id, text.report_year, text.section_code): text.place for text in texts}
    for text in texts:
        before = places.get((text.agency_id, text.report_year - 1, text.section_code))
        if before is not None:
            yield _Pair(text.place, before, LAST_YEAR)


def _other_agency(index: pl.DataFrame) -> Iterator[_Pair]:
    """Yield each text with the few earlier ones of its year and section that share most shingles with it."""
    group = ["report_year", "section_code", "shingle"]
    owners = index.sort("place").with_columns(
        previous=pl.col("place").shift(1).over(group), first=pl.col("place").first().over(group)
    )
    links = pl.concat(
        [
            owners.select("place", source="previous"),
            owners.filter(pl.col("first") != pl.col("previous")).select("place", source="first"),
        ]
    ).drop_nulls()
    counted = links.group_by("place", "source").len("links").filter(pl.col("links") >= _FEWEST_LINKS)
    best = counted.sort("place", "links", "source", descending=[False, True, False])
    for place, source in (
        best.group_by("place", maintain_order=True).head(_CANDIDATES).select("place", "source").iter_rows()
    ):
        yield _Pair(place, source, OTHER_AGENCY)
