"""The page around the map: sections, tables and charts put into the template by an engine that escapes everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from maps import charts, parks, policy, sections, still, tables
from maps.arcs import arcs
from maps.cards import cards
from maps.escape import MONEY_UNKNOWN, both, known_word, pair, unit_words, word
from maps.exits import covered, exits
from maps.figures import compact, number, percent
from maps.flows import places, streams, strokes, undrawn
from maps.geography import ASPECT, frame_of
from maps.goal_rows import goal_heading, goal_rows, goal_table
from maps.legend import legend
from maps.live import LiveMap, live_map, reserved
from maps.months import MonthPart, months, season_words
from maps.names import Names
from maps.notice import captions
from maps.palette import COST_COLOURS
from maps.popups import Popups
from maps.sankey import sankey
from maps.shell import rendered
from maps.stores import stores
from maps.trust import assumed
from maps.view import WATERFALL_GROUPS, ReportView, rows_of
from maps.years import first_year, path, told

SECTIONS: Final = (
    "findings", "map", "sankey", "plan", "switches", "costs", "classes", "power", "flows", "indicators", "clauses", "ledger", "split", "duals",
    "benchmarks", "sources",
)


@dataclass(frozen=True)
class MapPart:
    """What the page shows of the map."""

    html: Markup
    still: Markup
    legend: list[Markup]
    undrawn: int
    aspect: str
    months: MonthPart | None
    seasons: list[tuple[str, Markup]]


def page(view: ReportView) -> str:
    """The whole report as HTML. Raises ExternalAssetError if anything in it would be loaded from outside."""
    names = Names(view)
    live, part = _map(view, names) if view.has_map else (None, None)
    context = _context(view, names) | {"map": part}
    context["more"] = sections.parts(view)
    context["sections"] = _contents(context)
    if live is None:
        return rendered("page.html.j2", context)
    after = [live.script, *([part.months.script] if part and part.months else [])]
    return rendered("page.html.j2", context, scripts=live.libraries, after=after, styles=live.styles)


def _contents(context: dict[str, Any]) -> list[tuple[str, Markup]]:
    """What the page's own navigation lists; further sections follow the switch points."""
    found: list[tuple[str, Markup]] = []
    for key in SECTIONS:
        found += [(part.anchor, part.title) for part in context["more"]] if key == "costs" else []
        found += [(key, word(f"section_{key}"))] if _present(key, context) else []
    return found


def _present(section: str, context: dict[str, Any]) -> bool:
    """Whether the template shows a section."""
    content = {"classes": "cost_classes"}.get(section, section)
    if section in ("findings", "plan", "flows", "sources"):
        return True
    found = context[content]
    return bool(found.rows if isinstance(found, tables.Table) else found)


def _map(view: ReportView, names: Names) -> tuple[LiveMap, MapPart]:
    """The map that moves and the one that prints, from the same lines and glyphs."""
    frame = frame_of(view.sites)
    lines = strokes(streams(view), places(view), frame)
    bare = parks.glyphs(view, frame)
    controls = reserved(frame)
    edges = exits(view, frame, names, [*controls, *parks.circles(bare)])
    taken = [*controls, *covered(edges)]
    glyphs = parks.labelled(bare, names, taken, frame)
    towns = still.town_names(frame, [*taken, *parks.label_boxes(glyphs)])
    direct = arcs(view, frame, max((stroke.stream.amount for stroke in lines), default=0.0))
    live = live_map(frame, lines, direct.strokes, glyphs, edges, towns, names, Popups(view, names), view.outlines)
    drawing = still.still_map(frame, lines, glyphs, edges, towns, names, view.outlines)
    slider = months(view, lines, names, direct)
    seasons = season_words(slider.slots) if slider else []
    return live, MapPart(live.html, drawing, legend(lines, glyphs), undrawn(view), f"{ASPECT}", slider, seasons)


def _context(view: ReportView, names: Names) -> dict[str, Any]:
    """Everything the template shows except the map."""
    goals, trust = goal_rows(view), assumed(view)
    return {
        "title": f"{view.title_zh} / {view.title_en}", "heading": both(view.title_zh, view.title_en),
        "question": both(*view.question), "inputs": [both(zh, en) for zh, en in view.inputs],
        "subtitle": _subtitle(view), "language": view.language, **captions(view, view), "cards": cards(view),
        "notes": [both(zh, en) for zh, en in view.notes],
        "sentences": [both(zh, en) for zh, en in view.sentences], "proof": _proof(view), "decided": bool(view.summary.get("integers")),
        "goals": goal_table(goals), "goals_heading": both(*goal_heading(goals)), "trust": both(*trust) if trust else None,
        "ties": [both(row.text_zh, row.text_en) for row in rows_of(view.ties)],
        "plan": tables.plan(view, names), "path": path(view), "year": both(*view.year), "branches": view.branches, "first_year": first_year(view),
        "projects": tables.projects(view, names), "options": tables.options(view, names),
        "switches": tables.switch_points(view.switch_points),
        "sankey": sankey(view),
        "costs": _costs(view, names), "cost_key": [(COST_COLOURS[group], word(f"cost_{group}")) for group in WATERFALL_GROUPS],
        "cost_classes": _cost_classes(view), "power": _power(view, names), "flows": tables.flows(view, names),
        "trades": [
            (word(f"heading_{table}"), tables.trade(view, names, table))
            for table in ("supply", "sale", "short") if len(getattr(view, table))
        ],
        "stores": stores(view, names),
        "indicators": tables.indicators(view), "clauses": policy.clauses(view), "ledger": policy.ledgers(view), "split": policy.split(view, names),
        "duals": tables.duals(view, names), "benchmarks": tables.benchmarks(view),
        "grades": tables.grades(view), "sources": tables.sources(view),
        "provenance": [*((known_word("provenance", key), _flat(value)) for key, value in view.provenance.items()), *_size(view.summary)],
    }


def _subtitle(view: ReportView) -> Markup:
    """Scenario, status, objective, gap and date in one line."""
    summary, texts = view.summary, []
    for position in (0, 1):
        status = str(summary.get("status", ""))
        facts = {
            "scenario": view.scenario,
            "status": pair(f"status_{status}")[position] if status in ("optimal", "feasible") else status or "—",
            "objective": compact(summary.get("objective")), "unit": unit_words(view.money)[position],
            "gap": percent(summary.get("gap"), 2), "date": view.provenance.get("date", "—"),
        }
        texts.append(pair("subtitle", **facts)[position])
    return both(*texts)


def _proof(view: ReportView) -> list[Markup]:
    """What stands behind the plan: decisions with bound and gap, and the published optimum where the dataset states one."""
    summary = view.summary
    found = [both(*one) for one in told(view)]
    found += [word("own_units")] if summary.get("unit") == MONEY_UNKNOWN else []
    if summary.get("integers"):
        claims = {name: compact(summary.get(name)) for name in ("bound", "proved_bound")}
        found.append(both(*pair("proof", count=summary["integers"], gap=percent(summary.get("gap"), 4), **claims)))
    expected = summary.get("expected")
    if expected:
        difference = f"{expected['relative_difference']:.1e}"
        found.append(both(*pair("published", objective=compact(expected["objective"]), difference=difference)))
    return found


def _size(summary: Mapping[str, Any]) -> list[tuple[Markup, Markup]]:
    """How large the linear program was and what time the run took."""
    if "rows" not in summary:
        return []
    seconds = summary.get("seconds")
    total = sum(seconds.values()) if isinstance(seconds, dict) else seconds
    facts = {key: compact(summary.get(key)) for key in ("rows", "columns")}
    return [(word("provenance_model"), word("model_size", seconds=number(total, 1), **facts))]


def _flat(value: object) -> str:
    """A value of the provenance in one line."""
    if isinstance(value, dict):
        return " · ".join(f"{key} {entry}" for key, entry in value.items())
    return str(value)


def _costs(view: ReportView, names: Names) -> dict[str, object] | None:
    """The overview of all plants and one waterfall each, least cash cost first, on one scale."""
    rows = view.waterfalls
    if rows.empty:
        return None
    largest = float(rows["total"].max())
    cash: pd.DataFrame = rows.assign(cash=rows["yuan_per_t"].where(rows["group"] == "cash", 0.0)).groupby("plant", as_index=False)[["cash"]].sum()
    overview, plants = [], []
    for plant in cash.sort_values(["cash", "plant"])["plant"]:
        mine = rows[rows["plant"] == plant]
        first = mine.iloc[0]
        site = names.short(first["site"])
        zh, en = (first[key] or first["plant"] for key in ("name_zh", "name_en"))
        title = (f"{zh} · {site[0]}", f"{en} · {site[1]}")
        parts = [(float(mine.loc[mine["group"] == group, "yuan_per_t"].sum()), COST_COLOURS[group]) for group in WATERFALL_GROUPS]
        overview.append((*title, parts))
        plants.append((both(*title), charts.waterfall(mine, largest)))
    return {"overview": charts.stacked(overview, pair("yuan_per_t")), "plants": plants}


def _cost_classes(view: ReportView) -> Markup:
    """The objective by cost class, the largest first."""
    rows = view.cost_classes[view.cost_classes["value"].abs() > 1e-9].sort_values("value", ascending=False)
    bars = [
        (row.label_zh or row.cost_class, row.label_en or row.cost_class, [(row.value, "#0072b2" if row.value >= 0 else "#009e73")])
        for row in rows_of(rows)
    ]
    return charts.stacked(bars, unit_words(view.money))


def _power(view: ReportView, names: Names) -> list[tuple[Markup, Markup, list[tuple[str, Markup]]]]:
    """One chart per zone – and per branch, whose months stand in full, not as their part of what is expected – with its key."""
    found = []
    colours = charts.power_items(view.balance_power)
    rows = view.balance_power.merge(view.periods[["period", "branch_zh", "branch_en", "chance"]], on="period", how="left")
    rows = rows[rows["chance"] != 0]  # a branch that never comes has nothing expected of it, and no amounts to show
    rows = rows.assign(value=rows["value"] / rows["chance"].fillna(1.0)).fillna({"branch_zh": "", "branch_en": ""})
    for (zone, _), part in rows.groupby(["zone", "branch_en"], sort=True):
        site, first = names.site(str(zone)), part.iloc[0]
        zh, en = first["zone_zh"] or site[0], first["zone_en"] or site[1]
        title = both(f"{zh} · {first['branch_zh']}", f"{en} · {first['branch_en']}") if first["branch_en"] else both(zh, en)
        key = [(colours[item], both(*item)) for item in charts.power_items(part)]
        found.append((title, charts.power(part, colours), key))
    return found
