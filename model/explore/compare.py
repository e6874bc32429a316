"""Several verified plans beside the first of them: where their money, their amounts and their indicators differ.

Every split of the objective adds up: its parts and what rounding leaves over (row ``residual``) are the objective of the
plan, their changes the change of the objective.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from model import accounting, gains
from model.expand.rows import records
from model.explore import amounts, inputs
from model.explore.booking import booked
from model.explore.comparison_names import Names
from model.explore.reloading import Candidate
from model.explore.row_names import RowNames
from model.pipeline import Planned
from model.problems import ExitCode, refuse

FEWEST, MOST = 2, 6  # plans side by side
RESIDUAL = "residual"
DIMENSIONS = ("cost_class", "stage", "good", "site", "city", "region")
SAME = 1e-6  # share of the larger amount; what differs by less is the same
OPENS, GROWS, SHRINKS, CLOSES, STAYS = "opens", "grows", "shrinks", "closes", "stays"
TONNES = "tonnes"
NUMBERS = ("reference", "value", "change")
SPLIT = ("plan", "dimension", "id", "name_zh", "name_en", *NUMBERS)
WINS = ("plan", "level", "id", "name_zh", "name_en", "measure", "measure_zh", "measure_en", "unit", *NUMBERS)
CHANGES = ("plan", "what", "id", "site", "stage", "name_zh", "name_en", "site_zh", "site_en", "verdict", *NUMBERS)
GOODS = ("plan", "commodity", "kind", "stage", "name_zh", "name_en", "unit", *NUMBERS)
INDICATORS = ("plan", "indicator", "group", "name_zh", "name_en", "unit", *NUMBERS)


@dataclass(frozen=True)
class Comparison:
    """Plans beside the first: ``inputs`` plan by plan, and tables in long form (one row per plan and id).

    ``splits``: dimension (cost class, stage of the chain, good, site, city, region), id, cost of the first plan, of this plan,
    change; sites bear what they earn less (the margin of model/gains.py, sign turned). ``wins``: what every site, city and
    region earns, makes, uses and emits, weighted over the years like the objective. ``changes``: capacity and output of a
    year, what opens, grows, shrinks, closes. ``goods``: made, bought, sold, missing in a year. ``indicators``: in every
    group of their scope.
    """

    candidates: tuple[Candidate, ...]
    names: tuple[str, ...]
    inputs: dict[str, list[inputs.Difference]]
    splits: pd.DataFrame
    wins: pd.DataFrame
    changes: pd.DataFrame
    goods: pd.DataFrame
    indicators: pd.DataFrame

    @property
    def first(self) -> Candidate:
        """The plan that the others are compared with."""
        return self.candidates[0]

    def objective(self, name: str) -> float:
        """The objective of the plan called ``name``."""
        return self.candidates[self.names.index(name)].plan.results.objective

    def row_names(self, name: str) -> RowNames:
        """How rows of the inputs of a plan are called; rows only the first plan has by its own tables."""
        other = self.candidates[self.names.index(name)].plan.prepared.tables
        return RowNames(other, self.first.plan.prepared.tables)

    def input_table(self) -> pd.DataFrame:
        """Every difference of the inputs, plan by plan (columns ``inputs.COLUMNS``)."""
        parts = [inputs.frame(name, found, self.row_names(name)) for name, found in self.inputs.items()]
        return pd.concat(parts, ignore_index=True)

    def objectives(self) -> pd.DataFrame:
        """plan, unit, status, years, reference, value, change of the objective."""
        first = self.first.plan.results.objective
        rows = [
            {
                "plan": name, "unit": one.unit, "status": str(one.plan.results.status), "years": years(one.plan), "reference": first,
                "value": one.plan.results.objective, "change": one.plan.results.objective - first,
            }
            for name, one in zip(self.names, self.candidates, strict=True)
        ]
        return pd.DataFrame(rows)


def check_count(plans: Sequence[object]) -> None:
    """Raises ``Refusal`` (exit 2) unless two to six plans are named."""
    if not FEWEST <= len(plans) <= MOST:
        raise refuse(ExitCode.USAGE, "compare_count", value=len(plans), fewest=FEWEST, most=MOST)


def years(plan: Planned) -> float:
    """Years that the objective counts, discounted: the sum of the stage weights."""
    return sum(plan.results.case.calendar.stage_weight.values())


def compare(candidates: Sequence[Candidate]) -> Comparison:
    """Each of ``candidates`` (two to six) beside the first; plans of one name are numbered."""
    names = _distinct([one.name for one in candidates])
    plans = dict(zip(names, (one.plan for one in candidates), strict=True))
    known = Names([one.plan for one in candidates])
    first = candidates[0].plan
    found = {name: inputs.differences(first, plan) for name, plan in list(plans.items())[1:]}
    changes = _against(plans, _capacity_and_output, ["what", "id", "site", "stage"])
    changes = changes.assign(verdict=[_verdict(*pair) for pair in zip(changes["reference"], changes["value"], strict=True)])
    indicators = _against(plans, lambda plan: plan.results.indicators, ["indicator", "group"], missing=False)
    return Comparison(
        tuple(candidates), names, found,
        splits=known.of_splits(_against(plans, _split, ["dimension", "id"]))[list(SPLIT)],
        wins=known.of_wins(_against(plans, _earned, ["level", "id", "measure", "unit"]))[list(WINS)],
        changes=known.of_changes(changes)[list(CHANGES)],
        goods=known.of_goods(_against(plans, amounts.goods, ["commodity", "kind", "stage"]))[list(GOODS)],
        indicators=known.of_indicators(indicators)[list(INDICATORS)],
    )


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    result: list[str] = []
    for name in names:
        count, said = 1, name
        while said in result:
            count += 1
            said = f"{name} ({count})"
        result.append(said)
    return tuple(result)


def _against(plans: dict[str, Planned], made: Callable[[Planned], pd.DataFrame], key: list[str], *, missing: bool = True) -> pd.DataFrame:
    """plan, ``key``, reference, value, change of every plan but the first; what a plan does not have is 0 (or no number)."""
    (_, first), *others = plans.items()
    before = made(first)[[*key, "value"]].rename(columns={"value": "reference"})
    parts = []
    for name, plan in others:
        both = before.merge(made(plan)[[*key, "value"]], on=key, how="outer")
        both = both.fillna({"reference": 0.0, "value": 0.0}) if missing else both
        parts.append(both.assign(plan=name, change=both["value"] - both["reference"]))
    return pd.concat(parts, ignore_index=True)


def _split(plan: Planned) -> pd.DataFrame:
    """dimension, id, value: the objective by every dimension, with what rounding leaves over."""
    money, objective = booked(plan), plan.results.objective
    earned = gains.split(plan.results, plan.prepared.core)
    sites = pd.DataFrame({"site": earned["site"], "region": earned["region"], "money": -earned[gains.MARGIN]})
    sites["city"] = _cities(plan, sites["site"])
    classes = accounting.cost_by_class(plan.results).rename(columns={"value": "money"})
    parts = []
    for dimension in DIMENSIONS:
        table = classes if dimension == "cost_class" else sites if dimension in sites else money
        sums = table.groupby(dimension)["money"].sum()
        part = pd.DataFrame({"id": [str(name) for name in sums.index], "value": sums.to_numpy(float)})
        rest = pd.DataFrame({"id": [RESIDUAL], "value": [objective - float(part["value"].sum())]})
        parts.append(pd.concat([part, rest], ignore_index=True).assign(dimension=dimension))
    return pd.concat(parts, ignore_index=True)


def _cities(plan: Planned, sites: Iterable[str]) -> list[str]:
    """The city of each site, blank where none is stated."""
    cities = {row["site"]: row["city"] for row in records(plan.prepared.core, "sites")}
    return [str(cities.get(site, "")) for site in sites]


def _earned(plan: Planned) -> pd.DataFrame:
    """level (site, city, region), id, measure, unit, value: margin, rights, the columns of the split of gains, and tonnes."""
    columns = plan.prepared.tables.get("split_columns")
    units = dict(zip(columns["column"], columns["unit"], strict=True)) if columns is not None else {}
    table = gains.table(plan.results, plan.prepared.core, columns).set_index("site")
    weight = plan.results.case.calendar.stage_weight
    made = amounts.outputs(plan)
    tonnes = (made["value"] * made["stage"].map(weight)).groupby(made["site"]).sum()
    table[TONNES] = tonnes.reindex(table.index).fillna(0.0)
    table["city"] = _cities(plan, table.index)
    measures = [str(name) for name in table if name not in ("region", "city")]
    long = table.reset_index().melt(["site", "city", "region"], measures, "measure", "value")
    long = long.assign(unit=[units.get(measure, "") for measure in long["measure"]])
    parts = []
    for level in ("site", "city", "region"):
        sums = pd.DataFrame(long.groupby([level, "measure", "unit"])["value"].sum(min_count=1)).reset_index()
        parts.append(sums.rename(columns={level: "id"}).assign(level=level))
    every = pd.concat(parts, ignore_index=True)
    return every[every["value"].notna()]


def _capacity_and_output(plan: Planned) -> pd.DataFrame:
    """what (capacity, output), id (unit, technology), site, stage, value."""
    made = amounts.outputs(plan).rename(columns={"technology": "id"}).assign(what=amounts.OUTPUT)
    able = amounts.capacities(plan).rename(columns={"unit": "id"}).assign(what=amounts.CAPACITY)
    return pd.concat([able, made], ignore_index=True)


def _verdict(before: float, after: float) -> str:
    """What becomes of something that had ``before`` and has ``after``."""
    noise = SAME * max(1.0, abs(before), abs(after))
    if abs(after - before) <= noise:
        return STAYS
    if before <= noise:
        return OPENS
    if after <= noise:
        return CLOSES
    return GROWS if after > before else SHRINKS
