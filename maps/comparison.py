"""From a comparison of plans to its page; the door of maps/ that the command ``compare`` opens."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from maps import comparison_headlines as headlines
from maps.amounts import map_fields
from maps.cards import haulage, output_by_stage
from maps.comparison_page import page
from maps.comparison_view import ComparisonView, Line, Measure
from maps.escape import pair, unit_words
from maps.palette import STAGE_COLOURS
from maps.parks import PIE_STAGES
from maps.sayings import Pair
from maps.view import ReportView
from model import gains, words
from model.explore.amounts import CAPACITY
from model.explore.compare import TONNES, Comparison
from model.explore.comparison_facts import parts
from model.explore.comparison_lines import input_sentences
from model.explore.labels import Labels
from model.explore.options import Options
from model.explore.reloading import Candidate
from model.explore.time_words import time_name

NAME = "compare.html"
WITHOUT_CARD = (gains.MARGIN, gains.RIGHTS, TONNES)  # margins add up to the objective; tonnes of all stages are no figure of their own


def write(found: Comparison, swaps: Options | None, folder: Path, language: str | None = None) -> None:
    """Write ``compare.html`` into ``folder``; it opens in ``language``, in Chinese where none was asked for.

    Raises ExternalAssetError if the page would load anything.
    """
    (folder / NAME).write_text(page(replace(assemble(found, swaps), language=language or "zh")), encoding="utf-8", newline="\n")


def assemble(found: Comparison, swaps: Options | None) -> ComparisonView:
    """The view of ``found``: maps and output of the last planning year of each plan, money of all its years."""
    views = tuple(_view(one, name) for name, one in zip(found.names, found.candidates, strict=True))
    changes = _chained(found)
    others = found.names[1:]
    return ComparisonView(
        tuple(_line(name, one) for name, one in zip(found.names, found.candidates, strict=True)), found.first.unit, views,
        answers=tuple(headlines.answers(found, name, changes) for name in others),
        inputs=tuple(_inputs(found, name) for name in others), measures=tuple(_measures(found, views)), changes=changes, wins=found.wins,
        indicators=_timed(found), map_approval=views[0].map_approval, map_notice=views[0].map_notice,
        parts=tuple(parts(found, swaps)), ranking=headlines.ranking(found),
    )


def _timed(found: Comparison) -> pd.DataFrame:
    """The indicators with the names of their groups."""
    plans = [one.plan for one in found.candidates]
    called = {str(group): time_name(plans, str(group)) for group in found.indicators["group"].unique()}
    pairs = [called[str(group)] for group in found.indicators["group"]]
    return found.indicators.assign(group_zh=[zh for zh, _ in pairs], group_en=[en for _, en in pairs])


def last_stage(one: Candidate) -> str:
    """The planning year that the maps show."""
    return str(one.plan.results.case.calendar.stages[-1])


def _view(one: Candidate, name: str) -> ReportView:
    title = _title(one, name)
    fields = map_fields(one.plan, Labels(one.plan), last_stage(one))
    return ReportView(title[0], title[1], scenario=name, **fields)


def _title(one: Candidate, name: str) -> Pair:
    return one.title.get("zh") or one.title.get("en") or name, one.title.get("en") or one.title.get("zh") or name


def _line(name: str, one: Candidate) -> Line:
    results = one.plan.results
    return Line(name, _title(one, name), str(results.status), results.objective, results.gap, one.case_hash)


def _inputs(found: Comparison, name: str) -> tuple[Pair, ...]:
    zh, en = (input_sentences(found, name, language) for language in words.LANGUAGES)
    return tuple(zip(zh, en, strict=True))


def _chained(found: Comparison) -> pd.DataFrame:
    """Changes of capacity and output in the last planning year of each plan, with the stage of the chain they belong to."""
    rows = []
    for name, one in zip(found.names[1:], found.candidates[1:], strict=True):
        labels, first = Labels(one.plan), Labels(found.first.plan)
        mine = found.changes[(found.changes["plan"] == name) & (found.changes["stage"] == last_stage(one))]
        for row in mine.to_dict("records"):
            rows.append({**row, "chain": _chain(labels, row) if _chain(labels, row) != "other" else _chain(first, row)})
    return pd.DataFrame(rows, columns=[*found.changes.columns, "chain"])


def _chain(labels: Labels, row: dict[Any, Any]) -> str:
    if row["what"] == CAPACITY:
        return labels.unit_stage(str(row["id"]), str(row["site"]))
    return labels.stage(str(row["id"]))


def _measures(found: Comparison, views: tuple[ReportView, ...]) -> list[Measure]:
    """The objective, output by stage of the chain, freight, and what the split of gains measures, over all places."""
    result = [Measure(pair("versus_objective"), unit_words(found.first.unit), tuple(map(found.objective, found.names)))]
    made = [output_by_stage(view) for view in views]
    for stage in PIE_STAGES:
        values = tuple(float(output.get(stage, 0.0)) for output in made)
        if max(values) > 1e-9:
            name = pair(f"stage_{stage}")
            result.append(Measure((pair("card_output", stage=name[0])[0], pair("card_output", stage=name[1])[1]), pair("unit_kt_yr"), values,
                                  STAGE_COLOURS[stage]))
    hauled = tuple(haulage(view)[0] for view in views)
    result += [Measure(pair("card_freight"), pair("unit_million_tkm"), hauled)] if max(hauled) > 0 else []
    return result + _measured(found)


def _measured(found: Comparison) -> list[Measure]:
    """Sums over all regions of the split of gains, without margins."""
    rows = found.wins[(found.wins["level"] == "region") & ~found.wins["measure"].isin(WITHOUT_CARD)]
    result = []
    for (_, zh, en, unit), part in rows.groupby(["measure", "measure_zh", "measure_en", "unit"], sort=False):
        sums = part.groupby("plan")[["reference", "value"]].sum()
        values = (float(sums["reference"].iloc[0]), *(float(sums["value"].get(name, math.nan)) for name in found.names[1:]))
        result.append(Measure((str(zh), str(en)), unit_words(str(unit)), values))
    return result
