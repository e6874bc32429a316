"""Goods bought at gateways, and goods delivered to the gate of every site that uses them."""

from __future__ import annotations

from collections.abc import Iterator

from model.expand.prices import PriceBook
from model.expand.rows import Record, origin, records
from model.tables import Tables

EVERY_USER = "*"  # purchases.site: delivered to every site that uses the good


def purchases(tables: Tables, core: Tables, prices: PriceBook) -> Iterator[Record]:
    """Supply rows of ``purchases``; a ``*`` row becomes one row per site of its region that uses the good.

    A row that names the site wins over a ``*`` row; of two ``*`` rows the one that names the region of the site wins.
    """
    offers = list(records(tables, "purchases"))
    region = {row["site"]: row["region"] for row in records(core if "sites" in core else tables, "sites")}
    for row in offers:
        price = prices.at(row, "purchases")
        if price is None:
            continue
        for site in _sites(row, offers, core, region):
            yield {
                "commodity": row["commodity"], "site": site, "tier": row["tier"], "price": price, "max": row["max"],
                "cost_class": row["cost_class"], **origin(row),
            }


def _sites(row: Record, offers: list[Record], core: Tables, region: dict[str, str]) -> tuple[str, ...]:
    """The sites at which one row of ``purchases`` offers its good."""
    if row["site"] != EVERY_USER:
        return (row["site"],)
    same = [other for other in offers if other["commodity"] == row["commodity"]]
    named = {other["site"] for other in same}
    regional = {other["region"] for other in same if other["site"] == EVERY_USER and other["region"]}
    users = [site for site in using_sites(core, row["commodity"]) if site not in named]
    if row["region"]:
        return tuple(site for site in users if region.get(site, "") == row["region"])
    return tuple(site for site in users if region.get(site, "") not in regional)


def using_sites(core: Tables, commodity: str) -> tuple[str, ...]:
    """The sites where a permitted technology uses ``commodity``, sorted; a site's own recipe row replaces the ``*`` row."""
    quantity = {
        (row["technology"], row["site"]): float(row["quantity"]) for row in records(core, "recipes") if row["commodity"] == commodity
    }
    permitted = {(row["technology"], row["site"]) for row in records(core, "tech_sites")}
    return tuple(sorted({
        site for technology, site in permitted if quantity.get((technology, site), quantity.get((technology, "*"), 0.0)) < 0
    }))
