"""Convenience tables of transport: names of sites, corridor network, freight rates; expanded by model/expand/freight.py."""

from __future__ import annotations

from model.schema.columns import number
from model.schema.spec import NONE, Column, Range, TableSpec

MODES = ("road", "rail", "water")
NO_FREIGHT = "none"  # the class of goods that never leave their site


def _mode(name: str, zh: str, en: str) -> Column:
    return Column(name, "choice", choices=MODES, zh=zh, en=en)


def _node(name: str, zh: str, en: str) -> Column:
    return Column(name, "id", refers="corridor_nodes.node", zh=zh, en=en)


CLASS = Column("class", "id", zh="货类", en="class of goods")
VAT_RATE = number("vat_rate", "share", "报价所含增值税率", "VAT rate inside the quote", 0.0, high=1.0)

TABLES: tuple[TableSpec, ...] = (
    TableSpec("site_names", (
        Column("site", "id", refers="sites.site", zh="地点", en="site"),
        Column("name", "text", zh="别名", en="other name of the site"),
    ), key=("name",), zh="地点别名", en="other names of sites"),
    TableSpec("corridor_nodes", (
        Column("node", "id", zh="节点", en="node"), Column("name_zh", "text", "", zh="中文名", en="Chinese name"),
        Column("name_en", "text", "", zh="英文名", en="English name"),
        Column("lat", "number", NONE, low=-90, high=90, zh="纬度", en="latitude"),
        Column("lon", "number", NONE, low=-180, high=180, zh="经度", en="longitude"),
    ), key=("node",), zh="运输节点", en="nodes of the corridor network"),
    TableSpec("corridor_edges", (
        Column("edge", "id", zh="线段", en="edge"), _node("from", "起点(水路为上游端)", "from (upstream end of a waterway)"),
        _node("to", "终点(水路为下游端)", "to (downstream end of a waterway)"), _mode("mode", "方式", "mode"),
        number("kilometres", "km", "里程", "length"),
        Column("river", "choice", "", choices=("", "main", "tributary"), zh="干流或支流", en="main stem or tributary"),
        number("default_on", "", "启用", "in use (1) or not (0)", 1.0, high=1.0),
        number("capacity", "kt/yr", "年通过能力", "yearly capacity of both directions together", NONE),
    ), key=("edge",), zh="运输线段", en="edges of the corridor network"),
    TableSpec("access", (
        Column("site", "id", refers="sites.site", zh="地点", en="site"), _node("node", "节点", "node"),
        number("kilometres", "km", "公路接驳里程", "road from the site to the node", 0.0),
        number("siding", "", "有铁路专用线", "rail siding (1) or truck to the station (0)", 1.0, high=1.0),
    ), key=("site", "node"), zh="接入", en="access of sites to the network"),
    TableSpec("freight_rates", (
        CLASS, _mode("mode", "方式", "mode"),
        number("fixed", "yuan/t", "每程固定费", "fixed charge per trip or port call", 0.0),
        number("per_km", "yuan/t-km", "运价率", "rate per km (downstream)"),
        number("per_km_upstream", "yuan/t-km", "上行运价率", "rate upstream (blank: as per_km)", NONE),
        number("per_km_tributary", "yuan/t-km", "支流运价率", "rate on tributaries (blank: as per_km)", NONE),
        number("factor", "", "货类系数", "factor on all charges of this row", 1.0),
        number("short_haul", "yuan/t", "无专用线短驳", "truck at an end without siding", 0.0),
        VAT_RATE,
        number("co2", "kgCO2/t-km", "碳排放", "CO2 per tonne-km", 0.0),
        number("loss", "share", "损耗", "loss per trip", 0.0, high=1.0),
        number("loss_per_km", "share", "每公里损耗", "loss per km", 0.0, high=1.0),
        number("max_km", "km", "最远里程", "longest route (blank: no bound)", NONE),
        number("keep_ratio", "", "保留倍数", "dropped if dearer than this × the pair's cheapest (blank: kept)", NONE),
        number("min_share", "share", "主方式占比下限", "dropped if less of its km is on the main mode", 0.0, high=1.0),
        number("per_km_low", "yuan/t-km", "运价率低值", "rate, low", NONE),
        number("per_km_high", "yuan/t-km", "运价率高值", "rate, high", NONE),
    ), key=("class", "mode"), zh="运价", en="freight rates", ranges=(Range("per_km", "per_km_low", "per_km_high"),)),
    TableSpec("transfers", (
        _mode("mode", "方式一", "one mode"), _mode("other", "方式二", "other mode"),
        number("cost", "yuan/t", "换装费", "cost of changing between them"), VAT_RATE,
        number("low", "yuan/t", "低值", "low", NONE), number("high", "yuan/t", "高值", "high", NONE),
    ), key=("mode", "other"), zh="换装", en="transfers between modes", ranges=(Range("cost"),)),
    TableSpec("freight_classes", (
        Column("commodity", "id", refers="commodities.commodity", zh="物料", en="commodity"), CLASS,
    ), key=("commodity",), zh="货类", en="classes of goods"),
)
