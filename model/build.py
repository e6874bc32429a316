"""Case → Pyomo model: sparse sets, parameters and variables, then one constraint per card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.case.structure import INTEGER_FAMILIES, TERM_FAMILIES
from model.formulation import CARDS

Key = tuple[Any, ...]


def build(case: Case) -> pyo.ConcreteModel:
    """The linear program of ``case``: minimise cost. Columns and rows are named by family and index."""
    model = pyo.ConcreteModel()
    with PauseGC():
        _variables(model, case)
        _parameters(model, case)
        _balance_sets(model, case)
        _capacity_sets(model, case)
        _decision_sets(model, case)
        _demand_sets(model, case)
        _indicator_sets(model, case)
        for card in CARDS:
            rows = case.rows[card.name]
            index = pyo.Set(initialize=_keys(rows, ROW_KEYS[card.name]), dimen=len(ROW_KEYS[card.name]))
            model.add_component(f"{card.name}_index", index)
            for side in ("lower", "upper"):
                values = dict(zip(_keys(rows, ROW_KEYS[card.name]), rows[side], strict=True))
                model.add_component(f"{card.name}_{side}", pyo.Param(index, initialize=values, within=pyo.Any))
            model.add_component(card.name, pyo.Constraint(index, rule=card.rule))
        model.cost = pyo.Objective(expr=_cost(model, case), sense=pyo.minimize)
    return model


def _keys(table: pd.DataFrame, names: Sequence[str]) -> list[Key]:
    return list(zip(*(table[name] for name in names), strict=True))


def _adjacency(table: pd.DataFrame, by: Sequence[str], members: Sequence[str], index: list[Key]) -> dict[Key, list[Any]]:
    """For every key of ``index`` the members of its rows in order; a key without rows gets an empty list."""
    result: dict[Key, list[Any]] = {key: [] for key in index}
    values = _keys(table, members) if len(members) > 1 else list(table[members[0]])
    for key, member in zip(_keys(table, by), values, strict=True):
        if key in result:
            result[key].append(member)
    return result


def _set(model: Any, name: str, table: pd.DataFrame, by: Sequence[str], members: Sequence[str], index: list[Key]) -> None:
    model.add_component(name, pyo.Set(index, initialize=_adjacency(table, by, members, index), dimen=len(members)))


def _param(model: Any, name: str, table: pd.DataFrame, key: Sequence[str], value: str) -> None:
    keys = _keys(table, key) if len(key) > 1 else list(table[key[0]])
    model.add_component(name, pyo.Param(keys, initialize=dict(zip(keys, table[value], strict=True)), within=pyo.Any))


def _variables(model: Any, case: Case) -> None:
    for family, key in COLUMN_KEYS.items():
        table = case.columns[family]
        keys = _keys(table, key)
        index = pyo.Set(initialize=keys, dimen=len(key))
        model.add_component(f"{family}_index", index)
        bounds = dict(zip(keys, zip(table["lower"], table["upper"], strict=True), strict=True))

        def bound(_: Any, *place: Any, limits: dict[Key, tuple[float, float]] = bounds) -> tuple[float, float]:
            return limits[place]

        domain = pyo.Binary if family in INTEGER_FAMILIES else pyo.Reals
        model.add_component(family, pyo.Var(index, domain=domain, bounds=bound))


def _cost(model: Any, case: Case) -> Any:
    """Σ (cost + charge) × column: weights, probabilities and indicator prices are already inside the coefficients."""
    total = 0
    for family, key in COLUMN_KEYS.items():
        table = case.columns[family]
        coefficients = table["cost"] + table["charge"]
        column = model.component(family)
        total += sum(c * column[k] for k, c in zip(_keys(table, key), coefficients, strict=True) if c != 0)
    return total


def _parameters(model: Any, case: Case) -> None:
    related = case.relations
    _param(model, "quantity", related["recipe"], ("technology", "site", "commodity"), "quantity")
    _param(model, "use", related["use"], ("technology", "site", "unit"), "use")
    _param(model, "delivered_share", case.columns["flow"], COLUMN_KEYS["flow"], "delivered_share")
    _param(model, "retained", related["retained"], ("commodity", "site", "period"), "share")
    _param(model, "length", case.calendar.periods, ("period",), "length")
    effects = related["effect"].drop_duplicates(["option", "unit", "site"])
    for share in ("per_size", "per_open"):
        _param(model, share, effects, ("option", "unit", "site"), share)
    for name in ("min_load", "restart_share", "initial"):
        _param(model, name, related["running"], ("unit", "site", "period"), name)
    _param(model, "content", related["content"], ("basket", "commodity"), "content")


def _balance_sets(model: Any, case: Case) -> None:
    index = _keys(pd.concat([case.rows["balance"], case.rows["balance_exact"]]), ROW_KEYS["balance"])
    columns, place = case.columns, ("commodity", "site", "period")
    work = columns["activity"][["technology", "site", "period"]].merge(case.relations["recipe"], on=["technology", "site"])
    _set(model, "PROCESSES", work, place, ("technology",), index)
    _set(model, "ARRIVALS", columns["flow"], ("commodity", "to", "period"), ("from", "mode"), index)
    _set(model, "DEPARTURES", columns["flow"], ("commodity", "from", "period"), ("to", "mode"), index)
    _set(model, "TIERS", columns["supply"], place, ("tier",), index)
    _set(model, "SEGMENTS", columns["sale"], place, ("segment",), index)
    _set(model, "STOCK_NOW", columns["stock"], place, ("period",), index)
    _set(model, "STOCK_BEFORE", case.relations["retained"], place, ("previous",), index)


def _capacity_sets(model: Any, case: Case) -> None:
    used = case.columns["activity"][["technology", "site", "period"]].merge(case.relations["use"], on=["technology", "site"])
    running, place = case.relations["running"], ("unit", "site", "period")
    index = _keys(pd.concat([case.rows["capacity"], case.rows["running_capacity"]]), place)
    _set(model, "USERS", used, place, ("technology",), index)
    effect = case.relations["effect"]
    by_period = effect.merge(case.calendar.periods[["period", "stage"]], on="stage")
    stages = _keys(case.rows["closure"], ROW_KEYS["closure"])
    for share, name in (("per_size", "SIZES"), ("per_open", "OPENS")):
        chosen = by_period[by_period[share] != 0]
        _set(model, name, chosen, place, ("option", "decided"), index)
        _set(model, f"STAGE_{name}", effect[effect[share] != 0], ("unit", "site", "stage"), ("option", "decided"), stages)
    here = _keys(running, place)
    stated = running["first"] & running["initial"].notna()
    _set(model, "RUNNING_BEFORE", running[~stated], place, ("previous",), here)
    _set(model, "RUNNING_INITIAL", running[stated], place, ("period",), here)


def _decision_sets(model: Any, case: Case) -> None:
    """What size rows, cost points, charged lanes and single sources refer to."""
    opened, point, flow, source = (case.columns[family] for family in ("open", "point", "flow", "source"))
    for name in ("min_size", "max_size"):
        _param(model, name, opened, COLUMN_KEYS["open"], name)
    _param(model, "size_there", point, COLUMN_KEYS["point"], "size_there")
    _set(model, "POINTS", point, COLUMN_KEYS["open"], ("point",), _keys(case.rows["point_choice"], COLUMN_KEYS["open"]))
    charged = flow[flow["fixed_cost"] > 0]
    _param(model, "largest_flow", charged, COLUMN_KEYS["flow"], "largest")
    _set(model, "CHARGES", charged, COLUMN_KEYS["flow"], ("when",), _keys(case.rows["lane_charge"], COLUMN_KEYS["flow"]))
    _param(model, "single_amount", source, COLUMN_KEYS["source"], "amount")


def _demand_sets(model: Any, case: Case) -> None:
    served = _keys(case.rows["must_serve"], ROW_KEYS["must_serve"])
    _set(model, "SHORT_HERE", case.columns["short"], COLUMN_KEYS["short"], ("period",), served)
    sold = case.columns["sale"].merge(case.relations["content"], on="commodity")
    index = _keys(pd.concat([case.rows["basket_floor"], case.rows["basket_ceiling"]]), ROW_KEYS["basket_floor"])
    _set(model, "BASKET_SALES", sold, ("basket", "site", "period"), ("commodity", "segment"), index)


def _indicator_sets(model: Any, case: Case) -> None:
    """Terms of the bound rows per family; ``model.indicator_terms`` lists (variable, coefficient, members) for each side."""
    model.indicator_terms = {"floor": [], "ceiling": []}
    excess = case.columns["excess"]
    for side, limit in (("floor", "min"), ("ceiling", "max")):
        index = _keys(case.rows[f"indicator_{side}"], ("indicator", "group"))
        _set(model, f"{side.upper()}_EXCESS", excess[excess["side"] == limit], ("indicator", "group"), ("side",), index)
        for family in TERM_FAMILIES:
            terms = case.relations[f"{side}_{family}"]
            if terms.empty:
                continue
            name = f"{side}_{family}"
            _param(model, name, terms, ("indicator", "group", *COLUMN_KEYS[family]), "coefficient")
            _set(model, name.upper(), terms, ("indicator", "group"), COLUMN_KEYS[family], index)
            parts = (model.component(family), model.component(name), model.component(name.upper()))
            model.indicator_terms[side].append(parts)
