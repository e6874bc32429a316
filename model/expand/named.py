"""What the tables of a dataset name: its projects, each with the reason why it cannot be taken, and what its industry is.

A sum of technologies and goods is all that the search behind the plan needs to know of an industry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model.expand.amounts import amount, by_id
from model.expand.finance import money
from model.expand.permissions import Permissions
from model.expand.plants import new_potlines, potlines
from model.expand.retrofits import retrofit_lines
from model.expand.rows import Record, records
from model.tables import Tables

CLOSE, NEW = "close_", "new_potline_"  # options of the swap rules, beside the projects


@dataclass(frozen=True)
class Project:
    """A project by name: the option that it is in the model, the technology and unit it mainly adds, its size in kt a year.

    ``year``: when it can serve (NaN: not stated). ``state``: ``open`` – the plan may take it · ``sunk`` – finished before
    the planning year, so it counts as existing · ``later`` – serves after the planning year · ``restrained``,
    ``not_permitted`` – a clause forbids it · ``excluded`` – the scenario shuts it.
    """

    project: str
    site: str
    technology: str
    unit: str
    size: float
    year: float
    state: str


@dataclass(frozen=True)
class Industry:
    """The technologies of a dataset's industry and the goods that they make."""

    technologies: frozenset[str]
    goods: frozenset[str]


def projects(tables: Tables, core: Tables) -> tuple[Project, ...]:
    """Every row of the projects table in its order, then the closures and new potlines that a swap pool allows."""
    rate = money(tables)
    if "options" not in core or rate is None:
        return ()
    sizes = dict(zip(core["options"]["option"], core["options"]["max_size"], strict=True))
    return (*_of_table(tables, sizes, rate.planning_year), *_of_pools(tables, sizes))


def _of_table(tables: Tables, sizes: dict[str, float], planning_year: float) -> Iterator[Project]:
    technologies, permissions = by_id(tables, "technologies", "technology"), Permissions(tables)
    for row in records(tables, "projects"):
        technology = technologies[row["technology"]]
        state = _state(row, permissions.project(technology["permission"], row).allowed, planning_year)
        if state == "open" and sizes.get(row["project"], 0.0) == 0:
            state = "excluded"
        size = amount("projects", row, "size")
        yield Project(row["project"], row["site"], row["technology"], technology["unit"], size, float(row["year"]), state)


def _state(row: Record, allowed: bool, planning_year: float) -> str:
    if row["status"] == "under_construction" and row["year"] < planning_year:
        return "sunk"
    if row["status"] == "restrained":
        return "restrained"
    if not allowed:
        return "not_permitted"
    return "later" if row["year"] > planning_year else "open"


def _of_pools(tables: Tables, sizes: dict[str, float]) -> Iterator[Project]:
    for prefix, key, lines in ((CLOSE, "plant", potlines(tables)), (NEW, "site", new_potlines(tables))):
        for line in lines:
            option = f"{prefix}{line.row[key]}"
            if sizes.get(option, 0.0) > 0:
                yield Project(option, line.site, line.technology, line.unit, sizes[option], float("nan"), "open")


def industry(tables: Tables, core: Tables) -> Industry:
    """The technologies of the technologies, plants and new potlines tables, and every good that a recipe of theirs makes."""
    names = {str(row["technology"]) for row in records(tables, "technologies")}
    old = potlines(tables)
    names |= {line.technology for line in (*old, *retrofit_lines(tables, old), *new_potlines(tables))}
    made = {str(row["commodity"]) for row in records(core, "recipes") if row["technology"] in names and row["quantity"] > 0}
    return Industry(frozenset(names), frozenset(made))
