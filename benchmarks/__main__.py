"""``python -m benchmarks [--quick] [--slow-runs N] [--out FILE]``: times every road on every size, writes and prints the table of ratios.

Without ``--quick`` the pages docs/benchmarks quote it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import RUNS, Figures, plan
from benchmarks.table import page, quoted

HERE = Path(__file__).parent
MANUAL = (HERE.parent / "docs" / "benchmarks.md", HERE.parent / "docs" / "benchmarks.zh.md")


def main() -> None:
    """Measure in one process per road and size, so that memory and caches are its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--out", type=Path, default=HERE / "results.md")
    parser.add_argument("--quick", action="store_true", help="the shipped dataset and the two smallest worlds only")
    parser.add_argument("--slow-runs", type=int, default=RUNS, help="runs of the roads by ordinary rules, which take minutes")
    arguments = parser.parse_args()
    found: list[Figures] = []
    for size, road, runs in plan(quick=arguments.quick, slow_runs=arguments.slow_runs):
        sys.stderr.write(f"{size} {road} …\n")
        command = [sys.executable, "-m", "benchmarks.measure", size, road, str(runs)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parent)
        found.append(Figures(**json.loads(done.stdout.splitlines()[-1])))
    text = page(found)
    arguments.out.write_text(text, encoding="utf-8")
    for document in () if arguments.quick else MANUAL:
        document.write_text(quoted(document.read_text(encoding="utf-8"), text), encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
