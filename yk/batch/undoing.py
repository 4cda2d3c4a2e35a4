"""Undoing a batch by its before-images, last row first, chunk by chunk.

A row whose traces in the archive have changed since, or whose account is under way in another order, is somebody
else's later work by now: it is left as it is, and the result says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from yk.archive.dictionary import entities
from yk.batch.applying import Progress, let_see, log_rows
from yk.batch.asking import Seen
from yk.batch.filling import acting_role
from yk.batch.freshness import uncollected
from yk.batch.rows import (
    APPLIED,
    APPLYING,
    DONE,
    FAILED,
    TAKEN_BACK,
    UNDOING,
    UNDONE,
    Doc,
    Row,
    dumped,
    get_batch,
    images_of,
    rows_between,
    save_batch,
)
from yk.batch.writing import differs, reversed_images, write
from yk.desk.desk import Desk
from yk.desk.in_flight import in_flight
from yk.desk.looking_up import rows_in
from yk.errors import Reason, Refused
from yk.flows.change import Image

CHANGED = "changed_since"
PAPERS = ("document_record", "customer_document")
"""What filing the batch's own papers has written."""


def undo(desk: Desk, batch: str) -> Iterator[Progress]:
    """Take back the rows of a batch that were done, or go on taking back; yields after every chunk.

    `done` of the progress counts rows taken back in this run, `failed` those that are left. Raises Refused when there
    is nothing to take back or the time for it is over.
    """
    with desk.store.transaction():
        doc = ready_to_undo(desk, batch)
        if doc["state"] != UNDOING:
            doc |= {"state": UNDOING, "back": min(doc["next"] - 1, doc["rows"]), "left": 0}
            save_batch(desk.store, doc)
        if desk.dry_run:
            desk.store.medium.doom()
            while doc["back"] > 0:
                yield _chunk(desk, doc)
            return
    while True:
        with uncollected(), desk.unit():
            doc = get_batch(desk.store, doc["batch"])
            if doc["state"] != UNDOING:
                return
            progress = _chunk(desk, doc)
        yield progress


def ready_to_undo(desk: Desk, batch: str) -> Doc:
    """The batch, when the operator may take it back now. Raises Refused."""
    doc = get_batch(desk.store, batch)
    number = doc["batch"]
    acting_role(desk, doc, "撤销")
    if doc["state"] not in (APPLYING, APPLIED, UNDOING, TAKEN_BACK) or not (
        doc[DONE] or doc["state"] == UNDOING
    ):
        raise Refused([Reason("nothing_to_undo", f"批次 {number} 没有办过的户，没有可撤销的")])
    hours = desk.settings.integer("batch_undo_hours")
    if doc["applied_at"]:
        latest = datetime.fromisoformat(doc["applied_at"]) + timedelta(hours=hours)
        if desk.clock() > latest:
            message = f"批次 {number} 在 {doc['applied_at'][:16].replace('T', ' ')} 办完，超过 {hours} 小时，不能整批撤销"
            raise Refused([Reason("undo_too_late", message)], "逐户另办，或改设置 batch_undo_hours")
    return doc


def _chunk(desk: Desk, doc: Doc) -> Progress:
    """Take back the last chunk that is not looked at yet."""
    last = doc["back"]
    first = (last - 1) // doc["chunk"] * doc["chunk"] + 1
    rows = [row for row in rows_between(desk.store, doc["batch"], first, last) if row["status"] == DONE]
    rows.reverse()
    changed = [images_of(row) for row in rows]
    conflicts = _conflicts(desk, doc, rows, changed)
    free = [not conflict for conflict in conflicts]
    back = [i for ok, images in zip(free, changed, strict=True) if ok for i in reversed_images(images)]
    write(desk.store, back)
    let_see(desk, desk.get(doc["batch"]), back)
    _note(desk, rows, conflicts)
    taken = sum(free)
    doc[DONE] -= taken
    doc[UNDONE] += taken
    doc["left"] = doc.get("left", 0) + len(rows) - taken
    doc["back"] = first - 1
    if doc["back"] < 1:
        doc |= {"state": TAKEN_BACK, "undone_at": desk.now()}
        if not doc["left"]:
            _take_back_papers(desk, doc)
    save_batch(desk.store, doc)
    if rows:
        log_rows(desk, doc, ("batch_undo", "撤销"), rows, changed, {UNDONE: taken, FAILED: len(rows) - taken})
    return Progress(doc["batch"], doc["rows"] - doc["back"], doc["rows"], doc[UNDONE], doc["left"])


def _take_back_papers(desk: Desk, doc: Mapping[str, Any]) -> None:
    """The records of the batch's own papers go with its last row; what was done to them since stays."""
    seen, images = Seen(desk.store), list[Image]()
    for event in desk.events(doc["batch"]):
        made = (Image(c["entity"], c["id"], c["before"], c["after"]) for c in event.get("changes", ()))
        images += [image for image in made if image.entity in PAPERS]
    seen.find({entity: [i.id for i in images if i.entity == entity] for entity in PAPERS})
    untouched = [i for i in images if not differs(i, seen.get(i.entity, i.id))]
    write(desk.store, reversed_images(untouched))


def _note(desk: Desk, rows: Sequence[Row], conflicts: Sequence[str]) -> None:
    changes: dict[str, Row] = {}
    for row, conflict in zip(rows, conflicts, strict=True):
        if conflict:
            text = f"第 {row['line']} 行办完以后{conflict}，不撤销"
            changes[row["row_id"]] = {"reasons": dumped([Reason(CHANGED, text).as_json()])}
        else:
            changes[row["row_id"]] = {"status": UNDONE, "done_at": desk.now(), "reasons": None}
    medium = desk.store.medium
    medium.amend(medium.collections["batch_row"], changes)


def _conflicts(desk: Desk, doc: Doc, rows: Sequence[Row], changed: Sequence[Sequence[Image]]) -> list[str]:
    """For every row what hinders its undoing, '' when nothing does. Rows of the chunk that touched the same row of the
    archive are taken back last first, so the state between them is looked at too."""
    seen, wanted = Seen(desk.store), dict[str, list[str]]()
    for images in changed:
        for image in images:
            wanted.setdefault(image.entity, []).append(image.id)
    seen.find(wanted)
    running = in_flight(desk.store, [row["cons_no"] or "" for row in rows], (doc["batch"],))
    grown = _grown(desk, changed)
    found = []
    for row, images in zip(rows, changed, strict=True):
        conflict = _hindered(seen, images)
        if not conflict and (others := running.get(row["cons_no"] or "")):
            conflict = f"用户 {row['cons_no']} 又有在途工单 {others[0]['case']}"
        conflict = conflict or grown.get(row["cons_no"] or "", "")
        if not conflict:
            for image in images:
                old = seen.get(image.entity, image.id)
                back = image.before if image.before is None or old is None else {**old, **image.before}
                seen.put(image.entity, image.id, None if back is None else dict(back))
        found.append(conflict)
    return found


def _hindered(seen: Seen, images: Sequence[Image]) -> str:
    """What of the archive is not as these changes left it."""
    for image in images:
        if names := differs(image, seen.get(image.entity, image.id)):
            kind = entities().get(image.entity)
            label = kind.zh if kind else image.entity
            if names == ["*"]:
                return f"{label} {image.id} 已{'重新建立' if image.after is None else '不在'}"
            fields = "、".join(kind.fields[name].zh if kind else name for name in names[:3])
            return f"{label} {image.id} 的{fields}又改过"
    return ""


def _grown(desk: Desk, changed: Sequence[Sequence[Image]]) -> dict[str, str]:
    """Accounts the batch has opened that have got more since than it gave them: account -> what."""
    opened = [i.id for images in changed for i in images if i.entity == "customer" and i.before is None]
    if not opened:
        return {}
    own = {(image.entity, image.id) for images in changed for image in images}
    found: dict[str, str] = {}
    for kind in entities().values():
        if not kind.owner or kind.name == "customer":
            continue
        for row in rows_in(desk.store, kind.name, kind.owner, opened):
            if (kind.name, kind.doc_id(row)) not in own:
                found.setdefault(str(row[kind.owner]), f"新户 {row[kind.owner]} 又有了{kind.zh}")
    return found
