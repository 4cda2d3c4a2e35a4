"""What is tried at a step when a path comes to it for the first time: what it asks, each guard broken and mended.

Guards are broken together as far as they go together (a refusal names every reason), never two of one code, so that a
guard that is lost cannot hide behind another. Where breaking a guard cannot be undone, it ends a scenario of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yk.desk.order import OPEN
from yk.desk.trying import alter
from yk.flows.guards import find_guard
from yk.scenario.composing import Composer
from yk.scenario.scenario import Data

ROUNDS = 3
"""Mending one guard may show that another is broken: so many rounds."""


def examine(composer: Composer, step: str) -> list[list[Data]]:
    """Try everything at a step the order has come to; it stays there, ready to go on. Gives scenarios (their steps) that
    end here because what they break cannot be mended."""
    _bare(composer, step)
    finish_children(composer, step)
    _failed_control(composer, step)
    get_ready(composer, step)
    ending: list[list[Data]] = []
    left = list(composer.flow.step(step)["guards"])
    while left:
        batch = _going_together(composer, step, left)
        if not batch:
            break
        if not _break_and_mend(composer, step, batch):
            if len(batch) > 1:
                batch = batch[:1]
            if len(batch) == 1 and not _break_and_mend(composer, step, batch):
                ending.append(_ending_here(composer, step, batch[0]))
        left = [name for name in left if name not in batch]
    return ending


def _bare(composer: Composer, step: str) -> None:
    """The move before anything is prepared; where nothing is missing it has not happened."""
    before = composer.moment()
    if not composer.add({"办理": composer.name(step)}):
        composer.rewind(before)


def get_ready(composer: Composer, step: str) -> None:
    """Fill, hand in, confirm what is wanted, and mend what is broken."""
    composer.add({"备齐": composer.name(step)})
    mend(composer, step)


def mend(composer: Composer, step: str) -> None:
    """Mend the guards of a step that say no."""
    for _ in range(ROUNDS):
        broken = composer.broken(step)
        if not broken:
            break
        composer.add({"事件": {"改正": _about(composer, step, broken)}})
        if not is_ready(composer, step):
            composer.add({"备齐": composer.name(step)})


def is_ready(composer: Composer, step: str) -> bool:
    """Would the move forward be let pass now?"""
    return not composer.exam(step).reasons


def finish_children(composer: Composer, step: str) -> None:
    """The child order that a step waits for is done."""
    order = composer.world.order()
    waiting = [child for child, at in order.children if at == step]
    if waiting and composer.world.desk.get(waiting[-1]).status == OPEN:
        composer.add({"快进": "到底", "工单": "子工单"})


def _about(composer: Composer, step: str, guards: Sequence[str]) -> Any:
    """Guards by their names in Chinese, with the step where the order stands at several."""
    labels = [find_guard(name).label for name in guards]
    named: Any = labels[0] if len(labels) == 1 else labels
    return named if len(composer.here()) == 1 else {"守卫": named, "环节": composer.name(step)}


def _failed_control(composer: Composer, step: str) -> None:
    """A control that was looked at and is not as it must be holds the order up; then it is done."""
    code = ("refusals", composer.flow.id, "control_failed")
    manual = [c["id"] for c in composer.flow.asked_controls(step)]
    if not manual or code in composer.seen:
        return
    composer.add({"备齐": composer.name(step)})
    control = manual[0].removeprefix("YXZY-YY-")
    composer.add({"确认": {control: "未通过：现场与要求不符"}, **_at(composer, step)})
    composer.add({"办理": composer.name(step)})
    composer.add({"确认": [control], **_at(composer, step)})


def _at(composer: Composer, step: str) -> Data:
    return {}


def _going_together(composer: Composer, step: str, guards: Sequence[str]) -> list[str]:
    """Guards that can be broken together: each refuses then, and no two have one code."""
    before = composer.moment()
    batch: list[str] = []
    codes: set[str] = set()
    for name in guards:
        code = "notice_open" if composer.is_notice(name) else find_guard(name).code
        if code in codes:
            continue
        moment = composer.moment()
        alter(composer.world.desk, composer.world.case, step, find_guard(name).breaks)
        if set(composer.broken(step)) >= {*batch, name}:
            batch.append(name)
            codes.add(code)
        else:
            composer.rewind(moment)
    composer.rewind(before)
    return batch


def _break_and_mend(composer: Composer, step: str, batch: Sequence[str]) -> bool:
    """Break guards, be refused, mend them; when the order is not ready again nothing has happened."""
    before = composer.moment()
    composer.add({"事件": {"违反": _about(composer, step, batch)}})
    broken = composer.broken(step)
    reasons = composer.add({"办理": composer.name(step)})
    if not reasons or not set(broken) >= set(batch):
        composer.rewind(before)
        return False
    composer.add({"事件": {"改正": _about(composer, step, batch)}})
    if not is_ready(composer, step):
        composer.add({"备齐": composer.name(step)})
        mend(composer, step)
    if is_ready(composer, step):
        return True
    composer.rewind(before)
    return False


def _ending_here(composer: Composer, step: str, guard: str) -> list[Data]:
    """The steps of a scenario that breaks a guard for good."""
    before = composer.moment()
    composer.add({"事件": {"违反": _about(composer, step, [guard])}})
    reasons = composer.add({"办理": composer.name(step)})
    steps = list(composer.steps) if reasons else []
    seen = dict(composer.seen) if reasons else {}
    composer.rewind(before)
    composer.seen |= seen
    return steps
