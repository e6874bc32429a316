"""Convenience tables of power: the balance of each zone, shedding, tie lines, tariffs, captive plants, tiered prices.

Expanded into core rows by model/expand/power.py. Prices are written in yuan/kWh with VAT, energy in TWh of the month.
"""

from __future__ import annotations

import math
from dataclasses import replace

from model.schema import calendars, smelters
from model.schema.calendars import BRANCH, MONTH
from model.schema.columns import number, ranged
from model.schema.core import NAMES
from model.schema.spec import NONE, Column, Range, TableSpec

ZONE = Column("zone", "id", refers="sites.site", zh="电力区", en="power zone")
TARIFF = Column("tariff", "id", refers="tariffs.tariff", zh="电价", en="tariff")
IN_USE = Column("in_use", "number", low=0.0, high=1.0, zh="启用", en="1: it counts in this study")
CLAUSE = Column("clause", "text", "", zh="条款", en="clause")
VAT = Column("vat", "number", 0.13, low=0, high=1, zh="增值税率", en="VAT rate contained in the prices")


def _range(unit: str, low: float = 0.0) -> tuple[Column, Column]:
    return number("low", unit, "低值", "low", NONE, low=low), number("high", unit, "高值", "high", NONE, low=low)


BALANCE = TableSpec("power_balance", (
    ZONE, BRANCH, MONTH,
    Column("component", "id", zh="项目", en="component"),
    Column("role", "choice", choices=("supply", "reserve", "load", "aluminium", "section", "memo"), zh="作用", en="role"),
    number("energy", "TWh", "电量(2025年)", "energy of the month in the base year, 2025"),
    number("scale", "", "折算系数", "factor from the base year to this branch", 1.0), *_range("TWh"),
), key=("zone", "branch", "month", "component"), zh="分月电力平衡", en="monthly power balance", ranges=(Range("energy"),))

SHEDDING = TableSpec("power_shedding", (
    ZONE, Column("step", "id", zh="限电级", en="step"), number("share", "", "占其他用户负荷", "share of the other users' load"),
    number("price", "yuan/kWh", "缺电损失", "loss of the users cut"), *_range("yuan/kWh"),
), key=("zone", "step"), zh="其他用户限电", en="shedding of other users", ranges=(Range("price"),))

TIES = TableSpec("tie_lines", (
    Column("tie", "id", zh="联络断面", en="tie line"), Column("from", "id", refers="sites.site", zh="起点", en="from"),
    Column("to", "id", refers="sites.site", zh="终点", en="to"),
    Column("state", "choice", "with_1000kv", choices=("with_1000kv", "without_1000kv"), zh="采用", en="capacity in use"),
    number("capacity_with_1000kv", "GW", "1000 千伏特高压投运后", "capacity with the 1000 kV line"),
    number("capacity_without_1000kv", "GW", "1000 千伏特高压投运前", "capacity without the 1000 kV line"),
    Column("loss", "number", 0.0, low=0, high=1, zh="损耗", en="share lost on the way"),
    *NAMES, CLAUSE,
), key=("tie",), zh="省间联络线", en="tie lines")

TARIFFS = TableSpec("tariffs", (
    Column("tariff", "id", zh="电价", en="tariff"),
    *NAMES,
    Column("zone", "id", "", refers="sites.site", zh="电力区", en="power zone, blank for captive power"),
    Column("voltage", "text", "", zh="电压等级", en="voltage"),
    Column("base_tariff", "id", "", refers="tariffs.tariff", zh="基准电价", en="tariff it is derived from"),
    number("adder", "yuan/kWh", "加价", "added to every price of the tariff", 0.0, low=-math.inf),
    number("adder_low", "yuan/kWh", "加价低值", "added, low", NONE, low=-math.inf),
    number("adder_high", "yuan/kWh", "加价高值", "added, high", NONE, low=-math.inf),
    number("price", "yuan/kWh", "全年电价", "one price for all months", NONE), VAT, *_range("yuan/kWh", -float("inf")),
), key=("tariff",), zh="到户电价", en="delivered tariffs", ranges=(Range("price"), Range("adder", "adder_low", "adder_high")))

PRICES = TableSpec("tariff_prices", (
    TARIFF, replace(BRANCH, en="hydrological branch, blank: all"), MONTH,
    number("price", "yuan/kWh", "电价(含税)", "delivered price with VAT"), *_range("yuan/kWh"),
), key=("tariff", "branch", "month"), zh="分月电价", en="tariffs by month", ranges=(Range("price"),))

TIERED = TableSpec("tiered_prices", (
    number("from_year", "", "起始年", "first year"), number("threshold", "", "分档标准(千瓦时/吨)", "threshold, kWh per t"),
    Column("step", "number", low=1e-6, zh="档宽(千瓦时/吨)", en="width of a step, kWh per t"),
    number("adder", "yuan/kWh", "每档加价", "added per started step"), VAT,
), key=("from_year",), zh="阶梯电价", en="tiered power price of smelters")

CAPTIVE = TableSpec("captive_plants", (
    Column("captive", "id", zh="自备电厂", en="captive plant"), TARIFF,
    Column("site", "id", refers="sites.site", zh="地点", en="site"),
    number("coal_rate", "gce/kWh", "供电标煤耗", "standard coal per kWh delivered"),
    number("coal_rate_low", "gce/kWh", "供电标煤耗低值", "low", NONE),
    number("coal_rate_high", "gce/kWh", "供电标煤耗高值", "high", NONE),
    Column("calorific_value", "number", low=1.0, zh="煤热值(千卡/千克)", en="calorific value of the coal, kcal/kg"),
    number("coal_price", "yuan/t", "煤价(含税)", "coal price with VAT"),
    number("coal_price_low", "yuan/t", "煤价低值", "low", NONE), number("coal_price_high", "yuan/t", "煤价高值", "high", NONE),
    number("operation_capital", "yuan/kWh", "运维与资本", "operation and capital"),
    number("funds", "yuan/kWh", "政府性基金", "government funds"),
    number("backup", "yuan/kWh", "系统备用费", "system backup and cross-subsidy"),
    VAT, Column("vat_funds", "number", 0.13, low=0, high=1, zh="基金所含税率", en="VAT rate contained in the funds"),
    number("max_energy", "GWh", "年电量上限", "most energy in a year"), CLAUSE,
), key=("captive",), zh="自备电厂", en="captive power plants", ranges=tuple(
    Range(name, f"{name}_low", f"{name}_high") for name in ("coal_rate", "coal_price")
))

SHORT_STOPS = TableSpec("short_stops", (
    Column("plant", "id", "*", refers="plants.plant", wildcard=True, zh="电解系列", en="potline or *"),
    *ranged("restart_cost", "yuan/(t/yr)", "短停重启成本(不含税)", "cost of bringing capacity back after weeks, without VAT", NONE),
    *ranged("restart_limit", "share", "月重启上限", "share of capacity brought back in a month", NONE),
    number("initial", "share", "期初运行份额", "share of the capacity that runs before the first period; blank: as at the end", NONE), IN_USE,
), key=("plant",), zh="短停与复产", en="short stops of potlines", ranges=tuple(
    Range(name, f"{name}_low", f"{name}_high") for name in ("restart_cost", "restart_limit")
))

TABLES: tuple[TableSpec, ...] = (BALANCE, SHEDDING, TIES, TARIFFS, PRICES, TIERED, CAPTIVE, SHORT_STOPS, *calendars.TABLES, *smelters.TABLES)
