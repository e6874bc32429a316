"""The shipped dataset tells the story of the region: who runs, what is made, when smelters move, and no money from nothing."""

from __future__ import annotations

import pytest
from runs import ROOT, quiet
from worlds import solve

from maps.assemble import assemble
from maps.key_figures import figures
from maps.pictures.siting import siting_maps
from maps.pictures.standalone import texts
from model import pipeline
from model.accounting import cost_by_class
from model.expand.studies import studies
from model.explore.switch_points import find
from model.problems import Problems
from model.reading import check_core
from model.scenario import load

UNIFORM_GAP = ROOT / "scenarios" / "swap_uniform_gap.toml"


def made(run, technologies):
    """kt a year by region of the technologies that pass."""
    table = run.results.values["activity"]
    table = table[[technologies(name) for name in table["technology"]]]
    region = table["site"].map(run.prepared.core["sites"].set_index("site")["region"])
    return table.groupby(region)["value"].sum()


def is_smelter(name):
    return name.startswith("smelt_")


def test_primary_metal_of_both_provinces(base_run):
    by_region = made(base_run, is_smelter)
    assert by_region["sichuan"] == pytest.approx(1060.0, abs=1.0)
    assert by_region["chongqing"] == pytest.approx(650.0, abs=1.0)


def test_every_potline_runs_at_capacity_in_every_month(base_run):
    running = base_run.results.values["running"]
    existing = base_run.results.case.relations["existing"]
    both = running.merge(existing, on=["unit", "site", "period"])
    potlines = both[both["unit"].str.startswith("potline_")]
    assert len(potlines) == 12 * len(base_run.prepared.tables["plants"])
    assert (potlines["value"] - potlines["amount"]).abs().max() < 1e-6
    months = base_run.results.case.calendar.periods.set_index("period")["length"]
    made_monthly = base_run.results.values["activity"]
    smelted = made_monthly[made_monthly["technology"].map(is_smelter)]
    per_month = smelted.groupby("period")["value"].sum() / months
    assert per_month.to_numpy() == pytest.approx([1710.0] * 12, abs=1.0)
    assert float(base_run.results.values["restart"]["value"].sum()) == pytest.approx(0.0, abs=1e-9)


def test_nobody_is_shed_and_every_must_serve_demand_is_met(base_run):
    assert float(base_run.results.values["short"]["value"].sum()) == pytest.approx(0.0, abs=1e-9)
    sale = base_run.results.values["sale"].merge(base_run.results.case.columns["sale"], on=["commodity", "site", "segment", "period"])
    assert (sale["value"] >= sale["must_serve"].fillna(0.0) - 1e-6).all()


def test_alumina_runs_full_and_the_margin_that_decides_it(base_run):
    """4,780 kt while the outlets outside the region pay; they would leave at an alumina price below the central one."""
    assert made(base_run, lambda name: name.startswith("refine"))["chongqing"] == pytest.approx(4780.0, abs=1.0)
    chosen = [study for study in studies(base_run.prepared.tables, base_run.prepared.core) if study.key == "alumina_outlets"]
    row = find(base_run.results.case, base_run.program, chosen).iloc[0]
    assert row["low"] - 500 < row["flips_at"] < row["central"]
    # the region itself needs 1.92 t per t of metal for 1,710 kt
    sold = base_run.results.values["sale"]
    outside = float(sold.loc[sold["commodity"] == "alumina", "value"].sum())
    assert 4780.0 - outside == pytest.approx(1.92 * 1710.0, rel=0.01)
    assert 3250.0 <= 4780.0 - outside <= 3300.0


def test_nothing_closes_and_no_potline_is_new_in_the_base(base_run):
    size = base_run.results.values["size"].set_index("option")["value"]
    assert float(size[[name for name in size.index if name.startswith(("close_", "new_potline_"))]].sum()) == 0.0


def test_recycling_stays_in_the_permitted_parks(base_run):
    permissions = base_run.prepared.tables["permissions"]
    allowed = set(permissions.loc[(permissions["permission"] == "recycled") & (permissions["allowed"] == 1), "site"])
    assert allowed == {"wanzhou", "fuling", "baitao", "qianjiang", "qijiang", "guangyuan", "qingchuan"}
    effects = base_run.prepared.core["option_effects"].merge(base_run.results.values["size"], on="option")
    built = effects[effects["unit"].str.startswith("recycling") & (effects["value"] * effects["per_size"] > 1e-6)]
    assert set(built["site"]) <= allowed


def test_costs_by_class_sum_to_the_objective(base_run):
    assert float(cost_by_class(base_run.results)["value"].sum()) == pytest.approx(base_run.results.objective, rel=1e-9)


def test_every_mass_balance_closes(base_run):
    checks = {check.name: check for check in base_run.results.checks}
    assert all(check.passed for check in checks.values())
    assert checks["rows"].residual < 1e-6


@pytest.mark.parametrize(("gap", "low", "high"), [(0.02, 0.0, 0.0), (0.06, 0.0, 0.0), (0.10, 200.0, 650.0), (0.14, 600.0, 650.0)], ids=str)
def test_swap_at_one_power_price_gap_for_all_of_chongqing(gap, low, high, tmp_path):
    """One regional pool at ratio 1.0: how much of Chongqing's 650 kt moves to Sichuan."""
    text = f'base = \'{UNIFORM_GAP}\'\n[[change]]\ntable = "tariffs"\nwhere = {{ tariff = "uniform_gap" }}\nset = {{ adder = {gap} }}\n'
    (tmp_path / "gap.toml").write_text(text, encoding="utf-8")
    scenario = load(tmp_path / "gap.toml", Problems())
    run = pipeline.run(scenario, ROOT / "data" / "chuanyu", quiet)
    size = run.results.values["size"].set_index("option")["value"]
    closed = float(size[[name for name in size.index if name.startswith("close_")]].sum())
    opened = float(size[[name for name in size.index if name.startswith("new_potline_")]].sum())
    assert low - 1e-6 <= closed <= high + 1e-6
    assert opened <= closed + 1e-6  # ratio 1.0
    assert 650.0 - made(run, is_smelter)["chongqing"] == pytest.approx(closed, abs=1.0)


def without_floors(core):
    """No demand that must be served, no purchase that must be made, no bound of an indicator."""
    blank = {"demand": ("min",), "supply": ("min",), "tech_sites": ("min_activity",)}
    loose = {name: table.assign(**dict.fromkeys(blank[name], 0.0)) if name in blank else table for name, table in core.items()}
    return {**loose, "indicators": core["indicators"].assign(min=float("nan"), max=float("nan"))}


@pytest.mark.parametrize("kept", [(), ("supply_",)], ids=["nothing is made", "power is delivered"])
def test_without_production_nothing_is_earned(base_run, kept):
    """Buying, moving and selling alone must not pay: no money from nothing."""
    core = without_floors(base_run.prepared.core)
    sites = core["tech_sites"]
    core["tech_sites"] = sites[sites["technology"].str.startswith(kept)] if kept else sites.iloc[:0]
    for name in ("recipes", "capacity_use"):
        core[name] = core[name][core[name]["technology"].isin(set(core["tech_sites"]["technology"]))]
    for name in ("capacity", "units", "options", "option_points", "option_effects", "indicators", "indicator_terms", "limits", "limit_terms"):
        core.pop(name, None)
    problems = Problems()
    check_core(core, problems)
    assert problems.errors == ()
    assert abs(solve(core).objective) < 1e-6


def test_with_production_but_without_floors_the_region_still_earns(base_run):
    """The same tables with production are no empty shell: the plan earns at least what it earns with its duties."""
    plan = solve(without_floors(base_run.prepared.core))
    assert plan.objective <= base_run.results.objective + 1e-6 < 0


def test_pictures_of_the_base_show_its_numbers_and_parks(base_run):
    view = assemble(base_run)
    found = {figure.name[1]: figure.value for figure in figures(view)}
    assert found["Primary output"] == "1,710" and found["Alumina output"] == "4,780"
    assert found["Objective (net margin)"] == f"{-base_run.results.objective:,.0f}"
    shown = texts(siting_maps(view)["zh"])
    assert {"綦江北渡园区", "万州经开区", "广元经开区", "内部研讨用图,未经地图审核,不得公开"} <= set(shown)
    assert any(text.startswith(found["Objective (net margin)"]) for text in shown)
