"""The cheapest way through the corridor network, worked out by hand on four nodes in a row.

start –road 100– yard –rail 200 / water 150 (downstream)– quay –road 50– works
"""

from __future__ import annotations

import pytest

from model.expand.network import Network, Route, network_of
from model.expand.routes import place_names, route_legs, route_text, route_words
from model.tables import Tables, frame

NODES = ("start", "yard", "quay", "works")
EDGES = (
    {"edge": "r1", "from": "start", "to": "yard", "mode": "road", "kilometres": 100},
    {"edge": "l1", "from": "yard", "to": "quay", "mode": "rail", "kilometres": 200},
    {"edge": "w1", "from": "yard", "to": "quay", "mode": "water", "kilometres": 150, "river": "main"},
    {"edge": "r2", "from": "quay", "to": "works", "mode": "road", "kilometres": 50},
)
RATES = (
    {"class": "bulk", "mode": "road", "fixed": 10, "per_km": 0.5, "vat_rate": 0.09},
    {"class": "bulk", "mode": "rail", "fixed": 30, "per_km": 0.1, "short_haul": 12, "vat_rate": 0.09},
    {"class": "bulk", "mode": "water", "fixed": 8, "per_km": 0.02, "per_km_upstream": 0.04, "per_km_tributary": 0.06, "vat_rate": 0.09},
)
TRANSFERS = (
    {"mode": "road", "other": "rail", "cost": 5, "vat_rate": 0.06},
    {"mode": "road", "other": "water", "cost": 6, "vat_rate": 0.06},
    {"mode": "rail", "other": "water", "cost": 7, "vat_rate": 0.06},
)


def world(
    edges: tuple[dict[str, object], ...] = EDGES,
    rates: tuple[dict[str, object], ...] = RATES,
    access: tuple[dict[str, object], ...] = (),
) -> Tables:
    """Tables of the four-node network; every node is a site of the same name unless ``access`` adds others."""
    places = [{"site": node, "node": node} for node in NODES]
    return {
        "corridor_nodes": frame("corridor_nodes", [{"node": node, "name_zh": f"{node}站"} for node in NODES]),
        "corridor_edges": frame("corridor_edges", edges),
        "access": frame("access", [*places, *access]),
        "freight_rates": frame("freight_rates", rates),
        "transfers": frame("transfers", TRANSFERS),
    }


def quoted(tables: Tables, mode: str, origin: str, destination: str) -> float:
    """Cheapest route by ``mode`` in yuan/t as quoted."""
    route = Network(tables, with_vat=True).cheapest("bulk", mode, origin, destination)
    assert route is not None
    return route.cost * 1e3


def changed(mode: str, **cells: object) -> tuple[dict[str, object], ...]:
    """The rates with other cells in the row of ``mode``."""
    return tuple(rate | cells if rate["mode"] == mode else rate for rate in RATES)


def test_truck_train_truck() -> None:
    """10 + 50 truck, 5 transfer, 30 + 20 train, 5 transfer, 10 + 25 truck = 155."""
    assert quoted(world(), "rail", "start", "works") == pytest.approx(155)


def test_port_call_and_river_direction() -> None:
    """60 truck, 6 transfer, 8 port call, 150 km at 0.02 = 3, 6 transfer, 35 truck = 118; upstream 3 more."""
    assert quoted(world(), "water", "start", "works") == pytest.approx(118)
    assert quoted(world(), "water", "works", "start") == pytest.approx(121)


def test_tributary_has_its_own_rate() -> None:
    """150 km at 0.06 = 9 instead of 3, in both directions."""
    edges = tuple(edge | {"river": "tributary"} if edge["edge"] == "w1" else edge for edge in EDGES)
    assert quoted(world(edges), "water", "start", "works") == pytest.approx(124)
    assert quoted(world(edges), "water", "works", "start") == pytest.approx(124)


def test_no_route_by_road_alone_and_no_route_through_an_edge_switched_off() -> None:
    """Yard and quay have no road between them; without the train only water is left."""
    assert Network(world()).cheapest("bulk", "road", "start", "works") is None
    edges = tuple(edge | {"default_on": 0} if edge["edge"] == "l1" else edge for edge in EDGES)
    assert [route.mode for route in Network(world(edges)).routes("bulk", "start", "works")] == ["water"]


def test_train_may_feed_the_ship() -> None:
    """yard → quay by train (30 + 20), 7 transfer, 8 port call and 100 km at 0.02 to the sea = 67."""
    edges = (*EDGES[:2], EDGES[3], {"edge": "w2", "from": "quay", "to": "sea", "mode": "water", "kilometres": 100, "river": "main"})
    assert quoted(world(edges, access=({"site": "sea", "node": "sea"},)), "water", "yard", "sea") == pytest.approx(67)


def test_model_takes_the_quote_without_vat() -> None:
    """118 = 106 of carriers with 9 % and 12 of terminals with 6 %: 97.248 + 11.321 = 108.569 yuan/t, in million yuan per kt."""
    route = Network(world()).cheapest("bulk", "water", "start", "works")
    assert route is not None
    assert route.cost == pytest.approx(0.108569, abs=1e-6)


def test_factor_raises_fixed_and_kilometre_charges() -> None:
    """Train 30 + 20 = 50 becomes 65 at a factor of 1.3."""
    assert quoted(world(rates=changed("rail", factor=1.3)), "rail", "start", "works") == pytest.approx(170)


def test_truck_to_the_station_where_there_is_no_siding() -> None:
    """yard → quay by train is 50; a factory without siding beside the yard pays 12 more."""
    tables = world(access=({"site": "factory", "node": "yard", "siding": 0},))
    assert quoted(tables, "rail", "yard", "quay") == pytest.approx(50)
    assert quoted(tables, "rail", "factory", "quay") == pytest.approx(62)
    assert quoted(tables, "rail", "quay", "factory") == pytest.approx(62)


def test_access_road_is_paid_and_remembered() -> None:
    """A village 20 km from start: truck 10 + 10 + 50 to the yard; the route begins at the village."""
    tables = world(access=({"site": "village", "node": "start", "kilometres": 20},))
    route = Network(tables, with_vat=True).cheapest("bulk", "road", "village", "yard")
    assert route is not None
    assert (route.cost * 1e3, route.kilometres, route.text) == (pytest.approx(70), 120, "village~road~start~road~yard")


def test_the_better_of_two_ways_into_the_network_is_taken() -> None:
    """From the village 90 km to the yard (55) beat 20 + 100 km through start (70)."""
    both = ({"site": "village", "node": "start", "kilometres": 20}, {"site": "village", "node": "yard", "kilometres": 90})
    assert quoted(world(access=both), "road", "village", "yard") == pytest.approx(55)


def test_two_sites_at_one_node() -> None:
    """10 + 3 km at 0.5 = 11.5, straight through the common node."""
    tables = world(access=({"site": "village", "node": "start", "kilometres": 3},))
    route = Network(tables, with_vat=True).cheapest("bulk", "road", "village", "start")
    assert route is not None
    assert (route.cost * 1e3, route.text) == (pytest.approx(11.5), "village~road~start")


def test_loss_per_trip_and_kilometre() -> None:
    """0.3 % and 100 km at 0.005 %: 99.2 % arrive."""
    rates = changed("road", loss=0.003, loss_per_km=0.00005)
    route = Network(world(rates=rates)).cheapest("bulk", "road", "start", "yard")
    assert route is not None
    assert route.delivered_share == pytest.approx(0.992)


def kept(rates: tuple[dict[str, object], ...]) -> list[Route]:
    """Routes start → works after pruning (water 118, rail 155 as quoted)."""
    return Network(world(rates=rates), with_vat=True).routes("bulk", "start", "works")


def test_dear_modes_are_dropped() -> None:
    """155 / 118 = 1.314: the train stays at a ratio of 1.32 and goes at 1.31; blank keeps everything."""
    assert [route.mode for route in kept(RATES)] == ["water", "rail"]
    assert [route.mode for route in kept(changed("rail", keep_ratio=1.32))] == ["water", "rail"]
    assert [route.mode for route in kept(changed("rail", keep_ratio=1.31))] == ["water"]


def test_long_routes_are_dropped_before_the_cheapest_is_named() -> None:
    """Water takes 300 km: with at most 299 the train (350 km) is the pair's cheapest whatever its ratio."""
    rates = tuple(rate | {"max_km": 299} if rate["mode"] == "water" else rate for rate in changed("rail", keep_ratio=1.0))
    assert [route.mode for route in kept(rates)] == ["rail"]


def test_a_mode_that_is_hardly_used_is_dropped_unless_cheapest() -> None:
    """The train makes 200 of 350 km = 57 %; water, the cheapest, half of its 300 km and stays at any share."""
    assert [route.mode for route in kept(changed("rail", min_share=0.57))] == ["water", "rail"]
    assert [route.mode for route in kept(changed("rail", min_share=0.58))] == ["water"]
    assert [route.mode for route in kept(changed("water", min_share=0.9))] == ["water", "rail"]


def test_route_text_and_legs_are_inverse() -> None:
    """The example of the module; a route without legs is empty."""
    route = Network(world()).cheapest("bulk", "water", "start", "works")
    assert route is not None
    assert route.text == "start~road~yard~water~quay~road~works"
    assert route_legs(route.text) == [("start", "yard", "road"), ("yard", "quay", "water"), ("quay", "works", "road")]
    assert route_text(route_legs(route.text)) == route.text
    assert route_legs("") == [] and route_text([]) == "" and route_words("", {}, "zh") == ""


def test_route_in_words_joins_legs_of_one_mode() -> None:
    """Intermediate nodes of one mode are left out."""
    names = place_names(world(), "zh")
    assert route_words("start~road~yard~road~quay~rail~works", names, "zh") == "start站 –公→ quay站 –铁→ works站"
    assert route_words("yard~water~quay", place_names(world(), "en"), "en") == "yard –water→ quay"


def test_a_network_is_found_again_by_its_cells_and_not_by_other_ones():
    """Costs as sums of the rates by hand: 10 + 100 × 0.5 by road; a kilometre more is another network."""
    first = network_of(world())
    assert network_of(world()) is first and network_of({**world(), "sites": frame("sites", [])}) is first
    assert first.routes("bulk", "start", "yard") is first.routes("bulk", "start", "yard")
    longer = network_of(world(({**EDGES[0], "kilometres": 101}, *EDGES[1:])))
    costs = [network.routes("bulk", "start", "yard")[0].cost * 1.09 for network in (first, longer)]
    assert costs == pytest.approx([0.060, 0.0605])
    assert network_of({name: table for name, table in world().items() if name != "transfers"}) is not longer
    assert network_of(world(rates=({**RATES[0], "fixed": 11}, *RATES[1:]))).routes("bulk", "start", "yard")[0].cost * 1.09 == pytest.approx(0.061)
