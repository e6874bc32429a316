"""Comparisons of made-up views: small enough to check by hand, as large as a real one, and one of hostile names."""

from __future__ import annotations

import hostile
import pandas as pd
import report_sample

from maps.comparison_view import ComparisonView, Line, Measure
from maps.view import ReportView
from model.explore.comparison_facts import Part

SITES = pd.DataFrame(
    [("mill", "氧化铝厂", "Refinery", "park", "", 30.7, 108.4), ("east", "东园", "East", "park", "", 29.5, 108.7), ("west", "西园", "West", "park", "", 30.0, 103.8)],
    columns=["site", "name_zh", "name_en", "kind", "region", "lat", "lon"],
)
GOODS = pd.DataFrame([("alumina", "氧化铝", "Alumina", "kt"), ("ingot", "铝锭", "Ingot", "kt")], columns=["commodity", "name_zh", "name_en", "unit"])
TECHNOLOGIES = pd.DataFrame([("smelt", "电解", "Smelt", "primary"), ("cast", "铸造", "Cast", "casting")], columns=["technology", "name_zh", "name_en", "stage"])


def view(smelt: dict[str, float], alumina: dict[str, float], cast: float = 30.0) -> ReportView:
    """Smelting per site, alumina from the refinery to each site, casting in the west."""
    activity = [("smelt", site, "m01", value) for site, value in smelt.items()] + [("cast", "west", "m01", cast)]
    flow = [("alumina", "mill", site, "road", "m01", value) for site, value in alumina.items()]
    capacity = [(site, "pots", "primary", value, 0.0, 0.0) for site, value in smelt.items()]
    return ReportView(
        "甲", "A", sites=SITES, commodities=GOODS, technologies=TECHNOLOGIES,
        activity=pd.DataFrame(activity, columns=["technology", "site", "period", "value"]),
        flow=pd.DataFrame(flow, columns=["commodity", "from", "to", "mode", "period", "value"]),
        capacity=pd.DataFrame(capacity, columns=["site", "unit", "stage", "existing", "added", "closed"]),
    )


FIRST = view({"east": 100.0, "west": 50.0}, {"east": 200.0, "west": 100.0})
SECOND = view({"east": 60.0, "west": 90.0}, {"east": 120.0, "west": 180.0}, cast=30.2)


def comparison(*views: ReportView, words: tuple[str, ...] = ()) -> ComparisonView:
    """A comparison of views; every text of its tables is one of ``words``."""
    texts = words or ("甲",)
    names = tuple(f"{texts[at % len(texts)]}{at}" for at in range(len(views)))

    def text(at: int) -> str:
        return texts[at % len(texts)]

    rows = [
        {
            "plan": name, "what": "capacity", "id": text(at), "site": text(at), "stage": text(at), "name_zh": text(at), "name_en": text(at + 1),
            "site_zh": text(at + 2), "site_en": text(at), "verdict": "grows", "reference": 100.0, "value": 60.0, "change": -40.0, "chain": "primary",
            "indicator": text(at), "group": text(at), "unit": text(at + 3), "level": level, "measure": "margin", "measure_zh": text(at), "measure_en": text(at),
        }
        for place, name in enumerate(names[1:]) for at in range(place, max(len(texts), place + 1)) for level in ("region", "site")
    ]
    table = pd.DataFrame(rows)
    heads = tuple((text(at), text(at + 1)) for at in range(2 * len(views)))
    body = tuple(((text(at), text(at + 1)), 5.0, *[4.0, -1.0] * (len(views) - 1)) for at in range(3))
    pairs = tuple(tuple((text(at), text(at)) for at in range(len(views) + 1)) for _ in range(3))
    others = range(len(views) - 1)
    return ComparisonView(
        tuple(Line(name, (text(at), text(at + 1)), "optimal", -82.0, 0.0, "abc") for at, name in enumerate(names)), text(3), views,
        answers=tuple(tuple((word, word) for word in texts) for _ in others), inputs=tuple(tuple((word, word) for word in texts) for _ in others),
        measures=(Measure((text(0), text(1)), (text(2), text(3)), tuple(float(at) for at in range(len(views)))),),
        changes=table[table["level"] == "site"], wins=table, indicators=table[table["level"] == "site"],
        parts=(Part("cost_class", heads[0], heads, body), Part("region", heads[0], heads, body), Part("options", heads[0], heads[: len(views) + 1], pairs)),
    )


def large(count: int) -> ComparisonView:
    """``count`` plans of realistic size; every second one makes and carries a tenth less."""
    views = [report_sample.view() for _ in range(count)]
    for at, one in enumerate(views):
        if at % 2:
            less = {"activity": one.activity.assign(value=0.9 * one.activity["value"]), "flow": one.flow.assign(value=0.9 * one.flow["value"])}
            views[at] = report_sample.view(**less)
    return comparison(*views)


def attack() -> ComparisonView:
    """Two plans in which every name, unit, sentence and cell is hostile."""
    return comparison(hostile.view(), hostile.view(), words=hostile.PAYLOADS)
