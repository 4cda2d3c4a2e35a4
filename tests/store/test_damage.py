"""Damaged files: every truncation and many flipped bits end in a clear error or in data that is right.

Neither medium keeps checksums of single values: a bit that turns one letter of a text into another letter changes that
document and is not seen, except in events and flow definitions, which carry their hashes (`yk.desk.checking`). What is
asked here is that such damage never spreads, and never ends in anything but UnreadableError.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from yk.errors import UnreadableError

from .schema import Content, address, content, furnish, opened, path_of


@pytest.fixture(params=["sqlite", "json"])
def sound(request: pytest.FixtureRequest, folder: Path) -> tuple[str, bytes, Content]:
    """A store's address, its bytes, its content."""
    url = address(folder, request.param)
    with opened(url) as store:
        held = furnish(store)
    return url, path_of(url).read_bytes(), held


def look(url: str, damaged: bytes) -> Content | None:
    """What the damaged store holds; None when opening, checking or reading says that it is damaged."""
    path_of(url).write_bytes(damaged)
    try:
        with opened(url, create=False) as store:
            return None if store.medium.integrity() else content(store)
    except UnreadableError:
        return None
    finally:
        for left in path_of(url).parent.glob(f"{path_of(url).name}-*"):
            left.unlink()


def lengths(size: int) -> Iterator[int]:
    """Every length of a small file; of a larger one the ends, what lies around a page's end, and some between."""
    if size < 5000:
        yield from range(size)
        return
    yield from range(0, 128)
    yield from range(128, size, 61)
    for page in range(4096, size, 4096):
        yield from (page - 1, page, page + 1)
    yield from range(size - 64, size)


def test_a_truncated_store_is_never_taken_for_a_whole_one(sound: tuple[str, bytes, Content]) -> None:
    url, whole, held = sound
    for length in lengths(len(whole)):
        found = look(url, whole[:length])
        assert found in (None, held), length
        assert found is None or "sqlite" in url or whole[:length].rstrip() == whole.rstrip(), length


def test_a_flipped_bit_is_seen_or_harms_one_document(sound: tuple[str, bytes, Content]) -> None:
    url, whole, held = sound
    chance = Random(2026)
    places = range(len(whole)) if len(whole) < 5000 else [*range(100), *chance.sample(range(len(whole)), 500)]
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        found = look(url, bytes(damaged))
        assert found is None or harmed(held, found) <= 1, (place, found)


def harmed(before: Content, after: Content) -> int:
    """How many documents are not what they were."""
    one, other = ([row for rows in held.values() for row in rows.values()] for held in (before, after))
    return max(
        sum(row not in other for row in one), sum(row not in one for row in other), len(other) - len(one)
    )
