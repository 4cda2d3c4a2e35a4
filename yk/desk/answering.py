"""Answering controls: what a person confirms, and who may."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from yk.desk import duty, form
from yk.desk.checklist import NOTICE, Examination, items
from yk.desk.order import WorkOrder
from yk.desk.session import Session
from yk.errors import Reason, Refused, UsageError
from yk.files import read_bytes
from yk.flows.flow import Flow
from yk.flows.guards import find_guard
from yk.text import did_you_mean

Data = dict[str, Any]
STATES = ("done", "na", "failed")


class Answering(Session):
    """The answering part of the desk. Raises UsageError for what cannot be meant, Refused for what may not be."""

    def confirm(
        self,
        case: str,
        ids: Sequence[str],
        state: str = "done",
        reason: str = "",
        note: str = "",
        evidence: Path | None = None,
        every: bool = False,
        step: str | None = None,
        expect: int | None = None,
    ) -> WorkOrder:
        """Answer controls: done, na or failed (the latter two with a reason); `every` answers all open manual ones."""
        with self.unit():
            order = self.load_for_change(case, expect)
            flow, step = self.flow_of(order), self.step_for(order, step)
            role = self._duty(order, flow, [step])
            if state not in STATES:
                raise UsageError("bad_answer", f"回答 {state} 不对", "done 已做、na 不适用、failed 未通过")
            if state != "done":
                need(reason, "不适用或未通过")
            wanted = (
                self._open_controls(order, flow, step)
                if every
                else [self._control(flow, step, i) for i in ids]
            )
            if not wanted and not every:
                raise UsageError("nothing_to_confirm", "没有指明要确认哪一条", "写上编号，或 --all 确认全部")
            answer: Data = {
                "state": state,
                "by": self.operator.id,
                "role": role,
                "at": self.now(),
            }
            answer |= {k: v for k, v in (("reason", reason), ("note", note)) if v}
            if evidence is not None:
                answer["evidence"] = file_facts(evidence)
            if every:
                answer["bulk"] = True
            for name in wanted:
                order.checks[name] = answer
            details = {"bulk": True} if every else {}
            answers = dict.fromkeys(wanted, state)
            self.log(
                order, "confirm", role, from_=[step], to=[step], reason=reason, answers=answers, **details
            )
            return order

    def _answered(self, order: WorkOrder, step: Data, checks: Mapping[str, str]) -> Mapping[str, Data]:
        """The order's answers together with those given as part of a move; changes nothing."""
        if not checks:
            return order.checks
        known = self.flow_of(order).manual_controls(step["id"])
        if not known.issuperset(checks):
            name = sorted(checks.keys() - known)[0]
            raise UsageError("unknown_control", f"“{step['name']}”没有措施 {name}", did_you_mean(name, known))
        if wrong := sorted(set(checks.values()) - {"done"}):
            raise UsageError(
                "bad_answer",
                f"随送出回答措施只能是 done，不能是 {wrong[0]}",
                "不适用或未通过请先单独登记并写明理由",
            )
        common = {"by": self.operator.id, "role": step["role"], "at": self.now()}
        return {**order.checks, **{name: {"state": state, **common} for name, state in checks.items()}}

    def _open_controls(self, order: WorkOrder, flow: Flow, step: str) -> list[str]:
        manual = [c["id"] for c in flow.step(step)["controls"] if not c["guard"]]
        exam = self.examination(order, step)
        notices = [i["id"] for i in items(exam) if i["id"].startswith(NOTICE)]
        return [i for i in (*manual, *notices) if i not in order.checks]

    def _control(self, flow: Flow, step: str, word: str) -> str:
        """The public id of a control of `step`; the entry's number may be left off (`2.R1.C1`)."""
        spec = flow.step(step)
        manual = {c["id"] for c in spec["controls"] if not c["guard"]}
        notices = {NOTICE + g for g in spec["guards"] if find_guard(g).level_setting}
        for name in (word, f"{spec['entry']}.{word}", f"YXZY-YY-{word}"):
            if name in manual | notices:
                return name
        answered = {c["id"]: c["guard"] for c in spec["controls"] if c["guard"]}
        for name in (word, f"{spec['entry']}.{word}"):
            if name in answered:
                label = find_guard(answered[name]).label
                raise UsageError("answered_by_guard", f"{name} 由系统按事实判断（{label}），不能人工确认")
        hint = did_you_mean(word, manual) or "yk case checklist 工单号 列出全部编号"
        raise UsageError("unknown_control", f"“{spec['name']}”没有措施 {word}", hint)

    def examination(self, order: WorkOrder, step: str) -> Examination:
        """The questions of `step` with today's facts, defaults filled in; writes nothing."""
        flow = self.flow_of(order)
        facts = self.facts(order, flow, step)
        return Examination(flow, order.checks, step, facts.filled(**form.defaults(flow, step, facts)))

    def _duty(self, order: WorkOrder, flow: Flow, steps: Sequence[str]) -> str:
        """The role by which the operator may work at one of `steps`; refused when there is none."""
        found: list[Reason] = []
        for name in steps:
            reasons = duty.reasons(self.operator, order, flow.step(name), self.settings)
            if not reasons:
                return str(flow.step(name)["role"])
            found += reasons
        raise Refused(found)


def need(reason: str, what: str) -> str:
    """A reason that says something. Raises UsageError (`reason_missing`)."""
    if not reason.strip():
        raise UsageError("reason_missing", f"{what}要写明原因", "加 --reason 原因")
    return reason


def file_facts(file: Path | None) -> Data:
    """Name, size and SHA-256 of a handed-in file. Raises UnreadableError."""
    if file is None:
        return {}
    content = read_bytes(file)
    return {"file": file.name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
