"""The scenarios of the library are green, whatever their order and in however many processes, and cover what they promise."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import junitparser
import pytest

from yk.scenario.many import run_many, shuffled
from yk.scenario.reading import files, load, load_all
from yk.scenario.result import Result
from yk.scenario.running import run_scenario
from yk.scenario.scenario import Scenario

LIBRARY = Path(__file__).parents[2] / "fixtures" / "scenarios"
FILES = files([LIBRARY])


@cache
def library() -> tuple[Scenario, ...]:
    """Every scenario of the library."""
    return tuple(load_all([LIBRARY]))


def told(result: Result) -> tuple[object, ...]:
    """What a run of a scenario says, its time aside."""
    return (result.passed, result.title, result.log, result.clock, result.seen)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_library_is_green(path: Path) -> None:
    for scenario in load(path):
        result = run_scenario(scenario)
        assert not result.failed, (scenario.place, result.title, result.misses)


def test_pytest_collects_and_runs_each_scenario_and_row_of_examples(tmp_path: Path) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junit-xml={tmp_path / 'out.xml'}",
            str(LIBRARY),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=LIBRARY.parents[1],
        env=os.environ | {"PYTEST_ADDOPTS": "", "PYTEST_XDIST_WORKER": ""},
    )
    assert ran.returncode == 0, ran.stdout
    assert junitparser.JUnitXml.fromfile(str(tmp_path / "out.xml")).tests == len(library())


def test_numbers_and_names_are_given_once() -> None:
    numbers = list({one.place: one.id for one in library()}.values())  # the rows of examples share theirs
    assert len(set(numbers)) == len(numbers)


def test_the_order_and_the_processes_make_no_difference() -> None:
    some = [one for one in library() if "批量" not in one.tags][:24]
    straight = {one.scenario.ident: told(one) for one in run_many(some)}
    mixed = {one.scenario.ident: told(one) for one in run_many(shuffled(some, 7), jobs=2)}
    assert shuffled(some, 7) != some
    assert mixed == straight
