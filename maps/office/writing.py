"""Writes pictures as PNG, the brief and the slides of a run beside its report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from maps.office import brief, slides
from maps.office.content import content
from maps.pictures import raster
from maps.sayings import Pair
from maps.view import ReportView

MAIN = "zh"  # brief and slides are in Chinese first, so is their map


def write(view: ReportView, question: Pair, documents: Mapping[str, str], folder: Path) -> list[Pair]:
    """Write ``maps/*.png``, ``brief.docx`` and ``slides.pptx`` into ``folder``; returns what has to be said of fonts.

    ``documents``: the pictures as SVG by language, as ``siting.write`` returns them; ``question``: Chinese and English.
    """
    drawn = raster.pictures(documents)
    raster.write(drawn, folder)
    told = content(view, question)
    (folder / brief.NAME).write_bytes(brief.brief(told, drawn.best(MAIN)))
    (folder / slides.NAME).write_bytes(slides.slides(told, drawn.best(MAIN)))
    return list(drawn.remarks)
