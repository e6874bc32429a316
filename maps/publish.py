"""Writes report, workbook and pictures of a run into its folder; the only door of maps/ that run.py opens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from maps import report, workbook
from maps.assemble import assemble
from maps.base_line import base_line, write_cards
from maps.cards import amounts
from maps.pictures import siting
from model import words
from model.explore.history import FINDINGS
from model.pipeline import Run


def write(run: Run, folder: Path, *, office: bool = False, language: str | None = None) -> list[tuple[str, str]]:
    """Write report.html, results.xlsx, maps/*.svg and tables/findings.csv into ``folder``; returns what to say (Chinese, English).

    ``office``: also maps/*.png, brief.docx and slides.pptx, for which the packages of the extra ``office`` have to be
    installed; ``language``: in which the page opens, Chinese where none was asked for.
    Said are the headline sentences, then how to get those files, or what is missing of their fonts.
    """
    view = replace(assemble(run), base=base_line(run, folder.parent), language=language or "zh")
    report.write(view, folder)
    workbook.write(view, folder)
    documents = siting.write(view, folder)
    (folder / "tables").mkdir(exist_ok=True)
    write_cards(amounts(view), folder)
    pd.DataFrame(view.sentences, columns=list(words.LANGUAGES)).to_csv(folder / "tables" / FINDINGS, index=False, encoding="utf-8-sig")
    if not office:
        return [*view.sentences, *([siting.said("svg_only")] if documents else [])]
    from maps.office import writing  # its packages belong to an extra

    asked = run.prepared.scenario.question
    return [*view.sentences, *writing.write(view, (asked.get("zh", ""), asked.get("en", "")), documents, folder)]
