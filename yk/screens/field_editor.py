"""Asking for the value of a form field: text with its check, a code from its list, yes or no, rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from yk.errors import UsageError
from yk.screens.dialogs import AskText, Choose
from yk.screens.step_data import FieldRow
from yk.screens.words import said

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.app import YkApp

EMPTY = "（清空）"
_YES_NO = {"是": "是 shi y 1", "否": "否 fou n 0"}
_WANTED = {
    "text": "文字",
    "phone": "电话号码",
    "email": "电子邮箱",
    "postcode": "6 位邮政编码",
    "integer": "整数",
    "number": "数字",
    "date": "日期，如 2026-11-21",
    "datetime": "时间，如 2026-11-21 09:30",
}
"""Type of a field -> what is to be typed."""


async def ask_value(app: YkApp, case: str, row: FieldRow, unmasked: bool = False) -> Any:
    """The value as it is typed, '' to empty the field; None when it was left as it is."""
    spec = row.spec
    if spec["type"] == "table":
        from yk.screens.table_editor import TableEditor

        rows = await app.office.ask(lambda desk: desk.get(case).data.get(row.id) or [])
        return await app.push_screen_wait(TableEditor(spec, rows))
    if spec["type"] in ("code", "boolean"):
        return await _choose(app, case, row)
    now = await app.office.ask(lambda desk: _text_now(desk, case, spec, unmasked))
    return await app.push_screen_wait(AskText(row.label, _told(spec), now, lambda text: wrong(spec, text)))


def wrong(spec: Mapping[str, Any], text: str) -> str:
    """What is wrong with a typed value; '' when nothing is. An empty one empties the field."""
    from yk.desk import form

    try:
        form.parse(dict(spec), text)
    except UsageError as error:
        return said(error.message) + (f"。{said(error.hint)}" if error.hint else "")
    return ""


def _told(spec: Mapping[str, Any]) -> str:
    unit = f"，单位 {spec['unit']}" if spec["unit"] else ""
    need = "必填" if spec["required"] else "留空即清空"
    return f"{_WANTED[spec['type']]}{unit}；{need}"


def _text_now(desk: Desk, case: str, spec: Mapping[str, Any], unmasked: bool) -> str:
    """The present value to edit; a personal one only for those who may see it."""
    value = desk.get(case).data.get(spec["name"])
    if value is None or (spec["personal"] and not unmasked and not desk.operator.sees_personal_data):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _says(option: tuple[str, str, str], word: str) -> bool:
    """Yes and no by their first letters and figures too."""
    return word in _YES_NO.get(option[0], option[0])


async def _choose(app: YkApp, case: str, row: FieldRow) -> Any:
    from yk.archive.codes import codes

    spec = row.spec
    now = await app.office.ask(lambda desk: desk.get(case).data.get(row.id))
    if spec["type"] == "boolean":
        options = [("是", "是", ""), ("否", "否", "")]
        chosen = "" if now is None else "是" if now else "否"
    else:
        options = [(code, f"{code}  {name}", "") for code, name in codes(spec["codes"]).items()]
        chosen = str(now or "")
    if now is not None and not spec["required"]:
        options.append((EMPTY, EMPTY, ""))
    matches = _says if spec["type"] == "boolean" else None
    value = await app.push_screen_wait(Choose(row.label, options, matches, chosen=chosen))
    return "" if value == EMPTY else value
