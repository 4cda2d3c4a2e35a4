"""All media against a plain dictionary: the same operations, the same answers, the same content, the same dump."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import where

from yk.store import Store
from yk.store.maintenance import digest

from .schema import COLLECTIONS, MEDIA, Content, Data, address, content, opened, temporary_folder


class Undone(Exception):
    """Ends a unit without effect."""


KEYS = {"thing": "no", "paper": "id"}
names = st.one_of(st.none(), st.sampled_from(["甲", "乙", "x", ""]), st.text(max_size=3))
texts = names.filter(lambda text: text is None or ("\0" not in text and text.isprintable()))
things = st.fixed_dictionaries(
    {"no": st.sampled_from(["1", "2", "10", "é", "中", "😀"])},
    optional={
        "name": texts,
        "count": st.none() | st.integers(-3, 3),
        "size": st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-3, 3),
    },
)
papers = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b", "ab", "文"])},
    optional={
        "state": texts,
        "owner": texts,
        "body": st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**63), 2**64 - 1)
            | st.text(max_size=3, alphabet='a\0\\"中😀'),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.text(max_size=2, alphabet="a中"), inner, max_size=2)
            ),
            max_leaves=4,
        ),
    },
)
rows = st.one_of(things.map(lambda row: ("thing", row)), papers.map(lambda row: ("paper", row)))
keys = st.sampled_from(
    [("thing", no) for no in ("1", "2", "10", "中")] + [("paper", i) for i in ("a", "b", "文")]
)
words = texts.filter(lambda text: text is not None)
numbers = st.integers(-3, 3)
lettered = st.sampled_from([("thing", "name"), ("paper", "state"), ("paper", "owner"), ("thing", "no")])
counted = st.just(("thing", "count"))
questions = st.one_of(
    st.tuples(lettered | counted, st.sampled_from(["==", "!=", "in"]), texts | numbers),
    st.tuples(lettered, st.sampled_from(["<", "<=", ">", ">="]), words),
    st.tuples(counted, st.sampled_from(["<", "<=", ">", ">="]), numbers),
)
simple = st.one_of(
    st.tuples(st.just("save"), rows),
    st.tuples(st.just("insert"), rows),
    st.tuples(st.just("remove"), keys),
    st.tuples(st.just("rename"), st.tuples(texts, texts)),
    st.tuples(st.just("search"), questions),
    st.tuples(st.just("truncate"), st.sampled_from(["thing", "paper"])),
)
units = st.recursive(
    st.lists(simple, max_size=5),
    lambda inner: st.lists(simple | st.tuples(st.just("unit"), st.tuples(inner, st.booleans())), max_size=4),
    max_leaves=4,
)


TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda field, value: field.one_of([value, "甲"]),
}
"""Applied to a TinyDB field these make conditions."""


class Model:
    """A store as simple as can be: dictionaries, and copies of them for what may be undone."""

    def __init__(self) -> None:
        self.tables: Content = {c.name: {} for c in COLLECTIONS}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        before = {name: dict(rows) for name, rows in self.tables.items()}
        try:
            yield
        except BaseException:
            self.tables = before
            raise

    def save(self, table: str, row: Data) -> None:
        typed = {"name": None, "count": None, "size": None} if table == "thing" else {}
        self.tables[table][row[KEYS[table]]] = typed | row

    def insert(self, table: str, row: Data) -> str:
        if row[KEYS[table]] in self.tables[table]:
            return "taken"
        self.save(table, row)
        return str(row[KEYS[table]])

    def remove(self, table: str, key: str) -> list[str]:
        return [key] if self.tables[table].pop(key, None) is not None else []

    def rename(self, old: Any, new: Any) -> list[str]:
        found = [key for key, row in sorted(self.tables["thing"].items()) if row["name"] == old]
        for key in found:
            self.tables["thing"][key] = {**self.tables["thing"][key], "name": new}
        return found

    def search(self, place: tuple[str, str], sign: str, value: Any) -> list[str]:
        table, field = place
        return [
            k
            for k, row in sorted(self.tables[table].items())
            if field in row and _holds(row[field], sign, value)
        ]

    def truncate(self, table: str) -> None:
        self.tables[table] = {}


def _holds(held: Any, sign: str, value: Any) -> bool:
    if sign == "in":
        return held in (value, "甲")
    if sign in ("==", "!="):
        return bool(TESTS[sign](held, value))
    return held is not None and bool(TESTS[sign](held, value))


class Real:
    """The same operations on a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.transaction = store.transaction

    def save(self, table: str, row: Data) -> None:
        self.store.table(table).save(row)

    def insert(self, table: str, row: Data) -> str:
        if self.store.table(table).has(row[KEYS[table]]):
            return "taken"
        return self.store.table(table).insert(row)

    def remove(self, table: str, key: str) -> list[str]:
        return self.store.table(table).remove(doc_ids=[key])

    def rename(self, old: Any, new: Any) -> list[str]:
        return self.store.table("thing").update({"name": new}, where("name") == old)

    def search(self, place: tuple[str, str], sign: str, value: Any) -> list[str]:
        table, condition = self.store.table(place[0]), TESTS[sign](where(place[1]), value)
        found = table.search(condition)
        assert table.count(condition) == len(found)
        return [doc.doc_id for doc in found]

    def truncate(self, table: str) -> None:
        self.store.table(table).truncate()


def play(on: Model | Real, script: list[tuple[str, Any]]) -> list[Any]:
    """Do a script; what it answered."""
    answers: list[Any] = []
    for kind, args in script:
        if kind == "unit":
            inner, fails = args
            with suppress(Undone), on.transaction():
                answers.append(play(on, inner))
                if fails:
                    raise Undone
        else:
            answers.append(getattr(on, kind)(*args) if isinstance(args, tuple) else getattr(on, kind)(args))
    return answers


def without_inner_failures(script: list[tuple[str, Any]], inside: bool = False) -> list[tuple[str, Any]]:
    """The script with inner units that end well: one that fails dooms the outer one (see test_units)."""
    return [
        (kind, (without_inner_failures(args[0], True), args[1] and not inside) if kind == "unit" else args)
        for kind, args in script
    ]


@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(units)
def test_every_medium_does_as_the_model_does(script: list[tuple[str, Any]]) -> None:
    script, model, dumps = without_inner_failures(script), Model(), set()
    wanted = play(model, script)
    for medium in MEDIA:
        with temporary_folder() as folder:
            url = address(folder, medium)
            with opened(url) as store:
                assert play(Real(store), script) == wanted, medium
                assert content(store) == model.tables, medium
                dumps.add(digest(store))
            if medium != "memory":
                with opened(url, create=False) as store:
                    assert content(store) == model.tables, medium
    assert len(dumps) == 1
