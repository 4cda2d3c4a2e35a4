"""Bringing a backup back: examined first, then put in the place of what the store holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from yk.errors import UnreadableError, UsageError
from yk.files import writing
from yk.store.collection import Collection
from yk.store.maintenance import Counts, backup, copy, counts, load
from yk.store.placing import moved
from yk.store.store import Store
from yk.store.url import parse

ASIDE = ".before-restore"
_IN_THE_WAY = (
    "store_newer",
    "store_busy",
    "store_readonly",
    "store_io",
    "disk_full",
    "cannot_open",
    "cannot_read",
)
"""What an open says of a store that a backup would not mend."""


def examine(file: Path, collections: Iterable[Collection]) -> Counts:
    """Look a backup through and count its documents. Raises UnreadableError when it cannot be restored."""
    with _opened(file, list(collections)) as source:
        return counts(source)


def restore(url: str, file: Path, collections: Iterable[Collection]) -> Path | None:
    """Make the store at `url` hold what the backup `file` holds; gives the file that keeps what was there before.

    The backup is examined first. A sound store is changed in one unit of work, so other programs see the former
    content or the new; a damaged one is moved aside, with what SQLite keeps beside it.
    Raises UnreadableError, UsageError (`memory_store`).
    """
    wanted = list(collections)
    path = parse(url).path
    if path is None:
        raise UsageError("memory_store", "内存里的存储不能恢复", "用 --store 指明存储文件")
    path = path.resolve()
    with _opened(file, wanted, path.parent if path.parent.exists() else None) as source:
        kept = None
        if path.exists() and not _is_sound(url, wanted):
            kept = _set_aside(path)
        with closing(Store.open(url, wanted, create=True)) as target, target.transaction():
            if kept is None and counts(target):
                kept = _free_name(path)
                backup(target, kept)
            copy(source, target)
    return kept


@contextmanager
def _opened(file: Path, collections: list[Collection], folder: Path | None = None) -> Iterator[Store]:
    """The content of a backup, examined. An SQLite file is opened as a copy in `folder`: itself it stays as it is."""
    from yk.store.sqlite import SqliteMedium
    from yk.store.sqlite_file import copy_database, is_database

    if not file.is_file():
        raise UnreadableError("cannot_read", f"没有备份文件 {file}", "检查路径")
    if not is_database(file):
        from yk.store.memory import MemoryMedium

        held = Store(MemoryMedium(str(file), collections))
        load(held, file, force=True)
        yield held
        return
    with _scratch(folder) as scratch:
        twin = scratch / "backup.db"
        copy_database(file, twin)
        with closing(Store(SqliteMedium(str(file), twin, collections))) as held:
            _require_sound(held)
            yield held


@contextmanager
def _scratch(folder: Path | None) -> Iterator[Path]:
    """A folder of our own that is gone afterwards."""
    with writing(folder or Path(gettempdir())):
        made = TemporaryDirectory(prefix=".yk-restore-", dir=folder)
    with made as name:
        yield Path(name)


def _require_sound(store: Store) -> None:
    if found := store.medium.integrity():
        raise UnreadableError("store_damaged", f"{store.url} 已损坏：{found[0]}", "换一个备份")


def _is_sound(url: str, collections: list[Collection]) -> bool:
    """Can the present store be opened and worked on? Raises UnreadableError for what a backup would not mend."""
    try:
        with closing(Store.open(url, collections)) as store:
            _require_sound(store)
    except UnreadableError as error:
        if error.code in _IN_THE_WAY:
            raise
        return False
    return True


def _set_aside(path: Path) -> Path:
    """Give a damaged store another name."""
    kept = _free_name(path)
    with writing(kept):
        moved(path, kept)
    return kept


def _free_name(path: Path) -> Path:
    """`store.db.before-restore`, with a number when there is one already."""
    kept, number = path.with_name(path.name + ASIDE), 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}{ASIDE}-{number}")
    return kept
