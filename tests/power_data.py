"""The power tables of the shipped dataset for the tests: read, with one user of every tariff, and looked up."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from model.expand.power import expand
from model.problems import Problems
from model.schema import ALL_TABLES
from model.tables import FILE, ROW, Tables, frame

DATA = Path(__file__).parent.parent / "data" / "chuanyu"
OWN = (
    "power_balance", "power_shedding", "tie_lines", "tariffs", "tariff_prices", "tiered_prices", "captive_plants", "periods", "calendars",
    "month_days", "hydrology", "study_calendar", "short_stops", "direct_trades", "differential_prices", "green_power", "green_content",
    "efficiency_levels", "retrofits",
)
MONTHS = [f"m{month:02d}" for month in range(1, 13)]
DAYS = dict(zip(MONTHS, (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
ZONES = ("zone_sichuan", "zone_chongqing")


def load(table: str) -> pd.DataFrame:
    """A table of the dataset, typed by its specification."""
    spec = ALL_TABLES[table].by_name
    with (DATA / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [{name: cell for name, cell in line.items() if cell != ""} for line in csv.DictReader(file)]
    typed = [{name: float(cell) if spec[name].kind == "number" else cell for name, cell in line.items()} for line in lines]
    return frame(table, [{**line, FILE: f"{table}.csv", ROW: number} for number, line in enumerate(typed, start=2)])


def shipped() -> Tables:
    """The power tables of the dataset."""
    return {table: load(table) for table in OWN}


def users(data: Tables) -> Tables:
    """Core rows with one user of every tariff, so that the whole dataset is expanded."""
    places = {
        "sichuan_market": "guangyuan", "captive_qineng": "qijiang", "chongqing_local": "fuling", "chongqing_posted": "wanzhou",
        "industry_sichuan": "meishan", "industry_chongqing": "xipeng", "uniform_gap": "qijiang",
    }
    sites = [{"site": site, "region": "sichuan"} for site in ("zone_sichuan", "guangyuan", "meishan")]
    sites += [{"site": site, "region": "chongqing"} for site in ("zone_chongqing", "qijiang", "fuling", "wanzhou", "xipeng")]
    return {
        "periods": data["periods"],
        "sites": frame("sites", sites),
        "commodities": frame("commodities", [{"commodity": "ingot"}, {"commodity": "coal"}]),
        "recipes": frame("recipes", [
            {"technology": f"use_{name}", "commodity": f"power_{name}", "quantity": -1.0} for name in places
        ]),
        "tech_sites": frame("tech_sites", [
            {"technology": f"use_{name}", "site": site, "variable_cost": 0.0} for name, site in places.items()
        ]),
    }


def component(data: Tables, zone: str, name: str, branch: str = "normal") -> pd.DataFrame:
    """The rows of one component of a zone's balance in a branch, by month."""
    rows = data["power_balance"]
    return rows[(rows["branch"] == branch) & (rows["zone"] == zone) & (rows["component"] == name)].set_index("month")


def tie_flow(made: Tables, start: str, month: str) -> float:
    """GWh that the tie from a zone may carry in a month."""
    lanes = made["lanes"]
    found = lanes[(lanes["from"] == start) & (lanes["mode"] == "tie_line") & (lanes["period"] == month)]
    return float(found["max_flow"].iloc[0])


def branch_rows(data: Tables, core: Tables, branch: str) -> Tables:
    """What the power tables become when every period belongs to ``branch``."""
    problems = Problems()
    made = expand(data, {**core, "periods": data["periods"].assign(branch=branch)}, problems)
    assert [problem.text("en") for problem in problems] == []
    return made


def hydro_of(data: Tables, core: Tables, branch: str) -> dict[str, float]:
    """TWh of hydro offered in Sichuan by month, when every period belongs to ``branch``."""
    supply = branch_rows(data, core, branch)["supply"]
    rows = supply[(supply["site"] == "zone_sichuan") & (supply["tier"] == "1_hydro")]
    return dict(zip(rows["period"], rows["max"] / 1e3, strict=True))
