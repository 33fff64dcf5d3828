"""The second witness for every number: polars derives it again from the raw text, for a whole batch at once.

Belongs here: an interpretation of raw texts that shares no code with the reader's own
(pipeline.reading.words.values), and the comparison of the two. Does not belong here: the
number that is published - that is the reader's, unless the two differ.
"""

import polars as pl

from pipeline.forms import forms

# Casts are strict: only what is a number by its form is taken out, so a failing cast is a fault here.
_NUMBER = r"([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
_BEFORE = r"^([^0-9]*)"
_UNIT_AFTER = _NUMBER + r"\s*(亿|万)?"
_MINUS = r"[-−减↓]"
_NEARLY = 1e-12  # the reader counts in decimals, this witness in floating point


def derive(raw_texts: pl.Series) -> pl.DataFrame:
    """Return what each distinct raw text says: (raw_text, is_blank, number, scale).

    `number` is the first number with its sign, null where there is none; `scale` is the
    factor of 万 or 亿 beside it, else 1. Widths are folded first: `１，２３４` is 1,234.
    """
    text = pl.col("raw_text").str.normalize("NFKC").str.strip_chars()
    unique = raw_texts.alias("raw_text").drop_nulls().unique(maintain_order=True).to_frame()
    digits = text.str.extract(_NUMBER).str.replace_all(",", "", literal=True).cast(pl.Float64)
    sign = pl.when(text.str.extract(_BEFORE).str.contains(_MINUS)).then(-1.0).otherwise(1.0)
    scale = text.str.extract(_UNIT_AFTER, 2).replace_strict({"万": 1e4, "亿": 1e8}, default=1.0)
    return unique.select(
        "raw_text", is_blank=text.str.len_chars() == 0, number=digits * sign, scale=scale.cast(pl.Float64)
    )


def disagreements(cells: pl.DataFrame) -> pl.Series:
    """Return for each cell (schema of core.cell) whether the two witnesses differ.

    The reader's word is checked by its status: `reported` needs the same number, `blank`
    an empty text, `not_applicable` a text without a number, and every status but
    `reported` needs an empty value. A sum of money without a unit may be in the unit
    that a form's header gives.
    """
    derived = cells.select("raw_text").join(
        derive(cells["raw_text"]), "raw_text", "left", maintain_order="left"
    )
    both = cells.select("value", "unit", "value_status", has_text=pl.col("raw_text").is_not_null())
    agrees = (
        pl.when(pl.col("value_status") == "reported")
        .then(_same_number())
        .otherwise(pl.col("value").is_null() & _fits_status())
    )
    return (
        both.hstack(derived.drop("raw_text"))
        .select((~agrees.fill_null(value=False)).alias("differs"))
        .to_series()
    )


def _fits_status() -> pl.Expr:
    blank = ~pl.col("has_text") | pl.col("is_blank")
    return (
        pl.when(pl.col("value_status").is_in(["blank", "missing"]))
        .then(blank)
        .when(pl.col("value_status") == "not_applicable")
        .then(~blank & pl.col("number").is_null())
        .otherwise(pl.lit(value=True))
    )


def _same_number() -> pl.Expr:
    as_written = _near(pl.col("number") * pl.col("scale"))
    unitless_money = (pl.col("unit") == "yuan") & (pl.col("scale") == 1)
    by_header = [_near(pl.col("number") * factor) for factor in sorted(_header_factors())]
    return as_written | (unitless_money & pl.any_horizontal(by_header)) if by_header else as_written


def _near(expected: pl.Expr) -> pl.Expr:
    return (pl.col("value") - expected).abs() <= _NEARLY * pl.max_horizontal(expected.abs(), pl.lit(1.0))


def _header_factors() -> set[int]:
    tables = [table for form in forms().values() for table in form.tables.values()]
    return {factor for table in tables for factor in table.header_units.values()}
