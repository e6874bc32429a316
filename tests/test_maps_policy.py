"""The sections of policy in the report: ledger, split of the margin and clauses, cell by cell."""

from __future__ import annotations

import html
import re

import pandas as pd
import report_sample
from runs import dataset, solved

from maps import policy
from maps.names import Names
from model.tables import Tables


def plain(cell: object, language: str = "en") -> str:
    """The text of a cell in one language."""
    other = "zh" if language == "en" else "en"
    text = re.sub(rf'<span class="{other}"[^>]*>.*?</span>', "", str(cell))
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def test_an_account_closes_in_the_table_and_worth_is_per_tonne():
    """256 created and 20 bought are 200 used, 6 expired and 70 carried on; 3.275 m yuan per kt are 3,275 yuan per tonne."""
    table = policy.ledgers(report_sample.view())
    assert [plain(cell) for cell in table.rows[0]] == ["Sichuan and Chongqing", "320", "256", "20", "200", "6", "70", "3,275", "32,160"]
    assert plain(table.rows[0][0], "zh") == "川渝"


def test_the_stages_of_an_account_are_called_by_name_where_there_are_several():
    ledger = report_sample.view().ledger
    later = ledger.assign(stage="y2030", stage_zh="2030年", stage_en="2030", used=1.0)
    table = policy.ledgers(report_sample.view(ledger=pd.concat([ledger, later])))
    assert [(plain(row[1]), plain(row[1], "zh")) for row in table.rows] == [("y2027", "y2027"), ("2030", "2030年")]


def test_the_split_sums_by_region_and_says_where_there_is_no_figure():
    view = report_sample.view()
    rows = [[plain(cell) for cell in row] for row in policy.split(view, Names(view)).rows]
    assert [row[0] for row in rows] == ["Chongqing", "Qijiang Beidu Industrial Park", "Sichuan", "Guangyuan ETDZ"]
    assert rows[2][1:6] == ["1,031", "−96", "6,900", "1,350", "211"]  # 1,031.25 with Aba, whose 0.25 is too little for a row
    assert {tuple(row[6:]) for row in rows} == {("no data", "no data")}


def test_every_clause_says_what_became_of_it():
    rows = [[plain(cell) for cell in row] for row in policy.clauses(report_sample.view()).rows]
    assert rows[0] == ["CY2023-1.2-b", "Output value of 400 bn yuan", "missed", "163,000 million yuan", ""]
    assert [row[2] for row in rows[1:]] == ["not in this scenario", "not modelled"] and rows[2][4] == "organisation"


def test_a_dataset_without_policy_has_none_of_it(tmp_path):
    run = solved(dataset(tmp_path / "data", supply="commodity site price\ng s 10", demand="commodity site min max price\ng s 2 2 0"))
    tables: Tables = {"ledger": policy.ledger_table(run), "split": policy.split_table(run), "clauses": policy.clause_table(run)}
    assert {name: len(table) for name, table in tables.items()} == {"ledger": 0, "split": 0, "clauses": 0}
