"""Every Chinese and English sentence of the program, declared once in the TOML files of this folder.

A key is ``file.entry``: ``problems.unknown_column`` stands in ``problems.toml``. Each entry has ``zh`` and ``en`` and
may hold ``{placeholders}``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")


@cache
def _table(name: str) -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def text(key: str, language: str, /, **facts: object) -> str:
    """The sentence ``key`` in ``language`` ("zh" or "en") with its placeholders filled.

    Raises KeyError for an unknown key or language or a missing fact: that is a fault of the program, not of the user.
    """
    name, entry = key.split(".", 1)
    return _table(name)[entry][language].format(**facts)


def entries(name: str) -> tuple[str, ...]:
    """The keys of one word file, for tests and for the manual."""
    return tuple(_table(name))
