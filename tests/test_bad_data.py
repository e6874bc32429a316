"""One flaw at a time in a small sound dataset: which rule, which line, which column, which suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.problems import Problems, Refusal
from model.reading import read

WORLD = {
    "sites": """site,name_zh,name_en,kind,region,lat,lon
xipeng,西彭,Xipeng,park,chongqing,29.3,106.3
meishan,眉山,Meishan,park,sichuan,30.0,103.8
market,市场,Market,market,chongqing,,
""",
    "commodities": "commodity,balance\nalumina,free\nmetal,exact\n",
    "periods": """period,stage,branch,order,length,weight,probability
dry,y1,normal,1,0.5,1,1
wet,y1,normal,2,0.5,1,1
""",
    "recipes": "technology,site,commodity,quantity\nsmelt,*,alumina,-1.93\nsmelt,*,metal,1\n",
    "tech_sites": "technology,site,period,variable_cost,min_activity,max_activity\nsmelt,xipeng,*,100,,\n",
    "capacity_use": "technology,unit,use\nsmelt,line,1\n",
    "capacity": "unit,site,period,amount\nline,xipeng,*,80\nline,xipeng,*,20\n",
    "options": """option,site,period,fixed_cost,variable_cost,min_size,max_size,forced
more,xipeng,*,,5,,50,
new,meishan,*,3,5,,50,1
""",
    "option_effects": "option,unit,site,per_open,per_size\nmore,line,xipeng,,1\nnew,line,meishan,,1\n",
    "lanes": "commodity,from,to,period,unit_cost,fixed_cost,max_flow,delivered_share\nmetal,xipeng,market,*,0.2,,,1\n",
    "supply": "commodity,site,period,tier,price,min,max\nalumina,xipeng,*,a,3,,\nalumina,xipeng,*,b,4,,90\n",
    "demand": """commodity,site,period,min,max,price,single_source,shortage_price,segment
metal,market,*,10,20,15,,,cable
""",
    "indicators": """indicator,name_zh,name_en,unit,min,max,price,scope,per
carbon,碳,carbon,kt,,900,,stage,
intensity,强度,intensity,t/t,,,,stage,carbon
""",
    "indicator_terms": """indicator,kind,a,b,c,d,period,coefficient
carbon,activity,smelt,*,,,*,1.5
intensity,flow,metal,xipeng,market,,*,1
""",
    "expected": "objective\n12.5\n",
}


def write(folder: Path, tables: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def problems_of(folder: Path) -> Problems:
    problems = Problems()
    read(folder, problems)
    return problems


def shown(problems: Problems) -> list[str]:
    return [problem.text("en") for problem in problems]


def test_the_sound_world_is_silent(tmp_path):
    assert shown(problems_of(write(tmp_path, WORLD))) == []


# rule, table, text replaced, replacement, line, column, suggestion
CELLS = [
    ("unknown_column", "sites", "region", "regoin", 1, "regoin", "region"),
    ("unknown_column", "sites", "kind", "color", 1, "color", ""),
    ("missing_column", "supply", "price", "source", 1, "price", ""),
    ("duplicated_column", "sites", "lat,lon", "lat,lat", 1, "lat", ""),
    ("unnamed_column", "capacity_use", "technology,unit,use\nsmelt,line,1", "technology,unit,use,\nsmelt,line,1,2", 2, "", ""),
    ("ragged_row", "recipes", "smelt,*,metal,1", "smelt,*,metal,1,0", 3, "", ""),
    ("ragged_row", "recipes", "smelt,*,metal,1", "smelt,*,metal", 3, "", ""),
    ("blank_cell", "recipes", "smelt,*,metal", ",*,metal", 3, "technology", ""),
    ("blank_number", "tech_sites", "*,100", "*,", 2, "variable_cost", ""),
    ("blank_number", "capacity", "*,20", "*,  ", 3, "amount", ""),
    ("not_a_number", "tech_sites", "100", "abc", 2, "variable_cost", ""),
    ("not_a_number", "tech_sites", "100", "1_000", 2, "variable_cost", ""),
    ("not_a_number", "tech_sites", "100", "1 000", 2, "variable_cost", "1000"),
    ("not_a_number", "tech_sites", "100", "12%", 2, "variable_cost", "0.12"),
    ("not_a_number", "tech_sites", "100", "3万", 2, "variable_cost", "30000"),
    ("not_a_number", "tech_sites", "100", '"1,5"', 2, "variable_cost", ""),
    ("not_a_number", "tech_sites", "100", "0x10", 2, "variable_cost", ""),
    ("not_finite", "tech_sites", "100", "nan", 2, "variable_cost", ""),
    ("not_finite", "tech_sites", "100", "-Inf", 2, "variable_cost", ""),
    ("not_finite", "tech_sites", "100", "1e400", 2, "variable_cost", ""),
    ("absurd_magnitude", "tech_sites", "100", "2e12", 2, "variable_cost", ""),
    ("absurd_magnitude", "lanes", ",0.2,,,1", ",0.2,,1e20,1", 2, "max_flow", ""),
    ("too_low", "capacity", "80", "-80", 2, "amount", ""),
    ("too_high", "lanes", ",0.2,,,1", ",0.2,,,1.2", 2, "delivered_share", ""),
    ("not_a_latitude", "sites", "29.3", "129.3", 2, "lat", ""),
    ("not_yes_or_no", "options", "50,1", "50,0.5", 3, "forced", ""),
    ("bad_choice", "commodities", "free", "fre", 2, "balance", "free"),
    ("bad_id", "commodities", "metal,exact", "metal{{x}},exact", 3, "commodity", "metalx"),
    ("bad_id", "commodities", "metal,exact", "m${a},exact", 3, "commodity", "ma}"),
    ("bad_id", "commodities", "metal,exact", "met\x07al,exact", 3, "commodity", "metal"),
    ("bad_id", "commodities", "metal,exact", "metal ,exact", 3, "commodity", "metal"),
    ("bad_id", "commodities", "metal,exact", "me\u200btal,exact", 3, "commodity", "metal"),
    ("bad_text", "sites", "西彭", "西\x08彭", 2, "name_zh", ""),
    ("no_wildcard", "tech_sites", "smelt,xipeng", "smelt,*", 2, "site", ""),
    ("duplicate_key", "supply", "xipeng,*,b", "xipeng,*,a", 3, "commodity, site, tier, period", ""),
    ("duplicate_key", "commodities", "metal", "alumina", 3, "commodity", ""),
    ("unknown_reference", "lanes", "metal,xipeng", "metal,xipang", 2, "from", "xipeng"),
    ("unknown_reference", "lanes", "metal,xipeng", "metal,西彭", 2, "from", "xipeng"),
    ("unknown_reference", "lanes", "metal,xipeng", "metal,西澎", 2, "from", "xipeng"),
    ("unknown_reference", "supply", "alumina,xipeng,*,a", "aluminia,xipeng,*,a", 2, "commodity", "alumina"),
    ("unknown_reference", "option_effects", "new,line", "nwe,line", 3, "option", "new"),
    ("unknown_reference", "indicators", "stage,carbon", "stage,carbn", 3, "per", "carbon"),
    ("unknown_period", "demand", "market,*", "market,wte", 2, "period", "wet"),
    ("unknown_period", "demand", "market,*", "market,all", 2, "period", ""),
    ("floor_above_ceiling", "demand", "10,20", "30,20", 2, "min", ""),
    ("floor_above_ceiling", "indicators", "kt,,900", "kt,950,900", 2, "min", ""),
    ("fixed_lane_without_bound", "lanes", "0.2,,,", "0.2,7,,", 2, "max_flow", ""),
    ("money_pump", "supply", "a,3,,", "a,-3,,", 2, "price", ""),
    ("money_pump", "tech_sites", "100", "-100", 2, "variable_cost", ""),
    ("money_pump", "lanes", "0.2,,,", "-0.2,,,", 2, "unit_cost", ""),
    ("half_a_point", "sites", "30.0,103.8", "30.0,", 3, "lat", ""),
    ("single_source_amount", "demand", "10,20,15,", "10,20,15,1", 2, "min", ""),
    ("single_source_amount", "demand", "10,20,15,", "0,0,15,1", 2, "min", ""),
    ("single_source_shortage", "demand", "10,20,15,,", "20,20,15,1,99", 2, "shortage_price", ""),
    ("expected_one_row", "expected", "12.5\n", "12.5\n13\n", 0, "objective", ""),
    ("lengths_sum", "periods", "wet,y1,normal,2,0.5", "wet,y1,normal,2,0.4", 2, "length", ""),
    ("probabilities_sum", "periods", ",1,1\n", ",1,0.7\n", 2, "probability", ""),
    ("probability_differs", "periods", "2,0.5,1,1", "2,0.5,1,0.4", 2, "probability", ""),
    ("period_named_like_stage", "periods", "wet,y1", "y1,y1", 3, "period", ""),
    ("option_in_period", "options", "new,meishan,*", "new,meishan,wet", 3, "period", ""),
    ("forced_without_yes_no", "options", "*,,5,,50,", "*,,5,,50,1", 2, "forced", ""),
    ("yes_no_without_bound", "options", "3,5,,50,1", "3,5,,,1", 3, "max_size", ""),
    ("ratio_with_price", "indicators", "t/t,,,,", "t/t,,,2,", 3, "price", ""),
    ("ratio_of_ratio", "indicators", "stage,carbon", "stage,intensity", 3, "per", ""),
    ("term_column_unused", "indicator_terms", "smelt,*,,,", "smelt,*,metal,,", 2, "c", ""),
    ("unknown_in_term", "indicator_terms", "activity,smelt", "activity,smlet", 2, "a", "smelt"),
    ("unknown_in_term", "indicator_terms", "metal,xipeng", "metal,西澎", 3, "b", "xipeng"),
    ("bad_choice", "indicator_terms", "activity", "actvity", 2, "kind", "activity"),
]


@pytest.mark.parametrize(("rule", "table", "old", "new", "line", "column", "suggestion"), CELLS)
def test_one_flaw_is_located(tmp_path, rule, table, old, new, line, column, suggestion):
    assert old in WORLD[table]
    problems = problems_of(write(tmp_path, {**WORLD, table: WORLD[table].replace(old, new)}))
    found = [problem for problem in problems.errors if problem.rule == rule]
    assert found, shown(problems)
    first = found[0]
    assert (first.file, first.row, first.column, first.suggestion) == (f"{table}.csv", line, column, suggestion)
    assert all(problem.text(language) for problem in problems for language in ("zh", "en"))


NOTES = [
    ("repaired_blanks", "tech_sites", "100", " 100 ", 2, "variable_cost"),
    ("repaired_blanks", "sites", "西彭", "西彭\u3000", 2, "name_zh"),
    ("repaired_digits", "tech_sites", "100", "１００．５", 2, "variable_cost"),
    ("repaired_thousands", "tech_sites", "100", '"1,234.5"', 2, "variable_cost"),
    ("repaired_header", "tech_sites", "variable_cost", " variable_cost", 1, ""),
    ("technology_never_permitted", "capacity_use", "smelt,line,1", "smelt,line,1\nsmlet,line,1", 3, "technology"),
    ("technology_without_recipe", "tech_sites", "smelt,xipeng,*,100,,", "smelt,xipeng,*,100,,\ncast,xipeng,*,1,,", 3, "technology"),
    ("unit_without_capacity", "capacity_use", "smelt,line,1", "smelt,line,1\nsmelt,crane,1", 3, "unit"),
    ("unit_never_used", "capacity", "line,xipeng,*,20", "lime,xipeng,*,20", 3, "unit"),
    ("unknown_in_term", "indicator_terms", "xipeng,market,,", "xipeng,market,barge,", 3, "d"),
]


@pytest.mark.parametrize(("rule", "table", "old", "new", "line", "column"), NOTES)
def test_remarks_do_not_stop(tmp_path, rule, table, old, new, line, column):
    problems = problems_of(write(tmp_path, {**WORLD, table: WORLD[table].replace(old, new)}))
    assert problems.errors == ()
    assert [(note.rule, note.file, note.row, note.column) for note in problems.notes] == [(rule, f"{table}.csv", line, column)]


WHOLE_FILES = [
    ("unknown_table", "suply", b"a,b\n1,2\n", 0, "supply"),
    ("empty_file", "stocks", b"", 0, ""),
    ("empty_file", "stocks", b" , \n\n", 0, ""),
    ("no_header", "stocks", b"metal,market,5,1,\n", 1, ""),
    ("wrong_separator", "stocks", b"commodity;site;capacity;holding_cost\nmetal;market;5;1\n", 1, ""),
    ("not_text", "stocks", "commodity,site".encode("utf-16"), 1, "UTF-8"),
    ("not_text", "stocks", b"commodity,site\nmetal\xff\xff,market\n", 2, ""),
    ("bad_csv", "stocks", b'commodity,site,holding_cost\nmetal,market,1\nmetal,"market,1\n', 3, ""),
    ("missing_table", "basket_demand", b"basket,site,min\nb1,market,1\n", 2, ""),
]


@pytest.mark.parametrize(("rule", "name", "content", "line", "suggestion"), WHOLE_FILES)
def test_flawed_files_are_named(tmp_path, rule, name, content, line, suggestion):
    write(tmp_path, WORLD)
    (tmp_path / f"{name}.csv").write_bytes(content)
    found = problems_of(tmp_path).errors
    assert [(problem.rule, problem.file, problem.row, problem.suggestion) for problem in found] == [(rule, f"{name}.csv", line, suggestion)]


def test_single_source_allows_one_row_per_place_and_period(tmp_path):
    rows = "metal,market,*,10,10,15,1,,\nmetal,market,*,5,9,15,,,tubes\n"
    header = WORLD["demand"].splitlines()[0]
    found = problems_of(write(tmp_path, {**WORLD, "demand": f"{header}\n{rows}"})).errors
    assert [(problem.rule, problem.row) for problem in found] == [("single_source_rows", 2)]


def test_points_of_a_stage_without_a_decision_are_refused(tmp_path):
    """The option may be decided in the first stage only; points of the second would never be used."""
    tables = {
        **WORLD, "periods": "period,stage\nall,all\nlate,later\n", "options": "option,period\nnew,*\n",
        "option_points": "option,period,point,size,cost\nnew,all,small,10,40\nnew,later,big,50,120\n",
    }
    found = [problem for problem in problems_of(write(tmp_path, tables)).errors if problem.rule == "points_without_decision"]
    assert [(problem.file, problem.row, problem.column, problem.value) for problem in found] == [("option_points.csv", 3, "period", "later")]


def test_points_replace_costs(tmp_path):
    points = "option,period,point,size,cost\nnew,*,small,10,40\nnew,*,big,50,120\n"
    found = problems_of(write(tmp_path, {**WORLD, "option_points": points})).errors
    assert [(problem.rule, problem.row, problem.column) for problem in found] == [
        ("points_and_costs", 3, "fixed_cost"), ("points_and_costs", 3, "max_size"), ("points_and_costs", 3, "variable_cost"),
    ]


def test_a_term_on_any_open_makes_every_option_a_yes_no(tmp_path):
    terms = WORLD["indicator_terms"] + "carbon,open,,,,,*,1\n"
    options = WORLD["options"].replace("*,,5,,50,", "*,,5,,50,1")
    assert shown(problems_of(write(tmp_path, {**WORLD, "indicator_terms": terms, "options": options}))) == []


def test_full_width_twins_are_one_key(tmp_path):
    found = problems_of(write(tmp_path, {**WORLD, "commodities": "commodity\nalumina\nmetal\nＡ\nA\n"})).errors
    assert [(problem.rule, problem.row) for problem in found] == [("duplicate_key", 5)]


def test_sums_of_rounded_lengths_may_miss_one_by_a_millionth(tmp_path):
    thirds = "period,stage,length\na,y1,0.3333333\nb,y1,0.3333333\nc,y1,0.3333333\n"
    assert problems_of(write(tmp_path, {**WORLD, "periods": thirds})).errors == ()


def test_a_stage_may_share_the_name_of_its_only_period(tmp_path):
    assert problems_of(write(tmp_path, {**WORLD, "periods": "period,stage\n2027,2027\n2030,2030\n"})).errors == ()


def test_without_periods_only_star_and_all_are_periods(tmp_path):
    tables = {name: text for name, text in WORLD.items() if name != "periods"}
    tables["capacity"] = "unit,site,period,amount\nline,xipeng,all,80\nline,xipeng,wet,20\n"
    found = problems_of(write(tmp_path, tables)).errors
    assert [(problem.rule, problem.row, problem.value) for problem in found] == [("unknown_period", 3, "wet")]


def test_all_problems_in_one_pass(tmp_path):
    """Ten files, ten flaws, ten rules: each is there after one reading, sorted by place."""
    rules = {"too_high", "bad_choice", "lengths_sum", "not_a_number", "duplicate_key", "unknown_reference", "floor_above_ceiling", "ratio_with_price"}
    chosen = [case for case in CELLS if case[0] in rules]
    tables = dict(WORLD)
    expected: set[tuple[str, str, int]] = set()
    for rule, table, old, new, line, _, _ in chosen:
        if tables[table] == WORLD[table]:
            tables[table] = WORLD[table].replace(old, new)
            expected.add((rule, f"{table}.csv", line))
    assert len(expected) >= 8
    write(tmp_path, tables)
    (tmp_path / "lnaes.csv").write_text("x\n1\n", encoding="utf-8")
    found = problems_of(tmp_path).errors
    assert {(problem.rule, problem.file, problem.row) for problem in found} >= {*expected, ("unknown_table", "lnaes.csv", 0)}
    assert list(found) == sorted(found)


def test_one_bad_cell_gives_one_problem(tmp_path):
    """A faulty cell is not reported again by the rules that would have used it."""
    for table, old, new in (("periods", "2,0.5", "2,half"), ("demand", "10,20", "10,x"), ("capacity", "80", "")):
        folder = write(tmp_path / table, {**WORLD, table: WORLD[table].replace(old, new)})
        assert len(problems_of(folder).errors) == 1


def sentences(problems: Problems) -> list[str]:
    return [problem.text(language) for problem in problems for language in ("zh", "en")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(["sites", "periods", "demand", "indicator_terms", "options"]), content=st.binary(max_size=300), keep=st.integers(0, 120))
def test_garbage_is_reported_never_raised(tmp_path, name, content, keep):
    write(tmp_path, WORLD)
    (tmp_path / f"{name}.csv").write_bytes(WORLD[name].encode()[:keep] + content)
    problems = Problems()
    try:
        read(tmp_path, problems)
    except Refusal as refusal:
        problems.extend(refusal.problems)
    sentences(problems)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.lists(st.text(max_size=6), min_size=4, max_size=4), max_size=5))
def test_any_cells_under_a_good_header_are_reported_never_raised(tmp_path, cells):
    rows = [",".join('"' + cell.replace('"', '""').encode("utf-8", "replace").decode() + '"' for cell in row) for row in cells]
    write(tmp_path, {**WORLD, "recipes": "\n".join(["technology,site,commodity,quantity", *rows]) + "\n"})
    sentences(problems_of(tmp_path))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400), zipped=st.booleans())
def test_garbage_workbooks_are_reported_never_raised(tmp_path, content, zipped):
    book = tmp_path / "book.xlsx"
    book.write_bytes((b"PK\x03\x04" if zipped else b"") + content)
    problems = problems_of(book)
    assert [problem.rule for problem in problems.errors] == ["unreadable_file"]
