"""A world of three sites for the tests of the industry tables: two potlines, casting, a mill, recycling with dross."""

from __future__ import annotations

from typing import Any

from model.expand.industry import expand
from model.problems import Problems
from model.tables import Tables, frame

Row = dict[str, Any]
COSTS: Row = {"labour": 100, "maintenance": 200, "other_variable": 50, "overhead": 30, "fixed_cost": 440}
BOOK: Row = {"capex": 8600, "life": 20, "depreciation": 480, "finance": 100}
FREE: Row = {"labour": 0, "maintenance": 0, "other_variable": 1000, "overhead": 0, "fixed_cost": 0}


def technology(name: str, stage: str, unit: str = "", **more: Any) -> Row:
    return {"technology": name, "stage": stage, "unit": unit, **COSTS, **BOOK, **more}


def recipe(name: str, commodity: str, quantity: float, unit: str = "t/t", site: str = "*") -> Row:
    return {"technology": name, "site": site, "commodity": commodity, "quantity": quantity, "unit": unit}


def plant(name: str, site: str, region: str, tariff: str, **more: Any) -> Row:
    return {
        "plant": name, "site": site, "region": region, "tariff": tariff, "capacity": 100, "ac_intensity": 13200,
        "comprehensive_intensity": 13500, "avoidable_share": 0.9, "closure_cost": 500, "restart_cost": 1800,
        "restart_limit": 0.33, "min_load": 0.9, **more,
    }


def project(name: str, site: str, tech: str = "recycle", **more: Any) -> Row:
    return {"project": name, "site": site, "technology": tech, "size": 100, "status": "planned", "year": 2027, **more}


def world() -> Tables:
    """Two parks, two potlines, casting, sheet with a finishing line, recycling with dross."""
    rows: dict[str, list[Row]] = {
        "sites": [
            {"site": "north", "region": "sichuan"}, {"site": "south", "region": "chongqing"}, {"site": "far", "region": "chongqing"},
        ],
        "tariffs": [{"tariff": name, "vat": 0.13} for name in ("cheap", "dear", "industry_sichuan", "industry_chongqing")],
        "finance": [{"case": "default", "rate": 0.08, "planning_year": 2027}],
        "technologies": [
            technology("smelt", "smelting", unit_value=18000), technology("cast", "casting", **FREE),
            technology("sheet", "processing", "mill", line="finish", use=1.5, permission="processing"),
            technology("recycle", "recycling", "furnace", permission="recycled", capex=3000, life=15),
            technology("treat", "residue", **FREE),
        ],
        "technology_recipes": [
            recipe("smelt", "liquid", 1), recipe("smelt", "alumina", -1.92), recipe("smelt", "electricity", -14000, "kWh/t"),
            recipe("cast", "ingot", 1), recipe("cast", "liquid", -1.003), recipe("cast", "dross", 0.004),
            recipe("sheet", "sheet", 1), recipe("sheet", "slab", -1.03), recipe("sheet", "electricity", -1100, "kWh/t"),
            recipe("sheet", "gas", -90, "Nm3/t"), recipe("sheet", "electricity", -900, "kWh/t", "south"),
            recipe("recycle", "alloy", 1), recipe("recycle", "scrap", -1.05), recipe("recycle", "dross", 0.05),
            recipe("treat", "dross", -1), recipe("treat", "ingot", 0.5),
        ],
        "plants": [plant("one", "north", "sichuan", "cheap"), plant("two", "south", "chongqing", "dear", comprehensive_intensity=13250)],
        "existing_capacity": [
            {"unit": "mill", "site": "south", "nameplate": 200, "load_factor": 0.65}, {"unit": "finish", "site": "south", "nameplate": 50},
            {"unit": "furnace", "site": "far", "nameplate": 60, "load_factor": 0.5},
        ],
        "permissions": [
            {"permission": "recycled", "site": "north", "allowed": 1, "clause": "P-1"},
            {"permission": "recycled", "site": "south", "allowed": 0, "clause": "P-1"},
            {"permission": "processing", "site": "north", "allowed": 1, "clause": "P-2"},
        ],
        "expansions": [{"technology": "recycle", "site": "*", "max_size": 300}],
    }
    return {name: frame(name, found) for name, found in rows.items()}


def expanded(tables: Tables) -> tuple[Tables, Problems]:
    problems = Problems()
    return expand(tables, {}, problems), problems


def with_rows(table: str, *rows: Row) -> Tables:
    return {**world(), table: frame(table, rows)}


def recipes_of(core: Tables, name: str) -> dict[tuple[str, str], float]:
    found = core["recipes"][core["recipes"]["technology"] == name]
    return {(row["site"], row["commodity"]): row["quantity"] for row in found.to_dict("records")}


def option(core: Tables, name: str) -> dict[Any, Any]:
    return core["options"].set_index("option").loc[name].to_dict()


def places(core: Tables, name: str) -> set[str]:
    return set(core["tech_sites"].loc[core["tech_sites"]["technology"] == name, "site"])
