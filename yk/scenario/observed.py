"""A desk whose orders are watched: what was asked and answered, what moved, what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yk.desk.checklist import DONE, Examination
from yk.desk.desk import Desk
from yk.desk.order import COMPLETED, STOPPED, WorkOrder
from yk.errors import Refused
from yk.flows.driver import Outcome
from yk.flows.flow import Flow
from yk.flows.replay import Replay
from yk.flows.ways import taken

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
        self._stood_at: list[str] = []

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
        answering = {c["guard"]: c["id"] for c in flow.step(step)["controls"] if c["guard"]}
        for name in guards:
            if name in exam.answers:
                yes = exam.answers[name]
                self.see("guards", flow.id, f"{step}/{name}={'yes' if yes else 'no'}")
                if name in answering and not yes:
                    self.see("controls", flow.id, f"{answering[name]}=caught")
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
        here = self.steps_at(order)
        for source, target in _ways(flow, kind, step, outcome, self._stood_at, here):
            self.see("transitions", flow.id, f"{source}>{target}")
        if order.status in (COMPLETED, STOPPED):
            self.see("states", flow.id, order.status)

    def load_for_change(self, case: str, expect: int | None = None) -> WorkOrder:
        order = super().load_for_change(case, expect)
        self._stood_at = self.steps_at(order)
        return order

    def _end(self, order: WorkOrder, role: str, reason: str) -> None:
        super()._end(order, role, reason)
        self.see("states", order.flow, STOPPED)


def _ways(
    flow: Flow, kind: str, step: str, outcome: Outcome, before: Sequence[str], here: Sequence[str]
) -> set[tuple[str, str]]:
    """The ways that a move took."""
    if kind == "return":
        backs = (event.split(":") for event, _, _ in outcome.took if event.startswith("back:"))
        return {(source, target) for _, source, target in backs}
    if kind == "fail":
        return {(step, flow.step(step)["on_fail"])}
    if step in here:
        return set()  # other departments have yet to sign
    return taken(flow, step, before, here)
