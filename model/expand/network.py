"""The corridor network: the cheapest way of a class of goods from one site to another, one per main mode.

The main mode is used at least once; trucks may bring goods to it and away from it, trains may too where the main mode
is water. Each boarding costs the fixed charge of its mode (a truck or train trip, a port call), each change between
modes a transfer; kilometres cost the rate of their mode, on water by direction and kind of river.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise, permutations, product

import networkx as nx

from model.expand.rates import Rate, read_rates, read_transfers
from model.expand.routes import Leg, route_text
from model.tables import Tables, row_dicts

TABLES = ("corridor_edges", "access", "freight_rates", "transfers")  # all that a network depends on
FEEDERS = {"road": ("road",), "rail": ("road", "rail"), "water": ("road", "rail", "water")}  # modes a main mode may use
State = tuple[str, str, bool]  # node, mode on board, main mode already used


@dataclass(frozen=True)
class Access:
    """One way from a site into the network: a road of ``kilometres`` to ``node``, with or without a rail siding."""

    site: str
    node: str
    kilometres: float
    siding: bool


@dataclass(frozen=True)
class End:
    """One end of a route: the access used, the state in which goods enter or leave the network, the cost of this end."""

    access: Access
    state: State
    cost: float


@dataclass(frozen=True)
class Route:
    """One way through the network: main mode, cost in million yuan per kt, kilometres, share of them on the main mode,
    share of the goods that arrives, CO2 in kt per kt, legs."""

    mode: str
    cost: float
    kilometres: float
    main_share: float
    delivered_share: float
    co2: float
    legs: tuple[Leg, ...]

    @property
    def text(self) -> str:
        """The route as lanes remember it (see model/expand/routes.py)."""
        return route_text(list(self.legs))


class Network:
    """Cheapest routes over the tables corridor_edges, access, freight_rates and transfers.

    ``with_vat`` keeps the rates as quoted, for comparison with published freights; the model uses them without VAT.
    """

    def __init__(self, tables: Tables, with_vat: bool = False) -> None:
        self.rates = read_rates(tables["freight_rates"], with_vat)
        self._transfers = read_transfers(tables["transfers"], with_vat) if "transfers" in tables else {}
        edges = tables["corridor_edges"]
        self._edges = row_dicts(edges[edges["default_on"] > 0])
        self._access: dict[str, list[Access]] = defaultdict(list)
        for row in row_dicts(tables["access"]):
            self._access[row["site"]].append(Access(row["site"], row["node"], row["kilometres"], row["siding"] > 0))
        self._graphs: dict[tuple[str, str], nx.DiGraph] = {}
        self._trees: dict[tuple[str, str, State], tuple[dict[State, list[State]], dict[State, float]]] = {}
        self._routes: dict[tuple[str, str, str], list[Route]] = {}

    def reaches(self, site: str) -> bool:
        """Whether the site has any access to the network."""
        return site in self._access

    def routes(self, goods: str, origin: str, destination: str) -> list[Route]:
        """At most one route per main mode from site to site, cheapest first, after the pruning rules of the rates.

        A route longer than max_km is dropped. Of the others the cheapest stays, and each other one that costs at most
        keep_ratio × the cheapest and spends at least min_share of its kilometres on its main mode. Found once.
        """
        key = (goods, origin, destination)
        if key not in self._routes:
            self._routes[key] = self._found(*key)
        return self._routes[key]

    def _found(self, goods: str, origin: str, destination: str) -> list[Route]:
        rates = self.rates[goods]
        found = [route for mode in rates if (route := self.cheapest(goods, mode, origin, destination))]
        near = sorted((route for route in found if route.kilometres <= rates[route.mode].max_km), key=lambda route: route.cost)
        return near[:1] + [route for route in near[1:] if _worth_keeping(route, near[0], rates[route.mode])]

    def cheapest(self, goods: str, main: str, origin: str, destination: str) -> Route | None:
        """The cheapest route that uses ``main`` at least once; None if there is none or the sites have no access."""
        starts = [end for access in self._access.get(origin, ()) for end in self._ends(goods, main, access, boarding=True)]
        finishes = [end for access in self._access.get(destination, ()) for end in self._ends(goods, main, access, boarding=False)]
        best, ends = math.inf, None
        for start, finish in product(starts, finishes):
            _, reached = self._tree(goods, main, start.state)
            cost = start.cost + reached.get(finish.state, math.inf) + finish.cost
            if cost < best:
                best, ends = cost, (start, finish)
        return self._route(goods, main, best, *ends) if ends else None

    def _ends(self, goods: str, main: str, access: Access, boarding: bool) -> list[End]:
        """States in which goods enter (or leave) the network at ``access``, each with what that costs at this end."""
        rates, done = self.rates[goods], main == "road" or not boarding
        road = rates["road"].per_km * access.kilometres if "road" in rates else (0.0 if access.kilometres == 0 else math.inf)
        ends: list[End] = []
        for mode in FEEDERS[main]:
            if mode not in rates or (mode == "water" and access.kilometres > 0):
                continue
            drayage = 0.0 if mode != "rail" or access.siding else rates["rail"].short_haul
            ends.append(End(access, (access.node, mode, done), road + drayage + (rates[mode].fixed if boarding else 0.0)))
        return ends

    def _tree(self, goods: str, main: str, start: State) -> tuple[dict[State, list[State]], dict[State, float]]:
        """Dijkstra's predecessors and costs from ``start``, computed once."""
        key = (goods, main, start)
        if key not in self._trees:
            if (goods, main) not in self._graphs:
                self._graphs[goods, main] = self._graph(goods, main)
            graph = self._graphs[goods, main]
            alone: tuple[dict[State, list[State]], dict[State, float]] = ({start: []}, {start: 0.0})
            self._trees[key] = nx.dijkstra_predecessor_and_distance(graph, start, weight="cost") if start in graph else alone
        return self._trees[key]

    def _graph(self, goods: str, main: str) -> nx.DiGraph:
        """States and moves of one class and main mode: along edges, and from mode to mode within a node."""
        rates = self.rates[goods]
        modes = [mode for mode in FEEDERS[main] if mode in rates]
        graph = nx.DiGraph()
        present: dict[str, set[str]] = defaultdict(set)
        for access in (access for ways in self._access.values() for access in ways):
            present[access.node].update({"road"} if access.kilometres > 0 else ())
        for edge in self._edges:
            mode = edge["mode"]
            if mode not in modes:
                continue
            present[edge["from"]].add(mode)
            present[edge["to"]].add(mode)
            for start, end, rate in ((edge["from"], edge["to"], "down"), (edge["to"], edge["from"], "up")):
                cost = edge["kilometres"] * _per_km(rates[mode], edge["river"], rate == "up")
                _add_moves(graph, (start, end, mode), mode == main, cost, edge["kilometres"])
        for node, here in present.items():
            for mode, other in permutations([mode for mode in modes if mode in here], 2):
                self._add_transfers(graph, node, mode, other, rates[other].fixed)
        return graph

    def _add_transfers(self, graph: nx.DiGraph, node: str, mode: str, other: str, boarding: float) -> None:
        cost = self._transfers.get(frozenset((mode, other)), math.inf)
        for done in (False, True) if math.isfinite(cost) else ():
            graph.add_edge((node, mode, done), (node, other, done), cost=cost + boarding, kilometres=0.0)

    def _route(self, goods: str, main: str, cost: float, start: End, finish: End) -> Route:
        before, _ = self._tree(goods, main, start.state)
        states = [finish.state]
        while before[states[-1]]:
            states.append(before[states[-1]][0])
        states.reverse()
        graph, legs = self._graphs[goods, main], []
        length = dict.fromkeys(FEEDERS["water"], 0.0) | {"road": start.access.kilometres + finish.access.kilometres}
        for here, there in pairwise(states):
            if here[0] != there[0]:
                legs.append((here[0], there[0], there[1]))
                length[there[1]] += graph.edges[here, there]["kilometres"]
        if _off_network(start.access, not legs):
            legs.insert(0, (start.access.site, start.access.node, "road"))
        if _off_network(finish.access, not legs):
            legs.append((finish.access.node, finish.access.site, "road"))
        rates, kilometres = self.rates[goods], sum(length.values())
        share = length[main] / kilometres if kilometres else 1.0
        delivered = 1.0 - rates[main].loss - rates[main].loss_per_km * kilometres
        co2 = sum(rates[mode].co2 * length[mode] for mode in FEEDERS[main] if mode in rates)
        return Route(main, cost, kilometres, share, delivered, co2, tuple(legs))


_latest: list[tuple[Tables, Network]] = []  # a study expands many cases, and few of them change the network


def network_of(tables: Tables) -> Network:
    """The network of ``tables``, with the routes it has found already where the last one rested on the same cells."""
    mine = {name: tables[name] for name in TABLES if name in tables}
    for known, network in _latest:
        if known.keys() == mine.keys() and all(mine[name] is known[name] or mine[name].equals(known[name]) for name in mine):
            return network
    network = Network(tables)
    _latest[:] = [(mine, network)]
    return network


def _off_network(access: Access, alone: bool) -> bool:
    """Whether the route shows the way between site and node: where it has a length, or where there is no other leg."""
    return access.site != access.node and (access.kilometres > 0 or alone)


def _worth_keeping(route: Route, cheapest: Route, rate: Rate) -> bool:
    return route.cost <= rate.keep_ratio * cheapest.cost and route.main_share >= rate.min_share


def _per_km(rate: Rate, river: str, up: bool) -> float:
    if river == "tributary":
        return rate.tributary
    return rate.upstream if up else rate.per_km


def _add_moves(graph: nx.DiGraph, leg: Leg, is_main: bool, cost: float, kilometres: float) -> None:
    """Moves along one edge, before and after the main mode was used; of parallel edges the cheaper stays."""
    start, end, mode = leg
    for done in (False, True):
        move = ((start, mode, done), (end, mode, done or is_main))
        if not graph.has_edge(*move) or graph.edges[move]["cost"] > cost:
            graph.add_edge(*move, cost=cost, kilometres=kilometres)
