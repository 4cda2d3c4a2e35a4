"""The rows of an import that were taken: which keys, where each stands, whose they are. Lies in a file of its own that
goes with it, so that an archive of a million customers takes no more memory than one of a hundred."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator

from yk.archive.dictionary import Entity
from yk.archive.inputs import Row

_FILES = 1 << 20
"""More files than one import has."""


class Taken:
    """The rows that were taken."""

    def __init__(self) -> None:
        self._files: list[str] = []
        # The collector closes it, in whatever thread it runs.
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._base.close)
        for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -16000"):
            self._base.execute(f"pragma {pragma}")
        self._base.execute(
            "create table taken(entity text, id blob, place integer, primary key(entity, id)) without rowid"
        )
        self._base.execute("create table account(number blob primary key) without rowid")
        self._base.execute("begin")

    def take(self, kind: Entity, doc_id: str, row: Row) -> bool:
        """Note a row; False when one with its key was taken before."""
        if not self._files or self._files[-1] != row.file:
            self._files.append(row.file)
        place = row.row * _FILES + len(self._files) - 1
        noted = self._base.execute(
            "insert or ignore into taken values(?, ?, ?)", (kind.name, _bytes(doc_id), place)
        )
        return noted.rowcount == 1

    def belongs(self, account: object) -> None:
        """Note an account that a row belongs to, or has belonged to; nothing for none."""
        if account:
            self._base.execute("insert or ignore into account values(?)", (_bytes(str(account)),))

    def has(self, entity: str) -> bool:
        """Were rows of this entity taken?"""
        asked = "select 1 from taken where taken.entity = ? limit 1"
        return self._base.execute(asked, (entity,)).fetchone() is not None

    def place(self, entity: str, doc_id: str) -> tuple[str, int] | None:
        """(file, row) of a row that was taken."""
        asked = "select taken.place from taken where taken.entity = ? and taken.id = ?"
        found = self._base.execute(asked, (entity, _bytes(doc_id))).fetchone()
        return None if found is None else (self._files[found[0] % _FILES], found[0] // _FILES)

    def accounts(self, at_once: int) -> Iterator[tuple[str, ...]]:
        """The accounts that the rows belong to, so many at once, in order."""
        rows = self._base.execute("select account.number from account order by 1")
        while some := rows.fetchmany(at_once):
            yield tuple(number.decode("utf-8", "surrogatepass") for (number,) in some)


def _bytes(text: str) -> bytes:
    """A key as it is compared; half characters, which no text of SQL can hold, stay apart."""
    return text.encode("utf-8", "surrogatepass")
