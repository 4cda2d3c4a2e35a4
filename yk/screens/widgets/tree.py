"""A tree that folds: things under one another, each a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual.binding import Binding

from yk.archive.belongings import Thing
from yk.flows.glyphs import readable
from yk.screens.widgets.rows import Line, Rows
from yk.text import cell_len, clip

STEP = 2
"""Cells that a thing stands further in than what it hangs under."""


class Branch(NamedTuple):
    """A line of the tree: the thing, how deep it is, whether what hangs under it is seen."""

    thing: Thing
    depth: int
    open: bool


class YkTree(Rows):
    """Things that fold. What was opened or closed stays so, by its id, whatever tree is shown."""

    BINDINGS = [
        Binding(
            "right", "unfold", "展开", show=False, id="tree.unfold", tooltip="展开；已展开的走到它的下一级"
        ),
        Binding("left", "fold", "收起", show=False, id="tree.fold", tooltip="收起；没有可收的走到它的上一级"),
        Binding("space", "turn", "展开或收起", show=False, id="tree.turn", tooltip="收着的展开，展开的收起"),
        Binding("asterisk", "unfold_all", "全部展开", show=False, id="tree.all", tooltip="再按一次全部收起"),
    ]

    def __init__(self, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(empty, id=id, classes=classes)
        self.key = lambda branch: branch.thing.id
        self._tree: Thing | None = None
        self._turned: dict[str, bool] = {}
        """Id -> is it open? For those that were opened or closed by hand."""

    def one_line(self) -> bool:
        return True

    def tell(self, tree: Thing) -> None:
        """Show this tree; the cursor stays on the thing it was on, of another tree it goes to the top."""
        other = self._tree is None or self._tree.id != tree.id
        self._tree = tree
        self._refold()
        if other:
            self.cursor = 0

    def drawn(self, row: Branch, width: int) -> list[Line]:
        sign = "▪" if not row.thing.things else "-" if row.open else "+"
        head = f"{' ' * (1 + STEP * row.depth)}{sign} "
        name = readable(row.thing.name)
        room = max(0, width - cell_len(head) - cell_len(name) - 2)
        told = clip(readable(row.thing.told), room)
        return [[(head, "accent" if row.thing.things else "faint"), (name, ""), (f"  {told}", "faint")]]

    # -- folding ---------------------------------------------------------------------------------------
    def action_turn(self) -> None:
        """Open what is closed, close what is open."""
        if self.row is not None and self.row.thing.things:
            self._turn(self.row, not self.row.open)

    def action_unfold(self) -> None:
        """Open it; when it is open go into it."""
        if self.row is not None and self.row.thing.things:
            if self.row.open:
                self.cursor += 1
            else:
                self._turn(self.row, True)

    def action_fold(self) -> None:
        """Close it; when nothing is to close go to what it hangs under."""
        here: Branch | None = self.row
        if here is None:
            return
        if here.open and here.thing.things and here.depth:
            self._turn(here, False)
            return
        above = (i for i in range(self.cursor - 1, -1, -1) if self.items[i].depth < here.depth)
        self.cursor = next(above, self.cursor)

    def action_unfold_all(self) -> None:
        """Open everything; when everything is open close all groups."""
        if self._tree is None:
            return
        every = [thing for thing in _every(self._tree) if thing.things]
        unfold = not all(self._is_open(thing, 1) for thing in every if thing is not self._tree)
        self._turned |= {thing.id: unfold for thing in every}
        self._refold()

    def _turn(self, branch: Branch, unfold: bool) -> None:
        self._turned[branch.thing.id] = unfold
        self._refold()

    def _refold(self) -> None:
        if self._tree is not None:
            self.show(list(self._branches(self._tree, 0)))

    def _branches(self, thing: Thing, depth: int) -> Iterator[Branch]:
        is_open = self._is_open(thing, depth)
        yield Branch(thing, depth, is_open)
        if is_open:
            for one in thing.things:
                yield from self._branches(one, depth + 1)

    def _is_open(self, thing: Thing, depth: int) -> bool:
        """The top is; rows are, folders are not, before a hand turned them; of the groups the first is."""
        if depth == 0:
            return True
        assert self._tree is not None
        return self._turned.get(thing.id, thing.is_row or thing is self._tree.things[0])


def _every(thing: Thing) -> Iterator[Thing]:
    yield thing
    for one in thing.things:
        yield from _every(one)
