"""The printed contents of the operation manual: 339 entries, printed and corrected titles (`manual/catalogue.csv`)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from yk.errors import UsageError
from yk.text import did_you_mean, halfwidth

FOLDER = Path(__file__).parent / "manual"
SOURCE = FOLDER / "catalogue.csv"
PREFIX = "YXZY-YY-"


class Listing(NamedTuple):
    """One line of the contents; `page` is the printed page, `initials` the title's pinyin initials."""

    code: str
    printed_title: str
    title: str
    flow: str
    flow_name: str
    seq: int
    archetype: str
    page: int
    initials: str


@cache
def catalogue() -> dict[str, Listing]:
    """Every entry of the contents by code, in printed order."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {
            r["code"]: Listing(
                r["code"],
                r["printed_title"],
                r["title"],
                r["flow"],
                r["flow_name"],
                int(r["seq"]),
                r["archetype"],
                int(r["printed_page"]),
                r["initials"],
            )
            for r in rows
        }


def find(code: str) -> Listing:
    """The listing of `YXZY-YY-334`, `334` or `yy334`. Raises UsageError (`unknown_entry`)."""
    word = halfwidth(code).upper()
    digits = "".join(c for c in word.rsplit("-", 1)[-1] if c.isdigit())
    listing = catalogue().get(PREFIX + digits)
    if listing is None or not (word.isdigit() or word.startswith(("YXZY", "YY"))):
        near = did_you_mean(code, [item.title for item in catalogue().values()])
        raise UsageError("unknown_entry", f"手册里没有 {code} 这个作业项", near or "编号从 144 到 482")
    return listing


def of_flow(flow: str) -> list[Listing]:
    """The entries of one flow, in order."""
    return [item for item in catalogue().values() if item.flow == flow]
