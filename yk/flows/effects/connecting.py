"""Effects of a new account: everything the archive holds of a customer, made from the application and the scheme."""

from __future__ import annotations

from typing import Any

from yk.archive.codes import codes
from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.effects import effect
from yk.flows.effects.points import point_rows, transformer_rows
from yk.flows.effects.tasks import CONTRACT, FIRST_READING, INSPECTION, task
from yk.flows.facts import Facts
from yk.flows.guards.residents import RESIDENTIAL
from yk.flows.guards.scheme import LOW_VOLTAGES

Rows = list[tuple[str, dict[str, Any]]]
NORMAL, NOT_TEMPORARY, METERED_TEMPORARY = "0", "03", "01"
HIGH, LOW_OTHER, LOW_RESIDENT = "01", "02", "03"
"""Kinds of customers (code list cons_sort)."""


@effect(
    "立户：建立客户、受电点、电源、计量点、电价、电能表档案",
    basis="新装归档影响（推定）",
    reads=("customer", "free_numbers", "lines", "areas", "assets", "applicant_accounts", "business_fee"),
)
def open_account(f: Facts) -> Change:
    """The account with all that is its own; contract and fees of this order get its number."""
    cons_no = str(f.rows("free_numbers")[0])
    put = [*account_rows(f, cons_no, f.data), *_of_the_order(f, cons_no)]
    return Change(put=tuple(put), form={"cons_no": cons_no})


def account_rows(f: Facts, cons_no: str, data: Any, suffix: str = "") -> Rows:
    """The rows of one new account after `data` (the form, or a row of a table of new accounts laid over the form).

    `suffix` keeps ids apart when one order opens several accounts.
    """
    low = data.get("scheme_volt") in LOW_VOLTAGES
    resident = data.get("elec_type") in RESIDENTIAL
    sort = HIGH if not low else LOW_RESIDENT if resident else LOW_OTHER
    day = str(data.get("energized_at") or data.get("meter_work_on") or f.today)[:10]
    return [
        *_party(f, cons_no, data),
        ("customer", _customer(f, cons_no, data, sort, day)),
        ("contact", _contact(cons_no, data)),
        ("billing_info", {"cons_no": cons_no, "invoice_title": data.get("new_name"), "debit_flag": "0"}),
        *_supply(f, cons_no, data, low),
        *point_rows(f, cons_no, data, low, day, suffix),
        *([] if low else transformer_rows(cons_no, data, day)),
    ]


def _party(f: Facts, cons_no: str, data: Any) -> Rows:
    party = {
        "party_no": f"P{cons_no}",
        "party_name": data.get("new_name"),
        "party_kind": data.get("party_kind"),
        "cert_type": data.get("new_cert_type"),
        "cert_no": data.get("new_cert_no"),
        "cert_end": data.get("new_cert_end"),
        "legal_person": data.get("legal_person"),
    }
    return [("party", party)]


def _customer(f: Facts, cons_no: str, data: Any, sort: str, day: str) -> dict[str, Any]:
    cap = data.get("scheme_cap")
    return {
        "cons_no": cons_no,
        "cons_name": data.get("new_name"),
        "elec_addr": data.get("new_elec_addr"),
        "org_no": data.get("org_no"),
        "cons_sort": sort,
        "elec_type": data.get("elec_type"),
        "trade_code": data.get("trade_code"),
        "volt_code": data.get("scheme_volt"),
        "contract_cap": cap,
        "run_cap": cap,
        "meas_mode": data.get("meas_mode"),
        "status": NORMAL,
        "stop_flag": "0",
        "tmp_flag": data.get("tmp_flag") or NOT_TEMPORARY,
        "tmp_end": data.get("tmp_end"),
        "notify_mode": data.get("notify_mode"),
        "note_type": data.get("note_type"),
        "sect_no": data.get("sect_no"),
        "read_seq": data.get("read_seq"),
        "build_date": f.today,
        "app_date": str(data.get("app_time") or f.today)[:10],
        "send_date": day,
        "check_date": day,
        "party_no": f"P{cons_no}",
        "importance": data.get("importance"),
        "own_source": "1" if data.get("own_source") else "0",
    }


def _contact(cons_no: str, data: Any) -> dict[str, Any]:
    names = {"contact_name": "name", "mobile": "mobile", "office_phone": "office_phone", "email": "email"}
    names |= {"postcode": "postcode", "contact_addr": "addr"}
    filled = {field: data.get(name) for name, field in names.items() if data.get(name)}
    return {"contact_id": f"CT{cons_no}1", "cons_no": cons_no, "kind": data.get("contact_kind"), **filled}


def _supply(f: Facts, cons_no: str, data: Any, low: bool) -> Rows:
    """The supply point and its source: the line (and the public area at low voltage) of the form, else the first known."""
    areas = [a for a in f.rows("areas") if a.get("tg_no") == data.get("supply_tg_no")]
    line = data.get("supply_line_no") or (areas[0].get("line_no") if areas else None)
    several = data.get("supply_mode") in ("3", "4")
    point = {
        "sp_id": f"SP{cons_no}",
        "cons_no": cons_no,
        "org_no": data.get("org_no"),
        "sp_name": f"{data.get('new_name')}受电点",
        "sp_type": "04" if low else "01",
        "ps_num": "2" if several else "1",
    }
    source = {
        "ps_id": f"PS{cons_no}1",
        "sp_id": f"SP{cons_no}",
        "cons_no": cons_no,
        "org_no": data.get("org_no"),
        "ps_type": "04" if several else "01",
        "ps_volt": data.get("scheme_volt"),
        "supply_cap": data.get("scheme_cap"),
        "line_id": line,
        "station_id": data.get("supply_tg_no") if low else None,
    }
    second = {**source, "ps_id": f"PS{cons_no}2", "line_id": data.get("second_line_no") or line}
    return [
        ("supply_point", point),
        ("power_source", source),
        *([("power_source", second)] if several else []),
    ]


def _of_the_order(f: Facts, cons_no: str) -> Rows:
    """What the order made before the account was there, and what falls due."""
    rows: Rows = [
        ("business_fee", {"fee_id": r["fee_id"], "cons_no": cons_no}) for r in f.rows("business_fee")
    ]
    if number := f.get("new_contract_no"):
        rows.append(("contract", {"contract_no": number, "cons_no": cons_no}))
    if end := f.get("contract_end"):
        rows.append(
            task(f, CONTRACT, f"合同 {f.get('new_contract_no')} 到期续签", end, days_on(end, -90), cons_no)
        )
    rows.append(task(f, FIRST_READING, "首次抄表", months_on(f.today, 1), cons_no=cons_no))
    rows.append(task(f, INSPECTION, "首次用电检查", months_on(f.today, 12), cons_no=cons_no))
    rows.append(("work_order", _application(f, cons_no)))
    return rows


def _application(f: Facts, cons_no: str) -> dict[str, Any]:
    """The order as the archive keeps applications (S_APP)."""
    known = codes("busi_type")
    return {
        "app_no": f.case,
        "cons_no": cons_no,
        "busi_type": f.data.get("busi_type") if f.data.get("busi_type") in known else None,
        "app_time": f.get("app_time")[:19] or None,
        "app_cap": f.data.get("apply_cap"),
        "stage": "归档",
        "send_time": f.get("energized_at")[:19] or None,
        "archive_time": f.now[:19],
        "contract_no": f.data.get("new_contract_no"),
        "tmp_end": f.data.get("tmp_end"),
    }
