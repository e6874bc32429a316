"""Which question "why here, why not there" can be asked of a dataset: every technology at every park, with the option that it would be.

A generic technology that the tables do not offer at a park is asked at a study size, under the name its expansion would
have; whether it may be built, and which clause says so, is its ``state``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from model.case.columns import core_table
from model.expand.amounts import amount, by_id
from model.expand.named import CLOSE, NEW, Project, projects
from model.expand.permissions import FREE, Permissions
from model.expand.plants import new_potlines, potlines
from model.expand.rows import Record, records
from model.tables import Tables, frame, merged

STUDY_SIZE = 100.0  # kt a year of a new plant whose typical size plant_sizes does not state: an assumption, grade D
PARK = "park"
EXPANSION, ANYWHERE = "expand_", "*"


@dataclass(frozen=True)
class Candidate:
    """A technology at a site and the option that would build it (blank: none), at ``size`` kt a year (NaN: not stated).

    ``state``: ``open`` – the plan may take it · ``study`` – permitted, but offered by no table: asked at a study size ·
    ``not_permitted``, ``restrained`` – a clause forbids it · ``unlisted`` – no row of ``permissions`` names the place ·
    ``pool_shut`` – no new potlines in the swap pool · ``later`` – serves after the planning year · ``sunk`` – stands
    already · ``excluded`` – the scenario shuts it · ``existing`` – stands already, no option adds to it · ``follows`` –
    needs no plant of its own · ``not_offered`` – ``table`` has no row for it.
    """

    site: str
    technology: str
    option: str = ""
    size: float = math.nan
    state: str = "open"
    clause: str = ""
    table: str = ""


def parks(core: Tables) -> tuple[str, ...]:
    """The sites of kind park in their order, or every site with an activity or an option where no table says which are parks."""
    found = tuple(str(row["site"]) for row in records(core, "sites") if row["kind"] == PARK)
    named = [*core_table(core, "tech_sites")["site"], *core_table(core, "options")["site"]]
    return found or tuple(dict.fromkeys(str(site) for site in named if site))


def technologies(tables: Tables, core: Tables) -> tuple[str, ...]:
    """Every technology of the technologies table, or of core rows where there is no such table."""
    own = [str(row["technology"]) for row in records(tables, "technologies")] or core_table(core, "tech_sites")["technology"]
    return tuple(dict.fromkeys(str(name) for name in own))


def candidates(tables: Tables, core: Tables, sites: Collection[str], chosen: Collection[str]) -> tuple[Candidate, ...]:
    """At least one candidate for every site of ``sites`` and technology of ``chosen``; a process of potlines gives one for each of its lines.

    ``tables``: the dataset after the scenario; ``core``: its core rows with the scenario's locks.
    """
    dataset = "technologies" in tables and len(tables["technologies"]) > 0
    asker = _Dataset(tables, core) if dataset else None
    return tuple(
        found for site in sites for technology in chosen
        for found in (asker.at(site, technology) if asker else _of_core(core, site, technology))
    )


class _Dataset:
    """The convenience tables of a dataset, asked park by park."""

    def __init__(self, tables: Tables, core: Tables) -> None:
        self.rows = by_id(tables, "technologies", "technology")
        self.named: tuple[Project, ...] = projects(tables, core)
        self.permissions = Permissions(tables)
        self.plans: dict[str, Record] = {row["project"]: row for row in records(tables, "projects")}
        self.typical = {row["technology"]: amount("plant_sizes", row, "typical_size") for row in records(tables, "plant_sizes")}
        self.largest = dict(zip(core_table(core, "options")["option"], core_table(core, "options")["max_size"], strict=True))
        self.recipes = {(row["technology"], row["site"]) for row in records(tables, "technology_recipes")}
        self.old, self.new = potlines(tables), new_potlines(tables)
        self.processes = {line.process: "plants" for line in self.old} | {line.process: "new_potlines" for line in self.new}
        self.pool = next((row["clause"] for row in records(tables, "swap_pools")), "")

    def at(self, site: str, technology: str) -> Iterator[Candidate]:
        """The candidates of one pair."""
        lines = [line for line in (*self.old, *self.new) if technology in (line.technology, line.process) and line.site == site]
        if technology in self.processes and not lines:
            yield Candidate(site, technology, state="not_offered", table=self.processes[technology])
        for line in lines:
            yield self._new_line(site, line.technology, line.row) if line in self.new else Candidate(site, line.technology, state="existing")
        if technology in self.rows and technology not in self.processes:
            yield from self._generic(site, technology)

    def _new_line(self, site: str, technology: str, row: Record) -> Candidate:
        option, largest = f"{NEW}{site}", amount("new_potlines", row, "max_size")
        state = "open" if self.largest.get(option, 0.0) > 0 else "pool_shut"
        return Candidate(site, technology, option, min(largest, self.typical.get(row["technology"], largest)), state, self.pool)

    def _generic(self, site: str, technology: str) -> Iterator[Candidate]:
        row = self.rows[technology]
        if not self.recipes & {(technology, site), (technology, ANYWHERE)}:
            yield Candidate(site, technology, state="not_offered", table="technology_recipes")
            return
        if not row["unit"]:
            yield Candidate(site, technology, state="follows")
            return
        for project in self.named:
            if (project.site, project.technology) == (site, technology) and not project.project.startswith((CLOSE, NEW)):
                clause = self.permissions.project(row["permission"], self.plans[project.project]).clause
                yield Candidate(site, technology, project.project, project.size, project.state, clause)
        verdict, option = self.permissions.verdict(row["permission"], site), f"{EXPANSION}{technology}_{site}"
        largest = self.largest.get(option, math.nan)
        state = "open" if largest > 0 else "excluded" if largest == 0 else "study"
        if not verdict.allowed:
            state = "not_permitted" if verdict.clause else "unlisted"
        size = self.typical.get(technology, STUDY_SIZE)
        yield Candidate(site, technology, option, min(size, largest) if largest > 0 else size, state, verdict.clause)


def _of_core(core: Tables, site: str, technology: str) -> Iterator[Candidate]:
    """The options of core rows that add capacity for the technology at the site, at their largest size."""
    permitted, uses = core_table(core, "tech_sites"), core_table(core, "capacity_use")
    if not ((permitted["technology"] == technology) & (permitted["site"] == site)).any():
        yield Candidate(site, technology, state="not_offered", table="tech_sites")
        return
    units = set(uses.loc[uses["technology"] == technology, "unit"])
    effects, options = core_table(core, "option_effects"), core_table(core, "options")
    here = effects["unit"].isin(units) & (effects["site"] == site) & (effects["per_size"] > 0)
    adding = options[options["option"].isin(effects.loc[here, "option"])].drop_duplicates("option")
    for row in adding.to_dict("records"):
        shut = row["max_size"] == 0 or row["forced"] == 0
        size = math.nan if shut or not math.isfinite(row["max_size"]) else float(row["max_size"])
        yield Candidate(site, technology, str(row["option"]), size, "excluded" if shut else "open")
    if not len(adding):
        yield Candidate(site, technology, state="existing")


def study_rows(tables: Tables, core: Tables, asked: Collection[Candidate]) -> Tables:
    """``tables`` in which every candidate's expansion has a row and its permission is lifted; nothing else differs."""
    known, rows = set(core_table(core, "options")["option"]), by_id(tables, "technologies", "technology")
    permissions = Permissions(tables)
    missing, lifted = [], {}
    for candidate in asked:
        if not candidate.option.startswith(EXPANSION) or candidate.technology not in rows:
            continue
        if candidate.option not in known:
            size = {"technology": candidate.technology, "site": candidate.site, "max_size": candidate.size, "grade": "D"}
            missing.append(size)
        permission = rows[candidate.technology]["permission"]
        if permission != FREE and not permissions.verdict(permission, candidate.site).allowed:
            lifted[permission, candidate.site] = {"permission": permission, "site": candidate.site, "allowed": 1.0}
    return _with_rows(tables, missing, lifted)


def _with_rows(tables: Tables, missing: list[Record], lifted: dict[tuple[str, str], Record]) -> Tables:
    result = dict(tables)
    if lifted and "permissions" in tables:
        old = tables["permissions"]
        kept = [(kind, site) not in lifted for kind, site in zip(old["permission"], old["site"], strict=True)]
        result["permissions"] = old[kept]
    added = {"expansions": frame("expansions", missing)} if missing else {}
    return merged(result, added | ({"permissions": frame("permissions", lifted.values())} if lifted else {}))

