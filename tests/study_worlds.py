"""A small dataset for studies and a way to carry a study out on it."""

from __future__ import annotations

from pathlib import Path

from runs import dataset, quiet

from model.explore import studying
from model.explore.journal import Journal
from model.explore.study_file import StudyFile
from model.explore.study_rows import Outcome
from model.problems import Refusal

# 8 of power are needed; a plant of at most 5 costs 2 + 1 a unit, the grid 4: 5 x 3 + 3 x 4 = 27
TABLES = {
    "supply": "commodity site tier price max\npower p grid 4 100",
    "demand": "commodity site min max price\npower p 8 8 0",
    "recipes": "technology commodity quantity\nmake power 1",
    "tech_sites": "technology site variable_cost\nmake p 1",
    "capacity_use": "technology unit use\nmake works 1",
    "options": "option variable_cost max_size\nplant 2 5",
    "option_effects": "option unit site per_size\nplant works p 1",
}


def asked(folder: Path, text: str, **tables: str) -> StudyFile:
    """A study file on the small dataset, some of its tables replaced."""
    data = dataset(folder / "data", **(TABLES | tables))
    file = folder / "asked.toml"
    file.write_text(text, encoding="utf-8")
    return studying.opened(str(file), data, folder, {})


def carried_out(folder: Path, text: str, **tables: str) -> Outcome:
    """What a study finds, nothing kept on disk."""
    return studying.carry_out(asked(folder, text, **tables), Journal(None, ""), quiet)


def refused(folder: Path, text: str, **tables: str) -> list[tuple[str, str]]:
    """Rule and place of everything wrong with a study."""
    try:
        carried_out(folder, text, **tables)
    except Refusal as refusal:
        assert all(problem.text(language) for problem in refusal.problems for language in ("zh", "en"))
        return [(problem.rule, problem.column) for problem in refusal.problems]
    raise AssertionError("carried out")


def told(found: Outcome, language: str = "en") -> str:
    """All sentences."""
    return "\n".join(pair[("zh", "en").index(language)] for pair in found.sentences)
