"""Finding registered functions by name without loading every module that registers some.

A package of guards or effects holds many modules, and a command needs a handful of names. Which module registers which
name is found out once, by loading all, and kept in the cache folder as long as the modules' bytes are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Generic, TypeVar

from yk import yamls
from yk.errors import DefinitionError
from yk.text import did_you_mean

Thing = TypeVar("Thing")


class Registry(Generic[Thing]):
    """Things by name, registered by the modules of one package; `home` gives the module that registers a thing."""

    def __init__(
        self, kind: str, what: str, package: str, folder: Path, home: Callable[[Thing], str]
    ) -> None:
        self._kind, self._what, self._package, self._folder, self._home = kind, what, package, folder, home
        self._things: dict[str, Thing] = {}
        self._places: Mapping[str, str] | None = None
        self._whole = False

    def add(self, name: str, thing: Thing) -> None:
        """Register a thing; no two have one name."""
        assert name not in self._things, name
        self._things[name] = thing

    def names(self) -> set[str]:
        """All names, without loading what they name."""
        return set(self._things) if self._whole else {*self._index(), *self._things}

    def all(self) -> Mapping[str, Thing]:
        """Everything, loaded."""
        if not self._whole:
            for module in iter_modules([str(self._folder)]):
                import_module(f"{self._package}.{module.name}")
            self._whole = True
        return self._things

    def find(self, name: str) -> Thing:
        """The thing with this name. Raises DefinitionError (`unknown_guard`, `unknown_condition`, `unknown_effect`)."""
        if name not in self._things:
            module = self._index().get(name)
            if module is None:
                hint = did_you_mean(name, self.names())
                raise DefinitionError(f"unknown_{self._kind}", f"没有 {name} 这个{self._what}", hint)
            import_module(module)
        return self._things[name]

    def _index(self) -> Mapping[str, str]:
        """Name -> the module that registers it."""
        if self._places is None:
            sources = sorted(self._folder.glob("*.py"))
            made: dict[str, str] = yamls.compiled(
                f"registry-{self._kind}",
                sources,
                lambda: {name: self._home(thing) for name, thing in self.all().items()},
            )
            self._places = made
        return self._places
