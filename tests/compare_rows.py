"""Which rows the tables of a comparison must have: all that change, none that do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd
from compare_tables import SPLITS, gained, sums, unit_name
from compare_truth import Versus, moves, outputs, place_name, signed, users
from page_blocks import Block
from page_truth import Truth

SPLIT_TABLES = {("money", 0): "class", ("money", 1): "stage", ("money", 2): "good", ("gains", 1): "region", ("gains", 2): "city", ("gains", 3): "site"}
LEAST = 0.5  # kt a year
Key = tuple[str, ...]


def shown(found: Iterable[Block]) -> dict[tuple[str, int], set[Key]]:
    """(part, table) → what names its rows, without those that add others up."""
    rows: defaultdict[tuple[str, int], set[Key]] = defaultdict(set)
    for block in found:
        cells = block.english
        if block.kind == "tr" and block.counts and cells[0] != "sum" and " together, " not in cells[0]:
            rows[block.part, block.table].add((cells[0], *cells[2:4]) if block.part == "changes" else (cells[0],))
    return rows


def wanted(truth: Versus) -> dict[tuple[str, int], set[Key]]:
    """The same from both run folders: tables of money, gains, capacity and output, indicators."""
    found = {place: _split(truth, name) for place, name in SPLIT_TABLES.items()}
    return found | {("gains", 0): _gained(truth), ("changes", 0): _changed(truth), ("indicators", 0): _indicators(truth)}


def _split(truth: Versus, name: str) -> set[Key]:
    """Parts with a change; those without one where they are fewer than three and not 0."""
    assert name in SPLITS
    table = truth.once(f"split {name}", lambda found: sums(found, name))
    moved = (table["after"] - table["before"]).map(lambda change: bool(signed(change)))
    still = table[~moved & (table.abs().max(axis=1) >= 5e-4)]
    return {(one,) for one in [*table.index[moved], *(still.index if len(still) < 3 else ())]}


def _gained(truth: Versus) -> set[Key]:
    before, after = truth.once("gained", lambda found: found.each(gained))
    region = truth.plans[0].core["sites"].set_index("site")["region"].reindex(before.index).map(place_name)
    names = {key: name for name, key in truth.sites.items()}
    found = set()
    for first, second in ((before.rename(names), after.rename(names)), (before.groupby(region).sum(), after.groupby(region).sum())):
        found |= {(place,) for place in first.index if any(moves(*pair) for pair in zip(first.loc[place], second.loc[place], strict=True))}
    return found


def _changed(truth: Versus) -> set[Key]:
    """(place, capacity or output, name) that changes by half a kt a year or more."""
    names, found = {key: name for name, key in truth.sites.items()}, set()
    before, after = truth.each(lambda plan: pd.concat({"output": outputs(plan), "capacity": _able(plan)}))
    change = after.sub(before, fill_value=0.0)
    for what, thing, site in change.index[change.abs() >= LEAST]:
        plan = truth.plans[1] if what == "output" or users(truth.plans[1], thing, site) else truth.plans[0]
        name = plan.technology_names[thing] if what == "output" else unit_name(plan, thing, site)
        found.add((names[site], what, name))
    return found


def _able(truth: Truth) -> pd.Series:
    """(unit, site) → capacity after all options, kt a year."""
    table = truth.capacity.set_index(["unit", "site"])
    return table["existing"] + table["added"] - table["closed"]


def _indicators(truth: Versus) -> set[Key]:
    first, second = truth.plans
    found = set()
    for said, name in first.indicator_names.items():
        before, after = first.indicator(name), second.indicator(name)
        if moves(before, after) and signed(after - before):
            found.add((said,))
    return found
