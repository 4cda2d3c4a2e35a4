"""Effects of a batch modification (批量修改数据): the list frozen, carried out, put back as far as it still stands."""

from __future__ import annotations

from collections.abc import Mapping

from yk.archive.dictionary import entities
from yk.archive.values import Value
from yk.flows.change import Change
from yk.flows.change_list import Listed, by_hand, changed_since, digest, listed, present, value_shown
from yk.flows.corrections import CLOSED, kind_of, shown
from yk.flows.effects import effect
from yk.flows.facts import Facts
from yk.flows.guards.data_changes import BASIS, READS, latest_undo


@effect("记下修改前的值，封存清单", basis=BASIS, reads=READS)
def freeze_change_list(f: Facts) -> Change:
    """A list written by hand is noted with the values as they are; from here on it is known by its digest."""
    hand = by_hand(f)
    if not hand:
        return Change(form={"row_count": len(listed(f))})
    for row in hand:
        if kind_of(row) not in ("", CLOSED):
            old = (present(f, row["entity"], row["row_id"]) or {}).get(row["field"])
            row["old_value"] = shown(old)
    rows = listed(f.filled(rows=hand))
    return Change(form={"rows": hand, "row_count": len(rows), "plan_digest": digest(rows)})


@effect("按清单写入新值", basis=BASIS, reads=READS)
def apply_change_list(f: Facts) -> Change:
    """Every row gets the values of the list; the event keeps those before and after."""
    rows = listed(f)
    put = tuple((row.entity, _fields(row, row.after)) for row in rows)
    return Change(put=put, form={"applied_at": f.now, "applied_rows": len(rows)})


@effect("放回修改前的值，别人后来改过的不动", basis=BASIS, reads=READS)
def undo_change_list(f: Facts) -> Change:
    """Rows that stand as the execution left them get their old values; the others are listed and stay.

    Nothing to do where the list was not executed, or is taken back already, or is not the one that was executed, or has
    stood too long: an order that is stopped then leaves what it wrote.
    """
    rows = listed(f)
    if not f.get("applied_at") or f.get("undone_at") or digest(rows) != f.get("plan_digest"):
        return Change()
    if f.today > latest_undo(f):
        return Change()
    changed = {(row.entity, row.entity_id): changed_since(f, row) for row in rows}
    free = [row for row in rows if not changed[row.entity, row.entity_id]]
    left = [
        {
            "entity": one.row.entity,
            "row_id": one.row.entity_id,
            "field": one.field,
            "present_value": ""
            if one.gone
            else value_shown(entities()[one.row.entity].fields[one.field], one.present),
        }
        for moved in changed.values()
        for one in moved
    ]
    put = tuple((row.entity, _fields(row, row.before)) for row in free)
    return Change(put=put, form={"undone_at": f.now, "undone_rows": len(free), "left_rows": left or None})


def _fields(row: Listed, values: Mapping[str, Value]) -> dict[str, Value]:
    return {entities()[row.entity].key[0]: row.entity_id, **values}
