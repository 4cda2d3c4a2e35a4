"""A new batch on the screen 批量: which kind, which file, which sheet; and an empty list to fill in."""

from __future__ import annotations

from asyncio import to_thread
from pathlib import Path
from typing import TYPE_CHECKING

from yk.errors import YkError
from yk.files import reason_of
from yk.screens.batch_ask import ask_target
from yk.screens.batch_run import PLAN, Run, Work, planning
from yk.screens.dialogs import Choose
from yk.screens.shell import YkScreen
from yk.screens.working import start

if TYPE_CHECKING:
    from yk.batch.kinds import Kind


class Beginning(YkScreen):
    """The part of the screen that begins batches; the other parts give `begin`."""

    if TYPE_CHECKING:

        def begin(self, run: Run, work: Work) -> None: ...

    async def do_new(self) -> None:
        """A new batch from a list."""
        from yk.screens.pick_file import PickFile

        kind = await self._ask_kind("新批次：哪一种")
        if kind is None:
            return
        path = await self.app.push_screen_wait(PickFile(f"{kind.name}：选清单"))
        if path is None:
            return
        try:
            sheets = await to_thread(_sheets, path)
        except YkError as error:
            self.tell_error(error)
            return
        except OSError as error:
            self.tell(f"读不了 {path.name}：{reason_of(error)}", wrong=True)
            return
        sheet = None
        if len(sheets) > 1:
            options = [(name, name, "") for name in sheets]
            sheet = await self.app.push_screen_wait(Choose("工作簿有几张表，读哪一张", options))
            if sheet is None:
                return
        run = Run(PLAN, f"{kind.name} {path.name}")
        self.begin(run, planning(kind.id, path, sheet, run.notes))

    async def do_template(self) -> None:
        """An empty list with its columns and an example."""
        from yk.batch.exporting import write_template

        kind = await self._ask_kind("空清单：哪一种")
        path = await ask_target(self.yk, "写一份空清单", f"{kind.name}清单.xlsx") if kind else None
        if kind is None or path is None:
            return

        async def write() -> None:
            await to_thread(write_template, kind, path)
            self.tell(f"空清单已写到 {path}")

        start(self, write, "file")

    async def _ask_kind(self, title: str) -> Kind | None:
        from yk.batch.kinds import kinds

        options = [(kind.id, kind.name, _columns_text(kind)) for kind in kinds().values()]
        chosen = await self.app.push_screen_wait(Choose(title, options))
        return kinds()[chosen] if chosen else None


def _columns_text(kind: Kind) -> str:
    wanted = [column.label for column in kind.columns if column.required]
    other = [column.label for column in kind.columns if not column.required]
    return f"清单要有：{'、'.join(wanted)}；可以有：{'、'.join(other)}"


def _sheets(path: Path) -> list[str]:
    """The sheets to choose from."""
    from yk.batch.cells import sheets_of

    return sheets_of(path)
