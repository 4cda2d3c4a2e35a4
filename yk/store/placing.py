"""Putting a whole new file in its place, so that nobody ever sees half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yk.files import sync_folder

_COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite puts beside a file while it is open."""


@contextmanager
def placed(path: Path, replace: bool = False) -> Iterator[Path]:
    """An empty file beside `path` (mode 0600) that takes its place, durably, when the block ends well.

    Raises OSError; without `replace` FileExistsError when something stands at `path` by then.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
        _sync(Path(name))
        if replace:
            Path(name).replace(path)
        else:
            _link(Path(name), path)
        sync_folder(path.parent)
    finally:
        for suffix in _COMPANIONS:
            Path(name + suffix).unlink(missing_ok=True)


def moved(path: Path, target: Path) -> None:
    """Rename a file with what SQLite put beside it; raises OSError."""
    for suffix in _COMPANIONS:
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.rename(target.with_name(target.name + suffix))


def _link(temporary: Path, path: Path) -> None:
    """Give the file its name unless the name is taken; some file systems know no second names."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(path) from None
        temporary.rename(path)


def _sync(path: Path) -> None:
    """Force a file to the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
