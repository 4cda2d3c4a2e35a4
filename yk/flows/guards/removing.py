"""Guards about taking meters down for a time (暂拆) and putting them up again (复装)."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts, Row
from yk.flows.guards import guard
from yk.flows.guards.account import CLOSED
from yk.flows.guards.application import set_form
from yk.flows.guards.metering import meter_rows
from yk.flows.units import TAKEN_DOWN, open_stoppages
from yk.text import same_name

IN_USE, OUT_OF_USE = "02", "03"
"""Codes of the state of a metering point (code list mp_status)."""
READ, NOT_RECKONED = "1", "0"
"""How a metering point's quantity is reckoned: read from its meter, or not while no meter hangs (code list calc_mode)."""
ENDED = "终止"


def _kept_until(f: Facts) -> str:
    days = [str(row["planned_date"]) for row in open_stoppages(f, TAKEN_DOWN) if row.get("planned_date")]
    return min(days, default="")


def _asked_on(f: Facts) -> str:
    return (f.get("app_time") or f.today)[:10]


@guard(
    "全部容量停用",
    refuses="capacity_still_used",
    rule="G-ZC-02",
    basis="供电营业规则(2024)（暂拆须停止全部用电容量）；供电营业规则(1996)第28条",
    confidence="中",
    reads=("meter",),
    breaks=lambda f: set_form(all_stopped=False),
    mends=lambda f: set_form(all_stopped=True, meters_removed=len(f.rows("meter"))),
)
def all_capacity_stopped(f: Facts) -> Iterator[str]:
    """A removal takes every meter of the account; a part is a matter for reduction or suspension."""
    if not f.data.get("all_stopped"):
        yield "暂拆要停止全部用电容量（all_stopped），只停一部分的请办减容或暂停"
    count, given = len(f.rows("meter")), f.data.get("meters_removed")
    if given is not None and int(given) != count:
        yield f"本户在用电能表 {count} 只，申请拆 {int(given)} 只，须全部拆下"


@guard(
    "暂拆后户头和合同仍在",
    refuses="account_would_end",
    rule="G-ZC-04",
    basis="供电营业规则(1996)第28条（保留容量使用权）",
    reads=("customer", "contracts"),
    breaks=lambda f: Change(
        put=(("contract", {"contract_no": f"HT{f.case}", "cons_no": f.data.get("cons_no"), "status": ENDED}),)
    ),
    mends=lambda f: Change(
        put=tuple(
            ("contract", {"contract_no": row["contract_no"], "status": "归档"})
            for row in f.rows("contracts")
            if row.get("status") == ENDED
        )
    ),
)
def removal_keeps_customer(f: Facts) -> Iterator[str]:
    """A meter taken down for a time ends neither account nor contract."""
    if f.row("customer").get("status") == CLOSED:
        yield "用户已是销户状态，暂拆不销户，请核对"
    for row in f.rows("contracts"):
        if row.get("status") == ENDED:
            yield f"供用电合同 {row['contract_no']} 已终止；暂拆不终止合同，请核对是不是该办销户"


@guard(
    "有在期的暂拆记录",
    refuses="removal_not_found",
    rule="G-ZC-04",
    basis="供电营业规则(1996)第28条",
    reads=("stoppage", "metering_point"),
    breaks=lambda f: Change(
        put=tuple(
            ("stoppage", {"stop_id": row["stop_id"], "resumed_date": f.today})
            for row in open_stoppages(f, TAKEN_DOWN)
        )
    ),
    mends=lambda f: Change(
        put=(
            (
                "stoppage",
                {
                    "stop_id": f"9{f.case}",
                    "cons_no": f.data.get("cons_no"),
                    "kind": TAKEN_DOWN,
                    "stop_date": days_on(f.today, -30),
                    "planned_date": days_on(f.today, 150),
                    "resumed_date": None,
                },
            ),
        )
    ),
)
def removal_on_file(f: Facts) -> Iterator[str]:
    """Only what was taken down for a time is put up again."""
    if not open_stoppages(f, TAKEN_DOWN):
        yield "本户没有未复装的暂拆记录；没拆过表的不用复装，销过户的请办新装"
    elif not any(_stands_still(row) for row in f.rows("metering_point")):
        yield "本户计量点都不是停用状态，请核对暂拆有没有归档"


def _stands_still(point: Row) -> bool:
    return point.get("status") == OUT_OF_USE


@guard(
    "在暂拆保留期内",
    refuses="removal_expired",
    rule="G-ZC-04",
    basis="供电营业规则(1996)第28条（最长六个月）",
    reads=("stoppage",),
    breaks=lambda f: Change(
        put=tuple(
            ("stoppage", {"stop_id": row["stop_id"], "planned_date": days_on(_asked_on(f), -1)})
            for row in open_stoppages(f, TAKEN_DOWN)
        )
    ),
    mends=lambda f: Change(
        put=tuple(
            ("stoppage", {"stop_id": row["stop_id"], "planned_date": _asked_on(f)})
            for row in open_stoppages(f, TAKEN_DOWN)
        )
    ),
)
def within_keeping_period(f: Facts) -> Iterator[str]:
    """The capacity is kept six months; who asks later asks for a new connection."""
    kept, asked = _kept_until(f), _asked_on(f)
    if kept and asked > kept:
        yield f"暂拆保留到 {kept}，{asked} 申请复装已超过六个月，请改办新装"


@guard(
    "与拆前一样",
    refuses="changed_since_removal",
    rule="G-ZC-07",
    basis="供电营业规则(1996)第28条",
    reads=("customer",),
    breaks=lambda f: set_form(new_cap=float(f.row("customer").get("contract_cap") or 0) + 20),
    mends=lambda f: set_form(
        new_elec_addr=f.row("customer").get("elec_addr"),
        new_cap=f.row("customer").get("contract_cap"),
        new_elec_type=f.row("customer").get("elec_type"),
        found_cap=None,
        found_elec_type=None,
    ),
)
def reinstalled_as_removed(f: Facts) -> Iterator[str]:
    """What is put up again stands where it stood, for the same capacity and class."""
    customer = f.row("customer")
    asked = (
        ("申请的用电地址", "elec_addr", "new_elec_addr", "办迁址"),
        ("申请的容量", "contract_cap", "new_cap", "复装后再办增容"),
        ("申请的用电类别", "elec_type", "new_elec_type", "复装后再办改类"),
        ("现场核定的容量", "contract_cap", "found_cap", "复装后再办增容"),
        ("现场的用电类别", "elec_type", "found_elec_type", "复装后再办改类"),
    )
    for label, field, wanted, instead in asked:
        old, new = customer.get(field), f.data.get(wanted)
        changed = not same_name(str(old or ""), str(new)) if field == "elec_addr" else str(old) != str(new)
        if new not in (None, "") and changed:
            yield f"{label}是 {new}，拆前是 {old}，与拆前不同请{instead}"


@guard(
    "复装后计量点在用",
    refuses="metering_point_idle",
    rule="G-ZC-05",
    basis="暂拆、复装的档案影响（rules 第7节）",
    reads=("metering_point",),
    breaks=lambda f: set_form(meter_work=None),
    mends=lambda f: set_form(
        meter_work=[{"new_asset_no": f"YK{f.case}", "new_reading": 0.0, "multiplier": 1.0, "seal_no": f.case}]
    ),
)
def metering_point_active(f: Facts) -> Iterator[str]:
    """A meter hangs at the metering point before the point is in use again."""
    if not any(row.get("new_asset_no") for row in meter_rows(f)):
        yield "还没有登记装上的电能表（meter_work），计量点不能改为在用"
    if not f.rows("metering_point"):
        yield "本户没有计量点，复装挂不上表，请先核对档案"
