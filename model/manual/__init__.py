"""The manual: pages written from constraint cards, column families, table specifications and the keys of readers: none can drift apart."""

from __future__ import annotations

from pathlib import Path

from model.manual.formulation import formulation
from model.manual.scenarios import scenarios
from model.manual.tables import tables
from model.problems import ExitCode, refuse

__all__ = ["formulation", "pages", "scenarios", "tables", "write_manual"]


def pages() -> dict[str, str]:
    """File name → text of every page, the English one under the plain name."""
    makers = {"formulation": formulation, "tables": tables, "scenarios": scenarios}
    ends = {"en": "md", "zh": "zh.md"}
    return {f"{name}.{end}": make(language) for name, make in makers.items() for language, end in ends.items()}


def write_manual(folder: Path) -> list[Path]:
    """Write the pages to ``folder``, which is made if absent; raises ``Refusal`` (exit 6) where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise refuse(ExitCode.FILES, "cannot_write", value=error.filename or folder, reason=error.strerror or str(error)) from error
    return [folder / name for name in pages()]
