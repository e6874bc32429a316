"""Ledgers of a plan: what was created, bought, carried over, used and lost in every account, and that it all adds up.

The bounds of an account stand in indicators; the ledger is kept apart from them, from the sizes of the options alone, so
that a plan which uses more than there is does not pass, whatever the indicators say. The oldest right is used first;
rights of one stage serve their users in proportion, as nothing in the plan says whose right serves whom.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import numpy as np
import pandas as pd

from model.audit import Check
from model.case import COLUMN_KEYS, Case
from model.compile import Floats
from model.tables import blank

TOLERANCE = 1e-6  # share of what is used
NOISE = 1e-9  # smaller amounts are the solver's rounding
AMOUNTS = ("carried_in", "created", "bought", "used", "expired", "carried_out", "overdrawn")
ACCOUNT_TEXTS, ACCOUNT_NUMBERS = ("ledger", "stage"), ("given_up", "ratio", *AMOUNTS, "worth", "worth_once")
USE_TEXTS, USE_NUMBERS = ("ledger", "stage", "source", "user"), ("amount", "payment")


@dataclass(frozen=True)
class Ledgers:
    """The accounts of a plan, in the unit of each ledger (rights).

    ``accounts``: ledger, stage, given_up (created × ratio), ratio, carried_in + created + bought − used − expired − carried_out
    = −overdrawn. ``worth``: what one more unit given up or bought from that stage on is worth, objective per unit and
    year; ``worth_once``: the one-off price of the same yearly charge. ``uses``: ledger, stage of use, source and user
    (options), amount, payment (inside price × amount over the remaining years, from user to source; what was bought
    outside has been paid for already).
    """

    accounts: pd.DataFrame
    uses: pd.DataFrame
    check: Check


@dataclass
class _Book:
    """One account from stage to stage: lots of rights by the stage of their creation, oldest first."""

    lots: list[tuple[int, int, dict[str, float]]] = field(default_factory=list)  # created in, last stage of use, option → amount

    @property
    def left(self) -> float:
        return sum(sum(lot.values()) for _, _, lot in self.lots)

    def expire(self, stage: int) -> float:
        """Drop what may not be used in ``stage`` any more; how much that was."""
        lost = sum(sum(lot.values()) for _, last, lot in self.lots if last < stage)
        self.lots = [lot for lot in self.lots if lot[1] >= stage]
        return lost

    def add(self, stage: int, last: int, option: str, amount: float) -> None:
        """Put in what an option creates or buys in ``stage``."""
        for created, until, lot in self.lots:
            if (created, until) == (stage, last):
                lot[option] = lot.get(option, 0.0) + amount
                return
        self.lots.append((stage, last, {option: amount}))

    def take(self, need: float) -> dict[str, float]:
        """Use up to ``need``, what ends first going first; option → amount."""
        taken: defaultdict[str, float] = defaultdict(float)
        for _, _, lot in sorted(self.lots, key=lambda lot: (lot[1], lot[0])):
            held = sum(lot.values())
            share = min(1.0, need / held) if held > NOISE else 0.0
            for option in lot:
                taken[option] += share * lot[option]
                lot[option] *= 1.0 - share
            need -= share * held
        return dict(taken)


def keep(case: Case, sizes: pd.DataFrame, ceilings: pd.DataFrame | None = None) -> Ledgers:
    """The ledgers of a plan with ``sizes`` (option, stage, value) over ``case``, and the check that they close.

    ``ceilings``: duals of the indicator ceilings (indicator, group, raw); without them nothing has a worth.
    """
    stages = case.calendar.stages
    amounts = _amounts(case, sizes)
    accounts: list[dict[str, object]] = []
    uses: list[dict[str, Any]] = []
    for account in case.labels["ledgers"].to_dict("records"):
        book, mine = _Book(), amounts[amounts["ledger"] == account["ledger"]]
        for number, stage in enumerate(stages):
            row, taken = _stage(book, mine[mine["number"] == number], number)
            worth = _worth(case, account, mine, stage, ceilings)
            once = worth / account["annuity"] if account["annuity"] > 0 else math.nan
            given = row["created"] * account["ratio"]
            said = {"ledger": account["ledger"], "stage": stage, "given_up": given, "ratio": account["ratio"]}
            accounts.append({**said, **row, "worth": worth, "worth_once": once})
            paid = account["price"] * case.calendar.remaining_weight[stage]
            uses += [{"ledger": account["ledger"], "stage": stage, **use, "payment": use["inside"] * paid} for use in taken]
    table = pd.DataFrame(accounts, columns=[*ACCOUNT_TEXTS, *ACCOUNT_NUMBERS]) if accounts else blank(ACCOUNT_TEXTS, ACCOUNT_NUMBERS)
    users = pd.DataFrame(uses, columns=[*USE_TEXTS, *USE_NUMBERS]) if uses else blank(USE_TEXTS, USE_NUMBERS)
    return Ledgers(table, users, _check(case, table, sizes))


def checks(case: Case, values: Floats) -> tuple[Check, ...]:
    """The check of the ledgers of a plan with ``values`` per column, in family order; none where there are no ledgers."""
    if case.labels["ledgers"].empty:
        return ()
    start = sum(len(case.columns[family]) for family in takewhile(lambda family: family != "size", COLUMN_KEYS))
    table = case.columns["size"][["option", "stage"]]
    return (keep(case, table.assign(value=values[start : start + len(table)])).check,)


def _amounts(case: Case, sizes: pd.DataFrame) -> pd.DataFrame:
    """ledger, kind, option, number (of the stage), amount, last (number of the last stage of use) of every entry."""
    order = {stage: number for number, stage in enumerate(case.calendar.stages)}
    entries = case.labels["ledger_entries"].merge(sizes.rename(columns={"value": "size"})[["option", "stage", "size"]], on="option")
    entries = entries[(entries["period"] == "*") | (entries["period"] == entries["stage"])]
    amount = entries["coefficient"] * entries["size"]
    return entries[["ledger", "kind", "option", "stage"]].assign(
        number=entries["stage"].map(order), last=entries["until"].map(order).fillna(len(order)).astype(int),
        amount=amount.where(amount.abs() > NOISE, 0.0),
    )


def _stage(book: _Book, rows: pd.DataFrame, number: int) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """One stage of an account, and who used what of whom."""
    row = {"carried_in": book.left, "expired": book.expire(number)}
    for kind in ("created", "bought", "used"):
        row[kind] = float(rows.loc[rows["kind"] == kind, "amount"].sum())
    for entry in rows[rows["kind"] != "used"].to_dict("records"):
        book.add(number, entry["last"], entry["option"], entry["amount"])
    taken = book.take(row["used"])
    row["overdrawn"] = max(0.0, row["used"] - sum(taken.values()))
    row["carried_out"] = book.left
    users = rows[(rows["kind"] == "used") & (rows["amount"] > 0)]
    outside = set(rows.loc[rows["kind"] == "bought", "option"])
    found = []
    for source, part in sorted((source, part) for source, part in taken.items() if part > NOISE):
        for user, amount in zip(users["option"], users["amount"], strict=True):
            share = part * float(amount) / row["used"]
            found.append({"source": source, "user": str(user), "amount": share, "inside": 0.0 if source in outside else share})
    return row, found


def _worth(case: Case, account: dict[object, object], mine: pd.DataFrame, stage: str, ceilings: pd.DataFrame | None) -> float:
    """Objective per year that one more unit given up or bought from ``stage`` on would save; NaN where nothing could be.

    A unit of that stage counts in every bound that its entries stand in: the sum of their prices, over the years left.
    """
    terms = case.relations["ceiling_size"]
    held = terms["indicator"].isin(str(account["indicators"]).split(";"))
    makers = set(mine.loc[mine["kind"] != "used", "option"])
    here = terms[held & (terms["stage"] == stage) & terms["option"].isin(makers) & (terms["coefficient"] < 0)]
    years = case.calendar.remaining_weight[stage]
    if ceilings is None or here.empty or not years > 0:
        return math.nan
    rows = here[["indicator", "group"]].drop_duplicates().merge(ceilings, on=["indicator", "group"])
    return -float(rows["raw"].sum()) / years + 0.0


def _check(case: Case, accounts: pd.DataFrame, sizes: pd.DataFrame) -> Check:
    """That no account is overdrawn and that nothing is built beside it: residual as a share of what is used."""
    used = accounts["used"].to_numpy(float)
    residual = accounts["overdrawn"].to_numpy(float) / np.maximum(1.0, used)
    places = [f"ledger({ledger}, {stage})" for ledger, stage in zip(accounts["ledger"], accounts["stage"], strict=True)]
    beside = _beside(case, sizes)
    residual = np.append(residual, beside["amount"].to_numpy(float) / max(1.0, float(used.sum())))
    places += [f"ledger({option})" for option in beside["option"]]
    if not len(residual):
        return Check("ledger", 0.0, TOLERANCE, "")
    worst = int(np.argmax(np.where(np.isnan(residual), np.inf, residual)))
    return Check("ledger", float(residual[worst]), TOLERANCE, places[worst] if residual[worst] > 0 else "")


def _beside(case: Case, sizes: pd.DataFrame) -> pd.DataFrame:
    """option, amount: capacity added to a unit that needs a right, by options that use none."""
    entries, effect = case.labels["ledger_entries"], case.relations["effect"]
    users = set(entries.loc[entries["kind"] == "used", "option"])
    added = effect[(effect["stage"] == effect["decided"]) & (effect["per_size"] > 0)]
    units = set(added.loc[added["option"].isin(users), "unit"])
    others = added[added["unit"].isin(units) & ~added["option"].isin(users)]
    built = others.merge(sizes[["option", "stage", "value"]], on=["option", "stage"])
    return pd.DataFrame({"option": built["option"], "amount": built["per_size"] * built["value"]})
