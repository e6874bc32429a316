"""Conflicts and smallest changes in words: what repeats in several periods or sites is said once, goods and sites by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from model import words
from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.case.indicators import HORIZON
from model.compile import LinearProgram
from model.diagnose.elastic import PHYSICS, Place
from model.diagnose.search import conflict, relaxed, without_source
from model.diagnose.ways import Way, rounded_up
from model.formulation import CARD
from model.names import name_of
from model.problems import ExitCode, Problem, Problems, Refusal

SHOWN = 12  # changes, members of the conflict and goods without a source that are put into words, of each
LISTED = 3  # sites named in one sentence
RATES = frozenset({"capacity", "running_capacity", "restart_limit"})  # stated per year: periods do not add up
TIME = ("period",)
PLACES = ("period", "site", "from", "to", "tier", "segment", "mode")
Names = dict[str, str]


@dataclass(frozen=True)
class Group:
    """Places that one sentence speaks of: the first of them, all ids by position in the key, and the amount of all."""

    place: Place
    ids: dict[str, list[str]]
    amount: float


def explain_infeasible(case: Case, program: LinearProgram) -> Refusal:
    """A ``Refusal`` (exit 4): the smallest sets of changes that would help, then what collides, then goods without a source."""
    ways, members = relaxed(case, program)
    said = [_problem("infeasible")]
    for number, way in enumerate(ways):
        said += _way(case, way, number, len(ways))
    if len(ways) > 1:
        shares = "; ".join(f"{way.share:,.4g}" for way in ways)
        said.append(_said("ranked", count=_same(str(len(ways))), shares=_same(shares)))
    if not ways:
        said.append(_said("nothing_found"))
    members = members or conflict(case, program)
    demanded = [place for place in members if place.family not in PHYSICS] or members
    for group in grouped(case, ((place, 0.0) for place in demanded), PLACES)[:SHOWN]:
        here = _requirement(case, group)
        said.append(_problem("conflict", place_zh=here["zh"], place_en=here["en"]))
    for group in grouped(case, ((place, 0.0) for place in without_source(program, members)), PLACES)[:SHOWN]:
        names = {language: _names(case, group, language) for language in words.LANGUAGES}
        facts = {part: {language: names[language][part] for language in names} for part in ("commodity", "site")}
        said.append(_said("no_source", **facts))
    return Refusal(ExitCode.INFEASIBLE, said)


def _way(case: Case, way: Way, number: int, count: int) -> list[Problem]:
    """One set of changes, a sentence each; the first of all sets is the smallest."""
    changes = grouped(case, way.changes, TIME)
    rule = ("change" if not number else "other_way") + ("_only" if len(changes) == 1 else "")
    rank = {"number": _same(str(number + 1)), "count": _same(str(count))} if number else {}
    said = [_said(rule, change=_change(case, group), **rank) for group in changes[:SHOWN]]
    return said + [_said("more", count=_same(str(len(changes) - SHOWN)))] if len(changes) > SHOWN else said


def _problem(rule: str, **facts: str) -> Problem:
    problems = Problems()
    problems.add(rule, **facts)  # type: ignore[arg-type]
    return problems.errors[0]


def _said(rule: str, **facts: Names) -> Problem:
    """A problem whose sentence stands in words/diagnose.toml; every fact is given by language."""
    texts = {
        language: words.text(f"diagnose.{rule}", language, **{name: fact[language] for name, fact in facts.items()}) for language in words.LANGUAGES
    }
    return _problem("said", **{f"text_{language}": text for language, text in texts.items()})


def _same(text: str) -> Names:
    return dict.fromkeys(words.LANGUAGES, text)


def grouped(case: Case, found: Iterable[tuple[Place, float]], merged: tuple[str, ...]) -> list[Group]:
    """Places that differ only in the positions ``merged`` of their key as one group, in the order found.

    Amounts add up; capacity is stated per year, so of its periods the one that needs most counts.
    """
    length = case.calendar.periods.set_index("period")["length"]
    groups: dict[tuple[object, ...], list[tuple[Place, float]]] = {}
    for place, amount in found:
        named = dict(zip(_keys(place), place.key, strict=True))
        share = float(length[named["period"]]) if place.family == "capacity" else 1.0
        rate = amount / share if share else amount  # a period without length has no yearly rate
        same = (place.family, place.side, *(value for part, value in named.items() if part not in merged))
        groups.setdefault(same, []).append((place, rate))
    result = []
    for members in groups.values():
        first, amounts = members[0][0], [amount for _, amount in members]
        ids = {part: list(dict.fromkeys(place.key[at] for place, _ in members)) for at, part in enumerate(_keys(first))}
        result.append(Group(first, ids, max(amounts) if first.family in RATES else sum(amounts)))
    return result


def _keys(place: Place) -> tuple[str, ...]:
    return ROW_KEYS[place.family] if place.family in ROW_KEYS else COLUMN_KEYS[place.family]


def _names(case: Case, group: Group, language: str) -> Names:
    """What fills a sentence: labels of ids, periods, and what an unnamed segment or tier is called."""
    names = {part: _listed([name_of(case, part, value, language) for value in values], language) for part, values in group.ids.items()}
    for part in ("segment", "tier"):
        if names.get(part) == "":
            names[part] = words.text(f"diagnose.unnamed_{part}", language)
    if "period" in names:
        names["period"] = _periods(case, group.ids["period"], language)
    if group.ids.get("group") == [HORIZON]:
        names["group"] = words.text("diagnose.whole_horizon", language)
    elif "group" in names and len(case.calendar.periods) == 1:
        names["group"] = words.text("diagnose.whole_year", language)
    return names


def _listed(labels: list[str], language: str) -> str:
    """``a``, ``a, b, c`` or ``a, b, c and 23 more``."""
    separator = words.text("diagnose.separator", language)
    shown = separator.join(labels[:LISTED])
    return shown if len(labels) <= LISTED else words.text("diagnose.and_more", language, shown=shown, count=len(labels) - LISTED)


def _periods(case: Case, chosen: list[str], language: str) -> str:
    """``m03``, ``m01–m04, m07``, every period, or the whole year where there is only one."""
    order = list(case.calendar.periods["period"])
    if len(order) == 1:
        return words.text("diagnose.whole_year", language)
    if len(chosen) == len(order):
        return words.text("diagnose.every_period", language)
    runs: list[list[int]] = []
    for position in sorted(order.index(period) for period in chosen):
        if runs and runs[-1][1] == position - 1:
            runs[-1][1] = position
        else:
            runs.append([position, position])
    return words.text("diagnose.separator", language).join(order[first] if first == last else f"{order[first]}–{order[last]}" for first, last in runs)


def _change(case: Case, group: Group) -> Names:
    """The change in Chinese and English, its amount with the unit of the good or indicator."""
    side, unit = group.place.side, _unit(case, group)
    ratios = case.labels["indicators"].loc[lambda labels: labels["per"] != "", "indicator"]
    if group.ids.get("indicator", [""])[0] in set(ratios):
        side, unit = "ratio", ""  # what is missing of the sum above the line, whose unit no table states (R15)
    key, amount = f"diagnose.{group.place.family}_{side}", f"{rounded_up(group.amount):,.6g}{unit}"
    return {language: words.text(key, language, **_names(case, group, language), amount=amount) for language in words.LANGUAGES}


def _unit(case: Case, group: Group) -> str:
    """The unit with a blank before it, nothing where the tables give none."""
    for table, part in (("commodities", "commodity"), ("indicators", "indicator")):
        if part in group.ids:
            labels = case.labels[table]
            found = labels.loc[labels[part] == group.ids[part][0], "unit"]
            return f" {found.iloc[0]}" if len(found) and found.iloc[0] else ""
    return ""


def _requirement(case: Case, group: Group) -> Names:
    """What a row or bound demands, in both languages."""
    place, result = group.place, {}
    for language in words.LANGUAGES:
        names = _names(case, group, language)
        card = CARD.get(place.family)
        if card is None:
            result[language] = words.text(f"columns.{place.family}_{place.side}", language, **names)
        else:
            result[language] = (card.zh if language == "zh" else card.en).format(**names)
    return result
