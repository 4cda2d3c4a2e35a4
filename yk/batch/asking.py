"""What the rows of a chunk look at: gathered at once, then handed to each row's guards and effects."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from yk.desk.looking_up import rows_in
from yk.store import Store

Row = dict[str, Any]
Problem = tuple[str, str]
"""A refusal code and its Chinese message."""


class Asked(NamedTuple):
    """A row of the list: its number in the batch, its line in the file, its account, what the list says."""

    row: int
    line: int
    cons_no: str
    given: Mapping[str, Any]


class Seen:
    """Rows of the archive as they were read, by entity and id: the before-images of what is written."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._rows: dict[str, dict[str, Row | None]] = {}
        self._keys = {name: c.key[0] for name, c in store.medium.collections.items()}

    def ident(self, entity: str, row: Mapping[str, Any]) -> str:
        """The id of a row; of one field, as nearly all are, at once."""
        collection = self.store.medium.collections[entity]
        return str(row[collection.key[0]]) if len(collection.key) == 1 else collection.doc_id(row)

    def keep(self, entity: str, rows: Iterable[Row]) -> list[Row]:
        """Remember rows of an entity whose key is one field; gives them back."""
        found, key = list(rows), self._keys[entity]
        self._rows.setdefault(entity, {}).update((row[key], row) for row in found)
        return found

    def find(self, wanted: Mapping[str, Iterable[str]]) -> None:
        """Read those of `wanted` (entity -> ids) that were not read yet; one that is not there is None."""
        medium = self.store.medium
        for entity, ids in wanted.items():
            known = self._rows.setdefault(entity, {})
            lacking = [one for one in dict.fromkeys(ids) if one not in known]
            collection = medium.collections[entity]
            if len(collection.key) == 1 and collection.key[0] in collection.index:
                known.update(dict.fromkeys(lacking))
                self.keep(entity, rows_in(self.store, entity, collection.key[0], lacking))
            else:
                rows = medium.rows(collection)
                known.update((one, rows.get(one)) for one in lacking)

    def get(self, entity: str, ident: str) -> Row | None:
        """A row that was read."""
        return self._rows[entity][ident]

    def put(self, entity: str, ident: str, row: Row | None) -> None:
        """The row as it is from now on, for the rows of the chunk that come after."""
        self._rows[entity][ident] = row


class Source:
    """What a kind of batch asks of the archive: chunk by chunk read, row by row handed out.

    `base` is the form of the batch's order; `first_number` the account number that row 1 of new accounts gets.
    """

    def __init__(self, store: Store, batch: str, base: Mapping[str, Any], first_number: int) -> None:
        self.store, self.batch, self.base, self.first_number = store, batch, base, first_number
        self.seen = Seen(store)

    def begin(self, asked: Sequence[Asked], effects_only: bool = False) -> None:
        """Forget the last chunk and read what these rows need, table by table."""
        self.seen = Seen(self.store)
        if asked:
            self.look(asked, effects_only)

    @abstractmethod
    def look(self, asked: Sequence[Asked], effects_only: bool) -> None:
        """Read what these rows need; with `effects_only` nothing that only guards look at."""

    @abstractmethod
    def facts(self, one: Asked) -> tuple[Row, Row]:
        """The form and the archive sources of the facts for one row."""

    @abstractmethod
    def unfit(self, one: Asked, archive: Mapping[str, Any]) -> tuple[list[Problem], frozenset[str]]:
        """What the list itself lacks for this row, and the guards that need not be asked then."""

    def pass_over(self, one: Asked, archive: Mapping[str, Any]) -> Problem | None:
        """Why nothing is to be done for a row; None when something is."""
        return None

    def took(self, one: Asked) -> None:
        """A row goes: what the rows after it are to know."""

    def place(self, one: Asked) -> tuple[str, str]:
        """(line, transformer area) of a row, '' where there is none; for the totals of the plan."""
        return "", ""

    def unit(self, one: Asked) -> str:
        """The supply unit of a row's account, '' when unknown."""
        return ""
