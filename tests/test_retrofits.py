"""Retrofit of potlines by hand: a second line that uses less power, fed by an option that moves capacity to it."""

from __future__ import annotations

import pytest

from model.expand.industry import expand
from model.expand.plants import potlines
from model.expand.retrofits import retrofit_lines
from model.problems import Problems
from model.tables import Tables, frame
from tests.industry_world import Row, option, places, recipes_of, world

RULE: Row = {
    "plant": "*", "name_zh": "改造", "name_en": "Retrofit", "ac_intensity": 13000, "capex": 1000, "life": 20, "in_use": 1, "clause": "R-1",
}


def expanded(*rules: Row, **tables: object) -> Tables:
    problems = Problems()
    core = expand({**world(), "retrofits": frame("retrofits", rules), **tables}, {}, problems)
    assert not problems.errors
    return core


def test_the_option_moves_capacity_from_the_old_line_to_the_new_one() -> None:
    """1,000 yuan over 20 years at 8 %: 101.85 yuan per tonne and year."""
    core = expanded(RULE)
    found = option(core, "retrofit_one")
    assert (found["max_size"], found["variable_cost"]) == (100, pytest.approx(0.1018522, abs=1e-6))
    effects = core["option_effects"].query("option == 'retrofit_one'")
    assert dict(zip(effects["unit"], effects["per_size"], strict=True)) == {"potline_one": -1.0, "potline_one_retrofit": 1.0}
    assert set(effects["site"]) == {"north"}


def test_the_new_line_uses_less_power_and_else_the_same() -> None:
    """13,200 to 13,000 kWh/t saves 0.2 GWh/kt: 13.5 to 13.3; potline two has 13.25 and gets 13.05."""
    core = expanded(RULE)
    old, new = recipes_of(core, "smelt_one"), recipes_of(core, "smelt_one_retrofit")
    assert new.pop(("north", "power_cheap")) == pytest.approx(-13.3) and old.pop(("north", "power_cheap")) == pytest.approx(-13.5)
    assert old == new
    assert recipes_of(core, "smelt_two_retrofit")[("south", "power_dear")] == pytest.approx(-13.05)
    assert places(core, "smelt_one_retrofit") == {"north"}
    units = core["units"].set_index("unit")
    assert units.loc["potline_one_retrofit", "min_load"] == units.loc["potline_one", "min_load"] == 0.9
    assert "potline_one_retrofit" not in set(core["capacity"]["unit"])


def test_retrofitted_capacity_is_summed_under_its_clause() -> None:
    core = expanded(RULE)
    row = core["indicators"].set_index("indicator").loc["retrofitted_capacity"]
    assert (row["clause"], row["unit"], row["name_en"]) == ("R-1", "kt/yr", "Retrofit")
    terms = core["indicator_terms"].query("indicator == 'retrofitted_capacity'")
    assert dict(zip(terms["a"], terms["coefficient"], strict=True)) == {"retrofit_one": 1.0, "retrofit_two": 1.0}


def test_what_is_out_of_use_or_no_better_is_not_there() -> None:
    shut = expanded({**RULE, "in_use": 0})
    assert not any("retrofit" in name for name in (*shut["options"]["option"], *shut["tech_sites"]["technology"], *shut["units"]["unit"]))
    assert retrofit_lines({"retrofits": frame("retrofits", [{**RULE, "ac_intensity": 13200}])}, potlines(world())) == ()


def test_a_plants_own_rule_wins_and_limits_its_share() -> None:
    core = expanded(RULE, {**RULE, "plant": "two", "capex": 500, "largest_share": 0.4, "ac_intensity": 12900})
    assert option(core, "retrofit_two")["max_size"] == pytest.approx(40)
    assert option(core, "retrofit_two")["variable_cost"] == pytest.approx(0.0509261, abs=1e-6)
    assert recipes_of(core, "smelt_two_retrofit")[("south", "power_dear")] == pytest.approx(-12.95)


def test_a_retrofit_escapes_the_surcharge_of_the_old_line() -> None:
    """Above 13,100 kWh/t 0.113 yuan/kWh: 13,200 x 0.1 = 1,320 yuan/t on the old line, nothing on the new one."""
    classes = frame("differential_prices", [{"class": "c", "region": "*", "above": 13100, "adder": 0.113, "in_use": 1}])
    core = expanded(RULE, differential_prices=classes)
    cost = core["tech_sites"].set_index("technology")["variable_cost"]
    assert cost["smelt_one"] - cost["smelt_one_retrofit"] == pytest.approx(1.32)
