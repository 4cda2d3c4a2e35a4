"""The two lists of 作业手册: the entries as printed, and what a search found."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from typing import Any

from textual.binding import Binding

from yk.flows.catalogue import PREFIX
from yk.flows.search import Found
from yk.screens.manual_text import split_words
from yk.screens.widgets.prose import folded
from yk.screens.widgets.rows import Line, Rows
from yk.screens.widgets.table import Column, Table
from yk.text import cell_len, clip

Data = Mapping[str, Any]
MOST = 200
"""So many finds are listed; more words find the others."""


class Entries(Table):
    """The entries: number, title, flow, how much is in them."""

    BINDINGS = [Binding("g", "screen.do('map')", "流程图", show=False)]

    def __init__(self, id: str | None = None) -> None:
        columns = [
            Column("编号", 11, lambda row: str(row["code"])),
            Column("名称", 16, lambda row: str(row["title"]), grow=3),
            Column("流程", 10, lambda row: (str(row["flow_name"]), "faint"), grow=2, least=56),
            Column("环节", 4, lambda row: str(row["sections"]), least=66, right=True),
            Column("风险", 4, lambda row: str(row["risks"]), least=50, right=True),
            Column("措施", 4, lambda row: str(row["controls"]), least=50, right=True),
        ]
        super().__init__(columns, "没有这样的作业项。esc 去掉筛选", id=id)
        self.key = lambda row: row["code"]


class Finds(Rows):
    """What a search found: entry and place, then the text with the words standing out."""

    BINDINGS = [Binding("g", "screen.do('map')", "流程图", show=False)]

    def __init__(self, id: str | None = None) -> None:
        super().__init__("没有找到。换个词，或用拼音首字母、编号", id=id)
        self.key = lambda row: (row.code, row.where, row.text)
        self.words: Sequence[str] = ()

    def drawn(self, row: Found, width: int) -> list[Line]:
        name = f" {row.code.removeprefix(PREFIX)} {row.title}"
        where = clip(row.where, max(0, width - cell_len(name) - 3))
        lines: list[Line] = [[*split_words(name, self.words, "bold"), (f"  {where}", "faint")]]
        if row.text != row.title:
            texts = folded(row.text, width - 1, "     ")
            lines += [list(split_words(text, self.words, "")) for text in texts]
        return lines


def found_entries(text: str, codes: Container[str]) -> tuple[list[Found], bool]:
    """What fits the words, best first, of these entries; and were there more?"""
    from yk.flows.search import search

    found = [one for one in search(text.split()) if one.code in codes]
    return found[:MOST], len(found) > MOST


def options_of(rows: Collection[Data], ident: str, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What a filter by `ident` may be set to: nothing, or each value with its name and number of entries."""
    counted: dict[str, int] = {}
    for row in rows:
        counted[row[ident]] = counted.get(row[ident], 0) + 1
    values = [(value, f"{names[value]}　{count} 项", "") for value, count in counted.items()]
    return [("", f"全部　{len(rows)} 项", ""), *values]
