"""批量销户 on the engine: which rows a plan lets go, what applying writes, what undoing gives back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from batches import Office, closing, codes, listing, messages, n, refusal, said, stock, traces, whole_archive

from yk.batch import applying, ordering, planning, undoing
from yk.batch.kinds import find_kind
from yk.batch.striking import strike
from yk.desk.checking import check
from yk.errors import Refused, UsageError

Plant = Callable[[Office], None]


def _meterless(office: Office) -> None:
    office.store.table("meter").remove(doc_ids=[f"M{n(2)}1"])


DEFECTS: dict[str, tuple[Plant, str]] = {
    "closed": (lambda o: o.put("customer", cons_no=n(2), status="9"), "batch_account_busy"),
    "locked": (lambda o: o.put("customer", cons_no=n(2), status="3"), "batch_account_busy"),
    "arrears": (lambda o: o.owes(n(2)), "batch_arrears"),
    "violation": (
        lambda o: o.put("violation", vio_id="V1", cons_no=n(2), found_date="2026-10-01"),
        "batch_violation",
    ),
    "prepayment": (lambda o: o.put("prepayment", cons_no=n(2), amount=30.0), "batch_balance_left"),
    "no meter": (_meterless, "batch_account_unknown"),
    "reading backwards": (lambda o: o.put("meter_register", reg_id=f"RG{n(2)}1", reading=151.0), "closing_reading_wrong"),
    "beyond the meter": (lambda o: o.put("meter", meter_id=f"M{n(2)}1", int_digits=2), "reading_beyond_meter"),
    "high voltage": (lambda o: o.put("customer", cons_no=n(2), cons_sort="01"), "batch_high_voltage"),
    "resale": (lambda o: o.put("customer", cons_no=n(2), transfer_supply="02"), "batch_others_depend"),
    "two meters": (lambda o: o.second_meter(2), "many_meters"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_blocks_its_row_with_its_own_code_and_no_other(name: str) -> None:
    office = Office()
    plant, code = DEFECTS[name]
    plant(office)
    before = whole_archive(office.store)
    batch = office.plan("closure", closing(1, 2, 3))
    first, second, third = office.rows(batch)
    assert [first["status"], second["status"], third["status"]] == ["ready", "blocked", "ready"]
    assert said(second) == {code}
    assert n(2) in messages(second)
    assert second["changes"] == []
    assert whole_archive(office.store) == before


def test_unknown_accounts_missing_readings_and_damaged_cells_are_told() -> None:
    office = Office()
    batch = office.plan("closure", closing({"cons_no": "999"}, {"cons_no": n(1), "closing_reading": None}))
    unknown, unread = office.rows(batch)
    assert said(unknown) == {"batch_account_unknown"}
    assert said(unread) == {"closing_reading_missing"}


def test_what_the_owner_owes_elsewhere_is_a_notice_or_a_refusal() -> None:
    for policy, status in (("notice", "ready"), ("refuse", "blocked")):
        office = Office(peer_arrears_policy=policy)
        office.put("customer", cons_no=n(5), party_no=f"P{n(1)}")
        office.owes(n(5))
        row = office.rows(office.plan("closure", closing(1)))[0]
        assert row["status"] == status
        assert n(5) in messages(row, "notices" if policy == "notice" else "reasons")


def test_an_account_in_another_order_or_batch_is_blocked() -> None:
    office = Office()
    case = office.desk().open("rename", n(1), {}).case
    other = office.plan("closure", closing(2))
    assert office.statuses(office.plan("closure", closing(2, 3))) == ["ready", "ready"], "a plan holds nobody"
    office.until_writing(other)
    first, second = office.rows(office.plan("closure", closing(1, 2)))
    assert case in messages(first)
    assert other in messages(second)


def test_repeated_rows_name_both_lines() -> None:
    office = Office()
    same, twice = office.rows(office.plan("closure", closing(1, 1)))
    assert (same["status"], twice["status"]) == ("ready", "skipped")
    assert "第 3 行与第 2 行重复" in messages(twice)
    rows = office.rows(office.plan("closure", closing(2, {"cons_no": n(2), "closing_reading": 160.0})))
    assert [row["status"] for row in rows] == ["blocked", "blocked"]
    assert said(rows[0]) == {"duplicate_conflict"}


def test_two_meters_of_an_account_are_written_in_two_rows() -> None:
    office = Office()
    office.second_meter(1)
    rows = closing(
        {"cons_no": n(1), "asset_no": "990000000001", "closing_reading": 150.0},
        {"cons_no": n(1), "asset_no": "980000000001", "closing_reading": 120.0},
    )
    batch = office.carry_out("closure", rows)
    assert office.statuses(batch) == ["done", "skipped"]
    read = {row["old_asset"]: row["old_reading"] for row in office.store.table("meter_change")}
    assert read == {"A990000000001": 150.0, "A980000000001": 120.0}


def test_an_operator_of_a_unit_closes_accounts_of_that_unit() -> None:
    office = Office()
    office.put("customer", cons_no=n(2), org_no="99402")
    assert office.statuses(office.plan("closure", closing(1, 2))) == ["ready", "ready"]
    other = Office()
    other.put("customer", cons_no=n(2), org_no="99402")
    batch = other.plan("closure", closing(1, 2), org_no="99401")
    assert [said(row) for row in other.rows(batch)] == [set(), {"batch_units_mixed"}]


def test_applying_closes_the_accounts_and_touches_nobody_else() -> None:
    office = Office()
    before = whole_archive(office.store)
    batch = office.carry_out("closure", closing(1, 2))
    assert office.counts(batch) == {"done": 2}
    assert office.get("customer", n(1))["status"] == "9"
    assert office.get("meter", f"M{n(1)}1") == {}
    assert office.get("contract", f"HT{n(1)}")["status"] == "终止"
    after = whole_archive(office.store)
    for table, rows in before.items():
        for key, row in rows.items():
            if n(1) not in key and n(2) not in key and "99000000000" not in key:
                assert after[table][key] == row, (table, key)
    desk = office.desk()
    assert desk.get(batch).status == "completed"
    assert desk.verify(batch) == []
    assert check(office.store) == []


def test_a_plan_without_confirmation_is_refused_with_everything_that_is_open() -> None:
    office = Office()
    batch = office.plan("closure", closing(1))
    before = traces(office.store)
    reasons = refusal(lambda: applying.apply(office.desk(), batch))
    assert len(reasons) > 40
    assert {reason.code for reason in reasons} == {"control_open"}
    assert traces(office.store) == before


def test_everybody_confirms_what_is_of_their_roles() -> None:
    office = Office()
    batch = office.plan("closure", closing(1))
    _, answered, left = office.confirm(batch, "acceptance_clerk")
    assert answered
    assert left
    items = ordering.checklist(office.desk(), office.doc(batch))
    done = {item["step"] for item in items if item["state"] == "done" and item["kind"] == "control"}
    assert done == {"acceptance"}
    assert "role_missing" in codes(
        lambda: ordering.confirm(office.desk("inspector"), office.doc(batch), [], every=True)
    )
    with pytest.raises(UsageError):
        ordering.confirm(office.desk(), office.doc(batch), ["414.9.R9.C9"])


def test_what_a_person_answers_for_is_never_not_needed() -> None:
    office = Office()
    batch = office.plan("closure", closing(1))
    with pytest.raises(UsageError) as caught:
        ordering.confirm(office.desk(), office.doc(batch), ["approval_result"], state="na", reason="不用批")
    assert caught.value.code == "declaration_na"
    assert office.doc(batch)["confirmed"] == {}


def test_a_person_approves_where_the_setting_says_so() -> None:
    office = Office(batch_approval="person")
    batch = office.plan("closure", closing(1))
    office.confirm(batch)
    assert codes(lambda: applying.apply(office.desk(), batch)) == {"approval_waiting"}
    assert office.counts(batch) == {"ready": 1}
    desk = office.desk("approver")
    desk.fill(batch, {"approval_result": "1", "approval_opinion": "同意", "same_basis_count": 1})
    desk.confirm(batch, [], every=True)
    desk.send(batch)
    office.apply(batch)
    assert office.counts(batch) == {"done": 1}


def test_many_accounts_under_one_paper_need_a_seniors_word() -> None:
    office = Office(batch_senior_accounts=1)
    batch = office.plan("closure", closing(1, 2))
    assert "senior_approved" in {d.field for d in ordering.declarations(office.desk(), office.doc(batch))}
    office.confirm(batch)
    office.apply(batch)
    assert office.counts(batch) == {"done": 2}


def test_the_approver_takes_a_row_out() -> None:
    office = Office()
    batch = office.plan("closure", closing(1, 2))
    with pytest.raises(Refused):
        strike(office.desk("cashier"), batch, [n(1)], "不在范围")
    strike(office.desk("approver"), batch, [n(1)], "现场仍在用电")
    office.confirm(batch)
    office.apply(batch)
    struck, done = office.rows(batch)
    assert (struck["status"], done["status"]) == ("skipped", "done")
    assert "现场仍在用电" in messages(struck)
    assert office.get("customer", n(1))["status"] == "0"
    assert codes(lambda: strike(office.desk("approver"), batch, [n(2)], "晚了")) & {
        "rows_written",
        "order_ended",
    }


def test_arrears_that_come_late_fail_the_row_and_are_followed_up() -> None:
    office = Office()
    batch = office.plan("closure", closing(1, 2))
    office.owes(n(1))
    office.confirm(batch)
    office.apply(batch)
    late, done = office.rows(batch)
    assert (late["status"], done["status"]) == ("failed", "done")
    assert said(late) == {"batch_arrears"}
    tasks = [row for row in office.store.table("due_task") if row["cons_no"] == n(1)]
    assert len(tasks) == 1
    assert "欠费" in tasks[0]["content"]


def test_a_row_whose_account_changed_since_the_plan_is_stale() -> None:
    office = Office()
    batch = office.plan("closure", closing(1, 2))
    office.put("customer", cons_no=n(1), run_cap=6.0)
    office.confirm(batch)
    office.apply(batch)
    first, second = office.rows(batch)
    assert said(first) == {"stale"}
    assert "run_cap" in messages(first)
    assert second["status"] == "done"


def test_a_run_stopped_at_a_chunk_goes_on_and_does_no_row_twice() -> None:
    office = Office(batch_chunk_rows=2)
    batch = office.plan("closure", closing(*range(1, 8)))
    office.confirm(batch)
    run = applying.apply(office.desk(), batch)
    while next(run).said:
        pass
    run.close()
    assert office.counts(batch) == {"ready": 5, "done": 2}
    office.apply(batch)
    assert office.counts(batch) == {"done": 7}
    assert len(list(office.store.table("meter_change"))) == 7


def test_two_processes_at_one_batch_take_turns(tmp_path: object) -> None:
    office = Office(f"sqlite:///{tmp_path}/yk.db", batch_chunk_rows=1)
    from yk.archive.opening import open_store

    batch = office.plan("closure", closing(*range(1, 7)))
    office.until_writing(batch)
    other = open_store(f"sqlite:///{tmp_path}/yk.db")
    runs = [applying.apply(office.desk(), batch), applying.apply(office.desk(store=other), batch)]
    for _ in range(3):
        for run in runs:
            next(run)
    for run in runs:
        for _ in run:
            pass
    assert office.counts(batch) == {"done": 6}
    events = [e for e in office.desk().events(batch) if e["event"] == "batch_apply"]
    assert sorted(e["answers"]["rows"][0] for e in events) == [1, 2, 3, 4, 5, 6]
    other.close()
    office.store.close()


@pytest.mark.parametrize("what", ["plan", "apply", "undo"])
def test_a_rehearsal_leaves_no_trace(what: str) -> None:
    office = Office()
    if what == "plan":
        before = traces(office.store)
        *_, last = planning.plan(office.desk(dry_run=True), find_kind("closure"), closing(1), {})
        assert last.rows == 1
    else:
        batch = (
            office.plan("closure", closing(1, 2))
            if what == "apply"
            else office.carry_out("closure", closing(1, 2))
        )
        if what == "apply":
            office.confirm(batch)
        before = traces(office.store)
        run = applying.apply if what == "apply" else undoing.undo
        *_, progress = run(office.desk(dry_run=True), batch)
        assert progress.done == 2
    assert traces(office.store) == before


def test_undoing_gives_back_what_was_and_leaves_later_work() -> None:
    office = Office()
    before = whole_archive(office.store)
    batch = office.carry_out("closure", closing(1, 2, 3))
    office.put("customer", cons_no=n(1), elec_addr="示范市改址 1 号")
    office.put("meter_asset", asset_id="A990000000002", asset_status="02")
    after_change = whole_archive(office.store)
    office.undo(batch)
    rows = office.rows(batch)
    assert [row["status"] for row in rows] == ["undone", "done", "undone"]
    assert said(rows[1]) == {"changed_since"}
    assert "资产状态" in messages(rows[1])
    assert office.get("customer", n(1))["elec_addr"] == "示范市改址 1 号"
    assert office.get("customer", n(3)) == {
        **before["customer"][n(3)],
        **{k: None for k in office.get("customer", n(3)) if k not in before["customer"][n(3)]},
    }
    assert after_change["customer"][n(2)]["status"] == "9"


def test_undoing_is_refused_when_its_time_is_over_or_nothing_was_done() -> None:
    office = Office(batch_undo_hours=1)
    batch = office.plan("closure", closing(1))
    assert codes(lambda: undoing.undo(office.desk(), batch)) == {"nothing_to_undo"}
    office.confirm(batch)
    office.apply(batch)
    office.clock.advance(hours=2)
    assert codes(lambda: undoing.undo(office.desk(), batch)) == {"undo_too_late"}


def test_the_same_list_is_planned_anew_until_it_is_sent() -> None:
    office = Office()
    office.owes(n(1))
    batch = office.plan("closure", closing(1, 2))
    office.put("receivable", rcv_id=f"R{n(1)}", paid=42.5)
    assert office.plan("closure", closing(1, 2)) == batch
    assert office.statuses(batch) == ["ready", "ready"]
    office.confirm(batch)
    office.apply(batch)
    assert codes(lambda: planning.plan(office.desk(), find_kind("closure"), closing(1, 2), {})) == {
        "batch_exists"
    }
    office.undo(batch)
    assert office.plan("closure", closing(1, 2)) != batch


def test_who_has_no_part_in_the_flow_neither_fills_applies_nor_undoes() -> None:
    office = Office()
    batch = office.plan("closure", closing(1))
    office.confirm(batch)
    before = traces(office.store)
    stranger = office.desk("inspector")
    assert codes(lambda: ordering.set_values(stranger, batch, {"basis_no": "征收1号"})) == {"role_missing"}
    assert codes(lambda: applying.apply(stranger, batch)) == {"role_missing"}
    assert traces(office.store) == before
    office.apply(batch)
    assert codes(lambda: undoing.undo(stranger, batch)) == {"role_missing"}
    event = [e for e in office.desk().events(batch) if e["event"] == "batch_apply"][-1]
    assert event["role"] == "acceptance_clerk"


def test_a_list_of_nobody_is_not_applied() -> None:
    office = Office()
    batch = office.plan("closure", listing([{"cons_no": "1", "closing_reading": 1.0}]))
    office.confirm(batch)
    assert codes(lambda: applying.apply(office.desk(), batch)) == {"batch_empty"}
    assert stock(1)
