"""The line of caution that every picture and page of a map carries: the user's own words where the scenario states them."""

from __future__ import annotations

import re
from typing import Any, Final, Protocol

import geopandas
from markupsafe import Markup

from maps.escape import both, pair, word
from maps.sayings import Pair

_ACTIVE: Final = re.compile(r"[^\w\s,.;:·,。;:、()()/–—-]|[\r\n]")  # anything but plain text


class Captioned(Protocol):
    """A view with the line of the user's own, blank for the usual one."""

    @property
    def map_approval(self) -> str:
        """审图号, blank without one."""

    @property
    def map_notice(self) -> Pair:
        """Chinese and English."""


class Drawn(Captioned, Protocol):
    """A view of one map."""

    @property
    def outlines(self) -> geopandas.GeoDataFrame | None:
        """The user's own layer; None for the outlines that come with the program."""


def credit(view: Drawn) -> str:
    """The key of the line that says where the outlines of a map come from."""
    return "map_credit" if view.outlines is None else "map_credit_own"


def notice(view: Captioned) -> Pair:
    """The line in Chinese and English; a missing language is replaced by the other."""
    zh, en = view.map_notice
    return (zh or en, en or zh) if zh or en else pair("internal_only")


def on_paper(view: Captioned) -> Markup:
    """The style rule that prints the line at the foot of every page; no sign in it can end the text or the style sheet."""
    text = " · ".join(dict.fromkeys(notice(view)))
    quoted = _ACTIVE.sub(lambda found: f"\\{ord(found.group()):x} ", text)
    return Markup(f'@page {{ @bottom-left {{ content: "{quoted}"; }} }}')


def captions(view: Captioned, map_: Drawn) -> dict[str, Any]:
    """What the page template says of the map: caution, 审图号, where the outlines of ``map_`` come from."""
    return {
        "notice": both(*notice(view)), "notice_rule": on_paper(view), "approval": view.map_approval,
        "credit": word(credit(map_)),
    }
