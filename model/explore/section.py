"""A section that a report carries beyond its plan: one written question and its answer from further verified plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from model.explore.journal import Pair


@dataclass(frozen=True)
class Section:
    """``kind``: how a report draws it; ``name``: unique in the run, also its file name.

    ``sentences``: the answer line by line; ``facts``: for JSON; ``tables``: name → rows, for CSV and for drawing.
    """

    name: str
    kind: str
    title: Pair
    question: Pair
    sentences: tuple[Pair, ...]
    facts: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
