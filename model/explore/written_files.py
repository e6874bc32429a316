"""Whether the files of a run folder are still those that the run wrote, and results.nc holds the values of its tables."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from model.audit import COLUMN_KEYS, ROW_KEYS, Check, Plan
from model.compile import Floats
from model.problems import ExitCode, refuse

FILES: Final = "files"  # of run.json: path → SHA-256 of every other file of the folder
RECORD: Final = "run.json"
DATASET: Final = "results.nc"
DIGITS: Final = 1e-9  # tables are written with twelve digits
SHOWN: Final = 5  # files named of those that differ
# what HDF5 and xarray have been seen to raise for files cut short or overwritten
NO_DATASET: Final = (OSError, KeyError, ValueError, RuntimeError, TypeError, AttributeError, IndexError, EOFError)


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below ``folder`` but ``run.json``, which is where they are kept, by path with ``/``."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / RECORD)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def held(folder: Path, *parts: str) -> None:
    """Refuse (exit 6) a run folder in which a file whose path begins with one of ``parts`` is not as the run wrote it.

    What can be read need not be whole: rows may be gone. A run of an earlier version kept no hashes and is believed.
    """
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # who needs it says so
        return
    known = record.get(FILES) if isinstance(record, dict) else None
    for name, digest in sorted(known.items()) if isinstance(known, dict) else ():
        file = folder / name
        if name.startswith(parts) and not (file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest):
            raise refuse(ExitCode.FILES, "run_changed", value=file)


def compare(folder: Path, run: Mapping[str, Any], plan: Plan) -> tuple[Check, ...]:
    """The checks of a run folder as files; a run of an earlier version kept no hashes.

    Residuals: files that are missing or differ; largest difference of a number of results.nc from the tables, as a share of
    it where it is above 1, infinite where results.nc cannot be read.
    """
    known = run.get(FILES)
    found = hashes(folder)
    wrong = sorted(name for name, digest in known.items() if found.get(name) != digest) if isinstance(known, dict) else []
    named = ", ".join(wrong[:SHOWN]) + (" …" if len(wrong) > SHOWN else "")
    kept = (Check("files_as_written", float(len(wrong)), 0.0, named),) if isinstance(known, dict) else ()
    # a file that is known to be damaged is not opened: HDF5 may read anything out of it
    gap, place = (math.inf, DATASET) if DATASET in wrong or DATASET not in found else _dataset_gap(folder / DATASET, plan)
    return (*kept, Check("dataset_as_written", gap, DIGITS, place))


def _dataset_gap(file: Path, plan: Plan) -> tuple[float, str]:
    try:
        with xr.open_dataset(file, engine="h5netcdf") as dataset:
            dataset.load()
    except NO_DATASET as error:
        return math.inf, f"{DATASET}: {type(error).__name__}"
    wanted = {family: (plan.values[family], key, f"column_{family}", f"{family}_") for family, key in COLUMN_KEYS.items()}
    wanted |= {f"{family}_dual": (plan.duals[family], key, f"row_{family}", f"row_{family}_") for family, key in ROW_KEYS.items()}
    gaps = [(_gap(dataset, name, *about), f"{DATASET}: {name}") for name, about in wanted.items()]
    objective = dataset.attrs.get("objective", math.nan)
    gaps.append((_largest(np.array([float(objective)]), np.array([plan.objective])), f"{DATASET}: objective"))
    return max(gaps, key=lambda gap: gap[0])


def _gap(dataset: xr.Dataset, name: str, table: pd.DataFrame, key: tuple[str, ...], dimension: str, prefix: str) -> float:
    """The largest difference of one variable from its table, infinite where the two have not the same rows."""
    if name not in dataset or dataset.sizes.get(dimension) != len(table) or any(f"{prefix}{part}" not in dataset for part in key):
        return math.inf
    held = pd.DataFrame({part: dataset[f"{prefix}{part}"].to_numpy().astype(str) for part in key})
    held["held"] = dataset[name].to_numpy().astype(float)
    both = table.astype(dict.fromkeys(key, str)).merge(held, on=list(key), how="left", indicator="found")
    return _largest(both["held"].to_numpy(float), both["value"].to_numpy(float)) if (both["found"] == "both").all() else math.inf


def _largest(held: Floats, stated: Floats) -> float:
    """The largest difference as a share of what is stated; a blank on one side only is infinitely far."""
    gaps = np.abs(held - stated) / np.maximum(1.0, np.abs(stated))
    gaps = np.where(np.isnan(held) & np.isnan(stated), 0.0, np.where(np.isnan(gaps), math.inf, gaps))
    return float(gaps.max(initial=0.0))
