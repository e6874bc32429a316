"""Further sections of the page: the answers a report was asked to carry, as sentences, charts and tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from markupsafe import Markup

from maps import charts, section_charts, study_charts, tables
from maps.escape import both, pair, shown, unit_words, word
from maps.figures import NONE, compact
from maps.tables import Table, column_heads
from maps.view import ReportView, rows_of
from model.explore.section import Section
from model.explore.targets import whole_percent

TOLD: Final = 14  # sentences that stand open; the others unfold
PARTS: Final = ("power", "materials", "freight", "capital", "other")
BARS: Final = 30
Charts = list[tuple[Markup, Markup]]  # caption and drawing
Tables = list[tuple[Markup, Table]]  # heading ("" = stands open) and table


@dataclass(frozen=True)
class Part:
    """What the template shows of one section; ``anchor``: its id in the page."""

    anchor: str
    title: Markup
    question: Markup
    sentences: list[Markup]
    further: list[Markup]
    charts: Charts
    tables: Tables


def parts(view: ReportView) -> list[Part]:
    """All further sections of ``view`` in their order."""
    money = unit_words(view.money)
    found = []
    for number, section in enumerate(view.sections, start=1):
        said = [_sentence(zh, en) for zh, en in section.sentences]
        drawings = [(caption, chart) for caption, chart in CHARTS.get(section.kind, _no_charts)(section, money) if chart]
        told = said[:TOLD] if len(said) > TOLD + 2 else said
        found.append(Part(
            f"more-{number}", both(*section.title), both(*section.question), told, said[len(told):], drawings,
            TABLES.get(section.kind, _no_tables)(section, money),
        ))
    return found


def _sentence(zh: str, en: str) -> Markup:
    """A sentence; one that is indented in the terminal is indented here."""
    text = both(zh.strip(), en.strip())
    return Markup('<span class="under">') + text + Markup("</span>") if zh.startswith(" ") else text


def _no_charts(section: Section, money: tuple[str, str]) -> Charts:
    return []


def _no_tables(section: Section, money: tuple[str, str]) -> Tables:
    return []


def _extra(money: tuple[str, str]) -> tuple[str, str]:
    """The name of an axis of extra cost with its unit."""
    zh, en = pair("axis_extra_cost")
    return f"{zh}({money[0]})" if money[0] else zh, f"{en} ({money[1]})" if money[1] else en


def _yearly(money: tuple[str, str]) -> tuple[str, str]:
    """The unit of costs that are told a year, also where the objective adds up several years."""
    return f"{money[0].removesuffix('/年')}/年", f"{money[1].removesuffix('/yr')}/yr"


def _frontier(section: Section, money: tuple[str, str]) -> Charts:
    """Extra cost over the indicator, from the plan's own value on."""
    axis = section.facts["axis"]
    rows = section.tables["points"]
    rows = rows[rows["status"] == "solved"].sort_values("value")
    points = [(float(axis["base_value"]), 0.0), *zip(rows["value"].astype(float), rows["extra_cost"].astype(float), strict=True)]
    unit = unit_words(str(axis["unit"]))
    names = tuple(f"{axis[f'name_{language}']} ({unit[place]})" for place, language in enumerate(("zh", "en")))
    return [(word("caption_frontier"), section_charts.curve(sorted(points), (names[0], names[1]), _extra(money)))]


def _tornado(section: Section, money: tuple[str, str]) -> Charts:
    """What every input moves at both ends of its range, the widest first."""
    own = float(section.facts["cost"])
    rows = section.tables["tornado"].head(BARS)
    bars = [((row.name_zh, row.name_en), row.cost_low - own, row.cost_high - own) for row in rows_of(rows)]
    return [(word("caption_tornado"), section_charts.ranges(bars, _extra(money)))]


def _losses(section: Section, money: tuple[str, str]) -> Charts:
    """Extra cost of every loss, the dearest first; a loss that allows no plan has no bar."""
    rows = section.tables["losses"]
    rows = rows[rows["extra_cost"].notna()].head(BARS)
    bars = [(row.name_zh, row.name_en, [(float(row.extra_cost), section_charts.BLUE)]) for row in rows_of(rows)]
    return [(word("caption_losses"), charts.stacked(bars, _extra(money)))]


def _why_not(section: Section, money: tuple[str, str]) -> Tables:
    """One table per park: what is found of every technology, and where the extra cost of forcing it in would arise."""
    heads = column_heads("technology finding #extra " + " ".join(f"#extra_{part}" for part in PARTS))
    found: Tables = []
    for _, rows in section.tables["table"].groupby("site", sort=False):
        body = tuple(
            (
                both(row.technology_zh, row.technology_en), both(row.finding_zh, row.finding_en), _blank(row.extra_cost),
                *(_blank(getattr(row, part)) for part in PARTS),
            )
            for row in rows_of(rows)
        )
        first = rows.iloc[0]
        heading = both(first["site_zh"], first["site_en"]) + Markup(" ") + word("candidates_here", count=len(rows), unit=_yearly(money))
        found.append((heading, Table(heads, body, kind="broken-heads")))
    return found


def _blank(value: float) -> str:
    """A number, nothing where there is none."""
    return compact(value) if math.isfinite(value) else ""


def _switches(section: Section, money: tuple[str, str]) -> Tables:
    """Choices that some value of an input flips, the fragile ones first; the others unfold."""
    rows = section.tables["table"]
    flips = rows["flips_at"].notna()
    found: Tables = [(Markup(""), tables.switch_points(rows[flips]))] if flips.any() else []
    never = rows[~flips]
    return [*found, (word("never_flip", count=len(never)), tables.switch_points(never))] if len(never) else found


def _targets(section: Section, money: tuple[str, str]) -> Tables:
    """Reached, target and what closing the gap costs a year, per target and time where it has several."""
    names, times, table = section.facts["names"], section.facts["times"], section.tables["table"]
    several = table.groupby("indicator")["group"].transform("size") > 1
    called = [both(*times[group]) if many else "" for group, many in zip(table["group"], several, strict=True)]
    rows = tuple(
        (
            both(names[row.indicator]["zh"], names[row.indicator]["en"]), when, _blank(row.value), _blank(row.target),
            both(*unit_words(names[row.indicator]["unit"])), charts.share_bar(row.share, section_charts.BLUE), _share(row.share, row.side),
            _blank(row.missed_by), _blank(row.reachable), _blank(row.extra_cost),
        )
        for row, when in zip(rows_of(table), called, strict=True)
    )
    unit = _yearly(money)
    yearly = both(pair("col_extra_yearly", unit=unit[0])[0], pair("col_extra_yearly", unit=unit[1])[1])
    heads = (*column_heads("indicator group #reached #target unit bar #share #missed #reachable"), (yearly, True))
    return [(Markup(""), tables.without_blank_columns(heads, rows))] if rows else []


def _share(share: float, side: str) -> str:
    """The share of a target as the answer on top says it."""
    return f"{whole_percent(share, side)} %" if math.isfinite(share) else NONE


def _decisions(section: Section, money: tuple[str, str]) -> Tables:
    """Every decision that differs with its size in each plan."""
    plans = [plan["scenario"] for plan in section.facts["plans"]]
    titles = [(both(plan["title"]["zh"], plan["title"]["en"]), True) for plan in section.facts["plans"]]
    rows = tuple(
        (
            both(row["name_zh"], row["name_en"]), both(row["stage_zh"], row["stage_en"]),
            word("decision_flips") if row["flips"] else word("decision_sized"),
            *(compact(row[plan]) if row[plan] else "·" for plan in plans),
        )
        for row in section.tables["decisions"].to_dict("records")
    )
    return [(Markup(""), Table((*column_heads("decision stage_of_plan differs"), *titles), rows))] if rows else []


def _sizes(section: Section, money: tuple[str, str]) -> Tables:
    """What every plan of the hedge builds."""
    rows, names = section.tables["sizes"], section.facts["names"]
    plans = [str(name) for name in rows.columns if name not in ("option", "stage")]
    told = section.facts["plans"]
    heads = (*column_heads("decision stage_of_plan"), *((both(told[name]["zh"], told[name]["en"]), True) for name in plans))
    body = tuple(
        (_named(names, row["option"]), _named(names, row["stage"]), *(compact(row[name]) for name in plans))
        for row in rows.to_dict("records")
    )
    return [(Markup(""), Table(heads, body))] if body else []


def _named(names: Mapping[str, Mapping[str, str]], name: str) -> Markup:
    """The name of a decision or stage, its id where it has none."""
    return both(names[name]["zh"], names[name]["en"]) if name in names else shown(name)


def _regrets(section: Section, money: tuple[str, str]) -> Tables:
    """Regret of every plan in every future."""
    rows = section.tables["regrets"]
    futures = list(dict.fromkeys(rows["future"]))
    values: Mapping[Any, float] = {(row.plan, row.future): row.regret for row in rows_of(rows)}
    body = tuple((plan, *(_blank(_number(values[plan, future])) for future in futures)) for plan in dict.fromkeys(rows["plan"]))
    return [(Markup(""), Table((*column_heads("plan_name"), *((shown(future), True) for future in futures)), body))]


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _ranges(section: Section, money: tuple[str, str]) -> Charts:
    """Least and largest size of every group that a plan near the optimum may or must build."""
    rows = section.tables["ranges"]
    rows = rows[(rows["status"] == "solved") & (rows["largest"] > 0)].sort_values(["least", "largest"], ascending=False).head(BARS)
    bars = [((row.name_zh, row.name_en), float(row.least), float(row.largest)) for row in rows_of(rows)]
    return [(word("caption_ranges"), section_charts.ranges(bars, pair("axis_size")))]


CHARTS: Mapping[str, Callable[[Section, tuple[str, str]], Charts]] = MappingProxyType({
    "frontier": _frontier, "sensitivity": _tornado, "outages": _losses, "alternatives": _ranges,
    "sweep": lambda section, money: study_charts.sweep(section, _extra(money)),
    "variance": lambda section, money: study_charts.variance(section, _extra(money)),
})
TABLES: Mapping[str, Callable[[Section, tuple[str, str]], Tables]] = MappingProxyType({
    "why_not": _why_not, "switches": _switches, "targets": _targets, "beside": _decisions, "hedge": _sizes, "regret": _regrets,
})
