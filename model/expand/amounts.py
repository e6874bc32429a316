"""Cells of convenience tables in the units of the model."""

from __future__ import annotations

from model.expand.rows import Record, records, written
from model.schema.spec import listed as listed
from model.tables import Tables
from model.units import factor


def amount(table: str, row: Record, column: str) -> float:
    """The number in ``column`` of a row of ``table``, in internal units (kt, GWh, million Nm3, million yuan, year)."""
    return float(row[column]) * written(table, column)


def recipe_amount(row: Record) -> float:
    """Quantity of a row of ``technology_recipes`` per kt of activity: kt, GWh or million Nm3, as its own unit says."""
    return float(row["quantity"]) * factor(row["unit"])


def by_id(tables: Tables, table: str, column: str) -> dict[str, Record]:
    """Rows of a table by their id."""
    return {row[column]: row for row in records(tables, table)}
