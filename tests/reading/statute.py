"""The two statutory forms, typed from their printed tables.

Belongs here: the cells of the three tables in printed order, the identities and the additive rows, for each
form, as codes of the contract. Does not belong here: anything taken from `pipeline/forms`; this is what its
data are held to.
"""

Cell = tuple[str, str]
"""row_code, column_code of one table."""
Identity = tuple[str, tuple[Cell, ...], tuple[Cell, ...]]
"""Rule, cells of the left side, cells of the right side: the two sums are equal."""

# --- section 二 ---

DISCLOSURE: dict[str, tuple[Cell, ...]] = {
    "2019": (
        ("rule", "made"),
        ("rule", "disclosed"),
        ("rule", "disclosed_total"),
        ("normative_document", "made"),
        ("normative_document", "disclosed"),
        ("normative_document", "disclosed_total"),
        ("licensing", "items_last_year"),
        ("licensing", "items_change"),
        ("licensing", "decisions"),
        ("public_service", "items_last_year"),
        ("public_service", "items_change"),
        ("public_service", "decisions"),
        ("penalty", "items_last_year"),
        ("penalty", "items_change"),
        ("penalty", "decisions"),
        ("coercion", "items_last_year"),
        ("coercion", "items_change"),
        ("coercion", "decisions"),
        ("fee", "items_last_year"),
        ("fee", "items_change"),
        ("procurement", "projects"),
        ("procurement", "amount"),
    ),
    "2021": (
        ("rule", "issued"),
        ("rule", "repealed"),
        ("rule", "in_force"),
        ("normative_document", "issued"),
        ("normative_document", "repealed"),
        ("normative_document", "in_force"),
        ("licensing", "decisions"),
        ("penalty", "decisions"),
        ("coercion", "decisions"),
        ("fee", "amount"),
    ),
}

# --- section 三 ---

APPLICANTS = ("natural_person", "business", "research", "public_interest", "legal_service", "other_org")

_RESULTS = (
    "granted",
    "partial",
    "denied_state_secret",
    "denied_law",
    "denied_safety",
    "denied_third_party",
    "denied_internal",
    "denied_process",
    "denied_enforcement_file",
    "denied_inquiry",
    "unable_not_held",
    "unable_needs_making",
    "unable_unclear",
    "rejected_petition",
    "rejected_repeat",
    "rejected_publication",
    "rejected_excessive",
    "rejected_reissue",
)
RESULTS: dict[str, tuple[str, ...]] = {
    "2019": (*_RESULTS, "other"),
    "2021": (*_RESULTS, "other_no_correction", "other_unpaid", "other_rest"),
}
"""The single results that （七）总计 sums."""

ROWS = {
    form: ("received_new", "carried_in", *results, "total_handled", "carried_out")
    for form, results in RESULTS.items()
}
APPLICATION: dict[str, tuple[Cell, ...]] = {
    form: tuple((row, column) for row in rows for column in (*APPLICANTS, "total"))
    for form, rows in ROWS.items()
}

# --- section 四 ---

DISPUTE: tuple[Cell, ...] = (
    ("review", "upheld"),
    ("review", "corrected"),
    ("review", "other"),
    ("review", "pending"),
    ("review", "total"),
    ("suit_direct", "upheld"),
    ("suit_direct", "corrected"),
    ("suit_direct", "other"),
    ("suit_direct", "pending"),
    ("suit_direct", "total"),
    ("suit_after_review", "upheld"),
    ("suit_after_review", "corrected"),
    ("suit_after_review", "other"),
    ("suit_after_review", "pending"),
    ("suit_after_review", "total"),
)

# --- both ---


def cells(form: str, table: str) -> tuple[Cell, ...]:
    """The cells of one table in printed order."""
    return {"disclosure": DISCLOSURE[form], "application": APPLICATION[form], "dispute": DISPUTE}[table]


def _application_identities(form: str) -> list[Identity]:
    """一 + 二 = 三（七） + 四 and （七） = Σ results in seven columns; 总计 = Σ six kinds in each row."""
    found: list[Identity] = []
    for column in (*APPLICANTS, "total"):
        found.append(
            (
                "application.balance",
                (("received_new", column), ("carried_in", column)),
                (("total_handled", column), ("carried_out", column)),
            )
        )
        results = tuple((row, column) for row in RESULTS[form])
        found.append(("application.outcomes", (("total_handled", column),), results))
    for row in ROWS[form]:
        kinds = tuple((row, column) for column in APPLICANTS)
        found.append(("application.applicants", ((row, "total"),), kinds))
    return found


_DISPUTE_IDENTITIES: list[Identity] = [
    (
        "dispute.results",
        (("review", "total"),),
        (("review", "upheld"), ("review", "corrected"), ("review", "other"), ("review", "pending")),
    ),
    (
        "dispute.results",
        (("suit_direct", "total"),),
        (
            ("suit_direct", "upheld"),
            ("suit_direct", "corrected"),
            ("suit_direct", "other"),
            ("suit_direct", "pending"),
        ),
    ),
    (
        "dispute.results",
        (("suit_after_review", "total"),),
        (
            ("suit_after_review", "upheld"),
            ("suit_after_review", "corrected"),
            ("suit_after_review", "other"),
            ("suit_after_review", "pending"),
        ),
    ),
]


def identities(form: str, table: str) -> list[Identity]:
    """The identities of one table; none cover table 二."""
    if table == "application":
        return _application_identities(form)
    return _DISPUTE_IDENTITIES if table == "dispute" else []


def additive_rows(form: str, table: str) -> set[str]:
    """The rows of which a SUM counts nothing twice: each request once, by how it ended or as carried over."""
    if table == "application":
        return {*RESULTS[form], "carried_out"}
    return {row for row, _ in cells(form, table)}
