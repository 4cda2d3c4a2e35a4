"""What a file gives of an entity, as SQL of DuckDB; and its rows as the importer has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from yk.archive.dictionary import Entity
from yk.archive.encodings import detect
from yk.archive.inputs import Row, is_blank

_CHUNK = 1 << 20


class Irregular(Exception):
    """A file that the archive's importer has to read, as DuckDB might read it otherwise. Says why, in Chinese."""


class Given(NamedTuple):
    """`texts`: field -> SQL of its text as it stands in the file; `numbers`: field -> SQL of a DOUBLE; `unknown`: columns
    that are no fields -> SQL of their text; `also`: SQL of what must hold besides for a row to be sure."""

    texts: Mapping[str, str]
    numbers: Mapping[str, str]
    unknown: Mapping[str, str]
    also: Collection[str] = ()


class Staged(NamedTuple):
    """`source`: SQL of a table that `given` speaks of, `values` the parameters in it; `first`: the number of the first row
    in the file, 0 where rows have none."""

    kind: Entity
    file: str
    source: str
    values: Sequence[str]
    given: Given
    first: int

    @property
    def cells(self) -> list[str]:
        """SQL of the text of every cell of a row: of the fields, of the unknown columns."""
        numbers = (f"CAST({number} AS VARCHAR)" for number in self.given.numbers.values())
        return [*self.given.texts.values(), *numbers, *self.given.unknown.values()]

    def row(self, number: int, cells: Sequence[str | None]) -> Row:
        """The importer's row of the texts of `cells`."""
        fields = [*self.given.texts, *self.given.numbers]
        given: dict[str, object] = dict(zip(fields, cells, strict=False))
        others = zip(self.given.unknown, cells[len(fields) :], strict=True)
        unknown: dict[str, object] = {word: cell for word, cell in others if not is_blank(cell)}
        return Row(self.file, number, self.kind.name, self.kind, given, unknown)


def in_utf8(path: Path, folder: Path) -> Path:
    """The file itself, or a copy of it in `folder` when it is in another encoding. Raises UnreadableError, OSError."""
    encoding = detect(path)
    if encoding == "utf-8-sig":
        return path
    copy = folder / f"{len(list(folder.iterdir()))}{path.suffix}"
    with (
        path.open(encoding=encoding, newline="") as source,
        copy.open("w", encoding="utf-8", newline="") as file,
    ):
        while chunk := source.read(_CHUNK):
            file.write(chunk)
    return copy


def pattern(path: Path) -> str:
    """The path as DuckDB's patterns write it: this file and no other."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path.resolve()))


def named(word: str) -> str:
    """A column's name in SQL."""
    return '"' + word.replace('"', '""') + '"'
