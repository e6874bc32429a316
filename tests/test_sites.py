"""The sites and the corridor network of data/chuanyu against published distances and freights."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from model.expand.network import Network
from model.problems import Problems
from model.reading import read
from model.tables import Tables

FOLDER = Path(__file__).parent.parent / "data" / "chuanyu"
PARKS = ["wanzhou", "xipeng", "fuling", "baitao", "qianjiang", "qijiang", "meishan", "guangyuan", "qingchuan"]
SUB_PARKS = ["qingxi", "zhengyang"]
NO_TRAFFIC = {"power_zone"}  # kinds of sites that no goods reach
BEELINE_TOLERANCE = 3.0  # km: sites and nodes are known to a few kilometres


@cache
def tables() -> Tables:
    """The shipped dataset."""
    return read(FOLDER, Problems()).tables


def beeline(one: pd.Series, other: pd.Series) -> float:
    """Great-circle distance in km."""
    north, south = math.radians(one["lat"]), math.radians(other["lat"])
    half = math.sin((north - south) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(math.radians(one["lon"] - other["lon"]) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


@cache
def network_of(*modes: str) -> nx.Graph:
    """Corridor edges in use of the given modes, weighted with kilometres."""
    graph = nx.Graph()
    for edge in tables()["corridor_edges"].to_dict("records"):
        if edge["mode"] in modes and edge["default_on"]:
            graph.add_edge(edge["from"], edge["to"], kilometres=edge["kilometres"])
    return graph


def test_every_site_of_the_plan_is_there_once() -> None:
    """Nine parks, two sub-parks, Nanchuan and Aba, 26 scrap areas and the import pilot."""
    sites = tables()["sites"]
    assert {*PARKS, *SUB_PARKS, "nanchuan", "aba"} <= set(sites["site"])
    assert sorted(sites.loc[sites["kind"] == "park", "site"]) == sorted(PARKS + SUB_PARKS)
    assert sum(sites["kind"] == "city") == 27
    assert sum(sites["kind"] == "gateway") == 13
    assert sites["site"].is_unique and sites["name_zh"].is_unique and sites["name_en"].is_unique


def test_kinds_and_regions_are_the_agreed_ones() -> None:
    """Gateways lie outside, everything else in one of the two provinces."""
    sites = tables()["sites"]
    assert set(sites["kind"]) == {"park", "plant", "scrap_centre", "warehouse", "port", "market", "gateway", "city", "power_zone"}
    assert set(sites.loc[sites["kind"] == "gateway", "region"]) == {"outside"}
    assert set(sites.loc[sites["kind"] != "gateway", "region"]) == {"sichuan", "chongqing"}


@pytest.mark.parametrize("table", [
    "sites", "site_names", "corridor_nodes", "corridor_edges", "access", "freight_rates", "transfers", "freight_classes",
])
def test_every_row_has_a_source_and_a_grade(table: str) -> None:
    """The promise of the dataset."""
    rows = tables()[table]
    assert (rows["source"] != "").all() and (rows["grade"] != "").all()


def test_sites_lie_in_their_province() -> None:
    """Rough boxes: Sichuan 97.3–108.6° E, 26–34.4° N; Chongqing 105.2–110.3° E, 28.1–32.3° N."""
    sites = tables()["sites"]
    boxes = {"sichuan": (97.3, 108.6, 26.0, 34.4), "chongqing": (105.2, 110.3, 28.1, 32.3)}
    for region, (west, east, south, north) in boxes.items():
        inside = sites[sites["region"] == region]
        assert inside["lon"].between(west, east).all() and inside["lat"].between(south, north).all()


def test_other_names_are_unambiguous() -> None:
    """What people type leads to one site, and never to another site's id or full name."""
    sites, names = tables()["sites"], tables()["site_names"]
    assert names["name"].str.casefold().is_unique
    full = dict(zip([*sites["site"], *sites["name_zh"], *sites["name_en"]], [*sites["site"]] * 3, strict=True))
    assert all(full.get(name, site) == site for site, name in zip(names["site"], names["name"], strict=True))
    by_name = dict(zip(names["name"], names["site"], strict=True))
    assert [by_name[name] for name in ("西彭", "綦江", "甘眉", "水江", "正阳")] == ["xipeng", "qijiang", "meishan", "nanchuan", "zhengyang"]
    assert full["Xipeng Industrial Park"] == "xipeng"


def test_every_site_with_traffic_has_access_to_the_network() -> None:
    """Only power zones stand alone."""
    sites = tables()["sites"]
    lonely = set(sites["site"]) - set(tables()["access"]["site"])
    assert lonely == set(sites.loc[sites["kind"].isin(NO_TRAFFIC), "site"])


def test_network_hangs_together() -> None:
    """One component in use with the tributaries off; rail alone and water alone are one component each."""
    assert nx.is_connected(network_of("road", "rail", "water"))
    assert set(network_of("road", "rail", "water")) == set(tables()["corridor_nodes"]["node"])
    assert nx.is_connected(network_of("rail")) and nx.is_connected(network_of("water"))


def test_tributaries_are_off() -> None:
    """The Yangtze is on; Jialing, Minjiang and Wujiang wait for a survey."""
    water = tables()["corridor_edges"].query("mode == 'water'")
    assert set(water.loc[water["river"] == "tributary", "default_on"]) == {0}
    assert set(water.loc[water["river"] == "main", "default_on"]) == {1}


def test_no_way_is_shorter_than_the_beeline() -> None:
    """Edges and access roads."""
    nodes, sites = tables()["corridor_nodes"].set_index("node"), tables()["sites"].set_index("site")
    for edge in tables()["corridor_edges"].to_dict("records"):
        assert edge["kilometres"] >= beeline(nodes.loc[edge["from"]], nodes.loc[edge["to"]]), edge["edge"]
    for way in tables()["access"].to_dict("records"):
        assert way["kilometres"] + BEELINE_TOLERANCE >= beeline(sites.loc[way["site"]], nodes.loc[way["node"]]), way["site"]


@pytest.mark.parametrize(("mode", "one", "other", "low", "high"), [
    ("water", "port_guoyuan", "gateway_shanghai", 2365, 2369),  # Chaotianmen–Wusong 2,399 less 30 km to Guoyuan
    ("water", "gateway_jiangyin", "port_wanzhou", 1870, 1890),
    ("water", "port_guoyuan", "port_wanzhou", 297, 297),  # Chaotianmen–Wanzhou 327 less 30
    ("rail", "gateway_gansu", "hub_chongqing", 873, 873),  # operating length of the Lanzhou–Chongqing line
    ("rail", "guangyuan", "hub_chongqing", 354, 370),
    ("rail", "hub_chongqing", "hub_huaihua", 625, 625),  # Chongqing–Huaihua line
    ("rail", "hub_chongqing", "qianjiang", 320, 340),
    ("rail", "guangyuan", "hub_chengdu", 319, 325),
    ("road", "guangyuan", "hub_chengdu", 297, 303),
    ("rail", "hub_chengdu", "hub_chongqing", 295, 315),
    ("rail", "hub_chongqing", "hub_guiyang", 424, 463),
    ("rail", "hub_chongqing", "hub_qinzhou", 1300, 1450),
    ("road", "wanzhou", "hub_chengdu", 520, 540),
    ("road", "qianjiang", "hub_chongqing", 285, 300),
])
def test_published_distances(mode: str, one: str, other: str, low: float, high: float) -> None:
    """Kilometres of the network between two places against published lengths."""
    length = nx.shortest_path_length(network_of(mode), one, other, weight="kilometres")
    assert low <= length <= high


@pytest.mark.parametrize(("park", "freight"), [
    ("meishan", 145), ("guangyuan", 127), ("qingchuan", 137), ("qianjiang", 112), ("qijiang", 125), ("fuling", 99), ("xipeng", 88),
])
def test_seven_alumina_freights_from_wanzhou(park: str, freight: float) -> None:
    """Yuan per tonne of alumina as quoted, within 5 %."""
    cheapest = Network(tables(), with_vat=True).routes("bulk", "wanzhou", park)[0]
    assert cheapest.cost * 1e3 == pytest.approx(freight, rel=0.05)


def test_rail_rate_meets_the_published_long_haul() -> None:
    """Guangxi–Xinjiang, about 4,700 km, 730 yuan/t of alumina in 2019, within 3 %."""
    rail = Network(tables(), with_vat=True).rates["bulk"]["rail"]
    assert (rail.fixed + 4700 * rail.per_km) * 1e3 == pytest.approx(730, rel=0.03)


def test_the_model_pays_freight_without_vat() -> None:
    """Meishan by rail: (55 + 0.14 × 643) / 1.09 = 133.05 yuan/t."""
    assert Network(tables()).routes("bulk", "wanzhou", "meishan")[0].cost == pytest.approx(0.13305, abs=1e-5)


def test_semis_and_scrap_pay_more_than_bulk_by_rail_and_water() -> None:
    """A factor between 1.2 and 1.5."""
    rates = Network(tables()).rates
    for goods in ("semis", "scrap"):
        for mode in ("rail", "water"):
            assert 1.2 <= rates[goods][mode].per_km / rates["bulk"][mode].per_km <= 1.5


def test_every_good_that_is_weighed_has_a_class() -> None:
    """Only gas and energy have none; foil stock can leave Guangyuan."""
    commodities, classes = tables()["commodities"], tables()["freight_classes"]
    weighed = set(commodities.loc[commodities["unit"] == "kt", "commodity"])
    assert weighed == set(classes["commodity"])
    assert classes.set_index("commodity").loc["foil_stock", "class"] == "semis"


def test_neighbours_share_a_station_and_keep_their_ids() -> None:
    """Zhengyang reaches the network at Qianjiang over a short road."""
    way = tables()["access"].set_index("site").loc["zhengyang"]
    assert (way["node"], way["kilometres"]) == ("qianjiang", 2)
