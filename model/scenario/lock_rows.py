"""One lock written into core rows: options forced or closed, activities bounded, sums of sizes bounded."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from model import words
from model.problems import Problems
from model.reading.rules_options import needs_yes_no
from model.scenario.records import EVERY, Lock
from model.tables import FILE, ROW, Tables, frame, merged

TOLERANCE: Final = 1e-9  # relative, of sizes against bounds


def exclude(lock: Lock, tables: Tables, problems: Problems) -> None:
    """No activity of the technology (or of any) at the site, no option that only it could use."""
    here = tables["tech_sites"]["site"] == lock.site if "tech_sites" in tables else pd.Series(dtype=bool)
    meant = here & ((lock.technology == EVERY) | (tables["tech_sites"]["technology"] == lock.technology)) if len(here) else here
    uses = tables.get("capacity_use", frame("capacity_use", ()))
    mine = uses["unit"][(lock.technology == EVERY) | (uses["technology"] == lock.technology)]
    permitted = set(tables["tech_sites"]["technology"][here & ~meant]) if len(here) else set()
    shared = set(uses["unit"][uses["technology"].isin(permitted)])
    options = set(_adding(tables, lock.site, set(mine) - shared)["option"])
    if not meant.any() and not options:
        lock.spot.add(problems, "lock_without_object", lock.technology, site=lock.site, note=True)
        return
    _close(lock, tables, options)
    capacity = tables.get("capacity", frame("capacity", ()))
    existing = (capacity["site"] == lock.site) & capacity["unit"].isin(mine) & (capacity["amount"] > 0)
    if not existing.any():
        tables["tech_sites"] = tables["tech_sites"][~meant].reset_index(drop=True)
    else:
        _write(lock, tables, "tech_sites", meant, {"min_activity": 0.0, "max_activity": 0.0})


def _adding(tables: Tables, site: str, units: set[str]) -> pd.DataFrame:
    """The effects that add capacity of ``units`` at ``site``, one per option."""
    effects = tables.get("option_effects", frame("option_effects", ()))
    more = (effects["per_open"].fillna(0.0) > 0) | (effects["per_size"].fillna(0.0) > 0)
    return effects[(effects["site"] == site) & effects["unit"].isin(units) & more].drop_duplicates("option")


def _close(lock: Lock, tables: Tables, options: set[str]) -> None:
    """Forced 0 and size 0 for every row of ``options``; sizes of options with cost points stay blank (R7)."""
    if "options" not in tables or not options:
        return
    rows = tables["options"]["option"].isin(options)
    _write(lock, tables, "options", rows, {"forced": 0.0})
    pointed = set(tables["option_points"]["option"]) if "option_points" in tables else set()
    plain = tables["options"]["option"].isin(options - pointed)
    _write(lock, tables, "options", plain, {"min_size": 0.0, "max_size": 0.0})


def _write(lock: Lock, tables: Tables, name: str, rows: pd.Series, cells: dict[str, float]) -> None:
    """Put ``cells`` into the marked rows of a copy of the table, with the lock as their origin."""
    table = tables[name].copy()
    values: dict[str, float | str] = {**cells, FILE: lock.spot.file, ROW: lock.spot.row}
    for column, value in values.items():
        table.loc[rows, column] = value
    tables[name] = table


def require(lock: Lock, tables: Tables, problems: Problems) -> None:
    """New capacity of at least (fixed: exactly) the lock's size for the technology at the site."""
    uses = tables.get("capacity_use", frame("capacity_use", ()))
    units = set(uses["unit"][uses["technology"] == lock.technology])
    sites = tables.get("tech_sites", frame("tech_sites", ()))
    permitted = ((sites["site"] == lock.site) & (sites["technology"] == lock.technology)).any()
    effects = _adding(tables, lock.site, units)
    options = tables.get("options", frame("options", ()))
    rows = options["option"].isin(effects["option"])
    if lock.technology == EVERY or not permitted or not rows.any():
        if lock.size is not None or not permitted or not _exists(tables, lock.site, units):
            lock.spot.add(problems, "lock_without_object", lock.technology, site=lock.site)
    else:
        _demand(lock, tables, rows, effects, problems)


def _demand(lock: Lock, tables: Tables, rows: pd.Series, effects: pd.DataFrame, problems: Problems) -> None:
    """The lock's size from the option rows ``rows`` that could bring it."""
    if lock.size == 0:
        _close(lock, tables, set(effects["option"]))
    elif rows.sum() == 1:
        _require_one(lock, tables, rows, effects.iloc[0], problems)
    elif lock.size is None:
        lock.spot.at("size").add(problems, "lock_needs_size", ", ".join(sorted(set(tables["options"]["option"][rows]))))
    else:
        _require_sum(lock, tables, effects, problems)


def _exists(tables: Tables, site: str, units: set[str]) -> bool:
    capacity = tables.get("capacity", frame("capacity", ()))
    return bool(((capacity["site"] == site) & capacity["unit"].isin(units) & (capacity["amount"] > 0)).any())


def _require_one(lock: Lock, tables: Tables, rows: pd.Series, effect: pd.Series, problems: Problems) -> None:
    """Force the only option: its size is what the lock asks for beyond the capacity that the yes alone brings."""
    option = tables["options"][rows].iloc[0]
    if lock.size is None:
        if not needs_yes_no(tables)[rows].any():
            lock.spot.at("size").add(problems, "lock_needs_size", option["option"])
        _write(lock, tables, "options", rows, {"forced": 1.0})
        return
    size = _size(lock, option, effect)
    if size is None:
        bounds = f"{option['min_size']:g} – {option['max_size']:g}"
        lock.spot.at("size").add(problems, "lock_size_bound", f"{lock.size:g}", option=option["option"], bounds=bounds)
    elif lock.state == "fixed":
        _write(lock, tables, "options", rows, {"forced": 1.0, "min_size": size, "max_size": size})
    else:
        _write(lock, tables, "options", rows, {"forced": 1.0, "min_size": max(size, option["min_size"])})


def _size(lock: Lock, option: pd.Series, effect: pd.Series) -> float | None:
    """The option's size that brings the lock's capacity, or None where its bounds do not allow it."""
    wanted = lock.size or 0.0
    slack = TOLERANCE * wanted
    rest = wanted - effect["per_open"]  # the yes alone brings per_open
    if effect["per_size"] <= 0:
        return 0.0 if rest <= slack and (lock.state == "required" or rest >= -slack) else None
    size = float(rest / effect["per_size"])
    too_low = lock.state == "fixed" and size < option["min_size"] - slack
    return None if too_low or size > option["max_size"] + slack else max(size, 0.0)


def _require_sum(lock: Lock, tables: Tables, effects: pd.DataFrame, problems: Problems) -> None:
    """One indicator over the new capacity of all options that could bring it."""
    options = tables["options"].merge(effects[["option", "per_open", "per_size"]], on="option")
    most = (options["per_open"] + options["per_size"] * options["max_size"]).sum(skipna=False)
    if lock.size is not None and most < lock.size * (1 - TOLERANCE):
        candidates = ", ".join(sorted(set(options["option"])))
        lock.spot.at("size").add(problems, "lock_size_bound", f"{lock.size:g}", option=candidates, bounds=f"0 – {most:g}")
        return
    origin: dict[str, object] = {FILE: lock.spot.file, ROW: lock.spot.row}
    identity = f"lock {lock.technology} {lock.site}"
    facts = {"technology": lock.technology, "site": lock.site}
    names = {f"name_{language}": words.text("scenario.lock_indicator", language, **facts) for language in words.LANGUAGES}
    bounds = {"min": lock.size, "max": lock.size if lock.state == "fixed" else math.nan}
    indicator = {"indicator": identity, **names, **bounds, **origin}
    terms = [
        {"indicator": identity, "kind": kind, "a": effect["option"], "coefficient": effect[column], **origin}
        for _, effect in effects.iterrows()
        for kind, column in (("size", "per_size"), ("open", "per_open"))
        if effect[column] != 0.0
    ]
    added = {"indicators": frame("indicators", [indicator]), "indicator_terms": frame("indicator_terms", terms)}
    tables.update(merged({name: tables[name] for name in added if name in tables}, added))
