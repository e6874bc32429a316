"""Convenience tables of carbon markets and energy quotas; expanded by model/expand/carbon_market.py and carbon.py."""

from __future__ import annotations

from model.schema.core import NAMES
from model.schema.industry import CLAUSE, STAGES
from model.schema.spec import NONE, Column, Range, TableSpec

SCOPES = ("1", "2")
_STAGES = Column(
    "stages", "choice", "*", choices=STAGES, wildcard=True, many=True,
    zh="环节(分号分隔)", en="stages of the chain, separated by semicolons, or *",
)


def _ranged(name: str, unit: str, zh: str, en: str) -> tuple[Column, Column, Column]:
    return (
        Column(name, "number", unit=unit, low=0.0, zh=zh, en=en),
        Column("low", "number", NONE, unit=unit, low=0.0, zh="低值", en="low"),
        Column("high", "number", NONE, unit=unit, low=0.0, zh="高值", en="high"),
    )


TABLES: tuple[TableSpec, ...] = (
    TableSpec("carbon_markets", (
        Column("market", "id", zh="碳市场", en="carbon market"), *NAMES, _STAGES,
        Column("scopes", "choice", choices=SCOPES, many=True, zh="纳入的排放范围(分号分隔)", en="scopes it covers, separated by semicolons"),
        *_ranged("price", "yuan/t", "配额价格", "price of an allowance for one tonne of CO2e"), CLAUSE,
    ), key=("market",), zh="碳市场", en="carbon markets", ranges=(Range("price"),)),
    TableSpec("free_allocations", (
        Column("market", "id", refers="carbon_markets.market", zh="碳市场", en="carbon market"), _STAGES,
        *_ranged("allocation", "tCO2/t", "单位产出免费配额", "allowances given free per tonne of output"),
    ), key=("market", "stages"), zh="免费配额", en="free allocation", ranges=(Range("allocation"),)),
    TableSpec("energy_factors", (
        Column("item", "id", zh="能源", en="fuel, electricity (all of it), or power_<tariff>"),
        *_ranged("factor", "", "折标准煤系数", "kg of standard coal per kWh, kg or Nm3"),
    ), key=("item",), zh="折标系数", en="coal equivalents", ranges=(Range("factor"),)),
)
