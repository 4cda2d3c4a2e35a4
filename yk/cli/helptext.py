"""Help pages in terminal cells: columns that line up and lines that break where Chinese may break."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import east_asian_width

import click

from yk.cli.chinese import catalogue
from yk.text import cell_len, wrap

_RAW = "\b"
"""click's mark in front of a paragraph whose lines stay as they are."""


def join_lines(paragraph: str) -> str:
    """The lines of a paragraph as one; no blank where two Chinese characters meet."""
    joined = ""
    for line in (line.strip() for line in paragraph.splitlines()):
        glued = not joined or not line or (_wide(joined[-1]) and _wide(line[0]))
        joined += line if glued else f" {line}"
    return joined


def first_sentence(text: str) -> str:
    """What stands in a list of commands: the text up to the first 。 or the first empty line."""
    paragraph = join_lines(re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0])
    return paragraph.split("。", 1)[0]


def _wide(char: str) -> bool:
    return east_asian_width(char) in "WF"


class Formatter(click.HelpFormatter):
    """click's formatter, measuring in cells and wrapping with 禁则."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """`用法：prog args`, continued under the arguments."""
        head = f"{catalogue().gettext('Usage:') if prefix is None else prefix}{prog} "
        lines = wrap(args, max(self.width - cell_len(head), 20)) or [""]
        self.write(f"{head}{lines[0]}".rstrip() + "\n")
        for line in lines[1:]:
            self.write(" " * cell_len(head) + line + "\n")

    def write_heading(self, heading: str) -> None:
        """A section's heading with a Chinese colon."""
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, each wrapped to the width; one that opens with `\\b` keeps its lines."""
        margin = " " * self.current_indent
        paragraphs = re.split(r"\n[ \t]*\n", text.strip("\n"))
        for number, paragraph in enumerate(paragraphs):
            if number:
                self.write("\n")
            for line in self._lines(paragraph):
                self.write(f"{margin}{line}".rstrip() + "\n")

    def _lines(self, paragraph: str) -> list[str]:
        lines = paragraph.splitlines()
        if lines and lines[0].strip() == _RAW:
            return lines[1:]
        return wrap(join_lines(paragraph), self.width - self.current_indent)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Terms and their explanations in two columns."""
        pairs = list(rows)
        first = min(max((cell_len(term) for term, _ in pairs), default=0), col_max) + col_spacing
        margin = " " * self.current_indent
        room = max(self.width - first - self.current_indent, 20)
        for term, explanation in pairs:
            lines = wrap(join_lines(explanation), room) or [""]
            gap = first - cell_len(term)
            opening = (
                f"{margin}{term}" + " " * gap
                if gap >= col_spacing
                else f"{margin}{term}\n{margin}" + " " * first
            )
            self.write(f"{opening}{lines[0]}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{margin}{' ' * first}{line}\n")
