"""A copy of the manual and the flow definitions that a test may damage."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import NamedTuple

import pytest

from yk.flows import catalogue, contents, definition, entries, places, reader, search

REAL = catalogue.FOLDER


class Manual(NamedTuple):
    """The copy: `files` has archetypes/, entries/ and definitions/."""

    files: Path

    def edit(self, file: str, old: str, new: str) -> int:
        """Replace the first `old` in a file; gives the line it stands at."""
        path = self.files / file
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def write(self, file: str, text: str) -> None:
        """Write a file of the copy."""
        (self.files / file).write_text(text, encoding="utf-8")


def _but_small(folder: str, names: list[str]) -> set[str]:
    """Of entries and definitions only 更名 is copied, whose damage tests look at."""
    kept = Path(folder).name in ("entries", "definitions")
    return {name for name in names if kept and name != "rename.yaml"}


def copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Manual:
    """Copy the manual to `folder` and let everything read it from there."""
    files = folder / "manual"
    copytree(REAL, files, ignore=_but_small)
    copytree(definition.FOLDER, files / "definitions", ignore=_but_small)
    for module in (catalogue, contents, entries, places, reader, search):
        monkeypatch.setattr(module, "FOLDER", files)
    monkeypatch.setattr(definition, "FOLDER", files / "definitions")
    return Manual(files)
