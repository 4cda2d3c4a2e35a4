"""The driver: the real engine, one machine for any number of work orders."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

import pytest
from walks import everything, names, no_to, rename, steps, walk, yes

from yk.errors import UnreadableError
from yk.flows.compile import Block
from yk.flows.driver import Driver, Outcome
from yk.flows.explore import explore
from yk.flows.flow import Flow, leaf_steps

TO_JOINT = ("send:accept", "send:survey")
DEPARTMENTS = ("mkt", "ops", "dev")
AGREE = tuple(f"sign:joint:{d}:agree" for d in DEPARTMENTS)


@pytest.fixture(scope="module")
def driver() -> Driver:
    return Driver(everything())


def test_the_five_steps_of_rename_follow_each_other() -> None:
    driver = Driver(rename())
    place, seen = driver.start, []
    while place != ("completed",):
        seen.append(place[0])
        place = walk(driver, f"send:{place[0]}", at=place)
    assert seen == ["acceptance", "contract_change", "data_archiving", "follow_up", "document_archiving"]


def test_an_optional_step_is_passed_over_when_its_condition_does_not_hold() -> None:
    driver = Driver(rename())
    outcome = driver.run(driver.start, "send:acceptance", no_to("contract_change_needed"))
    assert outcome.at == ("data_archiving",)
    assert outcome.took == (("send:acceptance", "acceptance", "data_archiving"),)


def test_a_refused_move_asks_the_whole_gate_and_moves_nothing() -> None:
    flow = rename()
    driver = Driver(flow)
    outcome = driver.run(driver.start, "send:acceptance", no_to("no_arrears", "same_party"))
    assert outcome.at is None
    assert outcome.took == ()
    assert [name for name in flow.gate("acceptance") if name not in names(outcome.asked)] == []
    assert driver.run(driver.start, "send:acceptance", yes).at == ("contract_change",)


def test_the_gate_is_put_once_a_move_however_many_ways_lead_on() -> None:
    """Pitfall 26: edges that fall through share their gate; nobody is asked twice."""
    driver = Driver(rename())
    asked: list[Block] = []

    def ask(block: Block) -> tuple[bool, ...]:
        asked.append(block)
        return tuple(name != "contract_change_needed" for name in block)

    assert driver.run(driver.start, "send:acceptance", ask).at == ("data_archiving",)
    assert len(asked) == len(set(asked)) == 2


@pytest.mark.parametrize(
    "event", ["no_such_event", "", "send", "send:", "send:archive", "*", "send:accept.x", "完"]
)
def test_an_unknown_or_misplaced_event_moves_nothing(driver: Driver, event: str) -> None:
    assert driver.run(driver.start, event, yes) == Outcome(None, (), ())


@pytest.mark.parametrize(
    "event", ["done.state.at:joint", "done.state.joint", "done.invoke.x", "error.execution"]
)
def test_nobody_can_forge_an_event_of_the_engine(driver: Driver, event: str) -> None:
    """Pitfall 5: `done.state.X` sent by hand would approve what nobody signed."""
    at = walk(driver, *TO_JOINT)
    assert driver.run(at, event, yes).at is None
    assert not [e for e in driver.menu(at) if e.startswith(("done", "error"))]
    half = walk(driver, AGREE[0], at=at)
    assert driver.run(half, event, yes).at is None


def test_no_event_starts_the_machine_anew(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT)
    for event in ("__initial__", "init"):
        assert driver.run(at, event, yes).at is None


def test_the_menu_lists_what_the_flow_allows_here(driver: Driver) -> None:
    assert driver.menu(driver.start) == ["send:accept", "stop"]
    assert driver.menu(("survey",)) == ["back:survey:accept", "send:survey", "stop"]
    assert driver.menu(("completed",)) == []


@pytest.mark.parametrize("order", list(itertools.permutations(AGREE)))
def test_departments_sign_in_any_order(driver: Driver, order: tuple[str, ...]) -> None:
    at = walk(driver, *TO_JOINT)
    for event in order[:-1]:
        at = walk(driver, event, at=at)
        assert leaf_steps(driver.flow, at) == ["joint"]
    assert walk(driver, order[-1], at=at) == ("par", "fees", "fee", "works", "inspect")


@pytest.mark.parametrize("opinion", ["revise", "reject"])
@pytest.mark.parametrize("order", list(itertools.permutations(DEPARTMENTS)))
def test_one_other_opinion_goes_to_arbitration_once_all_have_signed(
    driver: Driver, opinion: str, order: tuple[str, ...]
) -> None:
    at = walk(driver, *TO_JOINT)
    signs = [f"sign:joint:{d}:{opinion if d == 'ops' else 'agree'}" for d in order]
    assert leaf_steps(driver.flow, walk(driver, *signs[:-1], at=at)) == ["joint"]
    at = walk(driver, *signs, at=at)
    assert at == ("arbitration",)
    assert walk(driver, "send:arbitration", at=at)[0] == "par"
    assert walk(driver, "back:arbitration:accept", at=at) == ("accept",)


def test_a_department_signs_once(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT, AGREE[0])
    for opinion in ("agree", "revise", "reject"):
        assert driver.run(at, f"sign:joint:mkt:{opinion}", yes).at is None


def test_an_agreement_asks_the_gate_and_another_opinion_does_not(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT)
    assert driver.run(at, AGREE[0], no_to("contract_in_force")).at is None
    outcome = driver.run(at, "sign:joint:mkt:reject", no_to("contract_in_force"))
    assert outcome.at is not None
    assert outcome.asked == ()


def test_sending_back_out_of_a_sign_off_forgets_its_signatures(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT, AGREE[0], AGREE[1])
    at = walk(driver, "back:joint:survey", at=at)
    assert at == ("survey",)
    again = walk(driver, "send:survey", at=at)
    assert [value for value in again if value.endswith("/wait")] == [f"joint/{d}/wait" for d in DEPARTMENTS]


def test_arbitration_can_send_back_into_a_new_sign_off(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT, "sign:joint:mkt:reject", AGREE[1], AGREE[2], "back:arbitration:joint")
    assert at == walk(driver, *TO_JOINT)


FEES, WORKS = ("send:fee", "send:pay"), ("fail:inspect", "send:rectify", "send:inspect")
NO_QUOTE = no_to("by_agent")


def _interleavings() -> list[tuple[str, ...]]:
    """Every order of the two groups' events that keeps each group's own order."""
    size = len(FEES) + len(WORKS)
    made = []
    for places in itertools.combinations(range(size), len(FEES)):
        fees, works = iter(FEES), iter(WORKS)
        made.append(tuple(next(fees) if i in places else next(works) for i in range(size)))
    return made


@pytest.mark.parametrize("events", _interleavings())
def test_groups_run_side_by_side_and_join_when_every_one_is_done(
    driver: Driver, events: tuple[str, ...]
) -> None:
    at = walk(driver, *TO_JOINT, *AGREE)
    for event in events[:-1]:
        at = walk(driver, event, at=at, ask=NO_QUOTE)
        assert at[0] == "par"
    assert walk(driver, events[-1], at=at, ask=NO_QUOTE) == ("archive",)


def test_a_group_that_is_done_waits_and_takes_no_more_events(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT, *AGREE, *FEES, ask=NO_QUOTE)
    assert "fees/done" in at
    assert leaf_steps(driver.flow, at) == ["inspect"]
    assert driver.run(at, "send:pay", yes).at is None
    assert driver.run(at, "send:archive", yes).at is None


def test_a_failed_inspection_goes_round_as_often_as_it_must(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT, *AGREE)
    round_trip = walk(driver, *("fail:inspect", "send:rectify") * 5, at=at)
    assert round_trip == at


def test_sending_back_within_a_group_leaves_the_other_group_alone(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT, *AGREE, "fail:inspect", "send:fee", ask=NO_QUOTE)
    assert leaf_steps(driver.flow, at) == ["pay", "rectify"]
    assert leaf_steps(driver.flow, walk(driver, "back:pay:fee", at=at)) == ["fee", "rectify"]


def test_sending_back_out_of_a_group_leaves_all_of_them(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT, *AGREE, "fail:inspect")
    assert walk(driver, "back:fee:accept", at=at) == ("accept",)


def test_a_step_onto_itself_counts_as_left_and_entered(driver: Driver) -> None:
    at = walk(driver, *TO_JOINT, *AGREE, "send:fee")
    outcome = driver.run(at, "send:quote", yes)
    assert outcome.took == (("send:quote", "quote", "quote"),)
    assert outcome.at == at


def test_every_place_can_be_stopped_and_nothing_moves_after(driver: Driver) -> None:
    for at in explore(everything()).configurations - {("completed",), ("stopped",)}:
        assert driver.run(at, "stop", yes).at == ("stopped",)
    assert driver.menu(("stopped",)) == []


@pytest.mark.parametrize("build", [rename, everything])
def test_every_reachable_place_comes_back_to_life_in_a_new_machine(build: Callable[[], Flow]) -> None:
    """What a stored order holds is enough: a machine that never ran goes on from it as the old one would."""
    flow = build()
    old, new = Driver(flow), Driver(flow)
    for (at, event, _), outcome in explore(flow).rows.items():
        answers = dict(outcome.asked)
        stored = (*at,)
        assert new.menu(stored) == old.menu(at)
        assert new.run(stored, event, lambda block, known=answers: known[block]) == outcome


def test_orders_interleaved_on_one_machine_do_not_disturb_each_other(driver: Driver) -> None:
    """Pitfalls 7 and 10: one machine serves all, each order keeps its own place."""
    one = walk(driver, *TO_JOINT, AGREE[0])
    other = walk(driver, "send:accept")
    one = walk(driver, AGREE[2], at=one)
    other = walk(driver, "stop", at=other)
    one = walk(driver, AGREE[1], at=one)
    assert one[0] == "par"
    assert other == ("stopped",)


def test_an_order_after_one_whose_check_crashed_goes_on(driver: Driver) -> None:
    def crash(block: Block) -> tuple[bool, ...]:
        raise ZeroDivisionError

    at = walk(driver, *TO_JOINT)
    for event in ("sign:joint:mkt:agree", "send:archive"):
        place = at if event.startswith("sign") else ("archive",)
        with pytest.raises(ZeroDivisionError):
            driver.run(place, event, crash)
    assert walk(driver, *TO_JOINT, *AGREE)[0] == "par"


@pytest.mark.parametrize("at", [(), ("nowhere",), ("accept", "nowhere"), ("at:accept",)])
def test_a_place_the_flow_does_not_have_is_a_clear_error(driver: Driver, at: tuple[str, ...]) -> None:
    """Pitfall 9: the library fails late and obscurely."""
    with pytest.raises(UnreadableError) as caught:
        driver.run(at, "send:accept", yes)
    assert caught.value.code == "unknown_place"
    assert "什么都有" in caught.value.message


def test_drivers_of_several_threads_do_not_meet() -> None:
    """Pitfall 25: a machine is never shared, a flow may be."""
    flow, wrong = everything(), []

    def work() -> None:
        own = Driver(flow)
        for _ in range(20):
            if walk(own, *TO_JOINT, *AGREE, *FEES, "send:inspect", ask=NO_QUOTE) != ("archive",):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_groups_may_stand_in_groups() -> None:
    flow = steps(
        "{id: first, name: 始}",
        "{id: outer, name: 外, together: [{id: a, name: 甲, steps: [{id: a1, name: 一, role: approver}, "
        "{id: inner, name: 内, together: [{id: x, name: 子, steps: [{id: x1, name: 二, role: approver}]}, "
        "{id: y, name: 丑, steps: [{id: y1, name: 三, role: approver}]}]}]}, "
        "{id: b, name: 乙, steps: [{id: b1, name: 四, role: approver}]}]}",
        "{id: last, name: 末}",
    )
    driver = Driver(flow)
    at = walk(driver, "send:first", "send:a1", "send:y1", "send:b1")
    assert leaf_steps(flow, at) == ["x1"]
    assert walk(driver, "send:x1", at=at) == ("last",)
