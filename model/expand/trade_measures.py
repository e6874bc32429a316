"""Measures of trade: what the regional markets buy, how much of it the region makes, what arrives at a site."""

from __future__ import annotations

from typing import Final

from model.expand.amounts import listed
from model.expand.demand import OUTSIDE
from model.expand.rows import Record, origin, records
from model.tables import Tables

KINDS: Final = ("sale", "local_sale", "purchase", "arrival")


def trade_terms(tables: Tables, row: Record) -> list[Record]:
    """Terms of a measure of trade.

    ``sale``: sales of all segments of the regional markets; ``local_sale``: the same less what is bought outside the
    region for them; ``purchase``: goods bought at the gates of the region (table ``purchases``); ``arrival``: goods that
    come to the sites from anywhere else, not from one of them to another.
    """
    goods, sites = listed(row["commodities"]), listed(row["sites"])
    if row["kind"] == "arrival":
        arrivals = [_term(row, "flow", good, "*", site, 1.0) for good in goods for site in sites]
        return arrivals + [_term(row, "flow", good, start, end, -1.0) for good in goods for start in sites for end in sites if start != end]
    if row["kind"] == "purchase":
        offers = {(offer["commodity"], offer["site"]) for offer in records(tables, "purchases") if offer["commodity"] in goods}
        return [_term(row, "supply", good, site, "*", 1.0) for good, site in sorted(offers)]
    sales = _sales(tables, row)
    terms = [_term(row, "sale", *found, 1.0) for found in sales]
    if row["kind"] == "local_sale":
        terms += [_term(row, "supply", good, site, OUTSIDE, -1.0) for good, site in sorted({found[:2] for found in sales})]
    return terms


def _sales(tables: Tables, row: Record) -> list[tuple[str, str, str]]:
    """(commodity, site, segment) of the demands of the regional markets that the measure counts, in order."""
    goods, sites = listed(row["commodities"]), listed(row["sites"])
    regions = {found["site"]: found["region"] for found in records(tables, "sites")}
    forms = list(records(tables, "product_forms"))
    return sorted({
        (form["commodity"], segment["site"], segment["segment"])
        for segment in records(tables, "demand_segments")
        if ("*" in sites or segment["site"] in sites) and row["region"] in ("*", regions.get(segment["site"], ""))
        for form in forms
        if form["product_form"] == segment["product_form"] and ("*" in goods or form["commodity"] in goods)
    })


def _term(row: Record, kind: str, first: str, second: str, third: str, coefficient: float) -> Record:
    return {"indicator": row["measure"], "kind": kind, "a": first, "b": second, "c": third, "coefficient": coefficient, **origin(row)}
