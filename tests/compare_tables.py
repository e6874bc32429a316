"""What cards and tables of a comparison must say: money by class, link, good and place, gains, capacity and output, indicators, proof."""

from __future__ import annotations

import json
from collections.abc import Iterable

import page_gains
import pandas as pd
from compare_truth import Versus, book, link_of, moves, outputs, place_name, shapes, signed, signs, users
from page_blocks import Block
from page_folder import stage_of, words
from page_truth import Truth
from page_walk import Judge, Wanted
from page_walk_charts import money
from page_walk_tables import either

from maps.figures import compact, number, percent

LINKS = ("Alumina", "Primary", "Casting", "Processing", "Recycled")
MEASURES = ("carbon", "output_value", "power")
LEAST = 5e-4  # amounts below show as 0


def cards(truth: Versus) -> list[tuple[str, str, tuple[float, float]]]:
    """Name, unit and value in each plan of every key figure, in their order."""
    report, columns = words("report"), truth.plans[0].inputs["split_columns"].set_index("column")
    made = [(report["card_output"]["en"].replace("{stage}", link), "kt/yr", truth.each(lambda plan, link=link: output_of(plan, link))) for link in LINKS]
    found = [(report["versus_objective"]["en"], "million yuan", truth.each(lambda plan: plan.objective)), *made]
    found.append((report["card_freight"]["en"], report["unit_million_tkm"]["en"], truth.each(lambda plan: float(plan.flow_sums["work"].sum()) / 1000)))
    sums = truth.each(lambda plan: plan.once("measures", page_gains.measures).sum())
    for name in MEASURES:
        unit = columns.loc[name, "unit"]
        said = report.get(f"unit_{unit.replace(' ', '_')}", {"en": unit})["en"]
        found.append((columns.loc[name, "name_en"], said, tuple(float(one[name]) for one in sums)))
    return found


def output_of(truth: Truth, link: str) -> float:
    return sum(value for (_, one), value in truth.output.items() if one == link)


def card(block: Block, truth: Versus) -> Iterable[Wanted]:
    """Letter, value, change of one plan in the card of its place."""
    _, _, (before, after) = truth.once("cards", cards)[block.table]
    if block.english[0] == "A":
        return ["A", shapes(before), ""]
    return ["B", shapes(after), {text or "no change" for text in signs(after - before)}]


def sums(truth: Versus, name: str) -> pd.DataFrame:
    """Name in English → amount of both plans, of one way to split the objective."""
    first, second = truth.each(lambda plan: SPLITS[name](plan))
    return pd.DataFrame({"before": first, "after": second}).fillna(0.0)


def by_class(truth: Truth) -> pd.Series:
    return pd.Series({words("cost_classes")[name]["en"]: value for name, value in money(truth).items()})


def by_stage(truth: Truth) -> pd.Series:
    found = book(truth).groupby("stage")["money"].sum()
    return found.rename(lambda name: words("compare")[f"stage_{name}"]["en"])


def by_good(truth: Truth) -> pd.Series:
    names = {key: name for name, key in truth.goods.items()} | {"": words("compare")["no_good"]["en"]}
    return book(truth).groupby("good")["money"].sum().rename(names)


def margins(truth: Truth) -> pd.Series:
    """site → million yuan earned; they add up to what the plan earns (asserted there)."""
    return truth.once("measures", page_gains.measures)["margin"]


def by_site(truth: Truth) -> pd.Series:
    return -margins(truth).rename({key: name for name, key in truth.sites.items()})


def by_place(column: str, truth: Truth) -> pd.Series:
    """Net cost by city or region."""
    earned = margins(truth)
    place = truth.core["sites"].set_index("site")[column].reindex(earned.index).fillna("")
    return -earned.groupby(place.map(place_name)).sum()


SPLITS = {
    "class": by_class, "stage": by_stage, "good": by_good, "site": by_site,
    "city": lambda truth: by_place("city", truth), "region": lambda truth: by_place("region", truth),
}


def split(name: str) -> Judge:
    """Part, amount of A, amount of B, change; parts without a change in one row, the sum last."""

    def judge(block: Block, truth: Versus) -> Iterable[Wanted]:
        table = truth.once(f"split {name}", lambda found: sums(found, name))
        said, sizes = block.english[0], table.abs().max(axis=1)
        still = table[(sizes >= LEAST) & (table["after"] - table["before"]).map(lambda change: not signed(change))]
        rest = words("report")["versus_rest"]["en"].replace("{count}", str(len(still)))
        mine = table.sum() if said == "sum" else still.sum() if said == rest else table.loc[said]
        change = mine["after"] - mine["before"]
        return [said, shapes(mine["before"]), shapes(mine["after"]), {""} if said == rest else signs(change)]

    return judge


def bar(name: str) -> Judge:
    """The change of the part that is named before it."""

    def judge(block: Block, truth: Versus) -> Iterable[Wanted]:
        mine = truth.once(f"split {name}", lambda found: sums(found, name)).loc[block.label]
        change = mine["after"] - mine["before"]
        return [either(number, -change if name == "site" else change)]

    return judge


def gained(truth: Truth) -> pd.DataFrame:
    """site × margin, rights and the other measures, and the tonnes that are made there."""
    table = truth.once("measures", page_gains.measures)
    made = outputs(truth)
    return table.assign(tonnes=made.groupby(level="site").sum().reindex(table.index).fillna(0.0))[["margin", "rights", *MEASURES, "tonnes"]]


def gain(block: Block, truth: Versus) -> Iterable[Wanted]:
    """Region or site with the change of every measure; blank where it does not move."""
    before, after = truth.once("gained", lambda found: found.each(gained))
    name = block.english[0]
    if name in truth.sites:
        first, second = (table.loc[truth.sites[name]] for table in (before, after))
    else:
        region = truth.plans[0].core["sites"].set_index("site")["region"].map(place_name)
        first, second = (table[region.reindex(table.index) == name].sum() for table in (before, after))
    return [name, *(signs(second[one] - first[one]) if moves(first[one], second[one]) else "" for one in before)]


def unit_name(truth: Truth, unit: str, site: str) -> str:
    """What a unit is called at a site: after its one technology, else by a name of its own."""
    mine = users(truth, unit, site)
    return truth.technology_names.get(mine[0], mine[0]) if len(mine) == 1 else truth.line_names[unit]


def capacities(truth: Truth, site: str, name: str) -> tuple[float, str]:
    """kt a year and link of the units of one name at a site."""
    table = truth.capacity[truth.capacity["site"] == site]
    table = table[[bool(users(truth, unit, site)) and unit_name(truth, unit, site) == name for unit in table["unit"]]]
    links = {stage_of(unit) for unit in table["unit"]}
    assert len(links) < 2
    return float((table["existing"] + table["added"] - table["closed"]).sum()), next(iter(links), "")


def made(truth: Truth, site: str, name: str) -> tuple[float, str]:
    """kt a year and link of a technology at a site."""
    technology = truth.technologies[name]
    return float(outputs(truth).get((technology, site), 0.0)), words("report")[f"stage_{link_of(truth, technology)}"]["en"]


def changes(block: Block, truth: Versus) -> Iterable[Wanted]:
    """Place, link, capacity or output, name, amount of A, amount of B, change."""
    place, _, what, name = block.english[:4]
    found = {"capacity": capacities, "output": made}[what]
    (before, link), (after, other) = truth.each(lambda plan: found(plan, truth.sites[place], name))
    assert abs(after - before) >= 0.5
    return [place, other or link, what, name, shapes(before), shapes(after), signs(after - before)]


def indicators(block: Block, truth: Versus) -> Iterable[Wanted]:
    """Indicator, unit, value of A, value of B, change."""
    first, second = truth.plans
    name = second.indicator_names[block.english[0]]
    before, after = truth.each(lambda plan: plan.indicator(name))
    return [block.english[0], first.unit_of(name), shapes(before), shapes(after), signs(after - before)]


def proof(block: Block, truth: Versus) -> Iterable[Wanted]:
    """Letter and name, title, status, objective, gap, and the fingerprint that the run folder states."""
    at = ("A", "B").index(block.english[0].split()[0])
    plan, letter = truth.plans[at], "AB"[at]
    summary = json.loads((plan.folder / "summary.json").read_text(encoding="utf-8"))
    money_said = f"{compact(plan.objective)} million yuan"
    return [f"{letter} {plan.run['scenario']}", truth.titles[at]["en"], summary["status"], money_said, percent(summary["gap"], 2), plan.run["case_hash"][:16]]


def title(block: Block, truth: Versus) -> Iterable[Wanted]:
    """Both titles of a plan, where the pointer rests on its column."""
    return [{f"{one['zh']} / {one['en']}" for one in truth.titles}]


TITLED = ("options", "money", "gains", "changes", "indicators")
JUDGES: dict[tuple[str, str], Judge] = {
    ("cards", "tr"): card, ("changes", "tr"): changes, ("indicators", "tr"): indicators, ("proof", "tr"): proof, ("gains", "tr 0"): gain,
    ("money", "text.bar-value"): bar("class"), ("gains", "text.bar-value"): bar("site"),
    **{("money", f"tr {place}"): split(name) for place, name in enumerate(("class", "stage", "good"))},
    **{("gains", f"tr {place}"): split(name) for place, name in enumerate(("region", "city", "site"), start=1)},
    **{(section, "@title"): title for section in TITLED},
}
