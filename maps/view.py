"""What the report is made from: one frozen bundle of tables, so that maps and workbook never look into the model.

All amounts are those of one planning year: a value of a month is the amount of that month (kt, GWh), and the values of a
row's periods add up to the year. Money is million yuan unless a column says yuan per tonne. Any table may be empty.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

import geopandas
import pandas as pd

from model.explore.section import Section
from model.units import MONEY

STAGES: Final = ("alumina", "primary", "casting", "processing", "recycled", "sorting", "residue", "power", "other")
MARGINS: Final = ("charge", "worth", "misses", "first_misses", "product_misses", "extra_cost")  # of an option, see maps/projects.py
WATERFALL_GROUPS: Final = ("cash", "capital", "rent")

# table: (columns that must be there, optional columns); a name in NUMBERS is a number, every other column is text
COLUMNS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "sites": (("site", "name_zh", "name_en", "kind", "region", "lat", "lon"), ()),
    "commodities": (("commodity", "name_zh", "name_en", "unit"), ("group",)),
    "technologies": (("technology", "name_zh", "name_en", "stage"), ()),
    # within: the unit whose capacity everything made on this one takes up too, so that the two are not added
    "capacity": (("site", "unit", "stage", "existing", "added", "closed"), ("name_zh", "name_en", "measure", "within")),
    "activity": (("technology", "site", "period", "value"), ()),
    "flow": (
        ("commodity", "from", "to", "mode", "period", "value"),
        ("unit_cost", "kilometres", "route"),
    ),
    # slot: number of the month (branches share one), length: share of the year, season: wet, flat, dry or blank; the branch
    # where there are several, and how likely it is: amounts of a period are multiplied by it
    "periods": (("period", "slot", "length"), ("season", "branch_zh", "branch_en", "chance")),
    "path": (("year_zh", "year_en", "stage", "output", "capacity"), ()),
    # kind: bought, made, used, sold or lost on the way; technology and its stage only where something is made or used
    "materials": (("commodity", "technology", "stage", "kind", "value"), ()),
    "nodes": (("node", "name_zh", "name_en", "lat", "lon"), ()),
    "supply": (("commodity", "site", "period", "value"), ("tier", "price")),
    "sale": (("commodity", "site", "period", "value"), ("segment", "price")),
    "short": (("commodity", "site", "period", "value"), ("segment", "price")),
    # value > 0 enters the zone (hydro, thermal, import), value < 0 leaves it (load, export, loss)
    "balance_power": (("zone", "period", "item_zh", "item_en", "value"), ("zone_zh", "zone_en")),
    "firms": (("site", "firm_zh", "firm_en"), ("note",)),
    # rows of the dataset that name a site, by table, source and grade
    "evidence": (("site", "table_zh", "table_en", "source", "grade", "rows"), ()),
    "duals": (
        ("constraint", "index", "site", "commodity", "period", "value", "unit", "sentence_zh", "sentence_en"),
        ("kind",),
    ),
    "waterfalls": (
        ("site", "plant", "step", "label_zh", "label_en", "yuan_per_t", "group", "total"),
        ("name_zh", "name_en"),
    ),
    "indicators": (("indicator", "name_zh", "name_en", "unit", "group", "value", "min", "max", "clause"), ("group_zh", "group_en")),
    # share: value ÷ goal, no number where the value does not exist in this plan; the farthest goal first
    "goals": (("indicator", "name_zh", "name_en", "unit", "value", "goal", "share"), ("group_zh", "group_en")),
    "switch_points": (
        ("what_zh", "what_en", "input_zh", "input_en", "central", "flips_at", "unit", "low", "high"),
        ("note", "note_zh", "note_en"),
    ),
    "benchmarks": (
        ("name_zh", "name_en", "published", "built", "difference", "unit", "inputs_zh", "inputs_en", "note_zh", "note_en", "source", "grade"),
        (),
    ),
    # group: project, swap or expansion; charge to product_misses in yuan per tonne and year, extra_cost in million yuan a year
    "plan": (
        ("option", "site", "name_zh", "name_en", "stage", "status", "size", "max_size", "clause"),
        (
            "note", "group", "named_size", "year", *MARGINS, "why_zh", "why_en",
        ),
    ),
    # what other users miss: in the plan, and anyway (without the industry); cost in million yuan a year
    "shedding": (("commodity", "amount", "cost", "anyway_amount", "anyway_cost"), ()),
    # stores: room, largest stock and throughput in the good's unit; money of the objective a year
    "stores": (("commodity", "site", "room", "largest", "fullest", "through", "kept", "worth", "misses"), ()),
    # accounts of rights in kt, worth in million yuan per kt and year or once; margins in million yuan
    "ledger": (
        ("ledger", "name_zh", "name_en", "stage", "given_up", "created", "bought", "used", "expired", "carried_out", "worth", "worth_once"),
        ("stage_zh", "stage_en"),
    ),
    "split": (("site", "region", "margin"), ("rights", "output_value", "power", "carbon", "tax", "jobs")),
    "clauses": (("clause", "text_zh", "text_en", "status", "missed_by", "unit", "reason_zh", "reason_en"), ("group_zh", "group_en")),
    "cost_classes": (("cost_class", "label_zh", "label_en", "value"), ()),
    "sources": ((), ()),
    "grades": (("grade", "rows", "share_of_cost"), ()),
    "ties": (("text_zh", "text_en"), ()),
}
NUMBERS: Final = frozenset({
    "lat", "lon", "slot", "length", "existing", "added", "closed", "value", "unit_cost", "kilometres", "price", "yuan_per_t", "total", "min", "max",
    "chance", "central", "flips_at", "low", "high", "size", "max_size", "rows", "share_of_cost", "published", "built", "difference",
    "named_size", "year", *MARGINS,
    "amount", "output", "capacity", "cost", "anyway_amount", "anyway_cost",
    "given_up", "created", "bought", "used", "expired", "carried_out", "worth_once",
    "room", "largest", "through", "kept",
    "goal", "share", "margin", "rights", "output_value", "power", "carbon", "tax", "jobs", "missed_by",
})


def blank(table: str) -> pd.DataFrame:
    """An empty ``table`` with its columns."""
    required, optional = COLUMNS[table]
    return pd.DataFrame({name: _typed(pd.Series([], dtype="object"), name) for name in (*required, *optional)})


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows as named tuples."""
    return iter(frame.itertuples(index=False))


def cells_of(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows as plain tuples, for columns whose names are no attributes."""
    return iter(frame.itertuples(index=False, name=None))


def _table(name: str) -> pd.DataFrame:
    """A field of the view that may be left out."""
    return field(default_factory=lambda: blank(name))


@dataclass(frozen=True)
class BaseLine:
    """Title of the base in both languages, and card → (value, unit) of its report."""

    title: tuple[str, str]
    values: Mapping[str, tuple[float, str]]


@dataclass(frozen=True)
class ReportView:
    """Everything one report shows; column names and meanings in ``COLUMNS``, optional columns are filled in.

    Raises KeyError when a table lacks one of its columns: that is a fault of the program.
    """

    title_zh: str
    title_en: str
    scenario: str = ""
    summary: dict[str, object] = field(default_factory=dict)
    provenance: dict[str, object] = field(default_factory=dict)
    sites: pd.DataFrame = _table("sites")
    commodities: pd.DataFrame = _table("commodities")
    technologies: pd.DataFrame = _table("technologies")
    capacity: pd.DataFrame = _table("capacity")
    activity: pd.DataFrame = _table("activity")
    flow: pd.DataFrame = _table("flow")
    nodes: pd.DataFrame = _table("nodes")
    materials: pd.DataFrame = _table("materials")
    periods: pd.DataFrame = _table("periods")
    path: pd.DataFrame = _table("path")
    supply: pd.DataFrame = _table("supply")
    sale: pd.DataFrame = _table("sale")
    short: pd.DataFrame = _table("short")
    balance_power: pd.DataFrame = _table("balance_power")
    firms: pd.DataFrame = _table("firms")
    evidence: pd.DataFrame = _table("evidence")
    duals: pd.DataFrame = _table("duals")
    waterfalls: pd.DataFrame = _table("waterfalls")
    indicators: pd.DataFrame = _table("indicators")
    goals: pd.DataFrame = _table("goals")
    switch_points: pd.DataFrame = _table("switch_points")
    benchmarks: pd.DataFrame = _table("benchmarks")
    plan: pd.DataFrame = _table("plan")
    cost_classes: pd.DataFrame = _table("cost_classes")
    sources: pd.DataFrame = _table("sources")
    grades: pd.DataFrame = _table("grades")
    ties: pd.DataFrame = _table("ties")
    shedding: pd.DataFrame = _table("shedding")
    stores: pd.DataFrame = _table("stores")
    ledger: pd.DataFrame = _table("ledger")
    split: pd.DataFrame = _table("split")
    clauses: pd.DataFrame = _table("clauses")
    sentences: list[tuple[str, str]] = field(default_factory=list)
    inputs: list[tuple[str, str]] = field(default_factory=list)  # what the scenario changes in its dataset, in words
    question: tuple[str, str] = ("", "")  # what the scenario asks, Chinese and English
    sections: tuple[Section, ...] = ()  # answers to further questions that the report was asked to carry
    notes: list[tuple[str, str]] = field(default_factory=list)  # what the check of the data found doubtful
    base: BaseLine | None = None  # key figures of the base that the scenario changes
    year: tuple[str, str] = ("", "")  # the planning year that the page shows, where the plan has several
    branches: int = 1  # futures over which the amounts are expected
    language: str = "zh"  # in which the page opens
    map_approval: str = ""  # 审图号 of a map that the user had approved
    map_notice: tuple[str, str] = ("", "")  # the line of caution in the user's own words
    outlines: geopandas.GeoDataFrame | None = None  # the user's own boundary layer, WGS-84, instead of the shipped outlines

    @property
    def money(self) -> str:
        """Unit of the objective and its parts: money a year where the plan counts one year."""
        unit = str(self.summary.get("unit", MONEY))
        years = self.summary.get("years", 1.0)
        return f"{MONEY}/yr" if unit == MONEY and isinstance(years, float) and math.isclose(years, 1.0) else unit

    def __post_init__(self) -> None:
        """Complete every table, or refuse it."""
        for entry in fields(self):
            if entry.name in COLUMNS:
                object.__setattr__(self, entry.name, _completed(entry.name, getattr(self, entry.name)))

    @property
    def has_map(self) -> bool:
        """Whether any site has coordinates."""
        return bool(self.sites["lat"].notna().any())


def _completed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with every declared column in its type and rows counted from 0."""
    if frame.empty:
        return blank(table)
    required, optional = COLUMNS[table]
    if missing := [name for name in required if name not in frame.columns]:
        raise KeyError(f"{table}: missing columns {missing}")
    rows = frame.reset_index(drop=True).copy()
    for name in optional:
        if name not in rows.columns:
            rows[name] = float("nan") if name in NUMBERS else ""
    for name in rows.columns:
        rows[name] = _typed(rows[name], str(name))
    return rows


def _typed(cells: pd.Series, name: str) -> pd.Series:
    """Numbers as float, everything else as text without missing values."""
    if name in NUMBERS:
        return pd.to_numeric(cells).astype("float64")
    return cells.astype("object").where(cells.notna(), "").map(str).astype("object")
