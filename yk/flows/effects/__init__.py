"""Effects: what leaving a step writes into the archive, as data (`Change`), so that it can be shown and undone.

They live in the modules beside this one, one module a subject; nothing else is to be done to register them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from yk.flows.change import Change
from yk.flows.facts import SOURCES, Facts
from yk.flows.registry import Registry


@dataclass(frozen=True, slots=True)
class Effect:
    """A registered effect; `make` is pure and says what to write."""

    name: str
    label: str
    basis: str
    reads: tuple[str, ...]
    make: Callable[[Facts], Change]


_effects: Registry[Effect] = Registry(
    "effect", "归档影响", __name__, Path(__file__).parent, lambda one: one.make.__module__
)


def effect(
    label: str, *, basis: str, reads: tuple[str, ...] = ()
) -> Callable[[Callable[[Facts], Change]], Callable[[Facts], Change]]:
    """Register the decorated function under its own name."""

    def register(make: Callable[[Facts], Change]) -> Callable[[Facts], Change]:
        assert set(reads) <= SOURCES.keys(), make.__name__
        _effects.add(make.__name__, Effect(make.__name__, label, basis, reads, make))
        return make

    return register


def effects() -> Mapping[str, Effect]:
    """All effects by name; loads every module, so only for looking at all of them."""
    return MappingProxyType(dict(_effects.all()))


def names() -> set[str]:
    """The names of all effects, without loading them."""
    return _effects.names()


def find_effect(name: str) -> Effect:
    """The effect `name`. Raises DefinitionError (`unknown_effect`)."""
    return _effects.find(name)
