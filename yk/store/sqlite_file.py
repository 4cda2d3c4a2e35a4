"""SQLite files: opening and copying them, what their errors mean, reading their rows by and by."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from yk.errors import UnreadableError

_PATIENCE = 30.0
"""Seconds to wait for another program's unit of work."""
_CHUNK = 256
_PROBLEMS = {
    sqlite3.SQLITE_FULL: ("disk_full", "磁盘已满，没有写入任何内容", "腾出空间后再试"),
    sqlite3.SQLITE_IOERR: ("store_io", "读写磁盘出错，没有写入任何内容", "检查磁盘空间和健康"),
    sqlite3.SQLITE_CANTOPEN: ("cannot_open", "打不开存储文件", "检查文件夹是否存在、可写"),
    sqlite3.SQLITE_PERM: ("cannot_open", "打不开存储文件", "检查文件和文件夹的权限"),
    sqlite3.SQLITE_READONLY: ("store_readonly", "存储是只读的，写不进去", "检查文件和文件夹的写权限"),
    sqlite3.SQLITE_BUSY: ("store_busy", "存储正被别的程序占用", "稍后再试"),
    sqlite3.SQLITE_NOTADB: ("store_foreign", "这个文件不是 yk 的存储", "检查 --store 的路径"),
    sqlite3.SQLITE_CORRUPT: (
        "store_damaged",
        "存储文件已损坏",
        "用最近的备份恢复：yk store restore 备份文件",
    ),
}


@contextmanager
def explained(path: object) -> Iterator[None]:
    """sqlite3's errors as UnreadableError with one Chinese line; wrong use of the library stays what it is."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except UnicodeDecodeError as error:  # not even the words of the error can be read
        code, message, hint = _PROBLEMS[sqlite3.SQLITE_CORRUPT]
        raise UnreadableError(code, f"{message}：{path}", hint) from error
    except sqlite3.Error as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if primary in _PROBLEMS:
            code, message, hint = _PROBLEMS[primary]
            raise UnreadableError(code, f"{message}：{path}", hint) from error
        message = f"存储 {path} 出错：{error}"
        raise UnreadableError("store_error", message, "用 yk store check 检查存储") from error


def connect(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """Open a file that is there (with mode `rwc` it need not be); one that may not be written is only read."""
    address = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=_PATIENCE)


def file_id(path: Path) -> tuple[int, int] | None:
    """Which file a path leads to; None when to none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class Stream:
    """Rows of one select, fetched by and by. Before its connection writes it fetches the rest: what is being read
    stays as it was, and no old view of the file hinders the write."""

    def __init__(self, path: Path, cursor: sqlite3.Cursor) -> None:
        self._path, self._cursor = path, cursor
        self._kept: list[tuple[Any, ...]] = []

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while rows := self._more():
            yield from rows

    def _more(self) -> list[tuple[Any, ...]]:
        kept, self._kept = self._kept, []
        if kept:
            return kept
        with explained(self._path):
            return self._cursor.fetchmany(_CHUNK)

    def drain(self) -> None:
        """Fetch the rest."""
        with explained(self._path):
            self._kept += self._cursor.fetchall()


def is_database(path: Path) -> bool:
    """Is this an SQLite file? An empty one is. Raises UnreadableError when it cannot be opened."""
    try:
        with explained(path), closing(connect(path)) as connection:
            connection.execute("pragma schema_version")
    except UnreadableError as error:
        if error.code == "store_foreign":
            return False
        raise
    return True


def copy_database(source: Path, target: Path) -> None:
    """Copy what is committed in `source`, as it is at one moment, into the file `target`, and look the copy through.

    Raises UnreadableError.
    """
    with explained(f"{source}（备份）"), closing(connect(target, "rwc")) as copy:
        with closing(connect(source)) as connection:
            connection.backup(copy)
        # One plain file, which can be read where nothing can be written.
        copy.execute("pragma journal_mode = delete")
        found = copy.execute("pragma integrity_check(1)").fetchone()[0]
    if found != "ok":
        message = f"存储文件 {source} 内部不一致：{found}"
        raise UnreadableError("store_damaged", message, "用 yk store check 检查")
