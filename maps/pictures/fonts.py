"""Which font a picture is drawn with: the first in the stated order that has every character, so that no letter becomes a box."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from maps.pictures.looks import FAMILIES, PLAIN_FAMILIES

SETTING: Final = "SITING_FONT"  # environment variable: file of the font to try first
PACKAGE: Final = "fonts-noto-cjk"
# family: (names of its regular file, names of its bold file), in lower case
FILES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "Noto Sans CJK SC": (
        ("notosanscjk-regular.ttc", "notosanscjksc-regular.otf", "notosanssc-regular.otf", "notosanssc-regular.ttf", "notosanssc-vf.ttf"),
        ("notosanscjk-bold.ttc", "notosanscjksc-bold.otf", "notosanssc-bold.otf", "notosanssc-bold.ttf"),
    ),
    "Source Han Sans SC": (
        ("sourcehansanssc-regular.otf", "sourcehansans-regular.ttc", "sourcehansanscn-regular.otf", "sourcehansans.ttc"),
        ("sourcehansanssc-bold.otf", "sourcehansans-bold.ttc", "sourcehansanscn-bold.otf"),
    ),
    "Microsoft YaHei": (("msyh.ttc", "msyh.ttf"), ("msyhbd.ttc", "msyhbd.ttf")),
    "SimHei": (("simhei.ttf",), ()),
    "PingFang SC": (("pingfang.ttc",), ()),
    "WenQuanYi Micro Hei": (("wqy-microhei.ttc",), ()),
    "WenQuanYi Zen Hei": (("wqy-zenhei.ttc",), ()),
    "Arial": (("arial.ttf",), ("arialbd.ttf", "arial bold.ttf")),
    "Helvetica": (("helvetica.ttc",), ()),
    "Liberation Sans": (("liberationsans-regular.ttf",), ("liberationsans-bold.ttf",)),
    "DejaVu Sans": (("dejavusans.ttf",), ("dejavusans-bold.ttf",)),
}
INVISIBLE: Final = frozenset("\n\r\t\u2028\u2029\u200b\ufeff")


@dataclass(frozen=True)
class Font:
    """A family with its files on this machine (regular first) and the characters of the regular one."""

    family: str
    files: tuple[Path, ...]
    characters: frozenset[str]

    def lacks(self, texts: Iterable[str]) -> set[str]:
        """The visible characters of ``texts`` that it has no letter for."""
        return set().union(*map(set, texts)) - self.characters - INVISIBLE


def folders() -> tuple[Path, ...]:
    """Where this system keeps its fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", *([Path(local) / "Microsoft" / "Windows" / "Fonts"] if local else []))
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local" / "share" / "fonts", home / ".fonts")


def installed(places: Iterable[Path] | None = None) -> dict[str, Path]:
    """name of a font file in lower case → the file, below ``places`` (those of the system); the first found stays."""
    found: dict[str, Path] = {}
    for place in folders() if places is None else places:
        for folder, _, names in os.walk(place):
            for name in sorted(names):
                found.setdefault(name.lower(), Path(folder) / name)
    return found


def usable(texts: Iterable[str], found: Mapping[str, Path], setting: str = "", families: Iterable[str] = FAMILIES) -> Font | None:
    """The font for ``texts``: the file of the setting, then the families in their order, the first that lacks no character."""
    return next((font for font in _candidates(found, setting, families) if not font.lacks(texts)), None)


def for_latin(found: Mapping[str, Path], setting: str = "") -> Font | None:
    """Any font for a picture in English, one that knows Chinese too where there is one."""
    return next(iter(_candidates(found, setting, (*FAMILIES, *PLAIN_FAMILIES))), None)


def _candidates(found: Mapping[str, Path], setting: str, families: Iterable[str]) -> Iterable[Font]:
    """The fonts on this machine in the stated order; a file that cannot be read is none."""
    if setting and (font := _font("", Path(setting), ())):
        yield font
    for family in families:
        regular, bold = ([found[name] for name in names if name in found][:1] for names in FILES[family])
        if regular and (font := _font(family, regular[0], tuple(bold))):
            yield font


@cache
def _font(family: str, regular: Path, bold: tuple[Path, ...]) -> Font | None:
    """The face of a file that is called ``family``, the first face where none is."""
    try:
        with regular.open("rb") as file:
            faces = TTCollection(file, lazy=True).fonts if regular.suffix.lower() == ".ttc" else [TTFont(file, lazy=True)]
            face = next((face for face in faces if family in _names(face)), faces[0])
            called = family if family in _names(face) else min(_names(face), default="")
            return Font(called, (regular, *bold), frozenset(map(chr, face.getBestCmap() or {})))
    except (OSError, TTLibError):
        return None


def _names(face: TTFont) -> set[str]:
    """What the face calls its family in any language."""
    return {str(record) for record in face["name"].names if record.nameID in (1, 16)}
