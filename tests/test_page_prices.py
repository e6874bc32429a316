"""Indicators, shadow prices, power charts, waterfalls, gains and cards of the page against results.nc, worked out anew from its columns."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import xarray
from test_page_numbers import plain, rows, text, written  # noqa: F401 - fixtures of the same run

from maps.figures import compact, number

PLACES = {  # columns of results.nc that the terms of an indicator name (DESIGN: indicator_terms)
    "activity": "technology site", "flow": "commodity from to mode", "supply": "commodity site tier", "sale": "commodity site segment",
    "short": "commodity site segment", "size": "option",
}
ANY = ("", "*")


@pytest.fixture(scope="module")
def file(written):  # noqa: F811
    """Variable → a table of its index and value, straight from the file."""
    with xarray.open_dataset(written / "results.nc", engine="h5netcdf") as data:
        found = {}
        for name in data:
            dimension = f"{data[name].dims[0]}_" if str(name).endswith("_dual") else f"{name}_"
            found[str(name)] = data[name].to_dataframe().reset_index(drop=True).rename(columns=lambda one, cut=dimension: one.removeprefix(cut))
        return found | {"attributes": dict(data.attrs)}


@pytest.fixture(scope="module")
def core(base_run):
    return base_run.prepared.core


def by_name(table: pd.DataFrame, key: str) -> dict[str, str]:
    return dict(zip(table["name_en"], table[key], strict=True))


def capacity(core, file) -> pd.DataFrame:
    """unit, site, value: what stands there and what the sizes add, kt a year."""
    stands = core["capacity"][["unit", "site", "amount"]].rename(columns={"amount": "value"})
    effect = core["option_effects"].merge(file["size"], on="option")
    built = effect.assign(value=effect["per_size"].fillna(0.0).astype(float) * effect["size"])[["unit", "site", "value"]]
    return pd.concat([stands.astype({"value": float}), built]).groupby(["unit", "site"], as_index=False)["value"].sum()


def amount(terms: pd.DataFrame, core, file) -> float:
    """Σ coefficient × column over all columns that the terms name."""
    total = 0.0
    for row in terms.fillna("").itertuples():
        if row.kind == "capacity":
            table, names = capacity(core, file), ["unit", "site"]
        else:
            table, names = file[row.kind].rename(columns={row.kind: "value"}), PLACES[row.kind].split()
        assert row.period in ANY
        for name, wanted in zip(names, (row.a, row.b, row.c, row.d), strict=False):
            if wanted not in ANY:
                table = table[table[name] == wanted]
        total += float(row.coefficient) * float(table["value"].sum())
    return total


def test_every_indicator_is_the_sum_of_its_terms(core, file, text):  # noqa: F811
    """All but those over thousands of columns, which are left out for their time: at least fifty of sixty."""
    table, terms = core["indicators"].set_index("indicator"), core["indicator_terms"].groupby("indicator")
    known, names, judged = {}, by_name(core["indicators"], "indicator"), 0
    for cells in rows(text, "indicators"):
        name = names[cells[0]]
        other = table.loc[name, "per"] if isinstance(table.loc[name, "per"], str) else ""
        wanted = [one for one in (name, other) if one]
        if any(len(terms.get_group(one)) > 1500 for one in wanted):
            continue
        for one in wanted:
            known.setdefault(one, amount(terms.get_group(one), core, file))
        assert cells[1] == compact(known[name] / known[other] if other else known[name]), name
        judged += 1
    assert judged >= 50


def test_shadow_prices_are_the_duals_of_the_file(core, file, text):  # noqa: F811
    """Metal and alumina by good and place as the mean over the year; capacity as the sum over its periods (R20); what is 0 in words is 0."""
    length = core["periods"].set_index("period")["length"].astype(float)
    goods, sites = by_name(core["commodities"], "commodity"), by_name(core["sites"], "site")
    balance = file["balance_dual"]
    mean = balance.assign(part=balance["balance_dual"] * balance["period"].map(length)).groupby(["commodity", "site"])["part"].sum()
    yearly: dict[str, set[str]] = {}
    for name, factor in (("capacity_dual", length), ("running_capacity_dual", length * 0 + 1)):
        table = file[name]
        sums = table.assign(part=table[name] * table["period"].map(factor)).groupby(["unit", "site"])["part"].sum()
        for (_, site), value in sums.items():
            yearly.setdefault(site, set()).add(compact(-value))
    judged = {"gate": 0, "capacity": 0, "nothing": 0}
    for cells in prices(text):
        place, sentence, value, _ = cells if len(cells) == 4 else ("", *cells)
        if gate := re.match(r"1 t more (.+) at the gate of (.+) in the year saves ([\d,]+) yuan", sentence):
            good = next(one for name, one in goods.items() if name.lower() == gate[1])
            price = mean[good, sites[gate[2]]]
            assert (value, gate[3], place) == (compact(price), number(1000 * price), gate[2])
            judged["gate"] += 1
        elif "more capacity of" in sentence:
            assert value in yearly[sites[place]], sentence
            judged["capacity"] += 1
        elif "worth 0" in sentence or "costs nothing" in sentence:
            assert value == "0"
            judged["nothing"] += 1
    assert judged["gate"] > 15 and judged["capacity"] >= 10 and judged["nothing"] > 10


def prices(text: str) -> list[list[str]]:  # noqa: F811
    """The rows of all tables of shadow prices."""
    inside = re.search(r'<section[^>]*id="duals".*?</section>', text, re.S).group(0)
    return [row for place in range(inside.count("<tbody>")) for row in rows(text, "duals", place)]


def texts_of(drawing: str, kind: str) -> list[str]:
    return [plain(one) for one in re.findall(rf'<text[^>]*class="[^"]*{kind}[^"]*"[^>]*>(.*?)</text>', drawing, re.S)]


def value_of(shown: str) -> float:
    return float(shown.replace(",", "").replace("−", "-"))


def test_the_value_of_metal_is_its_price_in_the_file_and_the_parts_add_up(core, file, text):  # noqa: F811
    """Σ activity × quantity × price of the outputs ÷ Σ activity, per plant; cash, capital and rent drawn above it add up to it."""
    section = re.search(r'<section[^>]*id="costs".*?</section>', text, re.S).group(0)
    first = re.search(r"<svg viewBox.*?</svg>", section, re.S).group(0)
    made = core["recipes"][core["recipes"]["quantity"].astype(float) > 0]
    work = file["activity"][file["activity"]["technology"].str.startswith("smelt")]
    total = work.groupby(["technology", "site"])["activity"].sum()
    recipes = pd.concat([made[made["site"] == "*"].drop(columns="site").merge(work, on="technology"), made[made["site"] != "*"].merge(work, on=["technology", "site"])])
    priced = recipes.merge(file["balance_dual"], on=["commodity", "site", "period"])
    worth = (priced["activity"] * priced["quantity"].astype(float) * priced["balance_dual"]).groupby([priced["technology"], priced["site"]]).sum()
    prices = sorted(number(1000 * worth[key] / total[key]) for key in total.index if total[key] > 0)
    shown = texts_of(first, "total")
    assert sorted(shown) == prices and len(shown) >= 9
    parts = [value_of(one) for one in texts_of(first, "in-bar")]
    assert abs(sum(parts) - sum(map(value_of, shown))) <= 1.0 * len(parts)  # each is rounded, parts too thin for words are nothing


def test_bars_of_power_are_what_enters_a_zone(base_run, core, file, text):  # noqa: F811
    """The bars above the line of every month: supply of the zone and what arrives from other places, in GWh, to half a pixel."""
    section = re.search(r'<section[^>]*id="power".*?</section>', text, re.S).group(0)
    zones = list(core["sites"].loc[core["sites"]["kind"] == "power_zone", "site"])
    names = {core["sites"].set_index("site").loc[zone, "name_en"]: zone for zone in zones}
    supply, flow = file["supply"], file["flow"]
    judged = 0
    for title, drawing in re.findall(r"<figcaption>(.*?)</figcaption>(<svg.*?</svg>)", section, re.S):
        zone = names[plain(title)]
        lines = [(float(y), value_of(shown)) for y, shown in re.findall(r'<line[^>]*y1="([\d.]+)"[^>]*class="grid"/><text[^>]*>([^<]*)<', drawing)]
        (low_y, low), (high_y, high) = lines[0], lines[-1]
        per_pixel = (high - low) / (low_y - high_y)
        zero = next(y for y, value in lines if value == 0)
        bars = [tuple(map(float, found)) for found in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawing)]
        months = sorted({x for x, _, _ in bars})
        bought = supply[(supply["commodity"] == "electricity") & (supply["site"] == zone)].groupby("period")["supply"].sum()
        lanes = core["lanes"][(core["lanes"]["commodity"] == "electricity") & (core["lanes"]["to"] == zone)].fillna({"delivered_share": 1.0})
        arrived = flow.merge(lanes[["commodity", "from", "to", "mode", "delivered_share"]].drop_duplicates(), on=["commodity", "from", "to", "mode"])
        inward = (arrived["flow"] * arrived["delivered_share"].astype(float)).groupby(arrived["period"]).sum()
        entering = bought.add(inward, fill_value=0.0)
        for month, period in zip(months, sorted(entering.index), strict=True):
            tall = sum(high for x, y, high in bars if x == month and y + high <= zero + 0.02)
            assert tall * per_pixel == pytest.approx(entering[period], abs=0.5 * per_pixel), (zone, period)
            judged += 1
    assert judged == 12 * len(zones) == 24


def test_gains_of_all_places_add_up_to_the_objective(file, text):  # noqa: F811
    """Margins of the regions are the objective with its sign turned; sites of a region add up to it but for what is too small to be shown."""
    margins, part = [], []
    for cells in rows(text, "split"):
        if cells[0] in ("Chongqing", "Sichuan", "Outside, and of no place"):
            margins.append(value_of(cells[1]))
            part.append([])
        else:
            part[-1].append(value_of(cells[1]))
    assert sum(margins) == pytest.approx(-file["attributes"]["objective"], abs=0.5 * len(margins))
    assert all(abs(sum(mine) - whole) <= 0.5 * (len(mine) + 1) + 1 for mine, whole in zip(part, margins, strict=True))


def test_cards_of_stages_and_freight(base_run, core, file, text):  # noqa: F811
    """Capacity before and after from the tables and the sizes; tonne-kilometres and mean distance from the flows."""
    cards = {
        plain(name): (plain(value).split()[0], plain(more)) for name, value, more in
        re.findall(r'<div class="card"[^>]*><div class="name">(.*?)</div><div class="value">(.*?)</div><div class="more">(.*?)</div>', text, re.S)
    }
    goods = set(core["commodities"].loc[core["commodities"]["unit"] == "kt", "commodity"])
    lanes = core["lanes"].drop_duplicates(["commodity", "from", "to", "mode"])[["commodity", "from", "to", "mode", "kilometres"]]
    flow = file["flow"][file["flow"]["commodity"].isin(goods) & (file["flow"]["from"] != file["flow"]["to"])].merge(lanes, on=["commodity", "from", "to", "mode"])
    work, carried = float((flow["flow"] * flow["kilometres"].astype(float)).sum()), float(flow["flow"].sum())
    freight = next(card for name, card in cards.items() if "reight" in name)
    assert freight[0] == number(work / 1000) and number(work / carried) in freight[1]
    stands = core["capacity"][core["capacity"]["unit"].str.startswith("potline")]
    table = capacity(core, file)
    after = table.loc[table["unit"].str.startswith("potline"), "value"].sum()
    before = stands["amount"].astype(float).sum()
    primary = next(card for name, card in cards.items() if name.startswith("Primary"))
    assert number(before) in primary[1] and number(float(after)) in primary[1]
