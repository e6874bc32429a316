"""A drawing of the page as a file of its own: one language, looks as attributes, halos as letters below the letters."""

from __future__ import annotations

import xml.etree.ElementTree as Tree
from collections.abc import Mapping
from copy import deepcopy
from typing import Final

from markupsafe import Markup

from maps.pictures.looks import FAMILY, HALOS, LOOKS

NAMESPACE: Final = "http://www.w3.org/2000/svg"
OTHER: Final = {"zh": "en", "en": "zh"}


def standalone(drawing: Markup, language: str) -> str:
    """``drawing`` (an SVG element in both languages) as an SVG document in one; text stays text, whatever it holds."""
    root = Tree.fromstring(str(drawing))
    _dress(root, OTHER[language])
    root.set("xmlns", NAMESPACE)
    root.set("xml:lang", {"zh": "zh-CN", "en": "en"}[language])
    root.set("font-family", FAMILY)
    return Tree.tostring(root, encoding="unicode") + "\n"


def _dress(element: Tree.Element, hidden: str) -> None:
    """Everything below ``element`` without the class ``hidden``, with looks instead of classes."""
    children = [child for child in element if hidden not in _classes(child)]
    kept: list[Tree.Element] = []
    for child in children:
        classes = _classes(child)
        _dress(child, hidden)
        child.attrib.pop("class", None)
        for name in classes:
            child.attrib.update({key: value for key, value in LOOKS.get(name, {}).items() if key not in child.attrib or name in LOOKS})
        kept += [*_halo(child, classes), child]
    for child in list(element):
        element.remove(child)
    element.extend(kept)


def _halo(text: Tree.Element, classes: list[str]) -> list[Tree.Element]:
    """What lies below the letters of a text on the map."""
    below = next((HALOS[name] for name in classes if name in HALOS), None)
    if below is None:
        return []
    halo = deepcopy(text)
    halo.attrib |= {"fill": below[0], "stroke": below[0], "stroke-width": below[1], "stroke-linejoin": "round", "aria-hidden": "true"}
    return [halo]


def _classes(element: Tree.Element) -> list[str]:
    """The classes of an element."""
    return element.get("class", "").split()


def texts(document: str) -> list[str]:
    """Every text that a picture shows, once per element, without titles and halos."""
    shown = [element for element in Tree.fromstring(document).iter(f"{{{NAMESPACE}}}text") if element.get("aria-hidden") is None]
    return ["".join(element.itertext()) for element in shown]


def replaced(document: str, signs: Mapping[str, str]) -> str:
    """The document with characters of its texts replaced."""
    root = Tree.fromstring(document)
    table = str.maketrans(dict(signs))
    for element in root.iter():
        if element.text:
            element.text = element.text.translate(table)
    Tree.register_namespace("", NAMESPACE)
    return Tree.tostring(root, encoding="unicode")
