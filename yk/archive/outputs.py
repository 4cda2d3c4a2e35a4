"""Writing large files and folders so that a reader sees the old or the new, never half; mode 0600."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from yk.errors import UnreadableError
from yk.files import reason_of


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of `path` when the block ends well.

    Raises UnreadableError (`cannot_write`); the old file then stands unchanged.
    """
    with _explained(path):
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
        _sync_folder(path.parent)


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill whose files take the place of those in `folder` when the block ends well.

    Files of other names stay. Raises UnreadableError (`cannot_write`).
    """
    with _explained(folder):
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(20, "", str(folder))
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            yield temporary
            folder.mkdir(mode=0o700, exist_ok=True)
            for one in sorted(temporary.iterdir()):
                one.replace(folder / one.name)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        _sync_folder(folder)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableError(
            "cannot_write", f"写不进 {path}：{reason_of(error)}", "检查文件夹是否存在、可写，磁盘是否已满"
        ) from None


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows has no such call."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
