"""JSON lines as rows: one nested document a customer, or lines of shared rows without a customer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from yk.archive.dictionary import Entity, entities, entity, find_entity
from yk.archive.encodings import detect
from yk.archive.inputs import Row, Unknown, is_blank
from yk.errors import UnreadableError
from yk.text import did_you_mean

REJECTED = "_rejected"
"""Why a line stands in a rejects file; importing that file passes over it."""


def read(path: Path, kind: Entity | None, unknown: Unknown) -> Iterator[Row]:
    """The rows of a JSON lines file: of `kind` when given (a flat row a line), else of nested documents."""
    with path.open(encoding=detect(path), newline="\n") as file:
        for number, line in enumerate(file, start=1):
            if line.isspace():
                continue
            document = _document(path, number, line)
            if kind:
                yield _row(str(path), number, kind, document, unknown)
            else:
                yield from _rows(str(path), number, document, unknown)


def _document(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        document = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise UnreadableError(
            "bad_json", f"{path} 第 {number} 行：不是完整的 JSON 对象", "每行一个 {…}，检查文件是否被截断"
        )
    document.pop(REJECTED, None)
    return document


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _rows(file: str, number: int, document: dict[str, Any], unknown: Unknown) -> Iterator[Row]:
    """The customer's own row, when the document gives one, and the rows nested in it."""
    nested = {word: value for word, value in document.items() if isinstance(value, list | dict)}
    own = {word: value for word, value in document.items() if word not in nested}
    customer = entity("customer")
    row = _row(file, number, customer, own, unknown)
    if row.unknown or row.given.keys() - {"cons_no"} or (own and not nested):
        yield row
    owner = row.given.get("cons_no")
    for word, value in nested.items():
        kind = find_entity(word)
        for item in value if isinstance(value, list) else [value]:
            yield _nested(file, number, word, kind, item, owner, unknown)


def _nested(
    file: str, number: int, word: str, kind: Entity | None, item: object, owner: object, unknown: Unknown
) -> Row:
    if kind is None:
        problem = f"档案里没有 {word} 这类数据。{did_you_mean(word, entities())}"
        values = item if isinstance(item, dict) else {word: item}
        return Row(file, number, word, None, {}, values, ("unknown_entity", problem))
    if not isinstance(item, dict):
        return Row(
            file, number, kind.name, kind, {}, {word: item}, ("wrong_type", f"{kind.zh} 应写成 {{字段: 值}}")
        )
    row = _row(file, number, kind, item, unknown)
    if not kind.owner or is_blank(owner):
        return row
    stated = row.given.get(kind.owner)
    if is_blank(stated):
        row.given[kind.owner] = owner
    elif str(stated).strip() != str(owner).strip():
        problem = f"{kind.zh} 的用户编号 {stated} 与所在客户 {owner} 不一致"
        return row._replace(problem=("wrong_owner", problem))
    return row


def _row(file: str, number: int, kind: Entity, values: dict[str, Any], unknown: Unknown) -> Row:
    given: dict[str, object] = {}
    other: dict[str, object] = {}
    fields = kind.fields
    for word, value in values.items():
        name = word if word in fields else found.name if (found := kind.find(word)) else ""
        if name and name not in given:
            given[name] = value
            continue
        unknown(file, kind.name, word)
        if not is_blank(value):
            other[word] = value
    return Row(file, number, kind.name, kind, given, other)
