"""Whole stores: info, backup, dump, load, migrate, restore."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB

from yk.errors import Refused, UnreadableError, UsageError
from yk.store import Store
from yk.store.maintenance import backup, digest, dump, examine_dump, info, load, migrate
from yk.store.medium import FORMAT
from yk.store.restoring import examine, restore

from .schema import (
    COLLECTIONS,
    FILES,
    MEDIA,
    address,
    content,
    furnish,
    opened,
    path_of,
    temporary_folder,
    thing,
)
from .test_model import rows

COUNTS = {"pair": 2, "paper": 3, "thing": 4}


def fails(code: str) -> Any:
    """The block ends in that error."""
    return pytest.raises((UnreadableError, UsageError), check=lambda error: error.code == code)


def is_refused(code: str) -> Any:
    """The block is refused for that reason."""
    return pytest.raises(Refused, check=lambda error: error.reasons[0].code == code)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_info(full: Store, url: str) -> None:
    found = info(full)
    path = None if url == "memory://" else path_of(url)
    assert found | {"bytes": 0} == {
        "url": url,
        "medium": url.partition(":")[0],
        "path": None if path is None else str(path),
        "bytes": 0,
        "format": FORMAT,
        "tables": COUNTS,
    }
    assert (found["bytes"] is None) == (path is None)
    assert path is None or found["bytes"] >= path.stat().st_size > 0


# -- backup ----------------------------------------------------------------------------------------------
def test_a_backup_is_one_whole_private_file(folder: Path, file_url: str) -> None:
    with opened(file_url) as store:
        furnish(store)
        file = folder / "备份 [1].bak"
        backup(store, file)
        assert examine(file, COLLECTIONS) == COUNTS
        assert file.stat().st_mode & 0o777 == 0o600
        assert {name for name in names(folder) if not name.startswith("store.")} == {file.name}
        with is_refused("file_exists"):
            backup(store, file)
        store.table("pair").truncate()
        backup(store, file, force=True)
        assert examine(file, COLLECTIONS) == {"paper": 3, "thing": 4}


def test_a_backup_that_cannot_be_written(folder: Path, file_url: str) -> None:
    with opened(file_url) as store:
        before = furnish(store)
        with fails("cannot_write"):
            backup(store, folder / "no" / "such" / "folder")
        with fails("same_file"):
            backup(store, path_of(file_url), force=True)
        with fails("same_file"):
            dump(store, path_of(file_url), force=True)
        assert content(store) == before


def test_a_backup_of_a_damaged_store_is_refused(folder: Path) -> None:
    url = address(folder, "sqlite")
    with opened(url) as store:
        store.table("thing").insert_multiple([thing(f"{i:05d}", "名" * 50) for i in range(2000)])
    with path_of(url).open("r+b") as file:
        file.seek(20 * 8192)
        file.write(b"\xff" * 8192)
    with opened(url) as store:
        assert store.medium.integrity() != []
        with fails("store_damaged"):
            backup(store, folder / "saved")
    assert not (folder / "saved").exists()


def test_memory_has_no_backup(folder: Path) -> None:
    with opened("memory://") as store:
        with fails("memory_store"):
            backup(store, folder / "saved")
        with fails("memory_store"):
            migrate(store, "memory://")
        with fails("memory_store"):
            restore("memory://", folder / "saved", COLLECTIONS)
    assert names(folder) == set()


# -- restore ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("of", FILES)
def test_a_backup_of_any_medium_restores_on_any_other(folder: Path, file_url: str, of: str) -> None:
    with opened(address(folder, of, "other")) as other:
        wanted = furnish(other)
        backup(other, folder / "saved")
    with opened(file_url) as store:
        store.table("thing").insert(thing("old"))
        before = content(store)
        kept = restore(file_url, folder / "saved", COLLECTIONS)
        assert content(store) == wanted
    assert kept == path_of(file_url).with_name(path_of(file_url).name + ".before-restore")
    assert restore(file_url, kept, COLLECTIONS) == kept.with_name(kept.name + "-2")
    with opened(file_url) as store:
        assert content(store) == before


def test_a_missing_or_empty_store_is_restored_without_a_copy_beside(folder: Path, file_url: str) -> None:
    with opened(address(folder, "sqlite", "other")) as other:
        wanted = furnish(other)
        backup(other, folder / "saved")
    assert restore(file_url, folder / "saved", COLLECTIONS) is None
    with opened(file_url, create=False) as store:
        assert content(store) == wanted
        for table in wanted:
            store.table(table).truncate()
        assert restore(file_url, folder / "saved", COLLECTIONS) is None
        assert content(store) == wanted


@pytest.mark.parametrize("harm", ["header", "middle", "empty", "half"])
def test_a_damaged_store_is_restored_and_kept(folder: Path, file_url: str, harm: str) -> None:
    with opened(file_url) as store:
        wanted = furnish(store)
        backup(store, folder / "saved")
    whole = path_of(file_url).read_bytes()
    half = len(whole) // 2
    damaged = {
        "header": b"\0" * 40 + whole[40:],
        "middle": whole[:half] + b"\xff" * 9000 + whole[half + 9000 :],
        "empty": b"",
        "half": whole[:half],
    }[harm]
    path_of(file_url).write_bytes(damaged)
    kept = restore(file_url, folder / "saved", COLLECTIONS)
    assert kept is not None
    assert kept.read_bytes() == damaged
    with opened(file_url, create=False) as store:
        assert content(store) == wanted


BAD = {
    "missing": (lambda path: None, "cannot_read"),
    "a folder": (lambda path: path.mkdir(), "cannot_read"),
    "empty": (lambda path: path.touch(), "store_foreign"),
    "text": (lambda path: path.write_text("something else entirely"), "store_foreign"),
    "foreign JSON": (lambda path: path.write_text('{"_default": {"1": {"a": 1}}}'), "store_foreign"),
    "half a dump": (lambda path: path.write_text('{"meta": {"1": {"na'), "store_damaged"),
    "foreign database": (lambda path: _alter(path, "create table t(x)"), "store_foreign"),
    "newer": (lambda path: _store(path, f"pragma user_version = {FORMAT + 1}"), "store_newer"),
    "cut off": (lambda path: _cut(path), "store_damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_backup_changes_nothing(folder: Path, file_url: str, name: str) -> None:
    write, code = BAD[name]
    saved = folder / "saved"
    write(saved)
    with opened(file_url) as store:
        before = furnish(store)
        held = names(folder)
        with fails(code):
            restore(file_url, saved, COLLECTIONS)
        with fails(code):
            examine(saved, COLLECTIONS)
        assert content(store) == before
        assert names(folder) == held


def _alter(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def _store(path: Path, statement: str) -> None:
    opened(f"sqlite:///{path}").close()
    _alter(path, statement)


def _cut(path: Path) -> None:
    with opened(f"sqlite:///{path}") as store:
        store.table("thing").insert_multiple([thing(f"{i:05d}", "名" * 50) for i in range(2000)])
    path.write_bytes(path.read_bytes()[:200_000])


def test_a_newer_store_is_not_restored_over(folder: Path) -> None:
    url = address(folder, "sqlite")
    with opened(url) as store:
        backup(store, folder / "saved")
    _alter(path_of(url), f"pragma user_version = {FORMAT + 1}")
    before = path_of(url).read_bytes()
    with fails("store_newer"):
        restore(url, folder / "saved", COLLECTIONS)
    assert path_of(url).read_bytes() == before


def test_an_older_backup_gets_the_columns_it_lacks(folder: Path, file_url: str) -> None:
    narrow = [COLLECTIONS[1], COLLECTIONS[2], type(COLLECTIONS[0])("thing", ("no",), {"no": "text"}, ("no",))]
    with Store.open(address(folder, "sqlite", "old"), narrow, create=True) as old:
        old.table("thing").insert({"no": "1"})
        backup(old, folder / "saved")
    saved = (folder / "saved").read_bytes()
    restore(file_url, folder / "saved", COLLECTIONS)
    with opened(file_url) as store:
        assert content(store)["thing"] == {"1": thing("1")}
    assert (folder / "saved").read_bytes() == saved


# -- dump and load ---------------------------------------------------------------------------------------
def test_all_media_dump_the_same_and_stock_tinydb_opens_it(folder: Path) -> None:
    dumps = set()
    for medium in MEDIA:
        with opened(address(folder, medium)) as store:
            held = furnish(store)
            dump(store, folder / f"{medium}.dump")
            dumps.add((folder / f"{medium}.dump").read_bytes())
    assert len(dumps) == 1
    path = folder / "sqlite.dump"
    assert path.stat().st_mode & 0o777 == 0o600
    with TinyDB(path, access_mode="r") as stock:
        assert stock.tables() == {"meta", "thing", "pair", "paper"}
        for table, documents in held.items():
            assert [dict(doc) for doc in stock.table(table)] == list(documents.values())
            assert [doc.doc_id for doc in stock.table(table)] == list(range(1, len(documents) + 1))


def test_what_stock_tinydb_wrote_is_loaded(folder: Path, url: str) -> None:
    with TinyDB(folder / "stock.json") as stock:
        stock.table("meta").insert({"name": "format", "value": FORMAT})
        stock.table("thing").insert_multiple([{"no": "2", "name": "乙"}, {"no": "1", "size": 3}])
    with opened(url) as store:
        assert load(store, folder / "stock.json") == {"thing": 2}
        assert content(store)["thing"] == {"1": thing("1", size=3.0), "2": thing("2", "乙")}


def test_a_dump_overwrites_nothing(full: Store, folder: Path) -> None:
    (folder / "d").write_text("precious")
    with is_refused("file_exists"):
        dump(full, folder / "d")
    assert (folder / "d").read_text() == "precious"
    dump(full, folder / "d", force=True)
    assert examine_dump(folder / "d", COLLECTIONS) == COUNTS


def test_a_store_that_holds_data_is_loaded_over_only_by_force(full: Store, folder: Path) -> None:
    with opened("memory://") as other:
        other.table("thing").insert(thing("new"))
        dump(other, folder / "d")
    before = content(full)
    with is_refused("store_not_empty"):
        load(full, folder / "d")
    assert content(full) == before
    assert load(full, folder / "d", force=True) == {"thing": 1}
    assert content(full) == {"thing": {"new": thing("new")}, "pair": {}, "paper": {}}


DUMPS = {
    "unknown table": ({"alien": {}}, "unknown_table"),
    "unknown field": ({"thing": {"1": {"no": "1", "colour": "red"}}}, "unknown_field"),
    "wrong type": ({"thing": {"1": {"no": "1", "count": "many"}}}, "wrong_type"),
    "no key": ({"thing": {"1": {"no": "1"}, "2": {}}}, "key_missing"),
    "twice": ({"thing": {"1": {"no": "1"}, "2": {"no": "1"}}}, "duplicate_key"),
    "newer": ({"meta": {"1": {"name": "format", "value": FORMAT + 1}}, "alien": {}}, "store_newer"),
    "foreign": ({"meta": {}}, "store_foreign"),
}


@pytest.mark.parametrize("name", DUMPS)
def test_a_bad_dump_changes_nothing(full: Store, folder: Path, name: str) -> None:
    tables, code = DUMPS[name]
    file = folder / "bad.json"
    whole = {"meta": {"1": {"name": "format", "value": FORMAT}}, "paper": {"1": {"id": "new"}}, **tables}
    file.write_text(json.dumps(whole), encoding="utf-8")
    before = content(full)
    with fails(code) as caught:
        load(full, file, force=True)
    assert "bad.json" in caught.value.message
    assert content(full) == before


def test_every_truncation_of_a_dump_is_seen(full: Store, folder: Path) -> None:
    dump(full, folder / "d")
    whole = (folder / "d").read_bytes()
    with opened("memory://") as store:
        for length in range(len(whole) - 1):
            (folder / "d").write_bytes(whole[:length])
            with fails("store_damaged"):
                load(store, folder / "d")
        assert not any(content(store).values())


def test_a_missing_dump(full: Store, folder: Path) -> None:
    with fails("cannot_read"):
        load(full, folder / "none", force=True)
    with fails("cannot_read"):
        load(full, folder, force=True)


def test_values_longer_than_a_piece_of_the_file_are_read(folder: Path, url: str) -> None:
    with opened(url) as store:
        store.table("paper").insert_multiple(
            [{"id": f"p{i}", "text": '长\\"😀\n' * i * 997} for i in range(16)]
        )
        dump(store, folder / "d")
        wanted, mark = content(store), digest(store)
        pretty = json.dumps(json.loads((folder / "d").read_bytes()), indent=30)
        for text in ((folder / "d").read_text(encoding="utf-8"), pretty):
            (folder / "again").write_text(text, encoding="utf-8")
            load(store, folder / "again", force=True)
            assert content(store) == wanted
            assert digest(store) == mark


def test_an_error_names_the_line(folder: Path) -> None:
    with opened("memory://") as store:
        store.table("thing").insert_multiple([thing(f"{i:05d}", "名" * 20) for i in range(5000)])
        dump(store, folder / "d")
        lines = (folder / "d").read_text(encoding="utf-8").split("\n")
        lines[4000] = lines[4000].replace(":", ";")
        (folder / "d").write_text("\n".join(lines), encoding="utf-8")
        with fails("store_damaged") as caught:
            load(store, folder / "d", force=True)
        assert "第 4001 行" in caught.value.message


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, max_size=12), st.sampled_from(MEDIA), st.sampled_from(FILES))
def test_a_dump_loads_to_the_same_byte_for_byte(found: list[Any], of: str, to: str) -> None:
    with (
        temporary_folder() as folder,
        opened(address(folder, of)) as store,
        opened(address(folder, to, "to")) as other,
    ):
        with store.transaction():
            for table, row in found:
                store.table(table).save(row)
        dump(store, folder / "one")
        load(other, folder / "one")
        dump(other, folder / "two")
        assert (folder / "one").read_bytes() == (folder / "two").read_bytes()
        assert content(store) == content(other)
        migrate(other, address(folder, to, "three"))
        with opened(address(folder, to, "three")) as third:
            assert digest(third) == digest(store)


# -- migrate ---------------------------------------------------------------------------------------------
def test_migrating_leaves_the_present_store_and_refuses_a_full_one(
    full: Store, folder: Path, file_url: str
) -> None:
    before = content(full)
    target = address(folder / "neu", file_url.partition(":")[0])
    assert migrate(full, target) == COUNTS
    assert content(full) == before
    with opened(target, create=False) as moved:
        assert content(moved) == before
    with is_refused("store_not_empty"):
        migrate(full, target)
    for wrong in ("postgresql://x", "sqlite:///"):
        with pytest.raises(UsageError):
            migrate(full, wrong)


def test_a_copy_that_comes_out_different_is_not_kept(
    full: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yk.store.maintenance.digest", lambda store: store.url)
    target = address(folder, "sqlite", "neu")
    with fails("copy_differs"):
        migrate(full, target)
    with opened(target, create=False) as moved:
        assert not any(content(moved).values())
