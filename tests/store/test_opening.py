"""Opening a store: what is missing, foreign, newer or closed to us ends in one clear error and changes nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from yk.errors import UnreadableError, UsageError
from yk.store import Collection, Store
from yk.store.medium import FORMAT
from yk.store.url import parse

from .schema import COLLECTIONS, FILES, address, as_nobody, content, furnish, opened, path_of, thing


def fails(url: str, code: str, create: bool = True) -> UnreadableError:
    """Opening ends in that error."""
    with pytest.raises(UnreadableError) as caught:
        opened(url, create)
    assert caught.value.code == code, caught.value.message
    assert path_of(url).name.partition(".")[0] in caught.value.message
    return caught.value


def beside(path: Path) -> set[str]:
    """What lies in the folder of a file."""
    return {found.name for found in path.parent.iterdir()}


# -- addresses -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "scheme", "path"),
    [
        ("memory://", "memory", None),
        ("sqlite:////tmp/a.db", "sqlite", "/tmp/a.db"),  # noqa: S108
        ("sqlite:///a.db", "sqlite", "a.db"),
        ("sqlite:///tmp/a.db", "sqlite", "/tmp/a.db"),  # noqa: S108
        ("json:///b/a.x", "json", "b/a.x"),
        ("a.json", "json", "a.json"),
        ("存储/a.db", "sqlite", "存储/a.db"),
    ],
)
def test_addresses(url: str, scheme: str, path: str | None) -> None:
    assert parse(url) == (scheme, None if path is None else Path(path))


@pytest.mark.parametrize(
    "url", ["", " ", "mysql:///a", "sqlite:///", "json://", "postgresql://a/b", "sqlite:///a\0b"]
)
def test_wrong_addresses(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(url)
    assert caught.value.code in ("bad_store_url", "store_not_there")


# -- what is not there, or not ours ----------------------------------------------------------------------
def test_a_missing_store(file_url: str) -> None:
    fails(file_url, "store_missing", create=False)
    assert not path_of(file_url).exists()


def test_a_store_is_made_with_its_folders(folder: Path) -> None:
    for medium in FILES:
        with opened(address(folder / "新" / medium, medium)) as store:
            furnish(store)


def test_a_folder_is_no_store(file_url: str) -> None:
    path_of(file_url).mkdir()
    fails(file_url, "cannot_open")


def test_a_path_through_a_file_is_no_path(file_url: str) -> None:
    path_of(file_url).write_text("x")
    scheme = file_url.partition(":")[0]
    with pytest.raises(UnreadableError) as caught:
        opened(f"{scheme}:///{path_of(file_url)}/inner.db")
    assert caught.value.code == "cannot_open"


FOREIGN: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "text": (
        "sqlite",
        lambda path: path.write_text("not a store, but long enough to be looked at " * 50),
        "store_foreign",
    ),
    "empty": ("sqlite", lambda path: path.touch(), "store_foreign"),
    "another program's database": ("sqlite", lambda path: _database(path, 0, 0), "store_foreign"),
    "another program's id": ("sqlite", lambda path: _database(path, 0x12345678, 1), "store_foreign"),
    "json is no database": ("sqlite", lambda path: path.write_text('{"meta": {}}' * 100), "store_foreign"),
    "newer database": ("sqlite", lambda path: _newer(path), "store_newer"),
    "json, empty": ("json", lambda path: path.touch(), "store_damaged"),
    "json, not UTF-8": ("json", lambda path: path.write_bytes(b'{"meta": "\xff"}'), "store_damaged"),
    "json, a database": ("json", lambda path: _database(path, 0, 0), "store_damaged"),
    "json, another program's": (
        "json",
        lambda path: path.write_text('{"_default": {"1": {"a": 1}}}'),
        "store_foreign",
    ),
    "json, no tables": ("json", lambda path: path.write_text('{"a": 1}'), "store_foreign"),
    "json, a list": ("json", lambda path: path.write_text("[1, 2]"), "store_foreign"),
    "json, no object": ("json", lambda path: path.write_text('{"meta": {"1": 5}}'), "store_foreign"),
    "json, no format": (
        "json",
        lambda path: path.write_text('{"meta": {"1": {"name": "x"}}}'),
        "store_foreign",
    ),
    "json, a strange format": ("json", lambda path: path.write_text(_meta(True)), "store_foreign"),
    "json, newer": ("json", lambda path: path.write_text(_meta(FORMAT + 1)), "store_newer"),
    "json, newer, unknown table": (
        "json",
        lambda path: path.write_text(_meta(FORMAT + 1, alien={})),
        "store_newer",
    ),
    "json, unknown table": ("json", lambda path: path.write_text(_meta(FORMAT, alien={})), "unknown_table"),
    "json, newer, unknown field": (
        "json",
        lambda path: path.write_text(_meta(FORMAT + 1, thing={"1": {"no": "1", "colour": 1}})),
        "store_newer",
    ),
    "json, unknown field": (
        "json",
        lambda path: path.write_text(_meta(FORMAT, thing={"1": {"no": "1", "colour": 1}})),
        "unknown_field",
    ),
    "json, twice the same": (
        "json",
        lambda path: path.write_text(_meta(FORMAT, thing={"1": {"no": "1"}, "2": {"no": "1"}})),
        "duplicate_key",
    ),
    "json, no key": (
        "json",
        lambda path: path.write_text(_meta(FORMAT, thing={"1": {"name": "1"}})),
        "key_missing",
    ),
    "json, wrong type": (
        "json",
        lambda path: path.write_text(_meta(FORMAT, thing={"1": {"no": "1", "count": "x"}})),
        "wrong_type",
    ),
    "json, a table twice": (
        "json",
        lambda path: path.write_text(_meta(FORMAT)[:-1] + ', "meta": {}}'),
        "store_damaged",
    ),
    "json, more behind": ("json", lambda path: path.write_text(_meta(FORMAT) + "{}"), "store_damaged"),
    "json, deep": ("json", lambda path: path.write_text('{"meta": {"1": ' + "[" * 200_000), "store_damaged"),
    "json, no number": (
        "json",
        lambda path: path.write_text('{"meta": {"1": {"value": NaN}}}'),
        "store_damaged",
    ),
    "json, a very long number": (
        "json",
        lambda path: path.write_text('{"meta": {"1": {"value": ' + "9" * 5000 + "}}}"),
        "store_damaged",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_not_ours_is_refused_and_left_alone(folder: Path, name: str) -> None:
    medium, write, code = FOREIGN[name]
    url = address(folder, medium)
    write(path_of(url))
    before, names = path_of(url).read_bytes(), beside(path_of(url))
    fails(url, code)
    assert path_of(url).read_bytes() == before
    assert beside(path_of(url)) == names


def _database(path: Path, application: int, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma application_id = {application}")
        connection.execute(f"pragma user_version = {version}")
        connection.execute("create table thing(no text)")


def _newer(path: Path) -> None:
    opened(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma user_version = {FORMAT + 1}")


def _meta(version: object, **tables: object) -> str:
    return json.dumps({"meta": {"1": {"name": "format", "value": version}}, **tables})


def test_json_as_stock_tinydb_or_an_editor_writes_it_is_read(folder: Path) -> None:
    plain = _meta(FORMAT, thing={"7": {"no": "1", "name": "甲"}, "3": {"no": "0"}}, paper={"1": {"id": "p"}})
    for number, text in enumerate(
        (plain, json.dumps(json.loads(plain), indent=4), "\ufeff" + plain, f"\n\t {plain} \r\n")
    ):
        path = folder / f"{number}.json"
        path.write_text(text, encoding="utf-8")
        with opened(f"json:///{path}", create=False) as store:
            assert [doc.doc_id for doc in store.table("thing")] == ["0", "1"]


# -- versions of the schema ------------------------------------------------------------------------------
def test_a_newer_schema_finds_the_old_data_and_an_older_one_keeps_the_new(file_url: str) -> None:
    wider = (
        Collection("thing", ("no",), {**(COLLECTIONS[0].columns or {}), "colour": "text"}, ("no", "colour")),
        COLLECTIONS[1],
        Collection("paper", ("id",), None, ("state", "owner", "place")),
        Collection("extra", ("id",), None, ("x",)),
    )
    with opened(file_url) as store:
        before = furnish(store)
    with Store.open(file_url, wider) as store:
        assert store.table("thing").get(doc_id="01") == {**before["thing"]["01"], "colour": None}
        store.table("thing").update({"colour": "red"}, doc_ids=["01"])
        store.table("paper").update({"place": "here"}, doc_ids=["p1"])
        store.table("extra").insert({"id": "e", "x": "y"})
    if file_url.startswith("json"):
        fails(file_url, "unknown_table")
        return
    with opened(file_url) as store:
        store.table("thing").update({"count": 77}, doc_ids=["01"])
    with Store.open(file_url, wider) as store:
        assert store.table("thing").get(doc_id="01")["colour"] == "red"
        assert store.table("thing").get(doc_id="01")["count"] == 77
        assert store.medium.count(wider[2], []) == 3
        assert store.medium.integrity() == []


# -- permissions -----------------------------------------------------------------------------------------
def refused(store: Store) -> str:
    """The error of a write."""
    with pytest.raises(UnreadableError) as caught:
        store.table("thing").insert(thing("99"))
    return caught.value.code


def test_a_read_only_file_is_read_and_not_written(folder: Path, file_url: str) -> None:
    with opened(file_url) as store:
        before = furnish(store)
    path_of(file_url).chmod(0o444)
    folder.chmod(0o777)
    with as_nobody(), opened(file_url) as store:
        assert content(store) == before
        assert refused(store) == "store_readonly"
        assert content(store) == before


def test_a_read_only_folder(folder: Path, file_url: str) -> None:
    with opened(file_url) as store:
        before = furnish(store)
    path_of(file_url).chmod(0o644)
    folder.chmod(0o555)
    with as_nobody():
        if file_url.startswith("json"):
            with opened(file_url) as store:
                assert content(store) == before
                assert refused(store) == "store_readonly"
        else:  # SQLite keeps files beside an open store, and cannot
            fails(file_url, "store_readonly")
    with opened(file_url, create=False) as store:
        assert content(store) == before


def test_a_file_nobody_may_read(folder: Path, file_url: str) -> None:
    opened(file_url).close()
    path_of(file_url).chmod(0o000)
    folder.chmod(0o777)
    with as_nobody():
        fails(file_url, "cannot_read" if file_url.startswith("json") else "cannot_open")


def test_a_folder_nobody_may_enter(folder: Path, file_url: str) -> None:
    opened(file_url).close()
    folder.chmod(0o000)
    with as_nobody():
        fails(file_url, "cannot_open")
    folder.chmod(0o755)


def test_a_folder_nobody_may_write_takes_no_new_store(folder: Path, file_url: str) -> None:
    folder.chmod(0o555)
    with as_nobody():
        fails(file_url, "cannot_open")
    assert beside(path_of(file_url)) == set()


def test_what_a_lost_store_left_behind_is_not_mixed_into_a_new_one(folder: Path) -> None:
    url = address(folder, "sqlite")
    with opened(url) as store:
        furnish(store)
        left = path_of(f"{url}-wal").read_bytes()
    path_of(url).unlink()
    path_of(f"{url}-wal").write_bytes(left)
    error = fails(url, "store_missing")
    assert "store.sqlite-wal" in error.hint
    path_of(f"{url}-wal").unlink()
    with opened(url) as store:
        assert len(store.table("thing")) == 0


# -- making it -------------------------------------------------------------------------------------------
def test_a_creation_that_fails_leaves_nothing(file_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("yk.store.placing.os.fsync", full_disk)
    error = fails(file_url, "cannot_open")
    assert "磁盘已满" in error.message
    assert beside(path_of(file_url)) == set()


def test_many_make_the_same_store_at_once_and_one_is_made(file_url: str) -> None:
    def make(number: int) -> None:
        with opened(file_url) as store:
            store.table("thing").insert(thing(str(number)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make, range(16)))
    with opened(file_url, create=False) as store:
        assert len(store.table("thing")) == 16
    assert [name for name in beside(path_of(file_url)) if name.startswith(".")] == []
