"""Pages of several planning years or branches: indicators and goals of every year, clauses, ledger, gains by place, against results.nc and case/."""

from __future__ import annotations

import math
import re

import page_folder
import pandas as pd
import pytest
from test_page_numbers import plain

from maps.figures import compact, number, percent

ANY = ("", "*")
EXACT = 1e-6
HORIZON = "horizon"


def capacity_terms(page):
    """``page_folder.PLACES`` for capacity: unit, site, period, expected (a year's capacity: yearly rate × length, R13)."""
    parts = [page.capacity(stage).assign(stage=stage) for stage in page.stages]
    table = pd.concat(parts).assign(rate=lambda rows: rows["existing"] + rows["added"] - rows["closed"])
    periods = page.periods.reset_index()[["period", "stage", "length", "probability"]]
    table = table.merge(periods, on="stage")
    return table.assign(expected=table["rate"] * table["length"] * table["probability"])


def amounts(page):
    """Family → the columns that terms name, with stage and what counts of each in a sum over its stage."""
    found = {family: page.timed(family) for family in ("activity", "flow", "supply", "sale", "short")}
    found["capacity"] = capacity_terms(page)
    found["size"] = page.sizes().rename(columns={"size": "expected"}).assign(period=lambda rows: rows["stage"])
    return found


PLACES = page_folder.PLACES | {"capacity": "unit site"}


@pytest.fixture(scope="module")
def sums(page):
    """(indicator, stage) → Σ coefficient × amount: terms of one family that name the same columns are joined at once."""
    terms, parts, found = page.core["indicator_terms"], [], amounts(page)
    for name in "abcd":
        terms = terms.assign(**{name: terms[name].fillna("").astype(str).where(~terms[name].isin(ANY), "")})
    for (kind, *given), rows in terms.groupby(["kind", terms["a"] != "", terms["b"] != "", terms["c"] != "", terms["d"] != ""]):
        names = [place for place, stands in zip(PLACES[kind].split(), given, strict=False) if stands]
        letters = [letter for letter, stands in zip("abcd", given, strict=True) if stands]
        wanted = rows[["indicator", "period", "coefficient", *letters]].rename(columns=dict(zip(letters, names, strict=True)) | {"period": "when"})
        table = found[kind].groupby([*names, "stage"], as_index=False)["expected"].sum()
        joined = wanted.merge(table, on=names) if names else wanted.merge(table, how="cross")
        joined = joined[joined["when"].isin(ANY) | (joined["when"] == joined["stage"])]
        parts.append(joined.assign(amount=joined["coefficient"] * joined["expected"]).groupby(["indicator", "stage"])["amount"].sum())
    return pd.concat(parts).groupby(level=[0, 1]).sum()


@pytest.fixture(scope="module")
def values(page, sums):
    """(indicator, group) → value; ratios divide sums of the same time (R15). Horizon: over all years, each counted once."""
    table, found = page.core["indicators"].set_index("indicator"), {}

    def total(name, group):
        mine = sums[name] if name in sums.index.get_level_values(0) else pd.Series(dtype=float)
        return float(mine.sum() if group == HORIZON else mine.get(group, 0.0))

    for name, row in table.iterrows():
        for group in [HORIZON] if row["scope"] == "horizon" else page.stages:
            value, other = total(name, group), row["per"]
            found[name, group] = value if other in ANY else value / total(other, group) if total(other, group) else math.nan
    return found


def bound(value):
    return math.nan if value in ("", None) else float(value)


def test_every_indicator_of_every_year(page, values):
    """All of them, in every planning year: value, bounds, and whether they act; one that sums all years names no year."""
    table, (shown,) = page.core["indicators"].set_index("indicator"), page.tables("indicators")
    names, seen = page.called("indicators", "indicator"), set()
    assert len(names) == len(table)  # no two indicators are called the same: pools of several years say until when
    years = "Group" in shown.heads
    assert years == (len(page.stages) > 1)
    for cells in shown.rows:
        name, group, value, low, high, unit, state, clause = cells if years else (cells[0], "", *cells[1:])
        key = names[name], page.stage_named(group) if group else HORIZON if table.loc[names[name], "scope"] == "horizon" else page.shown
        row, wanted = table.loc[key[0]], values[key]
        assert (value, low, high, clause) == (compact(wanted), compact(bound(row["min"])), compact(bound(row["max"])), row["clause"]), key
        gaps = [gap for gap in ((wanted - bound(row["min"])) / max(1.0, abs(bound(row["min"]))), (bound(row["max"]) - wanted) / max(1.0, abs(bound(row["max"])))) if gap == gap]
        assert state == ("reported" if not gaps else "missed" if min(gaps) < -EXACT else "binding" if min(gaps) <= EXACT else "met"), key
        assert unit.replace("₂", "2") in (row["unit"], {"kt CO2": "kt CO₂"}.get(row["unit"])), key
        seen.add(key)
    assert seen == set(values) and len(seen) > 60


def goals(page, values):
    """(name, group) → value, goal of every soft floor that costs nothing to miss."""
    table = page.core["indicators"]
    soft = table[table["relax_price"].astype(str).isin(["0", "0.0"]) & (table["min"] > 0)]
    return {(row.name_en, group): (values[row.indicator, group], float(row.min), row.unit) for row in soft.itertuples() for group in page.stages}


def whole(share):
    return math.floor(100 * share + 1e-4)


def test_every_goal_in_every_year(page, values):
    """Reached, target, share and verdict; the rows of one goal together, in the order of years, the goal missed most first."""
    known, (shown, *_) = goals(page, values), page.tables("findings")
    years, seen = len(page.stages) > 1, []
    for cells in shown.rows:
        name, rest = cells[0], cells[2:] if years else cells[1:]
        group = page.stage_named(cells[1]) if years else page.shown
        value, goal, unit = known[name, group]
        said = percent if unit == "share" else number if goal >= 100 else compact
        assert rest[:3] == [said(value), said(goal), "" if unit == "share" else unit], (name, group)
        assert rest[-2:] == [f"{whole(value / goal)} %", "met" if value >= goal * (1 - EXACT) else "missed"], (name, group)
        seen.append((name, group))
    assert set(seen) == set(known) and len(seen) == len(known) == 10 * len(page.stages)
    least = {name: min(known[name, stage][0] / known[name, stage][1] for stage in page.stages) for name, _ in known}
    assert [least[name] for name, _ in seen] == sorted(least[name] for name, _ in seen)
    assert [group for _, group in seen] == page.stages * 10


def test_the_sentence_on_goals_names_each_once_with_its_worst_year(page, values):
    known, years = goals(page, values), len(page.stages) > 1
    worst = {}
    for (name, group), (value, goal, _) in known.items():
        worst.setdefault(name, []).append((value / goal, group))
    least = sorted((*min(shares), name) for name, shares in worst.items())
    met = sum(share >= 1 - EXACT for share, _, _ in least)
    told = [f"{name}{f' ({group[1:]})' if years else ''} {whole(share)}%" for share, group, name in least[:3]]
    start = f"Of 10 goals {met} are met in every planning year; farthest from theirs, each in the year it is missed most: " if years else f"Of 10 goals {met} are met; farthest from theirs: "
    assert f"{start}{', '.join(told)}." in page.sentences()
    heading = re.search(r'<details class="goals" open><summary>(.*?)</summary>', page.text).group(1)
    assert plain(heading) == f"Goals: {met} of 10 met{' in every planning year' if years else ''}"
    assert page.chinese(heading) == (f"各项目标:10 项,各规划年都达到 {met} 项" if years else f"各项目标:10 项,达到 {met} 项")


def test_missed_clauses_say_by_how_much_and_in_which_year(page, values):
    """The worst of what carries a clause: as a share of its bound; its year stands beside it where there are several."""
    table, (shown,) = page.core["indicators"].set_index("indicator"), page.tables("clauses")
    gaps = {}
    for (name, group), value in values.items():
        low, high = bound(table.loc[name, "min"]), bound(table.loc[name, "max"])
        for gap, limit in ((low - value, low), (value - high, high)):
            if gap > EXACT * max(1.0, abs(limit)):
                year = f" ({group[1:]})" if len(page.stages) > 1 else ""
                gaps.setdefault(table.loc[name, "clause"], []).append((gap / abs(limit), f"{compact(gap)} {table.loc[name, 'unit']}{year}".replace(" share", "")))
    missed = {cells[0]: cells[3] for cells in shown.rows if cells[2] == "missed"}
    assert len(missed) >= 3 and set(missed) <= set(gaps)
    for clause, told in missed.items():
        assert told == max(gaps[clause])[1], clause


def entries(page):
    table = page.core["ledger_entries"].merge(page.sizes(), on="option")
    table = table[table["period"].isin(ANY) | (table["period"] == table["stage"])]
    return table.assign(amount=table["coefficient"] * table["size"]).merge(page.core["options"].drop_duplicates("option")[["option", "site"]], on="option")


def test_the_ledger_of_every_year(page):
    """Created, bought, used by year; what is left is carried on, as no quota ends here; a tonne is worth the ceilings it serves over the years left."""
    account, (shown,) = page.core["ledgers"].iloc[0], page.tables("ledger")
    ceilings = page.found["indicator_ceiling_dual"].set_index("indicator")["indicator_ceiling_dual"]
    pools, table, left, years = account["indicators"].split(";"), entries(page), 0.0, len(page.stages) > 1
    assert len(pools) == len(page.stages) == len(shown.rows) and page.core["ledger_entries"]["until"].isin(["", math.nan]).all()
    for stage, cells in zip(page.stages, shown.rows, strict=True):
        mine = table[table["stage"] == stage].groupby("kind")["amount"].sum()
        created, bought, used = (float(mine.get(kind, 0.0)) for kind in ("created", "bought", "used"))
        left += created + bought - used
        years_left = page.remaining(stage) if years else 1.0  # duals of a year are told per year (R20), those of all years are not
        worth = -1000 * sum(ceilings[pool] for pool in pools[page.stages.index(stage):]) / years_left
        wanted = [number(value) for value in (created * account["ratio"], created, bought, used, 0.0, left)]
        assert cells[-8:] == [*wanted, compact(worth), compact(worth / account["annuity"])], stage
        assert cells[0] == account["name_en"] and (not years or page.stage_named(cells[1]) == stage)
    assert left == pytest.approx(0.0, abs=1e-6) and table["amount"].sum() > 600


def test_gains_of_every_place_add_up_over_the_years(page):
    """Output value, power and carbon: Σ years × discount of every year; rights: used quota × inside price over the years left."""
    terms = page.core["indicator_terms"]
    found, place = amounts(page), {"activity": "site", "flow": "to", "supply": "site", "sale": "site"}
    weight = page.weight

    def by_site(*indicators):
        parts = []
        for kind, rows in terms[terms["indicator"].isin(indicators)].groupby("kind"):
            names = PLACES[kind].split()
            for letters, group in rows.groupby([rows[letter].isin(ANY) for letter in "abcd"]):
                keys = [(letter, name) for letter, name, free in zip("abcd", names, letters, strict=False) if not free]
                joined = group[[letter for letter, _ in keys] + ["coefficient"]].rename(columns=dict(keys)).merge(found[kind], on=[name for _, name in keys])
                parts.append((joined["coefficient"] * joined["expected"] * joined["stage"].map(weight)).groupby(joined[place[kind]]).sum())
        return pd.concat(parts).groupby(level=0).sum()

    ledger, price = entries(page), float(page.core["ledgers"]["price"].iloc[0])
    used, made = (float(ledger.loc[ledger["kind"] == kind, "amount"].sum()) for kind in ("used", "created"))
    assert used == pytest.approx(made) and ledger.loc[ledger["amount"] > EXACT, "stage"].nunique() == 1
    decided = ledger.loc[ledger["amount"] > EXACT, "stage"].iloc[0]
    paid = ledger["amount"] * ledger["kind"].map({"created": 1.0, "used": -1.0, "bought": math.nan}) * price * page.remaining(decided)
    table = pd.DataFrame({"rights": paid.groupby(ledger["site"]).sum(), "value": by_site("output_value"), "power": by_site("power_used"), "carbon": by_site("carbon_scope1", "carbon_scope2")}).fillna(0.0)
    margins = pd.read_csv(page.folder / "tables" / "split.csv", encoding="utf-8-sig")
    assert float(margins["margin"].sum()) == pytest.approx(-page.objective, rel=1e-9)
    regions, sites = {"Chongqing": "chongqing", "Sichuan": "sichuan"}, page.called("sites", "site")
    region = page.core["sites"].set_index("site")["region"]
    (shown,) = page.tables("split")
    for name, *cells in shown.rows:
        if name.startswith("Outside"):
            continue
        mine = table[region.reindex(table.index) == regions[name]].sum() if name in regions else table.reindex([sites[name]]).fillna(0.0).iloc[0]
        margin = margins.loc[margins["region"] == regions[name] if name in regions else margins["site"] == sites[name], "margin"].sum()
        assert cells == [number(margin), *map(number, mine), "no data", "no data"], name
    assert ("sums over all planning years" in plain(page.section("split"))) == (len(page.stages) > 1)
