"""The run folder: written beside its place and moved there in one rename, so that it appears whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import platform
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from model import accounting, gains, words
from model.case import COLUMN_KEYS, ROW_KEYS
from model.explore import written_files
from model.explore.answers import asked
from model.explore.benchmark import benchmark_table
from model.explore.clauses import scoreboard
from model.explore.shadow_prices import shadow_prices
from model.ledger import keep
from model.objective import MONEY_COLUMNS, unit_of
from model.pipeline import Run
from model.problems import ExitCode, refuse
from model.results import to_dataset
from model.scenario import resolved_toml
from model.schema import CORE_TABLES
from model.tables import FILE, ROW, Tables

PACKAGES = ("pyomo", "highspy", "numpy", "scipy", "pandas", "xarray")
MARK = "run.json"  # a folder that holds it is an earlier run and may be replaced
LOG_LINES = 15  # tail of the solver log kept in run.json
Publisher = Callable[[Run, Path], object]


def write_run(run: Run, folder: Path, publish: Publisher) -> dict[str, Any]:
    """Write the whole result of ``run`` to ``folder`` and return its summary; ``publish`` adds report and workbook.

    An earlier run folder is replaced once the new one is complete; any other non-empty folder is refused (exit 6).
    """
    folder = folder.resolve()
    check_place(folder)
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        draft.mkdir(parents=True)
        summary = summarise(run)
        _write_tables(run, draft)
        to_dataset(run.results).to_netcdf(draft / "results.nc", engine="h5netcdf")
        _write_json(draft / "summary.json", summary)
        (draft / "scenario.resolved.toml").write_text(resolved_toml(run.prepared.scenario, list(run.prepared.changes)), encoding="utf-8")
        publish(run, draft)
        _write_json(draft / MARK, provenance(run) | {written_files.FILES: written_files.hashes(draft)})
        _replace(draft, folder)
    except OSError as error:
        raise refuse(ExitCode.FILES, "cannot_write", value=_real(error, draft, folder), reason=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return summary


def _real(error: OSError, draft: Path, folder: Path) -> str:
    """The file the system complained about, a file of the draft under its place in ``folder``."""
    if not isinstance(error.filename, str):
        return str(folder)
    place = Path(error.filename)
    return str(folder / place.relative_to(draft) if place.is_relative_to(draft) else place)


def check_place(folder: Path, mark: str = MARK) -> None:
    """Refuse (exit 6) a place that is a file, lies in one, or holds anything but an earlier result of its kind, known by its ``mark``."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not (folder / mark).is_file()):
        raise refuse(ExitCode.FILES, "folder_taken", value=str(folder))
    above = next((each for each in folder.parents if each.exists()), folder)
    if not (above.is_dir() and os.access(above, os.W_OK)):
        reason = errno.EACCES if above.is_dir() else errno.ENOTDIR
        raise refuse(ExitCode.FILES, "cannot_write", value=str(folder), reason=os.strerror(reason))


def write_study(
    folder: Path, mark: str, facts: dict[str, Any], tables: dict[str, pd.DataFrame], publish: Callable[[Path], object] | None = None,
    dataset: xr.Dataset | None = None,
) -> None:
    """Write ``facts`` to the file ``mark`` of ``folder`` and every table beside it, whole or not at all, like a run folder.

    ``publish`` adds a page to the folder that is handed to it; ``dataset``, where there is one, becomes results.nc.
    """
    folder = folder.resolve()
    check_place(folder, mark)
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        draft.mkdir(parents=True)
        _write_json(draft / mark, facts)
        for name, table in tables.items():
            _write_csv(table, draft / f"{name}.csv")
        if publish:
            publish(draft)
        if dataset is not None:
            dataset.to_netcdf(draft / "results.nc", engine="h5netcdf")
        _replace(draft, folder)
    except OSError as error:
        raise refuse(ExitCode.FILES, "cannot_write", value=_real(error, draft, folder), reason=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace(draft: Path, folder: Path) -> None:
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    if folder.exists():
        folder.rename(old)
    try:
        draft.rename(folder)
    finally:  # whatever stopped it, Ctrl-C included: the earlier run comes back
        if old.exists() and not folder.exists():
            old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def summarise(run: Run) -> dict[str, Any]:
    """The content of summary.json: status, objective, size, seconds, indicators, costs by class and the checks."""
    results, program = run.results, run.program
    indicators: dict[str, dict[str, float | None]] = {}
    for row in results.indicators.to_dict("records"):
        value = None if np.isnan(row["value"]) else float(row["value"])
        indicators.setdefault(str(row["indicator"]), {})[str(row["group"])] = value
    costs = accounting.cost_by_class(results)
    summary: dict[str, Any] = {
        "status": str(results.status),
        "objective": results.objective,
        "unit": unit_of(run.prepared.scenario.objective, run.prepared.core, run.prepared.tables),
        "years": sum(results.case.calendar.stage_weight.values()),
        "gap": _finite(results.gap),
        "bound": _finite(results.bound),
        "proved_bound": results.proved_bound,
        "rows": program.matrix.shape[0],
        "columns": program.matrix.shape[1],
        "nonzeros": program.nonzeros,
        "integers": results.integers,
        "build": program.road,
        "seconds": run.seconds,
        "indicators": indicators,
        "costs": {str(name): float(value) for name, value in zip(costs["cost_class"], costs["value"], strict=True)},
        "checks": {check.name: check.residual for check in results.checks},
        "ties": len(results.ties),
        "case_hash": results.case.hash,
        "notes": [{language: note.text(language) for language in words.LANGUAGES} for note in run.prepared.notes],
    }
    expected = run.prepared.tables.get("expected")
    if expected is not None and len(expected):
        published = float(expected["objective"].iloc[0])
        summary["expected"] = {"objective": published, "relative_difference": abs(results.objective - published) / max(1.0, abs(published))}
    return summary


def _finite(value: float) -> float | None:
    """The number, or None for one without limit, which JSON cannot hold."""
    return value if math.isfinite(value) else None


def provenance(run: Run) -> dict[str, Any]:
    """The content of run.json: what was run, from which inputs, with which versions, when."""
    return {
        "scenario": run.prepared.scenario.name,
        "chain": list(run.prepared.scenario.chain),
        "dataset": run.prepared.dataset.name,
        "case_hash": run.results.case.hash,
        "inputs": {name: _hash(table) for name, table in sorted(run.prepared.dataset.tables.items())},
        "solver": dict(run.prepared.scenario.solver),
        "finished": run.finished,
        "seconds": run.seconds,
        "solver_log": list(run.results.log[-LOG_LINES:]),
        "versions": {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES},
        "changes": [str(change) for change in run.prepared.changes],
    }


def negative_costs(core: Tables) -> pd.DataFrame:
    """Every negative cost or price of the core tables (R16: allowed, never hidden): table, file, row, column, value."""
    rows = []
    for name, columns in MONEY_COLUMNS.items():
        for column in columns if name in core else ():
            chosen = core[name][core[name][column] < 0]
            rows += [{"table": name, "file": row[FILE], "row": row[ROW], "column": column, "value": row[column]} for row in chosen.to_dict("records")]
    return pd.DataFrame(rows, columns=["table", "file", "row", "column", "value"])


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write ``content`` as a text file; raises ``Refusal`` (exit 6) where the place cannot be written."""
    try:
        _write_json(path, content)
    except OSError as error:
        raise refuse(ExitCode.FILES, "cannot_write", value=path, reason=error.strerror or str(error)) from error


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write ``table`` as CSV that spreadsheets open; raises ``Refusal`` (exit 6) where the place cannot be written."""
    try:
        table.to_csv(path, index=False, encoding="utf-8-sig")
    except OSError as error:
        raise refuse(ExitCode.FILES, "cannot_write", value=path, reason=error.strerror or str(error)) from error


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def _hash(table: pd.DataFrame) -> str:
    """SHA-256 of a table as read: the same rows in the same order have it whatever file they came from."""
    return hashlib.sha256(table.drop(columns=[FILE, ROW]).to_csv(index=False).encode()).hexdigest()


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    table.to_csv(path, index=False, encoding="utf-8-sig", float_format="%.12g")


def _write_sections(run: Run, folder: Path) -> None:
    """Further sections of the report as JSON and CSV, a name of its own for each."""
    for section in asked(run).sections:
        folder.mkdir(exist_ok=True)
        said = [dict(zip(words.LANGUAGES, sentence, strict=True)) for sentence in section.sentences]
        question = dict(zip(words.LANGUAGES, section.question, strict=True))
        _write_json(folder / f"{section.name}.json", {"kind": section.kind, "question": question, "answer": said, **section.facts})
        for name, table in section.tables.items():
            _write_csv(table, folder / f"{section.name}_{name}.csv")


def write_inputs(table: pd.DataFrame, path: Path) -> None:
    """A table after the scenario with every digit of its numbers, so that two runs differ only where their inputs do."""
    path.parent.mkdir(exist_ok=True)
    table.drop(columns=[FILE, ROW]).to_csv(path, index=False, encoding="utf-8-sig")


def _write_tables(run: Run, draft: Path) -> None:
    for family, key in COLUMN_KEYS.items():
        _write_csv(run.results.values[family][[*key, "value"]], draft / "tables" / f"{family}.csv")
    for family, key in ROW_KEYS.items():
        prices = run.results.duals[family]
        _write_csv(prices[[*key, "value", *(["relaxed"] if "relaxed" in prices else [])]], draft / "tables" / f"dual_{family}.csv")
    _write_csv(run.results.indicators, draft / "tables" / "indicators.csv")
    _write_csv(run.switch_points, draft / "tables" / "switch_points.csv")
    _write_csv(shadow_prices(run), draft / "tables" / "shadow_prices.csv")
    _write_csv(asked(run).projects, draft / "tables" / "projects.csv")
    _write_sections(run, draft / "sections")
    _write_csv(asked(run).shedding, draft / "tables" / "shedding.csv")
    _write_csv(benchmark_table(run.prepared.tables), draft / "tables" / "benchmarks.csv")
    _write_csv(negative_costs(run.prepared.core), draft / "tables" / "negative_costs.csv")
    _write_csv(run.results.ties, draft / "tables" / "ties.csv")
    _write_csv(accounting.cost_by_class(run.results), draft / "tables" / "costs.csv")
    kept = keep(run.results.case, run.results.values["size"], run.results.duals["indicator_ceiling"])
    _write_csv(kept.accounts, draft / "tables" / "ledger.csv")
    _write_csv(kept.uses, draft / "tables" / "ledger_uses.csv")
    _write_csv(gains.table(run.results, run.prepared.core, run.prepared.tables.get("split_columns")), draft / "tables" / "split.csv")
    board = scoreboard(run)
    _write_csv(board.clauses, draft / "tables" / "clauses.csv")
    _write_csv(board.carriers, draft / "tables" / "clause_carriers.csv")
    for spec in CORE_TABLES:
        table = run.prepared.core.get(spec.name)
        if table is not None and len(table) and spec.name != "expected":
            _write_csv(table.drop(columns=[FILE, ROW]), draft / "case" / f"{spec.name}.csv")
    for name, table in run.prepared.tables.items():
        write_inputs(table, draft / "inputs" / f"{name}.csv")
