"""What belongs to a customer as a tree: groups, in them the rows under one another (`belongings.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from yk import yamls
from yk.archive import codes, dictionary
from yk.archive.dictionary import Entity, entities, entity
from yk.archive.looking import filled_fields, value_text

if TYPE_CHECKING:
    from yk.store import Store

SOURCE = Path(__file__).with_name("belongings.yaml")
MANY = 4
"""More rows of a kind than this, side by side, are kept together in a folder of their own."""
_PARENT = "parent_"
_TELL = ("cons_sort", "status")
"""What tells of the customer itself."""

Row = Mapping[str, Any]


class Thing(NamedTuple):
    """A row, or a group of them. `id` is `kind:key` of a row; `name` the kind in Chinese, `told` what tells it apart,
    `facts` its filled fields, `things` what hangs under it."""

    id: str
    name: str
    told: str
    facts: Sequence[tuple[str, str]]
    things: Sequence[Thing]

    @property
    def is_row(self) -> bool:
        """Is it a row of the archive, not a group of rows?"""
        return ":" in self.id


class Kind(NamedTuple):
    """How rows of an entity stand in the tree."""

    entity: str
    tell: Sequence[str]
    latest: str
    refers: Mapping[str, str]


@cache
def groups() -> Mapping[str, Sequence[Kind]]:
    """The kinds of every group, in their order; those that the file does not name are in the last group."""
    made = yamls.compiled("belongings", [SOURCE, dictionary.SOURCE, codes.SOURCE], _read)
    found = {name: [Kind(*kind) for kind in kinds] for name, kinds in made}
    placed = {kind.entity for kinds in found.values() for kind in kinds}
    found[made[-1][0]] += [
        Kind(one.name, list(one.key), "", {})
        for one in entities().values()
        if one.owner and one.name not in placed
    ]
    return found


def belongings(document: Row, store: Store) -> Thing:
    """The tree of a customer document (`looking.customer_document`): the customer, its groups, their rows.

    The store gives the names of lines, areas and prices that the rows refer to by number.
    """
    kind = entity("customer")
    made = []
    for name, kinds in groups().items():
        if things := _Group(kinds, document, store).things():
            made.append(_gathered(f"group/{name}", name, things))
    told = [value_text(kind.fields[name], document[name]) for name in _TELL if document.get(name)]
    return Thing(
        f"customer:{document['cons_no']}", kind.zh, " ".join(told), filled_fields(kind, document), made
    )


class _Group:
    """The rows of one group, and which hangs under which."""

    def __init__(self, kinds: Sequence[Kind], document: Row, store: Store) -> None:
        self.store = store
        self.kinds = {kind.entity: kind for kind in kinds if kind.entity != "customer"}
        self.rows: dict[str, tuple[str, Row]] = {}
        for name, kind in self.kinds.items():
            rows = list(document.get(name) or ())
            if kind.latest:
                rows.sort(key=lambda row: str(row.get(kind.latest) or ""), reverse=True)
            self.rows |= {f"{name}:{entities()[name].doc_id(row)}": (name, row) for row in rows}
        above = {ident: self._above(*found) for ident, found in self.rows.items()}
        self.under: dict[str, list[str]] = {}
        for ident in self.rows:
            self.under.setdefault("" if _in_circle(ident, above) else above[ident], []).append(ident)

    def _above(self, name: str, row: Row) -> str:
        """The row that this one names as its parent or by its key; '' when there is none."""
        own = entities()[name]
        candidates = [(name, _PARENT + own.key[0])]
        candidates += [(other, entities()[other].key[0]) for other in reversed(self.kinds) if other != name]
        for other, field in candidates:
            ident = f"{other}:{row.get(field)}"
            if field != own.owner and field in own.fields and ident in self.rows:
                return ident
        return ""

    def things(self, above: str = "") -> list[Thing]:
        """What hangs under a row, by kind."""
        by_kind: dict[str, list[Thing]] = {name: [] for name in self.kinds}
        for ident in self.under.get(above, ()):
            name, row = self.rows[ident]
            by_kind[name].append(self._thing(ident, entities()[name], row))
        return [thing for name, things in by_kind.items() for thing in _foldered(above, name, things)]

    def _thing(self, ident: str, kind: Entity, row: Row) -> Thing:
        names = {
            field: self._name(other, row.get(field)) for field, other in self.kinds[kind.name].refers.items()
        }
        told = [
            f"{value_text(kind.fields[field], row[field])} {names.get(field, '')}".rstrip()
            for field in self.kinds[kind.name].tell
            if row.get(field) not in (None, "")
        ]
        labels = {kind.fields[field].zh: name for field, name in names.items()}
        facts = [
            (label, f"{text} {labels.get(label, '')}".rstrip()) for label, text in filled_fields(kind, row)
        ]
        return Thing(ident, kind.zh, " ".join(told), facts, self.things(ident))

    def _name(self, other: str, key: object) -> str:
        """What a row of a shared table is called; '' when it is not there."""
        row = self.store.table(other).get(doc_id=str(key)) if key else None
        named = (str(row[field]) for field in entities()[other].fields if row and field.endswith("_name"))
        return next(named, "")


def _in_circle(ident: str, above: Mapping[str, str]) -> bool:
    """Does a row hang under itself, by way of others or not? Then it is laid on top."""
    seen, here = {ident}, above[ident]
    while here and here not in seen:
        seen.add(here)
        here = above[here]
    return here == ident


def _foldered(above: str, name: str, things: Sequence[Thing]) -> Iterator[Thing]:
    if len(things) <= MANY:
        yield from things
    else:
        yield _gathered(f"{above}/{name}", entities()[name].zh, things)


def _gathered(ident: str, name: str, things: Sequence[Thing]) -> Thing:
    """Things under a common name; its facts say what is in it."""
    facts = [(thing.name, thing.told) for thing in things]
    return Thing(ident.replace(":", "/"), name, str(_count(things)), facts, things)


def _count(things: Sequence[Thing]) -> int:
    """How many rows there are, at any depth."""
    return sum(thing.is_row + _count(thing.things) for thing in things)


def _read() -> list[tuple[str, list[Kind]]]:
    known = {one.name: one for one in entities().values() if one.owner or one.name == "party"}
    found = []
    for node in yamls.read(SOURCE, SOURCE.name).nodes():
        with node.fields() as f:
            found.append((f.text("group"), [_read_kind(kind, known) for kind in f.need("kinds").nodes()]))
    return found


def _read_kind(node: yamls.Node, known: Mapping[str, Entity]) -> Kind:
    with node.fields() as f:
        name = f.need("entity").one_of(known)
        fields = known[name].fields
        tell = [one.one_of(fields) for one in f.need("tell").nodes()]
        latest = f.find("latest")
        refers = _read_references(f.find("refers"), fields)
        return Kind(name, tell, latest.one_of(fields) if latest else "", refers)


def _read_references(node: yamls.Node | None, fields: Mapping[str, Any]) -> dict[str, str]:
    if node is None:
        return {}
    shared = [one.name for one in entities().values() if not one.owner]
    with node.fields() as f:
        return {f.key_node(name).one_of(fields): f.need(name).one_of(shared) for name in f.keys()}  # noqa: SIM118
