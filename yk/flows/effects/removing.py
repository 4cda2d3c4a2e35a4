"""Effects of taking meters down for a time (暂拆) and putting them up again (复装)."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.effects import effect
from yk.flows.effects.tasks import REMOVAL, closed, task
from yk.flows.facts import Facts, Row
from yk.flows.guards.removing import IN_USE, NOT_RECKONED, OUT_OF_USE, READ
from yk.flows.units import TAKEN_DOWN, open_stoppages

KEPT_MONTHS = 6
"""So long the capacity is kept after the meter was taken down."""


@effect(
    "计量点停用，登记暂拆和保留到期日",
    basis="供电营业规则(1996)第28条；暂拆的归档影响（推定）",
    reads=("customer", "metering_point"),
)
def stop_metering(f: Facts) -> Change:
    """The account stays; nothing is read and charged at its points until the meter hangs again."""
    day = f.get("meter_work_on") or f.today
    until = months_on(day, KEPT_MONTHS)
    points = tuple(
        (
            "metering_point",
            {"mp_id": row["mp_id"], "status": OUT_OF_USE, **_reckoned(row, READ, NOT_RECKONED)},
        )
        for row in f.rows("metering_point")
        if row.get("status") == IN_USE
    )
    record: dict[str, Any] = {
        "stop_id": f"{f.case}-1",
        "cons_no": f.row("customer")["cons_no"],
        "kind": TAKEN_DOWN,
        "cap": f.row("customer").get("contract_cap"),
        "stop_date": day,
        "planned_date": until,
        "app_no": f.case,
    }
    remind = days_on(until, -int(f.settings["removal_reminder_days"]))
    return Change(
        put=(*points, ("stoppage", record), task(f, REMOVAL, "暂拆到期：复装还是销户", until, remind))
    )


@effect(
    "计量点改回在用，暂拆记录和到期任务关闭",
    basis="供电营业规则(1996)第28条；复装的归档影响（推定）",
    reads=("metering_point", "stoppage", "due_task"),
)
def resume_metering(f: Facts) -> Change:
    """The points that stood still are in use again from the day the new meter hangs."""
    day = f.get("meter_work_on") or f.today
    points = tuple(
        ("metering_point", {"mp_id": row["mp_id"], "status": IN_USE, **_reckoned(row, NOT_RECKONED, READ)})
        for row in f.rows("metering_point")
        if row.get("status") == OUT_OF_USE
    )
    over = tuple(
        ("stoppage", {"stop_id": row["stop_id"], "resumed_date": day, "resumed_app_no": f.case})
        for row in open_stoppages(f, TAKEN_DOWN)
    )
    return Change(put=(*points, *over, *closed(f, REMOVAL)))


def _reckoned(point: Row, before: str, after: str) -> dict[str, str]:
    """How a point is reckoned from now on when it was reckoned the way `before`; others stay as they are."""
    if point.get("calc_mode") != before:
        return {}
    return {"calc_mode": after, "meter_flag": "1" if after == READ else "0"}
