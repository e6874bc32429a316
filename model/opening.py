"""What a command line means: which scenario, which dataset and what the run is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from model import words
from model.problems import ExitCode, Problems, refuse
from model.reading import read
from model.reading.nearest import nearest
from model.scenario import Scenario, apply, check_lock_names, load
from model.scenario.parsing import parse_solver
from model.scenario.records import Cell, Spot

BASE = "base"


def open_scenario(name: str | None, data: Path | None, root: Path, solver: Mapping[str, Cell]) -> tuple[Scenario, Path]:
    """The scenario to solve and the path of its dataset.

    ``name``: a .toml file or the name of one in scenarios/; none with ``data`` = the dataset as it stands, none at all =
    scenarios/base.toml. ``data`` overrides the scenario's dataset, and the title says so; ``solver`` its solver options.
    Raises ``Refusal``: exit 2 for solver options out of range, 3 with every problem of the scenario and, if there is one,
    of the tables in the same pass, 6 where a file does not exist.
    """
    options = _checked(solver)
    if name is None and data is not None:
        return replace(Scenario(_plain_name(data), data), solver=options), data
    problems = Problems()
    scenario = load(_file_of(name or BASE, root), problems)
    own = root / "data" / (scenario.data or "chuanyu")
    folder = data or own
    if problems.errors and folder.exists():
        _look_further(scenario, folder, problems)
    problems.stop_on_errors()
    titled = scenario.title if folder.resolve() == own.resolve() else _titled(scenario, folder, own)
    return replace(scenario, title=titled, solver={**scenario.solver, **options}), folder


def _titled(scenario: Scenario, data: Path, own: Path) -> dict[str, str]:
    """The title with the name of a dataset that is not the scenario's own (its whole path where it bears the same name)."""
    called = str(data.resolve()) if data.name in ("", own.name) else data.name
    return {
        language: words.text("scenario.on_data", language, title=scenario.title.get(language) or scenario.name, data=called)
        for language in words.LANGUAGES
    }


def _look_further(scenario: Scenario, folder: Path, problems: Problems) -> None:
    """In the same pass the problems of the tables, and what a scenario that is refused already gets wrong about them."""
    dataset = read(folder, problems)
    tables = apply(scenario, dataset, problems)
    check_lock_names(scenario, tables, problems)


def _plain_name(data: Path) -> str:
    return data.stem if data.is_file() else data.resolve().name


def _checked(solver: Mapping[str, Cell]) -> dict[str, Cell]:
    """Solver options of the command line, within the ranges that hold in scenario files."""
    problems = Problems()
    options = parse_solver(solver, Spot("", 0), problems)
    problems.stop_on_errors(ExitCode.USAGE)
    return options


def _file_of(name: str, root: Path) -> Path:
    """The file ``name`` as written, else among the scenarios of the project. Raises ``Refusal`` (exit 6) where there is none."""
    path = Path(name)
    if path.suffix != ".toml" and not path.is_file():
        path = path.with_name(f"{path.name}.toml")
    places = (path, root / path, root / "scenarios" / path)
    found = next((place for place in places if place.is_file()), None)
    if found is None and path.name != str(path):
        raise refuse(ExitCode.FILES, "scenario_missing", value=str(path))
    if found is None:
        known = sorted(scenario.stem for scenario in (root / "scenarios").glob("*.toml"))
        raise refuse(ExitCode.FILES, "scenario_unknown", value=path.stem, suggestion=nearest(path.stem, known), known=", ".join(known))
    return found
