"""Guards about giving the power back after a violation: put right, approved, sealed anew, nobody at work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from yk.flows.change import Change
from yk.flows.charges.disconnection import restore_by
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form

PASSED = "1"
"""Code of a good verdict (code list verdict)."""


@guard(
    "改正复验合格",
    refuses="rectification_open",
    rule="J13",
    basis="复电三条件（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(rectify_verdict="2"),
    mends=lambda f: set_form(rectify_verdict=PASSED),
)
def rectification_accepted(f: Facts) -> Iterator[str]:
    """What was wrong has been put right and looked at."""
    if f.get("rectify_verdict") != PASSED:
        yield "改正情况没有复验合格（rectify_verdict），不得复电"


@guard(
    "复电已批准且先批后送",
    refuses="reconnection_unapproved",
    rule="J13",
    basis="复电三条件（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(
        reconnect_approver="白问渠",
        reconnect_approved_at=f.now,
        reconnected_at=f"{days_on(f.today, -1)}T08:00:00+08:00",
    ),
    mends=lambda f: set_form(
        reconnect_approver="白问渠", reconnect_approved_at=f.get("reconnected_at") or f.now
    ),
)
def reconnection_approved(f: Facts) -> Iterator[str]:
    """Somebody answers for the reconnection before it is made."""
    approved, done = f.get("reconnect_approved_at"), f.get("reconnected_at")
    if not approved or not f.get("reconnect_approver"):
        yield "复电还没有批准，须填批准人（reconnect_approver）和批准时间（reconnect_approved_at）"
    elif done and datetime.fromisoformat(approved) > datetime.fromisoformat(done):
        yield f"复电批准时间 {approved[:16]} 晚于复电时间 {done[:16]}，应先批后送"


def _seals(f: Facts, number: str) -> Change:
    return set_form(old_seal_no="FY-OLD", new_seal_no=number, closing_seal_no=number)


@guard(
    "计量封印已换新",
    refuses="seal_not_renewed",
    rule="J13",
    basis="换封登记（行业通例）",
    confidence="中",
    reads=("seal_record",),
    breaks=lambda f: _seals(f, "FY-OLD"),
    mends=lambda f: _seals(f, f"FY{f.case}"),
)
def seals_renewed(f: Facts) -> Iterator[str]:
    """The seals found are taken in; the new number is another and stands nowhere yet."""
    new = f.get("closing_seal_no") or f.get("new_seal_no")
    if not new:
        yield "没有登记新封印号（new_seal_no），换封后再往下走"
    elif new == f.get("old_seal_no"):
        yield f"新封印号 {new} 与旧封印号相同，旧封要收回、换新封"
    elif any(row.get("seal_no") == new for row in f.rows("seal_record")):
        yield f"封印号 {new} 已用在设备封停上，一号一封，请核对"


@guard(
    "客户签认无人作业",
    refuses="people_at_work",
    rule="J13",
    basis="送电前清点人员（安规通例）",
    breaks=lambda f: set_form(clear_of_work=False),
    mends=lambda f: set_form(clear_of_work=True, clear_signed_by="安知行"),
)
def customer_clear_of_work(f: Facts) -> Iterator[str]:
    """The customer signs that nobody and nothing is on the equipment."""
    if not f.data.get("clear_of_work") or not f.get("clear_signed_by"):
        yield "客户还没有签认设备上无人作业（clear_of_work、clear_signed_by），不得合闸"


def late(conditions_met: str, done: str, rule_set: str, reason: str) -> Iterator[str]:
    """What to say about a supply that came back too late without a reason."""
    if not conditions_met or not done or reason:
        return
    latest = restore_by(datetime.fromisoformat(conditions_met), rule_set)
    if datetime.fromisoformat(done) > latest:
        yield f"复电条件 {conditions_met[:16]} 已齐，最迟应在 {latest.isoformat()[:16]} 复电，{done[:16]} 才复，须写原因"


@guard(
    "按时复电或写明原因",
    refuses="restored_late",
    rule="G-TD-05",
    basis="供电营业规则(1996)第69条（三日）；2024 年规则二十四小时",
    level_setting="restoration_late_policy",
    breaks=lambda f: set_form(
        conditions_met_at="2020-01-01T08:00:00+08:00", reconnected_at=f.now, late_reason=None,
        reconnect_approver="白问渠", reconnect_approved_at=f.now,
    ),
    mends=lambda f: set_form(late_reason="客户设备检修未完，应客户要求延后"),
)  # fmt: skip
def restored_in_time(f: Facts) -> Iterator[str]:
    """Three days, or twenty-four hours, after the conditions are met."""
    yield from late(f.get("conditions_met_at"), f.get("reconnected_at"), f.rule_set, f.get("late_reason"))
