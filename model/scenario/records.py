"""What a scenario is in memory; every part remembers the file and line it was written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from model.problems import Problems

COST: Final = "cost"  # the objective's name for money; other names are indicators
EVERY: Final = "*"  # a lock on every technology of a site
State = Literal["required", "excluded", "fixed"]
Action = Literal["set", "scale", "add", "remove"]
Cell = str | float


@dataclass(frozen=True)
class Spot:
    """Where something stands in a scenario: file, line, and path of keys.

    The line is that of the innermost key on the path that has one of its own (``lines``: path → line), else of the heading.
    """

    file: str
    row: int
    path: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def at(self, *keys: str) -> Spot:
        """The spot inside this one of the first of ``keys`` that is written, else of the first one."""
        paths = [f"{self.path}.{key}" if self.path else key for key in keys]
        path = next((path for path in paths if path in self.lines), paths[0])
        parts = path.split(".")
        written = (self.lines[place] for place in (".".join(parts[:count]) for count in range(len(parts), 0, -1)) if place in self.lines)
        return Spot(self.file, next(written, self.row), path, self.lines)

    def add(self, problems: Problems, rule: str, value: object = "", suggestion: str = "", **facts: Any) -> None:
        """Report a problem here."""
        problems.add(rule, file=self.file, row=self.row, column=self.path, value=value, suggestion=suggestion, **facts)


@dataclass(frozen=True)
class Change:
    """One ``[[change]]``: what happens (``action``) to the rows of ``table`` whose cells are among those of ``where``.

    ``values``: new cells by column (set, add) or factors by column (scale). ``refused``: something in it was reported; what is left of it
    serves to find further mistakes in the same pass, never a run.
    """

    table: str
    action: Action
    where: Mapping[str, tuple[Cell, ...]]
    values: Mapping[str, Cell]
    spot: Spot
    refused: bool = False


@dataclass(frozen=True)
class Lock:
    """One ``[[lock]]`` as written: ``site`` in any of its names, ``technology`` or ``*``, ``size`` in core units."""

    site: str
    technology: str
    state: State
    size: float | None
    spot: Spot


@dataclass(frozen=True)
class MapSetting:
    """What a scenario says of its map: the user's own boundary layer, its coordinate system, its 审图号 and the line of caution by language.

    ``boundary`` is a path as the file system takes it, "" for the outlines that come with the program.
    """

    boundary: str = ""
    crs: str = ""
    number: str = ""
    notice: Mapping[str, str] = field(default_factory=dict)
    spot: Spot = Spot("", 0, "map")


@dataclass(frozen=True)
class Scenario:
    """A scenario with its bases resolved: changes of the base first, the rest overridden key by key.

    ``objective``: weight of ``cost`` (million yuan) and of indicators (million yuan per unit of the indicator).
    ``question``: what it answers, by language; ``clauses``: ids of the policy clauses it is about;
    ``sections``: what its report carries beyond the plan.
    ``origins``: for ``data``, ``title.zh``, ``objective``, ``solver.mip_gap`` … the file that said so last.
    """

    name: str
    path: Path
    data: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    question: Mapping[str, str] = field(default_factory=dict)
    clauses: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    locks: tuple[Lock, ...] = ()
    objective: Mapping[str, float] = field(default_factory=lambda: {COST: 1.0})
    solver: Mapping[str, Cell] = field(default_factory=dict)
    map: MapSetting = MapSetting()
    chain: tuple[str, ...] = ()
    origins: Mapping[str, Spot] = field(default_factory=dict)


@dataclass(frozen=True)
class ValueChange:
    """One changed cell: its table, the key of its row, old and new value, who changed it and where the row came from.

    ``action`` "add" has no old value, "remove" stands once per row without column and new value.
    """

    table: str
    key: str
    column: str
    old: Cell
    new: Cell
    action: Action
    spot: Spot
    origin: str


Changes = list[ValueChange]
