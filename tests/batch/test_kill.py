"""Batches killed at random moments, a few rounds of the script; docs/store.md says what long runs proved."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "batch_kill_test"


@pytest.mark.parametrize("kind", ["closure", "line-area", "lv-new"])
def test_killed_runs_end_as_one_that_nobody_disturbed(tmp_path: Path, kind: str) -> None:
    words = ["--kind", kind, "--rows", "150", "--kills", "6", "--seed", "4"]
    env = os.environ | {"TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *words], capture_output=True, text=True, env=env, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing lost, nothing twice" in done.stdout
