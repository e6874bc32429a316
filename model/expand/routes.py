"""Routes as text: what a lane remembers of its way, and how reports read it again.

A route is written ``place~mode~place~mode~place``, for instance
``wanzhou~road~port_wanzhou~water~port_fuling``. Places are corridor nodes, except the first and the last, which may be
sites that stand off the network. Ids therefore must not contain ``~``.
"""

from __future__ import annotations

from collections.abc import Mapping

from model import words
from model.tables import Tables

SEPARATOR = "~"
Leg = tuple[str, str, str]  # from place, to place, mode


def route_text(legs: list[Leg]) -> str:
    """The route of consecutive ``legs``; empty without legs."""
    if not legs:
        return ""
    parts = [legs[0][0]]
    for _, to, mode in legs:
        parts += [mode, to]
    return SEPARATOR.join(parts)


def route_legs(route: str) -> list[Leg]:
    """The legs (from, to, mode) of a route; none for an empty route. Inverse of ``route_text``."""
    parts = route.split(SEPARATOR)
    return [(parts[index], parts[index + 2], parts[index + 1]) for index in range(0, len(parts) - 2, 2)]


def route_words(route: str, names: Mapping[str, str], language: str) -> str:
    """The route for people: consecutive legs of one mode are drawn together, ``names`` gives the name of each place."""
    legs = route_legs(route)
    if not legs:
        return ""
    sentence = names.get(legs[0][0], legs[0][0])
    for index, (_, to, mode) in enumerate(legs):
        if index + 1 == len(legs) or legs[index + 1][2] != mode:
            arrow = words.text(f"transport.arrow_{mode}", language)
            sentence += f" {arrow} {names.get(to, to)}"
    return sentence


def place_names(tables: Tables, language: str) -> dict[str, str]:
    """Name of every site and corridor node in ``language``, the id where none is given."""
    names: dict[str, str] = {}
    for table, column in (("corridor_nodes", "node"), ("sites", "site")):
        if table in tables:
            rows = tables[table]
            names |= {place: name or place for place, name in zip(rows[column], rows[f"name_{language}"], strict=True)}
    return names
