"""One file without any request: scripts and styles from installed packages, and a scan that refuses everything else."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from branca.element import Element
from xstatic.pkg import jquery, leaflet

LEAFLET: Final = Path(leaflet.BASE_DIR)
JQUERY: Final = Path(jquery.BASE_DIR)

# asset key of folium → installed file. A key that stands nowhere here is an error: every plugin has its own server.
SCRIPTS: Final = {"leaflet": LEAFLET / "leaflet.js", "jquery": JQUERY / "jquery.slim.min.js"}
STYLES: Final = {"leaflet_css": LEAFLET / "leaflet.css"}
UNNEEDED: Final = frozenset(  # serve only folium's own pins, which the report does not draw
    {"bootstrap", "awesome_markers", "bootstrap_css", "glyphicons_css", "awesome_markers_font_css", "awesome_markers_css", "awesome_rotate_css"}
)
_LOADING: Final = frozenset({"src", "href", "srcset", "action", "formaction", "data", "poster", "background", "xlink:href"})
_STYLE_LOAD: Final = re.compile(r"url\(\s*[\"']?\s*(?!data:|#)[^)]*\)|@import[^;]*", re.IGNORECASE)


class ExternalAssetError(RuntimeError):
    """Something in the report would have to be loaded from outside: a fault of the program."""


def fixed_ids(root: Element) -> None:
    """Number all elements in order, so that the same view gives the same bytes."""
    parts = list(_walk(root))
    names = [part.get_name() for part in parts]
    for position, part in enumerate(parts):
        part._id = f"{position:05d}"
    renamed = {name: part.get_name() for name, part in zip(names, parts, strict=True)}
    for part in parts:  # children are listed under the names they had when they were added
        part._children = type(part._children)((renamed.get(key, key), child) for key, child in part._children.items())


def _walk(part: Element) -> Iterator[Element]:
    """The element, everything below it and the inner parts of popups."""
    yield part
    for inner in (getattr(part, name, None) for name in ("header", "html", "script")):
        if isinstance(inner, Element):
            yield from _walk(inner)
    icon = getattr(part, "icon", None)
    for child in part._children.values():
        if child is not icon:
            yield from _walk(child)
    if isinstance(icon, Element):
        yield from _walk(icon)


def assets(root: Element) -> tuple[list[str], list[str]]:
    """Texts of the scripts and of the style sheets that the elements under ``root`` need.

    Raises ExternalAssetError for an asset without an installed copy.
    """
    found: dict[str, Path] = {}
    for part in _walk(root):
        for listed, table in (("default_js", SCRIPTS), ("default_css", STYLES)):
            for key, address in getattr(part, listed, ()):
                if key in UNNEEDED:
                    continue
                if key not in table:
                    raise ExternalAssetError(f"no installed copy of {key} ({address})")
                found[key] = table[key]
    scripts = [_script(path) for key, path in found.items() if key in SCRIPTS]
    return scripts, [_style(path) for key, path in found.items() if key in STYLES]


def _script(path: Path) -> str:
    """A script without the reference to its source map."""
    text = re.sub(r"//# sourceMappingURL=.*", "", path.read_text(encoding="utf-8"))
    if "</script" in text.lower():
        raise ExternalAssetError(f"{path.name} holds an end of script")
    return text.strip()


def _style(path: Path) -> str:
    """A style sheet with its pictures as data."""

    def inline(match: re.Match[str]) -> str:
        address = match.group(1).strip("\"'")
        if address.startswith(("data:", "#")):
            return match.group(0)
        picture = path.parent / address
        kind = mimetypes.guess_type(picture.name)[0]
        return f"url(data:{kind};base64,{base64.b64encode(picture.read_bytes()).decode('ascii')})"

    return re.sub(r"url\(([^)]+)\)", inline, path.read_text(encoding="utf-8")).strip()


def script_hash(text: str) -> str:
    """The Content-Security-Policy source that allows exactly this script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def policy(scripts: list[str]) -> str:
    """No load of any kind, and of scripts only those listed: text that became a script would not run."""
    hashes = " ".join(script_hash(text) for text in scripts)
    return (
        f"default-src 'none'; script-src {hashes or chr(39) + 'none' + chr(39)}; style-src 'unsafe-inline'; img-src data:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def external(page: str) -> list[str]:
    """Every attribute and style of ``page`` that names anything but data or a place in the page itself."""
    scan = _Scan()
    scan.feed(page)
    scan.close()
    return scan.found


class _Scan(HTMLParser):
    """Collects what a browser would load; texts are not looked at, so a name may hold any address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes that load and at inline styles."""
        self._style = tag == "style"
        for name, value in attrs:
            text = (value or "").strip()
            if name in _LOADING and not text.startswith(("data:", "#")):
                self.found.append(f"{tag} {name}={text}")
            if name == "style":
                self.found += _STYLE_LOAD.findall(text)

    def handle_endtag(self, tag: str) -> None:
        """Leave a style sheet."""
        self._style = False

    def handle_data(self, data: str) -> None:
        """Look into style sheets."""
        if self._style:
            self.found += _STYLE_LOAD.findall(data)


def refuse_external(page: str) -> None:
    """Raise ExternalAssetError if the page would load anything."""
    if found := external(page):
        raise ExternalAssetError(f"the report would load {found[0]!r}")
