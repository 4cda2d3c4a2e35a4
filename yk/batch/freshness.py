"""Is a plan still of the archive it was made on? Then its rows need not be asked again.

A plan is fresh while nobody else has changed the archive or an order since (the store's `revision`), the day, the
settings and the program are the same, and the order's form says what it said to the rows. Whatever is done to the
batch itself keeps it fresh.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from yk import __version__
from yk.batch.rows import Doc
from yk.desk.desk import Desk

ASKED = ("market_note", "scheme_multiplier", "supply_tg_no")
"""Fields of the order that guards of rows look at."""


def _basis(desk: Desk, data: Mapping[str, Any]) -> str:
    """What besides the archive the guards' answers rest on, as a digest."""
    settings = {setting.name: desk.settings[setting.name] for setting in desk.settings.all()}
    known = [__version__, desk.now()[:10], settings, [data.get(name) for name in ASKED]]
    return hashlib.sha256(orjson.dumps(known, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def stamp(desk: Desk, doc: Doc, data: Mapping[str, Any]) -> None:
    """The plan is of the archive as it is now. `data` is the order's form as the rows see it. In a transaction."""
    medium = desk.store.medium
    revision = medium.revision
    doc["fresh"] = None if revision is None else [revision + medium.is_counted, _basis(desk, data)]


def is_fresh(desk: Desk, doc: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Is the archive the one the plan was made on? In a transaction that has written nothing yet."""
    fresh = doc.get("fresh")
    return fresh is not None and fresh == [desk.store.medium.revision, _basis(desk, data)]


def follow(desk: Desk, doc: Doc) -> None:
    """What was done in this transaction was done to the batch alone: a plan that was fresh stays it."""
    medium = desk.store.medium
    if doc.get("fresh") is not None and doc["fresh"][0] == medium.revision:
        doc["fresh"] = [doc["fresh"][0] + medium.is_counted, doc["fresh"][1]]


class Own:
    """Tells our own units of work from those of others, over several transactions."""

    def __init__(self, desk: Desk, doc: Mapping[str, Any]) -> None:
        self.medium, self.began = desk.store.medium, desk.store.medium.changes
        self.revision = doc["fresh"][0] if doc.get("fresh") else None

    def catch_up(self, doc: Doc) -> None:
        """Let `doc` be fresh as it was before our units of work, if there were none but ours. In a transaction."""
        now, fresh = self.medium.revision, doc.get("fresh")
        if (
            fresh
            and fresh[0] == self.revision
            and now is not None
            and now - fresh[0] == self.medium.changes - self.began
        ):
            doc["fresh"] = [now, fresh[1]]


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: a chunk makes a hundred thousand objects and no cycle."""
    import gc

    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
