"""What 减容, 暂停, 暂拆, 暂换 and their ways back leave in the demonstration archive."""

from __future__ import annotations

from typing import Any

from trials import fresh

from yk.desk import Desk
from yk.desk.running import Plan, opened_for_run, run


def ended(flow: str, customer: str, **data: Any) -> Desk:
    """The desk after an order of `flow` ran to its end by its examples and `data`."""
    desk, plan = fresh(), Plan(data=data, confirm_all=True, fill=True)
    case = opened_for_run(desk, flow, customer, plan)
    list(run(desk, case, plan))
    assert desk.get(case).status == "completed"
    return desk


def row(desk: Desk, table: str, key: str) -> dict[str, Any]:
    """A row of the archive."""
    return dict(desk.store.table(table).get(doc_id=key))


CONTRACT = "05"
"""The kind of task that calls a contract up before its end; the contract's own order sets it."""


def of(desk: Desk, table: str, cons_no: str) -> list[dict[str, Any]]:
    """The customer's rows of a table."""
    return [dict(r) for r in desk.store.table(table) if r.get("cons_no") == cons_no]


def test_a_reduction_for_a_time_leaves_contract_and_place() -> None:
    desk = ended("capacity_reduction", "1016000069")
    customer, unit = row(desk, "customer", "1016000069"), row(desk, "transformer", "T10160000691")
    (stoppage,) = of(desk, "stoppage", "1016000069")
    assert (customer["contract_cap"], customer["run_cap"], customer["status"]) == (2000.0, 1000.0, "0")
    assert (unit["run_status"], unit["resume_date"]) == ("02", "2027-12-23")
    assert unit["seal_no"] == of(desk, "seal_record", "1016000069")[0]["seal_no"]
    assert (stoppage["kind"], stoppage["cap"], stoppage["planned_date"]) == ("1", 1000.0, "2027-12-23")
    tasks = [t for t in of(desk, "due_task", "1016000069") if t["kind"] != CONTRACT]
    assert [(t["kind"], t["due_date"], t["remind_date"]) for t in tasks] == [
        ("01", "2027-12-23", "2027-12-09")
    ]


def test_a_reduction_for_good_changes_the_contract_and_leaves_no_task() -> None:
    desk = ended("capacity_reduction", "1016000069", reduction_kind="2", agreed_cap="1000")
    customer = row(desk, "customer", "1016000069")
    assert (customer["contract_cap"], customer["run_cap"]) == (1000.0, 1000.0)
    assert row(desk, "contract", "HT1016000069")["cap"] == 1000.0
    assert row(desk, "transformer", "T10160000691")["run_status"] == "03"
    assert {p["mp_cap"] for p in of(desk, "metering_point", "1016000069")} == {1000.0}
    assert {t["kind"] for t in of(desk, "due_task", "1016000069")} == {CONTRACT}


def test_a_smaller_unit_comes_with_works_and_inspection() -> None:
    desk = ended(
        "capacity_reduction",
        "1016000001",
        stopped='[{"tran_id": "T10160000011", "new_cap": 800}]',
        apply_cap="800",
        replaced_cap="800",
    )
    alive = [u for u in of(desk, "transformer", "1016000001") if u["run_status"] == "01"]
    assert [u["plate_cap"] for u in alive] == [800.0]
    assert row(desk, "customer", "1016000001")["run_cap"] == 800.0
    (case,) = (c for c in desk.store.table("case") if c["flow"] == "capacity_reduction")
    assert case["data"]["inspection_result"] == "1"


def test_a_restored_reduction_closes_record_and_task() -> None:
    desk = ended("capacity_restore", "1016000129")
    unit = row(desk, "transformer", "T10160001292")
    assert row(desk, "customer", "1016000129")["run_cap"] == 1260.0
    assert (unit["run_status"], unit["stop_date"], unit["seal_no"]) == ("01", None, None)
    assert all(r["resumed_date"] for r in of(desk, "stoppage", "1016000129"))
    assert all(t["done_date"] for t in of(desk, "due_task", "1016000129"))
    assert sorted(s["action"] for s in of(desk, "seal_record", "1016000129")) == ["1", "2"]


def test_a_suspension_and_its_end() -> None:
    desk = ended("suspension", "1016000069")
    customer = row(desk, "customer", "1016000069")
    assert (customer["contract_cap"], customer["run_cap"]) == (2000.0, 1000.0)
    assert [t["kind"] for t in of(desk, "due_task", "1016000069")] == ["02"]
    plan = Plan(confirm_all=True, fill=True)
    list(run(desk, opened_for_run(desk, "resumption", "1016000069", plan), plan))
    assert row(desk, "customer", "1016000069")["run_cap"] == 2000.0
    assert all(r["resumed_date"] for r in of(desk, "stoppage", "1016000069"))


def test_a_meter_taken_down_and_put_up_again_leaves_the_account_as_it_was() -> None:
    cons_no = "1016000125"
    desk = ended("temporary_removal", cons_no)
    before = row(desk, "customer", cons_no)
    assert before["status"] == "0"
    assert [p["status"] for p in of(desk, "metering_point", cons_no)] == ["03"]
    assert not of(desk, "meter", cons_no)
    plan = Plan(confirm_all=True, fill=True)
    list(run(desk, opened_for_run(desk, "reinstallation", cons_no, plan), plan))
    (point,), (meter,) = of(desk, "metering_point", cons_no), of(desk, "meter", cons_no)
    assert (point["status"], point["calc_mode"], point["meter_flag"]) == ("02", "1", "1")
    assert meter["mp_id"] == point["mp_id"]
    assert {"暂拆", "复装"} <= {c["reason"] for c in of(desk, "meter_change", cons_no)}
    assert row(desk, "customer", cons_no) == before
    assert all(t["done_date"] for t in of(desk, "due_task", cons_no))


def test_a_swap_is_charged_by_the_bigger_unit_and_undone_in_full() -> None:
    desk = ended("temporary_replacement", "1016000001")
    (stoppage,) = of(desk, "stoppage", "1016000001")
    assert (stoppage["kind"], stoppage["cap"], stoppage["bill_cap"]) == ("4", 1250.0, 1350.0)
    assert row(desk, "customer", "1016000001")["run_cap"] == 1250.0
    plan = Plan(confirm_all=True, fill=True)
    list(run(desk, opened_for_run(desk, "replacement_restore", "1016000001", plan), plan))
    states = {u["tran_id"]: u["run_status"] for u in of(desk, "transformer", "1016000001")}
    assert sorted(states.values()) == ["01", "03"]
    assert states["T10160000011"] == "01"
