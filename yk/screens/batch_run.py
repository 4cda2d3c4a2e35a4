"""What takes long on the screen 批量: planning, applying, taking back; in a thread of its own, told as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.message import Message

from yk.errors import YkError
from yk.screens.widgets.prose import Piece
from yk.screens.words import hint_of, progress_bar, said

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.office import Office

PLAN, APPLY, UNDO = "校验", "执行", "撤销"
"""What can run."""
PAUSE = 0.1
"""Seconds between two messages of a run."""
_COUNTED = {PLAN: ("", ""), APPLY: ("已办", "没办成"), UNDO: ("已撤销", "没撤销")}


class At(NamedTuple):
    """How far a run is: rows looked at of all, how they ended, the step of the order that was taken ('' for rows)."""

    batch: str
    rows: int
    of: int
    done: int = 0
    failed: int = 0
    said: str = ""


Work = Callable[["Desk"], Iterator[At]]


@dataclass
class Run:
    """A run: what it does to which batch, how far it is, whether it is to stop; `notes`: what the list's reader says;
    `asked_in`: the batch that was open when it began."""

    what: str
    name: str
    batch: str = ""
    asked_in: str = ""
    at: At | None = None
    first: int = 0
    began: float = field(default_factory=monotonic)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    error: Exception | None = None
    over: bool = False
    halted: bool = False
    stop: Event = field(default_factory=Event)

    def take(self, at: At) -> None:
        """It has come this far."""
        if self.at is None:
            self.first = at.rows
        self.at, self.batch = at, at.batch


@dataclass
class Went(Message):
    """A run went on."""

    run: Run


@dataclass
class Ended(Message):
    """A run came to its end, or was stopped, or failed."""

    run: Run


def drive(
    run: Run, office: Office, work: Work, post: Callable[[Message], Any], given_up: Callable[[], bool]
) -> None:
    """Do `work` to its end, in the calling thread; stop where it can be stopped when that is wanted."""

    def at_desk(desk: Desk) -> None:
        told = 0.0
        with closing(work(desk)) as steps:  # type: ignore[type-var]
            for at in steps:
                run.take(at)
                if (now := monotonic()) - told >= PAUSE:
                    told = now
                    post(Went(run))
                if run.stop.is_set() or given_up():
                    run.halted = True
                    break

    try:
        office.elsewhere(at_desk)
    except Exception as error:
        run.error = error
    post(Ended(run))


# -- what is run -----------------------------------------------------------------------------------------------
def planning(kind: str, path: Path, sheet: str | None, notes: list[str]) -> Work:
    """Read a list and plan it; what its reader has to say goes into `notes`."""

    def work(desk: Desk) -> Iterator[At]:
        from yk.batch.kinds import find_kind
        from yk.batch.lists import read
        from yk.batch.planning import columns_for, plan

        found, most = find_kind(kind), desk.settings.integer("batch_most_rows")
        listing = read(path, columns_for(found, {}), sheet=sheet, most=most)
        notes.extend(listing.notes)
        if listing.unknown:
            notes.append(f"不认识的列，没有用：{'、'.join(listing.unknown)}")
        yield At("", 0, len(listing.lines))
        for one in plan(desk, found, listing, {}):
            yield At(one.batch, one.rows, one.of)

    return work


def applying(batch: str) -> Work:
    """Apply a batch or go on with it."""

    def work(desk: Desk) -> Iterator[At]:
        from yk.batch.applying import apply

        return (At(*one) for one in apply(desk, batch))

    return work


def undoing(batch: str) -> Work:
    """Take a batch back or go on with that."""

    def work(desk: Desk) -> Iterator[At]:
        from yk.batch.undoing import undo

        return (At(*one) for one in undo(desk, batch))

    return work


# -- how it is told ----------------------------------------------------------------------------------------------
def told(run: Run, width: int) -> Piece:
    """A run in one line of `width` cells."""
    if run.over:
        return _ending(run), "bad" if run.error else "warn" if run.halted else "good"
    if run.at is None:
        return "正在读清单，请稍候" if run.what == PLAN else "正在开始", "faint"
    at, good, bad = run.at, *_COUNTED[run.what]
    if at.said:
        return f"工单：✓ {at.said.partition('  ')[0]}", ""
    parts = [f"{100 * at.rows // max(1, at.of)}%", f"{at.rows}/{at.of}"]
    parts += [f"{good} {at.done}"] if good else []
    parts += [f"✗ {bad} {at.failed}"] if at.failed else []
    parts += ["停在这一段末尾" if run.stop.is_set() else _estimate(run)]
    text = "  ".join(part for part in parts if part)
    cells = max(6, min(40, width - 2 * len(text)))
    return f"{progress_bar(at.rows, at.of, cells)}  {text}", ""


def _estimate(run: Run) -> str:
    """How long it will take still, once that can be told."""
    assert run.at is not None
    passed, went = monotonic() - run.began, run.at.rows - run.first
    if passed < 1 or went <= 0:
        return ""
    return f"还要约 {seconds_text(passed / went * (run.at.of - run.at.rows))}"


def seconds_text(seconds: float) -> str:
    """So many seconds for people."""
    return f"{seconds / 60:.0f} 分钟" if seconds >= 100 else f"{max(1, round(seconds))} 秒"


def _ending(run: Run) -> str:
    if run.error is not None:
        return f"✗ {run.what}没有办完：{error_text(run.error)}"
    at, good, bad = run.at, *_COUNTED[run.what]
    counts = [f"{good} {at.done}"] if at and good else []
    counts += [f"{bad} {at.failed}"] if at and at.failed else []
    counts += [f"用时 {seconds_text(run.seconds)}"]
    if run.halted:
        again = {PLAN: "什么也没有办，用同一份清单再计划一次", APPLY: "按 a 接着办", UNDO: "按 ^z 接着撤销"}
        return f"! {run.what}停下了：{'，'.join(counts)}；{again[run.what]}"
    return f"✓ {run.what}完成：{'，'.join(counts)}"


def error_text(error: Exception) -> str:
    """What went wrong, for people."""
    if isinstance(error, YkError):
        return said(error.message) + (f"。{hint}" if (hint := hint_of(error)) else "")
    return f"程序内部错误：{type(error).__name__} {error}"
