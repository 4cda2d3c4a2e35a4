"""What a lesson being played shows on other terminals: to the speaker what to say and what is hidden, to the audience the frame.

The presenter publishes the present moment as a small file that only its user can read; the others look at it and show it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from yk.errors import UnreadableError
from yk.files import data_folder, write_atomic, writing
from yk.scenario.cast import fitted
from yk.scenario.incident import find_incident, scheduled, trigger
from yk.scenario.playing import Player
from yk.scenario.questions import KINDS, OPERATE, Question
from yk.scenario.showing import view
from yk.scenario.stages import LETTERS, View
from yk.text import cell_len, clip, fold, pad, plain

_LABEL = 8
"""Cells before a part: its name."""


@dataclass(frozen=True, slots=True)
class Notes:
    """A moment as the speaker sees it: what to say at the step that comes next, that step, the open question with its right
    answer and clause, the incidents still to come; `shown` is what the audience sees."""

    speech: str
    coming: str
    question: str
    answer: str
    clause: str
    injections: tuple[str, ...]
    shown: View


def notes_of(player: Player, playing: str = "") -> Notes:
    """The present moment; `playing` is said in the frame."""
    coming, waiting = player.coming, player.open_questions()
    asked = waiting[0] if waiting else None
    return Notes(
        speech=coming.speech if coming else "",
        coming="" if coming is None else f"{coming.by}：{coming.said}" if coming.by else coming.said,
        question=f"{KINDS[asked.kind]}：{asked.stem}" if asked else "",
        answer=_answer(asked) if asked else "",
        clause=asked.clause if asked else "",
        injections=tuple(_to_come(player)),
        shown=view(player, playing=playing),
    )


def _answer(question: Question) -> str:
    """The right answer with its letters; of what is to be done what to do."""
    right = [
        letter for letter, one in zip(LETTERS, question.options, strict=False) if one.id in question.right
    ]
    told = "由世界判定：" if question.kind == OPERATE else ""
    return f"{''.join(right)} {told}{question.answer}".strip()


def _to_come(player: Player) -> Iterator[str]:
    """The incidents of the steps ahead; whether one left to chance will strike is known from the seed."""
    if not player.run.result.passed:
        return
    strike = scheduled(player.steps, player.scenario.seed)
    for number, step in enumerate(player.steps, start=1):
        if not step.inject or number <= player.position:
            continue
        when, name = trigger(step.inject), find_incident(str(step.inject["incident"])).name
        if when == "key":
            yield f"第 {number} 步前按 i 注入：{name}"
        elif number > player.position + 1:
            chance = (
                "" if when == "step" else "（随机，这次会来）" if number in strike else "（随机，这次不来）"
            )
            yield f"第 {number} 步：{name}{chance}"


# -- published ---------------------------------------------------------------------------------------------------
def place_of(lesson: Path) -> Path:
    """The file in which a lesson that is being played is published, for everybody who names the same file."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(runtime) / "yk" if runtime else data_folder() / "drills"
    return folder / f"notes-{sha256(str(lesson.resolve()).encode()).hexdigest()[:12]}.json"


def publish(notes: Notes, path: Path) -> None:
    """Publish a moment (mode 0600, whole or not at all). Raises UnreadableError."""
    with writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomic(path, json.dumps(asdict(notes) | {"by": os.getpid()}, ensure_ascii=False).encode())


def withdraw(path: Path) -> None:
    """Nothing is played any more."""
    path.unlink(missing_ok=True)


def published(path: Path) -> Notes | None:
    """The moment that is published; None when nothing is, or when who did it was killed. Raises UnreadableError for what is
    no such file."""
    try:
        found = json.loads(path.read_bytes())
        if not _runs(int(found.pop("by"))):
            return None
        shown = _checked(View, found.pop("shown"))
        return Notes(**_checked(Notes, {**found, "shown": None}) | {"shown": View(**_numbered(shown))})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError, KeyError, OverflowError):
        raise UnreadableError("bad_notes", f"{path} 不是讲稿文件，或读不了", "让讲师退出后重新播放") from None


def _runs(process: int) -> bool:
    """Does a process run? Where nobody can say, it does."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _checked(kind: type[Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a dataclass as they were written; lists are tuples again. Raises ValueError for others."""
    if found.keys() != {one.name for one in fields(kind)}:
        raise ValueError
    return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}


def _numbered(shown: dict[str, Any]) -> dict[str, Any]:
    return shown | {"chapters": {int(number): name for number, name in shown["chapters"].items()}}


# -- shown -------------------------------------------------------------------------------------------------------
def page(notes: Notes, width: int, height: int) -> list[str]:
    """The speaker's page: exactly `height` lines of `width` cells; what comes last gives way where there is no room."""
    now, parts = notes.shown, []
    heading = f"第 {now.step} 步 / 共 {now.steps} 步" + (f"   {now.chapter}" if now.chapter else "")
    for name, text in (
        ("讲稿", notes.speech),
        ("下一步", notes.coming),
        ("提问", notes.question),
        ("答案", notes.answer),
        ("条文", notes.clause),
        ("刚办完" if now.mark else "说明", f"{now.mark} {now.what}".strip()),
        ("现在", now.place),
        ("待注入", "；".join(notes.injections)),
    ):
        parts += _hung(name, text, width)
    head = [_ends(f"讲师提词 › {now.title}", now.clock, width), _ends(heading, now.score, width), "─" * width]
    return fitted([*head, *parts], width, height)


def _hung(name: str, text: str, width: int) -> list[str]:
    lines = [line for part in text.splitlines() for line in fold(plain(part), width - _LABEL)]
    return [f"{pad('' if number else name, _LABEL)}{line}" for number, line in enumerate(lines)]


def _ends(left: str, right: str, width: int) -> str:
    room = width - cell_len(right) - 1
    return f"{pad(clip(plain(left), room), room)} {right}"
