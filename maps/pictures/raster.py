"""Pictures as PNG, drawn from their SVG with one font of this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import resvg_py

from maps.pictures import fonts
from maps.pictures.fonts import Font
from maps.pictures.siting import FOLDER, NAME, said
from maps.pictures.standalone import replaced, texts
from maps.sayings import Pair

PIXELS: Final = 1920  # width: full screen
UNKNOWN: Final = "?"
HAN: Final = "\u4e00"  # punctuation stands before


@dataclass(frozen=True)
class Pictures:
    """language → PNG; without a usable font for Chinese there is none in Chinese, and ``remarks`` say so."""

    images: dict[str, bytes]
    remarks: tuple[Pair, ...] = ()

    def best(self, language: str) -> bytes | None:
        """The picture in ``language``, else in another one."""
        return self.images.get(language) or next(iter(self.images.values()), None)


def pictures(documents: Mapping[str, str], found: Mapping[str, Path] | None = None, setting: str | None = None) -> Pictures:
    """The documents as PNG with the fonts ``found`` (those of this machine) and the file of the setting first."""
    if not documents:
        return Pictures({})
    known = fonts.installed() if found is None else found
    first = os.environ.get(fonts.SETTING, "") if setting is None else setting
    images: dict[str, bytes] = {}
    remarks: list[Pair] = []
    chinese = fonts.usable(texts(documents["zh"]), known, first)
    latin = chinese or fonts.for_latin(known, first)
    if chinese:
        images["zh"] = png(documents["zh"], chinese)
    elif latin:
        lacking = sorted(latin.lacks(texts(documents["zh"])), key=lambda sign: (sign < HAN, sign))
        remarks.append(said("no_chinese_font", signs="".join(lacking[:3]), package=fonts.PACKAGE))
    else:
        remarks.append(said("no_font", package=fonts.PACKAGE))
    if latin:
        images["en"] = png(documents["en"], latin)
    return Pictures(images, tuple(remarks))


def write(drawn: Pictures, folder: Path) -> None:
    """Write ``maps/siting_<language>.png`` into ``folder``, which holds the SVG already."""
    for language, image in drawn.images.items():
        (folder / FOLDER / f"{NAME}_{language}.png").write_bytes(image)


def png(document: str, font: Font, width: int = PIXELS) -> bytes:
    """The picture ``width`` pixels wide; a character that the font lacks is a question mark, never a box."""
    lacking = font.lacks(texts(document))
    shown = replaced(document, dict.fromkeys(lacking, UNKNOWN)) if lacking else document
    return bytes(resvg_py.svg_to_bytes(
        svg_string=shown, width=width, skip_system_fonts=True, font_files=[str(file) for file in font.files],
        font_family=font.family, sans_serif_family=font.family,
    ))
