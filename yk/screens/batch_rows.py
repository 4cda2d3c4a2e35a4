"""The rows of a batch as a list of any length: read page by page where the cursor is, kept as long as they are near."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, overload

from textual.binding import Binding, BindingType

from yk.screens.widgets.rows import Rows
from yk.screens.widgets.table import Column, Table
from yk.screens.working import start

Data = dict[str, Any]
PAGE = 100
"""So many rows are read at once."""
KEPT = 20
"""So many pages are kept."""
SIGNS = {
    "ready": ("~", ""),
    "blocked": ("✗", "bad"),
    "skipped": ("!", "warn"),
    "done": ("✓", "good"),
    "failed": ("✗", "bad"),
    "undone": ("-", "faint"),
}
"""Status of a row -> its sign and its tone."""
Read = Callable[[Sequence[int]], Awaitable[Sequence[Data] | None]]


class RowPages(Sequence[Data]):
    """The rows with these numbers (sorted), as far as they were read; of the others only the number is known.

    Asking for a row that was not read, or not since `age`, wants its page.
    """

    def __init__(self, numbers: Sequence[int] = ()) -> None:
        self.numbers = numbers
        self.wanted: OrderedDict[int, None] = OrderedDict()
        self._pages: OrderedDict[int, dict[int, Data]] = OrderedDict()
        self._old: set[int] = set()

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> Data: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Data]: ...
    def __getitem__(self, index: int | slice) -> Data | Sequence[Data]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        number = self.numbers[index]
        page = index // PAGE
        held = self._pages.get(page)
        if held is None or page in self._old:
            self.wanted[page] = None
            self.wanted.move_to_end(page)
        if held is None:
            return {"row": number}
        self._pages.move_to_end(page)
        return held.get(number, {"row": number})

    def page(self, number: int) -> Sequence[int]:
        """The numbers of the rows of a page."""
        return self.numbers[number * PAGE : (number + 1) * PAGE]

    def put(self, page: int, rows: Sequence[Data]) -> None:
        """A page was read; what was not looked at for long is let go."""
        self._pages[page] = {row["row"]: row for row in rows}
        self._pages.move_to_end(page)
        self._old.discard(page)
        while len(self._pages) > KEPT:
            gone, _ = self._pages.popitem(last=False)
            self._old.discard(gone)

    def age(self) -> None:
        """The rows may have changed: what is looked at is read anew."""
        self._old = set(self._pages)

    def place_of(self, number: int) -> int | None:
        """Where the row with this number stands."""
        place = bisect_left(self.numbers, number)
        return place if place < len(self.numbers) and self.numbers[place] == number else None


def number_of(row: Data) -> int:
    """What tells a row from others."""
    return int(row["row"])


def row_columns() -> list[Column]:
    """How rows of a batch stand in their list."""
    return [
        Column("状态", 9, _status),
        Column("清单行", 6, lambda row: str(row.get("line", "")), least=96, right=True),
        Column("户号", 10, lambda row: str(row.get("customer") or "")),
        Column("户名", 10, lambda row: str(row.get("name") or ""), grow=1),
        Column("改动或原因", 20, _text, grow=3),
    ]


def _status(row: Data) -> tuple[str, str]:
    if "status" not in row:
        return "...", "faint"
    sign, tone = SIGNS[row["status"]]
    return f"{sign} {row['status_name']}", tone


def _text(row: Data) -> tuple[str, str]:
    return str(row.get("text") or ""), "faint" if row.get("status") == "undone" else ""


class BatchTable(Table, inherit_bindings=False):
    """A table on a screen where the letters j and k do something else than move."""

    BINDINGS: ClassVar[list[BindingType]] = [
        replace(one, key=one.key.split(",")[0]) if one.id in ("list.up", "list.down") else one
        for one in Rows.BINDINGS
        if isinstance(one, Binding)
    ]


class RowTable(BatchTable):
    """Rows of a batch; `read` gives those with these numbers, None when that went wrong."""

    def __init__(self, read: Read, id: str) -> None:
        super().__init__(row_columns(), "没有这样的行", id=id)
        self.key = number_of
        self._read = read
        self._reading = False
        self.pages = RowPages()

    def show_rows(self, pages: RowPages) -> None:
        """Show these rows; the cursor stays on its row when that is among them."""
        number = self.key(self.row) if self.row is not None else None
        place = pages.place_of(number) if number is not None else None
        self.pages, self.items = pages, ()  # a list is not searched from its beginning: it may be long
        self.show(pages)
        if place is not None:
            self.cursor = place

    def read_again(self) -> None:
        """The rows may have changed."""
        self.pages.age()
        self.refresh()

    def go_to(self, key: Any) -> bool:
        place = self.pages.place_of(int(key))
        if place is not None:
            self.cursor = place
        return place is not None

    def render_line(self, y: int) -> Any:
        strip = super().render_line(y)
        if self.pages.wanted and not self._reading:
            self._reading = True
            self.call_later(self._begin)
        return strip

    def _begin(self) -> None:
        start(self, self._fetch, "rows")

    async def _fetch(self) -> None:
        """Read the pages that are wanted, the one wanted last first."""
        try:
            while self.pages.wanted:
                pages = self.pages
                page, _ = pages.wanted.popitem()
                rows = await self._read(pages.page(page))
                if rows is None:
                    pages.wanted.clear()
                    return
                if pages is not self.pages:
                    continue
                pages.put(page, rows)
                self.refresh()
                if self.cursor // PAGE == page:
                    self.post_message(self.Highlighted(self, self.row))
        finally:
            self._reading = False
