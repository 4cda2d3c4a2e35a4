"""A flow document compiled to a python-statemachine class; the library is the authority on every move.

Machine ids carry a prefix that no name of the library has; the plain step id is the state's value. Every question is
asked through one guard factory, one hook records what was taken, nothing else is attached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from yk.flows.definition import COMPLETED, END, ENDS, STOPPED, Data
from yk.flows.flow import Flow

Block = tuple[str, ...]
"""Questions put together; a negated one starts with `not `."""
AT = "at:"
DONE = "done.state."

STRICT = {
    "allow_event_without_transition": False,
    "catch_errors_as_events": False,
    "atomic_configuration_update": True,
    "enable_self_transition_entries": True,
    "validate_trap_states": False,  # ends are ordinary states, so that one machine serves many work orders
    "validate_disconnected_states": False,  # `explore` says it in the flow's own words
    # The library refuses to set an attribute called like a state's *value*; ours are plain step ids, its ids are prefixed.
    "__setattr__": object.__setattr__,
}


def send(step: str) -> str:
    """The event that moves on from `step`."""
    return f"send:{step}"


def back(step: str, target: str) -> str:
    """The event that sends back from `step` to `target`."""
    return f"back:{step}:{target}"


def fail(step: str) -> str:
    """The event of a failed inspection at `step`."""
    return f"fail:{step}"


def sign(step: str, department: str, opinion: str) -> str:
    """The event of a department's opinion ('agree' | 'revise' | 'reject') at a joint sign-off."""
    return f"sign:{step}:{department}:{opinion}"


STOP = "stop"
OPINIONS = ("agree", "revise", "reject")


def _ask(block: Block) -> Callable[[Any], bool]:
    """The guard factory: one signature for all, `model` is injected by the library."""

    def guard(model: Any) -> bool:
        return all(model.ask(block))

    guard.__name__ = guard.__qualname__ = "asks:" + ",".join(block)
    return guard


def _edge(target: str, *blocks: Block) -> dict[str, Any]:
    edge: dict[str, Any] = {"target": AT + target}
    if conds := [_ask(block) for block in blocks if block]:
        edge["cond"] = conds
    return edge


def compile_states(flow: Flow) -> dict[str, dict[str, Any]]:
    """The states mapping for the library (always a fresh one: the library consumes it)."""
    states = _sequence(flow, flow.doc["steps"], COMPLETED)
    for end, name in ENDS.items():
        states[AT + end] = {"name": name, "value": end}
    return states


def _sequence(flow: Flow, steps: Sequence[Data], after: str) -> dict[str, dict[str, Any]]:
    """Steps that follow each other; the last one leads to `after`."""
    states = {}
    for i, step in enumerate(steps):
        ways = [{**way, "to": after if way["to"] == END else way["to"]} for way in step["next"]]
        ways = ways or fall_through(steps[i + 1 :], after)
        make = _group if "groups" in step else _joint if step["sign"] else _single
        state = make(flow, step, ways)
        states[AT + step["id"]] = {"name": step["name"], "value": step["id"], "initial": i == 0, **state}
    return states


def fall_through(following: Sequence[Data], after: str) -> list[Data]:
    """The ordered ways on over optional steps, to `after` when all may be skipped."""
    ways: list[Data] = []
    for step in following:
        ways.append({"to": step["id"], "when": step.get("when", "")})
        if not step.get("when"):
            return ways
    return [*ways, {"to": after, "when": ""}]


def _single(flow: Flow, step: Data, ways: list[Data]) -> dict[str, Any]:
    name = step["id"]
    gate = flow.gate(name)
    events = {send(name): [_edge(way["to"], gate, _when(way)) for way in ways], **_ways_off(step)}
    if step["on_fail"]:
        events[fail(name)] = [_edge(step["on_fail"])]
    return {"on": events}


def _when(way: Data) -> Block:
    return (way["when"],) if way["when"] else ()


def _ways_off(step: Data) -> dict[str, Any]:
    """Sending back to each allowed step, and stopping."""
    events = {back(step["id"], target): [_edge(target)] for target in step.get("back", ())}
    return {**events, STOP: [_edge(STOPPED)]}


def _joint(flow: Flow, step: Data, ways: list[Data]) -> dict[str, Any]:
    """Joint sign-off: one region a department; all agree -> on, else -> arbitration."""
    name, gate = step["id"], flow.gate(step["id"])
    regions, agreed = {}, []
    for department in step["sign"]["departments"]:
        place = f"{name}/{department['id']}"
        agreed.append(f"In('{AT}{place}/agree')")
        events = {
            sign(name, department["id"], opinion): [
                _edge(f"{place}/{opinion}", *([gate] if opinion == "agree" else []))
            ]
            for opinion in OPINIONS
        }
        inner = {AT + f"{place}/wait": {"value": f"{place}/wait", "initial": True, "on": events}}
        for opinion in OPINIONS:
            inner[AT + f"{place}/{opinion}"] = {"value": f"{place}/{opinion}", "final": True}
        regions[AT + place] = {"name": department["name"], "value": place, "states": inner}
    join = []
    for way in ways:
        edge = _edge(way["to"], _when(way))
        join.append({**edge, "cond": [" and ".join(agreed), *edge.get("cond", ())]})
    join.append(_edge(step["sign"]["arbitrate"]))
    return {"parallel": True, "states": regions, "on": {f"{DONE}{AT}{name}": join, **_ways_off(step)}}


def _group(flow: Flow, step: Data, ways: list[Data]) -> dict[str, Any]:
    """Groups that run side by side, joined when every one is done."""
    regions = {}
    for group in step["groups"]:
        place = group["id"]
        inner = _sequence(flow, group["steps"], f"{place}/done")
        if group["steps"][0].get("when"):
            inner[AT + group["steps"][0]["id"]]["initial"] = False
            inner[AT + f"{place}/start"] = _passed_through(group, place)
        inner[AT + f"{place}/done"] = {"value": f"{place}/done", "final": True}
        regions[AT + place] = {"name": group["name"], "value": place, "states": inner}
    join = [_edge(way["to"], _when(way)) for way in ways]
    return {
        "parallel": True,
        "states": regions,
        "on": {f"{DONE}{AT}{step['id']}": join, STOP: [_edge(STOPPED)]},
    }


def _passed_through(group: Data, place: str) -> dict[str, Any]:
    """Where a group begins that may skip its first step: left at once, for the first step whose condition holds."""
    ways = fall_through(group["steps"], f"{place}/done")
    edges = [_edge(way["to"], _when(way)) for way in ways]
    return {"value": f"{place}/start", "initial": True, "transitions": edges}


_classes: dict[str, Any] = {}


def machine_class(flow: Flow) -> Any:
    """The machine class of a flow, built once a digest (the library keeps every class for ever)."""
    if flow.digest not in _classes:
        from statemachine.io import create_machine_class_from_definition

        states: Any = compile_states(flow)
        _classes[flow.digest] = create_machine_class_from_definition(
            f"Flow_{flow.digest}", states=states, after_transition=_record, **STRICT
        )
    return _classes[flow.digest]


def _record(self: Any, event: Any, source: Any, target: Any) -> None:
    """The one hook: called by the library after every transition it takes."""
    self.model.took.append((str(event), source.value, target.value if target else source.value))
