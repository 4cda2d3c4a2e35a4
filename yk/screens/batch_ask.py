"""Questions of the screen 批量: which rows, where to write, what a field says; a page to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll

from yk.errors import UsageError
from yk.screens.dialogs import AskText, Choose, Confirm, Dialog
from yk.screens.folders import keep_folder, last_folder
from yk.screens.widgets.prose import Piece, Prose
from yk.screens.words import said

if TYPE_CHECKING:
    from yk.screens.app import YkApp

FILES = {".xlsx": "工作簿", ".csv": "文本"}
KINDS_TEXT = {
    "text": "文字", "phone": "电话号码", "email": "电子邮箱", "postcode": "6 位邮政编码", "integer": "整数",
    "number": "数字", "date": "日期，如 2026-11-21", "datetime": "时间，如 2026-11-21 09:30",
}  # fmt: skip
"""Type of a field -> what is to be typed."""


class Page(Dialog[None]):
    """Something to read, longer than the screen where it must be."""

    CSS_PATH = "batch.tcss"
    BINDINGS = [Binding("enter,q", "leave", "返回", show=False)]

    def __init__(self, title: str, pieces: Sequence[Piece | str]) -> None:
        super().__init__()
        self._title, self._pieces = title, pieces

    def compose(self) -> ComposeResult:
        with self.box(self._title):
            with VerticalScroll(id="page"):
                yield Prose(*self._pieces)
            yield Prose(("上下 翻看　esc 返回", "faint"))

    def on_mount(self) -> None:
        """The arrows move the page."""
        self.query_one("#page").focus()


async def ask_target(app: YkApp, title: str, name: str, kinds: Mapping[str, str] = FILES) -> Path | None:
    """Where to write a file of one of `kinds`, suffix -> what it is; one that is there is asked about. None when nowhere."""

    def wrong(text: str) -> str:
        path = _path(text)
        if path.suffix.lower() not in kinds:
            return f"文件名的后缀写 {' 或 '.join(kinds)}"
        if _is_store(path, app.office.url):
            return "这是存储文件，不能写在上面"
        return "" if path.parent.is_dir() else f"没有 {path.parent} 这个文件夹"

    told = "，".join(f"{suffix} 是{what}" for suffix, what in kinds.items())
    label = f"写到哪个文件（后缀 {told}）"
    answer = await app.push_screen_wait(AskText(title, label, str(last_folder() / name), wrong))
    if not answer:
        return None
    path = _path(answer)
    if path.exists() and not await app.push_screen_wait(Confirm("文件已存在", f"{path}", "换成新写的？")):
        return None
    keep_folder(path.parent)
    return path


def _is_store(path: Path, url: str) -> bool:
    from yk.store.url import parse

    _, store = parse(url)
    return store is not None and path.exists() and store.exists() and path.samefile(store)


def _path(text: str) -> Path:
    return last_folder() / Path(text.strip()).expanduser()


async def ask_field(app: YkApp, field: Mapping[str, Any], now: str) -> str | None:
    """The value of a form field as it is typed; None when it stays as it is."""
    title = str(field["label"])
    if field["type"] == "code":
        from yk.archive.codes import codes

        options = [(code, f"{code}  {name}", "") for code, name in codes(field["codes"]).items()]
        return await app.push_screen_wait(Choose(title, options, chosen=now))
    if field["type"] == "boolean":
        options = [("是", "是", ""), ("否", "否", "")]
        return await app.push_screen_wait(Choose(title, options, chosen=now))

    def wrong(text: str) -> str:
        from yk.desk import form

        if not text.strip():
            return "不能为空"
        try:
            form.parse(dict(field), text)
        except UsageError as error:
            return said(error.message)
        return ""

    unit = f"，单位 {field['unit']}" if field["unit"] else ""
    return await app.push_screen_wait(AskText(title, f"{KINDS_TEXT[field['type']]}{unit}", now, wrong))
