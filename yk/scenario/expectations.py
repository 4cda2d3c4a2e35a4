"""What a scenario expects (应, 那么): read strictly, kept as it is compared."""

from __future__ import annotations

from typing import Any

from yk.archive.dictionary import entities, entity
from yk.flows.flow import load
from yk.scenario import words
from yk.scenario.keys import brief, keyed, mapping, text, texts
from yk.scenario.matching import ANYTHING, NOTHING, is_matcher
from yk.scenario.meant import field_of, find_entity, form_field, where_id
from yk.scenario.rows_wanted import ROWS, is_none, none_of, read_rows_wanted, refuse_bad_patterns
from yk.scenario.scenario import Data, Place, Wanted
from yk.scenario.written import Map, Seq, bad
from yk.text import did_you_mean


def read_expectations(value: Any, place: Place, flow: str) -> tuple[Wanted, ...]:
    """The expectations of a mapping, in the order written. Raises DefinitionError."""
    if value is None:
        return ()
    given = keyed(value, "expect", place, "期望")
    refuse_bad_patterns(given, place)
    return tuple(
        Wanted(kind, _read(kind, item, given.place(kind), flow), given.place(kind))
        for kind, item in given.items()
    )


def _read(kind: str, value: Any, place: Place, flow: str) -> Any:
    if kind == "at":
        return [where_id(flow, item, place) for item in texts(Map({"at": value}, *place, {}), "at", "状态")]
    if kind == "archive":
        return _archive(value, place)
    if kind == "form":
        return _form(value, place, flow)
    if kind == "deadline":
        return _deadline(value, place, flow)
    if kind in ROWS:
        return read_rows_wanted(kind, value, place)
    if kind == "batch":
        return _batches(value, place)
    if kind == "history":
        if is_none(value):
            return []
        return [_deed(str(item)) for item in (value if isinstance(value, Seq) else [value])]
    return value


def _deed(word: str) -> str:
    """An event by its name, or the name of a step as it is written."""
    return words.known("deed", word) or word


def _archive(value: Any, place: Place) -> Data:
    """Account -> {field or entity: what it must be}, names in English; fields of entities too."""
    accounts = mapping(value, place, "档案")
    made = Map({}, accounts.file, accounts.line, accounts.lines)
    customer = entity("customer")
    for number, wanted in accounts.items():
        at = accounts.place(number)
        if not isinstance(wanted, Map):
            made[number] = _of_a_word(number, wanted, at)
            continue
        read = Map({}, wanted.file, wanted.line, {})
        for key, item in wanted.items():
            name, value_ = _part(customer, key, item, wanted.place(key) if key in wanted.lines else at)
            read[name], read.lines[name] = value_, wanted.lines.get(key, wanted.line)
        made[number] = read
    return made


def _of_a_word(number: str, wanted: Any, place: Place) -> Any:
    """Rows of an entity wherever they belong, or whether there is such an account: 无, 任意."""
    if find_entity(number) is not None:
        items = [none_of(place)] if is_none(wanted) else wanted if isinstance(wanted, Seq) else [wanted]
        for item in items:
            if not isinstance(item, Map):
                raise bad(place, "wrong_type", f"{number}的一行应写成 键: 值，现为 {brief(item)}")
        return items
    if wanted is not None and wanted not in (*ANYTHING, *NOTHING):
        raise bad(place, "wrong_type", f"档案.{number} 应写成 键: 值，或 无、任意，现为 {brief(wanted)}")
    return wanted


_OWED = {
    "欠费": "owed",
    "owed": "owed",
    "曾用名": "former_names",
    "former_names": "former_names",
    "户名": "cons_name",
}


def _part(customer: Any, key: str, value: Any, place: Place) -> tuple[str, Any]:
    if key in _OWED:
        return _OWED[key], value
    if customer.find(key) is not None:
        return customer.find(key).name, value
    other = find_entity(key)
    if other is None:
        known = [*customer.fields, *(field.zh for field in customer.fields.values())]
        known += [*entities(), *(one.zh for one in entities().values()), *_OWED]
        raise bad(
            place, "unknown_field", f"用电客户没有“{key}”这个字段，也没有这类数据", did_you_mean(key, known)
        )
    if is_none(value):
        return other.name, [none_of(place)]
    items = value if isinstance(value, Seq) else [value]
    read = [
        item.like(
            {
                field_of(other, k, item.place(k)).name if k not in ("数", "count") else "count": v
                for k, v in item.items()
            }
        )
        if isinstance(item, Map)
        else item
        for item in items
    ]
    return other.name, read


def _form(value: Any, place: Place, flow: str) -> Data:
    given = mapping(value, place, "表单")
    if not flow:
        return given
    made = Map({}, given.file, given.line, {})
    for key, item in given.items():
        name = form_field(load(flow), key, given.place(key))
        made[name], made.lines[name] = item, given.lines.get(key, given.line)
    return made


def _deadline(value: Any, place: Place, flow: str) -> Map:
    read = keyed(value, "deadline", place, "时限")
    if (lamp := text(read, "lamp", "灯")) and not is_matcher(lamp):
        read["lamp"] = words.known("lamp", lamp)
        if read["lamp"] is None:
            raise bad(read.place("lamp"), "unknown_word", f"灯不认识“{lamp}”", words.near("lamp", lamp))
    if read.get("step"):
        read["step"] = where_id(flow, str(read["step"]), read.place("step"))
    return read


def _batches(value: Any, place: Place) -> Data:
    given = mapping(value, place, "批次")
    made = Map({}, given.file, given.line, given.lines)
    for name, item in given.items():
        state = keyed(item, "batch_state", given.place(name), f"批次 {name}")
        if "rows" in state:
            rows = mapping(state["rows"], state.place("rows"), "行")
            state["rows"] = rows.like(
                {
                    no: keyed(row, "batch_row", rows.place(no), f"行 {no}") if isinstance(row, Map) else row
                    for no, row in rows.items()
                }
            )
        made[name] = state
    return made
