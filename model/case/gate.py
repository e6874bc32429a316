"""The gate before the build: nothing non-finite or absurd reaches the solver, and no row without columns does either."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from model.case.indicators import IndicatorParts
from model.case.structure import TERM_FAMILIES
from model.problems import ExitCode, Problems
from model.tables import FILE, ROW

LARGEST = 1e12  # magnitudes above this are refused: HiGHS has been seen to call such models optimal
SMALLEST = 1e-9  # HiGHS takes smaller coefficients for zero (small_matrix_value), which would change what a row says
CANCELLED = 1e-9  # share of the largest coefficient of a row below which another is what rounding left of a sum
STATED = ("quantity", "use", "delivered_share", "per_open", "per_size", "content")  # coefficients that people write down
COMPUTED = ("amount", "share", "coefficient", "min_load")
OPTIONAL = ("initial", "restart_share")  # a blank stands for "none" in the relations


def check_finite(columns: dict[str, pd.DataFrame], rows: dict[str, pd.DataFrame], relations: dict[str, pd.DataFrame], problems: Problems) -> None:
    """Report every cost, bound or coefficient that is not a number, not finite, beyond 1e12 or below 1e-9, and crossed bounds."""
    for family, table in columns.items():
        _check_numbers(family, table, ("lower", "cost", "charge"), problems)
        _check_bound(family, table, "upper", np.inf, problems)
        _report("bounds_crossed", family, table[table["lower"] > table["upper"]], "lower", problems)
    for family, table in rows.items():
        _check_bound(family, table, "lower", -np.inf, problems)
        _check_bound(family, table, "upper", np.inf, problems)
    for name, table in {**relations, "flow": columns["flow"]}.items():
        _check_numbers(name, table, [column for column in STATED + COMPUTED if column in table], problems)
        for column in (column for column in OPTIONAL if column in table):
            _report("number_unfit", name, table[table[column].abs() > LARGEST], column, problems)
        for column in (column for column in STATED if column in table):
            lost = (table[column] != 0) & (table[column].abs() <= SMALLEST)
            _report("number_too_small", name, table[lost], column, problems)
    for side in ("floor", "ceiling"):
        _check_lost_terms(side, relations, problems)


def _check_lost_terms(side: str, relations: dict[str, pd.DataFrame], problems: Problems) -> None:
    """Report what the solver would take for zero in a bound row, unless it is the rounding of larger terms that cancel."""
    terms = pd.concat([relations[f"{side}_{family}"] for family in TERM_FAMILIES], ignore_index=True)
    size = terms["coefficient"].abs()
    largest = size.groupby([terms["indicator"], terms["group"]]).transform("max")
    lost = terms[(size > 0) & (size <= SMALLEST) & (size > CANCELLED * largest)]
    _report("number_too_small", f"indicator_{side}", lost.fillna(""), "coefficient", problems)


def _check_numbers(name: str, table: pd.DataFrame, columns: Iterable[str], problems: Problems) -> None:
    for column in columns if len(table) else ():
        _report("number_unfit", name, table[~(table[column].abs() <= LARGEST)], column, problems)


def _check_bound(name: str, table: pd.DataFrame, side: str, absent: float, problems: Problems) -> None:
    """A bound is a number within the range or ``absent``, the infinity that means "no bound" on this side."""
    if table.empty:
        return
    _report("number_unfit", name, table[~((table[side].abs() <= LARGEST) | (table[side] == absent))], side, problems)


def _report(rule: str, name: str, bad: pd.DataFrame, column: str, problems: Problems) -> None:
    if bad.empty:
        return
    for row in bad.head(20).to_dict("records"):
        place = ", ".join(part for key, part in row.items() if isinstance(part, str) and part and key not in ("cost_class", "grade"))
        problems.add(rule, column=column, value=row[column], family=name, place=place)


def decide_empty_rows(parts: IndicatorParts, rows: dict[str, pd.DataFrame], columns: dict[str, pd.DataFrame], contents: pd.DataFrame) -> None:
    """Drop satisfied rows without any column; raise ``Refusal`` (exit 4) naming every violated one."""
    problems = Problems()
    for side in ("min", "max"):
        bounds = parts.bounds[side]
        named = pd.concat([parts.bound_terms[side][family][["indicator", "group"]] for family in TERM_FAMILIES]).drop_duplicates()
        held = bounds.merge(named, on=["indicator", "group"], how="left", indicator=True)
        empty = (held["_merge"] == "left_only") & held["relax_price"].isna()
        violated = empty & (held["rhs"] > 1e-9 if side == "min" else held["rhs"] < -1e-9)
        for row in held[violated].to_dict("records"):
            problems.add(
                "indicator_unreachable", file=row[FILE], row=row[ROW], column=side, value=row["indicator"], group=row["group"], bound=row["bound"]
            )
        parts.bounds[side] = bounds[~empty.to_numpy()].reset_index(drop=True)
    sold = columns["sale"][["commodity", "site", "period"]].merge(contents, on="commodity")[["basket", "site", "period"]].drop_duplicates()
    for name in ("basket_floor", "basket_ceiling"):
        held = rows[name].merge(sold, on=["basket", "site", "period"], how="left", indicator=True)
        empty = held["_merge"] == "left_only"
        for row in held[empty & (held["lower"] > 0)].to_dict("records"):
            problems.add("basket_unreachable", value=row["basket"], site=row["site"], period=row["period"], bound=row["lower"])
        rows[name] = rows[name][~empty.to_numpy()].reset_index(drop=True)
    brought = columns["source"].rename(columns={"to": "site"})[["commodity", "site", "period"]].drop_duplicates()
    single = rows["single_source"].merge(brought, on=["commodity", "site", "period"], how="left", indicator=True)
    for row in single[single["_merge"] == "left_only"].to_dict("records"):
        problems.add("single_source_unreachable", value=row["commodity"], site=row["site"], period=row["period"])
    problems.stop_on_errors(ExitCode.INFEASIBLE)
