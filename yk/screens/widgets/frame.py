"""Titles in the frame of a card: data as it is, never read as markup."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from yk.flows.glyphs import readable


def entitle(card: Widget, title: str | None = None, foot: str | None = None, tone: str = "") -> None:
    """Write above and below a card; None leaves what stands. `tone`, a colour of the theme, is that of the foot."""
    if title is not None:
        card.border_title = Content(readable(title))
    if foot is not None:
        text = readable(foot)
        card.border_subtitle = Content.styled(text, f"${tone}") if tone else Content(text)
