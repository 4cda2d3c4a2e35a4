"""The rules of the business by number (`rules.yaml`): what each is about, and what carries it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from yk import settings, yamls
from yk.flows.effects import names as effect_names
from yk.flows.flow import Flow, flow_ids, load
from yk.flows.guards import guards
from yk.flows.rule_sets import rule_sets

SOURCE = Path(__file__).with_name("rules.yaml")
CONFIDENCES = ("高", "中高", "中", "中低", "低")
_NUMBER = re.compile(r"(G-[A-Z]+-|D-)(\d\d)(?:…(\d\d))?")


class Rule(NamedTuple):
    """A rule; `guards` … `parts` are what carries it besides the guards that name it themselves, `note` says why,
    `not_carried` why nothing does, `fixed` why a rule that is not sure has no setting. No `sets` means every one."""

    id: str
    title: str
    sets: tuple[str, ...]
    confidence: str
    guards: tuple[str, ...]
    effects: tuple[str, ...]
    settings: tuple[str, ...]
    calculations: tuple[str, ...]
    parts: tuple[str, ...]
    note: str
    not_carried: str
    fixed: str

    @property
    def unsure(self) -> bool:
        """Is any part of the rule of medium or low confidence?"""
        return any(word in self.confidence for word in ("中", "低"))


def rules() -> list[Rule]:
    """All rules in the order of the list. Raises DefinitionError where the file names what does not exist."""
    found = [_rule(node) for node in yamls.read(SOURCE, "rules.yaml").nodes()]
    assert len({rule.id for rule in found}) == len(found), "a number stands twice"
    return found


def _rule(node: yamls.Node) -> Rule:
    known = {
        "sets": {one["id"] for one in rule_sets()},
        "guards": set(guards()),
        "effects": effect_names(),
        "settings": set(settings.load({})),
    }
    with node.fields() as f:

        def listed(key: str) -> tuple[str, ...]:
            for name in (names := f.texts(key)):
                if not (name in known[key] if key in known else _CHECKS[key](name)):
                    raise f.key_node(key).error("unknown_carrier", f"{key} 里的 {name} 没有")
            return tuple(names)

        confidence = f.text("confidence")
        if not set(confidence.split("/")) <= set(CONFIDENCES):
            raise f.key_node("confidence").error("bad_confidence", f"把握写的是“{confidence}”")
        return Rule(
            id=f.text("id"),
            title=f.text("title"),
            sets=listed("sets"),
            confidence=confidence,
            guards=listed("guards"),
            effects=listed("effects"),
            settings=listed("settings"),
            calculations=listed("calculations"),
            parts=listed("parts"),
            note=f.text("note", ""),
            not_carried=f.text("not_carried", ""),
            fixed=f.text("fixed", ""),
        )


def _is_function(name: str) -> bool:
    module, _, function = name.rpartition(".")
    return callable(getattr(import_module(f"yk.flows.{module}"), function, None))


def _is_step(name: str) -> bool:
    flow, _, step = name.partition(".")
    return flow in flow_ids() and step in load(flow).steps


_CHECKS = {"calculations": _is_function, "parts": _is_step}


def numbers(text: str) -> Iterator[str]:
    """The numbers a guard's `rule` names: `G-JR-09、G-ZT-08`, `G-JY-04、05、06`, `G-JY-04…08`."""
    prefix = ""
    for token in text.split("、"):
        if found := _NUMBER.fullmatch(token):
            prefix = found[1]
            first, last = int(found[2]), int(found[3] or found[2])
            yield from (f"{prefix}{n:02d}" for n in range(first, last + 1))
        elif prefix and token.isdecimal():
            yield f"{prefix}{token}"


def guards_of(rule: Rule) -> list[str]:
    """The guards that carry a rule: those that name its number, and those the list names."""
    mine = {name for name, guard in guards().items() if rule.id in numbers(guard.rule)}
    return sorted(mine.union(rule.guards))


def settings_of(rule: Rule) -> list[str]:
    """The settings by which a rule can be changed: those the list names, and the levels of its guards."""
    levels = {guards()[name].level_setting for name in guards_of(rule)} - {""}
    return [*rule.settings, *sorted(levels - set(rule.settings))]


def flows_of(rule: Rule, flows: Iterable[Flow]) -> list[str]:
    """The flows that ask a guard, or have an effect, that carries the rule."""
    wanted = {*guards_of(rule), *rule.effects}
    return [flow.id for flow in flows if wanted & _asks(flow) or _named_in(rule, flow.id)]


def _asks(flow: Flow) -> set[str]:
    steps = flow.steps.values()
    return {*flow.doc["opens_if"], *(name for s in steps for name in (*s["guards"], *s["effects"]))}


def _named_in(rule: Rule, flow: str) -> bool:
    return any(part.startswith(f"{flow}.") for part in rule.parts)
