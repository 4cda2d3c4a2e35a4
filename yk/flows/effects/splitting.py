"""Effects of 分户: one account goes on with less, the others are opened beside it."""

from __future__ import annotations

from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.effects import effect
from yk.flows.effects.applications import application
from yk.flows.effects.connecting import account_rows
from yk.flows.effects.contracts import ENDED, NOTICE_DAYS, SIGNED
from yk.flows.effects.metering import carry_out_meter_work
from yk.flows.effects.tasks import CONTRACT, FIRST_READING, INSPECTION, task
from yk.flows.facts import Facts
from yk.flows.guards.splitting import Part, is_kept, meter_rows_of, part_no, parts
from yk.flows.guards.splitting_units import given_transformers, standing

Rows = list[tuple[str, dict[str, Any]]]


@effect(
    "原户改容量、合同、计量，其余各户立户；旧合同终止",
    basis="分户归档影响（推定）；供电营业规则(1996)第30条",
    reads=(
        "customer",
        "contracts",
        "power_source",
        "metering_point",
        "transformer",
        "stoppage",
        "customer_price",
        "meter",
        "meter_register",
        "assets",
        "lines",
        "areas",
        "free_numbers",
    ),
)
def split_account(f: Facts) -> Change:
    """Every part ends with an account, a contract and a meter of its own at the same point of supply."""
    own = str(f.row("customer")["cons_no"])
    put: Rows = _old_contracts(f)
    drop: tuple[tuple[str, str], ...] = ()
    new: list[str] = []
    for part in parts(f):
        if is_kept(part):
            meters = carry_out_meter_work(f.filled(meter_work=meter_rows_of(f, part)))
            put += [*_smaller(f, part), *((name, dict(row)) for name, row in meters.put)]
            drop = meters.drop
            cons_no = own
        else:
            cons_no = str(f.rows("free_numbers")[len(new)])
            put += _opened(f, part, cons_no, len(new) + 1)
            new.append(cons_no)
        put += _contract(f, part, cons_no)
    return Change(put=tuple(put), drop=drop, form={"split_accounts": "、".join(new)})


def _smaller(f: Facts, part: Part) -> Rows:
    """The part that keeps the number, with its share of the capacity."""
    cap, cons_no = float(part.get("cap") or 0), f.row("customer")["cons_no"]
    runs = max(0.0, cap - standing(f, part))
    points = (p for p in f.rows("metering_point") if not p.get("parent_mp_id"))
    return [
        ("customer", {"cons_no": cons_no, "contract_cap": cap, "run_cap": runs}),
        *(("metering_point", {"mp_id": p["mp_id"], "mp_cap": cap}) for p in points),
        *(("power_source", {"ps_id": row["ps_id"], "supply_cap": cap}) for row in f.rows("power_source")),
        application(f, str(cons_no), "分户", cap, f.row("customer").get("contract_cap")),
    ]


def _opened(f: Facts, part: Part, cons_no: str, number: int) -> Rows:
    """A new account for a part; transformers that fall to it come over from the old one."""
    mine = f.filled(meter_work=meter_rows_of(f, part))
    rows = account_rows(mine, cons_no, _application(f, part, number), part_no(part))
    if given := given_transformers(part):
        rows = [(name, row) for name, row in rows if name != "transformer"]
        rows += [("transformer", {"tran_id": tran_id, "cons_no": cons_no}) for tran_id in given]
        rows += [
            ("stoppage", {"stop_id": row["stop_id"], "cons_no": cons_no})
            for row in f.rows("stoppage")
            if row.get("tran_id") in given
        ]
        runs = max(0.0, float(part.get("cap") or 0) - standing(f, part))
        rows.append(("customer", {"cons_no": cons_no, "run_cap": runs}))
    rows.append(task(f, FIRST_READING, "分户后首次抄表", months_on(f.today, 1), cons_no=cons_no))
    rows.append(task(f, INSPECTION, "分户后首次用电检查", months_on(f.today, 12), cons_no=cons_no))
    return rows


def _application(f: Facts, part: Part, number: int) -> dict[str, Any]:
    """A part as the application for a new connection that it would be; what nobody says is the old account's."""
    customer = f.row("customer")
    source = dict(next(iter(f.rows("power_source")), {}))
    price = dict(next(iter(f.rows("customer_price")), {}))
    same = ("org_no", "trade_code", "notify_mode", "note_type", "sect_no")
    terminals = {str(r.get("part_no")): r.get("asset_no") for r in f.data.get("part_terminals") or ()}
    return {
        **f.data,
        **{name: customer.get(name) for name in same},
        "read_seq": int(customer.get("read_seq") or 0) + number,
        "new_name": part.get("name"),
        "new_elec_addr": customer.get("elec_addr"),
        "party_kind": part.get("party_kind"),
        "new_cert_type": part.get("cert_type"),
        "new_cert_no": part.get("cert_no"),
        "new_cert_end": None,
        "legal_person": None,
        "elec_type": part.get("elec_type") or customer.get("elec_type"),
        "scheme_cap": float(part.get("cap") or 0),
        "supply_line_no": source.get("line_id"),
        "supply_tg_no": source.get("station_id"),
        "tou_flag": price.get("tou_flag"),
        "terminal_asset": terminals.get(part_no(part)),
        "new_transformers": None,
    }


def _contract_numbers(f: Facts) -> dict[str, str]:
    """Part number -> the number of its contract."""
    rows = f.data.get("part_contracts") or ()
    return {str(row.get("part_no")): str(row.get("contract_no") or "") for row in rows}


def _old_contracts(f: Facts) -> Rows:
    """What was agreed for the whole ends when the parts' contracts begin."""
    ended = {"status": ENDED, "end_date": f.data.get("begin_date") or f.today}
    mine = set(_contract_numbers(f).values())
    return [
        ("contract", {"contract_no": row["contract_no"], **ended})
        for row in f.rows("contracts")
        if row.get("status") != ENDED and row["contract_no"] not in mine
    ]


def _contract(f: Facts, part: Part, cons_no: str) -> Rows:
    """A part's contract, called up for renewal before it ends."""
    number, end = _contract_numbers(f).get(part_no(part)), f.get("contract_end")
    if not number:
        return []
    row = {
        "contract_no": number,
        "cons_no": cons_no,
        "kind": f.data.get("contract_kind"),
        "sign_date": f.data.get("sign_date"),
        "begin_date": f.data.get("begin_date"),
        "end_date": f.data.get("contract_end"),
        "status": SIGNED,
        "cap": part.get("cap"),
        "cons_name": f.row("customer").get("cons_name") if is_kept(part) else part.get("name"),
    }
    rows: Rows = [("contract", row)]
    if end:
        text = f"合同 {number} 到期续签"
        rows.append(task(f, CONTRACT, text, end, days_on(end, -NOTICE_DAYS), cons_no=cons_no))
    return rows
