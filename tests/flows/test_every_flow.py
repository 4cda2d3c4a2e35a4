"""Every flow of the program, walked to its end three ways; at every step every guard broken and mended, every control asked."""

from __future__ import annotations

from functools import cache

import pytest
from trials import fresh

from yk.desk.trial import AS_WRITTEN, Trial, try_out
from yk.flows.explore import explore, unreached
from yk.flows.flow import flow_ids, load

FLOWS = flow_ids()


@cache
def tried(name: str) -> Trial:
    """The trial of a flow, made once a run."""
    flow = load(name)
    return try_out(flow, fresh, flow.doc["demo"].get("customer", ""))


@pytest.mark.parametrize("name", FLOWS)
def test_it_runs_to_its_end_by_its_own_examples(name: str) -> None:
    assert tried(name).ends[AS_WRITTEN] == "completed"


@pytest.mark.parametrize("name", FLOWS)
def test_whatever_its_conditions_say_it_comes_to_an_end(name: str) -> None:
    assert set(tried(name).ends.values()) <= {"completed", "stopped"}


@pytest.mark.parametrize("name", FLOWS)
def test_every_guard_refuses_when_broken_and_passes_when_mended(name: str) -> None:
    """FLOW guards both ways: at every step, on an order that is otherwise ready."""
    trial = tried(name)
    assert trial.failures == []
    assert trial.refused == trial.mended == trial.guards


@pytest.mark.parametrize("name", FLOWS)
def test_every_step_is_come_to_and_every_control_asked(name: str) -> None:
    trial = tried(name)
    assert trial.steps == set(trial.flow.steps)
    assert trial.controls >= trial.wanted_controls


@pytest.mark.parametrize("name", FLOWS)
def test_nothing_in_it_is_a_dead_end_or_passes_a_control_by(name: str) -> None:
    found = explore(load(name))
    assert found.sound
    assert unreached(load(name), found) == []
