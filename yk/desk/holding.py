"""Holding a work order: while it is suspended its deadlines stand still."""

from __future__ import annotations

from yk.deadlines.limits import left, resumed
from yk.desk.answering import need
from yk.desk.filling import Filling
from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.errors import Reason, Refused


class Holding(Filling):
    """The holding part of the desk. Raises Refused with every reason; a refusal changes nothing."""

    def suspend(self, case: str, reason: str, expect: int | None = None) -> WorkOrder:
        """Hold the order; its deadlines stop."""
        with self.unit():
            order = self.load_for_change(case, expect)
            role = self._some_duty(order)
            self.hold(order, need(reason, "挂起"), self.operator.id, role)
            return order

    def hold(self, order: WorkOrder, reason: str, by: str, role: str) -> None:
        """Put an order on hold inside a transaction; what is left of its deadlines is kept."""
        order.hold = {"reason": reason, "since": self.now(), "by": by}
        for running in order.steps.values():
            if running["due"]:
                running["left"] = left(running["due"], self.clock(), self.settings)
        order.status = SUSPENDED
        here = self.steps_at(order)
        self.log(order, "suspend", role, reason=reason, from_=here, to=here)

    def resume(self, case: str, reason: str, expect: int | None = None) -> WorkOrder:
        """End the hold; deadlines run on with what was left of them."""
        with self.unit():
            order = self.get(case)
            self.require_version(order, expect)
            if order.status != SUSPENDED:
                raise Refused([Reason("not_suspended", f"工单 {case} 没有挂起")])
            role = self._some_duty(order)
            need(reason, "恢复")
            order.hold, order.status = None, OPEN
            for running in order.steps.values():
                if "left" in running:
                    again = resumed(running["days"], running.pop("left"), self.clock(), self.settings)
                    running["due"], running["warn"] = again.due, again.warn
            here = self.steps_at(order)
            self.log(order, "resume", role, reason=reason, from_=here, to=here)
            return order

    def _some_duty(self, order: WorkOrder) -> str:
        """The role by which the operator may hold or stop the order: that of a step it stands at, or supervisor."""
        flow, operator = self.flow_of(order), self.operator
        for step in self.steps_at(order):
            if flow.step(step)["role"] in operator.roles:
                return str(flow.step(step)["role"])
        if "supervisor" in operator.roles:
            return "supervisor"
        raise Refused([Reason("role_missing", f"{operator.name} 不是当前环节的经办角色，也不是分管领导")])
