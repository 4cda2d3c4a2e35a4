"""The audit of files that are in no store: read for one audit into a base of their own, and forgotten.

Two engines read them to the same values: `sqlite` through the archive's importer, in every form it knows; `duckdb` (extra
`audit`) Parquet, and large CSV and JSON lines much quicker. What DuckDB might read otherwise the importer reads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from yk.archive import inputs
from yk.archive.dictionary import Entity, collections, entity, find_entity
from yk.archive.importing import Intake, Report
from yk.audit.duck import engine as duck
from yk.audit.duck.staging import Irregular
from yk.audit.reach import read_fields
from yk.audit.reading import Base
from yk.errors import UnreadableError, UsageError
from yk.files import reason_of
from yk.store.sqlite_file import explained
from yk.text import did_you_mean

AUTO, SQLITE, DUCKDB = "auto", "sqlite", "duckdb"
ENGINES = {AUTO: "自动", SQLITE: "SQLite，经档案导入的检查", DUCKDB: "DuckDB，适合 Parquet 和很大的文件"}
SUFFIXES = (".parquet", *inputs.SUFFIXES)
_CACHE = 64_000
"""Kilobytes of the base that SQLite keeps in memory; the rest is in a file that has no name."""


class Source(NamedTuple):
    """Files opened for an audit. `base` runs SQL of the dialect `engine` (sqlite or duckdb); `report`: rows read and
    rejected, unknown columns, of the entities that matter; `absent`: entities that matter and have no row; `note`: why the
    engine is not the one that was meant or would be quicker, '' when it is."""

    base: Base
    engine: str
    report: Report
    absent: tuple[str, ...]
    note: str


@contextmanager
def opened(
    paths: Iterable[Path],
    engine: str = AUTO,
    kind: str | None = None,
    from_mb: int = 20,
    needed: Collection[str] = (),
) -> Iterator[Source]:
    """Files and folders as a base. `kind` names the entity of all of them, instead of their names; from `from_mb` MB on
    CSV and JSON lines go to DuckDB, where it is installed. Only the `needed` entities are read: those that rules look at.

    Raises UnreadableError and UsageError, as an import does.
    """
    if engine not in ENGINES:
        raise UsageError("unknown_engine", f"没有 {engine} 这种引擎", did_you_mean(engine, ENGINES))
    wanted, named = entity(kind) if kind else None, frozenset(needed or read_fields())
    files = _files(paths, wanted, named)
    chosen, note = _choose(engine, files, from_mb)
    with ExitStack() as stack:
        if chosen == DUCKDB:
            try:
                base, report = stack.enter_context(duck.loaded(files, wanted, named))
            except Irregular as odd:
                chosen, note = SQLITE, f"{odd}，改由档案导入的检查逐行读（较慢，结果一样）"
        if chosen == SQLITE:
            base, report = stack.enter_context(_imported(files, wanted, named))
        absent = [name for name in sorted(named) if not list(base(f'SELECT 1 FROM "{name}" LIMIT 1'))]  # noqa: S608
        yield Source(base, chosen, report, tuple(absent), note)


def _files(paths: Iterable[Path], kind: Entity | None, needed: Collection[str]) -> list[Path]:
    """The files that may hold rows of the needed entities. Raises UnreadableError, UsageError."""
    found = []
    for path in inputs.files_of(paths, SUFFIXES):
        named = kind or (find_entity(path.stem) if path.suffix.lower() in (".csv", ".parquet") else None)
        if named is None or named.name in needed:
            found.append(path)
            try:
                path.open("rb").close()
            except OSError as error:
                message = f"读不了文件 {path}：{reason_of(error)}"
                raise UnreadableError("cannot_read", message, "检查路径和读权限") from None
    if not found:
        words = "、".join(entity(name).zh for name in sorted(needed))
        raise UnreadableError("nothing_to_audit", "这些文件里没有规则要看的数据", f"规则看的是：{words}")
    return found


def _choose(engine: str, files: Sequence[Path], from_mb: int) -> tuple[str, str]:
    """The engine, and what to say about it."""
    if engine != AUTO:
        return engine, ""
    if any(path.suffix.lower() == ".parquet" for path in files):
        return DUCKDB, ""
    large = [path for path in files if path.suffix.lower() != ".xlsx"]
    if sum(path.stat().st_size for path in large) < from_mb << 20:
        return SQLITE, ""
    if duck.is_installed():
        return DUCKDB, ""
    return SQLITE, "文件很大，装上 duckdb 会快得多：pip install 'yk[audit]'"


@contextmanager
def _imported(
    files: Sequence[Path], kind: Entity | None, needed: Collection[str]
) -> Iterator[tuple[Base, Report]]:
    """The files as the importer reads them, in a database of SQLite's that has no name and goes with its connection."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("pragma journal_mode = off")
        connection.execute(f"pragma cache_size = -{_CACHE}")
        intake = _Reading(connection, needed)
        with explained("临时数据库"):
            connection.execute("begin")
            for path in files:
                for row in _rows(path, kind, intake):
                    if row.entity is None or row.entity.name in needed:
                        intake.take(row)
            intake.finish()
            connection.execute("commit")
        yield connection.execute, intake.report


def _rows(path: Path, kind: Entity | None, intake: Intake) -> Iterator[inputs.Row]:
    if path.suffix.lower() != ".parquet":
        yield from inputs.read(path, kind, intake.note_unknown)
        return
    from yk.audit.duck import from_parquet

    with duck.connected() as (con, _):
        yield from from_parquet.read(con, path, kind, intake.note_unknown)


class _Reading(Intake):
    """Rows on their way into SQLite."""

    def __init__(self, connection: sqlite3.Connection, needed: Collection[str]) -> None:
        super().__init__()
        self.connection = connection
        self._columns = {one.name: tuple(one.columns or ()) for one in collections() if one.name in needed}
        for one in collections():
            columns = ", ".join(f'"{name}" {type_}' for name, type_ in (one.columns or {}).items())
            keys = ", ".join(f'"{name}"' for name in one.key)
            connection.execute(f'create table "{one.name}"({columns}, primary key({keys})) without rowid')

    def note_unknown(self, file: str, kind: str, column: str) -> None:
        """Report a column once, of entities that matter."""
        if kind in self._columns:
            super().note_unknown(file, kind, column)

    def write(self, kind: Entity, rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Add sound rows."""
        self.report.added += len(rows)
        columns = self._columns[kind.name]
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(
            f'insert into "{kind.name}" values({marks})',
            [tuple(map(values.get, columns)) for _, values in rows],
        )
