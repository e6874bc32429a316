"""Green share, efficiency levels and surcharges of smelters as indicators, by hand; green certificates close a gap."""

from __future__ import annotations

import pytest
from worlds import indicator, solve, world

from model import words
from model.expand.power import expand
from model.problems import Problems
from model.tables import Tables, frame, merged

TARGET = {
    "region": "e", "name_zh": "东", "name_en": "East", "target": 0.4, "certificate_price": 0.01, "in_use": 0, "clause": "G-1",
}


def tables(**target: object) -> Tables:
    """Smelter A on a tariff that is 0.25 green, B on captive coal, both 10 GWh per kt."""
    plant = {
        "site": "park", "region": "e", "capacity": 100.0, "comprehensive_intensity": 10000.0, "avoidable_share": 1.0, "closure_cost": 0.0,
        "restart_cost": 0.0,
    }
    return {
        "plants": frame("plants", [
            {"plant": "a", "tariff": "grid", "ac_intensity": 13000.0, **plant}, {"plant": "b", "tariff": "coal", "ac_intensity": 13400.0, **plant},
        ]),
        "tariffs": frame("tariffs", [{"tariff": "grid", "zone": "zone", "price": 0.113, "vat": 0.13}, {"tariff": "coal", "zone": "zone", "price": 0.113, "vat": 0.13}]),
        "power_balance": frame("power_balance", [
            {"zone": "zone", "branch": "normal", "month": "all", "component": name, "role": role, "energy": energy}
            for name, role, energy in (("hydro", "supply", 10.0), ("all", "load", 0.0))
        ]),
        "green_content": frame("green_content", [{"tariff": "grid", "share": 0.25}, {"tariff": "coal", "share": 0.0}]),
        "green_power": frame("green_power", [{**TARGET, **target}]),
        "efficiency_levels": frame("efficiency_levels", [
            {"level": name, "name_zh": name, "name_en": name, "intensity": intensity, "clause": "E-1"}
            for name, intensity in (("benchmark", 13000.0), ("baseline", 13350.0))
        ]),
        "differential_prices": frame("differential_prices", [
            {"class": "restricted", "name_zh": "限制类", "name_en": "restricted", "region": "*", "above": 13350, "adder": 0.113, "in_use": 1, "clause": "D-1"},
        ]),
    }


def core_rows() -> Tables:
    core = world(
        sites="site kind region\nzone power_zone e\npark park e",
        recipes="technology commodity quantity\nsmelt_a metal 1\nsmelt_a power_grid -10\nsmelt_b metal 1\nsmelt_b power_coal -10",
        tech_sites="technology site variable_cost max_activity\nsmelt_a park 0 60\nsmelt_b park 0 20", demand="commodity site price max\nmetal park 5 100",
    )
    core["periods"] = frame("periods", [{"period": "all", "stage": "all", "branch": "normal", "length": 1.0}])
    return core


def plan_of(**target: object):
    problems = Problems()
    core = merged(core_rows(), expand(tables(**target), core_rows(), problems))
    assert not problems.errors
    return solve(core)


def test_the_green_share_is_green_energy_over_all_energy() -> None:
    """A 600 GWh x 0.25 = 150 of 800 GWh: 0.1875; reported, not bound. Profit: 80 kt x (5 - 10 x 0.1) = 320."""
    plan = plan_of()
    assert plan.objective == pytest.approx(-320.0)
    assert indicator(plan, "smelter_power_e", "all") == pytest.approx(800.0)
    assert indicator(plan, "green_power_e", "all") == pytest.approx(0.1875)


def test_certificates_close_the_gap_at_their_price() -> None:
    """0.4 x 800 - 150 = 170 GWh at 0.01: 1.7."""
    plan = plan_of(in_use=1)
    assert plan.objective == pytest.approx(-318.3)
    assert plan["supply", "green_certificate", "zone", "certificate", "all"] == pytest.approx(170.0)
    assert indicator(plan, "green_power_e", "all") == pytest.approx(0.4)


def test_without_enough_certificates_the_coal_line_stops_in_part() -> None:
    """With 100 GWh: 150 + 100 = 0.4 x (600 + 10 b), so b = 2.5 kt: 62.5 kt x 4 - 1."""
    plan = plan_of(in_use=1, most_certificates=100)
    assert plan["activity", "smelt_b", "park", "all"] == pytest.approx(2.5)
    assert plan.objective == pytest.approx(-249.0)


def test_levels_hold_the_share_of_metal_at_or_below_them() -> None:
    """A 60 of 80 kt is at the benchmark and at the baseline; B at neither."""
    plan = plan_of()
    assert indicator(plan, "at_benchmark", "all") == indicator(plan, "at_baseline", "all") == pytest.approx(0.75)
    rows = plan.case.labels["indicators"].set_index("indicator")
    assert (rows.loc["at_benchmark", "name_zh"], rows.loc["green_power_e", "name_en"]) == ("达到benchmark的电解铝产量占比", "green share of the smelters' power in East")


def test_surcharges_paid_are_summed_by_class() -> None:
    """B: 20 kt x 13,400 kWh/t x 0.1 yuan/kWh without VAT = 26.8 million yuan."""
    assert indicator(plan_of(), "differential_restricted", "all") == pytest.approx(26.8)


def test_a_tariff_without_green_content_is_reported_and_counts_nothing() -> None:
    given, problems = tables(), Problems()
    given["green_content"] = given["green_content"].iloc[1:]
    expand(given, core_rows(), problems)
    assert [(problem.rule, dict(problem.facts)["tariff"]) for problem in problems] == [("power_green_content", "grid")]
    assert all(problem.text(language) for problem in problems for language in words.LANGUAGES)


def test_a_dataset_without_smelters_has_no_such_indicators() -> None:
    made = expand({**tables(), "plants": tables()["plants"].iloc[:0]}, core_rows(), Problems())
    assert "indicators" not in made
