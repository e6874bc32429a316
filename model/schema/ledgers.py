"""Ledgers: accounts in which options create, buy and use a right, such as quota for capacity; core tables like the others.

They bind nothing by themselves: the bounds stand in indicators. They say what the sizes of options mean in an account,
so that the account of a plan can be written down and checked to close (model/ledger.py).
"""

from __future__ import annotations

from model.schema.core import NAMES, OPTION, PERIOD
from model.schema.spec import NONE, Column, TableSpec

LEDGERS = TableSpec("ledgers", (
    Column("ledger", "id", zh="台账", en="ledger"), *NAMES, Column("unit", "text", "", zh="单位", en="unit"),
    Column("ratio", "number", 1.0, low=0.0, zh="折算比例", en="units given up or bought per unit of right"),
    Column("price", "number", 0.0, low=0.0, zh="内部价(年)", en="yearly payment per unit used, from who uses to who creates"),
    Column("annuity", "number", NONE, low=0.0, zh="年金系数", en="yearly charge per unit of a one-off price"),
    Column("indicators", "id", "", refers="indicators.indicator", many=True, zh="约束它的指标", en="indicators that bound it"),
    Column("clause", "text", "", zh="条款", en="clause"),
), key=("ledger",), core=True, zh="台账", en="ledgers")

LEDGER_ENTRIES = TableSpec("ledger_entries", (
    Column("ledger", "id", refers="ledgers.ledger", zh="台账", en="ledger"),
    Column("kind", "choice", choices=("created", "bought", "used"), zh="记账方向", en="kind of entry"),
    OPTION, PERIOD,
    Column("coefficient", "number", low=0.0, zh="每单位规模记入", en="units of right per unit of size"),
    Column("until", "id", "", refers="periods.period", zh="有效至(阶段)", en="last stage in which it may be used"),
), key=("ledger", "kind", "option", "period"), core=True, zh="台账分录", en="entries of ledgers")

TABLES: tuple[TableSpec, ...] = (LEDGERS, LEDGER_ENTRIES)
