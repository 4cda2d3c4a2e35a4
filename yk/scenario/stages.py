"""One moment of a lesson as a frame of plain text: what a plain terminal, a recording and a picture show.

Every line is exactly as wide as asked, in cells. What does not fit gives way: the notes first, then the reasons of a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yk.scenario.cast import fitted
from yk.scenario.result import DONE, FAILED, POWER_CUT, REFUSED, WAITING
from yk.scenario.words import chinese
from yk.text import cell_len, clip, fold, pad, plain

PASSED, HERE, AHEAD = "●", "◉", "○"
LETTERS = "ABCDEFGH"
_MEANINGS = {DONE: "办成", REFUSED: "如期被拒", FAILED: "与预期不符", POWER_CUT: "断电", WAITING: "还没有办"}
_LEAST = 40
"""Narrower than this nothing of a lesson can be read."""


@dataclass(frozen=True, slots=True)
class View:
    """One moment: `step` of `steps` (0 before the first), who did what, its mark (see `result`) and the reasons of a refusal or
    failure; where the work order stands, its lamp (green, yellow, red or '') and what is left of its time; the virtual clock.

    `chapters` maps the number of a step to the chapter that begins there. `notes` are the speaker's, '' where they are not
    shown; `question` with its `options` is open; `score` and `playing` are said as they are.
    """

    title: str
    step: int = 0
    steps: int = 0
    chapter: str = ""
    who: str = ""
    what: str = ""
    mark: str = ""
    reasons: Sequence[str] = ()
    place: str = ""
    lamp: str = ""
    left: str = ""
    clock: str = ""
    notes: str = ""
    question: str = ""
    options: Sequence[str] = ()
    score: str = ""
    playing: str = ""
    chapters: Mapping[int, str] = field(default_factory=dict)


def frame(view: View, width: int, height: int) -> list[str]:
    """The moment on `width` by `height` cells (at least 40 by 12): `height` lines of `width` cells each."""
    inner = max(width, _LEAST) - 4
    heading = f"第 {view.step} 步 / 共 {view.steps} 步" + (f"   {view.chapter}" if view.chapter else "")
    ways = timeline(view, inner)
    body = _body(view, inner, max(height - 5 - len(ways), 1))
    lines = [
        _ends(f" yk 演练播放 › {view.title}", f"{view.clock} ", inner + 4),
        _edge("╭", heading, "", "╮", inner),
        *_boxed(body, inner),
        _edge("╰", "", view.playing, "╯", inner),
        _edge("╭", "时间轴", view.score, "╮", inner),
        *_boxed(ways, inner),
        _edge("╰", "", "", "╯", inner),
    ]
    return fitted(lines, width, height)


def _body(view: View, width: int, height: int) -> list[str]:
    """The parts of the moment, a line between them while there is room; the notes give way first, then the reasons."""
    refused = [line for reason in view.reasons for line in _hung("  ", reason, width)]
    marked = f"{view.mark} {_MEANINGS.get(view.mark, '')}".rstrip()
    lamp = f"时限 {chinese('lamp', view.lamp)} {view.left}".rstrip() if view.lamp else ""
    standing = "，".join(part for part in (view.place and f"现在 {view.place}", lamp) if part)
    act = " ".join(part for part in (view.who, view.what) if part)
    parts = {
        "act": _hung("❯ ", act, width),
        "reasons": [*([clip(marked, width)] if marked else []), *refused],
        "standing": _hung("▸ ", standing, width),
        "notes": _hung("讲解 ", view.notes, width),
        "question": [*_hung("提问 ", view.question, width), *_choices(view.options, width)],
    }
    for name in ("notes", "reasons", "act", "standing"):
        over = sum(map(len, parts.values())) - height
        if over > 0 and parts[name]:
            parts[name] = _shortened(parts[name], max(len(parts[name]) - over, 1), width)
    shown = [lines for lines in parts.values() if lines]
    apart = sum(map(len, shown)) + len(shown) - 1 <= height
    lines = [line for part in shown for line in ([*part, ""] if apart else part)]
    return [*lines, *[""] * height][:height]


def _hung(sign: str, text: str, width: int) -> list[str]:
    """A text under its sign, further lines below its beginning; nothing when there is no text."""
    indent = cell_len(sign)
    lines = [line for part in text.splitlines() for line in fold(plain(part), width - indent)]
    return [(sign if number == 0 else " " * indent) + line for number, line in enumerate(lines)]


def _choices(options: Sequence[str], width: int) -> list[str]:
    """The answers to choose from: side by side when they fit, else below one another."""
    named = [f"{letter}  {plain(option)}" for letter, option in zip(LETTERS, options, strict=False)]
    line = f"     {'    '.join(named)}"
    if cell_len(line) <= width or not named:
        return [line] if named else []
    return [line for one in named for line in _hung(f"     {one[0]}  ", one[3:], width)]


def _shortened(lines: list[str], number: int, width: int) -> list[str]:
    return lines if len(lines) <= number else [*lines[: number - 1], clip(f"{lines[number - 1]} …", width)]


def timeline(view: View, width: int, most: int = 2) -> list[str]:
    """The steps as marks, at `most` so many cells apart, the chapters under where they begin; a part around the present step
    when there are too many."""
    count, first = min(view.steps, width), 1
    if view.steps > count:
        first = min(max(view.step - count // 2, 1), view.steps - count + 1)
    joint = min((width - count) // (count - 1), most) if count > 1 else 0
    line, under = "", ""
    for number in range(first, first + count):
        label, column = view.chapters.get(number, ""), cell_len(line)
        if label:
            room = column - 1 - cell_len(under)
            under = pad(clip(under, column - 1) if room < 0 else under, column) + plain(label)
        line += HERE if number == view.step else PASSED if number < view.step else AHEAD
        if number < first + count - 1:
            line += ("━" if number < view.step else "─") * joint
    return [line, clip(under, width)] if view.chapters else [line]


def _boxed(lines: Sequence[str], inner: int) -> list[str]:
    return [f"│ {pad(clip(line, inner), inner)} │" for line in lines]


def _edge(left: str, name: str, tail: str, right: str, inner: int) -> str:
    """An edge of a box with a name near its beginning and a word near its end."""
    tail = f" {clip(plain(tail), inner // 2)} " if tail else ""
    name = f" {clip(plain(name), inner - cell_len(tail) - 2)} " if name else ""
    return f"{left}─{name}{'─' * (inner - cell_len(name) - cell_len(tail))}{tail}─{right}"


def _ends(left: str, right: str, width: int) -> str:
    room = width - cell_len(right) - 1
    return f"{pad(clip(plain(left), room), room)} {right}"
