"""The Desk: the only writer of work orders; and what can be read of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.deadlines.limits import lamp
from yk.desk import chain
from yk.desk.duty import OFFICE
from yk.desk.moves import Moves
from yk.desk.order import OPEN, WorkOrder
from yk.flows.flow import find
from yk.store.conditions import Comparison
from yk.text import halfwidth

Data = dict[str, Any]


class Desk(Moves):
    """Open, fill, confirm, send, return, suspend, resume, stop, log. Each call is one transaction."""

    def events(self, case: str) -> list[Data]:
        """The events of an order, oldest first. Raises UsageError for an unknown number."""
        self.get(case)
        return self._events(case)

    def _events(self, case: str) -> list[Data]:
        found = self.store.table("event").find([Comparison("case", "=", (case,))])
        return sorted((row for _, row in found), key=lambda row: int(row["seq"]))

    def verify(self, case: str) -> list[str]:
        """What is wrong with the event chain of an order; empty when it is whole."""
        return chain.problems(self.get(case), self._events(case))

    def orders(
        self,
        flow: str | None = None,
        status: str | None = None,
        wanted_lamp: str | None = None,
        mine: bool = False,
        customer: str | None = None,
    ) -> Iterator[WorkOrder]:
        """The orders with this flow, status, lamp and customer, those of the operator's roles only with `mine`."""
        wanted = []
        if customer:
            wanted.append(Comparison("cons_no", "=", (halfwidth(customer),)))
        if flow:
            wanted.append(Comparison("flow", "=", (find(flow).id,)))
        if status:
            wanted.append(Comparison("status", "=", (status,)))
        roles = self.operator.roles if mine else ()
        for _, doc in self.store.table("case").find(wanted):
            order = WorkOrder.load(doc)
            if mine and not self._is_mine(order, roles):
                continue
            if wanted_lamp and wanted_lamp not in {self.lamp_of(order, step) for step in order.steps}:
                continue
            yield order

    def _is_mine(self, order: WorkOrder, roles: tuple[str, ...]) -> bool:
        flow, org = self.flow_of(order), self.operator.org
        if org and order.data.get(OFFICE, org) != org:
            return False
        return order.status == OPEN and any(flow.step(s)["role"] in roles for s in self.steps_at(order))

    def lamp_of(self, order: WorkOrder, step: str) -> str:
        """green, yellow, red, or '' for a step of an order that is not running."""
        if order.status != OPEN:
            return ""
        running = order.steps[step]
        return lamp(running["due"], running["warn"], self.clock())

    def sweep(self) -> Iterator[Data]:
        """Do what falls due: orders whose deferred materials are overdue are suspended. Yields what was done."""
        today = self.clock().date().isoformat()
        for order in list(self.orders(status=OPEN)):
            late = [
                f"{m['name']}（{code}）"
                for code, m in sorted(order.materials.items())
                if m.get("state") == "deferred" and m["until"] < today
            ]
            if late:
                reason = f"容缺材料{'、'.join(late)}逾期未补"
                with self.unit():
                    fresh = self.get(order.case)
                    if fresh.status == OPEN:
                        self.hold(fresh, reason, by="system", role="")
                        yield {"case": order.case, "action": "suspend", "reason": reason}
