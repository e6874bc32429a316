"""Options of a plan as readers know them: names, statuses, clauses, sizes and reasons, worked out from the tables of the run folder."""

from __future__ import annotations

import math

import pandas as pd
from page_folder import words
from page_truth import Truth

from maps.figures import number, percent

LEAST = 1e-6  # kt a year: what is less is not built


def english(note: object) -> str:
    """The English half of a note written ``Chinese | English``, else all of it."""
    chinese, bar, other = ("" if isinstance(note, float) else str(note)).partition(" | ")
    return " ".join((other if bar else chinese).split())


def option_of(name: str, site: str, truth: Truth) -> str:
    """The id of an option called by its technology and park, its plant or its project."""
    what, grown, where = name.rpartition(", expansion at ")
    if grown:
        return f"expand_{truth.technologies[what]}_{truth.sites[where]}"
    if name.startswith("closure of "):
        return "close_" + truth.row("plants", "name_en", name.removeprefix("closure of "))["plant"]
    if (truth.inputs["projects"]["name_en"] == name).any():
        return str(truth.row("projects", "name_en", name)["project"])
    return "new_potline_" + truth.row("new_potlines", "name_en", name)["site"]


def status(option: str, named: float, truth: Truth) -> set[str]:
    """What a plan may say it does with an option: taken, in part, closed or left; what is shut is told by its reason."""
    if option not in truth.options.index:
        return {"built already"}
    size, most = float(truth.sizes[option]), float(truth.options.loc[option, "max_size"])
    if size > 1e-6:
        return {"closed"} if option.startswith("close_") else {"partly chosen"} if size < named * (1 - 1e-6) and named < math.inf and not option.startswith("new_") else {"chosen"}
    return {"not chosen"} if most > 0 else {"not permitted", "restrained", "off in this scenario"}


def clause_of(option: str, truth: Truth) -> str:
    """The clause that permits or rules an option: of its project, of the pool of its region, of the permission of its technology."""
    if option in set(truth.inputs["projects"]["project"]):
        return str(truth.row("projects", "project", option)["clause"])
    if option.startswith("expand_"):
        site = truth.options.loc[option, "site"]
        technology = truth.row("technologies", "technology", option.removeprefix("expand_").removesuffix(f"_{site}"))
        rules = truth.inputs["permissions"]
        found = rules[(rules["permission"] == technology["permission"]) & (rules["site"] == site)]["clause"]
        return str(found.iloc[0]) if len(found) else ""
    kind, key = ("plants", "plant") if option.startswith("close_") else ("new_potlines", "site")
    region = truth.row(kind, key, option.removeprefix("close_").removeprefix("new_potline_"))["region"]
    pools = truth.inputs["swap_pools"]
    return str(pools[[region in one.split(";") for one in pools["regions"]]]["clause"].iloc[-1])


def named_size(option: str, truth: Truth) -> float:
    """What the tables call its size: of a project its own, of a closure the plant's capacity, of a new potline the most it may be."""
    if option.startswith("close_"):
        return float(truth.row("plants", "plant", option.removeprefix("close_"))["capacity"])
    if option.startswith("new_potline_"):
        return float(truth.row("new_potlines", "site", option.removeprefix("new_potline_"))["max_size"])
    return float(truth.row("projects", "project", option)["size"])


def reasons(told, year: str) -> set[str]:
    """Why a project is or is not in the plan, with its year and what its capacity is worth."""
    fixed = [entry["en"] for key, entry in words("view").items() if key.startswith(("finding_", "state_")) and "{" not in entry["en"]]
    states = [*fixed, f"finished before the planning year ({year}): counted as existing capacity", f"serves from {year}"]
    if not len(told):
        return set(states)
    row = told.iloc[0]
    share = row["worth"] / row["charge"] if row["charge"] else math.nan
    extra = number(abs(row["extra_cost"]), 1)
    found = [
        f"its capacity is worth {'less than 1 %' if share < 0.01 else percent(share)} of its yearly charge", f"with it the plan costs {extra} million yuan a year more",
        f"its whole size would cost {extra} million yuan a year more than the part that is taken", f"with it the plan costs {extra} million yuan a year less",
    ]
    restrained = ["a restrained project, not opened", "not among the permitted sites", "shut by this scenario", *states]
    return {*states, *found, *(f"{state}; were it open now: {one}" for state in restrained for one in [*found, *fixed])}


def name_of(option: str, truth: Truth) -> str:
    """What a reader calls an option; the way back of ``option_of``."""
    site = truth.options.loc[option, "site"]
    projects = truth.rows("projects", "project", option)
    if len(projects):
        return str(projects["name_en"].iloc[0])
    if option.startswith("new_potline_"):
        return str(truth.row("new_potlines", "site", option.removeprefix("new_potline_"))["name_en"])
    if option.startswith("close_"):
        return f"closure of {truth.row('plants', 'plant', option.removeprefix('close_'))['name_en']}"
    place = next(name for name, one in truth.sites.items() if one == site)
    return f"{truth.technology_names[option.removeprefix('expand_').removesuffix(f'_{site}')]}, expansion at {place}"


def taken(truth: Truth) -> pd.DataFrame:
    """Options of the plan with size and name, the largest first."""
    sizes = truth.sizes[(truth.sizes > LEAST) & ~truth.sizes.index.str.startswith(("cede_", "draw_"))]
    table = pd.DataFrame({"option": sizes.index, "size": sizes.to_numpy(), "name": [name_of(one, truth) for one in sizes.index]})
    return table.sort_values(["size", "option"], ascending=[False, True])


def sizes_said(table: pd.DataFrame) -> str:
    return "; ".join(f"{row.name_} {number(row.size_)}" for row in table.rename(columns={"name": "name_", "size": "size_"}).head(3).itertuples())
