"""批量销户: a list of accounts, each on its own merits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flowwalks import carried_on, carried_out, put, refusals, row, rows, says
from quality import findings
from trials import fresh

from yk.desk import Desk
from yk.desk.examples import examples_of
from yk.errors import Refused

FLOW = "batch_account_closure"


@pytest.fixture
def desk() -> Desk:
    return fresh()


def _accounts(desk: Desk, count: int) -> list[str]:
    """Accounts of one unit that nothing keeps from being closed."""
    owing = {r["cons_no"] for r in rows(desk, "receivable") if r["amount"] + (r["late_fee"] or 0) > r["paid"]}
    bad = owing | {v["cons_no"] for v in rows(desk, "violation")}
    fit = [
        c["cons_no"]
        for c in rows(desk, "customer", org_no="99401", status="0", tmp_flag="03", cons_sort="03")
        if c["cons_no"] not in bad
    ]
    assert len(fit) >= count
    return sorted(fit)[:count]


def _all(desk: Desk, accounts: list[str], **change: Any) -> dict[str, Any]:
    """The tables of an order over these accounts, everything in order."""
    seen = {"emptied": "是", "still": "是", "meter_there": "是", "photos": 1}
    tables: dict[str, Any] = {
        "partners": [{"cons_no": n, "reason": "拆迁"} for n in accounts],
        "surveyed": [{"cons_no": n, **seen} for n in accounts],
        "frozen": [{"cons_no": n, "reading": _reading(desk, n)} for n in accounts],
        "meter_work": [
            {"cons_no": n, "old_asset_no": _asset(desk, n), "old_reading": _reading(desk, n)}
            for n in accounts
        ],
        "settlements": [
            {"cons_no": n, "final_amount": 10.0, "paid": 10.0, "balance_way": "退还"} for n in accounts
        ],
    }
    made = {name: json.dumps(table) for name, table in (tables | change).items()}
    return {**made, "org_no": "99401", "same_basis_count": len(accounts)}


def _asset(desk: Desk, cons_no: str) -> str:
    (meter,) = rows(desk, "meter", cons_no=cons_no)
    return str(row(desk, "meter_asset", meter["asset_id"])["asset_no"])


def _reading(desk: Desk, cons_no: str) -> float:
    return max(float(r["reading"]) for r in rows(desk, "meter_register", cons_no=cons_no))


def test_four_accounts_are_closed_and_nobody_else_is_touched(desk: Desk) -> None:
    """BAT-001, BAT-013."""
    four = _accounts(desk, 4)
    before = {c["cons_no"]: c for c in rows(desk, "customer")}
    order = carried_out(desk, FLOW, **_all(desk, four))
    assert order.status == "completed"
    assert {row(desk, "customer", n)["status"] for n in four} == {"9"}
    assert {row(desk, "contract", f"HT{n}")["status"] for n in four} == {"终止"}
    others = {c["cons_no"]: c for c in rows(desk, "customer") if c["cons_no"] not in four}
    assert others == {n: c for n, c in before.items() if n not in four}
    assert findings(desk.store, "2026-11-23") == []


def test_while_it_runs_its_accounts_are_locked(desk: Desk) -> None:
    two = _accounts(desk, 2)
    carried_out(desk, FLOW, until="site_survey", **_all(desk, two))
    assert {row(desk, "customer", n)["status"] for n in two} == {"3"}


def test_an_account_left_out_at_the_survey_is_free_again_and_stays(desk: Desk) -> None:
    two = _accounts(desk, 2)
    gone = two[1]
    tables = _all(desk, two, surveyed=[{"cons_no": two[0], "emptied": "是", "still": "是", "meter_there": "是",
                                        "photos": 1}], left_out=[{"cons_no": gone, "reason": "还住着人"}])  # fmt: skip
    tables["meter_work"] = _all(desk, two[:1])["meter_work"]
    order = carried_out(desk, FLOW, **tables)
    assert order.status == "completed"
    assert row(desk, "customer", two[0])["status"] == "9"
    assert row(desk, "customer", gone)["status"] == "0"
    assert rows(desk, "meter", cons_no=gone)


def test_an_account_struck_out_by_the_approver_is_given_back(desk: Desk) -> None:
    """BAT-010."""
    two = _accounts(desk, 2)
    struck = {"struck_out": [{"cons_no": two[1], "reason": "证据不足"}]}
    order = carried_out(desk, FLOW, until="terminal_removal", **_all(desk, two, **struck))
    assert order.data["partners_before"] == {two[0]: "0"}
    assert row(desk, "customer", two[1])["status"] == "0"


def test_a_meter_taken_down_and_a_bill_unpaid_lead_to_the_list_of_those_to_run_after(desk: Desk) -> None:
    """BAT-012."""
    two = _accounts(desk, 2)
    open_ = [{"cons_no": two[1], "final_amount": 30.0, "paid": 0.0, "balance_way": "退还"}]
    paid = [{"cons_no": two[0], "final_amount": 10.0, "paid": 10.0, "balance_way": "退还"}]
    assert refusals(fresh(), FLOW, **_all(desk, two, settlements=paid + open_)) == {"batch_unsettled"}
    late = [{"cons_no": two[1], "owed": 30.0, "owner": "催费员"}]
    order = carried_out(desk, FLOW, **_all(desk, two, settlements=paid + open_, follow_ups=late))
    assert order.status == "completed"
    assert (row(desk, "customer", two[0])["status"], row(desk, "customer", two[1])["status"]) == ("9", "0")
    (task,) = rows(desk, "due_task", cons_no=two[1], app_no=order.case)
    assert "费未清" in task["content"]
    assert row(desk, "contract", f"HT{two[1]}")["status"] != "终止"


def test_five_bad_rows_have_five_reasons(desk: Desk) -> None:
    """BAT-004: unknown, twice, closed, in arrears, without a meter."""
    good, owing, closed, bare = _accounts(desk, 4)
    put(desk, "receivable", rcv_id="R1", cons_no=owing, ym=202611, kind="010", amount=9.9, paid=0.0)
    put(desk, "customer", cons_no=closed, status="9")
    desk.store.table("meter").remove(doc_ids=[m["meter_id"] for m in rows(desk, "meter", cons_no=bare)])
    bad = ["9999999999", good, good, closed, owing, bare]
    plan = {"partners": json.dumps([{"cons_no": n} for n in bad]), "org_no": "99401"}
    with pytest.raises(Refused) as caught:
        carried_out(desk, FLOW, **plan)
    told = [reason.message for reason in caught.value.reasons]
    for text in (
        "档案里没有",
        f"{good} 在清单里重复",
        f"{closed} 已销户",
        f"{owing} 欠费 9.90 元",
        f"{bare} 没有在装",
    ):
        assert any(text in message for message in told), text


def test_an_account_without_evidence_goes_no_further(desk: Desk) -> None:
    """BAT-011: one account lacks its photographs."""
    two = _accounts(desk, 2)
    seen = {"emptied": "是", "still": "是", "meter_there": "是"}
    surveyed = [{"cons_no": two[0], **seen, "photos": 1}, {"cons_no": two[1], **seen, "photos": 0}]
    assert refusals(desk, FLOW, **_all(desk, two, surveyed=surveyed)) == {"account_unsurveyed"}


def test_a_reading_below_the_last_one_is_refused(desk: Desk) -> None:
    two = _accounts(desk, 2)
    work = json.loads(_all(desk, two)["meter_work"])
    work[0]["old_reading"] -= 1
    assert refusals(desk, FLOW, **_all(desk, two, meter_work=work)) == {"closing_reading_wrong"}


def test_a_meter_of_somebody_else_is_not_taken_for_one_of_the_list(desk: Desk) -> None:
    three = _accounts(desk, 3)
    work = json.loads(_all(desk, three)["meter_work"])
    assert refusals(desk, FLOW, **_all(desk, three[:2], meter_work=work)) == {"closing_reading_wrong"}


def test_a_balance_goes_back_account_by_account(desk: Desk) -> None:
    two = _accounts(desk, 2)
    put(desk, "prepayment", cons_no=two[0], amount=25.0)
    carried_out(desk, FLOW, **_all(desk, two))
    assert row(desk, "prepayment", two[0])["amount"] == 0.0
    (refund,) = rows(desk, "due_task", cons_no=two[0], kind="09")
    assert "25.00 元" in refund["content"]
    assert rows(desk, "due_task", cons_no=two[1], kind="09") == []


@pytest.mark.parametrize(
    ("count", "senior", "said"), [(100, False, 0), (101, False, 1), (101, True, 0), (None, False, 0)]
)
def test_many_accounts_need_a_seniors_word(count: int | None, senior: bool, said: int) -> None:
    data = {"same_basis_count": count, "senior_approved": senior}
    assert len(says("batch_level_kept", data=data)) == said


@pytest.mark.parametrize(("until", "said"), [("2026-11-23", 0), ("2026-11-22", 1), (None, 0)])
def test_a_paper_that_has_run_out_is_no_ground(until: str | None, said: int) -> None:
    assert len(says("batch_basis_given", data={"basis_until": until})) == said


def test_its_examples_name_accounts_that_may_be_closed(desk: Desk) -> None:
    order = desk.open(FLOW)
    named = json.loads(str(examples_of(desk, order.case, "acceptance")["partners"]))
    assert len({row_["cons_no"] for row_ in named}) == 2
    assert carried_on(desk, order.case).status == "completed"
