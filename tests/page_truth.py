"""What a page must say, worked out from its run folder alone: results.nc, case/, inputs/ and, of what needs other solves, tables/."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import page_folder
import pandas as pd
from page_folder import ANY, OTHERS, inner, stage_of, with_rates, words

from model.schema import ALL_TABLES

EMPTY = 8  # bytes: a mark of UTF-8 and an end of line, no columns
PLACES = page_folder.PLACES | {"capacity": "unit site"}


class Truth:
    """A run folder of one planning year and one branch, with what several walks need; every sum is made once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found, self.core = page_folder.values(folder), page_folder.core(folder)
        self.inputs = {path.stem: self._texts(path) for path in (folder / "inputs").glob("*.csv")}
        self.kept: dict[str, Any] = {}  # what walks find once
        self.objective = page_folder.objective(folder)
        self.summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        self.run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        self.length = self.core["periods"].set_index("period")["length"].astype(float)

    @staticmethod
    def _texts(path: Path) -> pd.DataFrame:
        return pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False, low_memory=False)

    def once(self, name: str, made: Callable[[Truth], Any]) -> Any:
        """What ``made`` finds in the run folder, found once."""
        if name not in self.kept:
            self.kept[name] = made(self)
        return self.kept[name]

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run folder, as it stands there."""
        return self.once(f"tables/{name}", lambda truth: truth._table(name))

    def _table(self, name: str) -> pd.DataFrame:
        path = self.folder / "tables" / f"{name}.csv"
        return pd.read_csv(path, encoding="utf-8-sig", low_memory=False) if len(path.read_bytes()) > EMPTY else pd.DataFrame()

    @cached_property
    def goods(self) -> dict[str, str]:
        return page_folder.called(self.core["commodities"], "commodity")

    @cached_property
    def sites(self) -> dict[str, str]:
        return page_folder.called(self.core["sites"], "site")

    @cached_property
    def technologies(self) -> dict[str, str]:
        return dict(zip(self.technology_names.values(), self.technology_names, strict=True))

    @cached_property
    def technology_names(self) -> dict[str, str]:
        """id → English name; potlines and captive plants bear the names of their plants."""
        return dict(self._named(("technologies", "technology", ""), ("plants", "plant", "smelt_"), ("new_potlines", "site", "smelt_new_")))

    def _named(self, *tables: tuple[str, str, str]) -> list[tuple[str, str]]:
        return [(start + row[key], row["name_en"]) for name, key, start in tables for _, row in self.inputs[name].iterrows()]

    @cached_property
    def stages(self) -> pd.DataFrame:
        """(site, stage): existing, added, closed of the links of the chain, a line within another line counted once."""
        table = self.capacity
        table = table[~table["unit"].isin(inner(self.core["capacity_use"]) | OTHERS)]
        return table.assign(stage=table["unit"].map(stage_of)).groupby(["site", "stage"])[["existing", "added", "closed"]].sum()

    def rows(self, name: str, key: str, value: str) -> pd.DataFrame:
        """The rows of a table of inputs/ where ``key`` is ``value``."""
        return self.inputs[name][self.inputs[name][key] == value]

    def row(self, name: str, key: str, value: str) -> pd.Series:
        """The first of them. Raises IndexError where there is none."""
        return self.rows(name, key, value).iloc[0]

    def rows_of_table(self, name: str, key: str, value: str) -> pd.DataFrame:
        """The rows of a table of tables/ where ``key`` is ``value``."""
        return self.table(name)[lambda table: table[key] == value]

    @cached_property
    def date(self) -> str:
        """When the run ended, as the clock of this computer shows it."""
        local = datetime.fromisoformat(self.run["finished"]).astimezone()
        return f"{local:%Y-%m-%d %H:%M} (UTC{local:%z})".replace("00)", ":00)")

    @cached_property
    def output(self) -> dict[tuple[str, str], float]:
        """(site, link of the chain) → Σ activity of the technologies of that link."""
        kinds = {"alumina": "Alumina", "smelting": "Primary", "casting": "Casting", "processing": "Processing", "recycling": "Recycled"}
        stage = {row["technology"]: kinds.get(row["stage"], row["stage"]) for _, row in self.inputs["technologies"].iterrows()}
        work = self.found["activity"]
        links = [stage.get(name, "Primary" if name.startswith("smelt_") else "") for name in work["technology"]]
        return work["activity"].groupby([work["site"], links]).sum().to_dict()

    @cached_property
    def indicator_names(self) -> dict[str, str]:
        return page_folder.called(self.core["indicators"], "indicator")

    @cached_property
    def line_names(self) -> dict[str, str]:
        """Unit → what a line of several technologies is called."""
        return {key.removeprefix("line_"): str(entry["en"]) for key, entry in words("view").items() if key.startswith("line_")}

    @cached_property
    def component_names(self) -> dict[str, str]:
        """What a source of power is called → its name in the tiers of supply."""
        return {str(entry["en"]): key.removeprefix("component_") for key, entry in words("power").items() if key.startswith("component_")}

    @cached_property
    def table_names(self) -> dict[str, str]:
        """Table of the dataset → what readers call it."""
        return {name: spec.en or name for name, spec in ALL_TABLES.items()}

    @cached_property
    def short(self) -> dict[str, tuple[str, str]]:
        """Place → its names without brackets and long endings, as maps show them."""
        found = {}
        for _, row in self.core["sites"].iterrows():
            zh, en = row["name_zh"], row["name_en"]
            for long, brief in (("高新技术产业开发区", "高新区"), ("经济技术开发区", "经开区"), ("经济开发区", "经开区"), ("工业园区", "园区")):
                zh = zh.replace(long, brief)
            found[row["site"]] = (re.split("[((]", zh)[0].strip(), en.replace(" Industrial Park", "").split("(")[0].strip())
        return found

    def unit_of(self, indicator: str) -> str:
        """Unit of an indicator as the page says it."""
        unit = str(self.core["indicators"].set_index("indicator").loc[indicator, "unit"])
        return str(words("report").get(f"unit_{unit.replace(' ', '_')}", {"en": unit})["en"])

    @cached_property
    def flow_sums(self) -> pd.DataFrame:
        """(good, from, to, mode): flow, work (t-km), cost of the year, of goods counted in kt that leave their place."""
        goods = set(self.core["commodities"].query("unit == 'kt'")["commodity"])
        rows = self.flows[self.flows["commodity"].isin(goods) & (self.flows["from"] != self.flows["to"])]
        rows = rows.assign(work=rows["flow"] * rows["kilometres"], cost=rows["flow"] * rows["unit_cost"])
        return rows.groupby(["commodity", "from", "to", "mode"])[["flow", "work", "cost"]].sum()

    @cached_property
    def capacity(self) -> pd.DataFrame:
        return page_folder.capacity(self.core, self.found)

    @cached_property
    def sizes(self) -> pd.Series:
        return self.found["size"].groupby("option")["size"].sum()

    @cached_property
    def options(self) -> pd.DataFrame:
        return self.core["options"].drop_duplicates("option").set_index("option")

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Flows of every period with kilometres, cost, delivered share and route of their lanes."""
        return with_rates(self.found["flow"], self.core["lanes"], ["commodity", "from", "to", "mode"])

    def indicator(self, name: str) -> float:
        """Value of an indicator; a ratio by what it is divided by (R15)."""
        over = str(self.core["indicators"].set_index("indicator").loc[name, "per"])
        value = float(self.indicator_sums.get(name, 0.0))
        return value / float(self.indicator_sums[over]) if over not in ("", "nan") else value

    @cached_property
    def indicator_sums(self) -> pd.Series:
        """Σ coefficient × column of every indicator, over the columns that its terms name."""
        terms = self.core["indicator_terms"].fillna("")
        assert set(terms["period"]) <= set(ANY)
        parts = []
        for kind, mine in terms.groupby("kind"):
            names, values = PLACES[kind].split(), self._values(kind)
            blank = mine[["a", "b", "c", "d"]].isin(ANY)
            for pattern, some in mine.groupby([blank[one] for one in "abcd"]):
                keys = [(one, name) for one, name, free in zip("abcd", names, pattern, strict=False) if not free]
                sums = values.groupby([name for _, name in keys])["value"].sum().reset_index() if keys else values.agg({"value": "sum"}).to_frame().T
                joined = some.merge(sums, left_on=[one for one, _ in keys], right_on=[name for _, name in keys]) if keys else some.merge(sums, how="cross")
                parts.append((joined["coefficient"].astype(float) * joined["value"]).groupby(joined["indicator"]).sum())
        return pd.concat(parts).groupby(level=0).sum()

    def _values(self, kind: str) -> pd.DataFrame:
        if kind == "capacity":
            return self.capacity.assign(value=self.capacity["existing"] + self.capacity["added"] - self.capacity["closed"])
        return self.found[kind].rename(columns={kind: "value"})

    @cached_property
    def prices(self) -> pd.Series:
        """(good, site) → price of the good there, mean over the year, million yuan per unit."""
        table = self.price_rows
        return (table["dual"] * table["period"].map(self.length)).groupby([table["commodity"], table["site"]]).sum()

    @cached_property
    def price_rows(self) -> pd.DataFrame:
        return pd.concat([self.found[name].rename(columns={name: "dual"}) for name in ("balance_dual", "balance_exact_dual")])

    @cached_property
    def supply_prices(self) -> pd.Series:
        """(good, site) → Σ length × (price of the good there − price of the tier) where the tier is used up; of the best tier."""
        tiers = with_rates(self.found["supply"], self.core["supply"], ["commodity", "site", "tier"])
        joined = tiers.merge(self.price_rows, on=["commodity", "site", "period"])
        gain = (joined["dual"] - joined["price"]).clip(lower=0.0) * joined["period"].map(self.length)
        return gain.groupby([joined["commodity"], joined["site"], joined["tier"]]).sum().groupby(level=[0, 1]).max()

    @cached_property
    def capacity_prices(self) -> pd.Series:
        """(unit, site) → what a year's unit of capacity saves: length × dual, of lines that run as they are switched their own sum (R20)."""
        parts = []
        for name, weight in (("capacity_dual", self.length), ("running_capacity_dual", self.length * 0 + 1)):
            table = self.found[name]
            parts.append((-table[name] * table["period"].map(weight)).groupby([table["unit"], table["site"]]).sum())
        return pd.concat(parts).groupby(level=[0, 1]).sum()

    @cached_property
    def bound_prices(self) -> pd.Series:
        """Indicator → sum of the prices of its floor and ceiling."""
        names = ("indicator_floor_dual", "indicator_ceiling_dual")
        return pd.concat([self.found[name].set_index("indicator")[name] for name in names if name in self.found]).groupby(level=0).sum()

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """(Chinese, English) texts of the dataset that stand side by side: names, texts, reasons, and notes written ``Chinese | English``."""
        said: set[tuple[str, str]] = set()
        for table in [*self.inputs.values(), *self.core.values(), self.table("benchmarks").fillna("")]:
            for name in table.columns:
                if str(name).endswith("_zh") and (other := f"{str(name)[:-3]}_en") in table:
                    said |= set(zip(table[name], table[other], strict=True))
            if "note" in table:
                said |= {(zh, en) if bar else (zh, zh) for zh, bar, en in (str(note).partition(" | ") for note in set(table["note"]))}
        return said

    @cached_property
    def sentences(self) -> set[tuple[str, str]]:
        """Sentences of the page that are the same in every report."""
        return {(one["zh"], one["en"]) for one in words("report").values() if "{" not in one["zh"]}
