"""Holding a work order: while it is suspended its deadlines stand still."""

from __future__ import annotations

from yk.deadlines.limits import RED, deadline, lamp, left, resumed
from yk.desk.answering import need
from yk.desk.filling import Filling
from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.errors import Reason, Refused
from yk.flows.flow import Flow

SUPERVISOR = "supervisor"
"""Who may hold, stop and unlock any order (分管领导)."""


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

    def unlock(
        self, case: str, reason: str, cause: str = "", step: str | None = None, expect: int | None = None
    ) -> WorkOrder:
        """Let a step whose lamp is red go on: the delay is explained, and a supervisor grants its limit anew
        (县局流程优化方案 二(三)). Raises Refused (`role_missing`, `not_locked`)."""
        with self.unit():
            order = self.load_for_change(case, expect)
            flow, step = self.flow_of(order), self.step_for(order, step)
            if SUPERVISOR not in self.operator.roles:
                message = f"延误说明由分管领导批准，{self.operator.name} 没有这个角色"
                raise Refused([Reason("role_missing", message, flow.step(step)["entry"])])
            need(reason, "解锁")
            running = order.steps[step]
            if not self.is_locked(order, step):
                raise Refused([Reason("not_locked", f"“{flow.step(step)['name']}”没有锁定，不用解锁")])
            again = deadline(running["days"], self.clock(), self.settings)
            running["due"], running["warn"] = again.due, again.warn
            told = {"cause": cause} if cause else {}
            self.log(order, "unlock", SUPERVISOR, reason=reason, from_=[step], to=[step], answers=told)
            return order

    def is_locked(self, order: WorkOrder, step: str) -> bool:
        """Is a step locked because it is past its limit (setting `red_lamp_locks`)?"""
        if not self.settings["red_lamp_locks"] or order.status != OPEN:
            return False
        running = order.steps[step]
        return lamp(running["due"], running["warn"], self.clock()) == RED

    def locked_reasons(self, order: WorkOrder, flow: Flow, step: str) -> list[Reason]:
        """Why a step may not be left before somebody unlocks it; empty when it may."""
        if not self.is_locked(order, step):
            return []
        spec, due = flow.step(step), order.steps[step]["due"]
        message = (
            f"“{spec['name']}”应在 {due[:16].replace('T', ' ')} 前办结，已超期锁定，须分管领导批准延误说明"
        )
        return [Reason("red_locked", message, spec["entry"], basis="县局流程优化方案 二(三)")]

    def _some_duty(self, order: WorkOrder) -> str:
        """The role by which the operator may hold or stop the order: that of a step it stands at, or supervisor."""
        flow, operator = self.flow_of(order), self.operator
        for step in self.steps_at(order):
            if flow.step(step)["role"] in operator.roles:
                return str(flow.step(step)["role"])
        if SUPERVISOR in operator.roles:
            return SUPERVISOR
        raise Refused([Reason("role_missing", f"{operator.name} 不是当前环节的经办角色，也不是分管领导")])
