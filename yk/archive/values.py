"""Reading one value of the archive from what a file, a form or a spreadsheet cell holds.

Every reader returns the stored value or None for a blank, and raises ValueError with what is wanted, in Chinese.
What a reader returned, it reads again to the same value. Nothing is guessed: a number that a spreadsheet has
already shortened or rounded is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from yk.clock import BEIJING
from yk.text import clip, halfwidth, plain

Value = str | int | float | None

LONGEST = 4000
"""Characters in a text: Oracle's VARCHAR2, which the systems around us use."""

_DOUBTFUL_INT = 10**15
_INT64 = 2**63
_EXCEL_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))
_UNENCODABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]{2,3}|[0-9]{8,}\.0+")
_INTEGER = re.compile(r"[+-]?[0-9]{1,30}(\.0*)?")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_DAY = r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
_TIME = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?"
_MOMENT = re.compile(_DAY + r"(?:[T ]\s*" + _TIME + r"(Z|[+-][0-9]{2}:?[0-9]{2})?)?")


def text(value: object) -> str | None:
    """A text: one line, outer blanks and control characters gone. Whole numbers up to 15 digits count as text."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _DOUBTFUL_INT:
        return str(value)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"应是文字，现为数值 {value}，可能已丢位；把单元格格式设为文本后重填")
    raise ValueError(f"应是文字，现为{_shown(value)}；把单元格格式设为文本后重填")


def _clean(value: str) -> str | None:
    if not value.isprintable():
        if _UNENCODABLE.search(value):
            raise ValueError("含有不可用的字符")
        value = plain(value)
    value = value.strip()
    if not value:
        return None
    if len(value) > LONGEST:
        raise ValueError(f"应不超过 {LONGEST} 个字，现为 {len(value)} 个字")
    if value in _EXCEL_ERRORS:
        raise ValueError(f"是表格软件的错误值 {value}")
    if (".0" in value or "+" in value) and _SCIENTIFIC.fullmatch(value):
        raise ValueError(f"应是文字，现为 {value}，已被表格软件改写，可能丢位；把单元格格式设为文本后重填")
    return value


def integer(value: object) -> int | None:
    """A whole number that fits 64 bits; 100.0 counts."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _in_range(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _DOUBTFUL_INT:
        return int(value)
    if (words := _words(value)) is None:
        return None
    if not _INTEGER.fullmatch(words):
        raise ValueError(f"应是整数，现为{_shown(value)}")
    return _in_range(int(words.partition(".")[0]))


def _in_range(value: int) -> int:
    if abs(value) >= _INT64:
        raise ValueError("应是整数，现在的位数太多")
    return value


def number(value: object) -> float | None:
    """A finite number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _finite(value)
    if (words := _words(value)) is None:
        return None
    if not _NUMBER.fullmatch(words):
        raise ValueError(f"应是数字，现为{_shown(value)}；不要写千分位逗号、单位和百分号")
    return _finite(words)


def _finite(value: str | float) -> float:
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise ValueError("应是数字，现在的大小超出范围")
    return found + 0.0


def day(value: object) -> str | None:
    """A date as `YYYY-MM-DD`; the time of day of a date-time is dropped."""
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-" and _iso(value):
        return value
    moment = _moment(value, "应是日期，写成 2026-11-21")
    return None if moment is None else moment.date().isoformat()


def timestamp(value: object) -> str | None:
    """A time as `YYYY-MM-DDTHH:MM:SS` in Beijing time; a bare date is its midnight."""
    if isinstance(value, str) and len(value) == 19 and value[10] == "T" and value[13] == value[16] == ":":
        found = _iso(value)
        if found and found.tzinfo is None:
            return value
    moment = _moment(value, "应是时间，写成 2026-11-21T09:30:00")
    return None if moment is None else moment.isoformat()


def _moment(value: object, wanted: str) -> datetime | None:
    """The date-time that `value` means, without zone, in Beijing time, whole seconds."""
    if isinstance(value, datetime):
        moment: datetime | None = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, int) and not isinstance(value, bool):
        moment = _read_moment(str(value))
    elif (words := _words(value)) is None:
        return None
    else:
        moment = _read_moment(words)
    if moment is not None and moment.tzinfo is not None:
        moment = _in_beijing(moment)
    if moment is None:
        raise ValueError(f"{wanted}，现为{_shown(value)}")
    return moment.replace(microsecond=0)


def _in_beijing(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(BEIJING).replace(tzinfo=None)
    except OverflowError:
        return None


def _read_moment(words: str) -> datetime | None:
    found = _MOMENT.fullmatch(words)
    if found is None:
        return None
    year, _, *parts = found.groups()
    month, day_ = next((m, d) for m, d in (parts[0:2], parts[2:4], parts[4:6]) if m)
    hour, minute, second = (int(part or 0) for part in parts[6:9])
    zone = (parts[9] or "").replace("Z", "+00:00")
    plain_form = f"{year}-{int(month):02}-{int(day_):02}T{hour:02}:{minute:02}:{second:02}{zone}"
    return _iso(plain_form)


def _iso(words: str) -> datetime | None:
    """An ISO date or date-time that the calendar knows, or None."""
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        return None


def _words(value: object) -> str | None:
    """The half-width text of `value`, None for a blank. Raises ValueError for what is no text."""
    if value is None:
        return None
    if not isinstance(value, str):
        return repr(value)
    return halfwidth(value) or None


def _shown(value: object) -> str:
    """`value` short and harmless, for a message."""
    return f"“{clip(plain(str(value)), 40)}”"


READERS: Mapping[str, Callable[[object], Value]] = MappingProxyType(
    {"VARCHAR": text, "DOUBLE": number, "INTEGER": integer, "DATE": day, "TIMESTAMP": timestamp}
)
"""The reader of each type of the dictionary."""
