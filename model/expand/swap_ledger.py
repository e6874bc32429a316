"""The indicators that hold new potlines against closed ones, and the ledgers that write the same accounts down."""

from __future__ import annotations

from dataclasses import dataclass

from model import words
from model.expand.amounts import amount
from model.expand.plants import Line, Rows
from model.expand.rows import Record, origin
from model.expand.swap_pools import Pool
from model.expand.swap_rules import Stages, titles


@dataclass(frozen=True)
class Entry:
    """An option in a pool: it creates, buys or uses ``coefficient`` kt of quota per kt of its size."""

    kind: str
    option: str
    coefficient: float


def term(indicator: str, option: str, stage: str, coefficient: float, row: Record) -> Record:
    """A term over the size of an option."""
    return {"indicator": indicator, "kind": "size", "a": option, "period": stage, "coefficient": coefficient, **origin(row)}


def pool_rows(rows: Rows, pool: Pool, entries: list[Entry], stages: Stages, annuity: float) -> None:
    """Indicators of a pool, and its ledger in kt of new capacity if it is open.

    One indicator per stage over everything so far. Where quota ends, one more per span of stages that some quota does
    not reach: what is used in the span <= what was created until its end and still holds at its beginning (Hall's
    condition; with ends in the order of creation these spans are enough).
    """
    ends = [stages.last_use(number, float(pool.row["valid_years"])) for number in range(len(stages.names))]
    indicators = []
    for last in range(len(stages.names)):
        for first in range(last + 1):
            if first == 0 or any(ends[number] < first for number in range(first)):
                indicators.append(_span(rows, pool, entries, stages, ends, (first, last)))
    if pool.open:
        _ledger(rows, pool, entries, (stages, ends), indicators, annuity)


def _span(rows: Rows, pool: Pool, entries: list[Entry], stages: Stages, ends: list[int], span: tuple[int, int]) -> str:
    first, last = span
    parts = ["swap", pool.pool, *([stages.names[first]] if first else []), *([stages.names[last]] if len(stages.names) > 1 else [])]
    indicator = "_".join(parts)
    key = "swap_indicator" if len(stages.names) == 1 else "swap_indicator_since" if first else "swap_indicator_until"
    years = {"first": f"{stages.years[first]:.0f}", "last": f"{stages.years[last]:.0f}"}
    names = {f"name_{language}": words.text(f"industry.{key}", language, pool=name, **years) for language, name in pool.names.items()}
    rows["indicators"].append({"indicator": indicator, **names, "unit": "kt/yr", "max": 0.0, "clause": pool.row["clause"], **origin(pool.row)})
    for entry in entries:
        uses = entry.kind == "used"
        coefficient = pool.ratio * entry.coefficient if uses else -entry.coefficient
        counted = [n for n in range(last + 1) if (n >= first if uses else ends[n] >= first)]
        rows["indicator_terms"] += [term(indicator, entry.option, stages.names[number], coefficient, pool.row) for number in counted]
    return indicator


def _ledger(rows: Rows, pool: Pool, entries: list[Entry], time: tuple[Stages, list[int]], indicators: list[str], annuity: float) -> None:
    row = pool.row
    price = amount("swap_pools", row, "inside_price") * annuity * pool.ratio
    rows["ledgers"].append({
        "ledger": f"swap_{pool.pool}", "name_zh": pool.names["zh"], "name_en": pool.names["en"], "unit": "kt/yr", "ratio": pool.ratio,
        "price": price, "annuity": annuity, "indicators": ";".join(indicators), "clause": row["clause"], **origin(row),
    })
    for entry in entries:
        per_size = entry.coefficient if entry.kind == "used" else entry.coefficient / pool.ratio
        _entries(rows, f"swap_{pool.pool}", Entry(entry.kind, entry.option, per_size), time, row)


def _entries(rows: Rows, ledger: str, entry: Entry, time: tuple[Stages, list[int]], row: Record) -> None:
    """One row per stage; ``until`` where quota ends before the last stage."""
    stages, ends = time
    for stage, end in zip(stages.names, ends, strict=True):
        until = stages.names[end] if entry.kind != "used" and end + 1 < len(stages.names) else ""
        rows["ledger_entries"].append({
            "ledger": ledger, "kind": entry.kind, "option": entry.option, "period": stage, "coefficient": entry.coefficient,
            "until": until, **origin(row),
        })


def account_rows(rows: Rows, line: Line, entry: Entry, parts: list[str], stages: Stages) -> None:
    """The account of a potline whose quota is divided among pools: what it cedes is what it gave up in the same stage,
    what it draws covers what it builds in it."""
    gives = entry.kind == "created"
    account, names = f"quota_of_{entry.option}", titles("swap_divided", line.row)
    for stage, year in zip(stages.names, stages.years, strict=True):
        indicator = account if len(stages.names) == 1 else f"{account}_{stage}"
        called = names if len(stages.names) == 1 else titles("swap_divided_in", line.row, year=f"{year:.0f}")
        rows["indicators"].append({"indicator": indicator, **called, "unit": "kt/yr", "max": 0.0, **origin(line.row)})
        rows["indicator_terms"].append(term(indicator, entry.option, stage, -entry.coefficient if gives else entry.coefficient, line.row))
        rows["indicator_terms"] += [term(indicator, part, stage, 1.0 if gives else -1.0, line.row) for part in parts]
    rows["ledgers"].append({"ledger": account, **names, "unit": "kt/yr", **origin(line.row)})
    time = stages, list(range(len(stages.names)))
    _entries(rows, account, entry, time, line.row)
    for part in parts:
        _entries(rows, account, Entry("used" if gives else "created", part, 1.0), time, line.row)
