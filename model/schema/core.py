"""The core tables that go straight to the model; their column names are a contract with outside datasets."""

from __future__ import annotations

from model.schema.spec import NONE, Column, TableSpec

COMMODITY = Column("commodity", "id", refers="commodities.commodity", zh="物料", en="commodity")
SITE = Column("site", "id", refers="sites.site", zh="地点", en="site")
PERIOD = Column("period", "id", "*", refers="periods.period", wildcard=True, zh="时段", en="period, stage or *")
TECHNOLOGY = Column("technology", "id", zh="工艺", en="technology")
UNIT = Column("unit", "id", zh="产线", en="unit")
OPTION = Column("option", "id", refers="options.option", zh="选项", en="option")
COST_CLASS = Column("cost_class", "text", "", zh="成本类别", en="cost class")
NAMES = (Column("name_zh", "text", "", zh="中文名", en="Chinese name"), Column("name_en", "text", "", zh="英文名", en="English name"))


def _number(name: str, zh: str, en: str, blank: float = NONE, low: float = 0.0, high: float = float("inf")) -> Column:
    return Column(name, "number", blank, low=low, high=high, zh=zh, en=en)


def _signed(name: str, zh: str, en: str, blank: float = NONE) -> Column:
    return Column(name, "number", blank, zh=zh, en=en)


def _needed(name: str, zh: str, en: str, low: float = -float("inf")) -> Column:
    return Column(name, "number", low=low, zh=zh, en=en)


TERM_COLUMNS = (
    Column(
        "kind",
        "choice",
        choices=(
            "activity",
            "flow",
            "supply",
            "sale",
            "short",
            "stock",
            "capacity",
            "running",
            "restart",
            "open",
            "size",
        ),
        zh="项目类别",
        en="kind of term",
    ),
    *(Column(letter, "id", "*", wildcard=True, zh="编号", en="id or *") for letter in "abcd"),
    Column("period", "id", "*", refers="periods.period", wildcard=True, zh="时段", en="period, stage or *"),
    _needed("coefficient", "系数", "coefficient"),
)

CORE_TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        "commodities",
        (
            Column("commodity", "id", zh="物料", en="commodity"),
            *NAMES,
            Column("unit", "text", "", zh="单位", en="unit"),
            Column("balance", "choice", "free", choices=("free", "exact"), zh="平衡方式", en="free or exact balance"),
        ),
        key=("commodity",),
        core=True,
        zh="物料",
        en="commodities",
    ),
    TableSpec(
        "sites",
        (
            Column("site", "id", zh="地点", en="site"),
            *NAMES,
            Column("kind", "text", "", zh="类别", en="kind"),
            Column("region", "text", "", zh="地区", en="region"),
            Column("city", "text", "", zh="城市", en="city"),
            _number("lat", "纬度", "latitude", low=-90, high=90),
            _number("lon", "经度", "longitude", low=-180, high=180),
            Column("crs", "choice", "wgs84", choices=("wgs84", "cgcs2000", "gcj02", "bd09"), zh="坐标系", en="coordinate system"),
        ),
        key=("site",),
        core=True,
        zh="地点",
        en="sites",
    ),
    TableSpec(
        "periods",
        (
            Column("period", "id", zh="时段", en="period"),
            Column("stage", "id", "", zh="阶段", en="stage"),
            Column("branch", "id", "", zh="水文分支", en="branch"),
            _signed("order", "次序", "order"),
            _number("length", "长度", "share of the year", 1.0),
            _number("weight", "权重", "years x discount factor", 1.0),
            _number("probability", "概率", "probability", 1.0, high=1.0),
        ),
        key=("period",),
        core=True,
        zh="时段",
        en="periods",
    ),
    TableSpec(
        "recipes",
        (
            TECHNOLOGY,
            Column("site", "id", "*", refers="sites.site", wildcard=True, zh="地点", en="site or *"),
            COMMODITY,
            _needed("quantity", "用量(负)或产量(正)", "used (negative) or made (positive) per unit of activity"),
        ),
        key=("technology", "site", "commodity"),
        core=True,
        zh="配方",
        en="recipes",
    ),
    TableSpec(
        "tech_sites",
        (
            TECHNOLOGY,
            SITE,
            PERIOD,
            _needed("variable_cost", "可变成本", "variable cost"),
            _number("min_activity", "最低产量", "minimum activity", 0.0),
            _number("max_activity", "最高产量", "maximum activity"),
            COST_CLASS,
        ),
        key=("technology", "site", "period"),
        core=True,
        zh="工艺许可",
        en="technologies permitted at sites",
    ),
    TableSpec(
        "capacity_use",
        (
            TECHNOLOGY,
            UNIT,
            _needed("use", "占用", "capacity used by one unit of activity", 0.0),
        ),
        key=("technology", "unit"),
        core=True,
        zh="产能占用",
        en="capacity use",
    ),
    TableSpec(
        "capacity", (UNIT, SITE, PERIOD, _needed("amount", "产能", "capacity per year", 0.0)), core=True, zh="现有产能", en="existing capacity"
    ),
    TableSpec(
        "units",
        (
            UNIT,
            Column("site", "id", "*", refers="sites.site", wildcard=True, zh="地点", en="site or *"),
            _number("min_load", "最低负荷", "minimum load", 0.0, high=1.0),
            _number("restart_cost", "重启成本", "restart cost", 0.0),
            _number("restart_limit", "重启限额", "share brought back in a month"),
            _number("initial", "初始运行", "share running at the start", high=1.0),
        ),
        key=("unit", "site"),
        core=True,
        zh="运行限制",
        en="running limits of units",
    ),
    TableSpec(
        "options",
        (
            Column("option", "id", zh="选项", en="option"),
            Column("site", "id", "", refers="sites.site", zh="地点", en="site"),
            PERIOD,
            _signed("fixed_cost", "固定年费用", "fixed annual charge", 0.0),
            _signed("variable_cost", "单位年费用", "annual charge per unit of size", 0.0),
            _number("min_size", "最小规模", "minimum size", 0.0),
            _number("max_size", "最大规模", "maximum size"),
            Column("forced", "number", NONE, low=0, high=1, zh="强制", en="forced 1 or 0"),
            COST_CLASS,
        ),
        key=("option", "period"),
        core=True,
        zh="投资与关停选项",
        en="options",
    ),
    TableSpec(
        "option_points",
        (
            OPTION,
            PERIOD,
            Column("point", "id", zh="成本点", en="point"),
            _needed("size", "规模", "size", 0.0),
            _needed("cost", "年费用", "annual cost"),
        ),
        key=("option", "period", "point"),
        core=True,
        zh="成本点",
        en="cost points",
    ),
    TableSpec(
        "option_effects",
        (
            OPTION,
            UNIT,
            SITE,
            _signed("per_open", "每次开启", "per yes", 0.0),
            _signed("per_size", "每单位规模", "per unit of size", 0.0),
        ),
        key=("option", "unit", "site"),
        core=True,
        zh="选项作用",
        en="effects of options",
    ),
    TableSpec(
        "lanes",
        (
            COMMODITY,
            Column("from", "id", refers="sites.site", zh="起点", en="from"),
            Column("to", "id", refers="sites.site", zh="终点", en="to"),
            PERIOD,
            _needed("unit_cost", "单位运费", "cost per unit"),
            _number("fixed_cost", "固定费用", "fixed charge", 0.0),
            _number("max_flow", "最大流量", "maximum flow"),
            _number("delivered_share", "到达比例", "share that arrives", 1.0, high=1.0),
            Column("mode", "id", "", zh="运输方式", en="mode"),
            COST_CLASS,
            _number("kilometres", "里程", "kilometres of the route"),
            Column("route", "text", "", zh="路径", en="route"),
        ),
        key=("commodity", "from", "to", "mode", "period"),
        core=True,
        zh="运输线",
        en="lanes",
    ),
    TableSpec(
        "supply",
        (
            COMMODITY,
            SITE,
            PERIOD,
            Column("tier", "id", "", zh="档", en="tier"),
            _needed("price", "价格", "price"),
            _number("min", "最少", "minimum", 0.0),
            _number("max", "最多", "maximum"),
            COST_CLASS,
        ),
        key=("commodity", "site", "tier", "period"),
        core=True,
        zh="供应",
        en="supply",
    ),
    TableSpec(
        "demand",
        (
            COMMODITY,
            SITE,
            PERIOD,
            _number("min", "必保", "must serve", 0.0),
            _number("max", "最多", "maximum"),
            _needed("price", "售价", "price"),
            Column("single_source", "number", 0.0, low=0, high=1, zh="单一来源", en="single source"),
            _number("shortage_price", "缺货价", "price of a missing unit"),
            Column("segment", "id", "", zh="细分市场", en="segment"),
        ),
        key=("commodity", "site", "segment", "period"),
        core=True,
        zh="需求",
        en="demand",
    ),
    TableSpec(
        "stocks",
        (
            COMMODITY,
            SITE,
            _number("capacity", "库容", "capacity"),
            _needed("holding_cost", "持有成本", "holding cost per unit and year", 0.0),
            _number("loss", "损耗", "loss per year", 0.0, high=1.0),
        ),
        key=("commodity", "site"),
        core=True,
        zh="库存",
        en="stocks",
    ),
    TableSpec(
        "baskets",
        (
            Column("basket", "id", zh="篮子", en="basket"),
            COMMODITY,
            _needed("content", "含量", "content"),
        ),
        key=("basket", "commodity"),
        core=True,
        zh="篮子",
        en="baskets",
    ),
    TableSpec(
        "basket_demand",
        (
            Column("basket", "id", refers="baskets.basket", zh="篮子", en="basket"),
            SITE,
            PERIOD,
            _number("min", "下限", "floor", 0.0),
            _number("max", "上限", "ceiling"),
        ),
        key=("basket", "site", "period"),
        core=True,
        zh="篮子需求",
        en="basket demand",
    ),
    TableSpec(
        "indicators",
        (
            Column("indicator", "id", zh="指标", en="indicator"),
            *NAMES,
            Column("unit", "text", "", zh="单位", en="unit"),
            _signed("min", "下限", "floor"),
            _signed("max", "上限", "ceiling"),
            _signed("price", "单价", "price", 0.0),
            Column("scope", "choice", "horizon", choices=("horizon", "stage", "branch", "period"), zh="范围", en="scope"),
            Column("per", "id", "", refers="indicators.indicator", zh="除以", en="divided by"),
            Column("clause", "text", "", zh="条款", en="clause"),
            _number("relax_price", "放宽价", "price of a violation"),
        ),
        key=("indicator",),
        core=True,
        zh="指标",
        en="indicators",
    ),
    TableSpec(
        "indicator_terms",
        (
            Column("indicator", "id", refers="indicators.indicator", zh="指标", en="indicator"),
            *TERM_COLUMNS,
        ),
        core=True,
        zh="指标项",
        en="terms of indicators",
    ),
    TableSpec(
        "limits",
        (
            Column("limit", "id", zh="限制", en="limit"),
            Column("sense", "choice", choices=("<=", ">=", "="), zh="方向", en="sense"),
            _needed("rhs", "数值", "right-hand side"),
        ),
        key=("limit",),
        core=True,
        zh="限制",
        en="limits",
    ),
    TableSpec(
        "limit_terms",
        (
            Column("limit", "id", refers="limits.limit", zh="限制", en="limit"),
            *TERM_COLUMNS,
        ),
        core=True,
        zh="限制项",
        en="terms of limits",
    ),
    TableSpec("expected", (_needed("objective", "目标值", "published optimum"),), core=True, zh="期望值", en="expected"),
)
