"""The difference map: who makes more and less, what the lines carry more and less, on one scale; numbers by hand."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest
from comparison_sample import FIRST, SECOND, comparison, view

from maps import difference
from maps.comparison_maps import draw
from maps.flows import WIDEST
from maps.geography import PIXELS, frame_of
from maps.names import Names
from maps.parks import LARGEST


def test_output_moves_by_site_and_stage():
    """East smelts 100, then 60; west 50, then 90; casting moves by 0.2, which is below the least."""
    rows = difference.moved(FIRST, SECOND)
    assert [tuple(row) for row in rows.itertuples(index=False)] == [("east", "primary", -40.0), ("west", "primary", 40.0)]
    assert difference.moved(FIRST, FIRST).empty


def test_core_tables_alone_have_no_stages_and_still_move():
    plain = [one.__class__("", "", sites=one.sites, activity=one.activity, technologies=one.technologies.assign(stage="other")) for one in (FIRST, SECOND)]
    assert list(difference.moved(*plain)["change"]) == pytest.approx([-40.0, 40.2])


def test_lines_carry_more_and_less():
    """80 kt of alumina go west instead of east."""
    found = {(stream.leg.end, stream.group): stream for stream in difference.moved_streams(FIRST, SECOND)}
    assert {key: stream.amount for key, stream in found.items()} == {("east", "less"): 80.0, ("west", "more"): 80.0}
    assert found["east", "less"].parts == (("alumina", "mill", "east", -80.0),)
    assert difference.moved_streams(FIRST, FIRST) == []


def test_goods_that_swap_their_ways_on_one_line_do_not_move_it():
    first, second = (view({"east": 1.0}, {}) for _ in range(2))
    columns = ["commodity", "from", "to", "mode", "period", "value", "route"]
    ways = (("alumina", "mill", "east", "road", "m", 5.0, "mill~road~east"), ("alumina", "mill", "west", "road", "m", 9.0, "mill~road~east~road~west"))
    swapped = ((*ways[0][:5], 9.0, ways[0][6]), (*ways[1][:5], 5.0, ways[1][6]))
    first, second = (type(first)("", "", sites=first.sites, commodities=first.commodities, flow=pd.DataFrame(list(rows), columns=columns)) for rows in (ways, swapped))
    found = difference.moved_streams(first, second)
    assert [(stream.leg.start, stream.leg.end, stream.group, stream.amount) for stream in found] == [("east", "west", "less", 4.0)]


def test_what_rounding_leaves_of_goods_that_swap_their_ways_is_not_told_of_a_line():
    """A billionth more of alumina that swaps its ways beside 16 kt more of bauxite: the line carries 16 kt more, all of it bauxite."""
    columns = ["commodity", "from", "to", "mode", "period", "value", "route"]
    goods = pd.DataFrame([(name, name, name, "kt") for name in ("alumina", "bauxite")], columns=["commodity", "name_zh", "name_en", "unit"])

    def carrying(east, west, bauxite):
        short, long = "mill~road~east", "mill~road~east~road~west"
        rows = [("alumina", "mill", "east", east, short), ("alumina", "mill", "west", west, long), ("bauxite", "mill", "east", bauxite, short)]
        flow = pd.DataFrame([(*row[:3], "road", "m", *row[3:]) for row in rows], columns=columns)
        return type(FIRST)("", "", sites=FIRST.sites, commodities=goods, flow=flow)

    found = difference.moved_streams(carrying(5.0, 9.0, 1.0), carrying(9.0, 5.0 + 1e-9, 17.0))
    first = next(stream for stream in found if stream.leg.end == "east")
    assert (first.group, first.amount, first.parts) == ("more", 16.0, (("bauxite", "mill", "east", 16.0),))


def test_the_scale_is_the_largest_side_of_any_park_of_any_map():
    third = view({"east": 100.0, "west": 210.0}, {})
    assert difference.largest_shift([difference.moved(FIRST, SECOND), difference.moved(FIRST, third)]) == 160.0
    assert difference.largest_shift([difference.moved(FIRST, FIRST)]) == 0.0


def test_half_discs_have_areas_in_proportion():
    """40 of 160: a quarter of the area, half of the radius."""
    frame = frame_of(FIRST.sites)
    found = {shift.site: shift for shift in difference.shifts(difference.moved(FIRST, SECOND), FIRST.sites, frame, 160.0)}
    assert found["east"].circle.radius == pytest.approx(LARGEST / 2) and found["east"].less == 40.0 and found["east"].more == 0.0
    assert found["west"].more == 40.0 and not found["mill"].moves and found["mill"].circle.radius == difference.QUIET
    drawn = str(difference.fragment(found["east"], Names(FIRST), 160.0))
    assert f"A{LARGEST / 2:.2f},{LARGEST / 2:.2f} 0 0 0 " in drawn and difference.COLOURS["less"] in drawn and difference.COLOURS["more"] not in drawn


def test_words_below_a_park():
    frame = frame_of(FIRST.sites)
    found = {shift.site: shift for shift in difference.shifts(difference.moved(FIRST, SECOND), FIRST.sites, frame, 40.0)}
    assert difference.told(found["east"]) == ("电解铝 −40", "Primary −40") and difference.told(found["west"])[1] == "Primary +40"
    assert [difference.signed(change) for change in (12.4, -3.25, 0.5, -1234.5)] == ["+12", "−3.2", "+0.5", "−1,234"]


def test_names_where_nothing_moves_give_way():
    frame = frame_of(FIRST.sites)
    shifts = difference.shifts(difference.moved(FIRST, SECOND), FIRST.sites, frame, 40.0)
    whole = difference.labelled(shifts, Names(FIRST), [difference.Box(0, 0, PIXELS, frame.height)], (PIXELS, frame.height))
    assert {shift.site: shift.label is not None for shift in whole} == {"east": True, "west": True, "mill": False}


def test_titles_of_lines_name_the_goods():
    stream = difference.moved_streams(FIRST, SECOND)[0]
    assert difference.line_title(Names(FIRST), stream) == "减少 / less: 80 kt\n氧化铝: 氧化铝厂 → 东园 −80\nAlumina: Refinery → East −80"


def test_all_maps_share_one_background_scale_and_legend():
    maps = draw(comparison(FIRST, SECOND, view({"east": 100.0, "west": 210.0}, {"east": 200.0, "west": 20.0})))
    assert str(maps.ground).count('class="province"') > 0 and maps.moves == [True, True]
    for drawing in (*maps.plans, *maps.differences):
        assert drawing.count('href="#map-ground"') == 1 and 'class="province"' not in drawing
    first, second = maps.differences
    assert f"A{LARGEST:.2f}" in second and f"A{LARGEST * math.sqrt(40 / 160):.2f}" in first
    assert f'stroke-width="{WIDEST:g}"' in first and f'stroke-width="{WIDEST:g}"' in second  # 80 kt in both
    widths = [float(width) for width in re.findall(r'stroke="#e69f00" stroke-width="([\d.]+)"', str(maps.plans[2]))]
    assert sorted(widths) == pytest.approx([WIDEST * math.sqrt(20 / 200), WIDEST], abs=0.01)


def test_plans_without_places_have_no_maps():
    assert draw(comparison(type(FIRST)("", ""), type(FIRST)("", ""))) is None


def test_equal_plans_move_nothing():
    maps = draw(comparison(FIRST, FIRST))
    assert maps.moves == [False] and len(maps.difference_legend) == 1
