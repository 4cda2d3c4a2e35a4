"""A lesson in a plain terminal: the presenter's keys, what they do, and the page that is painted after each."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from yk.cli.scenario_keys import Terminal
from yk.errors import UsageError, YkError
from yk.scenario.answering import meant, recited, verdict
from yk.scenario.incident import incidents
from yk.scenario.notes import notes_of, publish
from yk.scenario.playing import SPEEDS, Player
from yk.scenario.questions import OPERATE, RECITE, Question
from yk.scenario.showing import view
from yk.scenario.stages import frame
from yk.text import clip, fold, plain

KEYS = "空格 放停 →进 ←退 +- 速 gG 章 a 答 h 提示 i 注入 t 动手 r 回 s 讲稿 R 重来 q 退"
_LOOK = 0.5
"""Seconds after which a window that has another size is painted anew."""
_CHOICES = "123456789abcdefghijklmnopqrstuvwxyz"


class Stage:
    """Plays a lesson by keys until the presenter leaves. By itself it goes on only while it is `playing`, and stops where a
    question is open, for the class to answer. With `published` every moment is written there for the second terminal;
    `greeting` is said until the first key; `clock` gives seconds."""

    def __init__(
        self,
        player: Player,
        terminal: Terminal,
        speed: float = 1.0,
        playing: bool = True,
        published: Path | None = None,
        greeting: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.player, self.terminal = player, terminal
        self.speed, self.playing, self._published = speed, playing, published
        self._said: list[str] = []
        self._say(greeting)
        self._speech = False
        self._clock, self._due = clock, 0.0
        self._acts: dict[str, Callable[[], str]] = {
            **dict.fromkeys(("right", "n", ".", "enter"), self._forward),
            **dict.fromkeys(("left", "b"), self._back),
            **dict.fromkeys(("+", "="), lambda: self._faster(1)),
            **dict.fromkeys(("-", "_"), lambda: self._faster(-1)),
            "space": self._play,
            "g": lambda: "" if player.next_chapter() else "后面没有章了",
            "G": lambda: "" if player.previous_chapter() else "前面没有章了",
            "i": self._inject,
            "t": self._by_hand,
            "r": lambda: "回到脚本，动手做的都撤销了" if player.return_to_script() else "没有离开脚本",
            "a": self._answer,
            "h": self._hint,
            "s": self._show_speech,
            "R": self._restart,
        }

    def run(self) -> None:
        """Play until q."""
        self._wait_anew()
        while True:
            self._show()
            key = self._key()
            if key in ("q", "end"):
                return
            self._said = []
            try:
                said = self._acts.get(key, self._unknown)() if key else self._forward()
            except YkError as error:
                said = error.message + (f"（{error.hint}）" if error.hint else "")
            self._say(said)
            self._wait_anew()

    # -- time ------------------------------------------------------------------------------------------------
    def _wait_anew(self) -> None:
        """The present step is shown from now on; where nothing can go on by itself it stops."""
        if self.player.ended or self.player.by_hand or self.player.open_questions():
            self.playing = False
        self._due = self._clock() + self.player.seconds(self.speed)

    def _key(self) -> str:
        """The key that is pressed; '' when it is time for the next step."""
        size = self.terminal.size
        while True:
            left = max(self._due - self._clock(), 0.0) if self.playing else _LOOK
            key = self.terminal.key(min(left, _LOOK))
            if key or (self.playing and self._clock() >= self._due):
                return key
            if self.terminal.size != size:
                size = self.terminal.size
                self._show()

    # -- the page --------------------------------------------------------------------------------------------
    def _show(self) -> None:
        state = "放" if self.playing else "停"
        playing = f"{'自己动手，' if self.player.by_hand else ''}{state} ×{self.speed:g}"
        if self._published:
            publish(notes_of(self.player, playing), self._published)
        width, height = self.terminal.size
        room = max(height - 1 - len(self._said), 1)
        shown = view(self.player, self._speech, playing)
        self.terminal.paint([*frame(shown, width, room), *self._said, clip(KEYS, width)])

    def _say(self, text: str) -> None:
        """Something to be read below the frame until the next key."""
        width = self.terminal.size[0]
        self._said = [line for part in text.splitlines() for line in fold(plain(part), width)]

    def _unknown(self) -> str:
        return KEYS

    # -- what keys do ----------------------------------------------------------------------------------------
    def _forward(self) -> str:
        self.player.forward()
        if not self.player.ended:
            return ""
        return (
            "走完了" if self.player.run.result.passed else "这一步没有照脚本走通，演练停在这里（← 可以回退）"
        )

    def _back(self) -> str:
        self.playing = False
        return "" if self.player.back() else "已经在开头"

    def _play(self) -> str:
        if self.playing:
            self.playing = False
            return ""
        said = self._forward() if self.player.open_questions() else ""  # the question is passed over
        self.playing = True
        return said

    def _faster(self, by: int) -> str:
        near = min(range(len(SPEEDS)), key=lambda number: abs(SPEEDS[number] - self.speed))
        self.speed = SPEEDS[min(max(near + by, 0), len(SPEEDS) - 1)]
        return ""

    def _restart(self) -> str:
        self.playing = False
        self.player.restart()
        return "从头开始"

    def _show_speech(self) -> str:
        self._speech = not self._speech
        return ""

    def _inject(self) -> str:
        """The menu of incidents that may strike by key, and the one that is chosen."""
        able = [one for one in incidents().values() if "key" in one.triggers]
        menu = dict(zip(_CHOICES, able, strict=False))
        self._say("\n".join(f"{key} {one.name}" for key, one in menu.items()) + "\n注入哪一个？其他键取消")
        self._show()
        chosen = menu.get(self.terminal.key())
        return "没有注入" if chosen is None else f"注入 {self.player.inject(chosen.id)}"

    def _by_hand(self) -> str:
        line = self.terminal.line("动手（一个步骤，如 办理: 合同变更）：")
        if not line:
            return ""
        told = self.player.do(line)
        return f"{told.mark} {told.text}（r 回到脚本）"

    # -- questions -------------------------------------------------------------------------------------------
    def _question(self) -> Question:
        waiting = self.player.open_questions()
        if not waiting:
            raise UsageError("no_question", "现在没有要答的题")
        return waiting[0]

    def _answer(self) -> str:
        one = self._question()
        if one.kind == OPERATE:
            if not self.player.by_hand:
                raise UsageError("by_hand_first", "这道题要动手：先按 t 动手办，办好再按 a 判定")
            return "\n".join(verdict(one, done=self.player.answer(one)))
        line = self.terminal.line("照原文复诵：" if one.kind == RECITE else "答（字母）：")
        if not line:
            return ""
        chosen = () if one.kind == RECITE else meant(one, line)
        done = one.kind == RECITE and recited(one, line)
        self.player.answer(one, chosen, done)
        return "\n".join(verdict(one, chosen, done))

    def _hint(self) -> str:
        return self.player.hint(self._question())
