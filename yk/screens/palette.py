"""`^p`: find anything by name, number or pinyin initials: actions of the screen, screens, flows, entries, orders."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from yk.screens.dialogs import Steered
from yk.screens.keymap import key_text
from yk.screens.registry import registry
from yk.screens.widgets.field import YkInput
from yk.screens.widgets.prose import Prose
from yk.screens.widgets.rows import Line, Rows
from yk.screens.working import start
from yk.text import cell_len, clip, halfwidth, pad

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.app import YkApp

MOST = 60
KIND = 8


class Found(NamedTuple):
    """Something the palette offers; `words` is what typing is compared with."""

    kind: str
    name: str
    more: str
    words: str
    run: Callable[[YkApp], Awaitable[Any]]


class Hits(Rows):
    """A line a find."""

    def one_line(self) -> bool:
        return True

    def drawn(self, row: Found, width: int) -> list[Line]:
        room = width - KIND - 3
        name = clip(row.name, room)
        more = clip(row.more, max(0, room - cell_len(name) - 2))
        return [[(f" {pad(row.kind, KIND)} ", "faint"), (name, ""), (f"  {more}", "faint")]]


class Palette(Steered[None]):
    """A line to type into, what fits below it."""

    CSS_PATH = "palette.tcss"

    def compose(self) -> ComposeResult:
        with self.box("命令"):
            yield YkInput(placeholder="名称、编号或拼音首字母，如 更名、334、gm、工单号")
            yield Hits("没有找到")
            yield Prose(("上下 选择　回车 打开　esc 返回", "faint"))

    def on_mount(self) -> None:
        """Everything that can be found; orders come when they are read."""
        self._all = [*_actions(self.app), *_screens(), *_themes(), *_flows(), *_entries()]  # type: ignore[arg-type]
        self._orders: list[Found] = []
        rows = self.query_one(Hits)
        rows.key = lambda row: (row.kind, row.name)
        rows.can_focus = False
        self._narrow("")
        self.query_one(YkInput).focus()
        start(self, self._read_orders)

    async def _read_orders(self) -> None:
        app: YkApp = self.app  # type: ignore[assignment]
        self._orders = await app.office.ask(_order_lines)
        self._narrow(self.query_one(YkInput).value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        words = halfwidth(text).casefold().split()
        everything = [*self._all, *self._orders]
        if not words:
            found = [one for one in everything if one.kind in ("动作", "屏", "主题", "流程")]
        else:
            ranked = ((_rank(one, words), i, one) for i, one in enumerate(everything))
            found = [
                one for rank, _, one in sorted((r for r in ranked if r[0] is not None), key=lambda r: r[:2])
            ]
        rows = self.query_one(Hits)
        rows.show(found[:MOST])
        rows.cursor = 0

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if (row := self.query_one(Hits).row) is not None:
            self._run(row)

    @on(Rows.Selected)
    def _selected(self, event: Rows.Selected) -> None:
        self._run(event.row)

    def _run(self, row: Found) -> None:
        app: YkApp = self.app  # type: ignore[assignment]
        self.dismiss(None)
        app.call_later(lambda: start(app, lambda: row.run(app), "palette"))


def _rank(one: Found, words: list[str]) -> int | None:
    """How well something fits: 0 is named so, 1 begins so, 2 holds it; None when it does not fit."""
    if not all(word in one.words for word in words):
        return None
    parts = one.words.split()
    return max(_closeness(word, parts) for word in words)


def _closeness(word: str, parts: list[str]) -> int:
    if word in parts:
        return 0
    return 1 if any(part.startswith(word) for part in parts) else 2


def _actions(app: YkApp) -> Iterator[Found]:
    """What the screen can do now."""
    screen = app.here
    if screen is None:
        return
    for binding in screen.own_bindings():
        if (binding.id or "").startswith("list."):
            continue
        against = screen.against(binding.action)
        more = f"{key_text(binding.key)}  {f'现在不能：{against}' if against else binding.tooltip or ''}"

        async def run(app: YkApp, action: str = binding.action) -> None:
            if app.here is not None:
                await app.here.run_action(action)

        yield Found(
            "动作", binding.description, more, f"{binding.description} {binding.tooltip}".casefold(), run
        )


def _screens() -> Iterator[Found]:
    for entry in registry().values():

        async def run(app: YkApp, name: str = entry.id) -> None:
            await app.open_screen(name)

        yield Found("屏", entry.name, f"{entry.key}  {entry.text}", f"{entry.name} {entry.text}", run)


def _themes() -> Iterator[Found]:
    from yk.screens.themes import NAMES, theme_name

    for theme, name in NAMES.items():

        async def run(app: YkApp, theme: str = theme) -> None:
            app.theme = theme_name(theme)

        yield Found("主题", f"主题：{name}", "", f"主题 {name} 配色", run)


def _flows() -> Iterator[Found]:
    from yk.flows.flow import flow_ids, flow_names

    names = flow_names()
    for flow in flow_ids():
        name, initials = names[flow]

        async def look(app: YkApp, flow: str = flow) -> None:
            await app.open_screen("flow", flow=flow)

        async def new(app: YkApp, flow: str = flow) -> None:
            from yk.screens.new_order import new_order

            await new_order(app, flow)

        words = f"{name} {initials} {flow}".casefold()
        yield Found("流程", name, "看流程图", words, look)
        yield Found("新建", f"新建：{name}", "受理一张工单", f"新建 受理 {words}", new)


def _entries() -> Iterator[Found]:
    from yk.flows.catalogue import PREFIX, catalogue

    for item in catalogue().values():

        async def run(app: YkApp, code: str = item.code) -> None:
            await app.open_screen("manual", entry=code)

        number = item.code.removeprefix(PREFIX)
        words = f"{number} {item.code} {item.title} {item.initials}".casefold()
        yield Found("作业项", f"{number} {item.title}", "作业规范", words, run)


def _order_lines(desk: Desk) -> list[Found]:
    from yk.desk.worklist import worklist

    return list(_orders(worklist(desk).lines))


def _orders(lines: Iterable[dict[str, Any]]) -> Iterator[Found]:
    for line in lines:

        async def run(app: YkApp, case: str = line["case"]) -> None:
            await app.open_screen("step", case=case)

        name = line["cons_name"] or ""
        words = f"{line['case']} {name} {line['customer']} {line['flow_name']}".casefold()
        yield Found("工单", f"{line['case']} {line['flow_name']}", f"{line['steps']}  {name}", words, run)
