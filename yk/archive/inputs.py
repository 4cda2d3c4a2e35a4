"""Input files of the archive as rows, whatever their format: nested JSON lines, CSV, workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from yk.archive.dictionary import Entity
from yk.errors import UnreadableError, UsageError
from yk.files import reason_of

SUFFIXES = (".jsonl", ".csv", ".xlsx")


class Row(NamedTuple):
    """One row as it stands in a file.

    `row`: line of a JSON file, row of a sheet, from 1; `entity`: None when `word`, its name there, is not known;
    `given`: values by field name; `unknown`: values of columns the entity does not have; `problem`: code and
    Chinese text of what the reader already found wrong.
    """

    file: str
    row: int
    word: str
    entity: Entity | None
    given: dict[str, object]
    unknown: dict[str, object]
    problem: tuple[str, str] | None = None


Unknown = Callable[[str, str, str], None]
"""Is told (file, entity, column) of every column that is not known, with a value or without."""


def files_of(paths: Iterable[Path], suffixes: Sequence[str] = SUFFIXES) -> Iterator[Path]:
    """The files themselves; a folder stands for the input files in it, those with one of `suffixes`.

    Raises UnreadableError (`cannot_read`, `no_input`) and UsageError (`unknown_format`).
    """
    *some, last = (suffix.removeprefix(".") for suffix in suffixes)
    for path in paths:
        if path.is_dir():
            found = sorted(one for one in path.iterdir() if one.suffix.lower() in suffixes)
            if not found:
                raise UnreadableError("no_input", f"文件夹 {path} 里没有 {'、'.join(some)} 或 {last} 文件")
            yield from found
            continue
        if not path.exists():
            raise UnreadableError("cannot_read", f"读不了文件 {path}：文件或文件夹不存在", "检查路径")
        if path.suffix.lower() not in suffixes:
            raise UsageError(
                "unknown_format",
                f"不认识的文件格式：{path}",
                f"用 {'、'.join(f'.{one}' for one in some)} 或 .{last}（旧版 .xls 请另存为 .xlsx）",
            )
        yield path


def read(path: Path, entity: Entity | None, unknown: Unknown) -> Iterator[Row]:
    """The rows of one file, streamed; `entity` overrides what the file's or the sheet's name says.

    Raises UnreadableError with file and line for what cannot be read, UsageError for an unknown entity.
    """
    from yk.archive import nested, sheets

    readers = {".jsonl": nested.read, ".csv": sheets.read_csv, ".xlsx": sheets.read_xlsx}
    try:
        yield from readers[path.suffix.lower()](path, entity, unknown)
    except OSError as error:
        raise UnreadableError(
            "cannot_read", f"读不了文件 {path}：{reason_of(error)}", "检查路径和读权限"
        ) from None


def is_blank(value: object) -> bool:
    """Does a cell hold nothing?"""
    return value is None or (isinstance(value, str) and not value.strip())
