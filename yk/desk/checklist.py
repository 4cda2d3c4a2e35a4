"""The checklist: what a forward move will ask, and the reasons it gives when it says no.

`items` lists it beforehand; `Examination` answers the engine's questions. Both look at the same facts, so a move asks
exactly what the checklist shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yk.desk import form
from yk.desk.order import COMPLETED, STOPPED
from yk.errors import Reason
from yk.flows.compile import Block
from yk.flows.driver import Answers
from yk.flows.facts import Facts
from yk.flows.flow import Flow, flow_name
from yk.flows.guards import Guard, find_guard

Data = dict[str, Any]
NOTICE = "notice:"
"""Prefix of the id under which a notice is acknowledged."""
DONE = ("done", "na")


class Examination:
    """Answers every question of one step from one set of facts; collects the reasons of every no."""

    def __init__(self, flow: Flow, checks: Mapping[str, Data], step: str, facts: Facts) -> None:
        self.flow, self.checks, self.facts = flow, checks, facts
        self.step = flow.step(step)
        self.reasons: list[Reason] = []
        self.answers: dict[str, bool] = {}
        self.holds = {c.name: c.check(facts) for c in flow.asked_conditions(step)}

    def ask(self, block: Block) -> Answers:
        """The engine's questions; a gate puts all of them, so that a refusal names every reason."""
        if block is self.flow.gate(self.step["id"]):
            return self._gate(block)
        return tuple([self._answer(name) for name in block])

    def _gate(self, gate: Block) -> Answers:
        """All questions of the step's gate in their order: its guards, then fields, materials, controls, child."""
        facts, found = self.facts, []
        for guard in self.flow.gate_guards(self.step["id"]):
            messages = list(guard.check(facts))
            why = list(self._reasons(guard, messages)) if messages else []
            self.reasons += why
            found.append(not why)
        for name in gate[len(found) :]:
            why = self.why_not(name)
            self.reasons += why
            found.append(not why)
        self.answers.update(zip(gate, found, strict=True))
        return tuple(found)

    def _answer(self, name: str) -> bool:
        if name in self.holds:
            self.answers[name] = self.holds[name]
            return self.holds[name]
        found = self.why_not(name)
        self.reasons.extend(found)
        self.answers[name] = not found
        return not found

    def why_not(self, name: str) -> list[Reason]:
        """The reasons why the question `name` is answered no; empty means yes."""
        if name == "fields":
            return list(self._fields())
        if name == "materials":
            return list(self._materials())
        if name == "controls":
            return list(self._controls())
        if name == "child_done":
            return list(self._children())
        guard = find_guard(name)
        return list(self._reasons(guard, list(guard.check(self.facts))))

    def is_notice(self, guard: Guard) -> bool:
        """Does a setting make this guard a mere notice?"""
        return bool(guard.level_setting) and self.facts.settings[guard.level_setting] == "notice"

    def _reasons(self, guard: Guard, messages: list[str]) -> Iterator[Reason]:
        """The reasons a guard gives with these messages."""
        if not messages:
            return
        control = self._control_of(guard.name)
        if self.is_notice(guard):
            if self.checks.get(NOTICE + guard.name, {}).get("state") in DONE:
                return
            text = f"{'；'.join(messages)}。确认已知悉：{NOTICE}{guard.name}"
            yield Reason("notice_open", text, self.step["entry"], control, guard.basis)
            return
        for message in messages:
            yield Reason(guard.code, message, self.step["entry"], control, guard.basis)

    def _control_of(self, guard: str) -> str | None:
        return next((c["id"] for c in self.step["controls"] if c["guard"] == guard), None)

    def _fields(self) -> Iterator[Reason]:
        for field in form.missing(self.flow, self.step["id"], self.facts, self.holds):
            yield Reason("field_missing", f"{field['label']}（{field['name']}）还没有填", self.step["entry"])

    def _materials(self) -> Iterator[Reason]:
        for material in self.flow.doc["materials"]:
            state, why = self.material(material)
            if why:
                yield Reason(f"material_{state}", why, self.step["entry"], basis=material["basis"])

    def material(self, material: Data) -> tuple[str, str]:
        """(state, why it holds the order up): state is attached, deferred, na, missing, due or overdue."""
        handed = self.facts.materials.get(material["code"], {})
        shown = f"{material['name']}（{material['code']}）"
        if handed.get("state") == "attached":
            return "attached", ""
        if handed.get("state") == "deferred":
            until = handed["until"]
            if until < self.facts.today:
                return "overdue", f"容缺材料{shown}约定 {until} 前补交，已逾期"
            if self._is_due(material["deferrable_until"]):
                return "due", f"容缺材料{shown}须在“{self.step['name']}”送出前补齐"
            return "deferred", ""
        if (wanted_from := material.get("step")) and not self._is_due(wanted_from):
            return "na", ""
        if not (material["required"] or self.holds.get(material["required_when"], False)):
            return "na", ""
        later = "，可容缺" if material["deferrable_until"] else "，不可容缺"
        return "missing", f"缺材料{shown}{later}"

    def _is_due(self, until: str) -> bool:
        """Is a paper of the step `until` wanted now: there, or past it? Groups side by side do not wait for each other."""
        order, here = list(self.flow.steps), self.step["id"]
        return not until or (order.index(here) >= order.index(until) and until not in self.flow.beside(here))

    def _controls(self) -> Iterator[Reason]:
        for control in self.flow.asked_controls(self.step["id"]):
            state = self.checks.get(control["id"], {}).get("state")
            if state in DONE or (state is None and not control["required"]):
                continue
            code = "control_failed" if state == "failed" else "control_open"
            wrong = "检查未通过" if state == "failed" else "未确认"
            yield Reason(code, f"{wrong}：{control['check']}", self.step["entry"], control["id"])

    def _children(self) -> Iterator[Reason]:
        mine = [c for c in self.facts.rows("children") if c["step"] == self.step["id"]]
        child = mine[-1] if mine else {"case": "（还没有开）", "flow": self.step["sub_flow"], "status": ""}
        if child["status"] != COMPLETED:
            shown = "已终止，请退回后重新送来" if child["status"] == STOPPED else "还没有办结，先把它办结"
            message = f"子工单 {child['case']}（{flow_name(child['flow'])}）{shown}"
            yield Reason("child_open", message, self.step["entry"])


def told_once(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons without "not filled in" for fields that a guard's own reason already asks for, in better words."""
    found = list(reasons)
    asked = {
        name
        for one in found
        if one.code not in ("field_missing", "notice_open")
        for names in re.findall("（([a-z0-9_、]+)）", one.message)
        for name in names.split("、")
    }
    twice = {one for one in found if one.code == "field_missing" and _field_named(one.message) in asked}
    return [one for one in found if one not in twice]


def _field_named(message: str) -> str:
    return message.rpartition("（")[2].partition("）")[0]


def items(exam: Examination) -> list[Data]:
    """Exactly what the next forward move will ask: `{id, kind, text, risk, level, required, state, guard}`."""
    step = exam.step
    found = [_guard_item(exam, name) for name in step["guards"]]
    found += [_control_item(exam, c) for c in step["controls"] if not c["guard"]]
    for field in exam.flow.fields_at(step["id"]):
        required = field["required"] or exam.holds.get(field["required_when"], False)
        if required:
            filled = exam.facts.data.get(field["name"]) is not None
            found.append(_item(field["name"], "field", field["label"], True, "done" if filled else "open"))
    for material in exam.flow.doc["materials"]:
        state, why = exam.material(material)
        if state != "na":
            shown = "done" if state == "attached" else "open" if why else "na"
            found.append(_item(material["code"], "material", material["name"], True, shown))
    if step["sub_flow"]:
        open_ = exam.why_not("child_done")
        found.append(_item("child_done", "guard", "子工单已办结", True, "failed" if open_ else "done"))
    return found


def _guard_item(exam: Examination, name: str) -> Data:
    guard = find_guard(name)
    control = next((c for c in exam.step["controls"] if c["guard"] == name), None)
    why = exam.why_not(name)
    notice = exam.is_notice(guard)
    text = guard.label if not why else "；".join(r.message for r in why)
    state = "done" if not why else "open" if notice else "failed"
    ident = NOTICE + name if notice and why else control["id"] if control else name
    return {**_item(ident, "guard", text, True, state), **_risk(control), "guard": name}


def _control_item(exam: Examination, control: Data) -> Data:
    state = exam.checks.get(control["id"], {}).get("state", "open")
    return {**_item(control["id"], "control", control["check"], control["required"], state), **_risk(control)}


def _risk(control: Mapping[str, Any] | None) -> Data:
    return {} if control is None else {"risk": control["risk"], "level": control["level"]}


def _item(ident: str, kind: str, text: str, required: bool, state: str) -> Data:
    return {
        "id": ident,
        "kind": kind,
        "text": text,
        "risk": None,
        "level": None,
        "required": required,
        "state": state,
        "guard": None,
    }
