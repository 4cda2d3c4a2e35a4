"""Guards about restoring a supply that an order cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.account import owed
from yk.flows.guards.disconnecting import RESTORE, cutting
from yk.flows.guards.reconnecting import late

UNPAID, VIOLATION, ASKED = "欠费", "违窃", "用户申请"
"""Reasons of an outage (code list outage_reason)."""


def running(f: Facts) -> list[Mapping[str, Any]]:
    """The outages that have not ended."""
    return [row for row in f.rows("outage") if row.get("off_time") and not row.get("on_time")]


def restoring_it(f: Facts, reason: str = ASKED, **values: Any) -> Change:
    """A recipe: a restoration that is in order, of an outage for `reason`, then these values."""
    ids = [str(row["outage_id"]) for row in running(f)] or [f"OT{f.case}"]
    off = f"{days_on(f.today, -2)}T10:00:00"
    rows = tuple(
        (
            "outage",
            {"outage_id": one, "cons_no": f.row("customer")["cons_no"], "reason": reason, "off_time": off},
        )
        for one in ids
    )
    good = {
        "action": RESTORE,
        "cause_gone_at": f.now,
        "restored_at": f.now,
        "on_reading": 999999.0,
        "site_clear": True,
        "site_clear_signed_by": "安知行",
    }
    return Change(put=rows, form={**good, **values})


@condition(
    "本单是复电",
    yes=restoring_it,
    no=cutting,
    reads=("customer", "outage"),
)
def restoring(f: Facts) -> bool:
    """The order restores the supply."""
    return f.get("action") == RESTORE


def _still_owing(f: Facts) -> Change:
    """A recipe: the outage is for arrears, and nobody paid."""
    debt = {
        "rcv_id": f"Q{f.case}",
        "cons_no": f.row("customer")["cons_no"],
        "ym": 202601,
        "kind": "010",
        "amount": 880.0,
        "paid": 0.0,
        "due_date": days_on(f.today, -90),
        "settled_date": None,
    }
    made = restoring_it(f, reason=UNPAID)
    return Change(put=(*made.put, ("receivable", debt)), form=made.form)


@guard(
    "停电事由已经消除",
    refuses="cause_remains",
    rule="G-TD-05",
    basis="供电营业规则(1996)第69条",
    reads=("customer", "outage", "receivable", "violation"),
    breaks=_still_owing,
    mends=restoring_it,
)
def restoration_cause_removed(f: Facts) -> Iterator[str]:
    """There is an outage to end, and what it was for is gone."""
    if not restoring(f):
        return
    outages = running(f)
    if not outages:
        yield "档案里该户没有在停的停电记录，不用复电，请核对户号"
    reasons = {row.get("reason") for row in outages}
    if UNPAID in reasons and (due := round(sum(map(owed, map(dict, f.rows("receivable")))), 2)) > 0:
        yield f"该户因欠费停电，还欠 {due:.2f} 元，到账后再复电"
    if VIOLATION in reasons and not f.get("settlement_agreement_no"):
        for row in f.rows("violation"):
            yield f"违约窃电记录 {row['vio_id']} 还没有结案，也没有还款协议（settlement_agreement_no），不得复电"


@guard(
    "复电前客户签认无人作业",
    refuses="site_not_clear",
    rule="J15",
    basis="送电前清点人员（安规通例）",
    reads=("customer", "outage"),
    breaks=lambda f: restoring_it(f, site_clear=False),
    mends=restoring_it,
)
def restoration_site_clear(f: Facts) -> Iterator[str]:
    """The customer signs that nobody is at work."""
    if restoring(f) and not (f.data.get("site_clear") and f.get("site_clear_signed_by")):
        yield "客户还没有签认设备上无人作业（site_clear、site_clear_signed_by），不得合闸"


@guard(
    "停电户按时复电或写明原因",
    refuses="restoration_late",
    rule="G-TD-05",
    basis="供电营业规则(1996)第69条（三日）；2024 年规则二十四小时",
    reads=("customer", "outage"),
    level_setting="restoration_late_policy",
    breaks=lambda f: restoring_it(f, cause_gone_at="2020-01-01T08:00:00+08:00", late_reason=None),
    mends=restoring_it,
)
def restoration_in_time(f: Facts) -> Iterator[str]:
    """Three days, or twenty-four hours, after the cause is gone."""
    if restoring(f):
        yield from late(f.get("cause_gone_at"), f.get("restored_at"), f.rule_set, f.get("late_reason"))
