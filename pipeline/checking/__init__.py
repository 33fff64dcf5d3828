"""Judging what was read: the forms' arithmetic, and rules of sense. Nothing here changes a figure."""
