"""Chinese text in terminals: width, wrapping, clipping; and small text helpers used everywhere.

Width is counted in terminal cells (East Asian wide and full-width characters take two), never with `len`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import combining, east_asian_width, normalize

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_NO_START = frozenset("，。、；：！？）》」』】〉〕”’…—·％%)]}>,.;:!?")
_NO_END = frozenset("（《「『【〈〔“‘([{<")
_TOKEN = re.compile(r"[A-Za-z0-9_\-./<>=\[\]|$%+:#@]+|\s+|.", re.S)
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|#~]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def cell_len(text: str) -> int:
    """Width in terminal cells; ANSI colour codes and combining marks take none."""
    if text.isascii() and "\x1b" not in text:
        return len(text)
    return sum(2 if east_asian_width(c) in "WF" else 0 if combining(c) else 1 for c in _ANSI.sub("", text))


def pad(text: str, width: int) -> str:
    """`text` filled with spaces on the right to `width` cells."""
    return text + " " * max(0, width - cell_len(text))


def clip(text: str, width: int) -> str:
    """`text` cut to at most `width` cells, the cut marked with …"""
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    out, used = "", 0
    for char in text:
        size = cell_len(char)
        if used + size > width - 1:
            break
        out, used = out + char, used + size
    return out + "…"


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells: Latin words stay whole, closing marks never open a line (禁则).

    A word wider than `width` gets a line of its own.
    """
    lines: list[str] = []
    line: list[str] = []
    used = 0
    for token in _TOKEN.findall(text.replace("\n", " ")):
        blank = token.isspace()
        if blank:
            token = " " if line and line[-1] != " " else ""
        size = cell_len(token)
        if line and used + size > width and not blank:
            line, carry = _break_before(line, token, width)
            lines.append("".join(line).rstrip())
            line, used = carry, sum(map(cell_len, carry))
        elif token:
            line.append(token)
            used += size
    rest = "".join(line).rstrip()
    return [*lines, rest] if rest else lines


def fold(text: str, width: int) -> list[str]:
    """As `wrap`, and what is longer than a line is cut where the line ends: no line is wider than `width` cells."""
    lines = []
    for line in wrap(text, width):
        while cell_len(line) > width:
            cut = next(n for n in range(len(line), 0, -1) if cell_len(line[:n]) <= width)
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    return lines


def _break_before(line: list[str], token: str, width: int) -> tuple[list[str], list[str]]:
    """Where to cut `line` so that `token` may open the next one: what stays, what goes along."""
    kept = len(line)
    if token in _NO_START:
        kept -= 1
        while kept > 0 and (line[kept] in _NO_START or line[kept] == " "):
            kept -= 1
    while kept > 1 and (line[kept - 1] in _NO_END or (line[kept - 1] == " " and line[kept - 2] in _NO_END)):
        kept -= 1
    carry = [*line[kept:], token]
    while carry[0] == " ":
        carry.pop(0)
    if kept > 0 and sum(map(cell_len, carry)) <= width:
        return line[:kept], carry
    last = line[-1]
    if token in _NO_START and len(last) > 1 and 1 + cell_len(token) <= width:
        return [*line[:-1], last[:-1]], [last[-1], token]
    return line, [token]


def plain(text: str) -> str:
    """`text` without control, zero-width and direction characters: data may not steer the terminal."""
    return _CONTROL.sub(" ", text)


def markdown_text(text: str) -> str:
    """`plain` text as Markdown that takes it for nothing but words."""
    return _MARKDOWN.sub(r"\\\g<0>", plain(text))


def halfwidth(text: str) -> str:
    """Full-width digits, letters and brackets as their half-width twins, outer blanks gone."""
    return normalize("NFKC", text).strip()


def same_name(one: str, other: str) -> bool:
    """Two names are the same but for blanks, width and kind of brackets, letter case."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return re.sub(r"\s+", "", normalize("NFKC", name)).casefold()


def nearest(word: str, words: Iterable[str]) -> str:
    """The most alike of `words`, or '' when none is alike: for «did you mean»."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(words), n=1, cutoff=0.5)
    return found[0] if found else ""


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A Chinese hint with the nearest valid word, or with all of them when they are few, or ''."""
    known = list(words)
    if best := nearest(word, known):
        return f"是不是想写 {best}？"
    return f"可用的有：{'、'.join(known)}" if 0 < len(known) <= 12 else ""


def mask(text: str, keep_start: int = 3, keep_end: int = 4) -> str:
    """Personal number with its middle starred; short ones are starred wholly."""
    hidden = len(text) - keep_start - keep_end
    if hidden <= 0:
        return "*" * len(text)
    return text[:keep_start] + "*" * hidden + text[-keep_end:]
