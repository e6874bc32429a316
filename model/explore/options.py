"""Options of a capacity swap side by side: who closes and who builds, the quota, the cost, the power, the carbon, the clauses.

Everything is read from verified plans and compared with the first of them; money and amounts of a year are means over the
years that the objective counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from model import ledger
from model.expand.amounts import amount
from model.expand.rows import records
from model.explore import zone_power
from model.explore.clauses import scoreboard
from model.explore.compare import Comparison, years
from model.explore.labels import Labels
from model.pipeline import Planned
from model.units import MONEY

CLOSED, BUILT, BOUGHT = "closed", "built", "bought"
ROLES = {"created": CLOSED, "used": BUILT, "bought": BOUGHT}
PASS, FAIL, NOT_COVERED = "pass", "fail", "not_covered"
VERDICTS = {"met": PASS, "missed": FAIL}
LINES = ("plan", "role", "option", "name_zh", "name_en", "site", "site_zh", "site_en", "stage", "amount", "lead_years")
USES = ("plan", "ledger", "stage", "source", "user", "source_zh", "source_en", "user_zh", "user_en", "amount", "payment")
ACCOUNTS = ("plan", "ledger", "name_zh", "name_en", "stage", "ratio", "given_up", *ledger.AMOUNTS, "worth", "worth_once")
FACTS = ("plan", "fact", "value", "unit")
CLAUSES = ("plan", "clause", "text_zh", "text_en", "verdict", "status", "missed_by", "unit")
VALUE = "output_value"  # column of the split of gains
CARBON = {"carbon_1": "carbon_scope1", "carbon_2": "carbon_scope2"}


@dataclass(frozen=True)
class Options:
    """Tables in long form, one row per plan and entry.

    ``lines``: capacity closed, built and quota bought. ``uses``: who used whose quota. ``accounts``: the ledgers by stage.
    ``facts``: closed, built, bought (kt/yr), cost of a year and per tonne built against the first plan, carbon of both
    scopes, output value gained and lost, capacity brought back and what that costs, years until the slowest line serves,
    clauses by verdict; NaN where there is no data. ``power``: zones in the driest and in the tightest month. ``clauses``:
    pass, fail or not covered.
    """

    lines: pd.DataFrame
    uses: pd.DataFrame
    accounts: pd.DataFrame
    facts: pd.DataFrame
    power: pd.DataFrame
    clauses: pd.DataFrame

    def fact(self, plan: str, fact: str) -> float:
        """One number of ``facts``."""
        rows = self.facts
        return float(rows.loc[(rows["plan"] == plan) & (rows["fact"] == fact), "value"].iloc[0])


def options(found: Comparison) -> Options | None:
    """The swap options of a comparison; None where no plan has a ledger."""
    plans = {name: one.plan for name, one in zip(found.names, found.candidates, strict=True)}
    if all(plan.results.case.labels["ledgers"].empty for plan in plans.values()):
        return None
    lines = _all({name: _lines(plan) for name, plan in plans.items()}, LINES)
    clauses = _all({name: _clauses(plan) for name, plan in plans.items()}, CLAUSES)
    facts = [row for name, plan in plans.items() for row in _facts(found, name, plan, lines, clauses)]
    return Options(
        lines, _all({name: _uses(plan) for name, plan in plans.items()}, USES),
        _all({name: _accounts(plan) for name, plan in plans.items()}, ACCOUNTS), pd.DataFrame(facts, columns=list(FACTS)),
        _all({name: zone_power.months(plan) for name, plan in plans.items()}, ("plan", *zone_power.COLUMNS)), clauses,
    )


def _all(parts: dict[str, pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    """The tables of all plans, with the plan in front."""
    filled = [part.assign(plan=name) for name, part in parts.items() if len(part)]
    return pd.concat(filled, ignore_index=True)[list(columns)] if filled else pd.DataFrame(columns=list(columns))


def _effects(plan: Planned) -> pd.DataFrame:
    return plan.results.case.relations["effect"].drop_duplicates("option")[["option", "unit", "site", "per_size"]]


def _lines(plan: Planned) -> pd.DataFrame:
    """Options of the ledgers that close or build something or buy quota, in kt a year; parts of a divided quota left out."""
    entries = plan.results.case.labels["ledger_entries"][["kind", "option"]].drop_duplicates()
    sizes = plan.results.values["size"][["option", "stage", "value"]]
    rows = entries.merge(sizes[sizes["value"] > ledger.NOISE], on="option").merge(_effects(plan), on="option", how="left")
    rows = rows[rows["unit"].notna() | (rows["kind"] == "bought")]
    names, lead = _Lines(plan), _lead_years(plan)
    found = []
    for row in rows.to_dict("records"):
        site = row["site"] if isinstance(row["site"], str) else ""
        amount_of = row["value"] * (abs(row["per_size"]) if site else 1.0)
        (zh, en), (site_zh, site_en) = names.name(row["option"]), names.labels.site(site) if site else ("", "")
        found.append({
            "role": ROLES[row["kind"]], "option": row["option"], "name_zh": zh, "name_en": en, "site": site, "site_zh": site_zh,
            "site_en": site_en, "stage": row["stage"], "amount": amount_of, "lead_years": lead.get(row["option"], math.nan),
        })
    return pd.DataFrame(found)


class _Lines:
    """Names of the options in ledgers: a part of a divided quota is called by the line that cedes or draws it."""

    def __init__(self, plan: Planned) -> None:
        self.labels = Labels(plan)
        built = _effects(plan)
        self._built = dict(zip(built["option"], zip(built["unit"], built["site"], strict=True), strict=True))
        entries, ledgers = plan.results.case.labels["ledger_entries"], plan.results.case.labels["ledgers"]
        divided = entries[entries["ledger"].isin(ledgers.loc[ledgers["indicators"] == "", "ledger"])]
        self._line: dict[str, str] = {}
        for _, rows in divided.groupby("ledger"):
            line = next((option for option in rows["option"] if option in self._built), "")
            self._line |= dict.fromkeys(set(rows["option"]) - {line}, line)

    def name(self, option: str) -> tuple[str, str]:
        """Chinese and English name; the id where nothing is built or closed by it."""
        line = self._line.get(option, option)
        if line not in self._built:
            return option, option
        unit, site = self._built[line]
        zh, en = self.labels.unit(unit, site)
        return zh or unit, en or unit


def _lead_years(plan: Planned) -> dict[str, float]:
    """Years from the decision until a new line serves."""
    return {f"new_potline_{row['site']}": amount("new_potlines", row, "lead_years") for row in records(plan.prepared.tables, "new_potlines")}


def _kept(plan: Planned) -> ledger.Ledgers:
    return ledger.keep(plan.results.case, plan.results.values["size"], plan.results.duals["indicator_ceiling"])


def _pools(plan: Planned) -> dict[str, tuple[str, str]]:
    """Ledgers that a bound holds, with their names; the accounts that divide a quota hold none."""
    rows = plan.results.case.labels["ledgers"]
    rows = rows[rows["indicators"] != ""]
    return {row["ledger"]: (row["name_zh"] or row["ledger"], row["name_en"] or row["ledger"]) for row in rows.to_dict("records")}


def _uses(plan: Planned) -> pd.DataFrame:
    uses, names = _kept(plan).uses, _Lines(plan)
    uses = uses[uses["ledger"].isin(_pools(plan))]
    for side in ("source", "user"):
        pairs = [names.name(option) for option in uses[side]]
        uses = uses.assign(**{f"{side}_zh": [pair[0] for pair in pairs], f"{side}_en": [pair[1] for pair in pairs]})
    return uses


def _accounts(plan: Planned) -> pd.DataFrame:
    pools = _pools(plan)
    accounts = _kept(plan).accounts
    accounts = accounts[accounts["ledger"].isin(pools)]
    pairs = [pools[name] for name in accounts["ledger"]]
    return accounts.assign(name_zh=[pair[0] for pair in pairs], name_en=[pair[1] for pair in pairs])


def _clauses(plan: Planned) -> pd.DataFrame:
    """Every clause with its verdict: pass or fail where an indicator with a bound carries it, else not covered."""
    table = scoreboard(plan).clauses
    return table.assign(verdict=[VERDICTS.get(status, NOT_COVERED) for status in table["status"]])


def _facts(found: Comparison, name: str, plan: Planned, lines: pd.DataFrame, clauses: pd.DataFrame) -> Iterator[dict[str, object]]:
    def fact(key: str, value: float, unit: str = "") -> dict[str, object]:
        return {"plan": name, "fact": key, "value": value, "unit": unit}

    mine = lines[lines["plan"] == name]
    sums = {role: float(mine.loc[mine["role"] == role, "amount"].sum()) for role in ROLES.values()}
    yield from (fact(role, value, "kt/yr") for role, value in sums.items())
    unit, cost = found.first.unit, _cost(found, name, plan)
    yield fact("cost", cost, f"{unit}/yr" if unit == MONEY else unit)
    each = cost / sums[BUILT] if sums[BUILT] > ledger.NOISE else math.nan
    yield fact("cost_per_tonne", 1e3 * each if unit == MONEY else each, "yuan/t" if unit == MONEY else unit)
    for kind, key in CARBON.items():
        yield fact(key, _measure(plan, kind) - _measure(found.first.plan, kind), "kt CO2e/yr")
    for key, value in zip(("value_gained", "value_lost"), _value(found, name, years(plan)), strict=True):
        yield fact(key, value, "million yuan/yr")
    restart = plan.results.values["restart"]
    yield fact("restarted", _yearly(plan, restart["value"], restart["period"]), "kt/yr")
    yield fact("restart_cost", float(restart["cost"].sum()) / years(plan), f"{unit}/yr" if unit == MONEY else unit)
    yield fact("lead_years", float(mine["lead_years"].max()) if len(mine) else math.nan, "yr")
    for verdict in (PASS, FAIL, NOT_COVERED):
        yield fact(verdict, float(((clauses["plan"] == name) & (clauses["verdict"] == verdict)).sum()))


def _cost(found: Comparison, name: str, plan: Planned) -> float:
    """Objective of a year beyond that of the first plan; each over the years it counts itself."""
    first = found.first.plan
    return found.objective(name) / years(plan) - first.results.objective / years(first)


def _yearly(plan: Planned, values: pd.Series, periods: pd.Series) -> float:
    """Mean over the years of amounts by period."""
    weight = plan.results.case.calendar.periods.set_index("period")["price_weight"]
    return float((values * periods.map(weight)).sum()) / years(plan)


def _measure(plan: Planned, kind: str) -> float:
    """Mean yearly value of the first measure of ``kind`` that counts everything; NaN where there is none."""
    weight = plan.results.case.calendar.stage_weight
    for row in records(plan.prepared.tables, "measures"):
        if row["kind"] == kind and all(row[name] == "*" for name in ("stages", "technologies", "region", "sites")):
            values = plan.results.indicators
            mine = values[values["indicator"] == row["measure"]].set_index("group")["value"]
            return sum(float(mine[stage]) * weight[stage] for stage in weight) / years(plan)
    return math.nan


def _value(found: Comparison, name: str, count: float) -> tuple[float, float]:
    """Output value of a year gained by the sites that gain, and lost by those that lose; NaN where it is not measured."""
    if name == found.names[0]:
        return 0.0, 0.0
    rows = found.wins
    mine = rows[(rows["plan"] == name) & (rows["level"] == "site") & (rows["measure"] == VALUE)]
    if mine.empty:
        return math.nan, math.nan
    return float(mine["change"].clip(lower=0.0).sum()) / count, float(mine["change"].clip(upper=0.0).sum()) / count
