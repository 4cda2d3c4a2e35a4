"""The form: reading what people type into typed values, defaults, what is still missing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from math import prod
from typing import Any

from yk.archive.codes import code_of, codes
from yk.clock import parse_time
from yk.errors import UsageError
from yk.flows.facts import Facts
from yk.flows.flow import Flow
from yk.flows.particles import sources_of
from yk.text import did_you_mean, halfwidth, plain

Data = dict[str, Any]
_PATTERNS = {
    "phone": (re.compile(r"\+?[0-9][0-9 \-]{4,19}"), "电话号码，5 到 20 位数字"),
    "email": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "电子邮箱，如 name@example.com"),
    "postcode": (re.compile(r"[0-9]{6}"), "6 位邮政编码"),
}
_MANY = 20
"""So many codes a hint lists."""
_FEW = 10
"""A list so short is shown as a whole."""
CAPACITY_UNITS = ("kVA", "kW")
_YES, _NO = ("true", "1", "是", "yes"), ("false", "0", "否", "no")


def parse(field: Data, value: object) -> Any:
    """The typed value of a form field; '' and None empty it. Raises UsageError (`bad_value`)."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if field["type"] == "table":
        return _table(field, value)
    text = str(value).strip()
    try:
        return _scalar(field, text)
    except (ValueError, OverflowError):
        wanted = {"integer": "整数", "number": "数字", "date": "日期，如 2026-11-21"}[field["type"]]
        raise _bad(field, text, f"应是{wanted}") from None


def _scalar(field: Data, text: str) -> Any:
    kind = field["type"]
    if kind == "code":
        code = code_of(field["codes"], text)
        if code is None:
            raise _bad(field, text, "不在代码表里", _codes_like(field["codes"], text))
        return code
    if kind == "boolean":
        return _boolean(field, text)
    if kind == "integer":
        return _within(field, text, int(halfwidth(text)))
    if kind == "number":
        return _number(field, text)
    if kind == "date":
        return date.fromisoformat(halfwidth(text)).isoformat()
    if kind == "datetime":
        return _moment(field, text)
    if kind in _PATTERNS:
        pattern, wanted = _PATTERNS[kind]
        text = halfwidth(text)
        if not pattern.fullmatch(text):
            raise _bad(field, text, f"应是{wanted}")
        return text
    text = plain(text).strip()
    if not text:
        return None
    if len(text) > field["max"]:
        raise _bad(field, text[:20] + "…", f"最多 {field['max']} 个字，现有 {len(text)} 个")
    return text


def _codes_like(name: str, text: str) -> str:
    """What the writer of `text` may have meant: codes whose name holds it, else one that is near, else the list."""
    known = [f"{code} {zh}" for code, zh in codes(name).items()]
    holding = [one for one in known if halfwidth(text).casefold() in one.casefold()]
    if holding and len(known) > _FEW:
        return f"可填：{_some(holding)}"
    return did_you_mean(text, known) or f"可用：{_some(known)}"


def _some(words: list[str]) -> str:
    """The first of many words, and how many there are when that is not all."""
    return "、".join(words[:_MANY]) + (f" 等 {len(words)} 个" if len(words) > _MANY else "")


def _moment(field: Data, text: str) -> str:
    """A point in time; which field is wrong is said too, since a form has several."""
    try:
        return parse_time(halfwidth(text)).isoformat()
    except UsageError as error:
        raise _bad(field, text, "应是时间", error.hint) from None


def _boolean(field: Data, text: str) -> bool:
    word = text.lower()
    if word not in (*_YES, *_NO):
        raise _bad(field, text, "应填 是 或 否")
    return word in _YES


def _number(field: Data, text: str) -> Any:
    return _within(field, text, float(halfwidth(text).replace(",", "")))


def _within(field: Data, text: str, value: Any) -> Any:
    """A number that store and sums can hold."""
    if not abs(value) < 1e12:
        raise _bad(field, text[:20], "数字超出范围")
    if value < 0 and field.get("unit") in CAPACITY_UNITS:
        raise _bad(field, text[:20], "容量不能是负数")
    return value


def _table(field: Data, value: Any) -> list[Data]:
    """The rows of a table field, from JSON text or a list; product columns are computed."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise _bad(field, value[:20], "不是 JSON 列表，表格要逐行写", _how_to_fill(field)) from None
    rows = value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _bad(field, "", "应是若干行，每行是 列名: 值", _how_to_fill(field))
    return [_row(field, number, row) for number, row in enumerate(rows, start=1)]


_KINDS = {
    "integer": "整数",
    "number": "数字",
    "date": "日期",
    "datetime": "时间",
    "boolean": "是或否",
    "code": "代码",
}


def _how_to_fill(field: Data) -> str:
    """A row as it is typed, then every column that can be filled, with what it takes."""
    columns = [column for column in field["columns"] if not column["product"]]
    wanted = [column for column in columns if column["required"]] or columns[:1]
    row = ", ".join(f'"{column["name"]}": {_sample(column)}' for column in wanted)
    told = "、".join(_column(column) for column in columns)
    return f"写成 {field['name']}='[{{{row}}}]'，一行一对花括号；列有 {told}"


def _sample(column: Data) -> str:
    return "1" if column["type"] in ("integer", "number") else '"…"'


def _column(column: Data) -> str:
    kinds = [_KINDS.get(column["type"], ""), "必填" if column["required"] else ""]
    told = "，".join(kind for kind in kinds if kind)
    return f"{column['label']} {column['name']}" + (f"（{told}）" if told else "")


def _row(field: Data, number: int, row: Mapping[str, object]) -> Data:
    columns = {column["name"]: column for column in field["columns"]}
    labels = {column["label"]: name for name, column in columns.items()}
    row = {labels.get(name, name): value for name, value in row.items()}
    if unknown := row.keys() - columns.keys():
        name = sorted(unknown)[0]
        raise _bad(field, "", f"第 {number} 行写了没有的列 {name}", _how_to_fill(field))
    made: Data = {}
    for name, column in columns.items():
        if column["product"]:
            if row.get(name) is not None:
                raise _bad(field, "", f"第 {number} 行的{column['label']}由系统计算，不能填写")
            continue
        as_field = {**column, "label": f"{field['label']}第 {number} 行{column['label']}", "max": 100}
        made[name] = parse(as_field, row.get(name))
        if column["required"] and made[name] is None:
            raise _bad(as_field, "", "不能为空")
    for name, column in columns.items():
        if column["product"]:
            factors = [made.get(factor) or 0 for factor in column["product"]]
            made[name] = round(prod(factors), 6)
    return made


def _bad(field: Data, text: str, wrong: str, hint: str = "") -> UsageError:
    shown = f"“{text}”" if text else ""
    return UsageError("bad_value", f"{field['label']}（{field['name']}）{shown}{wrong}", hint)


def field_of(flow: Flow, word: str) -> Data:
    """The form field with this name or label. Raises UsageError (`unknown_field`)."""
    name = word.strip()
    if name in flow.fields:
        return flow.fields[name]
    for field in flow.fields.values():
        if field["label"] == name:
            return field
    known = [*flow.fields, *(f["label"] for f in flow.fields.values())]
    raise UsageError(
        "unknown_field", f"流程 {flow.name} 的表单没有 {word} 这个字段", did_you_mean(name, known)
    )


def defaults(flow: Flow, step: str, facts: Facts) -> Data:
    """The values that fill themselves when `step` begins or is left: only for fields that are still empty."""
    found: Data = {}
    for field in flow.self_filling(step):
        if facts.data.get(field["name"]) is None:
            value = _default(field, facts, found)
            if value is not None:
                found[field["name"]] = value
    return found


def _default(field: Data, facts: Facts, found: Data) -> Any:
    if not field["from"]:
        return field["default"]
    moment = {"now": facts.now, "today": facts.today, "office": facts.office, "operator": facts.operator}
    for source, column in sources_of(field):
        if not source:
            value = moment.get(column, facts.flow) or None
        elif source == "form":
            value = facts.data.get(column, found.get(column))
        else:
            value = facts.archive.get(source, {}).get(column)
        if value is not None:
            return value
    return field["default"]


def missing(flow: Flow, step: str, facts: Facts, holds: Mapping[str, bool]) -> list[Data]:
    """The fields of `step` that are required and empty; `holds` answers the conditions."""
    return [
        field
        for field in flow.requirable(step)
        if (field["required"] or holds.get(field["required_when"], False))
        and facts.data.get(field["name"]) is None
    ]
