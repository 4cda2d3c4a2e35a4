"""Plain data of a YAML document that remembers where each key was written, and how its values are read.

YAML's own guesses are not used: `00123456` and long numbers (account numbers) stay texts, `1:30` and `2008-12-30` too,
only `true` and `false` are yes and no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from yk import yamls
from yk.errors import DefinitionError
from yk.scenario.scenario import Place

_WHOLE = re.compile(r"0|-?[1-9]\d{0,8}")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,11})\.\d{1,9}")
_VARIABLE = re.compile(r"\$\{([^{}$]+)\}")
_MOST_VALUES = 500_000
"""A file of a thousand scenarios has some ten thousand; aliases of aliases soon make more than memory holds."""


class Map(dict[str, Any]):
    """A mapping with the place of itself and of each key."""

    def __init__(self, values: Mapping[str, Any], file: str, line: int, lines: Mapping[str, int]) -> None:
        super().__init__(values)
        self.file, self.line, self.lines = file, line, dict(lines)

    def place(self, key: str = "") -> Place:
        """Where a key is written, or the mapping itself."""
        return Place(self.file, self.lines.get(key, self.line))

    def like(self, values: Mapping[str, Any]) -> Map:
        """Other values at the same place; keys that stay keep theirs."""
        return Map(values, self.file, self.line, {k: self.lines.get(k, self.line) for k in values})


class Seq(list[Any]):
    """A list with the place of each item."""

    def __init__(self, values: list[Any], file: str, line: int, lines: list[int]) -> None:
        super().__init__(values)
        self.file, self.line, self.lines = file, line, lines

    def place(self, number: int) -> Place:
        """Where an item is written."""
        return Place(self.file, self.lines[number] if number < len(self.lines) else self.line)


def bad(place: Place, code: str, message: str, hint: str = "") -> DefinitionError:
    """An error at a place, to raise: `file:line: message`."""
    return DefinitionError(code, f"{place}: {message}", hint)


def plain(node: yamls.Node) -> Any:
    """The data of a document. Raises DefinitionError for a key written twice, a text split by an ASCII comma, and an alias
    that stands within what it names."""
    try:
        return _plain(node, count())
    except RecursionError:
        raise node.error("bad_yaml", "层数太多，或 *别名 写在它自己里面") from None


def _plain(node: yamls.Node, counted: Iterator[int]) -> Any:
    if next(counted) > _MOST_VALUES:
        raise bad(
            Place(node.file, node.line),
            "too_big",
            f"内容超过 {_MOST_VALUES} 项",
            "少用 *别名，或分成几个文件",
        )
    if node.shape == "mapping":
        fields = node.fields()
        values: dict[str, Any] = {}
        lines = {}
        for key in fields.keys():  # noqa: SIM118
            if values:
                _refuse_split(fields, key)
            values[key] = _plain(fields.need(key), counted)
            lines[key] = fields.key_node(key).line
        return Map(values, node.file, node.line, lines)
    if node.shape == "sequence":
        items = node.nodes()
        made = [_plain(item, counted) for item in items]
        return Seq(made, node.file, node.line, [item.line for item in items])
    text = node.written()
    if text is None or node.is_quoted:
        return text
    return scalar(text)


def _refuse_split(fields: yamls.Fields, key: str) -> None:
    """Refuse a key without `:` behind another one: `{名: 新里,电气}` is a text that its comma has cut in two."""
    name = fields.key_node(key)
    word: Any = name._raw
    value: Any = fields.need(key)._raw
    if value.value == "" and value.start_mark.index == word.end_mark.index:
        hint = "句中若有半角逗号，换成全角，或给整句加引号"
        raise bad(Place(name.file, name.line), "split_text", f"“{key}”后面没有冒号和内容", hint)


def as_written(value: Any, place: Place) -> Any:
    """Plain data as if it stood in a file, all of it at one place."""
    if isinstance(value, dict):
        made = {str(key): as_written(item, place) for key, item in value.items()}
        return Map(made, place.file, place.line, {})
    if isinstance(value, list | tuple):
        return Seq([as_written(item, place) for item in value], place.file, place.line, [])
    return value


def scalar(text: str) -> Any:
    """The value of a word that stands without quotes."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return {"true": True, "false": False, "是": True, "否": False}.get(text, text)


def in_text(value: Any) -> str:
    """A value as a part of a text: as a file would have it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def filled(value: Any, variables: Mapping[str, Any]) -> Any:
    """`value` with `${name}` replaced; one that is the whole value keeps its type. Unknown names stay as they are."""
    if isinstance(value, str):
        whole = _VARIABLE.fullmatch(value)
        if whole and whole[1] in variables:
            return variables[whole[1]]
        return _VARIABLE.sub(lambda m: in_text(variables.get(m[1], m[0])), value)
    if isinstance(value, Map):
        renamed: dict[str, str] = {}
        for key in value:
            renamed[key] = name = str(filled(key, variables))
            if name != key and list(renamed.values()).count(name) > 1:
                raise bad(value.place(key), "duplicate_key", f"{key} 代入后是 {name}，写了两次")
        made = Map({renamed[k]: filled(v, variables) for k, v in value.items()}, value.file, value.line, {})
        made.lines = {renamed[k]: line for k, line in value.lines.items() if k in renamed}
        return made
    if isinstance(value, Seq):
        return Seq([filled(item, variables) for item in value], value.file, value.line, value.lines)
    return value


def unfilled(value: Any, place: Place) -> tuple[str, Place] | None:
    """The first `${name}` that nobody gave, and where it stands; None when there is none."""
    if isinstance(value, str):
        found = _VARIABLE.search(value)
        return (found[1], place) if found else None
    if isinstance(value, Map):
        parts = [(item, value.place(key)) for key, item in value.items()]
        parts += [(key, value.place(key)) for key in value]
    elif isinstance(value, Seq):
        parts = [(item, value.place(number)) for number, item in enumerate(value)]
    else:
        return None
    return next((one for item, at in parts if (one := unfilled(item, at))), None)


def rows(value: Any, place: Place) -> list[dict[str, Any]]:
    """The rows of a table, however it is written: a list of mappings, a list of lists under a head, or lines of cells
    between `|`. Raises DefinitionError."""
    if value is None:
        return []
    if isinstance(value, str):
        return _drawn(value, place)
    if not isinstance(value, list):
        raise bad(place, "bad_table", "表格应是一列行", "写成 | 甲 | 乙 | 的文字，或每行一个 {列: 值}")
    if value and isinstance(value[0], list):
        return [_row(value[0], cells, place) for cells in value[1:]]
    for item in value:
        if not isinstance(item, dict):
            raise bad(place, "bad_table", f"表格的一行应是 {{列: 值}}，现为 {item}")
    return [dict(item) for item in value]


def _drawn(text: str, place: Place) -> list[dict[str, Any]]:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    for line in lines:
        if not (line.startswith("|") and line.endswith("|") and len(line) > 1):
            raise bad(place, "bad_table", f"表格的一行要以 | 开头和结尾，现为 {line}")
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    cells = [row for row in cells if not all(set(cell) <= set("-:") and cell for cell in row)]
    head = cells[0] if cells else []
    return [_row(head, [scalar(cell) if cell else None for cell in row], place) for row in cells[1:]]


def _row(head: list[Any], cells: Any, place: Place) -> dict[str, Any]:
    if not isinstance(cells, list) or len(cells) != len(head):
        raise bad(place, "bad_table", f"表格的表头有 {len(head)} 列，这一行不是：{cells}")
    if len(set(map(str, head))) != len(head):
        raise bad(place, "bad_table", f"表格里有重复的列：{'、'.join(map(str, head))}")
    return {str(name): cell for name, cell in zip(head, cells, strict=True)}
