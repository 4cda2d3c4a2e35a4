"""The contract of a table: TinyDB's interface, the same answers on every medium."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tinydb import Query, where
from tinydb.operations import delete, increment
from tinydb.table import Document

from yk.errors import UsageError
from yk.store import Store
from yk.store.conditions import Comparison

from .schema import content, furnish, opened, path_of, thing

THING = Query()


def numbers(found: Any) -> list[str]:
    return [doc.doc_id for doc in found]


def test_a_document_is_named_by_its_key(store: Store) -> None:
    assert store.table("thing").insert(thing("7")) == "7"
    assert store.table("pair").insert({"kind": "a", "code": "b"}) == "a:b"
    assert store.table("paper").insert(Document({"id": "x", "n": 1}, "x")) == "x"
    assert store.table("thing").get(doc_id="7").doc_id == "7"
    assert store.table("pair").get(doc_id="a:b") == {"kind": "a", "code": "b", "note": None}


def test_a_name_is_given_once(full: Store) -> None:
    with pytest.raises(ValueError, match="01 already exists"):
        full.table("thing").insert(thing("01"))
    with pytest.raises(ValueError, match="01 already exists"):
        full.table("thing").insert_multiple([thing("77"), thing("01")])
    assert not full.table("thing").contains(doc_id="77")


def test_reading_goes_in_key_order(store: Store) -> None:
    for no in ("b", "a", "B", "10", "9", "é", "中", "😀", "～"):
        store.table("thing").insert(thing(no, "x"))
    wanted = sorted(["b", "a", "B", "10", "9", "é", "中", "😀", "～"])
    table = store.table("thing")
    assert numbers(table.all()) == numbers(table) == numbers(table.search(where("name") == "x")) == wanted
    assert list(store.medium.rows(table.collection)) == wanted


CONDITIONS = {
    "equal, indexed": (where("name") == "甲", ["01", "10"]),
    "equal, a number": (where("count") == 2, ["02", "03"]),
    "equal, a whole number for a real": (where("size") == 2.5, ["02"]),
    "not equal": (where("name") != "甲", ["02", "03"]),
    "less": (where("no") < "03", ["01", "02"]),
    "at most": (where("no") <= "03", ["01", "02", "03"]),
    "more": (where("no") > "02", ["03", "10"]),
    "at least": (where("no") >= "02", ["02", "03", "10"]),
    "more, where some have no value": (where("count") >= 1, ["01", "02", "03"]),
    "one of": (where("no").one_of(["10", "01", "99"]), ["01", "10"]),
    "one of nothing": (where("no").one_of([]), []),
    "and": ((where("name") == "甲") & (where("count") == 1), ["01"]),
    "and, three": ((where("name") == "甲") & (where("no") > "0") & (where("no") < "1"), ["01"]),
    "or": ((where("name") == "乙") | (where("no") == "10"), ["02", "10"]),
    "not": (~(where("name") == "甲"), ["02", "03"]),
    "exists": (where("count").exists(), ["01", "02", "03", "10"]),
    "no such field": (where("nothing") == 1, []),
    "none": (where("count") == None, ["10"]),  # noqa: E711
    "true is no number": (where("name") == True, []),  # noqa: E712
    "a text is no number": (where("count") == "2", []),
    "a number is no text": (where("no") == 1, []),
    "matches": (where("no").matches("0."), ["01", "02", "03"]),
    "search": (where("name").search("[甲乙]"), ["01", "02", "10"]),
    "test": (where("no").test(lambda no: no.endswith("0")), ["10"]),
    "map": (where("no").map(int) == 3, ["03"]),
    "fragment": (Query().fragment({"name": "丙", "count": 2}), ["03"]),
    "noop": (Query().noop(), ["01", "02", "03", "10"]),
    "half a character": (where("name") == "\ud800", []),
    "beyond SQL's numbers": (where("count") == 2**70, []),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_search_finds_what_the_condition_says(full: Store, name: str) -> None:
    condition, wanted = CONDITIONS[name]
    table = full.table("thing")
    assert numbers(table.search(condition)) == wanted
    assert table.count(condition) == len(wanted)
    assert table.contains(condition) == bool(wanted)
    first = table.get(condition)
    assert (first.doc_id if first else None) == (wanted[0] if wanted else None)


def test_documents_are_searched_alike(full: Store) -> None:
    papers = full.table("paper")
    assert numbers(papers.search(where("state") == "open")) == ["p1", "p3"]
    assert numbers(papers.search(where("owner").one_of(["li", "wang"]))) == ["p1"]
    assert numbers(papers.search(where("amount") > 10)) == ["p2"]
    assert numbers(papers.search(where("deep")["list"].any([2.5]))) == ["p1"]
    assert numbers(papers.search((where("state") == "open") & ~where("owner").exists())) == ["p3"]


def test_a_thousand_values_are_one_question(full: Store) -> None:
    many = [str(i) for i in range(40_000)]
    assert numbers(full.table("thing").search(where("no").one_of([*many, "01"]))) == ["01", "10"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([], ["01", "02", "03", "10"]),
        ([Comparison("name", "=", ("甲",)), Comparison("count", "=", (1,))], ["01"]),
        ([Comparison("name", "=", (None,))], []),
        ([Comparison("count", ">", (None,))], []),
        ([Comparison("count", "in", (None, 1))], ["01"]),
        ([Comparison("count", "=", ("2",))], []),
    ],
)
def test_a_search_by_comparisons_needs_values_of_the_fields_type(
    full: Store, wanted: list[Comparison], found: list[str]
) -> None:
    table = full.table("thing")
    assert [key for key, _ in table.find(wanted)] == found
    assert full.medium.count(table.collection, wanted) == len(found)


def test_get_is_tinydbs(full: Store) -> None:
    table = full.table("thing")
    assert table.get(doc_id="99") is None
    assert table.get(where("name") == "丁") is None
    assert numbers(table.get(doc_ids=["10", "01", "99", "01"])) == ["01", "10"]
    assert table.has("01")
    assert not table.has("99")
    with pytest.raises(RuntimeError):
        table.get()
    with pytest.raises(RuntimeError):
        table.contains()


def test_update_is_tinydbs(full: Store) -> None:
    table = full.table("thing")
    assert table.update({"count": 9}, where("name") == "甲") == ["01", "10"]
    assert table.update({"count": 8}, doc_ids=["02", "99"]) == ["02"]
    assert table.update(increment("count"), where("no") == "01") == ["01"]
    assert table.update(delete("name"), doc_ids=["10"]) == ["10"]
    assert [doc["count"] for doc in table] == [10, 8, 2, 9]
    assert table.get(doc_id="10")["name"] is None
    assert table.update({"size": 0}) == ["01", "02", "03", "10"]
    assert table.update_multiple(
        [({"name": "子"}, where("no") == "03"), ({"count": 0}, where("name") == "子")]
    ) == ["03", "03"]
    assert table.get(doc_id="03") == thing("03", "子", 0, 0.0)


def test_upsert_is_tinydbs(full: Store) -> None:
    table = full.table("thing")
    assert table.upsert({"count": 5}, where("name") == "甲") == ["01", "10"]
    assert table.upsert(thing("20", "新"), where("name") == "无") == ["20"]
    assert table.upsert(thing("20", "更新")) == ["20"]
    assert table.upsert(Document(thing("21"), "21")) == ["21"]
    assert table.get(doc_id="20")["name"] == "更新"


def test_remove_is_tinydbs(full: Store) -> None:
    table = full.table("thing")
    assert table.remove(where("name") == "甲") == ["01", "10"]
    assert table.remove(doc_ids=["02", "99"]) == ["02"]
    assert len(table) == 1
    with pytest.raises(RuntimeError):
        table.remove()
    table.truncate()
    assert len(table) == 0
    assert table.all() == []
    assert len(full.table("paper")) == 3


def test_put_and_save_replace_whole_documents(full: Store) -> None:
    papers = full.table("paper")
    papers.save({"id": "p1", "new": True})
    papers.put([("p9", {"id": "p9"}), ("p2", {"id": "p2", "state": "x"})])
    assert [dict(doc) for doc in papers] == [
        {"id": "p1", "new": True},
        {"id": "p2", "state": "x"},
        {"id": "p3", "state": "open"},
        {"id": "p9"},
    ]
    assert numbers(papers.search(where("state") == "open")) == ["p3"]


def test_the_database_is_tinydbs(full: Store) -> None:
    assert full.tables() == {"meta", "thing", "pair", "paper"}
    full.drop_table("thing")
    assert len(full.table("thing")) == 0
    assert len(full.table("paper")) == 3
    before = content(full)
    full.storage.write(full.storage.read() or {})
    assert content(full) == before
    full.drop_tables()
    assert not any(content(full).values())


def test_there_is_no_other_table(store: Store) -> None:
    for name in ("no_such", "_default"):
        with pytest.raises(UsageError) as caught:
            store.table(name)
        assert caught.value.code == "unknown_table"


def test_documents_handed_out_are_the_callers_own(full: Store) -> None:
    before = content(full)
    papers, things = full.table("paper"), full.table("thing")
    given: dict[str, Any] = {"id": "p4", "list": [1]}
    papers.insert(given)
    given["list"].append(2)
    for doc in (papers.get(doc_id="p1"), papers.all()[0], papers.search(where("state") == "open")[0]):
        doc["deep"]["list"].append("mine")
        doc["state"] = "mine"
    next(iter(things.find([])))[1]["name"] = "mine"
    things.get(doc_id="01")["name"] = "mine"
    with full.transaction():
        papers.get(doc_id="p1")["state"] = "mine"
    papers.remove(doc_ids=["p4"])
    assert content(full) == before


def test_what_is_being_read_stays_as_it_was(full: Store) -> None:
    table, found = full.table("thing"), []
    for doc in table:
        found.append(doc["name"])
        table.remove(doc_ids=["03"])
        table.update({"name": "新"}, doc_ids=["10"])
    assert found == ["甲", "乙", "丙", "甲"]
    rows = table.find([Comparison("name", "=", ("甲",))])
    table.truncate()
    assert [key for key, _ in rows] == ["01"]


def test_another_process_writing_between_disturbs_no_reader_who_writes(file_url: str) -> None:
    with opened(file_url) as one, opened(file_url) as two:
        one.table("thing").insert_multiple([thing(f"{i:04d}") for i in range(600)])
        for number, doc in enumerate(one.table("thing")):
            if number % 200 == 0:
                two.table("thing").update({"count": number}, doc_ids=["0599"])
                one.table("thing").update({"name": "看过"}, doc_ids=[doc.doc_id])
        assert one.table("thing").count(where("name") == "看过") == 3
        assert two.table("thing").get(doc_id="0599")["count"] == 400


def test_a_store_opened_again_holds_the_same(file_url: str) -> None:
    with opened(file_url) as store:
        wanted = furnish(store)
        assert store.url == file_url
        assert path_of(file_url).stat().st_mode & 0o777 == 0o600
    with opened(file_url, create=False) as store:
        assert content(store) == wanted


def test_two_stores_on_one_file_see_each_other(file_url: str) -> None:
    with opened(file_url) as one, opened(file_url) as two:
        wanted = furnish(one)
        assert content(two) == wanted
        two.table("thing").remove(doc_ids=["01"])
        assert not one.table("thing").contains(doc_id="01")


def test_a_relative_path_and_a_link_lead_to_the_same_store(
    folder: Path, file_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(file_url) as store:
        wanted = furnish(store)
    file = path_of(file_url)
    link = folder / f"link{file.suffix}"
    link.symlink_to(file)
    monkeypatch.chdir(folder)
    scheme = file_url.partition(":")[0]
    for name in (file.name, link.name):
        with opened(f"{scheme}:///{name}", create=False) as store:
            monkeypatch.chdir("/")
            store.table("thing").update({"count": 5}, doc_ids=["01"])
            wanted["thing"]["01"]["count"] = 5
            assert content(store) == wanted
            monkeypatch.chdir(folder)
    assert link.is_symlink()
