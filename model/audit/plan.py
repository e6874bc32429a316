"""What is audited: a plan as published, its tables brought onto the positions of the program, and what a check says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.audit.program import Floats, Key

Frames = dict[str, pd.DataFrame]
Label = tuple[str, Key]  # family and key


@dataclass(frozen=True)
class Check:
    """One test of a plan: its largest residual, the place of it and whether it passes."""

    name: str
    residual: float
    tolerance: float
    place: str

    @property
    def passed(self) -> bool:
        """Whether the residual is within tolerance."""
        return bool(self.residual <= self.tolerance)


@dataclass(frozen=True)
class Plan:
    """A plan as published.

    ``values`` per column family: key columns and ``value``. ``duals`` per row family: key columns and ``raw``, the
    change of the objective per unit of the right-hand side (of a mixed-integer program: given its integers); tables
    without ``raw`` hold ``value``, the price per real unit of that year (R20). Only for a mixed-integer program:
    ``relaxed``, the duals of its linear relaxation, ``bound``, the lower bound the solver claims, and ``gap``, the
    relative gap it claims. ``status`` is ``optimal`` (then the gap is at most ``allowed_gap``) or ``feasible``.
    ``indicators``: indicator, group, value as reported (NaN: a ratio by nothing); None where none are reported yet.
    """

    values: Frames
    duals: Frames
    objective: float
    relaxed: Frames | None = None
    bound: float | None = None
    status: str = "optimal"
    gap: float | None = None
    allowed_gap: float = 0.0
    indicators: pd.DataFrame | None = None


@dataclass(frozen=True)
class Placed:
    """Published numbers in the order of the program (NaN where none is published) and what did not fit into it."""

    numbers: Floats
    found: npt.NDArray[np.bool_]
    foreign: dict[str, float]  # name → number
    doubled: tuple[str, ...]


def name(label: Label) -> str:
    """How a column or row is called before the reader."""
    return f"{label[0]}({', '.join(label[1])})"


def place(frames: Mapping[str, pd.DataFrame], order: tuple[Label, ...], keys: Mapping[str, Key], cell: str) -> Placed:
    """The column ``cell`` of ``frames``, family by family, by position in ``order``."""
    positions = {label: position for position, label in enumerate(order)}
    numbers, counts = np.full(len(order), math.nan), np.zeros(len(order), dtype=int)
    foreign: dict[str, float] = {}
    for family, frame in frames.items():
        columns = [map(str, frame[column].to_numpy(dtype=object).tolist()) for column in keys.get(family, frame.columns.drop(cell))]
        labels = [(family, key) for key in zip(*columns, strict=True)]
        values = frame[cell].to_numpy(float)
        at = np.array([positions.get(label, -1) for label in labels], dtype=int)
        numbers[at[at >= 0]] = values[at >= 0]
        counts += np.bincount(at[at >= 0], minlength=len(order))
        foreign |= {name(labels[row]): float(values[row]) for row in np.flatnonzero(at < 0)}
    return Placed(numbers, counts > 0, foreign, marked(counts > 1, order))


def marked(mask: npt.NDArray[np.bool_], order: tuple[Label, ...]) -> tuple[str, ...]:
    """The names of the positions that ``mask`` marks."""
    return tuple(name(order[at]) for at in np.flatnonzero(mask))


def worst(check: str, residual: Floats, tolerance: float, order: tuple[Label, ...]) -> Check:
    """The check whose residual is the largest of one per position; a NaN is worse than any number."""
    if not len(residual):
        return Check(check, 0.0, tolerance, "")
    residual = np.where(np.isnan(residual), math.inf, residual)
    at = int(np.argmax(residual))
    return Check(check, float(residual[at]), tolerance, name(order[at]) if residual[at] > 0.0 else "")


def counted(check: str, faults: tuple[str, ...]) -> Check:
    """The check that finds no fault at all; the first of them is its place."""
    return Check(check, float(len(faults)), 0.0, faults[0] if faults else "")
