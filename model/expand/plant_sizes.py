"""Discrete siting: new plants have a smallest size and a part of their cost that does not grow with it.

The yearly charge of a technology per tonne holds at its typical size S; of it the share f is fixed, so a plant of size s
costs charge x (f x S + (1 - f) x s): what is smaller than typical is dearer per tonne. Named projects come at their named
size or not at all.
"""

from __future__ import annotations

from model.expand.amounts import amount
from model.expand.rows import Record, records, report
from model.problems import Problems
from model.tables import Tables, frame


def with_plant_sizes(tables: Tables, core: Tables, problems: Problems) -> Tables:
    """``core`` with the options of the technologies in use of ``plant_sizes`` as a yes/no; unchanged if none is in use.

    Reports a smallest size above the largest one.
    """
    sizes = {row["technology"]: row for row in records(tables, "plant_sizes") if row["in_use"]}
    if not sizes:
        return core
    generic, named = _generic(tables), {row["project"]: row["technology"] for row in records(tables, "projects")}
    options = []
    for option in records(core, "options"):
        changed = option
        if option["max_size"] > 0 and named.get(option["option"]) in sizes:
            changed = {**option, "min_size": option["max_size"]}
        elif option["max_size"] > 0 and generic.get(option["option"]) in sizes:
            changed = _sized(option, sizes[generic[option["option"]]], problems)
        options.append(changed)
    return {**core, "options": frame("options", options)}


def _generic(tables: Tables) -> dict[str, str]:
    """Option → technology of the generic expansions and of the new potlines."""
    sites = [row["site"] for row in records(tables, "sites")]
    found = {f"expand_{row['technology']}_{site}": row["technology"] for row in records(tables, "expansions") for site in sites}
    return found | {f"new_potline_{row['site']}": row["technology"] for row in records(tables, "new_potlines")}


def _sized(option: Record, size: Record, problems: Problems) -> Record:
    smallest, typical = amount("plant_sizes", size, "min_size"), amount("plant_sizes", size, "typical_size")
    if smallest > option["max_size"]:
        report(problems, "plant_size_too_large", size, "min_size", option=option["option"], largest=f"{option['max_size']:g}")
    fixed = float(size["fixed_share"])
    return {
        **option, "min_size": smallest, "fixed_cost": fixed * typical * option["variable_cost"],
        "variable_cost": (1.0 - fixed) * option["variable_cost"],
    }
