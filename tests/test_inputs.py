"""Differences of inputs by hand: cells, rows, units, long lists said once, and nothing silently left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from runs import ROOT
from worlds import world

from model.explore.input_lines import LISTED, MOST, sentences
from model.explore.inputs import ADDED, CHANGED, REMARK, REMOVED, Difference, differences, frame, table_differences
from model.explore.reloading import Reloaded
from model.explore.row_names import RowNames
from model.output import write_inputs
from model.pipeline import Prepared
from model.problems import Problems
from model.reading import read
from model.results import Results
from model.scenario import Lock, Scenario
from model.scenario.records import Spot
from model.tables import Dataset, Tables
from model.tables import frame as table

MONTHS = [f"m{number:02d}" for number in range(1, 13)]
SITES = table("sites", [
    {"site": "fuling", "name_zh": "涪陵", "name_en": "Fuling"}, {"site": "wanzhou", "name_zh": "万州", "name_en": "Wanzhou"},
])
COST = dict.fromkeys(("labour", "maintenance", "other_variable", "overhead", "fixed_cost", "capex", "depreciation", "finance"), 0.0)
TECHNOLOGIES = table("technologies", [
    {"technology": "recycle", "name_zh": "再生铝", "name_en": "recycling", "stage": "recycling", "life": 15, **COST},
    {"technology": "cast", "name_zh": "铸造", "name_en": "casting", "stage": "casting", "life": 15, **COST},
])


def expansions(*rows) -> Tables:
    """sites, technologies and rows of technology, site, largest size."""
    cells = [dict(zip(("technology", "site", "max_size"), row, strict=True)) for row in rows]
    return {"sites": SITES, "technologies": TECHNOLOGIES, "expansions": table("expansions", cells)}


def said(first: Tables, second: Tables, language: str = "en") -> list[str]:
    return sentences(table_differences(first, second), second, RowNames(second, first), language)


def test_one_ceiling_by_name_and_unit():
    """The sentence that a planner would write: 涪陵再生铝上限 300 → 500 千吨."""
    before, after = expansions(("recycle", "fuling", 300)), expansions(("recycle", "fuling", 500))
    assert said(before, after, "zh") == ["通用扩建·涪陵、再生铝:最大规模 300 → 500 千吨/年"]
    assert said(before, after) == ["generic expansions, Fuling, recycling: largest size 300 → 500 kt/yr"]
    found, = table_differences(before, after)
    assert (found.kind, found.column, found.old, found.new, found.unit) == (CHANGED, "max_size", 300, 500, "kt/yr")


def test_equal_tables_and_another_order_of_rows_differ_in_nothing():
    rows = [("recycle", "fuling", 300), ("recycle", "wanzhou", 200)]
    assert table_differences(expansions(*rows), expansions(*reversed(rows))) == []


def test_rows_that_stand_on_one_side_only():
    before = expansions(("recycle", "fuling", 300))
    after = expansions(("recycle", "fuling", 300), ("cast", "wanzhou", 50))
    assert said(before, after) == ["generic expansions: Wanzhou, casting added (largest size 50 kt/yr)"]
    assert said(after, before) == ["generic expansions: Wanzhou, casting removed (largest size 50 kt/yr)"]
    assert said(after, before, "zh") == ["通用扩建:去掉 万州、铸造(最大规模 50 千吨/年)"]
    assert [one.kind for one in (*table_differences(before, after), *table_differences(after, before))] == [ADDED, REMOVED]


def test_a_table_that_only_one_plan_has():
    before, after = {"sites": SITES, "technologies": TECHNOLOGIES}, expansions(("recycle", "fuling", 300), ("recycle", "wanzhou", 200))
    assert said(before, after) == ["generic expansions: 2 rows added: Fuling, Wanzhou, recycling (2 rows)"]
    assert said(after, before) == ["generic expansions: 2 rows removed: Fuling, Wanzhou, recycling (2 rows)"]


def demands(prices: list[float]) -> Tables:
    lines = "\n".join(f"metal town {month} {price} 9" for month, price in zip(MONTHS, prices, strict=True))
    return world(demand="commodity site period price max\n" + lines)


def test_all_months_of_a_table_are_said_once():
    assert said(demands([10.0] * 12), demands([11.0] * 12)) == ["demand, all 12 rows: price 10 → 11"]


def test_a_common_factor_is_said_once():
    """Twelve different prices, each ten per cent higher."""
    prices = [10.0 + number for number in range(12)]
    assert said(demands(prices), demands([price * 1.1 for price in prices])) == ["demand, all 12 rows: price × 1.1"]
    assert said(demands(prices), demands([price * 1.1 for price in prices]), "zh") == ["需求·全部 12 行:售价 × 1.1"]


def test_some_months_are_named_as_far_as_they_are_few():
    four = [11.0] * 4 + [10.0] * 8
    six = [11.0] * 6 + [10.0] * 6
    assert said(demands([10.0] * 12), demands(four)) == ["demand, town, metal, m01, m02, m03, m04 (4 rows): price 10 → 11"]
    assert said(demands([10.0] * 12), demands(six)) == [
        f"demand, town, metal, {', '.join(MONTHS[:LISTED])} and others, 6 in all (6 rows): price 10 → 11"
    ]


def test_blank_cells_are_called_so():
    before = world(supply="commodity site price max\nore mine 1 -")
    after = world(supply="commodity site price max\nore mine 1 5")
    assert said(before, after) == ["supply, mine, ore: maximum blank → 5"]
    assert said(after, before) == ["supply, mine, ore: maximum 5 → blank"]
    assert said(after, before, "zh") == ["供应·mine、ore:最多 5 → 空"]


def test_the_unit_of_a_row_is_told_where_the_column_has_none():
    rules = [{"rule": "ac_limit", "value": value, "unit": "kWh/t"} for value in (13000, 13500)]
    before, after = ({"swap_rules": table("swap_rules", [rule])} for rule in rules)
    assert said(before, after) == ["rules of capacity swaps, ac_limit: value 13,000 → 13,500 kWh/t"]


def test_sources_and_notes_are_counted_only():
    before = world(supply="commodity site price grade note\nore mine 1 C old")
    after = world(supply="commodity site price grade note\nore mine 1 B new")
    assert [one.kind for one in table_differences(before, after)] == [REMARK, REMARK]
    assert said(before, after) == ["2 differences of source, grade or note, which move nothing."]
    assert said(before, after, "zh") == ["来源、等级或说明有 2 处不同,不影响求解。"]


def test_rows_without_a_key_are_told_apart_by_their_count():
    """capacity rows add up: two equal ones are two rows, and one of them changes."""
    before = world(capacity="unit site amount\noven p 5\noven p 5")
    after = world(capacity="unit site amount\noven p 5\noven p 7")
    assert said(before, after) == ["existing capacity, p, oven, #2: capacity per year 5 → 7"]


def test_what_is_not_told_is_counted():
    """One sentence per price, all different and of different factors: forty are told, the others counted."""
    count = MOST + 5
    before, after = ({"supply": table("supply", [
        {"commodity": f"c{number:03d}", "site": "mine", "price": price(number)} for number in range(count)
    ])} for price in (lambda number: 1.0, lambda number: 2.0 + number))
    lines = said(before, after)
    assert len(lines) == MOST + 1 and lines[-1].startswith("5 more differences of inputs are not listed")


def plan(tables: Tables, **scenario) -> Reloaded:
    """A plan of which only the inputs are looked at."""
    prepared = Prepared(Scenario("s", Path("s.toml"), **scenario), Dataset("d", Path(), tables), tables, tables, (), ())
    return Reloaded(prepared, Results.__new__(Results))


def lock(site: str, state: str, size: float | None = None) -> Lock:
    return Lock(site, "recycle", state, size, Spot("s.toml", 1))


def stated(first: Reloaded, second: Reloaded, language: str) -> list[str]:
    found = differences(first, second)
    return sentences(found, second.prepared.tables, RowNames(second.prepared.tables, first.prepared.tables), language)


def test_locks_by_any_name_of_their_site():
    tables = expansions(("recycle", "fuling", 300))
    first = plan(tables, locks=(lock("涪陵", "required", 100), lock("wanzhou", "excluded")))
    second = plan(tables, locks=(lock("Fuling", "fixed", 250), lock("万州", "excluded")))
    assert stated(first, second, "en") == ["lock: Fuling, recycle required 100 → fixed 250"]
    assert stated(first, second, "zh") == ["锁定:涪陵、recycle 必须建设 100 → 规模固定 250"]


def test_objective_and_solver_options():
    first, second = plan({}, solver={"mip_gap": 0.01}), plan({}, objective={"cost": 0.5}, solver={"time_limit": 60.0})
    assert stated(first, second, "en") == [
        "weight of the objective: cost 1 → 0.5", "solver option: mip_gap removed (0.01)", "solver option: time_limit added: 60",
    ]
    assert stated(first, second, "zh")[0] == "优化目标的权重:成本 1 → 0.5"


def test_the_table_holds_every_cell():
    before = expansions(("recycle", "fuling", 300), ("cast", "fuling", 10))
    after = expansions(("recycle", "fuling", 500), ("cast", "wanzhou", 50))
    found = frame("b", table_differences(before, after), RowNames(after, before))
    rows = {(row["kind"], row["row_en"], row["old"], row["new"], row["unit"]) for row in found.to_dict("records")}
    assert rows == {
        ("changed", "Fuling, recycling", 300, 500, "kt/yr"), ("added", "Wanzhou, casting", "", 50, "kt/yr"), ("removed", "Fuling, casting", 10, "", "kt/yr"),
    }
    assert set(found["plan"]) == {"b"} and set(found["column_zh"]) == {"最大规模"} and set(found["table_en"]) == {"generic expansions"}


@pytest.mark.parametrize(("language", "name"), [("zh", "再生铝"), ("en", "recycling")])
def test_a_row_that_names_itself_is_called_by_that_name(language, name):
    names = RowNames({"technologies": TECHNOLOGIES}, {})
    assert names.row("technologies", (("technology", "recycle"),), {}, language) == name
    assert names.row("technologies", (("technology", "gone"),), {}, language) == "gone"


def test_a_difference_of_two_kinds_of_change_in_one_table():
    """Two prices rise to the same value and one by a factor of its own: two sentences."""
    before = world(supply="commodity site price\na m 1\nb m 1\nc m 4")
    after = world(supply="commodity site price\na m 2\nb m 2\nc m 5")
    assert said(before, after) == ["supply, m, a, b (2 rows): price 1 → 2", "supply, m, c: price 4 → 5"]
    assert isinstance(table_differences(before, after)[0], Difference)


def plants(*tariffs: str) -> Tables:
    """Three potlines by name, and two tariffs of which one has a name."""
    lines = [{
        "plant": f"p{number}", "name_zh": f"{number}厂", "name_en": f"Plant {number}", "site": "fuling", "region": "c", "tariff": tariff, "capacity": 100,
        "ac_intensity": 13000, "comprehensive_intensity": 13500, "avoidable_share": 0.9, "closure_cost": 500, "restart_cost": 1800, "restart_limit": 0.3,
        "min_load": 0.9,
    } for number, tariff in enumerate(tariffs, start=1)]
    tables = {"plants": table("plants", lines), "sites": SITES}
    return tables | {"tariffs": table("tariffs", [{"tariff": "grid", "name_zh": "大网", "name_en": "The grid"}, {"tariff": "own"}])}


def test_what_a_cell_refers_to_and_rows_with_one_id_are_called_by_name():
    before, after = plants("grid", "grid", "own"), plants("own", "own", "own")
    assert said(before, after) == ["potlines, Plant 1, Plant 2 (2 rows): tariff that supplies it The grid → own"]
    assert said(before, after, "zh") == ["电解系列·1厂、2厂(共 2 行):电价 大网 → own"]


def test_the_unit_of_a_row_is_not_that_of_its_prices():
    measure = {"measure": "value", "unit": "million yuan", "kind": "value"}
    before = {"measures": table("measures", [{**measure, "max": 5, "relax_price": 0}])}
    after = {"measures": table("measures", [{**measure, "max": 6, "relax_price": 0.1}])}
    assert said(before, after) == [
        "indicators of industry, value: ceiling 5 → 6 million yuan",
        "indicators of industry, value: price of a violation 0 → 0.1",
    ]
    assert said(before, after, "zh")[1] == "产业指标·value:放宽价 0 → 0.1"


def test_a_switch_is_said_as_yes_or_no():
    """What 1 and 0 mean is no part of the name of a column: closures_allowed is called "1: potlines may close" in the schema."""
    pool = {"pool": "region", "name_zh": "川渝池", "name_en": "One pool", "regions": "sichuan", "ratio": 1.0, "new_potlines_allowed": 0}
    before, after = ({"swap_pools": table("swap_pools", [{**pool, "closures_allowed": allowed}])} for allowed in (0, 1))
    assert said(before, after) == ["swap pools, One pool: potlines may close no → yes"]
    assert said(before, after, "zh") == ["产能置换池·川渝池:允许关停 否 → 是"]
    added = said({"swap_pools": table("swap_pools", [])}, after)
    assert len(added) == 1 and "potlines may close yes, new potlines may be built no" in added[0]


@pytest.fixture(scope="module")
def shipped() -> Tables:
    problems = Problems()
    return read(ROOT / "data" / "chuanyu", problems).tables


def test_every_table_of_the_shipped_dataset_can_be_named(shipped):
    """Every column of every table, with a key of the right length: no row and no cell is without words."""
    names = RowNames(shipped, {})
    for name, rows in shipped.items():
        emptied = {**shipped, name: rows.iloc[:0]}
        found = table_differences(emptied, shipped)
        assert len(found) == len(rows) and {one.kind for one in found} <= {ADDED}
        for language in ("zh", "en"):
            assert len(sentences(found, shipped, names, language)) == min(1, len(rows))
            assert all(names.row(name, one.key, one.cells, language) for one in found)


@pytest.mark.parametrize("name", ["plants", "prices", "power_balance", "measures", "clauses", "existing_capacity"])
def test_the_inputs_of_a_run_come_back_to_the_last_digit(shipped, name, tmp_path):
    write_inputs(shipped[name], tmp_path / f"{name}.csv")
    again = read_folder_unchecked(tmp_path)
    assert table_differences({name: shipped[name]}, again) == []


def read_folder_unchecked(folder) -> Tables:
    """Tables of a folder as read, whatever they refer to."""
    problems = Problems()
    return read(folder, problems).tables
