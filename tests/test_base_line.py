"""Key figures beside those of the base: found in the base's own folder, never taken from other data; differences by hand."""

from __future__ import annotations

import html
import math
import re

import pytest
import report_sample
from runs import command_line

from maps.cards import amounts, cards
from maps.view import BaseLine

DATA = {
    "sites": "site,kind,lat,lon\na,park,30.6,104.0\nb,market,29.6,106.5\n", "supply": "commodity,site,price,max\nx,a,1,10\n",
    "lanes": "commodity,from,to,unit_cost\nx,a,b,1\n", "demand": "commodity,site,max,price\nx,b,100,5\n",
}
CHANGED = 'base = "plain.toml"\n[[change]]\ntable = "supply"\nwhere = { commodity = "x" }\nset = { max = 12 }\n'


def solve(folder, name, data="data"):
    assert command_line().main(["solve", str(folder / f"{name}.toml"), "--data", str(folder / data), "--out", str(folder / "results" / name), "--lang", "en"]) == 0
    text = html.unescape((folder / "results" / name / "report.html").read_text(encoding="utf-8"))
    return re.search(r'<div class="cards">.*?<section', text, re.S).group(0)


@pytest.fixture()
def folder(tmp_path):
    for data, most in (("data", 10), ("other", 9)):
        (tmp_path / data).mkdir()
        for name, text in DATA.items():
            (tmp_path / data / f"{name}.csv").write_text(text.replace("1,10", f"1,{most}"), encoding="utf-8")
    (tmp_path / "plain.toml").write_text('data = "x"\n', encoding="utf-8")
    (tmp_path / "more.toml").write_text(CHANGED, encoding="utf-8")
    return tmp_path


def test_a_scenario_stands_beside_its_base(folder):
    """Margin 5 - 1 - 1 = 3 a unit: 30 of the base, 36 with 12 units: +6; the base has no base, and without its folder nothing is said."""
    assert "against" not in solve(folder, "more")
    assert "against" not in solve(folder, "plain")
    assert "+6 against plain" in solve(folder, "more")


def test_a_base_on_other_data_is_none(folder):
    solve(folder, "plain", "other")
    assert "against" not in solve(folder, "more")


def view(**values):
    return report_sample.view(base=BaseLine(("基准", "base"), values))


def test_differences_have_the_sign_of_the_figure_shown():
    own = amounts(report_sample.view())
    objective, kind = own["objective"]
    assert objective < 0  # a gain, shown with its sign turned: 100 less cost is 100 more gain
    found = {card.key: card.difference for card in cards(view(objective=(objective + 100, kind), output_primary=(own["output_primary"][0] + 20, "kt")))}
    assert "+100 against base" in found["objective"] and "−20 against base" in found["output_primary"] and not found["freight"]


def test_equal_figures_other_units_and_several_years():
    own = amounts(report_sample.view())
    assert all(math.isfinite(value) for value, _ in own.values()) and {"objective", "freight", "output_alumina"} <= set(own)
    found = {card.key: card.difference for card in cards(view(**own | {"freight": (1.0, "miles")}))}
    assert "as in base" in found["output_alumina"] and not found["freight"]
    pathway = report_sample.view(base=BaseLine(("基准", "base"), own), year=("2030 年", "2030"))
    assert not next(card for card in cards(pathway) if card.key == "objective").difference
