"""Exams on the screen 演练: somebody sits one, the result is kept, passing may put roles in force; looking back at a lesson."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from yk.screens.batch_ask import Page
from yk.screens.dialogs import Choose, Confirm
from yk.screens.drill_asking import Asking
from yk.screens.drill_debrief import pieces
from yk.screens.operators import operators_known

if TYPE_CHECKING:
    from yk.scenario.debrief import Debrief
    from yk.scenario.playing import Player
    from yk.scenario.questions import Question
    from yk.scenario.sitting import Sitting

Data = dict[str, Any]
NOT_IN_EXAM = ("back", "chapter", "previous", "inject", "notes", "restart")


class Examining(Asking):
    """The part of the screen for exams."""

    def __init__(self) -> None:
        super().__init__()
        self.result: Data | None = None
        """The exam's result, once it is kept."""
        self._looked: Debrief | None = None

    @property
    def sitting(self) -> bool:
        """Does somebody sit an exam that is not over?"""
        return self.scene is not None and bool(self.scene.person) and self.result is None

    def why_not(self, action: str) -> str:
        """Why a key does nothing now."""
        from yk.scenario.questions import OPERATE

        if action == "exam":
            row = self.lesson or self.row
            why = "正在考试" if self.sitting else self.why_not_row(row)
            return why or ("" if row and row.questions else "这个场景没有提问，考不了")
        if self.scene is None or not self.scene.person:
            return super().why_not(action)
        if action in NOT_IN_EXAM:
            return "考试时不能用；按 esc 放弃考试" if self.sitting else "考完了；按 esc 回到清单"
        if action == "hand" and not (self.question and self.question.kind == OPERATE):
            return "考试里遇到动手题才能自己动手"
        return "考试走完才有成绩" if action == "debrief" and self.sitting else super().why_not(action)

    async def do_exam(self) -> None:
        """Somebody sits an exam in this lesson, from its beginning."""
        row = self.lesson or self.row
        assert row is not None
        assert row.scenario is not None
        options = await self.attempt(operators_known)
        if options is None:
            return
        title, now = f"谁来考：{row.name}", self.yk.office.operator
        person = await self.app.push_screen_wait(Choose(title, options, chosen=now))
        if person is None:
            return
        self.pause()
        self.result = None
        self.who = next(name for ident, name, _ in options if ident == person)
        await self.open(row, self.theatre.begin_exam(row.scenario, person))

    # -- by hand -------------------------------------------------------------------------------------------------
    async def by_hand(self, text: str) -> bool:
        question = self.question
        if not self.sitting or question is None:
            return await super().by_hand(text)

        def work(sitting: Sitting) -> object:
            from yk.scenario.by_hand import read_step

            step = read_step(text, sitting.player.scenario.flow)
            sitting.approach(question)
            return sitting.do(step)

        return await self.took(self.theatre.sit(work)) is not None

    async def judge(self, question: Question) -> None:
        if not self.sitting:
            await super().judge(question)
        elif self.scene is not None and self.scene.by_hand:
            await self.took(self.theatre.sit(lambda sitting: sitting.judge(question)))
        else:
            await self.left(question)

    async def left(self, question: Question) -> None:
        """In an exam a question that cannot be done may be left out: it earns nothing."""
        told = "不答就没有分，接着往下考。"
        if not self.sitting:
            return
        given_up = await self.app.push_screen_wait(Confirm("没有做这道题", told, "不答这一题？"))
        if given_up:
            await self.took(self.theatre.sit(lambda sitting: sitting.leave_out(question)))

    # -- the end -------------------------------------------------------------------------------------------------
    async def do_next(self) -> None:
        """One step; the last one ends an exam."""
        await super().do_next()
        if self.sitting and self.scene is not None and self.scene.ended:
            await self._hand_in()

    async def _hand_in(self) -> None:
        """The exam is over: its result is kept and shown, what it unlocks offered."""
        from yk.scenario.exam import keep

        at, minutes = self._time()

        def work(sitting: Sitting) -> tuple[Data, Debrief, str]:
            result = sitting.result(at, minutes)
            return result, sitting.debrief(result), str(keep(result))

        made = await self.took(self.theatre.sit(work))
        if made is None:
            return
        self.result, self._looked, path = made
        self.show_scene()
        await self._show(self._looked, f"成绩存在 {path}")
        await self._unlock(self.result)

    async def _unlock(self, result: Data) -> None:
        """Put in force what the exam unlocks, in the open store, when that is wanted."""
        from yk.flows.roles import find_role
        from yk.scenario.exam import grant

        if not (result["passed"] and result["unlocks"]):
            return
        names = "、".join(find_role(one).name for one in result["unlocks"])
        told = f"{self.who}考过了，可以生效的角色：{names}。只对等着考试的角色有用，写入现在的存储。"
        wanted = await self.app.push_screen_wait(Confirm("上岗资格", told, "现在生效？"))
        if not wanted:
            return
        done = await self.attempt(lambda desk: grant(desk.store, result))
        if done is not None:
            given = "、".join(find_role(one).name for one in done)
            self.tell(f"已生效：{given}" if given else "没有等着考试的角色，什么也没有改", wrong=not given)

    async def do_debrief(self) -> None:
        """Look back at the lesson, or at the exam."""
        self.pause()
        if self.scene is not None and self.scene.person and self._looked is not None:
            await self._show(self._looked)
            return
        at, minutes = self._time()

        def work(player: Player) -> Debrief:
            return player.debrief(player.result(at, minutes))

        found = await self.act(work)
        if found is not None:
            await self._show(found)

    def _time(self) -> tuple[str, float]:
        """When it is, and how many minutes the lesson has taken."""
        now: datetime = self.yk.office.clock()
        assert self.began is not None
        return now.isoformat(timespec="seconds"), round((now - self.began).total_seconds() / 60, 1)

    async def _show(self, found: Debrief, *before: str) -> None:
        await self.app.push_screen_wait(Page(found.title, [*before, *pieces(found)]))

    async def may_leave(self) -> bool:
        """May the lesson be left? An exam that is not over is given up with it."""
        if not self.sitting:
            return True
        told = "还没有考完，离开就不留成绩。"
        given_up = await self.app.push_screen_wait(Confirm("放弃考试", told, "放弃吗？"))
        return bool(given_up)
