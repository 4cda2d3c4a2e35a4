"""Scenario files for tests: written into a folder, read, run."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from yk.errors import DefinitionError
from yk.scenario.reading import load
from yk.scenario.result import Result
from yk.scenario.running import run_scenario
from yk.scenario.scenario import Scenario

HOUSE, WORKS = "1016000007", "1016000001"
"""A household in order, and the company that the demonstration of 更名 is about."""
NEW_NAME = "示范新里电气有限公司"


def written(folder: Path, text: str, name: str = "例.yk.yaml") -> Path:
    """A scenario file with this text."""
    path = folder / name
    path.write_text(dedent(text), encoding="utf-8")
    return path


def read(folder: Path, text: str) -> list[Scenario]:
    """The scenarios of a file with this text; messages name it `例.yk.yaml`."""
    return load(written(folder, text), "例.yk.yaml")


def wrong(folder: Path, text: str) -> str:
    """What is said of a file that is wrong, with the hint."""
    with pytest.raises(DefinitionError) as caught:
        read(folder, text)
    return f"{caught.value.message} {caught.value.hint}"


def results(folder: Path, text: str) -> list[Result]:
    """How the scenarios of a file go."""
    return [run_scenario(one) for one in read(folder, text)]


def result(folder: Path, text: str) -> Result:
    """How the one scenario of a file goes."""
    (only,) = results(folder, text)
    return only


def rename(steps: str, then: str = "") -> str:
    """A file with one scenario of 更名: its steps and what must hold, each line at the left margin."""
    body = "".join(f"      {line}\n" for line in dedent(steps).strip().splitlines())
    end = f"    那么: {then}\n" if then else ""
    return f"版本: 1\n流程: 更名\n场景:\n  - 名称: 例\n    当:\n{body}{end}"
