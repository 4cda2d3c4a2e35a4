"""How the screen 客户档案 says what an account owes and what was done on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yk.flows.glyphs import readable
from yk.screens.widgets.prose import folded
from yk.screens.widgets.rows import Line, Rows
from yk.text import clip, pad

if TYPE_CHECKING:
    from yk.desk.account import Account

TONES = {"在办": "accent", "挂起": "warn", "已归档": "good"}
"""State of an order -> its tone."""
STATE = 6


class Story(Rows):
    """What was done on an account: when, what, its state and number; below it where it stands and with whom."""

    def drawn(self, row: dict[str, Any], width: int) -> list[Line]:
        date, case = f" {str(row['at'])[:10]}  ", f"  {row['case']}"
        what = pad(clip(readable(row["what"]), 16), 16)
        state = pad(clip(readable(row["state"]), STATE), STATE)
        lines: list[Line] = [
            [
                (date, "faint"),
                (what, "bold"),
                ("  ", ""),
                (state, TONES.get(row["state"], "faint")),
                (case, "faint"),
            ]
        ]
        told = "　".join(part for part in (row["told"], row["who"]) if part)
        return lines + ([[(line, "")] for line in folded(told, width - 1, " " * len(date))] if told else [])


def glance(found: Account) -> str:
    """What one asks first: what is owed, what is prepaid, how many orders are under way."""
    parts = [f"✗ 欠费 {found.owed:,.2f} 元" if found.owed > 0 else "✓ 不欠费"]
    parts += [f"预收 {found.prepaid:,.2f} 元"] if found.prepaid > 0 else []
    parts += [f"在办 {found.running} 张"] if found.running else []
    return "  ".join(parts)
