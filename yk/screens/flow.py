"""流程图: a flow drawn, where a work order stands in it, what each step asks and where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll

from yk.errors import UsageError
from yk.flows.diagram.drawing import entry_range
from yk.flows.diagram.marks import MARKS
from yk.flows.flow import flow_name
from yk.screens.flow_card import HistoryDialog, step_card
from yk.screens.flow_data import FlowData, of_flow, of_order
from yk.screens.shell import YkScreen
from yk.screens.widgets.cards import History
from yk.screens.widgets.facts import Facts
from yk.screens.widgets.flow_map import FlowMap
from yk.screens.widgets.flow_places import current
from yk.screens.widgets.rows import Rows

if TYPE_CHECKING:
    from yk.desk import Desk

FIRST = "rename"
"""The flow shown when none was asked for."""
WIDE = 100
"""From so many cells on the card stands beside the drawing."""


class FlowScreen(YkScreen):
    """The drawing of a flow, a card for the step under the cursor, the log of the work order."""

    ID = "flow"
    CSS_PATH = "flow.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-tall")]
    ABOUT = "流程的环节和去向。✓ 已办，❯ 当前，☐ 未到或重办，» 跳过；虚线框的条件成立才办。方向键走到环节，卡片说它要什么。"
    BINDINGS = [
        Binding("enter", "do('open')", "打开", id="flow.open", tooltip="当前环节去办理，其他看作业规范"),
        Binding("s", "do('choose')", "换流程", id="flow.choose", tooltip="看另一个流程"),
        Binding("c", "do('current')", "当前", id="flow.current", tooltip="光标到工单所在的环节"),
        Binding("h", "do('history')", "历程", id="flow.history", tooltip="这张工单办过什么"),
        Binding(
            "o", "do('ways')", "其他去向", id="flow.ways", tooltip="图下列出分支、退回、不合格的去向和图例"
        ),
        Binding("m", "do('manual')", "规范", id="flow.manual", tooltip="看光标所在环节的作业规范"),
        Binding(
            "b", "do('beside')", "另起", id="flow.beside", tooltip="看这一环节另起、旁立的流程；esc 回来"
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._flow, self._case, self._step = FIRST, "", ""
        self._found: FlowData | None = None
        self._before: list[tuple[str, str, str]] = []
        """Where one was before following a flow that a step opens: flow, order, step."""

    # -- widgets -----------------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        with Container(id="main"):
            with Vertical(classes="card", id="drawing"):
                yield FlowMap()
            with Vertical(id="side"):
                with VerticalScroll(classes="card", id="about"):
                    yield Facts()
                with Vertical(classes="card", id="log"):
                    yield History("没有记录")

    def on_mount(self) -> None:
        """The cursor is on the drawing."""
        self.query_one("#log").border_title = "历程"
        self.query_one(History).key = lambda row: row["seq"]
        self.query_one(FlowMap).focus()
        super().on_mount()

    # -- content -----------------------------------------------------------------------------------------
    def take(self, **place: str) -> None:
        """Open at the place of an order, a flow, or the step of an entry; without any of them where one was."""
        if word := place.get("case", "") or place.get("flow", "") or place.get("entry", ""):
            case = place.get("case", "")
            self._case, self._flow = case, self._flow if case else word
            self._step, self._before = place.get("entry", ""), []

    def place(self) -> dict[str, str]:
        return {"case": self._case} if self._case else {"flow": self._flow}

    def path(self) -> str:
        name = self._found.flow.name if self._found else flow_name(self._flow)
        return f"流程图 › {name} {self._case}".rstrip()

    def load(self, desk: Desk) -> FlowData | UsageError:
        try:
            return of_order(desk, self._case) if self._case else of_flow(desk, self._flow)
        except UsageError as error:
            return error

    def show(self, found: FlowData | UsageError) -> None:
        if isinstance(found, UsageError):
            self._lost(found)
            return
        self._found, self._flow = found, found.flow.id
        self.set_class(bool(found.case), "-order")
        step = next(
            (i for i, s in found.flow.steps.items() if self._step and self._step in (i, s["entry"])), ""
        )
        self._step = ""
        self.query_one(FlowMap).show(found.graph, step)
        self.query_one(History).show(found.lines)
        card = self.query_one("#drawing")
        card.border_title = _title(found)
        card.border_subtitle = _legend(found)

    def _lost(self, error: UsageError) -> None:
        """What was asked for is not there: say so, show what was there before or the first flow."""
        self.tell_error(error)
        self._case, self._flow = "", self._found.flow.id if self._found and not self._case else FIRST
        if self._found is not None and self._found.case:
            self._case = self._found.case
        self.reload()

    @on(FlowMap.Highlighted)
    def _highlighted(self) -> None:
        self._tell_step()
        self.query_one("#about").scroll_to(y=0, animate=False)
        self.renew()

    def on_resize(self, event: events.Resize) -> None:
        """The card in the form there is room for."""
        self._tell_step()

    def _tell_step(self) -> None:
        """The step under the cursor in the card."""
        step = self.query_one(FlowMap).cursor
        if self._found is None or step not in self._found.flow.steps:
            return
        steps = list(self._found.flow.steps)
        card = self.query_one("#about")
        card.border_title = self._found.flow.step(step)["name"]
        card.border_subtitle = f"{steps.index(step) + 1}/{len(steps)}"
        wide = self.size.width >= WIDE
        self.query_one(Facts).say(step_card(self._found, step, wide), dense=not wide)

    # -- keys ----------------------------------------------------------------------------------------------
    @property
    def step(self) -> str:
        """The step under the cursor."""
        return self.query_one(FlowMap).cursor

    def why_not(self, action: str) -> str:
        found = self._found
        if found is None:
            return "" if action in ("choose", "ways") else "还没有读出流程"
        if action in ("current", "history") and not found.case:
            return "这里没有工单，从工作台按 m 进来"
        if action == "current" and not current(found.graph):
            return f"工单{found.status_name}"
        if action == "manual" or (action == "open" and not self._stands_here()):
            return "" if found.flow.step(self.step)["entry"] else "这一环节没有作业规范"
        if action == "beside":
            return "" if self._opened() else "这一环节不另起流程"
        return ""

    def _stands_here(self) -> bool:
        return self._found is not None and bool(self._found.case) and self.step in current(self._found.graph)

    async def do_open(self) -> None:
        """The step where the order stands, else its entry in the manual."""
        if self._stands_here():
            await self.yk.open_screen("step", case=self._case)
        else:
            await self.do_manual()

    @on(FlowMap.Selected)
    def _selected(self) -> None:
        self.action_do("open")

    async def do_manual(self) -> None:
        """The entry of the step."""
        assert self._found is not None
        await self.yk.open_screen("manual", entry=self._found.flow.step(self.step)["entry"])

    async def do_choose(self) -> None:
        """Another flow."""
        from yk.screens.choose_flow import choose_flow

        chosen = await choose_flow(self, "看哪一个流程", self._flow)
        if chosen:
            self.take(flow=chosen)
            self.reload()

    async def do_current(self) -> None:
        """The step where the order stands; from one such step the next."""
        assert self._found is not None
        here = current(self._found.graph)
        after = here.index(self.step) + 1 if self.step in here else 0
        self.query_one(FlowMap).go_to(here[after % len(here)])

    async def do_history(self) -> None:
        """The log, in its card where there is one."""
        assert self._found is not None
        if self.query_one("#log").display:
            self.query_one(History).focus()
        elif step := await self.app.push_screen_wait(HistoryDialog(self._found)):
            self.query_one(FlowMap).go_to(step)

    @on(Rows.Selected)
    def _log_line(self, event: Rows.Selected) -> None:
        self.query_one(FlowMap).go_to(event.row["step"])

    async def do_ways(self) -> None:
        """Tell the other ways below the drawing, or hide them."""
        drawing = self.query_one(FlowMap)
        drawing.tell_ways(not drawing.told)

    def _opened(self) -> list[tuple[str, str]]:
        """The flows that the step opens beside, each with the number of the order where there is one."""
        if self._found is None or self.step not in self._found.flow.steps:
            return []
        spec = self._found.flow.step(self.step)
        found = [(spec["sub_flow"], self._found.beside.get(self.step, ""))] if spec["sub_flow"] else []
        return found + [(one["flow"], "") for one in spec.get("opens", ())]

    async def do_beside(self) -> None:
        """The flow that the step opens; leaving it comes back here."""
        flow, case = self._opened()[0]
        before = [*self._before, (self._flow, self._case, self.step)]
        self.take(**({"case": case} if case else {"flow": flow}))
        self._before = before
        self.reload()

    def action_leave(self) -> None:
        """First the other ways go, then back to the flow one came from, then the screen."""
        if self.query_one(FlowMap).told:
            self.query_one(FlowMap).tell_ways(False)
        elif self._before:
            *before, (flow, case, step) = self._before
            self._flow, self._case, self._step, self._before = flow, case, step, before
            self.reload()
        else:
            super().action_leave()


def _title(found: FlowData) -> str:
    """The flow, and how far the order is."""
    steps = found.graph.steps
    if not found.case:
        return "  ".join(part for part in (found.flow.name, entry_range(s.entry for s in steps)) if part)
    done = sum(step.mark is not None and step.mark.kind == "done" for step in steps)
    return f"{found.flow.name}  {found.status_name}  已办 {done}/{len(steps)}"


def _legend(found: FlowData) -> str:
    """The signs that occur; how many steps there are."""
    shown = {step.mark for step in found.graph.steps}
    signs = [f"{mark.sign} {mark.word}" for mark in MARKS if mark in shown]
    return "  ".join(signs) or f"共 {len(found.graph.steps)} 个环节"
