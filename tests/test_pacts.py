"""Supply pacts by hand: which lanes count, floors and caps, what each leg is worth, and the joint plan against separate plans."""

from __future__ import annotations

import json
import math

import pytest
from runs import ROOT, command_line, dataset, quiet, refused, said
from worlds import world

from model.expand.pacts import expand
from model.explore import pacts
from model.opening import open_scenario
from model.pipeline import Clock, prepare
from model.problems import ExitCode, Problems, Refusal
from model.scenario import Scenario
from model.tables import Tables, frame

SITES = "site region\nmine c\nwork s\nmill c\nhub out"
LANES = "commodity from to unit_cost\nore mine work 1\nore mine hub 1\nore hub work 1\nmetal work mill 1\nslab work mill 1\nmetal mill work 1"
LEG = {"pact": "ore_leg", "kind": "leg", "commodities": "ore", "from_region": "c", "to_region": "s", "in_force": 1, "clause": "P-1"}


def expanded(*rows: dict[str, object]) -> Tables:
    return expand({"pacts": frame("pacts", rows)}, world(sites=SITES, lanes=LANES), Problems())


def terms(core: Tables) -> set[tuple[str, ...]]:
    table = core["indicator_terms"]
    assert set(table["kind"]) == {"flow"} and set(table["coefficient"]) == {1.0}
    return set(zip(table["a"], table["b"], table["c"], strict=True))


def test_a_leg_counts_its_goods_from_one_region_to_the_other():
    assert terms(expanded(LEG)) == {("ore", "mine", "work")}
    metal = {**LEG, "pact": "metal_leg", "commodities": "metal;slab", "from_region": "s", "to_region": "c"}
    assert terms(expanded(metal)) == {("metal", "work", "mill"), ("slab", "work", "mill")}  # not what goes back


def test_a_pact_in_force_has_a_floor_and_a_cap_per_year():
    row = expanded({**LEG, "floor": 20, "cap": 50})["indicators"].iloc[0]
    assert (row["indicator"], row["scope"], row["min"], row["max"], row["clause"]) == ("ore_leg", "stage", 20, 50, "P-1")
    assert math.isnan(row["relax_price"])
    row = expanded({**LEG, "floor": 20, "relax_price": 500})["indicators"].iloc[0]
    assert math.isnan(row["max"]) and row["relax_price"] == pytest.approx(0.5)  # 500 yuan/t


def test_a_pact_that_is_not_in_force_is_reported_only():
    row = expanded({**LEG, "floor": 20, "cap": 50, "in_force": 0})["indicators"].iloc[0]
    assert math.isnan(row["min"]) and math.isnan(row["max"])


def test_a_shut_leg_has_a_cap_of_nothing():
    row = expanded({**LEG, "cap": 0})["indicators"].iloc[0]
    assert math.isnan(row["min"]) and row["max"] == 0


def test_without_pacts_there_is_nothing_to_add():
    assert expand({}, world(sites=SITES, lanes=LANES), Problems()) == {}


# A mine in c and a works in s. Ore: 10 at 1, sold at the port at 2.5 less 0.5; the hub sells ore at 3, one away from the works.
# Metal: 1 ore and 4 each, up to 5; sold in s at 15 (2 units), to the mill in c at 18 (3 units, one away).
CHAIN = {
    "sites": "site region\nmine c\nmill c\nwork s\nhub out\nport out",
    "tech_sites": "technology site variable_cost\ndig mine 1\nsmelt work 4",
    "recipes": "technology commodity quantity\ndig ore 1\nsmelt ore -1\nsmelt metal 1",
    "capacity_use": "technology unit use\ndig pit 1\nsmelt oven 1", "capacity": "unit site amount\npit mine 10\noven work 5",
    "lanes": "commodity from to unit_cost\nore mine port 0.5\nore mine work 1\nore hub work 1\nmetal work mill 1",
    "supply": "commodity site price\nore hub 3",
    "demand": "commodity site max price\nore port 100 2.5\nmetal work 2 15\nmetal mill 3 18",
    "pacts": "pact|kind|commodities|from_region|to_region|floor|cap|in_force\nore_leg|leg|ore|c|s|0|-|0\nmetal_leg|leg|metal|s|c|0|-|0",
    "split_columns": "column|name_en|unit|measures\ntax|Taxes|money|-",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return dataset(tmp_path_factory.mktemp("pacts") / "chain", **CHAIN)


@pytest.fixture(scope="module")
def found(folder):
    return pacts.study(Scenario("chain", folder), folder, quiet)


def test_what_each_leg_is_worth(found):
    """Ore at the works: 2 (sold outside at 2.5 - 0.5) + 1 = 3 from the mine, 3 + 1 = 4 from the hub.

    none: 10 x (2 - 1) + 2 x (15 - 4 - 4) = 24. ore: + 2 x 1 = 26. metal: + 3 x (18 - 1 - 4 - 4) = 24 + 27 = 51.
    both: 51 + 5 x 1 = 56. ore alone 2, on top of metal 5; metal alone 27, on top of ore 30.
    """
    assert {tuple(sorted(legs)): cost for legs, cost in found.costs.items()} == {
        (): pytest.approx(-24), ("ore_leg",): pytest.approx(-26), ("metal_leg",): pytest.approx(-51), ("metal_leg", "ore_leg"): pytest.approx(-56),
    }
    assert (found.alone("ore_leg"), found.on_top("ore_leg")) == (pytest.approx(2), pytest.approx(5))
    assert (found.alone("metal_leg"), found.on_top("metal_leg")) == (pytest.approx(27), pytest.approx(30))


def test_the_gain_of_the_joint_plan_by_region_and_site(found):
    """Apart: mine 10 x (2 - 1) = 10, works 2 x (15 - 8) = 14. Together: the ore is worth 2 at the mine as before: 10;
    works 2 x (15 - 4 - 3) + 3 x (18 - 1 - 4 - 3) = 46. So the works gain 32 and the mine nothing."""
    assert (found.separate, found.joint) == (pytest.approx(-24), pytest.approx(-56))
    gain = found.gains.set_index("site")["margin_gain"]
    assert (gain["work"], gain["mine"]) == (pytest.approx(32), pytest.approx(0))
    assert gain.sum() == pytest.approx(found.separate - found.joint)
    by_region = found.by_region().set_index("region")["margin_gain"]
    assert (by_region["s"], by_region["c"]) == (pytest.approx(32), pytest.approx(0))
    assert found.gains["rights_gain"].abs().max() == 0
    assert found.gains["tax_gain"].isna().all() and found.by_region()["tax_gain"].isna().all()


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("worth of 'ore_leg': alone 2.00, on top of the others 5.00", "the joint plan gains 32.00", "Taxes: no data", "no alumina")),
    ("zh", ("ore_leg的价值:单独 2.00", "统一规划多得 32.00", "无数据", "不跨省界")),
])
def test_the_study_in_words(found, language, words):
    text = "\n".join(pacts.lines(found, language))
    assert all(part in text for part in words), text


def test_the_study_as_numbers(found):
    told = json.loads(json.dumps(pacts.facts(found), allow_nan=False))
    assert told["gain"] == pytest.approx(32) and told["legs"]["ore_leg"] == {"alone": pytest.approx(2), "on_top": pytest.approx(5)}
    assert {row["tax_gain"] for row in told["sites"]} == {None}


def test_a_region_that_loses_is_told_what_it_would_have_to_be_paid(tmp_path):
    """A smelter at the mill makes 3 at 8 + ore at 2: apart it earns 3 x (18 - 10) = 24. Together the works deliver at
    3 + 4 + 1 = 8 and take its place: s gains 2 x 1 + 3 x (18 - 8) = 32, c loses 24, both together gain 8."""
    folder = dataset(
        tmp_path / "loser", **CHAIN | {
            "tech_sites": "technology site variable_cost\ndig mine 1\nsmelt work 4\ncook mill 8",
            "recipes": "technology commodity quantity\ndig ore 1\nsmelt ore -1\nsmelt metal 1\ncook ore -1\ncook metal 1",
            "capacity_use": "technology unit use\ndig pit 1\nsmelt oven 1\ncook stove 1", "capacity": "unit site amount\npit mine 10\noven work 5\nstove mill 3",
            "lanes": CHAIN["lanes"] + "\nore mine mill 0",
        },
    )
    found = pacts.study(Scenario("loser", folder), folder, quiet)
    gain = found.by_region().set_index("region")["margin_gain"]
    assert (gain["s"], gain["c"], found.separate - found.joint) == (pytest.approx(32), pytest.approx(-24), pytest.approx(8))
    text = "\n".join(pacts.lines(found, "en"))
    assert "for c to lose nothing, 24.0" in text and "for s" not in text


def test_a_floor_binds_and_a_leg_that_cannot_be_served_has_no_plan(tmp_path):
    """Metal must be sent to c, 3 at least. Without the ore of c the works buy outside; without the metal leg nothing changes.
    If the hub sells no ore, the floor cannot be met while the ore leg is shut: no plan."""
    floors = CHAIN["pacts"].replace("metal_leg|leg|metal|s|c|0|-|0", "metal_leg|leg|metal|s|c|3|-|1")
    folder = dataset(tmp_path / "floor", **CHAIN | {"pacts": floors, "supply": "commodity site price max\nore hub 3 0"})
    found = pacts.study(Scenario("floor", folder), folder, quiet)
    assert math.isinf(found.costs[frozenset({"metal_leg"})]) and found.costs[frozenset()] == pytest.approx(-10)
    assert "there is no plan" in "\n".join(pacts.lines(found, "en"))
    assert pacts.facts(found)["legs"]["ore_leg"]["on_top"] is None


def test_a_floor_above_the_cap_is_named_with_its_row(tmp_path):
    crossed = CHAIN["pacts"].replace("ore_leg|leg|ore|c|s|0|-|0", "ore_leg|leg|ore|c|s|8|5|1")
    refusal = refused(dataset(tmp_path / "crossed", **CHAIN | {"pacts": crossed}))
    assert refusal.code is ExitCode.DATA and "pacts.csv:2" in said(refusal)[0]


def test_a_dataset_without_pacts_is_told_so(tmp_path):
    folder = dataset(tmp_path / "bare", **{name: text for name, text in CHAIN.items() if name != "pacts"})
    with pytest.raises(Refusal) as caught:
        pacts.study(Scenario("bare", folder), folder, quiet)
    assert [problem.rule for problem in caught.value.problems] == ["no_pacts"]


def test_the_command_says_and_writes_what_it_found(folder, tmp_path, capsys):
    out = tmp_path / "study.json"
    assert command_line().main(["pacts", "--data", str(folder), "--out", str(out), "--lang", "en"]) == 0
    assert "the joint plan gains 32.00" in capsys.readouterr().out
    assert json.loads(out.read_text(encoding="utf-8"))["gain"] == pytest.approx(32)


def test_separate_plans_part_the_pool_of_both_provinces():
    """The study turns one pool for all regions into one per region, and shuts every row of the pacts."""
    scenario, data = open_scenario("joint_plan", None, ROOT, {})
    prepared = prepare(scenario, data, Clock(quiet))
    apart = prepare(pacts.separate(scenario, prepared.tables), data, Clock(quiet))
    assert set(apart.tables["pacts"]["cap"]) == {0.0} and set(apart.tables["pacts"]["in_force"]) == {1.0}
    ledgers = set(apart.core["ledgers"]["ledger"])
    assert ledgers == {"swap_region_sichuan", "swap_region_chongqing"} and set(prepared.core["ledgers"]["ledger"]) == {"swap_region"}

