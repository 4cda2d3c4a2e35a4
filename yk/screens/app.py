"""The app: the screens of the registry over one office, their history, themes, keys, and what the store does meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter

from yk.errors import YkError
from yk.screens import resume
from yk.screens.office import Office
from yk.screens.operators import choose_operator, who_acts
from yk.screens.plain_lines import PlainLines
from yk.screens.registry import registry
from yk.screens.shot import Shots
from yk.screens.themes import NAMES, THEMES, short_name, theme_name
from yk.screens.widgets.status import YkStatus
from yk.screens.words import said
from yk.screens.working import start

if TYPE_CHECKING:
    from yk.desk.worklist import Counts
    from yk.screens.dialogs import Dialog
    from yk.screens.shell import YkScreen

HOME = "workbench"
LOOK, SLOW = 0.8, 1.5
"""Seconds between two looks at the store; after which a look that is not answered is told."""
OF_ORDERS = ("flow", "step")
"""Screens that stay on the order one works on."""
GLOBAL = {"case", "flow", "entry", "customer", "batch", "file", "lesson", "number"}


class YkApp(Shots, App[YkError]):
    """yk in a terminal. What it returns is why it could not begin: no store, no operator."""

    CSS_PATH = ["app.tcss", "dialogs.tcss"]
    TITLE = "yk 营销流程台"
    ENABLE_COMMAND_PALETTE = False
    NOTIFICATION_TIMEOUT = 3
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+p", "palette", "命令", priority=True, id="palette", tooltip="找流程、作业项、工单、动作"
        ),
        Binding(
            "ctrl+n", "new_order", "新建", show=False, priority=True, id="new_order", tooltip="受理一张新工单"
        ),
        Binding("ctrl+t", "theme", "主题", show=False, id="theme", tooltip="换一种配色"),
        Binding(
            "ctrl+o", "operator", "换人", show=False, priority=True, id="operator", tooltip="换一个经办人"
        ),
        Binding(
            "ctrl+q", "quit", "退出", show=False, priority=True, id="quit", tooltip="退出；办过的都已保存"
        ),
        Binding("ctrl+c", "help_quit", "退出提示", show=False, system=True),
        *(Binding(str(n), f"screen_by_key('{n}')", "换屏", show=False) for n in range(1, 10)),
    ]

    def __init__(
        self,
        office: Office,
        screen: str = "",
        place: Mapping[str, str] | None = None,
        theme: str = "deep",
        keys: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.office = office
        self._first, self._place = screen, dict(place or {})
        self._made: dict[str, YkScreen] = {}
        self._history: list[str] = []
        self._looking = False
        self._pulse: Any = None
        self._kept: Any = None
        self.counts: Counts | None = None
        self.who = self.trouble = ""
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme_name(theme if theme in NAMES else "deep")
        self.set_keymap(dict(keys or {}))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """As the library has them; and lines of plain characters where the setting asks for them."""
        found = super().get_line_filters()
        return [*found, PlainLines()] if self.office.settings["borders"] == "ascii" else found

    # -- screens ---------------------------------------------------------------------------------------------
    async def on_mount(self) -> None:
        """The first screen: the one asked for, else where one was."""
        kept = resume.remembered(self.office.url) if not self._first else {}
        if kept.get("theme") in NAMES and not self._first:
            self.theme = theme_name(kept["theme"])
        first, place = self._first or kept.get("screen", HOME), self._place
        if not self._first and not place:
            place = {k: str(v) for k, v in dict(kept.get("place") or {}).items() if k in GLOBAL}
        if first not in registry():
            first, place = HOME, {}
        await self.open_screen(first, **place)
        self.call_after_refresh(lambda: start(self, self._greet, "greet"))
        self.set_interval(LOOK, self._look)

    async def _greet(self) -> None:
        try:
            self.who = await self.office.ask(who_acts)
        except YkError as error:
            if self.who:
                raise
            return self.exit(error)
        self.tell_status()
        await self.recount()

    def screen_of(self, name: str) -> YkScreen:
        """The screen with this id, made when it is first wanted and kept."""
        if name not in self._made:
            self._made[name] = registry()[name].make()
            self.install_screen(self._made[name], name)
        return self._made[name]

    async def open_screen(self, name: str, **place: str) -> None:
        """Show a screen, at a place. Questions still open belong to where one was: they get no answer."""
        while self.screen.is_modal:
            await cast("Dialog[Any]", self.screen).dismiss(None)
        screen = self.screen_of(name)
        screen.take(**place)
        here = self.here
        if here is screen:
            screen.reload()
            return
        if here is None:
            await self.push_screen(screen)
        else:
            self._history = [one for one in self._history if one != name] + [here.ID]
            again = screen.is_running
            await self.switch_screen(name)
            if again:
                screen.reload()
        self.tell_status(screen)
        self.keep_place(screen)

    @property
    def here(self) -> YkScreen | None:
        """The screen of the registry that is shown, whatever dialog stands over it."""
        return next((one for one in reversed(self.screen_stack) if one in self._made.values()), None)

    def go_back(self) -> None:
        """To the screen before; from the first one nowhere."""
        here = self.here
        before = self._history.pop() if self._history else HOME
        if here is not None and before == here.ID:
            self.notify("已在工作台；退出按 ^q")
            return

        async def back() -> None:
            history = list(self._history)
            await self.open_screen(before)
            self._history = history

        start(self, back)

    def keep_place(self, screen: YkScreen) -> None:
        """Remember where one is for the next start."""
        if screen is self.here:
            kept = {"screen": screen.ID, "place": screen.place(), "theme": short_name(self.theme)}
            if kept != self._kept:
                self._kept = kept
                self.office.submit(lambda _: resume.remember(self.office.url, kept))

    # -- the store ---------------------------------------------------------------------------------------------
    async def _look(self) -> None:
        """Has anybody written? Then the screens read again."""
        if self._looking:
            return
        self._looking = True
        before, trouble = self._pulse, ""
        slow = self.set_timer(SLOW, lambda: self._tell_trouble("存储正忙，请稍等"))
        try:
            self._pulse = await self.office.ask(lambda desk: desk.store.medium.pulse)
        except Exception as error:  # whatever it is, the screens stay
            trouble = said(str(error))
        finally:
            self._looking = False
            slow.stop()
        self._tell_trouble(trouble)
        if before != self._pulse:
            await self._changed()

    def _tell_trouble(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self.tell_status()

    async def _changed(self) -> None:
        for screen in self._made.values():
            if screen.is_running:
                screen.store_changed(self._pulse)
        if self.here is not None and self.here.ID != HOME:
            await self.recount()

    async def recount(self) -> None:
        """Count anew what waits."""
        from yk.desk.worklist import worklist

        try:
            self.count(await self.office.ask(lambda desk: worklist(desk).counts))
        except YkError:
            return

    def count(self, counts: Counts) -> None:
        """These are the counts of what waits."""
        self.counts = counts
        self.tell_status()

    def tell_status(self, screen: YkScreen | None = None) -> None:
        """Put counts, operator and trouble on the status line."""
        screen = screen or self.here
        if screen is None or not screen.is_running:
            return
        for status in screen.query(YkStatus):
            status.who, status.trouble = self.who, self.trouble
            if self.counts is not None:
                status.todo, status.soon, status.late = self.counts.todo, self.counts.soon, self.counts.late

    # -- actions -------------------------------------------------------------------------------------------------
    async def action_screen_by_key(self, key: str) -> None:
        """The screen with this digit."""
        entry = next((one for one in registry().values() if one.key == key), None)
        if entry is not None and not self.screen.is_modal:
            case = self.here.place().get("case", "") if self.here else ""
            await self.open_screen(entry.id, **({"case": case} if case and entry.id in OF_ORDERS else {}))

    def action_theme(self) -> None:
        """The next theme."""
        names = list(NAMES)
        after = names[(names.index(short_name(self.theme)) + 1) % len(names)]
        self.theme = theme_name(after)
        self.notify(f"主题：{NAMES[after]}")
        if self.here is not None:
            self.keep_place(self.here)

    def action_palette(self) -> None:
        """Find anything; a question that stands over the screen is answered first."""
        from yk.screens.palette import Palette

        if not self.screen.is_modal:
            self.push_screen(Palette())

    def action_new_order(self) -> None:
        """A new work order."""
        from yk.screens.new_order import begin_order

        if not self.screen.is_modal:
            begin_order(self)

    async def act_as(self, operator: str) -> None:
        """Go on as another operator; every screen reads again."""
        self.office.act_as(operator)
        await self._greet()
        for screen in self._made.values():
            screen.store_changed(None)
        self.notify(f"现在由{self.who}办理", markup=False)

    def action_operator(self) -> None:
        """Go on as somebody else."""
        if not self.screen.is_modal:
            start(self, lambda: choose_operator(self), "operator", alone=True)

    def action_help_quit(self) -> None:
        """Ctrl+C copies in other programs; leaving is ctrl+q."""
        self.notify("退出按 ^q；办过的都已保存", title="")

    async def action_quit(self) -> None:
        """Leave; what is being done at the desk comes to its end."""
        self.exit()
