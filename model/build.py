"""Case → Pyomo model: sparse sets, parameters and variables, then one constraint per card. The plain road to the program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.case.structure import INTEGER_FAMILIES, TERM_FAMILIES
from model.declare import SIDES, Declarations, Members, Parameter, declare
from model.formulation import CARDS, Card
from model.formulation.objective import cost

Key = tuple[Any, ...]


def build(case: Case, cards: Sequence[Card] = CARDS) -> pyo.ConcreteModel:
    """The linear program of ``case``: minimise cost. Columns and rows are named by family and index."""
    model = pyo.ConcreteModel()
    with PauseGC():
        for family in COLUMN_KEYS:
            _variable(model, family, case.columns[family])
        declared = declare(case)
        add_declared(model, declared, case)
        link(model)
        for card in cards:
            index = pyo.Set(initialize=_keys(case.rows[card.name], ROW_KEYS[card.name]), dimen=len(ROW_KEYS[card.name]))
            model.add_component(f"{card.name}_index", index)
            model.add_component(card.name, pyo.Constraint(index, rule=card.rule))
        model.cost = pyo.Objective(rule=cost, sense=pyo.minimize)
    return model


def add_declared(model: Any, declared: Declarations, case: Case) -> None:
    """Parameters and sets with their values."""
    for name, parameter in declared.parameters.items():
        _param(model, name, parameter)
    asked = {item.asked: [key for family in item.asked for key in _keys(case.rows[family], ROW_KEYS[family])] for item in declared.members.values()}
    for name, item in declared.members.items():
        _set(model, name, item, asked[item.asked])


def link(model: Any) -> None:
    """``indicator_terms``: (column, coefficient, members) by side; ``priced``: (column, price, keys). What rules loop over."""
    part = model.component
    model.indicator_terms = {
        side: [(part(family), part(f"{side}_{family}"), part(f"{side}_{family}".upper())) for family in TERM_FAMILIES] for side in SIDES
    }
    model.priced = [(part(family), part(f"{family}_price"), part(f"{family}_index")) for family in COLUMN_KEYS]


def _keys(table: pd.DataFrame, names: Sequence[str]) -> list[Key]:
    return list(zip(*(table[name] for name in names), strict=True))


def _param(model: Any, name: str, parameter: Parameter) -> None:
    keys = _labels(parameter.table, parameter.key)
    values = dict(zip(keys, parameter.values.tolist(), strict=True))
    model.add_component(name, pyo.Param(keys, initialize=values, within=pyo.Any))


def _set(model: Any, name: str, item: Members, index: list[Key]) -> None:
    """For every key of ``index`` the members of its rows in order; a key without rows gets an empty set."""
    rows = item.rows
    mine = rows.table if rows.kept is None else rows.table[rows.kept]
    table = mine if rows.other is None else _joined(mine, rows.other, item, rows.on)
    members: dict[Key, list[Any]] = {key: [] for key in index}
    for key, member in zip(_keys(table, item.by), _labels(table, item.members), strict=True):
        if key in members:
            members[key].append(member)
    model.add_component(name, pyo.Set(index, initialize=members, dimen=len(item.members)))


def _joined(table: pd.DataFrame, other: pd.DataFrame, item: Members, on: Sequence[str]) -> pd.DataFrame:
    wanted = {*item.by, *item.members, *on}
    mine = [name for name in table if name in wanted]
    others = [name for name in other if name in wanted and (name in on or name not in mine)]
    return table[mine].merge(other[others], on=list(on))


def _labels(table: pd.DataFrame, names: Sequence[str]) -> list[Any]:
    """Keys of the rows; of a single name its cells themselves."""
    return _keys(table, names) if len(names) > 1 else list(table[names[0]])


def _variable(model: Any, family: str, table: pd.DataFrame) -> None:
    keys = _keys(table, COLUMN_KEYS[family])
    index = pyo.Set(initialize=keys, dimen=len(COLUMN_KEYS[family]))
    model.add_component(f"{family}_index", index)
    bounds = dict(zip(keys, zip(table["lower"], table["upper"], strict=True), strict=True))

    def bound(_: Any, *place: Any) -> tuple[float, float]:
        return bounds[place]

    domain = pyo.Binary if family in INTEGER_FAMILIES else pyo.Reals
    model.add_component(family, pyo.Var(index, domain=domain, bounds=bound))
