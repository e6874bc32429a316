"""Convenience tables of what both provinces agree on: rules of the capacity swap, donors of quota, supply pacts, split of gains."""

from __future__ import annotations

from model.schema.columns import number
from model.schema.core import NAMES
from model.schema.industry import CLAUSE
from model.schema.spec import NONE, Column, TableSpec


def _flag(name: str, zh: str, en: str) -> Column:
    return Column(name, "number", 1.0, low=0.0, high=1.0, zh=zh, en=en)


SWAP_RULES = TableSpec("swap_rules", (
    Column(
        "rule", "choice", choices=("ac_limit", "lapse_year", "list_month", "design_tonnes", "first_year"),
        zh="规则", en="rule of capacity swaps",
    ),
    Column("value", "number", zh="数值", en="value"), Column("unit", "text", "", zh="单位", en="unit"), CLAUSE,
), key=("rule",), zh="产能置换规则", en="rules of capacity swaps")

QUOTA_LINES = TableSpec("quota_lines", (
    Column("plant", "id", refers="plants.plant", zh="电解系列", en="potline"),
    number("design_capacity", "kt/yr", "备案核准设计产能", "approved design capacity; blank: the capacity of the potline", NONE),
    _flag("listed", "在上报清单内或其后合规建成", "1: on the filed list, or compliant and built later"),
    number("stopped", "yr", "停产年", "year in which it stopped; blank: it runs", NONE),
    number("phase_out", "yr", "法定淘汰年", "year by which it had to be phased out; blank: none", NONE),
    _flag("may_close", "可关停", "1: may close where its pool allows closures"),
    number("must_close", "kt/yr", "至少关停", "capacity that has to close", 0.0), CLAUSE,
), key=("plant",), zh="指标出让资格", en="potlines as donors of quota")

PACTS = TableSpec("pacts", (
    Column("pact", "id", zh="供应协议", en="pact, the indicator it becomes"), *NAMES,
    Column(
        "kind", "choice", choices=("leg", "border"), zh="类别",
        en="leg: one direction of a supply pact; border: all other goods that cross in that direction",
    ),
    Column("commodities", "id", refers="commodities.commodity", many=True, zh="物料(分号分隔)", en="goods, separated by semicolons"),
    Column("from_region", "id", refers="sites.region", zh="发出地区", en="from region"),
    Column("to_region", "id", refers="sites.region", zh="接收地区", en="to region"),
    number("floor", "kt/yr", "保供下限", "least amount in a year", 0.0), number("cap", "kt/yr", "上限", "most in a year; blank: no cap", NONE),
    Column("in_force", "number", low=0.0, high=1.0, zh="生效", en="1: floor and cap hold, 0: only reported"), CLAUSE,
    number("relax_price", "yuan/t", "放宽价", "price of what is missing or too much; blank: not allowed", NONE),
), key=("pact",), zh="川渝供应协议", en="supply pacts between regions")

SPLIT_COLUMNS = TableSpec("split_columns", (
    Column("column", "id", zh="分项", en="column of the split of gains"), *NAMES, Column("unit", "text", "", zh="单位", en="unit"),
    Column("measures", "id", "", refers="measures.measure", many=True, zh="指标(分号分隔)", en="measures that it sums; blank: no data"),
), key=("column",), zh="收益分配分项", en="columns of the split of gains")

TABLES: tuple[TableSpec, ...] = (SWAP_RULES, QUOTA_LINES, PACTS, SPLIT_COLUMNS)
