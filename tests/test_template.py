"""The workbook template reads back to the same tables and carries notes, drop-downs and nothing alive."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path

import openpyxl
import pytest
from runs import MEXSS, ROOT, TRNSPORT, quiet

from model import pipeline
from model.case import make_case
from model.problems import ExitCode, Problems, Refusal
from model.reading import read
from model.reading.template import header_note, header_of, write_template
from model.scenario import Scenario
from model.schema import ALL_TABLES
from model.tables import FILE, ROW, Tables

TABLES = {
    "sites": "site,name_zh,kind,lat,lon,crs,note\n西彭,西彭园区,park,29.31,106.3,gcj02,=HYPERLINK(1)\nb 1,,plant,,,,\"two\nlines\"\n",
    "commodities": "commodity,balance,name_en\nore,free,http://a.b/c\nmetal,exact,_x0041_ <b>&amp;\n",
    "periods": "period,stage,length\nm01,y1,0.3\nm02,y1,0.7\n",
    "supply": "commodity,site,period,tier,price,min,max\nore,b 1,*,1,0.30000000000000004,,350\nore,b 1,m01,2,-1e-7,0,1234567.891\n",
    "stocks": "commodity,site,holding_cost\n",
}


@pytest.fixture
def dataset(tmp_path) -> Path:
    folder = tmp_path / "数据 集"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def tables_of(path: Path) -> Tables:
    problems = Problems()
    tables = read(path, problems).tables
    assert [problem.text("en") for problem in problems] == []
    return tables


def test_round_trip(dataset, tmp_path):
    out = tmp_path / "模板.xlsx"
    write_template(dataset, out)
    before, after = tables_of(dataset), tables_of(out)
    assert set(before) == set(after) == set(TABLES)
    for name, table in before.items():
        assert table.drop(columns=[FILE, ROW]).equals(after[name].drop(columns=[FILE, ROW])), name


def hash_of(path: Path) -> str:
    """The hash of the Case that the dataset at ``path`` makes as it stands."""
    prepared = pipeline.prepare(Scenario("as it stands", path), path, pipeline.Clock(quiet))
    return make_case(prepared.core, Problems()).hash


@pytest.mark.parametrize("example", [TRNSPORT, MEXSS], ids=["trnsport", "mexss"])
def test_the_same_case_from_folder_and_workbook(example, tmp_path):
    out = tmp_path / "book.xlsx"
    write_template(example, out)
    assert hash_of(out) == hash_of(example)


def test_a_changed_cell_changes_the_case(tmp_path):
    """So that the equality above says something."""
    out = tmp_path / "book.xlsx"
    write_template(TRNSPORT, out)
    book = openpyxl.load_workbook(out)
    cell = next(cell for cell in book["supply"][2] if isinstance(cell.value, float | int) and cell.value)
    cell.value += 1e-9
    book.save(out)
    assert hash_of(out) != hash_of(TRNSPORT)


def test_the_shipped_dataset_gives_the_same_case_from_its_workbook(base_run, tmp_path):
    """Under the base scenario, with units in every header that has one."""
    out = tmp_path / "chuanyu.xlsx"
    write_template(ROOT / "data" / "chuanyu", out)
    prepared = pipeline.prepare(base_run.prepared.scenario, out, pipeline.Clock(quiet))
    assert make_case(prepared.core, Problems()).hash == base_run.results.case.hash
    headers = {str(cell.value) for cell in openpyxl.load_workbook(out, read_only=True)["tariffs"][1]}
    assert "price [yuan/kWh]" in headers


def test_sources_are_offered_and_several_are_not_questioned(tmp_path):
    folder = tmp_path / "cited"
    folder.mkdir()
    (folder / "sources.csv").write_text("source_id,title\nS1,one\nS2,two\n", encoding="utf-8")
    (folder / "supply.csv").write_text("commodity,site,price,source\nore,a,1,S1;S2\n", encoding="utf-8")
    write_template(folder, tmp_path / "book.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["supply"]
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == "source")
    rule = next(rule for rule in sheet.data_validations.dataValidation if str(rule.sqref).startswith(f"{letter}2:"))
    assert (rule.formula1, bool(rule.showErrorMessage)) == ("'sources'!$A$2:$A$503", False)
    assert list(tables_of(tmp_path / "book.xlsx")["supply"]["source"]) == ["S1;S2"]


def test_the_first_sheet_says_what_the_others_hold(dataset, tmp_path):
    out = tmp_path / "template.xlsx"
    write_template(dataset, out)
    guide = openpyxl.load_workbook(out).worksheets[0]
    rows = {row[0]: row[1:] for row in guide.iter_rows(values_only=True)}
    assert guide.title.startswith("_")
    assert rows["supply"] == (ALL_TABLES["supply"].zh, ALL_TABLES["supply"].en, 2)
    assert [name for name in rows if name in TABLES] == [name for name in ALL_TABLES if name in TABLES]
    assert any("check --data" in str(text) for text in rows)


def test_headers_name_the_unit_where_the_table_declares_one():
    tariffs = ALL_TABLES["tariffs"].by_name
    assert (header_of(tariffs["price"]), header_of(tariffs["tariff"])) == ("price [yuan/kWh]", "tariff")


def test_the_sign_of_a_zero_survives(tmp_path):
    folder = tmp_path / "zero"
    folder.mkdir()
    (folder / "supply.csv").write_text("commodity,site,price,max\nore,a,-0,0\n", encoding="utf-8")
    write_template(folder, tmp_path / "book.xlsx")
    price = tables_of(tmp_path / "book.xlsx")["supply"]["price"].item()
    assert math.copysign(1, price) == -1


def test_a_template_of_a_template_is_the_same(dataset, tmp_path):
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    write_template(dataset, first)
    write_template(first, second)
    assert first.read_bytes() == second.read_bytes()


def test_sheets_help_people(dataset, tmp_path):
    out = tmp_path / "template.xlsx"
    write_template(dataset, out)
    book = openpyxl.load_workbook(out)
    supply = book["supply"]
    assert supply.freeze_panes == "A2"
    header = {cell.value: cell for cell in supply[1]}
    assert list(header) == [column.name for column in ALL_TABLES["supply"].columns]
    assert "sites" in header["site"].comment.text
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in supply.data_validations.dataValidation}
    assert lists["A2"] == "'commodities'!$A$2:$A$503"
    assert lists["C2"] == "'periods'!$A$2:$A$503"
    choices = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in book["commodities"].data_validations.dataValidation}
    assert '"free,exact"' in choices.values()


def test_nothing_in_the_workbook_is_alive(dataset, tmp_path):
    out = tmp_path / "template.xlsx"
    write_template(dataset, out)
    with zipfile.ZipFile(out) as archive:
        sheets = "".join(archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets.lower()


def test_header_notes_say_what_a_blank_means():
    columns = ALL_TABLES["lanes"].by_name
    assert "required" in header_note(columns["unit_cost"])
    assert "1" in header_note(columns["delivered_share"]).splitlines()[1]
    assert "必填" in header_note(columns["unit_cost"]).splitlines()[0]
    choices = header_note(ALL_TABLES["commodities"].by_name["balance"])
    assert "free, exact" in choices


def test_a_faulty_dataset_gives_no_template(dataset, tmp_path):
    (dataset / "supply.csv").write_text("commodity,site,price\nore,b 2,x\n", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        write_template(dataset, tmp_path / "template.xlsx")
    assert refused.value.code is ExitCode.DATA
    assert {problem.rule for problem in refused.value.problems} == {"not_a_number", "unknown_reference"}
    assert not (tmp_path / "template.xlsx").exists()


def test_text_longer_than_a_cell_is_refused(dataset, tmp_path):
    (dataset / "commodities.csv").write_text(f"commodity,name_zh\nore,{'长' * 32768}\n", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        write_template(dataset, tmp_path / "template.xlsx")
    assert [(problem.rule, problem.row) for problem in refused.value.problems] == [("text_too_long", 2)]


def test_a_place_that_cannot_be_written(dataset, tmp_path):
    with pytest.raises(Refusal) as refused:
        write_template(dataset, tmp_path / "no such folder" / "template.xlsx")
    assert refused.value.code is ExitCode.FILES
    assert refused.value.problems[0].rule == "cannot_write"
    assert refused.value.problems[0].text("zh")


def test_a_workbook_of_before_survives_one_that_cannot_be_finished(dataset, tmp_path, monkeypatch):
    book = tmp_path / "book.xlsx"
    book.write_bytes(b"before")

    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("model.reading.template._write_sheet", full)
    with pytest.raises(Refusal, match=r"book\.xlsx: No space left on device"):
        write_template(dataset, book)
    assert book.read_bytes() == b"before" and [file for file in tmp_path.iterdir() if ".part" in file.name] == []
