"""What the sentences of a page must say: head, findings, goals, equally good plans, cards, shadow prices, switch points."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable

import pandas as pd
from page_blocks import Block
from page_folder import with_rates
from page_options import LEAST, name_of, sizes_said, taken
from page_truth import Truth
from page_walk import Judge, Wanted, in_order
from page_walk_prices import three

from maps.figures import NONE, compact, number, percent


def scenario(truth: Truth) -> dict:
    return tomllib.loads((truth.folder / "scenario.resolved.toml").read_text(encoding="utf-8"))


def head(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Title; scenario, status, objective, gap and date."""
    title = scenario(truth)["title"]
    objective, gap = compact(truth.objective), percent(truth.summary["gap"], 2)
    line = f"Scenario {truth.run['scenario']} · {truth.summary['status']} · objective {objective} million yuan/yr · gap {gap} · {truth.date}"
    return [{title["en"], f"{title['zh']} / {title['en']}", line, *(en for _, en in truth.sentences)}]


def papers(truth: Truth) -> list[str]:
    """The two sizes that the page prints on."""
    return ["Print A4", "Print A3"]


def ranges(truth: Truth) -> list[str]:
    """Low and high value of the input of every switch point."""
    return [f"{compact(row.low)} … {compact(row.high)}" for row in truth.table("switch_points").itertuples()]


def question(block: Block, truth: Truth) -> Iterable[Wanted]:
    return [scenario(truth)["question"]["en"]]


def joined_words(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Texts that are the same in every report, one behind the other."""
    left = block.english[0]
    for _, en in sorted(truth.sentences, key=lambda pair: -len(pair[1])):
        left = left.replace(en, "")
    return [block.english[0] if not re.search(r"\d", left) else None]


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
    return [block.english[0], shape(row["value"]), shape(row["min"]), block.english[3], "", f"{whole(row['share'])} %", "met" if row["share"] >= 1 - LEAST else "missed"]


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
    return f"Named projects open to the plan: {len(able)}, taken: {len(mine)} ({sizes_said(mine)} kt/yr){rest}."


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
    return [name, wanted, unit, *[{more, difference(name, truth)}] * (len(block.english) - 3)]


def difference(name: str, truth: Truth) -> str:
    """How far a figure is from that of the base, where the base was solved beside this run."""
    beside = truth.folder.parent / "base" / "tables" / "cards.csv"
    if truth.run["scenario"] == "base" or not beside.is_file():
        return ""
    key = {"Objective": "objective", "Freight": "freight"}.get(name.split()[0], f"output_{name.split()[0].lower()}")
    base, mine = (pd.read_csv(path, encoding="utf-8-sig").set_index("card")["value"][key] for path in (beside, truth.folder / "tables" / "cards.csv"))
    change = (mine - base) * (-1 if key == "objective" else 1)
    return "as in base" if abs(change) <= LEAST * max(1.0, abs(base)) else f"{'+' if change > 0 else ''}{compact(change)} against base"


def switches(block: Block, truth: Truth) -> Iterable[Wanted]:
    """Choice, input, present value, switch point, unit, range, distance in widths of the range, verdict, note."""
    points = truth.table("switch_points")
    row = points.set_index(["what_en", "input_en"]).loc[tuple(block.english[:2])]
    width = abs(row["flips_at"] - row["central"]) / (row["high"] - row["low"])
    verdict = "no flip found" if math.isnan(width) else "may flip" if row["low"] <= row["flips_at"] <= row["high"] else "firm"
    distance = NONE if math.isnan(width) else f"{number(width, 1)} ×"
    return [*block.english[:2], compact(row["central"]), compact(row["flips_at"]), block.english[4], "", distance, verdict, row["note_en"]]


JUDGES: dict[tuple[str, str], Judge] = {
    ("top", "p"): head, ("top", "title"): head, ("top", "h1"): head, ("top", "button"): in_order, ("footer", "p"): joined_words, ("map", "p.lead"): joined_words,
    ("plan", "p.lead"): joined_words, ("costs", "p.lead"): joined_words, ("findings", "p.question"): question,
    ("findings", "tr"): goal, ("findings", "summary"): summary, ("plan", "summary"): summary, ("findings", "li"): findings,
    ("cards", "div.card"): cards, ("switches", "tr"): switches, ("switches", "title"): in_order,
}
ORDERED = {("top", "button"): papers, ("switches", "title"): ranges}
