"""Effects of estates and of many households at once: areas for the transformers, an account and a contract for each."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.effects import effect
from yk.flows.effects.connecting import account_rows
from yk.flows.effects.contracts import SIGNED
from yk.flows.effects.tasks import FIRST_READING, OTHER, task
from yk.flows.facts import Facts
from yk.flows.guards.households import households, left_out

PUBLIC, IN_SERVICE, RESIDENT_CONTRACT, PERSON, ID_CARD = "01", "01", "03", "01", "01"
LATE_DAYS = 30
"""Days within which households left out of a batch are looked at again."""
Rows = list[tuple[str, dict[str, Any]]]


@effect("登记小区公变台区", basis="小区新装归档影响（推定）")
def register_areas(f: Facts) -> Change:
    """One public area a transformer, on the line of the scheme; households hang on them, on the first unless told otherwise."""
    rows: Rows = []
    for item in f.data.get("new_transformers") or ():
        for _ in range(int(item.get("count") or 1)):
            number = len(rows) + 1
            area = {
                "tg_no": f"TG{f.case}{number:02}",
                "tg_name": f"{f.get('estate_name')}{number}号公变台区",
                "line_no": f.data.get("supply_line_no"),
                "org_no": f.data.get("org_no"),
                "cap": float(item["cap"]),
                "pub_priv": PUBLIC,
                "status": IN_SERVICE,
            }
            rows.append(("transformer_area", area))
    first = {"supply_tg_no": rows[0][1]["tg_no"]} if rows else {}
    return Change(put=tuple(rows), form=first)


@effect(
    "按明细逐户立户、签约",
    basis="低压批量新装归档影响（推定）",
    reads=("customer", "free_numbers", "lines", "areas", "assets", "applicant_accounts", "business_fee"),
)
def open_household_accounts(f: Facts) -> Change:
    """An account and a contract for every household of the batch; those left out are put on a task."""
    first = int(str(f.rows("free_numbers")[0]))
    put: Rows = []
    for place, house in enumerate(households(f)):
        cons_no = str(first + place)
        number, shift = str(house["house_no"]), int(house.pop("shift", place))
        put += account_rows(f, cons_no, _applied(f, house, shift), suffix=number)
        put.append(("contract", _contract(f, cons_no, house)))
        put.append(task(f, FIRST_READING, "首次抄表", months_on(f.today, 1), cons_no=cons_no))
    if late := left_out(f):
        text = "；".join(f"{row.get('new_elec_addr')}（{row.get('drop_reason')}）" for row in late)
        put.append(task(f, OTHER, f"批量新装剔除 {len(late)} 户另办：{text}", days_on(f.today, LATE_DAYS)))
    return Change(put=tuple(put))


def _applied(f: Facts, house: dict[str, Any], shift: int) -> dict[str, Any]:
    """The household's application: its own row laid over what the batch has in common."""
    own = {name: value for name, value in house.items() if value not in (None, "")}
    return {
        **f.data,
        "party_kind": PERSON,
        "new_cert_type": ID_CARD,
        "new_cert_no": None,
        "new_cert_end": None,
        "legal_person": None,
        "contact_name": house.get("new_name"),
        "contact_addr": house.get("new_elec_addr"),
        "mobile": None,
        "office_phone": None,
        "email": None,
        **own,
        "scheme_cap": house.get("cap"),
        "read_seq": int(f.data.get("read_seq") or 1) + shift,
    }


def _contract(f: Facts, cons_no: str, house: dict[str, Any]) -> dict[str, Any]:
    """The printed contract signed on the back, without an end."""
    return {
        "contract_no": f"HT{cons_no}",
        "cons_no": cons_no,
        "kind": RESIDENT_CONTRACT,
        "sign_date": f.data.get("sign_date"),
        "begin_date": f.data.get("sign_date"),
        "status": SIGNED,
        "cap": house.get("cap"),
        "cons_name": house.get("new_name"),
    }
