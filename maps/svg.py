"""Pieces of SVG as safe markup: numbers shortened, texts escaped, two languages side by side."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from maps.escape import shown
from maps.geography import Point


def element(name: str, content: object = "", /, **attributes: object) -> Markup:
    """``<name …>content</name>``; underscores in attribute names become dashes, ``class_`` is ``class``.

    Content that is not markup is escaped. Attributes that are None are left out.
    """
    cells = [
        f' {key.rstrip("_").replace("_", "-")}="{shown(_short(value))}"' for key, value in attributes.items() if value is not None
    ]
    body = content if isinstance(content, Markup) else shown(content)
    return Markup(f"<{name}{''.join(cells)}>{body}</{name}>" if body else f"<{name}{''.join(cells)}/>")


def _short(value: object) -> object:
    """Numbers with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def join(parts: Iterable[Markup]) -> Markup:
    """The parts one after the other."""
    return Markup("").join(parts)


def text(x: float, y: float, chinese: object, english: object | None = None, /, **attributes: object) -> Markup:
    """A text in both languages (one text if they are equal or ``english`` is None)."""
    zh, en = shown(chinese), shown(chinese if english is None else english)
    classes = str(attributes.pop("class_", ""))
    if zh == en:
        return element("text", zh, x=x, y=y, class_=classes or None, **attributes)
    return element("text", zh, x=x, y=y, class_=f"zh {classes}".strip(), **attributes) + element(
        "text", en, x=x, y=y, class_=f"en {classes}".strip(), **attributes
    )


def path(points: Iterable[Point], closed: bool = False) -> str:
    """The ``d`` of a polyline with one decimal."""
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + ("Z" if closed else "")


def picture(width: float, height: float, content: Markup, /, **attributes: object) -> Markup:
    """A drawing that scales with the page."""
    box = f"0 0 {width:.0f} {height:.0f}"
    return element("svg", content, viewBox=box, role="img", **attributes)
