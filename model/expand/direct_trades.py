"""Direct trades between users and generators: a second way to buy power at the price of a contract, up to its volume.

Contract c lets the users of a tariff run ``direct_<c>``, which turns electricity of their zone into the same delivered
good at the contract's own price; the yearly volume over all of them is the bound of the indicator ``direct_<c>``. What
comes from another zone must arrive there over the tie line in the same period, after losses (indicator ``direct_from_<zone>``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model import words
from model.expand.amounts import listed
from model.expand.carbon import energy, indirect
from model.expand.plants import new_potlines, potlines
from model.expand.recipes import Placed
from model.expand.rows import Record, origin, records, report, written
from model.expand.tariffs import ELECTRICITY, PREFIX, Book, Rows, connect, draw, open_book, power_users, tariff_costs, zone_fits
from model.problems import Problems
from model.tables import Tables

COUNTED = {"carbon_2": indirect, "carbon": indirect, "energy": energy}  # kinds of measures that depend on where power is from
SMELTING = "smelting"


def technology_of(contract: str) -> str:
    """The technology that buys power under ``contract``."""
    return f"direct_{contract}"


def add_direct_trades(rows: Rows, tables: Tables, core: Tables, problems: Problems) -> None:
    """Add every contract in use at every site whose users may trade: technology, prices, lane from the zone, volume."""
    contracts = [row for row in records(tables, "direct_trades") if row["in_use"]]
    if not contracts:
        return
    book = open_book(tables, core)
    regions = {row["site"]: row["region"] for row in records(core, "sites")}
    users = power_users(core)
    sources: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for contract in contracts:
        tariff = book.tariffs[contract["price_tariff"]]
        if not tariff["zone"]:
            report(problems, "power_direct_zone", contract, "price_tariff")
            continue
        sites = [
            site for name, site in users
            if name == contract["tariff"] and _efficient(tables, contract, site) and zone_fits(tariff, site, regions, problems)
        ]
        if sites:
            _add(rows, book, contract, sites, problems)
            rows["indicator_terms"] += _counted(tables, contract, sites, regions)
        if sites and contract["source_zone"] not in ("", tariff["zone"]):
            sources[contract["source_zone"], tariff["zone"]].append(contract)
    for (source, zone), found in sources.items():
        _arrives(rows, tables, core, source, zone, found, problems)


def _efficient(tables: Tables, contract: Record, site: str) -> bool:
    """Whether every potline of that tariff at the site uses at most what the contract allows (blank: no limit)."""
    lines = [line for line in (*potlines(tables), *new_potlines(tables)) if (line.tariff, line.site) == (contract["tariff"], site)]
    return not any(line.ac_intensity > float(contract["most_intensity"]) for line in lines)


def _add(rows: Rows, book: Book, contract: Record, sites: list[str], problems: Problems) -> None:
    name, tariff, carried = technology_of(contract["contract"]), book.tariffs[contract["price_tariff"]], origin(contract)
    prices = tariff_costs(book, contract["price_tariff"], problems)
    for site in sites:
        for price in prices:
            rows["tech_sites"].append({
                "technology": name, "site": site, "period": price.period, "variable_cost": price.cost, "cost_class": "power", **price.origin,
            })
        connect(rows, tariff, site)
    draw(rows, name, PREFIX + contract["tariff"], carried)
    rows["indicators"].append({
        "indicator": name, "name_zh": contract["name_zh"], "name_en": contract["name_en"], "unit": "GWh", "scope": "stage",
        "max": float(contract["most_energy"]) * written("direct_trades", "most_energy"), "clause": contract["clause"], **carried,
    })
    rows["indicator_terms"].append(_term(name, name, "*", 1.0, contract))


def _term(indicator: str, technology: str, site: str, coefficient: float, row: Record) -> Record:
    return {"indicator": indicator, "kind": "activity", "a": technology, "b": site, "coefficient": coefficient, **origin(row)}


def _counted(tables: Tables, contract: Record, sites: list[str], regions: dict[str, str]) -> Iterator[Record]:
    """What a traded kWh changes in the measures of carbon and energy: its own factor instead of the user's tariff."""
    home = regions.get(contract["source_zone"], "")

    def factor(kind: str, tariff: str, region: str) -> float:
        recipe = {"technology": tariff, "site": "*", "commodity": PREFIX + tariff, "quantity": -1.0}
        return COUNTED[kind](tables, [recipe])(Placed(tariff, tariff, "", region))

    for measure in (row for row in records(tables, "measures") if row["kind"] in COUNTED):
        stages, places = listed(measure["stages"]), listed(measure["sites"])
        for site in sites if {"*", SMELTING} & set(stages) and listed(measure["technologies"]) == ("*",) else ():
            region = regions.get(site, "")
            less = factor(measure["kind"], contract["price_tariff"], home or region) - factor(measure["kind"], contract["tariff"], region)
            if less and measure["region"] in ("*", region) and {"*", site} & set(places):
                yield _term(measure["measure"], technology_of(contract["contract"]), site, less, contract)


def _arrives(rows: Rows, tables: Tables, core: Tables, source: str, zone: str, contracts: list[Record], problems: Problems) -> None:
    """In every period the contracts take no more than what the tie lines bring from their source, after losses."""
    ties = [tie for tie in records(tables, "tie_lines") if (tie["from"], tie["to"]) == (source, zone)]
    if not ties:
        report(problems, "power_direct_tie", contracts[0], "source_zone", zone=zone)
        return
    indicator, first = f"direct_from_{source}", contracts[0]
    site: Record = next((row for row in records(core, "sites") if row["site"] == source), {})
    names = {
        f"name_{language}": words.text("power.direct_from", language, name=site.get(f"name_{language}") or source)
        for language in words.LANGUAGES
    }
    rows["indicators"].append({
        "indicator": indicator, **names, "unit": "GWh", "scope": "period", "max": 0.0, "clause": first["clause"], **origin(first),
    })
    rows["indicator_terms"] += [_term(indicator, technology_of(row["contract"]), "*", 1.0, row) for row in contracts]
    for tie in ties:
        rows["indicator_terms"].append({
            "indicator": indicator, "kind": "flow", "a": ELECTRICITY, "b": source, "c": zone, "d": "tie_line",
            "coefficient": float(tie["loss"]) - 1.0, **origin(tie),
        })
