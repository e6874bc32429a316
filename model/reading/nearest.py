"""What was probably meant: the nearest known name, also for Chinese names of two characters."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd

SHORT_NAME = 4  # up to here one wrong character may be half of the name
SHORT_CUTOFF, CUTOFF = 0.45, 0.6  # difflib ratio; 西澎 and 西彭 score 0.5


def normal(name: str) -> str:
    """``name`` without differences that nobody sees or means: width, case, outer blanks, hyphen or blank for underscore."""
    folded = unicodedata.normalize("NFKC", name).strip().casefold()
    return folded.replace("-", "_").replace(" ", "_")


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like ``name``, or "" where none is near."""
    return nearest_alias(name, {candidate: candidate for candidate in known})


def nearest_alias(name: str, aliases: Mapping[str, str]) -> str:
    """The id whose alias is most like ``name`` (``aliases``: id or other name → id), or "" where none is near."""
    folded = {normal(alias): identity for alias, identity in sorted(aliases.items()) if alias}
    key = normal(name)
    if key in folded:
        return folded[key]
    cutoff = SHORT_CUTOFF if len(key) <= SHORT_NAME else CUTOFF
    found = difflib.get_close_matches(key, folded, n=3, cutoff=cutoff)
    return next((folded[alias] for alias in found if _near(key, alias)), "")


def _near(key: str, alias: str) -> bool:
    """Whether a short name in Latin letters, of which half may agree by chance (yaer, base), is really like ``alias``."""
    if len(key) > SHORT_NAME or not key.isascii():
        return True
    return difflib.SequenceMatcher(None, alias, key).ratio() >= CUTOFF or sorted(key) == sorted(alias) or alias.startswith(key)


def site_aliases(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Every name a site may be called by → its id: the names of ``site_names``, English and Chinese names, ids (later wins)."""
    aliases: dict[str, str] = {}
    for table, column in (("site_names", "name"), ("sites", "name_en"), ("sites", "name_zh"), ("sites", "site")):
        if table in tables:
            rows = tables[table]
            aliases.update((name, site) for name, site in zip(rows[column], rows["site"], strict=True) if name)
    return aliases


def find_site(name: str, aliases: Mapping[str, str]) -> str:
    """The id of the site called ``name`` in any of its names, or "" if there is none; width and case do not matter."""
    if name in aliases:
        return aliases[name]
    return {normal(alias): site for alias, site in aliases.items()}.get(normal(name), "")
