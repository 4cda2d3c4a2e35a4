"""Effects of 更名."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.account import customer_row
from yk.flows.facts import Facts


@effect(
    "登记合同变更，合同用电方改为新用户名",
    basis="供电营业规则(1996)第22条",
    reads=("contract",),
)
def record_contract_change(f: Facts) -> Change:
    """The supplement is filed beside its contract, whose other clauses stand."""
    contract = f.row("contract")
    record = {
        "change_id": f"{f.case}-1",
        "contract_no": contract["contract_no"],
        "cons_no": contract["cons_no"],
        "app_no": f.case,
        "agreement_no": f.data.get("agreement_no"),
        "change_type": "更名",
        "old_value": contract.get("cons_name"),
        "new_value": f.data.get("agreement_name"),
        "reason": f.data.get("contract_reason"),
        "sign_date": f.data.get("sign_date"),
        "begin_date": f.data.get("begin_date"),
    }
    return Change(put=(("contract_change", record),))


@effect(
    "户名、联系人、票据抬头改为新用户名，原户名记入曾用名",
    basis="更名的归档影响（推定；NX 1.3.1.1.1 完成客户档案中客户名称的变更）",
    reads=("customer", "party", "contract", "contact", "billing_info"),
)
def rename_customer(f: Facts) -> Change:
    """The account keeps number, meters and prices; name, contact, invoice title and contract party change."""
    customer, data = f.row("customer"), f.data
    new, cons_no = data["new_name"], customer["cons_no"]
    put: list[tuple[str, dict[str, Any]]] = [
        customer_row(f, cons_name=new),
        (
            "former_name",
            {
                "former_id": f"{f.case}-1",
                "cons_no": cons_no,
                "former_name": customer.get("cons_name"),
                "new_name": new,
                "changed_at": f.now[:19],
                "app_no": f.case,
            },
        ),
        ("contact", _contact(f, cons_no)),
    ]
    if party := f.row("party"):
        put.append(("party", {"party_no": party["party_no"], "party_name": new, **_certificate(f)}))
    if (billing := f.row("billing_info")) and billing.get("invoice_title"):
        put.append(("billing_info", {"cons_no": cons_no, "invoice_title": new}))
    if data.get("contract_change") is not False and (contract := f.row("contract")):
        put.append(
            ("contract", {"contract_no": contract["contract_no"], "cons_name": data["agreement_name"]})
        )
    return Change(put=tuple(put))


def _certificate(f: Facts) -> dict[str, Any]:
    """The certificate as handed in."""
    pairs = (("cert_type", "new_cert_type"), ("cert_no", "new_cert_no"), ("cert_end", "new_cert_end"))
    return {field: f.data[name] for field, name in pairs if f.data.get(name)}


def _contact(f: Facts, cons_no: str) -> dict[str, Any]:
    """The contact of the application: the one of the same kind is replaced, else a new one is added."""
    kind = f.data.get("contact_kind")
    same_kind = [row for row in f.rows("contact") if row.get("kind") == kind]
    contact_id = same_kind[0]["contact_id"] if same_kind else f"{f.case}-1"
    given = {
        "name": "contact_name",
        "mobile": "mobile",
        "office_phone": "office_phone",
        "home_phone": "home_phone",
        "email": "email",
        "fax": "fax",
        "postcode": "postcode",
        "addr": "contact_addr",
        "remark": "contact_remark",
    }
    filled = {field: f.data[name] for field, name in given.items() if f.data.get(name)}
    return {"contact_id": contact_id, "cons_no": cons_no, "kind": kind, **filled}
