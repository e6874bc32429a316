"""The metal balance of a year as a Sankey diagram in SVG: goods and processes from bauxite to the markets, with its error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from maps import svg
from maps.escape import pair
from maps.figures import number
from maps.materials import BOUGHT, LOST, MADE, SOLD, USED, left_over
from maps.palette import STAGE_COLOURS, group_of, groups
from maps.sayings import Pair
from maps.view import ReportView, cells_of

GOODS: Final = ("bauxite", "alumina", "metal", "scrap", "recycled", "products")
STAGES: Final = ("alumina", "primary", "recycled", "processing", "casting", "residue", "other")
COLUMNS: Final = (  # from left to right, each from top to bottom
    ("in_bauxite",), ("bauxite", "in_added"), ("in_alumina", "do_alumina", "in_scrap", "in_returned"), ("alumina", "scrap", "out_residue"),
    ("in_metal", "do_primary", "do_other", "in_recycled", "do_recycled", "do_residue", "in_dross"), ("metal", "recycled", "out_oxygen"),
    ("do_casting", "do_processing", "in_products"), ("products",), ("out_sold", "out_returned", "out_lost"),
)
RANK: Final = {node: rank for rank, column in enumerate(COLUMNS) for node in column}
ORDER: Final = {node: place for column in COLUMNS for place, node in enumerate(column)}
LOSS: Final = {"alumina": "out_residue", "primary": "out_oxygen"}  # the large losses stand beside their process
WIDTH, HEIGHT, BAR, GAP, TOP = 1180.0, 500.0, 13.0, 30.0, 26.0
LEFT, RIGHT = 4.0, 150.0  # room for the words of the last column
LEAST: Final = 0.05  # kt a year
GREY: Final = "#9aa5b1"


@dataclass(frozen=True)
class Balance:
    """Links between nodes in kt a year, each with the group of goods it carries, and what the goods miss to balance."""

    links: dict[tuple[str, str, str], float]
    error: float

    def through(self, node: str) -> tuple[float, float]:
        """kt into and out of a node."""
        into = sum(value for (_, end, _), value in self.links.items() if end == node)
        out = sum(value for (start, _, _), value in self.links.items() if start == node)
        return into, out


def balance(view: ReportView) -> Balance:
    """The links of a view. A process that uses and makes goods of one group moves only the difference.

    What a process takes in more than it gives out of metal-bearing goods leaves as residue, oxygen and melt loss; what it
    gives out more is alloying elements and other inputs. ``error``: sum over the goods of what neither leaves nor is used.
    """
    group = group_of(view)
    rows = view.materials[view.materials["commodity"].map(group).isin(GOODS)]
    links: defaultdict[tuple[str, str, str], float] = defaultdict(float)
    nets: defaultdict[tuple[str, str], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for good, technology, stage, kind, value in cells_of(rows[["commodity", "technology", "stage", "kind", "value"]]):
        mine = group[good]
        if kind in (MADE, USED):
            nets[technology, _process_of(stage)][mine] += value if kind == MADE else -value
        elif kind == BOUGHT:
            links[f"in_{mine}", mine, mine] += value
        else:
            links[mine, {SOLD: "out_sold", LOST: "out_lost"}[kind], mine] += value
    for (_, stage), net in nets.items():
        for start, end, mine, value in _process(stage, net):
            links[start, end, mine] += value
    kept = {key: value for key, value in links.items() if value >= LEAST}
    return Balance(kept, float(left_over(rows).abs().sum()))


def _process_of(stage: str) -> str:
    """The process of the drawing that a stage belongs to: sorting is the way of scrap to those who melt it."""
    return "recycled" if stage == "sorting" else stage if stage in STAGES else "other"


def _process(stage: str, net: Mapping[str, float]) -> list[tuple[str, str, str, float]]:
    """Links of one process: what it takes, what it gives, and the difference. Scrap of a process goes back to the start."""
    node, found, loss = f"do_{stage}", [], -sum(net.values())
    if stage == "residue" and min(net.values()) >= 0:  # metal won back from dross
        return [("in_dross", mine, mine, value) for mine, value in net.items()]
    if set(net) == {"metal"}:  # melts and casts metal: only what it loses or adds shows
        return [("metal", "out_lost", "metal", loss)] if loss > 0 else [("in_added", "metal", "metal", -loss)]
    for mine, value in net.items():
        if value < 0:
            found.append((mine, node, mine, -value))
        elif mine == "scrap":
            found += [(node, "out_returned", mine, value), ("in_returned", mine, mine, value)]
        else:
            found.append((node, mine, mine, value))
    found.append((node, LOSS.get(stage, "out_lost"), "", loss) if loss > 0 else ("in_added", node, "", -loss))
    return found


def sankey(view: ReportView) -> tuple[Markup, str, Balance] | None:
    """The drawing, its balance error in kt as text, and the balance; None where nothing is made of these goods."""
    found = balance(view)
    if not any(node.startswith("do_") for start, end, _ in found.links for node in (start, end)):
        return None
    return _drawn(found), number(found.error, 3), found


def _drawn(found: Balance) -> Markup:
    """Ribbons below, bars above, words beside the bars."""
    nodes = sorted({node for start, end, _ in found.links for node in (start, end)}, key=lambda node: (RANK[node], ORDER[node]))
    size = {node: max(found.through(node)) for node in nodes}
    ranks: defaultdict[int, list[str]] = defaultdict(list)
    for node in nodes:
        ranks[RANK[node]].append(node)
    scale = min((HEIGHT - TOP - GAP * (len(column) - 1)) / sum(size[node] for node in column) for column in ranks.values())
    step = (WIDTH - LEFT - RIGHT - BAR) / 8
    place: dict[str, tuple[float, float]] = {}
    for rank, column in ranks.items():
        y = TOP + (HEIGHT - TOP - sum(size[node] * scale for node in column) - GAP * (len(column) - 1)) / 2
        for node in column:
            place[node] = (LEFT + rank * step, y)
            y += size[node] * scale + GAP
    parts = [_ribbons(found, place, scale), *(_node(node, *place[node], size[node] * scale, size[node]) for node in nodes)]
    return svg.picture(WIDTH, HEIGHT + 16, svg.join(parts), class_="chart sankey")


def _ribbons(found: Balance, place: Mapping[str, tuple[float, float]], scale: float) -> Markup:
    """One ribbon per link; at every bar they lie in the order of their other ends."""
    colours = {group.key: group.colour for group in groups()}
    leaves, enters = {node: y for node, (_, y) in place.items()}, {node: y for node, (_, y) in place.items()}
    ends: dict[tuple[str, str, str], tuple[float, float]] = {}
    for key in sorted(found.links, key=lambda key: (place[key[1]][1], key)):
        ends[key] = (leaves[key[0]], 0.0)
        leaves[key[0]] += found.links[key] * scale
    for key in sorted(found.links, key=lambda key: (place[key[0]][1], key)):
        ends[key] = (ends[key][0], enters[key[1]])
        enters[key[1]] += found.links[key] * scale
    return svg.join(
        _ribbon(place[start][0] + BAR, place[end][0], *ends[start, end, mine], value * scale, colours.get(mine, GREY), _title(start, end, value))
        for (start, end, mine), value in found.links.items()
    )


def _ribbon(left: float, right: float, above: float, below: float, thick: float, colour: str, title: str) -> Markup:
    """A band from one bar to another."""
    thick, bend = max(thick, 0.7), (left + right) / 2
    d = (
        f"M{left:.1f},{above:.1f}C{bend:.1f},{above:.1f} {bend:.1f},{below:.1f} {right:.1f},{below:.1f}v{thick:.2f}"
        f"C{bend:.1f},{below + thick:.1f} {bend:.1f},{above + thick:.1f} {left:.1f},{above + thick:.1f}Z"
    )
    return svg.element("path", svg.element("title", title), d=d, fill=colour, class_="ribbon")


def _title(start: str, end: str, value: float) -> str:
    """A title is plain text: both languages."""
    ends = [" → ".join(name(node)[at] for node in (start, end)) for at in (0, 1)]
    return f"{ends[0]} / {ends[1]}: {number(value, 1)} kt"


def _node(node: str, x: float, y: float, high: float, value: float) -> Markup:
    """A bar with its words: behind it in the last column, else above it."""
    colours = {group.key: group.colour for group in groups()} | {f"do_{stage}": STAGE_COLOURS[stage] for stage in STAGES}
    bar = svg.element("rect", x=x, y=y, width=BAR, height=max(high, 1.0), rx=1.5, fill=colours.get(node.removeprefix("in_"), "#5b6b7b"))
    zh, en = name(node)
    if RANK[node] == 8:
        lines = svg.text(x + BAR + 6, y + high / 2 - 1, zh, en, class_="sankey-name")
        return bar + lines + svg.text(x + BAR + 6, y + high / 2 + 13, number(value, 1), class_="sankey-value")
    return bar + svg.text(x, y - 15, zh, en, class_="sankey-name") + svg.text(x, y - 3, number(value, 1), class_="sankey-value")


def name(node: str) -> Pair:
    """Words of a node."""
    if node.startswith("do_"):
        return pair(f"sankey_{node}")
    known = {group.key: (group.zh, group.en) for group in groups()}
    if node in known:
        return known[node]
    if node.removeprefix("in_") in known:
        zh, en = known[node.removeprefix("in_")]
        return pair("sankey_bought", goods=zh)[0], pair("sankey_bought", goods=en.lower())[1]
    return pair(f"sankey_{node}")

