"""What the command line loads before it has something to do."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from yk.cli.lazy import Stub
from yk.cli.root import root

HEAVY = (
    "textual",
    "rich",
    "statemachine",
    "tinydb",
    "yaml",
    "tabulate",
    "importlib.metadata",
    "sqlite3",
    "openpyxl",
)

SCRIPT = """
import sys
from contextlib import suppress
from yk.cli import run
{action}
print([name for name in {heavy} if name in sys.modules], file=sys.stderr)
"""


def loaded(action: str, **environment: str) -> str:
    """Which heavy modules are loaded after `action`, in an interpreter of its own."""
    script = SCRIPT.format(action=action, heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=True,
    )
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "words", [["--help"], [], ["--version"], ["config", "--help"], ["confg"], ["help", "退出码"]]
)
def test_help_and_misspellings_load_nothing_heavy(words: list[str]) -> None:
    assert loaded(f"run({words!r})") == "[]"


@pytest.mark.parametrize("line", ["yk ", "yk con", "yk config ", "yk config show --f", "yk completion "])
def test_completion_loads_nothing_heavy(line: str) -> None:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")), "_YK_COMPLETE": "bash_complete"}
    assert loaded("run([])", **words) == "[]"


@pytest.mark.parametrize("name", list(root.commands))
def test_a_command_module_loads_nothing_heavy(name: str) -> None:
    stub = root.commands[name]
    assert isinstance(stub, Stub)
    if not stub.is_there():
        pytest.skip(f"{stub.target} is still to be written")
    assert loaded(f"import {stub.target.partition(':')[0]}") == "[]"


def test_help_imports_no_command_module() -> None:
    names = {stub.target.partition(":")[0] for stub in root.commands.values() if isinstance(stub, Stub)}
    action = f"run(['--help']); print(sorted({names!r} & set(sys.modules)), file=sys.stderr); sys.exit()"
    assert loaded(action) == "[]"
