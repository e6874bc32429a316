"""A scenario file and its bases, read, checked key by key and merged."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from model.problems import ExitCode, Problems, refuse
from model.reading.csv_files import read_text
from model.reading.nearest import nearest
from model.scenario.parsing import parse_changes, parse_locks, parse_map, parse_names, parse_objective, parse_solver, parse_title
from model.scenario.records import Scenario, Spot

KEYS: Final = ("base", "data", "title", "question", "clauses", "sections", "change", "lock", "objective", "solver", "map")
TOML_LINE: Final = re.compile(r"at line (\d+)")
TABLE: Final = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
KEY: Final = re.compile(r"\s*([\w.-]+)\s*=")
HEADING: Final = re.compile(r"\s*(?:\[\[?\s*)?([A-Za-z_]+)\s*[\]=]")


@dataclasses.dataclass(frozen=True)
class Document:
    """One TOML file as parsed, with the lines of its headings and of the keys below them (path, as ``lock[1].site`` → line)."""

    file: str
    content: Mapping[str, Any]
    headings: Mapping[str, tuple[int, ...]]
    lines: Mapping[str, int] = dataclasses.field(default_factory=dict)
    folder: Path = Path()

    def spots(self, key: str, count: int) -> list[Spot]:
        """The spots of the ``count`` items of an array of tables."""
        lines = self.headings.get(key, ())
        return [Spot(self.file, lines[index] if index < len(lines) else 0, f"{key}[{index + 1}]", self.lines) for index in range(count)]

    def spot(self, key: str) -> Spot:
        """The spot of a top-level key."""
        return Spot(self.file, self.headings.get(key, (0,))[0], key, self.lines)


def load(path: Path, problems: Problems) -> Scenario:
    """The scenario at ``path`` with its chain of bases merged, base first.

    Unknown keys, tables and columns, wrong types and cycles are added to ``problems`` (file, line of the heading, path
    of keys). Raises ``Refusal`` (files) where ``path`` is no file.
    """
    path = Path(path)
    if not path.is_file():
        raise refuse(ExitCode.FILES, "scenario_missing", value=str(path))
    scenario = Scenario(path.stem, path)
    for document in reversed(_chain(path, problems)):
        scenario = _merge(scenario, document, problems)
    return scenario


def _chain(path: Path, problems: Problems) -> list[Document]:
    """The documents from ``path`` up to its last base."""
    documents: list[Document] = []
    seen: list[Path] = []
    current: Path | None = path
    while current is not None:
        seen.append(current.resolve())
        document = read_document(current, problems)
        documents.append(document)
        base = document.content.get("base")
        current = _base(current, base, document, seen, problems) if base is not None else None
    return documents


def _base(current: Path, base: object, document: Document, seen: list[Path], problems: Problems) -> Path | None:
    spot = document.spot("base")
    if not isinstance(base, str) or not base.strip():
        spot.add(problems, "scenario_text", base)
        return None
    target = current.parent / base
    if not target.is_file():
        suggestion = nearest(base, [other.name for other in current.parent.glob("*.toml") if other.name != current.name])
        spot.add(problems, "scenario_base_missing", base, suggestion)
        return None
    if target.resolve() in seen:
        spot.add(problems, "scenario_cycle", " → ".join([*(step.name for step in seen), target.name]))
        return None
    return target


def read_document(path: Path, problems: Problems) -> Document:
    """The parsed file; without content (reported) where it cannot be read."""
    empty = Document(path.name, {}, {})
    text = read_text(path, problems)
    if text is None:
        return empty
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = TOML_LINE.search(str(error))
        problems.add("scenario_syntax", file=path.name, row=int(found[1]) if found else 0, value=error)
        return empty
    return Document(path.name, content, _headings(text), _key_lines(text), path.parent)


def _headings(text: str) -> dict[str, tuple[int, ...]]:
    """The lines on which each top-level key or heading stands."""
    lines: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        found = HEADING.match(line)
        if found:
            lines[found[1]] = (*lines.get(found[1], ()), number)
    return lines


def _key_lines(text: str) -> dict[str, int]:
    """The line of every key that begins one, by its path: ``lock[2].site`` in the second ``[[lock]]``, ``solver.threads``.

    Keys within inline tables have no line of their own; what stands in a long string may add paths that nobody asks for.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    place = ""
    for number, line in enumerate(text.splitlines(), start=1):
        heading, key = TABLE.match(line), KEY.match(line)
        if heading and heading[1] == "[[":
            counts[heading[2]] = counts.get(heading[2], 0) + 1
            place = f"{heading[2]}[{counts[heading[2]]}]"
        elif heading:
            first, _, rest = heading[2].partition(".")
            place = f"{first}[{counts[first]}].{rest}" if first in counts and rest else heading[2]
            lines.setdefault(place, number)
        elif key:
            lines.setdefault(f"{place}.{key[1]}" if place else key[1], number)
    return lines


def _merge(base: Scenario, document: Document, problems: Problems) -> Scenario:
    """``base`` with the document on top: changes are appended, everything else is overridden key by key.

    Title, question, clauses and sections say what one scenario is about; they are its own and never inherited.
    """
    content, origins = document.content, dict(base.origins)
    for key in content:
        if key not in KEYS:
            document.spot(key).add(problems, "scenario_key", key, nearest(key, KEYS), known=", ".join(KEYS))
    data = base.data
    if "data" in content:
        origins["data"] = document.spot("data")
        data = _text(content["data"], origins["data"], problems)
    said = {key: parse_title(content.get(key, {}), document.spot(key), problems) for key in ("title", "question")}
    origins = {key: spot for key, spot in origins.items() if key.split(".")[0] not in (*said, "clauses", "sections")}
    origins.update({f"{key}.{language}": document.spot(key) for key, texts in said.items() for language in texts})
    clauses = parse_names(content.get("clauses", []), document.spot("clauses"), problems)
    if clauses:
        origins["clauses"] = document.spot("clauses")
    sections = parse_names(content.get("sections", []), document.spot("sections"), problems)
    if sections:
        origins["sections"] = document.spot("sections")
    objective = base.objective
    if "objective" in content:
        origins["objective"] = document.spot("objective")
        objective = parse_objective(content["objective"], origins["objective"], problems)
    options = parse_solver(content.get("solver", {}), document.spot("solver"), problems)
    origins.update({f"solver.{key}": document.spot("solver") for key in options})
    map_ = base.map
    if "map" in content:
        origins["map"] = document.spot("map")
        map_ = parse_map(content["map"], origins["map"], document.folder, problems)
    locks = parse_locks(*items_of(document, "lock", problems), problems)
    replaced = {(lock.site, lock.technology) for lock in locks}
    kept = tuple(lock for lock in base.locks if (lock.site, lock.technology) not in replaced)
    changes = parse_changes(*items_of(document, "change", problems), problems)
    return dataclasses.replace(
        base, data=data, title=said["title"], question=said["question"], clauses=clauses, sections=sections, objective=objective,
        solver={**base.solver, **options}, map=map_, locks=(*kept, *locks), changes=(*base.changes, *changes),
        chain=(*base.chain, document.file), origins=origins,
    )


def items_of(document: Document, key: str, problems: Problems) -> tuple[list[Mapping[str, Any]], list[Spot]]:
    """The tables of an array of tables with their spots."""
    items = document.content.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        document.spot(key).add(problems, "scenario_array", key)
        return [], []
    return items, document.spots(key, len(items))


def _text(value: object, spot: Spot, problems: Problems) -> str:
    if isinstance(value, str) and value.strip():
        return value
    spot.add(problems, "scenario_text", value)
    return ""
