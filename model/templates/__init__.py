"""The fast road from a Case to its linear program: every rule runs once on placeholders, numpy does the rest."""

from __future__ import annotations

from model.templates.compiler import compile_case
from model.templates.skeleton import Untemplated

__all__ = ["Untemplated", "compile_case"]
