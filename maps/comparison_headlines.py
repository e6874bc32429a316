"""The answer on top of the comparison page: what a plan moves against the first, and who gains and loses, from the numbers."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd

from maps.sayings import Pair, plain, said
from model import gains, words
from model.explore.amounts import CAPACITY, OUTPUT
from model.explore.compare import SAME, Comparison
from model.explore.comparison_lines import cautions
from model.explore.numbers_said import said_change, said_number
from model.units import MONEY
from model.words.lookup import known

TOLD = 5  # places named of a longer list
LEAST = 0.5  # kt a year, or million yuan, that are worth a sentence


def answers(found: Comparison, name: str, changes: pd.DataFrame) -> tuple[Pair, ...]:
    """Objective with what keeps it from being comparable, capacity or output, gains and losses; ``changes`` with ``chain``."""
    told = [_objective(found, name), *_cautions(found, name), _capacity(changes[changes["plan"] == name]), *_gains(found, name)]
    return tuple(told)


def ranking(found: Comparison) -> tuple[Pair, ...]:
    """The least and the greatest objective where there are more than two plans."""
    values = {name: found.objective(name) for name in found.names}
    same_kind = not any(cautions(found, name, "en") for name in found.names[1:])
    if len(values) < 3 or not same_kind or math.isclose(min(values.values()), max(values.values()), rel_tol=SAME):
        return ()
    least, most = min(values, key=lambda name: values[name]), max(values, key=lambda name: values[name])
    facts = {"least": _title(found, least), "low": plain(_number(values[least])), "most": _title(found, most), "high": plain(_number(values[most]))}
    return (_tidy(said("versus_ranking", what=_what(found), unit=unit(found.first.unit), **facts)),)


def _title(found: Comparison, name: str) -> Pair:
    """What a plan calls itself, its name where it has no title."""
    title = found.candidates[found.names.index(name)].title
    return title.get("zh") or title.get("en") or name, title.get("en") or title.get("zh") or name


def unit(written: str) -> Pair:
    """The unit of an objective or amount in words where there are any."""
    return known(f"compare.unit_{written.replace(' ', '_')}", written)


def _what(found: Comparison) -> Pair:
    """Whether the objective is a cost."""
    return said("versus_cost" if found.first.unit == MONEY else "versus_objective")


def _objective(found: Comparison, name: str) -> Pair:
    before, after = found.first.plan.results.objective, found.objective(name)
    change = after - before
    key = "same" if abs(change) <= SAME * max(1.0, abs(before)) else "less" if change < 0 else "more"
    facts = {"before": plain(_number(before)), "after": plain(_number(after)), "change": plain(_signed(abs(change)).lstrip("+"))}
    return _tidy(said(f"versus_{key}", what=_what(found), unit=unit(found.first.unit), **facts))


def _cautions(found: Comparison, name: str) -> list[Pair]:
    zh, en = (cautions(found, name, language) for language in words.LANGUAGES)
    return [(one[:1].upper() + one[1:], other[:1].upper() + other[1:]) for one, other in zip(zh, en, strict=True)]


def _capacity(mine: pd.DataFrame) -> Pair:
    """Where capacity changes most; where none does, where output changes most."""
    for what in (CAPACITY, OUTPUT):
        if told := _places(mine[mine["what"] == what]):
            return said(f"versus_{what}", listed=_parted(told))
    return said("versus_nothing_moves")


def _places(rows: pd.DataFrame) -> list[Pair]:
    """Site and stage of the chain with their change in kt a year, the largest first."""
    if rows.empty:
        return []
    sums = rows.groupby(["site", "site_zh", "site_en", "chain"], as_index=False)[["change"]].sum()
    sums = sums[sums["change"].abs() >= LEAST]
    ranked = sums.iloc[sums["change"].abs().argsort(kind="stable")[::-1]]
    told = []
    for row in ranked.head(TOLD).to_dict("records"):
        chain = known(f"report.stage_{row['chain']}", str(row["chain"]))
        facts = {"site": (row["site_zh"], row["site_en"]), "chain": (chain[0], chain[1].lower()), "change": plain(_signed(row["change"]))}
        told.append(said("versus_place" if row["chain"] != "other" else "versus_at", **facts))
    return told


def _gains(found: Comparison, name: str) -> list[Pair]:
    """Margins of the regions, and the sites that gain and lose most."""
    mine = found.wins[(found.wins["plan"] == name) & (found.wins["measure"] == gains.MARGIN) & (found.wins["change"].abs() >= LEAST)]
    mine = mine.sort_values(["change", "id"], ascending=[False, True], kind="stable")
    regions = mine[(mine["level"] == "region") & (mine["id"] != "")]
    sites = mine[(mine["level"] == "site") & (mine["id"] != "")]
    if sites.empty:
        return []
    ends = [sites.iloc[0]] if sites["change"].iloc[0] > 0 else []
    ends += [sites.iloc[-1]] if sites["change"].iloc[-1] < 0 else []
    told, by_region = [_of(row) for row in ends], [_of(row) for row in regions.to_dict("records")]
    key = "versus_margins" if by_region else "versus_margin_sites"
    return [_tidy(said(key, regions=_parted(by_region), sites=_parted(told), unit=unit(found.first.unit)))]


def _of(row: Any) -> Pair:
    """A place and its change."""
    return said("versus_of", name=(row["name_zh"], row["name_en"]), change=plain(_signed(row["change"])))


def _parted(parts: list[Pair]) -> Pair:
    """An enumeration of entries that may hold commas."""
    return "、".join(zh for zh, _ in parts), "; ".join(en for _, en in parts)


def _number(value: float) -> str:
    """A number with the minus of the page."""
    return said_number(value).replace("-", "−")


def _signed(change: float) -> str:
    """A change with its sign."""
    return said_change(change).replace("-", "−")


def _tidy(sentence: Pair) -> Pair:
    """Without the blanks and brackets that a missing unit leaves: money of core tables alone has no name (R19)."""
    zh, en = (re.sub(r" ?\(\)|,单位 (?=。)|, in (?=\.)| (?=[,。:]|\.$)", "", text) for text in sentence)
    return zh, en
