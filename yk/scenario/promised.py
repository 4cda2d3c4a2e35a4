"""What a scenario promises besides its expectations: obligations of the flow it exists for (须覆盖), and how it goes, word for
word (快照)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import unified_diff
from pathlib import Path

from yk.files import read_bytes, write_atomic
from yk.flows.flow import load
from yk.scenario.cover_names import Names
from yk.scenario.obligations import find_dimension
from yk.scenario.observed import Seen
from yk.scenario.result import Miss, Result
from yk.scenario.scenario import Scenario
from yk.scenario.written import Map

MOST = 12
"""So many lines of a difference are shown where a snapshot does not fit."""


def broken_promises(result: Result, seen: Collection[Seen]) -> Iterator[Miss]:
    """What a scenario that went well promised and did not keep."""
    yield from _uncovered(result.scenario, seen)
    if result.scenario.snapshot and (changed := difference(result)):
        told = "；".join(line for line in changed[2:][:MOST] if line[0] in "+-")
        yield Miss(
            "快照",
            result.scenario.snapshot,
            told,
            result.scenario.place,
            "看过差别再收下：yk scenario run --accept",
        )


def _uncovered(scenario: Scenario, seen: Collection[Seen]) -> Iterator[Miss]:
    """Obligations it exists for that it did not meet, or that the flow does not have any more."""
    asked = scenario.must_cover
    if not asked:
        return
    names = Names(load(scenario.flow))
    met = {(dimension, item) for dimension, flow, item in seen if flow == scenario.flow}
    for word, items in asked.items():
        place = asked.place(word) if isinstance(asked, Map) else scenario.place
        dimension = find_dimension(word)
        for item in items if isinstance(items, list) else [items]:
            meant = [one for one in names.meant(str(item).partition("=")[0]) if one[0] == dimension]
            meant += [(dimension, str(item))] if (dimension, str(item)) in met else []
            if not meant:
                yield Miss(f"须覆盖.{word}", item, "流程里没有这一项", place, "流程改了，或写错了")
            elif met.isdisjoint(meant):
                yield Miss(f"须覆盖.{word}", item, "没有走到", place)


# -- how it goes, word for word --------------------------------------------------------------------------------
def timeline(result: Result) -> str:
    """How a scenario went: a line a step."""
    return "".join(f"{one.mark} {one.number} {one.text}\n" for one in result.log)


def snapshot_file(scenario: Scenario) -> Path:
    """The file beside the scenario's."""
    return scenario.path.parent / scenario.snapshot


def difference(result: Result) -> list[str]:
    """How it went against how it went when the snapshot was taken, as lines of a diff; none when there is none."""
    path = snapshot_file(result.scenario)
    old = read_bytes(path).decode(errors="replace").splitlines() if path.exists() else []
    return list(unified_diff(old, timeline(result).splitlines(), "快照", "现在", lineterm="", n=1))


def accept(result: Result) -> Path:
    """Take how it went for the snapshot from now on."""
    path = snapshot_file(result.scenario)
    path.parent.mkdir(exist_ok=True, parents=True)
    write_atomic(path, timeline(result).encode())
    return path
