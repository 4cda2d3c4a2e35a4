"""The store in SQLite: durable at any kill, several processes, O(change) commits, nothing held in memory."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yk.errors import UnreadableError
from yk.store.collection import Collection, Row
from yk.store.conditions import Comparison
from yk.store.medium import FORMAT, Medium
from yk.store.sqlite_schema import APPLICATION, column_additions, id_column, reader, statements

_PROBLEMS = (
    ("disk is full", "disk_full", "磁盘已满，没有写入任何内容", "腾出空间后再试"),
    ("disk I/O error", "store_io", "读写磁盘出错，没有写入任何内容", "检查磁盘空间和健康"),
    ("unable to open", "cannot_open", "打不开存储文件", "检查文件夹是否存在、可写"),
    ("readonly", "store_readonly", "存储是只读的，写不进去", "检查文件和文件夹的写权限"),
    ("locked", "store_busy", "存储正被别的程序占用", "稍后再试"),
    ("not a database", "store_foreign", "这个文件不是 yk 的存储", "检查 --store 的路径"),
    ("malformed", "store_damaged", "存储文件已损坏", "用最近的备份恢复：yk store restore 备份文件"),
)


@contextmanager
def explained(path: str) -> Iterator[None]:
    """sqlite3's errors as UnreadableError with one Chinese line."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        for mark, code, message, hint in _PROBLEMS:
            if mark in text:
                raise UnreadableError(code, f"{message}：{path}", hint) from error
        raise UnreadableError(
            "store_damaged", f"存储 {path} 出错：{text}", "先查看 yk store check"
        ) from error


class _Rows(Mapping[str, Row]):
    """Read view of one table: fetched when touched."""

    def __init__(self, medium: SqliteMedium, collection: Collection) -> None:
        self._medium, self._collection = medium, collection
        self._id = id_column(collection)

    def __getitem__(self, key: str) -> Row:
        found = self._medium.select(self._collection, f'where "{self._id}" = ?', [key])
        for _, row in found:
            return row
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        name = self._collection.name
        return (r[0] for r in self._medium.run(f'select "{self._id}" from "{name}" order by 1'))  # noqa: S608

    def __len__(self) -> int:
        return self._medium.count(self._collection, [])

    def items(self) -> Any:
        """All documents, streamed in key order."""
        return self._medium.select(self._collection, f'order by "{self._id}"', [])

    def values(self) -> Any:
        """All documents, streamed in key order."""
        return (row for _, row in self.items())


class SqliteMedium(Medium):
    """One connection to one file. Not to be shared between threads: open another Store instead."""

    def __init__(self, url: str, path: Path, collections: Iterable[Collection]) -> None:
        super().__init__(url, collections)
        self.path = path
        with explained(str(path)):
            self.connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            self._identify()
            self._prepare()
        except BaseException:
            self.connection.close()
            raise

    @classmethod
    def create(cls, path: Path, collections: Iterable[Collection]) -> None:
        """Make the file and its tables."""
        path.touch(mode=0o600)
        with explained(str(path)):
            connection = sqlite3.connect(path, isolation_level=None)
            connection.execute("pragma page_size = 8192")
            connection.execute("pragma journal_mode = wal")
            connection.execute(f"pragma application_id = {APPLICATION}")
            connection.execute(f"pragma user_version = {FORMAT}")
            connection.close()
        cls(f"sqlite:///{path}", path, collections).close()

    def _identify(self) -> None:
        """Refuse foreign and newer files before anything is written."""
        application = self.run("pragma application_id").fetchone()[0]
        version = self.run("pragma user_version").fetchone()[0]
        if application != APPLICATION:
            raise UnreadableError(
                "store_foreign", f"这个文件不是 yk 的存储：{self.path}", "检查 --store 的路径"
            )
        if version > FORMAT:
            raise UnreadableError(
                "store_newer",
                f"存储 {self.path} 由更新版本的 yk 写成（格式 {version}，本程序认得 {FORMAT}）",
                "升级 yk 后再打开",
            )

    def _prepare(self) -> None:
        """Set the connection up; make the tables this version of yk knows and the file lacks."""
        for pragma in ("journal_mode = wal", "synchronous = full", "cache_size = -8000"):
            self.run(f"pragma {pragma}")
        wanted = [s for c in self.collections.values() for s in statements(c)]
        digest = hashlib.sha256("\n".join(wanted).encode()).hexdigest()
        has_digest = self.run("select 1 from sqlite_master where name = 'yk_schema'").fetchone()
        if has_digest and self.run("select digest from yk_schema").fetchone()[0] == digest:
            return
        with self.transaction():
            for collection in self.collections.values():
                for statement in column_additions(collection, self.run):
                    self.run(statement)
            for statement in (
                *wanted,
                "create table if not exists yk_schema(digest text)",
                "delete from yk_schema",
            ):
                self.run(statement)
            self.run("insert into yk_schema values(?)", [digest])

    def run(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Execute one statement."""
        with explained(str(self.path)):
            return self.connection.execute(sql, tuple(values))

    def begin(self) -> None:
        self.run("begin immediate")

    def end(self, keep: bool) -> None:
        if keep:
            try:
                self.run("commit")
            except UnreadableError:
                self._roll_back()
                raise
        else:
            self._roll_back()

    def _roll_back(self) -> None:
        # After a full disk SQLite has already rolled back by itself.
        if self.connection.in_transaction:
            self.run("rollback")

    def rows(self, collection: Collection) -> Mapping[str, Row]:
        return _Rows(self, collection)

    def apply(self, collection: Collection, changes: Mapping[str, Mapping[str, Any] | None]) -> None:
        name, key = collection.name, id_column(collection)
        kept = [(k, row) for k, row in changes.items() if row is not None]
        gone = [(k,) for k, row in changes.items() if row is None]
        with explained(str(self.path)):
            if kept:
                self.connection.executemany(_upsert(collection), (_bind(collection, k, r) for k, r in kept))
            if gone:
                self.connection.executemany(f'delete from "{name}" where "{key}" = ?', gone)  # noqa: S608

    def select(self, collection: Collection, tail: str, values: Iterable[Any]) -> Iterator[tuple[str, Row]]:
        """Rows of `collection` with the given where/order clause, streamed."""
        columns, decode = reader(collection)
        cursor = self.run(f'select {columns} from "{collection.name}" {tail}', values)  # noqa: S608
        with explained(str(self.path)):
            for row in cursor:
                yield decode(row)

    def find(self, collection: Collection, wanted: list[Comparison]) -> Iterable[tuple[str, Row]]:
        where, values = _where(wanted)
        return self.select(collection, f'{where} order by "{id_column(collection)}"', values)

    def count(self, collection: Collection, wanted: list[Comparison]) -> int:
        where, values = _where(wanted)
        row = self.run(f'select count(*) from "{collection.name}" {where}', values).fetchone()  # noqa: S608
        return int(row[0])

    def integrity(self) -> list[str]:
        found = [str(row[0]) for row in self.run("pragma integrity_check(20)")]
        return [] if found == ["ok"] else [f"存储文件内部不一致：{text}" for text in found]

    def close(self) -> None:
        self.connection.close()


def _where(wanted: list[Comparison]) -> tuple[str, list[Any]]:
    """The where clause for comparisons."""
    parts: list[str] = []
    values: list[Any] = []
    for field, operator, given in wanted:
        marks = ", ".join("?" * len(given))
        parts.append(f'"{field}" in ({marks})' if operator == "in" else f'"{field}" {operator} ?')
        values.extend(given)
    return ("where " + " and ".join(parts) if parts else ""), values


def _upsert(collection: Collection) -> str:
    key = id_column(collection)
    columns = [key, "body"] if collection.columns is None else list(collection.columns)
    if key not in columns:
        columns.insert(0, key)
    names = ", ".join(f'"{c}"' for c in columns)
    sets = ", ".join(f'"{c}" = excluded."{c}"' for c in columns if c != key)
    marks = ", ".join("?" * len(columns))
    action = f"do update set {sets}" if sets else "do nothing"
    return f'insert into "{collection.name}"({names}) values({marks}) on conflict("{key}") {action}'


def _bind(collection: Collection, key: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    if collection.columns is None:
        return key, json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    collection.check(row)
    values = tuple(row.get(column) for column in collection.columns)
    return values if len(collection.key) == 1 else (key, *values)
