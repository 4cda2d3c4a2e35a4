"""Writing plain data as a scenario document: YAML that people like to read and that is read back as the same data.

What is short stands on one line (`- {办理: 合同变更, 由: 王静}`), what is long a key a line. A text is quoted wherever YAML or
the reader of scenarios (`yk.scenario.written`) would take it for something else. Width is counted in cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from yk.scenario.words import known
from yk.scenario.written import scalar
from yk.text import cell_len, fold, pad, plain

WIDTH = 110
"""Cells a line may take."""
MANY = 4
"""More single values than this that are too long for a line are wrapped, not written one a line."""
_NEVER_PLAIN = re.compile(
    r"""^$ | ^[\s?:,\[\]{}#&*!|>'"%@`-] | \s$ | [:?,\[\]{}] | \s\# | ^[-+.\d][-+._eE\d]*$ | [^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]
    | [\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\xa0\x85]""",
    re.X,
)
"""What no text without quotes may be or hold, in braces or out of them."""
_ESCAPED = re.compile(
    '[\\\\"]|[^\x20-\x7e\u00a1-\u200a\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]'
)
_LETTERS = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SPOKEN = re.compile(r"[^ \t\n][^\n]*(\n([^ \t\n][^\n]*)?)*\n[^ \t\n][^\n]*\n?")
"""A text of several lines that may stand as it is under `|`."""
_OPEN = ("scenarios", "templates", "when")
"""What is never written on one line."""


def document(data: Mapping[str, Any], head: str = "") -> str:
    """`data` as YAML, keys in their order; `head` stands over it as a comment.

    Data are mappings with texts as keys, lists, texts, whole numbers, decimals, booleans and None. A number that the reader of
    scenarios would not take as one (ten digits and more) becomes a text, as account numbers are.
    """
    comment = [
        f"# {line}".rstrip() for part in head.splitlines() for line in fold(plain(part), WIDTH - 2) or [""]
    ]
    lines = list(_mapping(data, 0)) or ["{}"]
    return "".join(f"{line}\n" for line in [*comment, *lines])


def _mapping(data: Mapping[str, Any], indent: int) -> Iterator[str]:
    """A mapping key by key."""
    for key, value in data.items():
        yield from _entry(" " * indent + f"{_text(key)}:", key, value, indent)


def _entry(start: str, key: str, value: Any, indent: int) -> Iterator[str]:
    """A key with its value: on its line, or below it."""
    if isinstance(value, str) and _is_spoken(value):
        yield f"{start} |{'' if value.endswith(chr(10)) else '-'}"
        yield from (" " * (indent + 2) * bool(line) + line for line in value.removesuffix("\n").split("\n"))
    elif not _is_many(value) or (not _stands_open(key, value) and _fits(start, value)):
        yield f"{start} {_flow(value)}"
    else:
        yield start
        yield from _below(value, indent + 2, known("file", key) == "scenarios")


def _items(values: Sequence[Any], indent: int, apart: bool = False) -> Iterator[str]:
    """A list item by item; `apart` leaves a line between them and writes each a key a line."""
    start = " " * indent + "-"
    table = _table(values, indent)
    for number, value in enumerate(values):
        if apart and number:
            yield ""
        if table:
            yield f"{start} {table[number]}"
        elif not _is_many(value) or (not apart and _fits(start, value)):
            yield f"{start} {_flow(value)}"
        else:
            below = list(_below(value, indent + 2))
            yield f"{start} {below[0].lstrip(' ')}"
            yield from below[1:]


def _below(value: Any, indent: int, apart: bool = False) -> Iterator[str]:
    """A mapping or a list over several lines."""
    if _is_row(value):
        return _wrapped(value, indent)
    return _mapping(value, indent) if isinstance(value, Mapping) else _items(value, indent, apart)


def _wrapped(row: Mapping[str, Any] | Sequence[Any], indent: int) -> Iterator[str]:
    """Many single values in braces or brackets, over as many lines as it takes."""
    open_, close = "{}" if isinstance(row, Mapping) else "[]"
    flows = (
        [_flow({key: one})[1:-1] for key, one in row.items()] if isinstance(row, Mapping) else map(_flow, row)
    )
    line = " " * indent + open_
    for number, flow in enumerate(flows):
        part = flow + (close if number == len(row) - 1 else ",")
        if number and cell_len(line) + 1 + cell_len(part) > WIDTH:
            yield line
            line = " " * (indent + 1) + part
        else:
            line += f" {part}" if number else part
    yield line


def _table(values: Sequence[Any], indent: int) -> list[str]:
    """Rows of as many cells each, in columns of one width; [] when it is no table, or one too wide."""
    if not (
        len(values) > 1 and all(isinstance(row, list) and len(row) == len(values[0]) > 0 for row in values)
    ):
        return []
    if any(_is_many(cell) for row in values for cell in row):
        return []
    cells = [[_flow(cell) for cell in row] for row in values]
    wide = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    if indent + 2 + sum(wide) + 2 * len(wide) > WIDTH:
        return []
    last = len(wide) - 1
    shown = (
        [pad(cell + ("," if at < last else ""), wide[at] + (at < last)) for at, cell in enumerate(row)]
        for row in cells
    )
    return [f"[{' '.join(row).rstrip()}]" for row in shown]


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    return _text(str(value))


def _number(value: float) -> str:
    shown = str(value) if isinstance(value, int) else f"{value:.9f}".rstrip("0")
    shown += "0" if shown.endswith(".") else ""
    return shown if type(scalar(shown)) is type(value) and scalar(shown) == value else f'"{value}"'


def _text(text: str) -> str:
    """A text, quoted where it has to be."""
    is_plain = not _NEVER_PLAIN.search(text) and isinstance(scalar(text), str) and _is_text(text)
    if is_plain:
        return text
    return '"' + _ESCAPED.sub(lambda found: _LETTERS.get(found[0]) or _code(ord(found[0])), text) + '"'


def _code(number: int) -> str:
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )


def _is_text(text: str) -> bool:
    """Do readers of YAML take the word for a text? They take dates, digits, `yes` and `~` for other things."""
    from yaml import ScalarNode

    tag: str = _resolver().resolve(ScalarNode, text, (True, False))
    return tag == "tag:yaml.org,2002:str"


@cache
def _resolver() -> Any:
    from yaml.resolver import Resolver

    return Resolver()


def _is_spoken(text: str) -> bool:
    bare = text.replace("\n", "")
    return bool(_SPOKEN.fullmatch(text)) and not _ESCAPED.search(bare.replace('"', "").replace("\\", ""))


def _is_many(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple) and bool(value)


def _stands_open(key: str, value: Any) -> bool:
    """Has each part of it a line of its own, however short it is?"""
    if (known("file", key) or known("scenario", key)) in _OPEN:
        return True
    return isinstance(value, list) and len(value) > 1 and any(map(_is_many, value))


def _is_row(value: Mapping[str, Any] | Sequence[Any]) -> bool:
    """Is it so many single values that they are wrapped, not written one a line?"""
    parts = value.values() if isinstance(value, Mapping) else value
    return len(value) > MANY and not any(_is_many(one) or "\n" in str(one) for one in parts)


def _fits(start: str, value: Any) -> bool:
    return cell_len(start) + 1 + cell_len(_flow(value)) <= WIDTH
