"""The Case: everything the linear program needs, as frozen tables spread over periods, and nothing else."""

from __future__ import annotations

from model.case.make import make_case
from model.case.structure import COLUMN_KEYS, ROW_KEYS, Case

__all__ = ["COLUMN_KEYS", "ROW_KEYS", "Case", "make_case"]
