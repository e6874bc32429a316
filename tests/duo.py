"""Two parks that make metal for one market, and scenarios of it; every number of a comparison is small enough for the head.

``plain``: north makes 10 at 2, south 2 at 3, carriage 1 each: 10 x 3 + 2 x 4 - 12 x 10 = -82.
``grown``: north may add 5 at 0.5 a year and adds 2: 12 x 3 + 2 x 0.5 - 12 x 10 = -83; south stands still.
"""

from __future__ import annotations

from pathlib import Path

from runs import dataset

DUO = {
    "sites": "site | name_zh | name_en | kind | region | city\nnorth | 北园 | North | park | a | ca\nsouth | 南园 | South | park | b | cb\ntown | 镇 | Town | market | - | -",
    "commodities": "commodity | name_zh | name_en | unit\nmetal | 金属 | metal | kt",
    "recipes": "technology commodity quantity\nmake metal 1",
    "tech_sites": "technology site variable_cost cost_class\nmake north 2 labour\nmake south 3 labour",
    "capacity_use": "technology unit use\nmake oven 1",
    "capacity": "unit site amount\noven north 10\noven south 10",
    "options": "option site variable_cost max_size\ngrow north 0.5 0",
    "option_effects": "option unit site per_size\ngrow oven north 1",
    "lanes": "commodity from to unit_cost\nmetal north town 1\nmetal south town 1",
    "demand": "commodity site min max price\nmetal town 12 12 10",
    "indicators": "indicator | name_zh | name_en | unit | scope\ncarbon | 碳 | Carbon | kt CO2e | stage",
    "indicator_terms": "indicator kind a b coefficient\ncarbon activity make north 1\ncarbon activity make south 2",
}
SCENARIOS = {
    "plain": 'title = { zh = "现状", en = "As it is" }\n',
    "grown": 'base = "plain.toml"\n[[change]]\ntable = "options"\nset = { max_size = 5 }\n',
    "locked": 'base = "plain.toml"\n[[lock]]\nsite = "南园"\ntechnology = "make"\nstate = "excluded"\n[[change]]\ntable = "options"\nset = { max_size = 5 }\n',
    "dear": 'base = "plain.toml"\n[[change]]\ntable = "lanes"\nscale = { unit_cost = 1.5 }\n',
    "clean": 'base = "plain.toml"\n[objective]\nweights = { cost = 1, carbon = 0.25 }\n',
    "long": 'base = "plain.toml"\n[[change]]\ntable = "periods"\nadd = { period = "all", weight = 3 }\n',
}


def place(folder: Path) -> tuple[Path, dict[str, Path]]:
    """The dataset and its scenario files in ``folder``."""
    files = {}
    data = dataset(folder / "data", **DUO)
    for name, text in SCENARIOS.items():
        files[name] = folder / f"{name}.toml"
        files[name].write_text(text, encoding="utf-8")
    return data, files
