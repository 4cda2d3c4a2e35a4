"""The house (DESIGN §1): imports point down only, the engine knows no terminal, modules and functions stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
YK = ROOT / "yk"

GROUND = {"errors", "clock", "text", "files", "yamls", "settings", "workdays"}
FLOORS = {
    "store": 1,
    "archive": 2,
    "flows": 3,
    "deadlines": 4,
    "desk": 5,
    "batch": 6,
    "audit": 6,
    "review": 6,
    "scenario": 7,
    "cli": 8,
    "screens": 8,
    "pytest_plugin": 8,
    "__main__": 9,
}
"""Part of `yk` -> floor; parts of one floor do not import each other, `__main__` may import the faces."""
DOOR = ("yk/cli/tui.py", "screens")
"""Of the two faces one opens the other: the command that starts the screens."""
CORE = ("store", "archive", "flows", "deadlines", "desk", "batch", "audit", "review", "scenario", *GROUND)
TERMINAL = {"click", "textual", "rich"}
HEAVY = {"statemachine", "textual", "duckdb", "openpyxl", "psycopg", "asyncio"}
"""Imported inside the function that needs them, so that `yk --help` stays quick."""
MOST_LINES, LONGEST_FUNCTION = 300, 60

FILES = sorted(YK.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def part(path: Path) -> str:
    """The part of the house a file belongs to: a package or a ground module; '' for yk/__init__.py."""
    inside = path.relative_to(YK)
    name = inside.parts[0].removesuffix(".py")
    return "" if name == "__init__" else name


def floor(name: str) -> int:
    """The floor of a part; the ground is 0."""
    return 0 if name in GROUND or name == "" else FLOORS[name]


def imported(path: Path, only_at_import: bool = False) -> Iterator[tuple[str, int]]:
    """Dotted names a file imports, with their lines; with `only_at_import` those that importing it pulls in."""
    tree = parsed(path)
    for node in _at_import(tree) if only_at_import else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            assert node.module
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when a module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _at_import(child)


def own(name: str) -> str | None:
    """The part of yk a dotted name belongs to; None for other packages."""
    words = name.split(".")
    if words[0] != "yk":
        return None
    return words[1] if len(words) > 1 and (words[1] in FLOORS or words[1] in GROUND) else ""


def test_every_part_has_its_floor() -> None:
    parts = {part(path) for path in FILES} - {""}
    assert parts <= FLOORS.keys() | GROUND


def test_imports_point_down_only() -> None:
    wrong = []
    for path in FILES:
        here = part(path)
        for name, line in imported(path):
            there = own(name)
            if (path.relative_to(ROOT).as_posix(), there) == DOOR:
                continue
            if there and there != here and floor(there) >= max(floor(here), 1):
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {here} (floor {floor(here)}) imports {name}")
    assert wrong == []


def test_the_ground_stands_on_itself() -> None:
    wrong = []
    for path in FILES:
        if part(path) in GROUND:
            wrong += [
                f"{path.name}:{line}: {n}" for n, line in imported(path) if own(n) not in {None, "", *GROUND}
            ]
    assert wrong == []


def test_the_ground_has_no_circles() -> None:
    below = {name: {own(n) for n, _ in imported(YK / f"{name}.py")} - {None, "", name} for name in GROUND}
    done: set[str] = set()
    while left := {name for name in below if name not in done and below[name] <= done}:
        done |= left
    assert done == GROUND


def test_the_engine_knows_no_terminal() -> None:
    wrong = []
    for path in FILES:
        if part(path) in CORE:
            found = [(n, line) for n, line in imported(path) if n.split(".")[0] in TERMINAL]
            wrong += [f"{path.relative_to(ROOT)}:{line}: {name}" for name, line in found]
    assert wrong == []


def test_heavy_packages_are_imported_where_they_are_needed() -> None:
    wrong = []
    for path in FILES:
        if part(path) != "screens":
            found = [(n, line) for n, line in imported(path, only_at_import=True) if n.split(".")[0] in HEAVY]
            wrong += [f"{path.relative_to(ROOT)}:{line}: {name}" for name, line in found]
    assert wrong == []


@pytest.mark.parametrize("module", ["yk.desk", "yk.flows.flow", "yk.archive.opening", "yk.deadlines.limits"])
def test_importing_a_part_pulls_in_nothing_heavy_and_no_terminal(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(m.split('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not (HEAVY | TERMINAL) & set(done.stdout.split())


def test_a_module_stays_small() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in FILES
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_a_function_stays_small() -> None:
    long = []
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                size = node.end_lineno - node.lineno + 1
                if size > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} has {size} lines")
    assert long == []


def test_every_module_says_what_it_is() -> None:
    assert [str(p.relative_to(ROOT)) for p in FILES if not ast.get_docstring(parsed(p))] == []


def test_every_public_name_says_what_it_is() -> None:
    bare = []
    for path in FILES:
        for node in parsed(path).body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_") and not ast.get_docstring(node):
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}")
    assert bare == []


def test_data_stands_in_files_and_not_in_code() -> None:
    """No rule book in Python: a literal of Chinese texts longer than a screen belongs into YAML."""
    for path in FILES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Dict | ast.List | ast.Tuple):
                texts = [
                    n for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
                ]
                chinese = [n for n in texts if not n.value.isascii()]
                assert len(chinese) < 60, f"{path.relative_to(ROOT)}:{node.lineno}"
