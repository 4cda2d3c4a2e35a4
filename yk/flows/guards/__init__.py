"""Guards, conditions: named pure questions about the facts of a work order.

A guard says with reasons why a move may not be made; a condition picks a branch. Both are found by name:
`@guard(...)` and `@condition(...)` register them, the flows' YAML names them. They live in the modules beside this one,
one module a subject; nothing else is to be done to register them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from yk.flows.change import Change
from yk.flows.facts import SOURCES, Facts
from yk.flows.registry import Registry

Check = Callable[[Facts], Iterator[str]]
Recipe = Callable[[Facts], Change]


@dataclass(frozen=True, slots=True)
class Guard:
    """A registered guard.

    `check` yields one Chinese message a reason, with the actual values; nothing means yes.
    `code` the refusal code; `rule` the number in the rule book; `basis` the legal basis; `reads` the sources
    it needs; `level_setting` a named setting (refuse | notice) when the rule may be only a notice;
    `breaks` and `mends` say how to make the facts fail and pass.
    """

    name: str
    label: str
    code: str
    rule: str
    basis: str
    confidence: str
    reads: tuple[str, ...]
    level_setting: str
    check: Check
    breaks: Recipe
    mends: Recipe


@dataclass(frozen=True, slots=True)
class Condition:
    """A registered condition: a yes-no question that picks a branch. `yes` and `no` are recipes; `field` is the form
    field that a condition on a single field reads; `implies` what else holds whenever this does."""

    name: str
    label: str
    reads: tuple[str, ...]
    check: Callable[[Facts], bool]
    yes: Recipe
    no: Recipe
    field: str = ""
    implies: tuple[str, ...] = ()


_FOLDER = Path(__file__).parent
_guards: Registry[Guard] = Registry("guard", "守卫", __name__, _FOLDER, lambda one: one.check.__module__)
_conditions: Registry[Condition] = Registry(
    "condition", "条件", __name__, _FOLDER, lambda one: one.check.__module__
)


def guard(
    label: str,
    *,
    refuses: str,
    rule: str,
    basis: str,
    breaks: Recipe,
    mends: Recipe,
    confidence: str = "高",
    reads: tuple[str, ...] = (),
    level_setting: str = "",
) -> Callable[[Check], Check]:
    """Register the decorated function under its own name."""

    def register(check: Check) -> Check:
        name = check.__name__
        assert set(reads) <= SOURCES.keys(), name
        made = Guard(
            name, label, refuses, rule, basis, confidence, reads, level_setting, check, breaks, mends
        )
        _guards.add(name, made)
        return check

    return register


def add_condition(made: Condition) -> None:
    """Register a condition made as a whole."""
    assert set(made.reads) <= SOURCES.keys(), made.name
    _conditions.add(made.name, made)


def condition(
    label: str,
    *,
    yes: Recipe,
    no: Recipe,
    reads: tuple[str, ...] = (),
    field: str = "",
    implies: tuple[str, ...] = (),
) -> Callable[[Callable[[Facts], bool]], Callable[[Facts], bool]]:
    """Register the decorated function under its own name."""

    def register(check: Callable[[Facts], bool]) -> Callable[[Facts], bool]:
        add_condition(Condition(check.__name__, label, reads, check, yes, no, field, implies))
        return check

    return register


def guards() -> Mapping[str, Guard]:
    """All guards by name; loads every module, so only for looking at all of them."""
    return MappingProxyType(dict(_guards.all()))


def conditions() -> Mapping[str, Condition]:
    """All conditions by name; loads every module."""
    return MappingProxyType(dict(_conditions.all()))


def names() -> set[str]:
    """The names of all guards and conditions, without loading them."""
    return _guards.names() | _conditions.names()


def find_guard(name: str) -> Guard:
    """The guard `name`. Raises DefinitionError (`unknown_guard`)."""
    return _guards.find(name)


def find_condition(name: str) -> Condition:
    """The condition `name`. Raises DefinitionError (`unknown_condition`)."""
    return _conditions.find(name)
