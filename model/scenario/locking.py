"""Locks: a technology at a site required, excluded or fixed in size, written into the core rows after expansion."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from model.problems import Problems
from model.reading.nearest import find_site, nearest, nearest_alias, site_aliases
from model.reading.rules_indicators import known_ids
from model.scenario.lock_rows import exclude, require
from model.scenario.records import COST, EVERY, Lock, Scenario
from model.tables import Tables


def apply_locks(scenario: Scenario, core: Tables, problems: Problems, written: Tables | None = None) -> Tables:
    """The core tables with the scenario's locks; ``core`` itself stays as it is.

    - excluded: options that add capacity only this technology could use there get forced 0 and size 0; without existing
      capacity its ``tech_sites`` rows go, with it their activity is bounded by 0;
    - required, fixed: one option gets forced 1 and ``min_size`` (fixed: also ``max_size``) = size; where several option
      rows could add the capacity, one indicator over their sizes bounds the sum instead.

    Sizes are new capacity in core units. Sites may be given by id, Chinese or English name, or a name of ``site_names``
    in the tables as ``written`` before expansion. Unknown names, locks without anything to lock, contradictions, and
    unknown indicators of the objective are added to ``problems``.
    """
    _check_objective(scenario, core, problems)
    tables = dict(core)
    for lock in _consistent(_resolved(scenario, {**(written or {}), **core}, problems), problems):
        if lock.state == "excluded":
            exclude(lock, tables, problems)
        else:
            require(lock, tables, problems)
    return tables


def check_lock_names(scenario: Scenario, tables: Tables, problems: Problems) -> None:
    """Report what locks call by no known name, as far as the tables before expansion tell; nothing where these name no sites.

    Technologies that expansion makes of others (``smelt_tiantai`` of ``smelt``) begin with the id of one and pass.
    """
    aliases = site_aliases(tables)
    technologies = _names_of(tables, set(tables["technologies"]["technology"])) if "technologies" in tables else {}
    made = tuple(f"{technology}_" for technology in technologies.values())
    for lock in scenario.locks:
        if aliases and not find_site(lock.site, aliases):
            _unknown_site(lock, aliases, problems)
        known = lock.technology == EVERY or find_site(lock.technology, technologies) or lock.technology.startswith(made)
        if technologies and not known:
            _unknown_technology(lock, technologies, problems)


def _unknown_site(lock: Lock, aliases: Mapping[str, str], problems: Problems) -> None:
    lock.spot.at("site", "park").add(problems, "unknown_reference", lock.site, nearest_alias(lock.site, aliases), table="sites")


def _unknown_technology(lock: Lock, technologies: Mapping[str, str], problems: Problems) -> None:
    suggestion = nearest_alias(lock.technology, technologies)
    lock.spot.at("technology").add(problems, "unknown_in_term", lock.technology, suggestion, role="technology")


def _check_objective(scenario: Scenario, core: Tables, problems: Problems) -> None:
    known = set(core["indicators"]["indicator"]) if "indicators" in core else set()
    for name in scenario.objective:
        if name not in known | {COST} and "objective" in scenario.origins:
            spot = scenario.origins["objective"].at(f"weights.{name}")
            spot.add(problems, "unknown_reference", name, nearest(name, known | {COST}), table="indicators")


def _resolved(scenario: Scenario, core: Tables, problems: Problems) -> list[Lock]:
    """The locks with ids of sites and technologies; a later file's lock on the same pair replaces an earlier one's."""
    aliases = site_aliases(core) or {site: site for site in known_ids(core)["site"] if site != EVERY}
    technologies = _technologies(core)
    locks: list[Lock] = []
    for lock in scenario.locks:
        site = find_site(lock.site, aliases)
        if not site:
            _unknown_site(lock, aliases, problems)
        technology = EVERY if lock.technology == EVERY else find_site(lock.technology, technologies)
        if not technology:
            _unknown_technology(lock, technologies, problems)
        if site and technology:
            pair = (site, technology)
            locks = [other for other in locks if (other.site, other.technology) != pair or other.spot.file == lock.spot.file]
            locks.append(dataclasses.replace(lock, site=site, technology=technology))
    return locks


def _technologies(core: Tables) -> dict[str, str]:
    """Every name a technology of the core tables may be called by → its id; an id wins over a name."""
    ids = {name for table in ("tech_sites", "capacity_use") if table in core for name in core[table]["technology"]}
    return _names_of(core, ids)


def _names_of(tables: Tables, ids: set[str]) -> dict[str, str]:
    rows = tables["technologies"].to_dict("records") if "technologies" in tables else []
    names = {str(row[f"name_{language}"]): str(row["technology"]) for row in rows for language in ("en", "zh") if row["technology"] in ids}
    return {name: technology for name, technology in names.items() if name} | {name: name for name in ids}


def _consistent(locks: list[Lock], problems: Problems) -> list[Lock]:
    """The locks that contradict no other one; each contradiction is reported at the later lock."""
    kept: list[Lock] = []
    for lock in locks:
        rivals = [other for other in kept if other.site == lock.site and _contradict(other, lock)]
        for other in rivals:
            place = f"{other.spot.file}:{other.spot.path}"
            lock.spot.add(problems, "lock_conflict", f"{lock.site}, {lock.technology}", other=place, state=other.state)
        if not rivals:
            kept.append(lock)
    return kept


def _contradict(first: Lock, second: Lock) -> bool:
    if first.technology == second.technology:
        return True
    return EVERY in (first.technology, second.technology) and first.state != second.state
