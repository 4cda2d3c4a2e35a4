"""What every screen has: status line, key line, help, leaving, reading the desk and following the store.

A screen is a subclass of `YkScreen` in a module of its own with a .tcss of the same name, and a line in `screens.yaml`:

    BINDINGS        Binding("f9", "do('send')", "通过", id="step.send", tooltip="发送到下一环节")
    body()          its widgets
    load(desk)      what it shows, read in the desk's thread
    show(found)     puts that on the screen; called again when the store has changed
    do_send()       what a key does; may ask questions (`await self.app.push_screen_wait(…)`)
    why_not(name)   why a key does nothing now; '' when it does
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from yk.errors import Refused, YkError
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.keybar import YkKeys
from yk.screens.widgets.status import YkStatus
from yk.screens.words import hint_of, said
from yk.screens.working import start

if TYPE_CHECKING:
    from yk.desk import Desk
    from yk.screens.app import YkApp

Result = TypeVar("Result")
DO = "do("


class YkScreen(Screen[None]):
    """A screen of yk."""

    ID: ClassVar[str] = ""
    """Its id in the registry."""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (140, "-xwide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "返回", show=False, id="leave", tooltip="回到上一屏"),
        Binding("question_mark", "help", "帮助", id="help", tooltip="这一屏的键和说明"),
        Binding("f1", "help", "帮助", show=False),
        Binding("z", "enlarge", "放大", show=False, id="enlarge", tooltip="一栏占满全屏，再按还原"),
    ]
    ABOUT: ClassVar[str] = ""
    """What the help says of the screen."""

    def __init__(self) -> None:
        super().__init__(classes="-narrow")  # until the size is known
        self._doing = self._stale = False
        self._seen: Any = None

    @property
    def yk(self) -> YkApp:
        """The app, by its type."""
        return cast("YkApp", self.app)

    # -- what a screen says ------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        """The widgets between status and key line."""
        yield from ()

    def load(self, desk: Desk) -> Any:
        """What the screen shows; runs in the desk's thread."""
        return None

    def show(self, found: Any) -> None:
        """Put it on the screen."""

    def take(self, **place: str) -> None:
        """Be opened at a place: `case`, `flow`, `entry`, `customer`, `batch` as far as the screen knows them."""

    def place(self) -> dict[str, str]:
        """Where one is, as `take` understands it."""
        return {}

    def path(self) -> str:
        """What the status line says."""
        return ""

    def why_not(self, action: str) -> str:
        """Why the action does nothing now; '' when it does."""
        return ""

    # -- the common part -------------------------------------------------------------------------------------
    def compose(self) -> ComposeResult:
        yield YkStatus()
        yield from self.body()
        yield YkKeys()

    def on_mount(self) -> None:
        """Read for the first time, when something is on the screen already."""
        self.call_after_refresh(self.reload)

    def on_screen_resume(self) -> None:
        """Back on top: read again when something changed meanwhile."""
        self.yk.tell_status(self)
        if self._stale:
            self.reload()

    def store_changed(self, pulse: Any) -> None:
        """The store has changed and says `pulse` now: read again unless that was seen, now or when back on top."""
        if pulse == self._seen:
            return
        if self is self.yk.here:
            self.reload()
        else:
            self._stale = True

    def reload(self) -> None:
        """Read what the screen shows, and show it."""
        self._stale = False
        if self.is_running:
            start(self, self._reload, "reload", alone=True)

    async def _reload(self) -> None:
        def read(desk: Desk) -> tuple[Any, Any]:
            return desk.store.medium.pulse, self.load(desk)

        answer = await self.attempt(read)
        if answer is not None and self.is_attached:
            self._seen, found = answer
            if found is not None:
                self.show(found)
                self.renew()

    def renew(self) -> None:
        """Say anew where one is and what the keys do."""
        self.query_one(YkStatus).path = self.path()
        self.query_one(YkKeys).refresh()
        self.yk.keep_place(self)

    async def attempt(
        self, work: Callable[[Desk], Result], done: str = "", title: str = "没有办成"
    ) -> Result | None:
        """What `work` answers at the desk; what goes wrong is told, and the answer is None."""
        try:
            found = await self.yk.office.ask(work)
        except Refused as error:
            await self.refused(error, title)
            return None
        except YkError as error:
            self.tell_error(error)
            return None
        if done:
            self.tell(done)
        return found

    async def refused(self, error: Refused, title: str) -> None:
        """Tell every reason of a refusal."""
        from yk.screens.dialogs import Refusal

        await self.app.push_screen_wait(Refusal(title, error.reasons))
        self.reload()

    def tell_error(self, error: YkError) -> None:
        """Tell what went wrong and what to do."""
        hint = hint_of(error)
        self.notify(
            said(error.message) + (f"\n{hint}" if hint else ""), severity="error", timeout=8, markup=False
        )

    def tell(self, text: str, wrong: bool = False) -> None:
        """Say something in passing."""
        self.notify(said(text), severity="warning" if wrong else "information", markup=False)

    # -- actions ------------------------------------------------------------------------------------------------
    def against(self, action: str) -> str:
        """Why the action of a binding does nothing now."""
        return self.why_not(action.removeprefix(DO).strip("')")) if action.startswith(DO) else ""

    def action_do(self, name: str) -> None:
        """Do what a key of the screen does, or say why not. One thing at a time."""
        self.app.clear_notifications()
        if why := self.why_not(name):
            self.tell(why, wrong=True)
        elif self._doing:
            self.tell("上一件还在办，请稍等", wrong=True)
        else:
            start(self, lambda: self._do(name), "do")

    async def _do(self, name: str) -> None:
        self._doing = True
        try:
            await getattr(self, f"do_{name}")()
        finally:
            self._doing = False

    def action_leave(self) -> None:
        """Back to the screen before; an enlarged pane first goes back to its size."""
        if self.maximized is not None:
            self.minimize()
        else:
            self.yk.go_back()

    def action_find(self) -> None:
        """Filter in place, on a screen that has a line for it."""
        self.query_one(FindLine).open()

    def action_enlarge(self) -> None:
        """The pane with the cursor alone on the screen, or all of them again."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None:
            self.maximize(self.focused)

    def action_help(self) -> None:
        """What the keys do."""
        from yk.screens.help import Help

        self.app.push_screen(Help(self))

    def own_bindings(self) -> Iterable[Binding]:
        """The bindings of the screen and of its widgets that have an id."""
        seen: set[str] = set()
        nodes: list[Any] = [self, *self.query("*").results(Widget)]
        for node in nodes:
            for bindings in node._bindings.key_to_bindings.values():
                for binding in bindings:
                    if binding.id and binding.id not in seen and binding.description:
                        seen.add(binding.id)
                        yield binding
