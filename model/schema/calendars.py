"""Convenience tables of time: calendars, parts of months, hydrological branches; laid out by model/expand/calendars.py."""

from __future__ import annotations

from model.schema.core import NAMES
from model.schema.spec import NONE, Column, Range, TableSpec

CALENDAR = Column("calendar", "id", "months", refers="calendars.calendar", zh="时段划分", en="calendar")
MONTH = Column("month", "id", zh="月份,m01 至 m12 或其一段(表 month_days)", en="month, m01 to m12, or a part of one (table month_days)")
BRANCH = Column("branch", "id", "", zh="水文分支", en="hydrological branch")

CALENDARS = TableSpec("calendars", (
    Column("calendar", "id", zh="时段划分", en="calendar"),
    Column("period", "id", zh="时段", en="period, no underscore in its name"),
    Column("order", "number", zh="次序", en="order in the year"),
    Column("months", "id", many=True, zh="月份或其部分(分号分隔)", en="months or parts of months it consists of, separated by semicolons"),
    Column("water", "id", "", zh="来水取自", en="branch whose data hold here whatever the branch; blank: the branch itself"),
), key=("calendar", "period"), zh="时段划分表", en="calendars")

MONTH_DAYS = TableSpec("month_days", (
    Column("part", "id", zh="月内时段", en="month or part of a month"), Column("month", "id", zh="月份", en="month it belongs to"),
    Column("days", "number", low=1.0, high=366.0, zh="天数", en="days"),
), key=("part",), zh="各月天数", en="days of months and their parts")

HYDROLOGY = TableSpec("hydrology", (
    Column("hydrology", "id", zh="水文方案", en="set of branches"), Column("branch", "id", zh="水文分支", en="hydrological branch"), *NAMES,
    Column("probability", "number", low=0.0, high=1.0, zh="概率", en="probability"),
    Column("low", "number", NONE, low=0.0, high=1.0, zh="低值", en="low"), Column("high", "number", NONE, low=0.0, high=1.0, zh="高值", en="high"),
    Column("like", "id", "normal", zh="未列数据取自", en="branch whose data hold where this one states none"),
), key=("hydrology", "branch"), zh="水文方案表", en="hydrological branches and their probabilities", ranges=(Range("probability"),))

STUDY_CALENDAR = TableSpec("study_calendar", (
    Column("stage", "id", zh="阶段", en="stage whose periods it replaces"), CALENDAR,
    Column("hydrology", "id", "normal", refers="hydrology.hydrology", zh="水文方案", en="set of branches"),
    Column("weight", "number", 1.0, low=0.0, zh="权重", en="years times discount factor"),
    Column("in_use", "number", low=0.0, high=1.0, zh="启用", en="1: it replaces the periods of its stage"),
), key=("stage",), zh="本次研究的时段与水文", en="calendar and hydrology of the study")

TABLES: tuple[TableSpec, ...] = (CALENDARS, MONTH_DAYS, HYDROLOGY, STUDY_CALENDAR)
