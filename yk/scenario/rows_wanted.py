"""What is expected of rows (发现, 消息, 审计, 事故), read strictly: a word that nothing can ever bear would make `数: 0` hold for ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from yk.audit.rules import find_rule
from yk.audit.states import STATES
from yk.desk.views import EVENT_NAMES
from yk.errors import YkError
from yk.scenario import words
from yk.scenario.incident import find_incident
from yk.scenario.keys import brief, keyed
from yk.scenario.matching import NOTHING, is_matcher, pattern_in
from yk.scenario.meant import told_at
from yk.scenario.scenario import Place
from yk.scenario.written import Map, Seq, bad
from yk.text import did_you_mean

ROWS = {"findings": "finding_row", "messages": "message", "log": "log_row", "incidents": "incident_row"}
_NAMES = {"findings": "发现", "messages": "消息", "log": "审计", "incidents": "事故"}
_ALONE = {"findings": "rule", "messages": "text", "log": "event", "incidents": "incident"}
"""What a word that stands alone says of a row."""


def is_none(value: Any) -> bool:
    """Does it say that there must be nothing?"""
    return value is None or value == [] or (isinstance(value, str) and value in NOTHING)


def none_of(place: Place) -> Map:
    """The wish that there be no such row."""
    return Map({"count": 0}, place.file, place.line, {})


def read_rows_wanted(kind: str, value: Any, place: Place) -> list[Map]:
    """The rows wanted, in the order written. Raises DefinitionError."""
    if is_none(value):
        return [none_of(place)]
    return [_row(kind, item, place) for item in (value if isinstance(value, Seq) else [value])]


def _row(kind: str, item: Any, place: Place) -> Map:
    if isinstance(item, Map):
        row = keyed(item, ROWS[kind], place, _NAMES[kind])
    elif item is None or isinstance(item, Seq):
        raise bad(place, "wrong_type", f"{_NAMES[kind]}的一行应写成 键: 值，现为 {brief(item)}")
    else:
        row = Map({_ALONE[kind]: item}, place.file, place.line, {})
    for key, meant in _MEANT.get(kind, {}).items():
        word = row.get(key)
        if word is None or is_matcher(word):
            continue
        try:
            row[key] = meant(str(word))
        except YkError as error:
            raise told_at(row.place(key), error) from None
    return row


def _state(word: str) -> str:
    """The name of a state of a finding, by code or name. Raises YkError."""
    if word in STATES.values():
        return word
    if word not in STATES:
        raise YkError("unknown_word", f"问题没有“{word}”这个状态", did_you_mean(word, STATES.values()))
    return STATES[word]


def _event(word: str) -> str:
    """What an order's log calls an event, by its English or Chinese name. Raises YkError."""
    name = words.chinese("deed", EVENT_NAMES.get(word, word))
    if name not in EVENT_NAMES.values() and not name.startswith(words.chinese("deed", "sign")):
        raise YkError("unknown_word", f"记录里没有“{word}”这种事", did_you_mean(word, EVENT_NAMES.values()))
    return name


_MEANT: dict[str, dict[str, Callable[[str], str]]] = {
    "findings": {"rule": lambda word: find_rule(word).id, "state": _state},
    "incidents": {"incident": lambda word: find_incident(word).name},
    "log": {"event": _event},
}
"""What a word of a row means; a rule, state, event or incident that is not known is refused."""


def refuse_bad_patterns(value: Any, place: Place) -> None:
    """Refuse a `/pattern/` that is none, wherever it stands in an expectation."""
    if isinstance(value, Map):
        for key, item in value.items():
            refuse_bad_patterns(item, value.place(key))
    elif isinstance(value, Seq):
        for number, item in enumerate(value):
            refuse_bad_patterns(item, value.place(number))
    elif isinstance(value, str) and (pattern := pattern_in(value)) is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            where = f"第 {error.pos + 1} 个字符" if error.pos is not None else "某处"
            raise bad(
                place, "bad_pattern", f"正则 {value} 写法不对，在{where}", "要照字面比就去掉两头的 /"
            ) from None
