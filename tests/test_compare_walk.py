"""The walk over every number of the page that compares base and swap, and digits planted in it."""

from __future__ import annotations

import random
from copy import copy
from dataclasses import replace

import pytest
from compare_judges import WALK
from compare_maps import labels
from compare_rows import shown, wanted
from compare_tables import cards
from compare_truth import Versus
from page_blocks import blocks, parts
from page_planting import drawn, numbers, planted, seen, unseen
from page_truth import Truth
from runs import ROOT, quiet

from maps import comparison, comparison_page
from model.explore.compare import compare
from model.explore.options import options
from model.explore.reloading import Candidate, candidate
from model.output import write_run

DRAW, INPUTS, SEED = 18, 12, 20260611  # numbers changed one at a time: of the page, and of sentences on inputs
ELSEWHERE = {("answer", "h3")}  # the title of the swap has no number


@pytest.fixture(scope="module")
def base_folder(base_run, tmp_path_factory):
    """Its run folder, without a page."""
    place = tmp_path_factory.mktemp("base") / "run"
    write_run(base_run, place, lambda run, draft: None)
    return place


@pytest.fixture(scope="module")
def page(base_run, swap_folder):
    """The base as it was solved beside the swap as it is read back from its folder."""
    plans = [Candidate("base", base_run.prepared.scenario.title, "million yuan", base_run), candidate(str(swap_folder), None, ROOT, {}, quiet)]
    found = compare(plans)
    return comparison_page.page(comparison.assemble(found, options(found)))


@pytest.fixture(scope="module")
def truth(base_folder, swap_folder):
    return Versus(Truth(base_folder), Truth(swap_folder))


def altered(tables):
    """The tables of inputs, as numbers or as texts, with a cell, a whole column, months of one tariff and a row changed."""
    result = {name: table.copy() for name, table in tables.items()}

    def put(name, rows, column, number):
        cells = result[name][column]
        result[name].loc[rows, column] = str(number) if isinstance(cells.iloc[0], str) else number

    tariffs = tables["tariff_prices"]
    put("prices", tables["prices"].index[:1], "central", 25875.0)
    put("plants", tables["plants"].index, "min_load", 0.85)
    put("tariff_prices", tariffs.index[(tariffs["tariff"] == "sichuan_market") & (tariffs["price"].astype(float) == 0.53691)], "price", 0.6)
    return result | {"tie_lines": result["tie_lines"].iloc[1:]}


def blocks_of(page, part):
    """All blocks of one part of the page."""
    return [block for name, text in parts(page) if name == part for block in blocks(name, text)]


def test_every_number_of_the_page_is_that_of_the_two_run_folders(page, truth):
    assert WALK.over(page, truth) == []
    assert len(numbers(page)) > 700


def test_no_judge_is_idle(page):
    assert set(WALK.judges) - WALK.judged(page) <= ELSEWHERE


def test_digits_changed_one_at_a_time_are_all_found(page, truth):
    assert unseen(page, WALK, truth, DRAW, SEED) == []


def test_every_part_of_the_page_gets_its_share_of_planted_digits(page):
    named = [name for name, _ in parts(page)]
    mine = {named[number.part] for number in drawn(page, DRAW, random.Random(SEED))}
    assert mine == {named[number.part] for number in numbers(page)} >= {"answer", "cards", "maps", "plans", "options", "money", "gains", "changes", "proof"}


def test_a_number_without_a_judge_is_told(page, truth):
    """A section that nobody knows, and a column behind the last one."""
    assert WALK.complaints("new", "<table><tr><td>7 kt</td></tr></table>", truth)[0].startswith("no walk")
    for name, text in parts(page):
        if name in ("money", "gains", "changes", "indicators", "options", "proof"):
            wider = text.replace("</tr>\n</tbody>", '<td class="n">1</td></tr>\n</tbody>', 1)
            assert wider != text and any("'1' is not None" in one for one in WALK.complaints(name, wider, truth)), name


def test_cards_bear_the_name_and_unit_of_their_figures(page, truth):
    shown = [tuple(block.english[:2]) for block in blocks_of(page, "cards") if block.kind == "div.card"]
    assert shown == [(name, unit) for name, unit, _ in cards(truth)]


def test_what_a_park_makes_more_and_less_stands_below_its_own_name(page, truth):
    assert labels(blocks_of(page, "maps"), truth) == []


def test_tables_hold_all_rows_that_change_and_no_others(page, truth):
    found = shown(block for name, text in parts(page) for block in blocks(name, text))
    for place, rows in wanted(truth).items():
        assert found[place] == rows, place


def test_what_differs_in_the_inputs_is_told_with_their_numbers(base_run, truth):
    """The plan of the base beside itself with other inputs: every number of the sentences, and every digit changed in them."""
    other = replace(base_run, prepared=replace(base_run.prepared, tables=altered(base_run.prepared.tables)))
    title = base_run.prepared.scenario.title
    plans = [Candidate(name, title, "million yuan", run) for name, run in (("base", base_run), ("other", other))]
    page = comparison_page.page(comparison.assemble(compare(plans), None))
    beside = copy(truth.plans[0])
    beside.inputs = altered(truth.plans[0].inputs)
    both = Versus(truth.plans[0], beside)
    name, text = next((name, text) for name, text in parts(page) if name == "answer")
    assert text.count("<li>") == 6 and WALK.complaints(name, text, both) == []  # two answers, four differences
    named = [name for name, _ in parts(page)]
    mine, chance = [number for number in numbers(page) if named[number.part] == name], random.Random(SEED)
    assert all(seen(name, text, planted(text, number, chance), WALK, both) for number in chance.sample(mine, INPUTS))
