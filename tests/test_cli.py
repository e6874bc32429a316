"""The command line: exit codes, one-line refusals, languages and consoles, and what happens to the result folder."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import tomllib

import pytest
from runs import MEXSS, ROOT, TRNSPORT, command_line, dataset, process

from maps import publish
from model.arguments import parser

run = command_line()
TWO_TONNES = {"supply": "commodity site price\nore mine 3", "lanes": "commodity from to unit_cost\nore mine mill 1", "demand": "commodity site min max price\nore mill 2 2 0"}
IMPOSSIBLE = TWO_TONNES | {"supply": "commodity site price max\nore mine 3 1.5"}
ENDLESS = {"supply": "commodity site price\nore mine 3", "demand": "commodity site min price\nore mine 0 4"}


def solve(folder, out, *more):
    return run.main(["solve", "--data", str(folder), "--out", str(out), "--lang", "en", *more])


def neighbours(folder):
    return sorted(path.name for path in folder.iterdir())


def test_help_loads_nothing_heavy():
    program = "import runpy, sys\nsys.argv = ['run.py', '--help']\ntry:\n runpy.run_path('run.py', run_name='__main__')\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    done = process(program=("-c", program))
    names = done.stderr.decode().split()
    assert not {name.split(".")[0] for name in names} & {"pandas", "numpy", "pyomo", "highspy", "folium", "xarray", "maps"}
    assert [name for name in names if name.startswith("model")] == ["model", "model.arguments"]


def test_help_answers_at_once():
    def seconds(*program):
        start = time.perf_counter()
        process(program=program)
        return time.perf_counter() - start

    pairs = [(seconds("run.py", "--help"), seconds("-c", "pass")) for _ in range(5)]
    assert statistics.median(helped for helped, _ in pairs) <= 5 * statistics.median(bare for _, bare in pairs)


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as ended:
        run.main(["--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in run.COMMANDS)


def test_packages_are_those_the_project_declares():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = [text.split(">")[0].split("=")[0].lower() for text in declared]
    assert sorted(name.replace("xstatic-", "xstatic.pkg.") for name in names) == sorted(run.PACKAGES)
    assert run.missing_packages() == []


def test_without_packages_one_line_names_the_command():
    done = process(program=("-I", "-S", "run.py"))
    lines = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (2, b"", 1)
    assert 'python -m pip install -e "."' in lines[0] and "pandas" in lines[0] and "folium" in lines[0]


def test_one_missing_package_is_named(tmp_path):
    blocker = "import sys\nclass No:\n def find_spec(self, name, *more):\n  if name == 'folium': raise ModuleNotFoundError(name=name)\nsys.meta_path.insert(0, No())"
    (tmp_path / "sitecustomize.py").write_text(blocker, encoding="utf-8")
    done = process("solve", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().strip() == '缺少软件包 folium;请先运行 | missing packages folium; first run: python -m pip install -e "."'


@pytest.mark.parametrize(
    "arguments",
    [["slove"], ["scenarios/base.toml"], ["solve", "--dta", "x"], ["solve", "--mip-gap", "much"], ["check", "--out", "x"], ["--lang", "fr"], ["template"]],
    ids=" ".join,
)
def test_wrong_usage_is_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        run.main(arguments)
    assert ended.value.code == 2
    assert "usage: run.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "said"),
    [(["--mip-gap", "5"], "mip_gap: 5.0 is not within 0 to 1"), (["--time-limit", "nan"], "time_limit: this must be a number within 1e12, not 'nan'")],
    ids=["range", "nan"],
)
def test_solver_options_out_of_range_are_2(option, said, tmp_path, capsys):
    assert solve(TRNSPORT, tmp_path / "out", *option) == 2
    assert said in capsys.readouterr().err
    assert neighbours(tmp_path) == []


@pytest.mark.parametrize(
    ("given", "meant"),
    [([], ["solve"]), (["--lang", "en"], ["solve", "--lang", "en"]), (["--out", "x"], ["solve", "--out", "x"]), (["check"], ["check"]), (["-h"], ["-h"])],
    ids=str,
)
def test_without_a_command_it_solves(given, meant):
    assert run.spelled_out(given) == meant


def test_the_bare_command_solves_the_base_into_its_place(monkeypatch):
    seen = {}
    monkeypatch.setitem(run.COMMANDS, "solve", lambda parsed, language: seen.update(vars(parsed)) or 0)
    assert run.main([]) == 0
    assert (seen["scenario"], seen["data"], seen["out"]) == (None, None, None)


@pytest.mark.parametrize("given", [["--lang", "en", "check"], ["check", "--lang", "en"]], ids=str)
def test_the_language_may_stand_before_or_after_the_command(given, monkeypatch):
    heard = []
    monkeypatch.setitem(run.COMMANDS, "check", lambda parsed, language: heard.append(language) or 0)
    run.main(given)
    assert heard == ["en"]


@pytest.mark.parametrize(
    ("locale", "language"), [("zh_CN.UTF-8", "zh"), ("en_GB.UTF-8", "en"), ("English_United States.1252", "en"), ("C.UTF-8", "zh"), ("C", "zh")], ids=str
)
def test_the_language_follows_the_locale_and_is_chinese_where_unknown(locale, language, monkeypatch):
    monkeypatch.setattr(run.locale, "setlocale", lambda category: locale)
    assert run.language_of(parser().parse_args(["check"])) == language


def test_published_optimum_of_the_transport_problem(tmp_path, capsys):
    assert solve(TRNSPORT, tmp_path / "out") == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["objective"] == pytest.approx(153.675, rel=1e-6)
    assert neighbours(tmp_path) == ["out"]  # --out is the run folder itself, and nothing else is left
    assert {"report.html", "results.xlsx", "results.nc", "run.json", "scenario.resolved.toml", "tables", "case"} <= set(neighbours(tmp_path / "out"))
    printed = capsys.readouterr()
    assert "objective 153.675, checked independently" in printed.out and printed.err == ""
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "L.map(" not in report  # no site has a place, so there is no map


def test_published_optimum_of_mexican_steel(tmp_path):
    assert solve(MEXSS, tmp_path / "out") == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["objective"] == pytest.approx(538.8112, rel=1e-6)
    assert summary["expected"]["relative_difference"] < 1e-6


def test_check_is_silent_on_the_shipped_dataset():
    done = process("check")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_every_problem_is_told_in_one_pass_with_its_place(tmp_path, capsys):
    texts = {
        "supply": "commodity site price max\nore mine dear 10", "lanes": "commodity from to unit_costs\nore mine mill 1",
        "demand": "commodity site min max price\nore mill 5 2 0\nore mill 1 2 0",
    }
    assert run.main(["check", "--data", str(dataset(tmp_path / "data", **texts)), "--lang", "en"]) == 3
    lines = capsys.readouterr().err.splitlines()
    starts = ("supply.csv:2:price: 'dear'", "lanes.csv:1:unit_costs: ", "demand.csv:2:min: the floor 5", "demand.csv:3")
    assert all(any(line.startswith(start) for line in lines) for start in starts), lines
    assert any("did you mean: unit_cost" in line for line in lines)


def test_infeasible_is_4_and_says_what_would_help(tmp_path, capsys):
    assert solve(dataset(tmp_path / "data", **IMPOSSIBLE), tmp_path / "out") == 4
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "the scenario has no solution: the following cannot all hold."
    assert lines[1] == "the smallest change that would help: require 0.5 less ore at mill (all users, the whole year)."
    assert neighbours(tmp_path) == ["data"]


def test_an_endless_profit_is_5(tmp_path, capsys):
    assert solve(dataset(tmp_path / "data", **ENDLESS), tmp_path / "out") == 5
    assert "without limit" in capsys.readouterr().err
    assert neighbours(tmp_path) == ["data"]


def test_a_time_limit_without_a_proved_plan_is_5(tmp_path, capsys):
    assert run.main(["solve", "--out", str(tmp_path / "out"), "--time-limit", "0.001", "--lang", "en"]) == 5
    assert "reached its limit" in capsys.readouterr().err
    assert neighbours(tmp_path) == []


@pytest.mark.parametrize("given", [["solve", "nowhere"], ["solve", "old/base.toml"], ["check", "--data", "nowhere"]], ids=" ".join)
def test_what_is_not_there_is_6(given, capsys):
    assert run.main([*given, "--lang", "en"]) == 6
    assert "there is no" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["solve"], ["study"], ["check", "--data"], ["prices"], ["verify"], ["history"]], ids=" ".join)
def test_a_name_that_is_too_long_is_6_and_cut(given, capsys):
    """As a sentence pasted in the place of a name; a system that only says that there is no such file is as good."""
    assert run.main([*given, "名" * 3000, "--lang", "en"]) == 6
    said = capsys.readouterr().err
    assert "Traceback" not in said and "名" * 80 in said


def test_a_study_that_is_not_there_is_told_with_those_that_are(capsys):
    assert run.main(["study", "near_optimal", "--lang", "en"]) == 6
    said = capsys.readouterr().err
    assert "there is no study file 'near_optimal'" in said and "near_optimal_plans" in said


def test_a_folder_of_somebody_else_is_refused_and_untouched(tmp_path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert solve(TRNSPORT, tmp_path / "out") == 6
    assert str(tmp_path / "out") in capsys.readouterr().err
    assert neighbours(tmp_path / "out") == ["thesis.txt"]


@pytest.mark.parametrize("command", [("solve", "--data", str(TRNSPORT)), ("compare", str(TRNSPORT), str(TRNSPORT))])
def test_a_place_inside_a_file_is_told_before_anything_is_solved(command, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert command_line().main([*command, "--out", str(tmp_path / "file" / "a" / "b"), "--lang", "en"]) == 6
    told = capsys.readouterr()
    assert "Not a directory" in told.err and str(tmp_path / "file" / "a" / "b") in told.err and told.out == ""


def test_a_place_that_cannot_be_written_is_6_and_named(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert solve(TRNSPORT, tmp_path / "file" / "out") == 6
    assert f"cannot write {tmp_path / 'file' / 'out'}: " in capsys.readouterr().err


def test_a_good_run_survives_a_bad_one_and_is_replaced_by_a_good_one(tmp_path, monkeypatch, capsys):
    out, before = tmp_path / "out", {}
    monkeypatch.setattr(publish, "write", lambda solved, folder, office, language: before.update(there=neighbours(out) if out.exists() else []) or [])
    assert solve(TRNSPORT, out) == 0
    good = (out / "summary.json").read_text(encoding="utf-8")
    assert solve(dataset(tmp_path / "data", **IMPOSSIBLE), out) == 4
    assert (out / "summary.json").read_text(encoding="utf-8") == good
    (out / "mine.txt").write_text("a note", encoding="utf-8")
    assert solve(dataset(tmp_path / "data", **TWO_TONNES), out) == 0
    assert "mine.txt" in before["there"]  # while the new one was written the old one still stood
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["objective"] == pytest.approx(2 * (3 + 1))
    assert "mine.txt" not in neighbours(out)
    assert neighbours(tmp_path) == ["data", "out"]


@pytest.mark.parametrize(("fault", "code"), [(OSError(28, "No space left on device"), 6), (KeyboardInterrupt(), 130)], ids=["full", "ctrl-c"])
def test_a_run_that_stops_while_writing_leaves_nothing_but_the_old_one(fault, code, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(publish, "write", lambda solved, folder, office, language: [])
    assert solve(TRNSPORT, tmp_path / "out") == 0

    def stop(solved, folder, office, language):
        raise fault

    monkeypatch.setattr(publish, "write", stop)
    assert solve(dataset(tmp_path / "data", **TWO_TONNES), tmp_path / "out") == code
    assert neighbours(tmp_path) == ["data", "out"]
    assert json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["objective"] == pytest.approx(153.675)
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named_under_its_real_place(tmp_path, monkeypatch, capsys):
    def stop(solved, folder, office, language):
        raise PermissionError(13, "Permission denied", str(folder / "report.html"))

    monkeypatch.setattr(publish, "write", stop)
    assert solve(TRNSPORT, tmp_path / "out") == 6
    assert f"cannot write {tmp_path / 'out' / 'report.html'}: Permission denied" in capsys.readouterr().err


def test_a_fault_of_the_program_is_7():
    program = (
        "import runpy, sys, model.opening\ndef fault(*all): return 1 / 0\nmodel.opening.open_scenario = fault\n"
        "sys.argv = ['run.py']\nrunpy.run_path('run.py', run_name='__main__')"
    )
    done = process(program=("-c", program))
    assert done.returncode == 7
    assert b"ZeroDivisionError" in done.stderr and "a fault of the program itself" in done.stderr.decode()


def test_a_gbk_console_does_not_make_it_crash(tmp_path):
    folder = dataset(tmp_path / "数据", **TWO_TONNES | {"demand": "commodity site min max price\nore ☃ф铝 2 2 0"})
    done = process("solve", "--data", folder, "--out", tmp_path / "结果", "--lang", "zh", PYTHONIOENCODING="gbk")
    assert done.returncode == 4 and b"Traceback" not in done.stderr
    assert "?ф铝的ore需求".encode("gbk") in done.stderr


def test_help_shows_on_an_ascii_console():
    assert process("--help", PYTHONIOENCODING="ascii").returncode == 0


def test_chinese_paths_with_blanks(tmp_path, capsys):
    folder, out = dataset(tmp_path / "川渝 数据 (1)", **TWO_TONNES), tmp_path / "结果 文件夹" / "基准 情景"
    assert run.main(["solve", "--data", str(folder), "--out", str(out), "--lang", "zh"]) == 0
    assert (out / "report.html").is_file() and neighbours(out.parent) == ["基准 情景"]
    assert f"结果在 {out}" in capsys.readouterr().out


def test_ids_may_look_like_anything(tmp_path):
    texts = {
        "supply": "commodity | site | price\niron <= | dig@m1 | 3", "lanes": "commodity | from | to | unit_cost\niron <= | dig@m1 | region:r1 | 1",
        "recipes": "technology | commodity | quantity\nmelt*2 | iron <= | -2\nmelt*2 | 铁 & <b>ore</b> | 1", "tech_sites": "technology | site | variable_cost\nmelt*2 | region:r1 | 5",
        "capacity_use": "technology | unit | use\nmelt*2 | oven #1 | 1", "options": "option | variable_cost | max_size\nopen w1 | 7 | 9",
        "option_effects": "option | unit | site | per_size\nopen w1 | oven #1 | region:r1 | 1", "demand": "commodity | site | min | max | price\n铁 & <b>ore</b> | region:r1 | 2 | 2 | 0",
        "indicators": "indicator | unit\nCO2 [t/a] | t", "indicator_terms": "indicator | kind | a | coefficient\nCO2 [t/a] | size | open w1 | 1",
    }
    assert solve(dataset(tmp_path / "data", **texts), tmp_path / "out") == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    # 4 of ore at 3 + 1, 2 of work at 5 and 2 of oven at 7
    assert summary["objective"] == pytest.approx(4 * 4 + 2 * 5 + 2 * 7)
    assert summary["indicators"]["CO2 [t/a]"] == {"horizon": pytest.approx(2.0)}


def test_template_writes_a_workbook_that_solves(tmp_path, capsys):
    assert run.main(["template", str(tmp_path / "book.xlsx"), "--data", str(TRNSPORT), "--lang", "en"]) == 0
    assert str(tmp_path / "book.xlsx") in capsys.readouterr().out
    assert run.main(["check", "--data", str(tmp_path / "book.xlsx")]) == 0


def test_a_reader_that_stops_reading_is_no_fault(tmp_path):
    """As in ``run.py … | head -1``: what is left to print goes nowhere, quietly."""
    arguments = [sys.executable, str(ROOT / "run.py"), "solve", "--data", str(TRNSPORT), "--out", str(tmp_path / "out"), "--lang", "en"]
    running = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.readline()
    running.stdout.close()
    told = running.stderr.read().decode()
    running.stderr.close()
    assert running.wait(120) == run.CUT_SHORT and told == ""
