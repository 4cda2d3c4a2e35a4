"""Which fields of the archive a correction (档案维护) may touch, and how carefully (`corrections.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from yk import yamls
from yk.archive.dictionary import entities

SOURCE = Path(__file__).with_name("corrections.yaml")
PLAIN, BILLING, CLOSED = "plain", "billing", "closed"


class Correctable(NamedTuple):
    """An entity whose rows may be corrected: its billing fields, those closed to it, and what to do instead."""

    entity: str
    billing: tuple[str, ...]
    closed: tuple[str, ...]
    instead: str

    def kind(self, field: str) -> str:
        """PLAIN, BILLING or CLOSED; '' for a field the entity does not have."""
        known = entities()[self.entity]
        if field not in known.fields:
            return ""
        if field in self.closed or field in known.key:
            return CLOSED
        return BILLING if field in self.billing else PLAIN


@cache
def correctable() -> Mapping[str, Correctable]:
    """Every entity that may be corrected, by name. Raises DefinitionError with file and line."""
    return MappingProxyType(
        {one.entity: one for one in map(_read, yamls.read(SOURCE, "corrections.yaml").nodes())}
    )


def _read(node: yamls.Node) -> Correctable:
    with node.fields() as f:
        name = f.need("entity").one_of(entities())
        fields = entities()[name].fields
        billing, closed = (
            tuple(item.one_of(fields) for item in f.need(key).nodes()) for key in (BILLING, CLOSED)
        )
        return Correctable(name, billing, closed, f.text("instead", ""))
