"""Guards about archiving data."""

from __future__ import annotations

from collections.abc import Iterator

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard

PASSED = "1"
_FILLERS = {"note_type": "01", "notify_mode": "01", "trade_code": "9999"}
"""Values a recipe fills gaps with."""

_COMPLETE = {
    "cons_name": ("用户名称", "小七4.01"),
    "elec_addr": ("用电地址", "小七4.02"),
    "elec_type": ("用电类别", "小七4.03"),
    "volt_code": ("供电电压", "小七4.06"),
    "trade_code": ("行业分类", "小七4.08"),
    "note_type": ("票据类型", "小七1.58"),
    "notify_mode": ("电费通知方式", "小七1.17"),
}


@guard(
    "归档审批结论为通过",
    refuses="archive_not_approved",
    rule="NX 图1-9",
    basis="NX 1.3.1.2.3",
    breaks=lambda f: Change(form={"archive_conclusion": "2"}),
    mends=lambda f: Change(form={"archive_conclusion": PASSED}),
)
def archive_approved(f: Facts) -> Iterator[str]:
    """A conclusion of «not passed» sends the work order back, it does not archive it."""
    conclusion = f.get("archive_conclusion")
    if conclusion and conclusion != PASSED:
        yield "归档审批结论为不通过，请退回前面的环节并写明原因"


@guard(
    "档案必备项齐全",
    refuses="archive_incomplete",
    rule="D-16",
    basis="大连数据质量核查办法 小七4.01-4.08、1.17、1.58",
    reads=("customer",),
    breaks=lambda f: Change(
        put=(("customer", {"cons_no": f.row("customer")["cons_no"], "note_type": None}),)
    ),
    mends=lambda f: Change(
        put=(
            (
                "customer",
                {"cons_no": f.row("customer")["cons_no"]}
                | {k: v for k, v in _FILLERS.items() if not f.row("customer").get(k)},
            ),
        )
    ),
)
def archive_complete(f: Facts) -> Iterator[str]:
    """What the data-quality rules want of every account is there before the archive is written."""
    customer = f.row("customer")
    for field, (label, rule) in _COMPLETE.items():
        if customer.get(field) in (None, ""):
            yield f"用户 {customer.get('cons_no')} 的{label}为空（{rule}），请先补齐档案"
