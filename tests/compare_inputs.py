"""What a comparison must say of the inputs: cells that differ between the inputs/ of two run folders, alike ones together."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
from compare_truth import Versus
from page_blocks import NUMBER, Block
from page_folder import words

from model.explore.numbers_said import said_number
from model.schema import ALL_TABLES

REMARKS = {"source", "grade", "note"}
COLUMNS = ["table", "column", "said", "end", "ratio", "key"]
CODES = re.compile(r"^1: |(; |, )0:.*$|\((?:0|1):.*\)$")  # what the numbers of a column mean is no part of its name


def indexed(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table by its key."""
    return table.set_index([table[column] for column in ALL_TABLES[name].key])


def unit_of(name: str, column: str, row: pd.Series) -> str:
    """Unit of a number in words: that of its column, else the one that its row states."""
    written = ALL_TABLES[name].by_name[column].unit or (str(row["unit"]) if "unit" in row else "")
    return str(words("compare").get(f"unit_{written.replace(' ', '_')}", {"en": written})["en"])


def label_of(name: str, column: str) -> str:
    return CODES.sub("", ALL_TABLES[name].by_name[column].en or column)


def changed(truth: Versus) -> pd.DataFrame:
    """table, column, how a sentence on it ends, new over old, key: every number that differs in a row of both plans."""
    found = []
    first, second = (plan.inputs for plan in truth.plans)
    for name in [one for one in ALL_TABLES if one in first and one in second and ALL_TABLES[one].key]:
        before, after = indexed(first[name], name), indexed(second[name], name)
        both = before.index.intersection(after.index)
        for column in [one for one in before if ALL_TABLES[name].by_name[one].kind == "number" and one not in REMARKS]:
            old, new = (pd.to_numeric(table.loc[both, column]) for table in (before, after))
            for key in both[(old != new) & ~(old.isna() & new.isna())]:
                unit = unit_of(name, column, after.loc[key])
                end = f": {label_of(name, column)} {said_number(old[key])} → {said_number(new[key])} {unit}".rstrip()
                found.append((name, column, truth.plans[0].table_names[name], end, round(new[key] / old[key], 9) if old[key] else float("nan"), key))
    return pd.DataFrame(found, columns=COLUMNS)


def removed(truth: Versus) -> set[str]:
    """How the sentences on rows end that stand in one plan alone, one of its table: all numbers that the row states."""
    found = set()
    for name, table in truth.plans[0].inputs.items():
        for one, other, verb in ((table, truth.plans[1].inputs[name], "removed"), (truth.plans[1].inputs[name], table, "added")):
            if not ALL_TABLES[name].key:
                continue
            mine, theirs = indexed(one, name), indexed(other, name)
            alone = mine[~mine.index.isin(theirs.index)]
            for _, row in alone.iterrows() if len(alone) == 1 else ():
                numbers = [column for column in row.index if ALL_TABLES[name].by_name[column].kind == "number" and row[column] != ""]
                cells = ", ".join(f"{label_of(name, column)} {said_number(float(row[column]))} {unit_of(name, column, row)}".rstrip() for column in numbers)
                found.add(f"{truth.plans[0].table_names[name]}: {row.get('name_en', '')} {verb}" + (f" ({cells})" if cells else ""))
    return found


def difference(sentence: str, truth: Versus) -> set[str]:
    """The sentence itself where its table, column, amounts, unit and counts are those of the inputs; nothing else."""
    if sentence in truth.once("removed", removed):
        return {sentence}
    table = truth.once("changed", changed)
    for (name, said, end), rows in table.groupby(["table", "said", "end"]):
        if sentence.startswith(f"{said}, ") and sentence.endswith(str(end)):
            return {sentence} if counted(sentence[len(said) + 2 : -len(end)], str(name), rows, truth) else set()
    return set()


def counted(place: str, name: str, rows: pd.DataFrame, truth: Versus) -> bool:
    """Whether the rows that a sentence names are as many as differ so, and every other number stands in their keys or names."""
    if len(rows) > 1 and len(rows) == len(truth.plans[1].inputs[name]):
        return place == f"all {len(rows)} rows"
    keys = pd.DataFrame([key if isinstance(key, tuple) else (key,) for key in rows["key"]])
    if len(rows) > 1:
        place, _, count = place.rpartition(" (")
        if count != f"{len(rows)} rows)":
            return False
    listed = re.search(r"(.*) and others, (\d+) in all$", place)
    if listed and int(listed[2]) not in [keys[column].nunique() for column in keys]:
        return False
    texts = {cell for column in keys for cell in keys[column]} | {english for _, english in truth.pairs}
    left = listed[1] if listed else place
    for text in sorted((one for one in texts if one and NUMBER.search(one) and one in left), key=len, reverse=True):
        left = left.replace(text, "")
    return not NUMBER.search(left)


def inputs(block: Block, truth: Versus) -> Iterable[set[str]]:
    return [difference(block.english[0], truth)]
