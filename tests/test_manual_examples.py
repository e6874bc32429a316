"""The examples of the manual: they solve to the optimum that the page works out, and mistakes get the messages it states."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from runs import ROOT, command_line

from model import words
from model.explore import hedging
from model.manual import tables
from model.opening import open_scenario

run = command_line()
PAGE = {language: tables(language) for language in words.LANGUAGES}
LANGUAGES = pytest.mark.parametrize("language", words.LANGUAGES)
OPTIMA = (-3480.0, -3480.0, 1650.0)  # the cement company, the same with limits, the town; worked out in the page


def examples(language: str) -> list[dict[str, str]]:
    """The CSV files of the page, one dict per heading that has some."""
    found: list[dict[str, str]] = []
    for part in re.split(r"^##+ ", PAGE[language], flags=re.M):
        names: list[str] = []
        files = {}
        for name, block in re.findall(r"\*\*(\w+)\.csv\*\*|```csv\n(.*?)```", part, flags=re.S):
            if name:
                names.append(name)
            else:
                files[names.pop(0)] = block
        assert not names
        found += [files] if files else []
    return found


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


CEMENT, LIMIT, TOWN = examples("en")  # the other page has the same files, see above


def test_the_examples_have_the_optimum_that_the_page_works_out(tmp_path, capsys):
    bare = {name: text for name, text in CEMENT.items() if not name.startswith("indicator")}
    assert set(LIMIT) == {"limits", "limit_terms"}
    for number, (files, optimum) in enumerate(zip((CEMENT, bare | LIMIT, TOWN), OPTIMA, strict=True)):
        data = written(tmp_path / f"case{number}", files)
        assert run.main(["solve", "--data", str(data), "--out", str(tmp_path / f"out{number}"), "--mip-gap", "1e-8"]) == 0
        assert json.loads((tmp_path / f"out{number}" / "summary.json").read_text(encoding="utf-8"))["objective"] == pytest.approx(optimum, rel=1e-6)
        assert all(f"**{optimum:.0f}**".replace("-", "−") in PAGE[language] for language in words.LANGUAGES)
        assert float(files["expected"].split()[1]) == optimum
    assert capsys.readouterr().err == ""
    assert price(tmp_path / "out0", "indicator_ceiling", "co2,all") == pytest.approx(-16 / 0.6)
    assert price(tmp_path / "out0", "capacity", "kiln,north,all") == pytest.approx(-10)
    assert price(tmp_path / "out0", "balance", "stone,north,all") - 4 == pytest.approx(2)


def price(folder: Path, row: str, key: str) -> float:
    lines = (folder / "tables" / f"dual_{row}.csv").read_text(encoding="utf-8").splitlines()
    return float(next(line for line in lines if line.startswith(f"{key},")).removeprefix(f"{key},").split(",")[0])


def test_the_town_pays_for_not_knowing_what_the_page_says(tmp_path):
    scenario, data = open_scenario(None, written(tmp_path / "power", TOWN), ROOT, {})
    found = hedging.hedge(scenario, data, lambda step, **facts: None)
    assert found.known == {"dry": pytest.approx(2400), "wet": pytest.approx(1000)}
    assert (found.wait_and_see, found.perfect_information, found.built_for_mean) == (pytest.approx(1350), pytest.approx(300), pytest.approx(1925))
    assert found.built_for_mean - found.cost == pytest.approx(275)
    assert all(number in PAGE["en"] for number in ("0.25 × 2,400 + 0.75 × 1,000 = 1,350", "300 (EVPI)", "pay 1,925", "275 (VSS)"))


def mistakes(language: str) -> list[tuple[str, str, str]]:
    """(file:line, what stands there, message) of the table of mistakes."""
    return re.findall(r"^\| `(\w+\.csv:\d+)` \| `(.*?)` \| `(.*?)` \|$", PAGE[language], flags=re.M)


def spoilt(files: dict[str, str], place: str, text: str) -> dict[str, str]:
    """The files with one line replaced, or added below the last."""
    name, _, line = place.partition(".csv:")
    lines = files.get(name, "").splitlines()
    lines[int(line) - 1 : int(line)] = [text]
    return files | {name: "\n".join(lines) + "\n"}


@LANGUAGES
def test_every_mistake_of_the_page_gets_the_message_it_states(language, tmp_path, capsys):
    shown = mistakes(language)
    assert len(shown) >= 15
    for number, (place, text, message) in enumerate(shown):
        data = written(tmp_path / f"case{number}", spoilt(CEMENT, place, text))
        run.main(["check", "--data", str(data), "--lang", language])
        printed = capsys.readouterr()
        assert message in (printed.out + printed.err).splitlines(), message
    data = written(tmp_path / "power", spoilt(TOWN, "periods.csv:2", "dry1,plan,dry,1,0.4,10,0.25"))
    assert run.main(["check", "--data", str(data), "--lang", language]) == 3
    assert quoted(capsys.readouterr().err, language)


def quoted(printed: str, language: str) -> list[str]:
    """The lines said that the page shows as indented text."""
    return [line for line in printed.splitlines() if f"\n    {line}\n" in PAGE[language]]


@LANGUAGES
def test_an_impossible_demand_is_explained_as_the_page_says(language, tmp_path, capsys):
    data = written(tmp_path / "case", spoilt(CEMENT, "demand.csv:2", "cement,city,200,250,60"))
    assert run.main(["solve", "--data", str(data), "--out", str(tmp_path / "out"), "--lang", language]) == 4
    assert len(quoted(capsys.readouterr().err, language)) == 1


def test_the_sound_example_is_silent(tmp_path, capsys):
    assert run.main(["check", "--data", str(written(tmp_path / "case", CEMENT))]) == 0
    assert capsys.readouterr() == ("", "")
