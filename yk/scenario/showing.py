"""What a lesson being played shows: its present moment as a view, for terminals, recordings and pictures."""

from __future__ import annotations

from yk.deadlines.limits import left
from yk.desk.views import step_names
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
        chapter=player.chapter,
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


def _standing(player: Player) -> dict[str, str]:
    """Where the order in hand stands, with its lamp and what is left of its time."""
    world = player.world
    if not world.case:
        return {"place": "", "lamp": "", "left": ""}
    order = world.desk.get(world.case)
    flow, here = world.desk.flow_of(order), world.desk.steps_at(order)
    due = order.steps[here[0]]["due"] if here else ""
    return {
        "place": f"{flow.name} {order.case} {'、'.join(step_names(flow, here or [order.status]))}",
        "lamp": world.desk.lamp_of(order, here[0]) if here else "",
        "left": f"剩 {left(due, world.clock.now, world.desk.settings)} 个工作日" if due else "",
    }
