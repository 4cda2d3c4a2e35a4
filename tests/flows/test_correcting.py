"""档案维护受理: what may be corrected, into what, on whose leave, and what stays on record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import facts, told
from trials import fresh

from yk.archive.dictionary import entities
from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run
from yk.errors import Refused
from yk.flows.corrections import BILLING, CLOSED, PLAIN, correctable

HOUSE = {
    "cons_no": "1",
    "elec_addr": "示范路1号",
    "contract_cap": 12.0,
    "run_cap": 12.0,
    "build_date": "2016-04-11",
}
POINTS = [{"mp_id": "MP1", "mp_addr": "甲"}, {"mp_id": "MP2", "mp_addr": "乙"}]


def asked(guard: str, *rows: dict[str, Any], **data: Any) -> list[str]:
    """What the guard has against these corrections."""
    return told(guard, facts({"corrections": list(rows), **data}, customer=HOUSE, metering_point=POINTS))


def correct(field: str, new: object, entity: str = "customer", **other: Any) -> dict[str, Any]:
    return {"entity": entity, "field": field, "new_value": new, "grounds": "试", **other}


def test_every_field_is_plain_billing_or_closed_and_every_key_closed() -> None:
    for one in correctable().values():
        known = entities()[one.entity]
        assert {one.kind(field) for field in known.fields} <= {PLAIN, BILLING, CLOSED}
        assert all(one.kind(field) == CLOSED for field in known.key)
        assert len(known.key) == 1
        assert set(one.billing) & set(one.closed) == set()


@pytest.mark.parametrize(("row", "said"), [
    (correct("elec_addr", "乙路"), ""), (correct("mp_addr", "丙", "metering_point", row_id="MP2"), ""),
    (correct("status", "9"), "不许手工更正"), (correct("cons_no", "9"), "不许手工更正"), (correct("colour", "红"), "没有 colour 这个字段"),
    (correct("reading", "1", "reading"), "不能用档案维护更正"), (correct("mp_addr", "丙", "metering_point"), "本户有 2 条"),
    (correct("mp_addr", "丙", "metering_point", row_id="MP9"), "MP9"),
])  # fmt: skip
def test_a_correction_names_a_row_and_a_field_nothing_else_changes(row: dict[str, Any], said: str) -> None:
    assert [said in reason for reason in asked("correction_allowed", row)] == ([True] if said else [])


@pytest.mark.parametrize(("row", "said"), [
    (correct("elec_addr", "示范路1号"), "与档案现值相同"), (correct("build_date", "2016-13-01"), "立户日期"),
    (correct("org_no", "00000"), "不在代码表里"), (correct("org_no", "99402"), ""), (correct("contract_cap", "十二"), "合同容量"),
])  # fmt: skip
def test_a_new_value_is_of_the_type_the_list_and_another_one(row: dict[str, Any], said: str) -> None:
    assert [said in reason for reason in asked("correction_value_sound", row)] == ([True] if said else [])


def test_a_field_is_asked_for_once() -> None:
    twice = [correct("elec_addr", "乙路"), correct("elec_addr", "丙路")]
    assert len(asked("correction_value_sound", *twice)) == 2


@pytest.mark.parametrize(("rows", "reasons"), [
    ([correct("run_cap", "12")], 0), ([correct("run_cap", "12.1")], 1), ([correct("contract_cap", "11")], 1),
    ([correct("contract_cap", "20"), correct("run_cap", "20")], 0), ([correct("run_cap", "0")], 1), ([correct("elec_addr", "乙")], 0),
])  # fmt: skip
def test_capacities_stay_in_order(rows: list[dict[str, Any]], reasons: int) -> None:
    assert len(asked("correction_keeps_capacity", *rows)) == reasons


@pytest.mark.parametrize(
    ("until", "reasons"), [("2026-11-22", 1), ("2026-11-23", 0), ("2026-11-30", 0), ("2026-12-01", 1)]
)
def test_leave_runs_for_a_week_at_most(until: str, reasons: int) -> None:
    assert len(told("authorisation_runs", facts({"authorised_until": until}))) == reasons


@pytest.mark.parametrize(("since", "qty", "reason", "reasons"), [
    ("2026-01-01", 12.0, None, 0), ("2026-01-01", 0.0, "未影响", 0), ("2026-01-01", 0.0, None, 1), ("2016-04-10", 5.0, None, 1),
    ("2026-11-24", 5.0, None, 1),
])  # fmt: skip
def test_an_assessment_says_since_when_and_why_nothing(
    since: str, qty: float, reason: str | None, reasons: int
) -> None:
    f = facts({"wrong_since": since, "adjust_qty": qty, "adjust_reason": reason}, customer=HOUSE)
    assert len(told("assessment_grounded", f)) == reasons


def corrected(desk: Desk, *rows: dict[str, Any]) -> tuple[str, list[str]]:
    """An order with these corrections to its end, and the steps it went through."""
    case = opened_for_run(desk, "archive_maintenance", "1016000006", Plan({"corrections": json.dumps(rows)}))
    return case, [step["step"] for step in run(desk, case, Plan(confirm_all=True, fill=True))]


def test_a_plain_correction_goes_on_authorisation_alone_and_is_on_record() -> None:
    desk = fresh()
    case, steps = corrected(desk, correct("elec_addr", "示范市乙路2号"))
    assert steps == ["acceptance", "authorisation", "maintenance", "data_archiving"]
    customer = desk.store.table("customer").get(doc_id="1016000006")
    assert (customer["elec_addr"], customer["status"]) == ("示范市乙路2号", "0")
    record = desk.store.table("field_change").get(doc_id=f"{case}-1")
    assert (record["old_value"], record["new_value"], record["basis"]) == (
        "示范市城东示范小区6幢3单元601室",
        "示范市乙路2号",
        "试",
    )


def test_a_billing_correction_is_assessed_and_goes_to_the_leading_group() -> None:
    desk = fresh()
    case, steps = corrected(desk, correct("multiplier", "2", "meter"))
    assert steps == [
        "acceptance",
        "billing_review",
        "authorisation",
        "board",
        "maintenance",
        "data_archiving",
    ]
    assert desk.store.table("meter").get(doc_id="M10160000061")["multiplier"] == 2.0
    assert "核算复核" in desk.store.table("due_task").get(doc_id=f"{case}-15")["content"]


def test_what_somebody_else_changed_meanwhile_is_not_written_over() -> None:
    desk = fresh()
    case = opened_for_run(desk, "archive_maintenance", "1016000006", Plan())
    list(run(desk, case, Plan(confirm_all=True, fill=True, until="maintenance")))
    table = desk.store.table("customer")
    with desk.store.transaction():
        table.save({**table.get(doc_id="1016000006"), "elec_addr": "示范市丙路3号"})
    with pytest.raises(Refused, match="有人改过"):
        list(run(desk, case, Plan(confirm_all=True, fill=True)))
