"""What the tests of a flow owe it, told from the flow alone: seven dimensions, each with its items.

    states       STEP | completed | stopped
    transitions  STEP>TARGET, as `yk.flows.ways` has them
    guards       STEP/GUARD=yes | STEP/GUARD=no
    refusals     a refusal code
    controls     CONTROL=done | CONTROL=caught, of those that must be answered or that a guard answers
    risks        RISK=shown | RISK=realised
    lamps        STEP=yellow | STEP=red, of steps with a limit

Owed is what the engine can do. Of the ways only those are left out that no order can take: past an optional step and on
to another of the same condition. A guard that settings make a mere notice refuses with `notice_open`; the default
settings count, whatever the user's say. What the desk refuses besides guards is owed where the flow decides who meets it,
where and when (`cover.yaml`): a kind of move that can go wrong is owed by the flows that have it, the lock of a red
lamp by those with limits, though a setting must switch it on. Left out is what has nothing to do with the flow: that
somebody else was quicker (`stale`), that nothing is on hold, locked or to be taken back, the rows of a batch, data that
may not be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from yk import settings, yamls
from yk.deadlines.limits import RED, YELLOW
from yk.desk.duty import OFFICE
from yk.errors import UsageError
from yk.flows.compile import STOP, fall_through
from yk.flows.definition import COMPLETED, END, STOPPED, Data, walk
from yk.flows.driver import Taken
from yk.flows.flow import Flow
from yk.flows.guards import find_condition, find_guard
from yk.flows.roles import separations
from yk.flows.ways import Way, ways
from yk.text import did_you_mean, halfwidth

SOURCE = Path(__file__).with_name("cover.yaml")
Obligations = dict[str, tuple[str, ...]]
"""Dimension -> its items, in the flow's order."""
NOTICE_OPEN = "notice_open"


def obligations(flow: Flow) -> Obligations:
    """Everything the tests of `flow` owe it, by dimension; all seven are there, some perhaps empty."""
    steps, controls = flow.steps.values(), [c for step in flow.steps.values() for c in step["controls"]]
    return {
        "states": (*flow.steps, COMPLETED, STOPPED),
        "transitions": tuple(f"{source}>{target}" for source, target in _ways(flow)),
        "guards": _both((f"{s['id']}/{guard}" for s in steps for guard in s["guards"]), "yes", "no"),
        "refusals": tuple(dict.fromkeys(_refusals(flow))),
        "controls": _both((c["id"] for c in controls if c["required"] or c["guard"]), "done", "caught"),
        "risks": _both(dict.fromkeys(c["risk"] for c in controls), "shown", "realised"),
        "lamps": _both((step["id"] for step in steps if step["limit"]), YELLOW, RED),
    }


def dimensions() -> Mapping[str, str]:
    """The dimensions by id, with the Chinese name that is shown."""
    return {ident: names[0] for ident, names in _data()["dimensions"].items()}


def find_dimension(word: str) -> str:
    """The dimension meant by an id or a Chinese name. Raises UsageError (`unknown_dimension`)."""
    wanted = halfwidth(word).lower()
    for ident, names in _data()["dimensions"].items():
        if wanted in (ident, *names):
            return str(ident)
    shown = "、".join(f"{name}（{ident}）" for ident, name in dimensions().items())
    hint = did_you_mean(wanted, [*dimensions(), *dimensions().values()]) or f"可用的有：{shown}"
    raise UsageError("unknown_dimension", f"没有“{word}”这个覆盖维度", hint)


def side_name(side: str) -> str:
    """The Chinese name of a side of an item: of `yes`, `caught`, `red`."""
    return str(_data()["sides"][side])


def ways_taken(took: Taken) -> list[str]:
    """The items of `transitions` that a move on the engine met (`Outcome.took`)."""
    forward = ((source, target) for event, source, target in took if event != STOP and "/" not in source)
    return [f"{source}>{END if target.endswith('/done') else target}" for source, target in forward]


def _both(idents: Iterable[str], one: str, other: str) -> tuple[str, ...]:
    return tuple(f"{ident}={side}" for ident in idents for side in (one, other))


# -- ways ------------------------------------------------------------------------------------------------------
def _ways(flow: Flow) -> list[Way]:
    """The ways an order can take, in the flow's order."""
    rank = {step["id"]: number for number, step in enumerate(walk(flow.doc["steps"]))}
    last = len(rank)
    possible = ways(flow) - set(_impossible(flow.doc["steps"], COMPLETED))
    return sorted(possible, key=lambda way: (rank[way[0]], rank.get(way[1], last), way[1]))


def _impossible(steps: Sequence[Data], after: str) -> Iterator[Way]:
    """Ways on that need a condition to hold which, asked for the same move before, did not, or one that implies it."""
    for number, step in enumerate(steps):
        asked: set[str] = set()
        for way in step["next"] or fall_through(steps[number + 1 :], after):
            own = way["when"]
            if own and not asked.isdisjoint((own, *find_condition(own).implies)):
                yield step["id"], after if way["to"] == END else way["to"]
            asked |= {own} - {""}
        for group in step.get("groups", ()):
            yield from _impossible(group["steps"], END)


# -- refusals --------------------------------------------------------------------------------------------------
def _refusals(flow: Flow) -> Iterator[str]:
    """The codes of the guards, then those of the desk."""
    usual = {one.name: one.default for one in settings.declared()}
    yield from (find_guard(name).code for name in flow.doc["opens_if"])
    for guard in (guard for step in flow.steps for guard in flow.gate_guards(step)):
        yield NOTICE_OPEN if usual.get(guard.level_setting) == "notice" else guard.code
    yield from (code for code, when in _data()["refusals"].items() if _WHEN[when](flow))


def _separated(flow: Flow) -> bool:
    """Are there two steps that one person may not both do?"""
    kinds = [step["archetype"] for step in flow.steps.values()]
    return any(
        rule.first in kinds and kinds.count(rule.second) > (rule.first == rule.second)
        for rule in separations()
    )


def _some(key: str) -> Callable[[Flow], bool]:
    """Has some step such a thing?"""
    return lambda flow: any(step[key] for step in flow.steps.values())


def _requires_fields(flow: Flow) -> bool:
    """Is there a field that must be filled and does not fill itself?"""
    wanted = (field for step in flow.steps for field in flow.requirable(step))
    return any(not field["from"] and field["default"] is None for field in wanted)


_WHEN: dict[str, Callable[[Flow], bool]] = {
    "always": lambda flow: True,
    "office": lambda flow: OFFICE in flow.fields,
    "separated_duties": _separated,
    "limits": _some("limit"),
    "several_steps": lambda flow: len(flow.steps) > 1,
    "required_fields": _requires_fields,
    "materials": lambda flow: bool(flow.doc["materials"]),
    "required_materials": lambda flow: any(
        m["required"] or m["required_when"] for m in flow.doc["materials"]
    ),
    "deferrable_materials": lambda flow: any(m["deferrable_until"] for m in flow.doc["materials"]),
    "other_materials": lambda flow: any(not m["deferrable_until"] for m in flow.doc["materials"]),
    "required_controls": lambda flow: any(c["required"] for s in flow.steps for c in flow.asked_controls(s)),
    "manual_controls": lambda flow: any(flow.manual_controls(step) for step in flow.steps),
    "branches": lambda flow: any(
        step.get("when") or len(step["next"]) > 1 for step in walk(flow.doc["steps"])
    ),
    "sub_flow": _some("sub_flow"),
    "ways_back": _some("back"),
    "inspections": _some("on_fail"),
    "sign": _some("sign"),
}
"""When a flow's orders meet a refusal of the desk."""


@cache
def _data() -> Any:
    return yamls.compiled("scenario-cover", [SOURCE], _read)


def _read() -> dict[str, Any]:
    with yamls.read(SOURCE, "cover.yaml").fields() as f:
        names, sides, refusals = (f.need(part).fields() for part in ("dimensions", "sides", "refusals"))
    return {
        "dimensions": {ident: names.texts(ident) for ident in names.keys()},  # noqa: SIM118
        "sides": {ident: sides.text(ident) for ident in sides.keys()},  # noqa: SIM118
        "refusals": {code: refusals.need(code).one_of(_WHEN) for code in refusals.keys()},  # noqa: SIM118
    }
