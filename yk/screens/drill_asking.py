"""Questions on the screen 演练: answered by letters, by doing, by reading out and repeating; hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yk.scenario.stages import LETTERS
from yk.screens.drill_answer import Answering, recite
from yk.screens.drill_playing import Playing
from yk.screens.drill_words import is_several
from yk.screens.working import start

if TYPE_CHECKING:
    from yk.scenario.questions import Question


class Asking(Playing):
    """The part of the screen for the questions of the coming step."""

    @property
    def question(self) -> Question | None:
        """The open question."""
        return self.scene.question if self.scene else None

    def why_not(self, action: str) -> str:
        """Why a key does nothing now."""
        if action not in ("answer", "hint") or self.scene is None:
            return super().why_not(action)
        if self.question is None or self.scene.ended:
            return "这一步没有要答的题"
        if action == "hint" and len(self.scene.hints) == len(self.question.hints):
            return "三次提示都用过了"
        return ""

    async def do_hint(self) -> None:
        """The next hint; each costs more."""
        question = self.question
        assert question is not None
        await self.act(lambda player: player.hint(question))

    async def do_answer(self) -> None:
        """Answer the open question."""
        from yk.scenario.questions import OPERATE

        question = self.question
        assert question is not None
        if question.options:
            chosen = await self.app.push_screen_wait(Answering(question))
            if chosen:
                await self.give(question, chosen)
        elif question.kind == OPERATE:
            await self.judge(question)
        elif await recite(self.yk, question):
            await self.give(question, done=True)
        else:
            await self.left(question)

    async def judge(self, question: Question) -> None:
        """Have the world judge what was done by hand."""
        if self.scene is not None and self.scene.by_hand:
            await self.give(question)
        else:
            self.tell("这道题要动手：先按 t 动手办，办好再按 a 判定", wrong=True)

    async def left(self, question: Question) -> None:
        """A question was left without an answer; it stays open."""

    def action_letter(self, letter: str) -> None:
        """A letter answers where one option is right; where several are, they are chosen first."""
        question, place = self.question, LETTERS.index(letter)
        if (
            question is None
            or is_several(question)
            or place >= len(question.options)
            or self.why_not("answer")
        ):
            self.action_do("answer")
        else:
            start(self, lambda: self.give(question, (question.options[place].id,)), "do")

    async def give(self, question: Question, chosen: tuple[str, ...] = (), done: bool | None = None) -> None:
        """Give an answer; unless it is an exam it is told how right it was."""
        await self.act(lambda player: player.answer(question, chosen, done))
        if self.scene is not None and self.scene.answered and not self.scene.person:
            share = self.scene.answered[-1].share
            self.tell("答对了" if share == 1 else "看应答和条文", wrong=share < 1)
