"""Effects of moving a meter (移表): the place of the metering point, what it was before, and a breach handed on."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import months_on
from yk.flows.effects import effect
from yk.flows.effects.tasks import VIOLATION, task
from yk.flows.facts import Facts
from yk.flows.guards.repricing import IN_USE


@effect("私自移表转用电检查查处", basis="供电营业规则(1996)第100条", reads=("customer",))
def refer_own_move(f: Facts) -> Change:
    """A meter its customer moved on his own becomes a task of the inspectors."""
    if not f.data.get("moved_already") or not f.get("own_move_clue"):
        return Change()
    text = f"私自移表，线索单 {f.get('own_move_clue')}，按次计收违约使用电费"
    return Change(put=(task(f, VIOLATION, text, due=months_on(f.today, 1), remind=f.today),))


@effect(
    "改写计量点地址，留存原位置",
    basis="移表的归档影响（推定；flows N8）",
    reads=("customer", "metering_point"),
)
def move_metering_point(f: Facts) -> Change:
    """The points in use that were named (all of them when none is) hang at the new place; readings go on."""
    named = f.get("moved_mp_id")
    put: list[tuple[str, dict[str, Any]]] = []
    points = [p for p in f.rows("metering_point") if p.get("status") == IN_USE]
    for number, point in enumerate((p for p in points if named in ("", p["mp_id"])), start=1):
        put.append(("metering_point", {"mp_id": point["mp_id"], "mp_addr": f.data.get("new_place")}))
        record = {
            "change_id": f"{f.case}-{number}",
            "cons_no": f.row("customer")["cons_no"],
            "entity": "metering_point",
            "row_id": point["mp_id"],
            "field": "mp_addr",
            "old_value": point.get("mp_addr"),
            "new_value": f.data.get("new_place"),
            "basis": f"移表工单 {f.case}",
            "changed_by": f.operator,
            "changed_at": f.now[:19],
            "app_no": f.case,
        }
        put.append(("field_change", record))
    return Change(put=tuple(put))
