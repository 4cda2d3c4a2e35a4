"""Planning a batch: every row is driven through its flow on paper; nothing of the archive is written.

The plan keeps per row what would change, with the values before, or every reason why not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any, NamedTuple

from yk.batch.asking import Asked
from yk.batch.columns import Column
from yk.batch.filling import form_ahead, read_values
from yk.batch.freshness import is_fresh, stamp, uncollected
from yk.batch.judging import Judge, Verdict
from yk.batch.kinds import Kind, order_flow
from yk.batch.lists import BatchList
from yk.batch.ordering import hand_in_list, open_order
from yk.batch.preparing import Fixed, prepared
from yk.batch.rows import (
    APPLYING,
    BLOCKED,
    DONE,
    FAILED,
    PLANNED,
    PLANNING,
    SKIPPED,
    TAKEN_BACK,
    UNDONE,
    Doc,
    dumped,
    row_id,
    save_batch,
)
from yk.desk.desk import Desk
from yk.desk.in_flight import READY, RUNNING
from yk.desk.looking_up import rows_of
from yk.desk.named import highest_number
from yk.errors import Reason, Refused, UsageError
from yk.flows.facts import Facts
from yk.store import Store

COUNTED = (READY, BLOCKED, SKIPPED, DONE, FAILED, UNDONE)
MOST_TOTALS = 200
"""So many lines and areas the totals of a plan name, those with most accounts first."""


class Planned(NamedTuple):
    """How far planning has come. `seconds`: the slowest chunk's time to be written, for an estimate of what applying takes."""

    batch: str
    rows: int
    of: int
    seconds: float


def plan(desk: Desk, kind: Kind, listing: BatchList, values: Mapping[str, object]) -> Iterator[Planned]:
    """Plan a batch from a list; yields after every chunk, the last one when the plan is complete.

    `values`: form fields of the order, and columns the list does not have (the same for every row).
    A list that was planned before and not sent on is planned anew under its number. A caller that stops before the end
    leaves a plan that cannot be applied. Raises UsageError, Refused (`batch_exists`, `role_missing`).
    """
    constant, fields = _told_apart(kind, listing, values)
    asked, fixed = prepared(listing, kind, constant)
    with desk.store.transaction():
        doc = _begin(desk, kind, listing, fields, asked)
        if desk.dry_run:
            # One unit of work over all: what is planned must be there until the end, and gone then.
            yield from _chunks(desk, kind, doc, asked, fixed)
            return
    yield from _chunks(desk, kind, doc, asked, fixed)


def columns_for(kind: Kind, values: Mapping[str, object]) -> list[Column]:
    """The columns to look for in a list; one that `values` gives for every row need not be there."""
    given = {word.strip() for word in values}
    return [replace(c, required=c.required and not {c.name, c.label} & given) for c in kind.columns]


def _told_apart(
    kind: Kind, listing: BatchList, values: Mapping[str, object]
) -> tuple[dict[str, Any], dict[str, object]]:
    """(values for columns the list lacks, form fields); a word that is both is a form field."""
    columns = {column.name: column for column in kind.columns} | {c.label: c for c in kind.columns}
    form = order_flow(kind.id).fields
    words = {*form, *(field["label"] for field in form.values())}
    constant: dict[str, Any] = {}
    fields: dict[str, object] = {}
    for word, value in values.items():
        column = columns.get(word.strip())
        if column is None or word.strip() in words or column.kind == "account":
            fields[word] = value
        elif column.name in listing.columns:
            message = f"清单里已有“{column.label}”这一列，不能再用 --set {word}"
            raise UsageError("column_given", message, "去掉 --set，或删掉这一列")
        else:
            constant[column.name] = column.read(str(value))
    return constant, read_values(kind, fields)


def _begin(
    desk: Desk, kind: Kind, listing: BatchList, fields: Mapping[str, object], asked: Sequence[Asked]
) -> Doc:
    """The batch and its order, new or planned anew."""
    known = _planned_before(desk, kind, listing)
    if known is None:
        case = open_order(desk, kind, fields).case
        confirmed: Doc = {}
    else:
        case, confirmed = known["batch"], known["confirmed"]
        fields = {**known["set"], **fields}
        _forget_rows(desk.store, known)
    doc: Doc = {
        "batch": case, "kind": kind.id, "file": listing.file, "sha256": listing.sha256, "sheet": listing.sheet,
        "encoding": listing.encoding, "columns": listing.columns, "unknown": listing.unknown, "state": PLANNING,
        "planned_at": desk.clock().isoformat(), "planned_by": desk.operator.id, "applied_at": "", "undone_at": "",
        "rows": len(asked), **dict.fromkeys(COUNTED, 0), "changes": 0, "chunk": desk.settings.integer("batch_chunk_rows"),
        "next": 1, "back": 0, "left": 0, "set": fields, "confirmed": confirmed, "totals": {"lines": [], "areas": [], "reasons": []},
        "unit": str(fields.get("org_no") or desk.operator.org or ""), "figures": _figures(asked),
        "fresh": None, "first_number": highest_number(desk.store) + 1 if kind.id == "lv-new" else 0,
    }  # fmt: skip
    save_batch(desk.store, doc)
    if known is None:
        hand_in_list(desk, doc)
    stamp(desk, doc, form_ahead(desk, doc, desk.get(case)))
    save_batch(desk.store, doc)
    return doc


def _planned_before(desk: Desk, kind: Kind, listing: BatchList) -> Doc | None:
    """The batch of the same list that may be planned anew. Raises Refused when it is past that."""
    for doc in rows_of(desk.store, "batch", sha256=listing.sha256):
        order = desk.get(doc["batch"])
        if (
            doc["kind"] != kind.id
            or doc["state"] == TAKEN_BACK
            or (order.status not in RUNNING and doc["state"] == PLANNED)
        ):
            continue
        if doc["state"] in (PLANNING, PLANNED) and not order.done:
            return doc
        number, state = doc["batch"], "正在执行" if doc["state"] == APPLYING else "已经送出或办过"
        reason = Reason("batch_exists", f"这份清单就是批次 {number}，{state}，同一份清单不办两次")
        raise Refused([reason], f"看结果：yk batch show {number}；接着办：yk batch resume {number}")
    return None


def _forget_rows(store: Store, doc: Mapping[str, Any]) -> None:
    rows = store.medium.collections["batch_row"]
    store.medium.apply(rows, {row_id(doc["batch"], n): None for n in range(1, int(doc["rows"]) + 1)})


def _figures(asked: Sequence[Asked]) -> Doc:
    """What the list says as a whole, for the order's form."""
    given = [one.given for one in asked]
    return {
        "basis": _most(row.get("basis") for row in given),
        "reason": _most(row.get("reason") for row in given),
        "cap": float(_most(row.get("cap") for row in given) or 0),
        "photos": sum(float(row.get("photos") or 0) for row in given),
        "caps": 0.0,
        "unit": "",
    }


def _most(values: Any) -> Any:
    """The value most rows have, '' when none has one."""
    counted = Counter(value for value in values if value not in (None, ""))
    return counted.most_common(1)[0][0] if counted else ""


class _Totals:
    """What the plan counts as it goes."""

    def __init__(self) -> None:
        self.lines, self.areas, self.units = Counter[str](), Counter[str](), Counter[str]()
        self.reasons = Counter[str]()
        self.texts: dict[str, str] = {}
        self.caps = 0.0

    def take(self, one: Asked, verdict: Verdict, judge: Judge) -> None:
        """Count one row."""
        if unit := judge.source.unit(one):
            self.units[unit] += 1
        self.say(verdict, judge)
        if verdict.status == READY:
            line, area = judge.source.place(one)
            self.lines[line] += 1
            self.areas[area] += 1
            self.caps += float(one.given.get("cap") or 0)

    def say(self, verdict: Verdict, judge: Judge) -> None:
        """Count the reasons of one row."""
        for reason in verdict.reasons:
            self.reasons[reason["code"]] += 1
            self.texts.setdefault(reason["code"], judge.label_of(reason))

    def doc(self) -> Doc:
        """The totals as they are kept."""
        return {
            "lines": [{"line_no": name, "rows": n} for name, n in _ranked(self.lines)],
            "areas": [{"tg_no": name, "rows": n} for name, n in _ranked(self.areas)],
            "reasons": [{"code": c, "text": self.texts[c], "rows": n} for c, n in _ranked(self.reasons)],
        }


def _ranked(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOTALS]


def _chunks(
    desk: Desk, kind: Kind, doc: Doc, asked: Sequence[Asked], fixed: Mapping[int, Fixed]
) -> Iterator[Planned]:
    """Judge and keep the rows chunk by chunk; the last chunk completes the plan."""
    order = desk.get(doc["batch"])
    order.data = form_ahead(desk, doc, order)
    judge, totals, size, slowest = Judge(desk, kind, order, doc), _Totals(), int(doc["chunk"]), 0.0
    for first in range(0, len(asked), size):
        rows = asked[first : first + size]
        began = perf_counter()
        with uncollected(), desk.store.transaction():
            if not is_fresh(desk, doc, order.data):
                doc["fresh"] = None
            _keep(desk, doc, judge, totals, rows, fixed)
            if first + size >= len(asked):
                doc["figures"] |= {"unit": _most(totals.units.elements()), "caps": totals.caps}
                doc |= {"totals": totals.doc(), "state": PLANNED, "first_number": judge.source.first_number}
            save_batch(desk.store, doc)
            if desk.dry_run:
                desk.store.medium.doom()
        slowest = max(slowest, perf_counter() - began)
        yield Planned(doc["batch"], first + len(rows), len(asked), slowest)


def _keep(
    desk: Desk, doc: Doc, judge: Judge, totals: _Totals, rows: Sequence[Asked], fixed: Mapping[int, Fixed]
) -> None:
    """Write the plan of a chunk."""
    verdicts = iter(judge.judge([one for one in rows if one.row not in fixed]))
    kept = {}
    for one in rows:
        if one.row in fixed:
            verdict = _decided(fixed[one.row], judge)
            totals.say(verdict, judge)
        else:
            verdict = next(verdicts)
            totals.take(one, verdict, judge)
        doc[verdict.status] += 1
        doc["changes"] += sum(
            1 if i.after is None or i.before is None else len(i.after) for i in verdict.images
        )
        kept[row_id(doc["batch"], one.row)] = {
            "row_id": row_id(doc["batch"], one.row),
            "row": one.row,
            "line": one.line,
            "cons_no": one.cons_no or None,
            "status": verdict.status,
            "at": verdict.at,
            "given": dumped(one.given),
            "reasons": dumped(verdict.reasons) if verdict.reasons else None,
            "notices": dumped(verdict.notices) if verdict.notices else None,
            "images": dumped(verdict.images) if verdict.images else None,
            "done_at": None,
        }
    medium = desk.store.medium
    medium.apply(medium.collections["batch_row"], kept)


def _decided(fixed: Fixed, judge: Judge) -> Verdict:
    status, problems = fixed
    reasons = [Reason(code, text).as_json() for code, text in problems]
    return Verdict(status, judge.flow.first, reasons, [], [], Facts())
