"""Guards, conditions: named pure questions about the facts of a work order.

A guard says with reasons why a move may not be made; a condition picks a branch. Both are found by name:
`@guard(...)` and `@condition(...)` register them, the flows' YAML names them. They live in the modules beside this one,
one module a subject; every module here is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from yk.errors import DefinitionError
from yk.flows.change import Change
from yk.flows.facts import SOURCES, Facts
from yk.text import did_you_mean

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
    field that a condition on a single field reads."""

    name: str
    label: str
    reads: tuple[str, ...]
    check: Callable[[Facts], bool]
    yes: Recipe
    no: Recipe
    field: str = ""


_guards: dict[str, Guard] = {}
_conditions: dict[str, Condition] = {}


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
        assert name not in _guards, name
        assert set(reads) <= SOURCES.keys(), name
        _guards[name] = Guard(
            name, label, refuses, rule, basis, confidence, reads, level_setting, check, breaks, mends
        )
        return check

    return register


def add_condition(made: Condition) -> None:
    """Register a condition made as a whole."""
    assert made.name not in _conditions, made.name
    assert set(made.reads) <= SOURCES.keys(), made.name
    _conditions[made.name] = made


def condition(
    label: str, *, yes: Recipe, no: Recipe, reads: tuple[str, ...] = (), field: str = ""
) -> Callable[[Callable[[Facts], bool]], Callable[[Facts], bool]]:
    """Register the decorated function under its own name."""

    def register(check: Callable[[Facts], bool]) -> Callable[[Facts], bool]:
        add_condition(Condition(check.__name__, label, reads, check, yes, no, field))
        return check

    return register


@cache
def _loaded() -> None:
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


def guards() -> Mapping[str, Guard]:
    """All guards by name."""
    _loaded()
    return MappingProxyType(_guards)


def conditions() -> Mapping[str, Condition]:
    """All conditions by name."""
    _loaded()
    return MappingProxyType(_conditions)


def find_guard(name: str) -> Guard:
    """The guard `name`. Raises DefinitionError (`unknown_guard`)."""
    known = guards()
    if name not in known:
        raise DefinitionError("unknown_guard", f"没有 {name} 这个守卫", did_you_mean(name, known))
    return known[name]


def find_condition(name: str) -> Condition:
    """The condition `name`. Raises DefinitionError (`unknown_condition`)."""
    known = conditions()
    if name not in known:
        raise DefinitionError("unknown_condition", f"没有 {name} 这个条件", did_you_mean(name, known))
    return known[name]
