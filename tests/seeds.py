"""Is a sentence somebody else's? The source documents are not here; the hashes of all their runs of 20 characters are.

`shingles.bin` holds the first 6 bytes of the BLAKE2b hash of every run of RUN characters of the source documents (half
width, without white space), sorted. `python tests/seeds.py FILE…` makes it anew from the documents.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

from yk.text import halfwidth

RUN, SIZE = 20, 6
SOURCE = Path(__file__).parent / "flows" / "data" / "shingles.bin"


def runs(text: str) -> Iterator[str]:
    """Every run of 20 characters of a text, half width, without white space."""
    bare = "".join(halfwidth(text).split())
    return (bare[i : i + RUN] for i in range(len(bare) - RUN + 1))


def _hash(run: str) -> bytes:
    return blake2b(run.encode(), digest_size=SIZE).digest()


@cache
def _known() -> frozenset[bytes]:
    content = SOURCE.read_bytes()
    return frozenset(content[i : i + SIZE] for i in range(0, len(content), SIZE))


def copied(text: str) -> list[str]:
    """The runs of `text` that stand in a source document."""
    return [run for run in runs(text) if _hash(run) in _known()]


def main(paths: list[str]) -> None:
    """Write the hashes of the documents at `paths`."""
    found = {_hash(run) for path in paths for run in runs(Path(path).read_text(encoding="utf-8"))}
    SOURCE.write_bytes(b"".join(sorted(found)))


if __name__ == "__main__":
    main(sys.argv[1:])
