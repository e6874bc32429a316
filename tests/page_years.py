"""The page of a plan with several planning years or branches beside its run folder: amounts of one year expected over its branches, worked out anew."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import page_folder
import pandas as pd
from runs import ROOT
from test_page_numbers import CELL, plain

FAMILIES = ("activity", "flow", "supply", "sale", "short", "stock", "running", "restart")
EVERY = "*"


@dataclass(frozen=True)
class Table:
    """A table of the page in English: the heading before it, heads and rows; ``section``: where it stands."""

    section: str
    heading: str
    heads: list[str]
    rows: list[list[str]]


class Page:
    """One run folder: its page, the variables of results.nc and the core tables of case/."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.text = (folder / "report.html").read_text(encoding="utf-8")
        self.found, self.core = page_folder.values(folder), page_folder.core(folder)
        self.objective = page_folder.objective(folder)

    @cached_property
    def periods(self) -> pd.DataFrame:
        """Index: period; stage, branch, length, weight, probability."""
        return self.core["periods"].sort_values("order").set_index("period")

    @cached_property
    def stages(self) -> list[str]:
        return list(dict.fromkeys(self.periods["stage"]))

    @property
    def shown(self) -> str:
        """The planning year of the page: the last."""
        return self.stages[-1]

    @cached_property
    def weight(self) -> dict[str, float]:
        """Stage → Σ weight × probability × length (R4)."""
        rows = self.periods
        sums = (rows["weight"] * rows["probability"] * rows["length"]).groupby(rows["stage"]).sum()
        return {stage: float(sums[stage]) for stage in self.stages}

    def remaining(self, stage: str) -> float:
        """Weight of ``stage`` and all after it: what an annual charge from there on is multiplied by (R5)."""
        return sum(self.weight[one] for one in self.stages[self.stages.index(stage):])

    def timed(self, family: str) -> pd.DataFrame:
        """The variable as ``value`` with stage, length, weight and ``expected`` = value × probability."""
        table = self.found[family].rename(columns={family: "value"}).join(self.periods[["stage", "branch", "length", "weight", "probability"]], on="period")
        return table.assign(expected=table["value"] * table["probability"])

    def year(self, family: str) -> pd.DataFrame:
        """``timed`` for the planning year of the page."""
        table = self.timed(family)
        return table[table["stage"] == self.shown]

    def sizes(self) -> pd.DataFrame:
        """option, stage, size."""
        return self.found["size"]

    def capacity(self, stage: str) -> pd.DataFrame:
        """unit, site, existing, added, closed (kt a year) in one planning year: its own and every row for all years, decisions up to it."""
        rows = self.core["capacity"]
        stands = rows[rows["period"].isin([EVERY, "", stage])].groupby(["unit", "site"], as_index=False)["amount"].sum().rename(columns={"amount": "existing"})
        before = self.stages[: self.stages.index(stage) + 1]
        decided = self.sizes()[self.sizes()["stage"].isin(before)]
        change = self.core["option_effects"].merge(decided, on="option")
        change["change"] = change["per_size"].fillna(0.0) * change["size"]
        change = change.assign(added=change["change"].clip(lower=0.0), closed=-change["change"].clip(upper=0.0))
        sums = change.groupby(["unit", "site"], as_index=False)[["added", "closed"]].sum()
        return stands.merge(sums, on=["unit", "site"], how="outer").fillna(0.0)

    def rated(self, amounts: pd.DataFrame, table: str, keys: list[str]) -> pd.DataFrame:
        """Every amount with the row of its period, else of its stage, else of every period (R2)."""
        rates = self.core[table].rename(columns={"period": "when"})
        joined = amounts.merge(rates.drop(columns=[name for name in ("source", "grade", "note") if name in rates]), on=keys)
        rank = (joined["when"] == joined["period"]) * 3 + (joined["when"] == joined["stage"]) * 2 + joined["when"].isin([EVERY, ""]) * 1
        joined = joined.assign(rank=rank)[rank > 0]
        return joined.sort_values("rank").drop_duplicates([*keys, "period"], keep="last")

    def called(self, table: str, key: str) -> dict[str, str]:
        """English name → id."""
        return page_folder.called(self.core[table], key)

    def stage_named(self, name: str) -> str:
        """The stage of a year told on the page: ``y2025`` of ``2025`` and of ``2025 (year of the targets)``."""
        return next(stage for stage in self.stages if stage.removeprefix("y") == name.split(" ")[0])

    @cached_property
    def branch_named(self) -> dict[str, str]:
        """English name of a branch → its id, as the dataset states them."""
        table = pd.read_csv(ROOT / "data" / "chuanyu" / "hydrology.csv", encoding="utf-8-sig")
        return dict(zip(table["name_en"], table["branch"], strict=True))

    def section(self, name: str) -> str:
        """The markup of a section."""
        return re.search(rf'<section[^>]*id="{name}".*?</section>', self.text, re.S).group(0)

    def tables(self, name: str) -> list[Table]:
        """All tables of a section in their order."""
        found = []
        for part in re.finditer(r"(?:<h3>(?P<h3>.*?)</h3>|<summary>(?P<summary>(?:(?!</summary>).)*)</summary>)?(?P<between>(?:(?!<table|<h3|<summary).)*)<table[^>]*>(?P<table>.*?)</table>", self.section(name), re.S):
            head = re.search(r"<thead>(.*?)</thead>", part["table"], re.S)
            body = re.search(r"<tbody>(.*?)</tbody>", part["table"], re.S)
            rows = [[plain(cell) for cell in CELL.findall(row)] for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.S)]
            found.append(Table(name, plain(part["h3"] or part["summary"] or ""), [plain(cell) for cell in CELL.findall(head[1])] if head else [], rows))
        return found

    def sentences(self) -> list[str]:
        """The sentences on top and below the goals, in English."""
        told = re.sub(r"<table.*?</table>|<div class=\"card.*?</div></div>", "", self.section("findings"), flags=re.S)
        return [plain(one) for one in re.findall(r"<(?:p|li)(?:\s[^>]*)?>(.*?)</(?:p|li)>", told, re.S)]

    def chinese(self, markup: str) -> str:
        """``markup`` as a Chinese reader sees it."""
        markup = re.sub(r'<span class="en"[^>]*>.*?</span>', "", markup, flags=re.S)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()
