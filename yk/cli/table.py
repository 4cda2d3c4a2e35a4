"""Tables for people: Chinese headers, columns aligned in cells, clipped to a terminal's width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yk.text import cell_len, clip, plain, wrap

Columns = Sequence[tuple[str, str]]
"""What a table shows: (key of the record, header)."""

GAP = 2
"""Blanks between two columns."""

_FLOOR = 8
"""A column of sentences is not clipped below this width while another can give."""


def cell(value: object) -> str:
    """A value as people read it: 是 and 否 for booleans, lists joined with 、, control characters gone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(cell(item) for item in value)
    if isinstance(value, Mapping):
        return "，".join(f"{plain(str(key))}={cell(item)}" for key, item in value.items())
    return plain(str(value))


def grid(records: Sequence[Mapping[str, Any]], columns: Columns, width: int | None = None) -> str:
    """One line a record; in at most `width` cells when one is given."""
    rows = [[cell(record.get(key)) for key, _ in columns] for record in records]
    headers = [header for _, header in columns]
    if width is not None:
        _fit(rows, headers, width)
    return _tabulated(rows, headers, "simple", [_is_number(records, key) for key, _ in columns])


def sheet(record: Mapping[str, Any], columns: Columns, width: int | None = None) -> str:
    """One line a field, the header before the value; values longer than `width` allows are wrapped."""
    label = max((cell_len(header) for _, header in columns), default=0)
    lines = []
    for key, header in columns:
        value = cell(record.get(key))
        parts = [value] if width is None else wrap(value, max(width - label - GAP, 20)) or [""]
        lines.append(f"{header}{' ' * (label + GAP - cell_len(header))}{parts[0]}".rstrip())
        lines.extend(" " * (label + GAP) + part for part in parts[1:])
    return "".join(f"{line}\n" for line in lines)


def markdown(records: Sequence[Mapping[str, Any]], columns: Columns) -> str:
    """A Markdown table."""
    rows = [[cell(record.get(key)).replace("|", "\\|") for key, _ in columns] for record in records]
    return _tabulated(rows, [h for _, h in columns], "pipe", [_is_number(records, key) for key, _ in columns])


def markdown_sheet(record: Mapping[str, Any], columns: Columns) -> str:
    """A Markdown table of one record: 项目 and 内容."""
    fields = [{"name": header, "value": record.get(key)} for key, header in columns]
    return markdown(fields, [("name", "项目"), ("value", "内容")])


def _tabulated(rows: list[list[str]], headers: list[str], style: str, numbers: list[bool]) -> str:
    import tabulate

    tabulate.MIN_PADDING = 0  # else it widens every header by two blanks
    align = ["right" if number else "left" for number in numbers]
    text = tabulate.tabulate(
        rows, headers=headers, tablefmt=style, disable_numparse=True, colalign=align if rows else None
    )
    return "".join(f"{line.rstrip()}\n" for line in text.split("\n"))


def _is_number(records: Sequence[Mapping[str, Any]], key: str) -> bool:
    values = [record.get(key) for record in records]
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in known)


def _fit(rows: list[list[str]], headers: list[str], width: int) -> None:
    """Clip rows and headers in place. Columns of sentences give first, identifiers only when they must."""
    columns = range(len(headers))
    sizes = [max(cell_len(line[c]) for line in [headers, *rows]) for c in columns]
    prose = [any(not row[c].isascii() or " " in row[c] for row in rows) for c in columns]
    spare = sum(sizes) + GAP * (len(sizes) - 1) - width
    for giving, floor in (([c for c in columns if prose[c]], _FLOOR), (list(columns), 2)):
        while spare > 0 and (open_ := [c for c in giving if sizes[c] > floor]):
            sizes[max(open_, key=lambda c: sizes[c])] -= 1
            spare -= 1
    for line in [headers, *rows]:
        line[:] = [clip(text, sizes[c]) for c, text in enumerate(line)]
