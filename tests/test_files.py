"""Files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from yk import files
from yk.errors import UnreadableError


def test_a_written_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.write_atomic(path, b"old")
    files.write_atomic(path, b"new")
    assert files.read_bytes(path) == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_written_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.write_atomic(path, b"x")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_writer_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def fail() -> None:
        with files.atomic_writer(path) as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*(os, "fsync", full) if failing == "fsync" else (Path, "replace", full))
    with pytest.raises(UnreadableError) as caught:
        files.write_atomic(path, b"new")
    monkeypatch.undo()
    assert caught.value.code == "cannot_write"
    assert "磁盘已满" in caught.value.message
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_nobody_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with files.atomic_writer(path) as file:
        file.write(b"half")
        file.flush()
        assert path.read_bytes() == b"old"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError) as caught:
        files.write_atomic(tmp_path / "none" / "a", b"x")
    assert caught.value.code == "cannot_write"
    assert "none" in caught.value.message


@pytest.mark.parametrize(("name", "part"), [("none", "不存在"), (".", "文件夹")])
def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path, name: str, part: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        files.read_bytes(tmp_path / name)
    assert caught.value.code == "cannot_read"
    assert part in caught.value.message


def test_folders_follow_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable, folder in (
        ("XDG_DATA_HOME", files.data_folder),
        ("XDG_CONFIG_HOME", files.config_folder),
        ("XDG_CACHE_HOME", files.cache_folder),
    ):
        monkeypatch.setenv(variable, str(tmp_path / variable))
        assert folder() == tmp_path / variable / "yk"
        monkeypatch.delenv(variable)
        monkeypatch.setenv("HOME", str(tmp_path))
        assert folder().is_relative_to(tmp_path)


def test_a_system_error_nobody_translated_keeps_its_own_words() -> None:
    assert files.reason_of(OSError(9999, "strange thing")) == "strange thing"
    assert files.reason_of(PermissionError(13, "x")) == "没有权限"
