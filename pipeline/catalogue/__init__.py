"""The catalogue: every table, column, rule and metric of the warehouse, as data."""

from pipeline.catalogue.load import Column, Metric, Rule, Table, metrics, rules, tables
from pipeline.catalogue.statements import comments, create_from, dependencies, in_order, twin, twins

__all__ = [
    "Column",
    "Metric",
    "Rule",
    "Table",
    "comments",
    "create_from",
    "dependencies",
    "in_order",
    "metrics",
    "rules",
    "tables",
    "twin",
    "twins",
]
