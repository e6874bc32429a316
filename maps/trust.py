"""How far the figures of a plan can be trusted, in the one line that stands near its answer."""

from __future__ import annotations

import math

from maps.escape import pair
from maps.figures import percent
from maps.sayings import Pair
from maps.view import ReportView


def assumed(view: ReportView) -> Pair | None:
    """What share of the money rests on figures of grade D; nothing where no grade is known."""
    shares = view.grades.loc[view.grades["grade"] == "D", "share_of_cost"]
    if not len(shares) or not math.isfinite(float(shares.sum())):
        return None
    return pair("assumed", share=percent(float(shares.sum())))
