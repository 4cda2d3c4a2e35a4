"""What one asks for and another grants: the whitelist and more days. Who asks may not grant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from audit.spoiling import (
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
from yk.audit import exempting, extending, life, whitelisting
from yk.audit.owners import set_holders
from yk.desk import Desk
from yk.desk.operators import add_operator
from yk.errors import Refused, UsageError

UNTIL = "2027-03-31"


@pytest.fixture
def desk() -> Desk:
    """A desk over an archive with three findings in one account, used by its corrector."""
    desk = fresh()
    spoil(desk)
    audited(desk)
    desk.act_as("unit_corrector")
    return desk


def whitelisted(desk: Desk) -> str:
    """Put the finding on the whitelist; the entry's number."""
    number = str(whitelisting.ask_exemption(desk, FINDING, "特批", UNTIL)["exemption"])
    desk.act_as("division_lead")
    whitelisting.decide_exemption(desk, number, True)
    return number


def refused(code: str, act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    assert [reason.code for reason in refusal.value.reasons] == [code]
    return refusal.value.reasons[0].message


# -- the whitelist -------------------------------------------------------------------------------------------------
def test_what_is_whitelisted_is_found_no_more_and_counts_for_nothing(desk: Desk) -> None:
    whitelisted(desk)
    answer = audited(desk)
    assert (answer.findings, answer.whitelisted) == (1, 2)
    assert states(desk) == {RULE: "whitelisted", TWIN: "whitelisted", "D:1.1.3": "found"}
    assert {one["rule"] for one in found(desk, only_open=True)} == {"D:1.1.3"}


def test_who_asked_may_not_grant(desk: Desk) -> None:
    desk.act_as("trainer")
    number = whitelisting.ask_exemption(desk, FINDING, "特批", UNTIL)["exemption"]
    assert "自己申请" in refused("duty_conflict", lambda: whitelisting.decide_exemption(desk, number, True))
    assert states(desk)[RULE] == "found"


def test_only_the_division_of_the_rule_grants_and_of_it_who_holds_the_post(desk: Desk) -> None:
    number = whitelisting.ask_exemption(desk, FINDING, "特批", UNTIL)["exemption"]
    desk.act_as("centre_tracker")
    refused("role_missing", lambda: whitelisting.decide_exemption(desk, number, True))
    add_operator(desk.store, "lead2", "合同专责", ["division_lead"])
    desk.act_as("data_steward")
    set_holders(desk, "division/合同管理", ["lead2"])
    desk.act_as("division_lead")
    refused("not_the_holder", lambda: whitelisting.decide_exemption(desk, number, True))
    desk.act_as("lead2")
    assert whitelisting.decide_exemption(desk, number, True)["state"] == "approved"


def test_an_entry_lapses_on_its_day(desk: Desk) -> None:
    whitelisted(desk)
    clock(desk).advance(days=128)  # 2027-03-31
    audited(desk)
    assert states(desk)[RULE] == "whitelisted"
    clock(desk).advance(days=1)
    answer = audited(desk)
    assert (answer.back, answer.whitelisted) == (2, 0)
    (finding,) = found(desk, rule=RULE)
    assert (finding["state"], finding["due"]) == ("reopened", "2027-04-02")
    assert "到期" in finding["history"][-1]["reason"]


@pytest.mark.parametrize("field", ["until", "reason", "finding", "approved_by"])
def test_an_entry_that_was_edited_after_its_approval_is_void(desk: Desk, field: str) -> None:
    number = whitelisted(desk)
    table = desk.store.table("audit_exemption")
    other = {"until": "2036-01-01", "finding": f"{TWIN}/customer/1016000012"}.get(field, "改过")
    table.save(dict(table.get(doc_id=number)) | {field: other})
    audited(desk)
    (finding,) = found(desk, rule=RULE)
    assert finding["state"] == "reopened"
    assert "批准后被改动过" in finding["history"][-1]["reason"]


def test_its_terms_cannot_be_replaced_by_asking_again(desk: Desk) -> None:
    whitelisted(desk)
    desk.act_as("unit_corrector")
    for finding in (FINDING, f"{TWIN}/customer/1016000012"):
        why = refused(
            "exemption_exists", lambda f=finding: whitelisting.ask_exemption(desk, f, "又", "2027-10-01")
        )
        assert "不能改它的条件" in why


def test_other_data_than_was_approved_is_found_again(desk: Desk) -> None:
    whitelisted(desk)
    spoil(desk, 888.0)
    audited(desk)
    (finding,) = found(desk, rule=RULE)
    assert finding["state"] == "reopened"
    assert "数据又变了" in finding["history"][-1]["reason"]


def test_data_that_changed_before_the_approval_is_not_approved(desk: Desk) -> None:
    number = whitelisting.ask_exemption(desk, FINDING, "特批", UNTIL)["exemption"]
    spoil(desk, 888.0)
    desk.act_as("division_lead")
    refused("changed_since", lambda: whitelisting.decide_exemption(desk, number, True))


def test_withdrawn_it_is_open_again_with_new_days(desk: Desk) -> None:
    number = whitelisted(desk)
    clock(desk).advance(days=20)
    whitelisting.withdraw_exemption(desk, number, "已改造")
    (finding,) = found(desk, rule=RULE)
    assert (finding["state"], finding["due"], finding["late"]) == ("reopened", "2026-12-14", False)
    refused("exemption_ended", lambda: whitelisting.withdraw_exemption(desk, number, "再撤"))


def test_rejected_it_stays_open_and_may_be_asked_again(desk: Desk) -> None:
    number = whitelisting.ask_exemption(desk, FINDING, "特批", UNTIL)["exemption"]
    desk.act_as("division_lead")
    whitelisting.decide_exemption(desk, number, False, "应当订正")
    refused("already_decided", lambda: whitelisting.decide_exemption(desk, number, True))
    assert states(desk)[RULE] == "found"
    desk.act_as("unit_corrector")
    assert whitelisting.ask_exemption(desk, FINDING, "补了批文", UNTIL)["state"] == "applied"


def test_mended_it_is_cleared_though_whitelisted(desk: Desk) -> None:
    whitelisted(desk)
    mend(desk)
    audited(desk)
    assert states(desk)[RULE] == "cleared"


def test_too_long_past_or_without_reason_is_told(desk: Desk) -> None:
    refused("too_long", lambda: whitelisting.ask_exemption(desk, FINDING, "特批", "2030-01-01"))
    refused("day_passed", lambda: whitelisting.ask_exemption(desk, FINDING, "特批", "2026-11-01"))
    for reason, until in (("", UNTIL), ("特批", "明年")):
        with pytest.raises(UsageError):
            whitelisting.ask_exemption(desk, FINDING, reason, until)


def test_an_entry_that_covers_nothing_is_told_by_its_seal(desk: Desk) -> None:
    number = whitelisted(desk)
    entry = whitelisting.exemption(desk.store, number)
    assert entry["seal"] == exempting.seal(entry)
    assert exempting.seal(entry | {"until": "2036-01-01"}) != entry["seal"]


# -- more days -----------------------------------------------------------------------------------------------------
def test_granted_days_keep_a_finding_from_being_late(desk: Desk) -> None:
    number = extending.ask_extension(desk, [FINDING], "2026-12-20", "需现场核查")["extension"]
    desk.act_as("data_steward")
    extending.decide_extension(desk, number, True)
    clock(desk).advance(days=27)
    assert {one["rule"] for one in found(desk, overdue=True)} == {"D:1.1.3"}
    clock(desk).advance(days=1)
    assert len(found(desk, overdue=True)) == 3


def test_days_granted_late_take_the_lateness_back(desk: Desk) -> None:
    clock(desk).advance(days=3)
    audited(desk)
    number = extending.ask_extension(desk, [FINDING], "2026-12-20", "需现场核查")["extension"]
    desk.act_as("data_steward")
    extending.decide_extension(desk, number, True)
    (finding,) = found(desk, rule=RULE)
    assert (finding["late"], finding["due"], finding["extension"]) == (False, "2026-12-20", number)


def test_days_are_granted_by_the_specialist_and_not_by_who_asked(desk: Desk) -> None:
    desk.act_as("trainer")
    number = extending.ask_extension(desk, [FINDING], "2026-12-20", "量大")["extension"]
    refused("duty_conflict", lambda: extending.decide_extension(desk, number, True))
    desk.act_as("data_group")
    refused("role_missing", lambda: extending.decide_extension(desk, number, True))
    desk.act_as("data_steward")
    extending.decide_extension(desk, number, False, "当日可改")
    assert found(desk, rule=RULE)[0]["due"] == "2026-11-24"
    refused("already_decided", lambda: extending.decide_extension(desk, number, True))


def test_what_does_not_help_or_is_not_theirs_is_refused(desk: Desk) -> None:
    refused("extension_short", lambda: extending.ask_extension(desk, [FINDING], "2026-11-24", "量大"))
    refused("too_long", lambda: extending.ask_extension(desk, [FINDING], "2027-11-24", "量大"))
    set_field(desk, "run_cap", 999.0, OTHER)
    audited(desk)
    add_operator(desk.store, "east", "城东订正", ["unit_corrector"], "99401")
    desk.act_as("east")
    refused("other_office", lambda: extending.ask_extension(desk, [FINDING], "2026-12-20", "量大"))
    assert (
        extending.ask_extension(desk, [f"{RULE}/customer/{OTHER}"], "2026-12-20", "量大")["state"]
        == "applied"
    )


def test_what_was_corrected_meanwhile_keeps_its_day(desk: Desk) -> None:
    number = extending.ask_extension(desk, [FINDING], "2026-12-20", "量大")["extension"]
    mend(desk)
    life.correct(desk, [FINDING])
    desk.act_as("data_steward")
    extending.decide_extension(desk, number, True)
    (finding,) = found(desk, rule=RULE)
    assert (finding["state"], finding["due"]) == ("cleared", "2026-11-24")


def test_an_extension_whose_day_is_past_is_not_granted_but_may_be_rejected(desk: Desk) -> None:
    number = extending.ask_extension(desk, [FINDING], "2026-12-20", "量大")["extension"]
    clock(desk).advance(days=28)
    desk.act_as("data_steward")
    refused("day_passed", lambda: extending.decide_extension(desk, number, True))
    assert found(desk, rule=RULE)[0]["extension"] == ""
    assert extending.decide_extension(desk, number, False, "已过")["state"] == "rejected"


def test_an_extension_never_shortens_the_days_a_finding_has(desk: Desk) -> None:
    number = extending.ask_extension(desk, [FINDING], "2026-12-20", "量大")["extension"]
    table = desk.store.table("finding")
    table.put([(FINDING, dict(table.get(doc_id=FINDING)) | {"due": "2026-12-31"})])
    desk.act_as("data_steward")
    extending.decide_extension(desk, number, True)
    assert {one["rule"]: one["due"] for one in found(desk)} == {
        RULE: "2026-12-31",
        TWIN: "2026-12-20",
        "D:1.1.3": "2026-11-24",
    }


def test_a_finding_that_came_back_since_it_was_asked_does_not_get_the_days(desk: Desk) -> None:
    number = extending.ask_extension(desk, [FINDING], "2026-12-20", "量大")["extension"]
    clock(desk).advance(days=1)
    mend(desk)
    audited(desk)
    spoil(desk)
    audited(desk)
    desk.act_as("data_steward")
    extending.decide_extension(desk, number, True)
    (finding,) = found(desk, rule=RULE)
    assert (finding["state"], finding["due"], finding["extension"]) == ("reopened", "2026-11-25", "")


@pytest.mark.parametrize("asked", [FINDING, FINDING.replace(RULE, TWIN)])
def test_days_are_not_asked_for_twice_while_the_first_application_is_pending(desk: Desk, asked: str) -> None:
    number = extending.ask_extension(desk, [FINDING], "2026-12-20", "量大")["extension"]
    told = refused("extension_pending", lambda: extending.ask_extension(desk, [asked], "2026-12-21", "量大"))
    assert number in told
    desk.act_as("data_steward")
    extending.decide_extension(desk, number, False, "当日可改")
    desk.act_as("unit_corrector")
    assert extending.ask_extension(desk, [asked], "2026-12-21", "量大")["state"] == "applied"
