"""Table specifications, declared once: they drive reading, checking, units, the workbook template and the manual."""

from __future__ import annotations

from model.schema import carbon, cooperation, core, industry, ledgers, market, planning, policy, power, recycling, transport
from model.schema.spec import Column, TableSpec

CORE_TABLES: tuple[TableSpec, ...] = (*core.CORE_TABLES, *ledgers.TABLES)
CONVENIENCE_TABLES: tuple[TableSpec, ...] = (
    *industry.TABLES, *market.TABLES, *power.TABLES, *transport.TABLES, *carbon.TABLES, *recycling.TABLES, *planning.TABLES,
    *cooperation.TABLES, *policy.TABLES,
)
ALL_TABLES: dict[str, TableSpec] = {spec.name: spec for spec in (*CORE_TABLES, *CONVENIENCE_TABLES)}

__all__ = ["ALL_TABLES", "CONVENIENCE_TABLES", "CORE_TABLES", "Column", "TableSpec"]
