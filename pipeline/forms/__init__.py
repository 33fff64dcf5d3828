"""The statutory forms as data: parser, schemas, dimensions, checks and docs derive from them."""

from pipeline.forms.load import (
    COLUMN_KIND,
    ROW_KIND,
    TABLE_CODES,
    CellKey,
    Equation,
    Form,
    Label,
    Row,
    Table,
    form_in_force,
    forms,
    vocabulary,
)

__all__ = [
    "COLUMN_KIND",
    "ROW_KIND",
    "TABLE_CODES",
    "CellKey",
    "Equation",
    "Form",
    "Label",
    "Row",
    "Table",
    "form_in_force",
    "forms",
    "vocabulary",
]
