"""What a command line means: which scenario, which dataset and what the run is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from model.problems import Problems
from model.scenario import Scenario, load
from model.scenario.records import Cell

BASE = "base"


def open_scenario(name: str | None, data: Path | None, root: Path, solver: Mapping[str, Cell]) -> tuple[Scenario, Path]:
    """The scenario to solve and the path of its dataset.

    ``name``: a .toml file or the name of one in scenarios/; none with ``data`` = the dataset as it stands, none at all =
    scenarios/base.toml. ``data`` overrides the scenario's dataset; ``solver`` its solver options.
    Raises ``Refusal``: exit 3 with every problem of the file, exit 6 where it does not exist.
    """
    if name is None and data is not None:
        return replace(Scenario(_plain_name(data), data), solver=dict(solver)), data
    problems = Problems()
    scenario = load(_file_of(name or BASE, root), problems)
    problems.stop_on_errors()
    folder = data or root / "data" / (scenario.data or "chuanyu")
    return replace(scenario, solver={**scenario.solver, **solver}), folder


def _plain_name(data: Path) -> str:
    return data.stem if data.is_file() else data.resolve().name


def _file_of(name: str, root: Path) -> Path:
    path = Path(name)
    if path.suffix != ".toml" and not path.is_file():
        path = path.with_name(f"{path.name}.toml")
    return path if path.is_file() or path.is_absolute() else root / "scenarios" / path.name
