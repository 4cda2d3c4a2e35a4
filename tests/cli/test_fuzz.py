"""Random command lines, files and damage, a little of it: scripts/fuzz runs as much as one likes."""

from __future__ import annotations

import pytest

from .fuzzing import Fuzzer

SEED = 20261123


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory: pytest.TempPathFactory) -> Fuzzer:
    return Fuzzer(SEED, tmp_path_factory.mktemp("fuzz"))


def test_no_command_line_brings_yk_down(fuzzer: Fuzzer) -> None:
    fuzzer.lines(200)
    assert fuzzer.findings == []
    assert set(fuzzer.codes) >= {0, 2, 3, 4}


def test_no_input_file_brings_yk_down(fuzzer: Fuzzer) -> None:
    fuzzer.files(30)
    assert fuzzer.findings == []


def test_no_damage_to_the_store_brings_yk_down(fuzzer: Fuzzer) -> None:
    fuzzer.damage(10)
    assert fuzzer.findings == []
