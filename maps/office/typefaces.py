"""Typefaces and colours of brief and slides: Chinese letters in one that every Chinese office has, stated for East Asian text."""

from __future__ import annotations

from typing import Final

LATIN: Final = "Arial"
EAST_ASIAN: Final = "Microsoft YaHei"
DEEP, ACCENT, INK, SOFT, PALE, LINE, ALERT = "08324F", "0072B2", "12263A", "56636F", "EEF3F7", "C9D1D9", "8A0F1D"
