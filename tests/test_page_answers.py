"""Switch points, named projects and the cost check on the page of the base: every row as in the tables of its run folder, each worked out anew where it can be."""

from __future__ import annotations

import math
from collections import Counter

import page_folder
import pandas as pd
import pytest
from page_judges import WALK
from page_planting import unseen
from page_truth import Truth
from runs import quiet
from test_page_numbers import rows

from maps import publish
from maps.figures import compact, number
from model.explore.answers import answered
from model.output import write_run


@pytest.fixture(scope="module")
def folder(base_run, tmp_path_factory):
    """The base with switch points and answers on projects, as ``solve`` writes it."""
    place = tmp_path_factory.mktemp("answers") / "run"
    write_run(answered(base_run, quiet), place, lambda run, draft: publish.write(run, draft))
    return place


@pytest.fixture(scope="module")
def text(folder):
    return (folder / "report.html").read_text(encoding="utf-8")


def test_every_number_of_the_page_and_digits_planted_in_it(text, folder):
    """The page of the base with everything that ``solve`` asks of it: all as in its run folder, and one changed digit is told wherever it stands."""
    truth = Truth(folder)
    assert WALK.over(text, truth) == []
    assert unseen(text, WALK, truth, draw=44, seed=7) == []
    assert {key for key in WALK.judges if key[0] == "switches"} <= WALK.judged(text)


def table(folder, name):
    return pd.read_csv(folder / "tables" / f"{name}.csv", encoding="utf-8-sig")


def test_every_switch_point(text, folder):
    """Present value, switch point and distance in widths of the range; inside the range it may flip, outside it is firm."""
    points = table(folder, "switch_points").set_index(["what_en", "input_en"])
    shown = rows(text, "switches")
    assert len(shown) == len(points) > 20
    for cells in shown:
        row = points.loc[(cells[0], cells[1])]
        flips = float(row["flips_at"])
        assert cells[2:4] == [compact(float(row["central"])), "—" if math.isnan(flips) else compact(flips)], cells
        widths = abs(flips - row["central"]) / (row["high"] - row["low"])
        assert cells[6] == ("—" if math.isnan(widths) else number(widths, 1) + " ×"), cells
        verdict = "no flip found" if math.isnan(flips) else "may flip" if row["low"] <= flips <= row["high"] else "firm"
        assert (cells[7], cells[8]) == (verdict, row["note_en"])


def test_every_named_project(text, folder):
    """Named size, size in the plan, charge, worth and what it misses; the size is that of results.nc, the charge that of case/."""
    projects = table(folder, "projects")
    core, sizes = page_folder.core(folder), page_folder.values(folder)["size"].groupby("option")["size"].sum()

    def said(value):
        return number(value) if math.isfinite(value) else ""

    shown = Counter(tuple(cells[2:3] + cells[4:9]) for cells in rows(text, "plan", 1))
    columns = ["size", "charge", "worth", "misses", "first_misses", "product_misses"]
    assert shown == Counter(tuple(said(float(value)) for value in row) for row in projects[columns].itertuples(index=False))
    planned = Counter(number(float(sizes[project])) if project in sizes else "—" for project in projects["project"])
    assert Counter(cells[3] for cells in rows(text, "plan", 1)) == planned
    charges = core["options"].drop_duplicates("option").set_index("option")["variable_cost"]
    priced = projects[projects["charge"].notna()]
    assert len(priced) > 8
    for row in priced.itertuples():
        assert row.charge == pytest.approx(1e3 * charges[row.project], rel=1e-6), row.project
        assert row.misses == pytest.approx(row.charge - row.worth, abs=1e-6), row.project


def test_every_published_cost(text, folder):
    """Rebuilt − published as a share of the published."""
    known = table(folder, "benchmarks").set_index("name_en")
    shown = rows(text, "benchmarks")
    assert len(shown) == len(known) > 4
    for cells in shown:
        row = known.loc[cells[0]]
        share = 100 * (row["built"] - row["published"]) / row["published"]
        assert cells[1:3] == [compact(float(row["published"])), compact(float(row["built"]))]
        assert cells[3].replace("−", "-").replace("+", "").removesuffix(" %") == f"{share:.1f}", cells
