"""A comparison in words: what differs in the inputs, what that moves, who gains and who loses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from model import gains, words
from model.explore.amounts import CAPACITY, OUTPUT
from model.explore.compare import CLOSES, DIMENSIONS, GROWS, OPENS, RESIDUAL, SAME, SHRINKS, Comparison, years
from model.explore.input_lines import sentences
from model.explore.numbers_said import said_change, said_number
from model.explore.reloading import Candidate
from model.explore.time_words import time_name
from model.solve import Status

MOST = 12  # rows told of a table; what is left over is counted or summed
LEVELS = ("region", "site")
ONE_YEAR = 1e-9


def lines(found: Comparison, language: str, table: Sequence[str] = ()) -> list[str]:
    """The whole comparison: what is compared, ``table`` with the plans side by side, then plan after plan beside the first."""
    first, objective = found.first, said_number(found.first.plan.results.objective)
    about = {"count": len(found.names), "name": found.names[0], "title": _title(first, language)}
    head = _said("head", language, **about, objective=objective, unit=_unit(first.unit, language))
    said = [head.replace(" 。", "。").replace(" .", "."), *_proof(first, found.names[0], language)]
    said += ["", *table] if table else []
    for name, other in zip(found.names[1:], found.candidates[1:], strict=True):
        said += ["", _said("plan", language, name=name, title=_title(other, language)), *_proof(other, name, language)]
        said += _Beside(found, name, other, language).lines()
    return said


def cautions(found: Comparison, name: str, language: str) -> list[str]:
    """What keeps the objective of the plan called ``name`` from being compared with the first as a cost of equal years."""
    return list(_Beside(found, name, found.candidates[found.names.index(name)], language).cautions())


def input_sentences(found: Comparison, name: str, language: str) -> list[str]:
    """The differences of the inputs of the plan called ``name`` in words."""
    other = found.candidates[found.names.index(name)]
    return sentences(found.inputs[name], other.plan.prepared.tables, found.row_names(name), language)


def _title(one: Candidate, language: str) -> str:
    title = one.title.get(language, "")
    return _said("title", language, title=title) if title else ""


def _proof(one: Candidate, name: str, language: str) -> list[str]:
    results = one.plan.results
    return [] if results.status is Status.OPTIMAL else [_said("not_proved", language, name=name, gap=f"{results.gap:.2%}")]


class _Beside:
    """One plan beside the first, in one language."""

    def __init__(self, found: Comparison, name: str, other: Candidate, language: str) -> None:
        self.found, self.name, self.other, self.language = found, name, other, language

    def lines(self) -> list[str]:
        """Inputs, objective, and the tables that differ."""
        said = [*self._inputs(), *self.cautions()]
        results = [*self._changes(), *self._splits(), *self._wins(), *self._goods(), *self._indicators()]
        same = not results and abs(self._objective()) <= SAME
        return [*said, self._text("same_results")] if same else [*said, self._objectives(), *results]

    def _text(self, key: str, **facts: object) -> str:
        return _said(key, self.language, **facts)

    def _inputs(self) -> list[str]:
        found = self.found.inputs[self.name]
        if not found:
            return [self._text("same_inputs")]
        told = input_sentences(self.found, self.name, self.language)
        return [self._text("inputs"), *(self._text("input", sentence=one) for one in told)]

    def cautions(self) -> Iterator[str]:
        """What keeps the difference of the objectives from being one of cost in equal years."""
        first = self.found.first
        if first.unit != self.other.unit:
            yield self._text("other_unit", first=_unit(first.unit, self.language), second=_unit(self.other.unit, self.language))
        elif first.plan.prepared.scenario.objective != self.other.plan.prepared.scenario.objective:
            yield self._text("other_weights")
        counted = years(first.plan), years(self.other.plan)
        if not math.isclose(*counted, rel_tol=SAME):
            yield self._text("other_years", first=said_number(counted[0]), second=said_number(counted[1]))

    def _objective(self) -> float:
        return self.found.objective(self.name) - self.found.first.plan.results.objective

    def _objectives(self) -> str:
        first, change, count = self.found.first.plan.results.objective, self._objective(), years(self.other.plan)
        same_years = math.isclose(count, years(self.found.first.plan), rel_tol=SAME)
        several = same_years and count > 0 and abs(count - 1.0) > ONE_YEAR
        per_year = self._text("per_year", change=said_change(change / count)) if several else ""
        shown = {"reference": said_number(first), "value": said_number(first + change), "change": said_change(change)}
        return self._text("objective", **shown, unit=_unit(self.other.unit, self.language), per_year=per_year).replace(" ,", ",").replace(" ,", ",")

    def _mine(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of this plan that differ, the largest change first."""
        rows = table[table["plan"] == self.name]
        size = rows[["reference", "value"]].abs().max(axis=1).clip(lower=1.0)
        moved = rows[rows["change"].abs() > SAME * size]
        return moved.iloc[moved["change"].abs().argsort(kind="stable")[::-1]]

    def _splits(self) -> Iterator[str]:
        table = self.found.splits
        for dimension in DIMENSIONS:
            every = table[(table["plan"] == self.name) & (table["dimension"] == dimension)]
            rows = self._mine(every[every["id"] != RESIDUAL])
            if len(rows):
                yield self._text(f"split_{dimension}")
                yield from (self._text("split_row", name=row[f"name_{self.language}"], **_numbers(row)) for row in rows[:MOST].to_dict("records"))
                told = float(rows["change"][:MOST].sum())
                residual = float(every.loc[every["id"] == RESIDUAL, "change"].sum())
                rest = float(every["change"].sum()) - residual - told
                if len(rows) > MOST:
                    yield self._text("split_rest", count=len(rows) - MOST, change=said_change(rest))
                yield self._text("split_sum", change=said_change(float(every["change"].sum())), residual=said_change(residual))

    def _changes(self) -> Iterator[str]:
        rows = self._mine(self.found.changes)
        several = rows["stage"].nunique() > 1
        for what in (CAPACITY, OUTPUT):
            for verdict in (OPENS, GROWS, SHRINKS, CLOSES):
                mine = rows[(rows["what"] == what) & (rows["verdict"] == verdict)]
                if len(mine):
                    listed = self._text("between").join(self._change(row, several) for row in mine[:MOST].to_dict("records"))
                    listed += self._text("changes_left", count=len(mine)) if len(mine) > MOST else ""
                    yield self._text("changes", what=self._text(f"what_{what}"), verdict=self._text(f"verdict_{verdict}"), listed=listed)

    def _change(self, row: dict[Any, Any], several: bool) -> str:
        stage = self._text("in_stage", stage=row["stage"]) if several else ""
        site, name = row[f"site_{self.language}"], row[f"name_{self.language}"]
        return self._text("change", site=site, name=name, stage=stage, **_numbers(row))

    def _wins(self) -> Iterator[str]:
        rows = self._mine(self.found.wins)
        for level in LEVELS:
            mine = rows[rows["level"] == level]
            margins = mine[mine["measure"] == gains.MARGIN].set_index("id")["change"]
            order = sorted(dict.fromkeys(mine["id"]), key=lambda place: (-float(margins.get(place, 0.0)), place))
            # those in the middle, which hardly gain or lose, are left over first
            told = order if len(order) <= MOST else [*order[: MOST // 2], *order[-MOST // 2 :]]
            if told:
                yield self._text(f"wins_{level}")
                yield from self._weighed()
            yield from (self._win(mine[mine["id"] == place]) for place in told)
            if len(told) < len(order):
                left = sum(float(margins.get(place, 0.0)) for place in order if place not in told)
                yield self._text("wins_left", count=len(order) - len(told), change=said_change(left))

    def _weighed(self) -> Iterator[str]:
        """That amounts are summed over the years, where there are several."""
        counted = years(self.other.plan)
        if abs(counted - 1.0) > ONE_YEAR:
            yield self._text("wins_weighed", years=said_number(counted))

    def _win(self, rows: pd.DataFrame) -> str:
        first = rows.iloc[0]
        parts = []
        for row in rows.sort_values("measure", key=lambda names: names != gains.MARGIN, kind="stable").to_dict("records"):
            money = row["measure"] in (gains.MARGIN, gains.RIGHTS)
            unit = self.other.unit if money else row["unit"] or ("kt" if row["measure"] == "tonnes" else "")
            facts = {"name": row[f"measure_{self.language}"], "change": said_change(row["change"]), "unit": _unit(unit, self.language)}
            parts.append(self._text("win_part", **facts).rstrip())
        return self._text("win", name=first[f"name_{self.language}"], parts=self._text("between").join(parts))

    def _goods(self) -> Iterator[str]:
        yield from self._listed(self._mine(self.found.goods), "goods", "good")

    def _indicators(self) -> Iterator[str]:
        yield from self._listed(self._mine(self.found.indicators), "indicators", "indicator")

    def _listed(self, rows: pd.DataFrame, heading: str, one: str) -> Iterator[str]:
        """A heading and the largest changes; what is left over is counted."""
        if not len(rows):
            return
        yield self._text(heading)
        for row in rows[:MOST].to_dict("records"):
            facts = {"name": row[f"name_{self.language}"], "unit": _unit(row["unit"], self.language), **_numbers(row)}
            stage = row.get("stage", row.get("group", ""))
            facts |= {"stage": "", "group": "", one: ""} | {("stage" if one == "good" else "group"): self._group(stage, rows)}
            kind = self._text(f"kind_{row['kind']}") if one == "good" else ""
            yield self._text(one, **facts, kind=kind).rstrip()
        if len(rows) > MOST:
            yield self._text(f"{heading}_left", count=len(rows) - MOST)

    def _group(self, group: str, rows: pd.DataFrame) -> str:
        """The stage, branch or period of a row, where the rows have several."""
        several = rows["stage" if "stage" in rows else "group"].nunique() > 1
        called = time_name((one.plan for one in self.found.candidates), group) if several else ("", "")
        return self._text("in_stage", stage=called[words.LANGUAGES.index(self.language)]) if several else ""


def _numbers(row: dict[Any, Any]) -> dict[str, str]:
    return {"reference": said_number(row["reference"]), "value": said_number(row["value"]), "change": said_change(row["change"])}


def _said(key: str, language: str, **facts: object) -> str:
    return words.text(f"compare.{key}", language, **facts)


def _unit(unit: str, language: str) -> str:
    """A unit in words where there are any."""
    key = f"unit_{unit.replace(' ', '_')}"
    return words.text(f"compare.{key}", language) if key in words.entries("compare") else unit
