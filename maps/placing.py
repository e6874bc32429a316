"""Putting circles and labels where they do not cover each other, the same way every time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from maps.geography import Point

ROUNDS: Final = 200
SIDES: Final = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.75, -0.75), (-0.75, -0.75), (0.75, 0.75), (-0.75, 0.75))


@dataclass(frozen=True)
class Circle:
    """A round glyph in pixels."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Box:
    """A label's rectangle in pixels."""

    left: float
    top: float
    width: float
    height: float

    def overlap(self, other: Box) -> float:
        """Shared area in square pixels."""
        wide = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        high = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, high)

    def within(self, width: float, height: float) -> bool:
        """Whether the box lies inside a page of this size."""
        return self.left >= 0 and self.top >= 0 and self.left + self.width <= width and self.top + self.height <= height


@dataclass(frozen=True)
class Label:
    """Where a label stands; ``side`` < 0 left of its glyph (text ends there), > 0 right of it, 0 above or below."""

    box: Box
    side: float

    @property
    def anchor(self) -> tuple[float, str]:
        """x and the SVG text-anchor, so that texts of any length hug the glyph."""
        if self.side > 0:
            return self.box.left, "start"
        if self.side < 0:
            return self.box.left + self.box.width, "end"
        return self.box.left + self.box.width / 2, "middle"


def text_width(text: str, size: float) -> float:
    """Width of ``text`` in pixels: a full square for Chinese characters, 0.56 of it for others."""
    return sum(size if ord(sign) > 0x2E7F else 0.56 * size for sign in text)


def spread(circles: Sequence[Circle], gap: float = 2.0) -> list[Circle]:
    """The circles pushed apart until none touches another; each stays as near to its place as the others allow."""
    places = [[circle.x, circle.y] for circle in circles]
    for _ in range(ROUNDS):
        moved = False
        for i, first in enumerate(circles):
            for j in range(i + 1, len(circles)):
                moved |= _push(places[i], places[j], first.radius, circles[j].radius, gap, i + j)
        if not moved:
            break
    return [Circle(x, y, circle.radius) for (x, y), circle in zip(places, circles, strict=True)]


def _push(first: list[float], second: list[float], radius: float, other: float, gap: float, turn: int) -> bool:
    """Move two circles apart if they touch; the larger one moves less."""
    dx, dy = second[0] - first[0], second[1] - first[1]
    apart = math.hypot(dx, dy)
    lack = radius + other + gap - apart
    if lack <= 1e-6:
        return False
    if apart < 1e-9:
        dx, dy, apart = math.cos(turn * 2.4), math.sin(turn * 2.4), 1.0
    share = other**2 / (radius**2 + other**2)
    for place, part in ((first, -lack * share), (second, lack * (1 - share))):
        place[0] += part * dx / apart
        place[1] += part * dy / apart
    return True


def label_box(circle: Circle, side: tuple[float, float], width: float, height: float) -> Box:
    """The rectangle of a label that stands on one side of a glyph."""
    reach = circle.radius + 3
    centre_x = circle.x + side[0] * reach + (side[0] > 0) * width / 2 - (side[0] < 0) * width / 2
    centre_y = circle.y + side[1] * reach + (side[1] > 0) * height / 2 - (side[1] < 0) * height / 2
    return Box(centre_x - width / 2, centre_y - height / 2, width, height)


def place(
    wanted: Sequence[tuple[Circle, float, float, bool]], obstacles: Iterable[Box], page: Point
) -> list[Label | None]:
    """A label for each (glyph, width, height, must be shown), in order of importance.

    Each takes the side with the least overlap; labels that need not be shown are dropped rather than overlap.
    """
    taken = list(obstacles)
    result: list[Label | None] = []
    for circle, width, height, needed in wanted:
        boxes = [label_box(circle, side, width, height) for side in SIDES]
        costs = [sum(box.overlap(other) for other in taken) + (0 if box.within(*page) else 1e6) for box in boxes]
        best = min(range(len(boxes)), key=costs.__getitem__)
        if costs[best] > 0 and not needed:
            result.append(None)
            continue
        taken.append(boxes[best])
        result.append(Label(boxes[best], SIDES[best][0]))
    return result


def circle_box(circle: Circle) -> Box:
    """The square around a glyph, slightly smaller because its corners are empty."""
    half = 0.9 * circle.radius
    return Box(circle.x - half, circle.y - half, 2 * half, 2 * half)
