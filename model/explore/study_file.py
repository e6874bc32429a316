"""A study file: which kind of study on which scenario, what it asks, and what is left for the kind itself to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.explore.journal import Pair
from model.opening import open_scenario
from model.problems import ExitCode, Problems, refuse
from model.reading.nearest import nearest
from model.scenario import Change, Lock, Scenario, resolved_toml
from model.scenario.loading import Document, items_of, read_document
from model.scenario.parsing import known_keys, parse_changes, parse_locks, parse_title
from model.scenario.records import Spot

KEYS = ("study", "scenario", "title", "question")
VARIANT_KEYS = ("name", "title", "change", "lock")
FOLDER = Path("scenarios") / "studies"


@dataclass(frozen=True)
class StudyFile:
    """``kind``: what is asked; ``scenario``, ``data``: the base of every case; ``document``: the file with its lines."""

    name: str
    path: Path
    kind: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    scenario: Scenario
    data: Path
    document: Document

    def only(self, keys: Sequence[str], problems: Problems) -> Mapping[str, Any]:
        """The content; keys that this kind of study does not know are reported."""
        for key in self.document.content:
            if key not in (*KEYS, *keys):
                known = (*KEYS, *keys)
                self.document.spot(key).add(problems, "scenario_key", key, nearest(key, known), known=", ".join(known))
        return self.document.content

    def number(self, key: str, otherwise: float, problems: Problems, low: float = -1e12, high: float = 1e12) -> float:
        """A number of the file, ``otherwise`` where it is not stated; reported where it is none or out of range."""
        return number(self.document.content.get(key, otherwise), self.document.spot(key), problems, low, high)

    def whole(self, key: str, otherwise: int, problems: Problems, low: int, high: int) -> int:
        """A whole number of the file, as ``number``."""
        found = self.number(key, otherwise, problems, low, high)
        if found != int(found):
            self.document.spot(key).add(problems, "scenario_whole", found)
        return int(found)

    def one_of(self, problems: Problems, *keys: str) -> None:
        """Of ``keys``, which say the same in different ways, the file may state one."""
        stated = [key for key in keys if key in self.document.content]
        if len(stated) > 1:
            self.document.spot(stated[-1]).add(problems, "scenario_both", ", ".join(stated))

    def texts(self, key: str, problems: Problems) -> tuple[str, ...]:
        """A list of texts, empty where it is not stated."""
        found = self.document.content.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
            self.document.spot(key).add(problems, "scenario_list", found)
            return ()
        return tuple(found)

    def items(self, key: str, problems: Problems) -> list[tuple[Mapping[str, Any], Spot]]:
        """The tables of an array of tables with their lines."""
        return list(zip(*items_of(self.document, key, problems), strict=True))

    def fingerprint(self) -> str:
        """Everything the study asks, as text."""
        return f"{self.path.read_text(encoding='utf-8', errors='replace')}\n{resolved_toml(self.scenario, [])}"


def open_study(name: str, data: Path | None, root: Path, solver: Mapping[str, Any], kinds: Iterable[str]) -> StudyFile:
    """The study file ``name`` (or the name of one in scenarios/studies/) with its base scenario.

    Raises ``Refusal``: exit 3 with the problems of the file or its scenario, 6 where a file does not exist.
    """
    path = _file_of(name, root)
    problems = Problems()
    document = read_document(path, problems)
    problems.stop_on_errors()
    kind, base = document.content.get("study", ""), document.content.get("scenario")
    if not isinstance(kind, str) or kind not in kinds:
        document.spot("study").add(problems, "scenario_choice", kind, nearest(str(kind), kinds), choices=", ".join(kinds))
    if base is not None and not isinstance(base, str):
        document.spot("scenario").add(problems, "scenario_text", base)
    said = {key: parse_title(document.content.get(key, {}), document.spot(key), problems) for key in ("title", "question")}
    problems.stop_on_errors()
    beside = path.parent / str(base)
    scenario, folder = open_scenario(str(beside) if beside.is_file() else base, data, root, solver)
    return StudyFile(path.stem, path, str(kind), said["title"], said["question"], scenario, folder, document)


def _file_of(name: str, root: Path) -> Path:
    path = Path(name) if name.endswith(".toml") else Path(f"{name}.toml")
    found = next((place for place in (path, root / path, root / FOLDER / path) if place.is_file()), None)
    if found is None:
        known = sorted(study.stem for study in (root / FOLDER).glob("*.toml"))
        raise refuse(ExitCode.FILES, "study_unknown", value=name, suggestion=nearest(path.stem, known), known=", ".join(known))
    return found


def number(value: object, spot: Spot, problems: Problems, low: float = -1e12, high: float = 1e12) -> float:
    """``value`` as a number from ``low`` to ``high``; ``low`` (reported) where it is none."""
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
        spot.add(problems, "scenario_number", value)
        return low
    if not low <= value <= high:
        spot.add(problems, "scenario_range", value, low=f"{low:g}", high=f"{high:g}")
        return low
    return float(value)


@dataclass(frozen=True)
class Variant:
    """What one case changes in the base scenario, and its name."""

    key: str
    name: Pair
    changes: tuple[Change, ...] = ()
    locks: tuple[Lock, ...] = ()

    def of(self, base: Scenario) -> Scenario:
        """``base`` with the changes and locks of this case; a lock replaces the base's on the same site and technology."""
        if not self.changes and not self.locks:
            return base
        replaced = {(lock.site, lock.technology) for lock in self.locks}
        kept = tuple(lock for lock in base.locks if (lock.site, lock.technology) not in replaced)
        return replace(base, changes=(*base.changes, *self.changes), locks=(*kept, *self.locks))


def check_names(names: Iterable[tuple[str, Spot]], problems: Problems, taken: Sequence[str] = ()) -> None:
    """Names of axes and cases head columns and part keys: they can be read, hold no ``|`` or ``/``, and nothing else is called so."""
    known = set(taken)
    for name, spot in names:
        if not name.isprintable() or name != name.strip() or "|" in name or "/" in name:
            spot.at("name").add(problems, "study_name", name)
        elif name in known:
            spot.at("name").add(problems, "stated_twice" if name not in taken else "study_name_taken", name)
        known.add(name)


def variants(
    study: StudyFile, key: str, problems: Problems, more: Sequence[str] = (), taken: Sequence[str] = ()
) -> list[tuple[Variant, Mapping[str, Any]]]:
    """The cases written out under ``[[key]]``: name, title, change and lock as in a scenario, and the keys in ``more``."""
    found: list[tuple[Variant, Mapping[str, Any]]] = []
    written = study.items(key, problems)
    named = [(name, spot) for item, spot in written if isinstance(name := item.get("name"), str) and name]
    check_names(named, problems, taken)
    for item, spot in written:
        known = known_keys(item, (*VARIANT_KEYS, *more), spot, problems)
        name = known.get("name")
        if not isinstance(name, str) or not name:
            spot.at("name").add(problems, "scenario_text", name or "")
            continue
        changes, locks = (_parts(known.get(part, []), spot.at(part), problems) for part in ("change", "lock"))
        title = parse_title(known.get("title", {}), spot.at("title"), problems)
        pair = (title.get("zh", name), title.get("en", name))
        found.append((Variant(name, pair, parse_changes(*changes, problems), parse_locks(*locks, problems)), known))
    return found


def _parts(items: object, spot: Spot, problems: Problems) -> tuple[list[Mapping[str, Any]], list[Spot]]:
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        spot.add(problems, "scenario_array", spot.path)
        return [], []
    return items, [spot] * len(items)
