"""Several processes on one store: nothing is lost, every reader sees whole units, saving disturbs nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from yk.store import Store
from yk.store.maintenance import backup, dump, load, migrate
from yk.store.restoring import restore

from .schema import COLLECTIONS, address, content, opened, thing

TESTS = Path(__file__).parents[1]


@contextmanager
def running(*orders: tuple[str, ...]) -> Iterator[list[subprocess.Popen[str]]]:
    """Children that all began at the same moment; killed at the end when they still run."""
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "store.children", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=TESTS,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
        for words in orders
    ]
    try:
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n", child.communicate()[1]
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        yield children
    finally:
        for child in children:
            child.kill()
            child.communicate()


def test_two_processes_lose_nothing(file_url: str) -> None:
    with opened(file_url) as store:
        with running(("count", file_url, "a", "500"), ("count", file_url, "b", "500")) as children:
            for child in children:
                _, said = child.communicate(timeout=60)
                assert (child.returncode, said) == (0, "")
        things = store.table("thing").all()
        assert len(things) == 1000
        assert sorted(doc["count"] for doc in things) == list(range(1, 1001))
        assert store.table("paper").get(doc_id="counter")["value"] == 1000
        assert store.medium.integrity() == []


def prepare(store: Store) -> None:
    """What `children.balance` works on; the sum of all numbers is 700."""
    with store.transaction():
        store.table("paper").insert_multiple([{"id": f"p{i}", "n": 140} for i in range(5)])
        store.table("thing").insert_multiple([thing(f"t{i}", count=0) for i in range(7)])


def total(store: Store) -> int:
    """That sum."""
    with store.reading():
        return sum(d["n"] for d in store.table("paper")) + sum(d["count"] for d in store.table("thing"))


def test_saving_and_looking_while_another_process_writes(folder: Path, file_url: str) -> None:
    with opened(file_url) as store:
        prepare(store)
        with running(("balance", file_url)) as (child,):
            for number in range(8):
                assert total(store) == 700
                for save in (backup, dump):
                    save(store, folder / f"{save.__name__}{number}")
                migrate(store, address(folder, "sqlite", f"moved{number}"))
            assert child.poll() is None
    for number in range(8):
        with opened(address(folder, "sqlite", f"moved{number}"), create=False) as moved:
            assert total(moved) == 700
            load(moved, folder / f"dump{number}", force=True)
            assert total(moved) == 700
        restore(address(folder, "json", "back"), folder / f"backup{number}", COLLECTIONS)
        with opened(address(folder, "json", "back")) as back:
            assert total(back) == 700


def test_restoring_under_a_writer_gives_the_one_or_the_other(folder: Path, file_url: str) -> None:
    with opened(file_url) as store:
        prepare(store)
        backup(store, folder / "saved")
        with running(("balance", file_url)) as (child,):
            for _ in range(5):
                restore(file_url, folder / "saved", COLLECTIONS)
                assert total(store) == 700
            assert child.poll() is None
    kept = sorted(folder.glob("*.before-restore*"))
    assert len(kept) == 5
    for number, file in enumerate(kept):
        restore(address(folder, "sqlite", f"kept{number}"), file, COLLECTIONS)
        with opened(address(folder, "sqlite", f"kept{number}")) as back:
            assert total(back) == 700


@pytest.mark.parametrize("attempt", range(3))
def test_a_writer_killed_leaves_whole_units_and_no_lock(file_url: str, attempt: int) -> None:
    with opened(file_url) as store:
        prepare(store)
        with running(("balance", file_url), ("balance", file_url)) as children:
            for _ in range(attempt * 3):
                assert total(store) == 700
            for child in children:
                child.send_signal(signal.SIGKILL)
        assert total(store) == 700
        with store.transaction():
            store.table("thing").truncate()
    with opened(file_url, create=False) as store:
        assert len(content(store)["paper"]) == 5
        assert store.medium.integrity() == []
