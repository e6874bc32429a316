"""Direct trades by hand: who may trade, at what price, how much, over which tie line, and what it does to carbon."""

from __future__ import annotations

import pandas as pd
import pytest
from worlds import indicator, solve, world

from model import words
from model.expand.power import expand
from model.expand.rows import records
from model.problems import Problems
from model.tables import Tables, frame, merged

CONTRACT = {
    "contract": "hydro", "name_zh": "水电直供", "name_en": "Hydropower by contract", "tariff": "local", "price_tariff": "cheap",
    "source_zone": "west", "most_energy": 50.0, "most_intensity": 13350.0, "in_use": 1, "clause": "C-1",
}


def power() -> Tables:
    """Two zones with a tie that loses 10 %; smelter A (13,300 kWh/t) and B (13,500) pay 0.565, the contract 0.452 with VAT."""
    return {
        "power_balance": frame("power_balance", [
            {"zone": zone, "branch": "normal", "month": "all", "component": name, "role": role, "energy": energy}
            for zone in ("west", "east") for name, role, energy in (("hydro", "supply", 1.0), ("all", "load", 0.0))
        ]),
        "tie_lines": frame("tie_lines", [{
            "tie": "line", "from": "west", "to": "east", "loss": 0.1, "capacity_with_1000kv": 1.0, "capacity_without_1000kv": 1.0,
            "name_zh": "断面", "name_en": "Line", "clause": "T-1",
        }]),
        "tariffs": frame("tariffs", [
            {"tariff": "local", "zone": "east", "price": 0.565, "vat": 0.13}, {"tariff": "cheap", "zone": "east", "price": 0.452, "vat": 0.13},
        ]),
        "direct_trades": frame("direct_trades", [CONTRACT]),
        "plants": frame("plants", [
            {
                "plant": name, "site": name, "region": "e", "tariff": "local", "capacity": 1.0, "ac_intensity": intensity,
                "comprehensive_intensity": 14000.0, "avoidable_share": 1.0, "closure_cost": 0.0, "restart_cost": 0.0,
            } for name, intensity in (("a", 13300.0), ("b", 13500.0))
        ]),
        "measures": frame("measures", [
            {"measure": "carbon", "kind": "carbon_2"}, {"measure": "west_only", "kind": "carbon_2", "region": "w"},
            {"measure": "casting_only", "kind": "carbon_2", "stages": "casting"}, {"measure": "output", "kind": "output"},
        ]),
        "emission_factors": frame("emission_factors", [
            {"carrier": "electricity", "item": "w", "scope": "2", "factor": 0.2}, {"carrier": "electricity", "item": "e", "scope": "2", "factor": 0.5},
        ]),
    }


def core_rows() -> Tables:
    core = world(
        sites="site kind region\nwest power_zone w\neast power_zone e\na park e\nb park e",
        recipes="technology commodity quantity\nwork ware 1\nwork power_local -1", tech_sites="technology site variable_cost\nwork a 0\nwork b 0",
        demand="commodity site price max\nware a 0.6 60\nware b 0.6 20",
    )
    core["periods"] = frame("periods", [{"period": "all", "stage": "all", "branch": "normal", "length": 1.0}])
    return core


def expanded(**changed: object) -> tuple[Tables, Problems]:
    problems, tables = Problems(), power()
    tables["direct_trades"] = frame("direct_trades", [{**CONTRACT, **changed}])
    return expand(tables, core_rows(), problems), problems


def users(made: Tables) -> dict[str, float]:
    rows = made["tech_sites"][made["tech_sites"]["technology"] == "direct_hydro"]
    return dict(zip(rows["site"], rows["variable_cost"], strict=True))


def test_only_efficient_smelters_trade_and_pay_the_contract() -> None:
    """0.452 / 1.13 = 0.4; smelter B uses more than 13,350 kWh/t."""
    made, problems = expanded()
    assert users(made) == pytest.approx({"a": 0.4}) and not problems.errors
    recipe = made["recipes"][made["recipes"]["technology"] == "direct_hydro"].set_index("commodity")["quantity"]
    assert recipe.to_dict() == {"electricity": -1.0, "power_local": 1.0}
    assert users(expanded(most_intensity=float("nan"))[0]) == pytest.approx({"a": 0.4, "b": 0.4})


def test_the_volume_is_an_indicator_with_its_clause() -> None:
    row = expanded()[0]["indicators"].set_index("indicator").loc["direct_hydro"]
    assert (row["max"], row["unit"], row["scope"], row["clause"], row["name_zh"]) == (50.0, "GWh", "stage", "C-1", "水电直供")


@pytest.mark.parametrize(("gigawatt", "traded", "profit"), [(1.0, 50.0, 13.0), (30 / 8760, 27.0, 10.7)], ids=["volume binds", "tie binds"])
def test_the_plan_trades_what_contract_and_tie_allow(gigawatt: float, traded: float, profit: float) -> None:
    """A sells 60 at 0.6: what it trades costs 0.4, the rest 0.5; B sells 20 at 0.5. A tie of 30 GWh a year delivers 27."""
    problems, tables = Problems(), power()
    tables["tie_lines"] = tables["tie_lines"].assign(capacity_with_1000kv=gigawatt)
    tables["measures"] = tables["measures"].iloc[:0]
    plan = solve(merged(core_rows(), expand(tables, core_rows(), problems)))
    assert not problems.errors
    assert plan.objective == pytest.approx(-profit)
    assert plan["activity", "direct_hydro", "a", "all"] == pytest.approx(traded)
    assert indicator(plan, "direct_hydro", "all") == pytest.approx(traded)
    assert indicator(plan, "tie_line", "all") >= traded / 0.9 - 1e-9


def test_a_traded_kilowatt_hour_counts_with_the_grid_it_comes_from() -> None:
    """0.2 of the west instead of 0.5 of the east, in the measures that hold the smelter at all."""
    terms = expanded()[0]["indicator_terms"]
    found = terms[(terms["a"] == "direct_hydro") & terms["indicator"].isin(["carbon", "west_only", "casting_only", "output"])]
    assert found[["indicator", "b", "coefficient"]].to_numpy().tolist() == [["carbon", "a", pytest.approx(-0.3)]]


def test_what_is_not_in_use_adds_nothing() -> None:
    assert users(expanded(in_use=0)[0]) == {}


@pytest.mark.parametrize(("cells", "tariff", "rule", "column"), [
    ({"source_zone": "a"}, {}, "power_direct_tie", "source_zone"), ({}, {"zone": ""}, "power_direct_zone", "price_tariff"),
])
def test_mistakes_are_located(cells: dict[str, str], tariff: dict[str, str], rule: str, column: str) -> None:
    problems, tables = Problems(), power()
    tables["direct_trades"] = frame("direct_trades", [{**CONTRACT, **cells}])
    for name, cell in tariff.items():
        tables["tariffs"].loc[tables["tariffs"]["tariff"] == "cheap", name] = cell
    expand(tables, core_rows(), problems)
    found = {problem.rule: problem.column for problem in problems}
    assert found[rule] == column
    assert all(problem.text(language) for problem in problems for language in words.LANGUAGES)


def test_records_keep_their_source() -> None:
    tables = power()
    tables["direct_trades"] = tables["direct_trades"].assign(source="S1", grade="D")
    made = expand(tables, core_rows(), Problems())
    rows = [row for row in records(made, "indicators") if row["indicator"].startswith("direct_")]
    assert {(row["source"], row["grade"]) for row in rows} == {("S1", "D")} and isinstance(made["indicators"], pd.DataFrame)
