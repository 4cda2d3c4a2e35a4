"""Registered functions are found by name, and only the modules that are needed are loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from yk.errors import DefinitionError
from yk.flows import effects, guards


def test_names_are_those_of_everything_that_is_loaded() -> None:
    assert guards.names() == {*guards.guards(), *guards.conditions()}
    assert effects.names() == set(effects.effects())


@pytest.mark.parametrize(
    ("find", "code"),
    [
        (guards.find_guard, "unknown_guard"),
        (guards.find_condition, "unknown_condition"),
        (effects.find_effect, "unknown_effect"),
    ],
)
def test_what_is_not_there_is_told(find: object, code: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        find("nothing_like_this")  # type: ignore[operator]
    assert caught.value.code == code


def test_one_guard_does_not_load_them_all() -> None:
    """A command needs a handful; loading all would cost it tens of milliseconds."""
    program = (
        "import sys; from yk.flows.guards import find_guard, names; names();"
        "find_guard('account_open'); print(*(m for m in sys.modules if m.startswith('yk.flows.guards.')))"
    )
    run = [sys.executable, "-c", program]
    subprocess.run(run, check=True, capture_output=True)  # the index is made and kept
    loaded = subprocess.run(run, check=True, capture_output=True, text=True).stdout.split()
    assert loaded == ["yk.flows.guards.account"]
