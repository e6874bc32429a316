"""Where the cases of a study start: each from the basis of a case near it, which is reached from the basis of the base.

The simplex takes as many steps as the basis differs. Of n cases about √n are anchors, far from one another: the more cases, the
nearer the next anchor (measured: 200 cases of three inputs take 18 instead of 26 ms each at 24 k nonzeros, 60 on the shipped
dataset 63 instead of 97). Which case starts where follows from the study alone, not from who solves it or what was solved before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.compile import Floats

Place = Mapping[str, float]


@dataclass(frozen=True)
class Anchors:
    """Cases from whose bases others start: ``values`` of the inputs in the order of ``names`` (anchor × input), ``widths`` of their ranges."""

    names: tuple[str, ...]
    values: Floats
    widths: Floats

    def nearest(self, place: Place) -> int:
        """Number of the anchor that is nearest, in shares of the ranges; the first of those equally near."""
        here = np.array([place[name] for name in self.names])
        return int(np.argmin(_distances(self.values, here, self.widths)))

    def place(self, number: int) -> dict[str, float]:
        """The place of an anchor."""
        return dict(zip(self.names, self.values[number].tolist(), strict=True))


def anchors_among(places: Sequence[Place]) -> Anchors:
    """√n of the places: the one nearest to their mean, then always the one that is farthest from all that were chosen."""
    names = tuple(places[0])
    values = np.array([[place[name] for name in names] for place in places])
    widths = np.ptp(values, axis=0)
    widths[widths == 0] = 1.0
    chosen = [int(np.argmin(_distances(values, values.mean(axis=0), widths)))]
    nearest = np.full(len(places), np.inf)
    for _ in range(math.ceil(math.sqrt(len(places))) - 1):
        nearest = np.minimum(nearest, _distances(values, values[chosen[-1]], widths))
        chosen.append(int(np.argmax(nearest)))
    return Anchors(names, values[chosen], widths)


def _distances(values: Floats, here: Floats, widths: Floats) -> Floats:
    found: Floats = np.square((values - here) / widths).sum(axis=1)
    return found
