"""Joint sign-off: departments give their opinions on a step, each once."""

from __future__ import annotations

from yk.desk.answering import need
from yk.desk.moves import Moves
from yk.desk.order import WorkOrder
from yk.errors import Reason, Refused, UsageError
from yk.flows import compile as machine
from yk.flows.flow import Flow


class Signing(Moves):
    """The signing part of the desk. Raises Refused with every reason; a refusal changes nothing."""

    def sign(
        self,
        case: str,
        department: str,
        opinion: str,
        clause: str = "",
        reason: str = "",
        expect: int | None = None,
    ) -> WorkOrder:
        """A department's opinion at a joint sign-off: agree, revise or reject; all but agree need a reason."""
        with self.unit():
            order = self.load_for_change(case, expect)
            flow = self.flow_of(order)
            step, department, role = self._signing(order, flow, department)
            if opinion not in machine.OPINIONS:
                raise UsageError(
                    "bad_opinion", f"会签意见 {opinion} 不对", "agree 通过、revise 修改、reject 退回"
                )
            if opinion != "agree":
                need(reason, "会签不同意")
            exam = self._examine(order, flow, step)
            event = machine.sign(step, department, opinion)
            outcome = self.replay_of(flow).run(order.place, event, exam.ask)
            self._refuse(order, flow, step, exam, outcome, role)
            with self._whole(order, flow, outcome):
                if opinion == "agree":
                    order.data = dict(exam.facts.data)
                self._go(order, flow, outcome, done=step)
            note, kind = f"{clause} {reason}".strip(), f"sign:{department}:{opinion}"
            self._log_move(order, flow, kind, step, outcome, role=role, reason=note, answers=exam.answers)
            return order

    def _signing(self, order: WorkOrder, flow: Flow, department: str) -> tuple[str, str, str]:
        """The sign-off step that waits for `department`, the department's id and role."""
        for step in self.steps_at(order):
            for one in flow.step(step).get("sign", {}).get("departments", ()):
                if department in (one["id"], one["name"]):
                    if f"{step}/{one['id']}/wait" not in order.at:
                        raise Refused([Reason("already_signed", f"{one['name']}已经会签过")])
                    return step, one["id"], one["role"]
        raise Refused([Reason("not_signing", f"工单 {order.case} 现在没有等 {department} 会签")])
