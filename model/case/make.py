"""Core tables → Case: spread over periods, relations, rows, indicators and the gate, in that order."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.case import gate
from model.case import relations as related
from model.case import rows as rowed
from model.case.calendar import Calendar, make_calendar, spread
from model.case.columns import DEFAULT_CLASS, core_table, period_columns, running_columns
from model.case.decisions import decision_rows, lane_columns, option_columns, option_stages
from model.case.indicators import IndicatorParts, indicator_parts
from model.case.structure import COLUMN_KEYS, ROW_KEYS, TERM_FAMILIES, Case
from model.case.terms import all_indicators, base_terms, check_names, note_terms
from model.problems import Problems
from model.tables import Tables, summed

SIDES = {"min": "indicator_floor", "max": "indicator_ceiling"}


def make_case(core: Tables, problems: Problems) -> Case:
    """The Case of checked core tables (``check_core`` has run).

    Raises ``Refusal``: exit 3 for numbers the solver may not see, exit 4 for a bound that
    no column can meet. Notes are left in ``problems``.
    """
    calendar = make_calendar(core.get("periods"))
    columns = period_columns(core, calendar)
    indicators, terms = all_indicators(core)
    check_names(core, problems)
    problems.stop_on_errors()
    options = option_stages(core, terms, calendar)
    columns |= option_columns(core, options, calendar) | lane_columns(columns["flow"], columns["sale"])
    relations = _relations(core, columns, options, calendar)
    columns |= running_columns(relations["running"], calendar)
    baskets = spread(core_table(core, "basket_demand"), ["basket", "site"], ["min", "max"], calendar)
    rows = rowed.capacity_rows(columns, relations, calendar) | rowed.demand_rows(columns, baskets)
    rows |= rowed.balance_rows(columns, relations, core_table(core, "commodities"), calendar)
    rows |= {"closure": rowed.closure_rows(relations, calendar)} | decision_rows(columns, calendar)
    base, matched = base_terms(terms, columns, relations["effect"], relations["existing"], calendar)
    note_terms(indicators, terms, matched, problems)
    parts = indicator_parts(indicators, base, calendar)
    gate.decide_empty_rows(parts, rows, columns, relations["content"])
    columns["excess"] = _excess_columns(parts)
    rows |= _bound_rows(parts)
    relations |= _indicator_relations(parts)
    _charge(columns, parts)
    gate.check_finite(columns, rows, relations, problems)
    problems.stop_on_errors()
    labels = {name: core_table(core, name) for name in ("commodities", "sites", "ledgers", "ledger_entries")} | {"indicators": indicators}
    case = Case(calendar, columns, rows, relations, labels, problems.notes)
    case.codes.learn((tables[family], keys[family]) for tables, keys in ((columns, COLUMN_KEYS), (rows, ROW_KEYS)) for family in keys)
    return case


def _relations(core: Tables, columns: dict[str, pd.DataFrame], options: pd.DataFrame, calendar: Calendar) -> dict[str, pd.DataFrame]:
    permitted = columns["activity"][["technology", "site"]].drop_duplicates()
    use = related.use(core, permitted)
    existing = related.existing(core, calendar)
    effect = related.effect(core, options, calendar)
    places = pd.concat([part[["unit", "site"]] for part in (use, existing, effect)]).drop_duplicates()
    return {
        "recipe": related.recipe(core, permitted), "use": use, "existing": existing, "effect": effect,
        "running": related.running(core, places, calendar), "retained": related.retained(core, calendar), "content": related.content(core),
    }


def _excess_columns(parts: IndicatorParts) -> pd.DataFrame:
    tables = []
    for side in SIDES:
        soft = parts.bounds[side][parts.bounds[side]["relax_price"].notna()]
        table = soft[["indicator", "group"]].assign(side=side, lower=0.0, upper=np.inf)
        table["unit_price"], table["weight"] = soft["relax_price"], soft["weight"]
        tables.append(table)
    excess = pd.concat(tables, ignore_index=True)
    excess["cost"] = excess["unit_price"].astype(float) * excess["weight"].astype(float)
    return excess.assign(cost_class=DEFAULT_CLASS["excess"], grade="")


def _bound_rows(parts: IndicatorParts) -> dict[str, pd.DataFrame]:
    floor, ceiling = parts.bounds["min"], parts.bounds["max"]
    key = ["indicator", "group"]
    return {
        "indicator_floor": floor[key].assign(lower=floor["rhs"], upper=np.inf, weight=floor["weight"]),
        "indicator_ceiling": ceiling[key].assign(lower=-np.inf, upper=ceiling["rhs"], weight=ceiling["weight"]),
    }


def _indicator_relations(parts: IndicatorParts) -> dict[str, pd.DataFrame]:
    """term_*, per_term_* (values), floor_*, ceiling_* (bound rows) and charge_* (money) by column family."""
    relations = {"constant": parts.constants, "per_constant": parts.per_constants}
    for family in TERM_FAMILIES:
        relations[f"term_{family}"] = parts.terms[family]
        relations[f"per_term_{family}"] = parts.per_terms[family]
        relations[f"floor_{family}"] = parts.bound_terms["min"][family]
        relations[f"ceiling_{family}"] = parts.bound_terms["max"][family]
        relations[f"charge_{family}"] = parts.charges[family]
    return relations


def _charge(columns: dict[str, pd.DataFrame], parts: IndicatorParts) -> None:
    """Add ``charge``, the money of priced indicators per unit of each column, beside its own cost."""
    for family in COLUMN_KEYS:
        if family not in TERM_FAMILIES or parts.charges[family].empty:
            columns[family] = columns[family].assign(charge=0.0)
            continue
        key = list(COLUMN_KEYS[family])
        total = summed(parts.charges[family], key, "amount").rename(columns={"amount": "charge"})
        columns[family] = columns[family].merge(total, on=key, how="left").fillna({"charge": 0.0})
