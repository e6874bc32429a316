"""The house rules that a reader may rely on: direction of imports, size of files and functions, who may print."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# each room may import itself and rooms to its left
ORDER = (
    "arguments",
    "words",
    "problems",
    "units",
    "schema",
    "tables",
    "reading",
    "scenario",
    "objective",
    "expand",
    "case",
    "names",
    "formulation",
    "declare",
    "build",
    "compile",
    "templates",
    "program",
    "solve",
    "reduce",
    "optimum",
    "diagnose",
    "audit",
    "ties",
    "ledger",
    "results",
    "accounting",
    "gains",
    "opening",
    "pipeline",
    "explore",
    "manual",
    "output",
    "maps",
    "run",
)
LEVEL = {room: number for number, room in enumerate(ORDER)}
SOURCES = sorted([*(ROOT / "model").rglob("*.py"), *(ROOT / "maps").rglob("*.py"), ROOT / "run.py"])
LONGEST_FILE, LONGEST_FUNCTION, DEEPEST = 400, 60, 4
TOP_LEVEL = {
    "model",
    "data",
    "scenarios",
    "maps",
    "tests",
    "run.py",
    "pyproject.toml",
    "README.md",
    "README.zh.md",
    "CHANGELOG.md",
    "LICENSE",
    ".ci",
    ".gitignore",
    "docs",
    "benchmarks",
}


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "model" and parts[1] != "__init__" else parts[0]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_rooms(path: Path) -> set[str]:
    rooms: set[str] = set()
    for node in ast.walk(tree(path)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "model" else [f"model.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "model" and len(parts) > 1:
                rooms.add(parts[1])
            elif parts[0] == "maps":
                rooms.add("maps")
    return rooms


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name != "__init__.py" or path.parent.name != "model"], ids=str)
def test_imports_point_down_only(path):
    own = room(path)
    upward = {name for name in imported_rooms(path) if LEVEL[name] > LEVEL[own]}
    assert not upward, f"{own} imports {upward}"


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_files_and_functions_stay_short(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{lines} lines"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name}: {length} lines"


def _depth(node: ast.AST) -> int:
    """Nesting of blocks; ``elif`` chains and ``with``/``try`` count once each."""
    inner = max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)
    return inner + isinstance(node, ast.For | ast.While | ast.If | ast.Try)


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_nesting_stays_shallow(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            assert _depth(node) <= DEEPEST, node.name


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name != "run.py"], ids=str)
def test_only_run_py_prints_and_nobody_catches_everything(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print"
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}"
            assert not (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")), f"line {node.lineno}"


def test_the_engine_knows_no_aluminium():
    engine = [
        path
        for path in SOURCES
        if room(path) in {"case", "formulation", "build", "compile", "solve", "matrix", "verify", "ties", "results", "accounting", "ledger", "gains"}
    ]
    for path in engine:
        text = path.read_text(encoding="utf-8").lower()
        for word in ("alumin", "smelt", "potline", "sichuan", "chongqing", "scrap", "bauxite", "铝", "川", "渝"):
            assert word not in text, f"{path.name}: {word}"


def test_top_level_is_the_agreed_one():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    assert {name.split("/")[0] for name in tracked} <= TOP_LEVEL


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["mypy"]], ids=["ruff", "mypy"])
def test_linters_pass(command):
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
