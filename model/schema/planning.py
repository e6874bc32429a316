"""Convenience tables of planning: smallest plants, what fails in which months, and the stages of a pathway."""

from __future__ import annotations

from model.schema.columns import number
from model.schema.core import NAMES
from model.schema.spec import NONE, Column, Range, TableSpec

TABLES: tuple[TableSpec, ...] = (
    TableSpec("plant_sizes", (
        Column("technology", "id", refers="technologies.technology", zh="工艺", en="technology"),
        number("min_size", "kt/yr", "最小规模", "smallest new plant"),
        number("low", "kt/yr", "低值", "low", NONE), number("high", "kt/yr", "高值", "high", NONE),
        number("typical_size", "kt/yr", "投资对应规模", "size at which the investment per tonne of the technology holds"),
        number("fixed_share", "share", "与规模无关的份额", "share of the yearly charge at that size that does not depend on size", 0.0, high=1.0),
        number("in_use", "", "启用", "1: new plants are a yes/no with this smallest size", 0.0, high=1.0),
    ), key=("technology",), zh="最小规模", en="smallest plants", ranges=(Range("min_size"),)),
    TableSpec("outages", (
        Column("outage", "id", zh="事件", en="event"), *NAMES,
        Column("kind", "choice", choices=("unit", "supply"), zh="停什么", en="what fails: existing capacity or purchases of a good"),
        Column("items", "id", many=True, zh="产线或物料(分号分隔)", en="units or commodities, separated by semicolons"),
        Column("site", "id", "*", refers="sites.site", wildcard=True, zh="地点", en="site or *"),
        Column("months", "id", many=True, zh="月份(分号分隔)", en="months, separated by semicolons"),
        number("available", "share", "可用份额", "share that is left", 0.0, high=1.0),
        number("in_use", "", "启用", "1: it happens", 0.0, high=1.0),
        Column("clause", "text", "", zh="条款", en="clause"),
    ), key=("outage",), zh="停供事件", en="outages"),
    TableSpec("stages", (
        Column("stage", "id", zh="阶段", en="stage"), *NAMES, number("year", "yr", "年份", "year whose drivers it has"),
        number("years", "yr", "代表年数", "years it stands for"), number("in_use", "", "启用", "1: the pathway has it", 0.0, high=1.0),
    ), key=("stage",), zh="路径阶段", en="stages of a pathway"),
    TableSpec("overhauls", (
        Column("plant", "id", refers="plants.plant", wildcard=True, zh="电解系列", en="potline, or * for all"),
        number("share", "share", "可轮修的槽占比", "share of its pots that is due for relining within a year", high=1.0),
        number("low", "share", "低值", "low", NONE, high=1.0), number("high", "share", "高值", "high", NONE, high=1.0),
        number("restart_cost", "yuan/(t/yr)", "轮修后重启附加成本(不含税)", "cost of bringing them back beyond that relining, without VAT", 0.0),
        number("in_use", "", "启用", "1: they may stop apart from the rest of the potline", 0.0, high=1.0),
    ), key=("plant",), zh="轮修", en="overhauls", ranges=(Range("share"),)),
)
