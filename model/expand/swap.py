"""Capacity swap: a pool lets old potlines close and new ones be built, ``ratio`` closed for every kt that is new.

For each stage one indicator over the decisions of that and all earlier stages (a sum over the horizon would let early
builds borrow later closures): sum of new x ratio - sum of closed - outside quota <= 0.
"""

from __future__ import annotations

from model import words
from model.expand.amounts import amount, by_id, listed
from model.expand.finance import Money
from model.expand.investment import CAPITAL, TECHNOLOGIES, option_charge
from model.expand.plants import Line, Rows
from model.expand.rows import Record, origin, records, report
from model.problems import Problems
from model.tables import Tables

SHARE = 1.0  # one kt of an option is one kt of capacity


class Swap:
    """The swap pools of a dataset with the potlines of their regions."""

    def __init__(self, tables: Tables, core: Tables, money: Money, problems: Problems) -> None:
        self.money = money
        self.technologies = by_id(tables, TECHNOLOGIES, "technology")
        self.pools: dict[str, Record] = {}
        for pool in records(tables, "swap_pools"):
            for region in listed(pool["regions"]):
                if region in self.pools:
                    report(problems, "industry_two_pools", pool, "regions", region=region)
                self.pools[region] = pool
        stages = list(dict.fromkeys(row["stage"] for row in records(core, "periods")))
        self.stages: list[str] = stages if len(stages) > 1 else ["*"]

    def holds(self, line: Line) -> bool:
        """Whether a pool covers the region of ``line``: its option then exists, at size 0 while the pool is off."""
        return line.region in self.pools

    def add(self, rows: Rows, old: tuple[Line, ...], new: tuple[Line, ...]) -> None:
        """Add the options, effects and indicators of every pool to ``rows``."""
        for pool in {pool["pool"]: pool for pool in self.pools.values()}.values():
            terms = [(f"close_{line.row['plant']}", -1.0) for line in old if self.pools.get(line.region) is pool]
            terms += [(f"new_potline_{line.site}", float(pool["ratio"])) for line in new if self.pools.get(line.region) is pool]
            if pool["outside_quota"] > 0:
                terms.append((f"quota_{pool['pool']}", -1.0))
                self._quota(rows, pool, old + new)
            self._indicators(rows, pool, terms)
        for line in old:
            if line.region in self.pools:
                self._closure(rows, line, self.pools[line.region])
        for line in new:
            if line.region in self.pools:
                self._new_potline(rows, line, self.pools[line.region])

    def _closure(self, rows: Rows, line: Line, pool: Record) -> None:
        """Closing saves the avoidable share of the fixed cost and costs the one-off closing cost as an annuity."""
        technology = self.technologies[line.process]
        saved = amount(TECHNOLOGIES, technology, "fixed_cost") * amount(line.table, line.row, "avoidable_share")
        one_off = self.money.yearly(amount(line.table, line.row, "closure_cost"), amount(TECHNOLOGIES, technology, "life"))
        key = "" if pool["closures_allowed"] == 1 else "option_closures_off"
        option: Record = {"option": f"close_{line.row['plant']}", "variable_cost": one_off - saved, "cost_class": "overhead"}
        self._option(rows, line, pool, option, line.capacity, -SHARE, key)

    def _new_potline(self, rows: Rows, line: Line, pool: Record) -> None:
        technology = self.technologies[line.process]
        charge = option_charge(technology, amount(TECHNOLOGIES, technology, "capex"), self.money)
        key = "" if pool["new_potlines_allowed"] == 1 else "option_new_potlines_off"
        option: Record = {"option": f"new_potline_{line.site}", "variable_cost": charge, "cost_class": CAPITAL}
        self._option(rows, line, pool, option, amount(line.table, line.row, "max_size"), SHARE, key)

    def _option(self, rows: Rows, line: Line, pool: Record, option: Record, size: float, effect: float, key: str) -> None:
        carried = origin(line.row)
        if key:
            reason = (words.text(f"industry.{key}", language, clause=pool["clause"]) for language in words.LANGUAGES)
            carried["note"] = " | ".join(reason)
        bounds: Record = {"max_size": 0.0, "forced": 0.0} if key else {"max_size": size}
        rows["options"] += [{**option, "site": line.site, "period": stage, **bounds, **carried} for stage in self.stages]
        rows["option_effects"].append({
            "option": option["option"], "unit": line.unit, "site": line.site, "per_size": effect, **carried,
        })

    def _quota(self, rows: Rows, pool: Record, lines: tuple[Line, ...]) -> None:
        """Quota bought outside is paid once: an annuity over the life of the potline it serves."""
        life = max(amount(TECHNOLOGIES, self.technologies[line.process], "life") for line in lines)
        rows["options"] += [{
            "option": f"quota_{pool['pool']}", "period": stage, "max_size": amount("swap_pools", pool, "outside_quota"),
            "variable_cost": self.money.yearly(amount("swap_pools", pool, "outside_price"), life), "cost_class": CAPITAL, **origin(pool),
        } for stage in self.stages]

    def _indicators(self, rows: Rows, pool: Record, terms: list[tuple[str, float]]) -> None:
        """One row per stage, holding the decisions up to it; with several stages the outside quota is a sum so far too."""
        if pool["outside_quota"] > 0 and len(self.stages) > 1:
            rows["indicators"].append(self._indicator(f"quota_{pool['pool']}", pool, amount("swap_pools", pool, "outside_quota")))
            rows["indicator_terms"].append(self._term(f"quota_{pool['pool']}", pool, f"quota_{pool['pool']}", "*", 1.0))
        for position, stage in enumerate(self.stages):
            indicator = f"swap_{pool['pool']}" + ("" if stage == "*" else f"_{stage}")
            rows["indicators"].append(self._indicator(indicator, pool, 0.0))
            for option, coefficient in terms:
                for so_far in self.stages[: position + 1]:
                    rows["indicator_terms"].append(self._term(indicator, pool, option, so_far, coefficient))

    @staticmethod
    def _indicator(indicator: str, pool: Record, ceiling: float) -> Record:
        names = {
            f"name_{language}": words.text("industry.swap_indicator", language, pool=pool[f"name_{language}"])
            for language in words.LANGUAGES
        }
        return {"indicator": indicator, **names, "unit": "kt/yr", "max": ceiling, "clause": pool["clause"], **origin(pool)}

    @staticmethod
    def _term(indicator: str, pool: Record, option: str, stage: str, coefficient: float) -> Record:
        return {"indicator": indicator, "kind": "size", "a": option, "period": stage, "coefficient": coefficient, **origin(pool)}
