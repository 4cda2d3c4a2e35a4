"""Whole stores: what is in one, is it sound, copy it to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from yk.errors import Reason, Refused, UnreadableError

if TYPE_CHECKING:
    from yk.store import Collection, Store

CHUNK = 5000
"""Rows written at a time: a copy's memory does not grow with the store."""

_HIDDEN = ("meta",)
"""Tables that say how the store is made, not what is in it."""


class Problem(NamedTuple):
    """One thing that is wrong; `kind` is integrity, chain or reference."""

    kind: str
    message: str


def counts(store: Store) -> dict[str, int]:
    """Rows by table, empty tables left out."""
    sizes = {
        name: len(store.medium.rows(c)) for name, c in store.medium.collections.items() if name not in _HIDDEN
    }
    return {name: size for name, size in sizes.items() if size}


def problems(store: Store) -> Iterator[Problem]:
    """Everything wrong with the medium, the work orders' event chains, and references between tables."""
    broken = [Problem("integrity", text) for text in store.medium.integrity()]
    yield from broken
    if not broken:
        yield from _chains(store)
        yield from _references(store)


def _chains(store: Store) -> Iterator[Problem]:
    from yk.desk import Desk

    desk = Desk(store)
    for number in store.medium.rows(store.medium.collection("case")):
        for text in desk.verify(number):
            yield Problem("chain", text)


def _references(store: Store) -> Iterator[Problem]:
    """References that the store itself needs: events to orders, orders to definitions, rows to their customers."""
    from yk.archive.dictionary import entities

    wanted = [("event", "case", "case"), ("case", "digest", "definition"), ("case", "cons_no", "customer")]
    wanted += [(e.name, e.owner, "customer") for e in entities().values() if e.owner and e.name != "customer"]
    for table, field, target in wanted:
        known = set(_rows(store, target))
        for key, row in _rows(store, table).items():
            value = row.get(field)
            if value and value not in known:
                yield Problem("reference", f"{table} {key} 的 {field} 指向不存在的 {target} {value}")


def _rows(store: Store, name: str) -> Any:
    return store.medium.rows(store.medium.collection(name))


def require_empty(store: Store, hint: str) -> None:
    """Refuse a store that holds data (`store_not_empty`)."""
    if held := sum(counts(store).values()):
        raise Refused([Reason("store_not_empty", f"存储 {store.url} 里已有 {held} 行数据")], hint)


def require_sound(store: Store) -> None:
    """Raise UnreadableError (`store_damaged`) for a store whose medium is not whole."""
    if found := store.medium.integrity():
        raise UnreadableError("store_damaged", f"{store.url} 已损坏：{found[0]}", "换一个备份")


def copy(source: Store, target: Store) -> None:
    """Make `target` hold what `source` holds, in one unit of work: all or nothing."""
    with target.transaction():
        for name, collection in target.medium.collections.items():
            target.medium.apply(collection, dict.fromkeys(target.medium.rows(collection)))
            _fill(target, collection, _rows(source, name).items())


def _fill(target: Store, collection: Collection, rows: Iterable[tuple[str, Any]]) -> None:
    rows = iter(rows)
    while chunk := dict(islice(rows, CHUNK)):
        target.medium.apply(collection, chunk)


def backup(source: Store, file: Path) -> None:
    """Write `source` to a new store `file` (JSON when it ends so, else SQLite); it appears whole or not at all.

    Raises UnreadableError when it cannot be written, Refused (`file_exists`).
    """
    if file.exists():
        raise Refused([Reason("file_exists", f"{file} 已经存在，不覆盖")], "换一个文件名")
    part = file.with_name(f".{file.name}.part{file.suffix}")
    try:
        with opened(str(part), create=True) as target, source.transaction():
            copy(source, target)
            require_sound(target)
        part.replace(file)
    finally:
        for left in file.parent.iterdir() if file.parent.is_dir() else ():
            if left.name.startswith(part.name):
                left.unlink()


def dump(source: Store) -> str:
    """`source` as plain TinyDB JSON that stock TinyDB opens."""
    from yk.store.json_file import encode

    with source.transaction():
        tables = ((name, _rows(source, name).values()) for name in sorted(source.medium.collections))
        return "".join(encode(tables))


def opened(url: str, create: bool = False) -> Any:
    """The store at `url` or in the file `url`, closed at the end of a `with`. Raises as `open_store`."""
    from contextlib import closing

    from yk.archive.opening import open_store

    return closing(open_store(url, create=create))
