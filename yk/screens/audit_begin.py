"""Work orders begun from the screen 数据稽核: a flow that corrects findings, a batch modification, a task of a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yk.screens.audit_decide import Deciding
from yk.screens.dialogs import AskText, Choose, Confirm
from yk.screens.widgets.prose import Piece
from yk.text import clip

if TYPE_CHECKING:
    from yk.archive.dictionary import Field
    from yk.audit.repair_targets import Wish
    from yk.desk import Desk
    from yk.screens.choose_flow import Offered

Data = dict[str, Any]
SHOWN, LONGEST = 4, 70
"""So many rows of a dry run are shown, each in at most so many cells."""


class Beginning(Deciding):
    """The part of the screen that begins work orders."""

    if TYPE_CHECKING:
        marked: set[str]

        @property
        def listed(self) -> list[Data]: ...

        def show_marks(self) -> None: ...

    @property
    def chosen(self) -> list[Data]:
        """The findings that a key acts on."""
        if self.shown is None or self.shown.kind != "findings":
            return []
        row = self.row
        return [one for one in self.listed if one["id"] in self.marked] or ([row] if row else [])

    @property
    def ids(self) -> list[str]:
        """Their ids. A key asks for them before it asks anything else: meanwhile others may write, and the list changes."""
        return [str(one["id"]) for one in self.chosen]

    def these(self) -> str:
        """Which findings are meant: the one, or how many."""
        one, *others = self.chosen
        told = f"{one['rule']} {one['cons_no'] or one['entity_id']}"
        return f"{len(others) + 1} 个问题" if others else told

    async def do_flow(self) -> None:
        """Begin a flow that corrects the chosen findings, an order for each account; they say which order does it."""
        from yk.audit.repair_open import open_for
        from yk.flows.flow import load
        from yk.screens.choose_flow import ChooseFlow

        ids, accounts = self.ids, {one["cons_no"] for one in self.chosen}
        flow = await self.app.push_screen_wait(ChooseFlow("办哪一个流程来订正", _flows))
        if not flow:
            return
        several = f"{load(flow).name}，{len(accounts)} 户各登记一张工单？"
        if len(accounts) > 1 and not await self.app.push_screen_wait(Confirm("办业务流程", several)):
            return
        orders = await self.attempt(
            lambda desk: [order.case for order in open_for(desk, ids, flow)],
            title=f"不能受理{load(flow).name}",
        )
        if not orders:
            return
        await self._begun(orders, f"挂上 {len(ids)} 个问题")

    async def _begun(self, cases: list[str], told: str) -> None:
        """Show the new order; of several only say how many there are."""
        self.marked = set()
        if len(cases) > 1:
            self.tell(f"已登记 {len(cases)} 张工单，{told}，见「工单」一栏")
            self.reload()
        else:
            self.tell(f"工单 {cases[0]} 已登记，{told}")
            await self.yk.open_screen("step", case=cases[0])

    # -- batch modifications -----------------------------------------------------------------------------------
    async def do_repair(self) -> None:
        """Plan that all the chosen findings get the same value; what that would change is shown before it is asked for."""
        from yk.audit.repair_plan import plan
        from yk.audit.repair_targets import Wish

        ids, title = self.ids, f"批量修改：{self.these()}"
        fields = _fields({one["rule"] for one in self.chosen})
        name = await self.app.push_screen_wait(Choose(f"{title}，改哪个字段", fields))
        if name and (closed := _closed(name)):
            self.tell(f"{_field(name).zh}{closed}，按 n 办流程", wrong=True)
            return
        value = await self._ask_value(title, name) if name else None
        if not name or value is None:
            return
        reason = await self.app.push_screen_wait(AskText(title, "修改原因："))
        note = await self._ask_bills(title, name) if reason else None
        if not reason or note is None:
            return
        wish = Wish(reason, {name: value}, findings=ids, billing_note=note)
        trial = await self.attempt(lambda desk: _tried(desk, wish), title="不能这样改")
        if trial is None or not await self.app.push_screen_wait(
            Confirm("批量修改：试算", *_trial(trial), "封存这份清单，登记申请？")
        ):
            return
        answer = await self.attempt(lambda desk: plan(desk, wish), title="没有登记")
        if answer is not None:
            await self._begun([answer["repair"]], f"{answer['rows']} 行待签送")

    async def _ask_value(self, title: str, name: str) -> str | None:
        """The new value of a field `entity.field`; '' empties it, None is no answer."""
        field = _field(name)
        if field.code:
            from yk.archive.codes import codes

            options = [(code, f"{code} {text}", "") for code, text in codes(field.code).items()]
            return await self.app.push_screen_wait(Choose(f"{title}，{field.zh}改成", options))
        unit = f"，单位 {field.unit}" if field.unit else ""
        label = f"{field.zh}都改成{unit}（空着就是清空）："
        return await self.app.push_screen_wait(AskText(title, label, check=lambda text: _wrong(field, text)))

    async def _ask_bills(self, title: str, name: str) -> str | None:
        """What becomes of the bills, where the field touches them: '' where it does not, None is no answer."""
        from yk.flows.corrections import BILLING, kind_of

        entity, _, field = name.partition(".")
        if kind_of({"entity": entity, "field": field}) != BILLING:
            return ""
        return await self.app.push_screen_wait(AskText(title, "对电费有什么影响，怎么退补：")) or None

    # -- tasks ---------------------------------------------------------------------------------------------------
    async def do_task(self) -> None:
        """Plan tasks with what a query finds, one for each unit."""
        from yk.audit.tasks import open_tasks

        assert self.shown is not None
        query = self.shown.inside or str((self.row or {})["id"])
        title = f"建稽查任务：{query}"
        now = f"{self.yk.office.clock():%Y-%m}"
        month = await self.app.push_screen_wait(AskText(title, "稽查月份：", now))
        if not month:
            return
        count = await self.app.push_screen_wait(
            AskText(title, "随机抽几条核查（空着就是查出的全部）：", check=_wrong_count)
        )
        if count is None:
            return
        sample = int(count) if count else None
        cases = await self.attempt(
            lambda desk: [order.case for order in open_tasks(desk, query, month, sample=sample)],
            title="没有建任务",
        )
        if cases:
            await self._begun(cases, f"{query} 的稽查任务")


def _flows(desk: Desk) -> list[Offered]:
    """The flows that begin on an account, the usual one first."""
    from yk.audit.repair_open import USUAL
    from yk.flows.flow import load
    from yk.screens.choose_flow import openable_flows

    found = [one for one in openable_flows(desk) if load(one.id).doc["customer"]]
    return sorted(found, key=lambda one: one.id != USUAL)


def _fields(ids: set[str]) -> list[tuple[str, str, str]]:
    """The fields that rules look at, to choose from; those that may not be changed like this say so."""
    from yk.archive.dictionary import entities
    from yk.audit.rules import rules

    names = dict.fromkeys(name for ident in sorted(ids) if ident in rules() for name in rules()[ident].fields)
    found = [
        (name, f"{entities()[name.partition('.')[0]].zh}：{_field(name).zh}", _closed(name)) for name in names
    ]
    return sorted(found, key=lambda one: bool(one[2]))


def _closed(name: str) -> str:
    from yk.flows.change_list import why_closed

    entity, _, field = name.partition(".")
    return "不能批量修改" if why_closed(entity, field) else ""


def _field(name: str) -> Field:
    from yk.archive.dictionary import entities

    entity, _, field = name.partition(".")
    return entities()[entity].fields[field]


def _wrong(field: Field, text: str) -> str:
    from yk.errors import UsageError
    from yk.screens.words import said

    try:
        field.parse(text)
    except UsageError as error:
        return said(error.message)
    return ""


def _wrong_count(text: str) -> str:
    return "" if not text.strip() or (text.strip().isdecimal() and int(text) > 0) else "写一个数，如 20"


def _tried(desk: Desk, wish: Wish) -> Data:
    """What planning answers, nothing written."""
    from yk.audit.repair_plan import plan

    desk.dry_run = True
    try:
        return plan(desk, wish)
    finally:
        desk.dry_run = False


def _trial(answer: Data) -> list[Piece | str]:
    """A dry run in a few lines: what changes, what it cures and breaks."""
    told: list[Piece | str] = [f"{answer['rows']} 行，{answer['accounts']} 户"]
    for row in answer["sample"][:SHOWN]:
        told.append((clip(f"~ {row['cons_no'] or row['entity_id']} {row['said']}", LONGEST), "faint"))
    if answer["rows"] > SHOWN:
        told.append(("…", "faint"))
    told += [(clip(f"- 不改：{one['why']}", LONGEST), "warn") for one in answer["skipped"][:SHOWN]]
    told += [
        (f"消除 {one['count']} 个 {one['rule']} {one['name']}", "good") for one in answer["cures"][:SHOWN]
    ]
    told += [
        (f"新增 {one['count']} 个 {one['rule']} {one['name']}", "bad") for one in answer["breaks"][:SHOWN]
    ]
    return told
