"""`yk store …`: the contract's answers and exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tinydb import TinyDB

from yk.archive.opening import open_store
from yk.cli import run

from .schema import FILES, address, path_of


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Yk = Callable[..., Result]


@pytest.fixture
def yk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Yk:
    """`yk store WORDS --store URL`."""
    monkeypatch.setattr(sys, "stdin", None)

    def call(url: str, *words: str) -> Result:
        code = run(["store", *words, "--no-input", "--store", url])
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return call


def make(url: str, *customers: str) -> str:
    """A store with an operator and these customers."""
    store = open_store(url, create=True)
    with store.transaction():
        store.table("operator").insert({"operator": "li", "name": "李示范", "roles": ["trainer"]})
        store.table("customer").insert_multiple([{"cons_no": n, "cons_name": f"户{n}"} for n in customers])
    store.close()
    return url


def customers(url: str) -> list[str]:
    """The account numbers in a store."""
    store = open_store(url)
    found = [row["cons_no"] for row in store.table("customer")]
    store.close()
    return found


@pytest.fixture
def two(file_url: str) -> str:
    """A store with two customers."""
    return make(file_url, "01", "02")


TABLES = {"customer": 2, "operator": 1}


def test_info(yk: Yk, two: str) -> None:
    found = yk(two, "info", "--json").json
    assert found["bytes"] > 0
    assert {key: found[key] for key in ("url", "path", "medium", "format", "tables")} == {
        "url": two,
        "path": str(path_of(two)),
        "medium": two.partition(":")[0],
        "format": 1,
        "tables": TABLES,
    }
    assert "customer=2" in yk(two, "info").out


def test_a_missing_store(yk: Yk, file_url: str) -> None:
    for words in (["info"], ["check"], ["backup", "x"], ["dump", "x"], ["migrate", "json:///x"]):
        assert yk(file_url, *words, "--json").json["error"]["code"] == "store_missing"
        assert yk(file_url, *words).code == 3
    assert not path_of(file_url).exists()


def test_check(yk: Yk, two: str) -> None:
    assert yk(two, "check", "--json").json == []
    assert yk(two, "check") == (0, "", "存储完好\n")
    store = open_store(two)
    store.table("event").insert({"id": "0002.000001", "case": "0002", "seq": 1})
    store.close()
    found = yk(two, "check", "--json")
    assert found.code == 3
    assert [problem["code"] for problem in found.json] == ["event_astray"]
    assert "0002" in yk(two, "check").out


def test_check_of_a_store_that_cannot_be_opened(yk: Yk, two: str) -> None:
    path_of(two).write_bytes(b"\0" * 100)
    assert yk(two, "check").code == 3


@pytest.mark.parametrize("of", FILES)
def test_backup_and_restore(yk: Yk, folder: Path, two: str, of: str) -> None:
    file, other = folder / "备份 [1]", make(address(folder, of, "other"), "09")
    assert yk(two, "backup", str(file), "--dry-run", "--json").json["dry_run"] is True
    assert not file.exists()
    saved = yk(two, "backup", str(file), "--json").json
    assert saved == {"from": two, "to": str(file), "rows": 3, "tables": TABLES, "dry_run": False}
    refused = yk(two, "backup", str(file), "--json")
    assert (refused.code, refused.json["refused"][0]["code"]) == (4, "file_exists")
    assert yk(two, "backup", str(file), "--force").code == 0

    asked = yk(other, "restore", str(file), "--json")
    assert (asked.code, asked.json["error"]["code"]) == (2, "needs_confirmation")
    tried = yk(other, "restore", str(file), "--dry-run", "--json").json
    assert (tried["tables"], tried["kept"]) == (TABLES, None)
    assert customers(other) == ["09"]
    done = yk(other, "restore", str(file), "--yes", "--json").json
    assert (done["tables"], done["kept"]) == (TABLES, f"{path_of(other)}.before-restore")
    assert customers(other) == ["01", "02"]


def test_restoring_where_nothing_was_asks_nothing(yk: Yk, folder: Path, two: str) -> None:
    yk(two, "backup", str(folder / "b"))
    new = address(folder, "sqlite", "new")
    assert yk(new, "restore", str(folder / "b"), "--json").json["kept"] is None
    assert customers(new) == ["01", "02"]


def test_a_bad_backup(yk: Yk, folder: Path, two: str) -> None:
    (folder / "bad").write_bytes(b"no store at all, but long enough to be looked at" * 100)
    for name in ("bad", "missing"):
        for option in ("--yes", "--dry-run"):
            assert yk(two, "restore", str(folder / name), option).code == 3
    assert customers(two) == ["01", "02"]


def test_dump_and_load(yk: Yk, folder: Path, two: str) -> None:
    file, new = folder / "全库.json", address(folder, "sqlite", "new")
    assert yk(two, "dump", str(file), "--dry-run").code == 0
    assert not file.exists()
    done = yk(two, "dump", str(file), "--json")
    assert (done.json["rows"], done.err) == (3, f"已写入 {file}\n")
    assert yk(two, "dump", str(file)).code == 4
    assert yk(two, "dump", "-").out == file.read_text(encoding="utf-8")
    with TinyDB(file, access_mode="r") as stock:
        assert [row["cons_no"] for row in stock.table("customer")] == ["01", "02"]

    assert yk(new, "load", str(file), "--dry-run", "--json").json["tables"] == TABLES
    assert not path_of(new).exists()
    assert yk(new, "load", str(file), "--json").json["tables"] == TABLES
    assert yk(new, "load", str(file)).code == 2
    assert yk(new, "load", str(file), "--yes").code == 0
    assert customers(new) == ["01", "02"]


def test_a_bad_dump_makes_no_store(yk: Yk, folder: Path) -> None:
    (folder / "d.json").write_text("{")
    new = address(folder, "sqlite", "new")
    found = yk(new, "load", str(folder / "d.json"), "--json")
    assert (found.code, found.json["error"]["code"]) == (3, "store_damaged")
    assert not path_of(new).exists()


def test_migrate(yk: Yk, folder: Path, two: str) -> None:
    new = address(folder / "neu", "json", "new")
    assert yk(two, "migrate", new, "--dry-run").code == 0
    assert not (folder / "neu").exists()
    done = yk(two, "migrate", new)
    assert (done.code, customers(new)) == (0, ["01", "02"])
    assert f"yk config set store {new}" in done.err
    for option in ((), ("--dry-run",)):
        refused = yk(two, "migrate", new, "--json", *option)
        assert (refused.code, refused.json["refused"][0]["code"]) == (4, "store_not_empty")
    assert yk(two, "migrate", "mysql://x").code == 2
    assert yk(two, "migrate", "memory://").code == 2
