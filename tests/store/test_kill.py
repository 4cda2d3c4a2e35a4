"""The scripts that kill and hinder, a few rounds of each; docs/store.md says what long runs proved."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .schema import FILES

SCRIPTS = Path(__file__).parents[2] / "scripts"


def script(name: str, *words: str, folder: Path) -> str:
    """What a script says when all is well."""
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / name), *words],
        capture_output=True,
        text=True,
        env=os.environ | {"TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("medium", FILES)
def test_killed_writers_lose_nothing_they_acknowledged(folder: Path, medium: str) -> None:
    assert "nothing lost" in script("kill_test", "--runs", "6", "--medium", medium, folder=folder)


def test_failing_writes_leave_nothing_half_done(folder: Path) -> None:
    assert script("io_error_test", "--failures", "8", folder=folder).count("nothing half done") == 3
