"""What is done to findings on the screen 数据稽核: sent out, verified, corrected, whitelist and extension asked for, a flow begun."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from yk.audit.states import CLEARED, OPEN, STATES
from yk.screens.audit_begin import Beginning
from yk.screens.dialogs import AskText, Choose

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]
WRITING = ("assign", "verify", "correct", "exempt", "extend", "flow", "repair")
"""What changes findings, or begins an order for them."""
LONG = {"exempt": "audit_exemption_days", "extend": "audit_extension_days"}
"""What is asked for until a day -> the setting that says how many days at most."""


class Acting(Beginning):
    """The part of the screen that acts on the marked findings, or on the one under the cursor."""

    # -- why not ---------------------------------------------------------------------------------------------
    def why_not(self, action: str) -> str:
        """Why a key does nothing now."""
        if self.shown is None and action != "run":
            return "正在读，请稍等"
        if action in WRITING:
            return self._why_not_write(action)
        if action in ("mark", "all"):
            return "" if self.listed else "没有问题可选"
        row = self.row or {}
        if action == "customer":
            return "" if row.get("cons_no") else "先选一个有用户的"
        if action == "order":
            return "" if row.get("case") else "没有挂工单" if row else "先选一个问题"
        if action == "task":
            return self.powers.get("task", "") if row else "先选一条查询"
        return super().why_not(action)

    def _why_not_write(self, action: str) -> str:
        chosen = self.chosen
        if not chosen:
            return "先选一个问题"
        if all(one["state"] not in OPEN for one in chosen):
            return f"这个问题{STATES[chosen[0]['state']]}，不用再办"
        if action == "exempt" and len(chosen) > 1:
            return "白名单一次申请一个，按 * 清掉选中的"
        return self.powers.get(action, "")

    # -- marks -----------------------------------------------------------------------------------------------
    async def do_mark(self) -> None:
        """Mark the finding under the cursor, or take its mark away; on to the next."""
        row = self.row
        if row is not None:
            self.marked ^= {row["id"]}
            self.table.action_move(1)
            self.show_marks()

    async def do_all(self) -> None:
        """Mark everything that is listed, or nothing."""
        every = {one["id"] for one in self.listed}
        self.marked = set() if self.marked else every
        self.show_marks()

    # -- acts ------------------------------------------------------------------------------------------------
    async def _change(self, work: Callable[[Desk], list[Data]], refused: str) -> list[Data] | None:
        """Do `work` to the chosen findings; the marks go when it is done."""
        docs = await self.attempt(work, title=refused)
        if docs is not None:
            self.marked = set()
            self.reload()
        return docs

    async def do_assign(self) -> None:
        """Send findings out, to the unit or to one of its people."""
        from yk.audit.life import assign

        ids, title = self.ids, f"派给谁：{self.these()}"
        units = {one["org_no"] for one in self.chosen}
        people = await self.attempt(lambda desk: _correctors(desk, units))
        if people is None:
            return
        options = [("", "所属单位", "各问题派给它的用户所属的供电单位"), *people]
        to = await self.app.push_screen_wait(Choose(title, options))
        if to is None:
            return
        if docs := await self._change(lambda desk: assign(desk, ids, to), "没有派发"):
            self.tell(f"已派发 {len(docs)} 个")

    async def do_verify(self) -> None:
        """Say whether findings are as they look."""
        from yk.audit.life import verify

        ids = self.ids
        answers = {"real": "属实", "denied": "不属实"}
        more = ("数据确实不对，要订正", "数据没有错；可再申请白名单，未消除以前一直在办")
        options = [(*one, text) for one, text in zip(answers.items(), more, strict=True)]
        answer = await self.app.push_screen_wait(Choose(f"核实：{self.these()}", options))
        if answer is None:
            return
        title = f"核实：{answers[answer]}，{len(ids)} 个问题"
        note = await self.app.push_screen_wait(AskText(title, "查了什么，依据什么："))
        if not note:
            return
        done = await self._change(lambda desk: verify(desk, ids, answer == "real", note), "没有登记核实")
        if done:
            self.tell(f"已核实 {len(done)} 个")

    async def do_correct(self) -> None:
        """Say that findings are corrected; the rules are asked again at once."""
        from yk.audit.life import correct

        ids = self.ids
        label = "改了什么、在哪里改的（可以不写）；当场按规则复核："
        note = await self.app.push_screen_wait(AskText(f"报订正：{self.these()}", label, check=lambda _: ""))
        if note is None:
            return
        docs = await self._change(lambda desk: correct(desk, ids, note), "没有报上")
        if docs is not None:
            gone = sum(doc["state"] == CLEARED for doc in docs)
            left = f"；{len(docs) - gone} 个档案里还没有改，待下次稽核" if gone < len(docs) else ""
            self.tell(f"已消除 {gone} 个{left}", wrong=bool(left))

    async def do_exempt(self) -> None:
        """Ask that a finding be let stand."""
        from yk.audit.whitelisting import ask_exemption

        (ident,) = self.ids
        asked = await self._ask_until(
            "exempt", f"申请白名单：{self.these()}", "为什么不用改（特批、历史原因）："
        )
        if asked is None:
            return
        until, reason = asked
        entries = await self._change(lambda desk: [ask_exemption(desk, ident, reason, until)], "没有申请上")
        if entries:
            self.tell(f"白名单 {entries[0]['exemption']} 待批，见「白名单」一栏")

    async def do_extend(self) -> None:
        """Ask for more days."""
        from yk.audit.extending import ask_extension

        ids = self.ids
        asked = await self._ask_until("extend", f"申请延期：{self.these()}", "为什么当日改不完：")
        if asked is None:
            return
        until, reason = asked
        entries = await self._change(lambda desk: [ask_extension(desk, ids, until, reason)], "没有申请上")
        if entries:
            self.tell(f"延期 {entries[0]['extension']} 待批，见「延期」一栏")

    async def _ask_until(self, action: str, title: str, why: str) -> tuple[str, str] | None:
        """A day and a reason; None when either is missing."""
        from yk.flows.dates import days_on

        today = f"{self.yk.office.clock():%Y-%m-%d}"
        last = days_on(today, self.yk.office.settings.integer(LONG[action]))
        label = f"到哪一天（含），如 {days_on(today, 7)}，最晚 {last}："
        until = await self.app.push_screen_wait(AskText(title, label, check=_wrong_day))
        if not until:
            return None
        reason = await self.app.push_screen_wait(AskText(title, f"到 {until}；{why}"))
        return (until, reason) if reason else None

    # -- other screens ---------------------------------------------------------------------------------------
    async def do_order(self) -> None:
        """The order that corrects the finding under the cursor."""
        assert self.row is not None
        await self.yk.open_screen("step", case=self.row["case"])

    async def do_customer(self) -> None:
        """The archive of the account of the row under the cursor."""
        assert self.row is not None
        await self.yk.open_screen("customer", customer=self.row["cons_no"])


def _correctors(desk: Desk, units: set[str]) -> list[tuple[str, str, str]]:
    """Who may correct findings of all these units."""
    from yk.archive.codes import name_of
    from yk.desk.operators import all_operators

    return [
        (one.id, one.name, name_of("org", one.org) if one.org else "各单位")
        for one in all_operators(desk.store)
        if "unit_corrector" in one.roles and all(one.org in ("", unit) or not unit for unit in units)
    ]


def _wrong_day(text: str) -> str:
    from yk.audit.deciding import read_day
    from yk.errors import UsageError
    from yk.screens.words import said

    try:
        read_day(text)
    except UsageError as error:
        return said(f"{error.message}，{error.hint}")
    return ""
