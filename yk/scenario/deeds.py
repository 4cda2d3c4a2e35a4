"""What people did on work orders, as steps of a scenario: from the events of the log to 建单, 办理, 退回, 会签 …

What one person filled in, handed in and confirmed on a day before sending a step on is one step, 办理.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from yk.desk.order import WorkOrder
from yk.errors import Reason, Refused
from yk.flows.flow import Flow
from yk.scenario.anonymising import Anonymiser
from yk.scenario.form_values import FormValues
from yk.scenario.words import chinese
from yk.text import halfwidth

Data = dict[str, Any]
GATHERED = ("set", "attach", "confirm")
"""Events that get a step ready."""
_REASONED = ("fail", "suspend", "resume", "stop")
_FALLS_DUE = ("suspend", "stop")
"""What happens by itself at a moment; a scenario that comes to it does it again."""
_ANSWERS = {"done": "完成", "na": "不适用", "failed": "未通过"}
EVERY = "全部"


class Event(NamedTuple):
    """An event of the log and the order it belongs to."""

    order: WorkOrder
    data: Data

    @property
    def kind(self) -> str:
        """What happened: open, set, send, sign …"""
        return str(self.data["event"]).partition(":")[0]

    @property
    def by_system(self) -> bool:
        """Did it happen by itself: because it fell due, because a parent ended, because a step opened a child?"""
        opened_by_step = self.kind == "open" and bool(self.order.parent)
        ended_with_parent = (
            self.kind == "stop" and bool(self.order.parent) and str(self.data["reason"]).startswith("父工单 ")
        )
        return not self.data["role"] or opened_by_step or ended_with_parent

    @property
    def refusal(self) -> Refused:
        """To raise where no step of a scenario does it."""
        message = (
            f"工单 {self.order.case} 第 {self.data['seq']} 条记录“{self.data['event']}”没有对应的场景步骤"
        )
        return Refused([Reason("cannot_record", message)], "批次、演示和手工改动的工单不能录成场景")


class Deeds:
    """Tells the events of one order and its children as steps. `people` operator id -> name in the scenario."""

    def __init__(
        self, main: str, flows: Mapping[str, Flow], people: Mapping[str, str], values: FormValues
    ) -> None:
        self._main, self._flows, self._people, self._values = main, flows, people, values
        self._clock, self._pending = "", list[Event]()
        self._last_child = ""

    @property
    def _anonymous(self) -> Anonymiser:
        return self._values.anonymous

    def steps(self, events: Iterable[Event]) -> Iterator[Data]:
        """The steps in order, the clock moved between them. Raises Refused for what no step can do."""
        for event in events:
            self._clock = self._clock or moment(event.data["at"])
            if event.kind == "open" and event.order.parent:
                self._last_child = event.order.case
            if event.by_system:
                if event.kind in _FALLS_DUE and not event.data["role"]:
                    yield from self._one_by_one()
                    yield from self._at(event)
                self._values.learn(event)
                continue
            if event.kind in GATHERED:
                yield from self._gather(event)
            else:
                yield from self._told(event)
            self._values.learn(event)
        yield from self._one_by_one()

    # -- what gets a step ready ------------------------------------------------------------------------
    def _gather(self, event: Event) -> Iterator[Data]:
        if not self._goes_with(event):
            yield from self._one_by_one()
        self._pending.append(event)

    def _goes_with(self, event: Event) -> bool:
        """Is it the same person's, of the same order and day as what is gathered?"""
        if not self._pending:
            return True
        last = self._pending[-1]
        same = last.data["operator"] == event.data["operator"] and last.order.case == event.order.case
        return same and last.data["at"][:10] == event.data["at"][:10]

    def _one_by_one(self) -> Iterator[Data]:
        """What is gathered as steps of its own: 填写, 收资, 确认."""
        pending, self._pending = self._pending, []
        for (kind, _), same in groupby(pending, key=lambda event: (event.kind, event.data["at"])):
            events = list(same)
            yield from self._at(events[0])
            if kind == "attach":
                yield self._step("hand_in", _papers(events), events[0])
                continue
            for event in events:
                if kind == "set":
                    yield self._step("fill", self._values.shown(event.order, event.data["answers"]), event)
                else:
                    yield self._step("confirm", self._controls(event), event)

    # -- acts ------------------------------------------------------------------------------------------
    def _told(self, event: Event) -> Iterator[Data]:
        kind, data, reason = event.kind, event.data, self._anonymous.text(str(event.data["reason"]))
        if kind == "send":
            yield from self._sent(event)
            return
        yield from self._one_by_one()
        yield from self._at(event)
        if kind == "open":
            yield self._opened(event)
        elif kind == "return":
            to = self._step_name(event, self._target(event))
            yield self._step("return", {**self._source(event), "到": to, "因": reason}, event)
        elif kind == "fail" and (source := self._source(event)):
            yield self._step("fail", {**source, "因": reason}, event)
        elif kind == "sign":
            yield self._step("sign", self._opinion(event, reason), event)
        elif kind in _REASONED:
            yield self._step(kind, reason, event)
        elif kind == "take_back":
            yield self._step("take_back", "上一步", event)
        elif kind == "unlock":
            cause = self._anonymous.text(str(data["answers"].get("cause") or ""))
            yield self._step("unlock", {"说明": reason, **({"原因": cause} if cause else {})}, event)
        else:
            raise event.refusal

    def _sent(self, event: Event) -> Iterator[Data]:
        """办理: all that got the step ready, then the move."""
        if not self._goes_with(event):
            yield from self._one_by_one()
        gathered, self._pending = self._pending, []
        yield from self._at(event)
        order, step = event.order, self._step("do", self._step_name(event, event.data["from"][0]), event)
        data: Data = {}
        for one in gathered:
            if one.kind == "set":
                data |= self._values.shown(order, one.data["answers"])
        by_hand = self._values.by_hand(event, event.data.get("filled") or {})
        data = {**self._values.shown(order, by_hand), **data}
        if data:
            step[chinese("modifier", "data")] = data
        if papers := _papers([one for one in gathered if one.kind == "attach"]):
            step[chinese("modifier", "materials")] = papers
        if controls := self._all_controls(event, [one for one in gathered if one.kind == "confirm"]):
            step[chinese("modifier", "confirm")] = controls
        yield step

    def _all_controls(self, sent: Event, confirmed: Sequence[Event]) -> Any:
        """The controls answered before a move and with it."""
        manual = self._flows[sent.order.case].manual_controls(sent.data["from"][0])
        at_once = [name for name in sent.data["answers"] if name in manual]
        answers = [self._controls(one) for one in confirmed if one.data["answers"]]
        if any(isinstance(one, dict) for one in answers):
            told = {name: word for one in confirmed for name, word in self._words(one).items()}
            return told | dict.fromkeys(at_once, _ANSWERS["done"])
        return list(dict.fromkeys(name for names in (*answers, at_once) for name in names))

    def _opened(self, event: Event) -> Data:
        answers = dict(event.data["answers"])
        papers = answers.pop("materials", [])
        what: Data = (
            {"用户": self._anonymous.text(event.order.cons_no)}
            if self._values.is_customers(event.order)
            else {}
        )
        step = self._step("open", what, event)
        if data := self._values.shown(event.order, self._values.by_hand(event, answers)):
            step[chinese("modifier", "data")] = data
        if papers:
            step[chinese("modifier", "materials")] = list(papers)
        return step

    def _opinion(self, event: Event, reason: str) -> Data:
        _, department, opinion = str(event.data["event"]).split(":")
        step = self._flows[event.order.case].step(event.data["from"][0])
        name = next(one["name"] for one in step["sign"]["departments"] if one["id"] == department)
        word = chinese("opinion", opinion)
        return {"部门": name, "意见": word, "因": reason} if reason else {name: word}

    def _source(self, event: Event) -> dict[str, str]:
        """The step that was left, where the order stood at several."""
        return {"自": self._step_name(event, event.data["from"][0])} if len(event.data["to"]) > 1 else {}

    def _target(self, event: Event) -> str:
        """The step an order was returned to."""
        data, flow = event.data, self._flows[event.order.case]
        allowed = [name for name in flow.step(data["from"][0])["back"] if name in data["to"]]
        return str(allowed[0] if allowed else data["to"][0])

    def _controls(self, event: Event) -> Any:
        """Controls answered: [id], [全部], or {id: 不适用：reason}."""
        answers = event.data["answers"]
        if set(answers.values()) <= {"done"}:
            return [EVERY] if event.data.get("bulk") else list(answers)
        return self._words(event)

    def _words(self, event: Event) -> dict[str, str]:
        """Control -> how it was answered, with the reason where there must be one."""
        reason = self._anonymous.text(str(event.data["reason"]))
        answers = event.data["answers"].items()
        return {name: _ANSWERS[state] + ("" if state == "done" else f"：{reason}") for name, state in answers}

    # -- parts of a step -------------------------------------------------------------------------------
    def _at(self, event: Event) -> Iterator[Data]:
        """Move the clock to when it happened."""
        now = moment(event.data["at"])
        if now > self._clock:
            yield {chinese("act", "at"): now}
        self._clock = max(now, self._clock)

    def _step(self, act: str, what: Any, event: Event) -> Data:
        made: Data = {
            chinese("act", act): what,
            chinese("modifier", "by"): self._people[event.data["operator"]],
        }
        if event.order.case != self._main:
            last = event.order.case == self._last_child and event.order.parent == self._main
            made[chinese("modifier", "order")] = "子工单" if last else self._anonymous.text(event.order.case)
        return made

    def _step_name(self, event: Event, step: str) -> str:
        """The name of a step, its id where the name would not be found or means another one."""
        steps = self._flows[event.order.case].steps
        name = str(steps[step]["name"])
        return (
            name
            if halfwidth(name) == name and [one["name"] for one in steps.values()].count(name) == 1
            else step
        )


def moment(at: str) -> str:
    """A time of the log as scenarios write it: Beijing time, seconds only where there are any."""
    return at[:16].replace("T", " ") if at[17:19] in ("", "00") else at[:19].replace("T", " ")


def _papers(events: Sequence[Event]) -> Any:
    """Papers handed in, by name (by code where the name would not be found); with the day by which one is to follow."""
    found: Data = {}
    for event in events:
        for code, handed in event.data["answers"].items():
            name = handed["name"] if halfwidth(handed["name"]) == handed["name"] else code
            found[name] = handed.get("until") if handed["state"] == "deferred" else None
    return found if any(found.values()) else list(found)
