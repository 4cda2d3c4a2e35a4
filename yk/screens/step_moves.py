"""The moves of the screen 环节办理: on, back, failed, signed, held, stopped, undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from yk.screens.dialogs import AskText, Choose, Confirm, ConfirmNumber
from yk.screens.shell import YkScreen
from yk.screens.step_data import StepData

if TYPE_CHECKING:
    from yk.desk import Desk, WorkOrder

OPINIONS = {"agree": "通过", "revise": "要求修改", "reject": "不同意"}
Choice = tuple[str, str, Callable[[], Awaitable[None]]]
"""What a seldom move is called, why it cannot be made ('' when it can), what it does."""
Move = Callable[["Desk", int], "WorkOrder"]


class Moving(YkScreen):
    """The moving part of the screen; `change` is the filling part's."""

    if TYPE_CHECKING:
        case: str
        wanted: str
        data: StepData | None
        unmasked: bool

        async def change(self, work: Callable[[Desk, int], Any], done: str = "", title: str = "") -> bool: ...

    async def do_send(self) -> None:
        """Send on; at a joint sign-off sign."""
        assert self.data is not None
        if self.data.signs:
            await self._sign(self.data)
            return
        step, name = self.data.step, self.data.place.name if self.data.place else ""
        await self._move(lambda desk, v: desk.send(self.case, step=step, expect=v), f"「{name}」没有送出")

    async def do_return(self) -> None:
        """Send back to one of the steps that are allowed."""
        assert self.data is not None
        back, step = self.data.back, self.data.step
        to = back[0][0]
        if len(back) > 1:
            options = [(ident, name, "") for ident, name in back]
            chosen = await self.app.push_screen_wait(Choose("退回到哪个环节", options))
            if not chosen:
                return
            to = chosen
        reason = await self.app.push_screen_wait(AskText(f"退回到「{dict(back)[to]}」", "退回的原因："))
        if reason:
            await self._move(lambda desk, v: desk.return_(self.case, to, reason, step, v), "没有退回")

    async def do_fail(self) -> None:
        """The inspection failed."""
        assert self.data is not None
        step = self.data.step
        reason = await self.app.push_screen_wait(AskText("登记不合格", "不合格的内容："))
        if reason:
            await self._move(lambda desk, v: desk.fail(self.case, reason, step, v), "没有登记")

    async def _sign(self, data: StepData) -> None:
        """One department's opinion."""
        waiting = [(ident, name, "") for ident, name, opinion in data.signs if not opinion]
        if not waiting:
            self.tell("各部门都已会签")
            return
        dept: str | None = waiting[0][0]
        if len(waiting) > 1:
            dept = await self.app.push_screen_wait(Choose("会签：哪个部门", waiting))
        if not dept:
            return
        names = {ident: name for ident, name, _ in data.signs}
        options = [(ident, name, "") for ident, name in OPINIONS.items()]
        opinion = await self.app.push_screen_wait(Choose(f"会签：{names[dept]}的意见", options))
        if not opinion:
            return
        reason = ""
        if opinion != "agree":
            asked = AskText(f"{names[dept]}{OPINIONS[opinion]}", "理由（可写依据的条款）：")
            typed = await self.app.push_screen_wait(asked)
            if not typed:
                return
            reason = typed
        await self._move(
            lambda desk, v: desk.sign(self.case, str(dept), str(opinion), reason=reason, expect=v), "没有签上"
        )

    async def _move(self, work: Move, refused: str) -> None:
        """Move, say where the order is now, and show the step it came to."""

        def moved(desk: Desk, version: int) -> None:
            order = work(desk, version)
            steps = [desk.flow_of(order).step(name)["name"] for name in desk.steps_at(order)]
            now = f"工单现在「{'、'.join(steps)}」" if steps else "工单已办结"
            self._told = "；".join([now, *desk.told])

        self.wanted = ""
        if await self.change(moved, title=refused):
            self.tell(self._told)

    _told = ""

    async def do_undo(self) -> None:
        """Undo one's own last step."""
        assert self.data is not None
        asked = Confirm("撤销上一步", self.data.last, "撤销它，恢复到它以前？")
        if await self.app.push_screen_wait(asked):
            await self.change(
                lambda desk, v: desk.take_back_last(self.case, expect=v), "已撤销上一步", "没有撤销"
            )

    async def do_map(self) -> None:
        """Where the order stands."""
        await self.yk.open_screen("flow", case=self.case)

    async def do_customer(self) -> None:
        """The archive of the customer."""
        assert self.data is not None
        await self.yk.open_screen("customer", customer=self.data.customer)

    # -- the rest --------------------------------------------------------------------------------------------------
    async def do_more(self) -> None:
        """The moves that are seldom made."""
        if self.data is None:
            return
        options = dict(self._more(self.data))
        chosen = await self.app.push_screen_wait(
            Choose("更多", [(name, label, why) for name, (label, why, _) in options.items()])
        )
        if not chosen:
            return
        _, why, act = options[chosen]
        if why:
            self.tell(why, wrong=True)
        else:
            await act()

    def _more(self, data: StepData) -> list[tuple[str, Choice]]:
        """(id, (what it is called, why not, what it does))."""
        running = data.status == "open"
        ended = "" if running or data.status == "suspended" else f"工单{data.status_name}"
        here = self.why_not("send")
        found: list[tuple[str, Choice]] = []
        found.append(
            ("fail", ("登记不合格", here or ("" if data.can_fail else "这个环节没有不合格"), self.do_fail))
        )
        if data.status == "suspended":
            found.append(("resume", ("恢复", "", self._resume)))
        else:
            found.append(("suspend", ("挂起", "" if running else ended, self._suspend)))
        found.append(("stop", ("终止工单", ended, self._stop)))
        others = "" if len(data.places) > 1 else "只在一个环节"
        found.append(("step", ("换环节", others, self._other_step)))
        for child, name in data.children:
            found.append((f"child:{child}", (f"子工单 {child} {name}", "", self._opener(child))))
        if data.parent:
            found.append(("parent", (f"上级工单 {data.parent}", "", self._opener(data.parent))))
        if data.is_batch:
            found.append(("batch", ("打开批次", "", self._batch)))
        found.append(("print", ("打印单据", "", self._print)))
        found.append(("unmask", ("显示未脱敏的证件和电话", "", self._unmask)))
        found.append(("operator", ("换经办人", "", self._operator)))
        return found

    def _opener(self, case: str) -> Callable[[], Awaitable[None]]:
        async def opened() -> None:
            await self.yk.open_screen("step", case=case)

        return opened

    async def _suspend(self) -> None:
        if reason := await self.app.push_screen_wait(AskText("挂起工单", "挂起的原因：")):
            await self.change(
                lambda desk, v: desk.suspend(self.case, reason, v), "已挂起，时限停走", "没有挂起"
            )

    async def _resume(self) -> None:
        if reason := await self.app.push_screen_wait(AskText("恢复工单", "恢复的原因：")):
            await self.change(lambda desk, v: desk.resume(self.case, reason, v), "已恢复", "没有恢复")

    async def _stop(self) -> None:
        assert self.data is not None
        said = f"{self.data.flow_name} {self.case}，终止后不能再办，锁定的用户放开。"
        if not await self.app.push_screen_wait(ConfirmNumber("终止工单", [said], self.case)):
            return
        if reason := await self.app.push_screen_wait(AskText("终止工单", "终止的原因：")):
            await self.change(lambda desk, v: desk.stop(self.case, reason, v), "已终止", "没有终止")

    async def _other_step(self) -> None:
        assert self.data is not None
        options = [
            (one.id, one.name, one.role if one.mine else f"{one.role}（不是本人的）")
            for one in self.data.places
        ]
        if chosen := await self.app.push_screen_wait(Choose("换环节", options, chosen=self.data.step)):
            self.wanted = chosen
            self.reload()

    async def _batch(self) -> None:
        await self.yk.open_screen("batch", batch=self.case)

    async def _print(self) -> None:
        from yk.screens.printing import print_form

        await print_form(self, self.case)

    async def _unmask(self) -> None:
        from yk.desk.views import may_see

        def allowed(desk: Desk) -> bool:
            may_see(desk)
            return True

        if self.unmasked or await self.attempt(allowed):
            self.unmasked = not self.unmasked
            self.reload()

    async def _operator(self) -> None:
        from yk.screens.operators import choose_operator

        await choose_operator(self.yk)
