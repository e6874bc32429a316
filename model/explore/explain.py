"""Why here, why not there: for every candidate whether the plan has it, and what a plan with it would cost.

All questions are warm re-solves of one loaded program, which costs what the verified plan of the run costs. A forced plan
counts only if it keeps every limit of the program and its duals prove that none is cheaper (``forcing.proved``);
``explain_one`` has both plans of a single question checked independently from the tables.
The lanes that a candidate brings to its site serve the plan it is compared with as well: only the candidate differs.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model.compile import Floats
from model.expand.rows import records
from model.explore.at_hand import AtHand, Origins, brought
from model.explore.candidates import Candidate
from model.explore.cost_parts import PARTS, CostParts, parts
from model.explore.forcing import FIRST, PROOF, Bounds, Place, cleaned, difference, forced, held, place, proved
from model.explore.widening import Wide, widen
from model.pipeline import Run
from model.problems import ExitCode, refuse
from model.units import factor

TEXTS = ("site", "technology", "option", "state", "clause", "table", "finding", "expanding", "next_site", "missing", "brought")
NUMBERS = ("size", "planned", "made", "charge", "extra_cost", *PARTS, "misses", "first_misses", "output", "dearer")
COLUMNS = (*TEXTS, *NUMBERS)
PRESENT = 1e-6  # amounts above this are in the plan
TAKEN = 1e-6  # share of the size that may be missing from an option that is taken
IDLE = 1e-3  # share of the charge below which the capacity is worth nothing
UNASKED = ("sunk", "not_offered")  # states with nothing to solve


@dataclass(frozen=True)
class Forced:
    """A plan with a candidate forced in: its cost (NaN: none) and values, the place of its option, what had to close for it."""

    cost: float
    values: Floats
    option: Place
    closed: bool = False


@dataclass(frozen=True)
class Site:
    """The plan that candidates of one site are compared with: bounds of all columns, cost, values and the solver's basis."""

    bounds: Bounds
    cost: float
    values: Floats
    basis: Any


def find(run: Run, asked: Collection[Candidate]) -> pd.DataFrame:
    """One row per candidate (columns ``COLUMNS``), in the given order.

    size, planned, made, output: kt a year – asked, of the option in the plan, of the technology at the site in the plan, and
    made there more with the option at its size; extra_cost and its parts (summing to it), dearer (the best plan without
    the technology at the site): million yuan a year; charge, misses, first_misses (for the first hundredth): yuan per
    tonne of yearly capacity. ``expanding``, of the option at its size: taken · tie (an equal plan has it) · misses · idle (the
    capacity is worth nothing) · pays (only something shut can) · impossible (no plan holds it) · closures (only with old
    potlines closed) · no_input (``missing`` names goods without any way there) · follower (it stands only where the goods of
    ``missing`` are made) · not_modelled; ``finding``: chosen (the option is in the plan) · runs (on what stands already) ·
    unused · sunk · not_offered (in ``table``), else as ``expanding``. ``brought``: goods that are not made or sold at the site
    and the one site that each can come from (``good: site; good: site``; of a follower all such sites).
    """
    asker = Asker(run, widen(run, asked))
    return pd.DataFrame([asker.row(candidate) for candidate in asked], columns=list(COLUMNS))


class Asker:
    """A run and its widened program, asked one candidate at a time; the answers do not depend on their order."""

    def __init__(self, run: Run, wide: Wide) -> None:
        self.run, self.wide, self.search = run, wide, wide.search
        self.costs = CostParts(wide.case)
        self.start = wide.program.column_start
        calendar = wide.case.calendar
        first = calendar.periods[calendar.periods["stage"] == calendar.stages[0]].set_index("period")["probability"]
        self.share = wide.case.columns["activity"]["period"].map(first).astype(float).fillna(0.0).to_numpy()
        self.years = float(calendar.remaining_weight[calendar.stages[0]])
        sizes = run.results.values["size"].groupby("option")["value"].sum()
        self.sizes = {str(option): float(size) for option, size in sizes.items()}
        self._sites: dict[str, Site] = {}
        self._basis = self.search.loaded.keep_basis()
        self._hand = AtHand(wide.case, self.start)

    def row(self, asked: Candidate) -> dict[str, object]:
        """The answer to one candidate."""
        made, planned = self.made(asked), self.sizes.get(asked.option, 0.0) if asked.option else math.nan
        facts: dict[str, object] = {**dict.fromkeys(TEXTS, ""), **dict.fromkeys(NUMBERS, math.nan), **vars(asked), "made": made, "planned": planned}
        facts |= self.without(asked) if made > PRESENT else {}
        facts |= self._expanding(asked, planned) if asked.state not in UNASKED else {}
        finding = str(facts["expanding"]) or (asked.state if asked.state in UNASKED else "unused")
        return facts | {"finding": "chosen" if planned > PRESENT else "runs" if made > PRESENT else finding}

    def _expanding(self, asked: Candidate, planned: float) -> dict[str, object]:
        if not len(self.places(asked)):
            return self._unplaced(asked)
        missing = self.missing(asked)
        if missing:
            return {"expanding": "no_input", "missing": ", ".join(missing)}
        goods = self._hand.used(asked.technology, asked.site)
        return {"brought": brought(goods, asked.site, self.origins(asked), alone=True)} | self._asked(asked, planned)

    def _unplaced(self, asked: Candidate) -> dict[str, object]:
        """Why nothing of the technology stands at the site."""
        goods = self._used(asked) if asked.state == "follows" else []
        origins = self.origins(asked)
        missing = [good for good in goods if (good, asked.site) not in origins]
        if missing:
            return {"expanding": "no_input", "missing": ", ".join(missing)}
        away = [good for good in goods if asked.site not in origins[good, asked.site]]
        if not away:
            return {"expanding": "not_modelled"}
        return {"expanding": "follower", "missing": ", ".join(away), "brought": brought(away, asked.site, origins, alone=False)}

    def _asked(self, asked: Candidate, planned: float) -> dict[str, object]:
        if not asked.option:
            return {} if self.made(asked) > PRESENT else self.standing(asked)
        if math.isnan(asked.size):
            return {"expanding": "impossible"}
        return {"expanding": "taken"} if planned >= (1 - TAKEN) * asked.size else self.priced(asked, self.force(asked))

    def force(self, asked: Candidate) -> Forced:
        """The least-cost plan with the candidate at its size; where there is none, with old potlines allowed to close."""
        option, bounds = place(self.search, asked.option, asked.size), self.site(asked.site).bounds
        cost, values = forced(self.search, option, asked.size, bounds)
        closing = asked.state == "pool_shut" and math.isnan(cost)
        if closing:
            bounds = self.wide.closing(bounds)
            cost, values = forced(self.search, option, asked.size, bounds)
        if not math.isnan(cost):
            self.insist(asked, held(self.search, option, asked.size, bounds))
        return Forced(cost, values, option, closing)

    def insist(self, asked: Candidate, bounds: Bounds) -> None:
        """Raise ``Refusal`` (exit 5) unless the last plan keeps all limits and its duals prove that none is cheaper."""
        residual = proved(self.search, bounds)
        if not residual <= PROOF:
            raise refuse(ExitCode.SOLVER, "check_failed", value="objective", residual=residual, place=f"{asked.technology}, {asked.site}")

    def priced(self, asked: Candidate, plan: Forced) -> dict[str, object]:
        """What the forced plan costs more, by part, per tonne and for the first tonnes."""
        option, site, tonnes = plan.option, self.site(asked.site), asked.size * plan.option.weight * factor("yuan/t")
        charge = option.charge / tonnes
        if math.isnan(plan.cost):
            return {"expanding": "impossible", "charge": charge}
        extra = cleaned(plan.cost - site.cost, site.cost)
        change = (plan.values - site.values) / option.weight
        split = {part: cleaned(value, site.cost / option.weight) for part, value in parts(self.costs.by_class(change)).items()}
        misses = extra / tonnes
        idle = abs(charge - misses) <= IDLE * abs(charge)
        finding = "tie" if extra == 0 else "pays" if extra < 0 else "idle" if idle else "misses"
        return {
            "expanding": "closures" if plan.closed else finding, "charge": charge, "extra_cost": extra / option.weight, **split, "misses": misses,
            "first_misses": self._first(asked, option, misses, charge), "output": self.made(asked, plan.values) - self.made(asked, site.values),
        }

    def _first(self, asked: Candidate, option: Place, misses: float, charge: float) -> float:
        """What the first tonnes miss, yuan per tonne; NaN where a yes/no or the plan itself has them already."""
        if len(option.opened) or self.sizes.get(asked.option, 0.0) > PRESENT:
            return math.nan
        if not cleaned(charge - misses, charge):
            return misses  # where the whole saves nothing, no part of it does: what stands idle is in nobody's way
        size, site = FIRST * asked.size, self.site(asked.site)
        cost, _ = forced(self.search, option, size, site.bounds)
        return cleaned(cost - site.cost, site.cost) / (size * option.weight * factor("yuan/t"))

    def standing(self, asked: Candidate) -> dict[str, object]:
        """What running all that stands idle at the site would cost; nothing where nothing stands."""
        at, full = self.places(asked), self.wide.full(asked.technology, asked.site)
        if asked.state != "existing" or not full.sum():
            return {}
        site = self.site(asked.site)
        lower, upper = site.bounds[0].copy(), site.bounds[1].copy()
        lower[at] = np.minimum(full, upper[at])
        cost, values = self.search.solve(self.search.program.cost, lower, upper)
        size = float(full @ self.share[at - self.start["activity"]])
        if math.isnan(cost):
            return {"expanding": "impossible", "size": size}
        self.insist(asked, (lower, upper))
        extra = cleaned(cost - site.cost, site.cost)
        split = parts(self.costs.by_class((values - site.values) / self.years))
        return {
            "expanding": "tie" if extra == 0 else "misses", "size": size, "extra_cost": extra / self.years, **split,
            "misses": extra / (size * self.years * factor("yuan/t")), "output": self.made(asked, values) - self.made(asked, site.values),
        }

    def without(self, asked: Candidate) -> dict[str, object]:
        """How much dearer the best plan is without the technology at the site, and who makes most of its product instead."""
        self.search.loaded.use_basis(self._basis)
        lower, upper = self.search.program.lower.copy(), self.search.program.upper.copy()
        at = self.places(asked)
        lower[at] = upper[at] = 0.0
        cost, values = self.search.solve(self.search.program.cost, lower, upper)
        if math.isnan(cost):
            return {"dearer": math.inf}
        return {"dearer": difference(self.search, cost) / self.years, "next_site": self._instead(asked, values)}

    def _instead(self, asked: Candidate, values: Floats) -> str:
        recipe = self.wide.case.relations["recipe"]
        mine = recipe[(recipe["technology"] == asked.technology) & (recipe["site"] == asked.site)]
        if not (mine["quantity"] > 0).any():
            return ""
        good = mine.sort_values("quantity", kind="stable")["commodity"].iloc[-1]
        start, activity = self.start["activity"], self.wide.case.columns["activity"]
        more = (values - self.search.plan.values)[start : start + len(activity)] * self.share
        makers = activity.assign(more=more).merge(recipe[(recipe["commodity"] == good) & (recipe["quantity"] > 0)], on=["technology", "site"])
        sums = (makers["more"] * makers["quantity"]).groupby(makers["site"]).sum()
        return str(sums.idxmax()) if len(sums) and sums.max() > PRESENT else ""

    def places(self, asked: Candidate) -> NDArray[np.int64]:
        """Columns of the technology at the site."""
        return self.search.positions(("activity", (("technology", asked.technology), ("site", asked.site))))

    def made(self, asked: Candidate, values: Floats | None = None) -> float:
        """Yearly amount of the technology at the site in the first stage, in the published plan or in ``values``."""
        if values is None:
            table = self.run.results.values["activity"]
            mine = table[(table["technology"] == asked.technology) & (table["site"] == asked.site)]
            periods = self.wide.case.calendar.periods
            first = periods[periods["stage"] == self.wide.case.calendar.stages[0]].set_index("period")["probability"]
            return float((mine["value"] * mine["period"].map(first).astype(float).fillna(0.0)).sum())
        at = self.places(asked)
        return float(values[at] @ self.share[at - self.start["activity"]])

    def site(self, site: str) -> Site:
        """The plan with whatever is new at the site open, options shut; searches of the site start from its basis."""
        if site not in self._sites:
            self.search.loaded.use_basis(self._basis)
            bounds = self.wide.bounds(site)
            cost, values = self.search.solve(self.search.program.cost, *bounds)
            self._sites[site] = Site(bounds, cost, values, self.search.loaded.keep_basis())
        self.search.loaded.use_basis(self._sites[site].basis)
        return self._sites[site]

    def missing(self, asked: Candidate) -> list[str]:
        """Goods that the technology uses at the site and that nothing brings, sells or makes there."""
        origins = self.origins(asked)
        return sorted(good for good in self._hand.used(asked.technology, asked.site) if (good, asked.site) not in origins)

    def _used(self, asked: Candidate) -> list[str]:
        """Materials of a technology that is placed only where they arise."""
        mine = [row for row in records(self.run.prepared.tables, "technology_recipes") if row["technology"] == asked.technology]
        return sorted({str(row["commodity"]) for row in mine if row["quantity"] < 0 and row["unit"] == "t/t"})

    def origins(self, asked: Candidate) -> Origins:
        """Where every good can come from while the candidate is built."""
        return self._hand.origins(asked.site, self.site(asked.site).bounds[1], asked.option)
