"""The store as one readable JSON file: lessons, fixtures, small offices. Stock TinyDB opens it.

Every unit of work rewrites the whole file atomically under a lock, so it serves small stores only.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from yk.errors import UnreadableError
from yk.files import read_bytes, reason_of, write_atomic
from yk.store.collection import Collection, Row, Stored
from yk.store.conditions import Comparison
from yk.store.memory import MemoryMedium
from yk.store.plain import documents, encode, in_file

_PATIENCE = 30.0
"""Seconds to wait for another program's unit of work."""


class JsonMedium(MemoryMedium):
    """A MemoryMedium that follows a file: read again when it changed, written at every commit."""

    kind = "json"

    def __init__(self, url: str, path: Path, collections: Iterable[Collection]) -> None:
        from filelock import FileLock

        super().__init__(url, collections)
        self.path = path.resolve()
        self._lock = FileLock(f"{self.path}.lock", timeout=_PATIENCE, mode=0o600)
        self._seen: tuple[int, int, int] | None = None
        self._digest = b""
        self._refresh()

    @classmethod
    def create(cls, path: Path, collections: Iterable[Collection]) -> None:
        """Write an empty store into the file `path`."""
        path.write_bytes(_bytes_of(MemoryMedium("", collections)))

    @property
    def revision(self) -> None:
        """Another program may have written in between, and the file does not say how often."""

    @property
    def pulse(self) -> tuple[int, int, int]:
        now = self.path.stat()
        return now.st_mtime_ns, now.st_size, now.st_ino

    def begin(self) -> None:
        from filelock import Timeout

        if not os.access(self.path, os.W_OK):
            raise self._readonly("没有权限")
        try:
            self._lock.acquire(poll_interval=0.01)
        except Timeout:
            raise UnreadableError("store_busy", f"存储 {self.path} 正被别的程序占用", "稍后再试") from None
        except OSError as error:
            raise self._readonly(reason_of(error)) from None
        try:
            self._refresh(certainly=True)
        except BaseException:
            self._lock.release()
            raise
        super().begin()

    def end(self, keep: bool) -> None:
        try:
            if keep and self._undo:
                self._save()
        except BaseException:
            super().end(keep=False)
            raise
        else:
            super().end(keep)
        finally:
            self._lock.release()

    def begin_reading(self) -> None:
        self._follow()

    def rows(self, collection: Collection) -> Mapping[str, Row]:
        self._follow()
        return super().rows(collection)

    def _keys(self, collection: Collection, wanted: list[Comparison]) -> Any:
        self._follow()
        return super()._keys(collection, wanted)

    def integrity(self) -> list[str]:
        try:
            self._decoded(read_bytes(self.path))
        except UnreadableError as error:
            return [error.message]
        return []

    def copy_to(self, path: Path) -> None:
        content = read_bytes(self.path)
        self._decoded(content)
        path.write_bytes(content)

    def _readonly(self, reason: str) -> UnreadableError:
        return UnreadableError(
            "store_readonly", f"写不了存储 {self.path}：{reason}", "检查文件和文件夹的写权限"
        )

    def _save(self) -> None:
        content = _bytes_of(self)
        write_atomic(self.path, content)
        self._digest, self._seen = hashlib.sha256(content).digest(), self._stamp()

    def _follow(self) -> None:
        if not self._depth and not self._views and self._stamp() != self._seen:
            self._refresh()

    def _stamp(self) -> tuple[int, int, int]:
        with _readable(self.path):
            status = self.path.stat()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _refresh(self, certainly: bool = False) -> None:
        """Read the file again when it is another one than was seen last.

        Two files may bear the same stamp, so what is about to be written upon is compared itself (`certainly`).
        """
        stamp = self._stamp()
        if stamp == self._seen and not certainly:
            return
        content = read_bytes(self.path)
        digest = hashlib.sha256(content).digest()
        if digest != self._digest:
            self.fill(self._decoded(content))
            self._digest = digest
        self._seen = stamp

    def _decoded(self, content: bytes) -> dict[Collection, dict[str, Stored]]:
        """The documents in `content`. Raises UnreadableError."""
        shown = str(self.path)
        found: dict[Collection, dict[str, Stored]] = {}
        for collection, key, row in documents(lambda: BytesIO(content), shown, self.collections):
            rows = found.setdefault(collection, {})
            if key in rows:
                raise UnreadableError("duplicate_key", f"{shown} 的表 {collection.name} 里 {key} 出现了两次")
            try:
                rows[key] = collection.stored(key, row)
            except UnreadableError as error:
                raise in_file(shown, error) from None
        return found


def _bytes_of(medium: MemoryMedium) -> bytes:
    """All documents in the plain form."""
    tables = ((name, MemoryMedium.rows(medium, c).values()) for name, c in sorted(medium.collections.items()))
    return "".join(encode(tables)).encode()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableError("cannot_read", f"读不了存储 {path}：{reason_of(error)}") from None
