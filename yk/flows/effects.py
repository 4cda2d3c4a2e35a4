"""Effects: what leaving a step writes into the archive, as data (`Change`), so that it can be shown and undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from yk.errors import DefinitionError
from yk.flows.change import Change
from yk.flows.facts import SOURCES, Facts
from yk.flows.guards.account import CHANGING
from yk.text import did_you_mean


@dataclass(frozen=True, slots=True)
class Effect:
    """A registered effect; `make` is pure and says what to write."""

    name: str
    label: str
    basis: str
    reads: tuple[str, ...]
    make: Callable[[Facts], Change]


_effects: dict[str, Effect] = {}


def effect(
    label: str, *, basis: str, reads: tuple[str, ...] = ()
) -> Callable[[Callable[[Facts], Change]], Callable[[Facts], Change]]:
    """Register the decorated function under its own name."""

    def register(make: Callable[[Facts], Change]) -> Callable[[Facts], Change]:
        assert make.__name__ not in _effects, make.__name__
        assert set(reads) <= SOURCES.keys(), make.__name__
        _effects[make.__name__] = Effect(make.__name__, label, basis, reads, make)
        return make

    return register


def effects() -> Mapping[str, Effect]:
    """All effects by name."""
    return MappingProxyType(_effects)


def find_effect(name: str) -> Effect:
    """The effect `name`. Raises DefinitionError (`unknown_effect`)."""
    if name not in _effects:
        raise DefinitionError("unknown_effect", f"没有 {name} 这个归档影响", did_you_mean(name, _effects))
    return _effects[name]


def _customer(f: Facts, **fields: Any) -> tuple[str, dict[str, Any]]:
    return "customer", {"cons_no": f.row("customer")["cons_no"], **fields}


@effect("客户状态置为当前变更客户", basis="营销系统档案锁（行业通例）", reads=("customer",))
def lock_customer(f: Facts) -> Change:
    """Lock the account while its change runs; the status before is kept for the release."""
    if f.data.get("status_before") is not None:
        return Change()
    return Change(
        put=(_customer(f, status=CHANGING),), form={"status_before": f.row("customer").get("status") or "0"}
    )


@effect("客户状态恢复", basis="营销系统档案锁（行业通例）", reads=("customer",))
def release_customer(f: Facts) -> Change:
    """Give the account back the status it had."""
    before = f.data.get("status_before")
    if before is None:
        return Change()
    return Change(put=(_customer(f, status=before),), form={"status_before": None})


@effect("同城异地受理的工单转属地单位办理", basis="NX 1.3.1.2.1(6)")
def hand_over(f: Facts) -> Change:
    """An application taken in another office goes on in the office the customer belongs to."""
    return Change(form={"office": f.data["home_org"]}) if f.data.get("cross_office") else Change()


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
        _customer(f, cons_name=new),
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


@effect("登记档案号、档案柜、档案盒", basis="NX 图1-10")
def store_documents(f: Facts) -> Change:
    """Where the papers of this work order lie."""
    stored_at = f.get("stored_at")[:19] or None  # the archive keeps Beijing time without offset
    record = {
        "rec_id": f.case,
        "cons_no": f.data.get("cons_no"),
        "app_no": f.case,
        "file_no": f.data.get("file_no"),
        "cabinet": f.data.get("cabinet"),
        "box": f.data.get("box"),
        "keeper": f.data.get("keeper"),
        "stored_at": stored_at,
        "location": f.data.get("location"),
        "content": f.data.get("change_content"),
    }
    papers = tuple(
        (
            "customer_document",
            {
                "doc_id": f"{f.case}-{code}",
                "cons_no": f.data.get("cons_no"),
                "code": code,
                "name": handed.get("name"),
                "valid_to": f.data.get("new_cert_end") if code in ("M02", "M03") else None,
                "original": "1" if handed.get("original") else "0",
                "copies": 1,
                "app_no": f.case,
                "stored_at": stored_at,
            },
        )
        for code, handed in sorted(f.materials.items())
        if handed.get("state") == "attached"
    )
    return Change(put=(("document_record", record), *papers))
