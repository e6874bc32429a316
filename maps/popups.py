"""What a click on a park shows: firms, capacity, output, goods in and out, cost of its metal, binding limits, what is not built and why, sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from maps import charts
from maps.escape import both, note_markup, shown, unit_markup, word
from maps.figures import number
from maps.names import Names
from maps.parks import capacity_by_stage
from maps.view import ReportView, cells_of, rows_of

LINES: Final = 6  # goods listed in each direction
PRICES: Final = 5  # shadow prices listed
CANDIDATES: Final = 4  # what is not built here
SOURCES: Final = 8
ENERGY: Final = "power"  # stage of what is counted in GWh; production is told in kt
NOT_TAKEN: Final = ("not_built", "later", "forbidden", "restrained", "off")  # the nearest to entering first


class Popups:
    """Builds the popup of any site; sums over the year are made once."""

    def __init__(self, view: ReportView, names: Names) -> None:
        self._view, self._names = view, names
        self._capacity = capacity_by_stage(view)
        keys = ["commodity", "from", "to"]
        sums = view.flow.groupby(keys, as_index=False)["value"].sum()
        self._flow = sums[sums["value"] > 1e-6].sort_values(["value", *keys], ascending=[False, True, True, True])
        stages = view.activity.merge(view.technologies, on="technology", how="left")
        stages = stages[stages["stage"] != ENERGY]
        self._made = stages.groupby(["site", "technology"], as_index=False)["value"].sum()
        strength = view.duals["value"].abs()
        self._duals = view.duals.assign(_strength=strength).sort_values(["_strength", "index"], ascending=[False, True])

    def html(self, site: str) -> Markup:
        """The popup as markup."""
        parts = [
            Markup('<div class="popup"><h4>') + self._names.site_markup(site) + Markup("</h4>"),
            self._firms(site), self._capacities(site), self._production(site),
            self._goods(site, "to", "from", "popup_in"), self._goods(site, "from", "to", "popup_out"),
            self._costs(site), self._prices(site), self._not_taken(site), self._sources(site), Markup("</div>"),
        ]
        return Markup("").join(parts)

    def _firms(self, site: str) -> Markup:
        rows = self._view.firms[self._view.firms["site"] == site]
        if rows.empty:
            return Markup("")
        items = [
            both(row.firm_zh, row.firm_en) + (Markup(" <small>") + note_markup(row.note) + Markup("</small>") if row.note else "")
            for row in rows_of(rows)
        ]
        return _heading("popup_firms") + Markup("").join(Markup("<p>") + item + Markup("</p>") for item in items)

    def _capacities(self, site: str) -> Markup:
        rows = self._capacity[self._capacity["site"] == site]
        body = [
            (word(f"stage_{row.stage}"), *(number(value) for value in (row.existing, row.added, row.closed, row.after)))
            for row in rows_of(rows)
        ]
        head = tuple(word(key) for key in ("col_stage", "col_existing", "col_added", "col_closed", "col_after"))
        return _table("popup_capacity", head, body)

    def _production(self, site: str) -> Markup:
        rows = self._made[(self._made["site"] == site) & (self._made["value"] > 1e-6)]
        rows = rows.sort_values(["value", "technology"], ascending=[False, True]).head(LINES)
        body = [(both(*self._names.technology(row.technology)), number(row.value, 1)) for row in rows_of(rows)]
        return _table("popup_production", (), body)

    def _goods(self, site: str, end: str, other: str, heading: str) -> Markup:
        rows: pd.DataFrame = self._flow[(self._flow[end] == site) & (self._flow[other] != site)]
        body = []
        for good, place, value in cells_of(rows[["commodity", other, "value"]].head(LINES)):
            unit = unit_markup(self._names.unit.get(good, ""))
            body.append((self._names.good_markup(good), self._names.site_markup(place), number(value, 1), unit))
        return _table(heading, (), body)

    def _prices(self, site: str) -> Markup:
        rows = self._duals[(self._duals["site"] == site) & (self._duals["_strength"] > 1e-9)].head(PRICES)
        if rows.empty:
            return Markup("")
        items = [Markup("<li>") + both(row.sentence_zh, row.sentence_en) + Markup("</li>") for row in rows_of(rows)]
        return _heading("popup_limits") + Markup("<ul>") + Markup("").join(items) + Markup("</ul>")


    def _costs(self, site: str) -> Markup:
        """The cost of a tonne of metal at each smelter here, on the scale of all of them."""
        rows = self._view.waterfalls
        parts = []
        for _, mine in rows[rows["site"] == site].groupby("plant", sort=True):
            first = mine.iloc[0]
            name = both(first["name_zh"] or first["plant"], first["name_en"] or first["plant"])
            parts.append(Markup("<p>") + name + Markup("</p>") + charts.waterfall(mine, float(rows["total"].max())))
        return _folded("popup_costs", Markup("").join(parts)) if parts else Markup("")

    def _not_taken(self, site: str) -> Markup:
        """What may be decided here and is not: its status and the reason the plan gives."""
        rows = self._view.plan
        rows = rows[(rows["site"] == site) & rows["status"].isin(NOT_TAKEN) & ((rows["why_zh"] != "") | (rows["misses"].notna()))]
        rows = rows.assign(_rank=rows["status"].map(NOT_TAKEN.index)).sort_values(["_rank", "misses", "option"]).head(CANDIDATES)
        items = []
        for row in rows_of(rows):
            status = word("status_later", year=f"{row.year:.0f}") if row.status == "later" else word(f"status_{row.status}")
            missed = Markup(" · ") + word("popup_misses", value=number(row.misses)) if math.isfinite(row.misses) and row.misses > 0 else Markup("")
            why = Markup("<small>") + both(row.why_zh, row.why_en) + Markup("</small>") if row.why_zh or row.why_en else Markup("")
            items.append(Markup("<li>") + both(row.name_zh, row.name_en) + Markup(" · ") + status + missed + why + Markup("</li>"))
        return _heading("popup_why_not") + Markup("<ul>") + Markup("").join(items) + Markup("</ul>") if items else Markup("")

    def _sources(self, site: str) -> Markup:
        """The rows of the dataset that name the site: table, how many, source, grade; the doubtful ones first."""
        rows = self._view.evidence
        rows = rows[rows["site"] == site].sort_values(["grade", "table_en", "source"], ascending=[False, True, True])
        body = []
        for (grade, zh, en), part in list(rows.groupby(["grade", "table_zh", "table_en"], sort=False))[:SOURCES]:
            named = dict.fromkeys(name.strip() for cell in part["source"] for name in cell.split(";") if name.strip())
            body.append((both(zh, en), number(part["rows"].sum()), shown("; ".join(named) or "—"), shown(grade or "—")))
        head = tuple(word(key) for key in ("col_table", "col_rows", "col_source", "col_grade"))
        return _folded("popup_sources", _table("", head, body)) if body else Markup("")


def _folded(key: str, content: Markup) -> Markup:
    """A part that opens when its heading is clicked."""
    return Markup("<details><summary>") + word(key) + Markup("</summary>") + content + Markup("</details>")


def _heading(key: str) -> Markup:
    return Markup("<h5>") + word(key) + Markup("</h5>")


def _table(heading: str, head: tuple[Markup, ...], body: Sequence[tuple[object, ...]]) -> Markup:
    """A heading and a small table, nothing where there are no rows; from the second column on numbers stand right."""
    if not body:
        return Markup("")
    lines = [Markup("<tr>") + Markup("").join(Markup('<th scope="col">') + cell + Markup("</th>") for cell in head) + Markup("</tr>")]
    lines = lines if head else []
    for row in body:
        cells = (
            Markup("<td>") + cell + Markup("</td>") if isinstance(cell, Markup)
            else Markup('<td class="n">') + shown(cell) + Markup("</td>")
            for cell in row
        )
        lines.append(Markup("<tr>") + Markup("").join(cells) + Markup("</tr>"))
    return (_heading(heading) if heading else Markup("")) + Markup("<table>") + Markup("").join(lines) + Markup("</table>")
