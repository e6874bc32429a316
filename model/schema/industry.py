"""Convenience tables of industry: technologies, plants, projects, money, swap; expanded by model/expand/industry.py.

Numbers are written in the ``unit`` of their column: per tonne of main output unless said otherwise, without VAT, in
money of 2025.
"""

from __future__ import annotations

import math

from model.schema.core import NAMES, SITE
from model.schema.spec import NONE, REQUIRED, Column, Required, TableSpec

COST_COLUMNS = ("labour", "maintenance", "other_variable", "overhead")  # together the variable cost of an activity
STAGES = ("alumina", "smelting", "casting", "sorting", "recycling", "processing", "residue")
GROUPS = ("alumina", "alloy_ingot", "recycled", "processing", "none")  # what a clause permits at a site


def _number(name: str, unit: str, zh: str, en: str, blank: float | Required = REQUIRED, *, high: float = math.inf) -> Column:
    return Column(name, "number", blank, unit=unit, low=0.0, high=high, zh=zh, en=en)


def _choice(name: str, choices: tuple[str, ...], zh: str, en: str, blank: str | Required = REQUIRED) -> Column:
    return Column(name, "choice", blank, choices=choices, zh=zh, en=en)


def _switch(name: str, zh: str, en: str) -> Column:
    return Column(name, "number", low=0.0, high=1.0, zh=zh, en=en)


TECHNOLOGY = Column("technology", "id", refers="technologies.technology", zh="工艺", en="technology")
REGION = Column("region", "id", zh="地区", en="region")
CLAUSE = Column("clause", "text", "", zh="条款", en="clause")
TARIFF = Column("tariff", "id", refers="tariffs.tariff", zh="电价", en="tariff that supplies it")
RANGE_KT = (_number("low", "kt/yr", "低值", "low", NONE), _number("high", "kt/yr", "高值", "high", NONE))
FIRM = Column("firm", "text", "", zh="企业", en="firm")

TECHNOLOGIES = TableSpec("technologies", (
    Column("technology", "id", zh="工艺", en="technology"), *NAMES, _choice("stage", STAGES, "环节", "stage of the chain"),
    Column("unit", "id", "", zh="产线", en="capacity it occupies; blank: none"),
    _number("use", "", "占用系数", "capacity per unit of activity", 1.0),
    Column("line", "id", "", zh="精整线", en="second, finishing capacity; blank: none"),
    _choice("permission", GROUPS, "许可类别", "kind of permission a new plant needs", "none"),
    _number("labour", "yuan/t", "人工", "labour"), _number("maintenance", "yuan/t", "维修", "maintenance"),
    _number("other_variable", "yuan/t", "其他可变", "other variable cost"), _number("overhead", "yuan/t", "管理", "overhead"),
    _number("fixed_cost", "yuan/(t/yr)", "固定运维", "yearly fixed cost per unit of capacity, whether it runs or not"),
    _number("capex", "yuan/(t/yr)", "投资", "investment per unit of yearly capacity"),
    _number("capex_low", "yuan/(t/yr)", "投资低值", "investment, low", NONE),
    _number("capex_high", "yuan/(t/yr)", "投资高值", "investment, high", NONE),
    _number("life", "yr", "寿命", "life"),
    _number("depreciation", "yuan/t", "折旧(账面)", "depreciation, book item only"),
    _number("finance", "yuan/t", "财务费用(账面)", "finance cost, book item only"),
    _number("unit_value", "yuan/t", "产值单价", "output value per unit, for the value indicator", 0.0),
    Column("cost_class", "text", "other_variable", zh="成本类别", en="cost class"),
), key=("technology",), zh="工艺", en="technologies")

RECIPES = TableSpec("technology_recipes", (
    TECHNOLOGY, Column("site", "id", "*", refers="sites.site", wildcard=True, zh="地点", en="site or *"),
    Column("commodity", "id", refers="commodities.commodity", zh="物料", en="commodity"),
    Column("quantity", "number", zh="单耗(负)或产出(正)", en="used (negative) or made (positive)"),
    _choice("unit", ("t/t", "kWh/t", "Nm3/t"), "单位", "unit of the quantity"),
    Column("low", "number", NONE, zh="低值", en="low"), Column("high", "number", NONE, zh="高值", en="high"),
), key=("technology", "site", "commodity"), zh="工艺配方", en="recipes of technologies")

PLANTS = TableSpec("plants", (
    Column("plant", "id", zh="电解系列", en="potline"), *NAMES, FIRM, SITE, REGION,
    Column("technology", "id", "smelt", refers="technologies.technology", zh="工艺", en="technology whose recipe it has"),
    TARIFF,
    _number("capacity", "kt/yr", "产能", "capacity"), *RANGE_KT,
    _number("ac_intensity", "kWh/t", "铝液交流电耗", "AC use per tonne of molten metal (tariff and efficiency rules)"),
    _number("comprehensive_intensity", "kWh/t", "综合交流电耗", "use per tonne of ingot, auxiliaries included (energy and cost)"),
    _number("avoidable_share", "share", "可避免固定成本比例", "share of the fixed cost that closing saves", high=1.0),
    _number("closure_cost", "yuan/(t/yr)", "关停一次性成本", "one-off cost of closing"),
    _number("restart_cost", "yuan/(t/yr)", "重启成本", "cost of bringing capacity back"),
    _number("restart_limit", "share", "月重启上限", "share of capacity brought back in a month", NONE, high=1.0),
    _number("min_load", "share", "最低负荷", "least load of running capacity", 0.0, high=1.0), CLAUSE,
), key=("plant",), zh="电解系列", en="potlines")

EXISTING = TableSpec("existing_capacity", (
    Column("unit", "id", zh="产线", en="unit"), SITE, *NAMES, FIRM,
    _number("nameplate", "kt/yr", "名义产能", "nameplate capacity"),
    _number("load_factor", "share", "可用系数", "share of the nameplate that is loaded", 1.0), *RANGE_KT,
), zh="现有产能", en="existing capacity")

PROJECTS = TableSpec("projects", (
    Column("project", "id", zh="项目", en="project"), *NAMES, FIRM, SITE, TECHNOLOGY, _number("size", "kt/yr", "规模", "size"),
    *RANGE_KT,
    _number("capex", "yuan/(t/yr)", "投资", "investment; blank: that of the technology", NONE),
    _choice("status", ("planned", "under_construction", "restrained"), "状态", "status"),
    _number("year", "yr", "投产年", "year it can serve from"),
    _number("load_factor", "share", "可用系数", "share loaded once built", 1.0),
    _number("allowed", "", "许可", "1 allowed, 0 not; blank: as the permissions say", NONE, high=1.0), CLAUSE,
), key=("project",), zh="项目", en="projects")

EXPANSIONS = TableSpec("expansions", (
    TECHNOLOGY,
    Column("site", "id", "*", refers="sites.site", wildcard=True, zh="地点", en="site or * = every site the permissions name"),
    _number("max_size", "kt/yr", "最大规模", "largest size"),
), key=("technology", "site"), zh="通用扩建", en="generic expansions")

PERMISSIONS = TableSpec("permissions", (
    _choice("permission", GROUPS, "许可类别", "kind of permission"), SITE, _switch("allowed", "许可", "1 allowed, 0 not"), CLAUSE,
), key=("permission", "site"), zh="布局许可", en="permissions")

FINANCE = TableSpec("finance", (
    Column("case", "id", zh="项目类别", en="kind of investment"),
    _number("rate", "share", "折现率", "real discount rate before tax", high=1.0),
    _number("planning_year", "yr", "规划年", "year planned for: what is under construction and ready before it is sunk"),
    _number("low", "share", "低值", "low", NONE), _number("high", "share", "高值", "high", NONE),
), key=("case",), zh="财务", en="finance")

SWAP_POOLS = TableSpec("swap_pools", (
    Column("pool", "id", zh="置换池", en="pool"), *NAMES,
    Column("regions", "text", zh="地区(分号分隔)", en="regions, separated by semicolons"),
    _number("ratio", "t/t", "置换比例", "capacity closed per unit of new capacity"),
    _number("outside_quota", "kt/yr", "外购指标", "quota that may be bought outside", 0.0),
    _number("outside_price", "yuan/(t/yr)", "外购指标价", "price of outside quota", 0.0),
    _switch("closures_allowed", "允许关停", "1: potlines may close"),
    _switch("new_potlines_allowed", "允许新建", "1: new potlines may be built"), CLAUSE,
), key=("pool",), zh="产能置换池", en="swap pools")

NEW_POTLINES = TableSpec("new_potlines", (
    SITE, *NAMES, REGION,
    Column("technology", "id", "smelt_new", refers="technologies.technology", zh="工艺", en="technology whose recipe it has"),
    TARIFF, _number("max_size", "kt/yr", "最大规模", "largest size"),
    _number("ac_intensity", "kWh/t", "铝液交流电耗", "AC use per tonne of molten metal"),
    _number("comprehensive_intensity", "kWh/t", "综合交流电耗", "use per tonne of ingot, auxiliaries included"),
    _number("restart_cost", "yuan/(t/yr)", "重启成本", "cost of bringing capacity back"),
    _number("restart_limit", "share", "月重启上限", "share of capacity brought back in a month", NONE, high=1.0),
    _number("min_load", "share", "最低负荷", "least load of running capacity", 0.0, high=1.0),
), key=("site",), zh="新建电解系列", en="new potlines")

FIRMS = TableSpec("firms", (
    Column("firm", "id", zh="企业", en="firm"), *NAMES, Column("site", "id", "", refers="sites.site", zh="地点", en="site"),
    Column("product", "text", "", zh="产品", en="product"),
    _number("capacity", "kt/yr", "产能", "capacity; blank: not published", NONE), CLAUSE,
), key=("firm",), zh="企业", en="firms")

EMISSIONS = TableSpec("emission_factors", (
    _choice("carrier", ("electricity", "commodity", "technology_stage"), "载体", "what the factor belongs to"),
    Column("item", "id", zh="对象", en="region (electricity), commodity or stage"), _choice("scope", ("1", "2"), "范围", "scope"),
    Column("factor", "number", zh="因子", en="kg CO2e per kWh or Nm3, t CO2e per t"),
    Column("low", "number", NONE, zh="低值", en="low"),
    Column("high", "number", NONE, zh="高值", en="high"),
), key=("carrier", "item", "scope"), zh="排放因子", en="emission factors")

MEASURES = TableSpec("measures", (
    Column("measure", "id", zh="指标", en="indicator it becomes"), *NAMES, Column("unit", "text", "", zh="单位", en="unit"),
    _choice("kind", ("output", "capacity", "value", "carbon_1", "carbon_2"), "算法", "what is summed"),
    Column("stages", "text", "*", zh="环节(分号分隔)", en="stages of the chain, separated by semicolons, or *"),
    Column("technologies", "text", "*", zh="工艺(分号分隔)", en="technologies, separated by semicolons, or *"),
    Column("region", "id", "*", wildcard=True, zh="地区", en="region"),
    Column("min", "number", NONE, zh="下限", en="floor"), Column("max", "number", NONE, zh="上限", en="ceiling"),
    Column("price", "number", 0.0, zh="单价", en="price"),
    Column("per", "id", "", refers="measures.measure", zh="除以", en="divided by"),
    CLAUSE, _number("relax_price", "", "放宽价", "price of a violation", NONE),
), key=("measure",), zh="产业指标", en="indicators of industry")

TABLES: tuple[TableSpec, ...] = (
    TECHNOLOGIES, RECIPES, PLANTS, EXISTING, PROJECTS, EXPANSIONS, PERMISSIONS, FINANCE, SWAP_POOLS, NEW_POTLINES,
    FIRMS, EMISSIONS, MEASURES,
)
