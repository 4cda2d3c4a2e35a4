"""Guards about archiving data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

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

_APPLIED = {"cons_name": "new_name", "elec_addr": "new_elec_addr", "volt_code": "scheme_volt"}
"""Fields of an account -> those of the form that make them, where the names differ."""


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
    breaks=lambda f: _fields(f, {"note_type": None}),
    mends=lambda f: _fields(f, {k: v for k, v in _FILLERS.items() if not _archived(f).get(k)}),
)
def archive_complete(f: Facts) -> Iterator[str]:
    """What the data-quality rules want of every account is there before the archive is written."""
    archived = _archived(f)
    whose = f"用户 {archived['cons_no']} " if archived.get("cons_no") else "新户"
    for field, (label, rule) in _COMPLETE.items():
        if archived.get(field) in (None, ""):
            yield f"{whose}的{label}为空（{rule}），请先补齐档案"


def _archived(f: Facts) -> Mapping[str, Any]:
    """The account as the archive has it; of a new one, as the application and the scheme will make it."""
    if customer := f.row("customer"):
        return customer
    return {field: f.data.get(_APPLIED.get(field, field)) for field in _COMPLETE}


def _fields(f: Facts, values: Mapping[str, Any]) -> Change:
    """A recipe: these fields of the account, or of the application for a new one."""
    if customer := f.row("customer"):
        return Change(put=(("customer", {"cons_no": customer["cons_no"], **values}),))
    return Change(form={_APPLIED.get(field, field): value for field, value in values.items()})
