"""Pieces of a Word document: paragraphs with lines of a stated height, runs with East Asian fonts, headings, lists, grounds and rules."""

from __future__ import annotations

from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from maps.office.fitting import LEADING, Sizes
from maps.office.typefaces import ACCENT, EAST_ASIAN, INK, LATIN, LINE, SOFT
from maps.sayings import Pair

GAP: Final = 4.0  # points after a sentence


def paragraph(place: Any, size: float, after: float = 0.0) -> Any:
    """A paragraph whose lines have a stated height, so that it takes the same room with any typeface."""
    found = place.add_paragraph()
    form = found.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(after), Pt(LEADING * size)
    return found


def say(place: Any, text: str, size: float, colour: str = INK, *, bold: bool = False) -> None:
    """One run with its typeface for East Asian letters."""
    run = place.add_run(" ".join(text.split("\n")))
    run.font.name, run.font.size, run.font.bold, run.font.color.rgb = LATIN, Pt(size), bold, RGBColor.from_string(colour)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), EAST_ASIAN)


def both(place: Any, texts: Pair, sizes: tuple[float, float], colour: str, *, bold: bool = False) -> None:
    """Chinese, and English below it where it says something else."""
    zh, en = texts[0] or texts[1], texts[1] or texts[0]
    say(paragraph(place, sizes[0]), zh, sizes[0], colour, bold=bold)
    if en != zh:
        say(paragraph(place, sizes[1], after=3), en, sizes[1], SOFT)


def label(document: Any, texts: Pair) -> None:
    """A heading in the document's structure, so that outlines and screen readers find it."""
    place = paragraph(document, 11, after=2)
    place.style = document.styles["Heading 2"]
    place.paragraph_format.space_before = Pt(7)
    say(place, texts[0], 11, ACCENT, bold=True)
    say(place, f"  {texts[1]}", 8.5, SOFT)


def listed(document: Any, texts: list[Pair], size: Sizes) -> None:
    """The pairs below each other, each with a mark before it."""
    for zh, en in texts:
        place = paragraph(document, size[0], after=0 if zh != en else GAP)
        place.paragraph_format.left_indent, place.paragraph_format.first_line_indent = Pt(12), Pt(-12)
        place.paragraph_format.tab_stops.add_tab_stop(Pt(12))
        say(place, "▪\t", size[0], ACCENT)
        say(place, zh or en, size[0])
        if zh != en:
            below = paragraph(document, size[1], after=GAP)
            below.paragraph_format.left_indent = Pt(12)
            say(below, en, size[1], SOFT)


def first_paragraph(cell: Any, size: float) -> Any:
    """The paragraph that a new cell has."""
    found = cell.paragraphs[0]
    found.paragraph_format.space_after, found.paragraph_format.line_spacing = Pt(0), Pt(LEADING * size)
    return found


def shade(cell: Any, colour: str) -> None:
    """Fill the ground of a cell."""
    ground = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        ground.set(qn(name), value)
    cell._element.get_or_add_tcPr().append(ground)


def ruled(table: Any) -> None:
    """Thin lines between the rows of a table."""
    borders = OxmlElement("w:tblBorders")
    for edge in ("w:bottom", "w:insideH"):
        line = OxmlElement(edge)
        for name, value in (("w:val", "single"), ("w:sz", "4"), ("w:space", "0"), ("w:color", LINE)):
            line.set(qn(name), value)
        borders.append(line)
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def rule(place: Any, colour: str) -> None:
    """A line below a paragraph."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("w:val", "single"), ("w:sz", "10"), ("w:space", "3"), ("w:color", colour)):
        line.set(qn(name), value)
    borders.append(line)
    place._element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
