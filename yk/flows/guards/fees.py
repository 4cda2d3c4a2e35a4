"""Guards about fees: what may be charged, that it was paid, that nothing is owed at the end."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import codes
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.account import owed
from yk.flows.guards.application import set_form
from yk.text import same_name

NOT_LISTED = {"item": "信息服务费", "basis": "（无）", "qty": 1.0, "price": 100.0, "amount": 100.0}
LISTED = {"item": "工程费", "basis": "公示目录", "qty": 1.0, "price": 100.0, "amount": 100.0}


def fee_rows(f: Facts) -> list[dict[str, object]]:
    """The rows of the fee table."""
    return [dict(row) for row in f.data.get("fees") or ()]


def fees_total(f: Facts) -> float:
    """What is to be paid, yuan: the rows less the reduction."""
    rows = sum(float(str(row.get("amount") or 0)) for row in fee_rows(f))
    return round(rows - float(f.data.get("fee_reduction") or 0), 2)


@condition(
    "有应收业务费",
    yes=lambda f: set_form(fees=[LISTED], fee_reduction=None),
    no=lambda f: set_form(
        fee_reduction=fees_total(f.filled(fee_reduction=None)), reduction_basis="困难减免批文"
    ),
    field="fees",
)
def fees_due(f: Facts) -> bool:
    """There is something to collect."""
    return fees_total(f) > 0


@guard(
    "收费项目在公示目录内",
    refuses="fee_not_listed",
    rule="A06",
    basis="政府定价目录与公示项目（行业通例）",
    breaks=lambda f: set_form(fees=[NOT_LISTED]),
    mends=lambda f: set_form(fees=[LISTED]),
)
def fees_on_list(f: Facts) -> Iterator[str]:
    """Only what is on the published list is charged, each with its basis."""
    listed = codes("fee_item")
    for row in fee_rows(f):
        if row.get("item") not in listed and row.get("item") not in listed.values():
            yield f"收费项目“{row.get('item')}”不在公示目录内，不得收取；可收的有：{'、'.join(listed.values())}"
        if not row.get("basis"):
            yield f"收费项目“{row.get('item')}”没有写依据（basis）"


def _documented(f: Facts) -> Change:
    """A recipe: a reduction that is not more than what is due has its paper; any other is taken out."""
    reduction = float(f.data.get("fee_reduction") or 0)
    if reduction > 0 and fees_total(f) >= 0:
        return set_form(reduction_basis="困难减免批文")
    return set_form(fee_reduction=None)


@guard(
    "减免有批文且不超过应收",
    refuses="reduction_undocumented",
    rule="A06",
    basis="减免须附批文（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(fees=[LISTED], fee_reduction=50.0, reduction_basis=None),
    mends=lambda f: _documented(f),
)
def reduction_documented(f: Facts) -> Iterator[str]:
    """A reduction names the paper that allows it and does not exceed what is due."""
    reduction = float(f.data.get("fee_reduction") or 0)
    if reduction and not f.get("reduction_basis"):
        yield f"减免 {reduction:.2f} 元须填减免依据（reduction_basis）"
    if reduction < 0 or fees_total(f) < 0:
        yield f"减免 {reduction:.2f} 元超出应收，请改正"


@guard(
    "业务费收足",
    refuses="fees_unpaid",
    rule="A07",
    basis="供电营业规则(1996)；县流程（费用未缴清不送电）",
    breaks=lambda f: set_form(paid_total=round(fees_total(f) - 1, 2)),
    mends=lambda f: set_form(paid_total=fees_total(f)),
)
def fees_paid(f: Facts) -> Iterator[str]:
    """What came in is what was due, to the cent."""
    due, paid = fees_total(f), round(float(f.data.get("paid_total") or 0), 2)
    if paid < due:
        yield f"应收业务费 {due:.2f} 元，实收 {paid:.2f} 元，还差 {due - paid:.2f} 元"
    elif paid > due:
        yield f"应收业务费 {due:.2f} 元，实收 {paid:.2f} 元，多收 {paid - due:.2f} 元，请退还后更正"


@guard(
    "收费票据号齐",
    refuses="receipt_missing",
    rule="A07",
    basis="票款账三符（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(receipt_no=None),
    mends=lambda f: set_form(receipt_no=f"PJ{f.case}"),
)
def receipt_numbered(f: Facts) -> Iterator[str]:
    """Money that came in has a receipt."""
    if fees_total(f) > 0 and not f.get("receipt_no"):
        yield "已收业务费，须填票据号码（receipt_no）"


def _open_fees(f: Facts) -> list[dict[str, object]]:
    """Business fees of this order that are not paid in full."""
    rows = [dict(r) for r in f.rows("business_fee") if r.get("app_no") == f.case]
    return [r for r in rows if float(str(r.get("amount") or 0)) > float(str(r.get("paid") or 0))]


@guard(
    "本单业务费已结清",
    refuses="fees_not_cleared",
    rule="A18",
    basis="送电七条件之四（业务费已结清）",
    reads=("business_fee",),
    breaks=lambda f: Change(
        put=(
            (
                "business_fee",
                {
                    "fee_id": f"{f.case}-9",
                    "cons_no": f.row("customer").get("cons_no"),
                    "app_no": f.case,
                    "item": "11",
                    "amount": 500.0,
                    "paid": 0.0,
                },
            ),
        )
    ),
    mends=lambda f: Change(
        put=tuple(
            ("business_fee", {"fee_id": r["fee_id"], "paid": r["amount"], "paid_date": f.today})
            for r in _open_fees(f)
        )
    ),
)
def fees_cleared(f: Facts) -> Iterator[str]:
    """No power before the fees of this order are paid."""
    if rows := _open_fees(f):
        open_ = sum(float(str(r["amount"])) - float(str(r.get("paid") or 0)) for r in rows)
        yield f"本单业务费还有 {open_:.2f} 元未缴清，缴清后再办"


@guard(
    "电费和业务费全部结清",
    refuses="debts_open",
    rule="G-XH-02",
    basis="供电营业规则(1996)第32条",
    reads=("receivable", "business_fee", "violation"),
    breaks=lambda f: _debt(f),
    mends=lambda f: _cleared(f),
)
def nothing_owed(f: Facts) -> Iterator[str]:
    """Electricity, late fees, business fees and breach charges are all settled."""
    if total := round(sum(owed(row) for row in f.rows("receivable")), 2):
        yield f"还有电费（含违约金）{total:.2f} 元未结清"
    if fees := _unpaid_fees(f):
        yield f"还有业务费 {fees:.2f} 元未结清"
    for row in f.rows("violation"):
        yield f"违约用电或窃电记录 {row['vio_id']} 还没有结案"


def _unpaid_fees(f: Facts) -> float:
    return round(
        sum(
            max(0.0, float(r.get("amount") or 0) - float(r.get("paid") or 0)) for r in f.rows("business_fee")
        ),
        2,
    )


def _debt(f: Facts) -> Change:
    cons_no = f.row("customer").get("cons_no")
    row = {
        "rcv_id": f"Q{f.case}",
        "cons_no": cons_no,
        "ym": 202610,
        "kind": "010",
        "amount": 88.0,
        "paid": 0.0,
    }
    return Change(put=(("receivable", row),))


def _cleared(f: Facts) -> Change:
    receivables = tuple(
        (
            "receivable",
            {"rcv_id": r["rcv_id"], "paid": float(r.get("amount") or 0) + float(r.get("late_fee") or 0)},
        )
        for r in f.rows("receivable")
    )
    fees = tuple(
        ("business_fee", {"fee_id": r["fee_id"], "paid": r.get("amount")}) for r in f.rows("business_fee")
    )
    cases = tuple(("violation", {"vio_id": r["vio_id"], "closed_date": f.today}) for r in f.rows("violation"))
    return Change(put=(*receivables, *fees, *cases))


@guard(
    "末次电费已发行",
    refuses="final_bill_missing",
    rule="G-XH-04",
    basis="销户末次抄表算费（行业通例）",
    breaks=lambda f: set_form(final_bill_issued=False),
    mends=lambda f: set_form(final_bill_issued=True),
)
def final_bill_issued(f: Facts) -> Iterator[str]:
    """The last reading is billed before the account is closed."""
    if not f.data.get("final_bill_issued"):
        yield "末次抄表（止度）还没有入账发行（final_bill_issued），发行后再结清"


@guard(
    "退款账户与户名一致",
    refuses="refund_account_other",
    rule="G-XH-06",
    basis="供电营业规则(1996)第32条；同名账户退款（行业通例）",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: set_form(refund_amount=100.0, refund_account_name="别人"),
    mends=lambda f: set_form(refund_account_name=f.row("customer").get("cons_name")),
)
def refund_account_matches(f: Facts) -> Iterator[str]:
    """Money goes back to an account in the customer's own name."""
    amount = float(f.data.get("refund_amount") or 0)
    name, given = str(f.row("customer").get("cons_name") or f.get("new_name")), f.get("refund_account_name")
    if amount > 0 and not same_name(name, given):
        yield f"应退 {amount:.2f} 元，收款账户名“{given}”不是户名“{name}”，须退到同名账户"
