"""Results of a verified plan: values, prices per real unit, indicators and ties, as tables and as one xarray dataset."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from model import words
from model.audit import Check, Plan
from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.case.indicators import groups_of
from model.case.structure import TERM_FAMILIES
from model.compile import Floats, LinearProgram
from model.formulation import CARD
from model.optimum import Optimum
from model.solve import Solution, Status
from model.tables import summed

SCOPES = ("horizon", "stage", "branch", "period")
TIE_SHARE = 1e-4  # yearly sums that differ by less are the same plan
VALUE_NOISE = 1e-9  # smaller values are the solver's rounding and are written as 0
NOTHING = 1e-9  # share of the parts of a sum below which what is left of them is rounding, so that nothing can be divided by it


@dataclass(frozen=True)
class Results:
    """A verified plan.

    ``values[family]``: key, value, unit_price, cost (value × objective coefficient without indicator charges), charge,
    cost_class, grade, reduced_cost. ``duals[row family]``: key, value (per real unit of that year, R20), raw (as the
    solver states it) and, where the plan holds yes/no decisions, relaxed (raw, of the program without integrality); prices
    then hold given these decisions. ``bound``, ``gap``: what the solver claims of the optimum; ``integers``: yes/no
    decisions that were free; ``proved_bound``: what the independent check proves. ``indicators``: indicator, group, value,
    min, max. ``ties``: key columns flattened to text.
    """

    case: Case
    status: Status
    objective: float
    values: dict[str, pd.DataFrame]
    duals: dict[str, pd.DataFrame]
    indicators: pd.DataFrame
    ties: pd.DataFrame
    checks: tuple[Check, ...]
    bound: float
    gap: float
    integers: int
    proved_bound: float = -math.inf
    log: tuple[str, ...] = ()


def make_results(
    case: Case, program: LinearProgram, found: Optimum, ties: pd.DataFrame, log: tuple[str, ...] = ()
) -> Results:
    """Results of a solved plan, not yet checked."""
    solution = found.solution
    values = {family: _values(case, family, program, solution) for family in COLUMN_KEYS}
    duals = {family: _duals(case, family, program, found) for family in ROW_KEYS}
    indicators = indicator_values(case, values)
    proof = (found.bound, found.gap, int(program.integer.sum()))
    return Results(case, found.status, solution.objective, values, duals, indicators, ties, (), *proof, log=log)


def claimed(results: Results, allowed_gap: float) -> Plan:
    """What a plan says of itself, for the independent check; ``allowed_gap``: how far from the bound it may call itself optimal."""
    integers = results.integers > 0
    return Plan(
        values={family: table[[*COLUMN_KEYS[family], "value"]] for family, table in results.values.items()},
        duals={family: table[[*ROW_KEYS[family], "raw"]] for family, table in results.duals.items()},
        relaxed={family: table[[*ROW_KEYS[family], "relaxed"]].rename(columns={"relaxed": "raw"}) for family, table in results.duals.items()}
        if integers else None,
        objective=results.objective, bound=results.bound if integers else None, status=str(results.status),
        gap=results.gap if integers else None, allowed_gap=allowed_gap, indicators=results.indicators[["indicator", "group", "value"]],
    )


def _values(case: Case, family: str, program: LinearProgram, solution: Solution) -> pd.DataFrame:
    start = program.column_start[family]
    place = slice(start, start + len(case.columns[family]))
    return value_table(case, family, solution.values[place], solution.reduced_costs[place])


def value_table(case: Case, family: str, values: Floats, reduced_costs: Floats) -> pd.DataFrame:
    """The table of one family in ``Results.values``; values smaller than ``VALUE_NOISE`` are 0."""
    table = case.columns[family]
    value = np.where(np.abs(values) < VALUE_NOISE, 0.0, values)
    result = table[[*COLUMN_KEYS[family]]].copy()
    result["value"] = value
    result["unit_price"] = table["unit_price"].astype(float)
    result["cost"] = value * table["cost"].to_numpy(float)
    result["charge"] = value * table["charge"].to_numpy(float)
    result["cost_class"], result["grade"] = table["cost_class"], table["grade"]
    result["reduced_cost"] = reduced_costs
    return result


def _duals(case: Case, family: str, program: LinearProgram, found: Optimum) -> pd.DataFrame:
    table, start = case.rows[family], program.row_start[family]
    place = slice(start, start + len(table))
    raw = found.solution.duals[place]
    weight = table["weight"].to_numpy(float)
    result = table[[*ROW_KEYS[family]]].copy()
    # a stage or period of weight 0 has no real unit to divide by: its price is not defined
    result["value"] = np.divide(raw, weight, out=np.full(len(raw), np.nan), where=weight != 0)
    result["raw"] = raw
    if found.relaxed is not None:
        result["relaxed"] = found.relaxed[place]
    return result


def indicator_values(case: Case, values: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """indicator, group, value, min, max of every indicator in every group of its scope; NaN where a ratio divides by nothing.

    Bounds are those of the group: in a period the share of the year that it has (R14), for ratios as they stand (R15).
    """
    top = _sums(case, values, "term", "constant")
    bottom = _sums(case, values, "per_term", "per_constant").rename(columns={"value": "per_value"})
    parts = _sums(case, values, "per_term", "per_constant", sizes=True).rename(columns={"value": "per_parts"})
    bottom = bottom.merge(parts, on=["indicator", "group"])
    table = case.labels["indicators"][["indicator", "scope", "min", "max", "per"]].merge(_groups(case), on="scope")
    both = table.merge(top.merge(bottom, on=["indicator", "group"], how="outer"), on=["indicator", "group"], how="left")
    ratio = both["per"] != ""
    below = both["per_value"].fillna(0.0).to_numpy(float)
    above = both["value"].fillna(0.0).to_numpy(float)
    something = np.abs(below) > NOTHING * np.maximum(both["per_parts"].fillna(0.0).to_numpy(float), VALUE_NOISE)
    share = np.divide(above, below, out=np.full(len(both), np.nan), where=something)
    both["value"] = np.where(ratio, share, above)
    lengths = both["group"].map(case.calendar.periods.set_index("period")["length"]).astype(float)
    for side in ("min", "max"):
        both[side] = both[side] * np.where((both["scope"] == "period") & ~ratio, lengths, 1.0)
    return both[["indicator", "group", "value", "min", "max"]]


def denominators(case: Case, values: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """indicator, group, value: the sums that ratio indicators are divided by (R15)."""
    return _sums(case, values, "per_term", "per_constant")


def _groups(case: Case) -> pd.DataFrame:
    """scope, group: the groups of every scope, whether anything counts in them or not."""
    parts = [groups_of(scope, case.calendar)[["group"]].drop_duplicates().assign(scope=scope) for scope in SCOPES]
    return pd.concat(parts, ignore_index=True)


def _sums(case: Case, values: dict[str, pd.DataFrame], terms: str, constants: str, *, sizes: bool = False) -> pd.DataFrame:
    """indicator, group, value: the sums; with ``sizes`` those of the parts without their signs."""
    parts = [case.relations[constants].rename(columns={"amount": "value"})]
    for family in TERM_FAMILIES:
        key = list(COLUMN_KEYS[family])
        rows = case.relations[f"{terms}_{family}"].merge(values[family][[*key, "value"]], on=key)
        parts.append(rows.assign(value=rows["coefficient"] * rows["value"])[["indicator", "group", "value"]])
    filled = [part.assign(value=part["value"].abs()) if sizes else part for part in parts if len(part)] or parts[:1]
    return summed(pd.concat(filled, ignore_index=True), ["indicator", "group"], "value")


def tie_table(case: Case, program: LinearProgram, first: Floats, second: Floats) -> pd.DataFrame:
    """What differs between two plans of equal cost: family, index (the ids), stage, shown, other; the largest differences first.

    Only the sums of a year count, expected over its branches: when in the year a good moves is rarely a choice. ``stage``: that
    of the amounts of periods, else blank.
    """
    parts, periods = [], case.calendar.periods.set_index("period")
    for family, key in COLUMN_KEYS.items():
        start, table = program.column_start[family], case.columns[family]
        names = [name for name in key if name != "period"]
        place = slice(start, start + len(table))
        timed = "period" in key
        share = table["period"].map(periods["probability"]).to_numpy(float) if timed else 1.0
        sums = table[names].assign(shown=second[place] * share, other=first[place] * share, of=table["period"].map(periods["stage"]) if timed else "")
        sums = pd.DataFrame(sums.groupby([*names, "of"], as_index=False, sort=True)[["shown", "other"]].sum())
        sums["index"] = [", ".join(str(part) for part in row if part) for row in zip(*(sums[name] for name in names), strict=True)]
        parts.append(sums.assign(family=family).rename(columns={"stage": "decided", "of": "stage"})[["family", "index", "stage", "shown", "other"]])
    table = pd.concat(parts, ignore_index=True)
    change = (table["shown"] - table["other"]).abs()
    moved = change > TIE_SHARE * np.maximum(1.0, table[["shown", "other"]].abs().max(axis=1))
    return (
        table.assign(change=change)[moved]
        .sort_values(["change", "family", "index", "stage"], ascending=[False, True, True, True])
        .drop(columns="change")
        .reset_index(drop=True)
    )


def to_dataset(results: Results) -> xr.Dataset:
    """All values and prices as one xarray dataset: a dimension per family, its key as coordinates, units as attributes."""
    data: dict[str, tuple[str, Floats, dict[str, str]]] = {}
    coordinates: dict[str, tuple[str, list[str]]] = {}
    for family, key in COLUMN_KEYS.items():
        table, dimension = results.values[family], f"column_{family}"
        name, unit = (words.text(f"variables.{family}{part}", "en") for part in ("", "_unit"))
        data[family] = (dimension, table["value"].to_numpy(float), {"long_name": name, "units": unit})
        attributes = {"long_name": f"reduced cost: {name}", "units": "objective per unit"}
        data[f"{family}_reduced_cost"] = (dimension, table["reduced_cost"].to_numpy(float), attributes)
        coordinates |= {f"{family}_{part}": (dimension, [str(item) for item in table[part]]) for part in key}
    for family, key in ROW_KEYS.items():
        table, card, dimension = results.duals[family], CARD[family], f"row_{family}"
        given = ", given the yes/no decisions of the plan" if results.integers else ""
        attributes = {"long_name": card.dual_en + given, "units": f"objective per unit of {card.unit}"}
        data[f"{family}_dual"] = (dimension, table["value"].to_numpy(float), attributes)
        coordinates |= {f"{dimension}_{part}": (dimension, [str(item) for item in table[part]]) for part in key}
    facts = {"objective": results.objective, "status": str(results.status), "bound": results.bound, "gap": results.gap, "case": results.case.hash}
    return xr.Dataset(data, coords=coordinates, attrs=facts)
