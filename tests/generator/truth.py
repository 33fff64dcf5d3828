"""What a made report says: figures that satisfy the form's identities, and the truth a reader is held to.

Belongs here: the statutory codes as the generator knows them, the profiles of agencies, the figures. Does
not belong here: how a figure is printed (values), where it stands (document, layouts), or what spoils it
(damage).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from tests.reading import statute

Key = tuple[str, str, str]
"""table_code, row_code, column_code of the contract."""

FORMS: dict[str, tuple[str, str]] = {
    "2019": ("2019", "2019"),
    "2021": ("2021", "2021"),
    "2021+2019": ("2021", "2019"),
    "2019+2021": ("2019", "2021"),
}
"""Name of a report's form: form of its table 二, form of its table 三. The last two are the hybrids."""

PROFILES = ("office", "county", "city", "zeros", "sparse")

APPLICANTS = statute.APPLICANTS
TOTAL = "total"
CHANNELS = ("review", "suit_direct", "suit_after_review")
RESULTS = ("upheld", "corrected", "other", "pending")

_ITEMS = ("items_last_year", "items_change", "decisions")
_DOCUMENTS_2019 = ("made", "disclosed", "disclosed_total")
_DOCUMENTS_2021 = ("issued", "repealed", "in_force")

DISCLOSURE: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "2019": {
        "20_1": {"rule": _DOCUMENTS_2019, "normative_document": _DOCUMENTS_2019},
        "20_5": {"licensing": _ITEMS, "public_service": _ITEMS},
        "20_6": {"penalty": _ITEMS, "coercion": _ITEMS},
        "20_8": {"fee": _ITEMS[:2]},
        "20_9": {"procurement": ("projects", "amount")},
    },
    "2021": {
        "20_1": {"rule": _DOCUMENTS_2021, "normative_document": _DOCUMENTS_2021},
        "20_5": {"licensing": ("decisions",)},
        "20_6": {"penalty": ("decisions",), "coercion": ("decisions",)},
        "20_8": {"fee": ("amount",)},
    },
}
"""form -> block of 第二十条 -> row_code -> column_codes, in the printed order."""

OUTCOMES = statute.RESULTS
"""form -> the additive result rows of table 三, in the printed order."""


def application_rows(form: str) -> tuple[str, ...]:
    """Row codes of table 三 in the printed order."""
    return ("received_new", "carried_in", *OUTCOMES[form], "total_handled", "carried_out")


def disclosure_cells(form: str) -> Iterator[tuple[str, str]]:
    """(row_code, column_code) of every cell of table 二 in the printed order."""
    for rows in DISCLOSURE[form].values():
        for row, columns in rows.items():
            for column in columns:
                yield row, column


def statutory_keys(disclosure_form: str, application_form: str) -> Iterator[Key]:
    """Keys of every statutory cell of a report in the printed order: 198 for form 2019, 200 for form 2021."""
    for row, column in disclosure_cells(disclosure_form):
        yield "disclosure", row, column
    for row in application_rows(application_form):
        for column in (*APPLICANTS, TOTAL):
            yield "application", row, column
    for channel in CHANNELS:
        for column in (*RESULTS, TOTAL):
            yield "dispute", channel, column


@dataclass(slots=True)
class CellTruth:
    """One statutory cell: what a reader must report.

    `value` is None unless `status` is `reported`; money is in yuan. `raw` is the text as printed.
    `undetermined`: the document no longer tells the value for certain. A reader may then answer with the
    right value, or with `unreadable`, `missing` or `blank`; a different number is still a silent wrong.
    """

    value: float | None
    status: str
    unit: str
    raw: str
    undetermined: bool = False


@dataclass(slots=True)
class Truth:
    """Everything a made report says, keyed by the codes of the contract.

    `agency` is the name that the title (or, without a title, the signature) prints; None where the document
    no longer names it. `year` likewise. `published_on` is None where no date is printed. `figures` are the
    plain numbers behind the cells before styles, blanks and damage: whole counts, and money in yuan.
    """

    agency: str | None
    year: int | None
    published_on: date | None
    disclosure_form: str
    application_form: str
    profile: str
    figures: dict[Key, Decimal]
    cells: dict[Key, CellTruth] = field(default_factory=dict)

    def lose(self, key: Key) -> None:
        """The cell is no longer in the document."""
        self.cells[key] = CellTruth(None, "missing", self.cells[key].unit, "")

    def doubt(self, table: str, row: str | None = None) -> None:
        """The document no longer tells a row (or, without `row`, a table) for certain. What is lost stays
        lost.
        """
        for key, cell in self.cells.items():
            if key[0] == table and row in (None, key[1]) and cell.status != "missing":
                cell.undetermined = True

    def row_keys(self, table: str, row: str) -> list[Key]:
        """Keys of one row in the printed order."""
        return [key for key in self.cells if key[0] == table and key[1] == row]


@dataclass(frozen=True, slots=True)
class Profile:
    """How big an agency is: upper bounds for the kinds of figures, how much is zero, how small it gets."""

    requests: int
    documents: int
    items: int
    decisions: int
    money: int
    disputes: int
    zero_rate: float
    least: float = 0.0


_PROFILES: dict[str, Profile] = {
    "office": Profile(12, 6, 90, 400, 900_000, 2, 0.55),
    "county": Profile(180, 60, 900, 40_000, 40_000_000, 14, 0.3),
    "city": Profile(4_200_000, 900, 9_000, 9_500_000, 9_000_000_000, 2_400, 0.1, 0.4),
    "sparse": Profile(3, 2, 9, 6, 20_000, 1, 0.9),
    "zeros": Profile(0, 0, 0, 0, 0, 0, 1.0),
}

_APPLICANT_WEIGHTS = (60, 18, 2, 2, 5, 3)
_OUTCOME_WEIGHTS = {
    "granted": 40,
    "partial": 8,
    "unable_not_held": 25,
    "rejected_petition": 5,
    "unable_unclear": 4,
}


def _draw(rng: Random, upper: int, zero_rate: float, least: float = 0.0) -> int:
    """A figure up to `upper`, small ones as likely as large ones, zero at the given rate.

    `least` (0 to 1) keeps the figures of large agencies large: no figure is below `upper ** least`.
    """
    if upper == 0 or rng.random() < zero_rate:
        return 0
    return max(1, int(upper ** rng.uniform(least, 1))) if upper > 20 else rng.randint(1, upper)


def _split(rng: Random, total: int, weights: Sequence[float]) -> list[int]:
    """Split a count over places by weight, at random; small counts fall one by one, so most places stay
    empty.
    """
    parts = [0] * len(weights)
    if total <= 12:
        for place in rng.choices(range(len(weights)), weights, k=total):
            parts[place] += 1
        return parts
    noisy = [weight * rng.random() ** 2 for weight in weights]
    scale = total / sum(noisy)
    parts = [int(weight * scale) for weight in noisy]
    parts[noisy.index(max(noisy))] += total - sum(parts)
    return parts


def _applications(rng: Random, form: str, profile: Profile) -> dict[tuple[str, str], int]:
    """Table 三: every column balances (一 + 二 = (七) + 四), every row adds up."""
    rows = application_rows(form)
    weights = [_OUTCOME_WEIGHTS.get(outcome, 1.5) for outcome in OUTCOMES[form]]
    received = _split(
        rng, _draw(rng, profile.requests, profile.zero_rate / 3, profile.least), _APPLICANT_WEIGHTS
    )
    carried = _split(
        rng, _draw(rng, profile.requests // 15 + 1, 0.2 + profile.zero_rate * 0.8), _APPLICANT_WEIGHTS
    )
    figures: dict[tuple[str, str], int] = {}
    for place, applicant in enumerate(APPLICANTS):
        due = received[place] + carried[place]
        open_ = rng.randint(0, due // 6) if rng.random() < 0.6 else 0
        parts = _split(rng, due - open_, weights)
        column = (received[place], carried[place], *parts, due - open_, open_)
        for row, value in zip(rows, column, strict=True):
            figures[row, applicant] = value
    for row in rows:
        figures[row, TOTAL] = sum(figures[row, applicant] for applicant in APPLICANTS)
    return figures


def _disputes(rng: Random, profile: Profile) -> dict[tuple[str, str], int]:
    """Table 四: in each of the three blocks the total is the sum of the four results."""
    figures: dict[tuple[str, str], int] = {}
    for channel in CHANNELS:
        cases = _draw(rng, profile.disputes, profile.zero_rate)
        for result, value in zip(RESULTS, _split(rng, cases, (6, 2, 3, 2)), strict=True):
            figures[channel, result] = value
        figures[channel, TOTAL] = cases
    return figures


def _money(rng: Random, profile: Profile) -> Decimal:
    """An amount in yuan: whole thousands, whole yuan, or with fen."""
    amount = _draw(rng, profile.money, profile.zero_rate, profile.least)
    kind = rng.random()
    if kind < 0.5:
        return Decimal(amount // 1000 * 1000)
    return Decimal(amount) if kind < 0.8 or not amount else Decimal(amount * 100 + rng.randint(1, 99)) / 100


def _disclosure_figure(rng: Random, profile: Profile, row: str, column: str) -> Decimal:
    if column == "amount":
        return _money(rng, profile)
    upper = profile.decisions if column == "decisions" else profile.items
    if row in ("rule", "normative_document"):
        upper = profile.documents
    value = _draw(rng, upper, profile.zero_rate, profile.least)
    return Decimal(-value if column == "items_change" and rng.random() < 0.4 else value)


def make_figures(rng: Random, form: str, profile: str) -> dict[Key, Decimal]:
    """Figures of a whole report: counts, and money in yuan, in the printed order of their cells."""
    disclosure_form, application_form = FORMS[form]
    size = _PROFILES[profile]
    figures: dict[Key, Decimal] = {}
    for row, column in disclosure_cells(disclosure_form):
        figures["disclosure", row, column] = _disclosure_figure(rng, size, row, column)
    for (row, column), count in _applications(rng, application_form, size).items():
        figures["application", row, column] = Decimal(count)
    for (row, column), count in _disputes(rng, size).items():
        figures["dispute", row, column] = Decimal(count)
    return {key: figures[key] for key in statutory_keys(disclosure_form, application_form)}


def broken_identities(figures: dict[Key, Decimal], application_form: str) -> list[str]:
    """The identities of tables 三 and 四 that do not hold, as readable sentences; empty when all hold."""
    broken = []
    for column in (*APPLICANTS, TOTAL):
        get = {row: figures["application", row, column] for row in application_rows(application_form)}
        if get["received_new"] + get["carried_in"] != get["total_handled"] + get["carried_out"]:
            broken.append(f"application.balance {column}")
        if get["total_handled"] != sum(get[row] for row in OUTCOMES[application_form]):
            broken.append(f"application.outcomes {column}")
    broken += [
        f"application.applicants {row}"
        for row in application_rows(application_form)
        if figures["application", row, TOTAL] != sum(figures["application", row, kind] for kind in APPLICANTS)
    ]
    broken += [
        f"dispute.results {channel}"
        for channel in CHANNELS
        if figures["dispute", channel, TOTAL] != sum(figures["dispute", channel, kind] for kind in RESULTS)
    ]
    return broken
