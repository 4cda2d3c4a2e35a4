"""Every flow of the program, walked to its end three ways; at every step every guard broken and mended, every control asked."""

from __future__ import annotations

from functools import cache

import pytest
from quality import findings, rules
from trials import fresh

from yk.desk import Desk
from yk.desk.demonstration import DAY
from yk.desk.trial import AS_WRITTEN, Trial, try_out
from yk.flows.explore import explore, unreached
from yk.flows.flow import flow_ids, load

FLOWS = flow_ids()


@cache
def tried(name: str) -> tuple[Trial, list[Desk]]:
    """The trial of a flow and the desks it was walked on, made once a run."""
    flow, desks = load(name), list[Desk]()

    def desk() -> Desk:
        desks.append(fresh())
        return desks[-1]

    return try_out(flow, desk, flow.doc["demo"].get("customer", "")), desks


@pytest.mark.parametrize("name", FLOWS)
def test_it_runs_to_its_end_by_its_own_examples(name: str) -> None:
    assert tried(name)[0].ends[AS_WRITTEN] == "completed"


@pytest.mark.parametrize("name", FLOWS)
def test_whatever_its_conditions_say_it_comes_to_an_end(name: str) -> None:
    assert set(tried(name)[0].ends.values()) <= {"completed", "stopped"}


@pytest.mark.parametrize("name", FLOWS)
def test_every_guard_refuses_when_broken_and_passes_when_mended(name: str) -> None:
    """FLOW guards both ways: at every step, on an order that is otherwise ready."""
    trial, _ = tried(name)
    assert trial.failures == []
    assert trial.refused == trial.mended == trial.guards


@pytest.mark.parametrize("name", FLOWS)
def test_every_step_is_come_to_and_every_control_asked(name: str) -> None:
    trial, _ = tried(name)
    assert trial.steps == set(trial.flow.steps)
    assert trial.controls >= trial.wanted_controls


@pytest.mark.parametrize("name", FLOWS)
def test_nothing_in_it_is_a_dead_end_or_passes_a_control_by(name: str) -> None:
    found = explore(load(name))
    assert found.sound
    assert unreached(load(name), found) == []


def test_the_demonstration_archive_itself_passes_every_rule() -> None:
    assert len(rules()) == 130
    assert findings(fresh().store, DAY[:10]) == []


@pytest.mark.parametrize("name", FLOWS)
def test_the_archive_it_leaves_passes_every_data_quality_rule(name: str) -> None:
    """D-01 … D-16 and all the others of 大一 and 小七, after each of the three walks."""
    for desk in tried(name)[1]:
        assert findings(desk.store, DAY[:10]) == []
