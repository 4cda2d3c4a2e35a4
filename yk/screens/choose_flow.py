"""Choosing a flow: by name, initials or category, as typed; in the order of the tutorial's menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, cast

from yk.screens.dialogs import Choices, Choose
from yk.screens.working import start
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.flows.flow import Flow
    from yk.screens.app import YkApp
    from yk.screens.shell import YkScreen

CATEGORIES = ("新装增容", "变更用电", "供用电合同", "用电检查", "杂项")
"""The categories of flows in the order of NX 1.3, with the contracts and inspections of the manual between."""


class Offered(NamedTuple):
    """A flow to choose: `told` is said of it, `words` is what typing is compared with."""

    id: str
    name: str
    told: str
    words: str


class ChooseFlow(Choose):
    """The flows; it is there at once, so that keys typed ahead go into it, and filled when they are read."""

    def __init__(self, title: str, load: Callable[[Desk], list[Offered]], chosen: str = "") -> None:
        super().__init__(title, [], self._fits, chosen, "正在读流程")
        self._load, self._words = load, dict[str, str]()

    def on_mount(self) -> None:
        """Typing goes into the line; the flows come."""
        super().on_mount()
        start(self, self._read)

    async def _read(self) -> None:
        app = cast("YkApp", self.app)
        offered = await app.office.ask(self._load)
        self._words = {one.id: one.words for one in offered}
        self.query_one(Choices).empty = "没有符合的；可输入名称、类别或拼音首字母"
        self.fill([(one.id, one.name, one.told) for one in offered])

    def _fits(self, option: tuple[str, str, str], word: str) -> bool:
        return word in f"{option[1]} {self._words[option[0]]}".casefold()


async def choose_flow(screen: YkScreen, title: str, chosen: str = "") -> str | None:
    """The id of the flow chosen, None when none was."""
    return await screen.app.push_screen_wait(ChooseFlow(title, all_flows, chosen))


def all_flows(desk: Desk) -> list[Offered]:
    """Every flow, those of a category together."""
    return [_offered(flow) for flow in _in_order()]


def openable_flows(desk: Desk) -> list[Offered]:
    """Every flow, those first that begin with a step of the operator's roles; of the others, who begins them."""
    from yk.flows.roles import roles

    mine, others = [], []
    for flow in _in_order():
        role = flow.step(flow.first)["role"]
        if role in desk.operator.roles:
            mine.append(_offered(flow))
        else:
            others.append(_offered(flow, f"由{roles()[role].name}受理"))
    return mine + others


def _in_order() -> list[Flow]:
    from yk.flows.flow import flow_ids, load

    ranks = {name: number for number, name in enumerate(CATEGORIES)}
    flows = map(load, flow_ids())
    return sorted(
        flows, key=lambda flow: (ranks.get(flow.doc["category"], len(ranks)), _first_entry(flow), flow.id)
    )


def _first_entry(flow: Flow) -> str:
    """The number of the flow's first manual entry; a flow that has none comes after those that have."""
    return min((step["entry"] for step in flow.steps.values() if step["entry"]), default="~")


def _offered(flow: Flow, more: str = "") -> Offered:
    from yk.flows.diagram.drawing import entry_range

    entries = entry_range(step["entry"] for step in flow.steps.values())
    parts = (flow.doc["category"], f"{len(flow.steps)} 个环节", entries, more)
    words = f"{flow.id} {halfwidth(flow.doc['initials'])} {flow.doc['category']} {entries}".casefold()
    return Offered(flow.id, flow.name, "，".join(part for part in parts if part), words)
