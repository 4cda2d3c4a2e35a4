"""Chinese text in terminals: width, wrapping, clipping; and small text helpers used everywhere.

Width is counted in terminal cells (East Asian wide and full-width characters take two), never with `len`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import combining, east_asian_width, normalize

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_NO_START = frozenset("，。、；：！？）》」』】〉”’…—·％%)]}>,.;:!?")
_NO_END = frozenset("（《「『【〈“‘([{<")
_TOKEN = re.compile(r"[A-Za-z0-9_\-./<>=\[\]|$%+:#@]+|\s+|.", re.S)
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
    out, used = "", 0
    for char in text:
        size = cell_len(char)
        if used + size > width - 1:
            break
        out, used = out + char, used + size
    return out + "…"


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells: Latin words stay whole, closing marks never open a line (禁则)."""
    lines: list[str] = []
    line = ""
    for token in _TOKEN.findall(text.replace("\n", " ")):
        if token.isspace():
            line += " " if line and not line.endswith(" ") else ""
        elif not line or cell_len(line) + cell_len(token) <= width:
            line += token
        else:
            line, carry = _break_before(line, token)
            lines.append(line.rstrip())
            line = carry
    return [*lines, line.rstrip()] if line.strip() else lines


def _break_before(line: str, token: str) -> tuple[str, str]:
    """Where to cut `line` so that `token` may open the next one."""
    carry = token
    if token in _NO_START and len(line) > 1:
        line, carry = line[:-1], line[-1] + token
    while len(line) > 1 and line[-1] in _NO_END:
        line, carry = line[:-1], line[-1] + carry
    return line, carry


def plain(text: str) -> str:
    """`text` without control, zero-width and direction characters: data may not steer the terminal."""
    return _CONTROL.sub(" ", text)


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
