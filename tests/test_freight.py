"""Who gets a lane, what it costs and remembers, and the capacity of corridor edges."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from model.expand import freight
from model.expand.trade import makers_and_users, trade
from model.problems import Problems
from model.reading import read
from model.tables import Tables, frame

FOLDER = Path(__file__).parent.parent / "data" / "chuanyu"
KINDS = {"plant": "park", "mill": "park", "town": "market", "east": "gateway", "west": "gateway", "store": "warehouse", "city": "city"}
Rows = list[dict[str, object]]


def core_of(**tables: Rows) -> Tables:
    """Core rows with the seven sites of ``KINDS``."""
    sites: Rows = [{"site": site, "kind": kind} for site, kind in KINDS.items()]
    return {name: frame(name, rows) for name, rows in {"sites": sites, **tables}.items()}


def metal_world(**more: Rows) -> Tables:
    """The plant casts ingot, the mill rolls it into sheet; ingot and sheet are sold and bought elsewhere too."""
    tables: dict[str, Rows] = {
        "recipes": [
            {"technology": "cast", "commodity": "ingot", "quantity": 1},
            {"technology": "roll", "commodity": "ingot", "quantity": -1.1},
            {"technology": "roll", "commodity": "sheet", "quantity": 1},
        ],
        "tech_sites": [
            {"technology": "cast", "site": "plant", "variable_cost": 0},
            {"technology": "roll", "site": "mill", "variable_cost": 0},
        ],
        "supply": [
            {"commodity": "ingot", "site": "east", "price": 20},
            {"commodity": "sheet", "site": "east", "price": 26},
            {"commodity": "scrap", "site": "city", "price": 15},
        ],
        "demand": [
            {"commodity": "ingot", "site": "west", "price": 20},
            {"commodity": "sheet", "site": "town", "price": 25, "min": 5, "max": 9},
            {"commodity": "sheet", "site": "store", "price": 25, "max": 9},
            {"commodity": "scrap", "site": "east", "price": 15},
        ],
        "stocks": [{"commodity": "ingot", "site": "store", "capacity": 20, "holding_cost": 0}],
    }
    return core_of(**{**tables, **more})


def partners(core: Tables, good: str) -> list[tuple[str, str]]:
    return list(trade(core).partners(good))


def test_makers_ship_to_users_buyers_and_stores_dealers_to_users_only() -> None:
    """East sells ingot: it ships to the mill, not to the other gateway and not into the store; the store serves the mill."""
    assert partners(metal_world(), "ingot") == [("east", "mill"), ("plant", "mill"), ("plant", "store"), ("plant", "west"), ("store", "mill")]


def test_dealers_ship_to_buyers_that_must_be_served() -> None:
    """Sheet from the gateway reaches the town, which must be served, not the store, which only pays a price."""
    assert partners(metal_world(), "sheet") == [("east", "town"), ("mill", "store"), ("mill", "town")]


def test_scrap_leaves_the_city_but_no_good_goes_from_gateway_to_gateway() -> None:
    """The city is no dealer; a gateway that must be served is still no customer of another gateway."""
    assert partners(metal_world(), "scrap") == [("city", "east")]
    demand: Rows = [{"commodity": "ingot", "site": "west", "price": 20, "min": 1}]
    assert ("east", "west") not in partners(metal_world(demand=demand), "ingot")


def test_nothing_moves_without_makers_and_without_floors() -> None:
    """No money pump: dealers alone have nobody to ship to."""
    demand: Rows = [{"commodity": "sheet", "site": "town", "price": 25, "max": 9}, {"commodity": "ingot", "site": "west", "price": 99}]
    core = metal_world(tech_sites=[], demand=demand)
    assert partners(core, "ingot") + partners(core, "sheet") == []


def test_no_lane_to_itself() -> None:
    """A site that makes and uses a good balances it without freight."""
    recipes: Rows = [{"technology": technology, "commodity": "ingot", "quantity": sign} for technology, sign in (("melt", 1), ("use", -1))]
    permits: Rows = [{"technology": technology, "site": "plant", "variable_cost": 0} for technology in ("melt", "use")]
    assert partners(core_of(recipes=recipes, tech_sites=permits), "ingot") == []


def test_a_technology_counts_only_where_it_can_run() -> None:
    """It needs a permit that is not 0 and capacity, or an option, of each of its units at the site."""
    rolling: Rows = [{"technology": "roll", "commodity": "sheet", "quantity": 1}]
    most = {"plant": 5, "mill": 5, "town": 0, "east": 5}
    permits: Rows = [{"technology": "roll", "site": site, "variable_cost": 0, "max_activity": amount} for site, amount in most.items()]
    uses: Rows = [{"technology": "roll", "unit": "mill_unit", "use": 1}]
    core = core_of(
        recipes=rolling, tech_sites=permits, capacity_use=uses,
        capacity=[{"unit": "mill_unit", "site": site, "amount": 1} for site in ("plant", "town")],
        option_effects=[{"option": "new", "unit": "mill_unit", "site": "mill", "per_size": 1}],
    )
    assert makers_and_users(core)[0] == {"sheet": {"plant", "mill"}}


def test_a_sites_own_recipe_replaces_the_common_one() -> None:
    """The mill's own row of 0 means that it needs no scrap."""
    recipes: Rows = [
        {"technology": "roll", "commodity": "scrap", "quantity": -1},
        {"technology": "roll", "site": "mill", "commodity": "scrap", "quantity": 0},
    ]
    permits: Rows = [{"technology": "roll", "site": site, "variable_cost": 0} for site in ("plant", "mill")]
    assert makers_and_users(core_of(recipes=recipes, tech_sites=permits))[1] == {"scrap": {"plant"}}


def freight_world(edges: Rows | None = None, classes: Rows | None = None, access: Rows | None = None) -> Tables:
    """plant –50 km road– mill –60 km road– town; rail plant–town 100 km, capacity 24 kt a year."""
    roads: Rows = [
        {"edge": "e1", "from": "plant", "to": "mill", "mode": "road", "kilometres": 50},
        {"edge": "e2", "from": "mill", "to": "town", "mode": "road", "kilometres": 60},
        {"edge": "e3", "from": "plant", "to": "town", "mode": "rail", "kilometres": 100, "capacity": 24, "_file": "edges.csv", "_row": 4},
    ]
    rates: Rows = [
        {"class": "bulk", "mode": "road", "fixed": 10, "per_km": 0.5, "_file": "freight_rates.csv", "_row": 2, "source": "GK", "grade": "C"},
        {"class": "bulk", "mode": "rail", "fixed": 40, "per_km": 0.1},
    ]
    return {
        "corridor_nodes": frame("corridor_nodes", [{"node": site, "name_zh": f"{site}站", "name_en": site} for site in KINDS]),
        "corridor_edges": frame("corridor_edges", roads if edges is None else edges),
        "access": frame("access", [{"site": site, "node": site} for site in KINDS] if access is None else access),
        "freight_rates": frame("freight_rates", rates),
        "freight_classes": frame("freight_classes", [{"commodity": "ingot", "class": "bulk"}] if classes is None else classes),
    }


INGOT_WORLD: Mapping[str, Rows] = {
    "recipes": [{"technology": "cast", "commodity": "ingot", "quantity": 1}],
    "tech_sites": [{"technology": "cast", "site": "plant", "variable_cost": 0}],
    "demand": [{"commodity": "ingot", "site": site, "price": 20} for site in ("mill", "town")],
}


def expanded(tables: Tables, problems: Problems | None = None, **more: Rows) -> Tables:
    return freight.expand(tables, core_of(**{**INGOT_WORLD, **more}), problems or Problems())


def test_lanes_are_parallel_by_mode_and_remember_their_way() -> None:
    """Town by road 10 + 0.5 × 110 = 65 yuan/t, by rail 40 + 10 = 50; mill by road 35: 0.065, 0.050, 0.035 million yuan/kt."""
    lanes = expanded(freight_world())["lanes"]
    found = {(lane["to"], lane["mode"]): lane for lane in lanes.to_dict("records")}
    costs = {key: round(lane["unit_cost"], 6) for key, lane in found.items()}
    assert costs == {("mill", "road"): 0.035, ("town", "rail"): 0.05, ("town", "road"): 0.065}
    road = found["town", "road"]
    assert (road["kilometres"], road["route"], road["cost_class"], road["period"]) == (110, "plant~road~mill~road~town", "freight", "*")
    assert (road["_file"], road["_row"], road["source"], road["grade"]) == ("freight_rates.csv", 2, "GK", "C")


def test_a_lane_written_by_hand_replaces_the_computed_one() -> None:
    """Only that mode of that pair."""
    by_hand: Rows = [{"commodity": "ingot", "from": "plant", "to": "town", "mode": "rail", "unit_cost": 0.01}]
    lanes = expanded(freight_world(), lanes=by_hand)["lanes"]
    assert list(zip(lanes["to"], lanes["mode"], strict=True)) == [("mill", "road"), ("town", "road")]


def test_goods_without_class_or_of_class_none_stay() -> None:
    """No row in freight_classes, or the class none: no lanes and no problem."""
    for classes in ([], [{"commodity": "ingot", "class": "none"}]):
        problems = Problems()
        assert len(expanded(freight_world(classes=classes), problems)["lanes"]) == 0
        assert not list(problems)


def test_a_class_without_rates_is_a_located_problem() -> None:
    """File and row of the class, in both languages."""
    problems = Problems()
    expanded(freight_world(classes=[{"commodity": "ingot", "class": "gas", "_file": "freight_classes.csv", "_row": 7}]), problems)
    (problem,) = problems.errors
    assert (problem.file, problem.row, problem.column, problem.value) == ("freight_classes.csv", 7, "class", "gas")
    assert "gas" in problem.text("zh") and "gas" in problem.text("en")


def test_a_site_without_access_is_noted() -> None:
    """It gets no lanes; a note says so, nothing is refused."""
    problems = Problems()
    lanes = expanded(freight_world(access=[{"site": site, "node": site} for site in ("plant", "mill")]), problems)["lanes"]
    assert set(lanes["to"]) == {"mill"}
    assert [note.value for note in problems.notes] == ["town"] and not problems.errors


def test_nothing_without_freight_tables() -> None:
    """No table = not used."""
    assert freight.expand({}, core_of(**INGOT_WORLD), Problems()) == {}


def test_edge_capacity_is_a_period_indicator_over_the_lanes_that_use_it() -> None:
    """The rail edge carries one lane of the plant and one of the town, back and forth; 24 kt a year for both together."""
    back: Rows = [*INGOT_WORLD["tech_sites"], {"technology": "cast", "site": "town", "variable_cost": 0}]
    demand: Rows = [{"commodity": "ingot", "site": site, "price": 20} for site in ("plant", "town")]
    result = expanded(freight_world(), tech_sites=back, demand=demand)
    (indicator,) = result["indicators"].to_dict("records")
    assert (indicator["indicator"], indicator["max"], indicator["scope"], indicator["unit"]) == ("edge_e3", 24, "period", "kt")
    assert (indicator["name_zh"], indicator["name_en"]) == ("铁路通过量 plant站–town站", "rail traffic plant–town")
    assert (indicator["_file"], indicator["_row"]) == ("edges.csv", 4)
    terms = result["indicator_terms"]
    assert set(zip(*(terms[column] for column in ("kind", "a", "b", "c", "d", "coefficient")), strict=True)) == {
        ("flow", "ingot", "plant", "town", "rail", 1.0), ("flow", "ingot", "town", "plant", "rail", 1.0),
    }


def test_no_indicator_without_capacities() -> None:
    """Blank capacity: no bound, no row; rates that state no CO2: no carbon either."""
    edges: Rows = [{"edge": "e1", "from": "plant", "to": "mill", "mode": "road", "kilometres": 50}]
    result = expanded(freight_world(edges))
    assert len(result["lanes"]) == 1 and result["indicators"].empty and result["indicator_terms"].empty


def test_carbon_of_a_lane_counts_every_leg() -> None:
    """110 km of road at 0.08 kg = 8.8 kg per tonne; by rail 100 km at 0.02 = 2 kg per tonne: 0.0088 and 0.002 kt per kt."""
    tables = freight_world()
    tables["freight_rates"]["co2"] = [0.08, 0.02]
    terms = expanded(tables)["indicator_terms"].query("indicator == 'carbon_freight'")
    assert dict(zip(terms["c"] + " " + terms["d"], terms["coefficient"].round(9), strict=True)) == {
        "mill road": 0.004, "town road": 0.0088, "town rail": 0.002,
    }


@cache
def shipped() -> Tables:
    return read(FOLDER, Problems()).tables


def lanes_between(goods: dict[str, tuple[list[str], list[str]]]) -> pd.DataFrame:
    """Lanes of the shipped network for goods made at the first and used at the second list of sites."""
    recipes: Rows = []
    permits: Rows = []
    for good, places in goods.items():
        for sign, sites in zip((1, -1), places, strict=True):
            recipes.append({"technology": f"{good}{sign}", "commodity": good, "quantity": sign})
            permits += [{"technology": f"{good}{sign}", "site": site, "variable_cost": 0} for site in sites]
    core = {"sites": shipped()["sites"], "recipes": frame("recipes", recipes), "tech_sites": frame("tech_sites", permits)}
    return freight.expand(shipped(), core, Problems())["lanes"]


def test_liquid_metal_goes_by_road_up_to_40_km_with_loss() -> None:
    """Of all parks only Fuling and Qingxi (28 km), Fuling and Baitao (35), Qianjiang and Zhengyang (2) are near enough.

    28 km lose 0.3 % + 28 × 0.005 % = 0.44 %.
    """
    parks = list(shipped()["sites"].query("kind == 'park'")["site"])
    lanes = lanes_between({"liquid_aluminium": (parks, parks)})
    assert set(lanes["mode"]) == {"road"} and lanes["kilometres"].max() <= 40
    pairs = {frozenset(pair) for pair in zip(lanes["from"], lanes["to"], strict=True)}
    assert pairs == {frozenset(pair) for pair in (("fuling", "qingxi"), ("fuling", "baitao"), ("qianjiang", "zhengyang"))}
    crucible = lanes[(lanes["from"] == "qingxi") & (lanes["to"] == "fuling")]
    assert crucible["delivered_share"].item() == pytest.approx(0.9956)


def test_residues_go_to_near_takers_only() -> None:
    """At most 60 km by road: no red mud from Wanzhou to Fuling (215 km)."""
    parks = list(shipped()["sites"].query("kind == 'park'")["site"])
    lanes = lanes_between({"red_mud": (["wanzhou"], parks), "dross_black": (parks, parks)})
    assert set(lanes["mode"]) == {"road"} and lanes["kilometres"].max() <= 60
    assert "red_mud" not in set(lanes["commodity"])


def test_at_most_three_lanes_per_pair_and_the_ratio_is_kept() -> None:
    """One per mode; none dearer than 1.25 times the cheapest of its pair."""
    parks = list(shipped()["sites"].query("kind == 'park'")["site"])
    lanes = lanes_between({"ingot": (parks, parks), "foil_stock": (["guangyuan"], [*parks, "gateway_shanghai"])})
    pair = lanes.groupby(["commodity", "from", "to"])
    assert pair.size().max() <= 3 and not lanes.duplicated(["commodity", "from", "to", "mode"]).any()
    assert (lanes["unit_cost"] <= 1.25 * pair["unit_cost"].transform("min") + 1e-12).all()
    reached = set(lanes.loc[lanes["commodity"] == "foil_stock", "to"])
    assert reached == {*parks, "gateway_shanghai"} - {"guangyuan"}
