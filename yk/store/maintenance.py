"""Whole stores: what is in one, save it, move it (`restoring` brings a backup back).

    info       address, size, format, documents by table
    backup     the store's own form (SQLite file, JSON), consistent while others write
    dump       plain TinyDB JSON, whatever the medium, document by document
    load       a dump into a store
    migrate    everything into a new store at another address

What is written appears whole or not at all; what is read is looked through before anything is changed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any

from yk.errors import Reason, Refused, UnreadableError, UsageError
from yk.files import atomic_writer, reason_of, writing
from yk.store.collection import Collection, Row
from yk.store.medium import FORMAT, META
from yk.store.placing import placed
from yk.store.plain import documents, encode, in_file
from yk.store.store import Store
from yk.store.url import parse

Counts = dict[str, int]
Documents = Iterable[tuple[Collection, str, Row]]
CHUNK = 1000
"""Documents written at a time: memory does not grow with the store."""


def counts(store: Store) -> Counts:
    """Documents by table; empty tables and the store's own left out."""
    sizes = {name: len(store.table(name)) for name in sorted(store.medium.collections) if name != META.name}
    return {name: size for name, size in sizes.items() if size}


def info(store: Store) -> dict[str, Any]:
    """`{url, medium, path, bytes, format, tables: {name: count}}`; path and bytes are None in memory."""
    path: Path | None = getattr(store.medium, "path", None)
    parts = [] if path is None else [path, path.with_name(f"{path.name}-wal")]
    return {
        "url": store.url,
        "medium": store.medium.kind,
        "path": None if path is None else str(path),
        "bytes": sum(part.stat().st_size for part in parts if part.exists()) if parts else None,
        "format": FORMAT,
        "tables": counts(store),
    }


def backup(store: Store, file: Path, force: bool = False) -> None:
    """Write the store, as it is at one moment, to `file` (mode 0600); others may write meanwhile.

    Raises Refused (`file_exists`) unless `force`; UsageError (`memory_store`); UnreadableError.
    """
    require_free(store, file, force)
    if file.exists() and not file.is_file():
        raise UnreadableError("cannot_write", f"{file} 不是普通文件", "换一个文件名")
    with writing(file):
        try:
            with placed(file, force) as new:
                store.medium.copy_to(new)
        except FileExistsError:
            raise _taken(file) from None


def pieces(store: Store) -> Iterator[str]:
    """The store as plain TinyDB JSON, the same for the same content whatever the medium; inside `reading()`."""
    names = sorted(store.medium.collections)
    return encode((name, store.medium.rows(store.medium.collection(name)).values()) for name in names)


def digest(store: Store) -> str:
    """SHA-256 (hex) of the dump."""
    found = hashlib.sha256()
    with store.reading():
        for piece in pieces(store):
            found.update(piece.encode())
    return found.hexdigest()


def dump(store: Store, file: Path, force: bool = False) -> None:
    """Write plain TinyDB JSON to `file` (mode 0600). Raises Refused (`file_exists`), UnreadableError."""
    require_free(store, file, force)
    with store.reading(), atomic_writer(file) as out:
        for piece in pieces(store):
            out.write(piece.encode())


def examine_dump(file: Path, collections: Iterable[Collection]) -> Counts:
    """Look a dump through and count its documents. Raises UnreadableError for the first thing wrong."""
    found: Counter[str] = Counter()
    for collection, key, row in read_dump(file, collections):
        try:
            collection.stored(key, row)
        except UnreadableError as error:
            raise in_file(str(file), error) from None
        found[collection.name] += 1
    return {name: found[name] for name in sorted(found) if name != META.name}


def load(store: Store, file: Path, force: bool = False, examined: Counts | None = None) -> Counts:
    """Make the store hold what the dump `file` says, in one unit of work; gives the documents by table.

    `examined` is what `examine_dump` said, when it was asked before. Raises UnreadableError for a damaged, foreign or
    newer file, an unknown table or field, a document that stands in it twice; Refused (`store_not_empty`) for a store
    that holds data, unless `force`.
    """
    known = list(store.medium.collections.values())
    found = examine_dump(file, known) if examined is None else examined
    with store.transaction():
        if not force:
            require_empty(store)
        fill(store, read_dump(file, known))
        if counts(store) != found:
            raise UnreadableError("duplicate_key", f"{file} 里有主键相同的数据，没有读入")
    return found


def migrate(store: Store, url: str) -> Counts:
    """Copy everything into a new store at `url` and compare the two; the present one stays as it is.

    Raises Refused (`store_not_empty`), UsageError (`memory_store`), UnreadableError.
    """
    require_new(store, url)
    with closing(Store.open(url, store.medium.collections.values(), create=True)) as target:
        with store.reading(), target.transaction():
            require_empty(target)
            copy(store, target)
            if digest(store) != digest(target):
                raise _differs(store, target)
        return counts(target)


def copy(source: Store, target: Store) -> None:
    """Make `target`, in an open unit of work, hold what `source` holds. Raises UnreadableError (`copy_differs`)."""
    every = source.medium.collections.values()
    with source.reading():
        fill(target, ((c, key, row) for c in every for key, row in source.medium.find(c, [])))
        if counts(source) != counts(target):
            raise _differs(source, target)


def _differs(source: Store, target: Store) -> UnreadableError:
    message = f"抄到 {target.url} 的内容与 {source.url} 不符，没有写入"
    return UnreadableError("copy_differs", message, "用 yk store check 检查")


def fill(store: Store, found: Documents) -> None:
    """Make `store`, in an open unit of work, hold these documents and nothing else."""
    medium = store.medium
    for collection in medium.collections.values():
        medium.clear(collection)
    for name, group in groupby(found, key=lambda one: one[0].name):
        while chunk := {key: row for _, key, row in islice(group, CHUNK)}:
            medium.apply(medium.collection(name), chunk)


def read_dump(file: Path, collections: Iterable[Collection]) -> Documents:
    """The documents of a dump. Raises UnreadableError (see `plain.documents`)."""

    def opened() -> IO[bytes]:
        try:
            return file.open("rb")
        except OSError as error:
            raise UnreadableError(
                "cannot_read", f"读不了文件 {file}：{reason_of(error)}", "检查路径和读权限"
            ) from None

    return documents(opened, str(file), {META.name: META} | {c.name: c for c in collections})


def require_new(store: Store, url: str) -> None:
    """See that a store may be made at `url`, or that an empty one is there.

    Raises UsageError (`memory_store`), Refused (`store_not_empty`), UnreadableError.
    """
    if parse(url).path is None:
        raise UsageError(
            "memory_store", "内存里的存储一关就没有了，不能转过去", "用 sqlite:/// 或 json:/// 开头的地址"
        )
    try:
        with closing(Store.open(url, store.medium.collections.values())) as target:
            require_empty(target)
    except UnreadableError as error:
        if error.code != "store_missing":
            raise


def require_empty(store: Store) -> None:
    """Refuse a store that holds data (`store_not_empty`)."""
    if held := sum(counts(store).values()):
        reason = Reason("store_not_empty", f"存储 {store.url} 里已有 {held} 条数据")
        raise Refused([reason], "换一个地址；确要换掉这些数据，先 yk store backup")


def require_free(store: Store, file: Path, force: bool) -> None:
    """Refuse a file name that is taken (`file_exists`), and the store's own in any case (UsageError `same_file`)."""
    if file.resolve() == getattr(store.medium, "path", None):
        raise UsageError("same_file", f"{file} 就是存储本身", "换一个文件名")
    if file.exists() and not force:
        raise _taken(file)


def _taken(file: Path) -> Refused:
    return Refused([Reason("file_exists", f"{file} 已经存在，不覆盖")], "换一个文件名，或加 --force")
