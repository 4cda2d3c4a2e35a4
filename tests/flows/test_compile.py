"""A flow document compiled to a class of python-statemachine."""

from __future__ import annotations

from copy import deepcopy

import pytest
from walks import EVERYTHING, everything, flow_of, rename, steps, walk

from yk.flows import compile as machine
from yk.flows.driver import Driver
from yk.flows.flow import Flow

HOSTILE = [
    "send",
    "model",
    "states",
    "configuration",
    "final_states",
    "current_state",
    "State",
    "event",
    "add_listener",
]


def test_step_ids_never_touch_the_librarys_own_names() -> None:
    """Pitfall 3: a step called `send` or `configuration` would break the machine."""
    flow = steps(*[f"{{id: {name}, name: 步骤}}" for name in HOSTILE])
    driver = Driver(flow)
    assert walk(driver, *[f"send:{name}" for name in HOSTILE]) == ("completed",)


def test_every_name_the_library_has_may_be_a_step() -> None:
    from statemachine import StateChart

    public = {*dir(StateChart), *vars(Driver(rename())._machine)}
    taken = sorted(n for n in public if n.isidentifier() and not n.startswith("_"))
    assert {"send", "model", "states_map", "start_configuration_values"} <= set(taken)
    driver = Driver(steps(*[f"{{id: {name}, name: 步骤}}" for name in taken]))
    assert walk(driver, *[f"send:{name}" for name in taken]) == ("completed",)


def test_a_step_whose_name_begins_as_anothers_is_another_step() -> None:
    """Pitfall 4: the library matches event names by dot prefix."""
    driver = Driver(steps("{id: fee, name: 甲}", "{id: fee2, name: 乙}", "{id: fee_2, name: 丙}"))
    assert driver.run(("fee",), "send:fee2", lambda b: (True,) * len(b)).at is None
    assert walk(driver, "send:fee", "send:fee2", "send:fee_2") == ("completed",)


def test_no_compiled_event_has_a_dot_that_the_library_would_split_at() -> None:
    for flow in (rename(), everything()):
        assert not [event for event in Driver(flow).events if "." in event]


def test_each_compilation_gives_a_fresh_mapping() -> None:
    """Pitfall 1: the library consumes the mapping it is given."""
    flow = everything()
    first, second = machine.compile_states(flow), machine.compile_states(flow)
    assert first is not second
    before = deepcopy(list(first))
    first[machine.AT + "par"].clear()
    assert list(second) == before
    assert second[machine.AT + "par"]["states"]


def test_compiling_leaves_the_document_as_it_was() -> None:
    flow = everything()
    before = deepcopy(flow.doc)
    machine.compile_states(flow)
    Driver(flow)
    assert flow.doc == before


def test_the_class_is_built_once_a_digest() -> None:
    """Pitfall 13: the library keeps every class for ever."""
    one, other = everything(), everything()
    assert one is not other
    assert machine.machine_class(one) is machine.machine_class(other)
    changed = flow_of(EVERYTHING.replace("name: 仲裁", "name: 裁决"))
    assert changed.digest != one.digest
    assert machine.machine_class(changed) is not machine.machine_class(one)


def test_the_class_runs_under_the_strict_flags() -> None:
    """Pitfall 2: the library's defaults swallow unknown events and crashed checks."""
    kind = machine.machine_class(rename())
    assert kind.allow_event_without_transition is False
    assert kind.catch_errors_as_events is False
    assert kind.atomic_configuration_update is True
    assert kind.enable_self_transition_entries is True


def test_values_of_states_are_the_plain_ids_of_the_flow() -> None:
    flow = everything()
    values = set(machine.machine_class(flow).states_map)
    assert flow.steps.keys() <= values
    assert {"par", "fees", "works", "fees/done", "joint/mkt/wait", "completed", "stopped"} <= values


def test_ends_are_ordinary_states_so_that_one_machine_serves_many_orders() -> None:
    """Pitfall 6: a final state stops the engine for good."""
    driver = Driver(steps("{id: only, name: 只此一步}"))
    for _ in range(3):
        assert walk(driver, "send:only") == ("completed",)
        assert walk(driver, "stop") == ("stopped",)


@pytest.mark.parametrize("department", ["营销", "a-b", "x_1"])
def test_departments_may_bear_any_harmless_id(department: str) -> None:
    flow = steps(
        f"{{id: joint, name: 会签, role: approver, sign: {{departments: [{{id: {department}, name: 甲, role: approver}}, "
        "{id: other, name: 乙, role: approver}], arbitrate: judge}, next: [{to: end}]}",
        "{id: judge, name: 仲裁}",
    )
    events = [machine.sign("joint", d, "agree") for d in (department, "other")]
    assert walk(Driver(flow), *events) == ("completed",)


def test_a_gate_asks_guards_and_everything_that_any_step_asks() -> None:
    flow = rename()
    assert isinstance(flow, Flow)
    for name, step in flow.steps.items():
        assert flow.gate(name) == (*step["guards"], "fields", "materials", "controls")
