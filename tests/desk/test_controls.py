"""Controls: what a person answers, notices, and the checklist that tells beforehand what a move asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from walks import rename
from world import COMPANY, RENAME, World, refused

from yk.desk.checklist import NOTICE
from yk.errors import UsageError

NOTICED = f"{NOTICE}no_open_violation"


def controls(step: str, required: bool = True, manual: bool = True) -> list[str]:
    """The ids of a step's controls."""
    found = rename().step(step)["controls"]
    return [c["id"] for c in found if c["required"] is required and bool(c["guard"]) is not manual]


@pytest.fixture
def case(world: World) -> str:
    """A 更名 order at acceptance, everything but its controls answered."""
    order = world.ready("acceptance")
    stored = world.desk().get(order.case)
    stored.checks.clear()
    world.store.table("case").save(stored.doc())
    return order.case


def usage(world: World, case: str, *ids: str, **options: Any) -> UsageError:
    before = world.dump()
    with pytest.raises(UsageError) as caught:
        world.desk().confirm(case, ids, **options)
    assert world.dump() == before
    return caught.value


def test_every_open_required_control_is_named_with_its_question(world: World, case: str) -> None:
    with refused() as reasons:
        world.desk().send(case)
    assert [r.control for r in reasons] == controls("acceptance")
    assert {r.code for r in reasons} == {"control_open"}
    assert all(r.message.endswith("？") for r in reasons)


def test_controls_confirmed_one_by_one_let_the_order_go(world: World, case: str) -> None:
    desk = world.desk()
    for control in controls("acceptance"):
        with refused():
            desk.send(case)
        order = desk.confirm(case, [control], note="看过原件")
        answer = order.checks[control]
        assert (answer["state"], answer["by"], answer["role"]) == (
            "done",
            "acceptance_clerk",
            "acceptance_clerk",
        )
        assert answer["note"] == "看过原件"
        assert "bulk" not in answer
    assert desk.send(case).at == ["contract_change"]


@pytest.mark.parametrize("word", ["YXZY-YY-334.2.R1.C3", "334.2.R1.C3", "2.R1.C3"])
def test_a_control_may_be_named_without_the_entrys_number(world: World, case: str, word: str) -> None:
    assert list(world.desk().confirm(case, [word]).checks) == ["YXZY-YY-334.2.R1.C3"]


def test_confirming_everything_at_once_is_logged_as_such(world: World, case: str) -> None:
    order = world.desk().confirm(case, [], every=True)
    assert all(answer["bulk"] for answer in order.checks.values())
    event = world.desk().events(case)[-1]
    assert event["event"] == "confirm"
    assert event["bulk"] is True
    assert set(event["answers"]) == set(order.checks)
    single = world.desk()
    single.confirm(case, controls("acceptance")[:1])
    assert "bulk" not in single.events(case)[-1]


def test_confirming_everything_leaves_answers_given_one_by_one_alone(world: World, case: str) -> None:
    """What failed or does not apply was looked at; a bulk answer must not paint over it."""
    first, second, *_ = controls("acceptance")
    desk = world.desk()
    desk.confirm(case, [first], state="failed", reason="照片不符")
    desk.confirm(case, [second], state="na", reason="全电子办理")
    checks = desk.confirm(case, [], every=True).checks
    assert (checks[first]["state"], checks[first]["reason"]) == ("failed", "照片不符")
    assert (checks[second]["state"], checks[second]["reason"]) == ("na", "全电子办理")
    with refused("control_failed"):
        desk.send(case)


def test_a_failed_control_holds_the_order_until_it_is_done(world: World, case: str) -> None:
    desk, control = world.desk(), controls("acceptance")[0]
    desk.confirm(case, [], every=True)
    desk.confirm(case, [control], state="failed", reason="照片不符")
    with refused("control_failed") as reasons:
        desk.send(case)
    assert reasons[0].control == control
    assert "未通过" in reasons[0].message
    desk.confirm(case, [control])
    assert desk.send(case).at == ["contract_change"]


def test_a_control_that_does_not_apply_lets_the_order_go(world: World, case: str) -> None:
    desk, (control, *others) = world.desk(), controls("acceptance")
    desk.confirm(case, others)
    desk.confirm(case, [control], state="na", reason="全电子办理")
    assert desk.send(case).at == ["contract_change"]


@pytest.mark.parametrize("state", ["na", "failed"])
@pytest.mark.parametrize("reason", ["", "  "])
def test_not_applicable_and_failed_need_a_reason(world: World, case: str, state: str, reason: str) -> None:
    error = usage(world, case, controls("acceptance")[0], state=state, reason=reason)
    assert error.code == "reason_missing"


def test_an_answer_is_one_of_three(world: World, case: str) -> None:
    assert usage(world, case, controls("acceptance")[0], state="maybe", reason="不知道").code == "bad_answer"


@pytest.mark.parametrize("answer", ["na", "failed", "maybe"])
def test_only_done_may_be_said_in_passing(world: World, case: str, answer: str) -> None:
    """Not applicable and failed need a reason, and `send` has no room for one."""
    before = world.dump()
    with pytest.raises(UsageError) as caught:
        world.desk().send(case, checks=dict.fromkeys(controls("acceptance"), answer))
    assert caught.value.code == "bad_answer"
    assert world.dump() == before


def test_what_a_guard_answers_nobody_confirms_by_hand(world: World, case: str) -> None:
    for control in controls("acceptance", manual=False):
        error = usage(world, case, control)
        assert error.code == "answered_by_guard"
        with pytest.raises(UsageError):
            world.desk().send(case, checks={control: "done"})


def test_an_unknown_control_gets_the_nearest_one(world: World, case: str) -> None:
    error = usage(world, case, "YXZY-YY-334.2.R1.C9")
    assert error.code == "unknown_control"
    assert "YXZY-YY-334" in error.hint


def test_a_control_of_another_step_is_unknown_here(world: World, case: str) -> None:
    assert usage(world, case, controls("follow_up")[0]).code == "unknown_control"


def test_nothing_to_confirm_is_a_mistake(world: World, case: str) -> None:
    assert usage(world, case).code == "nothing_to_confirm"


def test_one_unknown_control_keeps_all_answers_out(world: World, case: str) -> None:
    usage(world, case, controls("acceptance")[0], "2.R9.C9")


def test_evidence_is_kept_by_name_size_and_digest(world: World, case: str, tmp_path: Path) -> None:
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"12345")
    order = world.desk().confirm(case, controls("acceptance")[:1], evidence=photo)
    evidence = order.checks[controls("acceptance")[0]]["evidence"]
    assert (evidence["file"], evidence["bytes"]) == ("照片.jpg", 5)
    assert len(evidence["sha256"]) == 64


# -- notices ----------------------------------------------------------------------------------------------
def violate(world: World, number: str = "V1", cons_no: str = COMPANY) -> None:
    world.put("violation", vio_id=number, cons_no=cons_no, kind="01", found_date="2026-09-01")


def test_an_open_violation_must_be_acknowledged_and_holds_up_nothing_more(world: World) -> None:
    order = world.ready("acceptance")
    violate(world)
    desk = world.desk()
    with refused("notice_open") as reasons:
        desk.send(order.case)
    assert "V1" in reasons[0].message
    assert NOTICED in reasons[0].message
    assert reasons[0].control == "YXZY-YY-334.1.R3.C3"
    desk.confirm(order.case, [NOTICED], note="追补照追")
    assert desk.send(order.case).at == ["contract_change"]


def test_a_notice_is_acknowledged_with_everything_else(world: World) -> None:
    order = world.ready("acceptance")
    violate(world)
    assert world.desk().confirm(order.case, [], every=True).checks[NOTICED]["bulk"]
    assert world.desk().send(order.case).at == ["contract_change"]


def test_a_notice_acknowledged_before_it_is_due_on_a_second_visit(world: World) -> None:
    """What was open on the first visit is not what is open now."""
    order = world.ready("acceptance")
    violate(world)
    world.desk().confirm(order.case, [NOTICED])
    world.desk().send(order.case)
    world.desk("contract_manager").return_(order.case, "acceptance", "名称有误")
    world.put("violation", vio_id="V1", closed_date="2026-11-20")
    violate(world, "V2")
    desk = world.desk()
    desk.confirm(order.case, controls("acceptance"))
    with refused("notice_open") as reasons:
        desk.send(order.case)
    assert "V2" in reasons[0].message


@pytest.mark.parametrize("name", ["no_arrears", "certificate_valid"])
def test_a_guard_that_is_no_notice_cannot_be_acknowledged(world: World, case: str, name: str) -> None:
    assert usage(world, case, NOTICE + name).code == "unknown_control"


def test_acknowledging_a_guard_that_the_settings_make_a_refusal_does_not_help() -> None:
    world = World(open_violation_policy="refuse")
    order = world.ready("acceptance")
    violate(world)
    world.desk().confirm(order.case, [NOTICED])
    with refused("open_violation"):
        world.desk().send(order.case)


# -- the checklist ------------------------------------------------------------------------------------------
def blocking(world: World, case: str) -> list[dict[str, Any]]:
    """The items of the checklist that hold the move up."""
    return [i for i in world.desk().checklist(case) if i["required"] and i["state"] in ("open", "failed")]


@pytest.mark.parametrize("step", list(RENAME))
def test_the_checklist_holds_up_exactly_what_the_move_refuses(world: World, step: str) -> None:
    """Unprepared, prepared, and broken by each guard's recipe in turn."""
    from yk.flows.guards import guards

    order = world.at(step)
    desk = world.desk(RENAME[step][0])
    with refused() as reasons:
        desk.send(order.case)
    shown = [i for i in blocking(world, order.case) if i["kind"] != "guard"]
    assert len(shown) == len([r for r in reasons if r.code.startswith(("field", "material", "control"))])
    world.prepare(order.case)
    assert blocking(world, order.case) == []
    for name in rename().step(step)["guards"]:
        order = world.alter(order, guards()[name].breaks(world.facts(order, step)))
        (item,) = [i for i in blocking(world, order.case) if i["guard"] == name]
        with refused() as reasons:
            desk.send(order.case)
        assert all(r.message.split("。确认")[0] in item["text"] for r in reasons)
        order = world.alter(order, guards()[name].mends(world.facts(order, step)))
    assert world.desk(RENAME[step][0], dry_run=True).send(order.case).at != [step]


@pytest.mark.parametrize("step", list(RENAME))
def test_the_checklist_asks_what_the_engine_asks(world: World, step: str) -> None:
    """The names put to the engine for this move, and the items that stand for them."""
    flow = rename()
    order = world.ready(step)
    desk = world.desk(RENAME[step][0], dry_run=True)
    desk.send(order.case)
    replay = desk.replay_of(flow)
    outcome = replay.driver.run(order.place, f"send:{step}", lambda block: (True,) * len(block))
    gate = [name for block, _ in outcome.asked for name in block if name not in flow.conditions_at(step)]
    items = desk.checklist(order.case)
    kinds = {"fields": "field", "materials": "material", "controls": "control"}
    assert [i["guard"] for i in items if i["kind"] == "guard"] == [n for n in gate if n not in kinds]
    assert set(gate[-3:]) == set(kinds)
    manual = [c["id"] for c in flow.step(step)["controls"] if not c["guard"]]
    assert [i["id"] for i in items if i["kind"] == "control"] == manual


def test_an_item_says_what_risk_it_answers_and_how_high_that_is(world: World, case: str) -> None:
    for item in world.desk().checklist(case):
        assert item.keys() == {"id", "kind", "text", "risk", "level", "required", "state", "guard"}
        if item["kind"] in ("guard", "control"):
            assert item["risk"].startswith("YXZY-YY-334.")
            assert item["level"] in ("高", "中", "低")


def test_the_states_of_items_follow_what_is_done(world: World, case: str) -> None:
    desk, (one, two, three, *_) = world.desk(), controls("acceptance")
    desk.confirm(case, [one])
    desk.confirm(case, [two], state="na", reason="不适用")
    desk.confirm(case, [three], state="failed", reason="不符")
    desk.fill(case, {"contact_name": ""})
    states = {i["id"]: i["state"] for i in desk.checklist(case)}
    assert (states[one], states[two], states[three]) == ("done", "na", "failed")
    assert states["contact_name"] == "open"
    assert states["new_name"] == "done"
    assert states["M03"] == "done"


def test_looking_at_the_checklist_changes_nothing(world: World, case: str) -> None:
    before = world.dump()
    world.desk().checklist(case)
    assert world.dump() == before


def test_an_order_that_is_over_has_no_checklist(world: World) -> None:
    assert world.desk().checklist(world.done().case) == []
    stopped = world.open_rename("1016000003")
    world.desk().stop(stopped.case, "客户撤回")
    assert world.desk().checklist(stopped.case) == []


def test_an_optional_control_that_failed_holds_the_order_up(world: World) -> None:
    order = world.ready("acceptance")
    step = world.desk().flow_of(order).step("acceptance")
    optional = next(c["id"] for c in step["controls"] if not c["required"] and not c["guard"])
    world.desk().confirm(order.case, [optional], "failed", reason="没有做")
    with refused("control_failed"):
        world.desk().send(order.case)
