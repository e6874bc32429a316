"""Convenience tables of industry: technologies, plants, projects, money, swap; expanded by model/expand/industry.py.

Numbers are written in the ``unit`` of their column: per tonne of main output unless said otherwise, without VAT, in
money of 2025. Most sources of processing costs and of investments state no VAT basis: such figures are taken as they
stand, and ``technology_cost_ranges.vat`` says of which cost lines that holds.
"""

from __future__ import annotations

from model.schema.columns import number, ranged
from model.schema.core import NAMES, SITE
from model.schema.spec import NONE, REQUIRED, Column, Range, RangeOf, Required, TableSpec

COST_COLUMNS = ("labour", "maintenance", "other_variable", "overhead")  # together the variable cost of an activity
STAGES = ("alumina", "smelting", "casting", "sorting", "recycling", "processing", "residue")
POWER_ACCOUNTING = ("province", "grid_average", "fossil_residual")  # ways to count the emissions of power bought from a grid
# what a measure sums: the first kinds over technologies, sale to arrival over trade
MEASURED = ("output", "capacity", "value", "carbon_1", "carbon_2", "carbon", "energy", "power", "sale", "local_sale", "purchase", "arrival")
LEAST_RATIO = 0.1  # of a swap: quota is counted in new capacity too, by dividing by the ratio
GROUPS = ("alumina", "alloy_ingot", "recycled", "processing", "none")  # what a clause permits at a site


def _own_ranges(*names: str) -> tuple[Range, ...]:
    return tuple(Range(name, f"{name}_low", f"{name}_high") for name in names)


def _choice(name: str, choices: tuple[str, ...], zh: str, en: str, blank: str | Required = REQUIRED) -> Column:
    return Column(name, "choice", blank, choices=choices, zh=zh, en=en)


def _switch(name: str, zh: str, en: str) -> Column:
    return Column(name, "number", low=0.0, high=1.0, zh=zh, en=en)


TECHNOLOGY = Column("technology", "id", refers="technologies.technology", zh="工艺", en="technology")
REGION = Column("region", "id", refers="sites.region", zh="地区", en="region")
CLAUSE = Column("clause", "text", "", zh="条款", en="clause")
TARIFF = Column("tariff", "id", refers="tariffs.tariff", zh="电价", en="tariff that supplies it")
RANGE_KT = (number("low", "kt/yr", "低值", "low", NONE), number("high", "kt/yr", "高值", "high", NONE))
FIRM = Column("firm", "text", "", zh="企业", en="firm")
# how a potline may run; restart_cost per tonne of yearly capacity brought back
RUNNING = (
    *ranged("restart_cost", "yuan/(t/yr)", "重启成本(不含税)", "cost of bringing capacity back, without VAT"),
    *ranged("restart_limit", "share", "月重启上限", "share of capacity brought back in a month", NONE, high=1.0),
    *ranged("min_load", "share", "最低负荷", "least load of running capacity", 0.0, high=1.0),
)

TECHNOLOGIES = TableSpec("technologies", (
    Column("technology", "id", zh="工艺", en="technology"), *NAMES, _choice("stage", STAGES, "环节", "stage of the chain"),
    Column("unit", "id", "", zh="产线", en="capacity it occupies; blank: none"),
    number("use", "", "占用系数", "capacity per unit of activity", 1.0),
    Column("line", "id", "", zh="精整线", en="second, finishing capacity; blank: none"),
    _choice("permission", GROUPS, "许可类别", "kind of permission a new plant needs", "none"),
    number("labour", "yuan/t", "人工(无增值税)", "labour; bears no VAT"),
    number("maintenance", "yuan/t", "维修(不含税)", "maintenance, without VAT"),
    number("other_variable", "yuan/t", "其他可变(不含税)", "other variable cost, without VAT"),
    number("overhead", "yuan/t", "管理(随产量部分,不含税)", "overhead that varies with output, without VAT"),
    number("fixed_cost", "yuan/(t/yr)", "固定运维(不含税)", "yearly fixed cost per unit of capacity, whether it runs or not, without VAT"),
    *ranged(
        "capex", "yuan/(t/yr)", "投资(不含税;公布的总投资未写明税口径,按原数采用)",
        "investment per unit of yearly capacity, without VAT; published totals state no VAT basis and are taken as they stand",
    ),
    *ranged("life", "yr", "寿命", "life", low=1.0),
    number("depreciation", "yuan/t", "折旧(账面)", "depreciation, book item only"),
    number("finance", "yuan/t", "财务费用(账面)", "finance cost, book item only"),
    number("unit_value", "yuan/t", "产值单价(不含税)", "output value per unit without VAT, for the value indicator", 0.0),
    Column("cost_class", "text", "other_variable", zh="成本类别", en="cost class"),
), key=("technology",), zh="工艺", en="technologies", ranges=_own_ranges("capex", "life"))

COST_RANGES = TableSpec("technology_cost_ranges", (
    TECHNOLOGY, _choice("cost", (*COST_COLUMNS, "fixed_cost"), "费用项", "column of technologies whose range this is"),
    number("low", "yuan/t", "低值(不含税)", "low, without VAT; fixed_cost: per tonne of yearly capacity", NONE),
    number("high", "yuan/t", "高值(不含税)", "high, without VAT; fixed_cost: per tonne of yearly capacity", NONE),
    _choice(
        "vat", ("incl", "excl", "none", "unstated"), "来源的含税口径",
        "VAT basis of the source: incl (taken out here), excl, none (cost that bears no VAT), unstated (taken as it stands)",
    ),
), key=("technology", "cost"), zh="工艺成本区间", en="ranges of technology costs", range_of=RangeOf("technologies", "technology", "cost"))

RECIPES = TableSpec("technology_recipes", (
    TECHNOLOGY, Column("site", "id", "*", refers="sites.site", wildcard=True, zh="地点", en="site or *"),
    Column("commodity", "id", refers="commodities.commodity", zh="物料", en="commodity"),
    Column("quantity", "number", zh="单耗(负)或产出(正)", en="used (negative) or made (positive)"),
    _choice("unit", ("t/t", "kWh/t", "Nm3/t"), "单位", "unit of the quantity"),
    Column("low", "number", NONE, zh="低值", en="low"), Column("high", "number", NONE, zh="高值", en="high"),
), key=("technology", "site", "commodity"), zh="工艺配方", en="recipes of technologies", ranges=(Range("quantity"),))

PLANTS = TableSpec("plants", (
    Column("plant", "id", zh="电解系列", en="potline"), *NAMES, FIRM, SITE, REGION,
    Column("technology", "id", "smelt", refers="technologies.technology", zh="工艺", en="technology whose recipe it has"),
    TARIFF,
    number("capacity", "kt/yr", "产能", "capacity"), *RANGE_KT,
    *ranged("ac_intensity", "kWh/t", "铝液交流电耗", "AC use per tonne of molten metal (tariff and efficiency rules)"),
    *ranged("comprehensive_intensity", "kWh/t", "综合交流电耗", "use per tonne of ingot, auxiliaries included (energy and cost)"),
    *ranged("avoidable_share", "share", "可避免固定成本比例", "share of the fixed cost that closing saves", high=1.0),
    *ranged("closure_cost", "yuan/(t/yr)", "关停一次性成本(不含税)", "one-off cost of closing, without VAT"), *RUNNING, CLAUSE,
), key=("plant",), zh="电解系列", en="potlines", ranges=(Range("capacity"), *_own_ranges(
    "ac_intensity", "comprehensive_intensity", "avoidable_share", "closure_cost", "restart_cost", "restart_limit", "min_load",
)))

EXISTING = TableSpec("existing_capacity", (
    Column("unit", "id", zh="产线", en="unit"), SITE, *NAMES, FIRM,
    number("nameplate", "kt/yr", "名义产能", "nameplate capacity"),
    *ranged("load_factor", "share", "可用系数", "share of the nameplate that is loaded", 1.0), *RANGE_KT,
), zh="现有产能", en="existing capacity", ranges=(Range("nameplate"), *_own_ranges("load_factor")))

PROJECTS = TableSpec("projects", (
    Column("project", "id", zh="项目", en="project"), *NAMES, FIRM, SITE, TECHNOLOGY, number("size", "kt/yr", "规模", "size"),
    *RANGE_KT,
    number("capex", "yuan/(t/yr)", "投资(不含税)", "investment without VAT, as published; blank: that of the technology", NONE),
    _choice("status", ("planned", "under_construction", "restrained"), "状态", "status"),
    number("year", "yr", "投产年", "year it can serve from"),
    number("load_factor", "share", "可用系数", "share loaded once built", 1.0),
    number("allowed", "", "许可", "1 allowed, 0 not; blank: as the permissions say", NONE, high=1.0), CLAUSE,
), key=("project",), zh="项目", en="projects", ranges=(Range("size"),))

EXPANSIONS = TableSpec("expansions", (
    TECHNOLOGY,
    Column("site", "id", "*", refers="sites.site", wildcard=True, zh="地点", en="site or * = every site the permissions name"),
    number("max_size", "kt/yr", "最大规模", "largest size"),
), key=("technology", "site"), zh="通用扩建", en="generic expansions")

PERMISSIONS = TableSpec("permissions", (
    _choice("permission", GROUPS, "许可类别", "kind of permission"), SITE, _switch("allowed", "许可", "1 allowed, 0 not"), CLAUSE,
), key=("permission", "site"), zh="布局许可", en="permissions")

FINANCE = TableSpec("finance", (
    Column("case", "id", zh="项目类别", en="kind of investment"),
    number("rate", "share", "折现率", "real discount rate before tax", high=1.0),
    number("planning_year", "yr", "规划年", "year planned for: what is under construction and ready before it is sunk"),
    number("low", "share", "低值", "low", NONE), number("high", "share", "高值", "high", NONE),
), key=("case",), zh="财务", en="finance", ranges=(Range("rate"),))

SWAP_POOLS = TableSpec("swap_pools", (
    Column("pool", "id", zh="置换池", en="pool"), *NAMES,
    _choice("within", ("all", "region", "city", "site"), "置换范围", "one pool for all its regions, or one in each region, city or site", "all"),
    Column("regions", "id", refers="sites.region", many=True, zh="地区(分号分隔)", en="regions, separated by semicolons"),
    *ranged("ratio", "t/t", "置换比例", "capacity closed per unit of new capacity", low=LEAST_RATIO),
    number("outside_quota", "kt/yr", "外购指标", "quota that may be bought outside", 0.0),
    *ranged("outside_price", "yuan/(t/yr)", "外购指标价(不含税)", "price of outside quota without VAT", 0.0),
    *ranged("inside_price", "yuan/(t/yr)", "池内转让价(不含税)", "price of quota between firms of the pool, without VAT: a transfer", 0.0),
    number("valid_years", "yr", "指标有效年限", "years a quota may be kept; blank: without end", NONE),
    _switch("closures_allowed", "允许关停", "1: potlines may close"),
    _switch("new_potlines_allowed", "允许新建", "1: new potlines may be built"), CLAUSE,
), key=("pool",), zh="产能置换池", en="swap pools", ranges=_own_ranges("ratio", "outside_price", "inside_price"))

NEW_POTLINES = TableSpec("new_potlines", (
    SITE, *NAMES, REGION,
    Column("technology", "id", "smelt_new", refers="technologies.technology", zh="工艺", en="technology whose recipe it has"),
    TARIFF, number("max_size", "kt/yr", "最大规模", "largest size"),
    *ranged("lead_years", "yr", "建设年限", "years from the decision until it can serve", 0.0),
    *ranged("ac_intensity", "kWh/t", "铝液交流电耗", "AC use per tonne of molten metal"),
    *ranged("comprehensive_intensity", "kWh/t", "综合交流电耗", "use per tonne of ingot, auxiliaries included"), *RUNNING,
), key=("site",), zh="新建电解系列", en="new potlines", ranges=_own_ranges(
    "lead_years", "ac_intensity", "comprehensive_intensity", "restart_cost", "restart_limit", "min_load",
))

FIRMS = TableSpec("firms", (
    Column("firm", "id", zh="企业", en="firm"), *NAMES, Column("site", "id", "", refers="sites.site", zh="地点", en="site"),
    Column("product", "text", "", zh="产品", en="product"),
    number("capacity", "kt/yr", "产能", "capacity; blank: not published", NONE), CLAUSE,
), key=("firm",), zh="企业", en="firms")

EMISSIONS = TableSpec("emission_factors", (
    _choice("carrier", ("electricity", "commodity", "technology_stage"), "载体", "what the factor belongs to"),
    Column("item", "id", zh="对象", en="region (electricity), commodity or stage"), _choice("scope", ("1", "2"), "范围", "scope"),
    _choice("accounting", ("", *POWER_ACCOUNTING), "电力口径", "way of counting power that it belongs to; blank: all", ""),
    Column("factor", "number", zh="因子", en="kg CO2e per kWh or Nm3, t CO2e per t"),
    Column("low", "number", NONE, zh="低值", en="low"),
    Column("high", "number", NONE, zh="高值", en="high"),
), key=("carrier", "item", "scope", "accounting"), zh="排放因子", en="emission factors", ranges=(Range("factor"),))

MEASURES = TableSpec("measures", (
    Column("measure", "id", zh="指标", en="indicator it becomes"), *NAMES, Column("unit", "text", "", zh="单位", en="unit"),
    _choice("kind", MEASURED, "算法", "what is summed"),
    Column(
        "stages", "choice", "*", choices=STAGES, wildcard=True, many=True,
        zh="环节(分号分隔)", en="stages of the chain, separated by semicolons, or *",
    ),
    Column(
        "technologies", "id", "*", refers="technologies.technology", wildcard=True, many=True,
        zh="工艺(分号分隔)", en="technologies, separated by semicolons, or *",
    ),
    Column("region", "id", "*", refers="sites.region", wildcard=True, zh="地区", en="region"),
    Column("sites", "id", "*", refers="sites.site", wildcard=True, many=True, zh="地点(分号分隔)", en="sites, separated by semicolons, or *"),
    Column(
        "commodities", "id", "*", refers="commodities.commodity", wildcard=True, many=True,
        zh="物料(分号分隔,仅限市场类算法)", en="goods, separated by semicolons, or * (for the kinds of the market)",
    ),
    Column("min", "number", NONE, zh="下限", en="floor"), Column("max", "number", NONE, zh="上限", en="ceiling"),
    Column("price", "number", 0.0, zh="单价", en="price"),
    Column("per", "id", "", refers="measures.measure", zh="除以", en="divided by"),
    CLAUSE, number("relax_price", "", "放宽价(0:目标,只报告差距)", "price of a violation; 0: a target, whose gap is reported only", NONE),
), key=("measure",), zh="产业指标", en="indicators of industry")

TABLES: tuple[TableSpec, ...] = (
    TECHNOLOGIES, COST_RANGES, RECIPES, PLANTS, EXISTING, PROJECTS, EXPANSIONS, PERMISSIONS, FINANCE, SWAP_POOLS, NEW_POTLINES,
    FIRMS, EMISSIONS, MEASURES,
)
