"""Named projects with the reason why they cannot be taken, and the industry of a dataset, read from its tables."""

from __future__ import annotations

import math

import industry_world as w
import pytest

from model.expand import named
from model.tables import frame


def _found(*rows, **tables):
    """Projects of the industry world (planning year 2027) with ``rows`` in its projects table."""
    world = {**w.with_rows("projects", *rows), **tables}
    core, problems = w.expanded(world)
    assert not tuple(problems)
    return {project.project: project for project in named.projects(world, core)}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "open"),
        ({"status": "under_construction", "year": 2026}, "sunk"),
        ({"status": "under_construction", "year": 2028}, "later"),  # the hot mill that serves from 2028 is not forbidden
        ({"year": 2028}, "later"),
        ({"status": "restrained"}, "restrained"),
        ({"site": "south"}, "not_permitted"),
        ({"site": "south", "year": 2028}, "not_permitted"),
        ({"site": "south", "allowed": 1}, "open"),
        ({"allowed": 0}, "not_permitted"),
    ],
)
def test_why_a_project_cannot_be_taken(facts, state):
    """Recycling is permitted in the north, not in the south; a row of its own goes before the permissions."""
    found = _found(w.project("line", facts.pop("site", "north"), **facts))
    assert found["line"].state == state
    assert (found["line"].technology, found["line"].unit, found["line"].size) == ("recycle", "furnace", 100.0)


def test_a_scenario_that_shuts_a_permitted_project_is_named():
    world = w.with_rows("projects", w.project("line", "north"))
    core, _ = w.expanded(world)
    core["options"].loc[core["options"]["option"] == "line", "max_size"] = 0.0
    assert named.projects(world, core)[0].state == "excluded"


def _pool(allowed):
    pool = {"pool": "p", "regions": "sichuan;chongqing", "ratio": 1.0, "closures_allowed": allowed, "new_potlines_allowed": allowed}
    new = {
        "site": "north", "region": "sichuan", "technology": "smelt", "tariff": "cheap", "max_size": 70, "ac_intensity": 13000,
        "comprehensive_intensity": 13200, "restart_cost": 0, "min_load": 0,
    }
    return {"swap_pools": frame("swap_pools", [pool]), "new_potlines": frame("new_potlines", [new])}


def test_closures_and_new_potlines_are_asked_where_a_pool_allows_them():
    """The two potlines of 100 kt may close, 70 kt may be new in the north; without leave none of the three is asked."""
    found = _found(w.project("line", "north"), **_pool(1))
    assert {name: project.size for name, project in found.items()} == {
        "line": 100.0, "close_one": 100.0, "close_two": 100.0, "new_potline_north": 70.0,
    }
    assert math.isnan(found["close_one"].year) and found["new_potline_north"].unit == "potline_new"
    assert set(_found(w.project("line", "north"), **_pool(0))) == {"line"}


def test_the_industry_is_what_the_tables_list_not_the_power_plants():
    world = w.world()
    core, _ = w.expanded(world)
    found = named.industry(world, core)
    assert {"smelt_one", "smelt_two", "cast", "sheet", "recycle", "treat"} <= found.technologies
    assert not [technology for technology in found.technologies if technology.startswith("supply")]
    assert {"liquid", "ingot", "sheet", "alloy", "dross"} <= found.goods
    assert not {"electricity", "alumina", "gas", "slab", "scrap"} & found.goods  # bought, not made here


def test_a_dataset_without_these_tables_names_nothing():
    assert named.projects({}, {}) == ()
    assert named.industry({}, {}) == named.Industry(frozenset(), frozenset())


def test_every_option_of_the_shipped_base_that_is_shut_has_its_reason(base_run):
    """Nineteen named projects: six stand before 2027, four are shut, nine are open; exactly the shut ones have no room."""
    tables, core = base_run.prepared.tables, base_run.prepared.core
    found = named.projects(tables, core)
    room = dict(zip(core["options"]["option"], core["options"]["max_size"], strict=True))
    assert {project.project for project in found if project.state == "later"} == {"southwest_hot_mill"}
    assert {project.project for project in found if project.state == "restrained"} == {"bosai_alumina_2"}
    assert {project.project for project in found if project.state == "not_permitted"} == {"jiange_recycled", "lizhong_2"}
    for project in found:
        assert (project.project in room) == (project.state != "sunk")
        assert project.state == "sunk" or (room[project.project] > 0) == (project.state == "open")
