"""Lines of plain characters: for terminals that draw box lines and other ambiguous characters two cells wide."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_CORNERS = "┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋╔╗╚╝"
_TABLE = str.maketrans(
    dict.fromkeys(_CORNERS, "+")
    | dict.fromkeys("─╌━═▔▁▂▃▄", "-")
    | dict.fromkeys("│╎┃║▏▕▌▐▎▊", "|")
    | {"█": "#", "…": "~", "·": ".", "—": "-", "●": "*", "◉": "@", "○": "o"}
)
"""Each by one of the same width where ambiguous characters are narrow: nothing moves."""


class PlainLines(LineFilter):
    """Draws with what is on every keyboard."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with their ambiguous characters replaced."""
        return [Segment(text.translate(_TABLE), style, control) for text, style, control in segments]
