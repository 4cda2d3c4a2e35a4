"""Playing on the screen 演练: on, step by step or by itself, back with the world, chapters, incidents, by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from textual.timer import Timer

from yk.errors import Refused, YkError
from yk.screens.dialogs import AskText, Choose
from yk.screens.drill_found import Found
from yk.screens.drill_list import Listing
from yk.screens.drill_stage import Stage
from yk.screens.drill_words import guarding, history, moment, score_of, state_of
from yk.screens.widgets.facts import Facts
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.timeline import YkTimeline
from yk.screens.working import start

if TYPE_CHECKING:
    from yk.scenario.playing import Player
    from yk.screens.drill_scene import Scene

Result = TypeVar("Result")
LIST = ("open", "find", "file")
"""Keys of the list; all others are for a lesson that is open, but `exam`, which begins either way."""
NEAR = ("这一步等着它", "合这一环节", "")
EXAMPLE = "如 办理: 业务受理　或 {办理: 业务受理, 照例: 是}　或 {事件: {系统恢复: 是}}"


class Playing(Listing):
    """The part of the screen that plays the lesson that is open."""

    def __init__(self) -> None:
        super().__init__()
        self.lesson: Found | None = None
        self.scene: Scene | None = None
        self.began: datetime | None = None
        self.who = ""
        """The name of who sits the exam."""
        self.playing = False
        self.notes = True
        self.speed = 1.0
        self._timer: Timer | None = None

    # -- open and closed -----------------------------------------------------------------------------------------
    async def open(self, row: Found, begun: Awaitable[Scene]) -> bool:
        """Open a scenario that begins with `begun`. What goes wrong is told, and nothing is opened."""
        try:
            self.scene = await begun
        except YkError as error:
            self.tell_error(error)
            return False
        self.lesson, self.began, self.playing = row, self.yk.office.clock(), False
        self.set_class(True, "-playing")
        self.query_one(Stage).focus()
        self.show_scene()
        return True

    async def begin(self, row: Found, number: int = 1) -> None:
        """Open a scenario, its step `number` coming."""
        assert row.scenario is not None
        await self.open(row, self.theatre.begin(row.scenario, number))

    async def close_lesson(self) -> None:
        """Back to the list."""
        self.pause()
        self.lesson = self.scene = None
        self.set_class(False, "-playing")
        self.table.focus()
        self.renew()
        await self.theatre.end()

    def show_scene(self) -> None:
        """Put the present moment on the screen."""
        scene = self.scene
        if scene is None:
            return
        view, stage = scene.view, self.query_one(Stage)
        stage.tell(moment(scene, self.notes and not scene.person), history(scene))
        heading = f"第 {view.step} 步 / 共 {view.steps} 步" + (f"   {view.chapter}" if view.chapter else "")
        entitle(stage, heading, *state_of(scene, f"{self.speed:g}" if self.playing else "", self.who))
        self.query_one(YkTimeline).say(view, not scene.passed)
        entitle(self.query_one("#ways"), f"时间轴　{view.clock}", score_of(scene))
        self.query_one("#guarding", Facts).say(guarding(scene))
        self.query_one("#risks").scroll_home(animate=False)
        self.renew()

    async def act(self, work: Callable[[Player], Result]) -> Result | None:
        """What `work` answers, done to the lesson; the new moment is shown."""
        return await self.took(self.theatre.act(work))

    async def took(self, work: Awaitable[tuple[Scene, Result]]) -> Result | None:
        """The answer of work in the theatre; the new moment is shown. What goes wrong is told, and the answer is None."""
        try:
            self.scene, answer = await work
        except Refused as error:
            self.pause()
            await self.refused(error, "不能往下")
            return None
        except YkError as error:
            self.tell_error(error)
            return None
        self.show_scene()
        return answer

    # -- why not -------------------------------------------------------------------------------------------------
    def why_not(self, action: str) -> str:
        """Why a key does nothing now."""
        if action in LIST:
            return (
                "先按 esc 回到清单" if self.scene else self.why_not_row(self.row) if action == "open" else ""
            )
        return "先打开一个场景" if self.scene is None else self._why_not_now(action, self.scene)

    def _why_not_now(self, action: str, scene: Scene) -> str:
        if scene.by_hand and action in ("play", "next", "back", "chapter", "previous", "inject"):
            return "现在是自己动手，先按 r 回到脚本"
        if scene.ended and action in ("play", "next", "inject"):
            return "演完了，可以回退、重来或看复盘"
        reasons = {
            "next": f"还有 {scene.waiting} 道题没有答，答完再往下" if scene.person and scene.waiting else "",
            "back": "" if scene.position else "已在开头",
            "chapter": "" if any(n > scene.position + 1 for n in scene.view.chapters) else "后面没有章了",
            "previous": "" if any(n <= scene.position for n in scene.view.chapters) else "前面没有章了",
            "script": "" if scene.by_hand else "没有离开脚本",
            "debrief": "" if scene.asks else "这个场景没有提问，没有复盘",
        }
        return reasons.get(action, "")

    # -- on and back -----------------------------------------------------------------------------------------------
    async def do_open(self) -> None:
        """Play the scenario under the cursor."""
        assert self.row is not None
        await self.begin(self.row)

    async def do_next(self) -> None:
        """One step."""
        await self.act(lambda player: player.forward())

    async def do_back(self) -> None:
        """One step back, with the whole world."""
        await self.act(lambda player: player.back())

    async def do_chapter(self) -> None:
        """On to the next chapter."""
        await self.act(lambda player: player.next_chapter())

    async def do_previous(self) -> None:
        """Back to where this chapter begins, or the one before."""
        await self.act(lambda player: player.previous_chapter())

    async def do_restart(self) -> None:
        """From the beginning."""
        self.pause()
        await self.act(lambda player: player.restart())

    # -- by itself -------------------------------------------------------------------------------------------------
    async def do_play(self) -> None:
        """Go on by itself, or stop that."""
        if self.playing:
            self.pause()
        else:
            self.playing = True
            self._wait()
        self.show_scene()

    def pause(self) -> None:
        """Go on no more by itself."""
        self.playing = False
        if self._timer is not None:
            self._timer.stop()

    def on_screen_suspend(self) -> None:
        """Something stands over the screen, or another one is shown: the lesson waits."""
        if self.playing:
            self.pause()
            self.show_scene()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        if self.playing and self.scene is not None:
            self._timer = self.set_timer(self.scene.seconds / self.speed, self._tick)

    def _tick(self) -> None:
        if self._doing:
            self._wait()
        else:
            start(self, self._onward, "play", alone=True)

    async def _onward(self) -> None:
        """The next step, unless there is a reason to wait for somebody."""
        if not self.playing:
            return
        if self.why_not("next"):
            self.pause()
        else:
            await self.do_next()
        scene = self.scene
        if scene is None or scene.ended or scene.question:
            self.pause()
        self._wait()
        self.show_scene()

    async def do_faster(self) -> None:
        """The next quicker speed."""
        self._change_speed(1)

    async def do_slower(self) -> None:
        """The next slower speed."""
        self._change_speed(-1)

    def _change_speed(self, by: int) -> None:
        from yk.scenario.playing import SPEEDS

        place = max(0, min(SPEEDS.index(self.speed) + by, len(SPEEDS) - 1))
        self.speed = SPEEDS[place]
        self._wait()
        self.tell(f"{self.speed:g} 倍速")
        self.show_scene()

    async def do_notes(self) -> None:
        """Show what the speaker has to say, or hide it."""
        self.notes = not self.notes
        self.tell("讲解：显示" if self.notes else "讲解：不显示")
        self.show_scene()

    # -- off the script --------------------------------------------------------------------------------------------
    async def do_inject(self) -> None:
        """Let an incident strike now."""
        from yk.screens.drill_scene import incidentals

        answer = await self.act(incidentals)
        if answer is None:
            return
        options = [(one.id, f"{one.name}　{NEAR[one.near]}".rstrip(), one.told) for one in answer]
        chosen = await self.app.push_screen_wait(Choose("注入哪一种事故", options))
        if chosen is not None:
            await self.act(lambda player: player.inject(chosen))

    async def do_hand(self) -> None:
        """Do something by hand, written as a step."""
        text: str | None = ""
        while True:
            label = f"写一步，和场景文件里一样；{EXAMPLE}"
            text = await self.app.push_screen_wait(AskText("自己动手", label, text or ""))
            if not text:
                return
            if await self.by_hand(text):
                return

    async def by_hand(self, text: str) -> bool:
        """Do a step by hand; could it be understood?"""
        return await self.act(lambda player: player.do(text)) is not None

    async def do_script(self) -> None:
        """Back to the script; what was done by hand is undone."""
        await self.act(lambda player: player.return_to_script())
