"""Colours and goods groups: the palette of Okabe and Ito, which colour-blind readers tell apart."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from maps.view import ReportView

ASSETS: Final = Path(__file__).parent / "assets"

STAGE_COLOURS: Final = {
    "alumina": "#e69f00",
    "primary": "#d55e00",
    "casting": "#cc79a7",
    "processing": "#0072b2",
    "recycled": "#009e73",
    "sorting": "#8c6d00",
    "residue": "#7f7f7f",
    "power": "#f0e442",
    "other": "#56b4e9",
}
COST_COLOURS: Final = {"cash": "#0072b2", "capital": "#e69f00", "rent": "#cc79a7"}
SERIES: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7f7f7f", "#004c6d", "#8c6d00")
WATER_CASING: Final = "#8ec1ea"


@dataclass(frozen=True)
class Group:
    """A family of goods drawn in one colour."""

    key: str
    zh: str
    en: str
    colour: str
    goods: tuple[str, ...]


@cache
def groups() -> tuple[Group, ...]:
    """All groups in drawing order; the last one takes every good that no other names."""
    with (ASSETS / "goods.toml").open("rb") as file:
        table = tomllib.load(file)
    return tuple(Group(key, row["zh"], row["en"], row["colour"], tuple(row["goods"])) for key, row in table.items())


def group_of(view: ReportView) -> dict[str, str]:
    """commodity → key of its group, by the view's own column where it is filled, else by ``assets/goods.toml``."""
    known = {good: group.key for group in groups() for good in group.goods}
    keys = {group.key for group in groups()}
    rest = groups()[-1].key
    return {
        good: own if own in keys else known.get(good, rest)
        for good, own in zip(view.commodities["commodity"], view.commodities["group"], strict=True)
    }
