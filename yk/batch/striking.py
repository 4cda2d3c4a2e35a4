"""Taking rows out of a batch: the surveyor's and the approver's word, each row with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from yk.batch.freshness import follow
from yk.batch.rows import PLANNED, SKIPPED, STATUSES, Doc, Row, all_rows, dumped, get_batch, save_batch
from yk.desk.answering import need
from yk.desk.desk import Desk
from yk.desk.in_flight import READY
from yk.errors import Reason, Refused, UsageError
from yk.text import halfwidth

DECIDING = ("approval",)
"""Archetypes of the steps whose people may take rows out at any time before the rows are written."""
_WORDS = {"acceptance": "受理剔除", "site_survey": "勘查剔除", "approval": "审批剔除"}


def strike(desk: Desk, batch: str, words: Sequence[str], reason: str) -> Doc:
    """Take rows out by account number or row number (`row:3`). Gives the batch.

    Raises UsageError for a word that is no row, Refused when a row is not waiting, when the rows are being written, or
    when the operator neither works at the step the batch stands at nor approves it.
    """
    need(reason, "剔除")
    with desk.unit():
        doc = get_batch(desk.store, batch)
        order = desk.load_for_change(doc["batch"])
        flow, here = desk.flow_of(order), desk.steps_at(order)
        steps = [flow.step(step) for step in here]
        steps += [s for s in flow.steps.values() if s["archetype"] in DECIDING and s not in steps]
        mine = next((s for s in steps if s["role"] in desk.operator.roles), None)
        if mine is None:
            message = f"剔除由办理“{steps[0]['name']}”的人或审批人员做，{desk.operator.name} 没有这个角色"
            raise Refused([Reason("role_missing", message, steps[0]["entry"])])
        if doc["state"] != PLANNED:
            raise Refused([Reason("rows_written", f"批次 {doc['batch']} 已经开始写入，不能再剔除")])
        rows = _named(desk, doc, words)
        if waiting := [row for row in rows if row["status"] != READY]:
            told = "、".join(
                f"{row['cons_no'] or row['row']}（{STATUSES[row['status']]}）" for row in waiting
            )
            raise Refused([Reason("row_not_waiting", f"只能剔除可办的行，{told} 不是")])
        text = f"{_WORDS.get(mine['archetype'], '剔除')}：{reason}"
        said = dumped([Reason("struck_out", text, mine["entry"]).as_json()])
        medium = desk.store.medium
        fields = {"status": SKIPPED, "reasons": said, "at": mine["id"], "images": None}
        medium.amend(medium.collections["batch_row"], {row["row_id"]: fields for row in rows})
        doc[READY] -= len(rows)
        doc[SKIPPED] += len(rows)
        answers = {"rows": [row["row"] for row in rows], "customers": [row["cons_no"] for row in rows]}
        desk.log(order, "batch_strike", mine["role"], reason=reason, from_=here, to=here, answers=answers)
        follow(desk, doc)
        save_batch(desk.store, doc)
        return doc


def _named(desk: Desk, doc: Doc, words: Sequence[str]) -> list[Row]:
    """The rows these words mean. Raises UsageError (`unknown_row`)."""
    wanted = {halfwidth(word).strip() for word in words}
    found: dict[str, Row] = {}
    for row in all_rows(desk.store, doc):
        for word in (row["cons_no"], f"row:{row['row']}"):
            if word in wanted and (word not in found or row["status"] == READY):
                found[word] = row
    if lost := sorted(wanted - found.keys()):
        hint = "写用户编号，或 row:行号（yk batch rows 列出全部）"
        raise UsageError("unknown_row", f"批次 {doc['batch']} 里没有 {'、'.join(lost)}", hint)
    return list({row["row_id"]: row for row in found.values()}.values())
