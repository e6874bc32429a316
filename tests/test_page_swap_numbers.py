"""The page of a swap scenario against results.nc and case/: ledger, gains by place, prices of quota and scrap, sizes, freight, money, cost classes."""

from __future__ import annotations

import math
import re

import page_folder
import pandas as pd
import pytest
from page_folder import OTHERS, inner, stage_of, with_rates
from test_page_numbers import rows
from test_page_prices import prices, texts_of, value_of

from maps.figures import compact, number
from maps.years import path_table
from model.explore.labels import Labels

LEAST = 0.5  # places where less than this arises have no row


@pytest.fixture(scope="module")
def text(swap_folder):
    return (swap_folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(swap_folder):
    return page_folder.values(swap_folder)


@pytest.fixture(scope="module")
def core(swap_folder):
    return page_folder.core(swap_folder)


def entries(core, found) -> pd.DataFrame:
    """The entries of the ledgers with ``amount`` = coefficient × size, and the site of each option."""
    joined = core["ledger_entries"].merge(found["size"], on="option").merge(core["options"][["option", "site"]], on="option")
    return joined.assign(amount=joined["coefficient"] * joined["size"])


def ledger_cells(core, found) -> list[str]:
    """The row of the only account: one year, so nothing comes from before and nothing expires."""
    account = core["ledgers"].iloc[0]
    sums = entries(core, found).groupby("kind")["amount"].sum()
    created, bought, used = (float(sums.get(kind, 0.0)) for kind in ("created", "bought", "used"))
    ceiling = found["indicator_ceiling_dual"]
    worth = -1000 * float(ceiling.loc[ceiling["indicator"] == account["indicators"], "indicator_ceiling_dual"].sum())
    amounts = (created * account["ratio"], created, bought, used, 0.0, created + bought - used)
    return [account["name_en"], *map(number, amounts), *map(compact, (abs(worth), abs(worth) / account["annuity"]))]


def test_the_ledger_is_the_sizes_of_its_options_and_the_price_of_its_ceiling(text, core, found):
    assert len(core["ledgers"]) == 1
    assert rows(text, "ledger") == [ledger_cells(core, found)]


def test_a_digit_changed_in_the_ledger_is_found(text, core, found):
    wanted = ledger_cells(core, found)
    wrong = text.replace(f">{wanted[3]}<", f">{wanted[3][:-1]}9<")
    assert wrong != text and rows(wrong, "ledger") != [wanted]


def by_site(core, found, *indicators: str) -> pd.Series:
    terms = core["indicator_terms"]
    return page_folder.matching(terms[terms["indicator"].isin(indicators)], found).groupby("site")["amount"].sum()


def measures(core, found) -> pd.DataFrame:
    """site × rights, output_value, power and carbon. Rights: who gives up is paid by who builds, at the inside price."""
    ledger, price = entries(core, found), float(core["ledgers"]["price"].iloc[0])
    used = float(ledger.loc[ledger["kind"] == "used", "amount"].sum())
    made = float(ledger.loc[ledger["kind"] == "created", "amount"].sum())
    paid = ledger["amount"] * ledger["kind"].map({"created": used / made, "used": -1.0, "bought": math.nan})
    table = pd.DataFrame(
        {
            "rights": price * paid.groupby(ledger["site"]).sum(),
            "output_value": by_site(core, found, "output_value"),
            "power": by_site(core, found, "power_used"),
            "carbon": by_site(core, found, "carbon_scope1", "carbon_scope2"),
        }
    )
    return table.fillna(0.0)


def test_every_figure_of_gains_and_losses_by_place(swap_folder, text, core, found):
    """Rights, output value, power and emissions of every site and of its region; taxes and jobs have no figure.

    Margins, whose prices of trade are checked by hand elsewhere, are those of tables/split.csv and add up to the objective.
    """
    margins = pd.read_csv(swap_folder / "tables" / "split.csv", encoding="utf-8-sig").set_index(["site", "region"])["margin"]
    assert float(margins.sum()) == pytest.approx(-page_folder.objective(swap_folder), rel=1e-9)
    table, sites = measures(core, found), page_folder.called(core["sites"], "site")
    regions = {"Chongqing": "chongqing", "Sichuan": "sichuan"}
    region = core["sites"].set_index("site")["region"]
    sums = table.groupby(region.reindex(table.index)).sum()
    shown = rows(text, "split")
    assert {cells[0] for cells in shown} > set(regions)
    for cells in shown:
        if cells[0].startswith("Outside"):
            continue
        wanted = sums.loc[regions[cells[0]]] if cells[0] in regions else table.reindex([sites[cells[0]]]).fillna(0.0).iloc[0]
        assert cells[2:] == [*map(number, wanted), "no data", "no data"], cells[0]
        margin = margins.groupby("region").sum()[regions[cells[0]]] if cells[0] in regions else margins.loc[sites[cells[0]]].sum()
        assert cells[1] == number(float(margin)), cells[0]
    named = {sites[cells[0]] for cells in shown if cells[0] in sites}
    assert set(table.index[table.abs().max(axis=1) > LEAST]) <= named and len(named) > 12


def supply_prices(core, found) -> pd.Series:
    """(commodity, site) → Σ length × (price of the good there − price of the tier) where the tier is used up; the best tier."""
    length = core["periods"].set_index("period")["length"]
    tiers = with_rates(found["supply"], core["supply"], ["commodity", "site", "tier"])
    both = [found[name].rename(columns={name: "dual"}) for name in ("balance_dual", "balance_exact_dual")]
    joined = tiers.merge(pd.concat(both), on=["commodity", "site", "period"])
    gain = (joined["dual"] - joined["price"]).clip(lower=0.0) * joined["period"].map(length)
    return gain.groupby([joined["commodity"], joined["site"], joined["tier"]]).sum().groupby(level=[0, 1]).max()


def test_prices_of_scrap_are_what_it_is_worth_there_less_what_it_costs(text, core, found):
    """Every row of the table of supply that is used up."""
    worth = supply_prices(core, found)
    goods, sites = page_folder.called(core["commodities"], "commodity"), page_folder.called(core["sites"], "site")
    judged = 0
    for cells in prices(text):
        place, sentence, value, unit = cells if len(cells) == 4 else ("", *cells)
        if match := re.fullmatch(r"1 kt a year more (.+) supplied at (.+) \(the year\) saves ([\d.]+) million yuan a year", sentence):
            good = next(one for name, one in goods.items() if name.lower() == match[1].lower())
            price = float(worth[good, sites[place]])
            assert match[2] == place and unit == "million yuan per kt"
            assert value in (compact(price * (1 - 1e-9)), compact(price * (1 + 1e-9))), sentence  # a half may be rounded either way
            assert match[3] in (f"{price * (1 - 1e-9):.3g}", f"{price * (1 + 1e-9):.3g}"), sentence
            judged += 1
    assert judged >= 20


def test_the_price_of_quota_is_that_of_its_ceiling(text, found):
    ceiling = found["indicator_ceiling_dual"]
    price = -float(ceiling.loc[ceiling["indicator"] == "swap_region", "indicator_ceiling_dual"].sum())
    row = next(cells for cells in prices(text) if "more quota in" in cells[0])
    assert row[1:] == [compact(price), "million yuan per kt/yr"] and f"saves {price:.3g} million yuan a year" in row[0]


def test_prices_of_largest_sizes_and_supply_in_the_tables_of_the_run(swap_folder, core, found):
    """All of them, also those that the page has no room for: in a plan of one year a size is worth its reduced cost."""
    told = pd.read_csv(swap_folder / "tables" / "shadow_prices.csv", encoding="utf-8-sig")
    sizes = told[told["family"] == "size"].set_index("key")["value"]
    reduced = found["size_reduced_cost"].set_index("option")["size_reduced_cost"]
    room = core["options"].set_index("option")["max_size"]
    assert sizes.to_dict() == pytest.approx({name: -value for name, value in reduced.items() if value < -1e-6 and room[name] > 0})
    worth = supply_prices(core, found)
    supply = told[told["family"] == "supply"].set_index(["commodity", "site"])["value"]
    wanted = {key: value for key, value in worth.items() if value > 1e-6 and key in supply.index}
    assert supply.to_dict() == pytest.approx(wanted, rel=1e-6) and len(supply) > 60


def test_every_capacity_of_the_plan_table(text, core, found):
    """Existing, added, closed and after by park and link of the chain; a line inside another line counts once."""
    table = page_folder.capacity(core, found)
    table = table[~table["unit"].isin(inner(core["capacity_use"]) | OTHERS)]
    table = table.assign(stage=table["unit"].map(stage_of)).groupby(["site", "stage"])[["existing", "added", "closed"]].sum()
    sites = page_folder.called(core["sites"], "site")
    park, judged = "", 0
    for cells in rows(text, "plan"):
        park = cells[0] or park
        if (sites[park], cells[1]) in table.index:
            existing, added, closed = table.loc[(sites[park], cells[1])]
            wanted = [number(existing), *(number(value) if value else "·" for value in (added, closed)), number(existing + added - closed)]
            assert cells[2:6] == wanted, cells
            judged += 1
        else:
            assert cells[2:6] == ["0", "·", "·", "0"], cells  # made on the lines of another link
    assert judged > 20


def test_the_path_over_the_years_counts_every_tonne_of_capacity_once(swap_run, core, found):
    """Output and capacity of every link of the chain as the table of planning years would show them for this one."""
    table = page_folder.capacity(core, found)
    table = table[~table["unit"].isin(inner(core["capacity_use"]) | OTHERS)]
    after = (table["existing"] + table["added"] - table["closed"]).groupby(table["unit"].map(stage_of)).sum()
    shown = path_table(swap_run, Labels(swap_run)).set_index("stage")["capacity"]
    assert shown.to_dict() == pytest.approx({name.lower(): value for name, value in after.items()})
    assert shown["primary"] == pytest.approx(1710) and shown["processing"] < table["existing"].sum()


def test_freight_and_money_of_flows_and_trades(text, core, found):
    """Yuan per tonne of each flow; million yuan of purchases and sales, cities apart."""
    goods, sites = page_folder.called(core["commodities"], "commodity"), page_folder.called(core["sites"], "site")
    keys = ["commodity", "from", "to", "mode"]
    flow = with_rates(found["flow"], core["lanes"], keys)
    sums = flow.assign(cost=flow["flow"] * flow["unit_cost"]).groupby(keys)[["flow", "cost"]].sum()
    for good, start, end, mode, _, _, freight in rows(text, "flows"):
        row = sums.loc[(goods[good], sites[start], sites[end], {"river": "water"}.get(mode, mode))]
        assert freight == number(1000 * row["cost"] / row["flow"]), (good, start, end)
    supply = with_rates(found["supply"], core["supply"], ["commodity", "site", "tier"])
    money = (supply["supply"] * supply["price"]).groupby([supply["commodity"], supply["site"]]).sum()
    bought = [row for row in rows(text, "flows", 1) if row[1] in sites]
    assert len(bought) > 20
    for good, site, _, _, shown in bought:
        paid = float(money[goods[good], sites[site]])
        assert shown == (number(paid, 1) if paid else "paid on delivery"), (good, site)
    sale = with_rates(found["sale"], core["demand"], ["commodity", "site", "segment"])
    money = (sale["sale"] * sale["price"]).groupby([sale["commodity"], sale["site"]]).sum()
    sold = rows(text, "flows", 2)
    assert len(sold) > 20
    for good, site, _, _, shown in sold:
        paid = float(money[goods[good], sites[site]])
        assert shown == (number(paid, 1) if paid else "load of others, no revenue"), (good, site)


def test_every_cost_class_is_that_of_its_columns(swap_folder, text):
    """The bars are the classes of tables/costs.csv, and these add up to the objective."""
    table = pd.read_csv(swap_folder / "tables" / "costs.csv", encoding="utf-8-sig")
    assert float(table["value"].sum()) == pytest.approx(page_folder.objective(swap_folder), rel=1e-9)
    section = re.search(r'<section[^>]*id="classes".*?</section>', text, re.S).group(0)
    assert sorted(map(value_of, texts_of(section, "bar-value"))) == sorted(float(f"{value:.0f}") for value in table["value"] if abs(value) > 1e-9)
