"""Retrofit of old potlines: an option that moves capacity to a second line of the same plant with a lower use of power.

Potline ``potline_<plant>`` loses what ``potline_<plant>_retrofit`` gains; site, supplier of power, inputs and running
rules stay. The comprehensive use falls by as much as the AC use of molten metal: the auxiliaries stay as they are.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace

from model.expand.amounts import amount
from model.expand.finance import Money
from model.expand.investment import CAPITAL
from model.expand.plants import Line, Rows, new_potlines, potlines
from model.expand.rows import Record, origin, records
from model.tables import Tables
from model.units import factor

SUFFIX = "_retrofit"
INDICATOR = "retrofitted_capacity"
EVERY = "*"


def _rules(tables: Tables) -> dict[str, Record]:
    return {row["plant"]: row for row in records(tables, "retrofits") if row["in_use"]}


def retrofit_lines(tables: Tables, old: tuple[Line, ...]) -> tuple[Line, ...]:
    """The retrofitted twin of every line in ``old`` that a row of ``retrofits`` in use improves; a plant's own row wins."""
    rules = _rules(tables)
    lines = []
    for line in old:
        rule = rules.get(line.row["plant"], rules.get(EVERY))
        if rule is not None and float(rule["ac_intensity"]) < line.ac_intensity:
            saved = (line.ac_intensity - float(rule["ac_intensity"])) * factor("kWh/t")
            lines.append(replace(
                line, technology=line.technology + SUFFIX, unit=line.unit + SUFFIX, capacity=0.0,
                intensity=line.intensity - saved, ac_intensity=float(rule["ac_intensity"]),
            ))
    return tuple(lines)


def smelting_lines(tables: Tables, core: Tables) -> tuple[Line, ...]:
    """Every existing, retrofitted and new potline that may run according to ``core``."""
    permitted = {row["technology"] for row in records(core, "tech_sites")}
    old = potlines(tables)
    return tuple(line for line in (*old, *retrofit_lines(tables, old), *new_potlines(tables)) if line.technology in permitted)


def retrofit_rows(tables: Tables, old: tuple[Line, ...], retrofitted: tuple[Line, ...], money: Money) -> Rows:
    """One option per retrofitted line: yearly charge = investment x annuity over its life; size up to its largest share."""
    rows: Rows = defaultdict(list)
    rules, before = _rules(tables), {line.technology + SUFFIX: line for line in old}
    for line in retrofitted:
        rule, option = rules.get(line.row["plant"], rules.get(EVERY, {})), f"retrofit_{line.row['plant']}"
        carried = origin(rule)
        share = 1.0 if math.isnan(float(rule["largest_share"])) else float(rule["largest_share"])
        charge = money.yearly(amount("retrofits", rule, "capex"), amount("retrofits", rule, "life"))
        rows["options"].append({
            "option": option, "site": line.site, "variable_cost": charge, "cost_class": CAPITAL,
            "max_size": before[line.technology].capacity * share, **carried,
        })
        for unit, effect in ((before[line.technology].unit, -1.0), (line.unit, 1.0)):
            rows["option_effects"].append({"option": option, "unit": unit, "site": line.site, "per_size": effect, **carried})
        rows["indicator_terms"].append({"indicator": INDICATOR, "kind": "size", "a": option, "coefficient": 1.0, **carried})
    for rule in list(rules.values())[: 1 if retrofitted else 0]:
        names = {name: rule[name] for name in ("name_zh", "name_en", "clause")}
        rows["indicators"].append({"indicator": INDICATOR, "unit": "kt/yr", "scope": "stage", **names, **origin(rule)})
    return rows
