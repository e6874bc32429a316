"""The rows of the linear program written down a second time, straight from the Case and without Pyomo.

The formulation is what the solver sees; this is what the check sees. The two share nothing but the Case.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.case.structure import TERM_FAMILIES
from model.tables import blank

Blocks = list[pd.DataFrame]  # each with row, column, value


class _Numbered:
    """Case tables with the position of each column and row."""

    def __init__(self, case: Case) -> None:
        self.columns, self.column_count = _number(case.columns, COLUMN_KEYS)
        self.rows, self.row_count = _number(case.rows, ROW_KEYS)

    def block(self, family: str, entries: pd.DataFrame, column: str, on: dict[str, str] | None = None) -> pd.DataFrame:
        """Entries (row key of ``family``, column key under ``on`` names, value) as row, column, value."""
        if entries.empty or self.rows[family].empty or self.columns[column].empty:
            return blank((), ("row", "column", "value"))
        rows = entries.merge(self.rows[family].rename(columns={"position": "row"}), on=list(ROW_KEYS[family]))
        key = {name: (on or {}).get(name, name) for name in COLUMN_KEYS[column]}
        columns = self.columns[column].rename(columns={**key, "position": "column"})
        return rows.merge(columns, on=list(key.values()))[["row", "column", "value"]]


def _number(tables: dict[str, pd.DataFrame], keys: dict[str, tuple[str, ...]]) -> tuple[dict[str, pd.DataFrame], int]:
    numbered, start = {}, 0
    for family, key in keys.items():
        table = tables[family][list(key)].copy()
        table["position"] = np.arange(start, start + len(table))
        numbered[family] = table
        start += len(table)
    return numbered, start


def independent_matrix(case: Case) -> sparse.csr_array:
    """Coefficients of every row of ``case`` (all row families × all column families, in declared order)."""
    numbered = _Numbered(case)
    blocks = [
        *_balances(case, numbered), *_capacities(case, numbered), *_running(case, numbered), *_closures(case, numbered),
        *_demands(case, numbered), *_decisions(case, numbered), *_indicators(case, numbered),
    ]
    entries = pd.concat([block for block in blocks if len(block)] or blocks[:1], ignore_index=True)
    shape = (numbered.row_count, numbered.column_count)
    place = (entries["row"].to_numpy(int), entries["column"].to_numpy(int))
    return sparse.csr_array((entries["value"].to_numpy(float), place), shape=shape)


def _balances(case: Case, numbered: _Numbered) -> Blocks:
    flow, columns = case.columns["flow"], case.columns
    recipe = columns["activity"][["technology", "site", "period"]].merge(case.relations["recipe"], on=["technology", "site"])
    stock = columns["stock"][["commodity", "site", "period"]]
    blocks: Blocks = []
    for family in ("balance", "balance_exact"):
        blocks += [
            numbered.block(family, recipe.assign(value=recipe["quantity"]), "activity"),
            numbered.block(family, flow.assign(site=flow["to"], value=flow["delivered_share"]), "flow"),
            numbered.block(family, flow.assign(site=flow["from"], value=-1.0), "flow"),
            numbered.block(family, columns["supply"].assign(value=1.0), "supply"),
            numbered.block(family, columns["sale"].assign(value=-1.0), "sale"),
            numbered.block(family, stock.assign(value=-1.0), "stock"),
            numbered.block(family, case.relations["retained"].rename(columns={"share": "value"}), "stock", {"period": "previous"}),
        ]
    return blocks


def _changes(case: Case, rows: pd.DataFrame, factor: pd.Series, numbered: _Numbered, family: str) -> Blocks:
    """− factor × Σ effects on the rows (unit, site, period) of ``family``."""
    effect = case.relations["effect"].merge(case.calendar.periods[["period", "stage"]], on="stage").drop(columns="stage")
    entries = rows[["unit", "site", "period"]].assign(factor=factor).merge(effect, on=["unit", "site", "period"])
    size = entries.assign(value=-entries["factor"] * entries["per_size"])
    opened = entries.assign(value=-entries["factor"] * entries["per_open"])
    return [numbered.block(family, size, "size", {"stage": "decided"}), numbered.block(family, opened, "open", {"stage": "decided"})]


def _uses(case: Case, numbered: _Numbered, family: str) -> pd.DataFrame:
    used = case.columns["activity"][["technology", "site", "period"]].merge(case.relations["use"], on=["technology", "site"])
    return numbered.block(family, used.rename(columns={"use": "value"}), "activity")


def _capacities(case: Case, numbered: _Numbered) -> Blocks:
    rows = case.rows["capacity"]
    length = rows["period"].map(case.calendar.periods.set_index("period")["length"])
    return [_uses(case, numbered, "capacity"), *_changes(case, rows, length, numbered, "capacity")]


def _running(case: Case, numbered: _Numbered) -> Blocks:
    table = case.relations["running"]
    one = pd.Series(1.0, index=table.index)
    stated = table["first"] & table["initial"].notna()
    before = table[~stated].assign(value=1.0)
    return [
        numbered.block("running_capacity", table.assign(value=1.0), "running"), *_changes(case, table, one, numbered, "running_capacity"),
        _uses(case, numbered, "running_use"), numbered.block("running_use", table.assign(value=-table["length"]), "running"),
        _uses(case, numbered, "minimum_load"),
        numbered.block("minimum_load", table.assign(value=-table["min_load"] * table["length"]), "running"),
        numbered.block("restart_rise", table.assign(value=1.0), "restart"), numbered.block("restart_rise", table.assign(value=-1.0), "running"),
        numbered.block("restart_rise", before, "running", {"period": "previous"}),
        *_changes(case, table[stated], -table.loc[stated, "initial"], numbered, "restart_rise"),
        numbered.block("restart_limit", table.assign(value=1.0), "restart"),
        *_changes(case, table, table["restart_share"].fillna(0.0), numbered, "restart_limit"),
    ]


def _closures(case: Case, numbered: _Numbered) -> Blocks:
    effect = case.relations["effect"]
    size, opened = effect.rename(columns={"per_size": "value"}), effect.rename(columns={"per_open": "value"})
    result = []
    for entries, column in ((size, "size"), (opened, "open")):
        renamed = numbered.columns[column].rename(columns={"stage": "decided", "position": "column"})
        rows = entries.merge(numbered.rows["closure"].rename(columns={"position": "row"}), on=["unit", "site", "stage"])
        result.append(rows.merge(renamed, on=["option", "decided"])[["row", "column", "value"]])
    return result


def _demands(case: Case, numbered: _Numbered) -> Blocks:
    sold = case.columns["sale"].merge(case.relations["content"], on="commodity").rename(columns={"content": "value"})
    return [
        numbered.block("must_serve", case.columns["sale"].assign(value=1.0), "sale"),
        numbered.block("must_serve", case.columns["short"].assign(value=1.0), "short"),
        numbered.block("basket_floor", sold, "sale"), numbered.block("basket_ceiling", sold, "sale"),
    ]


def _decisions(case: Case, numbered: _Numbered) -> Blocks:
    opened, size, point, flow = (case.columns[family] for family in ("open", "size", "point", "flow"))
    source = case.columns["source"]
    brought = flow.merge(source[list(COLUMN_KEYS["source"])], on=list(COLUMN_KEYS["source"]))
    return [
        numbered.block("size_floor", size.assign(value=1.0), "size"),
        numbered.block("size_floor", opened.assign(value=-opened["min_size"]), "open"),
        numbered.block("size_ceiling", size.assign(value=1.0), "size"),
        numbered.block("size_ceiling", opened.assign(value=-opened["max_size"]), "open"),
        numbered.block("point_choice", point.assign(value=1.0), "point"), numbered.block("point_choice", opened.assign(value=-1.0), "open"),
        numbered.block("point_size", size.assign(value=1.0), "size"), numbered.block("point_size", point.assign(value=-point["size_there"]), "point"),
        numbered.block("lane_charge", flow.assign(value=1.0), "flow"),
        numbered.block("lane_charge", flow.assign(value=-flow["largest"]), "lane_open", {"when": "when"}),
        numbered.block("single_source", source.rename(columns={"to": "site"}).assign(value=1.0), "source", {"to": "site"}),
        numbered.block("source_flow", brought.assign(value=brought["delivered_share"]), "flow"),
        numbered.block("source_flow", source.assign(value=-source["amount"]), "source"),
    ]


def _indicators(case: Case, numbered: _Numbered) -> Blocks:
    blocks: Blocks = []
    excess = case.columns["excess"]
    for side, sign, limit in (("floor", 1.0, "min"), ("ceiling", -1.0, "max")):
        for family in TERM_FAMILIES:
            terms = case.relations[f"{side}_{family}"].rename(columns={"coefficient": "value"})
            blocks.append(numbered.block(f"indicator_{side}", terms, family))
        blocks.append(numbered.block(f"indicator_{side}", excess[excess["side"] == limit].assign(value=sign), "excess"))
    return blocks
