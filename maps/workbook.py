"""The results as a workbook: one sheet per table, texts never formulas, the same view gives the same bytes."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xlsxwriter

from maps.escape import pair
from maps.names import Names
from maps.native_charts import draw
from maps.overviews import Overview, head, overviews
from maps.parks import work_by_stage
from maps.view import ReportView, cells_of
from model import words

NAME: Final = "results.xlsx"
CREATED: Final = datetime.datetime(2020, 1, 1)  # a fixed date: the workbook must not differ between equal runs
NUMBER: Final = "#,##0.0##;-#,##0.0##;0"

# sheet: (field of the view, its columns); heads are the words xcol_<column>_<sheet>, else xcol_<column>
SHEETS: Final[dict[str, tuple[str, str]]] = {
    "projects": (
        "plan",
        "option group site site_zh site_en name_zh name_en stage status year named_size size max_size charge worth misses first_misses "
        "product_misses extra_cost why_zh why_en clause note",
    ),
    "flows": ("flow", "commodity good_zh good_en from from_zh from_en to to_zh to_en mode period value unit_cost kilometres route"),
    "activity": ("activity", "technology technology_zh technology_en site site_zh site_en period value"),
    "indicators": ("indicators", "indicator name_zh name_en group value min max unit clause"),
    "duals": ("duals", "constraint index site site_zh site_en commodity good_zh good_en period value unit sentence_zh sentence_en"),
    "waterfall": ("waterfalls", "site site_zh site_en plant name_zh name_en group step label_zh label_en yuan_per_t total"),
    "power": ("balance_power", "zone zone_zh zone_en period item_zh item_en value"),
    "switches": (
        "switch_points", "what_zh what_en input_zh input_en central flips_at low high unit note_zh note_en note",
    ),
    "shedding": ("shedding", "commodity good_zh good_en amount cost anyway_amount anyway_cost"),
}
PAID_ELSEWHERE: Final = ("supply", "sale")  # kinds of trade whose zero price means that somebody else pays


@dataclass(frozen=True)
class Formats:
    """Cell formats of the workbook."""

    head: Any
    number: Any
    text: Any
    title: Any


def write(view: ReportView, out: Path) -> None:
    """Write ``results.xlsx`` into the folder ``out``; amounts are those of one year, period by period."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(out / NAME), options) as book:
        book.set_properties({"title": view.title_zh, "created": CREATED})
        formats = Formats(
            book.add_format({"bold": True, "bg_color": "#E2EBF3", "border": 1, "text_wrap": True, "valign": "top"}),
            book.add_format({"num_format": NUMBER}), book.add_format({}), book.add_format({"bold": True, "font_size": 14}),
        )
        _summary(book, formats, view)
        wide, tables = overviews(view), _tables(view)
        _sheet(book, formats, "contents", _contents(wide, tables))
        for overview in wide:
            draw(book, _sheet(book, formats, overview.key, overview.table), overview)
        for sheet, table in tables.items():
            _sheet(book, formats, sheet, table)


def _tables(view: ReportView) -> dict[str, pd.DataFrame]:
    """The long tables by sheet, in the order of the sheets."""
    names = Names(view)
    found = {"plan": _plan(view, names)}
    for sheet, (source, columns) in SHEETS.items():
        table = _named(getattr(view, source), names)
        found[sheet] = table[[column for column in columns.split() if column in table.columns]]
    sources = view.sources.rename(columns={"_used": "used"})
    used = sources[[name for name in sources if not str(name).startswith("_")]]
    return {**found, "trade": _trade(view, names), "sources": used}


def _contents(wide: Sequence[Overview], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What each sheet is, its rows and charts."""
    rows: list[tuple[str, float, float]] = [("summary", math.nan, 0.0), ("contents", math.nan, 0.0)]
    rows += [(overview.key, float(len(overview.table)), float(len(overview.drawings))) for overview in wide]
    rows += [(sheet, float(len(table)), 0.0) for sheet, table in tables.items()]
    cells = [(_sheet_name(sheet), *_said(f"about_{sheet}"), *numbers) for sheet, *numbers in rows]
    return pd.DataFrame(cells, columns=[head(f"contents_{key}") for key in ("sheet", "zh", "en", "rows", "charts")])


def _summary(book: Any, formats: Formats, view: ReportView) -> None:
    """Titles, sentences, key figures and provenance."""
    sheet = book.add_worksheet(_sheet_name("summary"))
    sheet.freeze_panes(3, 0)
    _printed(sheet)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 2, 80)
    sheet.write_string(0, 0, view.title_zh, formats.title)
    sheet.write_string(1, 0, view.title_en)
    sheet.write_string(2, 0, pair("internal_only")[0])
    rows: list[tuple[str, object, object]] = [(str(number + 1), *texts) for number, texts in enumerate(view.sentences)]
    rows += [line for part in (view.summary, view.provenance) for key, value in part.items() for line in _flat(str(key), value)]
    for line, row in enumerate(rows, start=4):
        for column, value in enumerate(row):
            _cell(sheet, line, column, value, formats)


def _flat(key: str, value: object) -> list[tuple[str, object, object]]:
    """One line per plain value; names of nested ones are joined by a dot."""
    if isinstance(value, dict):
        return [line for name, inner in value.items() for line in _flat(f"{key}.{name}", inner)]
    if isinstance(value, list):
        return [line for place, inner in enumerate(value, start=1) for line in _flat(f"{key}.{place}", inner)]
    return [(key, value, "")]


def _plan(view: ReportView, names: Names) -> pd.DataFrame:
    """Capacity per site and stage before and after, with the yearly activity: the rows of the page's table."""
    return _named(work_by_stage(view), names)[["site", "site_zh", "site_en", "stage", "existing", "added", "closed", "after", "output"]]


def _trade(view: ReportView, names: Names) -> pd.DataFrame:
    """Supply, sales and shortages below each other; a good without a price says who pays for it."""
    kinds = [getattr(view, kind).assign(kind=kind) for kind in ("supply", "sale", "short")]
    table = pd.concat([kind for kind in kinds if len(kind)] or kinds[:1], ignore_index=True)
    table = _named(table, names)
    free = table["kind"].isin(PAID_ELSEWHERE) & (table["price"] == 0)
    table["price"] = table["price"].where(~free)
    payers = [pair(f"unpaid_{kind}") if unpaid else ("", "") for kind, unpaid in zip(table["kind"], free, strict=True)]
    table["payment_zh"], table["payment_en"] = ([payer[place] for payer in payers] for place in (0, 1))
    columns = (
        "kind", "commodity", "good_zh", "good_en", "site", "site_zh", "site_en", "tier", "segment", "period", "value", "price",
        "payment_zh", "payment_en",
    )
    return table[[column for column in columns if column in table.columns]]


def _named(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """The table with the Chinese and English names of its ids beside them."""
    found = table.copy()
    lookups = (("site", "site", names.site), ("from", "from", names.site), ("to", "to", names.site), ("commodity", "good", names.good),
               ("technology", "technology", names.technology))
    for column, target, lookup in lookups:
        if column in found.columns:
            pairs = [lookup(key) if key else ("", "") for key in found[column]]
            found[f"{target}_zh"], found[f"{target}_en"] = ([pair_[place] for pair_ in pairs] for place in (0, 1))
    return found


def _sheet(book: Any, formats: Formats, key: str, table: pd.DataFrame) -> Any:
    """One table with frozen heads, a filter and widths that fit; returns the sheet."""
    sheet = book.add_worksheet(_sheet_name(key))
    sheet.freeze_panes(1, 0)
    columns = [str(column) for column in table.columns]
    for position, column in enumerate(columns):
        head = _head(column, key)
        sheet.write_string(0, position, head, formats.head)
        sheet.set_column(position, position, _width(table.iloc[:, position], head))
    for line, row in enumerate(cells_of(table), start=1):
        for position, value in enumerate(row):
            _cell(sheet, line, position, value, formats)
    if columns:
        sheet.autofilter(0, 0, max(len(table), 1), len(columns) - 1)
    _printed(sheet)
    sheet.repeat_rows(0)
    return sheet


def _printed(sheet: Any) -> None:
    """Prints on A4 across, one page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _cell(sheet: Any, line: int, column: int, value: object, formats: Formats) -> None:
    """Numbers as numbers, everything else as text; blanks stay blank."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        if value not in ("", None):
            sheet.write_string(line, column, str(value), formats.text)
    elif math.isfinite(value):
        sheet.write_number(line, column, float(value), formats.number)


def _width(cells: pd.Series, head: str) -> float:
    """Width of a column in characters, from its first rows."""
    texts: Sequence[str] = [str(cell) for cell in cells.head(50) if not isinstance(cell, float)]
    wide = [sum(2 if ord(sign) > 0x2E7F else 1 for sign in text) for text in texts]
    return min(max([10, *(len(line) for line in head.split("\n")), *wide]) + 2, 60)


def _head(column: str, sheet: str) -> str:
    """The head of a column: Chinese, English, both with the unit, and below them the column's own name as in tables/*.csv."""
    for key in (f"xcol_{column}_{sheet}", f"xcol_{column}", f"source_{column}"):
        if key in words.entries("report"):
            return "\n".join(dict.fromkeys((*pair(key), column)))
    return column


def _sheet_name(key: str) -> str:
    """Chinese and English name of a sheet."""
    entry = f"sheet_{key}"
    return " ".join(_said(entry) if entry in words.entries("workbook") else pair(entry))


def _said(entry: str) -> tuple[str, str]:
    """The words ``workbook.<entry>``."""
    return words.text(f"workbook.{entry}", "zh"), words.text(f"workbook.{entry}", "en")
