"""Every test run has a home of its own: no settings, store or cache of the machine's user shows."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from world import World

FOLDERS = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("YK_")]:
            patch.delenv(name)
        for name in FOLDERS:
            patch.setenv(name, str(home / name.lower()))
        yield


@pytest.fixture
def world() -> World:
    """A store in memory with the tiny archive, one operator a role, a clock to move by hand."""
    return World()
