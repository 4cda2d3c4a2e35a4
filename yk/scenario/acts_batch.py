"""Acts on batches: planned, confirmed, applied; the power cut in the middle of a chunk; gone on with; taken back."""

from __future__ import annotations

import csv
import re
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
from yk.batch.ordering import confirm, set_values
from yk.batch.planning import columns_for, plan
from yk.batch.rows import DONE, STATES, Row, get_batch, images_of, rows_between
from yk.batch.writing import differs, reversed_images
from yk.desk.in_flight import READY
from yk.desk.looking_up import row_of
from yk.desk.operators import TRAINER
from yk.errors import UnreadableError, UsageError
from yk.scenario.acting import ALL, hand_in
from yk.scenario.scenario import Data, Scenario, Step
from yk.scenario.world import PowerCut, World
from yk.store import Store
from yk.text import did_you_mean


def batch(world: World, scenario: Scenario, step: Step) -> str:
    """批量: plan a list, confirm it, apply it; as far as 止于 says."""
    what = step.what
    if str(what["name"]) in world.batches:
        raise UsageError("batch_named_twice", f"已有叫“{what['name']}”的批次", "换个批次名，或用 续办")
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
        path = Path(made) / f"{_UNFIT.sub('_', str(what['name']))[:_LONGEST]}.csv"
        rows = what["table"]
        with path.open("w", encoding="utf-8", newline="") as file:
            columns = dict.fromkeys(column for row in rows for column in row)
            writer = csv.DictWriter(file, list(columns))
            writer.writeheader()
            writer.writerows(rows)
        yield path


_UNFIT = re.compile(r"[^\w（）《》〔〕、，。-]")
"""What of a batch's name does not go into the name of its list: nothing that leads out of the folder."""
_LONGEST = 40


def _confirm(world: World, number: str, words: Any) -> None:
    """Confirm everything that the one who acts may, or the controls that are named."""
    named = [str(one) for one in words if str(one) not in ALL] if isinstance(words, list | tuple) else []
    doc = get_batch(world.store, number)
    confirm(world.desk, doc, named, every=not named)


def _apply(world: World, step: Step, number: str) -> str:
    last = _run(world, step, number, applying.apply(world.desk, number))
    return f"已办 {last.done}，没办成 {last.failed}" if last else "没有可办的"


def _run(world: World, step: Step, number: str, run: Iterator[Progress]) -> Progress | None:
    """How far a run came at its end; the power goes on the way where the step says so."""
    if step.power_cut is None:
        return _last(run)
    _cut_at(world, number, int(step.power_cut))
    last = _last(run)
    world.arm()
    raise UsageError(
        "no_power_cut",
        f"第 {step.power_cut} 行没有写入，没有断电（已办 {last.done if last else 0}）",
        "断电的行要在清单里，且还没有办（撤销时：还没有撤）",
    )


def _last(run: Iterator[Progress]) -> Progress | None:
    """How far a run came at its end."""
    return next(iter(deque(run, maxlen=1)), None)


def _cut_at(world: World, number: str, row: int) -> None:
    """Let the power go while the chunk with this row is written: the archive is as the row leaves it, but that is not noted
    yet."""

    def cut() -> None:
        found = rows_between(world.store, number, row, row)
        if found and _is_half_done(world.store, found[0]):
            doc = get_batch(world.store, number)
            raise PowerCut(f"{STATES[doc['state']]}，写到第 {row} 行这一段时断电")

    world.store.medium.before_write = cut


def _is_half_done(store: Store, row: Row) -> bool:
    """Does the archive hold what this row brings (or what was before, where it is taken back), while the row still waits?"""
    images = images_of(row)
    wanted = images if row["status"] == READY else reversed_images(images) if row["status"] == DONE else []
    changing = (image for image in wanted if image.before != image.after)
    return any(not differs(image, row_of(store, image.entity, image.id) or None) for image in changing)


def continue_(world: World, scenario: Scenario, step: Step) -> str:
    """续办: go on with a batch that was interrupted, or that waits for what this step brings: fields of its order (数据),
    papers (资料), answers of whoever acts (确认)."""
    number = _number(world, str(step.what))
    world.act_as(step.by or TRAINER)
    if step.data:
        set_values(world.desk, number, step.data)
    hand_in(world, number, step.materials)
    if step.confirm:
        _confirm(world, number, step.confirm)
    return f"续办 {step.what}：{_apply(world, step, number)}"


def undo(world: World, scenario: Scenario, step: Step) -> str:
    """撤销: take the rows of a batch back."""
    number = _number(world, str(step.what))
    world.act_as(step.by or TRAINER)
    last = _run(world, step, number, undoing.undo(world.desk, number))
    return f"撤销 {step.what}：收回 {last.done} 行" if last else f"撤销 {step.what}"


def _number(world: World, name: str) -> str:
    if name not in world.batches:
        raise UsageError("unknown_batch", f"没有叫“{name}”的批次", did_you_mean(name, world.batches))
    return world.batches[name]


ACTS = {"batch": batch, "continue": continue_, "undo": undo}
