"""The Desk: the only writer of work orders; and what can be read of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.deadlines.limits import lamp
from yk.desk import chain
from yk.desk.chain import event_id
from yk.desk.duty import OFFICE
from yk.desk.order import OPEN, WorkOrder
from yk.desk.signing import Signing
from yk.desk.taking_back import before_last, why_not
from yk.flows.dates import days_on
from yk.flows.flow import find
from yk.flows.guards.authorising import lapsed
from yk.flows.guards.scheme import in_force_until
from yk.store.conditions import Comparison
from yk.text import halfwidth
from yk.workdays import add_working_days

CALL_DAYS = 5
"""How many days before the last on which an extension may be asked for the customer is called."""

Data = dict[str, Any]


class Desk(Signing):
    """Open, fill, confirm, send, return, suspend, resume, stop, log. Each call is one transaction."""

    def events(self, case: str) -> list[Data]:
        """The events of an order, oldest first. Raises UsageError for an unknown number."""
        self.get(case)
        return self._events(case)

    def _events(self, case: str) -> list[Data]:
        found = self.store.table("event").find([Comparison("case", "=", (case,))])
        return [row for _, row in found]  # ids end in the padded number, so they come in order

    def take_back_last(self, case: str, expect: int | None = None) -> WorkOrder:
        """Undo the operator's own last step on an order, if nobody has gone on from it and it wrote nothing into
        the archive but the lock of an account. Raises Refused with the reason."""
        with self.unit():
            order = self.get(case)
            self.require_version(order, expect)
            last = self._last_event(order)
            before = before_last(self.store, order, last, self.operator)
            assert last is not None
            here, role = self.steps_at(order), str(last["role"])
            images = last.get("changes") or []
            self.take_back(images)
            told = {"event": last["event"], "seq": last["seq"]}
            back = [{**one, "before": one["after"], "after": one["before"]} for one in reversed(images)]
            self.log(
                before, "take_back", role, from_=here, to=self.steps_at(before), answers=told, changes=back
            )
            return before

    def why_not_take_back(self, case: str) -> str:
        """Why the last step cannot be undone by the operator; '' when it can."""
        order = self.get(case)
        why = why_not(self.store, order, self._last_event(order), self.operator)
        return why.message if why else ""

    def _last_event(self, order: WorkOrder) -> Data | None:
        found = self.store.table("event").get(doc_id=event_id(order.case, order.seq))
        return None if found is None else dict(found)

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
        asker = self.operator if mine else None  # known, or told, even where there is no order
        wanted = []
        if customer:
            wanted.append(Comparison("cons_no", "=", (halfwidth(customer),)))
        if flow:
            wanted.append(Comparison("flow", "=", (find(flow).id,)))
        if status:
            wanted.append(Comparison("status", "=", (status,)))
        for _, doc in self.store.table("case").find(wanted):
            order = WorkOrder.load(doc)
            if asker and not self.is_mine(order):
                continue
            if wanted_lamp and wanted_lamp not in {self.lamp_of(order, step) for step in order.steps}:
                continue
            yield order

    def is_mine(self, order: WorkOrder) -> bool:
        """Does the order wait for one of the operator's roles, at the operator's unit?"""
        flow, org = self.flow_of(order), self.operator.org
        if org and order.data.get(OFFICE, org) != org:
            return False
        wanted = {role for step in self.steps_at(order) for role in _roles_of(flow.step(step), order)}
        return order.status == OPEN and not wanted.isdisjoint(self.operator.roles)

    def lamp_of(self, order: WorkOrder, step: str) -> str:
        """green, yellow, red, or '' for a step of an order that is not running."""
        if order.status != OPEN:
            return ""
        running = order.steps[step]
        return lamp(running["due"], running["warn"], self.clock())

    def sweep(self) -> Iterator[Data]:
        """Do what falls due: orders whose deferred materials are overdue or whose scheme has lapsed are suspended,
        leave to correct the archive that has lapsed is ended, what is due by the next working day is called up.
        Yields what was done."""
        today = self.clock().date().isoformat()
        for order in list(self.orders(status=OPEN)):
            if over := lapsed(order.data, order.flow, order.at, today):
                if self._end_lapsed(order.case, over):
                    yield {"case": order.case, "action": "stop", "reason": over}
                continue
            late = [
                f"{m['name']}（{code}）"
                for code, m in sorted(order.materials.items())
                if m.get("state") == "deferred" and m["until"] < today
            ]
            reason = f"容缺材料{'、'.join(late)}逾期未补" if late else self._lapsed(order, today)
            if reason and self._suspend_late(order.case, reason):
                yield {"case": order.case, "action": "suspend", "reason": reason}
            elif not reason:
                for soon in filter(None, (self._due_soon(order, today), self._lapses_soon(order, today))):
                    yield {"case": order.case, "action": "remind", "reason": soon}

    def _due_soon(self, order: WorkOrder, today: str) -> str:
        """Which deferred materials fall due by the next working day; '' when none."""
        last = add_working_days(self.clock().date(), 1).isoformat()
        due = [
            f"{m['name']}（{code}）{m['until']}"
            for code, m in sorted(order.materials.items())
            if m.get("state") == "deferred" and today <= m["until"] <= last
        ]
        return f"提醒客户补交容缺材料：{'、'.join(due)}" if due else ""

    def _lapsed(self, order: WorkOrder, today: str) -> str:
        """Why a scheme that was replied is in force no more (供电营业规则(1996)第21条); '' when it is, or power is on."""
        until = in_force_until(order.data)
        if not until or until >= today or not _awaits_supply(order):
            return ""
        return f"供电方案已于 {until} 失效，展期或终止后重新申请"

    def _lapses_soon(self, order: WorkOrder, today: str) -> str:
        """The call to whoever may still ask for the one extension of a scheme; '' when it is too early or too late."""
        until = str(order.data.get("scheme_valid_until") or "")
        if not until or order.data.get("scheme_extended_until") or not _awaits_supply(order):
            return ""
        latest = days_on(until, -self.settings.integer("scheme_extension_days"))
        if not days_on(latest, -CALL_DAYS) <= today <= latest:
            return ""
        return f"供电方案 {until} 到期，要展期的须在 {latest} 以前申请，请问客户"

    def _end_lapsed(self, case: str, reason: str) -> bool:
        with self.unit():
            order = self.get(case)
            if order.status != OPEN:
                return False
            self._end(order, "", reason)
            return True

    def _suspend_late(self, case: str, reason: str) -> bool:
        with self.unit():
            order = self.get(case)
            if order.status != OPEN:
                return False
            self.hold(order, reason, by="system", role="")
            return True


def _awaits_supply(order: WorkOrder) -> bool:
    """The scheme was replied, and power is not on."""
    data = order.data
    return bool(data.get("signed_on")) and not (data.get("energized_at") or data.get("meter_work_on"))


def _roles_of(step: Mapping[str, Any], order: WorkOrder) -> Iterator[str]:
    """The roles that may act at a step: its own, at a joint sign-off also those of departments yet to sign."""
    yield step["role"]
    for department in step["sign"].get("departments", ()):
        if f"{step['id']}/{department['id']}/wait" in order.at:
            yield department["role"]
