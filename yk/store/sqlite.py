"""The store in SQLite: durable at any kill, several processes, O(change) commits, nothing held in memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from weakref import WeakSet

from yk.errors import UnreadableError
from yk.store.collection import Collection, Row
from yk.store.conditions import Comparison
from yk.store.medium import FORMAT, META, META_ROW, Change, Medium
from yk.store.plain import newer
from yk.store.sqlite_file import Stream, connect, copy_database, explained, file_id
from yk.store.sqlite_schema import APPLICATION, column_additions, id_column, lacking, reader, statements

_FEW = 1000
"""More values than this go to SQLite as one JSON list: it takes no more than some 30,000 parameters."""


class _Rows(Mapping[str, Row]):
    """Read view of one table: fetched when touched."""

    def __init__(self, medium: SqliteMedium, collection: Collection) -> None:
        self._medium, self._collection = medium, collection
        self._id = f'"{collection.name}"."{id_column(collection)}"'

    def __getitem__(self, key: str) -> Row:
        columns, decode = reader(self._collection)
        table = self._collection.name
        try:
            found = self._medium.run(f'select {columns} from "{table}" where {self._id} = ?', [key])  # noqa: S608
        except UnicodeEncodeError:
            raise KeyError(key) from None
        if not found:
            raise KeyError(key)
        return decode(found[0])[1]

    def __iter__(self) -> Iterator[str]:
        name = self._collection.name
        return (r[0] for r in self._medium.stream(f'select {self._id} from "{name}" order by 1'))  # noqa: S608

    def __len__(self) -> int:
        return self._medium.count_rows(self._collection, [])

    def items(self) -> Any:
        """All documents in key order, as they are now."""
        return self._medium.find_rows(self._collection, [])

    def values(self) -> Any:
        """All documents in key order, as they are now."""
        return (row for _, row in self.items())


class SqliteMedium(Medium):
    """One connection to one file. Not to be shared between threads: open another Store instead.

    The file is opened through SQLite only: closing any other handle on it would drop the locks of this process.
    """

    kind = "sqlite"

    def __init__(self, url: str, path: Path, collections: Iterable[Collection]) -> None:
        super().__init__(url, collections)
        self.path = path.resolve()
        self._streams: WeakSet[Stream] = WeakSet()
        with explained(path):
            self.connection = connect(self.path)
            self._file = file_id(self.path)
        try:
            self._identify()
            self._prepare()
        except BaseException:
            self.connection.close()
            raise

    @classmethod
    def create(cls, path: Path, collections: Iterable[Collection]) -> None:
        """Make an empty store of the empty file `path`."""
        with explained(path), closing(connect(path)) as connection:
            connection.execute("pragma page_size = 8192")
            connection.execute("pragma journal_mode = wal")
            connection.execute(f"pragma application_id = {APPLICATION}")
            connection.execute(f"pragma user_version = {FORMAT}")
        with closing(cls(f"sqlite:///{path}", path, collections)) as made:
            # On a full disk closing would fail silently and leave the file without its log.
            made.run("pragma wal_checkpoint(truncate)")

    def _identify(self) -> None:
        """Refuse foreign and newer files before anything is written."""
        ((application,),) = self.run("pragma application_id")
        ((version,),) = self.run("pragma user_version")
        if application != APPLICATION or version < 1:
            raise UnreadableError(
                "store_foreign", f"这个文件不是 yk 的存储：{self.path}", "检查 --store 的路径"
            )
        if version > FORMAT:
            raise newer(f"存储 {self.path}", version)

    def _prepare(self) -> None:
        """Set the connection up; make the tables this version of yk knows and the file lacks."""
        for pragma in ("journal_mode = wal", "synchronous = full", "cache_size = -8000"):
            self.run(f"pragma {pragma}")
        wanted = [s for c in self.collections.values() for s in statements(c)]
        wanted += ["create table if not exists yk_revision(number integer not null) strict"]
        digest = hashlib.sha256("\n".join(wanted).encode()).hexdigest()
        has_digest = self.run("select 1 from sqlite_master where name = 'yk_schema'")
        if has_digest and self.run("select yk_schema.digest from yk_schema") == [(digest,)]:
            return
        with self.transaction():
            for collection in self.collections.values():
                for statement in column_additions(collection, self.run):
                    self.run(statement)
            for statement in (*wanted, "create table if not exists yk_schema(digest text) strict"):
                self.run(statement)
            self.run("insert into yk_revision select 0 where not exists (select 1 from yk_revision)")
            self.run("delete from yk_schema")
            self.run("insert into yk_schema values(?)", [digest])
            self.apply(META, {META_ROW["name"]: META_ROW})

    @property
    def revision(self) -> int | None:
        ((number,),) = self.run("select yk_revision.number from yk_revision")
        return int(number)

    @property
    def pulse(self) -> tuple[int, int]:
        self._must_be_there()
        ((others,),) = self.run("pragma data_version")
        return int(others), self.connection.total_changes

    def count_revision(self) -> None:
        self.run("update yk_revision set number = number + 1")

    def run(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute one statement; all its rows."""
        with explained(self.path):
            return self.connection.execute(sql, tuple(values)).fetchall()

    def stream(self, sql: str, values: Iterable[Any] = ()) -> Stream:
        """The rows of a select, fetched by and by."""
        with explained(self.path):
            stream = Stream(self.path, self.connection.execute(sql, tuple(values)))
        self._streams.add(stream)
        return stream

    def _drain(self) -> None:
        for stream in list(self._streams):
            stream.drain()
        self._streams.clear()

    def begin(self) -> None:
        self._must_be_there()
        self._drain()
        self._roll_back()
        self.run("begin immediate")

    def _must_be_there(self) -> None:
        """What is written into a file that was deleted or replaced under the connection would be lost."""
        if file_id(self.path) != self._file:
            message = f"存储文件被删除或换掉了：{self.path}"
            raise UnreadableError("store_gone", message, "退出，找回文件后再打开")

    def end(self, keep: bool) -> None:
        try:
            self._drain()
            if keep:
                self.run("commit")
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        """Take back what is not committed; after a full disk SQLite has done so by itself."""
        if self.connection.in_transaction:
            self.run("rollback")

    def begin_reading(self) -> None:
        self._drain()
        self._roll_back()
        self.run("begin")
        self.run("select 1 from sqlite_master")

    def end_reading(self) -> None:
        self._drain()
        self.run("commit")

    def rows(self, collection: Collection) -> Mapping[str, Row]:
        return _Rows(self, collection)

    def write_rows(self, collection: Collection, changes: list[Change]) -> None:
        self._drain()
        name, key, bare = collection.name, id_column(collection), id_column(collection) != "_id"
        kept = [stored if bare else (k, *stored) for k, stored, _ in changes if stored is not None]
        gone = [(k,) for k, stored, _ in changes if stored is None]
        with explained(self.path):
            if kept:
                self.connection.executemany(_upsert(collection), kept)
            if gone:
                self.connection.executemany(f'delete from "{name}" where "{name}"."{key}" = ?', gone)  # noqa: S608

    def amend_rows(self, collection: Collection, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """Typed tables take single columns; rows with the same columns go in one statement."""
        if collection.columns is None:
            super().amend_rows(collection, changes)
            return
        self._drain()
        alike: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for key, fields in changes.items():
            alike.setdefault(tuple(fields), []).append((*collection.fields(key, fields), key))
        with explained(self.path):
            for names, values in alike.items():
                sets = ", ".join(f'"{name}" = ?' for name in names)
                where = f'where "{collection.name}"."{id_column(collection)}" = ?'
                self.connection.executemany(f'update "{collection.name}" set {sets} {where}', values)  # noqa: S608

    def clear_rows(self, collection: Collection) -> None:
        self._drain()
        self.run(f'delete from "{collection.name}"')  # noqa: S608

    def select(self, collection: Collection, tail: str, values: Iterable[Any]) -> Iterator[tuple[str, Row]]:
        """Rows of `collection` with the given where/order clause, streamed."""
        columns, decode = reader(collection)
        rows = self.stream(f'select {columns} from "{collection.name}" {tail}', values)  # noqa: S608
        return map(decode, rows)

    def find_rows(self, collection: Collection, wanted: list[Comparison]) -> Iterable[tuple[str, Row]]:
        where, values = _where(collection, wanted)
        order = f'{where} order by "{collection.name}"."{id_column(collection)}"'
        return self.select(collection, order, values)

    def pick_rows(
        self, collection: Collection, fields: tuple[str, ...], wanted: list[Comparison]
    ) -> Iterable[tuple[Any, ...]]:
        if collection.columns is None:
            return super().pick_rows(collection, fields, wanted)
        where, values = _where(collection, wanted)
        names = ", ".join(f'"{collection.name}"."{name}"' for name in fields)
        return self.run(f'select {names} from "{collection.name}" {where}', values)  # noqa: S608

    def count_rows(self, collection: Collection, wanted: list[Comparison]) -> int:
        where, values = _where(collection, wanted)
        ((found,),) = self.run(f'select count(*) from "{collection.name}" {where}', values)  # noqa: S608
        return int(found)

    def integrity(self) -> list[str]:
        try:
            found = [str(row[0]) for row in self.run("pragma integrity_check(20)")]
        except UnreadableError as error:
            return [error.message]
        if found != ["ok"]:
            return [f"存储文件内部不一致：{text}" for text in found]
        missing = {name: lacking(c, self.run) for name, c in self.collections.items()}
        return [f"存储的表 {name} 缺少列 {'、'.join(names)}" for name, names in missing.items() if names]

    def copy_to(self, path: Path) -> None:
        copy_database(self.path, path)

    def close(self) -> None:
        self.connection.close()


def _where(collection: Collection, wanted: list[Comparison]) -> tuple[str, list[Any]]:
    """The where clause for comparisons."""
    parts: list[str] = []
    values: list[Any] = []
    for field, operator, given in wanted:
        column = f'"{collection.name}"."{field}"'
        if operator == "in" and len(given) <= _FEW:
            parts.append(f"{column} in ({', '.join('?' * len(given))})")
            values.extend(given)
        elif operator == "in":
            parts.append(f"{column} in (select value from json_each(?))")  # noqa: S608
            values.append(json.dumps(given, ensure_ascii=False))
        else:
            parts.append(f"{column} {operator} ?")
            values.append(given[0])
    return ("where " + " and ".join(parts) if parts else ""), values


def _upsert(collection: Collection) -> str:
    key = id_column(collection)
    columns = ["body"] if collection.columns is None else list(collection.columns)
    if key not in columns:
        columns.insert(0, key)
    names = ", ".join(f'"{c}"' for c in columns)
    sets = ", ".join(f'"{c}" = excluded."{c}"' for c in columns if c != key)
    marks = ", ".join("?" * len(columns))
    action = f"do update set {sets}" if sets else "do nothing"
    return f'insert into "{collection.name}"({names}) values({marks}) on conflict("{key}") {action}'
