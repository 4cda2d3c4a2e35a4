"""The function tree of the Ningxia tutorial (目录 of NX, chapters 1 to 9): what of it this program does, said plainly."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from yk.errors import DefinitionError
from yk.flows.catalogue import FOLDER
from yk.text import halfwidth

SOURCE = FOLDER / "outline.csv"
STATES = {"done": "已实现", "partly": "部分实现", "none": "没有实现"}
COLUMNS = ["no", "title", "page", "state", "flows", "note"]


def outline(words: Iterable[str] = ()) -> Iterator[dict[str, Any]]:
    """`{no, title, page, state, state_name, flows, note}` a line of the contents; each of `words` stands in one of them."""
    wanted = [halfwidth(word).casefold() for word in words]
    for row in _rows():
        shown = {
            **row,
            "page": int(row["page"]),
            "state_name": STATES[row["state"]],
            "flows": row["flows"].split(),
        }
        text = halfwidth(" ".join(row.values()) + STATES[row["state"]]).casefold()
        if all(word in text for word in wanted):
            yield shown


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        read = csv.DictReader(file)
        if read.fieldnames != COLUMNS:
            raise DefinitionError("bad_columns", f"manual/{SOURCE.name} 第 1 行：列应是 {'、'.join(COLUMNS)}")
        rows = tuple(read)
    for number, row in enumerate(rows, start=2):
        if row["state"] not in STATES or not row["page"].isdecimal():
            raise DefinitionError("bad_row", f"manual/{SOURCE.name} 第 {number} 行：状态或页码不对")
    return rows
