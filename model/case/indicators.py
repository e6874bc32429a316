"""Indicators: values, bounds, relaxation and price charges over the horizon, stages, branches or periods (R13–R15)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.case.calendar import Calendar
from model.case.structure import COLUMN_KEYS, TERM_FAMILIES
from model.case.terms import DECIDED, Base
from model.tables import FILE, ROW, blank, summed

HORIZON = "horizon"
ROUNDING = 1e-12  # share of the existing capacity in a bound that the sum over periods may be off by


@dataclass(frozen=True)
class IndicatorParts:
    """What indicators add to the Case: values, ratio denominators, bound rows with their terms, and price charges."""

    terms: dict[str, pd.DataFrame]  # family → indicator, group, key, coefficient
    constants: pd.DataFrame  # indicator, group, amount
    per_terms: dict[str, pd.DataFrame]  # the denominators of ratio indicators, same shape
    per_constants: pd.DataFrame
    bounds: dict[str, pd.DataFrame]  # side → indicator, group, bound, rhs, weight, relax_price, per, origin
    bound_terms: dict[str, dict[str, pd.DataFrame]]  # side → family → indicator, group, key, coefficient
    charges: dict[str, pd.DataFrame]  # family → indicator, key, amount


def groups_of(scope: str, calendar: Calendar) -> pd.DataFrame:
    """period, group, share (probability where rows are averages over branches) for one scope (R14)."""
    table = calendar.periods[["period", "stage", "branch", "length", "probability", "price_weight"]].copy()
    if scope == "horizon":
        table["group"] = HORIZON
    elif scope == "stage":
        table["group"] = table["stage"]
    elif scope == "branch":
        table["group"] = _escaped(table["stage"]) + "/" + _escaped(table["branch"])
    else:
        table["group"] = table["period"]
    averaged = scope in ("horizon", "stage")
    table["share"] = table["probability"] if averaged else 1.0
    return table


def _escaped(ids: pd.Series) -> pd.Series:
    """Ids in which a slash cannot be taken for the one between stage and branch: a/b and c is another branch than a and b/c."""
    return ids.str.replace("\\", "\\\\", regex=False).str.replace("/", "\\/", regex=False)


def _grouped(base: Base, owners: pd.DataFrame, calendar: Calendar) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Terms and constants of ``owners`` (owner, indicator, scope): the sum of ``indicator`` over the scope of ``owner``."""
    terms: dict[str, list[pd.DataFrame]] = {family: [] for family in TERM_FAMILIES}
    constants: list[pd.DataFrame] = []
    for scope, chosen in owners.groupby("scope", sort=True):
        groups = groups_of(str(scope), calendar)
        for family, rows in base.items():
            if rows.empty:
                continue
            mine = rows.merge(chosen[["owner", "indicator"]], on="indicator").drop(columns="indicator").rename(columns={"owner": "indicator"})
            in_periods = mine[mine["period"] != ""].merge(groups[["period", "group", "share"]], on="period")
            in_periods["coefficient"] = in_periods["coefficient"] * in_periods["share"]
            if family == "constant":
                constants.append(in_periods[["indicator", "group", "coefficient"]])
                continue
            key = list(COLUMN_KEYS[family])
            terms[family].append(in_periods[["indicator", "group", *key, "coefficient"]])
            decided = mine[mine["period"] == ""]
            if len(decided):
                places = groups[["stage", "period", "group"]].rename(columns={"period": "member"})
                here = decided.merge(places, on="stage")
                here = here[(here["named"] == "") | (here["named"] == here["member"])]
                here = here.drop_duplicates(["indicator", "group", *key, "named"])
                terms[family].append(here[["indicator", "group", *key, "coefficient"]])
    summed = {family: _sum(parts, ["indicator", "group", *COLUMN_KEYS[family]]) for family, parts in terms.items()}
    return summed, _sum(constants, ["indicator", "group"]).rename(columns={"coefficient": "amount"})


def _sum(parts: list[pd.DataFrame], key: list[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    if not filled:
        return blank(key, ["coefficient"])
    return summed(pd.concat(filled, ignore_index=True), key, "coefficient")


def indicator_parts(indicators: pd.DataFrame, base: Base, calendar: Calendar) -> IndicatorParts:
    """Everything the indicators add to the Case; ``indicators`` includes the limits."""
    owners = indicators[["indicator", "scope"]].assign(owner=indicators["indicator"])
    terms, constants = _grouped(base, owners, calendar)
    ratios = indicators[indicators["per"] != ""]
    per_owners = pd.DataFrame({"owner": ratios["indicator"], "indicator": ratios["per"], "scope": ratios["scope"]})
    per_terms, per_constants = _grouped(base, per_owners, calendar)
    bounds = {side: _bound_rows(indicators, side, constants, per_constants, calendar) for side in ("min", "max")}
    bound_terms = {
        side: {family: _bound_terms(bounds[side], terms[family], per_terms[family], family) for family in TERM_FAMILIES} for side in bounds
    }
    return IndicatorParts(terms, constants, per_terms, per_constants, bounds, bound_terms, _charges(indicators, base, calendar))


def _bound_rows(indicators: pd.DataFrame, side: str, constants: pd.DataFrame, per_constants: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """One row per bounded indicator and group: rhs after constants, dual weight, price of one unit of violation."""
    parts = []
    for scope, chosen in indicators[indicators[side].notna()].groupby("scope", sort=True):
        groups = groups_of(str(scope), calendar)
        groups["years"] = groups["price_weight"] * groups["length"]
        table = groups.groupby("group", as_index=False, sort=False).agg({"years": "sum", "length": "sum", "price_weight": "sum"})
        table["weight"] = {"horizon": table["years"] * 0.0 + 1.0, "period": table["price_weight"]}.get(str(scope), table["years"])
        table["bound_share"] = table["length"] if scope == "period" else 1.0
        parts.append(chosen[["indicator", side, "per", "relax_price", FILE, ROW]].merge(table[["group", "weight", "bound_share"]], how="cross"))
    if not parts:
        return blank(["indicator", "group", "per", FILE], ["bound", "rhs", "weight", "relax_price", ROW])
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.merge(constants, on=["indicator", "group"], how="left").merge(
        per_constants.rename(columns={"amount": "per_amount"}), on=["indicator", "group"], how="left"
    )
    ratio = rows["per"] != ""
    rows["bound"] = rows[side]
    stated = (rows["bound"] * rows["bound_share"]).where(~ratio, rows["bound"] * rows["per_amount"].fillna(0.0))
    constant = rows["amount"].fillna(0.0)
    rows["rhs"] = (stated - constant).where((stated - constant).abs() > ROUNDING * constant.abs(), 0.0)
    return rows[["indicator", "group", "bound", "rhs", "weight", "relax_price", "per", FILE, ROW]]


def _bound_terms(rows: pd.DataFrame, terms: pd.DataFrame, per_terms: pd.DataFrame, family: str) -> pd.DataFrame:
    """Coefficients of the bound rows: sum − bound × other for ratios, the plain sum otherwise (R15)."""
    key = ["indicator", "group", *COLUMN_KEYS[family]]
    if rows.empty or (terms.empty and per_terms.empty):
        return blank(key, ["coefficient"])
    plain = terms.merge(rows[["indicator", "group"]], on=["indicator", "group"])
    other = per_terms.merge(rows[["indicator", "group", "bound"]], on=["indicator", "group"])
    other["coefficient"] = -other["bound"] * other["coefficient"]
    both = _sum([plain[[*key, "coefficient"]], other[[*key, "coefficient"]]], key)
    return both[both["coefficient"] != 0].reset_index(drop=True)


def _charges(indicators: pd.DataFrame, base: Base, calendar: Calendar) -> dict[str, pd.DataFrame]:
    """Money in the objective of priced indicators: price × coefficient × the column's own weight (R13, R14)."""
    priced = indicators.loc[indicators["price"] != 0, ["indicator", "price"]]
    weights = calendar.periods.set_index("period")["price_weight"]
    result: dict[str, pd.DataFrame] = {}
    for family in TERM_FAMILIES:
        key = COLUMN_KEYS[family]
        if priced.empty or base[family].empty:
            result[family] = blank(["indicator", *key], ["amount"])
            continue
        rows = base[family].merge(priced, on="indicator")
        weight = rows["period"].map(weights).astype(float)
        if family in DECIDED:
            weight = weight.fillna(rows["stage"].map(calendar.remaining_weight))
        rows["coefficient"] = rows["coefficient"] * rows["price"] * weight
        result[family] = _sum([rows[["indicator", *key, "coefficient"]]], ["indicator", *key]).rename(columns={"coefficient": "amount"})
    return result
