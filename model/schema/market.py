"""Convenience tables of the market: prices, purchases, demand, outside sales, scrap, and the sources of every figure.

Prices are written as they are quoted (with their VAT basis); model/expand/ turns them into million yuan ex VAT.
"""

from __future__ import annotations

from model.schema.core import COMMODITY, COST_CLASS, NAMES, SITE
from model.schema.spec import NONE, Column, Range, TableSpec

PRICE = Column("price", "id", refers="prices.price", zh="价格", en="price")
GROWTH = Column("growth", "id", "", refers="growth.growth", zh="增长率", en="growth rate")
PUBLISHED_FORM = Column("published_form", "text", "", zh="原始表述", en="form as published")
PRICE_UNITS = ("yuan/t", "yuan/Nm3", "yuan/kWh", "USD/t", "yuan/USD")


def _optional_price(name: str, zh: str, en: str) -> Column:
    return Column(name, "id", "", refers="prices.price", zh=zh, en=en)


def _value(name: str, zh: str, en: str, unit: str = "", low: float = -float("inf"), high: float = float("inf")) -> Column:
    return Column(name, "number", unit=unit, low=low, high=high, zh=zh, en=en)


def _adder(name: str, zh: str, en: str, unit: str = "") -> Column:
    return Column(name, "number", 0.0, unit=unit, zh=zh, en=en)


TONNAGE = (
    _value("kt_low", "基准年低值", "base year, low", "kt/yr", 0), _value("kt_central", "基准年中值", "base year, central", "kt/yr", 0),
    _value("kt_high", "基准年高值", "base year, high", "kt/yr", 0), GROWTH,
)
TONNAGE_RANGE = (Range("kt_central", "kt_low", "kt_high"),)
THREE_RANGE = (Range("central"),)
THREE = (_value("low", "低", "low"), _value("central", "中", "central"), _value("high", "高", "high"))
# price + basis stand in the quote's own VAT basis, fee in its own; freight and spread are added ex VAT
QUOTE = (
    PRICE, _optional_price("fee", "加工费", "fee"), _adder("basis", "升贴水(与报价同税口径)", "basis, in the VAT basis of the price"),
    _adder("freight", "运费(不含税,减至枢纽为负)", "freight ex VAT, to the hub negative", "yuan/t"),
    _adder("spread", "价差(不含税)", "spread ex VAT", "yuan/t"),
)

TABLES: tuple[TableSpec, ...] = (
    TableSpec("market_settings", (
        Column("setting", "id", zh="设定", en="setting"), Column("value", "text", zh="取值", en="value"), *NAMES,
    ), key=("setting",), zh="市场设定", en="market settings"),
    TableSpec("prices", (
        Column("price", "id", zh="价格", en="price"), Column("period", "id", zh="年份或月份", en="year or month"), *NAMES,
        Column("unit", "choice", choices=PRICE_UNITS, zh="单位", en="unit"),
        Column("vat", "choice", choices=("incl", "excl", "none"), zh="含税口径", en="VAT basis"),
        Column("vat_rate", "number", 0.0, low=0, high=0.5, zh="增值税率", en="VAT rate"), *THREE, GROWTH,
    ), key=("price", "period"), zh="价格", en="prices", ranges=THREE_RANGE),
    TableSpec("purchases", (
        COMMODITY, Column("site", "id", refers="sites.site", wildcard=True, zh="地点", en="site, or * for every user"),
        Column("region", "id", "", refers="sites.region", zh="地区(仅限*)", en="region, for * only"),
        Column("tier", "id", "", zh="档", en="tier"), *QUOTE,
        Column("max", "number", NONE, low=0, zh="年上限", en="maximum per year"), COST_CLASS,
    ), key=("commodity", "site", "region", "tier"), zh="外购", en="purchases"),
    TableSpec("gateway_sales", (
        COMMODITY, SITE, Column("segment", "id", zh="细分市场", en="segment"), PUBLISHED_FORM, *QUOTE, *TONNAGE,
    ), key=("commodity", "site", "segment"), zh="外销与现货", en="outside and spot sales", ranges=TONNAGE_RANGE),
    TableSpec("product_forms", (
        Column("product_form", "id", zh="产品形态", en="product form"), PUBLISHED_FORM, *NAMES, COMMODITY,
        Column("share", "number", 1.0, low=0, high=1, zh="占比", en="share of the form"),
        Column("technologies", "id", refers="technologies.technology", many=True, zh="工艺(分号分隔)", en="technologies, separated by ;"),
        PRICE, _optional_price("fee", "加工费", "fee"),
        Column("import_ratio", "number", low=1.0, high=2.0, zh="外来价/售价", en="price of imports over the sale price"),
    ), key=("product_form", "commodity"), zh="各产品形态的物料", en="goods of each product form"),
    TableSpec("demand_segments", (
        Column("segment", "id", zh="细分市场", en="segment"), *NAMES, SITE,
        Column("product_form", "id", refers="product_forms.product_form", zh="产品形态", en="product form"), *TONNAGE,
    ), key=("segment", "site", "product_form"), zh="需求", en="demand by segment", ranges=TONNAGE_RANGE),
    TableSpec("growth", (
        Column("growth", "id", zh="增长率", en="growth rate"), *NAMES, *THREE,
    ), key=("growth",), zh="年增长率", en="growth per year", ranges=THREE_RANGE),
    TableSpec("scrap_classes", (
        Column("scrap_class", "id", zh="废铝类别", en="scrap class"), *NAMES, COMMODITY, PRICE,
        Column("product_price", "id", refers="prices.price", zh="产品价格", en="price of the product"),
        Column("product_share", "number", low=0, high=1, zh="每吨毛料出产品", en="product per gross tonne"),
    ), key=("scrap_class",), zh="废铝类别", en="scrap classes"),
    TableSpec("scrap_supply", (
        SITE, Column("scrap_class", "id", refers="scrap_classes.scrap_class", zh="废铝类别", en="scrap class"),
        Column("step", "id", zh="价格台阶", en="step"),
        _adder("price_step", "台阶加价", "added to the base price of the class", "yuan/t"), *TONNAGE,
    ), key=("site", "scrap_class", "step"), zh="废铝供应", en="scrap supply", ranges=TONNAGE_RANGE),
    TableSpec("warehouses", (
        SITE, COMMODITY, _value("kt", "库容", "capacity", "kt", 0), _value("holding_cost", "持有成本", "holding cost per year", "yuan/t", 0),
        Column("in_use", "number", 1.0, low=0, high=1, zh="启用", en="in use"),
    ), key=("site", "commodity"), zh="交割库", en="delivery warehouses"),
    TableSpec("sources", (
        Column("source_id", "id", zh="来源编号", en="source id"), Column("title", "text", zh="标题", en="title"),
        Column("publisher", "text", "", zh="发布者", en="publisher"), Column("date", "text", "", zh="日期", en="date"),
        Column("type", "text", "", zh="类型", en="type"), Column("address", "text", "", zh="网址", en="address"),
    ), key=("source_id",), zh="来源", en="sources"),
    TableSpec("benchmark_costs", (
        Column("benchmark", "id", zh="基准编号", en="benchmark"), Column("topic", "text", "", zh="主题", en="topic"),
        Column("metric", "text", "", zh="指标", en="metric"), Column("product", "text", "", zh="产品", en="product"),
        Column("region", "text", "", zh="地区", en="region"), Column("period", "text", "", zh="时间", en="period"),
        Column("unit", "text", "", zh="单位", en="unit"), *THREE, Column("boundary", "text", "", zh="口径", en="boundary"),
    ), key=("benchmark",), zh="公布成本对照", en="published costs to compare with", ranges=THREE_RANGE),
)
