"""Units of work: over any number of tables, all or nothing, inner ones join."""

from __future__ import annotations

import pytest
from tinydb import where

from yk.errors import UnreadableError, YkError
from yk.store import Store

from .schema import content, opened, thing


class Broken(Exception):
    pass


def test_a_unit_spans_tables(full: Store, url: str) -> None:
    with full.transaction():
        full.table("thing").insert(thing("20"))
        full.table("paper").update({"state": "gone"}, where("state") == "open")
        full.table("pair").truncate()
        assert full.table("paper").count(where("state") == "gone") == 2
        assert full.medium.in_transaction
    assert not full.medium.in_transaction
    assert full.table("thing").contains(doc_id="20")
    assert numbers_of(full, "pair") == []


def numbers_of(store: Store, table: str) -> list[str]:
    return [doc.doc_id for doc in store.table(table)]


def test_a_unit_that_fails_leaves_nothing(full: Store) -> None:
    before = content(full)
    with pytest.raises(Broken), full.transaction():  # noqa: PT012
        full.table("thing").insert(thing("20", "甲"))
        full.table("thing").update({"name": "x"}, where("name") == "甲")
        full.table("thing").remove(doc_ids=["02"])
        full.table("thing").insert(thing("02", "又来"))
        full.table("pair").truncate()
        full.table("paper").save({"id": "p1"})
        raise Broken
    assert content(full) == before
    assert full.table("thing").count(where("name") == "甲") == 2
    assert full.table("paper").count(where("state") == "open") == 2


def test_a_doomed_unit_leaves_nothing_and_says_nothing(full: Store) -> None:
    before = content(full)
    with full.transaction():
        full.table("thing").truncate()
        full.medium.doom()
        assert len(full.table("thing")) == 0
    assert content(full) == before
    full.table("thing").truncate()
    assert len(full.table("thing")) == 0


def test_an_inner_unit_joins(full: Store) -> None:
    before = content(full)
    with pytest.raises(Broken), full.transaction():  # noqa: PT012
        with full.transaction():
            full.table("thing").truncate()
        raise Broken
    assert content(full) == before


def test_an_inner_unit_that_fails_dooms_the_whole_and_nobody_is_told_otherwise(full: Store) -> None:
    before = content(full)
    with pytest.raises(YkError) as caught, full.transaction():  # noqa: PT012
        full.table("thing").insert(thing("20"))
        with pytest.raises(Broken), full.transaction():  # noqa: PT012
            full.table("thing").insert(thing("21"))
            raise Broken
        full.table("thing").insert(thing("22"))
    assert caught.value.code == "unit_failed"
    assert content(full) == before


def test_a_refused_write_inside_a_unit_dooms_it_too(full: Store) -> None:
    before = content(full)
    with pytest.raises(YkError) as caught, full.transaction():  # noqa: PT012
        full.table("thing").insert(thing("20"))
        with pytest.raises(UnreadableError):
            full.table("thing").put([("21", thing("21")), ("22", {"no": "22", "colour": "red"})])
    assert caught.value.code == "unit_failed"
    assert content(full) == before


def test_a_rehearsal_may_swallow_refusals(full: Store) -> None:
    before = content(full)
    with full.transaction():
        full.medium.doom()
        with pytest.raises(Broken), full.transaction():  # noqa: PT012
            full.table("thing").truncate()
            raise Broken
    assert content(full) == before


def test_after_a_failure_the_next_unit_works(full: Store) -> None:
    with pytest.raises(Broken), full.transaction():
        raise Broken
    with full.transaction():
        full.table("thing").insert(thing("20"))
    assert full.table("thing").contains(doc_id="20")


def test_a_failing_updater_leaves_nothing(full: Store) -> None:
    before = content(full)

    def update(doc: dict[str, object]) -> None:
        doc["name"] = "x"
        if doc["no"] == "03":
            raise Broken

    with pytest.raises(Broken):
        full.table("thing").update(update)
    assert content(full) == before


def test_reading_is_one_view_whatever_others_write(file_url: str) -> None:
    with opened(file_url) as one, opened(file_url) as two:
        one.table("thing").insert(thing("1"))
        with one.reading():
            first = content(one)
            two.table("thing").insert(thing("2"))
            two.table("paper").insert({"id": "p"})
            assert content(one) == first
            with one.reading():
                assert content(one) == first
            with pytest.raises(AssertionError), one.transaction():
                pass
        assert content(one) == content(two) != first


def test_nobody_sees_a_unit_before_its_end(file_url: str) -> None:
    with opened(file_url) as one, opened(file_url) as two:
        with one.transaction():
            one.table("thing").insert(thing("1"))
            assert numbers_of(two, "thing") == []
            assert numbers_of(one, "thing") == ["1"]
        assert numbers_of(two, "thing") == ["1"]


def test_an_update_finds_and_writes_in_one_unit(full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the search of an update and its write nobody else may come."""
    seen: list[bool] = []
    find = type(full.medium).find

    def watched(medium: object, *args: object) -> object:
        seen.append(full.medium.in_transaction)
        return find(full.medium, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(full.medium), "find", watched)
    full.table("thing").update({"count": 1}, where("name") == "甲")
    full.table("thing").remove(where("name") == "甲")
    full.table("thing").upsert(thing("30"), where("name") == "甲")
    assert seen
    assert all(seen)
