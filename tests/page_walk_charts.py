"""What charts and map of a page must say: metal balance, cost of metal, cost classes, axes of power, edges of the map, legend, tooltips."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

import page_chain
from page_blocks import Block
from page_folder import with_rates, words
from page_truth import Truth
from page_walk import YEAR, Judge, Wanted, in_order
from page_walk_tables import either

from maps.figures import number

MODES = {"water": "river"}
TOLD = 5  # flows that a tooltip names, and goods that an edge of the map names
WHOLE = ("bauxite", "Cash cost", "With capital", "Value of the metal")  # the first step and the sums have no sign
CLASS_OF = {"sale": "sales", "flow": "freight", "size": "capital"}  # of rows that state no class of cost


def node_name(node: str, language: str) -> str:
    """What the metal balance calls a process, a group of goods or an end."""
    groups = page_chain.groups()
    if node in groups:
        return groups[node][language]
    bought = node.removeprefix("in_")
    if bought in groups:
        goods = groups[bought][language]
        return words("report")["sankey_bought"][language].replace("{goods}", goods.lower() if language == "en" else goods)
    return words("report")[f"sankey_{node}"][language]


def ribbon(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Both ends in both languages and the kt between them."""
    links, _ = truth.once("balance", page_chain.balance)
    names = {
        ends: " / ".join(" → ".join(node_name(node, language) for node in ends) for language in ("zh", "en")) for ends in links
    }
    return [{f"{names[ends]}: {shown} kt" for ends, amount in links.items() for shown in either(lambda value: number(value, 1), amount)}]


def through(block: Block, truth: Truth) -> Iterable[Wanted]:
    """kt through the node that is named before it: what comes in or what leaves, the larger."""
    links, _ = truth.once("balance", page_chain.balance)
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (start, end), amount in links.items():
        sums[start][1] += amount
        sums[end][0] += amount
    return [{shown for node, both in sums.items() if node_name(node, "en") == block.label for shown in either(lambda value: number(value, 1), max(both))}]


def balance_error(block: Block, truth: Truth) -> Iterable[Wanted]:
    _, error = truth.once("balance", page_chain.balance)
    return [words("report")["sankey_error"]["en"].replace("{error}", number(error, 3))]


def plant(block: Block, truth: Truth, name: str) -> tuple[dict[str, float], float]:
    """Cost class → yuan per tonne at a smelter, and the value of its metal."""
    costs, values = truth.once("traced", page_chain.traced), truth.once("values", page_chain.values)
    technology = truth.technologies[name]
    key = next(one for one in costs.index if one[0] == technology)
    return costs.loc[key].to_dict(), float(values[key])


def parts(costs: dict[str, float], value: float) -> dict[str, float]:
    """Cash, capital and rent of a tonne, and their sums."""
    cash, capital = sum(cost for name, cost in costs.items() if name != "capital"), costs.get("capital", 0.0)
    return {"Cash cost": cash, "With capital": cash + capital, "scarcity rent": value - cash - capital, "Value of the metal": value, "capital": capital}


def waterfall(block: Block, truth: Truth) -> Iterable[Wanted]:
    """A step, subtotal or total of the smelter that the caption names."""
    costs, value = plant(block, truth, block.caption.split(" · ")[0])
    named = {entry["en"]: costs[key] for key, entry in words("cost_classes").items() if key in costs} | parts(costs, value)
    amount = named[block.label]
    plus = "" if block.label in WHOLE else "+"
    return [either(lambda one: (plus if one >= 0 else "") + number(one), amount)]


def overview(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Cash, capital or rent within a bar, or the value behind it."""
    found = parts(*plant(block, truth, block.label.split(" · ")[0]))
    within = [found["Cash cost"], found["capital"], found["scarcity rent"]]
    return [set().union(*(either(number, value) for value in ([found["Value of the metal"]] if block.kind != "text.in-bar" else within)))]


def cost(block: Block, truth: Truth) -> Iterable[Wanted]:
    return waterfall(block, truth) if block.figure else overview(block, truth)


def money(truth: Truth) -> dict[str, float]:
    """Cost class → million yuan of all columns that belong to it."""
    rates = {
        "activity": ("tech_sites", "variable_cost", ["technology", "site"]), "flow": ("lanes", "unit_cost", ["commodity", "from", "to", "mode"]),
        "supply": ("supply", "price", ["commodity", "site", "tier"]), "sale": ("demand", "price", ["commodity", "site", "segment"]),
    }
    sums: defaultdict[str, float] = defaultdict(float)
    for family, (table, price, keys) in rates.items():
        rows = with_rates(truth.found[family], truth.core[table], keys)
        names = rows["cost_class"] if "cost_class" in rows else [CLASS_OF[family]] * len(rows)
        amounts = rows[family] * rows[price] * (-1 if family == "sale" else 1)
        for name, amount in amounts.groupby(list(names)).sum().items():
            sums[name or CLASS_OF[family]] += amount
    charges = (truth.options["variable_cost"] * truth.sizes.reindex(truth.options.index)).groupby(truth.options["cost_class"]).sum()
    for name, amount in charges.items():
        sums[name] += amount
    assert math.isclose(sum(sums.values()), truth.objective, rel_tol=1e-9)
    return dict(sums)


def classes(block: Block, truth: Truth) -> Iterable[Wanted]:
    """The money of the class that is named before it."""
    found = truth.once("money", money)
    return [either(number, next(found[key] for key, entry in words("cost_classes").items() if entry["en"] == block.label))]


def flows_over_edges(truth: Truth) -> dict[tuple[str, str, str], float]:
    """(place outside, group, in or out) → kt a year between it and all other places."""
    sums: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    for row in page_chain.routed(truth).rename(columns={"from": "start"}).itertuples():
        sums[row.start, row.group, "in"] += row.amount
        sums[row.to, row.group, "out"] += row.amount
    return dict(sums)


def edge(block: Block, truth: Truth) -> Iterable[Wanted]:
    """``from PLACE: GOODS kt`` and ``to PLACE: GOODS kt``, each language by itself."""
    groups, found = page_chain.groups(), set()
    for (site, group, way), amount in truth.once("edges", flows_over_edges).items():
        zh, en = truth.short[site]
        form = words("report")[f"edge_{way}"]
        found.add(form["zh"].replace("{place[0]}", zh).replace("{goods[0]}", groups[group]["zh"]).replace("{amount}", number(amount)))
        found.add(form["en"].replace("{place[1]}", en).replace("{goods[1]}", groups[group]["en"]).replace("{amount}", number(amount)))
    return [found]


def steps_to(largest: float) -> list[str]:
    """Three round amounts up to the largest on the map: its first digit, the power of ten below and a tenth of that."""
    power = 10 ** math.floor(math.log10(largest))
    top = math.floor(largest / power) * power
    return [number(power / 10), number(power / 2 if top == power else power), number(top)]


def legend(truth: Truth) -> list[str]:
    """Sizes of circles and widths of lines."""
    sums = truth.stages.groupby(level="site").sum()
    widest = max(sum(part[3] for part in stream) for stream in truth.once("streams", page_chain.streams).values())
    return steps_to(float((sums["existing"] + sums["added"] - sums["closed"]).max())) + steps_to(widest)


def months_strip(block: Block, truth: Truth) -> Iterable[Wanted]:
    """The names of the months, in Chinese with their numbers."""
    return [YEAR[1]]


def tips(truth: Truth) -> set[str]:
    """Every line that a tooltip may have: mode with kt, single flows, how many more there are."""
    found: set[str] = set()
    names = {key: name for name, key in truth.goods.items()}
    arcs: defaultdict[tuple[str, str, str], list[tuple]] = defaultdict(list)
    streams = truth.once("streams", page_chain.streams)
    for row in page_chain.routed(truth).rename(columns={"from": "start"}).itertuples():
        arcs[row.group, row.start, row.to].append((row.commodity, row.start, row.to, row.amount))
    for mode, parts_ in [*((MODES.get(key[3], key[3]), value) for key, value in streams.items()), *(("Sender to receiver", value) for value in arcs.values())]:
        found |= {f"{mode} · {shown} kt/yr" for shown in either(number, sum(part[3] for part in parts_))}
        if len(parts_) > TOLD:
            found.add(f"{len(parts_) - TOLD} more")
        for good, start, end, amount in parts_:
            found.add(f"{names[good]}: {truth.short[start][1]} → {truth.short[end][1]} {number(amount, 0 if amount >= 10 else 1)}")
    return found


def tip(block: Block, truth: Truth) -> Iterable[Wanted]:
    return [truth.once("tips", tips)]


def axes(truth: Truth) -> list[str]:
    """Per zone the round amounts of GWh between the largest use and the largest supply of a month, then the months."""
    found = []
    for top, bottom in truth.once("power", power_range).values():
        size = 10 ** math.floor(math.log10((top - bottom) / 2))
        gap = next(size * factor for factor in (1, 2, 5, 10) if (top - bottom) / (size * factor) <= 6)
        found += [number(line * gap) for line in range(math.ceil(bottom / gap), math.floor(top / gap) + 1)]
        found += [str(month) for month in range(1, 13)]
    return found


def power_range(truth: Truth) -> dict[str, tuple[float, float]]:
    """Zone → the most that enters and that leaves in a month, GWh."""
    found = {}
    for zone in sorted(truth.core["sites"].query("kind == 'power_zone'")["site"]):
        flow, supply, sale = truth.found["flow"], truth.found["supply"], truth.found["sale"]
        into = [supply[supply["site"] == zone].groupby("period")["supply"].sum(), flow[flow["to"] == zone].groupby("period")["flow"].sum()]
        out = [sale[sale["site"] == zone].groupby("period")["sale"].sum(), flow[flow["from"] == zone].groupby("period")["flow"].sum()]
        found[zone] = (float(into[0].add(into[1], fill_value=0.0).max()), -float(out[0].add(out[1], fill_value=0.0).max()))
    return found


def scale(block: Block, truth: Truth) -> Iterable[Wanted]:
    """The length of the scale bar; how long it is drawn is measured in tests/test_page_walk.py."""
    return ["100 km"]


JUDGES: dict[tuple[str, str], Judge] = {
    ("sankey", "title"): ribbon, ("sankey", "text.sankey-value"): through, ("sankey", "p.balance"): balance_error,
    ("costs", "text.bar-value"): cost, ("costs", "text.in-bar"): overview, ("popup", "text.bar-value"): waterfall, ("classes", "text.bar-value"): classes,
    ("power", "text.axis"): in_order, ("map", "text.edge-text"): edge, ("label", "text.edge-text"): edge, ("map", "span"): in_order,
    ("map", "div.month-strip"): months_strip, ("map", "text.scale-text"): scale, ("tips", "p"): tip,
}
ORDERED = {("power", "text.axis"): axes, ("map", "span"): legend}
