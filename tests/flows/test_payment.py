"""更改交费方式: whose account is debited, from which bill on, on what terms; what the archive says afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from quality import findings
from trials import fresh

from yk.desk import Desk
from yk.desk.demonstration import DAY
from yk.desk.order import WorkOrder
from yk.desk.running import Plan, run
from yk.flows.facts import Facts
from yk.flows.guards import payment, settling

FLOW, HOME, DEBITED = "payment_method_change", "1016000016", "1016000033"
"""A home that pays at the desk, and one that is debited."""
FIRM = "1016000001"
TODAY, NEXT = "2026-11-23", "2026-12-01"
CUSTOMER = {"cons_no": HOME, "cons_name": "测明和", "tmp_flag": "03"}
BILL = {"rcv_id": "R1", "amount": 86.0, "paid": 0.0, "late_fee": 0.0}
ACCOUNT = {
    "new_pay_mode": "140",
    "bank_account": "9900000000000001",
    "bank_account_again": "9900000000000001",
}


def reasons(guard: Any, archive: dict[str, Any] | None = None, rule_set: str = "R24", **data: Any) -> str:
    """What a guard says on this form and archive, in one line; empty when it passes."""
    known = {"customer": CUSTOMER, "billing_info": {}, "receivable": []} | (archive or {})
    facts = Facts(case="1", now=f"{TODAY}T09:00", rule_set=rule_set, data=data, archive=known)
    return "；".join(guard(facts))


@pytest.mark.parametrize(
    ("start", "bills", "passes"),
    [
        (NEXT, [], True),
        (NEXT, [BILL], True),
        ("2026-11-01", [], True),
        ("2026-11-01", [BILL], False),
        ("2026-10-01", [], False),
    ],
)
def test_a_bill_that_is_out_is_paid_the_old_way(
    start: str, bills: list[dict[str, Any]], passes: bool
) -> None:
    assert (reasons(payment.starts_after_open_bills, {"receivable": bills}, start_on=start) == "") is passes


def test_arrears_are_told_with_their_amount_and_the_next_period() -> None:
    told = reasons(payment.starts_after_open_bills, {"receivable": [BILL]}, start_on="2026-11-01")
    assert "86.00 元" in told
    assert NEXT in told


@pytest.mark.parametrize(("start", "passes"), [(NEXT, True), ("2026-12-02", False), ("2027-01-01", True)])
def test_a_way_of_paying_begins_with_a_period(start: str, passes: bool) -> None:
    assert (reasons(payment.starts_with_period, start_on=start) == "") is passes


@pytest.mark.parametrize(
    ("number", "again", "passes"),
    [
        ("9900000000", "9900000000", True),
        ("990000000", "990000000", False),
        ("9" * 30, "9" * 30, True),
        ("9" * 31, "9" * 31, False),
        ("99000000AB", "99000000AB", False),
        ("9900000000", "9900000001", False),
        ("９９00000000", "9900000000", True),
    ],
)
def test_an_account_number_is_typed_twice_and_has_digits_only(number: str, again: str, passes: bool) -> None:
    form = ACCOUNT | {"bank_account": number, "bank_account_again": again}
    assert (reasons(payment.bank_account_agrees, **form) == "") is passes


def test_who_pays_at_the_desk_needs_no_account() -> None:
    assert reasons(payment.bank_account_agrees, new_pay_mode="010", bank_account="12") == ""
    assert reasons(payment.debit_account_authorized, new_pay_mode="010", account_name="别人") == ""


@pytest.mark.parametrize(
    ("holder", "paper", "passes"),
    [("测明和", None, True), ("测 明和", None, True), ("示他人", None, False), ("示他人", "SQ-1", True)],
)
def test_anothers_account_needs_a_written_word(holder: str, paper: str | None, passes: bool) -> None:
    form = {"new_pay_mode": "140", "account_name": holder, "debit_authorization": paper}
    assert (reasons(payment.debit_account_authorized, **form) == "") is passes


@pytest.mark.parametrize(
    ("rule_set", "flag", "end", "passes"),
    [
        ("R96", "03", None, True),
        ("R96", "01", "2027-01-01", False),
        ("R16", "02", "2027-01-01", False),
        ("R24", "01", "2027-01-01", True),
        ("R24", "01", TODAY, True),
        ("R24", "01", "2026-11-22", False),
    ],
)
def test_temporary_supply_pays_otherwise_only_under_the_new_rules_and_within_its_term(
    rule_set: str, flag: str, end: str | None, passes: bool
) -> None:
    customer = CUSTOMER | {"tmp_flag": flag, "tmp_end": end}
    assert (reasons(payment.open_to_temporary, {"customer": customer}, rule_set) == "") is passes


SAME = {"new_pay_mode": "010", "new_fee_control": "03", "new_settle_mode": "02"}


@pytest.mark.parametrize(
    ("held", "form", "passes"),
    [
        ({"pay_mode": "010"}, SAME, False),
        ({}, SAME, True),
        ({"pay_mode": "010"}, SAME | {"new_pay_mode": "050"}, True),
        ({"pay_mode": "010"}, SAME | {"new_settle_mode": "01"}, True),
        ({"pay_mode": "140"}, SAME | {"new_pay_mode": "140", "bank_account": "9900000001"}, True),
        ({"pay_mode": "010", "notify_mode": "01"}, SAME | {"notify_mode": "01"}, False),
        ({"pay_mode": "010", "notify_mode": "01"}, SAME | {"notify_mode": "02"}, True),
    ],
)
def test_something_must_change(held: dict[str, str], form: dict[str, str], passes: bool) -> None:
    assert (reasons(payment.method_differs, {"customer": CUSTOMER | held}, **form) == "") is passes


@pytest.mark.parametrize(
    ("control", "settle", "signed", "passes"),
    [
        ("03", "02", False, True),
        ("04", "02", False, False),
        ("04", "02", True, True),
        ("03", "01", False, False),
        ("03", "01", True, True),
    ],
)
def test_terms_of_settling_are_the_contracts_business(
    control: str, settle: str, signed: bool, passes: bool
) -> None:
    form = {"new_fee_control": control, "new_settle_mode": settle, "contract_change": signed}
    assert (reasons(settling.terms_change_signed, **form) == "") is passes


@pytest.mark.parametrize(
    ("alarm", "cut", "passes"), [(50, 0, True), (1, 0, True), (0, 0, False), (20, 50, False)]
)
def test_the_warning_comes_before_the_cut(alarm: float, cut: float, passes: bool) -> None:
    form = {"new_fee_control": "04", "alarm_balance": alarm, "cut_balance": cut}
    assert (reasons(settling.prepay_terms_agree, **form) == "") is passes


@pytest.mark.parametrize(
    ("plan", "refused"),
    [
        ([(10, 50), (20, 50)], ""),
        ([(10, 33.33), (20, 33.33), (28, 33.34)], ""),
        ([(10, 100)], "至少分两期"),
        ([(10, 50), (20, 40)], "90%"),
        ([(10, 50), (29, 50)], "29"),
        ([(10, 50), (10, 50)], "同一天"),
    ],
)
def test_parts_of_a_month_add_up(plan: list[tuple[int, float]], refused: str) -> None:
    rows = [{"day": day, "share": share} for day, share in plan]
    found = reasons(settling.parts_add_up, new_settle_mode="01", instalment_plan=rows)
    assert refused in found
    assert bool(found) is bool(refused)


def finished(customer: str, **data: object) -> tuple[Desk, WorkOrder]:
    """An order run to its end with these values, and the desk it ran on."""
    desk = fresh()
    order = desk.open(FLOW, customer, {})
    list(run(desk, order.case, Plan(data=dict(data), confirm_all=True, fill=True)))
    done = desk.get(order.case)
    assert done.status == "completed"
    assert findings(desk.store, DAY[:10]) == []
    return desk, done


def row(desk: Desk, entity: str, cons_no: str) -> dict[str, Any]:
    return next(dict(r) for r in desk.store.table(entity) if r.get("cons_no") == cons_no)


def changes(desk: Desk, cons_no: str) -> dict[str, tuple[str | None, str | None]]:
    """What the record of changes says: field -> (old, new)."""
    return {
        r["field"]: (r["old_value"], r["new_value"])
        for r in desk.store.table("field_change")
        if r["cons_no"] == cons_no
    }


def test_a_new_debit_is_written_and_only_the_channel_changes() -> None:
    desk, order = finished(HOME)
    billing, customer = row(desk, "billing_info", HOME), row(desk, "customer", HOME)
    assert (customer["pay_mode"], customer["fee_control"], customer["status"]) == ("140", "03", "0")
    assert (billing["debit_flag"], billing["account_name"], billing["mode_from"]) == ("1", "测明和", NEXT)
    assert billing["bank_account"] == "9900000000000001"
    assert changes(desk, HOME)["bank_account"] == (None, "************0001")
    assert [step for step, _, _ in order.done] == ["acceptance", "data_archiving", "document_archiving"]


def test_bill_and_notice_change_with_it() -> None:
    desk, _ = finished(HOME, new_pay_mode="050", notify_mode="02")
    assert row(desk, "customer", HOME)["notify_mode"] == "02"
    assert changes(desk, HOME)["notify_mode"] == ("01", "02")


def test_who_leaves_debit_keeps_no_account_on_file() -> None:
    desk, _ = finished(DEBITED, new_pay_mode="050")
    billing = row(desk, "billing_info", DEBITED)
    assert (billing["debit_flag"], billing["bank_account"]) == ("0", None)
    old, new = changes(desk, DEBITED)["bank_account"]
    assert new is None
    assert old is not None
    assert old.startswith("***")


def test_a_firm_keeps_the_account_that_stands_on_its_invoices() -> None:
    before = row(fresh(), "billing_info", FIRM)
    desk, _ = finished(FIRM, new_pay_mode="050")
    billing = row(desk, "billing_info", FIRM)
    assert billing["bank_account"] == before["bank_account"]
    assert billing["debit_flag"] == "0"


def test_paying_beforehand_signs_a_supplement_that_begins_with_the_period() -> None:
    desk, order = finished(
        HOME, new_pay_mode="050", new_fee_control="04", contract_change=True, alarm_balance=30, cut_balance=0
    )
    change = next(r for r in desk.store.table("contract_change") if r["app_no"] == order.case)
    assert change["begin_date"] == NEXT
    billing = row(desk, "billing_info", HOME)
    assert (billing["alarm_balance"], billing["cut_balance"]) == (30, 0)
    assert row(desk, "customer", HOME)["fee_control"] == "04"
