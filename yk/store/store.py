"""The Store: TinyDB over a medium chosen by a URL."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import cast

from tinydb import TinyDB

from yk.errors import UnreadableError
from yk.files import reason_of
from yk.store.collection import Collection
from yk.store.medium import Medium
from yk.store.placing import placed
from yk.store.table import KeyTable
from yk.store.url import parse


class Store(TinyDB):
    """A TinyDB whose tables are named collections and whose units of work span tables."""

    table_class = KeyTable  # type: ignore[assignment]

    def __init__(self, medium: Medium) -> None:
        self._storage = medium
        self._opened = True
        self._tables = {}

    @classmethod
    def open(cls, url: str, collections: Iterable[Collection], create: bool = False) -> Store:
        """Open the store at `url`; with `create` make it when it is not there.

        Raises UsageError for a wrong URL, UnreadableError for a missing, damaged, foreign, newer or
        inaccessible store. Nothing is changed by an open that fails.
        """
        scheme, path = parse(url)
        wanted = list(collections)
        if path is None:
            from yk.store.memory import MemoryMedium

            return cls(MemoryMedium("memory://", wanted))
        if scheme == "json":
            from yk.store.json_file import JsonMedium

            _ready(path, create, lambda new: JsonMedium.create(new, wanted))
            return cls(JsonMedium(url, path, wanted))
        from yk.store.sqlite import SqliteMedium

        _ready(path, create, lambda new: SqliteMedium.create(new, wanted))
        return cls(SqliteMedium(url, path, wanted))

    def __repr__(self) -> str:
        return f"<Store {self.url}>"

    @property
    def medium(self) -> Medium:
        """What the documents lie in."""
        return cast(Medium, self._storage)

    @property
    def url(self) -> str:
        """The address it was opened by."""
        return self.medium.url

    def table(self, name: str, **_unused: object) -> KeyTable:
        """The table `name`. Raises UsageError for a name that is not a collection."""
        if name not in self._tables:
            self.medium.collection(name)
            self._tables[name] = KeyTable(self.medium, name)
        return cast(KeyTable, self._tables[name])

    def transaction(self) -> AbstractContextManager[None]:
        """One unit of work over any number of tables; an inner one joins it."""
        return self.medium.transaction()

    def reading(self) -> AbstractContextManager[None]:
        """One consistent view of all tables; nothing may be written inside."""
        return self.medium.reading()

    def drop_table(self, name: str) -> None:
        """Remove every document of a table."""
        self.table(name).truncate()


def _stands(path: Path) -> bool:
    """Is the file there? One look: another process may make it between two. Raises UnreadableError, OSError."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise UnreadableError("cannot_open", f"存储地址 {path} 是一个文件夹", "在后面写上文件名")
    if not stat.S_ISREG(mode):
        raise UnreadableError("cannot_open", f"存储地址 {path} 不是普通文件", "换一个文件名")
    return True


def _ready(path: Path, create: bool, make: Callable[[Path], None]) -> None:
    """See that the file is there; with `create` make it, whole or not at all."""
    try:
        if _stands(path):
            return
        if not create:
            raise UnreadableError(
                "store_missing", f"还没有存储：{path}", "先建一个：yk init --demo，或用 --store 指明位置"
            )
        if (left := path.with_name(f"{path.name}-wal")).exists() and not _stands(path):
            message = f"存储 {path} 不见了，旁边还有它的 {left.name}"
            raise UnreadableError(
                "store_missing", message, f"把 {path.name} 放回来；确要新建，先移走 {left.name}"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        # Another process may make it at the same moment: the first one's stands.
        with suppress(FileExistsError), placed(path) as new:
            make(new)
    except OSError as error:
        raise UnreadableError(
            "cannot_open", f"打不开存储 {path}：{reason_of(error)}", "换一个可写的文件夹"
        ) from None
