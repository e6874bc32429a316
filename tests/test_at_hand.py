"""What can be had where: inputs that a neighbour brings, that nobody makes, and that are used only where they are made."""

from __future__ import annotations

import pytest
from runs import dataset, solved
from test_explain_permissions import TOY

from model.explore import explain_lines, explain_study

# A tonne cast in the south costs 2 of power + 3 to melt + 1 for its way + 1 to cast + 2 of capital + 0.5 to the city = 9.5; the
# city buys it for 9. 4 kt cost 4 x 0.5 = 2 more.
WORLD = {
    "recipes": "technology commodity quantity\npot power -1\npot liquid 1\ncast liquid -1\ncast metal 1",
    "tech_sites": "technology site variable_cost cost_class\npot west 3 labour\npot east 3 labour\ncast south 1 labour",
    "capacity_use": "technology unit use\npot cells 1\ncast caster 1",
    "capacity": "unit site amount\ncells west 10",
    "options": "option site variable_cost max_size\nnew_cast south 2 4",
    "option_effects": "option unit site per_size\nnew_cast caster south 1",
    "supply": "commodity site price cost_class\npower west 2 power\npower east 2 power\nmetal city 9 metal",
    "lanes": "commodity from to unit_cost\nliquid west south 1\nliquid east south 1\nmetal south city 0.5",
    "demand": "commodity site min max price\nmetal city 10 10 0",
}


def asked(folder, site="south", technology="cast", **changes):
    run = solved(dataset(folder, **{**WORLD, **changes}))
    found = explain_study.explained(run, (site,), (technology,), full=True)
    return found.full[0].row, [explain_lines.lines(found, language)[1] for language in ("zh", "en")]


def test_an_input_that_one_neighbour_brings_is_priced_and_the_neighbour_is_named(tmp_path):
    """Cells stand in the west alone: the lane from the east carries nothing."""
    row, (zh, en) = asked(tmp_path / "w")
    assert row["expanding"] == "misses" and row["extra_cost"] == pytest.approx(2) and row["brought"] == "liquid: west"
    assert zh.endswith(";liquid只能由west运来") and en.endswith("; liquid can come only from west")


def test_an_input_that_several_bring_or_that_is_made_there_is_not_spoken_of(tmp_path):
    two, said = asked(tmp_path / "two", capacity="unit site amount\ncells west 10\ncells east 10")
    own, _ = asked(tmp_path / "own", supply=WORLD["supply"] + "\nliquid south 9 metal")
    assert two["brought"] == own["brought"] == "" and two["extra_cost"] == own["extra_cost"] == pytest.approx(2) and "only" not in said[1]


@pytest.mark.parametrize("changes", [
    {"capacity": "unit site amount\ncaster east 1"},
    {"supply": "commodity site price cost_class\npower east 2 power\nmetal city 9 metal"},
    {"tech_sites": "technology site variable_cost\ncast south 1", "lanes": "commodity from to unit_cost\nliquid west south 1\nliquid south west 1\nmetal south city 0.5"},
    {"capacity": "unit site amount\ncaster south 1\ncells east 1", "lanes": "commodity from to unit_cost\nliquid west south 1\nmetal south city 0.5"},
], ids=["no cells anywhere", "cells without power", "lanes in a circle", "a lane from a place that makes none"])
def test_an_input_that_can_nowhere_come_from_is_not_priced(tmp_path, changes):
    row, (zh, en) = asked(tmp_path / "w", **changes)
    assert (row["finding"], row["missing"], row["brought"]) == ("no_input", "liquid", "") and row["extra_cost"] != row["extra_cost"]
    assert zh.endswith("这里得不到liquid") and en.endswith("nothing brings, sells or makes liquid here")


def test_an_option_that_would_make_the_input_elsewhere_counts_only_where_it_is_open(tmp_path):
    """New cells in the west at 1 a tonne, none standing: 10.5 a tonne, 1.5 more than bought; shut by a size of 0 there is no liquid."""
    cells = {"capacity": "unit site amount\ncaster city 1", "option_effects": WORLD["option_effects"] + "\nnew_cells cells west 1"}
    row, _ = asked(tmp_path / "open", options=WORLD["options"] + "\nnew_cells west 1 10", **cells)
    assert row["brought"] == "liquid: west" and row["extra_cost"] == pytest.approx(4 * 1.5)
    assert asked(tmp_path / "shut", options=WORLD["options"] + "\nnew_cells west 1 0", **cells)[0]["finding"] == "no_input"


def test_two_that_make_only_out_of_each_other_are_not_called_missing(tmp_path):
    """Casting in the south needs a permit that its own caster gives to another process and takes back: quality rules are such circles."""
    recipes = WORLD["recipes"] + "\ncast need 1\ncast room -1\nthin need -1\nthin room 1"
    tech_sites = WORLD["tech_sites"] + "\nthin south 0 labour"
    row, _ = asked(tmp_path / "w", recipes=recipes, tech_sites=tech_sites)
    assert row["expanding"] == "misses" and row["extra_cost"] == pytest.approx(2)


def test_what_stands_only_where_its_material_is_made_says_so_and_who_could_bring_it(tmp_path):
    """Melting in the north leaves ash, which a lane carries to the east: stacking stands in the north alone."""
    changes = {
        "technology_recipes": TOY["technology_recipes"] + "\nmelt * ash 0.1 t/t", "lanes": TOY["lanes"] + "\nash north east 0.1",
        "expansions": "technology site max_size\nmelt north 8",
    }
    run = solved(dataset(tmp_path / "w", **{**TOY, **changes}))
    found = explain_study.explained(run, ("east", "city"), ("stack",), full=False)
    assert found.table["finding"].tolist() == ["follower", "no_input"] and found.table["missing"].tolist() == ["ash", "ash"]
    assert found.table["brought"].tolist() == ["ash: north", ""]
    assert explain_lines.lines(found, "zh")[1] == "  堆存:只设在自产ash之处,这里不产;ash只能由北园运来"
    english = explain_lines.lines(found, "en")
    assert english[1] == "  Stacking: stands only where ash is made, which is not here; ash can come only from North"
    assert english[-1] == "2 questions: only where its material is made 1, without an input 1"
