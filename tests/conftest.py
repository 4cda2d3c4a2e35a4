"""Every test run has a home of its own: no settings, store or cache of the machine's user shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from world import World

from yk.flows import definition, flow

hypothesis.settings.register_profile("yk", deadline=None)  # a slow machine is no failure
hypothesis.settings.load_profile("yk")

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


Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Add flows to those of the program for one test: install(small="id: small …")."""
    folder = tmp_path / "definitions"
    shutil.copytree(definition.FOLDER, folder)
    for module in (definition, flow):
        monkeypatch.setattr(module, "FOLDER", folder)

    def forget() -> None:
        for cached in (flow.flow_ids, flow.load, flow.find):
            cached.cache_clear()

    def add(**texts: str) -> None:
        for name, text in texts.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        forget()

    yield add
    forget()
