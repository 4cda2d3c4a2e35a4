"""Archives as files in every form, for tests of the audit of files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.spoiling import spoil_at_random
from yk.archive.dictionary import Entity, entities
from yk.archive.exporting import export
from yk.audit.found_in_files import FileRun, found_in
from yk.audit.planting import planted
from yk.audit.reach import read_fields
from yk.audit.sources import AUTO
from yk.desk import Desk

TYPES = {"DATE": "DATE", "TIMESTAMP": "TIMESTAMP", "DOUBLE": "DECIMAL(18, 4)", "INTEGER": "INTEGER"}


def spoiled(desk: Desk, seed: int = 1) -> Desk:
    """A desk whose archive breaks every rule."""
    spoil_at_random(desk, seed)
    planted(desk.store, desk.clock)
    return desk


def written(desk: Desk, folder: Path, form: str) -> Path:
    """The archive of a desk as files in a form: jsonl, csv, xlsx, parquet."""
    target = folder / (form if form in ("csv", "parquet") else f"archive.{form}")
    if form == "parquet":
        write_parquet(desk, target)
    else:
        export(desk.store, target, form)
    return target


def write_parquet(desk: Desk, folder: Path) -> None:
    """A Parquet file an entity that rules read, with real dates, times, decimals and whole numbers, Chinese column names."""
    import duckdb

    folder.mkdir()
    export(desk.store, folder, "csv")
    with duckdb.connect() as con:
        for kind in map(entities().__getitem__, read_fields()):
            columns = (
                f'CAST("{field.name}" AS {TYPES.get(field.type, "VARCHAR")}) AS "{field.zh}"'
                for field in kind.fields.values()
            )
            read = f"SELECT {', '.join(columns)} FROM read_csv('{folder / kind.name}.csv', header = true, all_varchar = true)"
            con.execute(f"COPY ({read}) TO '{folder / kind.name}.parquet'")
    for one in folder.glob("*.csv"):
        one.unlink()


def write_csv(
    kind: Entity, rows: Sequence[Mapping[str, Any]], folder: Path, encoding: str = "utf-8", zh: bool = False
) -> Path:
    """Some rows of an entity as a CSV file."""
    path = folder / f"{kind.name}.csv"
    names = list(rows[0])
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([kind.fields[name].zh if zh else name for name in names])
        writer.writerows([row[name] for name in names] for row in rows)
    return path


def asked(desk: Desk, *paths: Path, engine: str = AUTO, **options: Any) -> FileRun:
    """What the rules say of files on the day of a desk."""
    return found_in(paths, engine, options.pop("chosen", None), desk.clock, desk.settings, **options)
