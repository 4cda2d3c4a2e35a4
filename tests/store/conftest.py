"""Stores of every medium, closed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from yk.store import Store

from .schema import FILES, MEDIA, address, furnish, opened, temporary_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of the test's own."""
    with temporary_folder() as made:
        yield made


@pytest.fixture(params=MEDIA)
def url(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of a store that is still to be made, on every medium."""
    return address(folder, request.param)


@pytest.fixture(params=FILES)
def file_url(request: pytest.FixtureRequest, folder: Path) -> str:
    """The same on the media that lie in a file."""
    return address(folder, request.param)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store on every medium."""
    made = opened(url)
    yield made
    made.close()


@pytest.fixture
def full(store: Store) -> Store:
    """A store with a few documents of every kind on every medium."""
    furnish(store)
    return store
