"""A flow: its document, its digest, and quick ways to its parts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from yk import settings, yamls
from yk.errors import UsageError
from yk.flows import catalogue, parts
from yk.flows.definition import COMPLETED, FOLDER, Data, read_definition, walk
from yk.flows.effects import find_effect
from yk.flows.effects import names as effect_names
from yk.flows.guards import Condition, Guard, find_condition, find_guard
from yk.flows.guards import names as registered
from yk.flows.particles import sources_of
from yk.flows.roles import roles
from yk.text import did_you_mean, halfwidth

GENERIC = ("fields", "materials", "controls")
"""What every forward move asks besides the step's own guards."""
CHILD = "child_done"
"""What a step with a sub-flow asks besides."""


class Flow:
    """A flow document with its digest. Raises UsageError when the document names what this yk lacks."""

    def __init__(self, doc: Data, digest: str = "") -> None:
        self.doc = doc
        self.id: str = doc["id"]
        self.name: str = doc["name"]
        self.digest = digest or digest_of(doc)
        self.steps: dict[str, Data] = {s["id"]: s for s in walk(doc["steps"]) if "groups" not in s}
        self.fields: dict[str, Data] = {field["name"]: field for field in doc["form"]}
        self.first: str = doc["steps"][0]["id"]
        self._reads: dict[str, tuple[str, ...]] = {}
        self._gate_guards: dict[str, tuple[Guard, ...]] = {}
        self._asked_conditions: dict[str, tuple[Condition, ...]] = {}
        lacking = self._named() - {*registered(), *effect_names(), *roles()}
        if lacking:
            raise UsageError(
                "definition_too_old",
                f"流程 {self.name} 的定义 {self.digest} 用到本程序没有的守卫、条件、影响或角色：{'、'.join(sorted(lacking))}",
                "用建单时的 yk 版本办结这张工单",
            )

    def _named(self) -> set[str]:
        """Every registered name the document uses: guards, conditions, effects, roles."""
        doc, steps = self.doc, self.steps.values()
        found = {*doc["opens_if"], *doc["on_stop"], *(s["role"] for s in steps)}
        found.update(n for s in steps for n in (*s["guards"], *s["effects"], s["when"]))
        found.update(d["role"] for s in steps if s["sign"] for d in s["sign"]["departments"])
        found.update(way["when"] for s in walk(doc["steps"]) for way in (*s["next"], *s.get("opens", ())))
        found.update(item["required_when"] for item in (*doc["form"], *doc["materials"]))
        return found - {""}

    def gate(self, step: str) -> tuple[str, ...]:
        """The names a forward move from `step` asks, all of them at once."""
        return self._gates[step]

    @cached_property
    def _gates(self) -> dict[str, tuple[str, ...]]:
        return {
            i: (*s["guards"], *GENERIC, *((CHILD,) if s["sub_flow"] else ())) for i, s in self.steps.items()
        }

    def step(self, name: str) -> Data:
        """The step with this id. Raises UsageError (`unknown_step`)."""
        if name not in self.steps:
            raise UsageError(
                "unknown_step", f"流程 {self.name} 没有环节 {name}", did_you_mean(name, self.steps)
            )
        return self.steps[name]

    def beside(self, step: str) -> frozenset[str]:
        """The steps of the other groups of the fork that `step` is in: neither before nor after it."""
        return self._beside.get(step, frozenset())

    @cached_property
    def _beside(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for fork in (s for s in walk(self.doc["steps"]) if "groups" in s):
            lanes = [[one["id"] for one in walk(group["steps"])] for group in fork["groups"]]
            together = frozenset(step for lane in lanes for step in lane)
            found |= {step: together - set(lane) for lane in lanes for step in lane}
        return found

    def fields_at(self, step: str) -> list[Data]:
        """The form fields that belong to `step`."""
        return self._fields_at.get(step, [])

    @cached_property
    def _fields_at(self) -> dict[str, list[Data]]:
        found: dict[str, list[Data]] = {}
        for field in self.doc["form"]:
            found.setdefault(field["step"], []).append(field)
        return found

    def reads(self, step: str) -> tuple[str, ...]:
        """The sources the gate, the effects and the branches of a step look at."""
        if step not in self._reads:
            spec, needed = self.steps[step], {"customer"}
            for g in spec["guards"]:
                needed.update(find_guard(g).reads)
            for e in spec["effects"]:
                needed.update(find_effect(e).reads)
            for c in self.conditions_at(step):
                needed.update(find_condition(c).reads)
            if spec["sub_flow"]:
                needed.add("children")
            needed.update(source for f in self.fields_at(step) for source, _ in sources_of(f))
            self._reads[step] = tuple(sorted(needed - {"form", ""}))
        return self._reads[step]

    @cached_property
    def opening_reads(self) -> tuple[str, ...]:
        """The sources that opening an order looks at: its guards' and those the first step's form is filled from."""
        needed = {source for f in self.fields_at(self.first) for source, _ in sources_of(f)} - {"form", ""}
        for name in self.doc["opens_if"]:
            needed.update(find_guard(name).reads)
        return tuple(sorted(needed))

    def conditions_at(self, step: str) -> tuple[str, ...]:
        """The conditions that the form, the materials and the ways on from `step` ask."""
        return self._conditions[step]

    @cached_property
    def _conditions(self) -> dict[str, tuple[str, ...]]:
        everywhere = {m["required_when"] for m in self.doc["materials"]}
        everywhere |= {s.get("when", "") for s in walk(self.doc["steps"])}
        everywhere |= {way["when"] for s in walk(self.doc["steps"]) for way in s["next"]}
        found = {}
        for step in self.steps:
            asked = everywhere | {f["required_when"] for f in self.fields_at(step)}
            asked |= {one["when"] for one in self.steps[step].get("opens", ())}
            found[step] = tuple(sorted(asked - {""}))
        return found

    def gate_guards(self, step: str) -> tuple[Guard, ...]:
        """The guards the gate of `step` asks."""
        if step not in self._gate_guards:
            self._gate_guards[step] = tuple(find_guard(g) for g in self.steps[step]["guards"])
        return self._gate_guards[step]

    def asked_conditions(self, step: str) -> tuple[Condition, ...]:
        """The conditions of `conditions_at`, resolved."""
        if step not in self._asked_conditions:
            self._asked_conditions[step] = tuple(find_condition(c) for c in self.conditions_at(step))
        return self._asked_conditions[step]

    def manual_controls(self, step: str) -> frozenset[str]:
        """The ids of the controls of `step` that a person answers."""
        return self._manual_controls[step]

    @cached_property
    def _manual_controls(self) -> dict[str, frozenset[str]]:
        return {i: frozenset(c["id"] for c in s["controls"] if not c["guard"]) for i, s in self.steps.items()}

    def asked_controls(self, step: str) -> tuple[Data, ...]:
        """The controls of `step` that a person answers, as the step needs them."""
        return self._asked_controls[step]

    @cached_property
    def _asked_controls(self) -> dict[str, tuple[Data, ...]]:
        return {i: tuple(c for c in s["controls"] if not c["guard"]) for i, s in self.steps.items()}

    def self_filling(self, step: str) -> list[Data]:
        """The fields of `step` that fill themselves."""
        return self._self_filling.get(step, [])

    @cached_property
    def _self_filling(self) -> dict[str, list[Data]]:
        return {
            step: [f for f in fields if f["from"] or f["default"] is not None]
            for step, fields in self._fields_at.items()
        }

    def requirable(self, step: str) -> list[Data]:
        """The fields of `step` that are required, always or under a condition."""
        return self._requirable.get(step, [])

    @cached_property
    def _requirable(self) -> dict[str, list[Data]]:
        return {
            step: [f for f in fields if f["required"] or f["required_when"]]
            for step, fields in self._fields_at.items()
        }


def digest_of(doc: Mapping[str, Any]) -> str:
    """The first 12 hex digits of the SHA-256 of the document's canonical JSON."""
    text = json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def flow_ids() -> tuple[str, ...]:
    """The ids of all flows that are defined."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def load(name: str) -> Flow:
    """The flow with this id, from its definition file. Raises UsageError (`unknown_flow`)."""
    from yk.flows.entries import sources_of

    path = FOLDER / f"{name}.yaml"
    if name not in flow_ids():
        raise UsageError("unknown_flow", f"没有 {name} 这个流程", did_you_mean(name, flow_ids()))
    made = yamls.compiled(f"flow-{name}", [path, *sources_of(name), *_registries()], lambda: _build(path))
    return Flow(made["doc"], made["digest"])


def _registries() -> list[Path]:
    """The code a document is checked against."""
    here = Path(__file__).parent
    names = (
        "definition.py",
        "particles.py",
        "parts.py",
        "structure.py",
        "entries.py",
        "roles.yaml",
        "materials.yaml",
    )
    registered = [path for folder in ("guards", "effects") for path in sorted((here / folder).glob("*.py"))]
    return [*(here / name for name in names), *parts.sources(), *registered, settings.SOURCE]


def _build(path: Path) -> Data:
    from yk.flows.entries import entries_of

    doc = read_definition(path, entries_of(path.stem))
    return {"doc": doc, "digest": digest_of(doc)}


@cache
def find(word: str) -> Flow:
    """The flow meant by an id, a Chinese name, an entry code or pinyin initials. Raises UsageError."""
    wanted = halfwidth(word)
    if wanted in flow_ids():
        return load(wanted)
    names = flow_names()
    for name, (title, initials) in names.items():
        if wanted == title or (wanted.lower() == initials and wanted):
            return load(name)
    if any(c.isdigit() for c in wanted):
        listing = catalogue.find(wanted)
        if listing.flow in flow_ids():
            return load(listing.flow)
        raise UsageError("flow_not_written", f"{listing.code} 所属的流程“{listing.flow_name}”还没有编写")
    known = [*names, *(title for title, _ in names.values())]
    hint = did_you_mean(wanted, known) or "yk flow list 列出全部流程"
    raise UsageError("unknown_flow", f"没有 {word} 这个流程", hint)


def flow_name(flow: str) -> str:
    """The Chinese name of a flow by its id, without reading it as a whole; the id when there is no such flow."""
    return flow_names().get(flow, (flow, ""))[0]


def flow_titles() -> set[str]:
    """The Chinese names of all flows."""
    return {title for title, _ in flow_names().values()}


def flow_names() -> dict[str, tuple[str, str]]:
    """Id -> Chinese name and pinyin initials of every flow, without reading the flows as a whole."""
    return _names_in(FOLDER, flow_ids())


@cache
def _names_in(folder: Path, ids: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    paths = [folder / f"{name}.yaml" for name in ids]
    made: dict[str, Any] = yamls.compiled(f"flow-names-{folder.name}", paths, lambda: _read_names(paths))
    return {name: (title, initials) for name, (title, initials) in made.items()}


def _read_names(paths: Sequence[Path]) -> dict[str, list[str]]:
    read = {path.stem: yamls.read(path, f"definitions/{path.name}").fields() for path in paths}
    return {name: [f.text("name"), f.text("initials", "")] for name, f in read.items()}


def leaf_steps(flow: Flow, at: Sequence[str]) -> list[str]:
    """The steps a configuration stands at, in the flow's order."""
    if len(at) == 1:
        return [at[0]] if at[0] in flow.steps else []
    places = set(at)
    return [name for name in flow.steps if name in places]


def ended(at: Iterable[str]) -> str:
    """'completed', 'stopped' or '' for a configuration."""
    return next((place for place in at if place in (COMPLETED, "stopped")), "")
