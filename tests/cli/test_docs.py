"""What is written in docs/ is what the program says: commands, settings, modules, dependencies."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from yk.cli.docs import reference
from yk.cli.lazy import Stub
from yk.cli.root import root
from yk.settings import load

ROOT = Path(__file__).parents[2]
MADE = runpy.run_path(str(ROOT / "scripts" / "make_docs"))["FILES"]


@pytest.mark.parametrize("name", MADE)
def test_the_reference_is_fresh(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YK_CONFIG", "")  # the script sets it; put back afterwards
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == MADE[name](), "run scripts/make_docs"


def test_every_command_has_a_chapter() -> None:
    text = reference()
    there = [name for name, stub in root.commands.items() if isinstance(stub, Stub) and stub.is_there()]
    assert [name for name in there if f"\n## yk {name}\n" not in text] == []


def test_every_setting_has_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YK_CONFIG", "")
    text = MADE["settings.md"]()
    assert [name for name in load({}) if f"\n| `{name}` | " not in text] == []


def test_every_dependency_is_explained() -> None:
    asked = re.findall(r'^\s+"([A-Za-z][\w-]+)', (ROOT / "setup.py").read_text(encoding="utf-8"), re.M)
    asked += re.findall(r'\["([A-Za-z][\w-]+)', (ROOT / "setup.py").read_text(encoding="utf-8"))
    assert "click" in asked
    assert "openpyxl" in asked
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert [name for name in asked if not re.search(rf"\b{name}\b", text)] == []
