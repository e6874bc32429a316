"""Element limits of products: charges melted together must keep every tramp element of the product under its limit.

For product p, element e and everything melted together at a site in a period: sum of content x charge <= limit x product.
Each technology makes or uses *room*: limit x product - sum of content x charge, in kt of the element. Room is a good that
never leaves its site, so its balance is exactly this rule, for every site and period, and its price in the plan is what a
tonne of the element costs: primary metal makes room, dirty scrap uses it. Where the table says which technologies only
dilute, *need* bounds them from above by the room that the others use: a recycling line is no casthouse for primary metal.
"""

from __future__ import annotations

from collections import defaultdict

from model import words
from model.expand.amounts import amount, by_id, listed
from model.expand.plants import Rows
from model.expand.rows import Record, origin, records
from model.tables import Tables

NOTHING = 1e-15  # kt of the element per kt of activity
Melts = dict[str, dict[str, dict[str, float]]]  # technology → site or ``*`` → good → quantity


def quality_rows(tables: Tables, recipes: list[Record]) -> Rows:
    """Room and need as goods, and how much of them each technology of ``quality_limits`` makes (+) or uses (-).

    ``recipes`` are the core recipes made so far. A charge without a row in ``element_contents`` brings none of the element.
    """
    rows: Rows = defaultdict(list)
    contents = {(row["input"], row["element"]): amount("element_contents", row, "content") for row in records(tables, "element_contents")}
    products = by_id(tables, "commodities", "commodity")
    melts = _melts(recipes)
    for limit in records(tables, "quality_limits"):
        rooms = {
            (name, site): quantity for name in listed(limit["technologies"])
            for site, quantity in _room(limit, melts.get(name, {}), contents).items() if abs(quantity) > NOTHING
        }
        dilution = listed(limit["dilution"])
        needs = {key: -room for key, room in rooms.items() if dilution and (room > 0) == (key[0] in dilution)}
        for kind, found in (("room", rooms), ("need", needs)):
            if found:
                good = f"{kind}_{limit['element']}_{limit['product']}"
                rows["commodities"].append(_good(kind, good, limit, products.get(limit["product"], {})))
                rows["recipes"] += [
                    {"technology": name, "site": site, "commodity": good, "quantity": quantity, **origin(limit)}
                    for (name, site), quantity in found.items()
                ]
    return rows


def _melts(recipes: list[Record]) -> Melts:
    melts: defaultdict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for recipe in recipes:
        melts[recipe["technology"]][recipe["site"]][recipe["commodity"]] = float(recipe["quantity"])
    return melts


def _room(limit: Record, sites: dict[str, dict[str, float]], contents: dict[tuple[str, str], float]) -> dict[str, float]:
    """Site or ``*`` → room per unit of activity; a site's own quantities replace the general ones."""
    found: dict[str, float] = {}
    for site, own in sites.items():
        charge = {**sites.get("*", {}), **own}
        brought = sum(quantity * contents.get((good, limit["element"]), 0.0) for good, quantity in charge.items() if quantity < 0)
        found[site] = amount("quality_limits", limit, "max_share") * charge.get(limit["product"], 0.0) + brought
    general = found.get("*")
    return {site: room for site, room in found.items() if site == "*" or general is None or abs(room - general) > NOTHING}


def _good(kind: str, good: str, limit: Record, product: Record) -> Record:
    names = {
        f"name_{language}": words.text(
            f"market.{kind}", language, element=limit[f"name_{language}"] or limit["element"],
            product=product.get(f"name_{language}") or limit["product"],
        )
        for language in words.LANGUAGES
    }
    return {"commodity": good, "unit": "kt", **names, **origin(limit)}
