"""Characters every terminal draws in the width we count.

Terminals disagree about East Asian «ambiguous» characters (quotation marks, dashes, circled numbers): some give them
one cell, some two. Text that must line up shows their unambiguous twins instead; data keeps the originals.
"""

from __future__ import annotations

from unicodedata import east_asian_width, normalize

from yk.text import plain

_TWINS = str.maketrans(
    {
        "“": "「", "”": "」", "‘": "『", "’": "』", "—": "-", "–": "-", "…": "...", "·": "、", "→": "▸", "←": "◂",
        "×": "x", "÷": "/", "±": "+-", "≤": "<=", "≥": ">=", "°": "度", "℃": "度", "§": "#", "●": "▪", "■": "▪",
    }
)  # fmt: skip


def readable(text: str) -> str:
    """`text` for a page of running text: no control characters, common ambiguous ones by their twins."""
    return "".join(_by_form(char) for char in plain(text).translate(_TWINS))


def safe(text: str) -> str:
    """`text` for a drawing: as `readable`, and a question mark for what has no twin."""
    return "".join("?" if _ambiguous(char) else char for char in readable(text))


def _ambiguous(char: str) -> bool:
    return east_asian_width(char) == "A"


def _by_form(char: str) -> str:
    """An ambiguous character by its compatibility form (① is 1, Ⅱ is II) when that is not ambiguous."""
    if not _ambiguous(char):
        return char
    form = normalize("NFKC", char)
    return char if any(map(_ambiguous, form)) else form
