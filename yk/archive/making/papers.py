"""The papers of a made customer: party, contacts, contract, applications, documents, names before."""

from __future__ import annotations

from typing import Any

from yk.archive.making.materials import Materials
from yk.archive.making.plan import Grid, Plan, iso, number_of
from yk.archive.making.premises import address

Row = dict[str, Any]
_NEW = {"hv": "高压新装", "lv": "低压非居民新装", "resident": "低压居民新装"}
_BRIEF = {"temporary": "装表临时用电", "unmetered": "无表临时用电"}
_MORE = {"hv": "高压增容", "lv": "低压非居民增容", "resident": "低压居民增容"}
_KINDS = {"hv": "01", "lv": "02", "resident": "03"}
_TERM = 5 * 365 + 1
"""A contract of five years, in days."""


def party(materials: Materials, plan: Plan) -> list[Row]:
    """The party, beside its first account only."""
    if not plan.first_account:
        return []
    one = plan.party
    row = {
        "party_no": one.party_no,
        "party_name": one.name,
        "party_kind": "01" if one.is_person else "02",
        "cert_type": "01" if one.is_person else "06",
        "cert_no": one.cert_no,
        "cert_end": iso(_certificate_end(materials, plan)),
    }
    return [row if one.is_person else row | {"legal_person": one.legal_person}]


def _certificate_end(materials: Materials, plan: Plan) -> int:
    if "certificate_expired" in plan.marks:
        return materials.as_of - 60 - plan.index % 100
    return materials.as_of + 400 + plan.index * 13 % 3000


def contacts(materials: Materials, grid: Grid, plan: Plan) -> list[Row]:
    """A person's own contact; a company's electrician and bookkeeper."""
    rows = []
    kinds = ("04",) if plan.party.is_person else ("01", "02")
    for place, kind in enumerate(kinds, start=1):
        row = {
            "contact_id": f"CT{plan.cons_no}{place}",
            "cons_no": plan.cons_no,
            "kind": kind,
            "name": plan.party.name if plan.party.is_person else _person(materials, plan, place),
            "mobile": f"{materials.mobile}{(plan.index * 2 + place) % 10000:04}",
            "email": f"u{plan.cons_no}.{place}@example.com",
            "postcode": materials.region,
            "addr": address(materials, grid, plan),
        }
        rows.append(row if plan.party.is_person else row | {"office_phone": f"0000-{plan.index:07}"})
    return rows


def _person(materials: Materials, plan: Plan, place: int) -> str:
    first, syllables = materials.surnames, materials.syllables
    n = plan.index * 5 + place
    return first[n % len(first)] + syllables[n % len(syllables)] + syllables[n // 3 % len(syllables)]


def contract(materials: Materials, plan: Plan) -> list[Row]:
    """The contract in force, the expired or the ended one; a resident's has no end."""
    sign, end = _term(materials, plan)
    row = {
        "contract_no": f"HT{plan.cons_no}",
        "cons_no": plan.cons_no,
        "kind": "04" if plan.state in _BRIEF else _KINDS[plan.kind],
        "sign_date": iso(sign),
        "begin_date": iso(sign),
        "status": "归档" if plan.live else "终止",
        "cap": plan.cap,
        "cons_name": plan.party.name,
    }
    return [row | {"end_date": iso(end)} if end else row]


def _term(materials: Materials, plan: Plan) -> tuple[int, int]:
    """Day of signing and last day, 0 for no end; renewed at its end, or somewhat before."""
    today, sign = materials.as_of, plan.send_day - 1
    if not plan.live:
        return sign, _closing_day(materials, plan)
    if plan.state in _BRIEF:
        return sign, today + 240 + plan.index % 100
    if "contract_expired" in plan.marks:
        end = today - 40 - plan.index % 60
        return max(sign, end - _TERM), end
    if plan.kind == "resident":
        return sign, 0
    while sign + _TERM < today + 180:
        sign = min(sign + _TERM, today - 20 - plan.index % 30)
    return sign, sign + _TERM


def _closing_day(materials: Materials, plan: Plan) -> int:
    return materials.as_of - 20 - plan.index % 150


def work_orders(materials: Materials, plan: Plan) -> list[Row]:
    """The application that made the account, the closing one, and the open one of a customer in change."""
    rows = [_opening(materials, plan)]
    if not plan.live:
        rows.append(_closing(materials, plan))
    if plan.state == "in_flight":
        serial = plan.index // 20
        day = materials.as_of - serial % 28
        rows.append(
            {
                "app_no": number_of(day, 1 + serial // 28, "03"),
                "cons_no": plan.cons_no,
                "busi_type": _MORE[plan.kind],
                "app_time": f"{iso(day)}T10:00:00",
                "app_cap": plan.cap * 2,
                "orig_cap": plan.cap,
                "stage": "现场勘查",
            }
        )
    return rows


def _opening(materials: Materials, plan: Plan) -> Row:
    row = {
        "app_no": plan.app_no,
        "cons_no": plan.cons_no,
        "busi_type": _BRIEF.get(plan.state, _NEW[plan.kind]),
        "app_time": f"{iso(plan.app_day)}T09:30:00",
        "app_cap": plan.cap,
        "stage": "归档",
        "reply_time": f"{iso((plan.app_day + plan.send_day) // 2)}T15:00:00",
        "send_time": f"{iso(plan.send_day)}T16:00:00",
        "archive_time": f"{iso(plan.send_day)}T17:00:00",
        "contract_no": f"HT{plan.cons_no}",
    }
    return row | {"tmp_end": iso(_term(materials, plan)[1])} if plan.state in _BRIEF else row


def _closing(materials: Materials, plan: Plan) -> Row:
    day = _closing_day(materials, plan)
    return {
        "app_no": number_of(day, 1 + plan.index // 150, "02"),
        "cons_no": plan.cons_no,
        "busi_type": "销户",
        "app_time": f"{iso(day - 5)}T09:30:00",
        "app_cap": 0.0,
        "orig_cap": plan.cap,
        "stage": "归档",
        "archive_time": f"{iso(day)}T17:00:00",
    }


def documents(materials: Materials, plan: Plan) -> dict[str, list[Row]]:
    """What was handed in, and where the file stands."""
    stored = f"{iso(plan.send_day)}T17:30:00"
    identity = ("M02", "个人有效身份证明") if plan.party.is_person else ("M03", "单位主体证明")
    papers = [identity, ("M06", "用电地址权属证明")]
    handed = [
        {
            "doc_id": f"CD{plan.cons_no}{place}",
            "cons_no": plan.cons_no,
            "code": code,
            "name": name,
            "copies": 1,
            "original": "0",
            "app_no": plan.app_no,
            "stored_at": stored,
        }
        for place, (code, name) in enumerate(papers, start=1)
    ]
    handed[0] |= {"doc_no": plan.party.cert_no, "valid_to": iso(_certificate_end(materials, plan))}
    record = {
        "rec_id": f"DR{plan.cons_no}1",
        "cons_no": plan.cons_no,
        "app_no": plan.app_no,
        "file_no": f"DA{plan.cons_no}",
        "cabinet": f"{plan.index // 1000 % 40 + 1:02}柜",
        "box": f"{plan.index // 50 % 20 + 1:02}盒",
        "keeper": "示范档案员",
        "stored_at": stored,
        "location": "一号档案室",
        "content": "新装归档",
    }
    return {"document_record": [record], "customer_document": handed}


def former_names(materials: Materials, plan: Plan) -> dict[str, list[Row]]:
    """The name before a change of name, and the change of the contract that went with it."""
    if "renamed" not in plan.marks:
        return {}
    day = materials.as_of - 200 - plan.index % 100
    app_no, before = number_of(day, 1 + plan.index // 100, "04"), f"原{plan.party.name}"
    name = {
        "former_id": f"FN{plan.cons_no}1",
        "cons_no": plan.cons_no,
        "former_name": before,
        "new_name": plan.party.name,
        "changed_at": f"{iso(day)}T11:00:00",
        "app_no": app_no,
    }
    change = {
        "change_id": f"CC{plan.cons_no}1",
        "contract_no": f"HT{plan.cons_no}",
        "cons_no": plan.cons_no,
        "app_no": app_no,
        "agreement_no": f"BC{plan.cons_no}1",
        "change_type": "更名",
        "old_value": before,
        "new_value": plan.party.name,
        "reason": "名称变更登记",
        "sign_date": iso(day),
        "begin_date": iso(day),
    }
    return {"former_name": [name], "contract_change": [change]}
