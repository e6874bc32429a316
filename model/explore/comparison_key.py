"""The table that a comparison begins with: the objective of every plan and what moves it most, side by side."""

from __future__ import annotations

from model import words
from model.explore.amounts import OUTPUT
from model.explore.compare import CLOSES, OPENS, RESIDUAL, SAME, Comparison
from model.explore.numbers_said import NONE, aligned, said_change, said_number
from model.words.lookup import known

MOST = 6  # cost classes shown


def rows(found: Comparison, language: str) -> list[list[str]]:
    """A column per plan: the objectives, their differences from the first, the classes of cost that move most, what starts and stops."""
    first, others = found.names[0], found.names[1:]
    unit = known(f"compare.unit_{found.first.unit.replace(' ', '_')}", found.first.unit)[words.LANGUAGES.index(language)]
    table = [["", *found.names]]
    table.append([_said("key_objective", language, unit=unit).replace("()", ""), *(said_number(found.objective(name)) for name in found.names)])
    table.append([_said("key_difference", language), NONE, *(said_change(found.objective(name) - found.objective(first)) for name in others)])
    splits = found.splits[(found.splits["dimension"] == "cost_class") & (found.splits["id"] != RESIDUAL)]
    largest = splits["change"].abs().groupby(splits["id"], sort=False).max()
    for part in largest[largest > SAME].nlargest(MOST).index:
        mine = splits[splits["id"] == part].set_index("plan")
        name = str(mine[f"name_{language}"].iloc[0])
        changes = (said_change(float(mine["change"].get(plan, 0.0))) for plan in others)
        table.append([_said("key_part", language, name=name), said_number(float(mine["reference"].max(skipna=True))), *changes])
    moved = found.changes[found.changes["what"] == OUTPUT]
    for verdict in (OPENS, CLOSES):
        counts = [int(((moved["plan"] == name) & (moved["verdict"] == verdict)).sum()) for name in others]
        if any(counts):
            table.append([_said(f"key_{verdict}", language), NONE, *map(str, counts)])
    return table


def lines(found: Comparison, language: str) -> list[str]:
    """The table under its heading."""
    return [_said("key_head", language, name=found.names[0]), *aligned(rows(found, language))]


def _said(key: str, language: str, **facts: object) -> str:
    return words.text(f"compare.{key}", language, **facts)
