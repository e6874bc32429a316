"""A comparison worked out by hand, in both languages; splits add up; a plan beside itself differs in nothing."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from duo import place
from runs import ROOT, command_line, quiet

from model.explore.compare import DIMENSIONS, Comparison, compare
from model.explore.comparison_facts import facts, tables
from model.explore.comparison_key import rows
from model.explore.comparison_lines import lines
from model.explore.reloading import Candidate, candidate
from model.problems import ExitCode, Refusal


@pytest.fixture(scope="module")
def duo(tmp_path_factory):
    return place(tmp_path_factory.mktemp("duo"))


@pytest.fixture(scope="module")
def plans(duo) -> dict[str, Candidate]:
    data, files = duo
    return {name: candidate(str(file), data, ROOT, {}, quiet) for name, file in files.items()}


@pytest.fixture(scope="module")
def grown(plans) -> Comparison:
    return compare([plans["plain"], plans["grown"]])


def part(found: Comparison, dimension: str, plan: str = "grown") -> dict[str, tuple[float, float, float]]:
    table = found.splits[(found.splits["dimension"] == dimension) & (found.splits["plan"] == plan)]
    return {row["id"]: (row["reference"], row["value"], row["change"]) for row in table.to_dict("records") if row["id"] != "residual"}


def near(**numbers):
    return {name: pytest.approx(number, abs=1e-9) for name, number in numbers.items()}


def test_the_objectives_by_hand(plans):
    """plain -82, grown -83; south shut: the same plan as grown; carriage at 1.5: 6 dearer; carbon 14 at 0.25; three years."""
    wanted = {"plain": -82, "grown": -83, "locked": -83, "dear": -76, "clean": -82 + 3.5, "long": -246}
    assert {name: one.plan.results.objective for name, one in plans.items()} == near(**wanted)


def test_cost_by_class_stage_and_good(grown):
    """Labour 10 x 2 + 2 x 3 = 26 becomes 12 x 2 = 24; the addition costs 2 x 0.5 = 1; carriage 12 and sales 120 stay."""
    assert part(grown, "cost_class") == near(
        labour=(26, 24, -2), capital=(0, 1, 1), freight=(12, 12, 0), sales=(-120, -120, 0),
    )
    assert part(grown, "stage") == near(other=(26, 25, -1), freight=(12, 12, 0), sales=(-120, -120, 0))
    assert part(grown, "good") == near(metal=(-82, -83, -1))


def test_net_cost_by_site_city_and_region(grown):
    """A tonne brings 10 - 1 = 9 at the gate. north: 10 x 9 - 20 = 70, then 12 x 9 - 24 - 1 = 83; south: 2 x 9 - 6 = 12, then 0."""
    assert part(grown, "site") == near(north=(-70, -83, -13), south=(-12, 0, 12), town=(0, 0, 0))
    assert part(grown, "city") == {"ca": pytest.approx((-70, -83, -13)), "cb": pytest.approx((-12, 0, 12)), "": pytest.approx((0, 0, 0))}
    assert part(grown, "region") == {"a": pytest.approx((-70, -83, -13)), "b": pytest.approx((-12, 0, 12)), "": pytest.approx((0, 0, 0))}


def test_who_gains_and_who_loses(grown):
    wins = grown.wins[grown.wins["level"] == "region"].set_index(["id", "measure"])["change"]
    assert (wins["a", "margin"], wins["b", "margin"]) == (pytest.approx(13), pytest.approx(-12))
    assert (wins["a", "tonnes"], wins["b", "tonnes"], wins["a", "rights"]) == (pytest.approx(2), pytest.approx(-2), 0)


def test_what_grows_and_what_closes(grown):
    rows = grown.changes.set_index(["what", "id", "site"])[["verdict", "reference", "value"]]
    assert tuple(rows.loc[("capacity", "oven", "north")]) == ("grows", 10, 12)
    assert tuple(rows.loc[("capacity", "oven", "south")]) == ("stays", 10, 10)
    assert tuple(rows.loc[("output", "make", "south")]) == ("closes", 2, 0)


def test_amounts_and_indicators(grown):
    goods = grown.goods.set_index(["commodity", "kind"])[["reference", "value"]]
    assert tuple(goods.loc[("metal", "made")]) == (12, 12) and tuple(goods.loc[("metal", "sold")]) == (12, 12)
    row = grown.indicators.iloc[0]  # 10 x 1 + 2 x 2, then 12 x 1
    assert (row["indicator"], row["group"], row["reference"], row["value"], row["unit"]) == ("carbon", "all", 14, 12, "kt CO2e")


ENGLISH = """2 plans compared; the reference is 'plain' (As it is (dataset data)), objective -82.

'grown' (grown (dataset data)) against the reference
differences of inputs:
  options, grow: maximum size 0 → 5
objective -82 → -83, difference -1.
yearly capacity, grows: make at North 10 → 12
output of a year (kt), grows: make at North 10 → 12
output of a year (kt), in the reference only: make at South 2 → 0
cost by class (sales negative):
  labour 26 → 24 (-2)
  capital charge 0 → 1 (+1)
  sum -1, the difference of the objectives; of it residual 0
cost by stage of the chain:
  other production 26 → 25 (-1)
  sum -1, the difference of the objectives; of it residual 0
cost by good:
  metal -82 → -83 (-1)
  sum -1, the difference of the objectives; of it residual 0
net cost by site (margin with its sign turned):
  North -70 → -83 (-13)
  South -12 → 0 (+12)
  sum -1, the difference of the objectives; of it residual 0
net cost by city:
  ca -70 → -83 (-13)
  cb -12 → 0 (+12)
  sum -1, the difference of the objectives; of it residual 0
net cost by province and region:
  a -70 → -83 (-13)
  b -12 → 0 (+12)
  sum -1, the difference of the objectives; of it residual 0
who gains and loses, by province and region:
  a: margin +13, output of all stages +2 kt
  b: margin -12, output of all stages -2 kt
who gains and loses, by site (by margin):
  North: margin +13, output of all stages +2 kt
  South: margin -12, output of all stages -2 kt
indicators that change:
  Carbon 14 → 12 kt CO₂e (-2)"""

CHINESE = """比较 2 个方案,基准是“plain”(现状(数据集 data)),目标值 -82。

“grown”(grown(数据集 data))与基准相比
输入差异:
  投资与关停选项·grow:最大规模 0 → 5
目标值 -82 → -83,差 -1。
年产能,增:北园 make 10 → 12
年产出(千吨),增:北园 make 10 → 12
年产出(千吨),只在基准方案:南园 make 2 → 0
成本按科目(收入为负):
  人工 26 → 24(-2)
  资本年费用 0 → 1(+1)
  合计 -1,与目标值之差一致;其中余数 0
成本按环节:
  其他生产 26 → 25(-1)
  合计 -1,与目标值之差一致;其中余数 0
成本按物料:
  金属 -82 → -83(-1)
  合计 -1,与目标值之差一致;其中余数 0
净成本按地点(毛利取负):
  北园 -70 → -83(-13)
  南园 -12 → 0(+12)
  合计 -1,与目标值之差一致;其中余数 0
净成本按城市:
  ca -70 → -83(-13)
  cb -12 → 0(+12)
  合计 -1,与目标值之差一致;其中余数 0
净成本按省(市)与地区:
  a -70 → -83(-13)
  b -12 → 0(+12)
  合计 -1,与目标值之差一致;其中余数 0
各省(市)与地区得失:
  a:毛利 +13、产出(各环节合计) +2 千吨
  b:毛利 -12、产出(各环节合计) -2 千吨
各地点得失(按毛利排序):
  北园:毛利 +13、产出(各环节合计) +2 千吨
  南园:毛利 -12、产出(各环节合计) -2 千吨
指标变化:
  碳 14 → 12 千吨 CO₂ 当量(-2)"""


@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("zh", CHINESE)])
def test_the_whole_comparison_in_words(grown, language, text):
    assert lines(grown, language) == text.splitlines()


@pytest.mark.parametrize(("language", "said"), [
    ("en", ["no difference of inputs.", "no difference of results."]), ("zh", ["输入没有差异。", "结果没有差异。"]),
])
def test_a_plan_beside_itself_differs_in_nothing(plans, language, said):
    found = compare([plans["plain"], plans["plain"]])
    assert found.names == ("plain", "plain (2)")
    assert lines(found, language)[-2:] == said
    assert found.input_table().empty and (found.splits["change"] == 0).all()


def test_the_key_table_by_hand(plans):
    """Labour 26 becomes 24, the addition costs 1; carriage at 1.5 costs 6 more on 12; carbon of 14 at 0.25 costs 3.5."""
    table = {row[0].strip(): row[1:] for row in rows(compare([plans["plain"], plans["grown"], plans["dear"]]), "en")}
    assert table[""] == ["plain", "grown", "dear"]
    assert table["objective"] == ["-82", "-83", "-76"] and table["difference from the reference"] == ["–", "-1", "+6"]
    freight, labour, capital = (next(cells for name, cells in table.items() if name.startswith(word)) for word in ("freight", "labour", "capital"))
    assert (freight, labour, capital) == (["12", "0", "+6"], ["26", "-2", "0"], ["0", "+1", "0"])
    assert table["processes that stop"] == ["–", "1", "0"]
    assert "目标值" in rows(compare([plans["plain"], plans["dear"]]), "zh")[1][0]


def test_six_at_once_and_every_split_adds_up(plans):
    names = ["plain", "grown", "locked", "dear", "clean", "long"]
    found = compare([plans[name] for name in names])
    assert found.names == tuple(names)
    for name in names[1:]:
        for dimension in DIMENSIONS:
            rows = found.splits[(found.splits["plan"] == name) & (found.splits["dimension"] == dimension)]
            assert rows["change"].sum() == pytest.approx(found.objective(name) + 82, abs=1e-9)
            assert rows["value"].sum() == pytest.approx(found.objective(name), abs=1e-9)
            assert abs(float(rows.loc[rows["id"] == "residual", "change"].sum())) < 1e-9
    assert sum(line.endswith("against the reference") for line in lines(found, "en")) == 5


def test_a_lock_and_a_scaled_table_in_words(plans):
    found = compare([plans["plain"], plans["locked"], plans["dear"]])
    english, chinese = lines(found, "en"), lines(found, "zh")
    assert "  lock: South, make added: excluded" in english and "  锁定:新增 南园、make:排除" in chinese
    assert "  lanes, all 2 rows: cost per unit 1 → 1.5" in english and "  运输线·全部 2 行:单位运费 1 → 1.5" in chinese


def test_another_objective_and_other_years_are_said(plans):
    """Indicator prices are money of their own class: 14 x 0.25 = 3.5. Three years count three times."""
    found = compare([plans["plain"], plans["clean"], plans["long"]])
    assert part(found, "cost_class", "clean")["policy"] == pytest.approx((0, 3.5, 3.5))
    assert part(found, "stage", "clean")["other"] == pytest.approx((26, 29.5, 3.5))
    text = lines(found, "en")
    assert "  weight of the objective: carbon added: 0.25" in text
    assert "the plans optimise different objectives: the difference is not one of cost alone." in text
    assert "the plans count different numbers of years (1 and 3, discounted): the difference contains that of the years." in text
    assert "  periods: all added (share of the year 1, years x discount factor 3, probability 1)" in text


def test_equal_years_give_a_difference_per_year(plans, duo):
    data, files = duo
    file = files["long"].with_name("long_grown.toml")
    file.write_text('base = "long.toml"\n[[change]]\ntable = "options"\nset = { max_size = 5 }\n', encoding="utf-8")
    found = compare([plans["long"], candidate(str(file), data, ROOT, {}, quiet)])
    assert "objective -246 → -249, difference -3 (-1 a year)." in lines(found, "en")
    assert "目标值 -246 → -249,差 -3(平均每年 -1)。" in lines(found, "zh")


def test_json_holds_everything_and_no_odd_numbers(grown):
    told = json.loads(json.dumps(facts(grown, None), allow_nan=False))
    assert told["reference"] == "plain" and [plan["name"] for plan in told["plans"]] == ["plain", "grown"]
    assert [row["change"] for row in told["objectives"]] == [0, pytest.approx(-1)]
    assert {"objectives", "inputs", "splits", "wins", "changes", "goods", "indicators"} <= set(told)
    assert told["inputs"][0] | {"old": 0.0, "new": 5.0, "row_en": "grow", "column": "max_size"} == told["inputs"][0]


def test_the_command_says_and_writes_the_comparison(duo, tmp_path, capsys):
    data, files = duo
    out = tmp_path / "out"
    given = ["compare", str(files["plain"]), str(files["grown"]), "--data", str(data), "--out", str(out)]
    assert command_line().main([*given, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    head, _, rest = ENGLISH.partition("\n")
    assert head in said and rest in said
    assert said.index(head) < said.index("the plans side by side") < said.index("processes that stop") < said.index(rest)  # the table comes first
    assert {file.name for file in out.iterdir()} >= {"comparison.json", "splits.csv", "inputs.csv", "wins.csv", "changes.csv"}
    splits = pd.read_csv(out / "splits.csv", encoding="utf-8-sig")
    assert splits[splits["dimension"] == "cost_class"]["change"].sum() == pytest.approx(-1)
    assert command_line().main([*given, "--lang", "zh"]) == 0  # its own folder is replaced
    assert CHINESE.partition("\n")[2] in capsys.readouterr().out


def test_a_folder_of_something_else_is_not_overwritten(duo, tmp_path):
    data, files = duo
    (tmp_path / "letters.txt").write_text("dear", encoding="utf-8")
    given = ["compare", str(files["plain"]), str(files["grown"]), "--data", str(data), "--out", str(tmp_path)]
    assert command_line().main(given) == ExitCode.FILES
    assert [file.name for file in tmp_path.iterdir()] == ["letters.txt"]


@pytest.mark.parametrize("count", [1, 7])
def test_two_to_six_plans_are_compared(duo, capsys, count):
    data, files = duo
    assert command_line().main(["compare", *[str(files["plain"])] * count, "--data", str(data), "--lang", "en"]) == ExitCode.USAGE
    assert f"compare takes 2 to 6 plans; {count} were given" in capsys.readouterr().err


def test_an_unknown_scenario_is_refused(duo):
    with pytest.raises(Refusal) as caught:
        candidate("nowhere_at_all", duo[0], ROOT, {}, quiet)
    assert caught.value.code is ExitCode.FILES


def test_tables_are_named_like_their_files(grown):
    assert set(tables(grown, None)) == {"objectives", "inputs", "splits", "wins", "changes", "goods", "indicators"}
