"""What the readers of the archive (`yk/archive/values.py`) make of a text, as SQL of DuckDB.

SQL reads the plain forms only, and says of every row whether it is sure of it; what it is not sure of goes to the readers
themselves. So every value is the same, whoever read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from yk.archive.dictionary import Entity, Field
from yk.archive.values import LONGEST
from yk.audit.dialects import quoted
from yk.audit.duck.staging import Given, named

_BETWEEN = "\ue000"
"""Stands between the texts of a row, which are looked at together: a character for private use."""
_STRANGE = r"[\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]"
"""Blanks that only Python cuts off."""
_CONTROL = r"[\x00-\x1f\x7f-\x9f\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{fffe}\x{ffff}]"
_SPOILED = r"#(NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)|[0-9](\.[0-9]+)?[eE]\+[0-9]{2,3}|[0-9]{8,}\.0+"
"""What spreadsheets make of errors and of long numbers."""
_EDGE = f"(^|$|{_BETWEEN})"
_DOUBTFUL = f"{_CONTROL}|{_EDGE}({_STRANGE}|({_SPOILED}){_EDGE})|{_STRANGE}{_EDGE}"
"""A row of texts that holds this is not sure."""
_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_WHOLE = r"[+-]?[0-9]{1,18}(\.0*)?"
_DAY = "[0-9]{4}(-[0-9]{2}-|/[0-9]{2}/)[0-9]{2}"
_MOMENT = rf"{_DAY}([T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,6}})?)?"


class Cast(NamedTuple):
    """SQL: the stored value of every field in the dictionary's order, and whether all of them are sure."""

    values: tuple[str, ...]
    sure: str


def cast(kind: Entity, given: Given) -> Cast:
    """How the rows of an entity are read."""
    values = [_value(one, given) for one in kind.fields.values()]
    return Cast(tuple(values), f"coalesce({' AND '.join(_tests(kind, given))}, false)")


def _value(field: Field, given: Given) -> str:
    if field.name in given.numbers:
        return f"{given.numbers[field.name]} + 0"
    if field.name in given.texts:
        return _VALUES[field.type](f"trim({given.texts[field.name]})")
    return "NULL"


def _tests(kind: Entity, given: Given) -> Iterator[str]:
    """Everything that must hold for a row to be sure."""
    yield from given.also
    yield from (f"isfinite(coalesce({number}, 0))" for number in given.numbers.values())
    yield from (f"coalesce(trim({text}), '') = ''" for text in given.unknown.values())
    texts = []
    for name, text in given.texts.items():
        if test := _TESTS.get(kind.fields[name].type):
            yield f"(coalesce(trim({text}), '') = '' OR {test(f'trim({text})')})"
        else:
            texts.append(f"trim({text})")
    yield from _key_tests(kind, given)
    if texts:
        row = f"concat_ws({quoted(_BETWEEN)}, {', '.join(texts)})"
        yield f"length({row}) <= {LONGEST} AND NOT regexp_matches({row}, {quoted(_DOUBTFUL)})"


def _key_tests(kind: Entity, given: Given) -> Iterator[str]:
    """The key must be there, and its parts can be told apart."""
    for place, name in enumerate(kind.key, start=1):
        text = given.texts.get(name)
        yield f"coalesce(trim({text}), '') <> ''" if text else "false"
        if text and place < len(kind.key):
            yield f"NOT contains({text}, ':')"


def key_of(kind: Entity) -> str:
    """SQL of what names a row."""
    return f"concat_ws(':', {', '.join(map(named, kind.key))})"


def _day(text: str) -> str:
    return f"replace(left({text}, 10), '/', '-')"


def _moment(text: str) -> str:
    time = f"coalesce(nullif(substr({text}, 12, 8), ''), '00:00:00')"
    return f"nullif({_day(text)}, '') || 'T' || {time}"


def _is_moment(text: str) -> str:
    day = f"left({text}, 4) <> '0000' AND try_cast({_day(text)} AS DATE) IS NOT NULL"
    return f"(regexp_full_match({text}, {quoted(_MOMENT)}) AND {day})"


def _is_number(text: str) -> str:
    return f"(regexp_full_match({text}, {quoted(_NUMBER)}) AND isfinite(try_cast({text} AS DOUBLE)))"


_VALUES: Mapping[str, Callable[[str], str]] = {
    "VARCHAR": lambda text: f"nullif({text}, '')",
    "DOUBLE": lambda text: f"try_cast({text} AS DOUBLE) + 0",
    "INTEGER": lambda text: f"try_cast({text} AS BIGINT)",
    "DATE": lambda text: f"nullif({_day(text)}, '')",
    "TIMESTAMP": _moment,
}
_TESTS: Mapping[str, Callable[[str], str]] = {
    "DOUBLE": _is_number,
    "INTEGER": lambda text: f"regexp_full_match({text}, {quoted(_WHOLE)})",
    "DATE": _is_moment,
    "TIMESTAMP": _is_moment,
}
"""By the types of the dictionary: the stored value of a text, and whether it is in plain form; texts are looked at together."""
COLUMNS = {
    "VARCHAR": "VARCHAR",
    "DOUBLE": "DOUBLE",
    "INTEGER": "BIGINT",
    "DATE": "VARCHAR",
    "TIMESTAMP": "VARCHAR",
}
"""By the types of the dictionary: the column that keeps it as the store does."""
