"""Questions over a screen: a line of text, a choice, a confirmation by typing a number, a refusal with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from yk.errors import Reason
from yk.screens.widgets.field import YkInput
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.prose import Piece, Prose, folded
from yk.screens.widgets.rows import Line, Rows
from yk.screens.words import reason_line, source_line
from yk.text import halfwidth

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A question in a box over the screen; `esc` answers None."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [Binding("escape", "leave", "取消", id="dialog.leave")]

    def action_leave(self) -> None:
        """Answer nothing."""
        self.dismiss(None)

    def box(self, title: str) -> Vertical:
        """The box everything stands in."""
        box = Vertical(classes="box")
        entitle(box, title)
        return box


class Steered(Dialog[Answer]):
    """A line to type into above a list: the arrows move the cursor of the list while one types."""

    BINDINGS = [
        Binding("down", "step(1)", "下一个", show=False),
        Binding("up", "step(-1)", "上一个", show=False),
        Binding("pagedown", "leap(1)", "下一页", show=False),
        Binding("pageup", "leap(-1)", "上一页", show=False),
    ]

    def action_step(self, by: int) -> None:
        """Move the cursor of the list."""
        self.query_one(Rows).action_move(by)

    def action_leap(self, by: int) -> None:
        """Move it by a page."""
        self.query_one(Rows).action_page(by)


class AskText(Dialog[str]):
    """One line of text; `check` says what is wrong with it ('' when nothing is)."""

    def __init__(
        self, title: str, label: str, value: str = "", check: Callable[[str], str] | None = None
    ) -> None:
        super().__init__()
        self._title, self._label, self._value = title, label, value
        self._check = check or (lambda text: "" if text.strip() else "不能为空")

    def compose(self) -> ComposeResult:
        with self.box(self._title):
            yield Prose(self._label)
            yield YkInput(self._value, replace=True)
            yield Prose(("回车 确定　esc 取消", "faint"), id="told")

    def on_mount(self) -> None:
        """Typing goes into the line."""
        self.query_one(YkInput).focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if wrong := self._check(event.value):
            self.query_one("#told", Prose).say((wrong, "bad"))
            return
        self.dismiss(event.value.strip())


class ConfirmNumber(Dialog[bool]):
    """Something that destroys: go on only when the number is typed."""

    def __init__(self, title: str, pieces: Sequence[Piece | str], number: str) -> None:
        super().__init__()
        self._title, self._pieces, self._number = title, pieces, number

    def compose(self) -> ComposeResult:
        with self.box(self._title):
            yield Prose(*self._pieces)
            yield Prose((f"确认请输入 {self._number}", "title"))
            yield YkInput()
            yield Prose(("回车 确定　esc 取消", "faint"), id="told")

    def on_mount(self) -> None:
        """Typing goes into the line."""
        self.query_one(YkInput).focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if halfwidth(event.value) == self._number:
            self.dismiss(True)
        else:
            self.query_one("#told", Prose).say(("编号不对，什么也没有做", "bad"))


class Confirm(Dialog[bool]):
    """Yes or no."""

    BINDINGS = [
        Binding("enter,y", "yes", "确定", id="dialog.yes"),
        Binding("n", "leave", "取消", id="dialog.no"),
    ]

    def __init__(self, title: str, *pieces: Piece | str) -> None:
        super().__init__()
        self._title, self._pieces = title, pieces

    def compose(self) -> ComposeResult:
        with self.box(self._title):
            yield Prose(*self._pieces)
            yield Prose(("回车 或 y 确定　esc 或 n 取消", "faint"))

    def action_yes(self) -> None:
        """Answer yes."""
        self.dismiss(True)


class Choices(Rows):
    """Options to choose from: (id, what it is called, what is said of it)."""

    def drawn(self, row: Any, width: int) -> list[Line]:
        _, name, more = row
        lines: list[Line] = [[(text, "")] for text in folded(name, width - 1, " ")]
        if more:
            lines += [[(text, "faint")] for text in folded(more, width - 1, "   ")]
        return lines


class Choose(Steered[str]):
    """One of several: typing narrows the list where it is long."""

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[str, str, str]],
        matches: Callable[[tuple[str, str, str], str], bool] | None = None,
        chosen: str = "",
        empty: str = "没有符合的",
    ) -> None:
        super().__init__()
        self._title, self._options, self._chosen, self._empty = title, list(options), chosen, empty
        self._matches = matches or (lambda option, word: word in f"{option[0]} {option[1]}".casefold())

    def compose(self) -> ComposeResult:
        with self.box(self._title):
            yield YkInput(placeholder="输入文字缩小范围")
            yield Choices(self._empty)
            yield Prose(("上下 选择　回车 确定　esc 取消", "faint"))

    def on_mount(self) -> None:
        """The list as a whole, the present choice under the cursor."""
        rows = self.query_one(Choices)
        rows.key = lambda row: row[0]
        rows.can_focus = False
        self.query_one(YkInput).focus()
        self.fill(self._options)

    def fill(self, options: Sequence[tuple[str, str, str]]) -> None:
        """Offer these options, as far as what is typed already leaves them."""
        self._options = list(options)
        self._narrow(self.query_one(YkInput).value)
        self.query_one(Choices).go_to(self._chosen)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        words = halfwidth(text).casefold().split()
        found = [option for option in self._options if all(self._matches(option, word) for word in words)]
        rows = self.query_one(Choices)
        rows.show(found)
        if words:
            rows.cursor = 0

    @on(Input.Submitted)
    def _submitted(self) -> None:
        row = self.query_one(Choices).row
        if row is not None:
            self.dismiss(row[0])

    @on(Rows.Selected)
    def _selected(self, event: Rows.Selected) -> None:
        self.dismiss(event.row[0])


class Reasons(Rows):
    """Reasons of a refusal, each with where it comes from."""

    def drawn(self, row: Reason, width: int) -> list[Line]:
        lines: list[Line] = [
            [("✗ ", "bad"), (text, "")] if not number else [("  ", ""), (text, "")]
            for number, text in enumerate(folded(reason_line(row), width - 3))
        ]
        if source := source_line(row):
            lines += [[(text, "faint")] for text in folded(source, width - 1, "    ")]
        return lines


class Refusal(Dialog[str]):
    """Why something was refused: every reason at once. Choosing one answers its entry's number, to read on."""

    def __init__(self, title: str, reasons: Sequence[Reason]) -> None:
        super().__init__()
        self._title, self._reasons = title, reasons

    def compose(self) -> ComposeResult:
        with self.box(f"{self._title}：{len(self._reasons)} 条原因"):
            yield Reasons()
            yield Prose(("什么也没有改。　上下 逐条看　esc 返回", "faint"))

    def on_mount(self) -> None:
        """The reasons."""
        self.query_one(Reasons).show(self._reasons)
        self.query_one(Reasons).focus()

    @on(Rows.Selected)
    def _selected(self) -> None:
        self.dismiss(None)
