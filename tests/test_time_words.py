"""Stages, branches and months of indicators, targets, prices and comparisons by their names."""

from __future__ import annotations

import pytest
from runs import ROOT, dataset, quiet, solved

from maps import comparison_tables
from maps.assemble import assemble
from maps.comparison import assemble as assemble_comparison
from model.explore import comparison_lines, targets_study
from model.explore.compare import compare
from model.explore.reloading import Candidate
from model.explore.shadow_prices import shadow_prices
from model.explore.time_words import TimeWords, time_name
from model.opening import open_scenario

STAGES = "stage|name_zh|name_en|year|years|in_use\ny2027|2027 年|2027|2027|1|0\ny2030|2030 年|2030|2030|1|0"
HYDROLOGY = "hydrology|branch|name_zh|name_en|probability|like\nboth|wet|丰水年|wet year|0.5|normal\nboth|dry|枯水年|dry year|0.5|normal"
PERIODS = "period stage branch length probability\n" + "\n".join(
    f"{month}_{branch}_{stage} {stage} {branch} 0.5 0.5" for stage in ("y2027", "y2030") for branch in ("wet", "dry") for month in ("m07", "m08")
)


def times(folder, **changes):
    core = {"supply": "commodity site price\nx a 1", "demand": "commodity site min max price\nx a 1 1 0"}
    run = solved(dataset(folder, **{**core, **changes}))
    return TimeWords(run.prepared.tables, run.results.case.calendar), run


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    return times(tmp_path_factory.mktemp("named") / "w", stages=STAGES, hydrology=HYDROLOGY, periods=PERIODS)


@pytest.mark.parametrize(("group", "zh", "en"), [
    ("horizon", "全期", "the whole horizon"),
    ("all", "全年", "the year"),
    ("y2027", "2027 年", "2027"),
    ("y2030/dry", "2030 年、枯水年", "2030, dry year"),
    ("m08_dry_y2030", "8 月(2030 年、枯水年)", "August (2030, dry year)"),
    ("elsewhere", "elsewhere", "elsewhere"),
])
def test_a_time_has_a_name(named, group, zh, en):
    assert named[0](group) == (zh, en)


@pytest.mark.parametrize(("periods", "period", "zh", "en"), [
    ("period stage length\nm01 y 0.5\nm02 y 0.5", "m02", "2 月", "February"),
    ("period stage length\ny-m01 y 0.5\ny-m02 y 0.5", "y-m01", "1 月", "January"),
    ("period stage length\nm01_a y 0.5\nm01_b y 0.5", "m01_b", "1 月(m01_b)", "January (m01_b)"),
    ("period stage length\nwinter y 0.5\nm13 y 0.5", "m13", "m13", "m13"),
    ("period stage length\nm01 y1 1\nm02 y2 1", "m02", "2 月(y2)", "February (y2)"),
], ids=["month", "with its only stage", "half months", "no month", "stages without a name"])
def test_a_period_is_a_month_where_its_id_says_so(tmp_path, periods, period, zh, en):
    assert times(tmp_path / "w", periods=periods)[0](period) == (zh, en)


def test_a_slash_within_an_id_is_not_the_one_between_stage_and_branch(tmp_path):
    said, _ = times(tmp_path / "w", periods="period stage branch probability\np1 a/b c 1\np2 a b/c 1")
    assert said("a\\/b/c") == ("a/b、c", "a/b, c") and said("a/b\\/c") == ("a、b/c", "a, b/c")


def test_the_first_plan_that_names_a_time_counts(named, tmp_path):
    _, plain = times(tmp_path / "w")
    assert time_name([plain, named[1]], "y2027") == ("2027 年", "2027") and time_name([plain], "y2027") == ("y2027", "y2027")


# x costs 1; a stage wants at least 3 bought though 2 are needed, as a target and (``hard``) as a rule
LIMITS = {
    "stages": STAGES, "periods": "period stage\np1 y2027\np2 y2030", "commodities": "commodity name_zh name_en unit\nx 货 goods kt",
    "supply": "commodity site price\nx a {price}", "demand": "commodity site min max price\nx a 2 2 0",
    "indicators": "indicator name_zh name_en unit scope min relax_price\nwish 愿 wish kt stage 3 0\nrule 规 rule kt stage 2.5 -",
    "indicator_terms": "indicator kind a coefficient\nwish supply x 1\nrule supply x 1",
}


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    folder = dataset(tmp_path_factory.mktemp("limited") / "w", **{name: table.format(price=1) for name, table in LIMITS.items()})
    return folder, solved(folder)


def test_targets_prices_and_the_report_say_the_year_by_its_name(limited):
    folder, run = limited
    study = targets_study.study(*open_scenario(None, folder, ROOT, {}), quiet)
    zh, en = (targets_study.lines(study, language) for language in ("zh", "en"))
    assert zh[0].startswith("愿(2027 年):2.5 千吨,为目标 3 的 83%,差 0.5") and en[1].startswith("wish (2030): 2.5 kt, 83% of its target 3")
    table = shadow_prices(run).set_index("key")
    assert "(2030 年)" in table.loc["rule, y2030", "zh"] and "(2030)" in table.loc["rule, y2030", "en"]
    view = assemble(run)
    assert view.indicators["group_zh"].tolist() == ["2027 年", "2030 年"] * 2 and view.indicators["group_en"].tolist() == ["2027", "2030"] * 2


def test_a_comparison_says_the_year_by_its_name(limited, tmp_path):
    """With a rule of 4 instead of 2.5 each year buys 1.5 more."""
    _, run = limited
    more = {name: table.format(price=1).replace("stage 2.5", "stage 4") for name, table in LIMITS.items()}
    other = solved(dataset(tmp_path / "more", **more))
    found = compare([Candidate(name, {}, "money", plan) for name, plan in (("less", run), ("more", other))])
    zh, en = ("\n".join(comparison_lines.lines(found, language)) for language in ("zh", "en"))
    assert "(2027 年)" in zh and "(2030)" in en and "y2027" not in zh and "y2030" not in en
    cells = [str(row[1]) for row in comparison_tables.indicators(assemble_comparison(found, None)).rows]
    assert any("2030 年" in cell for cell in cells) and not any("y20" in cell for cell in cells)
    assert "group_zh" not in found.indicators
