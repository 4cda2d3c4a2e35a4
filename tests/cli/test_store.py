"""`yk store`: look at, check, save and move a store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tinydb import TinyDB

from yk.archive.opening import open_store

from .conftest import Yk

KINDS = ("db", "json")


def make(path: Path, *customers: str) -> str:
    """A store with these customers and an operator; its address."""
    store = open_store(str(path), create=True)
    with store.transaction():
        store.table("operator").insert({"operator": "li", "name": "李四", "roles": ["trainer"]})
        store.table("customer").insert_multiple([{"cons_no": n, "cons_name": f"户{n}"} for n in customers])
    store.close()
    return str(path)


def customers(path: Path) -> list[str]:
    """The customers in a store."""
    store = open_store(str(path))
    try:
        return [row["cons_no"] for row in store.table("customer").all()]
    finally:
        store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_info_counts_rows_by_table(yk: Yk, home: Path, kind: str) -> None:
    url = make(home / f"a.{kind}", "01", "02")
    answer = yk("store", "info", "--store", url, "--json").json
    assert answer["url"] == url
    assert answer["bytes"] == (home / f"a.{kind}").stat().st_size
    assert (answer["rows"], answer["tables"]) == (3, {"operator": 1, "customer": 2})
    assert "customer=2" in yk("store", "info", "--store", url).out


def test_a_missing_store_is_exit_3(yk: Yk) -> None:
    result = yk("store", "info")
    assert (result.code, result.out) == (3, "")
    assert "yk init" in result.err


def test_check_finds_a_row_without_its_customer(yk: Yk, home: Path) -> None:
    url = make(home / "a.db", "01")
    assert yk("store", "check", "--store", url) == (0, "", "存储完好\n")
    assert yk("store", "check", "--store", url, "--json").json == []
    store = open_store(url)
    store.table("meter").insert({"meter_id": "m1", "cons_no": "09"})
    store.close()
    result = yk("store", "check", "--store", url, "--json")
    assert result.code == 3
    message = "运行电能表 m1 的用户 09 不在档案里"
    assert result.json == [{"code": "owner_missing", "message": message, "where": "meter m1"}]
    assert "m1" in yk("store", "check", "--store", url).out


def test_check_finds_an_event_without_its_order_and_a_broken_chain(yk: Yk, home: Path) -> None:
    url = make(home / "a.db", "01")
    store = open_store(url)
    order = {"case": "0001", "flow": "rename", "digest": "d", "cons_no": "01", "rule_set": "R24"}
    order |= {"opened": "2026-11-21", "opened_by": "li", "seq": 1, "last_hash": "x"}
    store.table("definition").insert({"digest": "d", "flow": "rename"})
    store.table("case").insert(order)
    store.table("event").insert({"id": "0002.000001", "case": "0002", "seq": 1})
    store.close()
    found = yk("store", "check", "--store", url, "--json").json
    assert {problem["code"] for problem in found} >= {"chain_broken", "event_astray"}
    assert any("0001" in problem["message"] for problem in found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of", KINDS)
def test_a_backup_restores_what_was(yk: Yk, home: Path, of: str, kind: str) -> None:
    url, file = make(home / f"a.{of}", "01", "02"), home / f"备份[1].{kind}"
    assert yk("store", "backup", str(file), "--store", url, "--json").json["rows"] == 3
    assert [p.name for p in home.iterdir() if "part" in p.name] == []
    other = make(home / "b.db", "09")
    result = yk("store", "restore", str(file), "--yes", "--store", other, "--json")
    assert result.json["tables"] == {"operator": 1, "customer": 2}
    assert customers(home / "b.db") == ["01", "02"]


def test_a_backup_overwrites_nothing(yk: Yk, home: Path) -> None:
    url = make(home / "a.db")
    (home / "b.db").write_text("precious")
    result = yk("store", "backup", str(home / "b.db"), "--store", url)
    assert (result.code, (home / "b.db").read_text()) == (4, "precious")


def test_restore_asks_first_and_a_dry_run_writes_nothing(yk: Yk, home: Path) -> None:
    url, file = make(home / "a.db", "01"), make(home / "b.db", "02", "03")
    assert yk("store", "restore", file, "--store", url).code == 2
    assert yk("store", "restore", file, "--store", url, "--dry-run", "--json").json["rows"] == 3
    assert customers(home / "a.db") == ["01"]


def test_restore_refuses_what_is_no_store(yk: Yk, home: Path) -> None:
    url = make(home / "a.db", "01")
    (home / "b.db").write_bytes(b"no store at all, but long enough to be looked at" * 100)
    assert yk("store", "restore", str(home / "b.db"), "--yes", "--store", url).code == 3
    assert yk("store", "restore", str(home / "c.db"), "--yes", "--store", url).code == 3
    assert customers(home / "a.db") == ["01"]


def test_a_dump_is_plain_tinydb_and_loads_again(yk: Yk, home: Path) -> None:
    url, file = make(home / "a.db", "01", "02"), home / "全库.txt"
    assert yk("store", "dump", str(file), "--store", url, "--json").json["rows"] == 3
    assert yk("store", "dump", "-", "--store", url).out == file.read_text(encoding="utf-8")
    with TinyDB(file, access_mode="r") as stock:
        assert [row["cons_no"] for row in stock.table("customer")] == ["01", "02"]
    result = yk("store", "load", str(file), "--store", str(home / "new.db"), "--json")
    assert (result.code, result.json["rows"]) == (0, 3)
    assert customers(home / "new.db") == ["01", "02"]
    assert yk("store", "load", str(file), "--store", str(home / "new.db")).code == 2


def test_a_broken_dump_is_exit_3(yk: Yk, home: Path) -> None:
    (home / "d.json").write_text("{")
    result = yk("store", "load", str(home / "d.json"), "--store", str(home / "n.db"), "--json")
    assert (result.code, result.json["error"]["code"]) == (3, "store_damaged")
    assert not (home / "n.db").exists()


def test_migrate_fills_a_new_store_and_refuses_a_full_one(yk: Yk, home: Path) -> None:
    url, target = make(home / "a.db", "01"), f"json:///{home / 'b.json'}"
    assert yk("store", "migrate", target, "--store", url, "--dry-run").code == 0
    assert not (home / "b.json").exists()
    result = yk("store", "migrate", target, "--store", url)
    assert (result.code, customers(home / "b.json")) == (0, ["01"])
    assert f"yk config set store {target}" in result.err
    result = yk("store", "migrate", target, "--store", url, "--json")
    assert (result.code, result.json["refused"][0]["code"]) == (4, "store_not_empty")


def test_a_copy_that_fails_midway_leaves_the_target_as_it_was(
    yk: Yk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yk.store import maintenance

    url, file = make(home / "a.db", "01"), make(home / "b.db", "02")

    def broken(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(maintenance, "fill", broken)
    assert yk("store", "restore", file, "--yes", "--store", url).code == 3
    assert customers(home / "a.db") == ["01"]
    assert json.loads(yk("store", "info", "--store", url, "--json").out)["rows"] == 2
