"""What of a made customer stands still for a time: a transformer reduced, suspended or swapped, a meter removed."""

from __future__ import annotations

from typing import Any, NamedTuple

from yk.archive.making.materials import Materials
from yk.archive.making.plan import Plan, iso, number_of

Row = dict[str, Any]


class _Kind(NamedTuple):
    """A way of standing still: codes of stoppage_kind and task_kind, how long ago it began, how long it may last."""

    stoppage: str
    task: str
    content: str
    unit: str
    since: int
    lasts: int


_KINDS = {
    "reduced": _Kind("1", "01", "减容到期：恢复、延续还是转永久", "21", 75, 500),
    "paused": _Kind("2", "02", "暂停到期：提醒恢复，到期次日起按合同容量计收", "22", 40, 120),
    "removed": _Kind("3", "03", "暂拆到期：复装还是销户", "23", 50, 183),
    "swapped": _Kind("4", "08", "暂换到期：换回原变压器", "24", 20, 60),
}
REMIND_DAYS = 14


def _kind(plan: Plan) -> tuple[str, _Kind] | None:
    return next(((mark, kind) for mark, kind in _KINDS.items() if mark in plan.marks), None)


def next_size(materials: Materials, cap: float) -> float:
    """The next bigger rated capacity, kVA."""
    return min((size for size in materials.losses if size > cap), default=cap)


def transformer_still(plan: Plan) -> Row:
    """What the ledger says of the transformer that stands still; {} when none does."""
    found = _kind(plan)
    if found is None or found[0] == "removed":
        return {}
    begun = plan.as_of - found[1].since
    row = {"run_status": "02", "stop_date": iso(begun), "resume_date": iso(begun + found[1].lasts)}
    return row | {"seal_no": _seal_no(plan)} if found[0] != "swapped" else row


def _seal_no(plan: Plan) -> str:
    return f"FY{plan.cons_no}"


def rows(materials: Materials, plan: Plan) -> dict[str, list[Row]]:
    """The record of the stoppage, its seal and the task that ends it."""
    found = _kind(plan)
    if found is None:
        return {}
    mark, kind = found
    begun = plan.as_of - kind.since
    app_no = number_of(begun - 7, 1 + plan.index, kind.unit)
    of_customer = {"cons_no": plan.cons_no, "app_no": app_no}
    tran_id = None if mark == "removed" else f"T{plan.cons_no}{len(plan.units)}"
    stoppage = of_customer | {
        "stop_id": f"{app_no}-1",
        "kind": kind.stoppage,
        "tran_id": tran_id,
        "cap": plan.cap if mark == "removed" else plan.units[-1],
        "bill_cap": next_size(materials, plan.units[0]) if mark == "swapped" else None,
        "stop_date": iso(begun),
        "planned_date": iso(begun + kind.lasts),
    }
    task = of_customer | {
        "task_id": f"{app_no}-{kind.task}",
        "kind": kind.task,
        "content": kind.content,
        "remind_date": iso(begun + kind.lasts - REMIND_DAYS),
        "due_date": iso(begun + kind.lasts),
    }
    seal = of_customer | {
        "seal_id": f"{app_no}-1",
        "tran_id": tran_id,
        "action": "1",
        "seal_no": _seal_no(plan),
        "place": "高压侧开关",
        "done_at": f"{iso(begun)}T10:00:00",
    }
    sealed = [seal] if mark in ("reduced", "paused") else []
    return {"stoppage": [stoppage], "due_task": [task], "seal_record": sealed}
