"""What the sentences of a page must say: head, findings, goals, equally good plans, cards, shadow prices, switch points."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable
from itertools import pairwise

import pandas as pd
from page_blocks import Block
from page_truth import Truth, with_rates
from page_walk import Judge, Wanted
from page_walk_tables import HALF, either, option_of

from maps.figures import NONE, compact, number, percent

LEAST = 1e-6


def three(value: float, count: int = 3) -> str:
    """A number to ``count`` digits that count, never with an exponent."""
    places = max(0, count - 1 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scenario(truth: Truth) -> dict:
    return tomllib.loads((truth.folder / "scenario.resolved.toml").read_text(encoding="utf-8"))


def head(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Title; scenario, status, objective, gap and date."""
    title = scenario(truth)["title"]
    objective, gap = compact(truth.objective), percent(truth.summary["gap"], 2)
    line = f"Scenario {truth.run['scenario']} · {truth.summary['status']} · objective {objective} million yuan · gap {gap} · {truth.date}"
    return [{title["en"], f"{title['zh']} / {title['en']}", line, *(en for _, en in truth.words)}]


def paper(block: Block, truth: Truth) -> Iterable[Wanted]:
    """The two sizes that the page prints on."""
    return [{"Print A4", "Print A3"}]


def question(block: Block, truth: Truth) -> Iterable[Wanted]:
    return [scenario(truth)["question"]["en"]]


def joined_words(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Texts that are the same in every report, one behind the other."""
    left = block.english[0]
    for _, en in sorted(truth.words, key=lambda pair: -len(pair[1])):
        left = left.replace(en, "")
    return [block.english[0] if not re.search(r"\d", left) else None]


def trust(block: Block, truth: Truth) -> Iterable[Wanted]:
    share = percent(truth.grade_money["D"] / sum(truth.grade_money.values()))
    return [f"{share} of the money in this plan rests on data of grade D (assumptions)"]


def goals(truth: Truth) -> pd.DataFrame:
    """Name, value, goal and share of the soft floors without a price, the farthest first."""
    table = truth.core["indicators"]
    table = table[(table["relax_price"] == 0) & (table["min"] > 0)]
    values = [truth.indicator(name) for name in table["indicator"]]
    return table.assign(value=values, share=[value / low for value, low in zip(values, table["min"], strict=True)]).sort_values(["share", "indicator"])


def whole(share: float) -> str:
    """Whole percent, never rounded up."""
    return str(math.floor(100 * share + 1e-4))


def goal(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Name, value, goal, unit, bar, share, verdict."""
    row = truth.once("goals", goals).set_index("name_en").loc[block.english[0]]
    shape = percent if row["unit"] == "share" else number if row["min"] >= 100 else compact
    return [block.english[0], shape(row["value"]), shape(row["min"]), block.english[3], "", f"{whole(row['share'])} %", block.english[6]]


def summary(block: Block, truth: Truth) -> Iterable[Wanted]:
    """How many goals are met, how many ties and options are told; those are counted in the page's own lists by ``counts``."""
    table = truth.once("goals", goals)
    activity = truth.table("ties").query("family == 'activity'")["index"].str.partition(", ")[0]
    told = min(6, int((~activity.str.startswith("supply_")).sum()))
    cells = truth.options[~truth.options.index.str.startswith(("cede_", "draw_"))].index
    closing = [name for name in cells if name.startswith(("close_", "new_potline_"))]
    off = [name for name in closing if truth.options.loc[name, "max_size"] == 0]
    others = [name for name in cells if name.startswith("expand_")] + off
    return [{
        f"Goals: {int((table['share'] >= 1 - LEAST).sum())} of {len(table)} met", f"Equally good plans (same cost): {told}",
        f"Generic expansions and options not switched on in this scenario ({len(others)}, click to open)",
    }]


def name_of(option: str, truth: Truth) -> str:
    """What a reader calls an option; the way back of ``option_of``."""
    site = truth.options.loc[option, "site"]
    projects = truth.rows("projects", "project", option)
    if len(projects):
        return str(projects["name_en"].iloc[0])
    if option.startswith("new_potline_"):
        return str(truth.row("new_potlines", "site", option.removeprefix("new_potline_"))["name_en"])
    if option.startswith("close_"):
        return f"closure of {truth.row('plants', 'plant', option.removeprefix('close_'))['name_en']}"
    place = next(name for name, one in truth.sites.items() if one == site)
    return f"{truth.technology_names[option.removeprefix('expand_').removesuffix(f'_{site}')]}, expansion at {place}"


def taken(truth: Truth) -> pd.DataFrame:
    """Options of the plan with size and name, the largest first."""
    sizes = truth.sizes[(truth.sizes > LEAST) & ~truth.sizes.index.str.startswith(("cede_", "draw_"))]
    table = pd.DataFrame({"option": sizes.index, "size": sizes.to_numpy(), "name": [name_of(one, truth) for one in sizes.index]})
    return table.sort_values(["size", "option"], ascending=[False, True])


def sizes_said(table: pd.DataFrame) -> str:
    return "; ".join(f"{row.name_} {number(row.size_)}" for row in table.rename(columns={"name": "name_", "size": "size_"}).head(3).itertuples())


def findings(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Every sentence on top that can stand there, written from the run folder."""
    return [truth.once("findings", sentences)]


def sentences(truth: Truth) -> set[str]:
    """Every sentence on top that can stand there."""
    plan = taken(truth)
    closed = plan["option"].str.startswith("close_")
    gone, built = plan[closed], plan[~closed]
    table, made = truth.once("goals", goals), pd.Series(truth.output).groupby(level=1).sum()
    farthest = ", ".join(f"{row.name_en} {whole(row.share)}%" for row in table[table["share"] < 1 - LEAST].head(3).itertuples())
    return {
        primary(truth, made, gone), f"{number(gone['size'].sum())} kt/yr leave: {', '.join(gone['name'])}.",
        f"{len(built)} projects and expansions are built, {number(built['size'].sum())} kt/yr in all; largest: {sizes_said(built)}.",
        f"Of {len(table)} goals {int((table['share'] >= 1 - LEAST).sum())} are met; farthest from theirs: {farthest}.",
        named(truth, built), scrap(truth, made), imports(truth, made), fragile(truth), *ties(truth),
    }


def primary(truth: Truth, made: pd.Series, gone: pd.DataFrame) -> str:
    """Primary metal of both places, alumina, and whether the potlines that stay run all year."""
    region = truth.core["sites"].set_index("site")["region"]
    regions = {name: number(sum(value for (site, link), value in truth.output.items() if link == "Primary" and region[site] == name)) for name in ("sichuan", "chongqing")}
    work = truth.found["activity"][lambda rows: rows["technology"].str.startswith("smelt_")]
    kept = float(work.loc[~work["technology"].str.startswith("smelt_new"), "activity"].sum())
    stands = float(truth.inputs["plants"]["capacity"].astype(float).sum())
    idle = stands - float(gone["size"].sum()) - kept
    state = "run all year" if idle <= 0.001 * stands else f"idle {number(idle)} kt"
    return (
        f"{scenario(truth)['title']['en']}: {number(made['Primary'])} kt of primary aluminium a year (Sichuan {regions['sichuan']}, "
        f"Chongqing {regions['chongqing']}); the potlines kept {state}; alumina {number(made['Alumina'])} kt."
    )


def named(truth: Truth, built: pd.DataFrame) -> str:
    """Named projects that may be built, those taken, the two that other solves find nearest."""
    projects = set(truth.inputs["projects"]["project"])
    able = [name for name in truth.options.index if name in projects and truth.options.loc[name, "max_size"] > 0]
    mine = built[built["option"].isin(able)]
    told = truth.table("projects")
    near = told[(told["state"] == "open") & told["project"].isin(set(able) - set(mine["option"])) & told["misses"].notna()].sort_values(["misses", "project"]).head(2)
    missed = [f"{name_of(row.project, truth)} (misses {row.misses:,.0f} yuan per tonne of capacity and year)" for row in near.itertuples()]
    rest = f"; of the others the nearest to entering: {', '.join(missed)}" if missed else ""
    return f"Named projects open to the plan: {len(able)}, taken: {len(mine)} ({sizes_said(mine)}){rest}."


def scrap(truth: Truth, made: pd.Series) -> str:
    """Recycled metal, use of its two kinds of lines, and how much of each scrap on offer is taken."""
    closed = set(truth.inputs["scrap_centres"].query("in_use == '0.0' or in_use == '0'")["site"])
    room = truth.capacity[~truth.capacity["site"].isin(closed)]
    room = (room["existing"] + room["added"] - room["closed"]).groupby(room["unit"]).sum()
    work = truth.found["activity"].merge(truth.core["capacity_use"], on="technology")
    used = (work["activity"] * work["use"]).groupby(work["unit"]).sum()
    lines = {"cast-alloy lines": "recycling", "grade-preserving lines": "recycling_wrought"}
    use = ", ".join(f"{name} {used[unit] / room[unit]:.0%}" for name, unit in lines.items())
    offered = with_rates(truth.found["supply"], truth.core["supply"], ["commodity", "site", "tier"])[lambda rows: (rows["cost_class"] == "scrap") & rows["max"].notna()]
    most = offered["max"] * offered["period"].map(truth.length).where(offered["when"] == "*", 1.0)
    sums = pd.DataFrame({"taken": offered["supply"], "most": most}).groupby(offered["commodity"]).sum()
    names = {key: name for name, key in truth.goods.items()}
    shares = ", ".join(f"{names[row.Index]} {row.taken / row.most:.0%}" for row in sums[sums["most"] > 0].itertuples())
    return (
        f"Recycled output is {number(made['Recycled'])} kt; lines run at: {use}: where lines have room, sites do not bind; "
        f"of the scrap on offer the plan takes: {shares}."
    )


def imports(truth: Truth, made: pd.Series) -> str:
    """Metal bought at gateways that some technology of the chain could make."""
    stages = truth.inputs["technologies"].query("stage in ('smelting', 'casting', 'recycling', 'processing')")["technology"]
    recipes = truth.core["recipes"][lambda rows: (rows["quantity"] > 0) & (rows["technology"].isin(stages) | rows["technology"].str.startswith("smelt_"))]
    free = set(truth.core["commodities"].query("balance != 'exact'")["commodity"])
    gateways = set(truth.core["sites"].query("kind == 'gateway'")["site"])
    bought = truth.found["supply"][lambda rows: rows["commodity"].isin(set(recipes["commodity"]) & free) & rows["site"].isin(gateways)]
    sums = bought.groupby("commodity")["supply"].sum().sort_values(ascending=False)
    names = {key: name for name, key in truth.goods.items()}
    listed = ", ".join(f"{names[good]} {number(value)}" for good, value in sums.items() if value > 0.5)
    own = number(made["Primary"] + made["Recycled"])
    return f"{number(sums.sum())} kt of metal are bought outside instead of made: {listed}; primary and recycled metal made: {own} kt."


def fragile(truth: Truth) -> str:
    """The choice nearest to its switch point, as other solves find it."""
    points = truth.table("switch_points")
    if points.empty or points["flips_at"].isna().all():
        return ""
    row = points[points["flips_at"].notna()].iloc[0]
    holds = (row["holds"] == "below") == (row["central"] < row["flips_at"])
    return (
        f"The siting choice nearest to its switch point: “{row['what_en']}” holds while the {row['input_en']} is {row['holds']} "
        f"{three(row['flips_at'], 4)} {row['unit']}; at the present {three(row['central'], 4)} it {'holds' if holds else 'does not hold'}."
    )


def ties(truth: Truth) -> set[str]:
    """Choices that may differ at the same cost: one amount is that of this plan, the other that of another solve."""
    made, found = truth.found["activity"].groupby(["technology", "site"])["activity"].sum(), set()
    for row in truth.table("ties").query("family == 'activity'").itertuples():
        technology, _, site = row.index.partition(", ") if isinstance(row.index, str) else row[2].partition(", ")
        place = next(name for name, one in truth.sites.items() if one == site)
        if technology in truth.technology_names:
            found.add(f"{truth.technology_names[technology]} at {place}: {number(made[technology, site])} or {number(row.other)} kt/yr at the same cost")
    return found


def cards(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Objective, output with capacity before and after, freight with mean haul; the difference to the base is checked where a base stands beside."""
    name, value, unit = block.english[:3]
    if name.startswith("Objective"):
        wanted, more = compact(-truth.objective), ""
    elif name == "Freight":
        flow = truth.flow_sums.sum()
        wanted, more = number(flow["work"] / 1000), f"mean haul {number(flow['work'] / flow['flow'])} km"
    else:
        link = next(one for one in ("Alumina", "Primary", "Casting", "Processing", "Recycled") if name.startswith(one))
        sums = truth.stages.groupby(level="stage").sum().loc[link]
        wanted = number(sum(value for (_, one), value in truth.output.items() if one == link))
        more = f"capacity {number(sums['existing'])} → {number(sums['existing'] + sums['added'] - sums['closed'])}"
    return [name, wanted, unit, *[{more, *differences(truth)}] * (len(block.english) - 3)]


def differences(truth: Truth) -> set[str]:
    """How far each figure is from that of the base, where the base was solved beside this run."""
    beside = truth.folder.parent / "base" / "tables" / "cards.csv"
    if truth.run["scenario"] == "base" or not beside.is_file():
        return set()
    base, mine = (pd.read_csv(path, encoding="utf-8-sig").set_index("card")["value"] for path in (beside, truth.folder / "tables" / "cards.csv"))
    changes = {name: (-1 if name == "objective" else 1) * (mine[name] - base[name]) for name in base.index}
    return {f"{'+' if change > 0 else ''}{compact(change)} against base" for change in changes.values()}


def switches(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Choice, input, present value, switch point, unit, range, distance in widths of the range, verdict, note."""
    points = truth.table("switch_points")
    if block.kind == "title":
        return [{f"{compact(row.low)} … {compact(row.high)}" for row in points.itertuples()}]
    row = points.set_index(["what_en", "input_en"]).loc[tuple(block.english[:2])]
    width = abs(row["flips_at"] - row["central"]) / (row["high"] - row["low"])
    distance = NONE if math.isnan(width) else f"{number(width, 1)} ×"
    return [*block.english[:2], compact(row["central"]), compact(row["flips_at"]), block.english[4], "", distance, block.english[7], row["note_en"]]


def price(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Place, sentence, price, unit of shadow prices; in a popup the sentence alone."""
    cells = block.english
    place = 1 if len(cells) == 4 else 0
    value, said = price_of(cells[place], truth)
    return [*cells[:place], said, either(compact, value), *cells[place + 2 :]]


def price_of(sentence: str, truth: Truth) -> tuple[float, set[str]]:
    """The price that a sentence tells of, and the sentence with that price."""
    if match := re.fullmatch(r"1 t more (.+) at the gate of (.+) in the year saves ([\d,]+) yuan", sentence):
        value = float(truth.prices[good_of(match[1], truth), truth.sites[match[2]]])
        return value, {f"1 t more {match[1]} at the gate of {match[2]} in the year saves {shown} yuan" for shown in either(number, 1000 * value)}
    if match := re.fullmatch(r"(1 kt a year more (.+) supplied at (.+) \(the year\)) saves ([\d.,]+) million yuan a year", sentence):
        return told(match[1], float(truth.supply_prices[good_of(match[2], truth), truth.sites[match[3]]]))
    if match := re.fullmatch(r"(1 kt/yr more capacity of (.+) at (.+) \(the year\)) saves ([\d.,]+) million yuan a year", sentence):
        return told(match[1], capacity_price(match[2], truth.sites[match[3]], truth))
    if match := re.fullmatch(r"(1 kt/yr more quota in (.+) \(the year\)) saves ([\d.,]+) million yuan a year", sentence):
        return told(match[1], -float(truth.bound_prices[truth.indicator_names[match[2]]]))
    if match := re.fullmatch(r"(a largest size of (.+) that is 1 kt/yr higher \(the year\)) saves ([\d.,]+) million yuan a year", sentence):
        reduced = truth.found["size_reduced_cost"].set_index("option")["size_reduced_cost"]
        return told(match[1], next(-float(value) for option, value in reduced.items() if name_of(option, truth) == match[2]))
    names = [*truth.indicator_names, *truth.sites, *truth.goods]
    left = sentence
    for name in sorted((one for one in names if one in left), key=len, reverse=True):
        left = left.replace(name, "")
    assert "worth 0" in left or "costs nothing" in left
    prices = [truth.bound_prices.get(one, 0.0) for name, one in truth.indicator_names.items() if name in sentence]
    prices += [truth.prices.get(("electricity", one), 0.0) for name, one in truth.sites.items() if name in sentence]
    fixed = {"1 GWh more power at  in every period is worth 0: power is not short"}
    return sum(map(abs, prices)), {sentence} if left in fixed or set(re.findall(r"\d+", left)) <= {"0"} else set()


def left_out(block: Block, truth: Truth) -> Iterable[Wanted]:
    """How many prices of a kind stand in the workbook alone: of each good beyond the ten highest."""
    kind = {"Alumina": "gate", "Capacity": "park", "Supply": "supply"}[block.head.split()[0]]
    prices = truth.table("shadow_prices").fillna({"commodity": ""})
    counts = prices[(prices["kind"] == kind) & (prices["value"].abs() > 1e-9)].groupby("commodity").size()
    return [f"{int((counts - 10).clip(lower=0).sum())} more rows in results.xlsx."]


def told(start: str, value: float) -> tuple[float, set[str]]:
    return value, {f"{start} saves {shown} million yuan a year" for shown in either(three, value)}


def good_of(name: str, truth: Truth) -> str:
    return next(key for one, key in truth.goods.items() if one.lower() == name.lower())


def capacity_price(name: str, site: str, truth: Truth) -> float:
    """Of a line called by the one technology that uses it, its plant or by what it makes; of an option its reduced cost."""
    use = truth.core["capacity_use"]
    units = set(use.loc[use["technology"] == truth.technologies.get(name), "unit"]) | {unit for unit, one in truth.line_names.items() if one == name}
    return max(float(truth.capacity_prices[unit, site]) for unit in units if (unit, site) in truth.capacity_prices)


JUDGES: dict[tuple[str, str], Judge] = {
    ("top", "p"): head, ("top", "title"): head, ("top", "h1"): head, ("top", "button"): paper, ("footer", "p"): joined_words, ("map", "p.lead"): joined_words,
    ("plan", "p.lead"): joined_words, ("costs", "p.lead"): joined_words, ("findings", "p.question"): question, ("findings", "p.trust"): trust,
    ("findings", "tr"): goal, ("findings", "summary"): summary, ("plan", "summary"): summary, ("findings", "li"): findings,
    ("cards", "div.card"): cards, ("switches", "tr"): switches, ("switches", "title"): switches, ("duals", "tr"): price, ("duals", "p.more-rows"): left_out,
    ("popup", "li Binding limits and shadow prices"): price,
}
