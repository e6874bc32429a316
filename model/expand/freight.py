"""Expansion of the freight tables: lanes for every transported good, their CO2, and the capacity of corridor edges.

A good moves only if freight_classes gives it a class with rates; who ships to whom is told in model/expand/trade.py, the
cheapest route of each main mode in model/expand/network.py. A lane written by hand in the table lanes replaces the
computed one of the same good, pair and mode. A lane remembers its kilometres and its route (model/expand/routes.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model import words
from model.expand.network import Network, Route, network_of
from model.expand.routes import Leg, place_names
from model.expand.trade import Trade, trade
from model.problems import Problems
from model.schema.transport import NO_FREIGHT
from model.tables import Tables, frame

Row = dict[str, object]
Routed = tuple[Row, Route]  # a lane and the route it follows
LANE_KEY = ("commodity", "from", "to", "mode")
ORIGIN = ("source", "grade", "_file", "_row")
CARBON = "carbon_freight"


def expand(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """Lanes of every transported good and indicators: CO2 of freight, one per corridor edge with a capacity.

    Nothing without freight tables. Lane costs are million yuan per kt without VAT. Reports goods whose class has no
    rates, and notes sites that trade a transported good without access to the network.
    """
    if any(name not in tables for name in ("freight_rates", "freight_classes", "corridor_edges", "access")):
        return {}
    network, partners = network_of(tables), trade(core)
    goods = _transported(tables, network, problems)
    by_hand = set(zip(*(core["lanes"][name] for name in LANE_KEY), strict=True)) if "lanes" in core else set()
    routed = [(lane, route) for lane, route in _lanes(network, goods, partners) if _key(lane) not in by_hand]
    _note_without_access(tables, network, goods, partners, problems)
    indicators, terms = (first + second for first, second in zip(_carbon(routed), _edge_capacities(tables, routed), strict=True))
    return {
        "lanes": frame("lanes", (lane for lane, _ in routed)),
        "indicators": frame("indicators", indicators), "indicator_terms": frame("indicator_terms", terms),
    }


def _transported(tables: Tables, network: Network, problems: Problems) -> dict[str, str]:
    """Class of every good that may leave its site; a class without rates is a problem."""
    goods: dict[str, str] = {}
    for row in tables["freight_classes"].to_dict("records"):
        if row["class"] in network.rates:
            goods[row["commodity"]] = row["class"]
        elif row["class"] != NO_FREIGHT:
            problems.add("class_without_rate", file=row["_file"], row=row["_row"], column="class", value=row["class"])
    return goods


def _key(lane: Row) -> tuple[object, ...]:
    return tuple(lane[name] for name in LANE_KEY)


def _lanes(network: Network, goods: dict[str, str], partners: Trade) -> Iterator[Routed]:
    for good, goods_class in goods.items():
        for origin, destination in partners.partners(good):
            for route in network.routes(goods_class, origin, destination):
                row: Row = {
                    "commodity": good, "from": origin, "to": destination, "period": "*", "mode": route.mode,
                    "unit_cost": route.cost, "delivered_share": route.delivered_share, "cost_class": "freight",
                    "kilometres": route.kilometres, "route": route.text, **network.rates[goods_class][route.mode].origin,
                }
                yield row, route


def _note_without_access(tables: Tables, network: Network, goods: dict[str, str], partners: Trade, problems: Problems) -> None:
    rows = {row["site"]: row for row in tables["sites"].to_dict("records")} if "sites" in tables else {}
    for site in sorted({site for good in goods for site in partners.places(good)}):
        if not network.reaches(site):
            row = rows.get(site, {"_file": "", "_row": 0})
            problems.add("site_without_access", file=row["_file"], row=row["_row"], column="site", value=site, note=True)


def _term(indicator: str, lane: Row, coefficient: float, origin: Row) -> Row:
    flow = dict(zip("abcd", _key(lane), strict=True))
    return {"indicator": indicator, "kind": "flow", **flow, "coefficient": coefficient, **{name: origin[name] for name in ORIGIN}}


def _carbon(routed: list[Routed]) -> tuple[list[Row], list[Row]]:
    """The indicator of CO2 from freight with one term per lane, in kt per kt moved; nothing where no rate states CO2."""
    terms = [_term(CARBON, lane, route.co2, lane) for lane, route in routed if route.co2 > 0]
    names = {f"name_{language}": words.text(f"transport.{CARBON}", language) for language in words.LANGUAGES}
    return [{"indicator": CARBON, "unit": "kt CO2", "scope": "stage", **names}] if terms else [], terms


def _edge_capacities(tables: Tables, routed: list[Routed]) -> tuple[list[Row], list[Row]]:
    """One period indicator per edge with a capacity, over the computed lanes that pass it in either direction."""
    edges = tables["corridor_edges"]
    limited = edges[edges["capacity"].notna() & (edges["default_on"] > 0)].to_dict("records")
    passing: dict[Leg, list[Row]] = defaultdict(list)
    for lane, route in routed if limited else ():
        for leg in route.legs:
            passing[leg].append(lane)
    names = {language: place_names(tables, language) for language in words.LANGUAGES}
    indicators: list[Row] = []
    terms: list[Row] = []
    for record in limited:
        edge: Row = {str(column): cell for column, cell in record.items()}
        name, origin = f"edge_{edge['edge']}", {column: edge[column] for column in ORIGIN}
        bound: Row = {"indicator": name, "unit": "kt", "max": edge["capacity"], "scope": "period"}
        indicators.append(bound | _titles(edge, names) | origin)
        start, end, mode = (str(edge[column]) for column in ("from", "to", "mode"))
        terms += [_term(name, lane, 1.0, edge) for lane in passing[start, end, mode] + passing[end, start, mode]]
    return indicators, terms


def _titles(edge: Row, names: dict[str, dict[str, str]]) -> Row:
    """Chinese and English name of the indicator of one edge."""
    return {
        f"name_{language}": words.text(
            "transport.edge_capacity", language, start=places[str(edge["from"])], end=places[str(edge["to"])],
            mode=words.text(f"transport.{edge['mode']}", language),
        )
        for language, places in names.items()
    }
