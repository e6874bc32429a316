"""What a table is: its columns with type, unit, range, key and references, declared once per table."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["id", "text", "number", "choice"]


class Required:
    """Marker: a blank cell of this column is an error (rule R16)."""


REQUIRED: Final = Required()
NONE: Final = math.nan  # a blank number that means "no bound" or "not stated"
Blank = str | float | Required


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``unit`` is the unit in which people write the numbers ("" = taken as they stand, rule R19); ``blank`` is the value
    a blank cell or an absent column takes; ``choices`` are the words that may stand there; ``refers`` names the
    table.column that must hold the id; ``wildcard`` allows ``*`` there; ``many`` lets a cell hold several entries,
    separated by semicolons, each of which must be one of the choices or known ids.
    """

    name: str
    kind: Kind
    blank: Blank = REQUIRED
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    refers: str = ""
    wildcard: bool = False
    many: bool = False
    zh: str = ""
    en: str = ""

    def entries(self, cell: str) -> tuple[str, ...]:
        """What stands in ``cell``, entry by entry; one blank entry where it is blank."""
        return (listed(cell) or ("",)) if self.many else (cell,)

    @property
    def required(self) -> bool:
        """Whether the column must be present and filled."""
        return isinstance(self.blank, Required)


def listed(cell: str) -> tuple[str, ...]:
    """The entries of a cell that holds a list separated by semicolons, ordinary or full-width."""
    return tuple(part.strip() for part in cell.replace("\uff1b", ";").split(";") if part.strip())


@dataclass(frozen=True)
class Range:
    """The columns ``low`` and ``high`` between which the source puts the number in ``value``; either may be blank."""

    value: str
    low: str = "low"
    high: str = "high"


@dataclass(frozen=True)
class RangeOf:
    """Rows whose low and high bound a number of another ``table``: in the row with the same ``id``, the column named in ``column``."""

    table: str
    id: str
    column: str


PROVENANCE = (
    Column("source", "text", "", zh="来源", en="source"),
    Column("grade", "choice", "", choices=("", "A", "B", "C", "D"), zh="等级", en="grade A–D"),
    Column("note", "text", "", zh="说明", en="note"),
)


@dataclass(frozen=True)
class TableSpec:
    """One table: its columns, the columns that make a row unique (``key``), and whether it is a core table.

    ``ranges`` say which columns hold the range of which number, so that a number outside its own range is noticed.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    core: bool = False
    zh: str = ""
    en: str = ""
    ranges: tuple[Range, ...] = ()
    range_of: RangeOf | None = None
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Append the provenance columns that every table may carry."""
        object.__setattr__(self, "columns", self.columns + PROVENANCE)
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})
