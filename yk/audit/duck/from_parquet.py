"""Parquet files: an entity each, columns of any type that holds what the dictionary says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from yk.archive.dictionary import Entity, Field
from yk.archive.inputs import Row, Unknown
from yk.archive.sheets import entity_named, header_of
from yk.audit.duck.staging import Given, Staged, pattern
from yk.errors import UnreadableError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CHUNK = 1000
_READ = "read_parquet(?, binary_as_string = true)"
_BEIJING = 8 * 3600 * 1_000_000
"""Microseconds that Beijing is ahead of UTC."""
_AS_IT_IS = "CAST(? AS VARCHAR)"
_WHOLE = "CASE WHEN ? = trunc(?) AND abs(?) < 1e15 THEN CAST(CAST(? AS BIGINT) AS VARCHAR) ELSE CAST(? AS VARCHAR) END"
_SECOND = "CAST(date_trunc('second', ?) AS VARCHAR)"
_TIMES = ("DATE", "TIMESTAMP")
_TEXTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (r'VARCHAR|ENUM.*|UUID|JSON|"NULL"|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(\d+,0\)', (), _AS_IT_IS),
    (r"DECIMAL.*", ("DOUBLE", "INTEGER"), _AS_IT_IS),
    (r"DOUBLE|FLOAT", ("INTEGER",), _WHOLE),
    (r"DATE", _TIMES, _AS_IT_IS),
    (r"TIMESTAMP(_S|_MS|_NS)?", _TIMES, _SECOND),
    (r"TIMESTAMP WITH TIME ZONE", _TIMES, _SECOND.replace("?", f"make_timestamp(epoch_us(?) + {_BEIJING})")),
)
"""Types of columns, the types of fields that they serve (all without one), SQL of the text of column `?`."""
_WANTED = {"VARCHAR": "文字", "DOUBLE": "数字", "INTEGER": "整数", "DATE": "日期", "TIMESTAMP": "时间"}


def read(con: DuckDBPyConnection, path: Path, kind: Entity | None, unknown: Unknown) -> Iterator[Row]:
    """The rows of a Parquet file, as `inputs.read` gives those of other files: every value a text."""
    one = stage(con, path, kind, unknown)
    number = one.first
    with sound(path):
        rows = con.execute(f"SELECT {', '.join(one.cells)} FROM {one.source}", one.values)  # noqa: S608
        while chunk := rows.fetchmany(_CHUNK):
            yield from (one.row(number + place, cells) for place, cells in enumerate(chunk))
            number += len(chunk)


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """What DuckDB says of a damaged file, as UnreadableError (`bad_parquet`)."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        hint = "重新导出后再试"
        raise UnreadableError("bad_parquet", f"{path}：不是完好的 Parquet 文件", hint) from None


def stage(con: DuckDBPyConnection, path: Path, kind: Entity | None, unknown: Unknown) -> Staged:
    """What the file gives. Raises UnreadableError (`bad_parquet`, `wrong_column_type`, …), UsageError."""
    found = kind or entity_named(path.stem, f"文件 {path}")
    file = pattern(path)
    with sound(path):
        columns = con.execute(f"DESCRIBE SELECT * FROM {_READ}", [file]).fetchall()  # noqa: S608
    header = header_of(str(path), 1, found, [name for name, *_ in columns], unknown)
    texts, numbers, others = dict[str, str](), dict[str, str](), dict[str, str]()
    for place, (name, word) in enumerate(zip(header.fields, header.words, strict=True)):
        column, type_ = f"c{place}", columns[place][1]
        if not name:
            others[word] = _AS_IT_IS.replace("?", column)
        elif type_ in ("DOUBLE", "FLOAT") and found.fields[name].type == "DOUBLE":
            numbers[name] = f"nullif(CAST({column} AS DOUBLE), 'NaN'::DOUBLE)"  # pandas' way to say nothing
        else:
            texts[name] = _text(path, found.fields[name], column, type_)
    names = ", ".join(f"c{place}" for place in range(len(columns)))
    source = f"(SELECT * FROM {_READ}) AS file({names})"  # noqa: S608
    return Staged(found, str(path), source, [file], Given(texts, numbers, others), 1)


def _text(path: Path, field: Field, column: str, type_: str) -> str:
    """SQL of the text of a column. Raises UnreadableError for a type that cannot hold the field."""
    for types, fields, text in _TEXTS:
        if re.fullmatch(types, type_) and (not fields or field.type in fields):
            return text.replace("?", column)
    raise UnreadableError(
        "wrong_column_type",
        f"{path}：{field.zh}（{field.name}）这一列是 {type_}，应是{_WANTED[field.type]}",
        "导出时转成文字或相应的类型",
    )
