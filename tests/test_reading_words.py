"""Words from a fixed list, alone or several in a cell: whatever is not on the list is refused with the nearest word."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from runs import ROOT

from model.problems import Problem, Problems
from model.reading import read
from model.reading.template import header_note, write_template
from model.schema import ALL_TABLES, CONVENIENCE_TABLES
from model.schema.industry import STAGES
from model.schema.spec import listed

WORLD = {
    "sites": "site,region\npark,sichuan\nport,chongqing\nzone,sichuan\n",
    "commodities": "commodity\nmetal\ngas\n",
    "periods": "period,stage,length\nm01,y2027,0.5\nwet_dry,y2027,0.5\n",
    "technologies": "technology,stage,labour,maintenance,other_variable,overhead,fixed_cost,capex,life,depreciation,finance\n"
                    "smelt,smelting,1,1,1,1,1,1,20,0,0\ncast,casting,1,1,1,1,1,1,20,0,0\n",
    "measures": "measure,kind,stages,technologies,region\nmetal,output,smelting;recycling,smelt;cast,sichuan\nall,output,*,*,*\n",
    "swap_pools": "pool,regions,ratio,closures_allowed,new_potlines_allowed\none,sichuan;chongqing,1,0,0\n",
    "prices": "price,period,unit,vat,low,central,high\nmetal,2025,yuan/t,excl,1,2,3\n",
    "product_forms": "product_form,commodity,technologies,price,import_ratio\ningots,metal,smelt;cast,metal,1.05\n",
    "purchases": "commodity,site,region,price\nmetal,*,sichuan,metal\n",
    "emission_factors": "carrier,item,scope,factor\ntechnology_stage,smelting,1,1.5\ncommodity,gas,1,2\ncommodity,power_market,2,1\nelectricity,sichuan,2,0.2\n",
    "tariffs": "tariff,price\nmarket,\n",
    "tariff_prices": "tariff,month,price\nmarket,m01,0.5\nmarket,m12,0.5\nmarket,wet,0.3\n",
}


def reported(folder: Path, **changed: str) -> list[Problem]:
    """Everything said of the small world with some tables changed."""
    for name, text in {**WORLD, **changed}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    problems = Problems()
    read(folder, problems)
    assert all(problem.text(language) for problem in problems for language in ("zh", "en"))
    return list(problems)


def test_the_sound_world_is_silent(tmp_path):
    assert reported(tmp_path) == []


@pytest.mark.parametrize(("table", "old", "new", "rule", "row", "column", "value", "suggestion"), [
    ("measures", "smelting;recycling", "smeltng", "bad_choice", 2, "stages", "smeltng", "smelting"),
    ("measures", "smelting;recycling", "smelting; recyling", "bad_choice", 2, "stages", "recyling", "recycling"),
    ("measures", "smelting;recycling", "smelting\uff1brecyling", "bad_choice", 2, "stages", "recyling", "recycling"),
    ("measures", "smelting;recycling", "电解", "bad_choice", 2, "stages", "电解", ""),
    ("measures", "smelting;recycling", "smelting,recycling", "ragged_row", 2, "", "6", ""),
    ("measures", "smelt;cast", "smelt;csat", "unknown_reference", 2, "technologies", "csat", "cast"),
    ("measures", "smelt;cast", "smelt;ca{{st", "bad_id", 2, "technologies", "ca{{st", "cast"),
    ("measures", "cast,sichuan", "cast,sichaun", "unknown_reference", 2, "region", "sichaun", "sichuan"),
    ("measures", "metal,output", "metal,outputs", "bad_choice", 2, "kind", "outputs", "output"),
    ("swap_pools", "chongqing,1", "chongqin,1", "unknown_reference", 2, "regions", "chongqin", "chongqing"),
    ("swap_pools", "sichuan;chongqing", ";", "blank_cell", 2, "regions", "", ""),
    ("swap_pools", "sichuan;chongqing", "*", "no_wildcard", 2, "regions", "*", ""),
    ("product_forms", "smelt;cast", "smelt;casting", "unknown_reference", 2, "technologies", "casting", "cast"),
    ("purchases", "*,sichuan", "*,sichuam", "unknown_reference", 2, "region", "sichuam", "sichuan"),
    ("emission_factors", "stage,smelting", "stage,smelter", "bad_choice", 2, "item", "smelter", "smelting"),
    ("emission_factors", "commodity,gas", "commodity,gsa", "bad_choice", 3, "item", "gsa", "gas"),
    ("emission_factors", "power_market", "power_markt", "bad_choice", 4, "item", "power_markt", "power_market"),
    ("emission_factors", "electricity,sichuan", "electricity,zichuan", "bad_choice", 5, "item", "zichuan", "sichuan"),
    ("tariff_prices", "m12", "m13", "bad_choice", 3, "month", "m13", "m12"),
    ("tariff_prices", "wet", "wte", "bad_choice", 4, "month", "wte", "wet"),
])
def test_a_word_that_is_not_on_the_list_is_refused(tmp_path, table, old, new, rule, row, column, value, suggestion):
    assert WORLD[table].count(old) == 1
    found = reported(tmp_path, **{table: WORLD[table].replace(old, new)})
    first = next(problem for problem in found if problem.rule == rule)
    assert not first.note
    assert (first.file, first.row, first.column, first.value, first.suggestion) == (f"{table}.csv", row, column, value, suggestion)


def test_every_bad_entry_of_a_cell_is_named(tmp_path):
    found = reported(tmp_path, measures=WORLD["measures"].replace("smelting;recycling", "smeltng;casting;recyling"))
    assert [(problem.rule, problem.value) for problem in found] == [("bad_choice", "recyling"), ("bad_choice", "smeltng")]
    assert found[0].text("en").endswith("alumina, smelting, casting, sorting, recycling, processing, residue, * (did you mean: recycling?)")


def test_a_month_of_the_balance_is_checked_alike(tmp_path):
    balance = "zone,month,component,role,energy\nzone,m01,hydro,supply,1\nzone,M01,hydro,supply,1\n"
    found = reported(tmp_path, power_balance=balance)
    assert [(problem.rule, problem.file, problem.row, problem.column, problem.suggestion) for problem in found] == [
        ("bad_choice", "power_balance.csv", 3, "month", "m01"),
    ]


def test_blanks_around_entries_mean_nothing(tmp_path):
    found = reported(tmp_path, measures=WORLD["measures"].replace("smelt;cast", " smelt ; cast "))
    assert [(problem.rule, problem.note) for problem in found] == [("repaired_blanks", True)]


def test_without_sites_regions_are_taken_as_they_are_used(tmp_path):
    """As everywhere: what the absent table would declare is not judged."""
    for name in ("technologies", "measures", "swap_pools"):
        (tmp_path / f"{name}.csv").write_text(WORLD[name], encoding="utf-8")
    problems = Problems()
    read(tmp_path, problems)
    assert list(problems) == []


@pytest.mark.parametrize(("cell", "entries"), [
    ("a;b", ("a", "b")), (" a ;; b; ", ("a", "b")), ("a\uff1bb;c", ("a", "b", "c")), ("", ()), (" ; ", ()), ("a,b", ("a,b",)),
])
def test_lists_part_at_semicolons_of_either_width(cell, entries):
    assert listed(cell) == entries


def test_every_list_column_says_what_may_stand_in_it():
    """No convenience table has a list whose entries nobody checks; people are told how to part them."""
    lists = {(spec.name, column.name): column for spec in CONVENIENCE_TABLES for column in spec.columns if "分号" in column.zh or column.many}
    # what these hold is looked up where it is used: test_clauses, test_calendars, test_outages
    elsewhere = {("clauses", "carried_by"), ("calendars", "months"), ("outages", "months"), ("outages", "items")}
    assert elsewhere | {("measures", "technologies"), ("swap_pools", "regions"), ("pacts", "commodities")} <= set(lists)
    assert {name for name, column in lists.items() if not (column.choices or column.refers)} == elsewhere
    assert all(column.many for column in lists.values())
    assert lists["measures", "stages"].choices == STAGES
    assert "alumina, smelting" in header_note(lists["measures", "stages"]) and "分号" in header_note(lists["measures", "stages"])


def test_every_choice_of_a_convenience_table_has_its_list():
    kinds = {(spec.name, column.name) for spec in CONVENIENCE_TABLES for column in spec.columns if column.kind == "choice" and not column.choices}
    assert kinds == set()
    assert all(column.kind == "choice" for spec in ALL_TABLES.values() for column in spec.columns if column.choices)


def test_the_workbook_offers_no_drop_down_where_several_words_may_stand(tmp_path):
    write_template(ROOT / "data" / "chuanyu", tmp_path / "book.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["measures"]
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    offered = {str(rule.sqref).split("2:")[0] for rule in sheet.data_validations.dataValidation}
    assert letters["kind"] in offered and letters["stages"] not in offered and letters["technologies"] not in offered
