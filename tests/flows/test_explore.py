"""Exploring a flow: its whole behaviour, and what is wrong with it."""

from __future__ import annotations

import pytest
from walks import everything, rename, steps

from yk.flows.explore import Behaviour, explore, unreached
from yk.flows.flow import Flow, flow_ids, load


def test_every_flow_of_the_program_is_sound() -> None:
    for name in flow_ids():
        found = explore(load(name))
        assert found.sound, (name, found.dead_ends, found.never_left, found.bypasses)
        assert unreached(load(name), found) == []


def test_rename_has_five_steps_and_two_ends() -> None:
    found = explore(rename())
    assert {at[0] for at in found.configurations} == {*rename().steps, "completed", "stopped"}
    assert all(len(at) == 1 for at in found.configurations)


def test_the_flow_with_everything_is_sound() -> None:
    found = explore(everything())
    assert found.sound
    assert unreached(everything(), found) == []
    assert any(event.startswith("fail:") for _, event, _ in found.rows)


def test_rows_hold_refusals_too() -> None:
    refused = [outcome for outcome in explore(rename()).rows.values() if outcome.at is None]
    assert refused
    assert all(not outcome.took and outcome.asked for outcome in refused)


def test_a_circle_nobody_comes_out_of_is_a_dead_end() -> None:
    found = explore(
        steps(
            "{id: a, name: 甲, next: [{to: b, when: by_agent}, {to: end}]}",
            "{id: b, name: 乙, next: [{to: c}]}",
            "{id: c, name: 丙, next: [{to: b}]}",
        )
    )
    assert found.dead_ends == ["b", "c"]
    assert not found.sound


def test_a_way_that_only_stops_is_a_dead_end() -> None:
    found = explore(
        steps(
            "{id: a, name: 甲, next: [{to: b, when: by_agent}, {to: end}]}",
            "{id: b, name: 乙, next: [{to: stopped}]}",
        )
    )
    assert found.dead_ends == ["b"]


def test_a_step_nobody_comes_to_is_never_left_and_unreached() -> None:
    flow = steps("{id: a, name: 甲, next: [{to: end}]}", "{id: lost, name: 乙}")
    found = explore(flow)
    assert found.never_left == ["lost"]
    assert unreached(flow, found) == ["lost"]


def test_a_sign_off_in_a_circle_with_its_arbitration_is_a_dead_end() -> None:
    found = explore(
        steps(
            "{id: joint, name: 会签, role: approver, sign: {departments: [{id: m, name: 甲, role: approver}, "
            "{id: n, name: 乙, role: approver}], arbitrate: judge}, next: [{to: judge}]}",
            "{id: judge, name: 仲裁, next: [{to: joint}]}",
        )
    )
    assert "judge" in found.dead_ends


@pytest.mark.parametrize("forgotten", ["controls", "fields", "materials", "no_arrears"])
def test_a_gate_that_forgets_a_question_is_a_bypass(monkeypatch: pytest.MonkeyPatch, forgotten: str) -> None:
    """The digest is changed too, or the sound class would be used."""
    flow = everything()
    flow.digest += forgotten
    whole = Flow.gate
    monkeypatch.setattr(
        Flow, "gate", lambda self, step: tuple(n for n in whole(self, step) if n != forgotten)
    )
    found = explore(flow)
    assert "send:accept" in found.bypasses
    assert not found.sound


def test_a_gate_that_asks_nothing_is_a_bypass_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = everything()
    flow.digest += "nothing"
    monkeypatch.setattr(Flow, "gate", lambda self, step: ())
    sent = {f"send:{name}" for name in flow.steps if name != "joint"}
    signed = {f"sign:joint:{d}:agree" for d in ("mkt", "ops", "dev")}
    assert set(explore(flow).bypasses) == sent | signed


def test_a_gate_that_forgets_the_child_order_is_a_bypass(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = steps("{id: a, name: 甲, sub_flow: rename}")
    flow.digest += "child"
    assert explore(flow).sound
    flow.digest += "less"
    monkeypatch.setattr(Flow, "gate", lambda self, step: ("fields", "materials", "controls"))
    assert explore(flow).bypasses == ["send:a"]


def test_a_row_names_place_event_and_answers() -> None:
    found = explore(steps("{id: a, name: 甲, guards: [no_arrears]}"))
    assert isinstance(found, Behaviour)
    outcomes = {(at, event, answers): outcome.at for (at, event, answers), outcome in found.rows.items()}
    assert outcomes == {
        (("a",), "send:a", ((True, True, True, True),)): ("completed",),
        (("a",), "send:a", ((False, True, True, True),)): None,
        (("a",), "stop", ()): ("stopped",),
    }
