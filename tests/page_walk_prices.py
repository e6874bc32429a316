"""What the shadow prices of a page must say, in its tables and in popups: each price from the duals of results.nc, in words and as a number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from page_blocks import Block
from page_options import name_of
from page_truth import Truth
from page_walk import Judge, Wanted
from page_walk_tables import either

from maps.figures import compact, number


def three(value: float, count: int = 3) -> str:
    """A number to ``count`` digits that count, never with an exponent."""
    places = max(0, count - 1 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Place, sentence, price, unit of shadow prices; in a popup the sentence alone."""
    cells = block.english
    place = 1 if len(cells) == 4 else 0
    value, said = price_of(cells[place], truth)
    return [*cells[:place], said, either(compact, value), *cells[place + 2 :]]


def price_of(sentence: str, truth: Truth) -> tuple[float, set[str]]:
    """The price that a sentence tells of, and the sentence with that price."""
    if match := re.fullmatch(r"1 t more (.+) at the gate of (.+) in the year saves ([\d,]+) yuan", sentence):
        value = float(truth.prices[good_of(match[1], truth), truth.sites[match[2]]])
        return value, {f"1 t more {match[1]} at the gate of {match[2]} in the year saves {shown} yuan" for shown in either(number, 1000 * value)}
    if match := re.fullmatch(r"(1 kt a year more (.+) supplied at (.+) \(the year\)) saves ([\d.,]+) million yuan a year", sentence):
        return told(match[1], float(truth.supply_prices[good_of(match[2], truth), truth.sites[match[3]]]))
    if match := re.fullmatch(r"(1 kt/yr more capacity of (.+) at (.+) \(the year\)) saves ([\d.,]+) million yuan a year", sentence):
        return told(match[1], capacity_price(match[2], truth.sites[match[3]], truth))
    if match := re.fullmatch(r"(1 kt/yr more quota in (.+) \(the year\)) saves ([\d.,]+) million yuan a year", sentence):
        return told(match[1], -float(truth.bound_prices[truth.indicator_names[match[2]]]))
    if match := re.fullmatch(r"(a largest size of (.+) that is 1 kt/yr higher \(the year\)) saves ([\d.,]+) million yuan a year", sentence):
        reduced = truth.found["size_reduced_cost"].set_index("option")["size_reduced_cost"]
        return told(match[1], next(-float(value) for option, value in reduced.items() if name_of(option, truth) == match[2]))
    names = [*truth.indicator_names, *truth.sites, *truth.goods]
    left = sentence
    for name in sorted((one for one in names if one in left), key=len, reverse=True):
        left = left.replace(name, "")
    assert "worth 0" in left or "costs nothing" in left
    prices = [truth.bound_prices.get(one, 0.0) for name, one in truth.indicator_names.items() if name in sentence]
    prices += [truth.prices.get(("electricity", one), 0.0) for name, one in truth.sites.items() if name in sentence]
    fixed = {"1 GWh more power at  in every period is worth 0: power is not short"}
    return sum(map(abs, prices)), {sentence} if left in fixed or set(re.findall(r"\d+", left)) <= {"0"} else set()


def left_out(block: Block, truth: Truth) -> Iterable[Wanted]:
    """How many prices of a kind stand in the workbook alone: of each good beyond the ten highest."""
    kind = {"Alumina": "gate", "Capacity": "park", "Supply": "supply"}[block.head.split()[0]]
    prices = truth.table("shadow_prices").fillna({"commodity": ""})
    counts = prices[(prices["kind"] == kind) & (prices["value"].abs() > 1e-9)].groupby("commodity").size()
    return [f"{int((counts - 10).clip(lower=0).sum())} more rows in results.xlsx."]


def told(start: str, value: float) -> tuple[float, set[str]]:
    return value, {f"{start} saves {shown} million yuan a year" for shown in either(three, value)}


def good_of(name: str, truth: Truth) -> str:
    return next(key for one, key in truth.goods.items() if one.lower() == name.lower())


def capacity_price(name: str, site: str, truth: Truth) -> float:
    """Of a line called by the one technology that uses it, its plant or by what it makes; of an option its reduced cost."""
    use = truth.core["capacity_use"]
    units = set(use.loc[use["technology"] == truth.technologies.get(name), "unit"]) | {unit for unit, one in truth.line_names.items() if one == name}
    return max(float(truth.capacity_prices[unit, site]) for unit in units if (unit, site) in truth.capacity_prices)


JUDGES: dict[tuple[str, str], Judge] = {
    ("duals", "tr"): price, ("duals", "p.more-rows"): left_out, ("popup", "li Binding limits and shadow prices"): price,
}
