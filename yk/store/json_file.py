"""The store as one readable JSON file: lessons, fixtures, small offices. Stock TinyDB opens it.

Every unit of work rewrites the whole file atomically under a lock, so it serves small stores only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yk.errors import UnreadableError
from yk.files import read_bytes, write_atomic
from yk.store.collection import Collection, Row
from yk.store.medium import FORMAT
from yk.store.memory import MemoryMedium

META = "meta"
"""The table that names the stored form; it is in every dump."""


def encode(tables: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]) -> Iterator[str]:
    """Plain TinyDB JSON, in pieces: tables by name, documents numbered from 1 in key order."""
    yield "{"
    for number, (name, rows) in enumerate(tables):
        yield f"{',' if number else ''}\n {json.dumps(name)}: {{"
        for i, row in enumerate(rows, start=1):
            body = json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            yield f'{"," if i > 1 else ""}\n  "{i}": {body}'
        yield "\n }"
    yield "\n}\n"


def decode(content: bytes, shown: str) -> dict[str, list[Row]]:
    """The tables of a dump. Raises UnreadableError for what is damaged, foreign or newer."""
    try:
        data = json.loads(content)
        tables = {name: [dict(row) for row in rows.values()] for name, rows in data.items()}
    except UnicodeDecodeError:
        raise UnreadableError("store_damaged", f"{shown} 不是 UTF-8 文本，读不了") from None
    except json.JSONDecodeError as error:
        raise UnreadableError(
            "store_damaged",
            f"{shown} 第 {error.lineno} 行起已损坏或不完整，读不了",
            "用最近的备份恢复：yk store restore",
        ) from None
    except (AttributeError, TypeError, ValueError):
        raise UnreadableError("store_foreign", f"{shown} 不是 yk 的存储文件") from None
    check_format(tables.get(META, []), shown)
    return tables


def meta_rows() -> list[Row]:
    """The first rows of the table `meta`."""
    return [{"name": "format", "value": FORMAT}]


def check_format(meta: list[Row], shown: str) -> None:
    """Refuse what another program or a newer yk wrote."""
    versions = [row.get("value") for row in meta if row.get("name") == "format"]
    if not versions or not isinstance(versions[0], int):
        raise UnreadableError("store_foreign", f"{shown} 不是 yk 的存储文件")
    if versions[0] > FORMAT:
        raise UnreadableError(
            "store_newer",
            f"{shown} 由更新版本的 yk 写成（格式 {versions[0]}，本程序认得 {FORMAT}）",
            "升级 yk 后再打开",
        )


class JsonMedium(MemoryMedium):
    """A MemoryMedium that follows a file: read again when it changed, written at every commit."""

    def __init__(self, url: str, path: Path, collections: Iterable[Collection]) -> None:
        from filelock import FileLock

        super().__init__(url, collections)
        self.path = path
        self._lock = FileLock(f"{path}.lock", timeout=30, mode=0o600)
        self._seen: tuple[int, int, int] | None = None
        self._refresh()

    @classmethod
    def create(cls, path: Path, collections: Iterable[Collection]) -> None:
        """Write an empty store file."""
        names = sorted(c.name for c in collections)
        tables = [(name, meta_rows() if name == META else ()) for name in names]
        write_atomic(path, "".join(encode(tables)).encode())

    def begin(self) -> None:
        from filelock import Timeout

        try:
            self._lock.acquire()
        except Timeout:
            raise UnreadableError("store_busy", f"存储 {self.path} 正被别的程序占用", "稍后再试") from None
        except OSError as error:
            from yk.files import reason_of

            raise UnreadableError("store_readonly", f"写不了存储 {self.path}：{reason_of(error)}") from None
        self._refresh()
        super().begin()

    def end(self, keep: bool) -> None:
        changed = keep and bool(self._undo)
        try:
            if changed:
                try:
                    write_atomic(self.path, "".join(encode(self.tables())).encode())
                except BaseException:
                    super().end(keep=False)
                    raise
                self._seen = self._stamp()
            super().end(keep)
        finally:
            self._lock.release()

    def tables(self) -> Iterator[tuple[str, Iterable[Row]]]:
        """All tables in dump order."""
        for name in sorted(self.collections):
            yield name, super().rows(self.collections[name]).values()

    def rows(self, collection: Collection) -> Mapping[str, Row]:
        self._follow()
        return super().rows(collection)

    def _keys(self, collection: Collection, wanted: Any) -> Any:
        self._follow()
        return super()._keys(collection, wanted)

    def integrity(self) -> list[str]:
        decode(read_bytes(self.path), str(self.path))
        return []

    def _follow(self) -> None:
        if not self.in_transaction and self._stamp() != self._seen:
            self._refresh()

    def _stamp(self) -> tuple[int, int, int]:
        with _readable(self.path):
            status = self.path.stat()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _refresh(self) -> None:
        """Read the file again when it is another one than was seen last."""
        stamp = self._stamp()
        if stamp == self._seen:
            return
        tables = decode(read_bytes(self.path), str(self.path))
        for name, collection in self.collections.items():
            self._kept[name].clear()
            self._indexed[name].clear()
            for index in self._index[name].values():
                index.clear()
            depth, self._depth = self._depth, 0
            try:
                MemoryMedium.apply(self, collection, {collection.doc_id(r): r for r in tables.get(name, ())})
            finally:
                self._depth = depth
        self._seen = stamp


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        from yk.files import reason_of

        raise UnreadableError("cannot_read", f"读不了存储 {path}：{reason_of(error)}") from None
