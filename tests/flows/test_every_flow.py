"""Every flow of the program, walked to its end three ways; at every step every guard broken and mended, every control asked."""

from __future__ import annotations

import pytest
from quality import findings, rules
from trials import fresh

from yk.desk import Desk
from yk.desk.demonstration import DAY
from yk.desk.trial import AS_WRITTEN, try_out
from yk.flows.explore import explore, unreached
from yk.flows.flow import flow_ids, load

FLOWS = flow_ids()


@pytest.mark.parametrize("name", FLOWS)
def test_it_holds_wherever_it_is_tried(name: str) -> None:
    """It runs to its end by its own examples and whatever its conditions say; every guard refuses when broken and passes
    when mended, on an order that is otherwise ready; every step is come to, every control asked; and the archive that it
    leaves passes every data-quality rule."""
    flow, desks = load(name), list[Desk]()

    def desk() -> Desk:
        desks.append(fresh())
        return desks[-1]

    trial = try_out(flow, desk, flow.doc["demo"].get("customer", ""))
    assert trial.failures == []
    assert trial.ends[AS_WRITTEN] == "completed"
    assert set(trial.ends.values()) <= {"completed", "stopped"}
    assert trial.steps == set(flow.steps)
    assert trial.refused == trial.mended == trial.guards
    assert trial.controls >= trial.wanted_controls
    for walked in desks:
        assert findings(walked.store, DAY[:10]) == []
        assert not [case for order in walked.orders() for case in walked.verify(order.case)]


@pytest.mark.parametrize("name", FLOWS)
def test_nothing_in_it_is_a_dead_end_or_passes_a_control_by(name: str) -> None:
    found = explore(load(name))
    assert found.sound
    assert unreached(load(name), found) == []


def test_the_demonstration_archive_itself_passes_every_rule() -> None:
    assert len(rules()) == 130
    assert findings(fresh().store, DAY[:10]) == []
