"""What can fail in a dataset – parks, single units, corridors, tie lines – and the core tables in which it has failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import pandas as pd

from model.case.columns import core_table
from model.expand.calendars import study_periods
from model.expand.outages import with_outages
from model.expand.routes import place_names, route_legs
from model.expand.rows import records
from model.explore.candidates import parks
from model.explore.journal import Pair
from model.explore.study_rows import PRESENT, both
from model.explore.workbench import Planned
from model.problems import Problems
from model.reading.nearest import find_site, nearest, nearest_alias, site_aliases
from model.results import Results
from model.scenario.records import Change, Spot
from model.tables import Tables, frame, merged

SPOT = Spot("outages", 0)


@dataclass(frozen=True)
class Loss:
    """One failure: ``units`` at ``site`` without capacity in the months of the study, or ``changes`` of the dataset for the whole year.

    ``kind``: park, unit, corridor, tie or event; ``used``: kt a year that the plan moves over a corridor.
    """

    kind: str
    key: str
    name: Pair
    site: str = ""
    units: tuple[str, ...] = ()
    changes: tuple[Change, ...] = field(default=())
    used: float = 0.0


def named_parks(base: Planned, names: Sequence[str], spot: Spot, problems: Problems) -> tuple[str, ...]:
    """The parks called ``names`` (id, Chinese, English or other name); one that is unknown or in which nothing stands is reported."""
    known = set(parks(base.prepared.core))
    every = site_aliases({**base.prepared.tables, **base.prepared.core})
    aliases = {**{alias: site for alias, site in every.items() if site in known}, **{site: site for site in known}}
    filled = {site for _, site in _standing(base)}
    found = []
    for name in names:
        site = find_site(name, aliases)
        if not site:
            spot.add(problems, "unknown_in_term", name, nearest_alias(name, aliases), role="park")
        elif site not in filled:
            spot.add(problems, "outage_empty", name)
        else:
            found.append(site)
    return tuple(dict.fromkeys(found))


def check_units(base: Planned, patterns: Sequence[str], spot: Spot, problems: Problems) -> None:
    """Report every pattern that no unit with capacity has."""
    known = {unit for unit, _ in _standing(base)}
    for pattern in patterns:
        if not any(fnmatchcase(unit, pattern) for unit in known):
            spot.add(problems, "unknown_in_term", pattern, nearest(pattern, known), role="unit")


def park_losses(base: Planned, chosen: Sequence[str] = ()) -> list[Loss]:
    """Every park in which anything stands or is built, or those ``chosen``, with all its units."""
    core, found = base.prepared.core, []
    standing = _standing(base)
    for site in chosen or parks(core):
        units = tuple(sorted({unit for unit, place in standing if place == site}))
        if units:
            found.append(Loss("park", f"park|{site}", both("studies_outages.park", site=site_name(core, site)), site, units))
    return found


def unit_losses(base: Planned, patterns: tuple[str, ...]) -> list[Loss]:
    """Every unit at a place whose id matches one of ``patterns`` (``potline_*``), alone."""
    core = base.prepared.core
    return [
        Loss("unit", f"unit|{unit}|{site}", both("studies_outages.unit", unit=unit, site=site_name(core, site)), site, (unit,))
        for unit, site in sorted(_standing(base)) if any(fnmatchcase(unit, pattern) for pattern in patterns)
    ]


def corridor_losses(base: Planned, least: float) -> list[Loss]:
    """Every corridor edge over which the plan moves more than ``least`` a year, busiest first.

    Without an edge that carries nothing the plan stays possible, and nothing else gets cheaper: its loss costs nothing.
    """
    tables, moved = base.prepared.tables, _moved(base)
    names = {language: place_names(tables, language) for language in ("zh", "en")}
    found = []
    for row in records(tables, "corridor_edges"):
        used = moved.get((frozenset((row["from"], row["to"])), row["mode"]), 0.0)
        if used > max(least, PRESENT):
            ends = {end: tuple(names[language].get(row[end], row[end]) for language in names) for end in ("from", "to")}
            mode = both(f"studies_outages.mode_{row['mode']}")
            name = both("studies_outages.corridor", start=ends["from"], end=ends["to"], mode=mode)
            change = Change("corridor_edges", "remove", {"edge": (row["edge"],)}, {}, SPOT)
            found.append(Loss("corridor", f"corridor|{row['edge']}", name, changes=(change,), used=used))
    return sorted(found, key=lambda loss: (-loss.used, loss.key))


def tie_losses(base: Planned) -> list[Loss]:
    """Every tie line, both directions each by itself."""
    return [
        Loss(
            "tie", f"tie|{row['tie']}", both("studies_outages.tie", name=(row["name_zh"] or row["tie"], row["name_en"] or row["tie"])),
            changes=(Change("tie_lines", "remove", {"tie": (row["tie"],)}, {}, SPOT),),
        )
        for row in records(base.prepared.tables, "tie_lines")
    ]


def failed(tables: Tables, core: Tables, built: Results, loss: Loss, months: tuple[str, ...]) -> Tables:
    """``core`` with the units of ``loss`` without capacity in ``months`` (none: the whole year), what ``built`` adds to them included.

    Raises ``Refusal`` (exit 3) for a month that the calendar does not know.
    """
    core = realised(core, built, loss.site, loss.units)
    known = dict.fromkeys(part.month for period in study_periods(tables, core) for part in period.parts)
    row = {
        "outage": loss.key, "kind": "unit", "items": ";".join(loss.units), "site": loss.site, "months": ";".join(months or known),
        "available": 0.0, "in_use": 1.0, "_file": SPOT.file,
    }
    problems = Problems()
    result = with_outages({**tables, "outages": frame("outages", [row])}, core, problems)
    problems.stop_on_errors()
    return result


def realised(core: Tables, built: Results, site: str, units: tuple[str, ...]) -> Tables:
    """``core`` in which the capacity that ``built`` adds to ``units`` at ``site`` stands as existing capacity."""
    effects = core_table(core, "option_effects")
    mine = (effects["site"] == site) & effects["unit"].isin(units) & ((effects["per_size"].fillna(0) > 0) | (effects["per_open"].fillna(0) > 0))
    added = _added(built)
    added = added[(added["site"] == site) & added["unit"].isin(units) & (added["amount"] > 0)]
    rows = [{"unit": row["unit"], "site": site, "period": row["stage"], "amount": row["amount"]} for row in added.to_dict("records")]
    kept = {**core, "option_effects": effects[~mine].reset_index(drop=True)} if mine.any() else core
    return merged(kept, {"capacity": frame("capacity", rows)}) if rows else kept


def _added(plan: Results) -> pd.DataFrame:
    """unit, site, stage, amount: capacity that the plan adds (no closures)."""
    effects = plan.case.relations["effect"]
    sizes, opened = (plan.values[family].rename(columns={"value": family})[["option", "stage", family]] for family in ("size", "open"))
    both_values = effects.merge(sizes, left_on=["option", "decided"], right_on=["option", "stage"], how="left", suffixes=("", "_of_size"))
    both_values = both_values.merge(opened, left_on=["option", "decided"], right_on=["option", "stage"], how="left", suffixes=("", "_of_open"))
    per_size, per_open = both_values["per_size"].clip(lower=0).fillna(0), both_values["per_open"].clip(lower=0).fillna(0)
    amount = per_size * both_values["size"].fillna(0.0) + per_open * both_values["open"].fillna(0.0)
    table = both_values[["unit", "site", "stage"]].assign(amount=amount)
    return pd.DataFrame(table.groupby(["unit", "site", "stage"], as_index=False)["amount"].sum())


def _standing(base: Planned) -> set[tuple[str, str]]:
    """(unit, site) of all capacity that exists or is built."""
    existing, added = core_table(base.prepared.core, "capacity"), _added(base.results)
    parts = (table[table["amount"] > PRESENT] for table in (existing, added))
    return {(str(unit), str(site)) for part in parts for unit, site in zip(part["unit"], part["site"], strict=True)}


def _moved(base: Planned) -> dict[tuple[frozenset[str], str], float]:
    """What the plan moves over every leg of its routes, both directions together."""
    key = ["commodity", "from", "to", "mode"]
    lanes = core_table(base.prepared.core, "lanes")
    flow = base.results.values["flow"].groupby(key, as_index=False)["value"].sum()
    flow = flow.merge(lanes.drop_duplicates(key)[[*key, "route"]], on=key) if "route" in lanes else flow.assign(route="")
    total: dict[tuple[frozenset[str], str], float] = {}
    for route, amount in zip(flow["route"], flow["value"], strict=True):
        for start, end, mode in route_legs(str(route)):
            place = (frozenset((start, end)), mode)
            total[place] = total.get(place, 0.0) + float(amount)
    return total


def site_name(core: Tables, site: str) -> Pair:
    """Both names of a site, its id where it has none."""
    row = next((row for row in records(core, "sites") if row["site"] == site), {})
    return str(row.get("name_zh") or site), str(row.get("name_en") or site)
