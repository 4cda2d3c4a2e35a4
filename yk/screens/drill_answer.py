"""Answering on the screen 演练: one of several options, several of them, a clause read out and repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding

from yk.scenario.stages import LETTERS
from yk.screens.dialogs import AskText, Confirm, Steered
from yk.screens.drill_words import is_several, kind_of
from yk.screens.widgets.prose import Prose, folded
from yk.screens.widgets.rows import Line, Rows

if TYPE_CHECKING:
    from yk.scenario.questions import Question
    from yk.screens.app import YkApp


class Options(Rows, can_focus=False):
    """Options under their letters, several of them marked where several may be chosen."""

    def __init__(self, several: bool) -> None:
        super().__init__()
        self.several, self.marked = several, set[str]()

    def drawn(self, row: Any, width: int) -> list[Line]:
        letter, option = row
        mark = ("☑ " if option.id in self.marked else "☐ ") if self.several else ""
        tone = "accent" if option.id in self.marked else ""
        return [[(line, tone)] for line in folded(option.text, width - 1, f" {mark}{letter}  ")]


class Answering(Steered[tuple[str, ...]]):
    """Choose by letter, or by the cursor; answers the ids of the options."""

    BINDINGS = [
        Binding("enter", "done", "确定", show=False),
        Binding("space", "mark", "选中", show=False),
    ]

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._question, self._several = question, is_several(question)

    def compose(self) -> ComposeResult:
        how = "字母 或 空格 选中　回车 交卷" if self._several else "字母 或 回车 作答"
        with self.box(kind_of(self._question)):
            yield Prose(self._question.stem, "")
            yield Options(self._several)
            yield Prose((f"{how}　上下 移动　esc 先不答", "faint"), id="told")

    def on_mount(self) -> None:
        """The options."""
        rows = self.query_one(Options)
        rows.key = lambda row: row[0]
        rows.show(list(zip(LETTERS, self._question.options, strict=False)))

    def on_key(self, event: events.Key) -> None:
        """A letter chooses its option."""
        place = LETTERS.find((event.character or " ").upper())
        if 0 <= place < len(self._question.options):
            event.stop()
            self.query_one(Options).cursor = place
            self.action_mark()

    def action_mark(self) -> None:
        """Choose the option under the cursor; where several may be, mark it or take its mark away."""
        rows = self.query_one(Options)
        ident = rows.row[1].id
        if not self._several:
            self.dismiss((ident,))
            return
        rows.marked ^= {ident}
        rows.refresh()

    def action_done(self) -> None:
        """Hand in what is chosen."""
        rows = self.query_one(Options)
        if not self._several:
            self.action_mark()
        elif rows.marked:
            chosen = (option.id for option in self._question.options)
            self.dismiss(tuple(one for one in chosen if one in rows.marked))
        else:
            self.query_one("#told", Prose).say(("还没有选，按字母或空格选中", "bad"))

    @on(Rows.Selected)
    def _selected(self) -> None:
        self.action_mark()


async def recite(app: YkApp, question: Question) -> bool:
    """Read a clause out, repeat it word for word, confirm it (唱票复诵); False when it was left."""
    from yk.scenario.questions import Recital

    recital = Recital(question.answer)
    label = f"照念：{recital.read()}\n再逐字复诵（标点不计）："

    def wrong(text: str) -> str:
        return "" if recital.repeat(text) else "和原文不一样，再复诵一遍"

    if await app.push_screen_wait(AskText("唱票复诵", label, check=wrong)) is None:
        return False
    if not await app.push_screen_wait(Confirm("唱票复诵", recital.text, "复诵无误，确认照此操作？")):
        return False
    return recital.confirm()
