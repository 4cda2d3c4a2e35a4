"""Pictures of the screen: SVG in which every Chinese character stands on its own two cells, whatever the viewer's font."""

from __future__ import annotations

import html
import io
import re

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from textual.app import App

from yk.errors import YkError
from yk.text import cell_len

FONT = '"Sarasa Mono SC","Noto Sans Mono CJK SC","Source Han Mono SC","Microsoft YaHei Mono",monospace'
CELL = 10.0
"""Width of a cell in the picture: half of the 20 pixels of a line's letters."""
_FACE = re.compile(r"@font-face\s*\{\{.*?\}\}\s*", re.S)
_TEXT = re.compile(r'<text ([^>]*?)x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"([^>]*>)([^<]*)</text>')
_FORMAT = (
    _FACE.sub("", CONSOLE_SVG_FORMAT)
    .replace("Fira Code, monospace", FONT)
    .replace("font-variant-east-asian: full-width;", "")
    .replace("font-family: arial", f"font-family: {FONT}")
)


def _placed(found: re.Match[str]) -> str:
    """One x for every character."""
    x, places = float(found[2]), []
    for char in html.unescape(found[5]):
        places.append(f"{x:g}")
        x += cell_len(char) * CELL
    return f'<text {found[1]}x="{" ".join(places)}" y="{found[3]}"{found[4]}{found[5]}</text>'


class Shots(App[YkError]):
    """An app whose screenshots are right for Chinese."""

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The screen as SVG."""
        width, height = self.size
        console = Console(
            width=width,
            height=height,
            file=io.StringIO(),
            force_terminal=True,
            color_system="truecolor",
            record=True,
            legacy_windows=False,
            safe_box=False,
        )
        painted = self.screen._compositor.render_update(
            full=True, screen_stack=self._background_screens, simplify=simplify
        )
        console.print(painted)
        svg = console.export_svg(title=title or self.title, code_format=_FORMAT, font_aspect_ratio=0.5)
        return _TEXT.sub(_placed, svg)
