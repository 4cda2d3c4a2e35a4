"""Moves of a work order: forward, back, failed, signed, held, stopped. The engine decides, the desk records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from yk.deadlines.limits import deadline
from yk.desk import duty, form
from yk.desk.answering import need
from yk.desk.checklist import NOTICE, Examination, told_once
from yk.desk.gather import gather
from yk.desk.holding import Holding
from yk.desk.order import COMPLETED, OPEN, STOPPED, SUSPENDED, WorkOrder
from yk.errors import Reason, Refused, YkError
from yk.flows import compile as machine
from yk.flows.change import Image
from yk.flows.definition import ENDS
from yk.flows.driver import Driver, Outcome
from yk.flows.effects import find_effect
from yk.flows.facts import Facts
from yk.flows.flow import Flow, ended, find, leaf_steps
from yk.flows.replay import Replay
from yk.store.conditions import Comparison

Data = dict[str, Any]
ARCHIVING = "data_archiving"
"""The archetype of the step that writes what a flow is about."""


class Moves(Holding):
    """The moving half of the desk. Raises Refused with every reason; a refusal changes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._replays: dict[str, Replay] = {}

    def replay_of(self, flow: Flow) -> Replay:
        """The replay of a flow, learnt during this session."""
        if flow.digest not in self._replays:
            every, limit = self.settings.integer("verify_every"), self.settings.integer("replay_paths")
            self._replays[flow.digest] = Replay(Driver(flow), every, limit)
        return self._replays[flow.digest]

    def send(
        self,
        case: str,
        to: str | None = None,
        step: str | None = None,
        data: Mapping[str, object] | None = None,
        checks: Mapping[str, str] | None = None,
        expect: int | None = None,
    ) -> WorkOrder:
        """Move forward from a step. In the same breath `data` fills its form and `checks` answers its controls
        ({control id: done})."""
        with self.unit():
            order = self.load_for_change(case, expect)
            flow, step = self.flow_of(order), self.step_for(order, step)
            exam = self._examine(order, flow, step, data or {}, checks or {})
            outcome = self.replay_of(flow).run(order.place, machine.send(step), exam.ask)
            self._refuse(order, flow, step, exam, outcome)
            assert outcome.at is not None
            if to is not None:
                self._check_target(flow, to, outcome)
            filled = {n: v for n, v in exam.facts.data.items() if order.data.get(n) != v}
            with self._whole(order, flow, outcome):
                order.data, order.checks = dict(exam.facts.data), dict(exam.checks)
                images = self._effects(order, flow, flow.step(step)["effects"], exam.facts)
                self._go(order, flow, outcome, done=step)
            self._open_beside(order, flow.step(step), exam)
            answers = {**exam.answers, **(checks or {})}
            details: Data = {"filled": filled} if filled else {}
            self._log_move(order, flow, "send", step, outcome, answers=answers, changes=images, **details)
            self._let_see(order, flow, step, images)
            return order

    def return_(
        self, case: str, to: str, reason: str, step: str | None = None, expect: int | None = None
    ) -> WorkOrder:
        """Send back to one of the steps the flow allows."""
        with self.unit():
            order = self.load_for_change(case, expect)
            flow, step = self.flow_of(order), self.step_for(order, step)
            flow.step(to)
            allowed = flow.step(step)["back"]
            if to not in allowed:
                names = "、".join(f"“{flow.step(name)['name']}”" for name in allowed)
                can = f"不能退回到“{flow.step(to)['name']}”，可退回{names}" if names else "不能退回"
                raise Refused([Reason("back_not_allowed", f"“{flow.step(step)['name']}”{can}")])
            self._simple(order, flow, step, "return", machine.back(step, to), reason)
            return order

    def fail(self, case: str, reason: str, step: str | None = None, expect: int | None = None) -> WorkOrder:
        """Record a failed inspection and go where the flow says."""
        with self.unit():
            order = self.load_for_change(case, expect)
            flow, step = self.flow_of(order), self.step_for(order, step)
            if not flow.step(step)["on_fail"]:
                instead = "请用退回" if flow.step(step)["back"] else "改正后再送，办不了的终止"
                message = f"“{flow.step(step)['name']}”没有不合格的去向，{instead}"
                raise Refused([Reason("fail_not_allowed", message)])
            self._simple(order, flow, step, "fail", machine.fail(step), reason)
            return order

    def stop(self, case: str, reason: str, expect: int | None = None) -> WorkOrder:
        """End the order without archiving; what it locked is released."""
        with self.unit():
            order = self.get(case)
            self.require_version(order, expect)
            if order.status != SUSPENDED:
                order.require_open()
            self._end(order, self._some_duty(order), need(reason, "终止"))
            return order

    def _end(self, order: WorkOrder, role: str, reason: str) -> None:
        """Stop an order and its children that still run; what it locked is released."""
        flow, steps = self.flow_of(order), self.steps_at(order)
        for name, _ in order.children:
            child = self.get(name)
            if child.status in (OPEN, SUSPENDED):
                self._end(child, role, f"父工单 {order.case} 终止：{reason}")
        order.hold, order.status = None, OPEN
        outcome = self.replay_of(flow).run(order.place, machine.STOP, lambda block: (True,) * len(block))
        sources = {s for name in flow.doc["on_stop"] for s in find_effect(name).reads}
        known = gather(self.store, order, sorted(sources))
        images = self._effects(order, flow, flow.doc["on_stop"], self.facts(order, flow, "", known))
        self._go(order, flow, outcome)
        self.log(order, "stop", role, reason=reason, from_=steps, to=[STOPPED], changes=images)
        self._let_see(order, flow, "", images)

    # -- parts of a move -------------------------------------------------------------------------------
    def _examine(
        self,
        order: WorkOrder,
        flow: Flow,
        step: str,
        data: Mapping[str, object] | None = None,
        checks: Mapping[str, str] | None = None,
    ) -> Examination:
        """The questions of `step` over the order with `data`, defaults and `checks` laid over; changes nothing."""
        facts = self.facts(order, flow, step)
        if data:
            facts = facts.filled(**self._values(flow, [step], data))
        if filled := form.defaults(flow, step, facts):
            facts = facts.filled(**filled)
        return Examination(flow, self._answered(order, flow.step(step), checks or {}), step, facts)

    def _refuse(
        self, order: WorkOrder, flow: Flow, step: str, exam: Examination, outcome: Outcome, role: str = ""
    ) -> None:
        """Refuse when the engine, a role or a separation of duties says no: all reasons at once."""
        found = duty.reasons(self.operator, order, flow.step(step), self.settings, role)
        found += self.locked_reasons(order, flow, step)
        found += told_once(exam.reasons)
        if outcome.at is None and not exam.reasons:
            spec = flow.step(step)
            found.append(Reason("no_such_move", f"“{spec['name']}”现在没有这样的去向", spec["entry"]))
        if found:
            raise Refused(found, f"yk case checklist {order.case} 列出全部检查项")

    def _check_target(self, flow: Flow, to: str, outcome: Outcome) -> None:
        if to not in (COMPLETED, STOPPED):
            flow.step(to)
        assert outcome.at is not None
        if to not in outcome.at:
            real = leaf_steps(flow, outcome.at) or [ended(outcome.at)]
            *ways, wished = [flow.steps[n]["name"] if n in flow.steps else ENDS[n] for n in (*real, to)]
            message = f"按当前条件下一环节是{'、'.join(ways)}，不是{wished}"
            raise Refused([Reason("other_way", message)], "去掉 --to，照条件走")

    def _simple(self, order: WorkOrder, flow: Flow, step: str, kind: str, event: str, reason: str) -> None:
        """A move that asks no gate but needs a reason."""
        need(reason, {"return": "退回", "fail": "不合格"}[kind])
        found = duty.reasons(self.operator, order, flow.step(step), self.settings)
        found += self.locked_reasons(order, flow, step)
        if found:
            raise Refused(found)
        exam = self._examine(order, flow, step)
        outcome = self.replay_of(flow).run(order.place, event, exam.ask)
        with self._whole(order, flow, outcome):
            self._go(order, flow, outcome)
        self._log_move(order, flow, kind, step, outcome, reason=reason)

    def _effects(self, order: WorkOrder, flow: Flow, names: Sequence[str], facts: Facts) -> list[Data]:
        """Write what the effects want; gives the before- and after-images."""
        images: list[Data] = []
        for name in names:
            images += self.apply(order, find_effect(name).make(facts))
            facts.data = order.data
        return images

    def _let_see(self, order: WorkOrder, flow: Flow, step: str, images: Sequence[Data]) -> None:
        """Show what a move has written to whoever watches. The archive is as the order means to leave it once its
        data are archived, or it has ended; a flow that archives nothing leaves it so with every writing."""
        if self.watch is None or not images:
            return
        archives = [name for name, one in flow.steps.items() if one["archetype"] == ARCHIVING]
        is_left = order.status != OPEN or step in archives or not archives
        written = [Image(**image) for image in images]
        self.written(order, written, self.images_of(order) if is_left else None)

    @contextmanager
    def _whole(self, order: WorkOrder, flow: Flow, outcome: Outcome) -> Iterator[None]:
        """In a chunk a move whose child order may not be opened leaves its own order and the archive as they were."""
        assert outcome.at is not None
        opens = any(flow.step(s)["sub_flow"] for s in leaf_steps(flow, outcome.at))
        before = deepcopy(order.doc()) if opens and self._chunk is not None else {}
        try:
            yield
        except YkError:
            for name, value in before.items():
                setattr(order, name, value)
            if before:
                self.take_back(self.changes)
            raise

    def _go(self, order: WorkOrder, flow: Flow, outcome: Outcome, done: str = "") -> None:
        """Put the order where the engine went; begin the steps it came to."""
        assert outcome.at is not None
        if done:
            step = flow.step(done)
            order.done.append([done, step["archetype"], self.operator.id])
        order.at = list(outcome.at)
        here = leaf_steps(flow, order.at)
        entered = {target for _, _, target in outcome.took} | (set(here) - order.steps.keys())
        order.steps = {name: order.steps[name] for name in here if name in order.steps}
        for name in here:
            if name in entered:
                self.begin_step(order, flow, name)
        end = ended(order.at)
        if end:
            order.status, order.closed = end, self.now()

    def begin_step(self, order: WorkOrder, flow: Flow, name: str) -> None:
        """Start a step: its deadline runs, its controls are asked anew, its sub-flow is opened."""
        step = flow.step(name)
        running: Data = {"since": self.now(), "days": 0, "due": "", "warn": ""}
        if step["limit"]:
            named = step["limit"]["setting"]
            days = self.settings.integer(named) if named else step["limit"]["working_days"]
            limit = deadline(days, self.clock(), self.settings)
            running |= {"days": limit.days, "due": limit.due, "warn": limit.warn}
        order.steps[name] = running
        if order.checks:
            asked = flow.manual_controls(name) | {NOTICE + guard for guard in step["guards"]}
            order.checks = {i: answer for i, answer in order.checks.items() if i not in asked}
        if step["sub_flow"]:
            self._open_child(order, step)

    def _open_child(self, order: WorkOrder, step: Data) -> None:
        """Open the child order of a step; one that still runs since an earlier visit goes on."""
        # The child looks at its parent in the store: the lock it holds, the steps it came to.
        self.store.table("case").put([(order.case, order.doc())])
        if any(self.get(case).status in (OPEN, SUSPENDED) for case, at in order.children if at == step["id"]):
            return
        flow = find(step["sub_flow"])
        child = self.new_order(flow, order.cons_no, {}, parent=order.case, parent_step=step["id"])
        order.children.append([child.case, step["id"]])

    def _open_beside(self, order: WorkOrder, step: Data, exam: Examination) -> None:
        """Open the orders that go on by themselves beside this one (a violation found on survey), once each."""
        for one in step.get("opens", ()):
            running = self.store.table("case").find([Comparison("parent", "=", (order.case,))])
            if exam.holds[one["when"]] and not any(doc["flow"] == one["flow"] for _, doc in running):
                self.new_order(
                    find(one["flow"]), order.cons_no, {}, parent=order.case, parent_step=step["id"]
                )

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
        to = leaf_steps(flow, order.at) or [ended(order.at)]
        self.log(order, kind, role or flow.step(step)["role"], from_=[step], to=to, **details)
