"""Rules of works: activities, stocks, options with their effects, capacity and running (R1, R5–R10)."""

from __future__ import annotations

import math

from model.audit.calendar import EVERY, Period, Row, records
from model.audit.draft import Draft
from model.audit.program import Expression, Key, Terms, amount, number

CLOSURE_TOLERANCE = 1e-9  # R8, share of the existing capacity


def write_production(draft: Draft) -> None:
    """activity: permitted by tech_sites, moves its recipe, occupies units.

    A site's own recipe row replaces the ``*`` row of that commodity (§2).
    """
    recipes: dict[Key, dict[str, float]] = {}
    for row in records(draft.core, "recipes"):
        recipes.setdefault((row["technology"], row["site"]), {})[row["commodity"]] = row["quantity"]
    uses: dict[str, dict[str, float]] = {}
    for row in records(draft.core, "capacity_use"):
        uses.setdefault(row["technology"], {})[row["unit"]] = row["use"]
    for (technology, site), period, row, share in draft.calendar.in_force(draft.core, "tech_sites", ("technology", "site")):
        lower, upper = amount(row, "min_activity", share, 0.0), amount(row, "max_activity", share, math.inf)
        cost = period.weight * row["variable_cost"]
        column = draft.program.column("activity", (technology, site, period.name), cost, upper, lower=lower)
        recipe = recipes.get((technology, EVERY), {}) | recipes.get((technology, site), {})
        for commodity, quantity in recipe.items():
            draft.moves(commodity, site, period.name, column, quantity)
        for unit, use in uses.get(technology, {}).items():
            if use:
                draft.used[unit, site, period.name][column] = use


def write_stocks(draft: Draft) -> None:
    """R10: level = (1 − loss)^length × level before + in − out; holding is charged on level × length."""
    for row in records(draft.core, "stocks"):
        ids = (row["commodity"], row["site"])
        kept, holding = 1.0 - number(row, "loss", 0.0), row["holding_cost"]
        for period in draft.calendar.periods:
            cost = period.weight * period.length * holding
            draft.program.column("stock", (*ids, period.name), cost, number(row, "capacity", math.inf))
        for period in draft.calendar.periods:
            draft.moves(*ids, period.name, draft.program.at("stock", ids, period.previous), kept**period.length)
            draft.moves(*ids, period.name, draft.program.at("stock", ids, period.name), -1.0)


def write_options(draft: Draft) -> None:
    """R5–R7: every option in every stage it may be decided in, with its charges and its sizes."""
    points = _points(draft)
    removable = _yes_no_named(draft)
    for option, stage, row in _decisions(draft):
        own = points.get((option, stage), points.get((option, EVERY), []))
        fixed, least = number(row, "fixed_cost", 0.0), number(row, "min_size", 0.0)
        # R6: the yes/no is dropped only if nothing needs it
        if own:
            _write_points(draft, option, stage, row, own)
        elif fixed or least or option in removable or EVERY in removable:
            _write_yes_no(draft, option, stage, row)
        else:
            most = 0.0 if row["forced"] == 0.0 else number(row, "max_size", math.inf)
            draft.program.column("size", (option, stage), draft.calendar.remaining_weight(stage) * number(row, "variable_cost", 0.0), most)


def _decisions(draft: Draft) -> list[tuple[str, str, Row]]:
    """R5, R2: one row per option and stage; ``*`` is the first stage, a stage's own row replaces it."""
    found: dict[Key, Row] = {}
    for row in sorted(records(draft.core, "options"), key=lambda row: row["period"] != EVERY):
        found[row["option"], draft.calendar.stages[0] if row["period"] == EVERY else row["period"]] = row
    return [(option, stage, row) for (option, stage), row in found.items()]


def _points(draft: Draft) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in records(draft.core, "option_points"):
        found.setdefault((row["option"], row["period"]), []).append(row)
    return found


def _yes_no_named(draft: Draft) -> set[str]:
    """R6: options whose yes/no an effect or a term needs; ``*`` (or a blank) names all."""
    named = {row["option"] for row in records(draft.core, "option_effects") if number(row, "per_open", 0.0)}
    terms = records(draft.core, "indicator_terms") + records(draft.core, "limit_terms")
    return named | {row["a"] or EVERY for row in terms if row["kind"] == "open"}


def _open(draft: Draft, option: str, stage: str, row: Row, cost: float) -> int:
    forced = number(row, "forced")
    lower, upper = (0.0, 1.0) if math.isnan(forced) else (forced, forced)
    return draft.program.column("open", (option, stage), cost, upper, lower=lower, integer=lower < upper)


def _write_yes_no(draft: Draft, option: str, stage: str, row: Row) -> None:
    """R6: min_size × open ≤ size ≤ max_size × open, as bounds of size where open is forced."""
    calendar, program, forced = draft.calendar, draft.program, number(row, "forced")
    charged, weight = calendar.remaining_weight(stage), calendar.stage_weight(stage)
    least, most = number(row, "min_size", 0.0), number(row, "max_size", math.inf)
    opened = _open(draft, option, stage, row, charged * number(row, "fixed_cost", 0.0))
    cost = charged * number(row, "variable_cost", 0.0)
    if not math.isnan(forced):
        program.column("size", (option, stage), cost, forced * most if forced else 0.0, lower=forced * least)
        return
    size = program.column("size", (option, stage), cost, most)
    if least > 0.0:
        program.row("size_floor", (option, stage), {size: 1.0, opened: -least}, 0.0, math.inf, weight)
    program.row("size_ceiling", (option, stage), {size: 1.0, opened: -most}, -math.inf, 0.0, weight)


def _write_points(draft: Draft, option: str, stage: str, row: Row, points: list[Row]) -> None:
    """R7: weights of the cost points sum to open; size and annual charge are their mixtures."""
    calendar, program = draft.calendar, draft.program
    charged, weight = calendar.remaining_weight(stage), calendar.stage_weight(stage)
    opened = _open(draft, option, stage, row, 0.0)
    whole = program.upper[opened]  # no weight and no size where open is forced to 0
    most = whole * max(point["size"] for point in points)
    choice, mixture = {opened: -1.0}, {program.column("size", (option, stage), 0.0, most): 1.0}
    for point in points:
        share = program.column("point", (option, stage, point["point"]), charged * point["cost"], whole)
        choice[share], mixture[share] = 1.0, -point["size"]
    program.row("point_choice", (option, stage), choice, 0.0, 0.0, weight)
    program.row("point_size", (option, stage), mixture, 0.0, 0.0, weight)


def write_capacity(draft: Draft) -> None:
    """§3 capacity, closures (R8) and running (R9) of every unit at every site."""
    existing: dict[Key, float] = {}
    for row in records(draft.core, "capacity"):  # R2: these rows add up, whatever their rank
        for period in draft.calendar.periods:
            key = (row["unit"], row["site"], period.name)
            existing[key] = existing.get(key, 0.0) + row["amount"] * draft.calendar.covers(row["period"], period)
    effects = _effects(draft)
    places = dict.fromkeys(key[:2] for key in (*existing, *effects, *draft.used))
    limited = {(row["unit"], row["site"]): row for row in records(draft.core, "units")}
    for unit, site in places:
        for period in draft.calendar.periods:
            change = effects.get((unit, site, period.stage), {})
            draft.living[unit, site, period.name] = Expression(dict(change), existing.get((unit, site, period.name), 0.0))
        _write_closures(draft, unit, site)
        rules = limited.get((unit, site), limited.get((unit, EVERY)))
        if rules is None:
            _write_free_capacity(draft, unit, site)
        else:
            _write_running(draft, unit, site, rules)


def _effects(draft: Draft) -> dict[Key, Terms]:
    """R5: what options decided so far add to a unit at a site, (unit, site, stage) → sum."""
    effects: dict[Key, Terms] = {}
    place = draft.program.place
    for row in records(draft.core, "option_effects"):
        ids = (row["option"],)
        for decided, size in place["size"].get(ids, {}).items():
            added = {size: number(row, "per_size", 0.0)}
            if decided in place["open"].get(ids, {}):
                added[place["open"][ids][decided]] = number(row, "per_open", 0.0)
            for stage in draft.calendar.since(decided):
                effects.setdefault((row["unit"], row["site"], stage), {}).update(added)
    return effects


def _write_closures(draft: Draft, unit: str, site: str) -> None:
    """R8: existing + Σ effects ≥ 0 in every stage, with a tolerance; only where an effect removes capacity."""
    for stage in draft.calendar.stages:
        living = [draft.living[unit, site, period.name] for period in draft.calendar.of_stage(stage)]
        if any(coefficient < 0.0 for coefficient in living[0].terms.values()):
            existing = min(expression.constant for expression in living)
            lower = -existing * (1.0 + CLOSURE_TOLERANCE)
            draft.program.row("closure", (unit, site, stage), living[0].terms, lower, math.inf, draft.calendar.stage_weight(stage))


def _write_free_capacity(draft: Draft, unit: str, site: str) -> None:
    """§3 capacity: Σ use × activity ≤ length × (existing + Σ effects); where nothing is used, R8 says it all."""
    for period in draft.calendar.periods:
        key = (unit, site, period.name)
        if key in draft.used:
            use = Expression(dict(draft.used[key])).add(draft.living[key], -period.length)
            draft.program.row("capacity", key, use.terms, -math.inf, -use.constant, period.weight)


def _write_running(draft: Draft, unit: str, site: str, rules: Row) -> None:
    """R9: running capacity, its minimum load, and restarts after a cut."""
    for period in draft.calendar.periods:
        draft.program.column("running", (unit, site, period.name))
        draft.program.column("restart", (unit, site, period.name), period.weight * number(rules, "restart_cost", 0.0))
    for period in draft.calendar.periods:
        _write_running_period(draft, (unit, site, period.name), period, rules)


def _write_running_period(draft: Draft, key: Key, period: Period, rules: Row) -> None:
    program, weight, use, living = draft.program, period.weight, draft.used.get(key, {}), draft.living[key]
    running, restart = (program.at(family, key[:2], period.name) for family in ("running", "restart"))
    alive = Expression({running: 1.0}).add(living, -1.0)
    program.row("running_capacity", key, alive.terms, -math.inf, -alive.constant, weight)
    program.row("running_use", key, {**use, running: -period.length}, -math.inf, 0.0, weight)
    load = number(rules, "min_load", 0.0)
    if load > 0.0:
        program.row("minimum_load", key, {**use, running: -load * period.length}, 0.0, math.inf, weight)
    initial, limit = number(rules, "initial"), number(rules, "restart_limit")
    rise = Expression({restart: 1.0}).add(Expression({running: 1.0}), -1.0)
    if period.first and not math.isnan(initial):
        rise.add(living, initial)
    else:
        rise.add(Expression({program.at("running", key[:2], period.previous): 1.0}))
    program.row("restart_rise", key, rise.terms, -rise.constant, math.inf, weight)
    if not math.isnan(limit):
        brought = Expression({restart: 1.0}).add(living, -limit * 12.0 * period.length)
        program.row("restart_limit", key, brought.terms, -math.inf, -brought.constant, weight)
