"""Files and folders: atomic writes, and where yk keeps its things."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from yk.errors import UnreadableError


def data_folder() -> Path:
    """Where the default store lies (`$XDG_DATA_HOME/yk`, on Windows `%LOCALAPPDATA%\\yk`)."""
    return _folder("XDG_DATA_HOME", ".local/share")


def config_folder() -> Path:
    """Where `config.yaml` lies."""
    return _folder("XDG_CONFIG_HOME", ".config")


def cache_folder() -> Path:
    """Where compiled data lies; may be emptied at any time."""
    return _folder("XDG_CACHE_HOME", ".cache")


def _folder(variable: str, under_home: str) -> Path:
    base = os.environ.get(variable) or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else "")
    return (Path(base) if base else Path.home() / under_home) / "yk"


@contextmanager
def atomic_writer(path: Path) -> Iterator[IO[bytes]]:
    """A binary file that takes the place of `path` when the block ends well; mode 0600.

    A reader sees the old file or the new one, never half. Raises UnreadableError (`cannot_write`) when the
    folder is missing, not writable or the disk is full; the old file then stands unchanged.
    """
    with writing(path):
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as file:  # /dev/null, a pipe: nothing to replace
                yield file
            return
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
        sync_folder(path.parent)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """The system's errors while `path` is written, as UnreadableError (`cannot_write`)."""
    try:
        yield
    except OSError as error:
        raise UnreadableError(
            "cannot_write", f"写不进 {path}：{reason_of(error)}", "检查文件夹是否存在、可写，磁盘是否已满"
        ) from None


def require_writable(path: Path) -> None:
    """Raise UnreadableError (`cannot_write`) where `atomic_writer` could not write `path` now."""
    with writing(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        if not path.exists() or path.is_file():
            with tempfile.TemporaryFile(dir=path.parent):
                pass


def write_atomic(path: Path, content: bytes) -> None:
    """Write `content` through `atomic_writer`."""
    with atomic_writer(path) as file:
        file.write(content)


def sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows has no such call."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises UnreadableError (`cannot_read`)."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            "cannot_read", f"读不了文件 {path}：{reason_of(error)}", "检查路径和读权限"
        ) from None


_REASONS = {
    "ENOENT": "文件或文件夹不存在",
    "EACCES": "没有权限",
    "EPERM": "没有权限",
    "EISDIR": "这是一个文件夹",
    "ENOTDIR": "路径中有一段不是文件夹",
    "ENOSPC": "磁盘已满",
    "EROFS": "文件系统只读",
    "EEXIST": "已经存在",
    "ENAMETOOLONG": "名字太长",
}


def reason_of(error: OSError) -> str:
    """The system's error in Chinese."""
    name = errno.errorcode.get(error.errno or 0, "")
    return _REASONS.get(name, error.strerror or str(error))
