"""Pieces of Markdown: tables, code blocks and pages with marked places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

PLACE = re.compile(r"<!-- (\w+) -->")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar within a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(text: str) -> str:
    """A block of plain text."""
    return f"```text\n{text}\n```"


def filled(name: str, language: str, parts: Mapping[str, str]) -> str:
    """The page ``name`` with every place ``<!-- part -->`` filled; KeyError for a place without a part.

    The pages stand beside this file, one per language; what is generated is only marked in them.
    """
    text = (Path(__file__).parent / f"{name}.{language}.md").read_text(encoding="utf-8")
    return PLACE.sub(lambda place: parts[place[1]], text)
