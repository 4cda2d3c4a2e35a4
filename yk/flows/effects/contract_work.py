"""Effects of the contract flows: amended, replaced, put in force, ended, called up before the end."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.effects import effect
from yk.flows.effects.contracts import ENDED
from yk.flows.effects.tasks import CONTRACT, closed, task
from yk.flows.facts import Facts
from yk.flows.guards.contract_filing import ENDED_HERE, target_no

FILED = "归档"
NOTICES = (90, 60, 30)
"""How many days before its end a contract is called up."""


@effect(
    "合同到期前九十、六十、三十天提醒",
    basis="大连数据质量核查办法第八条（到期未续签）；提前天数为建议值",
    reads=("customer", "due_task"),
)
def set_contract_reminders(f: Facts) -> Change:
    """Reminders of an older end are closed; none is set for a day that is past."""
    end = f.get("contract_end")
    made = []
    for days in NOTICES if end else ():
        kind, row = task(
            f,
            CONTRACT,
            f"合同 {target_no(f)} 到期续签（提前 {days} 天）",
            end,
            max(days_on(end, -days), f.today),
        )
        made.append((kind, {**row, "task_id": f"{f.case}-{CONTRACT}-{days}"}))
    return Change(put=(*closed(f, CONTRACT), *made))


@effect(
    "登记补充协议，合同要素随改", basis="供电营业规则(1996)第22条", reads=("contracts", "customer", "parent")
)
def amend_contract(f: Facts) -> Change:
    """The supplement is filed for the order that wanted it; capacity, party and end of the contract follow it."""
    record = {
        "change_id": f"{f.case}-1",
        "contract_no": f.data.get("contract_no"),
        "cons_no": f.row("customer").get("cons_no"),
        "app_no": f.row("parent").get("case") or f.case,
        "agreement_no": f.data.get("agreement_no"),
        "change_type": f.data.get("change_type"),
        "old_value": f.data.get("old_clause"),
        "new_value": f.data.get("new_clause"),
        "reason": f.data.get("contract_reason"),
        "sign_date": f.data.get("sign_date"),
        "begin_date": f.data.get("begin_date"),
    }
    terms = {
        "contract_no": f.data.get("contract_no"),
        "cap": f.data.get("contract_cap"),
        "cons_name": f.data.get("contract_party"),
        "end_date": f.data.get("contract_end"),
    }
    return Change(put=(("contract_change", record), ("contract", terms)))


@effect("合同归档；被接替的旧合同终止", basis="供电营业规则(1996)第92、94条", reads=("contracts",))
def put_contract_in_force(f: Facts) -> Change:
    """The contract of this order is filed; the one it replaces ends where the new one begins."""
    put: list[tuple[str, dict[str, Any]]] = [("contract", {"contract_no": target_no(f), "status": FILED})]
    begin = f.get("begin_date") or f.today
    for row in f.rows("contracts"):
        if row["contract_no"] != f.get("replaced_contract_no") or row["contract_no"] == target_no(f):
            continue
        last = min(str(row.get("end_date") or "9999"), days_on(begin, -1))
        status = {"status": ENDED} if begin <= f.today else {}
        put.append(("contract", {"contract_no": row["contract_no"], "end_date": last, **status}))
    return Change(put=tuple(put))


@effect(
    "供用电合同终止，到期提醒撤销",
    basis="供电营业规则(1996)第94条",
    reads=("contracts", "due_task"),
)
def end_named_contract(f: Facts) -> Change:
    """Only the contract of this order ends: another that takes over goes on."""
    row = {
        "contract_no": f.data.get("contract_no"),
        "status": ENDED,
        "end_date": f.data.get("end_on") or f.today,
    }
    return Change(put=(("contract", row), *closed(f, CONTRACT)), form={ENDED_HERE: f.data.get("contract_no")})
