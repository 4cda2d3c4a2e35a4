"""Running a scenario step by step in a world of its own: forward, back, to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, NamedTuple

from yk.desk.order import WorkOrder
from yk.desk.views import event_line
from yk.errors import Reason, Refused, YkError
from yk.flows.flow import Flow, load
from yk.scenario import acts_audit, acts_batch, acts_order, acts_time, events
from yk.scenario.building import build
from yk.scenario.expecting import misses
from yk.scenario.givens import FILE, MEMORY
from yk.scenario.incident import scheduled
from yk.scenario.incidents import inject
from yk.scenario.promised import broken_promises
from yk.scenario.refusing import unexpected
from yk.scenario.result import DONE, FAILED, POWER_CUT, REFUSED, WAITING, Miss, Result, Told
from yk.scenario.scenario import Scenario, Step
from yk.scenario.world import Mark, PowerCut, World

ACTS: dict[str, Callable[[World, Scenario, Step], str]] = {
    **acts_order.ACTS,
    **acts_time.ACTS,
    **acts_batch.ACTS,
    **acts_audit.ACTS,
    **events.ACTS,
}
LAST_EVENTS = 6
"""So many lines of the order's log a failure shows."""


def world_for(scenario: Scenario) -> World:
    """A new world for a scenario: in a file where the power is to be cut, unless it says otherwise."""
    cut = any(step.power_cut is not None for step in scenario.steps)
    kind = scenario.given.get("store", FILE if cut else MEMORY)
    return World(scenario.given.get("base", "demo"), kind, scenario.flow)


def run_scenario(scenario: Scenario, flows: Mapping[str, Flow] | None = None) -> Result:
    """Run a scenario from its start to its end, or to the first step that does not go as it must. `flows` replaces
    definitions (mutants)."""
    if scenario.skip:
        return Result(scenario, skipped=scenario.skip)
    with world_for(scenario) as world:
        world.desk.flows = flows or {}
        run = Run(scenario, world)
        run.begin()
        while run.position < len(run.steps) and run.result.passed:
            run.step()
        return run.finish()


class Moment(NamedTuple):
    """A moment of a run, to come back to."""

    world: Mark
    position: int
    struck: int
    lines: int
    passed: bool


class Run:
    """One run. With `keep` every step can be taken back (lessons).

    `position` counts the steps that are done; what a step injects strikes before it, see `strike`.
    """

    def __init__(self, scenario: Scenario, world: World, keep: bool = False) -> None:
        self.scenario, self.world, self.steps = scenario, world, scenario.steps
        self.result = Result(scenario)
        self.position = 0
        self._incidents: Mapping[int, Mapping[str, Any]] = {}
        self._struck = 0
        self._moments: list[Moment] | None = [] if keep else None
        self._started = perf_counter()

    def begin(self) -> None:
        """Build the world the scenario starts from."""
        self.world.desk.seen = {}
        try:
            build(self.world, self.scenario.given)
            if any(step.inject for step in self.steps):
                self._incidents = scheduled(self.steps, self.scenario.seed)
        except YkError as error:
            place = self.scenario.place
            self._fail("世界搭不起来", [Miss("假如", "能搭起来", error.message, place, error.hint)])

    # -- forward -----------------------------------------------------------------------------------------
    def strike(self) -> str:
        """Let the incident strike that the next step brings with it, once; what is told of it, '' when there is none.

        Raises UsageError where it cannot strike, Refused while nothing can be written.
        """
        number = self.position + 1
        if self._struck >= number or self.position >= len(self.steps):
            return ""
        self.remember()
        self._struck = number
        asked = self._incidents.get(number)
        return str(inject(self.world, asked)) if asked else ""

    def step(self) -> Told:
        """Do the next step; what does not go as it must ends the scenario."""
        step, mark, struck = self.steps[self.position], FAILED, ""
        try:
            struck = self.strike()
            mark, text = self._do(step)
        except YkError as error:
            text = step.said
            self._fail("事故发生不了", [Miss("注入", "能发生", error.message, step.place, error.hint)])
        self.position += 1
        told = Told(mark, self.position, f"{f'【{struck}】' if struck else ''}{_who(step)}{text}", step.place)
        self.result.log.append(told)
        return told

    def by_hand(self, step: Step) -> Told:
        """Do something that the scenario does not say; nothing is expected of it."""
        self.remember()
        passed = self.result.passed
        mark, text = self._do(step)
        if not passed or mark == FAILED:
            self.result.passed, self.result.title, self.result.misses = passed, "", ()
        told = Told(REFUSED if mark == FAILED else mark, self.position, f"{_who(step)}{text}", step.place)
        self.result.log.append(told)
        return told

    # -- back --------------------------------------------------------------------------------------------
    def remember(self) -> None:
        """Keep this moment (a run with `keep`)."""
        if self._moments is not None:
            kept = self.result
            self._moments.append(
                Moment(self.world.mark(), self.position, self._struck, len(kept.log), kept.passed)
            )

    @property
    def moments(self) -> int:
        """How many moments are kept."""
        return len(self._moments or ())

    def back(self) -> bool:
        """Take the last step back, with everything that was done to the world since before it; False at the start."""
        if not self._moments or not self.position:
            return False
        wanted = self.position - 1
        return self.back_to(next(i for i, one in enumerate(self._moments) if one.position >= wanted))

    def back_to(self, number: int) -> bool:
        """As it was at the kept moment `number` (from 0); False when there is none."""
        if not self._moments or number >= len(self._moments):
            return False
        moment = self._moments[number]
        del self._moments[number:]
        self.world.rewind(moment.world)
        self.position, self._struck = moment.position, moment.struck
        del self.result.log[moment.lines :]
        if moment.passed:
            self.result.passed, self.result.title, self.result.misses = True, "", ()
        return True

    def finish(self) -> Result:
        """Look at what the scenario expects in the end; the result."""
        result, world = self.result, self.world
        if result.passed and self.position == len(self.steps):
            found = self._looked(self.scenario.then)
            if found:
                self._fail(f"结果有 {len(found)} 处不符", found)
            elif kept := self._unkept():
                self._fail(f"有 {len(kept)} 处没有做到", kept)
        if not result.passed:
            result.history = self._last_events()
            for number, step in enumerate(self.steps[self.position :], self.position + 1):
                result.log.append(Told(WAITING, number, f"{_who(step)}{step.said}（未执行）", step.place))
        result.clock = world.clock.now.strftime("%Y-%m-%d %H:%M")
        result.seen = list(world.desk.seen)
        result.seconds = perf_counter() - self._started
        return result

    # -- one step --------------------------------------------------------------------------------------
    def _do(self, step: Step) -> tuple[str, str]:
        try:
            text = ACTS[step.act](self.world, self.scenario, step)
        except Refused as refused:
            self._note(step, refused)
            return self._refused(step, refused.reasons)
        except YkError as error:
            return self._refused(step, (Reason(error.code, error.message),), error.hint)
        except PowerCut as cut:
            self.world.reopen()
            self.world.arm()
            return self._after(step, POWER_CUT, f"{step.said} → {cut}，重新打开存储")
        if step.refused is not None:
            wanted = "、".join(step.refused.words)
            self._fail("本应被拒却通过了", [Miss("拒绝", wanted, "通过", step.refused.place)])
            return FAILED, text
        return self._after(step, DONE, text)

    def _after(self, step: Step, mark: str, text: str) -> tuple[str, str]:
        found = self._looked(step.expect, step.order)
        if found:
            self._fail(f"这一步之后有 {len(found)} 处不符", found)
        return (FAILED if found else mark), text

    def _refused(self, step: Step, reasons: tuple[Reason, ...], hint: str = "") -> tuple[str, str]:
        told = "；".join(reason.message for reason in reasons)
        if step.refused is None:
            found = [
                Miss("拒绝", "通过", f"{reason.message}（{reason.code}）", step.place, hint)
                for reason in reasons
            ]
            self._fail("没有料到的拒绝", found)
            return FAILED, f"{step.said} → 被拒：{told}"
        found = unexpected(step.refused, reasons, self._flow(step))
        if found and hint:
            found[0] = found[0]._replace(hint="；".join(filter(None, (found[0].hint, hint))))
        if found:
            self._fail("拒绝的原因不对", found)
            return FAILED, f"{step.said} → 被拒：{told}"
        return self._after(step, REFUSED, f"{step.said} → 如期被拒：{told}")

    def _looked(self, wanted: Any, order: str = "") -> list[Miss]:
        try:
            return misses(self.world, wanted, order)
        except YkError as error:
            place = wanted[0].place if wanted else self.scenario.place
            return [Miss("期望", "能看到", error.message, place, error.hint)]

    def _unkept(self) -> list[Miss]:
        """What the scenario promised and did not keep; a snapshot that cannot be read is not kept."""
        try:
            return list(broken_promises(self.result, self.world.desk.seen))
        except YkError as error:
            return [Miss("快照", self.scenario.snapshot, error.message, self.scenario.place, error.hint)]

    def _order(self, step: Step) -> WorkOrder | None:
        try:
            return self.world.order(step.order) if step.order or self.world.case else None
        except YkError:
            return None

    def _flow(self, step: Step) -> Flow | None:
        """The flow a step speaks of: that of its order, or the one it wants to open."""
        order = self._order(step)
        if step.act not in ("open", "accept") and order is not None:
            return self.world.desk.flow_of(order)
        ident = (step.what["flow"] if step.act in ("open", "accept") else "") or self.scenario.flow
        return load(ident) if ident else None

    def _note(self, step: Step, refused: Refused) -> None:
        """Note the codes of a refusal for the flow it was met in."""
        if (flow := self._flow(step)) is not None:
            self.world.desk.note_refusal(flow.id, refused)

    def _fail(self, title: str, found: list[Miss]) -> None:
        self.result.passed, self.result.title, self.result.misses = False, title, found

    def _last_events(self) -> list[str]:
        if not self.world.case:
            return []
        desk = self.world.desk
        order = desk.get(self.world.case)
        lines = [event_line(desk, order, event) for event in desk.events(order.case)[-LAST_EVENTS:]]
        return [
            f"{one['at']} {one['operator']} {one['event']} {one['from']} → {one['to']} {one['reason']}".rstrip()
            for one in lines
        ]


def _who(step: Step) -> str:
    return f"{step.by}：" if step.by else ""
