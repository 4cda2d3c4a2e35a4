"""Single fields written and read: `amend`, `pick`, and the store's `revision`, alike on every medium."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from yk.archive.opening import open_store
from yk.errors import UnreadableError
from yk.store import Store
from yk.store.conditions import Comparison

MEDIA = ("memory://", "sqlite:///{}/t.db", "json:///{}/t.json")


@pytest.fixture(params=MEDIA)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    opened = open_store(request.param.format(tmp_path), create=True)
    for cons_no in ("1", "2"):
        opened.table("customer").save(
            {"cons_no": cons_no, "cons_name": "甲", "contract_cap": 8.0, "status": "0"}
        )
    yield opened
    opened.close()


def amend(store: Store, **changes: dict[str, Any]) -> None:
    store.medium.amend(store.medium.collections["customer"], changes)


def test_named_fields_change_and_the_others_stay(store: Store) -> None:
    amend(store, **{"1": {"status": "9", "contract_cap": 0}, "2": {"cons_name": None}, "3": {"status": "9"}})
    first, second = store.table("customer").get(doc_id="1"), store.table("customer").get(doc_id="2")
    assert (first["status"], first["contract_cap"], first["cons_name"]) == ("9", 0.0, "甲")
    assert (second["status"], second["cons_name"]) == ("0", None)
    assert not store.table("customer").has("3"), "what is not there is passed over"
    found = store.table("customer").find([Comparison("status", "=", ("9",))])
    assert [key for key, _ in found] == ["1"], "indexes follow"


def both(store: Store, fields: dict[str, Any]) -> None:
    """One good change and `fields`, in one unit of work."""
    with store.transaction():
        amend(store, **{"2": {"status": "9"}})
        amend(store, **{"1": fields})


@pytest.mark.parametrize(
    "fields", [{"no_such": "1"}, {"contract_cap": "x"}, {"cons_no": "7"}, {"cons_name": "\0"}]
)
def test_what_cannot_be_stored_is_refused_and_nothing_is_written(
    store: Store, fields: dict[str, Any]
) -> None:
    with pytest.raises(UnreadableError):
        both(store, fields)
    assert {row["status"] for row in store.table("customer").all()} == {"0"}


def test_documents_are_amended_too(store: Store) -> None:
    store.table("counter").save({"counter": "a", "value": 1, "more": 2})
    store.medium.amend(store.medium.collections["counter"], {"a": {"value": 5}})
    assert dict(store.table("counter").get(doc_id="a")) == {"counter": "a", "value": 5, "more": 2}


def test_fields_are_picked(store: Store) -> None:
    collection = store.medium.collections["customer"]
    found = store.medium.pick(
        collection, ("cons_no", "contract_cap"), [Comparison("cons_no", "in", ("1", "2", "3"))]
    )
    assert sorted(found) == [("1", 8.0), ("2", 8.0)]


def test_the_revision_grows_with_what_counts(tmp_path: Path) -> None:
    first = open_store(f"sqlite:///{tmp_path}/t.db", create=True)
    second = open_store(f"sqlite:///{tmp_path}/t.db")
    before = first.medium.revision
    assert before is not None
    first.table("counter").save({"counter": "a", "value": 1})
    assert second.medium.revision == before, "counters do not count"
    second.table("customer").save({"cons_no": "1"})
    assert first.medium.revision == before + 1
    with first.transaction():
        first.table("customer").save({"cons_no": "2"})
        first.medium.doom()
    assert second.medium.revision == before + 1, "what was taken back does not count"
    assert (first.medium.changes, second.medium.changes) == (0, 1)
    first.close()
    second.close()
