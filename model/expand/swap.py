"""Capacity swap: old potlines close and give quota, new ones use it, pool by pool and stage by stage.

For each pool and stage one indicator over the decisions of that and all earlier stages (a sum over the horizon would let
early builds borrow later closures): new x ratio - closed, in approved design tonnes - quota bought outside <= 0. What is
closed early is banked; a new potline counts from the stage in which it serves, so its donor may run until then. A potline
in several open pools divides its quota among them: options ``cede_`` and ``draw_`` without any effect of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.expand.amounts import amount, by_id
from model.expand.finance import Money
from model.expand.investment import CAPITAL, TECHNOLOGIES, option_charge
from model.expand.plants import Line, Rows
from model.expand.rows import Record, origin
from model.expand.swap_ledger import Entry, account_rows, pool_rows, term
from model.expand.swap_pools import Pool, pools
from model.expand.swap_rules import SwapRules, said, stages_of, titles
from model.problems import Problems
from model.tables import Tables

CLOSED, BUILT = -1.0, 1.0  # one kt of an option takes or adds one kt of capacity


@dataclass(frozen=True)
class _Option:
    """An option of a potline: what it costs per kt and year, its largest size, and why it is shut in which stage."""

    name: str
    line: Line
    charge: float
    cost_class: str
    size: float
    effect: float


class Swap:
    """The swap pools of a dataset with the potlines in them."""

    def __init__(
        self, tables: Tables, core: Tables, money: Money, problems: Problems, old: tuple[Line, ...], new: tuple[Line, ...],
    ) -> None:
        self.money, self.problems, self.old, self.new = money, problems, old, new
        self.technologies = by_id(tables, TECHNOLOGIES, "technology")
        self.rules = SwapRules(tables)
        self.stages = stages_of(tables, core, money)
        self.pools = pools(tables, old, new)

    def holds(self, line: Line) -> bool:
        """Whether a pool covers ``line``: its option then exists, at size 0 while the pool is shut."""
        return any(line in pool.old + pool.new for pool in self.pools)

    def add(self, rows: Rows) -> None:
        """Add the options, effects, indicators and ledgers of every pool to ``rows``."""
        entries: dict[str, list[Entry]] = {pool.pool: [] for pool in self.pools}
        for line in self.old:
            self._closure(rows, line, entries)
        for line in self.new:
            self._new_potline(rows, line, entries)
        self._outside(rows, entries)
        for pool in self.pools:
            pool_rows(rows, pool, entries[pool.pool], self.stages, self._annuity(pool))

    def _closure(self, rows: Rows, line: Line, entries: dict[str, list[Entry]]) -> None:
        """Closing saves the avoidable share of the fixed cost and costs the one-off closing cost as an annuity."""
        mine = [pool for pool in self.pools if line in pool.old]
        if not mine:
            return
        name, donor = f"close_{line.row['plant']}", self.rules.donor(line, self.money.planning_year)
        technology = self.technologies[line.process]
        saved = amount(TECHNOLOGIES, technology, "fixed_cost") * amount(line.table, line.row, "avoidable_share")
        one_off = self.money.yearly(amount(line.table, line.row, "closure_cost"), amount(TECHNOLOGIES, technology, "life"))
        allowed = donor.may_close and any(pool.closes for pool in mine)
        shut = "" if allowed else said("option_closures_off", clause=mine[0].row["clause"])
        option = _Option(name, line, one_off - saved, "overhead", line.capacity, CLOSED)
        self._option(rows, option, [shut] * len(self.stages.names), donor.reason)
        if donor.must_close > 0:
            self._bound(rows, f"must_{name}", "swap_must_close", option, {"min": donor.must_close})
        if donor.share > 0:
            giving = [pool for pool in mine if pool.closes] or mine[:1]
            self._divide(rows, option, Entry("created", name, donor.share), giving, entries)

    def _new_potline(self, rows: Rows, line: Line, entries: dict[str, list[Entry]]) -> None:
        mine = [pool for pool in self.pools if line in pool.new]
        if not mine:
            return
        name, technology = f"new_potline_{line.site}", self.technologies[line.process]
        charge = option_charge(technology, amount(TECHNOLOGIES, technology, "capex"), self.money)
        using = [pool for pool in mine if pool.builds]
        shut = "" if using else said("option_new_potlines_off", clause=mine[0].row["clause"])
        shut = shut or self.rules.gate(line, self.problems)
        size = amount(line.table, line.row, "max_size")
        option = _Option(name, line, charge, CAPITAL, size, BUILT)
        self._option(rows, option, [shut or self.rules.too_early(line, year) for year in self.stages.years], "")
        if len(self.stages.names) > 1:
            self._bound(rows, f"room_{name}", "swap_room", option, {"max": size})
        self._divide(rows, option, Entry("used", name, 1.0), using or mine[:1], entries)

    def _option(self, rows: Rows, option: _Option, shut: list[str], remark: str) -> None:
        """One row per stage, of size 0 with the reason in its note where it is shut; ``remark`` stands in the note otherwise."""
        line = option.line
        for stage, reason in zip(self.stages.names, shut, strict=True):
            bounds: Record = {"max_size": 0.0, "forced": 0.0} if reason else {"max_size": option.size}
            note = {"note": reason or remark} if reason or remark else {}
            rows["options"].append({
                "option": option.name, "site": line.site, "period": stage, "variable_cost": option.charge,
                "cost_class": option.cost_class, **bounds, **origin(line.row), **note,
            })
        note = {"note": next(filter(None, shut), "") or remark or line.row["note"]}
        rows["option_effects"].append({
            "option": option.name, "unit": line.unit, "site": line.site, "per_size": option.effect, **origin(line.row), **note,
        })

    def _bound(self, rows: Rows, indicator: str, key: str, option: _Option, bounds: Record) -> None:
        """One indicator over the sizes of an option in all stages."""
        line = option.line
        rows["indicators"].append({"indicator": indicator, **titles(key, line.row), "unit": "kt/yr", **bounds, **origin(line.row)})
        rows["indicator_terms"].append(term(indicator, option.name, "*", 1.0, line.row))

    def _divide(self, rows: Rows, option: _Option, entry: Entry, shared: list[Pool], entries: dict[str, list[Entry]]) -> None:
        """The entry of a potline in its pool, or options that divide its quota among several pools."""
        if len(shared) == 1:
            entries[shared[0].pool].append(entry)
            return
        verb = "cede" if entry.kind == "created" else "draw"
        what = option.line.row["plant"] if verb == "cede" else option.line.site
        parts = []
        for pool in shared:
            part = f"{verb}_{what}_{pool.pool}"
            parts.append(part)
            entries[pool.pool].append(Entry(entry.kind, part, 1.0))
            rows["options"] += [{
                "option": part, "site": option.line.site, "period": stage, "max_size": option.size * entry.coefficient,
                "variable_cost": 0.0, "cost_class": CAPITAL, **origin(option.line.row),
            } for stage in self.stages.names]
        account_rows(rows, option.line, entry, parts, self.stages)

    def _annuity(self, pool: Pool) -> float:
        """Yearly charge per unit of a price paid once, over the life of the potlines that the quota serves."""
        life = max(amount(TECHNOLOGIES, self.technologies[line.process], "life") for line in pool.old + pool.new)
        return self.money.yearly(1.0, life)

    def _outside(self, rows: Rows, entries: dict[str, list[Entry]]) -> None:
        """Quota bought outside is paid once; its limit holds for all pools of a row and all stages together."""
        buyers: dict[str, list[Pool]] = {}
        for pool in self.pools:
            if pool.row["outside_quota"] > 0:
                buyers.setdefault(pool.row["pool"], []).append(pool)
        for row_pool, shared in buyers.items():
            row, limit = shared[0].row, amount("swap_pools", shared[0].row, "outside_quota")
            for pool in shared:
                name = f"quota_{pool.pool}"
                entries[pool.pool].append(Entry("bought", name, 1.0))
                price = amount("swap_pools", row, "outside_price") * self._annuity(pool)
                rows["options"] += [{
                    "option": name, "period": stage, "max_size": limit, "variable_cost": price, "cost_class": CAPITAL, **origin(row),
                } for stage in self.stages.names]
            if len(shared) * len(self.stages.names) > 1:
                rows["indicators"].append({
                    "indicator": f"quota_{row_pool}", **titles("swap_outside", row), "unit": "kt/yr", "max": limit,
                    "clause": row["clause"], **origin(row),
                })
                rows["indicator_terms"] += [term(f"quota_{row_pool}", f"quota_{pool.pool}", "*", 1.0, row) for pool in shared]
