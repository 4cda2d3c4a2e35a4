"""What a flow is owed is what its orders can do and meet: no more, and nothing of it left out."""

from __future__ import annotations

import pytest
from walks import everything, steps

from scenario.refusals_met import Clerk
from yk.errors import UsageError
from yk.flows.compile import STOP
from yk.flows.driver import Outcome
from yk.flows.explore import explore
from yk.flows.flow import Flow, flow_ids, load
from yk.flows.guards import conditions
from yk.scenario import words
from yk.scenario.cover_names import Names
from yk.scenario.obligations import dimensions, find_dimension, obligations, ways_taken

FLOWS = flow_ids()
CONDITIONS = conditions()
NEVER_TRIED = {"fail_not_allowed", "other_way", "back_not_allowed"}
"""Refusals of moves that a flow without such moves does not owe to anybody's test."""


def owed(flow: Flow, dimension: str) -> set[str]:
    """The items of a dimension; none is there twice."""
    items = obligations(flow)[dimension]
    assert len(items) == len(set(items))
    return set(items)


def makes_sense(outcome: Outcome) -> bool:
    """Can the conditions be as the move was told: does everything hold that one of them implies?"""
    told = {
        name: yes
        for block, answers in outcome.asked
        for name, yes in zip(block, answers, strict=True)
        if name in CONDITIONS
    }
    return not any(
        told.get(other) is False for name, yes in told.items() if yes for other in CONDITIONS[name].implies
    )


@pytest.mark.parametrize("name", [*FLOWS, "everything"])
def test_the_ways_owed_are_those_the_engine_takes(name: str) -> None:
    flow = everything() if name == "everything" else load(name)
    found = explore(flow).rows.items()
    moves = ((event, outcome) for (_, event, _), outcome in found if makes_sense(outcome))
    assert owed(flow, "transitions") == {
        way for event, outcome in moves if event != STOP for way in ways_taken(outcome.took)
    }


@pytest.mark.parametrize("name", FLOWS)
def test_the_refusals_of_the_desk_owed_are_those_a_clerk_meets_who_does_everything_wrong(name: str) -> None:
    flow = load(name)
    guards = {code for code in owed(flow, "refusals") if code not in words.words("refusal")}
    met = Clerk(flow).met
    assert owed(flow, "refusals") - guards - {"notice_open"} <= met
    assert met - owed(flow, "refusals") <= NEVER_TRIED


@pytest.mark.parametrize("name", FLOWS)
def test_every_item_has_a_name_of_its_own(name: str) -> None:
    flow = load(name)
    names = Names(flow)
    for dimension, items in obligations(flow).items():
        shown = [names.of(dimension, item) for item in items]
        assert len(set(shown)) == len(shown)
        assert not any(text.isascii() or "\n" in text for text in shown)


def test_a_flow_owes_all_seven_dimensions_in_its_own_order() -> None:
    found = obligations(everything())
    assert list(found) == list(dimensions())
    assert found["states"][:4] == ("accept", "survey", "joint", "arbitration")
    assert found["states"][-3:] == ("archive", "completed", "stopped")
    assert [
        way
        for way in found["transitions"]
        if way.startswith(("accept>", "joint>", "pay>", "par>", "archive>"))
    ] == [
        "accept>survey",
        "accept>joint",
        "joint>accept",
        "joint>survey",
        "joint>arbitration",
        "joint>par",
        "par>archive",
        "pay>fee",
        "pay>end",
        "archive>survey",
        "archive>joint",
        "archive>par",
        "archive>completed",
    ]
    assert found["guards"][:2] == ("accept/no_arrears=yes", "accept/no_arrears=no")
    assert found["refusals"][:3] == ("account_closed", "order_in_flight", "arrears")
    assert found["controls"] == found["risks"] == ()
    assert found["lamps"][:4] == ("accept=yellow", "accept=red", "survey=yellow", "survey=red")


def test_risks_and_controls_go_by_their_public_ids() -> None:
    found = obligations(load("rename"))
    assert found["controls"][:2] == ("YXZY-YY-334.1.R2.C1=done", "YXZY-YY-334.1.R2.C1=caught")
    assert found["risks"][:2] == ("YXZY-YY-334.1.R1=shown", "YXZY-YY-334.1.R1=realised")


def test_a_way_past_an_optional_step_to_another_of_the_same_condition_is_not_owed() -> None:
    flow = steps(
        "{id: one}",
        "{id: two, when: by_agent}",
        "{id: three, when: by_agent}",
        "{id: four, when: person_customer}",
        "{id: five}",
    )
    assert "one>two" in owed(flow, "transitions")
    assert "one>three" not in owed(flow, "transitions")
    assert {"one>four", "one>five", "two>three", "two>four"} <= owed(flow, "transitions")


def test_only_controls_that_must_be_answered_or_that_a_guard_answers_are_owed() -> None:
    flow = load("rename")
    controls = {c["id"]: c for step in flow.steps.values() for c in step["controls"]}
    named = {item.partition("=")[0] for item in owed(flow, "controls")}
    assert named < controls.keys()
    assert not any(controls[name]["required"] or controls[name]["guard"] for name in controls.keys() - named)


def test_several_controls_of_one_guard_are_owed_each() -> None:
    survey = load("hv_new_connection").step("site_survey")
    answered = [c["id"] for c in survey["controls"] if c["guard"] == "open_capacity_enough"]
    assert len(answered) == 2
    assert {f"{name}=caught" for name in answered} < owed(load("hv_new_connection"), "controls")


def test_a_guard_that_settings_make_a_notice_refuses_as_one_whatever_the_user_has_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("YK_OPEN_VIOLATION_POLICY", "refuse")
    monkeypatch.setenv("YK_RELATED_ARREARS_POLICY", "notice")
    found = owed(load("rename"), "refusals")
    assert {"notice_open", "related_arrears"} <= found
    assert "violation_open" not in found


def test_what_the_desk_refuses_is_owed_only_where_the_flow_has_such_a_thing() -> None:
    single, joint = (
        owed(load("customer_accident"), "refusals"),
        owed(load("batch_line_area_change"), "refusals"),
    )
    assert not single & {"not_here", "back_not_allowed", "duty_conflict", "material_missing", "child_open"}
    assert {"role_missing", "order_ended", "red_locked", "control_failed"} <= single
    assert {"already_signed", "not_signing", "material_missing"} <= joint
    assert not joint & {"material_due", "child_open", "fail_not_allowed"}
    assert "child_open" in owed(load("account_closure"), "refusals")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("转移", "transitions"), ("transitions", "transitions"), (" 措施", "controls"), ("ＲＩＳＫＳ", "risks")],
)
def test_a_dimension_is_named_in_english_or_chinese(word: str, meant: str) -> None:
    assert find_dimension(word) == meant


def test_an_unknown_dimension_is_told_with_the_nearest_word() -> None:
    with pytest.raises(UsageError, match="壮态") as caught:
        find_dimension("壮态")
    assert "状态" in caught.value.hint
