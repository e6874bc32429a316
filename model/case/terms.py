"""Terms of indicators matched with columns: which column counts how much, before any scope is chosen (rule R13)."""

from __future__ import annotations

import pandas as pd

from model.case.calendar import Calendar
from model.case.columns import core_table
from model.case.structure import COLUMN_KEYS, TERM_FAMILIES
from model.problems import Problems
from model.schema.spec import NONE
from model.tables import FILE, ROW, Tables, blank, frame, row_dicts, summed

LETTERS = ("a", "b", "c", "d")
ID_COLUMNS: dict[str, tuple[str, ...]] = {
    "activity": ("technology", "site"),
    "flow": ("commodity", "from", "to", "mode"),
    "supply": ("commodity", "site", "tier"),
    "sale": ("commodity", "site", "segment"),
    "short": ("commodity", "site", "segment"),
    "stock": ("commodity", "site"),
    "capacity": ("unit", "site"),
    "running": ("unit", "site"),
    "restart": ("unit", "site"),
    "open": ("option",),
    "size": ("option",),
}
RATES = frozenset({"stock", "running", "capacity"})  # counted × length, so that a stage's sum is the year's
DECIDED = ("open", "size")  # columns of a stage, not of a period
Base = dict[str, pd.DataFrame]


def all_indicators(core: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Indicators and their terms, limits included as horizon-wide bounds named by their own id."""
    limits = core_table(core, "limits")
    rows = [
        {
            "indicator": row["limit"],
            "scope": "horizon",
            FILE: row[FILE],
            ROW: row[ROW],
            "min": row["rhs"] if row["sense"] in (">=", "=") else NONE,
            "max": row["rhs"] if row["sense"] in ("<=", "=") else NONE,
        }
        for row in limits.to_dict("records")
    ]
    indicators = pd.concat([core_table(core, "indicators"), frame("indicators", rows)], ignore_index=True)
    terms = pd.concat(
        [core_table(core, "indicator_terms"), core_table(core, "limit_terms").rename(columns={"limit": "indicator"})], ignore_index=True
    )
    terms = terms.assign(**{letter: terms[letter].where(terms[letter] != "", "*") for letter in (*LETTERS, "period")})
    return indicators.sort_values("indicator", kind="stable").reset_index(drop=True), terms


def _matches(terms: pd.DataFrame, candidates: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Each term joined with every candidate whose ids it names or leaves open by ``*``."""
    parts = []
    for pattern, group in terms.groupby([terms[letter] == "*" for letter in LETTERS[: len(names)]], sort=False):
        open_ids = pattern if isinstance(pattern, tuple) else (pattern,)
        named = [(letter, name) for letter, name, star in zip(LETTERS, names, open_ids, strict=False) if not star]
        right = candidates.rename(columns={name: f"_{name}" for _, name in named})
        if named:
            joined = group.merge(right, left_on=[letter for letter, _ in named], right_on=[f"_{name}" for _, name in named])
        else:
            joined = group.merge(right, how="cross")
        parts.append(joined.rename(columns={f"_{name}": name for _, name in named}))
    return pd.concat(parts, ignore_index=True) if parts else terms.iloc[:0].assign(**dict.fromkeys(names, ""))


def base_terms(
    terms: pd.DataFrame,
    columns: dict[str, pd.DataFrame],
    effect: pd.DataFrame,
    existing: pd.DataFrame,
    calendar: Calendar,
) -> tuple[Base, frozenset[int]]:
    """Terms per family and the positions of the terms that match some column or existing capacity.

    Per family: indicator, key, period ("" for open and size terms), coefficient; ``constant``: indicator, period, coefficient.
    open and size have ``named`` too: the period that the term itself names, whose row alone it then counts in.
    """
    terms = terms.assign(term=range(len(terms)))
    base: dict[str, list[pd.DataFrame]] = {family: [] for family in (*TERM_FAMILIES, "constant")}
    for kind, rows in terms.groupby("kind", sort=True):
        if kind == "capacity":
            for family, part in _capacity_terms(rows, effect, existing, calendar).items():
                base[family].append(part)
        elif kind in DECIDED:
            base[str(kind)].append(_option_terms(rows, str(kind), columns, calendar))
        else:
            base[str(kind)].append(_period_terms(rows, str(kind), columns, calendar))
    matched = frozenset(int(number) for parts in base.values() for part in parts for number in part["term"].unique())
    return {family: _summed(parts, family) for family, parts in base.items()}, matched


def _summed(parts: list[pd.DataFrame], family: str) -> pd.DataFrame:
    key = [name for name in COLUMN_KEYS.get(family, ()) if name != "period"]
    names = ["indicator", *key, "period", *(["named"] if family in DECIDED else [])]
    if not parts:
        return blank(names, ["coefficient"])
    return summed(pd.concat(parts, ignore_index=True), names, "coefficient")


def _period_terms(rows: pd.DataFrame, kind: str, columns: dict[str, pd.DataFrame], calendar: Calendar) -> pd.DataFrame:
    names = ID_COLUMNS[kind]
    table = columns[kind][list(COLUMN_KEYS[kind])]
    found = _matches(rows.rename(columns={"period": "period_key"}), table[list(names)].drop_duplicates(), names)
    found = found.merge(calendar.reach, on="period_key").merge(table, on=[*names, "period"])
    return _with_length(found, kind, calendar)[["term", "indicator", *names, "period", "coefficient"]]


def _with_length(found: pd.DataFrame, kind: str, calendar: Calendar) -> pd.DataFrame:
    if kind in RATES:
        length = calendar.periods.set_index("period")["length"]
        found["coefficient"] = found["coefficient"] * found["period"].map(length).astype(float)
    return found


def _option_terms(rows: pd.DataFrame, kind: str, columns: dict[str, pd.DataFrame], calendar: Calendar) -> pd.DataFrame:
    table = columns[kind][["option", "stage"]]
    found = _matches(rows.rename(columns={"period": "period_key"}), table[["option"]].drop_duplicates(), ("option",))
    reach = calendar.reach.merge(calendar.periods[["period", "stage"]], on="period")
    reach["named"] = reach["period"].where(reach["period"] == reach["period_key"], "")
    found = found.merge(reach[["period_key", "stage", "named"]].drop_duplicates(), on="period_key").merge(table, on=["option", "stage"])
    return found.assign(period="")[["term", "indicator", "option", "stage", "period", "named", "coefficient"]]


def _capacity_terms(rows: pd.DataFrame, effect: pd.DataFrame, existing: pd.DataFrame, calendar: Calendar) -> Base:
    """Capacity = existing + effects: existing becomes a constant, effects become coefficients of size and open."""
    names = ("unit", "site")
    places = pd.concat([existing[["unit", "site"]], effect[["unit", "site"]]]).drop_duplicates()
    found = _matches(rows.rename(columns={"period": "period_key"}), places, names).merge(calendar.reach, on="period_key")
    found = _with_length(found, "capacity", calendar)
    here = found.merge(existing, on=["unit", "site", "period"])
    here["coefficient"] = here["coefficient"] * here["amount"]
    added = found.merge(calendar.periods[["period", "stage"]], on="period").merge(effect, on=["unit", "site", "stage"])
    result = {"constant": here[["term", "indicator", "period", "coefficient"]]}
    for family, share in (("size", "per_size"), ("open", "per_open")):
        part = added[added[share] != 0].copy()
        part["coefficient"] = part["coefficient"] * part[share]
        part["stage"], part["named"] = part["decided"], ""
        result[family] = part[["term", "indicator", "option", "stage", "period", "named", "coefficient"]]
    return result


def note_terms(indicators: pd.DataFrame, terms: pd.DataFrame, matched: frozenset[int], problems: Problems) -> None:
    """Note every term that matches no column, and every indicator without terms: they count 0, which is no error (R13)."""
    for term in row_dicts(terms[[number not in matched for number in range(len(terms))]]):
        problems.add(
            "term_without_columns", file=term[FILE], row=term[ROW], column="kind", value=term["kind"], note=True, indicator=term["indicator"]
        )
    empty = indicators[~indicators["indicator"].isin(set(terms["indicator"]))]
    for row in empty.to_dict("records"):
        problems.add("indicator_without_columns", file=row[FILE], row=row[ROW], column="indicator", value=row["indicator"], note=True)


def check_names(core: Tables, problems: Problems) -> None:
    """Report limits that are called like an indicator: their terms would add up."""
    limits, indicators = core_table(core, "limits"), core_table(core, "indicators")
    for row in limits[limits["limit"].isin(set(indicators["indicator"]))].to_dict("records"):
        problems.add("limit_named_like_indicator", file=row[FILE], row=row[ROW], column="limit", value=row["limit"])
