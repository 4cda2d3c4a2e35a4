"""Rows of a table field (equipment, readings, sections …): added, changed, taken out; sums are the system's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Input

from yk.desk.views import cell_text
from yk.screens.dialogs import Dialog
from yk.screens.field_editor import wrong
from yk.screens.widgets.field import YkInput
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Rows
from yk.screens.widgets.table import Column, Table
from yk.screens.working import start
from yk.text import cell_len, pad

Row = dict[str, Any]
LABEL = 14
KEYS = "n 增加　回车 修改　d 删除　^s 保存　esc 放弃"


class TableEditor(Dialog[list[Row]]):
    """The rows; answers them all when saved."""

    CSS_PATH = "table_editor.tcss"
    BINDINGS = [
        Binding("n,plus", "add", "增加"),
        Binding("d,delete", "drop", "删除"),
        Binding("ctrl+s", "save", "保存", priority=True),
    ]

    def __init__(self, spec: Mapping[str, Any], rows: Sequence[Row]) -> None:
        super().__init__()
        self._spec, self._rows = spec, [_bare(spec, row) for row in rows]

    def compose(self) -> ComposeResult:
        columns = [
            Column(c["label"], cell_len(c["label"]), _cell(c["name"]), grow=1) for c in self._spec["columns"]
        ]
        with self.box(str(self._spec["label"])):
            yield Table(columns, "还没有行，按 n 增加")
            yield Prose((KEYS, "faint"), id="told")

    def on_mount(self) -> None:
        """The rows as they are."""
        table = self.query_one(Table)
        table.key = lambda row: id(row)
        table.focus()
        self._show()

    def _show(self) -> None:
        self.query_one(Table).show([_counted(self._spec, row) for row in self._rows])

    def action_add(self) -> None:
        """A new row."""
        start(self, lambda: self._edit(len(self._rows)), "do")

    @on(Rows.Selected)
    def _selected(self) -> None:
        start(self, lambda: self._edit(self.query_one(Table).cursor), "do")

    async def _edit(self, index: int) -> None:
        old = self._rows[index] if index < len(self._rows) else {}
        row = await self.app.push_screen_wait(RowEditor(self._spec, old, index + 1))
        if row is not None:
            self._rows[index : index + 1] = [row]
            self._show()
            self.query_one(Table).cursor = index

    def action_drop(self) -> None:
        """Take the row out."""
        if self._rows:
            del self._rows[self.query_one(Table).cursor]
            self._show()

    def action_save(self) -> None:
        """Answer the rows."""
        self.dismiss(self._rows)


class RowEditor(Dialog[Row]):
    """One row: a line a column."""

    CSS_PATH = "table_editor.tcss"
    BINDINGS = [
        Binding("ctrl+s", "save", "保存", priority=True),
        Binding("down", "app.focus_next", "下一栏", show=False),
        Binding("up", "app.focus_previous", "上一栏", show=False),
    ]

    def __init__(self, spec: Mapping[str, Any], row: Row, number: int) -> None:
        super().__init__()
        self._columns = [c for c in spec["columns"] if not c["product"]]
        self._title, self._row = f"{spec['label']} 第 {number} 行", row

    def compose(self) -> ComposeResult:
        with self.box(self._title):
            with VerticalScroll():
                for column in self._columns:
                    yield Prose(pad(("* " if column["required"] else "  ") + column["label"], LABEL))
                    now = cell_text(self._row.get(column["name"]))
                    yield YkInput(now, id=f"in-{column['name']}", replace=True)
            yield Prose(("回车 下一栏，最后一栏保存　^s 保存　esc 放弃", "faint"), id="told")

    def on_mount(self) -> None:
        """Begin with the first column."""
        self.query(YkInput).first().focus()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.input is self.query(YkInput).last():
            self.action_save()
        else:
            self.app.action_focus_next()

    def action_save(self) -> None:
        """Answer the row when every column is right."""
        row = {}
        for column in self._columns:
            line = self.query_one(f"#in-{column['name']}", YkInput)
            spec = {"unit": "", "max": 100, "codes": "", **column}
            told = wrong(spec, line.value)
            if not told and column["required"] and not line.value.strip():
                told = f"{column['label']}不能为空"
            if told:
                self.query_one("#told", Prose).say((told, "bad"))
                line.focus()
                return
            if line.value.strip():
                row[column["name"]] = line.value.strip()
        self.dismiss(row)


def _cell(name: str) -> Callable[[Row], str]:
    return lambda row: cell_text(row.get(name))


def _bare(spec: Mapping[str, Any], row: Row) -> Row:
    """A stored row without what the system counts."""
    names = [c["name"] for c in spec["columns"] if not c["product"]]
    return {name: row[name] for name in names if row.get(name) is not None}


def _counted(spec: Mapping[str, Any], row: Row) -> Row:
    """A row with what the system counts, as far as it can be counted."""
    from yk.desk import form

    try:
        (made,) = form.parse({**spec, "type": "table"}, [row])
    except Exception:
        return row
    return dict(made)
