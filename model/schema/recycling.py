"""Convenience tables of recycling: element limits of products, contents of charges, scrap trading centres."""

from __future__ import annotations

from model.schema.columns import number
from model.schema.core import NAMES, SITE
from model.schema.spec import NONE, Column, Range, TableSpec

ELEMENT = Column("element", "id", zh="元素", en="element")


def _percent(name: str, zh: str, en: str, blank: float | None = None) -> Column:
    if blank is None:
        return Column(name, "number", unit="percent", low=0.0, high=100.0, zh=zh, en=en)
    return Column(name, "number", blank, unit="percent", low=0.0, high=100.0, zh=zh, en=en)


TABLES: tuple[TableSpec, ...] = (
    TableSpec("quality_limits", (
        Column("product", "id", refers="commodities.commodity", zh="产品", en="product"), ELEMENT, *NAMES,
        Column(
            "technologies", "id", refers="technologies.technology", many=True,
            zh="同炉配料的工艺(分号分隔)", en="technologies whose charges are melted together, separated by semicolons",
        ),
        Column(
            "dilution", "id", "", refers="technologies.technology", many=True, zh="其中仅作稀释的工艺(分号分隔)",
            en="those of them that only dilute: no more than the others need for this element; blank: no such rule",
        ),
        _percent("max_share", "上限(质量百分比)", "largest share, per cent by mass"),
        _percent("low", "低值", "low", NONE), _percent("high", "高值", "high", NONE),
    ), key=("product", "element"), zh="产品成分限值", en="element limits of products", ranges=(Range("max_share"),)),
    TableSpec("element_contents", (
        Column("input", "id", refers="commodities.commodity", zh="炉料", en="charge"), ELEMENT,
        _percent("content", "含量(质量百分比)", "content, per cent by mass"),
        _percent("low", "低值", "low", NONE), _percent("high", "高值", "high", NONE),
    ), key=("input", "element"), zh="炉料成分", en="element contents of charges", ranges=(Range("content"),)),
    TableSpec("scrap_centres", (
        SITE, *NAMES, Column("commodities", "id", refers="commodities.commodity", many=True, zh="经营的物料(分号分隔)", en="goods it trades"),
        number("capacity", "kt/yr", "年吞吐能力", "yearly throughput"),
        number("fee", "yuan/t", "仓储交易费(不含税)", "fee of storing and trading, without VAT"),
        number("saving", "yuan/t", "收集成本节省(不含税)", "collection cost saved by selling to the centre, without VAT", 0.0),
        number("freight_share", "share", "整批外运运价比例", "freight of its full lots, share of that of loose scrap", 1.0, high=1.0),
        number("in_use", "", "启用", "1: scrap may pass through it", 1.0, high=1.0),
        Column("clause", "text", "", zh="条款", en="clause"),
    ), key=("site",), zh="废铝交易中心", en="scrap trading centres"),
)
