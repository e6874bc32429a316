"""Cost per tonne at each smelter: parts worked out by hand, and parts that sum to the value of the metal in the shipped base."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from runs import dataset, solved

from maps import waterfalls
from maps.years import shown_stage
from model.accounting import trace
from model.explore.labels import Labels

# 8 kt of metal from 16 of ore: 10 cheap (8 arrive) and 8 dear; slag to dump; 6 of oven stand, 2 are new
SMELTER = {
    "commodities": "commodity balance\nore free\nmetal free\nslag exact", "supply": "commodity site price max cost_class\nore a 1 10 bauxite\nore b 3 - bauxite",
    "lanes": "commodity from to unit_cost delivered_share\nore a mill 0.5 0.8\nore b mill 1 -",
    "recipes": "technology commodity quantity\nsmelt ore -2\nsmelt metal 1\nsmelt slag 0.5\ndump slag -1",
    "tech_sites": "technology site variable_cost cost_class\nsmelt mill 3 labour\ndump mill 1 tipping", "capacity_use": "technology unit use\nsmelt oven 1",
    "capacity": "unit site amount\noven mill 6", "options": "option variable_cost max_size\ngrow 4 10", "option_effects": "option unit site per_size\ngrow oven mill 1",
    "demand": "commodity site min max price\nmetal mill 8 8 0",
}
SMELTERS = SimpleNamespace(stage=lambda name: "primary" if name == "smelt" else "other", technology=lambda name: (name, name))


def shown(run):
    """Average costs of the year that the report shows."""
    return trace(run.results, shown_stage(run))


def steps(run, labels=SMELTERS):
    table = waterfalls.table(run, labels, shown(run))
    return table, table.set_index("step")["yuan_per_t"].to_dict()


def test_parts_by_hand(tmp_path):
    table, parts = steps(solved(dataset(tmp_path, **SMELTER)))
    # one more tonne needs 2 of dear ore at 4, work, half a dump and new oven: 8 + 3 + 0.5 + 4 = 15.5, in thousand yuan
    assert table["total"].unique() == pytest.approx([15500.0])
    assert parts == {
        "bauxite": pytest.approx(34 / 8 * 1000), "labour": pytest.approx(3000), "residue": pytest.approx(500), "freight": pytest.approx(13 / 8 * 1000),
        "capital": pytest.approx(1000), "rent": pytest.approx(5125),
    }
    # the rent: cheap ore (2 x (4 - 2.9375)) and the oven that stands already (6 / 8 x 4)
    assert parts["rent"] == pytest.approx((2.125 + 3.0) * 1000)
    assert sum(parts.values()) == pytest.approx(15500.0, abs=0.1)


def test_steps_are_in_order_and_grouped(tmp_path):
    table, _ = steps(solved(dataset(tmp_path, **SMELTER)))
    assert list(table["step"]) == ["bauxite", "labour", "residue", "freight", "capital", "rent"]
    assert list(table["group"]) == ["cash", "cash", "cash", "cash", "capital", "rent"]
    assert all(table["label_zh"]) and all(table["label_en"])


def test_value_is_the_mean_of_the_periods_by_output(tmp_path):
    texts = {
        "periods": "period stage length\nh1 y 0.5\nh2 y 0.5", "recipes": "technology commodity quantity\nsmelt power -2\nsmelt metal 1",
        "tech_sites": "technology site variable_cost cost_class\nsmelt mill 1 labour", "supply": "commodity site period price cost_class\npower mill h1 2 power\npower mill h2 5 power",
        "demand": "commodity site period min max price\nmetal mill h1 3 3 0\nmetal mill h2 1 1 0",
    }
    table, parts = steps(solved(dataset(tmp_path, **texts)))
    assert table["total"].unique() == pytest.approx([(3 * 5 + 1 * 11) / 4 * 1000])  # 2 x 2 + 1 and 2 x 5 + 1
    assert parts == {"power": pytest.approx((3 * 4 + 10) / 4 * 1000), "labour": pytest.approx(1000), "rent": pytest.approx(0, abs=1e-6)}


def test_branches_count_by_probability_and_earlier_stages_not_at_all(tmp_path):
    texts = {
        "periods": "period stage branch weight probability\nearlier y0 w 2 1\nwet y1 w 2 0.25\ndry y1 d 2 0.75",
        "recipes": "technology commodity quantity\nsmelt power -1\nsmelt metal 1", "tech_sites": "technology site variable_cost cost_class\nsmelt mill 0 labour",
        "supply": "commodity site period price cost_class\npower mill wet 2 power\npower mill dry 6 power\npower mill earlier 99 power", "demand": "commodity site min max price\nmetal mill 5 5 0",
    }
    table, parts = steps(solved(dataset(tmp_path, **texts)))
    assert table["total"].unique() == pytest.approx([5000.0])  # 0.25 x 2 + 0.75 x 6
    assert parts == {"power": pytest.approx(5000.0), "labour": 0.0, "rent": pytest.approx(0, abs=1e-6)}


def test_a_plan_without_smelters_has_no_waterfall(tmp_path):
    run = solved(dataset(tmp_path, supply="commodity site price\nore mine 1", demand="commodity site min max price\nore mine 1 1 0"))
    assert waterfalls.table(run, Labels(run), shown(run)).empty


def test_the_parts_sum_to_the_delivered_cost_at_every_shipped_smelter(base_run):
    table = waterfalls.table(base_run, Labels(base_run), shown(base_run))
    plants = base_run.prepared.tables["plants"]
    assert {row.removeprefix("smelt_") for row in table["plant"]} == set(plants["plant"])
    sums = table.groupby("plant").agg(parts=("yuan_per_t", "sum"), total=("total", "first"))
    assert (sums["parts"] - sums["total"]).abs().max() < 0.1
    costs = table[table["group"] == "cash"].groupby("plant")["yuan_per_t"].sum()
    assert costs.between(10_000, 20_000).all()  # full costs of the industry in 2025, ex VAT
    assert set(table["group"]) == {"cash", "rent"}  # the existing fleet is paid for: nobody charges capital on it


def test_cash_cost_and_capital_are_no_residual(base_run):
    """Power per tonne follows from the plant's own intensity and price, alumina from its recipe."""
    parts = waterfalls.table(base_run, Labels(base_run), shown(base_run)).set_index(["plant", "step"])["yuan_per_t"]
    core, case = base_run.prepared.core, base_run.results.case
    recipes = case.relations["recipe"].set_index(["technology", "commodity"])["quantity"]
    lengths = case.calendar.periods.set_index("period")["length"]
    for plant in base_run.prepared.tables["plants"].to_dict("records"):
        if str(plant["tariff"]).startswith("captive"):
            continue  # its power is coal and other things
        rows = core["tech_sites"][(core["tech_sites"]["technology"] == f"supply_{plant['tariff']}") & (core["tech_sites"]["site"] == plant["site"])]
        price = float((rows["variable_cost"] * rows["period"].map(lengths).fillna(1.0)).sum() / rows["period"].map(lengths).fillna(1.0).sum())
        used = -float(recipes[f"smelt_{plant['plant']}", f"power_{plant['tariff']}"])
        # other power on the way (casting, alumina) comes on top, never below
        assert used * price * 1000 <= parts[f"smelt_{plant['plant']}", "power"] + 0.1
        assert parts[f"smelt_{plant['plant']}", "power"] < used * price * 1000 * 1.15
