"""A clerk who does wrong whatever can be done wrong on an order, step by step to its end: the refusals the desk gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from trials import fresh

from yk.archive.codes import codes
from yk.desk import Desk
from yk.desk.operators import Operator, all_operators
from yk.desk.order import OPEN, WorkOrder
from yk.desk.running import Plan, all_agree, fill_in, opened_for_run, operator_for, run
from yk.desk.trying import alter, undone
from yk.errors import Refused
from yk.flows.flow import Flow
from yk.flows.guards import find_condition
from yk.flows.materials import forbidden
from yk.flows.roles import role_ids
from yk.settings import load as load_settings
from yk.workdays import add_working_days


class Clerk:
    """`met` are the codes of every refusal on the way."""

    def __init__(self, flow: Flow) -> None:
        self.flow, self.met = flow, set[str]()
        self.desk = fresh(load_settings({}).with_values(red_lamp_locks=True))
        customer = flow.doc["demo"].get("customer", "")
        archived = self.desk.store.table("customer").get(doc_id=customer)
        here = archived["org_no"] if archived else next(iter(codes("org")))
        there = next(unit for unit in codes("org") if unit != here)
        for name, unit in (("trainer", here), ("elsewhere", there)):
            self.desk.store.table("operator").save(Operator(name, name, tuple(role_ids()), unit).doc())
        self.case = opened_for_run(self.desk, flow.id, customer or None, Plan())
        while self.order.status == OPEN:
            self._walk(self.desk.steps_at(self.order)[0])
        self._try(lambda: self.desk.send(self.case))

    @property
    def order(self) -> WorkOrder:
        """The order as it stands."""
        return self.desk.get(self.case)

    def _walk(self, step: str) -> None:
        """Everything wrong at a step, then on from it."""
        self._act_as_able(step)
        self._misplace(step)
        self._hand_in_wrongly()
        self._try(lambda: self.desk.send(self.case, step=step))
        self._end_children(step)
        self._act_as_able(step)
        for condition in {s["when"] for s in self.flow.steps.values() if s["sub_flow"]} - {""}:
            alter(self.desk, self.case, step, find_condition(condition).yes)
        fill_in(self.desk, self.case, step)
        if controls := sorted(self.flow.manual_controls(step))[:1]:
            self._try(
                lambda: self.desk.confirm(self.case, controls, "failed", "没做到", step=step),
                lambda: self.desk.send(self.case, step=step),
            )
        self.desk.confirm(self.case, [], every=True, step=step)
        self._send_as_others(step)
        self._act_as_able(step)
        self._leave(step)

    def _leave(self, step: str) -> None:
        if self.flow.steps[step]["sign"]:
            self._sign(step)
        else:
            self._try(lambda: self.desk.send(self.case, to=self.flow.first, step=step))
            self.desk.send(self.case, step=step)

    def _try(self, *acts: Callable[[], object], desk: Desk | None = None) -> None:
        """Do these one after the other till one is refused; all of it is undone again."""
        with undone(desk or self.desk):
            try:
                for act in acts:
                    act()
            except Refused as refused:
                self.met |= {reason.code for reason in refused.reasons}

    def _act_as_able(self, step: str) -> None:
        self.desk.act_as("trainer")
        self.desk.act_as(operator_for(self.desk, self.order, self.flow.steps[step]).id)

    def _misplace(self, step: str) -> None:
        """Moves that belong elsewhere, on an order that stands, is held, is late."""
        desk, case = self.desk, self.case
        for other in self.flow.steps:
            if other not in desk.steps_at(self.order):
                self._try(lambda other=other: desk.send(case, step=other))
            self._try(lambda other=other: desk.return_(case, other, "退错了", step=step))
        self._try(lambda: desk.fail(case, "不该不合格的", step=step))
        self._try(lambda: desk.suspend(case, "等客户"), lambda: desk.send(case, step=step))
        for department in (
            d for s in self.flow.steps.values() if s["sign"] for d in s["sign"]["departments"]
        ):
            self._try(lambda name=department["id"]: desk.sign(case, name, "agree"))
        much_later = desk.clock() + timedelta(days=200)
        late = Desk(desk.store, desk.operator.id, lambda: much_later, desk.settings)
        self._try(lambda: late.send(case, step=step), desk=late)

    def _hand_in_wrongly(self) -> None:
        """Papers nobody may ask for, those that may not wait, those that are left waiting."""
        desk, case, materials = self.desk, self.case, self.flow.doc["materials"]
        latest = add_working_days(desk.clock().date(), desk.settings.integer("deferral_limit_days"))
        if not materials:
            return
        self._try(lambda: desk.attach(case, forbidden()[0]["name"]))
        for material in materials:
            code, waits = material["code"], material["deferrable_until"]
            self._try(lambda code=code: desk.attach(case, code, defer="2999-12-31"))
            if waits and code not in self.order.materials:
                desk.attach(case, code, defer=latest.isoformat())

    def _end_children(self, step: str) -> None:
        for child, at in self.order.children:
            if at == step and self.desk.get(child).status == OPEN:
                list(run(self.desk, child, Plan(confirm_all=True, fill=True)))

    def _send_as_others(self, step: str) -> None:
        role = self.flow.steps[step]["role"]
        stranger = next(one.id for one in all_operators(self.desk.store) if role not in one.roles)
        for other in ("trainer", "elsewhere", stranger):
            self.desk.act_as(other)
            self._try(lambda: self.desk.send(self.case, step=step))

    def _sign(self, step: str) -> None:
        """One department signs twice, then all agree."""
        spec = self.flow.steps[step]
        first = spec["sign"]["departments"][0]
        self.desk.act_as(operator_for(self.desk, self.order, {**spec, "role": first["role"]}).id)
        self._try(*[lambda: self.desk.sign(self.case, first["id"], "agree")] * 2)
        all_agree(self.desk, self.order, step)
