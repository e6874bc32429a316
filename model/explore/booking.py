"""All money of a plan booked once by column, under its cost class, the good it is for and its stage of the chain.

A process, and the capacity it runs on, belongs to the good it mainly makes (of a process that makes none: to the one it
uses up); everything else belongs to the good that is bought, moved, stored, sold or missing. Prices of indicators and of
soft bounds belong to no good. Whatever the split, its parts add up to the objective.
"""

from __future__ import annotations

import pandas as pd

from model.case import COLUMN_KEYS
from model.explore.labels import Labels
from model.gains import DECIDED
from model.pipeline import Planned

POLICY = "policy"  # cost class and stage of indicator prices
STAGE_OF = {
    "flow": "freight", "lane_open": "freight", "source": "freight", "supply": "purchases", "sale": "sales", "short": "shortage",
    "stock": "stocks", "excess": POLICY,
}
RIGHTS = "rights"  # options that build nothing: quota bought or divided
COLUMNS = ("family", "cost_class", "good", "stage", "money")


class Book:
    """What the columns of a plan serve."""

    def __init__(self, plan: Planned) -> None:
        self.plan = plan
        self.labels = Labels(plan)
        self.good = main_goods(plan)
        self._built = plan.results.case.relations["effect"].drop_duplicates("option").set_index("option")[["unit", "site"]]

    def maker(self, row: dict[str, str]) -> tuple[str, str]:
        """Technology and site that a process, unit or option serves; blanks where it serves none."""
        if "technology" in row:
            return row["technology"], row["site"]
        if "option" in row:
            if row["option"] not in self._built.index:
                return "", ""
            row = {str(name): str(cell) for name, cell in self._built.loc[row["option"]].items()}
        return self.labels.maker.get((row["unit"], row["site"]), ""), row["site"]


def main_goods(plan: Planned) -> dict[tuple[str, str], str]:
    """(technology, site) → the good it makes most of, else the one it uses most of; the first by name among equals."""
    recipe = plan.results.case.relations["recipe"]
    ranked = recipe.assign(makes=recipe["quantity"] > 0, size=recipe["quantity"].abs())
    ranked = ranked.sort_values(["makes", "size", "commodity"], ascending=[False, False, True], kind="stable")
    first = ranked.drop_duplicates(["technology", "site"])
    return dict(zip(zip(first["technology"], first["site"], strict=True), first["commodity"], strict=True))


def booked(plan: Planned) -> pd.DataFrame:
    """One row per column of the plan and kind of money (columns ``COLUMNS``), in the unit of the objective; without zeros."""
    book = Book(plan)
    parts = [pd.DataFrame(columns=list(COLUMNS)).astype({"money": float})]
    for family, key in COLUMN_KEYS.items():
        table = plan.results.values[family]
        used = table[(table["cost"] != 0) | (table["charge"] != 0)]
        if len(used):
            parts.append(_family(book, family, [name for name in key if name != "period"], used))
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _family(book: Book, family: str, key: list[str], table: pd.DataFrame) -> pd.DataFrame:
    rows = [{str(name): str(cell) for name, cell in row.items()} for row in table[key].to_dict("records")]
    if "commodity" in key:
        goods, stages = [row["commodity"] for row in rows], [STAGE_OF[family]] * len(rows)
    elif family == "excess":
        goods, stages = [""] * len(rows), [POLICY] * len(rows)
    else:
        makers = [book.maker(row) for row in rows]
        goods = [book.good.get(maker, "") for maker in makers]
        none = RIGHTS if family in DECIDED else "other"
        stages = [book.labels.stage(technology) if technology else none for technology, _ in makers]
    about = pd.DataFrame({"family": family, "good": goods, "stage": stages})
    money = about.assign(cost_class=table["cost_class"].to_numpy(), money=table["cost"].to_numpy(float))
    charge = about.assign(cost_class=POLICY, money=table["charge"].to_numpy(float))
    both = pd.concat([money, charge], ignore_index=True)
    return both.loc[both["money"] != 0, list(COLUMNS)]
