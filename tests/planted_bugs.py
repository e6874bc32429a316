"""Bugs to plant: for each the file, a text that stands there once, what replaces it, and the tests to ask first.

Every one changes what the program says for some dataset: a sign, a term, a unit, a length, a weight, a probability, a side
of a bound, an order of stages, a yes/no. ``test_planted_bugs`` plants them one at a time and counts how many are noticed.
"""

from __future__ import annotations

from typing import NamedTuple


class Bug(NamedTuple):
    """``text`` of ``file`` becomes ``instead``; ``first`` is the test file most likely to notice."""

    name: str
    file: str
    text: str
    instead: str
    first: str


CALENDAR, COLUMNS, DECISIONS, ROWS = (f"model/case/{name}.py" for name in ("calendar", "columns", "decisions", "rows"))
RELATIONS, TERMS, INDICATORS, GATE = (f"model/case/{name}.py" for name in ("relations", "terms", "indicators", "gate"))
CHAIN, TIME, RUNNING = "formulation_chain", "formulation_time", "formulation_running"
INVEST, DECIDE, COUNT, EDGES = "formulation_invest", "formulation_decisions", "formulation_indicators", "formulation_edges"

TIME_BUGS = (
    Bug("weights without probability", CALENDAR, 'rows["weight"] * rows["probability"]', 'rows["weight"]', TIME),
    Bug("stage weight without length", CALENDAR, 'self.periods["price_weight"] * self.periods["length"]', 'self.periods["price_weight"]', "case_calendar"),
    Bug("annual charges up to the decision instead of from it", CALENDAR, "for stage in reversed(self.stages)", "for stage in self.stages", INVEST),
    Bug("the period before the first is the first", CALENDAR, 'groups.transform("last")', 'groups.transform("first")', "case_calendar"),
    Bug("branches follow each other", CALENDAR, 'rows.groupby(["stage", "branch"], sort=False)', 'rows.groupby(["stage"], sort=False)', TIME),
    Bug("a yearly row goes before a named period's", CALENDAR, '.drop_duplicates([*key, "period"], keep="last")', '.drop_duplicates([*key, "period"])', "case_calendar"),
    Bug("a stage row's amounts are each period's", CALENDAR, 'wide["named"] = wide["rank"] == 2', 'wide["named"] = wide["rank"] >= 1', "case_calendar"),
    Bug("a named period's amounts are per year", CALENDAR, 'wide["length"].where(~wide["named"], 1.0)', 'wide["length"]', "case_calendar"),
)
COLUMN_BUGS = (
    Bug("sales cost instead of paying", COLUMNS, '-sell["price"]', 'sell["price"]', CHAIN),
    Bug("largest sales are not spread over periods", COLUMNS, '["commodity", "site", "segment"], ["min", "max"]', '["commodity", "site", "segment"], ["min"]', TIME),
    Bug("holding is charged per period, not per year", COLUMNS, 'stock["price_weight"] * stock["length"]', 'stock["price_weight"]', TIME),
    Bug("a named lane charge is paid for the year", COLUMNS, 'lane["price_weight"].where(lane["named"], lane["stage"].map(calendar.stage_weight))', 'lane["stage"].map(calendar.stage_weight)', DECIDE),
    Bug("a named lane charge shares the year's yes/no", COLUMNS, 'lane["period"].where(lane["named"], lane["stage"])', 'lane["stage"]', DECIDE),
    Bug("restarts are not weighted", COLUMNS, 'running["restart_cost"], weight)', 'running["restart_cost"], 1.0)', RUNNING),
    Bug("no least purchase", COLUMNS, 'buy, buy["min"], buy["max"]', 'buy, 0.0, buy["max"]', CHAIN),
)
DECISION_BUGS = (
    Bug("an option's general row replaces its stage's", DECISIONS, '.drop_duplicates(key, keep="first")', '.drop_duplicates(key, keep="last")', INVEST),
    Bug("pieces of capacity need no yes/no", DECISIONS, 'counted = named | set(effects.loc[effects["per_open"] != 0, "option"])', "counted = named", DECIDE),
    Bug("what is forced in starts at nothing", DECISIONS, 'options["with_open"] & forced, 0.0)', 'options["with_open"] & forbidden, 0.0)', DECIDE),
    Bug("what is forced out may be chosen", DECISIONS, '(decided["forced"] != 0).astype(float)', "1.0", DECIDE),
    Bug("general cost points stay beside a stage's own", DECISIONS, 'general[general["replaced"] == "left_only"]', "general", DECIDE),
    Bug("annual charges for the stage of decision only", DECISIONS, 'options["stage"].map(calendar.remaining_weight)', 'options["stage"].map(calendar.stage_weight)', INVEST),
    Bug("lane charges are no yes/no", "model/case/structure.py", 'INTEGER_FAMILIES = ("open", "lane_open", "source")', 'INTEGER_FAMILIES = ("open", "source")', DECIDE),
)
ROW_BUGS = (
    Bug("capacity of a year in every period", ROWS, 'free["length"] * free["amount"]', 'free["amount"]', TIME),
    Bug("closures up to the largest capacity of the stage", ROWS, '["amount"].min()', '["amount"].max()', INVEST),
    Bug("running starts at minus the stated share", ROWS, '-(initial * running["amount"])', '(initial * running["amount"])', RUNNING),
    Bug("every period starts at the stated share", ROWS, 'running["initial"].where(running["first"], np.nan)', 'running["initial"]', RUNNING),
    Bug("prices of closures are divided by nothing", ROWS, 'weight = least["stage"].map(calendar.stage_weight)', 'weight = least["stage"].map(calendar.stage_weight) * 0 + 1', EDGES),
)
RELATION_BUGS = (
    Bug("a site's recipe does not replace the general one", RELATIONS, '"commodity"], keep="last")', '"commodity"], keep="first")', CHAIN),
    Bug("a site's running limits do not replace the general ones", RELATIONS, '["unit", "site"], keep="last")', '["unit", "site"], keep="first")', RUNNING),
    Bug("options work from the next stage on", RELATIONS, 'wide["position"] >= wide["since"]', 'wide["position"] > wide["since"]', INVEST),
    Bug("options work in their stage only", RELATIONS, 'wide["position"] >= wide["since"]', 'wide["position"] == wide["since"]', INVEST),
    Bug("only one row of capacity counts", RELATIONS, 'summed(wide, ["unit", "site", "period"], "amount")', 'wide.drop_duplicates(["unit", "site", "period"])[["unit", "site", "period", "amount"]]', "case_calendar"),
    Bug("the monthly restart limit holds for a year", RELATIONS, 'wide["restart_limit"] * 12.0 * wide["length"]', 'wide["restart_limit"] * wide["length"]', RUNNING),
    Bug("a year's loss in every period", RELATIONS, '(1.0 - rows["loss"]) ** rows["length"]', '1.0 - rows["loss"]', TIME),
)
INDICATOR_BUGS = (
    Bug("capacity counts in full in every period", TERMS, 'frozenset({"stock", "running", "capacity"})', 'frozenset({"stock", "running"})', COUNT),
    Bug("new capacity counts as options", TERMS, 'part["coefficient"] = part["coefficient"] * part[share]', 'part["coefficient"] = part["coefficient"] * 1.0', COUNT),
    Bug("an equation is only a ceiling", TERMS, 'if row["sense"] in (">=", "=")', 'if row["sense"] in (">=",)', COUNT),
    Bug("stage rows add branches up", INDICATORS, 'averaged = scope in ("horizon", "stage")', 'averaged = scope == "horizon"', COUNT),
    Bug("a period's bound is the year's", INDICATORS, 'table["length"] if scope == "period" else 1.0', "1.0", COUNT),
    Bug("a period's violation is priced by the year", INDICATORS, '"period": table["price_weight"]}', '"period": table["years"]}', COUNT),
    Bug("ratios add their bound", INDICATORS, '-other["bound"] * other["coefficient"]', 'other["bound"] * other["coefficient"]', COUNT),
    Bug("existing capacity counts the wrong way", INDICATORS, '(stated - constant).where((stated - constant)', '(stated + constant).where((stated + constant)', COUNT),
    Bug("priced decisions are charged for one stage", INDICATORS, 'rows["stage"].map(calendar.remaining_weight)', 'rows["stage"].map(calendar.stage_weight)', COUNT),
    Bug("prices of indicators are not weighted", INDICATORS, 'rows["coefficient"] * rows["price"] * weight', 'rows["coefficient"] * rows["price"]', COUNT),
    Bug("impossible floors of indicators pass", GATE, 'held["rhs"] > 1e-9 if side == "min"', 'held["rhs"] < -1e-9 if side == "min"', "case_gate"),
)
FORMULATION = "model/formulation/"
RULE_BUGS = (
    Bug("what is shipped stays", FORMULATION + "balance.py", "- sum(m.flow[k, s, d, mode, p]", "+ sum(m.flow[k, s, d, mode, p]", CHAIN),
    Bug("all of a shipment arrives", FORMULATION + "balance.py", "m.delivered_share[k, o, s, mode, p] * m.flow[k, o, s, mode, p] for", "m.flow[k, o, s, mode, p] for", CHAIN),
    Bug("stocks lose nothing", FORMULATION + "balance.py", "m.retained[k, s, p] * m.stock[k, s, q]", "m.stock[k, s, q]", TIME),
    Bug("goods that may not vanish may", FORMULATION + "balance.py", "return surplus(m, k, s, p) == 0", "return surplus(m, k, s, p) >= 0", CHAIN),
    Bug("pieces of capacity are not there", FORMULATION + "production.py", "+ sum(m.per_open[o, u, s] * m.open[o, y] for o, y in m.OPENS[u, s, p])", "", DECIDE),
    Bug("new capacity of a year in every period", FORMULATION + "production.py", "- m.length[p] * change(m, u, s, p)", "- change(m, u, s, p)", TIME),
    Bug("running capacity of a year in every period", FORMULATION + "operation.py", "used(m, u, s, p) - m.length[p] * m.running[u, s, p] <= 0", "used(m, u, s, p) - m.running[u, s, p] <= 0", RUNNING),
    Bug("the least load is the full load", FORMULATION + "operation.py", "m.min_load[u, s, p] * m.length[p] *", "m.length[p] *", RUNNING),
    Bug("what ran before does not count", FORMULATION + "operation.py", "- m.running[u, s, p] + before + started", "- m.running[u, s, p] + started", RUNNING),
    Bug("new capacity may not be restarted", FORMULATION + "operation.py", "m.restart[u, s, p] - m.restart_share[u, s, p] * change(m, u, s, p)", "m.restart[u, s, p]", RUNNING),
    Bug("closures by pieces know no end", FORMULATION + "investment.py", "return sizes + opens >=", "return sizes >=", EDGES),
    Bug("a size needs no yes", FORMULATION + "investment.py", "m.max_size[o, y] * m.open[o, y] <= 0", "m.max_size[o, y] <= 0", DECIDE),
    Bug("the least size is the largest", FORMULATION + "investment.py", "m.min_size[o, y] * m.open[o, y] >= 0", "m.min_size[o, y] * m.open[o, y] <= 0", DECIDE),
    Bug("cost points need no yes", FORMULATION + "investment.py", "- m.open[o, y] == 0", "- 1 <= 0", EDGES),
    Bug("shortage does not help", FORMULATION + "trade.py", "m.sale[k, s, g, p] + sum(m.short[k, s, g, q] for q in m.SHORT_HERE[k, s, g, p])", "m.sale[k, s, g, p]", CHAIN),
    Bug("what must be served is all that is sold", FORMULATION + "trade.py", ">= m.must_serve_lower[k, s, g, p]", "== m.must_serve_lower[k, s, g, p]", CHAIN),
    Bug("a single source may be several", FORMULATION + "trade.py", "for o, mode in m.ARRIVALS[k, s, p]) == 1", "for o, mode in m.ARRIVALS[k, s, p]) >= 1", EDGES),
    Bug("baskets count pieces", FORMULATION + "trade.py", "sum(m.content[b, k] * m.sale", "sum(m.sale", COUNT),
    Bug("a lane charge is paid without flow and not with it", FORMULATION + "trade.py", "m.lane_open[k, o, d, mode, w] for w", "(1 - m.lane_open[k, o, d, mode, w]) for w", DECIDE),
    Bug("a single source sends the demand, whatever is lost", FORMULATION + "trade.py", "return m.delivered_share[k, o, d, mode, p] * m.flow", "return m.flow", DECIDE),
    Bug("violation of a ceiling tightens it", FORMULATION + "indicators.py", '- sum(m.excess[i, g, side] for side in m.CEILING_EXCESS', '+ sum(m.excess[i, g, side] for side in m.CEILING_EXCESS', COUNT),
    Bug("a floor is a ceiling", FORMULATION + "indicators.py", ">= m.indicator_floor_lower[i, g]", "<= m.indicator_floor_lower[i, g]", COUNT),
)
ROAD_BUGS = (
    Bug("prices of indicators are not charged", "model/declare.py", '(table["cost"] + table["charge"])', '(table["cost"])', COUNT),
    Bug("each period follows the stated start too", "model/declare.py", "Rows(running, kept=~stated)", "Rows(running)", RUNNING),
    Bug("removed pieces may stay in closures", "model/declare.py", "Members(Rows(effect, kept=chosen), STAGE", "Members(Rows(effect, kept=effect[share].to_numpy(float) > 0), STAGE", INVEST),
    Bug("the sides of rows are swapped", "model/compile.py", "kinds != UPPER, kinds != LOWER", "kinds != LOWER, kinds != UPPER", CHAIN),
    Bug("equations are floors only", "model/compile.py", "kinds != UPPER, kinds != LOWER", "kinds != UPPER, kinds == UPPER", CHAIN),
    Bug("the plan may drop its decisions", "model/optimum.py", "lower=np.where(program.integer, whole, program.lower), upper", "lower=program.lower, upper", "optimum"),
    Bug("the bound is the plan", "model/optimum.py", "min(loaded.bound, solution.objective)", "solution.objective", "optimum"),
    Bug("the gap is money", "model/optimum.py", "distance / cost if cost", "distance if cost", "optimum"),
    Bug("duals of the relaxation are those of the plan", "model/optimum.py", "LoadedProgram(without_integers(program), linear)", "LoadedProgram(given, linear)", "optimum"),
    Bug("shadow prices of all years at once", "model/results.py", "np.divide(raw, weight, out=np.full(len(raw), np.nan), where=weight != 0)", "raw", "results"),
    Bug("ratios upside down", "model/results.py", "np.divide(above, below, out=np.full(len(both), np.nan), where=something)", "np.divide(below, above, out=np.full(len(both), np.nan), where=above != 0)", "results"),
    Bug("costs of a column without its weight", "model/results.py", 'value * table["cost"].to_numpy(float)', 'value * table["unit_price"].to_numpy(float)', "results"),
    Bug("existing capacity is not reported", "model/results.py", 'case.relations[constants].rename(columns={"amount": "value"})', 'case.relations[constants].rename(columns={"amount": "value"}).assign(value=0.0)', "results"),
)
AUDIT = "model/audit/"
CHECK_BUGS = (
    Bug("the check: a year's loss in every period", AUDIT + "operation.py", "kept**period.length", "kept", "differential"),
    Bug("the check: running before the first period is free", AUDIT + "operation.py", "rise.add(living, initial)", "rise.add(living, 1.0)", "differential"),
    Bug("the check: charges of the decision's stage only", AUDIT + "calendar.py", "self.stages[self.stages.index(stage) :]", "self.stages[self.stages.index(stage) : self.stages.index(stage) + 1]", "differential"),
    Bug("the check: violations in a branch count by the year", AUDIT + "indicators.py", "sum(period.weight * period.length for period in periods)", "sum(period.weight for period in periods)", "differential"),
    Bug("the check: rows are not looked at", AUDIT + "proof.py", "np.where(closure, 0.0, broken)", "0.0 * broken", "audit"),
    Bug("the check: a dual of the wrong sign passes", AUDIT + "proof.py", "wrong_sign = np.abs(duals - allowed)", "wrong_sign = 0.0 * np.abs(duals - allowed)", "audit"),
)
BUGS = (*TIME_BUGS, *COLUMN_BUGS, *DECISION_BUGS, *ROW_BUGS, *RELATION_BUGS, *INDICATOR_BUGS, *RULE_BUGS, *ROAD_BUGS, *CHECK_BUGS)
