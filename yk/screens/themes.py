"""The three themes: deep for the desk, paper for daylight and print, contrast for projectors."""

from __future__ import annotations

from textual.theme import Theme

PREFIX = "yk-"
NAMES = {"deep": "深蓝", "paper": "纸白", "contrast": "高对比"}
"""Theme -> what it is called."""

_DEEP = Theme(
    name="yk-deep",
    primary="#2f81f7",
    secondary="#56b6c2",
    accent="#ffb454",
    foreground="#d7e0ee",
    background="#0b1220",
    surface="#111a2b",
    panel="#1b2940",
    success="#3fb950",
    warning="#e3b341",
    error="#ff7b72",
    dark=True,
    variables={"faint": "#8b9ab3", "line": "#33445f", "cursor": "#1f4a86", "cursor-text": "#ffffff"},
)
_PAPER = Theme(
    name="yk-paper",
    primary="#0b5cad",
    secondary="#0f6b78",
    accent="#9a4b00",
    foreground="#1f2328",
    background="#fbfaf6",
    surface="#f3f1ea",
    panel="#e6e2d6",
    success="#1a6b2e",
    warning="#7d5600",
    error="#b3261e",
    dark=False,
    variables={"faint": "#5b6068", "line": "#b9b3a3", "cursor": "#cfe2f7", "cursor-text": "#10233a"},
)
_CONTRAST = Theme(
    name="yk-contrast",
    primary="#5ecbff",
    secondary="#7ef0ff",
    accent="#ffd400",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#202020",
    success="#5dff7a",
    warning="#ffd400",
    error="#ff8f8f",
    dark=True,
    variables={"faint": "#d0d0d0", "line": "#ffffff", "cursor": "#ffd400", "cursor-text": "#000000"},
)
THEMES = (_DEEP, _PAPER, _CONTRAST)


def theme_name(name: str) -> str:
    """The name under which the app knows the theme `deep`, `paper` or `contrast`."""
    return PREFIX + name


def short_name(theme: str) -> str:
    """`deep` of `yk-deep`."""
    return theme.removeprefix(PREFIX)
