"""Guards about filing and ending supply contracts: one in force, called up in time, ended with good ground."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.effects.tasks import CONTRACT
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.contract import ENDED

TRANSFER, MERGER, ONE_SIDED = "04", "05", "07"
"""Causes of ending (code list contract_end_cause): supply goes on under another contract; the supplier ends it alone."""
Row = dict[str, Any]


@condition(
    "供电方单方终止",
    yes=lambda f: set_form(end_cause=ONE_SIDED),
    no=lambda f: set_form(end_cause="01"),
    field="end_cause",
)
def ended_one_sided(f: Facts) -> bool:
    """The supplier ends the contract alone."""
    return f.get("end_cause") == ONE_SIDED


@condition(
    "终止后不再供电",
    yes=lambda f: set_form(end_cause="03"),
    no=lambda f: set_form(end_cause=TRANSFER, succeeding_contract_no=f"HT{f.case}"),
)
def supply_ends(f: Facts) -> bool:
    """No other contract takes the supply over."""
    return f.get("end_cause") not in (TRANSFER, MERGER)


def target_no(f: Facts) -> str:
    """The contract this order is about: the new one, else the one that is changed or ended."""
    return f.get("new_contract_no") or f.get("contract_no")


def rivals(f: Facts) -> list[Row]:
    """Other contracts of the account that still run when the one of this order begins and that it does not replace."""
    day = f.get("begin_date") or f.today
    aside = (target_no(f), f.get("replaced_contract_no"))
    return [
        dict(row)
        for row in f.rows("contracts")
        if row.get("status") != ENDED
        and row["contract_no"] not in aside
        and (row.get("end_date") or "9999") >= day
    ]


@guard(
    "一户一份在用合同",
    refuses="second_contract",
    rule="C5",
    basis="归档时旧合同失效（行业通例）",
    confidence="中",
    reads=("contracts", "customer"),
    breaks=lambda f: Change(
        put=(
            (
                "contract",
                {
                    "contract_no": f"HT9{f.case}",
                    "cons_no": f.row("customer").get("cons_no"),
                    "status": "归档",
                    "begin_date": f.today,
                    "end_date": days_on(f.today, 900),
                },
            ),
        )
    ),
    mends=lambda f: Change(
        put=tuple(("contract", {"contract_no": row["contract_no"], "status": ENDED}) for row in rivals(f))
    ),
)
def single_contract_in_force(f: Facts) -> Iterator[str]:
    """An account has one contract at a time."""
    for row in rivals(f):
        yield f"本户还有一份在用合同 {row['contract_no']}（{row.get('end_date')} 到期），先终止或写明由本合同接替"


def _wanted_end(f: Facts) -> str:
    """Until when the contract of this order runs; '' when it has ended."""
    row: Row = next((dict(r) for r in f.rows("contracts") if r["contract_no"] == target_no(f)), {})
    return "" if row.get("status") == ENDED else str(f.get("contract_end") or row.get("end_date") or "")


def _reminders(f: Facts) -> list[Row]:
    return [dict(row) for row in f.rows("due_task") if row.get("kind") == CONTRACT]


def _reminder(f: Facts, due: str) -> tuple[str, Row]:
    row = {
        "task_id": f"{f.case}-{CONTRACT}-{due}",
        "cons_no": f.row("customer").get("cons_no"),
        "kind": CONTRACT,
        "content": f"合同 {target_no(f)} 到期续签",
        "remind_date": due,
        "due_date": due,
        "app_no": f.case,
        "done_date": None,
    }
    return "due_task", row


def _matched(f: Facts) -> Change:
    """A recipe: no reminder but the right one."""
    end = _wanted_end(f)
    stale = (
        ("due_task", {"task_id": row["task_id"], "done_date": f.today})
        for row in _reminders(f)
        if row.get("due_date") != end
    )
    return Change(put=(*stale, *([_reminder(f, end)] if end else [])))


@guard(
    "到期提醒与合同状态相符",
    refuses="reminder_off",
    rule="G-HT-08",
    basis="大连数据质量核查办法第八条（到期未续签）",
    reads=("contracts", "due_task", "customer"),
    breaks=lambda f: Change(put=(_reminder(f, "2020-01-01"),)),
    mends=_matched,
)
def reminders_match_status(f: Facts) -> Iterator[str]:
    """A contract that runs is called up before its end; one that ended, or an older end, is not."""
    end, found = _wanted_end(f), _reminders(f)
    for row in found:
        if row.get("due_date") != end:
            yield f"还挂着 {row.get('due_date')} 的合同到期提醒，请撤掉"
    if end and not any(row.get("due_date") == end for row in found):
        yield f"合同 {target_no(f)} {end} 到期，还没有设到期提醒"


ENDED_HERE = "ended_here"
"""What an order remembers of the contract it has ended, see `effects.contract_work`."""


@guard(
    "要终止的合同还没有终止",
    refuses="contract_already_ended",
    rule="G-HT-06",
    basis="供电营业规则(1996)第94条",
    reads=("contracts",),
    breaks=lambda f: _status(f, ENDED),
    mends=lambda f: _status(f, "归档"),
)
def contract_in_force_or_expired(f: Facts) -> Iterator[str]:
    """What is ended must be there and not ended yet, but by this very order, sent back since; a contract past its date
    may still be ended."""
    row: Row = next((dict(r) for r in f.rows("contracts") if r["contract_no"] == f.get("contract_no")), {})
    if not row:
        yield f"档案里没有合同 {f.get('contract_no') or '（空）'}，请核对合同编号"
    elif row.get("status") == ENDED and f.get(ENDED_HERE) != row["contract_no"]:
        yield f"合同 {row['contract_no']} 已经终止，不重复受理"


def _status(f: Facts, status: str) -> Change:
    """A recipe: the contract has this status, and not by this order's doing."""
    row = {"contract_no": f.get("contract_no"), "status": status}
    return Change(put=(("contract", row),), form={ENDED_HERE: None})


@guard(
    "单方终止已通知送达",
    refuses="notice_not_served",
    rule="G-HT-06",
    basis="民法典第565条",
    breaks=lambda f: set_form(end_cause=ONE_SIDED, notice_served_on=days_on(f.today, 1)),
    mends=lambda f: set_form(notice_served_on=f.today),
)
def termination_notice_served(f: Facts) -> Iterator[str]:
    """A contract that one side ends alone ends when the other has been told."""
    served = f.get("notice_served_on")
    if f.get("end_cause") == ONE_SIDED and (not served or served > f.today):
        yield "供电方单方终止，须先送达通知并填送达日期（notice_served_on，不晚于今天）"


@guard(
    "电源已断开，或由新合同接着供",
    refuses="still_supplied",
    rule="G-XH-05",
    basis="终止供用电关系后不得带电（行业通例）",
    breaks=lambda f: set_form(end_cause="01", disconnected=False, disconnection_no=None),
    mends=lambda f: set_form(disconnected=True, disconnection_no=f"CB{f.case}"),
)
def disconnected_or_taken_over(f: Facts) -> Iterator[str]:
    """Nothing stays live without a contract: it is cut off, or the successor's contract takes over."""
    if f.get("end_cause") in (TRANSFER, MERGER):
        if not f.data.get("disconnected") and not f.get("succeeding_contract_no"):
            yield "过户、并户终止旧合同，须填接着供电的新合同编号（succeeding_contract_no），或断开电源"
    elif not f.data.get("disconnected") or not f.get("disconnection_no"):
        yield "现场还没有断电，须填断电或拆除的工单号（disconnection_no）并确认已断开"
