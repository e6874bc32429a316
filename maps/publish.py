"""Writes report, workbook and pictures of a run into its folder; the only door of maps/ that run.py opens."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from maps import report, workbook
from maps.assemble import assemble
from maps.pictures import siting
from model import words
from model.explore.history import FINDINGS
from model.pipeline import Run


def write(run: Run, folder: Path) -> list[tuple[str, str]]:
    """Write report.html, results.xlsx, maps/*.svg and tables/findings.csv into ``folder``; returns the headline sentences (Chinese, English)."""
    view = assemble(run)
    report.write(view, folder)
    workbook.write(view, folder)
    siting.write(view, folder)
    (folder / "tables").mkdir(exist_ok=True)
    pd.DataFrame(view.sentences, columns=list(words.LANGUAGES)).to_csv(folder / "tables" / FINDINGS, index=False, encoding="utf-8-sig")
    return view.sentences
