"""What can be stored, and what comes back of it: the same on every medium."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import pytest

from yk.errors import UnreadableError
from yk.store import Collection, Store

from .schema import content, thing


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("given", "back"),
    [
        (thing("1", size=3), thing("1", size=3.0)),
        ({"no": "1"}, thing("1")),
        (thing("1", "\x1f é 中 😀 '\"\\ \n"), thing("1", "\x1f é 中 😀 '\"\\ \n")),
        (thing("1", "", 0, 0.0), thing("1", "", 0, 0.0)),
        (thing("1", None, -(2**63), 1.7e308), thing("1", None, -(2**63), 1.7e308)),
        (thing("1", None, 2**63 - 1, 0.1 + 0.2), thing("1", None, 2**63 - 1, 0.1 + 0.2)),
    ],
)
def test_typed_values_come_back(store: Store, given: Any, back: Any) -> None:
    store.table("thing").save(given)
    found = store.table("thing").get(doc_id="1")
    assert dict(found) == back
    assert list(found) == ["no", "name", "count", "size"]
    assert [type(value) for value in found.values()] == [type(value) for value in back.values()]


def test_no_zero_is_negative(store: Store) -> None:
    store.table("thing").save(thing("1", size=-0.0))
    assert repr(store.table("thing").get(doc_id="1")["size"]) == "0.0"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (thing("1", 5), "wrong_type"),  # type: ignore[arg-type]
        (thing("1", Colour.RED), "wrong_type"),
        (thing("1", date(2026, 1, 1)), "wrong_type"),  # type: ignore[arg-type]
        (thing("1", count="5"), "wrong_type"),  # type: ignore[arg-type]
        (thing("1", count=5.0), "wrong_type"),  # type: ignore[arg-type]
        (thing("1", count=True), "wrong_type"),
        (thing("1", size="5"), "wrong_type"),  # type: ignore[arg-type]
        (thing("1", size=True), "wrong_type"),
        (thing("1", size=2**70), "wrong_type"),
        (thing("1", count=2**63), "not_storable"),
        (thing("1", size=float("nan")), "not_storable"),
        (thing("1", size=float("inf")), "not_storable"),
        (thing("1", "\ud800"), "not_storable"),
        (thing("1", "a\0b"), "not_storable"),
        ({"no": "1", "colour": "red"}, "unknown_field"),
        ({"name": "x"}, "key_missing"),
        ({"no": ""}, "key_missing"),
        ({"no": 1.5}, "bad_key"),
        ({"no": True}, "bad_key"),
    ],
)
def test_what_a_typed_table_cannot_hold_is_refused(store: Store, given: Any, code: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        store.table("thing").save(given)
    assert caught.value.code == code
    assert len(store.table("thing")) == 0


@pytest.mark.parametrize(
    ("body", "back"),
    [
        ({"a": [1, [2.5, None], {"b": True}]}, {"a": [1, [2.5, None], {"b": True}]}),
        ({"a": (1, 2)}, {"a": [1, 2]}),
        ({"a": 2**64 - 1, "b": 1e300, "c": 0.1}, {"a": 2**64 - 1, "b": 1e300, "c": 0.1}),
        ({"a": "\0 中 😀 \\u0000"}, {"a": "\0 中 😀 \\u0000"}),
        ({"a": Colour.RED, "state": Colour.RED}, {"a": "red", "state": "red"}),
        ({"": 1, "a b": 2, "状态": 3}, {"": 1, "a b": 2, "状态": 3}),
        ({"state": None}, {"state": None}),
        ({"state": ""}, {"state": ""}),
    ],
)
def test_documents_come_back_as_json_makes_them(store: Store, body: Any, back: Any) -> None:
    store.table("paper").save({"id": "1", **body})
    assert dict(store.table("paper").get(doc_id="1")) == {"id": "1", **back}
    with store.transaction():
        assert [dict(doc) for doc in store.table("paper")] == [{"id": "1", **back}]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"id": "1", "a": {1, 2}}, "not_storable"),
        ({"id": "1", "a": {1: "x"}}, "not_storable"),
        ({"id": "1", "a": 2**64}, "not_storable"),
        ({"id": "1", "a": [None, {"b": float("-inf")}]}, "not_storable"),
        ({"id": "1", "a": date(2026, 1, 1)}, "not_storable"),
        ({"id": "1", "a": b"x"}, "not_storable"),
        ({"id": "1", "a": float("nan")}, "not_storable"),
        ({"id": "1", "a": "\ud800"}, "not_storable"),
        ({"id": "1", "\ud800": 1}, "not_storable"),
        ({"id": "1", "state": "a\0b"}, "not_storable"),
        ({"id": "a\0b"}, "not_storable"),
        ({"id": "\ud800"}, "not_storable"),
        ({"id": "1", "state": 5}, "wrong_type"),
        ({"id": "1", "state": ["open"]}, "wrong_type"),
        ({"state": "open"}, "key_missing"),
    ],
)
def test_what_a_document_cannot_hold_is_refused(store: Store, given: Any, code: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        store.table("paper").save(given)
    assert caught.value.code == code
    assert len(store.table("paper")) == 0


def test_a_deep_document_is_refused_or_comes_back(store: Store) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(UnreadableError):
        store.table("paper").save({"id": "1", "deep": deep})
    assert len(store.table("paper")) == 0


def test_a_key_cannot_be_changed(full: Store) -> None:
    before = content(full)
    for table, change in (("thing", {"no": "99"}), ("pair", {"code": "9"}), ("paper", {"id": "p9"})):
        with pytest.raises(UnreadableError) as caught:
            full.table(table).update(change, doc_ids=[next(iter(before[table]))])
        assert caught.value.code == "key_changed"
    with pytest.raises(UnreadableError) as caught:
        full.table("thing").put([("98", thing("99"))])
    assert caught.value.code == "key_changed"
    assert content(full) == before


def test_the_parts_of_a_key_cannot_run_into_each_other() -> None:
    pair = Collection("pair", ("a", "b"))
    assert pair.doc_id({"a": "1", "b": "2:3"}) == "1:2:3"
    with pytest.raises(UnreadableError) as caught:
        pair.doc_id({"a": "1:2", "b": "3"})
    assert caught.value.code == "bad_key"


def test_asking_for_half_a_character_finds_nothing(full: Store) -> None:
    assert full.table("thing").get(doc_id="\ud800") is None
    assert not full.table("thing").has("\ud800")
