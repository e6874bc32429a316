"""Technologies: which may run where, what they use and make there, and what running costs.

A technology with a unit may run wherever its unit (and its finishing line) has capacity or an open option. One without
a unit (ingot casting, treatment of residues) may run wherever everything it uses is made. Power is bought at the
site's industrial tariff, ``power_industry_<region>``; potlines buy at their own. Book items (depreciation, finance)
are in no row made here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from model.expand.amounts import amount, by_id, recipe_amount
from model.expand.finance import Money
from model.expand.plants import Line, Rows
from model.expand.rows import Record, origin, records, report
from model.expand.surcharges import smelter_adder
from model.expand.tariffs import ELECTRICITY, PREFIX
from model.problems import Problems
from model.schema.industry import COST_COLUMNS
from model.tables import Tables

TECHNOLOGIES = "technologies"


@dataclass(frozen=True)
class Placed:
    """A technology at a site: ``process`` names the row of ``technologies`` that describes it."""

    technology: str
    process: str
    site: str
    region: str


class Technologies:
    """The technologies of a dataset, their recipes, and the lines that run them under their own names."""

    def __init__(self, tables: Tables, lines: tuple[Line, ...]) -> None:
        self.rows = by_id(tables, TECHNOLOGIES, "technology")
        self.lines = lines
        self.regions = {row["site"]: row["region"] for row in records(tables, "sites")}
        processes = {row["technology"] for table in ("plants", "new_potlines") for row in records(tables, table)}
        self.generic = [name for name in self.rows if name not in processes]
        self.recipes: defaultdict[str, list[Record]] = defaultdict(list)
        for row in records(tables, "technology_recipes"):
            self.recipes[row["technology"]].append(row)

    def made(self, technology: str) -> set[str]:
        """Goods that a technology makes."""
        return {row["commodity"] for row in self.recipes[technology] if row["quantity"] > 0}

    def materials(self, technology: str) -> set[str]:
        """Goods that a technology uses by weight: not power, not gas."""
        return {row["commodity"] for row in self.recipes[technology] if row["quantity"] < 0 and row["unit"] == "t/t"}

    def place(self, capacity: set[tuple[str, str]]) -> list[Placed]:
        """Every technology at every site where it may run; ``capacity`` holds (unit, site) that exists or may be built."""
        placed = [Placed(line.technology, line.process, line.site, line.region) for line in self.lines]
        for name in self.generic:
            row = self.rows[name]
            for unit, site in sorted(capacity):
                if unit == row["unit"] and (not row["line"] or (row["line"], site) in capacity):
                    placed.append(Placed(name, name, site, self.regions.get(site, "")))
        return placed + self._followers(placed)

    def _followers(self, placed: list[Placed]) -> list[Placed]:
        """Technologies without a unit follow what they use, until nothing new follows."""
        goods: defaultdict[str, set[str]] = defaultdict(set)
        regions = {item.site: item.region for item in placed}
        for item in placed:
            goods[item.site] |= self.made(item.process)
        waiting = [(name, site) for name in self.generic if not self.rows[name]["unit"] for site in goods]
        followers: list[Placed] = []
        while ready := [(name, site) for name, site in waiting if self.materials(name) and self.materials(name) <= goods[site]]:
            for name, site in ready:
                followers.append(Placed(name, name, site, regions[site]))
                goods[site] |= self.made(name)
                waiting.remove((name, site))
        return followers


def variable_cost(technology: Record) -> float:
    """Million yuan per kt of activity: labour, maintenance, other variable cost and overhead, nothing that is booked only."""
    return sum(amount(TECHNOLOGIES, technology, column) for column in COST_COLUMNS)


def cost_split(tables: Tables, lines: tuple[Line, ...]) -> dict[str, dict[str, float]]:
    """The parts of each technology's variable cost by cost class, million yuan per kt; potlines under their own names."""
    rows = by_id(tables, TECHNOLOGIES, "technology")
    names = {name: name for name in rows} | {line.technology: line.process for line in lines}
    return {
        name: {column: amount(TECHNOLOGIES, rows[process], column) for column in COST_COLUMNS}
        for name, process in names.items() if process in rows
    }


def technology_rows(tables: Tables, technologies: Technologies, placed: list[Placed], money: Money, problems: Problems) -> Rows:
    """Permissions with their variable cost, recipes and capacity use of everything that is placed."""
    rows: Rows = defaultdict(list)
    lines = {line.technology: line for line in technologies.lines}
    for item in placed:
        row = technologies.rows[item.process]
        cost = variable_cost(row)
        if item.technology in lines:
            line = lines[item.technology]
            cost += smelter_adder(tables, line.ac_intensity, int(money.planning_year), line.region)
            _line_recipes(rows, technologies, line)
        rows["tech_sites"].append({
            "technology": item.technology, "site": item.site, "variable_cost": cost, "cost_class": row["cost_class"], **origin(row),
        })
    for name in technologies.generic:
        sites = [item for item in placed if item.technology == name]
        if sites:
            _generic_recipes(rows, technologies, name, sites, tables, problems)
            _capacity_use(rows, technologies.rows[name])
    return rows


def _line_recipes(rows: Rows, technologies: Technologies, line: Line) -> None:
    """A potline's recipe: that of its process, its own site's rows first, with its own power."""
    chosen: dict[str, Record] = {}
    for row in technologies.recipes[line.process]:
        if row["site"] == line.site or (row["site"] == "*" and row["commodity"] not in chosen):
            chosen[row["commodity"]] = row
    for commodity, row in chosen.items():
        if commodity != ELECTRICITY:
            _recipe(rows, line.technology, line.site, commodity, recipe_amount(row), row)
    _recipe(rows, line.technology, line.site, PREFIX + line.tariff, -line.intensity, line.row)


def _generic_recipes(
    rows: Rows, technologies: Technologies, name: str, sites: list[Placed], tables: Tables, problems: Problems,
) -> None:
    power = {}
    for row in technologies.recipes[name]:
        if row["commodity"] == ELECTRICITY:
            power[row["site"]] = row
        else:
            _recipe(rows, name, row["site"], row["commodity"], recipe_amount(row), row)
    tariffs = by_id(tables, "tariffs", "tariff")
    for item in sites:
        found = power.get(item.site, power.get("*"))
        if found is None:
            continue
        tariff = f"industry_{item.region}"
        if tariff not in tariffs:
            report(problems, "industry_no_tariff", found, "technology", site=item.site, tariff=tariff)
        _recipe(rows, name, item.site, PREFIX + tariff, recipe_amount(found), found)


def _recipe(rows: Rows, technology: str, site: str, commodity: str, quantity: float, row: Record) -> None:
    rows["recipes"].append({"technology": technology, "site": site, "commodity": commodity, "quantity": quantity, **origin(row)})


def _capacity_use(rows: Rows, row: Record) -> None:
    for unit, use in ((row["unit"], float(row["use"])), (row["line"], 1.0)):
        if unit:
            rows["capacity_use"].append({"technology": row["technology"], "unit": unit, "use": use, **origin(row)})
