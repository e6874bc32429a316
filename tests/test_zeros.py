"""Zeros in the shipped dataset: what the expansion divides by may not be 0, and no column of zeros ends in a fault of the program."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from runs import ROOT, quiet

from model.opening import open_scenario
from model.pipeline import Clock, make, prepare
from model.problems import Problems, Refusal
from model.reading import read
from model.schema import ALL_TABLES

DATA = ROOT / "data" / "chuanyu"


@pytest.mark.parametrize(
    ("table", "column", "least"),
    [("technologies", "life", "1"), ("retrofits", "life", "1"), ("month_days", "days", "1"), ("swap_pools", "ratio", "0.1")],
)
def test_what_is_divided_by_is_refused_at_zero(tmp_path, table, column, least):
    rows = pd.read_csv(DATA / f"{table}.csv", dtype=str, keep_default_na=False)
    rows.assign(**{column: "0"}).to_csv(tmp_path / f"{table}.csv", index=False)
    problems = Problems()
    read(tmp_path, problems)
    found = [problem for problem in problems.errors if (problem.file, problem.column, problem.value) == (f"{table}.csv", column, "0")]
    assert len(found) == len(rows) and all(f"below the lowest allowed value {least}" in problem.text("en") for problem in found)


@pytest.mark.library
@pytest.mark.parametrize("name", ["base", "swap", "pathway"])
def test_a_column_of_zeros_is_expanded_or_refused(name):
    """Every number column that may be 0, one after the other (about ten minutes a scenario)."""
    scenario, folder = open_scenario(name, None, ROOT, {})
    problems = Problems()
    dataset, tried = read(folder, problems), 0
    clock = Clock(quiet)
    for table, rows in dataset.tables.items():
        for column in ALL_TABLES[table].columns:
            if column.kind == "number" and column.low <= 0.0 <= column.high and column.name in rows and len(rows):
                zeros = replace(dataset, tables={**dataset.tables, table: rows.assign(**{column.name: 0.0})})
                try:
                    make(prepare(scenario, zeros, clock), clock)
                except Refusal as refusal:
                    assert refusal.problems and all(problem.text("zh") for problem in refusal.problems)
                tried += 1
    assert tried > 200
