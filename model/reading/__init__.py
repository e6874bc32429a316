"""Reading a dataset: a folder of CSV files or one workbook becomes typed tables, with every problem found in one pass."""

from __future__ import annotations

from pathlib import Path

from model.problems import ExitCode, Problems, refuse
from model.reading.checks import check_tables
from model.reading.columns import typed
from model.reading.csv_files import read_folder
from model.reading.rules import check_core
from model.reading.workbook import read_workbook
from model.tables import Dataset, Tables

WORKBOOKS = (".xlsx", ".xlsm")

__all__ = ["check_core", "check_tables", "read"]


def read(path: Path, problems: Problems) -> Dataset:
    """The dataset at ``path``: a folder of CSV files or one ``.xlsx`` or ``.xlsm`` workbook with the same sheets.

    Every flaw is added to ``problems`` with file, line and column; faulty cells become blank, so the tables are only
    good to use while ``problems.errors`` is empty. Raises ``Refusal`` (files) where nothing stands at ``path``.
    """
    path = Path(path)
    is_book = path.is_file() and path.suffix.lower() in WORKBOOKS
    if not is_book and not path.is_dir():
        raise refuse(ExitCode.FILES, "dataset_kind" if path.is_file() else "dataset_missing", value=str(path))
    sheets = read_workbook(path, problems) if is_book else read_folder(path, problems)
    tables: Tables = {}
    broken = {name for name, sheet in sheets.items() if sheet is None}
    for name, sheet in sheets.items():
        table = typed(sheet, problems) if sheet is not None else None
        if table is None:
            broken.add(name)
        else:
            tables[name] = table
    if not sheets and not problems.errors:
        problems.add("no_tables", file=path.name)
    check_tables(tables, problems, broken=frozenset(broken))
    return Dataset(path.stem if is_book else path.resolve().name, path.parent if is_book else path, tables)
