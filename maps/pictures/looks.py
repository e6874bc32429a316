"""How the classes of the map look in a picture of its own: attributes, because not every office program reads a style sheet in SVG."""

from __future__ import annotations

from typing import Final

INK, SOFT, LINE, PAPER, SEA, DEEP = "#12263a", "#56636f", "#c9d1d9", "#ffffff", "#e6ebf0", "#08324f"
FAMILIES: Final = (  # in this order; the first that a machine has is used
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "PingFang SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
)
PLAIN_FAMILIES: Final = ("Arial", "Helvetica", "Liberation Sans", "DejaVu Sans")
FAMILY: Final = ", ".join([*(f"'{name}'" for name in (*FAMILIES, *PLAIN_FAMILIES)), "sans-serif"])

# class: attributes; a class without a line of its own needs none
LOOKS: Final[dict[str, dict[str, str]]] = {
    "sea": {"fill": SEA},
    "province": {"fill": "#fbf9f3", "stroke": "#8a93a0", "stroke-width": "1.1", "stroke-linejoin": "round"},
    "river": {"fill": "none", "stroke": "#a9cbe8", "stroke-width": "1.4", "stroke-linejoin": "round"},
    "railway": {"fill": "none", "stroke": "#9a9a9a", "stroke-width": ".9", "stroke-dasharray": "2 3"},
    "town": {"font-size": "10.5", "fill": "#5f6872"},
    "town-dot": {"fill": "#8b939c"},
    "river-name": {"font-size": "10.5", "font-style": "italic", "fill": "#2f6f9f"},
    "park-name": {"font-size": "13", "font-weight": "700", "fill": INK},
    "place-name": {"font-size": "10", "fill": "#3a4653"},
    "leader": {"stroke": "#47535f", "stroke-width": ".9"},
    "leader-end": {"fill": "#47535f"},
    "pie-rim": {"fill": PAPER, "stroke": "#2c3a48", "stroke-width": ".8"},
    "pie-slice": {"stroke": PAPER, "stroke-width": ".7"},
    "pie-hole": {"fill": PAPER},
    "pie-empty": {"fill": "#dfe4ea"},
    "ring-added": {"fill": "none", "stroke": "#111111", "stroke-width": "2.6"},
    "ring-closed": {"fill": "none", "stroke": "#b2182b", "stroke-width": "2.2", "stroke-dasharray": "3 2"},
    "sign": {"fill": PAPER, "stroke": "#3a4653", "stroke-width": "1.3"},
    "sign-market": {"fill": "#0072b2", "stroke": PAPER, "stroke-width": ".8"},
    "sign-gateway": {"fill": "#3a4653", "stroke": PAPER, "stroke-width": ".8"},
    "sign-scrap_centre": {"fill": "#009e73", "stroke": PAPER, "stroke-width": ".8"},
    "sign-city": {"fill": "#7cc7ae", "stroke": PAPER, "stroke-width": ".5"},
    "sign-port": {"fill": "#d5eafb", "stroke": "#2b78b5"},
    "arrow": {"stroke": PAPER, "stroke-width": ".8"},
    "edge-arrow": {"fill": "#22303d", "stroke": PAPER, "stroke-width": "1.2", "stroke-linejoin": "round"},
    "edge-box": {"fill": PAPER, "fill-opacity": ".9", "stroke": "#b9c2cc", "stroke-width": ".6"},
    "edge-text": {"font-size": "10.5", "fill": "#22303d"},
    "scale-bar": {"fill": "none", "stroke": "#33404d", "stroke-width": "1.4"},
    "scale-text": {"font-size": "11", "fill": "#33404d"},
    "north": {"fill": "#33404d"},
    "picture-title": {"font-size": "23", "font-weight": "700", "fill": DEEP},
    "picture-subtitle": {"font-size": "12", "fill": SOFT},
    "picture-rule": {"stroke": DEEP, "stroke-width": "2"},
    "picture-edge": {"stroke": LINE, "stroke-width": "1"},
    "picture-notice": {"font-size": "12", "font-weight": "700", "fill": "#8a0f1d"},
    "picture-credit": {"font-size": "9", "fill": SOFT},
    "legend-head": {"font-size": "12", "font-weight": "700", "fill": DEEP},
    "figure-name": {"font-size": "10.5", "fill": SOFT},
    "figure-value": {"font-size": "14.5", "font-weight": "700", "fill": DEEP},
    "legend-text": {"font-size": "11.5", "fill": "#22303d"},
}
HALOS: Final[dict[str, tuple[str, str]]] = {  # class: colour and width of what lies below the letters
    "town": ("#fbf9f3", "2.5"), "river-name": ("#fbf9f3", "2"), "park-name": (PAPER, "3.6"), "place-name": (PAPER, "2.6"),
}
