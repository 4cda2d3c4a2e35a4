"""docs/commands.md is what the command tree says."""

from __future__ import annotations

from pathlib import Path

from yk.cli.docs import reference
from yk.cli.lazy import Stub
from yk.cli.root import root

DOCS = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_command_reference_is_fresh() -> None:
    assert DOCS.read_text(encoding="utf-8") == reference(), "run scripts/make_docs"


def test_every_command_has_a_chapter() -> None:
    text = reference()
    there = [name for name, stub in root.commands.items() if isinstance(stub, Stub) and stub.is_there()]
    assert [name for name in there if f"\n## yk {name}\n" not in text] == []
