"""What the sentences of a comparison must say: head, question, answer, leads of its sections, footer."""

from __future__ import annotations

from collections.abc import Iterable

from compare_inputs import difference
from compare_maps import caption
from compare_tables import sums
from compare_truth import SAME, Versus
from page_blocks import Block
from page_folder import stage_of, words
from page_walk import Judge, Wanted, in_order
from page_walk_words import joined_words, papers

from maps.figures import number
from model.explore.numbers_said import said_change, said_number

TOLD = 5  # places of the sentence on capacity
LEAST = 0.5  # kt a year, million yuan


def minus(text: str) -> str:
    return text.replace("-", "−")


def head(block: Block, truth: Versus) -> Iterable[Wanted]:
    """How many plans, and which is the reference."""
    report = words("report")
    return [{report["compare_heading_count"]["en"].replace("{count}", "2"), report["compare_subtitle"]["en"].replace("{first}", truth.titles[0]["en"])}]


def question(block: Block, truth: Versus) -> Iterable[Wanted]:
    first, other = (title["en"] for title in truth.titles)
    return [words("view")["versus_question"]["en"].replace("{other}", other).replace("{first}", first)]


def answer(block: Block, truth: Versus) -> Iterable[Wanted]:
    said = block.english[0]
    return [{objective(truth), capacity(truth, said), margins(truth)} | difference(said, truth)]


def objective(truth: Versus) -> str:
    before, after = truth.each(lambda plan: plan.objective)
    if abs(after - before) <= SAME * abs(before):
        return f"Net cost (negative: a gain) stays at {minus(said_number(before))} million yuan."
    change = f"{minus(said_change(abs(after - before)).lstrip('+'))} {'less' if after < before else 'more'}"
    return f"Net cost (negative: a gain) goes from {minus(said_number(before))} to {minus(said_number(after))} million yuan: {change}."


def capacity(truth: Versus, said: str) -> str:
    """The five largest changes of capacity by site and link, every unit counted; among equals any order is right, so that of the sentence."""
    tables = truth.each(lambda plan: plan.capacity.assign(after=lambda rows: rows["existing"] + rows["added"] - rows["closed"], link=plan.capacity["unit"].map(stage_of)))
    before, after = (table.groupby(["site", "link"])["after"].sum() for table in tables)
    change = after.sub(before, fill_value=0.0)[lambda sizes: sizes.abs() >= LEAST].round(9)
    names = {key: name for name, key in truth.sites.items()}
    ranked = change.iloc[change.abs().argsort(kind="stable")[::-1]].head(TOLD)
    told = {f"{names[site]}, {link.lower()} {minus(said_change(size))}": -abs(size) for (site, link), size in ranked.items()}
    listed = said.removeprefix("Capacity changes most at (kt/yr): ").removesuffix(".").split("; ")
    place = {one: number for number, one in enumerate(listed)}
    return f"Capacity changes most at (kt/yr): {'; '.join(sorted(told, key=lambda one: (told[one], place.get(one, TOLD))))}."


def margins(truth: Versus) -> str:
    """Regions, who gains most first, then the site that gains and the one that loses most."""
    regions, sites = (truth.once(f"split {name}", lambda found, name=name: sums(found, name)) for name in ("region", "site"))
    told = []
    for table in (regions, sites):
        gain = (table["before"] - table["after"])[lambda sizes: sizes.abs() >= LEAST].sort_values(ascending=False)
        told.append([f"{name} {minus(said_change(size))}" for name, size in gain.items()])
    if not told[1]:
        return ""
    return f"Margins change (million yuan): {'; '.join(told[0])}; the largest at {told[1][0]}; {told[1][-1]}."


def lead(block: Block, truth: Versus) -> Iterable[Wanted]:
    """The lead of a section with the least change that it tells of, kt a year."""
    return [words("report")[f"lead_versus_{block.part}"]["en"].replace("{least}", number(LEAST, 1))]


JUDGES: dict[tuple[str, str], Judge] = {
    ("top", "h1"): head, ("top", "p"): head, ("top", "button"): in_order, ("answer", "p.question"): question, ("answer", "li"): answer,
    ("answer", "h3"): caption, ("maps", "p.lead"): lead, ("changes", "p.lead"): lead, ("footer", "p"): joined_words,
}
ORDERED = {("top", "button"): papers}
