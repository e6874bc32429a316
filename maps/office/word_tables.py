"""The tables of the brief: goals and parks, each with a heading, heads repeated on a new page, and names that are wrapped, never cut."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.shared import Pt

from maps.escape import pair
from maps.figures import number
from maps.goal_rows import goal_heading
from maps.office import word_parts as parts
from maps.office.content import Content, said, with_unit
from maps.office.fitting import MARGIN, narrowed
from maps.office.typefaces import INK, PALE, SOFT
from maps.placing import text_width
from maps.sayings import Pair, plain

CENTIMETRE: Final = 72 / 2.54  # points
WIDE: Final = 17.4 * CENTIMETRE  # of every table
ROW: Final = 12.5  # points of a line
AROUND: Final = 12.0  # points beside the text of a cell
ENTRY: Final = (8.5, 6.5, 6.0, 5.5)  # points of Chinese letters, and of English ones as they fit beside them
PARK: Final = 5.4 * CENTIMETRE
GOAL: Final = tuple(CENTIMETRE * wide for wide in (9.3, 1.7, 3.0, 1.4, 2.0))


@dataclass(frozen=True)
class WordTable:
    """Heads, rows and widths in points; the first column and those named in ``texts`` stand left, ``left`` says how many rows do not fit."""

    heading: Pair
    heads: Sequence[Pair]
    rows: Sequence[Sequence[Pair]]
    widths: Sequence[float]
    left: str
    texts: tuple[int, ...] = (0,)

    def lines(self, rows: int) -> int:
        """Lines that the heads and the first ``rows`` rows take."""
        return _lines(self.heads, self.widths) + sum(_lines(row, self.widths) for row in self.rows[:rows])

    def write(self, document: Any, room: int) -> int:
        """Write the heads and as many rows as take ``room`` lines; returns how many."""
        table = document.add_table(rows=1, cols=len(self.heads))
        for at, (cell, head) in enumerate(zip(table.rows[0].cells, self.heads, strict=True)):
            parts.shade(cell, PALE)
            _entry(cell, head, self.widths[at], right=at not in self.texts, bold=True)
        parts.ruled(table)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        rows = sum(total <= room for total in accumulate(_lines(row, self.widths) for row in self.rows))
        for row in self.rows[:rows]:
            for at, (cell, texts) in enumerate(zip(table.add_row().cells, row, strict=True)):
                _entry(cell, texts, self.widths[at], right=at not in self.texts)
        table.autofit = False
        for column, wide in zip(table.columns, self.widths, strict=True):
            column.width = Pt(wide)
            for cell in column.cells:
                cell.width = Pt(wide)
        return rows


def goals_table(content: Content) -> WordTable:
    """Every goal with what is reached, the share and whether it is met, the farthest first."""
    heads = [pair(f"col_{key}") for key in ("goal", "reached", "target", "share", "verdict")]
    rows = [
        (goal.named, plain(goal.reached), (goal.with_unit, ""), plain(goal.percent), (goal.verdict[0], ""))
        for goal in content.goals
    ]
    return WordTable(goal_heading(content.goals), heads, rows, GOAL, "goals_left", (0, 4))


def parks_table(content: Content) -> WordTable:
    """Capacity by park and stage after the plan, with what is added and closed."""
    heads = [said("park"), *(pair(f"stage_{stage}") for stage in content.stages), said("added"), said("closed")]
    rows = []
    for row in content.parks.to_dict("records"):
        values = [number(row[name]) if abs(float(row[name])) > 0 else "·" for name in (*content.stages, "added", "closed")]
        rows.append(((str(row["zh"]), str(row["en"])), *map(plain, values)))
    widths = [PARK, *([(WIDE - PARK) / (len(heads) - 1)] * (len(heads) - 1))]
    return WordTable(with_unit(said("parks"), pair("unit_kt_yr")), heads, rows, widths, "parks_left")


def _entry(cell: Any, texts: Pair, wide: float, *, right: bool, bold: bool = False) -> None:
    """A cell: Chinese, and English in smaller letters after it; what is too long for one line goes on in the next."""
    place = parts.first_paragraph(cell, 9)
    place.alignment = 2 if right else 0
    zh, en = texts[0] or texts[1], texts[1]
    parts.say(place, zh, ENTRY[0], INK, bold=bold)
    if en and en != zh:
        parts.say(place, f" {en}", narrowed(en, ENTRY[1:], wide - AROUND - text_width(f"{zh} ", ENTRY[0])), SOFT)


def _lines(row: Sequence[Pair], widths: Sequence[float]) -> int:
    """Lines that a row takes: those of its longest cell."""
    found = 1
    for (zh, en), wide in zip(row, widths, strict=True):
        room, first, other = wide - AROUND, text_width(zh or en, ENTRY[0]), f" {en}" if zh and en and en != zh else ""
        second = text_width(other, narrowed(other, ENTRY[1:], room - first))
        found = max(found, math.ceil(MARGIN * (first + second) / room))
    return found
