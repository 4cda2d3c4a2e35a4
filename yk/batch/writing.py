"""Writing what rows change into the archive, a chunk at a time; and comparing what was planned with what is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yk.flows.change import Image
from yk.store import Store

Row = dict[str, Any]


def write(store: Store, images: Iterable[Image]) -> None:
    """Write changes, later ones over earlier ones; a table at a time, single fields where a row stays. In a transaction."""
    whole: dict[str, dict[str, Row | None]] = {}
    fields: dict[str, dict[str, Row]] = {}
    for entity, ident, before, after in images:
        rows, parts = whole.setdefault(entity, {}), fields.setdefault(entity, {})
        if after is None or before is None:
            parts.pop(ident, None)
            rows[ident] = None if after is None else dict(after)
        elif (new := rows.get(ident)) is not None:
            new.update(after)
        else:
            parts.setdefault(ident, {}).update(after)
    medium = store.medium
    for entity in whole:
        collection = medium.collections[entity]
        if whole[entity]:
            medium.apply(collection, whole[entity])
        if fields[entity]:
            medium.amend(collection, fields[entity])


def reversed_images(images: Sequence[Image]) -> list[Image]:
    """The changes that undo `images`."""
    return [Image(entity, ident, after, before) for entity, ident, before, after in reversed(images)]


def moved_since(planned: Sequence[Image], now: Sequence[Image]) -> list[str]:
    """What of the rows that a plan was going to change is not as it was: `entity/id`, or with the field where one moved.

    New rows are not compared: they carry the day and the number they are made on.
    """
    then = {(i.entity, i.id): i.before for i in planned if i.before is not None}
    today = {(i.entity, i.id): i.before for i in now if i.before is not None}
    found = [f"{entity}/{ident}" for entity, ident in then.keys() ^ today.keys()]
    for key in then.keys() & today.keys():
        before, present = then[key], today[key]
        assert before is not None
        assert present is not None
        if before != present:
            names = [n for n in before.keys() | present.keys() if before.get(n) != present.get(n)]
            found += [f"{'/'.join(key)}/{name}" for name in names]
    return sorted(found)


def differs(image: Image, row: Mapping[str, Any] | None) -> list[str]:
    """The fields in which a row of the archive is no more as `image` left it; ['*'] when it is there or gone as a whole."""
    if image.after is None:
        return [] if row is None else ["*"]
    if row is None:
        return ["*"]
    if image.before is None:
        kept = {name: value for name, value in row.items() if value is not None}
        return sorted(n for n in kept.keys() | image.after.keys() if kept.get(n) != image.after.get(n))
    return sorted(name for name, value in image.after.items() if row.get(name) != value)
