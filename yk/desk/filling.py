"""Filling a work order: opening it, its form, its materials, the answers to its controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yk.desk import form
from yk.desk.answering import Answering, file_facts
from yk.desk.checklist import items
from yk.desk.gather import gather
from yk.desk.looking_up import rows_of
from yk.desk.numbering import next_application_no
from yk.desk.order import WorkOrder
from yk.errors import Reason, Refused, UsageError
from yk.flows.facts import Facts
from yk.flows.flow import Flow, find
from yk.flows.guards import find_guard
from yk.flows.materials import Material, find_material, forbidden
from yk.flows.roles import roles
from yk.flows.rule_sets import rule_set
from yk.text import halfwidth
from yk.workdays import add_working_days

Data = dict[str, Any]


class Filling(Answering):
    """The filling half of the desk. Raises UsageError for what cannot be meant, Refused for what may not be."""

    if TYPE_CHECKING:

        def begin_step(self, order: WorkOrder, flow: Flow, name: str) -> None: ...

    def open(
        self,
        flow: str,
        customer: str | None = None,
        data: Mapping[str, object] | None = None,
        materials: Sequence[str] = (),
    ) -> WorkOrder:
        """Open a work order at the flow's first step, its form filled from the archive and `data`.

        `materials` are codes of papers seen at the counter.
        """
        return self.open_under(find(flow), customer, data, materials)

    def open_under(
        self,
        flow: Flow,
        customer: str | None = None,
        data: Mapping[str, object] | None = None,
        materials: Sequence[str] = (),
    ) -> WorkOrder:
        """`open` under a flow document that is at hand; the store keeps it."""
        with self.unit():
            step = flow.step(flow.first)
            if step["role"] not in self.operator.roles:
                who = f"{roles()[step['role']].name}（{step['role']}）"
                message = f"“{step['name']}”由{who}办理，{self.operator.name} 没有这个角色"
                raise Refused([Reason("role_missing", message, step["entry"])])
            return self.new_order(flow, self._customer(flow, customer), data or {}, materials)

    def _customer(self, flow: Flow, customer: str | None) -> str:
        """The account number given, checked."""
        if not flow.doc["customer"]:
            return ""
        if not customer:
            raise UsageError("customer_missing", f"办理{flow.name}要指明用户编号", "加 --customer 用户编号")
        cons_no = halfwidth(customer)
        if not self.store.table("customer").has(cons_no):
            raise UsageError(
                "unknown_customer", f"档案里没有用户 {customer}", "yk customer list 可按名称、地址查找"
            )
        return cons_no

    def new_order(
        self,
        flow: Flow,
        cons_no: str,
        data: Mapping[str, object],
        materials: Sequence[str] = (),
        parent: str = "",
        parent_step: str = "",
    ) -> WorkOrder:
        """Make, check and save a new order; inside a transaction."""
        at = self.clock()
        now = at.isoformat()
        self._keep_definition(flow)
        order = WorkOrder(
            case="",
            flow=flow.id,
            digest=flow.digest,
            cons_no=cons_no,
            rule_set=rule_set(now[:10], self.settings.text("rule_set")),
            opened=now,
            opened_by=self.operator.id,
            parent=parent,
            parent_step=parent_step,
        )
        values = self._values(flow, [flow.first], data)
        facts = self.facts(order, flow, flow.first, self._opening_facts(order, flow)).filled(**values)
        self._may_open(flow, facts)
        order.case = next_application_no(self.store, self.settings.text("application_prefix"), at)
        order.data = {**form.defaults(flow, flow.first, facts), **values}
        self._take_from_archive(order, flow)
        for word in materials:
            kind = find_material(word)
            order.materials[kind.code] = self._handed(kind)
        order.at = list(self._start(flow))
        here = self.steps_at(order)
        for step in here:
            self.begin_step(order, flow, step)
        answers = {**order.data, "materials": sorted(order.materials)} if materials else dict(order.data)
        self.log(order, "open", flow.step(flow.first)["role"], to=here, answers=answers)
        return order

    def _take_from_archive(self, order: WorkOrder, flow: Flow) -> None:
        """A paper that is on file and still valid is not asked for again (PX 二(一))."""
        wanted = {m["code"] for m in flow.doc["materials"] if m.get("reuse")}
        filed = (
            rows_of(self.store, "customer_document", cons_no=order.cons_no)
            if order.cons_no and wanted
            else []
        )
        for row in filed:
            if row.get("code") in wanted and (row.get("valid_to") or "9999") >= self.now()[:10]:
                kind = find_material(row["code"])
                order.materials[kind.code] = self._handed(kind, f"档案已存（{row['doc_id']}），不重复收") | {
                    "source": row["doc_id"]
                }

    def _handed(self, kind: Material, note: str = "") -> Data:
        """The record of a paper handed in and seen."""
        handed: Data = {"name": kind.name, "by": self.operator.id, "at": self.now(), "note": note}
        return handed | {"state": "attached", "original": kind.original}

    def _keep_definition(self, flow: Flow) -> None:
        """The store keeps every definition an order runs under."""
        table = self.store.table("definition")
        if not table.has(flow.digest):
            table.save({"digest": flow.digest, "flow": flow.id, "doc": flow.doc})

    def _start(self, flow: Flow) -> Sequence[str]:
        first = flow.doc["steps"][0]
        if "groups" not in first and not first["sign"]:
            return [flow.first]
        from yk.flows.driver import Driver

        return Driver(flow).start

    def _opening_facts(self, order: WorkOrder, flow: Flow) -> dict[str, Any]:
        return gather(self.store, order, flow.opening_reads)

    def _may_open(self, flow: Flow, facts: Facts) -> None:
        entry = flow.step(flow.first)["entry"]
        found = [
            Reason(find_guard(name).code, message, entry, basis=find_guard(name).basis)
            for name in flow.doc["opens_if"]
            for message in find_guard(name).check(facts)
        ]
        if found:
            raise Refused(found)

    def _values(self, flow: Flow, steps: Sequence[str], data: Mapping[str, object]) -> Data:
        """Typed values of the given fields; only fields of `steps`, none that the system fills."""
        values: Data = {}
        for word, value in data.items():
            field = form.field_of(flow, word)
            if field["readonly"]:
                raise UsageError("field_readonly", f"{field['label']}（{field['name']}）由系统带出，不能改")
            if field["step"] not in steps:
                names = "、".join(flow.step(s)["name"] for s in steps)
                where = flow.step(field["step"])["name"]
                raise UsageError(
                    "field_not_here", f"{field['label']}（{field['name']}）在“{where}”填写，工单现在“{names}”"
                )
            values[field["name"]] = form.parse(field, value)
        return values

    def fill(self, case: str, values: Mapping[str, object], expect: int | None = None) -> WorkOrder:
        """Fill form fields of the steps the order stands at; an empty value empties the field."""
        with self.unit():
            order = self.load_for_change(case, expect)
            flow, steps = self.flow_of(order), self.steps_at(order)
            typed = self._values(flow, steps, values)
            places = sorted({flow.fields[name]["step"] for name in typed}) or steps[:1]
            role = [self._duty(order, flow, [place]) for place in places][-1]
            for name, value in typed.items():
                if value is None:
                    order.data.pop(name, None)
                else:
                    order.data[name] = value
            self.log(order, "set", role, from_=steps, to=steps, answers=typed)
            return order

    def attach(
        self,
        case: str,
        material: str,
        file: Path | None = None,
        defer: str | None = None,
        note: str = "",
        expect: int | None = None,
    ) -> WorkOrder:
        """Hand in a material, with a file or as seen paper; or defer it to a date where the flow allows."""
        with self.unit():
            order = self.load_for_change(case, expect)
            flow, steps = self.flow_of(order), self.steps_at(order)
            role = self._duty(order, flow, steps)
            if any(halfwidth(material) == halfwidth(row["name"]) for row in forbidden()):
                message = f"{material} 属禁止收取的附加材料，没有政策依据，不收"
                raise Refused([Reason("forbidden_material", message, flow.step(steps[0])["entry"])])
            kind = find_material(material)
            handed = self._handed(kind, note) | file_facts(file)
            if defer is not None:
                handed |= {"state": "deferred", "until": self._deferral(flow, kind.code, kind.name, defer)}
            order.materials[kind.code] = handed
            self.log(order, "attach", role, from_=steps, to=steps, answers={kind.code: handed})
            return order

    def _deferral(self, flow: Flow, code: str, name: str, until: str) -> str:
        """The date a material may be handed in later, checked."""
        spec = next((m for m in flow.doc["materials"] if m["code"] == code), None)
        if spec is None or not spec["deferrable_until"]:
            raise Refused([Reason("not_deferrable", f"{name}（{code}）不可容缺，须当场交齐")])
        day = form.parse({"name": "defer", "label": "补交日期", "type": "date"}, until)
        today = self.clock().date()
        latest = add_working_days(today, self.settings.integer("deferral_limit_days"))
        if not today <= date.fromisoformat(day) <= latest:
            raise Refused([Reason("deferral_out_of_range", f"补交日期 {day} 应在 {today} 到 {latest} 之间")])
        return str(day)

    def checklist(self, case: str, step: str | None = None) -> list[Data]:
        """Exactly what the next forward move will ask."""
        order = self.get(case)
        steps = self.steps_at(order)
        if not steps:
            return []
        chosen = [self.step_for(order, step)] if step else steps
        return [item for name in chosen for item in items(self.examination(order, name))]
