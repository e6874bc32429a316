"""Swap pools and supply pacts of data/chuanyu: who may give quota, which pools a scenario opens, what a leg counts."""

from __future__ import annotations

import pytest
from runs import ROOT, quiet

from model import pipeline
from model.opening import open_scenario

CHONGQING = {"close_qineng", "close_tiantai", "close_guofeng", "close_jinghongyuan"}


def prepared(name: str | None = None) -> pipeline.Prepared:
    return pipeline.prepare(*open_scenario(name, None, ROOT, {}), pipeline.Clock(quiet))


@pytest.fixture(scope="module")
def base() -> pipeline.Prepared:
    return prepared()


def donors(found: pipeline.Prepared) -> dict[str, set[str]]:
    """Ledger → options that create quota in it."""
    entries = found.core["ledger_entries"]
    created = entries[entries["kind"] == "created"]
    return {str(ledger): set(rows["option"]) for ledger, rows in created.groupby("ledger")}


def test_the_base_swaps_nothing(base):
    sizes = base.core["options"].set_index("option")["max_size"]
    assert "ledgers" not in base.core and not sizes[sizes.index.str.startswith(("close_", "new_potline_", "quota_"))].any()


def test_every_potline_is_a_donor_and_none_counts_more_than_it_has(base):
    tables = base.tables
    assert set(tables["quota_lines"]["plant"]) == set(tables["plants"]["plant"])
    design = tables["quota_lines"].set_index("plant")["design_capacity"].dropna()
    assert (design == tables["plants"].set_index("plant")["capacity"][design.index]).all()
    assert tables["quota_lines"][["stopped", "phase_out"]].isna().all().all()  # all run: nothing was left of the quota shut before 2018


def test_the_rules_of_the_notice_and_of_the_plan(base):
    rules = base.tables["swap_rules"].set_index("rule")["value"].to_dict()
    assert rules == {"list_month": 201710, "lapse_year": 2018, "design_tonnes": 1, "ac_limit": 13000, "first_year": 2025}
    lines = base.tables["new_potlines"]
    assert (lines["ac_intensity"] <= rules["ac_limit"]).all()
    assert (rules["first_year"] + lines["lead_years"] <= base.tables["finance"]["planning_year"].iloc[0]).all()  # all can serve in 2027


@pytest.mark.parametrize(("name", "expected"), [
    ("swap", {"swap_region": 10}), ("swap_125", {"swap_region": 10}), ("joint_plan", {"swap_region": 10}),
    ("swap_within_province", {"swap_province_sichuan": 6, "swap_province_chongqing": 4}),
    ("separate_plans", {"swap_province_sichuan": 6, "swap_province_chongqing": 4}),
    ("pool_within_city", {"swap_city_guangyuan": 3, "swap_city_meishan": 2, "swap_city_aba": 1, "swap_city_chongqing": 4}),
])
def test_a_scenario_opens_its_pools(name, expected):
    assert {ledger: len(options) for ledger, options in donors(prepared(name)).items()} == expected


def test_a_pool_in_chongqing_holds_its_four_smelters():
    assert donors(prepared("swap_within_province"))["swap_province_chongqing"] == CHONGQING


def test_with_two_levels_each_potline_divides_its_quota():
    found = donors(prepared("swap_levels"))
    assert len(found["swap_region"]) == 10 and found["quota_of_close_tiantai"] == {"close_tiantai"}
    assert found["quota_of_new_potline_meishan"] == {"draw_meishan_region", "draw_meishan_province_sichuan"}


def test_one_smelter_moves_as_a_whole_and_no_other():
    core = prepared("move_one_smelter").core
    sizes = core["options"].set_index("option")["max_size"]
    assert sizes[sizes.index.str.startswith("close_")].to_dict() == {name: 330.0 if name == "close_qineng" else 0.0 for name in sizes.index if name.startswith("close_")}
    assert {name for name in sizes.index if name.startswith("new_potline_") and sizes[name] > 0} == {"new_potline_guangyuan"}
    assert core["indicators"].set_index("indicator").loc["must_close_qineng", "min"] == 330


def test_legs_count_what_crosses_and_nothing_else(base):
    terms = base.core["indicator_terms"]
    regions = base.core["sites"].set_index("site")["region"]
    for pact in base.tables["pacts"].to_dict("records"):
        mine = terms[terms["indicator"] == pact["pact"]]
        assert len(mine) and set(mine["b"].map(regions)) == {pact["from_region"]} and set(mine["c"].map(regions)) == {pact["to_region"]}
        assert set(mine["a"]) <= set(pact["commodities"].split(";"))
    alumina = terms[terms["indicator"] == "alumina_to_sichuan"]
    assert set(alumina["b"]) == {"wanzhou"} and {"guangyuan", "meishan", "aba"} <= set(alumina["c"])
    bounded = base.core["indicators"].set_index("indicator").loc[list(base.tables["pacts"]["pact"]), ["min", "max"]]
    assert bounded.isna().all().all()  # the base trades freely


def test_pacts_switch_on_and_off():
    on = prepared("pact_on").core["indicators"].set_index("indicator")
    assert (on.loc["alumina_to_sichuan", "min"], on.loc["metal_to_chongqing", "min"]) == (2000, 300)
    off = prepared("pact_off").core["indicators"].set_index("indicator")
    assert (off.loc["alumina_to_sichuan", "max"], off.loc["metal_to_chongqing", "max"]) == (0, 0)
    apart = prepared("separate_plans").core["indicators"].set_index("indicator")
    assert (apart.loc[["alumina_to_sichuan", "metal_to_chongqing", "others_to_sichuan", "others_to_chongqing"], "max"] == 0).all()


def test_taxes_and_jobs_have_no_invented_figure(base):
    columns = base.tables["split_columns"].set_index("column")["measures"]
    assert (columns["tax"], columns["jobs"]) == ("", "") and (columns[["output_value", "power", "carbon"]] != "").all()
