"""Somebody at the screen 演练: a lesson opened by keys, and what its world holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import trials
from textual.pilot import Pilot

from screens.driving import app_on, press, type_in
from screens.stage import LESSON
from yk.scenario.playing import Player
from yk.scenario.questions import OPERATE
from yk.screens.app import YkApp
from yk.screens.drill import DrillScreen

Result = TypeVar("Result")
ACCOUNT, NEW = "1016000001", "示范新里电气有限公司"
NAME = "更名从头到尾"


def drill_app(file: str = str(LESSON), number: int = 0, operator: str = "trainer", **place: str) -> YkApp:
    """The app at the list of a file; with `number` the lesson is open, that step of it coming."""
    desk = trials.fresh()
    opened = {"lesson": NAME, "number": str(number)} if number else {}
    return app_on(desk.store, desk.clock, desk.settings, operator, "drill", file=file, **opened, **place)


def drill(pilot: Pilot[None]) -> DrillScreen:
    """The screen."""
    screen = pilot.app.here  # type: ignore[attr-defined]
    assert isinstance(screen, DrillScreen)
    return screen


async def asked(pilot: Pilot[None], work: Callable[[Player], Result]) -> Result:
    """What the player of the lesson says."""
    _, answer = await drill(pilot).theatre.act(work)
    return answer


async def name_of(pilot: Pilot[None], account: str = ACCOUNT) -> str:
    """The account's name in the lesson's archive."""

    def work(player: Player) -> str:
        return str((player.world.store.table("customer").get(doc_id=account) or {})["cons_name"])

    return await asked(pilot, work)


async def position(pilot: Pilot[None]) -> int:
    """How many steps are done."""
    return await asked(pilot, lambda player: player.position)


async def by_hand(pilot: Pilot[None], step: str) -> None:
    """Do something by hand."""
    await press(pilot, "t")
    await type_in(pilot, step)
    await press(pilot, "enter")


async def inject(pilot: Pilot[None], name: str) -> None:
    """Let an incident strike."""
    await press(pilot, "i")
    await type_in(pilot, name)
    await press(pilot, "enter")


async def right_letters(pilot: Pilot[None]) -> list[str]:
    """The letters of the right options of the open question."""
    question = drill(pilot).scene.question  # type: ignore[union-attr]
    assert question is not None
    return [
        letter for letter, one in zip("ABCDEFGH", question.options, strict=False) if one.id in question.right
    ]


async def answer_rightly(pilot: Pilot[None]) -> None:
    """Answer every open question of the coming step as it should be."""
    while (scene := drill(pilot).scene) is not None and scene.question is not None:
        question = scene.question
        if question.kind == OPERATE:
            await by_hand(pilot, "备齐: 资料归档")
        await press(pilot, "a")
        if question.options:
            letters = [letter.lower() for letter in await right_letters(pilot)]
            await press(pilot, *letters, *(["enter"] if len(letters) > 1 else []))
        elif question.kind != OPERATE:
            await type_in(pilot, question.answer)
            await press(pilot, "enter", "enter")
