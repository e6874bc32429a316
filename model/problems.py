"""Located problems: what is wrong, where it stands, which rule it breaks and what was probably meant.

Every refusal of the program is one of these. Modules add problems to a list and go on, so that one pass shows all
of them; the words of each rule stand in ``model/words/problems.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from model import words

NAME_LENGTH = 80  # characters of a file's name that a message shows


class ExitCode(IntEnum):
    """Process exit codes of run.py, the same for every command."""

    SOLVED = 0
    USAGE = 2
    DATA = 3
    INFEASIBLE = 4
    SOLVER = 5
    FILES = 6
    INTERNAL = 7


@dataclass(frozen=True, order=True)
class Problem:
    """One broken rule at one place.

    ``row`` is the line of the file (1-based), 0 where the whole file is meant; ``cell`` the address in a workbook, "" elsewhere.
    """

    file: str
    row: int
    column: str
    rule: str
    value: str = ""
    suggestion: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    note: bool = False
    cell: str = ""

    def text(self, language: str) -> str:
        """One line: place, rule in words, value and suggestion, in ``language`` ("zh" or "en")."""
        place = ":".join(part for part in (self.file, self.cell or (str(self.row) if self.row else ""), self.column) if part)
        sentence = words.text(f"problems.{self.rule}", language, value=self.value, column=self.column, **dict(self.facts))
        hint = words.text("problems.suggestion", language, value=self.suggestion) if self.suggestion else ""
        return f"{place}: {sentence}{hint}" if place else f"{sentence}{hint}"


class Problems:
    """A growing list of problems; errors stop the run, notes do not.

    ``letters``: of each sheet of a workbook (as in ``Problem.file``) the letter of every column, filled in while reading,
    so that whatever is found later about a row still names the cell.
    """

    def __init__(self) -> None:
        self._items: list[Problem] = []
        self.letters: dict[str, dict[str, str]] = {}
        self._refused: set[tuple[str, str]] = set()

    def add(
        self,
        rule: str,
        *,
        file: str = "",
        row: int = 0,
        column: str = "",
        value: object = "",
        suggestion: str = "",
        note: bool = False,
        **facts: object,
    ) -> None:
        """Add one problem; ``facts`` fill the placeholders of the rule's sentence, a ``cell`` among them is its address."""
        address = str(facts.pop("cell", "")) or self._address(str(file), int(row), column)
        pairs = tuple(sorted((name, str(fact)) for name, fact in facts.items()))
        self._items.append(Problem(str(file), int(row), column, rule, str(value), suggestion, pairs, note, address))

    def refuse_cell(self, rule: str, **facts: object) -> None:
        """Add a problem of a cell that is read as blank for it, so that the blank is no problem of its own."""
        self.add(rule, **facts)  # type: ignore[arg-type]
        self._refused.add((str(facts["file"]), str(facts["cell"])))

    def is_refused(self, file: str, row: int, column: str) -> bool:
        """Whether the cell was refused already."""
        return (file, self._address(file, row, column)) in self._refused

    def _address(self, file: str, row: int, column: str) -> str:
        """The cells of ``column`` (several are separated by commas, a table may stand before the point) in a workbook."""
        letters = self.letters.get(file, {})
        names = [name.rpartition(".")[2] for name in column.split(", ")]
        return ",".join(f"{letters[name]}{row}" for name in names if name in letters) if row else ""

    def extend(self, items: Iterable[Problem]) -> None:
        """Add problems found elsewhere."""
        self._items.extend(items)

    def __iter__(self) -> Iterator[Problem]:
        """Problems sorted by place, each once."""
        return iter(sorted(set(self._items)))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a run, sorted by place."""
        return tuple(item for item in self if not item.note)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """The remarks that do not stop a run, sorted by place."""
        return tuple(item for item in self if item.note)

    def stop_on_errors(self, code: ExitCode = ExitCode.DATA) -> None:
        """Raise ``Refusal`` with ``code`` if any error was found."""
        if self.errors:
            raise Refusal(code, self.errors)


class Refusal(Exception):
    """The run cannot go on; carries the exit code and the problems that explain it."""

    def __init__(self, code: ExitCode, problems: Iterable[Problem]) -> None:
        self.code = code
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text("en") for problem in self.problems))

    def __reduce__(self) -> tuple[type[Refusal], tuple[ExitCode, tuple[Problem, ...]]]:
        """How it travels from a worker: by what it was made of, not by its text."""
        return Refusal, (self.code, self.problems)


def refuse(code: ExitCode, rule: str, **facts: object) -> Refusal:
    """A ``Refusal`` of a single problem without a place in a table."""
    problems = Problems()
    problems.add(rule, **facts)  # type: ignore[arg-type]
    return Refusal(code, problems)


def unusable(error: OSError) -> Refusal:
    """The refusal of a file or folder that the operating system will not give (its name cut to what fits on a line)."""
    name = str(error.filename or "")
    file = name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}…"
    return refuse(ExitCode.FILES, "unreadable_file", file=file, value=error.strerror or str(error))
