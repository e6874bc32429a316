"""Office files whose bytes depend on their content alone: no time of writing in the archive."""

from __future__ import annotations

import io
import zipfile
from typing import Final

import pandas as pd
import xlsxwriter

from maps.workbook import CREATED

MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can state


def packed(content: bytes) -> bytes:
    """The same archive with every entry written at ``MOMENT``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(entry))
    return stream.getvalue()


def chart_sheet(categories: list[str], series: dict[str, list[float]]) -> bytes:
    """The workbook behind a chart of a slide: names in the first column, one column per series; texts are never formulas."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet("Sheet1")
        for line, name in enumerate(categories, start=1):
            sheet.write_string(line, 0, name)
        for column, (name, values) in enumerate(series.items(), start=1):
            sheet.write_string(0, column, name)
            for line, value in enumerate(values, start=1):
                if pd.notna(value):
                    sheet.write_number(line, column, value)
    return stream.getvalue()
