"""CSV files: an entity each, all texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from yk.archive.cells import BadCsv, commonest, csv_rows
from yk.archive.dictionary import Entity
from yk.archive.inputs import Unknown, is_blank
from yk.archive.sheets import entity_named, header_of
from yk.audit.dialects import quoted
from yk.audit.duck.staging import Given, Irregular, Staged, in_utf8, pattern

_CHUNK = 1 << 20
_SIGNS = (b' "', b'" ', b"\n\n", b"\n\r\n")
_ODD = re.compile(rb'(^|[,;\t\n]) +"|" +([,;\t\r\n]|$)|(^|\n)\r?\n')
"""Blanks around quotes, which DuckDB passes over, and blank lines, which it does not count."""
_UNQUOTED = r"CASE WHEN starts_with(?, '''') THEN regexp_replace(?, '^''(''*[=+\-@])', '\1') ELSE ? END"
"""Column `?` without the ' that protects a text from being taken for a formula."""


def stage(path: Path, kind: Entity | None, folder: Path, unknown: Unknown) -> Staged:
    """What the file gives. Raises Irregular, UnreadableError, UsageError, OSError."""
    found = kind or entity_named(path.stem, f"文件 {path}")
    file = in_utf8(path, folder)
    if _is_odd(file):
        raise Irregular(f"{path.name} 里有空行，或引号外有空格")
    cells, delimiter = _first_row(file)
    if not cells or any("\n" in cell for cell in cells):
        raise Irregular(f"{path.name} 的表头不是第一行")
    header = header_of(str(path), 1, found, cells, unknown)
    texts, others = dict[str, str](), dict[str, str]()
    for place, (name, word) in enumerate(zip(header.fields, header.words, strict=True)):
        (texts if name else others)[name or word] = _UNQUOTED.replace("?", f"c{place}")
    if len(texts) + len(others) < len(cells):
        raise Irregular(f"{path.name} 有同名的列")
    columns = ", ".join(f"c{place}: 'VARCHAR'" for place in range(len(cells)))
    source = (
        f"read_csv(?, auto_detect = false, header = false, skip = 1, delim = {quoted(delimiter)}, "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    return Staged(found, str(path), source, [pattern(file)], Given(texts, {}, others), 2)


def _is_odd(path: Path) -> bool:
    """Is there anything that DuckDB reads otherwise than Python's csv?"""
    for chunk in _chunks(path):
        if (chunk[:1] in b"\r\n" or any(sign in chunk for sign in _SIGNS)) and _ODD.search(chunk):
            return True
    return False


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces of whole lines, without the blank lines at its end."""
    with path.open("rb") as file:
        chunk = file.read(_CHUNK) + file.readline()
        while chunk:
            more = file.read(_CHUNK) + file.readline()
            yield chunk if more.strip() else chunk.rstrip()
            chunk = more


def _first_row(path: Path) -> tuple[list[str], str]:
    """The cells of the first line, none when it is blank, and the delimiter."""
    chosen = [","]

    def choose(lines: list[str]) -> str:
        chosen[0] = commonest(lines)
        return chosen[0]

    try:
        _, cells = next(csv_rows(path, "utf-8-sig", choose))
    except BadCsv:
        return [], ","
    return ([] if all(map(is_blank, cells)) else cells), chosen[0]
