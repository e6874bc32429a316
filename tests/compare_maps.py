"""What the maps of a comparison must say: what lines carry more and less, what parks make more and less, edges, legends, scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import page_chain
import page_walk_charts
from compare_tables import LINKS
from compare_truth import Versus
from page_blocks import Block
from page_folder import words
from page_truth import Truth
from page_walk import Judge, Wanted, in_order
from page_walk_charts import scale, steps_to

from maps.figures import number

LEAST, NOISE = 0.5, 1e-6  # kt a year that are drawn, and that are the solver's rounding
NAMED, TOLD = 4, 3  # flows named of a line, links named of a park
LANGUAGES = ("zh", "en")


def signed(change: float) -> str:
    """A change with its sign: one decimal below ten."""
    text = number(change, 0 if abs(change) >= 10 else 1)
    return text if change < 0 else f"+{text}"


def carried(truth: Truth) -> dict[tuple[str, str, str], dict[tuple[str, str, str], float]]:
    """(start, end, mode) of a step of a route → (good, from, to) → kt a year."""
    found: defaultdict = defaultdict(lambda: defaultdict(float))
    for (_, start, end, mode), parts in page_chain.streams(truth).items():
        for good, sender, receiver, amount in parts:
            found[start, end, mode][good, sender, receiver] += amount
    return found


def shifted(truth: Versus) -> list[tuple[str, float, list[tuple]]]:
    """(more or less, kt, single flows with their change) of every step whose goods change; goods that swap their ways are no change."""
    before, after = truth.each(carried)
    found = []
    for leg in {*before, *after}:
        change = {flow: after.get(leg, {}).get(flow, 0.0) - before.get(leg, {}).get(flow, 0.0) for flow in {*before.get(leg, {}), *after.get(leg, {})}}
        goods: defaultdict[str, float] = defaultdict(float)
        for (good, _, _), amount in change.items():
            goods[good] += amount
        for kind, sign in (("more", 1.0), ("less", -1.0)):
            mine = {good: amount for good, amount in goods.items() if amount * sign > NOISE}
            total = sum(map(abs, mine.values()))
            flows = [(*flow, amount) for flow, amount in change.items() if flow[0] in mine and abs(amount) >= LEAST]
            if total >= LEAST:
                found.append((kind, total, sorted(flows, key=lambda flow: (-abs(flow[3]), flow[:3]))))
    return found


def line_titles(truth: Versus) -> set[str]:
    """The texts of all lines, both languages one behind the other."""
    return {_title(truth, *one) for one in shifted(truth)}


def _title(truth: Versus, kind: str, amount: float, flows: list[tuple]) -> str:
    said = words("report")[f"versus_{kind}_on_line"]
    goods = truth.plans[1].core["commodities"].set_index("commodity")
    lines = [f"{said['zh']} / {said['en']}: {number(amount)} kt"]
    for good, start, end, change in flows[:NAMED]:
        for place, language in enumerate(LANGUAGES):
            ends = " → ".join(truth.plans[1].short[site][place] for site in (start, end))
            lines.append(f"{goods.loc[good, f'name_{language}']}: {ends} {signed(change)}")
    return " ".join(lines)


def line(block: Block, truth: Versus) -> Iterable[Wanted]:
    return [truth.once("line titles", line_titles)]


def parks(truth: Versus) -> dict[str, tuple[str, str]]:
    """site → what it makes more and less, in both languages: the three largest links."""
    changes: defaultdict[str, dict[str, float]] = defaultdict(dict)
    before, after = truth.each(lambda plan: plan.output)
    for site, link in {*before, *after}:
        change = after.get((site, link), 0.0) - before.get((site, link), 0.0)
        if link in LINKS and abs(change) >= LEAST:
            changes[site][link] = change
    keys = {entry["en"]: entry for key, entry in words("report").items() if key.startswith("stage_")}
    found = {}
    for site, mine in changes.items():
        ranked = sorted(mine.items(), key=lambda part: -abs(part[1]))
        said = [" · ".join(f"{keys[link][language]} {signed(change)}" for link, change in ranked[:TOLD]) for language in LANGUAGES]
        found[site] = tuple(text + (" …" if len(ranked) > TOLD else "") for text in said)
    return found


def park(block: Block, truth: Versus) -> Iterable[Wanted]:
    """One language of what some park makes more and less; which park, is judged by ``labels``."""
    return [{text for said in truth.once("parks", parks).values() for text in said}]


def labels(found: Iterable[Block], truth: Versus) -> list[tuple[str, str]]:
    """(name, text) of labels of parks on the difference map that are not what their park makes more and less, or that are missing."""
    wanted, shown, names = truth.once("parks", parks), [], {}
    for block in found:
        text, language = block.english[0] or block.chinese[0], bool(block.english[0])
        if block.kind == "text.park-name":
            names[language] = text
        if block.kind == "text.shift-text":
            shown.append((names[language], text))
    short = truth.plans[1].short
    every = {(short[site][place], text) for site, said in wanted.items() for place, text in enumerate(said)}
    return sorted(set(shown) ^ every)


def edge(block: Block, truth: Versus) -> Iterable[Wanted]:
    """Goods over the edge of the map of one plan."""
    return page_walk_charts.edge(block, truth.plans[block.figure])


def plan_legend(truth: Versus) -> list[str]:
    """Sizes of circles and widths of lines: of the largest of both plans."""
    sums = [plan.stages.groupby(level="site").sum() for plan in truth.plans]
    largest = max(float((one["existing"] + one["added"] - one["closed"]).max()) for one in sums)
    widest = max(sum(part[3] for part in stream) for plan in truth.plans for stream in page_chain.streams(plan).values())
    return steps_to(largest) + steps_to(widest)


def shift_legend(truth: Versus) -> list[str]:
    """Sizes of half discs: what one park makes more or less in all; widths of lines."""
    before, after = truth.each(lambda plan: plan.output)
    sides: defaultdict[tuple[str, bool], float] = defaultdict(float)
    for site, link in {*before, *after}:
        change = after.get((site, link), 0.0) - before.get((site, link), 0.0)
        if link in LINKS and abs(change) >= LEAST:
            sides[site, change > 0] += abs(change)
    return steps_to(max(sides.values())) + steps_to(max(amount for _, amount, _ in shifted(truth)))


def caption(block: Block, truth: Versus) -> Iterable[Wanted]:
    """Letter and title of a plan."""
    return [{f"{letter} {one['en']}" for letter, one in zip("AB", truth.titles, strict=True)}]


JUDGES: dict[tuple[str, str], Judge] = {
    ("maps", "title"): line, ("maps", "text.shift-text"): park, ("maps", "text.scale-text"): scale, ("maps", "span"): in_order,
    ("plans", "figcaption"): caption, ("plans", "text.edge-text"): edge, ("plans", "text.scale-text"): scale, ("plans", "span"): in_order,
}
ORDERED = {("maps", "span"): shift_legend, ("plans", "span"): plan_legend}
