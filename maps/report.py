"""Writing the report page."""

from __future__ import annotations

from pathlib import Path

from maps.page import page
from maps.view import ReportView

NAME = "report.html"


def write(view: ReportView, out: Path) -> None:
    """Write ``report.html`` into the folder ``out``; the same view gives the same bytes.

    Raises ExternalAssetError if the page would load anything, UnequalPartsError if a waterfall misses its total.
    """
    (out / NAME).write_text(page(view), encoding="utf-8", newline="\n")
