"""Two run folders side by side: what their comparison must say, worked out from results.nc, case/ and inputs/ of both."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pandas as pd
from page_folder import with_rates, words
from page_truth import Truth
from page_walk_words import scenario

from maps.figures import compact

HALF = 1e-9  # share by which a half may be rounded either way
SAME = 1e-6  # share of an amount below which a change is the solver's rounding
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


class Versus(Truth):
    """The reference and one other plan, each of one planning year and one branch; texts and names of both."""

    def __init__(self, first: Truth, second: Truth) -> None:
        self.plans = (first, second)
        self.kept: dict[str, Any] = {}

    def each(self, found: Callable[[Truth], Any]) -> tuple[Any, Any]:
        """What ``found`` makes of each plan."""
        first, second = (found(plan) for plan in self.plans)
        return first, second

    @cached_property
    def titles(self) -> list[dict[str, str]]:
        """Title of each plan by language."""
        return [scenario(plan)["title"] for plan in self.plans]

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """Texts of both datasets, titles, and months: a number in Chinese, a word in English."""
        months = {(f"{number} 月", name) for number, name in enumerate(MONTHS, start=1)}
        facts = {(entry["zh"], entry["en"]) for key, entry in words("compare").items() if key.startswith("fact_carbon")}
        return self.plans[0].pairs | self.plans[1].pairs | months | facts | {(title["zh"], title["en"]) for title in self.titles}

    @cached_property
    def sites(self) -> dict[str, str]:
        """English name → site, of both plans."""
        return self.plans[1].sites | self.plans[0].sites

    @cached_property
    def goods(self) -> dict[str, str]:
        """English name → good, of both plans."""
        return self.plans[1].goods | self.plans[0].goods


def signed(value: float) -> str:
    """A change as the page prints it: with its sign, nothing where it shows as 0."""
    text = compact(value)
    return "" if text == "0" else text if value < 0 else f"+{text}"


def signs(value: float) -> set[str]:
    """A change, a half rounded either way."""
    return {signed(value * factor) for factor in (1 - HALF, 1.0, 1 + HALF)}


def shapes(value: float) -> set[str]:
    """An amount, a half rounded either way."""
    return {compact(value * factor) for factor in (1 - HALF, 1.0, 1 + HALF)}


def moves(before: float, after: float) -> bool:
    """Whether two amounts differ by more than rounding."""
    return abs(after - before) > SAME * max(1.0, abs(before), abs(after))


def main_recipes(truth: Truth) -> pd.DataFrame:
    """technology, site, commodity, quantity of the good that each makes most of, else of the one that it uses most of."""
    places = truth.core["tech_sites"][["technology", "site"]].drop_duplicates()
    rows = places.merge(truth.core["recipes"].rename(columns={"site": "where"}), on="technology")
    rows = rows[(rows["where"] == "*") | (rows["where"] == rows["site"])].sort_values("where")
    rows = rows.drop_duplicates(["technology", "site", "commodity"], keep="last")  # "*" sorts before every name
    rows = rows.assign(quantity=rows["quantity"].astype(float), uses=rows["quantity"].astype(float) <= 0, size=-rows["quantity"].astype(float).abs())
    return rows.sort_values(["uses", "size", "commodity"]).drop_duplicates(["technology", "site"])


def outputs(truth: Truth) -> pd.Series:
    """(technology, site) → kt a year of its main good, where that is weighed."""
    return truth.once("outputs", _outputs)


def _outputs(truth: Truth) -> pd.Series:
    weighed = set(truth.core["commodities"].query("unit in ('kt', 't', '')")["commodity"])
    main = main_recipes(truth)[lambda rows: (rows["quantity"] > 0) & rows["commodity"].isin(weighed)]
    work = truth.found["activity"].groupby(["technology", "site"], as_index=False)["activity"].sum().merge(main, on=["technology", "site"])
    return (work["activity"] * work["quantity"]).groupby([work["technology"], work["site"]]).sum()


def users(truth: Truth, unit: str, site: str) -> list[str]:
    """The technologies that occupy a unit at a site."""
    return truth.once("users", _users).get((unit, site), [])


def _users(truth: Truth) -> dict[tuple[str, str], list[str]]:
    pairs = truth.core["tech_sites"][["technology", "site"]].drop_duplicates().merge(truth.core["capacity_use"][["technology", "unit"]], on="technology")
    return pairs.groupby(["unit", "site"])["technology"].agg(sorted).to_dict()


def link_of(truth: Truth, technology: str) -> str:
    """Link of the chain that a technology belongs to, as the words of the program key it."""
    if technology.startswith("supply_"):
        return "power"
    stage = dict(zip(truth.inputs["technologies"]["technology"], truth.inputs["technologies"]["stage"], strict=True)).get(technology, "smelting")
    return {"smelting": "primary", "recycling": "recycled"}.get(stage, stage)


def book(truth: Truth) -> pd.DataFrame:
    """good, stage, money of all columns of a plan; they add up to the objective."""
    return truth.once("book", _book)


def _book(truth: Truth) -> pd.DataFrame:
    main = main_recipes(truth).set_index(["technology", "site"])["commodity"].to_dict()
    work = with_rates(truth.found["activity"], truth.core["tech_sites"], ["technology", "site"])
    ends = zip(work["technology"], work["site"], strict=True)
    parts = [pd.DataFrame({
        "good": [main.get(end, "") for end in ends], "stage": [link_of(truth, name) for name in work["technology"]], "money": work["activity"] * work["variable_cost"],
    })]
    rates = (
        ("flow", "lanes", "unit_cost", "from to mode", "freight"), ("supply", "supply", "price", "site tier", "purchases"),
        ("sale", "demand", "price", "site segment", "sales"),
    )
    for family, table, price, keys, stage in rates:
        rows = with_rates(truth.found[family], truth.core[table], ["commodity", *keys.split()])
        money = rows[family] * rows[price] * (-1 if family == "sale" else 1)
        parts.append(pd.DataFrame({"good": rows["commodity"], "stage": stage, "money": money}))
    found = pd.concat([*parts, charges(truth, main)])
    assert math.isclose(float(found["money"].sum()), truth.objective, rel_tol=1e-9)
    return found


def charges(truth: Truth, main: dict[tuple[str, str], str]) -> pd.DataFrame:
    """Annual charges of options under the good of the technology whose capacity they change, else as rights of no good."""
    effects, rows = truth.core["option_effects"].drop_duplicates("option").set_index("option"), []
    for option, size in truth.sizes[truth.sizes != 0].items():
        money = float(size * truth.options.loc[option, "variable_cost"])
        if option in effects.index:
            unit, site = effects.loc[option, ["unit", "site"]]
            technology = users(truth, unit, site)[-1]
            rows.append((main[technology, site], link_of(truth, technology), money))
        else:
            rows.append(("", "rights", money))
    return pd.DataFrame(rows, columns=["good", "stage", "money"])


def place_name(place: str) -> str:
    """A city or region in English."""
    said = words("industry").get(f"place_{place}", {"en": place})
    return str(said["en"]) if place else str(words("compare")["no_place"]["en"])
