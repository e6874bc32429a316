"""Table specifications, declared once: they drive reading, checking, units, the workbook template and the manual."""

from __future__ import annotations

from model.schema import industry, market, power, transport
from model.schema.core import CORE_TABLES
from model.schema.spec import Column, TableSpec

CONVENIENCE_TABLES: tuple[TableSpec, ...] = (*industry.TABLES, *market.TABLES, *power.TABLES, *transport.TABLES)
ALL_TABLES: dict[str, TableSpec] = {spec.name: spec for spec in (*CORE_TABLES, *CONVENIENCE_TABLES)}

__all__ = ["ALL_TABLES", "CONVENIENCE_TABLES", "CORE_TABLES", "Column", "TableSpec"]
