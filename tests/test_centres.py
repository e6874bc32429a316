"""Scrap trading centres: a way through one costs fee, saving and freight of full lots, and is offered only where it pays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from maps.amounts import capacity_table
from model.expand import centres, freight
from model.explore.labels import Labels
from model.problems import Problems
from model.tables import Tables, frame, merged
from tests.industry_world import Row
from tests.worlds import solve

CENTRE: Row = {"site": "yard", "commodities": "scrap", "capacity": 4, "fee": 30, "saving": 50, "freight_share": 0.5, "clause": "C-6", "name_en": "yard"}


def tables(**centre: object) -> Tables:
    """City and works 300 km apart by road, the yard 100 km from the city; 1 yuan per tonne-kilometre, nothing fixed."""
    rows: dict[str, list[Row]] = {
        "scrap_centres": [CENTRE | centre],
        "freight_classes": [{"commodity": "scrap", "class": "loose"}],
        "freight_rates": [{"class": "loose", "mode": "road", "fixed": 0, "per_km": 1.0, "factor": 1.0, "vat_rate": 0.0, "co2": 0.1}],
        "corridor_nodes": [{"node": name} for name in ("city", "yard", "works")],
        "corridor_edges": [
            {"edge": "e1", "from": "city", "to": "yard", "mode": "road", "kilometres": 100},
            {"edge": "e2", "from": "yard", "to": "works", "mode": "road", "kilometres": 200},
        ],
        "access": [{"site": name, "node": name, "kilometres": 0, "siding": 0} for name in ("city", "yard", "works")],
    }
    return {name: frame(name, found) for name, found in rows.items()}


def core() -> Tables:
    rows: dict[str, list[Row]] = {
        "sites": [{"site": "city", "kind": "city"}, {"site": "yard", "kind": "scrap_centre"}, {"site": "works", "kind": "park"}],
        "recipes": [{"technology": "melt", "commodity": "scrap", "quantity": -1}, {"technology": "melt", "commodity": "alloy", "quantity": 1}],
        "tech_sites": [{"technology": "melt", "site": "works", "variable_cost": 0}],
        "supply": [{"commodity": "scrap", "site": "city", "price": 15}],
        "demand": [{"commodity": "alloy", "site": "works", "min": 10, "max": 10, "price": 0}],
    }
    return {name: frame(name, found) for name, found in rows.items()}


def laid(**centre: object) -> Tables:
    """Core rows with the freight lanes and those through the centre."""
    found, problems = tables(**centre), Problems()
    made = merged(core(), freight.expand(found, core(), problems))
    made = merged(made, centres.expand(found, made, problems))
    assert not problems.errors
    return made


def test_the_way_through_the_centre_and_its_price() -> None:
    lanes = laid()["lanes"].set_index("mode")
    assert lanes.loc["road", "unit_cost"] == pytest.approx(0.3)  # 300 yuan/t
    way = lanes.loc["via_yard"]
    assert way["unit_cost"] == pytest.approx(0.18)  # 100 + 30 - 50 + 0.5 x 200
    assert (way["kilometres"], way["route"]) == (300.0, "city~road~yard~road~works")


def test_a_centre_that_saves_nothing_gets_no_lane() -> None:
    assert set(laid(fee=180.0)["lanes"]["mode"]) == {"road"}  # 100 + 180 - 50 + 100 = 330
    assert set(laid(in_use=0.0)["lanes"]["mode"]) == {"road"}


def test_throughput_and_emissions_are_counted() -> None:
    made = laid()
    bound = made["indicators"].set_index("indicator").loc["throughput_yard"]
    assert (bound["max"], bound["scope"], bound["clause"]) == (4.0, "stage", "C-6")
    terms = made["indicator_terms"]
    assert terms.loc[terms["indicator"] == "throughput_yard", ["kind", "a", "b", "c", "d"]].to_numpy().tolist() == [["flow", "scrap", "*", "*", "via_yard"]]
    carbon = terms[(terms["indicator"] == "carbon_freight") & (terms["d"] == "via_yard")]
    assert carbon["coefficient"].tolist() == pytest.approx([0.03])  # 300 km at 0.1 kg per tonne-kilometre


def test_scrap_may_pass_through_as_far_as_there_is_room() -> None:
    """4 kt through the yard at 15.18, 6 kt straight at 15.30; one more kt of room is worth 0.12."""
    plan = solve(laid())
    assert plan.objective == pytest.approx(4 * 15.18 + 6 * 15.30)
    assert plan.duals["indicator_ceiling"]["throughput_yard", "all"] == pytest.approx(-0.12)


def test_a_dataset_without_freight_or_centres_gets_nothing() -> None:
    assert centres.expand({}, core(), Problems()) == {}
    assert centres.expand({"scrap_centres": tables()["scrap_centres"]}, core(), Problems()) == {}


def base_tables(base_run):
    labels = Labels(base_run)
    return capacity_table(base_run, labels, base_run.results.case.calendar.stages[-1]), labels


def test_lines_of_centres_that_are_not_opened_are_no_capacity(base_run):
    """Clause 2.6-g is off in the base: both centres have 100 kt of sorting in the tables and nothing on the map."""
    existing = base_run.prepared.tables["existing_capacity"]
    centres = {"scrap_guangyuan", "scrap_fuling"}
    assert existing.loc[existing["site"].isin(centres), "nameplate"].tolist() == [100.0, 100.0]
    table, _ = base_tables(base_run)
    assert not centres & set(table["site"]) and "sorting_line" not in set(table["unit"])


def test_sorting_is_no_capacity_of_recycled_metal(base_run):
    """What melts scrap counts as recycled: 841 kt of the table, and half of the 100 kt that Mingkun finished in 2025, make 891."""
    table, labels = base_tables(base_run)
    existing = base_run.prepared.tables["existing_capacity"]
    melting = existing[existing["unit"].isin(["recycling", "recycling_wrought"])]
    recycled = table[(table["stage"] == "recycled") & table["unit"].isin(["recycling", "recycling_wrought"])]
    assert float(recycled["existing"].sum()) == pytest.approx(float((melting["nameplate"] * melting["load_factor"]).sum()) + 50.0) == pytest.approx(891.0)
    assert labels.stage("sort_scrap") == "sorting" and set(table.loc[table["stage"] == "recycled", "unit"]) == {"recycling", "recycling_wrought"}


@pytest.mark.parametrize(("in_use", "sorted_there", "counted"), [(0.0, 0.0, False), (1.0, 0.0, True), (0.0, 5.0, True)])
def test_lines_of_a_centre_count_where_it_is_open_or_used(base_run, in_use, sorted_there, counted):
    """Open, or closed and sorting 5 kt all the same: its 100 kt stand; closed and idle: they do not."""
    centres = base_run.prepared.tables["scrap_centres"].assign(in_use=in_use)
    activity = base_run.results.values["activity"].copy()
    here = (activity["technology"] == "sort_scrap") & (activity["site"] == "scrap_fuling")
    activity.loc[here, "value"] = sorted_there / here.sum()
    run = replace(
        base_run, prepared=replace(base_run.prepared, tables={**base_run.prepared.tables, "scrap_centres": centres}),
        results=replace(base_run.results, values={**base_run.results.values, "activity": activity}),
    )
    found = base_tables(run)[0].set_index(["unit", "site"])["existing"]
    assert bool(found.get(("sorting_line", "scrap_fuling")) == 100.0) is counted
