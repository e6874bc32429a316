"""Writes report and workbook of a run into its folder; the only door of maps/ that run.py opens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from maps import report, workbook
from maps.assemble import assemble
from maps.base_line import base_line, write_cards
from maps.cards import amounts
from model import words
from model.explore.history import FINDINGS
from model.pipeline import Run


def write(run: Run, folder: Path) -> list[tuple[str, str]]:
    """Write ``report.html``, ``results.xlsx`` and ``tables/findings.csv`` into ``folder``; returns the headline sentences (Chinese, English)."""
    view = replace(assemble(run), base=base_line(run, folder.parent))
    report.write(view, folder)
    workbook.write(view, folder)
    (folder / "tables").mkdir(exist_ok=True)
    write_cards(amounts(view), folder)
    pd.DataFrame(view.sentences, columns=list(words.LANGUAGES)).to_csv(folder / "tables" / FINDINGS, index=False, encoding="utf-8-sig")
    return view.sentences
