"""The page of scenario and study files: every key of the readers stands in it, and its examples run on the shipped dataset."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from types import SimpleNamespace

import pytest
from runs import ROOT

from model import manual, words
from model.expand.tariffs import open_book, tariff_costs
from model.explore import sections, studying
from model.explore.crew import Means
from model.explore.journal import Journal
from model.explore.study_file import variants
from model.explore.sweep_axes import points
from model.manual.scenarios import KEYS
from model.problems import Problems
from model.scenario import apply, apply_locks, load
from model.scenario.parsing import STATES

PAGE = {language: manual.scenarios(language) for language in words.LANGUAGES}
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE["en"], flags=re.S)
STUDIES = [block for block in BLOCKS if "study" in tomllib.loads(block)]
SCENARIOS = [block for block in BLOCKS if block not in STUDIES]
# what each kind calls once its file is read and checked against the plan
NEXT = {"sweep": "solved_swiftly", "variance": "solved_swiftly", "alternatives": "Room"}


def place(text: str) -> str:
    """A block as a file of its own: its base by full path, the shipped base where it is only a part."""
    named = re.search(r'^base = "(.*)"$', text, flags=re.M)
    base = f'base = "{(ROOT / "scenarios" / (named[1] if named else "base.toml")).as_posix()}"\n'
    return base + (text.replace(named[0], "") if named else text)


def scenario_of(text, folder):
    file = folder / "mine.toml"
    file.write_text(place(text), encoding="utf-8")
    problems = Problems()
    scenario = load(file, problems)
    assert problems.errors == ()
    return scenario


def accepted(scenario, base_run):
    """The tables after the scenario; nothing in it is unknown to the dataset."""
    problems = Problems()
    tables = apply(scenario, base_run.prepared.dataset, problems)
    assert [problem.text("en") for problem in problems.errors] == []
    apply_locks(scenario, base_run.prepared.core, problems, tables)
    assert [problem.text("en") for problem in problems.errors] == []
    return tables


# ---- every key


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_key_stands_in_a_table_of_its_part(language):
    tables = [set(re.findall(r"^\| `(\w+)` \|", found, flags=re.M)) for found in re.findall(r"(?:^\|.*\n)+", PAGE[language], flags=re.M)]
    assert sorted(map(sorted, tables)) == sorted(map(sorted, [*KEYS.values(), STATES]))


def test_no_word_about_a_key_is_idle():
    said = {f"{part}.{key}" for part, keys in KEYS.items() for key in keys} | {f"state.{state}" for state in STATES}
    assert set(words.entries("keys")) == said


def test_every_kind_of_study_has_an_example():
    assert {tomllib.loads(block)["study"] for block in STUDIES} == set(studying.KINDS)


def test_both_pages_show_the_same_examples():
    assert re.findall(r"```toml\n(.*?)```", PAGE["zh"], flags=re.S) == BLOCKS
    assert len(SCENARIOS) >= 8


# ---- the examples run


@pytest.mark.parametrize("text", SCENARIOS, ids=range(len(SCENARIOS)))
def test_scenarios_are_accepted(text, tmp_path, base_run):
    scenario = scenario_of(text, tmp_path)
    assert scenario.changes or scenario.locks or scenario.solver
    accepted(scenario, base_run)
    sections.asked(scenario, (), ROOT)


class Read(Exception):
    """The study file was read without a problem."""


@pytest.mark.parametrize("text", STUDIES, ids=[tomllib.loads(text)["study"] for text in STUDIES])
def test_studies_are_accepted(text, tmp_path, base_run, monkeypatch):
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    asked = studying.opened(str(tmp_path / "mine.toml"), None, ROOT, {})
    module = getattr(studying, asked.kind)

    def read(*given, **named):
        raise Read

    monkeypatch.setattr(module, "Workbench", lambda *given: SimpleNamespace(base=base_run))
    monkeypatch.setattr(module, NEXT.get(asked.kind, "finish"), read)
    with pytest.raises(Read):
        studying.KINDS[asked.kind](asked, Means(Journal(None, ""), lambda step, **facts: None))
    problems = Problems()
    cases = [point.variant for point in points(asked, problems)[1]] if asked.kind == "sweep" else []
    cases += [variant for part in ("case", "plan", "future") for variant, _ in variants(asked, part, problems, ("probability",))]
    changes, locks = (tuple(item for case in cases for item in getattr(case, part)) for part in ("changes", "locks"))
    accepted(replace(asked.scenario, changes=(*asked.scenario.changes, *changes), locks=locks[-1:]), base_run)


def prices(tables, core):
    """Price of every month ex VAT, yuan/kWh = million yuan/GWh, of the market tariff of Sichuan."""
    problems = Problems()
    found = tariff_costs(open_book(tables, core), "sichuan_market", problems)
    assert problems.errors == ()
    return [price.cost for price in found]


def test_monthly_prices_go_up_as_the_page_says(tmp_path, base_run):
    """0.05 yuan/kWh with 13 % VAT is 0.05 / 1.13 in each of the twelve months; scaled by 1.1 each is a tenth more."""
    prepared = base_run.prepared
    before = prices(prepared.tables, prepared.core)
    assert len(before) == 12
    adder = next(text for text in SCENARIOS if "adder" in text)
    after = prices(accepted(scenario_of(adder, tmp_path), base_run), prepared.core)
    assert [new - old for new, old in zip(after, before, strict=True)] == pytest.approx([0.05 / 1.13] * 12)
    scaled = next(text for text in SCENARIOS if "price = 1.1" in text)
    after = prices(accepted(scenario_of(scaled, tmp_path), base_run), prepared.core)
    assert after == pytest.approx([1.1 * old for old in before])
