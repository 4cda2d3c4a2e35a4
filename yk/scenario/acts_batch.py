"""Acts on batches: planned, confirmed, applied; the power cut in the middle of a chunk; gone on with; taken back."""

from __future__ import annotations

import csv
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yk.batch import applying, undoing
from yk.batch.applying import Progress
from yk.batch.kinds import find_kind
from yk.batch.lists import BatchList, read
from yk.batch.ordering import confirm
from yk.batch.planning import columns_for, plan
from yk.batch.rows import APPLYING, get_batch
from yk.desk.looking_up import row_of
from yk.desk.operators import TRAINER
from yk.errors import UnreadableError, UsageError
from yk.scenario.scenario import Data, Scenario, Step
from yk.scenario.world import PowerCut, World
from yk.text import did_you_mean

MIDDLE = 2
"""The writing of a chunk at which the power goes: some of it is written, some is not."""


def batch(world: World, scenario: Scenario, step: Step) -> str:
    """批量: plan a list, confirm it, apply it; as far as 止于 says."""
    what = step.what
    world.act_as(step.by or TRAINER)
    kind = find_kind(str(what["kind"]))
    values = dict(what.get("values") or {})
    with _listing(what, scenario.path.parent) as path:
        listing: BatchList = read(path, columns_for(kind, values))
    number = ""
    for planned in plan(world.desk, kind, listing, values):
        number = planned.batch
    world.batches[str(what["name"])] = world.case = number
    told = f"批次 {what['name']}（{kind.name}）{len(listing.lines)} 行"
    until = what.get("until", "")
    if until == "plan":
        return f"{told}，已计划"
    _confirm(world, number, what.get("confirm"))
    if until == "confirm":
        return f"{told}，已确认"
    return f"{told}，{_apply(world, step, number)}"


@contextmanager
def _listing(what: Data, folder: Path) -> Iterator[Path]:
    """The list as a file: the one named (beside the scenario), or the table written into one."""
    if "file" in what:
        path = folder / str(what["file"])
        if not path.exists():
            raise UnreadableError("file_missing", f"清单 {what['file']} 不在场景文件旁边", "检查文件名")
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="yk-") as made:
        path = Path(made) / f"{what['name']}.csv"
        rows = what["table"]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(rows[0] if rows else [])
            writer.writerows([["" if cell is None else cell for cell in row.values()] for row in rows])
        yield path


def _confirm(world: World, number: str, words: Any) -> None:
    """Confirm everything, or the controls that are named."""
    named = [str(one) for one in words] if isinstance(words, list) else []
    doc = get_batch(world.store, number)
    confirm(world.desk, doc, named, every=not named)


def _apply(world: World, step: Step, number: str) -> str:
    if step.power_cut is not None:
        _cut_at(world, number, int(step.power_cut))
    last = _last(applying.apply(world.desk, number))
    if step.power_cut is not None:
        world.arm()
        raise UsageError(
            "no_power_cut", f"批次没有写到第 {step.power_cut} 行，没有断电", "断电的行要在清单里，且可办"
        )
    return f"已办 {last.done}，没办成 {last.failed}" if last else "没有可办的"


def _last(run: Iterator[Progress]) -> Progress | None:
    """How far a run came at its end."""
    return next(iter(deque(run, maxlen=1)), None)


def _cut_at(world: World, number: str, row: int) -> None:
    """Let the power go while the chunk with this row is written."""
    written = 0

    def cut() -> None:
        nonlocal written
        doc = row_of(world.store, "batch", number)
        chunk = int(doc["chunk"])
        if doc["state"] != APPLYING or not int(doc["next"]) <= row < int(doc["next"]) + chunk:
            return
        written += 1
        if written == MIDDLE:
            raise PowerCut(f"写到第 {doc['next']}–{int(doc['next']) + chunk - 1} 行这一段时断电")

    world.store.medium.before_write = cut


def continue_(world: World, scenario: Scenario, step: Step) -> str:
    """续办: go on with a batch that was interrupted."""
    number = _number(world, str(step.what))
    world.act_as(step.by or TRAINER)
    return f"续办 {step.what}：{_apply(world, step, number)}"


def undo(world: World, scenario: Scenario, step: Step) -> str:
    """撤销: take the rows of a batch back."""
    number = _number(world, str(step.what))
    world.act_as(step.by or TRAINER)
    last = _last(undoing.undo(world.desk, number))
    return f"撤销 {step.what}：收回 {last.done} 行" if last else f"撤销 {step.what}"


def _number(world: World, name: str) -> str:
    if name not in world.batches:
        raise UsageError("unknown_batch", f"没有叫“{name}”的批次", did_you_mean(name, world.batches))
    return world.batches[name]


ACTS = {"batch": batch, "continue": continue_, "undo": undo}
