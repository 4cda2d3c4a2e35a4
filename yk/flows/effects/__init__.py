"""Effects: what leaving a step writes into the archive, as data (`Change`), so that it can be shown and undone.

They live in the modules beside this one, one module a subject; every module here is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from yk.errors import DefinitionError
from yk.flows.change import Change
from yk.flows.facts import SOURCES, Facts
from yk.text import did_you_mean


@dataclass(frozen=True, slots=True)
class Effect:
    """A registered effect; `make` is pure and says what to write."""

    name: str
    label: str
    basis: str
    reads: tuple[str, ...]
    make: Callable[[Facts], Change]


_effects: dict[str, Effect] = {}


@cache
def _loaded() -> None:
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


def effect(
    label: str, *, basis: str, reads: tuple[str, ...] = ()
) -> Callable[[Callable[[Facts], Change]], Callable[[Facts], Change]]:
    """Register the decorated function under its own name."""

    def register(make: Callable[[Facts], Change]) -> Callable[[Facts], Change]:
        assert make.__name__ not in _effects, make.__name__
        assert set(reads) <= SOURCES.keys(), make.__name__
        _effects[make.__name__] = Effect(make.__name__, label, basis, reads, make)
        return make

    return register


def effects() -> Mapping[str, Effect]:
    """All effects by name."""
    _loaded()
    return MappingProxyType(_effects)


def find_effect(name: str) -> Effect:
    """The effect `name`. Raises DefinitionError (`unknown_effect`)."""
    known = effects()
    if name not in known:
        raise DefinitionError("unknown_effect", f"没有 {name} 这个归档影响", did_you_mean(name, known))
    return known[name]
