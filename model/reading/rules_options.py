"""Rules of investment options (R5–R7): which need a yes/no, what forced and cost points ask for."""

from __future__ import annotations

import pandas as pd

from model.problems import Problems
from model.reading.rules_bounds import is_neither, report
from model.reading.rules_periods import with_stages
from model.tables import Tables


def needs_yes_no(tables: Tables) -> pd.Series:
    """For each row of ``options``: whether it keeps its yes/no (R6).

    It is dropped only if fixed_cost, min_size and every per_open are 0, there are no points and no indicator or limit
    term names its ``open``; a term on ``*`` names all options.
    """
    options = tables["options"]
    named = set()
    if "option_effects" in tables:
        effects = tables["option_effects"]
        named |= set(effects["option"][effects["per_open"].fillna(0.0) != 0.0])
    for name in ("indicator_terms", "limit_terms"):
        if name in tables:
            terms = tables[name]
            named |= set(terms["a"][terms["kind"] == "open"])
    own = (options["fixed_cost"].fillna(0.0) != 0.0) | (options["min_size"].fillna(0.0) != 0.0)
    return own | options["option"].isin(named) | ("*" in named) | has_points(tables)


def has_points(tables: Tables) -> pd.Series:
    """For each row of ``options``: whether cost points stand for its stage, its own or those of all stages (R7)."""
    options = tables["options"]
    if "option_points" not in tables:
        return pd.Series(False, index=options.index)
    points = tables["option_points"]
    everywhere = set(points["option"][points["period"] == "*"])
    stage_rows = set(zip(points["option"], points["period"], strict=True))
    first = _first_stage(tables)
    pairs = zip(options["option"], options["period"], strict=True)
    marks = [o in everywhere or (o, p) in stage_rows or (p == "*" and (o, first) in stage_rows) for o, p in pairs]
    return pd.Series(marks, index=options.index, dtype=bool)


def check_options(tables: Tables, problems: Problems) -> None:
    """``forced`` is 0, 1 or blank, 1 only with a yes/no; a yes/no needs max_size unless points bound it."""
    if "options" not in tables:
        return
    options = tables["options"]
    yes_no = needs_yes_no(tables)
    report(problems, "not_yes_or_no", tables, "options", is_neither(options["forced"]), "forced")
    forced = (options["forced"] == 1.0) & ~yes_no
    report(problems, "forced_without_yes_no", tables, "options", forced, "forced", value=options["option"])
    unbounded = yes_no & ~has_points(tables) & options["max_size"].isna()
    report(problems, "yes_no_without_bound", tables, "options", unbounded, "max_size", value=options["option"])


def check_points(tables: Tables, problems: Problems) -> None:
    """An option with cost points states its costs and sizes there only (R7)."""
    if "options" not in tables or "option_points" not in tables:
        return
    options, pointed = tables["options"], has_points(tables)
    for column in ("fixed_cost", "variable_cost", "min_size", "max_size"):
        stated = options[column].notna() & ((options[column] != 0.0) | (column == "max_size"))
        report(problems, "points_and_costs", tables, "options", stated & pointed, column)
    points, first = tables["option_points"], _first_stage(tables)
    decided = {(option, first if period == "*" else period) for option, period in zip(options["option"], options["period"], strict=True)}
    pairs = zip(points["option"], points["period"], strict=True)
    unused = pd.Series([period != "*" and (option, period) not in decided for option, period in pairs], index=points.index, dtype=bool)
    report(problems, "points_without_decision", tables, "option_points", unused, "period", option=points["option"])


def _first_stage(tables: Tables) -> str:
    periods = with_stages(tables)
    if periods is None or not len(periods):
        return "all"
    ordered = periods.sort_values("order", kind="stable") if periods["order"].notna().all() else periods
    return str(ordered["stage"].iloc[0])


def check_option_stages(tables: Tables, problems: Problems) -> None:
    """Options are decided in a stage, not in a period (R5)."""
    periods = with_stages(tables)
    if periods is None:
        return
    only_periods = set(periods["period"]) - set(periods["stage"])
    stages = ", ".join(dict.fromkeys(periods["stage"]))
    for name in ("options", "option_points"):
        if name in tables:
            table = tables[name]
            mask = table["period"].isin(only_periods)
            report(problems, "option_in_period", tables, name, mask, "period", stages=pd.Series(stages, index=table.index))
