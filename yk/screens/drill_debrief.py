"""A lesson looked back at, as a page of the screen 演练."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yk.screens.widgets.prose import Piece

if TYPE_CHECKING:
    from yk.scenario.debrief import Debrief


def pieces(found: Debrief) -> list[Piece | str]:
    """The debrief in paragraphs."""
    parts: tuple[tuple[str, Iterator[Piece | str], str], ...] = (
        ("成绩", ((f"{name}  {text}", "") for name, text in found.facts), ""),
        ("错在哪里", _wrong(found), "没有答错的。"),
        ("事故", _outcomes(found), "没有注入事故。"),
        ("目标评级", _ratings(found), "没有目标。"),
        ("改进任务", (f"{number}  {text}" for number, text in enumerate(found.tasks, 1)), "没有要改进的。"),
        (
            "时间线",
            (f"{one.at[5:16].replace('T', ' ')}  {one.text}" for one in found.timeline),
            "没有记下时间。",
        ),
    )
    shown: list[Piece | str] = []
    for title, lines, empty in parts:
        shown += ["", (title, "title")] if shown else [(title, "title")]
        shown += list(lines) or [(empty, "faint")]
    return shown


def _wrong(found: Debrief) -> Iterator[Piece | str]:
    for one in found.wrong:
        yield f"✗ {one.kind}：{one.text}", "bad"
        yield from (f"  {why}" for why in one.why)
        yield f"  应答：{one.answer}", "good"
        yield from (f"  措施：{control}" for control in one.controls)
        if one.clause:
            yield f"  条文：{one.clause}（{one.risk}）", "faint"


def _outcomes(found: Debrief) -> Iterator[Piece | str]:
    for one in found.outcomes:
        incident = one.happened.bound.incident
        ended = f"处置得当，耽误 {one.minutes} 分钟" if one.settled else f"没有处理，耽误 {one.minutes} 分钟"
        yield f"{'✓' if one.settled else '✗'} {incident.name}：{ended}", "good" if one.settled else "bad"
        yield f"  该怎么办：{incident.todo}"
        yield f"  {'本会' if one.settled else ''}{one.happened.consequence}", "faint"


def _ratings(found: Debrief) -> Iterator[Piece | str]:
    from yk.scenario.scoring import RATINGS

    for text, letter in found.ratings:
        yield (
            f"{letter or '-'}  {text}：{RATINGS.get(letter, '没有考到')}",
            "bad" if letter in ("M", "U") else "",
        )
