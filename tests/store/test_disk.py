"""A full disk and writes that fail: one clear error, the old content stands, and the store goes on working."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from yk.errors import UnreadableError
from yk.store.maintenance import backup, dump, migrate
from yk.store.restoring import restore

from .schema import COLLECTIONS, FILES, address, content, furnish, opened, thing


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Every write past `size` bytes fails, in the midst of it when it begins before."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [1, 100, 5000, 20_000])
def test_a_write_cut_short_leaves_the_old_content(file_url: str, room: int) -> None:
    with opened(file_url) as store:
        before = furnish(store)
        with files_no_larger_than(room), pytest.raises(UnreadableError) as caught:
            store.table("thing").insert_multiple([thing(f"x{i}", "很长的名字" * 20) for i in range(200)])
        assert caught.value.code in ("disk_full", "store_io", "cannot_write")
        assert content(store) == before
        with opened(file_url, create=False) as other:
            assert content(other) == before
        store.table("thing").insert(thing("after"))
        assert store.medium.integrity() == []


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 512 kB, where mounting one is allowed."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)], capture_output=True
    ).returncode:
        pytest.skip("no disk may be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill_up(disk: Path) -> Path:
    """Leave no room; the file that takes it all."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    return ballast


@pytest.mark.parametrize("medium", FILES)
def test_a_full_disk(small_disk: Path, medium: str) -> None:
    url = address(small_disk, medium)
    with opened(url) as store:
        before = furnish(store)
        ballast = fill_up(small_disk)
        with pytest.raises(UnreadableError) as caught:
            store.table("thing").insert_multiple([thing(f"x{i}", "很长的名字" * 20) for i in range(500)])
        assert "磁盘已满" in caught.value.message
        assert content(store) == before
        for save in (backup, dump):
            with pytest.raises(UnreadableError):
                save(store, small_disk / "saved")
        with pytest.raises(UnreadableError):
            migrate(store, address(small_disk, medium, "moved"))
        assert {path.name for path in small_disk.iterdir()} - {
            f"store.{medium}-wal",
            f"store.{medium}-shm",
        } <= {
            "ballast",
            f"store.{medium}",
            f"store.{medium}.lock",
        }
        ballast.unlink()
        store.table("thing").insert(thing("after"))
    with opened(url, create=False) as store:
        assert len(store.table("thing")) == len(before["thing"]) + 1


@pytest.mark.parametrize("medium", FILES)
def test_no_room_to_restore(folder: Path, small_disk: Path, medium: str) -> None:
    url, saved = address(small_disk, medium), folder / "saved"
    with opened(address(folder, medium)) as other:
        other.table("thing").insert_multiple([thing(f"x{i}", "很长的名字" * 20) for i in range(5000)])
        backup(other, saved)
    with opened(url) as store:
        before = furnish(store)
    with pytest.raises(UnreadableError) as caught:
        restore(url, saved, COLLECTIONS)
    assert "磁盘已满" in caught.value.message
    with opened(url, create=False) as store:
        assert content(store) == before


def test_a_failing_sync_is_told_and_leaves_the_old_content(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = address(folder, "json")
    with opened(url) as store:
        before = furnish(store)

        def broken(_handle: int) -> None:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as patch:
            patch.setattr("yk.files.os.fsync", broken)
            with pytest.raises(UnreadableError):
                store.table("thing").insert(thing("x"))
        assert content(store) == before
        assert not store.medium.in_transaction
        store.table("thing").insert(thing("x"))
