"""Characters every terminal draws in the width we count.

Terminals disagree about East Asian «ambiguous» characters (quotation marks, dashes, circled numbers): some give them
one cell, some two. Text that must line up shows their unambiguous twins instead; data keeps the originals.
"""

from __future__ import annotations

from unicodedata import east_asian_width, normalize

from yk.text import plain

_TWINS = str.maketrans(
    {
        "“": "「",
        "”": "」",
        "‘": "『",
        "’": "』",
        "—": "-",
        "–": "-",
        "…": "...",
        "·": "、",
        "→": "▸",
        "←": "◂",
    }
)


def safe(text: str) -> str:
    """`text` for a terminal: no control characters, no character of ambiguous width."""
    return "".join(_narrow(char) for char in plain(text).translate(_TWINS))


def _narrow(char: str) -> str:
    """A character of ambiguous width by its compatibility form (① is 1, ℃ is °C), or as a question mark."""
    if east_asian_width(char) != "A":
        return char
    twin = normalize("NFKC", char)
    return twin if all(east_asian_width(c) != "A" for c in twin) else "?"
