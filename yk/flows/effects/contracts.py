"""Effects on supply contracts: filed, amended, ended."""

from __future__ import annotations

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.effects import effect
from yk.flows.effects.tasks import CONTRACT, task
from yk.flows.facts import Facts

SIGNED, ENDED = "签订", "终止"
NOTICE_DAYS = 90
"""How many days before its end a contract is called up for renewal (90, 60, 30 days: the first)."""


@effect("登记新签的供用电合同", basis="供电营业规则(1996)第92条", reads=("customer",))
def file_contract(f: Facts) -> Change:
    """The contract as signed; of a new connection it gets its account number when the account is opened."""
    row = {
        "contract_no": f.data.get("new_contract_no"),
        "cons_no": f.row("customer").get("cons_no"),
        "kind": f.data.get("contract_kind"),
        "sign_date": f.data.get("sign_date"),
        "begin_date": f.data.get("begin_date"),
        "end_date": f.data.get("contract_end"),
        "status": SIGNED,
        "cap": f.data.get("contract_cap"),
        "cons_name": f.data.get("contract_party"),
    }
    return Change(put=(("contract", row),))


@effect("登记合同变更（补充协议）", basis="供电营业规则(1996)第22条", reads=("contract",))
def record_amendment(f: Facts) -> Change:
    """The supplement is filed beside its contract, whose other clauses stand."""
    contract = f.row("contract")
    record = {
        "change_id": f"{f.case}-1",
        "contract_no": contract.get("contract_no"),
        "cons_no": contract.get("cons_no"),
        "app_no": f.case,
        "agreement_no": f.data.get("agreement_no"),
        "change_type": f.data.get("busi_type"),
        "old_value": None,
        "new_value": f.data.get("changed_clauses"),
        "reason": f.data.get("contract_reason"),
        "sign_date": f.data.get("sign_date"),
        "begin_date": f.data.get("begin_date"),
    }
    return Change(put=(("contract_change", record),))


@effect("供用电合同置为终止", basis="供电营业规则(1996)第32条", reads=("contracts",))
def end_contract(f: Facts) -> Change:
    """All contracts of the account end on the day that was agreed."""
    ended = {"status": ENDED, "end_date": f.data.get("end_on") or f.today}
    running = (row for row in f.rows("contracts") if row.get("status") != ENDED)
    return Change(put=tuple(("contract", {"contract_no": row["contract_no"], **ended}) for row in running))


@effect("合同到期前提醒续签", basis="大连数据质量核查办法第八条（到期未续签）", reads=("customer",))
def watch_contract(f: Facts) -> Change:
    """A task ninety days before the contract ends."""
    end = f.get("contract_end")
    if not end:
        return Change()
    number = f.get("new_contract_no")
    return Change(put=(task(f, CONTRACT, f"合同 {number} 到期续签", end, days_on(end, -NOTICE_DAYS)),))


@effect("终止时作废本单新签的合同", basis="撤单（行业通例）", reads=("signed_contract",))
def void_contract(f: Facts) -> Change:
    """A contract that was signed for an order that is stopped binds nobody."""
    contract = f.row("signed_contract")
    if not contract or contract.get("status") == ENDED:
        return Change()
    return Change(
        put=(("contract", {"contract_no": contract["contract_no"], "status": ENDED, "end_date": f.today}),)
    )
