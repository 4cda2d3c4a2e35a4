"""Applying a batch: its order goes to 信息归档, then the rows are written chunk by chunk, then the order goes to its end.

A chunk is one transaction with its rows, its results, its event and the place where the next one begins; so a killed
run goes on where it stood, two runs at once take turns, and no row is done twice. Every row is judged again on the
archive as it is then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from yk.batch.asking import Asked
from yk.batch.filling import acting_role, form_ahead, kind_of
from yk.batch.freshness import Own, follow, is_fresh, uncollected
from yk.batch.judging import Judge, Verdict
from yk.batch.kinds import ARCHIVING
from yk.batch.ordering import forward, refuse_before_writing, refuse_what_is_open
from yk.batch.rows import (
    APPLIED,
    APPLYING,
    DONE,
    FAILED,
    PLANNED,
    PLANNING,
    TAKEN_BACK,
    UNDOING,
    Doc,
    Row,
    dumped,
    get_batch,
    images_of,
    loaded,
    rows_between,
    save_batch,
)
from yk.batch.writing import moved_since, write
from yk.desk.desk import Desk
from yk.desk.in_flight import READY
from yk.desk.order import OPEN, WorkOrder
from yk.errors import Reason, Refused
from yk.flows.change import Image
from yk.flows.dates import working_days_on
from yk.flows.effects.tasks import OTHER, task

FOLLOW_UP_DAYS = 5
"""Working days until somebody has run after an account that was refused late."""


class Progress(NamedTuple):
    """How far a run has come: rows looked at of all, and how they ended so far. `said`: a step of the order, '' for rows."""

    batch: str
    rows: int
    of: int
    done: int
    failed: int
    said: str = ""


def progress(doc: Mapping[str, Any], said: str = "") -> Progress:
    """How far a batch has come."""
    return Progress(
        doc["batch"], min(doc["next"] - 1, doc["rows"]), doc["rows"], doc[DONE], doc[FAILED], said
    )


def apply(desk: Desk, batch: str, stop_on_failure: bool = False) -> Iterator[Progress]:
    """Apply a planned batch, or go on with one that was interrupted; yields after every step and every chunk.

    A caller that closes the generator stops the run at a chunk. With `stop_on_failure` a batch with blocked rows is
    refused, and the run stops after the chunk in which a row fails. Raises Refused with everything that is open.
    """
    doc = ready_to_apply(desk, batch, stop_on_failure)
    if doc["state"] == APPLIED and desk.get(doc["batch"]).status != OPEN:
        return
    if desk.dry_run:
        yield from _rehearse(desk, doc)
        return
    if doc["state"] in (PLANNED, APPLYING):
        own = Own(desk, doc)
        yield from _steps(desk, doc, ARCHIVING)
        refuse_before_writing(desk, doc)
        with desk.unit():
            doc = get_batch(desk.store, doc["batch"])
            own.catch_up(doc)
            save_batch(desk.store, doc)
        yield from _chunks(desk, doc["batch"], stop_on_failure)
    doc = get_batch(desk.store, doc["batch"])
    if doc["state"] == APPLIED:
        yield from _steps(desk, doc, "")


def ready_to_apply(desk: Desk, batch: str, stop_on_failure: bool = False) -> Doc:
    """The batch, when the operator may apply it now or go on with it. Raises Refused with everything that is open."""
    doc = get_batch(desk.store, batch)
    acting_role(desk, doc, "执行")
    _may_apply(doc, stop_on_failure)
    if doc["state"] == PLANNED:
        refuse_what_is_open(desk, doc)
    return doc


def _may_apply(doc: Mapping[str, Any], stop_on_failure: bool) -> None:
    number, reason = doc["batch"], None
    if doc["state"] == PLANNING:
        reason = Reason("plan_incomplete", f"批次 {number} 的计划没有做完，用同一份清单重新计划一次")
    elif doc["state"] in (UNDOING, TAKEN_BACK):
        reason = Reason("batch_undone", f"批次 {number} 已撤销或正在撤销，要再办请重新计划")
    elif doc["state"] == PLANNED and not doc[READY]:
        reason = Reason("batch_empty", f"批次 {number} 里没有可办的户，改正清单后重新计划")
    elif doc["state"] == PLANNED and stop_on_failure and doc["blocked"]:
        reason = Reason("rows_blocked", f"批次 {number} 有 {doc['blocked']} 行不能办，按要求整批不办")
    if reason is not None:
        raise Refused([reason], f"看原因：yk batch rows {number} --status blocked")


def _steps(desk: Desk, doc: Doc, goal: str) -> Iterator[Progress]:
    """Send the order on to `goal`."""
    flow = desk.flow_of(desk.get(doc["batch"]))
    for moved in forward(desk, doc, goal):
        told = f"{flow.step(moved['step'])['name']}  {moved['operator']}"
        yield progress(doc, told)


def _rehearse(desk: Desk, doc: Doc) -> Iterator[Progress]:
    """Everything a run would do to the rows, taken back: the order's steps are not walked."""
    with desk.store.transaction():
        desk.store.medium.doom()
        while doc["next"] <= doc["rows"]:
            _chunk(desk, doc)
            yield progress(doc)


def _chunks(desk: Desk, batch: str, stop_on_failure: bool) -> Iterator[Progress]:
    judge = None
    while True:
        with uncollected(), desk.unit():
            doc = get_batch(desk.store, batch)
            if doc["state"] == APPLIED:
                return
            if doc["state"] not in (PLANNED, APPLYING):
                _may_apply(doc, False)
            failed = doc[FAILED]
            judge = _chunk(desk, doc, judge)
        yield progress(doc)
        if stop_on_failure and doc[FAILED] > failed:
            return


def _chunk(desk: Desk, doc: Doc, judge: Judge | None = None) -> Judge:
    """Apply the next chunk: judge, write, note the results, move on."""
    order = desk.load_for_change(doc["batch"])
    if judge is None:
        order.data = form_ahead(desk, doc, order)
        judge = Judge(desk, kind_of(doc), order, doc)
    trusted = is_fresh(desk, doc, judge.order.data)
    first, last = doc["next"], doc["next"] + doc["chunk"] - 1
    rows = [row for row in rows_between(desk.store, doc["batch"], first, last) if row["status"] == READY]
    asked = [Asked(r["row"], r["line"], r["cons_no"] or "", loaded(r["given"])) for r in rows]
    judged = judge.judge(asked, trusted)
    verdicts = [_still(row, verdict, trusted) for row, verdict in zip(rows, judged, strict=True)]
    images = [image for verdict in verdicts for image in verdict.images]
    tasks = [_follow_up(judge, one, v) for one, v in zip(asked, verdicts, strict=True) if _is_late(judge, v)]
    write(desk.store, [*images, *tasks])
    let_see(desk, order, images)
    _note(desk, doc, judge, rows, verdicts)
    counts = {
        DONE: sum(v.status == DONE for v in verdicts),
        FAILED: sum(v.status == FAILED for v in verdicts),
    }
    doc[READY] -= len(rows)
    doc[DONE] += counts[DONE]
    doc[FAILED] += counts[FAILED]
    doc["next"], doc["first_number"] = last + 1, judge.source.first_number
    doc["state"] = APPLIED if doc["next"] > doc["rows"] else APPLYING
    if rows:
        log_rows(desk, doc, ("batch_apply", "执行"), rows, [v.images for v in verdicts], counts)
    follow(desk, doc)
    if doc["state"] == APPLIED:
        doc |= {"applied_at": desk.now(), "fresh": None}
    save_batch(desk.store, doc)
    return judge


def _still(row: Row, verdict: Verdict, trusted: bool) -> Verdict:
    """The verdict on a row that was ready, when it is judged again: done, refused, or not what the plan saw."""
    if verdict.status != READY:
        return verdict._replace(status=FAILED)
    if not trusted and (moved := moved_since(images_of(row), verdict.images)):
        shown = "、".join(moved[:5]) + (f" 等 {len(moved)} 项" if len(moved) > 5 else "")
        text = f"第 {row['line']} 行计划以后档案变了（{shown}），重新计划后再办"
        reason = Reason("stale", text).as_json()
        return verdict._replace(status=FAILED, reasons=[reason], images=[])
    return verdict._replace(status=DONE)


def _is_late(judge: Judge, verdict: Verdict) -> bool:
    """Was the account refused for something that somebody has to run after?"""
    return any(reason["code"] in judge.kind.late for reason in verdict.reasons)


def _follow_up(judge: Judge, one: Asked, verdict: Verdict) -> Image:
    """The task to run after an account that was refused late; the same again when there is one."""
    text = f"{judge.kind.name} {judge.order.case}：{verdict.reasons[0]['message']}，跟催后单独办"
    due = working_days_on(verdict.facts.today, FOLLOW_UP_DAYS)
    entity, row = task(verdict.facts, OTHER, text, due, cons_no=one.cons_no)
    kept = {name: value for name, value in row.items() if value is not None}
    return Image(entity, row["task_id"], None, kept)


def _note(desk: Desk, doc: Doc, judge: Judge, rows: Sequence[Row], verdicts: Sequence[Verdict]) -> None:
    """Keep the results. What the plan said already is not written again."""
    changes: dict[str, Row] = {}
    for row, verdict in zip(rows, verdicts, strict=True):
        result: Row = {"status": verdict.status, "done_at": desk.now()}
        if verdict.status == DONE:
            result["at"] = judge.arrived()
            if (images := dumped(verdict.images)) != row["images"]:
                result["images"] = images
            if account := _new_account(verdict):
                result["cons_no"] = account
        else:
            result |= {"at": verdict.at, "reasons": dumped(verdict.reasons), "images": None}
        changes[row["row_id"]] = result
    medium = desk.store.medium
    medium.amend(medium.collections["batch_row"], changes)


def _new_account(verdict: Verdict) -> str:
    """The number of the account a row has opened, '' when it opened none."""
    return next((i.id for i in verdict.images if i.entity == "customer" and i.before is None), "")


def let_see(desk: Desk, order: WorkOrder, images: Sequence[Image]) -> None:
    """Show the rows of a chunk that were written to whoever watches: they are as the batch means to leave them."""
    desk.written(order, images, images)


def log_rows(
    desk: Desk,
    doc: Mapping[str, Any],
    event: tuple[str, str],
    rows: Sequence[Row],
    images: Sequence[Sequence[Image]],
    counts: Mapping[str, int],
) -> None:
    """The event (its name, and what is done) of a chunk: which rows, how many ended how, and the digest of what was changed."""
    order = desk.get(doc["batch"])
    digest = hashlib.sha256()
    for row, changed in zip(rows, images, strict=True):
        digest.update(f"{row['row_id']} {dumped(changed)}\n".encode())
    here = desk.steps_at(order) or [order.status]
    name, act = event
    answers = {"rows": [rows[0]["row"], rows[-1]["row"]], **counts, "sha256": digest.hexdigest()}
    desk.log(order, name, acting_role(desk, doc, act), from_=here, to=here, answers=answers)
