"""Effects of correcting the archive (档案维护受理): old values noted, new ones written, every field on record."""

from __future__ import annotations

from typing import Any

from yk.archive.dictionary import entities
from yk.flows.change import Change
from yk.flows.corrections import parsed
from yk.flows.dates import months_on
from yk.flows.effects import effect
from yk.flows.effects.tasks import REPRICING, task
from yk.flows.facts import Facts
from yk.flows.guards.correcting import (
    READS,
    account_of,
    corrections,
    row_meant,
    wants_billing_review,
    with_old_values,
)

Rows = list[tuple[str, dict[str, Any]]]


@effect("记下更正前的原值", basis="档案维护字段级留痕（flows N9）", reads=READS)
def note_old_values(f: Facts) -> Change:
    """What is to be corrected is written down as it was when it was asked for."""
    return Change(form={"corrections": with_old_values(f)})


def written(f: Facts) -> Rows:
    """The rows, for `Change.put`, that write every correction and keep of each field what it was, what it is, by whom."""
    put: Rows = []
    for number, row in enumerate(corrections(f), start=1):
        meant = row_meant(f, row)
        if meant is None:
            continue
        entity, field = str(row["entity"]), str(row["field"])
        key = entities()[entity].key[0]
        put.append((entity, {key: meant[key], field: parsed(row)}))
        old = meant.get(field)
        record = {
            "change_id": f"{f.case}-{number}",
            "cons_no": account_of(f, row),
            "entity": entity,
            "row_id": str(meant[key]),
            "field": field,
            "old_value": None if old is None else str(old),
            "new_value": row.get("new_value"),
            "basis": row.get("grounds") or f.data.get("basis_no"),
            "changed_by": f.data.get("authorised_to") or f.operator,
            "changed_at": f.now[:19],
            "app_no": f.case,
        }
        put.append(("field_change", record))
    return put


@effect("逐字段更正档案并留痕", basis="大连数据质量核查办法第十二条", reads=READS)
def apply_corrections(f: Facts) -> Change:
    """Every correction is one field of one row; its record says old, new, grounds, who and when."""
    put = written(f)
    if wants_billing_review(f):
        text = f"档案更正自 {f.get('wrong_since')} 起影响计费，退补 {f.data.get('adjust_qty') or 0:g} 千瓦时，核算复核"
        put.append(task(f, REPRICING, text, due=months_on(f.today, 1), remind=f.today))
    return Change(put=tuple(put))
