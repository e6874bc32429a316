"""Writes report and workbook of a run into its folder; the only door of maps/ that run.py opens."""

from __future__ import annotations

from pathlib import Path

from maps import report, workbook
from maps.assemble import assemble
from model.pipeline import Run


def write(run: Run, folder: Path) -> list[tuple[str, str]]:
    """Write ``report.html`` and ``results.xlsx`` into ``folder``; returns the headline sentences (Chinese, English)."""
    view = assemble(run)
    report.write(view, folder)
    workbook.write(view, folder)
    return view.sentences
