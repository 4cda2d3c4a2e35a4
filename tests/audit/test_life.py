"""The life of a finding between two runs: sent out, verified, corrected, late; who may do what."""

from __future__ import annotations

import pytest

from audit.spoiling import (
    ACCOUNT,
    FINDING,
    OTHER,
    RULE,
    TWIN,
    audited,
    clock,
    found,
    fresh,
    mend,
    set_field,
    spoil,
    states,
)
from yk.audit import life
from yk.desk import Desk
from yk.desk.operators import add_operator
from yk.errors import Refused, UsageError


@pytest.fixture
def desk() -> Desk:
    """A desk over an archive with three findings in one account."""
    desk = fresh()
    spoil(desk)
    audited(desk)
    return desk


def test_what_is_done_to_a_finding_is_done_to_the_same_one_under_another_number(desk: Desk) -> None:
    desk.act_as("data_group")
    life.assign(desk, [FINDING])
    assert states(desk) == {RULE: "assigned", TWIN: "assigned", "D:1.1.3": "found"}


def test_it_goes_from_hand_to_hand_and_every_step_is_kept(desk: Desk) -> None:
    desk.act_as("data_group")
    life.assign(desk, [FINDING], "unit_corrector")
    desk.act_as("unit_corrector")
    life.verify(desk, [FINDING], True, "现场铭牌 12 kVA")
    mend(desk)
    life.correct(desk, [FINDING], "已改")
    (finding,) = found(desk, rule=RULE)
    steps = [(step["state"], step["by"]) for step in finding["history"]]
    assert steps == [
        ("found", ""),
        ("assigned", "data_group"),
        ("verified", "unit_corrector"),
        ("corrected", "unit_corrector"),
        ("cleared", "unit_corrector"),
    ]
    assert finding["assignee"] == "unit_corrector"


def test_said_corrected_and_still_wrong_waits_for_the_next_run_which_opens_it_again(desk: Desk) -> None:
    life.correct(desk, [FINDING])
    assert states(desk)[RULE] == "corrected"
    audited(desk)
    (finding,) = found(desk, rule=RULE)
    assert (finding["state"], finding["times"]) == ("reopened", 1)
    assert "仍不合格" in finding["history"][-1]["reason"]


def test_what_is_gone_is_told_with_the_values_it_was_found_with(desk: Desk) -> None:
    mend(desk)
    audited(desk)
    (finding,) = found(desk, rule=RULE)
    assert "运行容量 999 kVA" in finding["said"]


def test_a_finding_past_its_day_is_late_and_stays_so(desk: Desk) -> None:
    clock(desk).advance(days=1)
    audited(desk)
    assert found(desk, overdue=True) == []
    clock(desk).advance(days=1)
    assert len(found(desk, overdue=True)) == 3
    audited(desk)
    audited(desk)
    (finding,) = found(desk, rule=RULE)
    assert [step["state"] for step in finding["history"]] == ["found", "overdue"]
    mend(desk)
    audited(desk)
    (finding,) = found(desk, rule=RULE)
    assert (finding["state"], finding["late"]) == ("cleared", True)


def test_a_relapse_is_counted_and_has_days_of_its_own(desk: Desk) -> None:
    mend(desk)
    audited(desk)
    clock(desk).advance(days=10)
    spoil(desk)
    audited(desk)
    (finding,) = found(desk, rule=RULE)
    assert (finding["times"], finding["due"], finding["late"]) == (2, "2026-12-04", False)


def test_it_is_sent_out_by_the_data_group_alone_and_to_the_accounts_own_unit(desk: Desk) -> None:
    desk.act_as("centre_tracker")
    refused(["role_missing"], lambda: life.assign(desk, [FINDING]))
    add_operator(desk.store, "east", "城东订正", ["unit_corrector"], "99401")
    desk.act_as("data_steward")
    refused(["other_office"], lambda: life.assign(desk, [FINDING], "east"))
    refused(["role_missing"], lambda: life.assign(desk, [FINDING], "cashier"))


def test_another_unit_may_neither_verify_nor_correct(desk: Desk) -> None:
    add_operator(desk.store, "east", "城东订正", ["unit_corrector"], "99401")
    desk.act_as("east")
    refused(["other_office"], lambda: life.verify(desk, [FINDING], True, "看过"))
    refused(["other_office"], lambda: life.correct(desk, [FINDING]))
    assert states(desk)[RULE] == "found"


def test_of_many_all_or_none_are_changed_with_every_reason(desk: Desk) -> None:
    set_field(desk, "run_cap", 999.0, OTHER)
    audited(desk)
    add_operator(desk.store, "south", "城南订正", ["unit_corrector"], "99403")
    desk.act_as("south")
    theirs = f"{RULE}/customer/{OTHER}"
    refused(["other_office"], lambda: life.correct(desk, [FINDING, theirs]))
    assert states(desk)[RULE] == "found"


def test_what_is_gone_needs_no_more_work(desk: Desk) -> None:
    mend(desk)
    audited(desk)
    refused(["finding_closed"], lambda: life.correct(desk, [FINDING]))


def test_unknown_findings_and_missing_words_are_told(desk: Desk) -> None:
    for wrong in (
        lambda: life.correct(desk, ["X:9/customer/1"]),
        lambda: life.correct(desk, []),
        lambda: life.verify(desk, [FINDING], True, " "),
    ):
        with pytest.raises(UsageError):
            wrong()


def test_a_linked_order_is_kept_with_the_finding(desk: Desk) -> None:
    with desk.unit():
        life.link(desk, [FINDING], "012611230001")
    assert {one["rule"] for one in found(desk, case="012611230001")} == {RULE, TWIN}
    assert found(desk, rule=RULE)[0]["history"][-1]["state"] == "linked"
    assert found(desk, cons_no=ACCOUNT, rule="D:1.1.3")[0]["case"] == ""


def refused(codes: list[str], act: object) -> None:
    assert callable(act)
    with pytest.raises(Refused) as refusal:
        act()
    assert [reason.code for reason in refusal.value.reasons] == codes


def test_said_corrected_it_is_neither_sent_out_nor_verified_before_the_next_run(desk: Desk) -> None:
    life.correct(desk, [FINDING])
    refused(["awaits_run"], lambda: life.assign(desk, [FINDING]))
    refused(["awaits_run"], lambda: life.verify(desk, [FINDING], False, "看过"))
    assert states(desk)[RULE] == "corrected"
    audited(desk)
    life.assign(desk, [FINDING])
    assert states(desk)[RULE] == "assigned"


def test_it_is_not_sent_out_twice_to_the_same_but_to_another(desk: Desk) -> None:
    life.assign(desk, [FINDING])
    refused(["done_already"], lambda: life.assign(desk, [FINDING]))
    life.assign(desk, [FINDING], "unit_corrector")
    refused(["done_already"], lambda: life.assign(desk, [FINDING], "unit_corrector"))
    (finding,) = found(desk, rule=RULE)
    assert [step["state"] for step in finding["history"]] == ["found", "assigned", "assigned"]


def test_it_is_not_verified_twice_alike_but_may_be_judged_otherwise(desk: Desk) -> None:
    life.verify(desk, [FINDING], True, "看过")
    refused(["done_already"], lambda: life.verify(desk, [FINDING], True, "又看过"))
    life.verify(desk, [FINDING], False, "铭牌无误")
    refused(["done_already"], lambda: life.verify(desk, [FINDING], False, "铭牌无误"))
    (finding,) = found(desk, rule=RULE)
    assert [step["state"] for step in finding["history"]] == ["found", "verified", "denied"]
