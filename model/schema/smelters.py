"""Convenience tables of smelter power: direct trades, differential prices, green power, efficiency levels, retrofits."""

from __future__ import annotations

from model.schema.columns import number, ranged
from model.schema.core import NAMES
from model.schema.spec import NONE, Column, Range, TableSpec

IN_USE = Column("in_use", "number", low=0.0, high=1.0, zh="启用", en="1: it counts in this study")
CLAUSE = Column("clause", "text", "", zh="条款", en="clause")
VAT = Column("vat", "number", 0.13, low=0.0, high=1.0, zh="增值税率", en="VAT rate contained in the price")


DIRECT_TRADES = TableSpec("direct_trades", (
    Column("contract", "id", zh="直接交易", en="contract"), *NAMES,
    Column("tariff", "id", refers="tariffs.tariff", zh="用户的电价", en="tariff whose users may trade"),
    Column("price_tariff", "id", refers="tariffs.tariff", zh="成交的到户电价", en="tariff that holds the delivered price of the contract"),
    Column("source_zone", "id", "", refers="sites.site", zh="电源所在电力区", en="zone the energy comes from; blank: that of the price tariff"),
    *ranged("most_energy", "GWh", "年交易电量上限", "most energy in a year"),
    number("most_intensity", "", "准入铝液交流电耗上限(千瓦时/吨)", "only smelters up to this AC use per tonne of molten metal may trade", NONE),
    IN_USE, CLAUSE,
), key=("contract",), zh="电力直接交易", en="direct trades", ranges=(Range("most_energy", "most_energy_low", "most_energy_high"),))

DIFFERENTIAL = TableSpec("differential_prices", (
    Column("class", "id", zh="类别", en="class"), *NAMES,
    Column("region", "id", "*", refers="sites.region", wildcard=True, zh="地区", en="region or *"),
    number("above", "", "铝液交流电耗高于(千瓦时/吨)", "smelters above this AC use per tonne of molten metal"),
    *ranged("adder", "yuan/kWh", "加价(含税)", "added to every kWh, with VAT"), VAT, IN_USE, CLAUSE,
), key=("class", "region"), zh="差别电价", en="differential power prices", ranges=(Range("adder", "adder_low", "adder_high"),))

GREEN_POWER = TableSpec("green_power", (
    Column("region", "id", refers="sites.region", zh="地区", en="region"), *NAMES,
    *ranged("target", "share", "电解铝绿电消费比例目标", "least green share of the power of smelters", high=1.0),
    *ranged("certificate_price", "yuan/kWh", "绿证价格", "price of a green certificate per kWh"),
    number("most_certificates", "GWh", "绿证上限", "most certificates in a year; blank: no limit", NONE), IN_USE, CLAUSE,
), key=("region",), zh="电解铝绿电比例", en="green power of smelters", ranges=(
    Range("target", "target_low", "target_high"), Range("certificate_price", "certificate_price_low", "certificate_price_high"),
))

GREEN_CONTENT = TableSpec("green_content", (
    Column("tariff", "id", refers="tariffs.tariff", zh="电价", en="tariff"),
    *ranged("share", "share", "绿电含量", "green share of its energy", high=1.0),
), key=("tariff",), zh="绿电含量", en="green content of tariffs", ranges=(Range("share", "share_low", "share_high"),))

LEVELS = TableSpec("efficiency_levels", (
    Column("level", "id", zh="能效水平", en="level"), *NAMES,
    number("intensity", "", "铝液交流电耗(千瓦时/吨)", "AC use per tonne of molten metal, at most"), CLAUSE,
), key=("level",), zh="电解铝能效水平", en="efficiency levels of smelters")

RETROFITS = TableSpec("retrofits", (
    Column("plant", "id", "*", refers="plants.plant", wildcard=True, zh="电解系列", en="potline or *"), *NAMES,
    *ranged("ac_intensity", "", "改造后铝液交流电耗(千瓦时/吨)", "AC use per tonne of molten metal afterwards, kWh/t"),
    *ranged("capex", "yuan/(t/yr)", "改造投资(不含税)", "investment per tonne of yearly capacity, without VAT"),
    *ranged("life", "yr", "寿命", "life", low=1.0),
    number("largest_share", "share", "最多改造份额", "largest share of the potline; blank: all", NONE, high=1.0), IN_USE, CLAUSE,
), key=("plant",), zh="电解系列节能改造", en="retrofits of potlines", ranges=tuple(
    Range(name, f"{name}_low", f"{name}_high") for name in ("ac_intensity", "capex", "life")
))

TABLES: tuple[TableSpec, ...] = (DIRECT_TRADES, DIFFERENTIAL, GREEN_POWER, GREEN_CONTENT, LEVELS, RETROFITS)
