"""Guards about the account itself: its status, its debts, its open work."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard

CLOSED, CHANGING, NEW = "9", "3", "1"
"""Codes of the customer status (code list cons_status)."""


def owed(row: object) -> float:
    """What one receivable row still asks for, yuan, with its late fee."""
    assert isinstance(row, dict)
    amount, paid, late = (float(row.get(k) or 0) for k in ("amount", "paid", "late_fee"))
    return round(amount + late - paid, 2)


def _unpaid(cons_no: str, case: str) -> dict[str, object]:
    """A receivable that nobody paid, for recipes."""
    return {
        "rcv_id": f"R{case}{cons_no}",
        "cons_no": cons_no,
        "ym": 202610,
        "kind": "010",
        "amount": 1286.0,
        "paid": 0.0,
        "late_fee": 12.86,
        "due_date": "2026-10-25",
        "settled_date": None,
    }


def _settled(f: Facts, rows: list[dict[str, object]]) -> Change:
    """Pay receivables in full."""
    return Change(
        put=tuple(
            (
                "receivable",
                {
                    "rcv_id": r["rcv_id"],
                    "paid": round(owed(r) + float(str(r.get("paid") or 0)), 2),
                    "settled_date": f.today,
                },
            )
            for r in rows
        )
    )


@guard(
    "用户未销户",
    refuses="account_closed",
    rule="G-ALL-04",
    basis="供电营业规则(1996)第33条",
    reads=("customer",),
    breaks=lambda f: Change(put=(("customer", {"cons_no": f.row("customer")["cons_no"], "status": CLOSED}),)),
    mends=lambda f: Change(put=(("customer", {"cons_no": f.row("customer")["cons_no"], "status": "0"}),)),
)
def account_open(f: Facts) -> Iterator[str]:
    """A closed account takes no change; power again means a new connection."""
    customer = f.row("customer")
    if customer.get("status") == CLOSED:
        yield f"用户 {customer['cons_no']} 已销户，不能办理变更；再用电请走新装"


@guard(
    "同户无在途工单",
    refuses="order_in_flight",
    rule="G-ALL-03",
    basis="营销系统档案锁（行业通例）",
    reads=("customer", "orders", "kin_lock"),
    breaks=lambda f: Change(
        put=(("customer", {"cons_no": f.row("customer")["cons_no"], "status": CHANGING}),),
        form={"status_before": None},
    ),
    mends=lambda f: Change(put=(("customer", {"cons_no": f.row("customer")["cons_no"], "status": "0"}),)),
)
def no_order_in_flight(f: Facts) -> Iterator[str]:
    """One account carries one unarchived work order at a time."""
    customer, others = f.row("customer"), f.rows("orders")
    for other in others:
        yield f"用户 {customer['cons_no']} 还有在途工单 {other['case']}（{other['flow_name']}），办结后再办"
    locked_here = f.data.get("status_before") is not None or f.row("kin_lock").get("held")
    if not others and not locked_here and customer.get("status") in (NEW, CHANGING):
        yield f"用户 {customer['cons_no']} 的档案已被别的业务锁定（新装或变更在途），办结后再办"


@guard(
    "本户无欠费",
    refuses="arrears",
    rule="G-ALL-01",
    basis="NX 1.3.1.2.1(1)",
    reads=("customer", "receivable"),
    breaks=lambda f: Change(put=(("receivable", _unpaid(f.row("customer")["cons_no"], f.case)),)),
    mends=lambda f: _settled(f, [dict(r) for r in f.rows("receivable")]),
)
def no_arrears(f: Facts) -> Iterator[str]:
    """Arrears of the account itself, late fees included, are paid first."""
    rows = [r for r in f.rows("receivable") if owed(r) > 0]
    if rows:
        months = "、".join(sorted({str(r["ym"]) for r in rows}))
        total = sum(owed(r) for r in rows)
        yield f"本户 {f.row('customer')['cons_no']} 欠费 {total:.2f} 元（{months}），请先到营业厅或网上国网缴清"


@guard(
    "同一主体其他户无欠费",
    refuses="related_arrears",
    rule="G-ALL-02",
    basis="NX 1.3.1.2.1(2)",
    reads=("customer", "related"),
    level_setting="related_arrears_policy",
    breaks=lambda f: _break_related(f),
    mends=lambda f: _mend_related(f),
)
def no_related_arrears(f: Facts) -> Iterator[str]:
    """Arrears of any other account of the same person or legal entity are paid first."""
    for other in f.rows("related"):
        if other["owed"] > 0:
            yield f"同一主体的用户 {other['cons_no']}（{other['cons_name']}）欠费 {other['owed']:.2f} 元，请先缴清"


@guard(
    "同一主体其他户欠费已提示",
    refuses="peer_arrears",
    rule="G-ALL-02",
    basis="国网变更用电规范（同一主体欠费提示）",
    confidence="中",
    reads=("customer", "related"),
    level_setting="peer_arrears_policy",
    breaks=lambda f: _break_related(f),
    mends=lambda f: _mend_related(f),
)
def related_arrears_noted(f: Facts) -> Iterator[str]:
    """Arrears of another account of the same party: a notice, or a refusal where the setting says so."""
    yield from no_related_arrears(f)


def _break_related(f: Facts) -> Change:
    customer = dict(f.row("customer"))
    twin = {**customer, "cons_no": f"{int(customer['cons_no']) + 5_000_000:010d}", "status": "0"}
    return Change(put=(("customer", twin), ("receivable", _unpaid(str(twin["cons_no"]), f.case))))


def _mend_related(f: Facts) -> Change:
    rows = [dict(row) for other in f.rows("related") for row in other.get("receivable", ())]
    return _settled(f, rows)


@guard(
    "不是临时用电户",
    refuses="temporary_supply",
    rule="G-ALL-06",
    basis="供电营业规则(1996)第12条",
    reads=("customer",),
    breaks=lambda f: Change(put=(("customer", {"cons_no": f.row("customer")["cons_no"], "tmp_flag": "01"}),)),
    mends=lambda f: Change(put=(("customer", {"cons_no": f.row("customer")["cons_no"], "tmp_flag": "03"}),)),
)
def not_temporary_supply(f: Facts) -> Iterator[str]:
    """Temporary supply takes no change business."""
    customer = f.row("customer")
    if customer.get("tmp_flag") in ("01", "02"):
        yield f"用户 {customer['cons_no']} 是临时用电户，不办理变更用电；可办延期、终止或转正式用电"


@guard(
    "无未结案的违约用电、窃电",
    refuses="open_violation",
    rule="G-ALL-05",
    basis="供电营业规则(1996)第66条",
    confidence="中",
    reads=("customer", "violation"),
    level_setting="open_violation_policy",
    breaks=lambda f: Change(
        put=(
            (
                "violation",
                {
                    "vio_id": f"V{f.case}",
                    "cons_no": f.row("customer")["cons_no"],
                    "kind": "01",
                    "found_date": "2026-09-01",
                    "amount": 3000.0,
                    "closed_date": None,
                },
            ),
        )
    ),
    mends=lambda f: Change(
        put=tuple(("violation", {"vio_id": r["vio_id"], "closed_date": f.today}) for r in f.rows("violation"))
    ),
)
def no_open_violation(f: Facts) -> Iterator[str]:
    """An open breach of contract or theft is told to the clerk, or refused where the setting says so."""
    for row in f.rows("violation"):
        yield f"用户有未结案的违约用电或窃电记录 {row['vio_id']}（{row['found_date']} 发现），请先核对处理进度"
