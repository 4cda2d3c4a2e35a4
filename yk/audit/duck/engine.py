"""An archive in DuckDB, read from files for one audit and forgotten."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from yk.archive.dictionary import Entity, entity
from yk.archive.importing import Intake, Report
from yk.archive.inputs import Row, is_blank
from yk.audit.dialects import quoted
from yk.audit.duck import from_csv, from_json, from_parquet
from yk.audit.duck.casts import COLUMNS, cast, key_of
from yk.audit.duck.staging import Irregular, Staged, named
from yk.audit.reading import Base
from yk.errors import UnreadableError, UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHARE = 7 / 8
"""Of DuckDB's own limit, which is 80 % of the machine's memory; beyond it its folder is used."""
_INTERRUPTED = "Query interrupted"
"""What DuckDB makes of Ctrl-C."""
_CELLS = "_cells"
"""The column that keeps the texts of a row that SQL is not sure of."""
_MOST = 100_000
"""With more such rows of an entity the importer is as quick."""


@contextmanager
def connected() -> Iterator[tuple[DuckDBPyConnection, Path]]:
    """An empty database in memory, which may use a folder when memory is short; and a folder for passing use. Both folders
    (mode 0700) go in the end.

    Raises UsageError (`duckdb_missing`).
    """
    try:
        import duckdb
    except ImportError:
        raise UsageError(
            "duckdb_missing", "读 Parquet 和很大的文件要用到 duckdb，还没有安装", "pip install 'yk[audit]'"
        ) from None
    with TemporaryDirectory(prefix="yk-audit-") as name:
        passing, spilled = Path(name, "passing"), Path(name, "spilled")
        passing.mkdir()
        con = duckdb.connect(
            ":memory:",
            config={
                "temp_directory": str(spilled),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        with closing(con):
            con.execute("SET enable_progress_bar = false")  # it would stand among the data
            ((memory,),) = con.execute("SELECT current_setting('memory_limit')").fetchall()
            number, unit = memory.split()
            con.execute(f"SET memory_limit = '{float(number) * _SHARE} {unit}'")
            try:
                yield con, passing
            except RuntimeError as error:
                if str(error) == _INTERRUPTED:
                    raise KeyboardInterrupt from None
                raise


@contextmanager
def loaded(
    files: Sequence[Path], kind: Entity | None, needed: Collection[str]
) -> Iterator[tuple[Base, Report]]:
    """The `needed` entities of the files as a base.

    Raises Irregular when the importer has to read them, UnreadableError, UsageError.
    """
    with connected() as (con, passing):
        loading = _Loading(con, needed)
        for path in files:
            loading.add(path, kind, passing)
        with _explained():
            report = loading.settle()
        con.execute("SET enable_external_access = false")
        yield lambda sql: _answered(con, sql), report


def _answered(con: DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    with _explained():
        return con.execute(sql).fetchall()


@contextmanager
def _explained() -> Iterator[None]:
    """A database that is too large for this machine, as UnreadableError (`no_memory`)."""
    import duckdb

    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        message = "内存和临时文件夹的空间不够 DuckDB 用"
        raise UnreadableError("no_memory", message, "腾出空间再试，或加 --engine sqlite") from None


@contextmanager
def _regular(path: Path) -> Iterator[None]:
    """What DuckDB cannot read of a text file, as Irregular: the importer says what is wrong, and where."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        raise Irregular(f"{path.name} 有的行不合格式") from None


class _Loading(Intake):
    """Rows on their way into the tables: as SQL reads them where it is sure, else as the importer does."""

    def __init__(self, con: DuckDBPyConnection, needed: Collection[str]) -> None:
        super().__init__()
        self.con, self.needed = con, needed
        self._staged: dict[str, list[tuple[int, Staged]]] = {}
        for kind in map(entity, sorted(needed)):
            columns = [f"{named(name)} {COLUMNS[field.type]}" for name, field in kind.fields.items()]
            con.execute(f"CREATE TABLE {named(kind.name)}({', '.join(columns)}, {_CELLS} VARCHAR[])")

    def add(self, path: Path, kind: Entity | None, passing: Path) -> None:
        """Load a file; of rows that SQL is not sure of the texts are kept."""
        sound = from_parquet.sound if path.suffix.lower() == ".parquet" else _regular
        with _explained(), sound(path):
            for one in self._stages(path, kind, passing):
                self._load(one)

    def _stages(self, path: Path, kind: Entity | None, passing: Path) -> list[Staged]:
        match path.suffix.lower():
            case ".parquet":
                return [from_parquet.stage(self.con, path, kind, self.note_unknown)]
            case ".csv":
                return [from_csv.stage(path, kind, passing, self.note_unknown)]
            case ".jsonl":
                return from_json.stage(self.con, path, kind, passing, self.needed)
        raise Irregular(f"{path.name} 是工作簿")

    def _load(self, one: Staged) -> None:
        values, sure = cast(one.kind, one.given)
        ((rows,),) = self.con.execute(
            f"INSERT INTO {named(one.kind.name)} SELECT {', '.join(values)}, "  # noqa: S608
            f"CASE WHEN {sure} THEN NULL ELSE [{', '.join(one.cells)}] END FROM {one.source}",
            one.values,
        ).fetchall()
        self._staged.setdefault(one.kind.name, []).append((rows, one))

    def settle(self) -> Report:
        """Let the importer read what is left; what came of it all. Raises Irregular."""
        left = [name for name in self._staged if not self._is_sure(name)]
        for name in left:
            self._settle(entity(name))
        self.finish()
        if odd := next((name for name in left if not self._is_sure(name)), ""):
            raise Irregular(f"{entity(odd).zh} 的主键有重复")
        for name in self._staged:
            self.report.added += self._count(f"count(*) FROM {named(name)}")
        self.report.read = self.report.added + len(self.report.rejected)
        return self.report

    def _is_sure(self, name: str) -> bool:
        """Is every row of a table sure, and has each a key of its own?"""
        odd = f"count({_CELLS}) + count(*) - count(DISTINCT {key_of(entity(name))})"
        return self._count(f"{odd} FROM {named(name)}") == 0

    def _settle(self, kind: Entity) -> None:
        """Take out the rows that SQL is not sure of, and those with the key of another; the importer reads them."""
        table, key = named(kind.name), key_of(kind)
        repeated = f"SELECT {key} FROM {table} GROUP BY 1 HAVING count(*) > 1"  # noqa: S608
        doubtful = f"FROM {table} WHERE {_CELLS} IS NOT NULL OR {key} IN ({repeated})"
        if (count := self._count(f"count(*) {doubtful}")) > _MOST:
            raise Irregular(f"{kind.zh} 有 {count} 行不合格式")
        fields = ", ".join(map(named, kind.fields))
        rows = self.con.execute(f"SELECT rowid, {_CELLS}, {fields} {doubtful} ORDER BY 1").fetchall()
        self.con.execute(f"DELETE {doubtful}")
        for place, cells, *values in rows:
            first, one = self._stage_of(kind.name, place)
            if not one.first:
                raise Irregular(f"{Path(one.file).name}：{kind.zh} 有的行不合格式，或主键重复")
            number = one.first + place - first
            if cells is None:
                given = dict(zip(kind.fields, values, strict=True))
                self.take(Row(one.file, number, kind.name, kind, given, {}))
            elif not all(map(is_blank, cells)):
                self.take(one.row(number, cells))

    def _stage_of(self, name: str, place: int) -> tuple[int, Staged]:
        """Which file a row came from, and the place of that file's first row."""
        first = 0
        for rows, one in self._staged[name]:
            if place < first + rows:
                return first, one
            first += rows
        raise AssertionError(place)

    def write(self, kind: Entity, rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Add rows that the importer has read."""
        structure = json.dumps([{name: COLUMNS[field.type] for name, field in kind.fields.items()}])
        items = f"SELECT unnest(from_json(?, {quoted(structure)})) AS item"
        self.con.execute(
            f"INSERT INTO {named(kind.name)} BY NAME SELECT item.* FROM ({items})",  # noqa: S608
            [json.dumps([values for _, values in rows])],
        )

    def _count(self, sql: str) -> int:
        ((count,),) = self.con.execute(f"SELECT {sql}").fetchall()
        return int(count)


def is_installed() -> bool:
    """Is duckdb there?"""
    from importlib.util import find_spec

    return find_spec("duckdb") is not None
