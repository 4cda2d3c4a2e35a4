"""What an effect or a recipe wants changed, and what of a row did change: data, not action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Change:
    """Rows to put into or drop from the archive, form fields to set, materials to hand in.

    `put`: (entity, row) pairs; a row names its key and the fields to replace, the others stay.
    `drop`: (entity, document id) pairs. `form`: field -> value. `materials`: material code -> facts about it.
    """

    put: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    drop: tuple[tuple[str, str], ...] = ()
    form: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Image(NamedTuple):
    """One row of the archive before and after: the fields that differ; None before: it is new, None after: it goes."""

    entity: str
    id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
