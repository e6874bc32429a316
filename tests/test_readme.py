"""What the README promises is there: commands, scenarios, files, the example, and the sentences it quotes."""

from __future__ import annotations

import re
import tomllib

import pytest
from runs import ROOT, quiet

import run as command_line
from maps.assemble import assemble
from model import pipeline
from model.explore.answers import answered
from model.opening import open_scenario
from model.schema import ALL_TABLES

READMES = {"en": (ROOT / "README.md").read_text(encoding="utf-8"), "zh": (ROOT / "README.zh.md").read_text(encoding="utf-8")}
both = pytest.mark.parametrize("language", list(READMES))


@both
def test_the_first_commands_are_the_promised_ones(language):
    lines = [line.split("#")[0].strip() for line in READMES[language].splitlines() if line.startswith("    ")]
    assert lines[:2] == ["python -m pip install -e . && python run.py", 'python -m pip install -e ".[test]" && python -m pytest']


@both
def test_every_command_and_no_other_is_listed(language):
    assert set(re.findall(r"^\| `python run\.py (\w+)", READMES[language], re.M)) == set(command_line.COMMANDS)


@both
def test_every_scenario_and_no_other_is_listed(language):
    table = re.search(r"^\| (?:question|问题) .*?\n\n", READMES[language], re.M | re.S)
    assert table
    assert set(re.findall(r"`(\w+)`", table[0])) == {path.stem for path in (ROOT / "scenarios").glob("*.toml")}


@both
def test_every_file_and_table_it_sends_to_exists(language):
    text = READMES[language]
    assert [link for link in re.findall(r"\]\(([^)]+)\)", text) if not (ROOT / link).is_file()] == []
    rows = re.search(r"^\| (?:look for|想找) .*?\n\n", text, re.M | re.S)
    assert rows
    named = {name for row in rows[0].strip().splitlines()[2:] for name in re.findall(r"[a-z_]+", row.split("|")[2])}
    assert len(named) > 40 and named <= set(ALL_TABLES)


@both
def test_the_example_is_the_shipped_one(language):
    block = re.search(r"```toml\n(.*?)```", READMES[language], re.S)
    assert block
    shown, shipped = tomllib.loads(block[1]), tomllib.loads((ROOT / "scenarios" / "example.toml").read_text(encoding="utf-8"))
    assert {key: shipped[key] for key in shown} == shown


@pytest.mark.library
@both
@pytest.mark.parametrize(("place", "name"), [(0, "swap"), (1, "example")])
def test_the_sentences_it_quotes_come_back(language, place, name):
    run = answered(pipeline.run(*open_scenario(name, None, ROOT, {}), quiet), quiet)
    position = ("zh", "en").index(language)
    said = [sentence[position] for sentence in assemble(run).sentences]
    quoted = re.findall(r"(?:^>.*\n)+", READMES[language], re.M)[place]
    assert [line[2:] for line in quoted.splitlines() if line != ">"] == said
