"""Effects of 过户: another party in the account, or a new account in its place."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.effects import effect
from yk.flows.effects.contracts import ENDED
from yk.flows.effects.tasks import CONTRACT, closed
from yk.flows.facts import Facts
from yk.flows.guards.account import CLOSED
from yk.flows.guards.balance import MOVED, held
from yk.flows.guards.removal import listed_assets
from yk.flows.guards.transferring import readings

MOVING = {
    "supply_point": "sp_id",
    "power_source": "ps_id",
    "transformer": "tran_id",
    "metering_point": "mp_id",
    "customer_price": "prc_id",
    "meter": "meter_id",
    "meter_register": "reg_id",
    "instrument_transformer": "it_id",
    "terminal": "term_id",
    "stoppage": "stop_id",
}
"""What goes over to a new account number with the premises: entity -> key."""
SUPPLY = tuple(MOVING)
Rows = list[tuple[str, dict[str, Any]]]


@effect(
    "换用电人：主体、户名、联系人、票据、合同换新，原户名记入曾用名，按过户示数分段",
    basis="NX 1.3.2.1.1（注销原客户合同与档案，建立新客户档案）；户号去留按参数 transfer_keep_cons_no",
    reads=(
        "customer",
        "contact",
        "contracts",
        "billing_info",
        "due_task",
        "assets",
        "free_numbers",
        "prepayment",
        *SUPPLY,
    ),
)
def transfer_account(f: Facts) -> Change:
    """The number stays with the premises, or the premises go to a new number and the old one is closed."""
    old = str(f.row("customer")["cons_no"])
    keeps = bool(f.settings["transfer_keep_cons_no"])
    new = old if keeps else str(f.rows("free_numbers")[0])
    put = [*_party(f), *_reading(f, new), *_contracts(f, new), *closed(f, CONTRACT)]
    drop: tuple[tuple[str, str], ...] = ()
    if keeps:
        put += [("customer", {"cons_no": old, **_person(f)}), _former(f, old)]
        drop = tuple(("contact", str(row["contact_id"])) for row in f.rows("contact"))
    else:
        put += _moved(f, old, new)
    put += [("contact", _contact(f, new)), ("billing_info", _billing(f, new))]
    return Change(put=tuple(put), drop=drop, form={"cons_no": new})


def _person(f: Facts) -> dict[str, Any]:
    """What of the account is the party's own."""
    kind = f.data.get("new_elec_type") or f.row("customer").get("elec_type")
    return {"cons_name": f.data["new_name"], "party_no": f"P{f.case}", "elec_type": kind, "pay_mode": None}


def _party(f: Facts) -> Rows:
    names = {"party_kind": "party_kind", "cert_type": "new_cert_type", "cert_no": "new_cert_no"}
    names |= {"cert_end": "new_cert_end", "legal_person": "legal_person"}
    given = {field: f.data.get(name) for field, name in names.items()}
    return [("party", {"party_no": f"P{f.case}", "party_name": f.data["new_name"], **given})]


def _former(f: Facts, cons_no: str) -> tuple[str, dict[str, Any]]:
    row = {
        "former_id": f"{f.case}-1",
        "cons_no": cons_no,
        "former_name": f.row("customer").get("cons_name"),
        "new_name": f.data["new_name"],
        "changed_at": f.now[:19],
        "app_no": f.case,
    }
    return "former_name", row


def _contact(f: Facts, cons_no: str) -> dict[str, Any]:
    names = {"contact_name": "name", "mobile": "mobile", "office_phone": "office_phone", "email": "email"}
    names |= {"postcode": "postcode", "contact_addr": "addr", "home_phone": "home_phone", "fax": "fax"}
    filled = {field: f.data[name] for name, field in names.items() if f.data.get(name)}
    return {"contact_id": f"CT{f.case}", "cons_no": cons_no, "kind": f.data.get("contact_kind"), **filled}


def _billing(f: Facts, cons_no: str) -> dict[str, Any]:
    """Invoices to the new party; the former one's tax number, bank and debit do not pass on."""
    gone = dict.fromkeys(("tax_no", "bank_name", "bank_account"))
    return {"cons_no": cons_no, "invoice_title": f.data["new_name"], "debit_flag": "0", **gone}


def _contracts(f: Facts, cons_no: str) -> Rows:
    """Every contract but the one signed here ends; that one gets the number it is for."""
    signed = f.get("new_contract_no")
    ended = {"status": ENDED, "end_date": f.data.get("old_end_on") or f.today}
    rows: Rows = [
        ("contract", {"contract_no": row["contract_no"], **ended})
        for row in f.rows("contracts")
        if row["contract_no"] != signed and row.get("status") != ENDED
    ]
    return [*rows, ("contract", {"contract_no": signed, "cons_no": cons_no})]


def _reading(f: Facts, cons_no: str) -> Rows:
    """The transfer reading of every meter as a reading of its own: where the two parties part."""
    day = str(f.data.get("transfer_on") or f.today)
    rows: Rows = []
    for number, row in enumerate(readings(f), start=1):
        ids = listed_assets(f, iter((row.get("asset_no"),)))
        for meter in (m for m in f.rows("meter") if m.get("asset_id") in ids):
            made = {
                "reading_id": f"RD{f.case}{number:02}",
                "cons_no": cons_no,
                "meter_id": meter["meter_id"],
                "read_type": "11",
                "ym": int(day[:7].replace("-", "")),
                "this_num": row.get("reading"),
                "read_mode": "1",
                "read_time": f"{day}T00:00:00",
                "is_swap": "0",
            }
            rows.append(("reading", made))
    return rows


def _moved(f: Facts, old: str, new: str) -> Rows:
    """A new account over the same premises; the old number is closed with nothing left to it."""
    customer = {**f.row("customer"), "cons_no": new, **_person(f), "build_date": f.today, "status": "0"}
    gone = {"cons_no": old, "status": CLOSED, "close_date": f.today, "contract_cap": 0.0, "run_cap": 0.0}
    rows: Rows = [("customer", customer), ("customer", {**gone, "sect_no": None, "read_seq": None})]
    for entity, key in MOVING.items():
        rows += [(entity, {key: row[key], "cons_no": new}) for row in f.rows(entity)]
    if f.get("balance_disposal") == MOVED and held(f):
        rows += [
            ("prepayment", {"cons_no": old, "amount": 0.0}),
            ("prepayment", {"cons_no": new, "amount": held(f)}),
        ]
    return rows
