"""What a step asks and where it leads, in a card beside the drawing; and the log of a work order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult

from yk.flows.definition import Data
from yk.flows.diagram.drawing import Drawing
from yk.flows.diagram.graph import Seat, Step, condition_label, role_name
from yk.flows.effects import find_effect
from yk.flows.flow import flow_name
from yk.flows.views import guard_label, materials_at
from yk.screens.dialogs import Dialog
from yk.screens.flow_data import FlowData
from yk.screens.widgets.cards import History
from yk.screens.widgets.facts import Fact
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Rows
from yk.screens.words import LAMPS, left_text, said

LEVELS = ("高", "中", "低")
TONES = {"done": "good", "current": "title", "again": "warn", "ahead": "faint", "skipped": "faint"}
OPINIONS = {"ahead": "warn", "done": "good", "refused": "bad"}


def step_card(found: FlowData, name: str, whole: bool = False) -> list[Fact]:
    """A step of a flow in facts, those of the work order first; as a `whole` with what the system checks."""
    step = next(one for one in found.graph.steps if one.id == name)
    spec = found.flow.step(name)
    title = f"{step.entry} {spec['title'] or step.name}" if step.entry else f"{step.name}（没有作业规范）"
    return [
        Fact("", title, "title"),
        *_standing(found, step),
        Fact("角色", role_name(spec["role"])),
        *([Fact("时限", f"{found.limits[name]} 个工作日")] if name in found.limits else []),
        *([Fact("条件", f"若{step.when}，否则跳过")] if step.when else []),
        *(_seat(seat, step.role) for seat in step.seats),
        *(Fact("去向", way) for way in Drawing(found.graph, 80).ways(name)),
        *([Fact("另起", flow_name(step.sub_flow))] if step.sub_flow else []),
        *_asked(found, spec),
        *(Fact("检查", said(guard_label(guard)), "faint") for guard in (spec["guards"] if whole else ())),
        *(Fact("办完", find_effect(effect).label, "faint") for effect in spec["effects"]),
    ]


def _standing(found: FlowData, step: Step) -> Iterator[Fact]:
    """Where the work order stands with the step: state, deadline, who did it, what it opened."""
    if step.mark is None:
        return
    mark = step.mark
    yield Fact("状态", f"{mark.sign} {mark.word}", TONES[mark.kind])
    if here := found.at.get(step.id):
        if found.hold:
            yield Fact("挂起", said(found.hold), "warn")
        if here["due"]:
            sign, word, tone = LAMPS[here["lamp"] or "green"]
            yield Fact("到期", f"{sign} {word} {left_text(here['due'], found.now)}", tone)
    elif mark.kind in ("done", "again") and (line := found.passed.get(step.id)):
        yield Fact("经办", f"{line['at']} {line['operator']} {line['event']}")
    if child := found.beside.get(step.id):
        yield Fact("子工单", child)


def _seat(seat: Seat, role: str) -> Fact:
    """A department of a joint sign-off, its role where it is not that of the step; its opinion while it is asked."""
    who = seat.name if seat.role in (seat.name, role) else f"{seat.name}（{seat.role}）"
    if seat.opinion is None:
        return Fact("会签", who)
    return Fact("会签", f"{seat.opinion.sign} {seat.opinion.word} {who}", OPINIONS[seat.opinion.kind])


def _asked(found: FlowData, spec: Data) -> Iterator[Fact]:
    """What must be in order before the step can be left."""
    fields = found.flow.requirable(spec["id"])
    papers = materials_at(found.flow, spec["id"])
    counted = [
        (len(spec["guards"]), "系统检查", "项"),
        (sum(not control["guard"] for control in spec["controls"]), "人工确认", "条"),
        (len(fields), "必填", "项"),
        (len(papers), "材料", "种"),
    ]
    words = [f"{name} {count} {unit}" for count, name, unit in counted if count]
    yield Fact("要求", "，".join(words) or "没有")
    levels = Counter(control["level"] for control in spec["controls"])
    if levels:
        told = "、".join(f"{level} {levels[level]}" for level in LEVELS if levels[level])
        yield Fact("措施", f"{len(spec['controls'])} 条，风险{told}", "warn" if levels["高"] else "")
    if papers:
        yield Fact("材料", "；".join(_paper(paper, spec["id"]) for paper in papers), "faint")


def _paper(paper: Data, step: str) -> str:
    if paper["deferrable_until"] == step:
        return f"{paper['name']}（容缺的至此补齐）"
    need = "" if paper["required"] else f"（若{when}）" if (when := _when(paper)) else "（可选）"
    return f"{paper['name']}{need}"


def _when(paper: Data) -> str:
    return condition_label(paper["required_when"]) if paper["required_when"] else ""


class HistoryDialog(Dialog[str]):
    """The log over a screen that has no room for it; choosing a line answers its step."""

    def __init__(self, found: FlowData) -> None:
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        with self.box(f"历程：{self._found.flow.name} {self._found.case}"):
            yield History("没有记录")
            yield Prose(("上下 逐条看　回车 到那个环节　esc 返回", "faint"))

    def on_mount(self) -> None:
        """The log, its last line first."""
        rows = self.query_one(History)
        rows.key = lambda row: row["seq"]
        rows.show(self._found.lines)
        rows.focus()

    @on(Rows.Selected)
    def _selected(self, event: Rows.Selected) -> None:
        self.dismiss(event.row["step"])
