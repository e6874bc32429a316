"""Words that may or may not exist: names of tiers and classes that a dataset is free to choose."""

from __future__ import annotations

from model.words import LANGUAGES, entries, text


def known(key: str, otherwise: str) -> tuple[str, str]:
    """The entry ``key`` in Chinese and English, or ``otherwise`` twice where no such entry exists."""
    name, entry = key.split(".", 1)
    if entry not in entries(name):
        return otherwise, otherwise
    zh, en = (text(key, language) for language in LANGUAGES)
    return zh, en


def unit_words(unit: str) -> tuple[str, str]:
    """A unit in Chinese and English; one that has no words stands for itself."""
    return known(f"report.unit_{unit.replace(' ', '_')}", unit)
