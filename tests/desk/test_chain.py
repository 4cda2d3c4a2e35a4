"""The event chain: complete, and no change to it stays unseen."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import World

from yk.desk import chain
from yk.desk.order import WorkOrder

Event = dict[str, Any]
FIELDS = (
    "at",
    "operator",
    "role",
    "event",
    "from",
    "to",
    "reason",
    "answers",
    "hash",
    "prev",
    "case",
    "seq",
    "id",
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 30),
    st.text(max_size=5),
    st.lists(st.text(max_size=3), max_size=2),
)


@cache
def _story() -> tuple[dict[str, Any], list[Event]]:
    """A 更名 with a return, a hold and a bulk answer: the order and its events."""
    world = World()
    order = world.at("contract_change")
    world.desk("contract_manager").return_(order.case, "acceptance", "新名称与执照不符")
    world.desk("acceptance_clerk").suspend(order.case, "客户补件")
    world.desk("acceptance_clerk").resume(order.case, "已补齐")
    while world.desk().get(order.case).status == "open":
        world.pass_step(order.case)
    return world.desk().get(order.case).doc(), world.desk().events(order.case)


def story() -> tuple[WorkOrder, list[Event]]:
    order, events = deepcopy(_story())
    return WorkOrder.load(order), events


def test_every_event_says_who_when_in_which_role_from_where_to_where_why_and_with_which_answers() -> None:
    order, events = story()
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    for event in events:
        assert event.keys() >= set(FIELDS)
        assert event["operator"]
        assert event["role"]
        assert event["at"].endswith("+08:00")
        assert event["from"] or event["event"] == "open"
        assert event["to"]
        assert event["case"] == order.case
    assert all(e["reason"] for e in events if e["event"] in ("return", "suspend", "resume", "stop"))
    assert all(e["answers"] for e in events if e["event"] in ("open", "set", "attach", "confirm", "send"))


def test_every_forward_move_names_each_question_and_its_answer() -> None:
    from walks import rename

    _, events = story()
    for event in events:
        if event["event"] == "send":
            asked = set(rename().gate(event["from"][0]))
            assert asked <= event["answers"].keys()
            assert all(event["answers"][name] is True for name in asked)


def test_the_kinds_of_events_tell_the_story() -> None:
    _, events = story()
    moves = [(e["event"], e["to"]) for e in events if e["event"] not in ("set", "attach", "confirm")]
    assert moves == [
        ("open", ["acceptance"]),
        ("send", ["contract_change"]),
        ("return", ["acceptance"]),
        ("suspend", ["acceptance"]),
        ("resume", ["acceptance"]),
        ("send", ["contract_change"]),
        ("send", ["data_archiving"]),
        ("send", ["follow_up"]),
        ("send", ["document_archiving"]),
        ("send", ["completed"]),
    ]


def test_a_whole_chain_has_no_problem() -> None:
    order, events = story()
    assert chain.problems(order, events) == []
    assert order.last_hash == events[-1]["hash"]
    assert events[0]["prev"] == ""


@given(st.data())
def test_any_field_of_any_event_that_is_changed_is_found(data: st.DataObject) -> None:
    order, events = story()
    event = data.draw(st.sampled_from(events))
    field = data.draw(st.sampled_from(sorted(event)))
    value = data.draw(VALUES.filter(lambda v: json.dumps(v) != json.dumps(event[field])))
    event[field] = value
    assert chain.problems(order, events)


@given(st.data())
def test_a_changed_event_whose_hash_is_made_to_fit_is_found_by_the_next(data: st.DataObject) -> None:
    order, events = story()
    event = data.draw(st.sampled_from(events))
    event["reason"] += "改"
    event["hash"] = chain.digest(event)
    assert chain.problems(order, events)


@given(st.data())
def test_a_field_added_or_taken_away_is_found(data: st.DataObject) -> None:
    order, events = story()
    event = data.draw(st.sampled_from(events))
    if data.draw(st.booleans()):
        event["extra"] = data.draw(VALUES)
    else:
        del event[data.draw(st.sampled_from(sorted(event)))]
    assert chain.problems(order, events)


@given(st.data())
def test_an_event_lost_added_or_moved_is_found(data: st.DataObject) -> None:
    order, events = story()
    i, j = (data.draw(st.integers(0, len(events) - 1)) for _ in range(2))
    kind = data.draw(st.sampled_from(["lost", "twice", "moved"]))
    if kind == "lost":
        del events[i]
    elif kind == "twice":
        events.insert(j, deepcopy(events[i]))
    elif i != j:
        events[i], events[j] = events[j], events[i]
    else:
        return
    assert chain.problems(order, events)


def test_a_chain_cut_off_at_its_end_is_found() -> None:
    order, events = story()
    for kept in range(len(events)):
        assert chain.problems(order, events[:kept])


def test_an_order_that_forgot_events_is_found() -> None:
    order, events = story()
    order.seq -= 1
    assert chain.problems(order, events)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "改过"},
        {"operator": "archivist"},
        {"seq": None},
        {"seq": "x"},
        {"seq": 99},
        {"hash": None},
        {"prev": ""},
        {"answers": {}},
    ],
)
def test_the_desk_finds_what_was_changed_in_the_store(world: World, change: Event) -> None:
    order = world.at("contract_change")
    table = world.store.table("event")
    key = f"{order.case}.000003"
    table.put([(key, dict(table.get(doc_id=key)) | change)])
    problems = world.desk().verify(order.case)
    assert problems
    assert all(order.case in problem for problem in problems)


def test_the_desk_finds_an_event_that_is_gone_or_belongs_to_another_order(world: World) -> None:
    order, other = world.at("contract_change"), world.open_rename("1016000003")
    table = world.store.table("event")
    key = f"{order.case}.000003"
    row = dict(table.get(doc_id=key))
    table.put([(key, row | {"case": other.case})])
    assert world.desk().verify(order.case)
    assert world.desk().verify(other.case)
    table.remove(doc_ids=[key])
    assert world.desk().verify(order.case)
    assert world.desk().verify(other.case) == []


def test_a_problem_says_which_event_and_what_is_wrong_with_it() -> None:
    order, events = story()
    events[4]["reason"] = "改过"
    (problem,) = chain.problems(order, events)
    assert "第 5 条" in problem
    assert "改动" in problem


def test_the_digest_is_that_of_the_canonical_json() -> None:
    import hashlib

    _, events = story()
    for event in events:
        body = {k: v for k, v in event.items() if k != "hash"}
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert event["hash"] == hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    _, events = story()
    assert chain.digest(dict(reversed(events[3].items()))) == events[3]["hash"]
