"""Whether the packages of the extra ``office`` are installed; imports none of them."""

from __future__ import annotations

import importlib.util
from typing import Final

from model.problems import ExitCode, refuse

# the name by which it is imported: the name by which it is installed, as in pyproject.toml
PACKAGES: Final = {"docx": "python-docx", "pptx": "python-pptx", "resvg_py": "resvg-py", "fontTools": "fonttools"}
INSTALL: Final = 'python -m pip install -e ".[office]"'


def missing() -> list[str]:
    """The packages that are not installed."""
    return [package for name, package in PACKAGES.items() if importlib.util.find_spec(name) is None]


def check() -> None:
    """Refuse (exit 2) where a package is missing, before the minutes of a solve."""
    if absent := missing():
        raise refuse(ExitCode.USAGE, "office_missing", value=", ".join(absent), command=INSTALL)
