"""What a lesson being played shows: its present moment as a view, for terminals, recordings and pictures."""

from __future__ import annotations

from contextlib import suppress

from yk.deadlines.limits import left
from yk.desk.order import SUSPENDED
from yk.desk.views import step_names
from yk.errors import YkError
from yk.scenario.playing import Player
from yk.scenario.stages import View


def view(player: Player, notes: bool = False, playing: str = "") -> View:
    """The present moment; with `notes` what the speaker has to say at the coming step."""
    log = player.run.result.log
    last = log[-1] if log else None
    waiting = player.open_questions()
    shown = waiting[0] if waiting else None
    return View(
        title=player.scenario.name,
        step=player.position,
        steps=len(player.steps),
        chapter=(player.coming.chapter if player.coming else "") or player.chapter,
        what=last.text if last else player.scenario.note,
        mark=last.mark if last else "",
        reasons=_reasons(player),
        clock=player.world.clock.now.strftime("%Y-%m-%d %H:%M"),
        notes=player.coming.speech if notes and player.coming else "",
        question=shown.stem if shown else "",
        options=tuple(option.text for option in shown.options) if shown else (),
        score=player.score_text(),
        playing=playing,
        chapters=player.chapters,
        **_standing(player),
    )


def _reasons(player: Player) -> tuple[str, ...]:
    """What struck, and what did not go as it must."""
    missed = [f"{one.where}：期望 {one.wanted}，实际 {one.found}" for one in player.run.result.misses]
    return (*([f"【注入】{player.struck}"] if player.struck else ()), *missed)


def shown_case(player: Player) -> str:
    """The order the last step was about, else the one in hand; '' while there is none."""
    world, told = player.world, player.position and not player.by_hand
    with suppress(YkError):
        return world.number(player.steps[player.position - 1].order if told else "")
    return world.case


def _standing(player: Player) -> dict[str, str]:
    """Where an order stands, with its lamp and what is left of its time; while it is on hold that does not run."""
    world, case = player.world, shown_case(player)
    if not case:
        return {"place": "", "lamp": "", "left": ""}
    order = world.desk.get(case)
    flow, here = world.desk.flow_of(order), world.desk.steps_at(order)
    running = order.steps[here[0]] if here else {"due": ""}
    days = running.get("left") if running["due"] else None
    if running["due"] and days is None:
        days = left(running["due"], world.clock.now, world.desk.settings)
    held = "（挂起）" if here and order.status == SUSPENDED else ""
    return {
        "place": f"{flow.name} {order.case} {'、'.join(step_names(flow, here or [order.status]))}{held}",
        "lamp": world.desk.lamp_of(order, here[0]) if here else "",
        "left": "" if days is None else f"剩 {days} 个工作日",
    }
