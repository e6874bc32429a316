"""Small words of the report: the time with its zone, groups of indicators only where there are several."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from maps import tables
from maps.assemble import when
from maps.view import ReportView


@pytest.mark.parametrize(("zone", "shown"), [("UTC", "2026-03-01 20:30 (UTC+00:00)"), ("CST-8", "2026-03-02 04:30 (UTC+08:00)")])
def test_the_time_is_the_local_one_and_names_its_zone(monkeypatch, zone, shown):
    """Half past eight in the evening in Greenwich is half past four the next morning in Chongqing."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert when("2026-03-01T20:30:15+00:00") == shown
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_group_is_named_only_where_an_indicator_has_several():
    names = ["indicator", "name_zh", "name_en", "unit", "group", "value", "min", "max", "clause"]
    rows = [("carbon", "碳", "Carbon", "kt", "y2027", 3.0, None, None, ""), ("metal", "铝", "Metal", "kt", "y2025", 1.0, None, None, ""),
            ("metal", "铝", "Metal", "kt", "y2027", 2.0, None, None, "")]
    table = tables.indicators(ReportView("", "", indicators=pd.DataFrame(rows, columns=names).astype({"min": float, "max": float})))
    assert [row[1] for row in table.rows] == ["", "y2025", "y2027"]
    named = [(*row, f"{row[4][1:]} 年", row[4][1:]) for row in rows]
    told = tables.indicators(ReportView("", "", indicators=pd.DataFrame(named, columns=[*names, "group_zh", "group_en"]).astype({"min": float, "max": float})))
    assert ["2025 年" in str(row[1]) and "2025" in str(row[1]) for row in told.rows] == [False, True, False]
    single = tables.indicators(ReportView("", "", indicators=pd.DataFrame(rows[:1], columns=names).astype({"min": float, "max": float})))
    assert not any("y2027" in str(cell) for row in single.rows for cell in row) and len(single.heads) < len(table.heads)
