"""演练: lessons and scenarios played step by step in a world of their own, with questions, incidents, exams."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll

from yk.screens.drill_exam import Examining
from yk.screens.drill_playing import LIST
from yk.screens.drill_stage import Pane, Stage
from yk.screens.drill_words import columns
from yk.screens.widgets.facts import Facts
from yk.screens.widgets.field import FindLine
from yk.screens.widgets.frame import entitle
from yk.screens.widgets.table import Table
from yk.screens.widgets.timeline import YkTimeline
from yk.screens.working import start

BOTH = ("exam",)
"""Keys that are there in the list and in a lesson."""


class DrillScreen(Examining):
    """Drills."""

    ID = "drill"
    CSS_PATH = "drill.tcss"
    ABOUT = (
        "课和场景一步一步演，在演练自己的存储里，不动现在的存储。可以回退，档案也跟着恢复；可以注入事故，"
        "自己动手再回到脚本；答题有提示，考试留成绩。结果：✓ 办成，⊘ 如期被拒，✗ 与预期不符。"
    )
    BINDINGS = [
        Binding("enter", "do('open')", "演练", id="drill.open", tooltip="演选中的课或场景"),
        Binding("slash", "find", "查找", id="drill.find", tooltip="按名称、流程、文件、编号筛选"),
        Binding("o", "do('file')", "打开", id="drill.file", tooltip="打开一个场景文件"),
        Binding("space", "do('play')", "播放", id="drill.play", tooltip="自动播放，再按暂停；遇到提问自己停下"),
        Binding("right", "do('next')", "单步", id="drill.next", tooltip="办下一步"),
        Binding("left", "do('back')", "回退", id="drill.back", tooltip="退一步，档案、工单、时间都恢复"),
        Binding("a", "do('answer')", "答题", id="drill.answer", tooltip="答这一步的题；单选直接按 A 到 F 也行"),
        Binding("h", "do('hint')", "提示", id="drill.hint", tooltip="线索、条文、答案，一次比一次扣分多"),
        Binding("i", "do('inject')", "注入", id="drill.inject", tooltip="选一种事故，马上发生"),
        Binding("s,n", "do('notes')", "讲解", id="drill.notes", tooltip="显示或不显示讲稿"),
        Binding("t,d", "do('hand')", "动手", id="drill.hand", tooltip="离开脚本自己办，写一步看结果"),
        Binding("r", "do('script')", "回脚本", id="drill.script", tooltip="回到脚本，自己办的都撤销"),
        Binding("g", "do('chapter')", "下一章", id="drill.chapter", tooltip="走到下一章开头"),
        Binding("G", "do('previous')", "上一章", id="drill.previous", tooltip="退到这一章或上一章开头"),
        Binding("f", "do('debrief')", "复盘", id="drill.debrief", tooltip="成绩、错在哪里、事故、改进任务"),
        Binding("x", "do('exam')", "考试", id="drill.exam", tooltip="选一个人从头考，题答完才能往下，成绩留下"),
        Binding("plus,equals_sign", "do('faster')", "快", id="drill.faster", tooltip="播放快一档，最快 8 倍"),
        Binding("minus", "do('slower')", "慢", id="drill.slower", tooltip="播放慢一档，最慢 0.25 倍"),
        Binding("R,ctrl+r", "do('restart')", "重来", id="drill.restart", tooltip="从头再来，同样的种子"),
        *(Binding(letter, f"letter('{letter}')", "作答", show=False) for letter in "ABCDEF"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._wanted = ("", 1)
        """The lesson to open as soon as the list is there, and its step."""

    # -- widgets -------------------------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        with Horizontal(id="listing"):
            with Vertical(classes="card", id="list"):
                yield Table(columns(), "正在读", id="rows")
            with VerticalScroll(classes="card wide", id="about-card"):
                yield Facts(id="about")
        with Vertical(id="lesson"):
            with Horizontal(id="main"):
                yield Stage(id="stage", classes="card")
                with Pane(classes="card wide", id="risks"):
                    yield Facts(id="guarding")
            with Vertical(classes="card", id="ways"):
                yield YkTimeline()
        yield FindLine("输入名称、流程、文件、编号")

    def on_mount(self) -> None:
        """The cursor is on the list."""
        for card, title in (
            ("#list", "课和场景"),
            ("#about-card", "这一个"),
            ("#risks", "下一步的风险与措施"),
        ):
            entitle(self.query_one(card), title)
        self.table.focus()
        super().on_mount()

    def on_unmount(self) -> None:
        """The lesson ends with the screen."""
        self.theatre.close()

    # -- where one is ----------------------------------------------------------------------------------------------
    def take(self, **place: str) -> None:
        if "file" in place:
            self.asked = place["file"]
        if place.get("lesson"):
            number = place.get("number", "1")
            self._wanted = (place["lesson"], int(number) if number.isdecimal() else 1)

    def place(self) -> dict[str, str]:
        place = {"file": self.asked} if self.asked else {}
        if self.lesson is not None and self.scene is not None and not self.scene.person:
            place |= {"lesson": self.lesson.id, "number": str(self.scene.position + 1)}
        return place

    def path(self) -> str:
        if self.lesson is None or self.scene is None:
            return "演练"
        return f"演练 › {'考试 ' if self.scene.person else ''}{self.lesson.name}"

    def reload(self) -> None:
        """While a lesson is open the list behind it stays as it is, unless another lesson is wanted."""
        if self.scene is None or self._wanted[0]:
            super().reload()

    async def listed(self) -> None:
        (name, number), self._wanted = self._wanted, ("", 1)
        row = next((one for one in self.found if name and name in (one.id, one.name)), None)
        if row is not None and not row.wrong:
            self.table.go_to(row.id)
            await self.begin(row, number=number)

    # -- keys --------------------------------------------------------------------------------------------------------
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of the list are there in the list, those of a lesson in a lesson."""
        name = str(parameters[0]) if action == "do" and parameters else action
        if action not in ("do", "find", "letter") or name in BOTH:
            return True
        return (name in LIST) == (self.scene is None)

    def action_leave(self) -> None:
        """First the lesson ends; in the list the words go, then the file that was opened, then the screen."""
        if self.maximized is None and self.scene is not None:
            start(self, self._leave_lesson, "do")
        elif self.maximized is None and self.clear_find():
            self.list_found()
            self.table.focus()
        elif self.maximized is None and self.asked:
            self.asked = ""
            self.reload()
        else:
            super().action_leave()

    async def _leave_lesson(self) -> None:
        if await self.may_leave():
            await self.close_lesson()
