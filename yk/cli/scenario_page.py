"""How a lesson looks where nothing is painted anew: a block of lines a step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.scenario.playing import Player
from yk.scenario.questions import Question
from yk.scenario.result import Told
from yk.scenario.showing import shown_case, view
from yk.scenario.stages import LETTERS
from yk.text import cell_len, fold, plain

_INDENT = "    "


def hung(head: str, text: str, width: int) -> list[str]:
    """A text behind its head, further lines below its beginning."""
    margin = cell_len(head)
    lines = [line for part in text.splitlines() for line in fold(plain(part), width - margin)] or [""]
    return [f"{' ' * margin if number else head}{line}".rstrip() for number, line in enumerate(lines)]


def before(player: Player, width: int, speech: bool = False) -> Iterator[str]:
    """What is to be seen before the coming step: its chapter, what strikes, with `speech` what the speaker says."""
    coming = player.coming
    if coming is None:
        return
    if coming.chapter:
        yield from ("", f"【{plain(coming.chapter)}】")
    if player.struck:
        yield from hung("⚡ 注入 ", player.struck, width)
    if speech and coming.speech:
        yield from hung("讲稿  ", coming.speech.strip(), width)


def asked(player: Player, width: int, answers: bool = False) -> Iterator[str]:
    """The questions of the coming step, with their right answers or without."""
    for one in player.open_questions():
        yield from question(one, width)
        if answers:
            yield from hung(f"{_INDENT}答  ", one.answer, width)


def question(one: Question, width: int, head: str = "提问  ") -> Iterator[str]:
    """A question with its options."""
    yield from hung(head, one.stem, width)
    for letter, option in zip(LETTERS, one.options, strict=False):
        yield from hung(f"{_INDENT}{letter}  ", option.text, width)


def after(player: Player, told: Told, width: int) -> Iterator[str]:
    """A step that was done: its mark and text, where the order stands, what was not as it must be."""
    shown = view(player)
    yield from hung(f"{told.mark} {told.number:>2}  ", told.text, width)
    lamp = f"，剩余时限 {shown.left.removeprefix('剩 ')}" if shown.left else ""
    standing = f"现在 {shown.place}{lamp}" if shown.place else ""
    yield from hung(_INDENT + "  ", "，".join(part for part in (shown.clock, standing) if part), width)
    for miss in player.run.result.misses:
        yield from hung(f"{_INDENT}  ✗ ", f"{miss.where}：期望 {miss.wanted}，实际 {miss.found}", width)


def record(player: Player, told: Told, struck: str, questions: list[str]) -> dict[str, Any]:
    """A step as JSON: `{number, chapter, by, said, mark, text, struck, questions, clock, case, place, lamp, left, misses}`."""
    step, shown = player.steps[told.number - 1], view(player)
    return {
        "number": told.number,
        "chapter": player.chapter,
        "by": step.by,
        "said": step.said,
        "mark": told.mark,
        "text": told.text,
        "struck": struck,
        "questions": questions,
        "clock": player.world.desk.now(),
        "case": shown_case(player),
        "place": shown.place,
        "lamp": shown.lamp,
        "left": shown.left,
        "misses": [f"{one.where}：期望 {one.wanted}，实际 {one.found}" for one in player.run.result.misses],
    }
