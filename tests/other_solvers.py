"""Other roads to the optimum: CBC on a program written as an MPS file, and HiGHS by another algorithm.

The MPS format is that of the CBC user guide (free form); columns and rows are called by their numbers.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pulp import PULP_CBC_CMD

from model.solve import LoadedProgram

WORDS = {"Optimal": "optimal", "Infeasible": "infeasible", "Integer": "infeasible", "Unbounded": "unbounded", "Dual": "unbounded"}
# the least a better plan must gain is 1e-5 by default, and a hundredth of the tolerances keeps big-M rows tight enough to compare
EXACT = ("-ratioGap", "0", "-allowableGap", "0", "-increment", "1e-9", "-integerTolerance", "1e-9", "-primalTolerance", "1e-9", "-dualTolerance", "1e-9")


def cbc_path() -> Path | None:
    """CBC as PuLP brings it along; None where there is none for this machine."""
    found = shutil.which(PULP_CBC_CMD.pulp_cbc_path)
    return Path(found) if found else None


def mps_text(program) -> str:
    """``program`` (cost, matrix, bounds, integer) as a free MPS file; rows have one bound or two equal ones."""
    return "\n".join([*_rows(program), *_columns(program), *_bounds(program), "ENDATA", ""])


def _rows(program) -> Iterator[str]:
    yield from ("NAME P FREE", "ROWS", " N cost")
    for row, (lower, upper) in enumerate(zip(program.row_lower, program.row_upper, strict=True)):
        if math.isfinite(lower) and math.isfinite(upper):
            assert lower == upper
        yield f" {'E' if lower == upper else 'G' if math.isfinite(lower) else 'L' if math.isfinite(upper) else 'N'} r{row}"


def _columns(program) -> Iterator[str]:
    matrix = program.matrix.tocsc()
    yield "COLUMNS"
    for column in np.argsort(program.integer, kind="stable"):
        if program.integer[column] and (not column or column == np.flatnonzero(program.integer)[0]):
            yield " mark 'MARKER' 'INTORG'"
        yield f" c{column} cost {float(program.cost[column])!r}"
        for place in range(matrix.indptr[column], matrix.indptr[column + 1]):
            yield f" c{column} r{matrix.indices[place]} {float(matrix.data[place])!r}"
    if program.integer.any():
        yield " mark 'MARKER' 'INTEND'"


def _bounds(program) -> Iterator[str]:
    yield "RHS"
    for row, (lower, upper) in enumerate(zip(program.row_lower, program.row_upper, strict=True)):
        bound = lower if math.isfinite(lower) else upper
        if math.isfinite(bound) and bound:
            yield f" rhs r{row} {float(bound)!r}"
    yield "BOUNDS"
    for column, (lower, upper) in enumerate(zip(program.lower, program.upper, strict=True)):
        if lower == upper:
            yield f" FX bound c{column} {float(lower)!r}"
            continue
        yield f" LO bound c{column} {float(lower)!r}"
        yield f" UP bound c{column} {float(upper)!r}" if math.isfinite(upper) else f" PL bound c{column}"


def solve_by_cbc(program, folder: Path, seconds: int = 60) -> tuple[str, float]:
    """Status and least cost of ``program`` as CBC finds them; the cost is summed from the columns that it prints."""
    model, answer = folder / "program.mps", folder / "answer.txt"
    model.write_text(mps_text(program), encoding="ascii")
    command = [str(cbc_path()), str(model), "-sec", str(seconds), *EXACT, "-printingOptions", "all", "-solve", "-solution", str(answer)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=2 * seconds)
    first, *lines = answer.read_text().splitlines()
    status = WORDS.get(first.split()[0], first)
    cost = 0.0
    for line in lines:
        cells = line.replace("**", " ").split()
        if cells[1].startswith("c"):
            cost += float(program.cost[int(cells[1][1:])]) * float(cells[2])
    assert done.returncode == 0
    return status, cost


def solve_by_other_highs(program) -> tuple[str, float]:
    """Status and least cost by HiGHS with another algorithm than the engine's: interior point, or a search without presolve."""
    search = {"presolve": "off", "random_seed": 7, "mip_rel_gap": 0.0, "mip_heuristic_effort": 0.0}
    loaded = LoadedProgram(program, search if program.integer.any() else {"solver": "ipx"})
    status = loaded.run()
    return str(status), loaded.solution().objective
