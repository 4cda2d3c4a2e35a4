"""What people type on a command line, taken as they mean it: full-width digits, Chinese words, blanks.

Word({"red": "红"})     one of these ids, typed as the id or as its Chinese name
CASE                    an application number
    CASE_OR_FLOW            one, or a word for a flow
pairs(words)            `字段=值` words as a mapping
control_id(word)        an id of capitals, dots and digits (`2.R1.C3`) typed in small or full-width letters
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import click

from yk.errors import UsageError
from yk.text import halfwidth

_EQUALS = re.compile("[=＝]")
_CONTROL = re.compile(r"[\w.-]*\bR\d+\.C\d+", re.I)

STATUSES = {"open": "在办", "suspended": "挂起", "completed": "已归档", "stopped": "已终止"}
LAMPS = {"red": "红", "yellow": "黄", "green": "绿"}
OPINIONS = {"agree": "通过", "revise": "修改", "reject": "退回"}
MORE_STATUSES = {
    "办结": "completed",
    "已办结": "completed",
    "归档": "completed",
    "终止": "stopped",
    "已挂起": "suspended",
}
MORE_LAMPS = {f"{name}灯": ident for ident, name in LAMPS.items()}
MORE_OPINIONS = {"同意": "agree", "不同意": "reject"}


class Word(click.Choice[str]):
    """A choice of ids, each with a Chinese name that may be typed too; `also` maps further words to ids."""

    def __init__(self, names: Mapping[str, str], also: Mapping[str, str] | None = None) -> None:
        super().__init__(list(names))
        self.names, self.also = names, also or {}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The id that was meant."""
        wanted = halfwidth(str(value)).lower()
        wanted = self.also.get(wanted, wanted)
        for ident, name in self.names.items():
            if wanted in (ident, name):
                return ident
        known = "、".join(f"{ident}（{name}）" for ident, name in self.names.items())
        self.fail(f"“{value}”不在可选值里：{known}", param, ctx)


class _CaseNumber(click.ParamType[str]):
    """An application number: 12 digits, blanks and dashes between them let be."""

    name = "申请编号"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The digits alone. Raises UsageError (`unknown_case`) for what cannot be such a number."""
        digits = re.sub(r"[\s-]", "", halfwidth(str(value)))
        if re.fullmatch("[0-9]{12}", digits):
            return digits
        if digits and not digits.isdecimal():
            hint = "工单号写在最前面，如 yk case show 012611210001"
        else:
            hint = "手上只有用户编号就用 yk case list --customer 用户编号 查"
        raise UsageError(
            "unknown_case", f"没有 {value} 这张工单：申请编号是 12 位数字，如 012611210001", hint
        )


CASE = _CaseNumber()


class _CaseOrFlow(click.ParamType[str]):
    """An application number, or a word for a flow; a longer number can only be the former."""

    name = "申请编号或流程"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The number's digits, or the word. Raises UsageError (`unknown_case`)."""
        number = re.fullmatch(r"[0-9\s-]{4,}", halfwidth(str(value)))
        return CASE.convert(value, param, ctx) if number else str(value)


CASE_OR_FLOW = _CaseOrFlow()


def pairs(words: Iterable[str], example: str) -> dict[str, str]:
    """`字段=值` words as a mapping. Raises UsageError (`bad_pair`, `field_twice`); `example` shows how it is written."""
    given = list(words)
    found: dict[str, str] = {}
    for number, word in enumerate(given):
        parts = _EQUALS.split(word, maxsplit=1)
        name = parts[0].strip()
        if len(parts) != 2 or not name:
            alone = len(parts) == 1 and number + 1 < len(given) and not _EQUALS.search(given[number + 1])
            hint = f"等号两边不留空格：{word}={given[number + 1]}" if alone else f"例如 {example}"
            raise UsageError("bad_pair", f"“{word}”不是 字段=值 的写法", hint)
        if name in found:
            raise UsageError("field_twice", f"字段 {name} 写了两次", "只留一个")
        found[name] = parts[1]
    return found


def control_id(word: str) -> str:
    """The id of a control as it is stored; any other word but its width and outer blanks."""
    plain = halfwidth(word)
    return plain.upper() if _CONTROL.fullmatch(plain) else plain
