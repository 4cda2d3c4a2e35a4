"""Guards about an application for a connection that is not there yet."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.account import owed
from yk.flows.guards.application import set_form


@guard(
    "申请主体名下无欠费",
    refuses="applicant_arrears",
    rule="G-ALL-02",
    basis="NX 1.2（查明同一主体的用电情况）",
    confidence="中",
    reads=("applicant_accounts",),
    breaks=lambda f: _debt_elsewhere(f),
    mends=lambda f: Change(
        put=tuple(
            ("receivable", {"rcv_id": row["rcv_id"], "paid": owed(row) + float(row.get("paid") or 0)})
            for account in f.rows("applicant_accounts")
            for row in account["receivable"]
        )
    ),
)
def applicant_clear(f: Facts) -> Iterator[str]:
    """Whoever owes elsewhere pays first."""
    for account in f.rows("applicant_accounts"):
        if account["owed"] > 0:
            yield (
                f"申请主体名下用户 {account['cons_no']}（{account['cons_name']}）欠费 {account['owed']:.2f} 元，请先缴清"
            )


def _debt_elsewhere(f: Facts) -> Change:
    cons_no, party_no = f"0{f.case[3:]}", f"P{f.case}"
    debt = {
        "rcv_id": f"R{f.case}",
        "cons_no": cons_no,
        "ym": 202610,
        "kind": "010",
        "amount": 520.0,
        "paid": 0.0,
    }
    return Change(
        put=(
            (
                "party",
                {"party_no": party_no, "cert_no": f.data.get("new_cert_no"), "party_name": f.get("new_name")},
            ),
            (
                "customer",
                {"cons_no": cons_no, "cons_name": "示范欠费户", "party_no": party_no, "status": "0"},
            ),
            ("receivable", debt),
        )
    )


@guard(
    "同一地址没有在途申请",
    refuses="duplicate_application",
    rule="G-ALL-03",
    basis="重复受理核查（行业通例）",
    confidence="中",
    reads=("same_address",),
    breaks=lambda f: Change(
        put=(
            (
                "work_order",
                {
                    "app_no": f"9{f.case[1:]}",
                    "busi_type": "低压居民新装",
                    "elec_addr": f.get("new_elec_addr"),
                    "app_time": f.now[:19],
                },
            ),
        )
    ),
    mends=lambda f: set_form(new_elec_addr=f"{f.get('new_elec_addr')}之二"),
)
def no_duplicate_application(f: Facts) -> Iterator[str]:
    """One address, one application at a time."""
    for other in f.row("same_address")["orders"]:
        yield f"这个用电地址已有在途申请 {other['case']}，请核对是否重复申请"


@guard(
    "一址一户",
    refuses="address_taken",
    rule="G-FA-08",
    basis="防重复立户（行业通例）",
    reads=("same_address",),
    breaks=lambda f: Change(
        put=(
            (
                "customer",
                {
                    "cons_no": f"00{f.case[4:]}",
                    "cons_name": "示范邻户",
                    "elec_addr": f.get("new_elec_addr"),
                    "status": "0",
                },
            ),
        )
    ),
    mends=lambda f: set_form(new_elec_addr=f"{f.get('new_elec_addr')}之二"),
)
def address_unclaimed(f: Facts) -> Iterator[str]:
    """An address that has an account gets no second one."""
    for other in f.row("same_address")["customers"]:
        yield f"这个用电地址已有用户 {other['cons_no']}（{other['cons_name']}），一址一户，请核对门牌或改办变更"


@guard(
    "申请容量与设备清单合计一致",
    refuses="capacity_off_equipment",
    rule="A01",
    basis="NX 图1-6；材料 M07",
    confidence="中",
    breaks=lambda f: set_form(
        equipment=[{"device_type": "电动机", "cap": 1.0, "count": 1, "total_cap": 1.0}],
        apply_cap=float(f.data.get("apply_cap") or 0) + 5000,
    ),
    mends=lambda f: set_form(equipment=None),
)
def capacity_matches_equipment(f: Facts) -> Iterator[str]:
    """What is applied for does not exceed the equipment that is listed; a list that is not there says nothing."""
    rows, asked = f.data.get("equipment") or (), f.data.get("apply_cap")
    total = sum(float(row.get("total_cap") or 0) for row in rows)
    if rows and asked is not None and float(asked) > total:
        yield f"申请容量 {float(asked):g} kVA 大于用电设备合计 {total:g}，请核对设备清单或申请容量"
