"""Coverage: what of the flows the scenarios have met, kept scenario by scenario, so that it tells who tests what.

Covers of several runs are merged; the order does not matter, and merging the same twice changes nothing. What was met
and is owed no more (the flow has changed since) does not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from yk.errors import UnreadableError, UsageError
from yk.files import read_bytes, write_atomic
from yk.flows.flow import flow_ids, load
from yk.scenario.cover_names import Names
from yk.scenario.obligations import find_dimension, obligations
from yk.text import halfwidth

FORMAT = 1
Seen = tuple[str, str, str]
"""(dimension, flow, item)."""


class Figure(NamedTuple):
    """How much of one dimension of a flow was met: `hit` of `of` items; `missing` are the others, in the flow's order."""

    hit: int
    of: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 only when nothing is missing."""
        return 100 * self.hit // self.of if self.of else 100


Figures = dict[str, dict[str, Figure]]
"""Flow -> dimension -> figure."""


class Gate(NamedTuple):
    """A dimension of every flow must be met to so many percent."""

    dimension: str
    percent: Fraction


class Gap(NamedTuple):
    """A gate that a flow does not pass."""

    flow: str
    gate: Gate
    figure: Figure


class Tested(NamedTuple):
    """An item and the scenarios that met it, perhaps none."""

    flow: str
    dimension: str
    item: str
    scenarios: tuple[str, ...]


class Cover:
    """What was met. `scenarios` ran, by their `ident`; `flows` are those they are about."""

    def __init__(self) -> None:
        self.scenarios: set[str] = set()
        self.flows: set[str] = set()
        self._who: dict[Seen, set[str]] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cover) and self.dump() == other.dump()

    def add(self, scenario: str, seen: Iterable[Seen], flow: str = "") -> None:
        """Note what a scenario met. It is about `flow`, where it says so, else about every flow it met."""
        self.scenarios.add(scenario)
        for one in seen:
            self._who.setdefault(one, set()).add(scenario)
            if not flow:
                self.flows.add(one[1])
        self.flows |= {flow} - {""}

    def merge(self, other: Cover) -> None:
        """Take over what another cover has."""
        self.scenarios |= other.scenarios
        self.flows |= other.flows
        for one, who in other._who.items():
            self._who.setdefault(one, set()).update(who)

    def who(self, dimension: str, flow: str, item: str) -> tuple[str, ...]:
        """The scenarios that met an item."""
        return tuple(sorted(self._who.get((dimension, flow, item), ())))

    def figures(self, flows: Iterable[str] = ()) -> Figures:
        """The figures of these flows, or of those the scenarios are about. Raises UsageError (`unknown_flow`)."""
        return {name: self._figures(name) for name in sorted(flows) or self._known()}

    def _figures(self, flow: str) -> dict[str, Figure]:
        found = {}
        for dimension, items in obligations(load(flow)).items():
            missing = tuple(item for item in items if (dimension, flow, item) not in self._who)
            found[dimension] = Figure(len(items) - len(missing), len(items), missing)
        return found

    def _known(self) -> list[str]:
        """The flows the scenarios are about that there still are."""
        return sorted(self.flows & set(flow_ids()))

    def who_tests(self, word: str, flows: Iterable[str] = ()) -> list[Tested]:
        """Who meets what `word` means (see `Names.meant`): in these flows or those the scenarios are about, and where it
        means nothing there, in all flows. Raises UsageError (`nothing_meant`)."""
        chosen = sorted(flows)
        for searched in (chosen,) if chosen else (self._known(), flow_ids()):
            found = [
                Tested(name, dimension, item, self.who(dimension, name, item))
                for name in searched
                for dimension, item in Names(load(name)).meant(word)
            ]
            if found:
                return found
        raise UsageError(
            "nothing_meant",
            f"没有叫 {word} 的作业项、环节、守卫、风险点、措施或拒绝码",
            "写编号或中文名，如 YXZY-YY-334、业务受理、no_arrears、334.2.R1.C1",
        )

    # -- as JSON -------------------------------------------------------------------------------------------------
    def dump(self) -> dict[str, Any]:
        """As JSON data: the scenarios once, and of every item their numbers in that list."""
        scenarios = sorted(self.scenarios)
        number = {name: place for place, name in enumerate(scenarios)}
        met: dict[str, dict[str, dict[str, list[int]]]] = {}
        for (dimension, flow, item), who in sorted(self._who.items()):
            items = met.setdefault(flow, {}).setdefault(dimension, {})
            items[item] = sorted(number[name] for name in who)
        return {"format": FORMAT, "flows": sorted(self.flows), "scenarios": scenarios, "met": met}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Cover:
        """From what `dump` gave. Raises KeyError, TypeError, ValueError or IndexError for anything else."""
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        made, scenarios = cls(), [str(name) for name in data["scenarios"]]
        made.scenarios, made.flows = set(scenarios), {str(name) for name in data["flows"]}
        for flow, by_dimension in data["met"].items():
            for dimension, items in by_dimension.items():
                for item, numbers in items.items():
                    made._who[dimension, flow, item] = {scenarios[number] for number in numbers}
        return made


def save(cover: Cover, path: Path) -> None:
    """Write a cover to a file. Raises UnreadableError when that cannot be."""
    text = json.dumps(cover.dump(), ensure_ascii=False, separators=(",", ":"))
    write_atomic(path, f"{text}\n".encode())


def read(path: Path) -> Cover:
    """A cover from a file. Raises UnreadableError (`bad_cover`) when it is none."""
    try:
        return Cover.load(json.loads(read_bytes(path)))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise UnreadableError(
            "bad_cover", f"{path} 不是本版本写的场景覆盖文件", "用 yk scenario cover … --save 重新写一份"
        ) from None


# -- gates -------------------------------------------------------------------------------------------------------
def parse_gate(word: str) -> Gate:
    """A gate as it is written: `转移=100`, `guards=95.5%`. Raises UsageError (`bad_gate`, `unknown_dimension`)."""
    name, _, percent = halfwidth(word).partition("=")
    try:
        wanted = Fraction(percent.strip().removesuffix("%"))
    except (ValueError, ZeroDivisionError):
        wanted = Fraction(-1)
    if not 0 <= wanted <= 100:
        raise UsageError("bad_gate", f"门槛 {word} 不对，应是 维度=百分数", "例如 转移=100、guards=95")
    return Gate(find_dimension(name), wanted)


def unmet(figures: Figures, gates: Sequence[Gate]) -> list[Gap]:
    """The gates that flows do not pass, flow by flow."""
    return [
        Gap(flow, gate, figure)
        for flow, by_dimension in figures.items()
        for gate in gates
        if 100 * (figure := by_dimension[gate.dimension]).hit < gate.percent * figure.of
    ]
