"""Headline sentences about the edges of the plan: metal from outside, projects left out, limits, shortage, fragile choices."""

from __future__ import annotations

import pandas as pd

from maps.escape import unit_words
from maps.sayings import Pair, figure, itemised, listed, plain, said, tonnes
from maps.years import shown_stage
from model.case.columns import core_table
from model.pipeline import Run

ONLY = ("", "")  # no planning year among several
PRESENT = 0.5  # unserved amounts below this are rounding
PRICED = 1e-6  # million yuan per unit; bounds with a smaller price do not bind
LARGE = 0.02  # share of the metal made from which on metal bought outside is spoken of
METAL_STAGES = ("smelting", "casting", "recycling", "processing")
TAKEN = ("built", "partly")
DIVIDED = "quota_of_"  # bookkeeping of a potline whose quota serves several pools
LARGEST = 3  # of what is built, named with their sizes
NEAREST = 2  # projects named as the nearest to entering


def imports(run: Run, made: float) -> list[Pair]:
    """Metal that the plan buys at gateways although it could be made; ``made``: kt of primary and recycled metal."""
    technologies, sites = run.prepared.tables.get("technologies"), run.prepared.core.get("sites")
    if technologies is None or sites is None:
        return []
    recipes, goods = core_table(run.prepared.core, "recipes"), core_table(run.prepared.core, "commodities")
    makers = set(technologies.loc[technologies["stage"].isin(METAL_STAGES), "technology"])
    metal = set(recipes.loc[recipes["technology"].isin(makers) & (recipes["quantity"] > 0), "commodity"])
    metal -= set(goods.loc[goods["balance"] == "exact", "commodity"])
    supply = run.results.values["supply"]
    gateways = set(sites.loc[sites["kind"] == "gateway", "site"])
    bought = _expected(run, supply[supply["commodity"].isin(metal) & supply["site"].isin(gateways)])
    total = float(bought["amount"].sum())
    if total <= LARGE * made:
        return []
    named = bought[bought["amount"] > PRESENT].merge(goods, on="commodity").sort_values(["amount", "commodity"], ascending=[False, True])
    amounts = [(row, tonnes(row["amount"])) for row in named.to_dict("records")]
    parts = [(f"{row['name_zh']} {amount[0]}", f"{row['name_en']} {amount[1]}") for row, amount in amounts]
    return [said("headline_imports", total=tonnes(total), listed=listed(parts), made=tonnes(made))]


def _expected(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    """commodity, amount of the year in the planning year shown, expected over its branches."""
    periods = run.results.case.calendar.periods
    share = periods[periods["stage"] == shown_stage(run)].set_index("period")["probability"]
    amounts = table.assign(amount=table["value"] * table["period"].map(share).astype(float).fillna(0.0))
    return amounts.groupby("commodity", as_index=False)[["amount"]].sum()


def largest(built: pd.DataFrame) -> Pair:
    """The largest of what is built, with the sizes they are built at."""
    rows = built.sort_values(["size", "option"], ascending=[False, True]).head(LARGEST).to_dict("records")
    sizes = [tonnes(float(row["size"])) for row in rows]
    return itemised([(f"{row['name_zh']} {size[0]}", f"{row['name_en']} {size[1]}") for row, size in zip(rows, sizes, strict=True)])


def projects(plan: pd.DataFrame, first: Pair = ONLY) -> list[Pair]:
    """How many of the named projects that may be built are taken, and which others are nearest to it.

    ``first``: the planning year in which each was priced, blank where there is only one.
    """
    if plan.empty or not (plan["group"] == "project").any():
        return []
    able = plan[(plan["group"] == "project") & plan["status"].isin((*TAKEN, "not_built"))]
    if able.empty:
        return []
    taken = able[able["status"].isin(TAKEN)]
    left = able[(able["status"] == "not_built") & able["misses"].notna()].sort_values(["misses", "option"]).head(NEAREST)
    which = said("project_names", listed=largest(taken)) if len(taken) else plain("")
    count = {"count": plain(str(len(able))), "taken": plain(str(len(taken))), "which": which}
    if left.empty:
        return [said("headline_projects_taken", **count)]
    key = "project_misses_in" if any(first) else "project_misses"
    nearest = [
        said(key, name=(str(row["name_zh"]), str(row["name_en"])), value=plain(f"{row['misses']:,.0f}"), year=first)
        for row in left.to_dict("records")
    ]
    return [said("headline_projects", nearest=listed(nearest), **count)]


def binding(run: Run) -> list[Pair]:
    """The indicators whose floor or ceiling the plan touches at a price."""
    parts = [run.results.duals[family] for family in ("indicator_floor", "indicator_ceiling")]
    table = pd.concat([part[part["value"].abs() > PRICED] for part in parts])
    names = run.results.case.labels["indicators"].set_index("indicator")
    ids = sorted(key for key in set(table["indicator"]) if not key.startswith(DIVIDED))
    if not ids:
        return []
    told = dict.fromkeys((str(names.loc[key, "name_zh"]) or key, str(names.loc[key, "name_en"]) or key) for key in ids)  # one name, one year each
    return [said("headline_binding", listed=listed(list(told)))]


def shortage(run: Run, shedding: pd.DataFrame) -> list[Pair]:
    """What missing supply costs, the objective without it, and with only the part that the industry causes (decision D24).

    The price of shedding would otherwise hide everything else. ``shedding``: table of ``explore.shedding.netted``.
    """
    short = run.results.values["short"]
    cost = float(short["cost"].sum())
    if cost <= 0:
        return []
    parts = [_amount(run, str(good), value) for good, value in _shortages(run).items() if value > PRESENT]
    several = len(run.results.case.calendar.stages) > 1
    key = "headline_shortage_years" if several else "headline_shortage"
    found = [said(key, listed=listed(parts), cost=_millions(cost), rest=_millions(run.results.objective - cost))]
    anyway = shedding.dropna()
    if len(anyway):
        parts = [_amount(run, str(row["commodity"]), row["anyway_amount"]) for row in anyway.to_dict("records")]
        unavoidable = float(anyway["anyway_cost"].sum())
        found.append(said(
            "headline_shedding", listed=listed(parts), anyway=_millions(unavoidable), caused=_millions(float(anyway["cost"].sum()) - unavoidable),
            net=_millions(run.results.objective - unavoidable),
        ))
    return found


def _shortages(run: Run) -> pd.Series:
    short = run.results.values["short"]
    probability = run.results.case.calendar.periods.set_index("period")["probability"]
    return (short["value"] * short["period"].map(probability).astype(float)).groupby(short["commodity"]).sum()


def _amount(run: Run, good: str, value: float) -> Pair:
    table = core_table(run.prepared.core, "commodities").set_index("commodity")
    row = table.loc[good] if good in table.index else {"name_zh": good, "name_en": good, "unit": ""}
    return f"{row['name_zh']} {value:,.0f} {row['unit']}".rstrip(), f"{row['name_en']} {value:,.0f} {row['unit']}".rstrip()


def _millions(value: float) -> Pair:
    return plain(f"{value:,.0f}")


def fragile(points: pd.DataFrame) -> list[Pair]:
    """The choice whose switch point lies nearest to the central value, in units of the input's own range."""
    table = points[points["flips_at"].notna() & (points["high"] > points["low"])] if len(points) else points
    if table.empty:
        return []
    row = table.iloc[0].to_dict()  # the fragile come first
    stands = (row["holds"] == "below") == (row["central"] < row["flips_at"])
    facts = {
        "side": said(f"side_{row['holds']}"),
        "central": plain(figure(row["central"])),
        "flips": plain(figure(row["flips_at"])),
        "unit": unit_words(str(row["unit"])),
        "now": said("now_stands" if stands else "now_fails"),
    }
    return [said("headline_fragile", what=(str(row["what_zh"]), str(row["what_en"])), input=(str(row["input_zh"]), str(row["input_en"])), **facts)]
