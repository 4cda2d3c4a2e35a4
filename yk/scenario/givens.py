"""The world a scenario starts from (假如): date, holidays, people, accounts, rows of the archive, settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from yk import settings
from yk.archive.codes import code_lists, code_of, codes
from yk.archive.dictionary import Field
from yk.clock import fixed_clock
from yk.errors import YkError
from yk.scenario.keys import brief, keyed, mapping, text, texts
from yk.scenario.meant import entity_of, field_of, role_id, told_at
from yk.scenario.scenario import Data, Place
from yk.scenario.written import Map, bad, rows
from yk.text import did_you_mean

MEMORY, FILE = "memory", "file"
_STORES = {"内存": MEMORY, "文件": FILE, MEMORY: MEMORY, FILE: FILE}
_BASES = {"示范": "demo", "空": "empty", "demo": "demo", "empty": "empty"}
LIKE, OWED, PREPAID, CERTIFICATE = "照", "欠费", "预收", "证照号码"
"""Columns of a table of accounts besides the customer's fields: the account it is made like, yuan owed, yuan prepaid,
the certificate number of its holder."""
_EXTRA = {
    LIKE: "like",
    "like": "like",
    OWED: "owed",
    "owed": "owed",
    PREPAID: "prepaid",
    "prepaid": "prepaid",
}
_EXTRA |= {CERTIFICATE: "cert_no", "cert_no": "cert_no", "户号": "cons_no", "户名": "cons_name"}


def laid_over(below: Map | None, above: Map | None) -> Map | None:
    """One world laid over another: people, archive and settings are joined by name, everything else is replaced."""
    if below is None or above is None:
        return above if below is None else below
    made = below.like(below)
    for key, value in above.items():
        joined = key in ("people", "archive", "settings") and isinstance(made.get(key), Map)
        made[key] = _joined(made[key], value) if joined and isinstance(value, Map) else value
        made.lines[key] = above.lines.get(key, above.line)
    made.file, made.line = above.file, above.line
    return made


def _joined(below: Map, above: Map) -> Map:
    both = above.like({**below, **above})
    both.lines = {**below.lines, **above.lines}
    return both


def read_given(given: Map) -> Data:
    """`{date, holidays: {day: is it a working day}, people: {name: {roles, unit}}, customers: [row], archive: {entity: [row]},
    settings: {name: value}, store, base}`; a key that is not written is not there. Raises DefinitionError."""
    made: Data = {}
    readers: dict[str, Callable[[Any, Place], Any]] = {
        "date": _date,
        "holidays": _holidays,
        "people": _people,
        "customers": _customers,
        "archive": _archive,
        "settings": _settings,
        "store": lambda v, p: _word(v, p, _STORES, "存储"),
        "base": lambda v, p: _word(v, p, _BASES, "底档"),
    }
    for key, value in given.items():
        made[key] = readers[key](value, given.place(key))
    return made


def _word(value: Any, place: Place, known: Mapping[str, str], what: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise bad(place, "unknown_word", f"{what}不认识“{brief(value)}”", did_you_mean(str(value), known))
    return known[value]


def _date(value: Any, place: Place) -> str:
    try:
        return fixed_clock(str(value).replace(" ", "T"))().isoformat()
    except YkError as error:
        raise told_at(place, error) from None


def _holidays(value: Any, place: Place) -> dict[date, bool]:
    """Days off and made-up working days: a list of days off, or `{day: 休|班}`."""
    days = (
        value
        if isinstance(value, dict)
        else dict.fromkeys(value if isinstance(value, list) else [value], "休")
    )
    made = {}
    for word, kind in days.items():
        try:
            day = date.fromisoformat(str(word))
        except ValueError:
            raise bad(place, "bad_date", f"节假日写成 2026-10-01 这样的日期，现为 {brief(word)}") from None
        if kind not in ("休", "班"):
            raise bad(place, "unknown_word", f"{word} 应写 休 或 班，现为 {brief(kind)}")
        made[day] = kind == "班"
    return made


def _people(value: Any, place: Place) -> dict[str, Data]:
    """Name -> {roles, unit}: a role, several, or a mapping with the supply unit they work at."""
    people = mapping(value, place, "人员")
    made: dict[str, Data] = {}
    for name, said in people.items():
        at, unit = people.place(name), ""
        if isinstance(said, Map):
            told = keyed(said, "person", at, f"人员 {name}")
            words, unit = texts(told, "roles", "角色"), text(told, "unit", "单位")
        else:
            words = texts(people, name, f"{name} 的角色")
        if not words:
            raise bad(at, "no_role", f"{name} 没有角色", "写成 姓名: 角色，或 姓名: [角色, 角色]")
        made[name] = {"roles": [role_id(word, at) for word in words], "unit": unit}
    return made


def _customers(value: Any, place: Place) -> list[Data]:
    customer = entity_of("customer", place)
    made = []
    for row in rows(value, place):
        read: Data = {}
        for column, cell in row.items():
            name = _EXTRA.get(column) or field_of(customer, column, place).name
            if name in ("owed", "prepaid") and cell is not None and not isinstance(cell, int | float):
                raise bad(place, "bad_number", f"{column}应是金额（元），现为 {brief(cell)}")
            if cell is not None:
                read[name] = coded(customer.fields[name], cell, place) if name in customer.fields else cell
        if not read.get("cons_no"):
            raise bad(place, "no_account", "客户表里有一行没有用户编号")
        read["cons_no"] = str(read["cons_no"])
        made.append(read)
    return made


def _archive(value: Any, place: Place) -> dict[str, list[Data]]:
    """Rows to put, entity by entity; fields by English or Chinese name, values as the dictionary reads them."""
    return {
        entity_of(word, value.place(word)).name: read_rows(word, value[word], value.place(word))
        for word in mapping(value, place, "档案")
    }


def read_rows(word: str, value: Any, place: Place) -> list[Data]:
    """Rows of one entity with typed values. Raises DefinitionError."""
    entity = entity_of(word, place)
    made = []
    for row in rows(value, place):
        read = {}
        for column, cell in row.items():
            field = field_of(entity, column, place)
            try:
                read[field.name] = field.parse(coded(field, cell, place, strict=False))
            except YkError as error:
                raise told_at(place, error) from None
        made.append(read)
    return made


def coded(field: Field, cell: Any, place: Place, strict: bool = True) -> Any:
    """A cell of a field with a code list: its code, by code or name. Raises DefinitionError for what the list lacks; where
    that is allowed (a defect is planted) it stays as it is."""
    if not field.code or field.code not in code_lists() or cell in (None, ""):
        return cell
    known = codes(field.code)
    if isinstance(cell, bool):
        cell = "1" if cell else "0"
    if str(cell) in known:
        return str(cell)
    found = code_of(field.code, str(cell))
    if found is None and not strict:
        return cell
    if found is None:
        raise bad(
            place, "unknown_code", f"{field.zh}没有“{cell}”这个取值", did_you_mean(str(cell), known.values())
        )
    return found


def _settings(value: Any, place: Place) -> Data:
    given = mapping(value, place, "设置")
    known = {one.name: one for one in settings.declared()}
    for name in given:
        if name not in known:
            raise bad(given.place(name), "unknown_setting", f"没有设置 {name}", did_you_mean(name, known))
        if not isinstance(given[name], type(known[name].default)):
            raise bad(
                given.place(name),
                "wrong_type",
                f"设置 {name} 的值 {given[name]} 类型不对",
                known[name].wanted,
            )
    return dict(given)
