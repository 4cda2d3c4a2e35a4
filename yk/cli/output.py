"""Data to stdout or to a file, the same bytes either way (UTF-8, LF), in the format the user chose.

    rows(app, records, columns)      a list: table, csv, json, jsonl, md; follows --format, -o and --limit
    record(app, record, columns)     one record; under json one object, as a table one line a field
    text(app, content)               a ready text (a diagram, a book, a form); follows -o
    require_target(app, path)        before a command acts that then writes to a file itself; for `-o` it is done already
    refuse_store(app, path)          of these the one that holds for a folder too

`records` are mappings with English keys; `columns` are (key, 表头) and say what a table and Markdown show. JSON and
csv carry every key. A writing command uses `record` for its answer too: it prints JSON under `--json`.
A command with a page of its own for people asks `app.format == "table"` and calls `text`, else `rows` or `record`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from yk.cli.app import App
from yk.cli.table import Columns
from yk.errors import UsageError
from yk.text import plain

__all__ = ["Columns", "record", "rows", "text"]

Record = Mapping[str, Any]

_STEERS = re.compile("[\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
"""What JSON leaves raw and a terminal may obey."""

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_FORMULA = ("=", "+", "-", "@")


def rows(app: App, records: Iterable[Record], columns: Columns) -> None:
    """Print a list. An empty one is `[]` in JSON, a header in csv, and a remark on stderr for people."""
    shown = list(islice(records, None if app.limit is None else min(app.limit, sys.maxsize - 1) + 1))
    if app.limit is not None and len(shown) > app.limit:
        shown.pop()
        app.say(f"只列出前 {app.limit} 条，后面还有；要更多就加大 --limit")
    if not shown and app.format in ("table", "md"):
        app.say("没有符合条件的记录")
    text(app, _list_text(app, shown, columns))


def record(app: App, one: Record, columns: Columns) -> None:
    """Print one record."""
    from yk.cli import table

    match app.format:
        case "json":
            content = json_text(one, indent=2) + "\n"
        case "jsonl":
            content = json_text(one) + "\n"
        case "csv":
            content = _csv([one], columns)
        case "md":
            content = table.markdown_sheet(one, columns)
        case _:
            content = table.sheet(one, columns, _width(app))
    text(app, content)


def text(app: App, content: str) -> None:
    """Print a ready text, or write it to the file of `-o`. Raises UnreadableError when that cannot be written."""
    if app.path == "-":
        sys.stdout.write(content)
        return
    from yk.files import write_atomic

    write_atomic(Path(app.path), content.encode("utf-8", "backslashreplace"))
    app.say(f"已写入 {app.path}")


def require_target(app: App, path: Path) -> None:
    """Refuse a file that could not be written, before anything is done. Raises as `refuse_store`, UnreadableError."""
    from yk.files import require_writable

    refuse_store(app, path)
    require_writable(path)


def refuse_store(app: App, path: Path) -> None:
    """Raise UsageError (`file_is_store`) when output would overwrite the store itself."""
    from yk.store.url import parse

    _, store = parse(app.store_url)
    if store is not None and path.exists() and store.exists() and path.samefile(store):
        raise UsageError("file_is_store", f"{path} 是存储文件，不能把输出写在上面", "-o 换一个文件名")


def _list_text(app: App, records: Sequence[Record], columns: Columns) -> str:
    from yk.cli import table

    match app.format:
        case "json":
            return json_text(records, indent=2) + "\n"
        case "jsonl":
            return "".join(f"{json_text(record)}\n" for record in records)
        case "csv":
            return _csv(records, columns)
    if not records:
        return ""
    return (
        table.markdown(records, columns) if app.format == "md" else table.grid(records, columns, _width(app))
    )


def _width(app: App) -> int | None:
    """The terminal's width, or None when the text does not go to one."""
    if app.path != "-" or not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def json_text(value: object, indent: int | None = None) -> str:
    """`value` as JSON in UTF-8; what a terminal may obey is escaped."""
    import json

    dumped = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain_value)
    return _STEERS.sub(lambda found: f"\\u{ord(found.group()):04x}", dumped)


def _plain_value(value: Any) -> Any:
    """Dates in ISO 8601, sets as lists, mappings as objects, anything else by its text."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return dict(value) if isinstance(value, Mapping) else str(value)


def _csv(records: Sequence[Record], columns: Columns) -> str:
    """Every key of the records, a header of the table's keys when there are none; lists and objects as JSON."""
    import csv
    import io

    keys = list(dict.fromkeys(key for record in records for key in record)) or [key for key, _ in columns]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(keys)
    writer.writerows([_csv_cell(record.get(key)) for key in keys] for record in records)
    return out.getvalue()


def _csv_cell(value: object) -> object:
    """A cell that a spreadsheet takes for a value: a text that would be a formula gets a ' in front."""
    if value is None or isinstance(value, int | float):
        return ("true" if value else "false") if isinstance(value, bool) else value
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return plain(json_text(value))
    shown = plain(value if isinstance(value, str) else str(_plain_value(value)))
    return f"'{shown}" if shown.startswith(_FORMULA) and not _NUMBER.fullmatch(shown) else shown
