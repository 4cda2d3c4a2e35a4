"""批量: the batches there are, one of them with its rows, and what is done to it from the list to the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll

from yk.errors import UsageError
from yk.screens.batch_doing import ONE
from yk.screens.batch_looking import Looking, base_of
from yk.screens.batch_rows import BatchTable, RowPages, RowTable
from yk.screens.batch_run import APPLY, PLAN, Run, told
from yk.screens.batch_words import BatchRail, about_batch, batch_columns, stage_of, tiles
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Rows

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]
TILES = 5


class BatchScreen(Looking):
    """Batches from a spreadsheet."""

    ID = "batch"
    CSS_PATH = "batch.tcss"
    ABOUT = (
        "按清单成批销户、改线路台区、新装：选清单，逐户试算，确认，执行，可整批撤销。"
        "行的记号：~ 可办，✗ 不能办或没办成，! 跳过，✓ 已办，- 已撤销。"
    )
    BINDINGS = [
        Binding("a", "do('apply')", "执行", id="batch.apply", tooltip="写入档案，办到办结；还差确认时列出差什么"),
        Binding("a", "do('resume')", "接着办", id="batch.resume", tooltip="从停下的地方接着办"),
        Binding("c", "do('stop')", "停下", id="batch.stop", tooltip="停在一段的末尾，随时可以接着办"),
        Binding("k", "do('check')", "确认", id="batch.check", tooltip="检查单：措施、要负责的事项、栏目、材料"),
        Binding("f", "do('filter')", "筛选", id="batch.filter", tooltip="只看某一状态的行"),
        Binding("slash", "find", "查找", id="batch.find", tooltip="按户号、户名或清单里的字找行"),
        Binding("s", "do('strike')", "剔除", id="batch.strike", tooltip="把选中的户从批次里剔除，写明原因"),
        Binding("e", "do('export')", "导出", id="batch.export", tooltip="各行和结果写成文件，没办的改好可以再作清单"),
        Binding("ctrl+z", "do('undo')", "撤销", id="batch.undo", tooltip="整批恢复成办理以前的样子"),
        Binding("i", "do('about')", "概况", id="batch.about", tooltip="从哪份清单来，原因、线路、台区各多少户"),
        Binding("n", "do('new')", "新批次", id="batch.new", tooltip="选种类和清单，逐户试算，不动档案"),
        Binding("t", "do('template')", "空清单", id="batch.template", tooltip="写一份有列名和示例的空清单"),
    ]  # fmt: skip

    # -- widgets ---------------------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        yield BatchRail(id="rail")
        with Horizontal(id="listing"):
            with Vertical(classes="card", id="batch-list"):
                yield BatchTable(
                    batch_columns(), "还没有批次。按 n 选一份清单，按 t 写一份空清单", id="batches"
                )
            with VerticalScroll(classes="card wide", id="batch-about"):
                yield Prose(id="about")
        with Vertical(id="one"):
            with Horizontal(id="tiles"):
                for number in range(TILES):
                    yield Prose(id=f"tile-{number}", classes="tile")
            with Horizontal(id="main"):
                with Vertical(classes="card", id="row-list"):
                    yield RowTable(self.read_rows, "rows")
                with VerticalScroll(classes="card wide", id="row-card"):
                    yield Prose(id="detail")
                with VerticalScroll(classes="card xwide", id="totals-card"):
                    yield Prose(id="totals")
        with Vertical(classes="card", id="run"):
            yield Prose(id="run-told")
        yield FindLine("输入户号、户名")

    def on_mount(self) -> None:
        """The cursor is on the list."""
        titles = {
            "#batch-list": "批次",
            "#batch-about": "概况",
            "#row-card": "这一户",
            "#totals-card": "概况",
        }
        for card, title in titles.items():
            entitle(self.query_one(card), title)
        self.query_one("#batches", BatchTable).key = lambda one: one["batch"]
        self._arrange()
        super().on_mount()

    def _arrange(self) -> None:
        """Show the list of batches or the open one."""
        self.set_class(bool(self.number), "-one")
        self.query_one("#rows" if self.number else "#batches").focus()
        self.show_run()

    # -- where one is ------------------------------------------------------------------------------------------
    def take(self, **place: str) -> None:
        if place.get("batch") and place["batch"] != self.number:
            self.open_batch(place["batch"])

    def place(self) -> dict[str, str]:
        return {"batch": self.number} if self.number else {}

    def path(self) -> str:
        return f"批量 › {self.doc['kind_name']} {self.number}" if self.number and self.doc else "批量"

    def open_batch(self, number: str) -> None:
        """Open a batch, '' for their list; what it holds comes with the next reading."""
        self.number, self.doc, self.status, self.base, self.word = number, None, "", "", ""
        if self.is_mounted:
            self.close_find()
            self.query_one(RowTable).show_rows(RowPages())
            self.query_one("#detail", Prose).say()
            self._arrange()

    # -- content -----------------------------------------------------------------------------------------------
    def load(self, desk: Desk) -> tuple[str, Any]:
        from yk.batch.looking import batches, overview

        number = self.number
        if number:
            try:
                return number, overview(desk, number)
            except UsageError:
                return number, None
        return "", batches(desk)

    def show(self, found: tuple[str, Any]) -> None:
        number, content = found
        if number != self.number:
            return
        if content is None:
            self.tell(f"没有 {number} 这个批次", wrong=True)
            self.open_batch("")
            self.reload()
        elif number:
            self._show_batch(content)
        else:
            self.query_one("#batches", BatchTable).show(content)
            entitle(self.query_one("#batch-list"), foot=f"共 {len(content)} 个，新的在前")

    def _show_batch(self, doc: Data) -> None:
        before, self.doc = self.doc, doc
        self.show_run()
        for number in range(TILES):
            tile, counts = self.query_one(f"#tile-{number}", Prose), tiles(doc)
            tile.display = number < len(counts)
            if tile.display:
                name, count, tone = counts[number]
                tile.say((f"{name} {count}", tone))
        self.query_one("#totals", Prose).say(*about_batch(doc))
        moved = before is None or before["state"] != doc["state"]
        if moved and self.status == self.base and not self.word:
            self.status = self.base = base_of(doc)
        busy = self.going is not None and self.going.batch == self.number
        if before is None or before["rows"] != doc["rows"] or (not busy and before != doc):
            self.list_rows()
        else:
            self.query_one(RowTable).read_again()

    @on(Rows.Highlighted, "#batches")
    def _batch_highlighted(self, event: Rows.Highlighted) -> None:
        if event.row is None:
            self.query_one("#about", Prose).say(("没有批次", "faint"))
        else:
            self.query_one("#about", Prose).say(*about_batch(event.row))

    @on(Rows.Selected, "#batches")
    def _batch_selected(self, event: Rows.Selected) -> None:
        self.open_batch(event.row["batch"])
        self.reload()

    def show_run(self) -> None:
        """Say how far a run is, and at which stage the batch stands."""
        run = self.run_
        card, rail = self.query_one("#run"), self.query_one(BatchRail)
        card.display = run is not None
        rail.display = bool(self.number) or self.going is not None
        if run is not None:
            entitle(card, f"{run.what}  {run.name}", "" if run.over else "c 停在一段的末尾")
            hint = [("没有办的按 e 导出，改好可以再作清单", "faint")] if self._is_partly(run) else []
            self.query_one("#run-told", Prose).say(told(run, self.size.width - 6), *hint)
        if self.going is not None and self.going.what == PLAN and not self.number:
            rail.say(0 if self.going.at is None else 1)
        elif self.doc is not None:
            rail.say(*stage_of(self.doc))
        self.refresh_bindings()

    def _is_partly(self, run: Run) -> bool:
        """Was the open batch applied just now, and did rows not go?"""
        applied = run.over and run.what == APPLY and run.error is None and run.batch == self.number
        return applied and self.doc is not None and base_of(self.doc) != ""

    # -- keys --------------------------------------------------------------------------------------------------
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of the open batch are not there in the list of batches, and the other way round."""
        name = str(parameters[0]) if action == "do" and parameters else action
        if name in ("apply", "resume") and self.number:
            return (name == "resume") == bool(self.doc and self.doc["begun"])
        if name in ONE or name == "find":
            return bool(self.number)
        if name == "stop":
            return bool(self.number or self.going)
        return not self.number if name == "template" else True

    def action_leave(self) -> None:
        """First the filter goes, then the word on a run that is over, then the batch, then the screen."""
        if self.number and self.clear_filter():
            return
        if self.run_ is not None and self.run_.over:
            self.run_ = None
            self.show_run()
        if self.number:
            self.open_batch("")
            self.reload()
        else:
            super().action_leave()
