"""Facts of one thing: labels and what they say, one below the other, or close together where there is little room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from yk.flows.glyphs import readable
from yk.screens.widgets.prose import folded
from yk.text import cell_len, pad

Line = list[tuple[str, str]]
BETWEEN = "  "


class Fact(NamedTuple):
    """A label ('' for none), what it says, the tone of that: '' plain, title, faint, good, warn, bad."""

    label: str
    text: str
    tone: str = ""

    @property
    def words(self) -> str:
        """Label and text as they stand in a line."""
        text = readable(self.text)
        return f"{self.label} {text}" if self.label else text


class Facts(Widget):
    """Facts; with `dense` as many in a line as fit."""

    TONES = ("label", "title", "faint", "good", "warn", "bad")
    COMPONENT_CLASSES = {f"facts--{tone}" for tone in TONES}
    DEFAULT_CSS = """
    Facts { height: auto; width: 1fr; }
    Facts > .facts--label { color: $faint; }
    Facts > .facts--title { color: $accent; text-style: bold; }
    Facts > .facts--faint { color: $faint; }
    Facts > .facts--good { color: $success; }
    Facts > .facts--warn { color: $warning; }
    Facts > .facts--bad { color: $error; }
    """

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._facts: tuple[Fact, ...] = ()
        self._dense = False

    def say(self, facts: Iterable[Fact], dense: bool = False) -> None:
        """Show these facts instead."""
        self._facts, self._dense = tuple(facts), dense
        self.refresh(layout=True)

    def lines(self, width: int) -> list[Line]:
        """The facts in lines of at most `width` cells."""
        return dense(self._facts, width) if self._dense else listed(self._facts, width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the facts take."""
        return len(self.lines(width))

    def render(self) -> Content:
        """The lines, styled."""
        lines = self.lines(self.content_size.width or 40)
        return Content("\n").join(
            Content("").join(self._styled(text, tone) for text, tone in line) for line in lines
        )

    def _styled(self, text: str, tone: str) -> Content:
        if not tone:
            return Content(text)
        return Content.styled(text, self.get_visual_style(f"facts--{tone}", partial=True))


def listed(facts: Sequence[Fact], width: int) -> list[Line]:
    """A fact a line, those without a label over the whole width, texts below each other."""
    margin = max((cell_len(fact.label) for fact in facts), default=0) + 1
    lines: list[Line] = []
    label = ""
    for fact in facts:
        if not fact.label:
            lines += [[(text, fact.tone)] for text in folded(fact.text, width)]
            continue
        head = "" if fact.label == label else fact.label
        label = fact.label
        for number, text in enumerate(folded(fact.text, width - margin)):
            lines.append([(pad("" if number else head, margin), "label"), (text, fact.tone)])
    return lines


def dense(facts: Sequence[Fact], width: int) -> list[Line]:
    """As many facts in a line as fit, those of the same label and tone as one."""
    lines: list[Line] = []
    room = 0
    for (label, tone), several in groupby(facts, key=lambda fact: (fact.label, fact.tone)):
        fact = Fact(label, "；".join(one.text for one in several), tone)
        size = cell_len(fact.words)
        if lines and len(BETWEEN) + size <= room:
            lines[-1].append((BETWEEN, ""))
            room -= len(BETWEEN)
        else:
            lines.append([])
            room = width
        head = f"{label} " if label else ""
        first, *rest = folded(fact.text, width, head)
        lines[-1] += [(head, "label"), (first.removeprefix(head), tone)]
        lines += [[(text, tone)] for text in rest]
        room = 0 if rest else room - size
    return lines
