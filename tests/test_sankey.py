"""The metal balance: links and error by hand, ribbons as wide as their tonnes, the shipped base closes."""

from __future__ import annotations

import re
from types import SimpleNamespace

import hostile
import pandas as pd
import pytest
import report_sample_tables

from maps import page
from maps.amounts import map_fields
from maps.materials import left_over, material_table
from maps.sankey import BAR, balance, name, sankey
from maps.view import ReportView
from model.explore.labels import Labels

GOODS = pd.DataFrame(
    [("bauxite", "", "", "kt"), ("alumina", "", "", "kt"), ("ingot", "", "", "kt"), ("slab", "", "", "kt"), ("rod", "", "", "kt"), ("foil", "", "", "kt"),
     ("scrap_new", "", "", "kt"), ("anode", "", "", "kt")],
    columns=["commodity", "name_zh", "name_en", "unit"],
)


def view(*extra: tuple[str, str, str, str, float]) -> ReportView:
    rows = [*report_sample_tables.MATERIALS, *extra]
    return ReportView("甲", "A", commodities=GOODS, materials=pd.DataFrame(rows, columns=["commodity", "technology", "stage", "kind", "value"]))


def test_links_by_hand():
    """230 of bauxite make 100 of alumina; 80 of it 40 of metal; 39 of it are cast, 5 of these rod, 30 of foil take 34 and return 3."""
    links = {(start, end): value for (start, end, _), value in balance(view()).links.items()}
    assert links == pytest.approx({
        ("in_bauxite", "bauxite"): 230, ("bauxite", "do_alumina"): 230, ("do_alumina", "alumina"): 100, ("do_alumina", "out_residue"): 130,
        ("alumina", "do_primary"): 80, ("alumina", "out_sold"): 20, ("do_primary", "metal"): 40, ("do_primary", "out_oxygen"): 40,
        ("metal", "out_lost"): 1.0, ("metal", "do_casting"): 5, ("do_casting", "products"): 5, ("metal", "do_processing"): 34,
        ("do_processing", "products"): 30, ("do_processing", "out_returned"): 3, ("do_processing", "out_lost"): 1, ("in_returned", "scrap"): 3,
        ("scrap", "do_recycled"): 3, ("do_recycled", "metal"): 3.1, ("in_added", "do_recycled"): 0.1, ("products", "out_sold"): 34.5,
        ("products", "out_lost"): 0.5, ("metal", "out_sold"): 3.1,
    })


def test_a_balanced_plan_has_no_error_and_every_good_that_is_missed_counts():
    assert balance(view()).error == pytest.approx(0)
    assert balance(view(("foil", "", "", "sold", 2.0), ("ingot", "", "", "bought", 1.5), ("anode", "", "", "bought", 9.0))).error == pytest.approx(3.5)


def test_nodes_take_in_what_they_give_out():
    found = balance(view())
    for node in {end for start, end, _ in found.links if not end.startswith("out_")} | {"metal", "products"}:
        into, out = found.through(node)
        assert into == pytest.approx(out), node


def test_metal_from_dross_has_no_process_of_its_own():
    found = balance(view(("ingot", "treat", "residue", "made", 2.0), ("ingot", "", "", "sold", 2.0)))
    assert found.links["in_dross", "metal", "metal"] == 2.0


def test_ribbons_are_as_wide_as_their_tonnes():
    """Bauxite 230 is 2.3 times as wide as the alumina made of it."""
    drawn = str(sankey(view())[0])
    widths = {title: float(wide) for wide, title in re.findall(r'<path d="[^"]*v([\d.]+)C[^"]*"[^>]*class="ribbon"><title>[^<]*/ ([^<]*)</title>', drawn)}
    assert widths["Bauxite → Refining: 230.0 kt"] == pytest.approx(2.3 * widths["Refining → Alumina: 100.0 kt"], rel=1e-3)
    assert f'width="{BAR:g}"' in drawn and "34.5" in drawn


def test_the_error_is_printed():
    assert sankey(view())[1] == "0.000" and sankey(view(("foil", "", "", "sold", 0.0126)))[1] == "0.013"
    assert "lost on the way| = 0.013 kt" in page.page(view(("foil", "", "", "sold", 0.0126)))


def test_without_processes_there_is_no_drawing():
    assert sankey(ReportView("甲", "A")) is None and 'id="sankey"' not in page.page(ReportView("甲", "A"))


def test_every_node_has_words_in_both_languages():
    found = balance(hostile.view())
    assert all(name(node)[0] and name(node)[1] for start, end, _ in found.links for node in (start, end))


def test_materials_of_a_plan_by_hand():
    """4 runs of a process that takes 2 and makes 1, 10 sent of which 9 arrive, 3 bought, 1 sold."""
    periods = pd.DataFrame([("s", "p", 1.0)], columns=["stage", "period", "probability"])
    lane = {"commodity": "foil", "from": "a", "to": "b", "mode": "road", "period": "p"}
    recipe = pd.DataFrame([("roll", "a", "ingot", -2.0), ("roll", "a", "foil", 1.0)], columns=["technology", "site", "commodity", "quantity"])
    values = {
        "activity": pd.DataFrame([("roll", "a", "p", 4.0)], columns=["technology", "site", "period", "value"]),
        "supply": pd.DataFrame([("ingot", "p", 8.0)], columns=["commodity", "period", "value"]),
        "sale": pd.DataFrame([("foil", "p", 3.0)], columns=["commodity", "period", "value"]),
        "flow": pd.DataFrame([{**lane, "value": 10.0}]),
    }
    case = SimpleNamespace(
        calendar=SimpleNamespace(periods=periods), relations={"recipe": recipe}, columns={"flow": pd.DataFrame([{**lane, "delivered_share": 0.9}])},
    )
    plan = SimpleNamespace(results=SimpleNamespace(case=case, values=values))
    table = material_table(plan, SimpleNamespace(stage=lambda technology: "processing"), "s")
    assert {(row.commodity, row.kind): row.value for row in table.itertuples()} == pytest.approx(
        {("foil", "made"): 4, ("ingot", "used"): 8, ("ingot", "bought"): 8, ("foil", "sold"): 3, ("foil", "lost"): 1}
    )
    assert dict(left_over(table)) == pytest.approx({"foil": 0, "ingot": 0})


def test_the_shipped_base_closes_and_its_numbers_are_those_of_the_plan(base_run):
    labels, stage = Labels(base_run), base_run.results.case.calendar.stages[0]
    made = ReportView("甲", "A", **map_fields(base_run, labels, stage), materials=material_table(base_run, labels, stage))
    found = balance(made)
    assert found.error < 1e-3
    activity = base_run.results.values["activity"]
    smelted = float(activity.loc[[labels.stage(name) == "primary" for name in activity["technology"]], "value"].sum())
    assert found.links["do_primary", "metal", "metal"] == pytest.approx(smelted, rel=1e-9)
    sold = base_run.results.values["sale"].groupby("commodity")["value"].sum()
    assert found.links["alumina", "out_sold", "alumina"] == pytest.approx(float(sold["alumina"]), rel=1e-9)
