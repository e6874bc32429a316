"""The table of ratios as Markdown."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from benchmarks.measure import Figures

LIBRARIES = ("pyomo", "highspy", "linopy", "pypsa", "numpy", "scipy", "pandas")
ARRAYS, RAW = "arrays", "raw"
MARKS = "<!-- table -->", "<!-- end of table -->"  # a page of the manual quotes the table between them
HEAD = ("program", "nonzeros", "road", "runs", "median s", "spread s", "÷ raw", "÷ arrays", "memory MB")


def page(found: Sequence[Figures]) -> str:
    """The whole page: machine, day, table, exponent."""
    cells = [_row(item, {other.road: other.median for other in found if other.size == item.size}) for item in found]
    table = ["| " + " | ".join(row) + " |" for row in (HEAD, ("---",) * len(HEAD), *cells)]
    return "\n".join([*_machine(), "", *table, "", *_exponent(found)]) + "\n"


def quoted(document: str, text: str) -> str:
    """``document`` with ``text`` between its two marks."""
    before, _, rest = document.partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    return f"{before}{MARKS[0]}\n\n{text}\n{MARKS[1]}{after}"


def _row(item: Figures, medians: dict[str, float]) -> tuple[str, ...]:
    def ratio(road: str) -> str:
        return f"{item.median / medians[road]:.1f}" if road in medians else "–"

    spread = f"{min(item.seconds):.3g}–{max(item.seconds):.3g}"
    memory = "–" if item.memory is None else f"{item.memory:.3g}"
    return (item.size, f"{item.nonzeros:,}", item.road, str(len(item.seconds)), f"{item.median:.3g}", spread, ratio(RAW), ratio(ARRAYS), memory)


def _machine() -> list[str]:
    today, load = datetime.now(UTC).date().isoformat(), f"{os.getloadavg()[0]:.1f}"
    versions = ", ".join(filter(None, map(_version, LIBRARIES)))
    return [
        f"Measured {today} on {platform.machine()} with {os.cpu_count()} cores under {platform.system()}, "
        f"Python {platform.python_version()}, {versions}.",
        f"Processor seconds from the Case (raw and linopy: from integers) to a loaded HiGHS, medians; load of the machine at the end {load}.",
    ]


def _version(name: str) -> str:
    """Name and version of a library, nothing of a peer that is not installed: its roads fail by themselves."""
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""


def _exponent(found: Sequence[Figures]) -> list[str]:
    """How the time of the fast road grows with the nonzeros from the second smallest world on."""
    points = sorted((item.nonzeros, item.median) for item in found if item.road == ARRAYS and item.size != "shipped")[1:]
    if len(points) < 2:
        return []
    (small, fast), (large, slow) = points[0], points[-1]
    power = math.log(slow / fast) / math.log(large / small)
    return [f"Exponent of the road `arrays` from {small:,} to {large:,} nonzeros: {power:.2f}."]
