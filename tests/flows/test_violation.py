"""违约用电、窃电: where its guards draw the line, and what a whole case leaves in the archive."""

from __future__ import annotations

from typing import Any

import pytest
from plain_facts import CUSTOMER, asked, facts
from trials import fresh

from yk.desk import Desk
from yk.desk.looking_up import row_of
from yk.desk.running import Plan, opened_for_run, run
from yk.errors import Refused

CUSTOMER_NO = "1016000001"
THEFT = {
    "finding": "02",
    "act": "22",
    "capacity": 5,
    "theft_use": "1",
    "duration_known": False,
    "energy_price": "0.6",
}
BREACH: dict[str, Any] = {"finding": "01", "act": "15"}


def walked(data: dict[str, object], until: str = "") -> tuple[Desk, str]:
    """An order of the flow run with these values, the rest by the examples."""
    desk, plan = fresh(), Plan(dict(data), confirm_all=True, fill=True, until=until)
    case = opened_for_run(desk, "breach_and_theft", CUSTOMER_NO, plan)
    list(run(desk, case, plan))
    return desk, case


def row(desk: Desk, table: str, key: str) -> dict[str, Any]:
    """A row of the archive; {} when there is none."""
    return row_of(desk.store, table, key)


class TestEvidence:
    def test_two_people_are_not_one_written_twice(self) -> None:
        assert asked("inspectors_paired", facts({"lead_inspector": "甲", "second_inspector": "甲"}))
        assert not asked("inspectors_paired", facts({"lead_inspector": "甲", "second_inspector": "乙"}))

    @pytest.mark.parametrize(
        ("plate", "clamp", "video", "good"),
        [
            (True, False, True, True),
            (False, True, True, True),
            (True, True, False, False),
            (False, False, True, False),
        ],
    )
    def test_a_capacity_is_filmed_and_read_or_measured(
        self, plate: bool, clamp: bool, video: bool, good: bool
    ) -> None:
        data = {"capacity": 5, "shown_by_plate": plate, "shown_by_clamp": clamp, "shown_by_video": video}
        assert (asked("capacity_attested", facts(BREACH | data)) == []) is good

    @pytest.mark.parametrize(
        ("finding", "act", "good"), [("01", "15", True), ("01", "22", False), ("02", "26", True)]
    )
    def test_finding_and_act_are_of_one_kind(self, finding: str, act: str, good: bool) -> None:
        assert (asked("violation_classified", facts({"finding": finding, "act": act})) == []) is good

    def test_a_quota_is_a_breach_by_the_old_rules_only(self) -> None:
        data = {"finding": "01", "act": "13"}
        assert asked("violation_classified", facts(data, rule_set="R16")) == []
        assert asked("violation_classified", facts(data, rule_set="R24"))

    def test_a_clue_that_proved_empty_has_no_act(self) -> None:
        assert asked("violation_classified", facts({"finding": "00", "act": "15"}))
        assert asked("evidence_fixed", facts({"finding": "00"})) == []


class TestBreachFits:
    @pytest.mark.parametrize(
        ("in_use", "capacity", "good"), [(1310, 60, True), (1250, 0, False), (1310, 50, False)]
    )
    def test_excess_is_what_is_in_use_beyond_the_contract(
        self, in_use: float, capacity: float, good: bool
    ) -> None:
        data = {"act": "12", "contract_cap": 1250.0, "in_use_cap": in_use, "capacity": capacity}
        assert (asked("violation_act_fits", facts(data)) == []) is good

    def test_sealed_equipment_was_sealed_or_stopped(self) -> None:
        data = {"act": "14"}
        assert asked("violation_act_fits", facts(data))
        assert asked("violation_act_fits", facts(data, {"transformer": [{"run_status": "02"}]})) == []
        assert asked("violation_act_fits", facts(data, {"seal_record": [{"seal_no": "F1"}]})) == []


class TestTheft:
    @pytest.mark.parametrize(
        ("known", "days", "hours", "good"),
        [
            (False, None, None, True),
            (False, 180, 12.0, True),
            (False, 179, 12.0, False),
            (False, 180, 11.5, False),
            (True, 20, 3.0, True),
            (True, None, 3.0, False),
        ],
    )
    def test_what_nobody_knows_counts_180_days_of_12_hours_at_least(
        self, known: bool, days: int | None, hours: float | None, good: bool
    ) -> None:
        data = {"theft_use": "1", "duration_known": known, "theft_days": days, "theft_hours": hours}
        assert (asked("theft_duration_kept", facts(data)) == []) is good

    @pytest.mark.parametrize(
        ("act", "capacity", "good"), [("25", 131.64, True), ("25", 130.0, False), ("22", 130.0, True)]
    )
    def test_a_meter_tampered_with_counts_its_rated_current(
        self, act: str, capacity: float, good: bool
    ) -> None:
        meter = {"meter_amps": 5, "meter_phases": 3, "meter_kv": 0.38, "meter_ratio": 40}
        data = {"finding": "02", "act": act, "capacity": capacity} | meter
        assert (asked("theft_capacity_fits", facts(data)) == []) is good

    @pytest.mark.parametrize(("price", "good"), [("0.0925", True), ("0.0926", False)])
    def test_a_thousand_yuan_go_to_the_police(self, price: str, good: bool) -> None:
        data = THEFT | {"energy_price": price, "transfer": False}  # 10 800 kWh: 999.00 and 1000.08 yuan
        assert (asked("theft_transfer_decided", facts(data)) == []) is good

    def test_an_important_customer_is_not_cut_on_the_spot(self) -> None:
        important = {"customer": {**CUSTOMER, "importance": "2"}}
        assert asked("immediate_cut_safe", facts({"cut_on_spot": True}, important))
        assert asked("immediate_cut_safe", facts({"cut_on_spot": True})) == []


class TestCharges:
    def test_sums_are_those_of_the_rules_and_the_working_is_told(self) -> None:
        right = THEFT | {"makeup_amount": 6480.0, "penalty_amount": 19440.0}
        assert asked("charge_matches_formula", facts(right)) == []
        (message,) = asked("charge_matches_formula", facts(right | {"penalty_amount": 19440.01}))
        assert "6480.00 元 × 3 ＝ 19440.00 元" in message

    @pytest.mark.parametrize(
        ("rule_set", "multiple", "reason", "good"),
        [
            ("R96", None, "", True),
            ("R96", 3, "", True),
            ("R96", 2, "初犯", False),
            ("R24", 2, "", True),
            ("R24", 3, "", False),
            ("R24", 3, "屡犯", True),
            ("R24", None, "", False),
            ("R24", 3.5, "屡犯", False),
        ],
    )
    def test_a_multiple_is_fixed_by_the_old_rules_and_a_ceiling_by_the_new(
        self, rule_set: str, multiple: float | None, reason: str, good: bool
    ) -> None:
        data = THEFT | {"multiple": multiple, "multiple_reason": reason}
        assert (asked("multiple_justified", facts(data, rule_set=rule_set)) == []) is good

    def test_the_setting_outweighs_the_rule_set(self) -> None:
        data = THEFT | {"multiple": 2}
        assert asked("multiple_justified", facts(data, violation_multiple_rule="fixed"))
        assert (
            asked("multiple_justified", facts(data, rule_set="R96", violation_multiple_rule="not_above"))
            == []
        )

    @pytest.mark.parametrize(("yuan", "good"), [(50000.0, True), (50000.01, False)])
    def test_beyond_a_sum_the_superior_approves(self, yuan: float, good: bool) -> None:
        data = BREACH | {"penalty_amount": yuan, "approval_level": "1"}
        assert (asked("approval_level_fits", facts(data)) == []) is good
        assert asked("approval_level_fits", facts(data | {"approval_level": "2"})) == []

    @pytest.mark.parametrize(("capacity", "good"), [(46.29, True), (46.30, False)])
    def test_beyond_a_quantity_the_superior_approves(self, capacity: float, good: bool) -> None:
        data = THEFT | {"capacity": capacity, "approval_level": "1"}
        assert (asked("approval_level_fits", facts(data)) == []) is good  # 99 986.4 and 100 008 kWh

    @pytest.mark.parametrize(
        ("approved", "reason", "good"),
        [(5000, "", True), (4000, "", False), (4000, "批文", True), (5001, "批文", False)],
    )
    def test_less_is_explained_and_more_is_not_approved(
        self, approved: float, reason: str, good: bool
    ) -> None:
        data = {"penalty_amount": 5000.0, "approved_total": approved, "reduction_reason": reason}
        assert (asked("reduction_explained", facts(data)) == []) is good

    @pytest.mark.parametrize(
        ("paid", "agreement", "first", "good"),
        [(100, "", False, True), (99.99, "", False, False), (0, "XY", True, True), (0, "XY", False, False)],
    )
    def test_paid_or_an_agreement_with_its_first_instalment(
        self, paid: float, agreement: str, first: bool, good: bool
    ) -> None:
        data = {
            "approved_total": 100.0,
            "paid_total": paid,
            "agreement_no": agreement,
            "first_instalment_paid": first,
        }
        assert (asked("charges_paid_or_agreed", facts(data)) == []) is good


class TestReconnection:
    @pytest.mark.parametrize(
        ("rule_set", "done", "good"),
        [
            ("R24", "2026-11-23T08:00:00+08:00", True),
            ("R24", "2026-11-23T08:01:00+08:00", False),
            ("R96", "2026-11-25T08:00:00+08:00", True),
            ("R96", "2026-11-25T08:01:00+08:00", False),
        ],
    )
    def test_power_is_back_within_a_day_or_by_the_old_rules_three(
        self, rule_set: str, done: str, good: bool
    ) -> None:
        data = {"conditions_met_at": "2026-11-22T08:00:00+08:00", "reconnected_at": done}
        assert (asked("restored_in_time", facts(data, rule_set=rule_set)) == []) is good
        assert asked("restored_in_time", facts(data | {"late_reason": "客户要求"}, rule_set=rule_set)) == []

    def test_a_seal_number_is_used_once(self) -> None:
        assert asked("seals_renewed", facts({"old_seal_no": "F1", "new_seal_no": "F1"}))
        assert asked("seals_renewed", facts({"new_seal_no": "F2"}, {"seal_record": [{"seal_no": "F2"}]}))
        assert asked("seals_renewed", facts({"old_seal_no": "F1", "new_seal_no": "F2"})) == []


class TestWholeCases:
    def test_a_breach_is_charged_paid_and_closed(self) -> None:
        desk, case = walked(BREACH)
        record = row(desk, "violation", f"V{case}")
        assert (record["kind"], record["amount"], record["closed_date"]) == ("01", 5000.0, "2026-11-23")
        charge = row(desk, "receivable", f"{case}-020")
        assert (charge["amount"], charge["paid"], charge["settled_date"]) == (5000.0, 5000.0, "2026-11-23")
        assert row(desk, "receivable", f"{case}-010") == {}

    def test_a_theft_cut_on_the_spot_ends_with_power_and_a_second_look(self) -> None:
        desk, case = walked(THEFT | {"cut_on_spot": True, "cut_at": "2026-11-22T16:00"})
        energy, penalty = (row(desk, "receivable", f"{case}-{kind}") for kind in ("010", "020"))
        assert (energy["amount"], penalty["amount"]) == (6480.0, 19440.0)
        outage = row(desk, "outage", f"O{case}")
        assert (outage["reason"], outage["off_time"]) == ("违窃", "2026-11-22T16:00:00")
        assert outage["on_time"] == "2026-11-23T09:00:00"
        assert row(desk, "customer", CUSTOMER_NO)["stop_flag"] == "0"
        assert row(desk, "due_task", f"{case}-06")["due_date"] == "2027-02-21"

    def test_while_the_case_is_open_the_account_bears_its_mark(self) -> None:
        desk, case = walked(THEFT | {"cut_on_spot": True}, until="violation_approval")
        assert row(desk, "violation", f"V{case}")["closed_date"] is None
        assert row(desk, "customer", CUSTOMER_NO)["stop_flag"] == "1"

    def test_a_clue_that_proved_empty_is_filed_without_a_mark(self) -> None:
        desk, case = walked({"finding": "00"})
        assert desk.get(case).status == "completed"
        assert row(desk, "violation", f"V{case}") == {}

    def test_damage_is_owed_beside_the_charge(self) -> None:
        desk, case = walked(BREACH | {"damage_amount": 800})
        fee = row(desk, "business_fee", f"{case}-06")
        assert (fee["amount"], fee["paid"]) == (800.0, 800.0)
        assert row(desk, "violation", f"V{case}")["amount"] == 5800.0

    def test_a_reduction_is_taken_off_the_penalty_first(self) -> None:
        data = THEFT | {"approved_total": 10000, "reduction_reason": "减免批文〔2026〕3号"}
        desk, case = walked(data)
        energy, penalty = (row(desk, "receivable", f"{case}-{kind}") for kind in ("010", "020"))
        assert (energy["amount"], penalty["amount"]) == (6480.0, 3520.0)

    def test_an_agreement_leaves_the_rest_owed_and_followed_up(self) -> None:
        data = THEFT | {
            "paid_total": 8000,
            "agreement_no": "XY-1",
            "first_instalment_paid": True,
            "outstanding": 17920,
        }
        desk, case = walked(data)
        energy, penalty = (row(desk, "receivable", f"{case}-{kind}") for kind in ("010", "020"))
        assert (energy["paid"], penalty["paid"], penalty["settled_date"]) == (6480.0, 1520.0, None)
        assert "17920.00" in row(desk, "due_task", f"{case}-14")["content"]

    def test_a_case_that_is_stopped_takes_mark_and_claims_back(self) -> None:
        desk, case = walked(BREACH, until="violation_fee_collection")
        assert row(desk, "receivable", f"{case}-020")["amount"] == 5000.0
        desk.act_as("trainer")
        desk.stop(case, "证据不足撤案")
        assert row(desk, "receivable", f"{case}-020") == row(desk, "violation", f"V{case}") == {}

    def test_who_found_it_does_not_take_the_money(self) -> None:
        desk, case = walked(BREACH, until="violation_fee_collection")
        desk.act_as("trainer")  # holds every role, and has collected the evidence
        with pytest.raises(Refused) as refused:
            desk.send(case)
        assert "duty_conflict" in {reason.code for reason in refused.value.reasons}

    def test_a_sum_that_does_not_follow_from_the_findings_stops_the_order(self) -> None:
        with pytest.raises(Refused) as refused:
            walked(THEFT | {"makeup_amount": 100, "penalty_amount": 300})
        assert {reason.code for reason in refused.value.reasons} == {"charge_miscalculated"}

    def test_a_disputed_sum_is_reckoned_again_and_the_claim_follows(self) -> None:
        desk, case = walked(BREACH, until="violation_fee_collection")
        desk.act_as("cashier")
        desk.return_(case, "back_charge_determination", "次数有异议")
        desk.act_as("inspector")
        desk.fill(case, {"times": 2, "penalty_amount": 10000})
        list(
            run(desk, case, Plan({"approved_total": 10000, "paid_total": 10000}, confirm_all=True, fill=True))
        )
        charge = row(desk, "receivable", f"{case}-020")
        assert (charge["amount"], charge["settled_date"]) == (10000.0, "2026-11-23")
