"""Strict reading of mappings of a scenario file: keys in Chinese or English, none unknown, none in both languages."""

from __future__ import annotations

from typing import Any

from yk.scenario import words
from yk.scenario.scenario import Data, Place
from yk.scenario.written import Map, Seq, bad


def keyed(value: Any, section: str, place: Place, what: str) -> Map:
    """A mapping with the English keys of a section. Raises DefinitionError with the line and the nearest word."""
    if not isinstance(value, Map):
        raise bad(place, "wrong_type", f"{what}应写成 键: 值，现为 {brief(value)}")
    made: Data = {}
    lines = {}
    for key, item in value.items():
        ident = words.known(section, key)
        if ident is None:
            raise unknown(value.place(key), what, key, section)
        if ident in made:
            raise bad(value.place(key), "duplicate_key", f"{what}里的 {key} 用两种写法写了两次")
        made[ident], lines[ident] = item, value.lines.get(key, value.line)
    return Map(made, value.file, value.line, lines)


def unknown(place: Place, what: str, key: str, section: str) -> Exception:
    """The error for a key that a section does not have."""
    comma = "；句中若有半角逗号，换成全角" if not key.isascii() else ""
    return bad(place, "unknown_key", f"{what}不认识“{key}”", words.near(section, key) + comma)


def text(mapping: Map, key: str, what: str = "", default: str = "") -> str:
    """A text of a mapping; numbers count as their digits. Raises DefinitionError for anything else."""
    value = mapping.get(key)
    if value is None:
        return default
    if isinstance(value, bool | dict | list):
        raise bad(mapping.place(key), "wrong_type", f"{what or key}应是文字，现为 {brief(value)}")
    return str(value)


def texts(mapping: Map, key: str, what: str) -> list[str]:
    """A list of texts; one text counts as a list of one."""
    value = mapping.get(key)
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    for item in items:
        if item is None or isinstance(item, bool | dict | list):
            raise bad(mapping.place(key), "wrong_type", f"{what}应是文字的列表，现有 {brief(item)}")
    return [str(item) for item in items]


def listed(value: Any, place: Place, what: str) -> Seq:
    """A list. Raises DefinitionError."""
    if not isinstance(value, Seq):
        raise bad(place, "wrong_type", f"{what}应是列表（每项以 - 开头），现为 {brief(value)}")
    return value


def mapping(value: Any, place: Place, what: str) -> Map:
    """A mapping with keys of its own. Raises DefinitionError."""
    if value is None:
        return Map({}, place.file, place.line, {})
    if not isinstance(value, Map):
        raise bad(place, "wrong_type", f"{what}应写成 键: 值，现为 {brief(value)}")
    return value


def brief(value: Any) -> str:
    """A value in a few words, for a message."""
    if value is None or value == "":
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "键值对"
    return "列表" if isinstance(value, list) else str(value)[:40]
