"""Time as the tables of power read it: calendars (months, half months, seasons, two years) and hydrological branches.

The table ``periods`` holds the calendar of the base. A row of ``study_calendar`` in use replaces the periods of its
stage by a calendar laid out over the branches of a hydrology. Whatever the calendar, monthly data reach a period by one rule:

- a period consists of parts of months (table ``month_days``; without it every month is one part);
- an amount of a month belongs to its parts in proportion to their days, unless the part has a row of its own, and the
  amount of a period is the sum over its parts, divided by the years of the calendar (amounts are those of an average year);
- a price of a period is the mean of the prices of its parts, weighted by days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from model.expand.rows import Record, origin, records, report
from model.problems import Problems
from model.schema.spec import listed
from model.tables import FILE, Tables, frame

NORMAL = "normal"  # what a branch does not state for itself is as in this one
Found = TypeVar("Found")


@dataclass(frozen=True)
class Part:
    """A month, or a part of one that has its own id: its days and those of the whole month."""

    part: str
    month: str
    days: float
    of: float


@dataclass(frozen=True)
class Period:
    """A period of the study: its parts, the years its calendar spans and the branches whose data hold, first choice first."""

    period: str
    stage: str
    length: float
    parts: tuple[Part, ...]
    years: float
    waters: tuple[str, ...]

    @property
    def days(self) -> float:
        """Days of all its parts."""
        return sum(part.days for part in self.parts)

    def found(self, stated: Callable[[str, str], Found | None]) -> list[tuple[Found, float, float]]:
        """What ``stated(branch, month or part)`` holds for the parts: (what, days, days of what it is stated for).

        The first branch that states anything wins, and in it the part's own entry wins over that of its month. Parts that
        share an entry are summed, so a month that is cut into parts of equal data stays what it was.
        """
        entries: dict[int, tuple[Found, float, float]] = {}
        for part in self.parts:
            for water in self.waters:
                own = stated(water, part.part)
                entry = own if own is not None else stated(water, part.month)
                if entry is not None:
                    days = entries.get(id(entry), (entry, 0.0, 0.0))[1] + part.days
                    entries[id(entry)] = (entry, days, part.days if own is not None else part.of)
                    break
        return list(entries.values())


class Calendars:
    """The calendars, parts of months and hydrologies of a dataset."""

    def __init__(self, tables: Tables) -> None:
        self.parts: dict[str, Part] = {}
        self.months: defaultdict[str, list[Part]] = defaultdict(list)
        whole: defaultdict[str, float] = defaultdict(float)
        for row in records(tables, "month_days"):
            whole[row["month"]] += float(row["days"])
        for row in records(tables, "month_days"):
            part = Part(row["part"], row["month"], float(row["days"]), whole[row["month"]])
            self.parts[part.part] = part
            self.months[part.month].append(part)
        self.rows: defaultdict[str, dict[str, Record]] = defaultdict(dict)
        for row in records(tables, "calendars"):
            self.rows[row["calendar"]][row["period"]] = row
        self.chosen = {row["stage"]: row for row in records(tables, "study_calendar") if row["in_use"]}
        self.like = {row["branch"]: row["like"] for row in records(tables, "hydrology")}

    def knows(self, name: str) -> bool:
        """Whether ``name`` is a month or a part of one."""
        return name in self.months or name in self.parts

    def of(self, name: str) -> tuple[Part, ...]:
        """The parts of a month, or the part itself; without a table of parts the month is one part of its own."""
        if name in self.months:
            return tuple(self.months[name])
        return (self.parts[name],) if name in self.parts else (Part(name, name, 1.0, 1.0),)

    def calendar(self, stage: str) -> dict[str, Record]:
        """The rows of the calendar chosen for ``stage``, else of the first one chosen for any stage, else none."""
        row = self.chosen.get(stage) or next(iter(self.chosen.values()), None)
        return self.rows[row["calendar"]] if row is not None else {}

    def days(self, calendar: dict[str, Record]) -> float:
        """Days of a whole calendar."""
        return sum(part.days for row in calendar.values() for part in self.period_parts(row))

    def years(self, calendar: dict[str, Record]) -> float:
        """Years that a calendar spans: how often it holds each day."""
        distinct = {part.part: part.days for row in calendar.values() for part in self.period_parts(row)}
        return self.days(calendar) / sum(distinct.values())

    def period_parts(self, row: Record) -> tuple[Part, ...]:
        """The parts of a row of ``calendars``."""
        return tuple(part for name in listed(row["months"]) for part in self.of(name))

    def branches(self, branch: str, water: str) -> tuple[str, ...]:
        """Whose data hold in a period of ``branch``: the calendar's own word, else the branch, then what it is like."""
        first = water or branch
        return tuple(dict.fromkeys((first, self.like.get(first, NORMAL), NORMAL)))


def with_calendars(tables: Tables, problems: Problems) -> Tables:
    """``tables`` with the periods of every stage in ``study_calendar`` replaced by its calendar and hydrology.

    Reports calendars that hold an unknown month, name a period with an underscore (what follows one names the branch), or
    do not hold every day of the year equally often.
    """
    calendars = Calendars(tables)
    if not calendars.chosen:
        return tables
    kept = [row for row in records(tables, "periods") if row["stage"] not in calendars.chosen]
    made = [row for choice in calendars.chosen.values() for row in _periods(choice, calendars, tables, problems)]
    return {**tables, "periods": frame("periods", [*kept, *made])}


def _periods(choice: Record, calendars: Calendars, tables: Tables, problems: Problems) -> Iterator[Record]:
    calendar = calendars.rows[choice["calendar"]]
    futures = [row for row in records(tables, "hydrology") if row["hydrology"] == choice["hydrology"]]
    _check(calendar, calendars, problems)
    days = calendars.days(calendar)
    for future in futures:
        for name, row in calendar.items():
            parts = (name, future["branch"] if len(futures) > 1 else "", choice["stage"] if len(calendars.chosen) > 1 else "")
            yield {
                "period": "_".join(part for part in parts if part), "stage": choice["stage"], "branch": future["branch"],
                "order": row["order"], "length": sum(part.days for part in calendars.period_parts(row)) / days,
                "weight": choice["weight"], "probability": future["probability"], **origin(row),
            }


def _check(calendar: dict[str, Record], calendars: Calendars, problems: Problems) -> None:
    times = dict.fromkeys(calendars.parts, 0)
    for name, row in calendar.items():
        if "_" in name:
            report(problems, "calendar_underscore", row, "period")
        for month in listed(row["months"]):
            if not calendars.knows(month):
                report(problems, "calendar_month", row, "months", month=month, known=", ".join([*calendars.months, *calendars.parts]))
        for part in calendars.period_parts(row):
            times[part.part] = times.get(part.part, 0) + 1
    for row in list(calendar.values())[:1]:
        if len({times[part] for part in calendars.parts}) > 1:
            odd = [part for part in calendars.parts if times[part] != max(times.values())]
            report(problems, "calendar_uneven", row, "calendar", parts=", ".join(odd))


def study_periods(tables: Tables, core: Tables) -> tuple[Period, ...]:
    """Every period of ``core`` with the parts of months it consists of.

    The name of a period up to its first underscore is looked up in the calendar of its stage; a period that stands in no
    calendar is the month, or the part of one, that it is called after.
    """
    calendars = Calendars(tables)
    found: list[Period] = []
    for row in records(core, "periods"):
        calendar = calendars.calendar(row["stage"])
        name = str(row["period"]).split("_", 1)[0]
        known = calendar.get(name)
        parts = calendars.period_parts(known) if known else calendars.of(name)
        years = calendars.years(calendar) if known else 1.0
        waters = calendars.branches(row["branch"], known["water"] if known else "")
        found.append(Period(row["period"], row["stage"], float(row["length"]), parts, years, waters))
    return tuple(found)


def years_spanned(tables: Tables, problems: Problems) -> float:
    """Years of the chosen calendars: 1 without one. Reports stages whose calendars span different times."""
    calendars = Calendars(tables)
    spans = {stage: round(calendars.years(calendars.rows[row["calendar"]]), 9) for stage, row in calendars.chosen.items()}
    if len(set(spans.values())) > 1:
        row = list(calendars.chosen.values())[-1]
        problems.add("calendar_years", file=str(row[FILE]), column="calendar", value=row["calendar"], stages=", ".join(spans))
    return next(iter(spans.values()), 1.0)
