"""The ways a flow has, as pairs (step, place): on, back, after a failure, to arbitration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from yk.flows.compile import fall_through
from yk.flows.definition import COMPLETED, END, Data
from yk.flows.flow import Flow

Way = tuple[str, str]


def ways(flow: Flow) -> set[Way]:
    """Every way of the flow: a group counts as one place, its end as `end`, the flow's end as `completed`."""
    return set(_of_sequence(flow.doc["steps"], COMPLETED))


def _of_sequence(steps: Sequence[Data], after: str) -> Iterator[Way]:
    for number, step in enumerate(steps):
        name = step["id"]
        on = step["next"] or fall_through(steps[number + 1 :], after)
        yield from ((name, after if way["to"] == END else way["to"]) for way in on)
        yield from ((name, target) for target in step.get("back", ()))
        if step.get("on_fail"):
            yield name, step["on_fail"]
        if step.get("sign"):
            yield name, step["sign"]["arbitrate"]
        for group in step.get("groups", ()):
            yield from _of_sequence(group["steps"], END)


def taken(flow: Flow, step: str, before: Iterable[str], after: Iterable[str]) -> set[Way]:
    """The ways a forward move from `step` took: `before` and `after` are the steps the order stood at."""
    homes, entered = _homes(flow), set(after) - (set(before) - {step})
    if not after:
        found = {(step, COMPLETED)} if not homes[step] else {(step, END), (homes[step], COMPLETED)}
        return found
    if not entered:
        return {(step, END)}
    found = set()
    for target in entered:
        if homes[target] == homes[step]:
            found.add((step, target))
        elif homes[step] and not homes[target]:
            found |= {(step, END), (_container(flow, step), target)}
        elif homes[fork := _container(flow, target)] == homes[step]:
            found.add((step, fork))
        else:
            found |= {(step, END), (_container(flow, step), fork)}
    return found


def _homes(flow: Flow) -> dict[str, str]:
    """Step -> the group it stands in, '' at the top."""
    homes: dict[str, str] = {}

    def walk(steps: Sequence[Data], home: str) -> None:
        for step in steps:
            homes[step["id"]] = home
            for group in step.get("groups", ()):
                walk(group["steps"], group["id"])

    walk(flow.doc["steps"], "")
    return homes


def _container(flow: Flow, step: str) -> str:
    """The step with groups that `step` stands in, directly."""
    return next(
        str(s["id"])
        for s in flow.doc["steps"]
        for g in s.get("groups", ())
        if any(x["id"] == step for x in g["steps"])
    )
