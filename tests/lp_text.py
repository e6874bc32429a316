"""A linear program as text with the names of its rows and columns, the same on every machine: for golden files."""

from __future__ import annotations

import numpy as np

from model.case import COLUMN_KEYS, ROW_KEYS, Case
from model.compile import LinearProgram


def names(tables, keys) -> list[str]:
    """``family(key, key, …)`` of every row or column in the order of the program."""
    return [
        f"{family}({', '.join(str(part) for part in key)})"
        for family, parts in keys.items()
        for key in zip(*(tables[family][part] for part in parts), strict=True)
    ]


def number(value: float) -> str:
    return f"{value + 0.0:.9g}"  # turns −0 into 0


def sum_of(coefficients, columns) -> str:
    terms = [f"{'+' if value >= 0 else '-'} {number(abs(value))} {name}" for value, name in zip(coefficients, columns, strict=True) if value != 0]
    return " ".join(terms) or "0"


def relation(text: str, lower: float, upper: float) -> str:
    if lower == upper:
        return f"{text} = {number(lower)}"
    if np.isinf(lower):
        return f"{text} <= {number(upper)}"
    assert np.isinf(upper), "rows have one side or are equations"
    return f"{text} >= {number(lower)}"


def lp_text(case: Case, program: LinearProgram) -> str:
    """Objective, rows and bounds, one per line."""
    columns, rows = names(case.columns, COLUMN_KEYS), names(case.rows, ROW_KEYS)
    matrix = program.matrix.toarray()
    lines = ["minimise", f"  {sum_of(program.cost, columns)}", "subject to"]
    for row, coefficients, lower, upper in zip(rows, matrix, program.row_lower, program.row_upper, strict=True):
        lines += [f"  {row}:", f"    {relation(sum_of(coefficients, columns), lower, upper)}"]
    lines.append("bounds")
    for name, lower, upper in zip(columns, program.lower, program.upper, strict=True):
        lines.append(f"  {number(lower)} <= {name}" + ("" if np.isinf(upper) else f" <= {number(upper)}"))
    if program.integer.any():
        lines += ["integers", *(f"  {name}" for name, integer in zip(columns, program.integer, strict=True) if integer)]
    return "\n".join(lines) + "\n"
