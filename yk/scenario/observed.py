"""A desk whose orders are watched: what was asked and answered, what moved, what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yk.desk.checklist import DONE, Examination
from yk.desk.desk import Desk
from yk.desk.order import COMPLETED, STOPPED, WorkOrder
from yk.errors import Refused
from yk.flows.driver import Outcome
from yk.flows.flow import Flow
from yk.flows.replay import Replay
from yk.scenario.obligations import ways_taken

Seen = tuple[str, str, str]
"""(dimension, flow, item), see `obligations`."""


class ObservedDesk(Desk):
    """The desk, with an eye on it. `seen` collects what of the flows was met; `flows` replaces definitions by others
    (mutants); `replays` may be shared between desks."""

    def __init__(self, *args: Any, replays: dict[str, Replay] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if replays is not None:
            self._replays = replays
        self.seen: dict[Seen, None] = {}
        self.flows: Mapping[str, Flow] = {}

    def see(self, dimension: str, flow: str, item: str) -> None:
        """Note that something of a flow was met."""
        self.seen[dimension, flow, item] = None

    # -- what the desk does, and what it shows ---------------------------------------------------------
    def open(self, flow: str, *args: Any, **kwargs: Any) -> WorkOrder:
        """As the desk does; a flow that is replaced is opened as its replacement."""
        other = self.flows.get(flow)
        return (
            super().open(flow, *args, **kwargs) if other is None else self.open_under(other, *args, **kwargs)
        )

    def begin_step(self, order: WorkOrder, flow: Flow, name: str) -> None:
        super().begin_step(order, flow, name)
        self.see("states", flow.id, name)
        for risk in dict.fromkeys(control["risk"] for control in flow.step(name)["controls"]):
            self.see("risks", flow.id, f"{risk}=shown")

    def _refuse(
        self, order: WorkOrder, flow: Flow, step: str, exam: Examination, outcome: Outcome, role: str = ""
    ) -> None:
        guards = flow.step(step)["guards"]
        for name in guards:
            if name in exam.answers:
                self.see("guards", flow.id, f"{step}/{name}={'yes' if exam.answers[name] else 'no'}")
        for control in flow.step(step)["controls"]:
            if exam.answers.get(control["guard"]) is False:
                self.see("controls", flow.id, f"{control['id']}=caught")
        for reason in exam.reasons:
            if reason.code in ("control_open", "control_failed"):
                self.see("controls", flow.id, f"{reason.control}=caught")
        super()._refuse(order, flow, step, exam, outcome, role)
        for control in flow.step(step)["controls"]:
            done = exam.answers.get(control["guard"]) if control["guard"] else None
            if done or exam.checks.get(control["id"], {}).get("state") in DONE:
                self.see("controls", flow.id, f"{control['id']}=done")

    def note_refusal(self, flow: str, refused: Refused) -> None:
        """Note the codes of a refusal met by an order of a flow."""
        for reason in refused.reasons:
            self.see("refusals", flow, reason.code)

    def _log_move(
        self,
        order: WorkOrder,
        flow: Flow,
        kind: str,
        step: str,
        outcome: Outcome,
        role: str = "",
        **details: Any,
    ) -> None:
        super()._log_move(order, flow, kind, step, outcome, role, **details)
        for way in ways_taken(outcome.took):
            self.see("transitions", flow.id, way)
        if order.status in (COMPLETED, STOPPED):
            self.see("states", flow.id, order.status)

    def _end(self, order: WorkOrder, role: str, reason: str) -> None:
        super()._end(order, role, reason)
        self.see("states", order.flow, STOPPED)
