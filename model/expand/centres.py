"""Scrap trading centres: scrap may pass through them on its way, for a fee and with what their full lots save.

A lane through a centre costs the freight to it + the fee - the collection cost saved + the freight share x the freight on
from it. It is laid out only where that is cheaper than the direct lane: a dearer one would never be used. The mode of
such a lane names the centre, so its throughput is one indicator with the capacity as its ceiling.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model import words
from model.expand.amounts import amount, listed
from model.expand.freight import CARBON
from model.expand.network import Network, Route
from model.expand.plants import Rows
from model.expand.routes import route_text
from model.expand.rows import Record, origin, records
from model.expand.trade import trade
from model.problems import Problems
from model.tables import Tables, frame

NEEDED = ("freight_rates", "freight_classes", "corridor_edges", "access")
VIA = "via_"


def expand(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """Lanes through every centre in use, its throughput and the emissions of the way; call it after the freight lanes."""
    centres = [row for row in records(tables, "scrap_centres") if row["in_use"]]
    if not centres or any(name not in tables for name in NEEDED):
        return {}
    network, partners = Network(tables), trade(core)
    classes = {row["commodity"]: row["class"] for row in records(tables, "freight_classes")}
    direct = _direct(core)
    rows: Rows = defaultdict(list)
    for centre in centres:
        rows["indicators"].append(_throughput(centre))
        for good in listed(centre["commodities"]):
            rows["indicator_terms"].append(_term(f"throughput_{centre['site']}", centre, 1.0, good))
            pairs = ((start, end) for start in sorted(partners.sellers[good]) for end in sorted(partners.users[good]))
            for lane, carbon in _lanes(network, classes[good], centre, good, pairs, direct):
                rows["lanes"].append(lane)
                rows["indicator_terms"].append(_term(CARBON, centre, carbon, good, lane["from"], lane["to"]))
    return {table: frame(table, made) for table, made in rows.items() if made}


def _direct(core: Tables) -> dict[tuple[str, str, str], float]:
    """Cheapest lane of each good and pair."""
    found: dict[tuple[str, str, str], float] = {}
    for lane in records(core, "lanes"):
        key = (lane["commodity"], lane["from"], lane["to"])
        found[key] = min(lane["unit_cost"], found.get(key, lane["unit_cost"]))
    return found


def _lanes(
    network: Network, goods_class: str, centre: Record, good: str, pairs: Iterator[tuple[str, str]], direct: dict[tuple[str, str, str], float],
) -> Iterator[tuple[Record, float]]:
    """(lane, kt CO2 per kt) of every pair that the centre serves more cheaply than the direct way."""
    site = centre["site"]
    for start, end in pairs:
        usual = direct.get((good, start, end))
        legs = [_first(network, goods_class, *pair) for pair in ((start, site), (site, end))]
        if usual is None or site in (start, end) or None in legs:
            continue
        into, out = (leg for leg in legs if leg is not None)
        added = amount("scrap_centres", centre, "fee") - amount("scrap_centres", centre, "saving")
        cost = into.cost + added + float(centre["freight_share"]) * out.cost
        if cost < usual:
            yield {
                "commodity": good, "from": start, "to": end, "mode": VIA + site, "unit_cost": cost, "cost_class": "freight",
                "delivered_share": into.delivered_share * out.delivered_share, "kilometres": into.kilometres + out.kilometres,
                "route": route_text([*into.legs, *out.legs]), **origin(centre),
            }, into.co2 + out.co2


def _first(network: Network, goods_class: str, start: str, end: str) -> Route | None:
    """The cheapest route, None where there is none or nowhere to go."""
    return next(iter(network.routes(goods_class, start, end)), None) if start != end else None


def _throughput(centre: Record) -> Record:
    names = {
        f"name_{language}": words.text("market.throughput", language, centre=centre[f"name_{language}"] or centre["site"])
        for language in words.LANGUAGES
    }
    return {
        "indicator": f"throughput_{centre['site']}", "unit": "kt", "scope": "stage", "max": amount("scrap_centres", centre, "capacity"),
        "clause": centre["clause"], **names, **origin(centre),
    }


def _term(indicator: str, centre: Record, coefficient: float, good: str, start: str = "*", end: str = "*") -> Record:
    return {
        "indicator": indicator, "kind": "flow", "a": good, "b": start, "c": end, "d": VIA + centre["site"], "coefficient": coefficient,
        **origin(centre),
    }
