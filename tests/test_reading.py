"""Reading sound datasets: layouts, encodings, real line numbers, typed values, published cases."""

from __future__ import annotations

import math
import re
import time
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from model.problems import ExitCode, Problems, Refusal
from model.reading import check_core, read
from model.reading.nearest import find_site, nearest, site_aliases
from model.reading.numbers import number, number_meant
from model.tables import Dataset, frame, merged

ROOT = Path(__file__).parents[1]
# Dantzig's transport problem: two plants, three markets, distance in thousand miles at 90 dollars
TRNSPORT = {
    "supply": "commodity,site,period,tier,price,min,max\ngoods,seattle,*,,0,,350.0\ngoods,san-diego,*,,0,,600.0\n",
    "demand": """commodity,site,period,min,max,price,single_source
goods,new-york,*,325.0,325.0,0,
goods,chicago,*,300.0,300.0,0,
goods,topeka,*,275.0,275.0,0,
""",
    "lanes": """commodity,from,to,period,unit_cost,fixed_cost,max_flow,delivered_share
goods,seattle,new-york,*,0.225,,,
goods,san-diego,chicago,*,0.162,,,
""",
    "expected": "objective\n153.675\n",
}


def put(folder: Path, **tables: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in tables.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{name}.csv").write_bytes(data)
    return folder


def read_silently(path: Path) -> Dataset:
    problems = Problems()
    dataset = read(path, problems)
    assert [problem.text("en") for problem in problems] == []
    return dataset


def test_a_published_case_without_units_and_sites(tmp_path):
    dataset = read_silently(put(tmp_path / "trnsport", **TRNSPORT))
    assert dataset.name == "trnsport"
    assert set(dataset.tables) == set(TRNSPORT)
    supply = dataset.tables["supply"]
    assert list(supply["site"]) == ["seattle", "san-diego"]
    assert list(supply["max"]) == [350.0, 600.0]
    assert list(supply["min"]) == [0.0, 0.0]  # blank minimum = 0
    assert list(supply["tier"]) == ["", ""]
    lanes = dataset.tables["lanes"]
    assert list(lanes["delivered_share"]) == [1.0, 1.0]
    assert lanes["max_flow"].isna().all()  # blank maximum = no bound
    assert list(lanes["mode"]) == ["", ""]  # an absent optional column is a blank
    assert list(dataset.tables["demand"]["single_source"]) == [0.0, 0.0, 0.0]
    assert dataset.tables["expected"]["objective"].item() == 153.675


def test_other_outside_layouts(tmp_path):
    """Options whose ids hold blanks, forced written 1 or 1.0, units shared by technologies, tiers of purchase."""
    dataset = read_silently(put(
        tmp_path,
        options="option,site,period,fixed_cost,variable_cost,min_size,max_size,forced\nopen w1,w1,*,7500.0,0,,0,1\nopen w2,w2,*,0,0,,0,1.0\n",
        option_effects="option,unit,site,per_open,per_size\nopen w1,handling,w1,5000.0,0\nopen w2,handling,w2,5000.0,0\n",
        capacity_use="technology,unit,use\nhandle,handling,1\n",
        tech_sites="technology,site,period,variable_cost,min_activity,max_activity\nhandle,w1,*,0,,\n",
        recipes="technology,site,commodity,quantity\nhandle,w1,goods,1\n",
        limits="limit,sense,rhs\ntotal,<=,5000\n",
        limit_terms="limit,kind,a,b,c,coefficient\ntotal,flow,goods,*,*,1\n",
    ))
    assert list(dataset.tables["options"]["forced"]) == [1.0, 1.0]
    terms = dataset.tables["limit_terms"]
    assert (terms["d"].item(), terms["period"].item()) == ("*", "*")


def test_types_of_columns(tmp_path):
    table = read_silently(put(tmp_path, sites="site,lat,lon\n0012,1,2\n1e5,,\nTRUE,,\n")).tables["sites"]
    assert list(table["site"]) == ["0012", "1e5", "TRUE"]  # ids are text, never numbers
    assert table["lat"].dtype == "float64"
    assert all(table[column].dtype == "object" for column in ("site", "name_zh", "crs", "_file"))
    assert table["_row"].dtype == "int64"
    assert list(table["crs"]) == ["wgs84"] * 3
    assert list(table.columns) == list(frame("sites", ()).columns)


def test_numbers_are_read_to_the_last_bit(tmp_path):
    written = ["4.010929999999999", "0.30000000000000004", "12.5936", "4.3111999999999995", ".5", "5.", "+2E-3", "-0.1"]
    rows = "\n".join(f"smelt,m{index},{cell}" for index, cell in enumerate(written))
    table = read_silently(put(tmp_path, recipes=f"technology,commodity,quantity\n{rows}\n")).tables["recipes"]
    assert list(table["quantity"]) == [4.010929999999999, 0.30000000000000004, 12.5936, 4.3111999999999995, 0.5, 5.0, 0.002, -0.1]


@pytest.mark.parametrize(("cell", "value", "remark"), [
    ("12", 12.0, ""), ("１２．５", 12.5, "repaired_digits"), ("−３", -3.0, "repaired_digits"), ("1,234,567.5", 1234567.5, "repaired_thousands"),
    ("１，２３４", 1234.0, "repaired_thousands"), ("1,23", math.nan, "not_a_number"), ("12,34,567", math.nan, "not_a_number"),
    ("1e309", math.nan, "not_finite"), ("inf", math.nan, "not_finite"), ("NaN", math.nan, "not_finite"), ("#N/A", math.nan, "not_finite"),
    ("1_0", math.nan, "not_a_number"), ("١٢", math.nan, "not_a_number"), ("--1", math.nan, "not_a_number"), ("1e", math.nan, "not_a_number"),
    ("0x1F", math.nan, "not_a_number"), ("True", math.nan, "not_a_number"),
])
def test_what_counts_as_a_number(cell, value, remark):
    found, said = number(cell)
    assert said == remark
    assert found == value or (math.isnan(found) and math.isnan(value))


def test_numbers_that_may_be_meant():
    assert [number_meant(cell) for cell in ("12 %", "3万", "1.5亿", "1 200", "a lot", "")] == ["0.12", "30000", "150000000", "1200", "", ""]


def test_line_numbers_are_those_of_the_file(tmp_path):
    text = 'commodity,site,price,note\n\nore,a,1,"two\nlines"\n,,,\nore,b,2,"three\r\n\r\nlines"\nore,c,x,\n'
    problems = Problems()
    table = read(put(tmp_path, supply=text), problems).tables["supply"]
    assert list(table["_row"]) == [3, 6, 9]
    assert list(table["note"]) == ["two\nlines", "three\n\nlines", ""]
    assert [(problem.row, problem.rule) for problem in problems] == [(9, "not_a_number")]


def test_trailing_nameless_columns_of_spreadsheets_are_no_flaw(tmp_path):
    table = read_silently(put(tmp_path, sites="site,name_zh,,\na,甲,,\nb,乙,,\n")).tables["sites"]
    assert list(table["name_zh"]) == ["甲", "乙"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path, newline):
    table = read_silently(put(tmp_path, sites=newline.join(["site,name_zh", "a,甲", "b,乙", ""]))).tables["sites"]
    assert list(table["name_zh"]) == ["甲", "乙"]
    assert list(table["_row"]) == [2, 3]


def test_byte_order_mark_and_chinese_paths(tmp_path):
    folder = put(tmp_path / "川渝 数据" / "甲", sites="site,name_zh\n西彭,西彭\n".encode("utf-8-sig"))
    dataset = read_silently(folder)
    assert dataset.name == "甲"
    assert list(dataset.tables["sites"]["site"]) == ["西彭"]


def test_gb18030_is_recognised_and_reported_once(tmp_path):
    problems = Problems()
    dataset = read(put(tmp_path, sites="site,name_zh\nxipeng,西彭\nqijiang,綦江\n".encode("gb18030")), problems)
    assert list(dataset.tables["sites"]["name_zh"]) == ["西彭", "綦江"]
    assert [(problem.rule, problem.note, problem.file) for problem in problems] == [("encoding_gb18030", True, "sites.csv")]
    assert problems.errors == ()


def test_damaged_utf8_is_not_read_as_gb18030(tmp_path):
    """One broken byte: GB18030 would make other characters of the whole file and say nothing."""
    whole = "site,name_zh,note\nxipeng,西彭,工业园区铝加工\nqijiang,綦江,再生铝\n".encode()
    place = whole.index("綦".encode())
    problems = Problems()
    read(put(tmp_path, sites=whole[:place + 2] + whole[place + 3:]), problems)
    assert [(problem.rule, problem.row, problem.value) for problem in problems.errors] == [("damaged_text", 3, "e7")]
    marked = Problems()  # a byte order mark says UTF-8, whatever follows
    read(put(tmp_path, sites=b"\xef\xbb\xbf" + "site,name_zh\nxipeng,西彭\n".encode("gb18030")), marked)
    assert [(problem.rule, problem.row) for problem in marked.errors] == [("damaged_text", 2)]


@pytest.mark.parametrize("name", ["西彭", "璧北", "璧山", "联通", "泸州渝涪滃", "一"])
def test_names_whose_gb18030_bytes_look_like_utf8(tmp_path, name):
    problems = Problems()
    dataset = read(put(tmp_path, sites=f"site,name_zh\na,{name}县\nb,重庆\n".encode("gb18030")), problems)
    assert problems.errors == () and list(dataset.tables["sites"]["name_zh"]) == [f"{name}县", "重庆"]


def test_utf16_with_and_without_mark(tmp_path):
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        problems = Problems()
        read(put(tmp_path, sites="site\na\n".encode(encoding)), problems)
        assert [(problem.rule, problem.value, problem.suggestion) for problem in problems.errors] == [("not_text", "UTF-16", "UTF-8")]


@pytest.mark.parametrize("name", ["book.xls", "book.et", "book.ods", "sites.csv"])
def test_other_kinds_of_files_are_named(tmp_path, name):
    (tmp_path / name).write_text("site\na\n", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read(tmp_path / name, Problems())
    assert [(problem.rule, problem.value) for problem in refused.value.problems] == [("dataset_kind", str(tmp_path / name))]
    assert refused.value.code is ExitCode.FILES


def test_other_files_are_ignored(tmp_path):
    put(tmp_path, sites="site\na\n", **{".~hidden": "x", "._sites": "x"})
    for name in ("notes.txt", "sites.csv.bak", "old.xlsx", ".gitignore"):
        (tmp_path / name).write_text("whatever", encoding="utf-8")
    (tmp_path / "archive").mkdir()
    assert set(read_silently(tmp_path).tables) == {"sites"}


def test_nothing_there(tmp_path):
    with pytest.raises(Refusal) as refused:
        read(tmp_path / "nowhere", Problems())
    assert (refused.value.code, refused.value.problems[0].rule) == (ExitCode.FILES, "dataset_missing")
    problems = Problems()
    assert read(tmp_path, problems).tables == {}
    assert [problem.rule for problem in problems.errors] == ["no_tables"]


def test_a_folder_called_like_a_table_is_unreadable(tmp_path):
    (tmp_path / "sites.csv").mkdir()
    problems = Problems()
    read(tmp_path, problems)
    assert [(problem.rule, problem.file) for problem in problems.errors] == [("unreadable_file", "sites.csv")]


def test_nearest_names():
    assert nearest("西澎", ["西彭", "涪陵", "白涛"]) == "西彭"
    assert nearest("aluminia", ["alumina", "silicon"]) == "alumina"
    assert nearest("Smelt Xipeng", ["smelt_xipeng", "smelt_qijiang"]) == "smelt_xipeng"
    assert nearest("zzz", ["alumina"]) == ""
    assert nearest("yaer", ["base", "data", "title"]) == ""  # half of four letters agree by chance
    assert nearest("yaer", ["base", "year"]) == "year"
    assert (nearest("ne", ["zh", "en"]), nearest("tech", ["site", "technology"]), nearest("m1", ["m2"])) == ("en", "technology", "")


def test_sites_answer_to_all_their_names():
    sites = frame("sites", [{"site": "xipeng", "name_zh": "西彭", "name_en": "Xipeng Park"}, {"site": "b"}])
    aliases = site_aliases({"sites": sites})
    assert [find_site(name, aliases) for name in ("xipeng", "西彭", "xipeng park", "Ｘipeng")] == ["xipeng"] * 4
    assert [find_site(name, aliases) for name in ("none", "")] == ["", ""]


def core_of(**rows: list[dict[str, object]]) -> dict[str, pd.DataFrame]:
    return {name: frame(name, [{"_file": "plants.csv", "_row": 7, **row} for row in records]) for name, records in rows.items()}


def test_core_rows_made_by_expansion_pass_the_same_gate():
    core = core_of(
        supply=[{"commodity": "ore", "site": "a", "price": math.nan}, {"commodity": "ore", "site": "b", "price": math.inf},
                {"commodity": "ore", "site": "b", "price": 1.0}, {"commodity": "o{{", "site": "c", "price": 1.0, "max": 1e13}],
        option_effects=[{"option": "none", "unit": "mill", "site": "a", "per_size": 1.0}],
    )
    problems = Problems()
    check_core(core, problems)
    assert {(problem.rule, problem.file, problem.row, problem.column) for problem in problems.errors} == {
        ("blank_number", "plants.csv", 7, "supply.price"), ("not_finite", "plants.csv", 7, "supply.price"),
        ("duplicate_key", "plants.csv", 7, "supply.commodity, site, tier, period"), ("bad_id", "plants.csv", 7, "supply.commodity"),
        ("absurd_magnitude", "plants.csv", 7, "supply.max"), ("missing_table", "plants.csv", 7, "option_effects.option"),
    }


def test_convenience_tables_put_off_what_only_all_core_rows_can_tell(tmp_path, monkeypatch):
    """An effect of an option that an expansion will make is not judged before the expansion."""
    effects = "option,unit,site,per_size\nlater,mill,a,1\n"
    problems = Problems()
    read(put(tmp_path, option_effects=effects), problems)
    assert [problem.rule for problem in problems.errors] == ["missing_table"]
    monkeypatch.setattr("model.reading.checks.ALL_TABLES", {"option_effects": type("Spec", (), {"core": False})})
    read_silently(tmp_path)


def test_merged_tables_keep_types():
    table = merged({"sites": frame("sites", [{"site": "a"}])}, {"sites": frame("sites", [{"site": "b", "lat": 1.0, "lon": 2.0}])})["sites"]
    assert list(table["site"]) == ["a", "b"]
    assert table["lat"].dtype == "float64"


def test_every_sentence_has_two_languages_and_a_use():
    words = tomllib.loads((ROOT / "model" / "words" / "problems.toml").read_text(encoding="utf-8"))
    sources = [*(ROOT / "model").rglob("*.py"), *(ROOT / "maps").rglob("*.py"), ROOT / "run.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    families = tuple(re.findall(r'f"(?:problems\.)?(\w+_)\{', code))  # keys put together: solver_{status}
    for key, entry in words.items():
        assert set(entry) == {"zh", "en"}, key
        assert all(entry.values()), key
        own_words = re.sub(r"\{\w+\}", "", entry["zh"]).strip()
        assert not own_words or any("\u4e00" <= character <= "\u9fff" for character in own_words), key
        assert f'"{key}"' in code or f'problems.{key}"' in code or key.startswith(families), f"{key} is never used"


def test_every_rule_of_reading_and_scenarios_has_a_test():
    words = tomllib.loads((ROOT / "model" / "words" / "problems.toml").read_text(encoding="utf-8"))
    sources = [path for room in ("reading", "scenario") for path in (ROOT / "model" / room).glob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    tests = [path for pattern in ("test_bad_data", "test_reading*", "test_scenario*", "test_template", "test_saved_workbooks") for path in ROOT.glob(f"tests/{pattern}.py")]
    tested = "\n".join(path.read_text(encoding="utf-8") for path in tests)
    rules = {key for key in words if f'"{key}"' in code and key != "suggestion"}
    assert {rule for rule in rules if f'"{rule}"' not in tested} == set()


def test_reading_is_fast(tmp_path):
    """Sixty thousand lanes (some 3 MB) in well under the second that 6 MB may take; generous for a busy machine."""
    rows = "\n".join(f"goods,s{i % 250},t{i // 250},*,{i / 7:.6f},,,0.99,road,freight" for i in range(60000))
    put(tmp_path, lanes=f"commodity,from,to,period,unit_cost,fixed_cost,max_flow,delivered_share,mode,cost_class\n{rows}\n")
    start = time.process_time()
    assert len(read_silently(tmp_path).tables["lanes"]) == 60000
    assert time.process_time() - start < 3.0
