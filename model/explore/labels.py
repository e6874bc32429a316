"""Names and stages of technologies, units and options, gathered from whatever tables a dataset has."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import pandas as pd

from model import words
from model.case.columns import core_table
from model.pipeline import Planned
from model.tables import Tables
from model.words.lookup import known

# stage words of the industry tables → stages of the report
STAGE: Final = {
    "alumina": "alumina",
    "smelting": "primary",
    "casting": "casting",
    "processing": "processing",
    "recycling": "recycled",
    "sorting": "sorting",  # of scrap: the metal is made by those who melt it
    "residue": "residue",
}
SUPPLY = "supply_"
SHARED: Final = 2  # from so many technologies on a unit is not called after one of them; so many are named of a unit without name


class Labels:
    """Looks up names and stages; an id without a name stands for itself."""

    def __init__(self, run: Planned) -> None:
        self.tables, self.core = run.prepared.tables, run.prepared.core
        self.technologies = self._technologies()
        self._known = self.technologies.set_index("technology")
        use = run.results.case.relations["use"]
        self.maker = dict(zip(zip(use["unit"], use["site"], strict=True), use["technology"], strict=True))
        self._users = use.groupby(["unit", "site"])["technology"].unique().to_dict()

    def _rows(self, table: str) -> pd.DataFrame:
        return self.tables.get(table, pd.DataFrame())

    def _technologies(self) -> pd.DataFrame:
        used = self.core.get("tech_sites")
        ids = sorted(set(used["technology"])) if used is not None else []
        named: dict[str, tuple[str, str, str]] = {}
        for row in self._rows("technologies").to_dict("records"):
            named[row["technology"]] = (row["name_zh"], row["name_en"], STAGE.get(row["stage"], "other"))
        for row in self._rows("plants").to_dict("records"):
            named[f"smelt_{row['plant']}"] = (row["name_zh"], row["name_en"], "primary")
        for row in self._rows("new_potlines").to_dict("records"):
            named[f"smelt_new_{row['site']}"] = (row["name_zh"], row["name_en"], "primary")
        for row in self._rows("tariffs").to_dict("records"):
            named[f"{SUPPLY}{row['tariff']}"] = (row["name_zh"], row["name_en"], "power")
        rows = [(name, *named.get(name, (name, name, "other"))) for name in ids]
        return pd.DataFrame(rows, columns=["technology", "name_zh", "name_en", "stage"])

    def technology(self, technology: str) -> tuple[str, str]:
        """Chinese and English name of a technology."""
        if technology not in self._known.index:
            return technology, technology
        row = self._known.loc[technology]
        return str(row["name_zh"]), str(row["name_en"])

    def stage(self, technology: str) -> str:
        """Stage of the report that a technology belongs to."""
        return str(self._known.loc[technology, "stage"]) if technology in self._known.index else "other"

    def unit_stage(self, unit: str, site: str) -> str:
        """Stage of the technology that uses a unit at a site."""
        return self.stage(self.maker.get((unit, site), ""))

    def unit(self, unit: str, site: str) -> tuple[str, str]:
        """Name of a unit at a site: that of the technology that uses it; one that several share has a name of its own."""
        users = [self.technology(name) for name in self._users.get((unit, site), ())]
        if len(users) < SHARED:
            return users[0] if users else (unit, unit)
        listed = [words.text("view.and", language).join(name[at] for name in users[:SHARED]) for at, language in enumerate(words.LANGUAGES)]
        more = "unit_of_more" if len(users) > SHARED else "unit_of_two"
        zh, en = (words.text(f"view.{more}", language, listed=listed[at]) for at, language in enumerate(words.LANGUAGES))
        own = known(f"view.line_{unit}", "")
        return own if all(own) else (zh, en)

    def site(self, site: str) -> tuple[str, str]:
        """Chinese and English name of a site."""
        sites = self.core.get("sites")
        found = sites[sites["site"] == site] if sites is not None else pd.DataFrame()
        if not len(found):
            return site, site
        return str(found["name_zh"].iloc[0]) or site, str(found["name_en"].iloc[0]) or site

    def option(self, option: str, site: str, unit: str) -> tuple[str, str]:
        """Name of an option: that of its project, else "expansion of … at …"; in core tables alone its id is its name."""
        for table, key in (("projects", "project"), ("plants", "plant")):
            rows = self._rows(table)
            name = option.removeprefix("close_")
            found = rows[rows[key] == name] if len(rows) else rows
            if len(found):
                kind = "closure" if option.startswith("close_") else "project"
                return self._said(kind, (str(found["name_zh"].iloc[0]), str(found["name_en"].iloc[0])), self.site(site))
        for technology in self._known.index if option.startswith("expand_") else ():
            if option == f"expand_{technology}_{site}":
                return self._said("expansion", self.technology(technology), self.site(site))
        if "technologies" not in self.tables:
            return option, option
        return self._said("new_potline" if option.startswith("new_potline_") else "expansion", self.unit(unit, site), self.site(site))

    def clause(self, option: str) -> str:
        """Clause that permits, forbids or rules an option; blank where no table names one."""
        return self._clauses.get(option, "")

    @cached_property
    def _clauses(self) -> dict[str, str]:
        clauses = {row["project"]: row["clause"] for row in self._rows("projects").to_dict("records")}
        pools = {region: row["clause"] for row in self._rows("swap_pools").to_dict("records") for region in row["regions"].split(";")}
        clauses |= {f"close_{row['plant']}": pools.get(row["region"], "") for row in self._rows("plants").to_dict("records")}
        clauses |= {f"new_potline_{row['site']}": pools.get(row["region"], "") for row in self._rows("new_potlines").to_dict("records")}
        kinds = [(row["technology"], row["permission"]) for row in self._rows("technologies").to_dict("records")]
        for row in self._rows("permissions").to_dict("records"):
            clauses |= {f"expand_{name}_{row['site']}": row["clause"] for name, kind in kinds if kind == row["permission"]}
        return clauses

    def project_note(self, option: str) -> str:
        """What the projects table notes of a project; blank for any other option."""
        rows = self._rows("projects")
        found = [str(note) for note in rows.loc[rows["project"] == option, "note"]] if len(rows) else []
        return found[0] if found else ""

    @staticmethod
    def _said(kind: str, what: tuple[str, str], where: tuple[str, str]) -> tuple[str, str]:
        zh, en = (words.text(f"view.option_{kind}", language, what=what[i], where=where[i]) for i, language in enumerate(words.LANGUAGES))
        return zh, en


def option_names(run: Planned) -> dict[str, tuple[str, str]]:
    """Chinese and English name of every option, told by the first unit and site that it works on; its id where it works on none."""
    labels = Labels(run)
    core = run.prepared.core
    effects = {str(row["option"]): row for row in reversed(core_table(core, "option_effects").to_dict("records"))}
    found = {}
    for option in map(str, core_table(core, "options")["option"].unique()):
        effect = effects.get(option)
        found[option] = labels.option(option, str(effect["site"]), str(effect["unit"])) if effect else (option, option)
    return found


def time_names(tables: Tables) -> dict[str, tuple[str, str]]:
    """Chinese and English name of every stage and branch that a table names."""
    found: dict[str, tuple[str, str]] = {}
    for table, key in (("stages", "stage"), ("hydrology", "branch")):
        for row in tables[table].to_dict("records") if table in tables else ():
            found.setdefault(str(row[key]), (str(row["name_zh"] or row[key]), str(row["name_en"] or row[key])))
    return found
