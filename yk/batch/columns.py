"""The columns of a batch list, and reading their cells.

Nothing is guessed: what a spreadsheet has shortened or rounded is a problem of its line, and what is taken in another
form than it was written in says so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from yk.archive.cells import unquoted
from yk.errors import UsageError
from yk.text import clip, halfwidth, plain

ACCOUNT, CODE, NUMBER, TEXT = "account", "code", "number", "text"
_EXACT = 10**15
"""Spreadsheets keep 15 digits of a number."""
_ERRORS = frozenset(
    (
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#BUSY!",
    )
)
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_TWO_WIDTHS = re.compile(r"[\x20-\x7e\uff01-\uff5e\s]*")
"""Text that becomes ASCII by taking full-width signs for half-width ones, and by nothing else."""
_WRAPPED = re.compile(r'=\s*"(.*)"\s*', re.S)
_CODE = re.compile(r"[A-Za-z0-9_./-]+")
_WHOLE = re.compile(r"([0-9]+)\.0+")
_SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,3})")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_REMEDY = "把这一列的单元格格式设为“文本”，从系统重新导出或重新填写"
_ROUNDED = f"是数值单元格，表格软件只保留 15 位，后面的数字已丢，{_REMEDY}"
_SHORT = 100
_KEPT = 10_000
"""So many different texts of a column are kept."""
_TRUTH = {True: "TRUE", False: "FALSE"}


class BadCell(Exception):
    """A cell that cannot be taken: a stable code, and what is wrong in Chinese."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a batch list.

    `kind`: account (an account number), code (number of a line, area, section, asset), number, text. A list without a
    `required` column is refused. `words`: further headers that mean it; `max`: characters of the longest text.
    """

    name: str
    label: str
    kind: str
    required: bool = False
    words: tuple[str, ...] = ()
    max: int = 200

    def read(self, text: str) -> Any:
        """The value of a cell that holds `text`: a float or a str. Raises UsageError with the column's label."""
        try:
            value, _ = read_cell(self, text)
        except BadCell as error:
            raise UsageError(error.code, error.text) from None
        if value is None:
            raise UsageError("blank_value", f"{self.label}没有写值")
        return value


def read_cell(column: Column, cell: object) -> tuple[str | float | None, str]:
    """The value of a cell (a text, number, truth value or date), None for a blank; and in which form it stood there
    when that was another one. Raises BadCell."""
    if cell is None:
        return None, ""
    if isinstance(cell, str):
        text = visible(cell).strip()
        if not text:
            return None, ""
        if text.upper() in _ERRORS:
            raise BadCell("cell_error", f"{column.label}是表格软件的错误值 {text}")
    value, how = _READERS[column.kind](column, cell)
    if isinstance(value, str) and len(value) > column.max:
        raise BadCell("too_long", f"{column.label}应不超过 {column.max} 个字，现为 {len(value)} 个字")
    return value, how


def visible(text: str) -> str:
    """A text without the signs that nobody sees: zero-width, byte order marks, soft hyphens."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def shown(cell: object) -> str:
    """A cell short and harmless, for a message."""
    return f"“{clip(plain(_as_text(cell)), 40)}”"


def _as_text(cell: object) -> str:
    if isinstance(cell, bool):
        return _TRUTH[cell]
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _text(column: Column, cell: object) -> tuple[str | None, str]:
    if not isinstance(cell, str):
        if isinstance(cell, float) and not math.isfinite(cell):
            raise BadCell("bad_number", f"{column.label}{shown(cell)}不是可用的数")
        if isinstance(cell, int | float) and abs(cell) >= _EXACT:
            raise BadCell("text_damaged", f"{column.label}{shown(cell)}{_ROUNDED}")
        return _as_text(cell), ""
    text = cell.strip() if cell.isprintable() else " ".join(plain(_INVISIBLE.sub("", cell)).split())
    if (found := _WRAPPED.fullmatch(text)) is not None:
        return found[1].strip() or None, '="…" 的写法'
    return unquoted(text) or None, ""


def _number(column: Column, cell: object) -> tuple[float | None, str]:
    if isinstance(cell, bool | date | time | timedelta):
        kind = "真假值" if isinstance(cell, bool) else "日期或时间"
        raise BadCell(
            "bad_number", f"{column.label}应是数字，现为{kind}{shown(cell)}，把单元格格式改为数值后重填"
        )
    if isinstance(cell, int | float):
        return _finite(column, cell, cell), ""
    text, how = _narrowed(str(cell))
    if "。" in text and "." not in text:
        text, how = text.replace("。", "."), "全角"
    if not text:
        return None, ""
    if not text.isascii() or not _NUMBER.fullmatch(text):
        wanted = "应是不小于 0 的数字，不写千分位逗号、单位和正负号"
        raise BadCell("bad_number", f"{column.label}{wanted}，现为{shown(cell)}")
    return _finite(column, text, cell), how


def _finite(column: Column, number: str | float, cell: object) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise BadCell("bad_number", f"{column.label}{shown(cell)}不是可用的数")
    if value < 0:
        raise BadCell("bad_number", f"{column.label}应不小于 0，现为{shown(cell)}")
    return value + 0.0


def _identifier(column: Column, cell: object) -> tuple[str | None, str]:
    """An account number or a code. Its digits stand as they are written, or the cell is refused."""
    if isinstance(cell, str):
        return _written_identifier(column, cell)
    if isinstance(cell, bool | date | time | timedelta) or not isinstance(cell, int | float):
        kind = "真假值" if isinstance(cell, bool) else "日期或时间"
        raise BadCell(_code(column, "malformed"), f"{column.label}是{kind}{shown(cell)}，{_REMEDY}")
    whole = isinstance(cell, int) or (math.isfinite(cell) and cell.is_integer())
    if whole and 0 <= cell < _EXACT:
        return str(int(cell)), "数值单元格"
    if whole and cell > 0:
        digits = f"{int(cell)}"
        raise BadCell(
            _code(column, "damaged"),
            f"{column.label}“{clip(digits, 40)}”{_ROUNDED}",
        )
    raise BadCell(_code(column, "malformed"), f"{column.label}{shown(cell)}是带小数或负的数值，{_REMEDY}")


def _written_identifier(column: Column, cell: str) -> tuple[str | None, str]:
    text, how = _narrowed(cell)
    if not text:
        return None, ""
    is_account = column.kind == ACCOUNT
    if found := _WHOLE.fullmatch(text):
        if len(found[1]) > 15:
            _refuse_damaged(column, cell)
        return found[1], "带小数的写法"
    if (found := _SCIENTIFIC.fullmatch(text)) and (is_account or "+" in text):
        digits = found[1] + (found[2] or "")
        size = int(found[3]) + 1
        if len(digits) < size or size > 15 or digits[size:].strip("0"):
            _refuse_damaged(column, cell)
        return digits[:size], "科学计数的写法"
    if is_account and not (text.isascii() and text.isdigit()):
        wrong = "".join(dict.fromkeys(c for c in text if not (c.isascii() and c.isdigit())))
        named = "空格" if not wrong.strip() else f"“{clip(plain(wrong), 20)}”"
        raise BadCell("account_malformed", f"{column.label}{shown(cell)}里有{named}，应全是数字，核对后改正")
    if not is_account and not _CODE.fullmatch(text):
        raise BadCell("code_malformed", f"{column.label}{shown(cell)}只能有字母、数字和 - _ . /，核对后改正")
    return text, how


def _refuse_damaged(column: Column, cell: str) -> None:
    raise BadCell(_code(column, "damaged"), f"{column.label}{shown(cell)}被表格软件缩写，数字已丢，{_REMEDY}")


def _code(column: Column, what: str) -> str:
    return f"{'account' if column.kind == ACCOUNT else 'code'}_{what}"


def _narrowed(cell: str) -> tuple[str, str]:
    """A text with full-width signs made half-width, without invisible signs, Excel's `="…"` and `'`; and what it was."""
    how, text = "", cell.strip()
    if not text.isascii():
        text, how = _INVISIBLE.sub("", text).strip(), "全角或不可见字符"
        if _TWO_WIDTHS.fullmatch(text):
            text = halfwidth(text)
    if found := _WRAPPED.fullmatch(text):
        text, how = found[1].strip(), '="…" 的写法'
    if text.startswith("'"):
        text, how = text[1:].strip(), how or "前面有 ' 的写法"
    return text, how


_READERS: dict[str, Callable[[Column, object], tuple[str | float | None, str]]] = {
    ACCOUNT: _identifier, CODE: _identifier, NUMBER: _number, TEXT: _text,
}  # fmt: skip


def _quick_number(cell: Any) -> float | None:
    if type(cell) is str:
        return float(cell) if len(cell) < _SHORT and _NUMBER.fullmatch(cell) else None
    return float(cell) if type(cell) in (int, float) and 0 <= cell < _EXACT else None


def quick_reader(column: Column) -> Callable[[Any], Any]:
    """A reader for the plain cells that most cells are: their value, or None for `read_cell` to look closely."""
    if column.kind == NUMBER:
        return _quick_number
    if column.kind == ACCOUNT:
        limit = column.max
        return lambda cell: (
            cell if type(cell) is str and cell.isascii() and cell.isdigit() and len(cell) <= limit else None
        )
    kept: dict[str, str] = {}
    longest, text = column.max, column.kind == TEXT

    def quick(cell: Any) -> Any:
        """Codes and reasons repeat: one that was read is kept, so that it stands in memory once."""
        if type(cell) is not str:
            return None
        if (found := kept.get(cell)) is not None:
            return found
        if len(cell) <= longest and cell.isalnum() and (text or cell.isascii()):
            if len(kept) < _KEPT:
                kept[cell] = cell
            return cell
        return None

    return quick
