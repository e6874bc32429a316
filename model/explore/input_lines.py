"""The differences of inputs as sentences: what changes alike is said once, and what is not said is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from model import words
from model.explore.inputs import CHANGED, REMARK, Cell, Difference
from model.explore.numbers_said import said_number
from model.explore.row_names import FIRST, RowNames
from model.schema import ALL_TABLES
from model.tables import Tables

MOST = 40  # sentences told; what is left over is counted, and stands in the table of inputs
LISTED = 3  # names told of a longer list
DIGITS = 9  # factors that agree in so many digits are one factor


def sentences(found: Sequence[Difference], tables: Tables, names: RowNames, language: str) -> list[str]:
    """What differs, in the order of the schema; ``tables``: of the plan that is compared, to know what "all" rows are."""
    told = [one for one in found if one.kind != REMARK]
    groups: defaultdict[tuple[str, str, str], list[Difference]] = defaultdict(list)
    for one in told:
        groups[one.table, one.kind, one.column].append(one)
    said = [(sentence, len(group)) for rows in groups.values() for sentence, group in _Said(tables, names, language).of(rows)]
    lines = [sentence for sentence, _ in said[:MOST]]
    if left := sum(count for _, count in said[MOST:]):
        lines.append(words.text("compare.inputs_left", language, count=left))
    if remarks := len(found) - len(told):
        lines.append(words.text("compare.inputs_remarks", language, count=remarks))
    return lines


class _Said:
    """Sentences in one language."""

    def __init__(self, tables: Tables, names: RowNames, language: str) -> None:
        self.tables, self.names, self.language = tables, names, language

    def of(self, rows: list[Difference]) -> Iterator[tuple[str, list[Difference]]]:
        """The sentences of one table, kind and column, each with the differences it covers."""
        one = rows[0]
        if one.table not in ALL_TABLES:
            for row in rows:
                yield self._stated(row), [row]
        elif one.kind != CHANGED:
            yield self._rows(rows), rows
        else:
            yield from self._changed(rows)

    def _text(self, key: str, **facts: object) -> str:
        return words.text(f"compare.{key}", self.language, **facts)

    def _stated(self, row: Difference) -> str:
        """A lock, a weight of the objective or a solver option."""
        facts = {"table": self.names.table(row.table, self.language), "row": self.names.row(row.table, row.key, {}, self.language)}
        return self._text(f"part_is_{row.kind}", **facts, old=self._state(row.old), new=self._state(row.new))

    def _state(self, value: Cell) -> str:
        if not isinstance(value, str):
            return said_number(value)
        state, _, size = value.partition(" ")
        return " ".join(part for part in (self.names.cell("state", "state", state, self.language), size) if part)

    def _rows(self, rows: list[Difference]) -> str:
        """Rows that stand on one side only; of a single one also what it says."""
        one, table = rows[0], self.names.table(rows[0].table, self.language)
        if len(rows) > 1:
            return self._text(f"rows_{one.kind}", table=table, count=len(rows), rows=self._several(rows))
        spec = ALL_TABLES[one.table]
        numbers = [
            f"{self.names.column(one.table, name, self.language)} {self._value(self._named(one, name, cell), spec.by_name[name].unit)}"
            for name, cell in one.cells.items() if spec.by_name[name].kind == "number" and cell != ""
        ]
        cells = self._text("row_cells", cells=self._text("between").join(numbers)) if numbers else ""
        return self._text(f"row_{one.kind}", table=table, row=self.names.row(one.table, one.key, one.cells, self.language), cells=cells)

    def _changed(self, rows: list[Difference]) -> Iterator[tuple[str, list[Difference]]]:
        """Equal changes together; of the others those of one factor together; the rest one by one."""
        alike = _grouped(rows, lambda row: (row.old, row.new, row.unit))
        single = [group[0] for group in alike if len(group) == 1]
        yield from ((self._moved(group), group) for group in alike if len(group) > 1)
        for group in _grouped(single, lambda row: _factor(row) or (row.key,)):
            factor = _factor(group[0])
            yield self._scaled(group, factor[0]) if factor and len(group) > 1 else self._moved(group), group

    def _moved(self, group: list[Difference]) -> str:
        one = group[0]
        old, new = (self._value(self._named(one, one.column, cell), unit) for cell, unit in ((one.old, ""), (one.new, one.unit)))
        return self._text("cell_changed", **self._place(group), old=old, new=new)

    def _named(self, one: Difference, name: str, cell: Cell) -> Cell:
        """A cell that names other rows, by their names; the 1 and 0 of a switch as yes and no."""
        column = ALL_TABLES[one.table].by_name[name]
        if self.names.switches(one.table, name) and cell in (0, 1):
            return self._text("yes" if cell else "no")
        return (self.names.cell(one.table, name, cell, self.language) or cell) if isinstance(cell, str) and column.refers else cell

    def _scaled(self, group: list[Difference], factor: float) -> str:
        return self._text("cell_scaled", **self._place(group), factor=said_number(factor))

    def _place(self, group: list[Difference]) -> dict[str, str]:
        one = group[0]
        return {
            "table": self.names.table(one.table, self.language), "rows": self._several(group),
            "column": self.names.column(one.table, one.column, self.language),
        }

    def _several(self, group: list[Difference]) -> str:
        """The rows of a group in words: all, a few by name, or the first of them and how many there are."""
        table = group[0].table
        if len(group) == 1:
            return self.names.row(table, group[0].key, group[0].cells, self.language)
        if group[0].kind == CHANGED and len(group) == len(self.tables[table]):
            return self._text("all_rows", count=len(group))
        longest = max((one.key for one in group), key=len)
        order = sorted(range(len(longest)), key=lambda place: longest[place][0] not in FIRST)
        parts = [self._part(table, place, group) for place in order] if len(longest) > 1 else [self._by_name(group)]
        return self._text("rows_of", rows=self._text("between").join(part for part in parts if part), count=len(group))

    def _by_name(self, group: list[Difference]) -> str:
        """Rows that have one id each: called by their own names, shortened to the first few and their number."""
        said = [self.names.row(one.table, one.key, one.cells, self.language) for one in group]
        return self._text("and").join(said) if len(said) <= LISTED + 1 else self._first(said)

    def _first(self, said: list[str]) -> str:
        return self._text("first_of", first=self._text("and").join(said[:LISTED]), count=len(said))

    def _part(self, table: str, place: int, group: list[Difference]) -> str:
        """One column of the key over a group: the cells it takes, shortened to the first few and their number."""
        cells = dict.fromkeys(one.key[place] for one in group if len(one.key) > place)
        said = list(dict.fromkeys(filter(None, (self.names.cell(table, column, cell, self.language) for column, cell in cells))))
        if len(said) <= LISTED + 1:
            return self._text("and").join(said)
        column = next(iter(cells))[0]
        every = len(cells) == self.tables[table][column].nunique() if column in self.tables.get(table, ()) else False
        label = self.names.column(table, column, self.language)
        if every:
            return self._text("all_of", count=len(said), column=label)
        return self._first(said)

    def _value(self, value: Cell, unit: str) -> str:
        """A cell with its unit; blank cells are called so."""
        if value == "":
            return self._text("blank")
        shown = value if isinstance(value, str) else said_number(value)
        return f"{shown} {self.names.unit(unit, self.language)}".rstrip()


def _factor(row: Difference) -> tuple[float] | None:
    """New over old of two numbers other than 0."""
    if isinstance(row.old, str) or isinstance(row.new, str) or not row.old or not row.new:
        return None
    return (round(row.new / row.old, DIGITS),)


def _grouped(rows: list[Difference], key: Callable[[Difference], object]) -> list[list[Difference]]:
    """Rows of equal key together, in the order in which the keys first come."""
    groups: dict[object, list[Difference]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return list(groups.values())
