"""Words of the services as a screen says them: no names of fields, commands and options, which are for scripts."""

from __future__ import annotations

import re
from datetime import datetime

from yk.errors import Reason, YkError
from yk.flows.glyphs import readable

_NAMES = re.compile(r"（[a-z][a-z0-9_、:./ ]*）|：notice:[a-z_]+")
_FINDING = re.compile(r"([A-Z]:[\d.]+)/[a-z_]+/")
_COMMAND = re.compile(r"\byk |--|YK_|\.yaml|config|[A-Za-z_]{3,}=")
MARKS = {"done": "✓", "failed": "✗", "open": "☐", "na": "▹"}
"""State of a checklist item -> its sign."""
STATES = {"done": "已过", "failed": "未过", "open": "待办", "na": "不需"}
LAMPS = {"red": ("✗", "红灯", "bad"), "yellow": ("!", "黄灯", "warn"), "green": ("▪", "绿灯", "good")}
"""Lamp -> its sign, its word, its tone."""
BAR = ("▰", "▱")


def said(text: str) -> str:
    """`text` without the English names that stand in brackets, or within the number of a finding, for scripts."""
    return readable(_FINDING.sub(r"\1 ", _NAMES.sub("", text)))


def hint_of(error: YkError) -> str:
    """The hint of an error where it is no command line; else ''."""
    return "" if not error.hint or _COMMAND.search(error.hint) else said(error.hint)


def reason_line(reason: Reason) -> str:
    """A reason of a refusal in one line."""
    return said(reason.message)


def source_line(reason: Reason) -> str:
    """Where a reason comes from: the entry, the basis."""
    return said("，".join(part for part in (reason.entry, reason.basis) if part))


def progress_bar(done: int, of: int, cells: int = 6) -> str:
    """How far, in `cells` signs."""
    full = 0 if not of else min(cells, round(cells * done / of))
    return BAR[0] * full + BAR[1] * (cells - full)


def left_text(due: str, now: datetime) -> str:
    """How long a deadline is off, and when it is: `剩 3天 11-24`, `超 1天4时 11-24`."""
    seconds = (datetime.fromisoformat(due) - now).total_seconds()
    word, seconds = ("剩", seconds) if seconds >= 0 else ("超", -seconds)
    days, hours, minutes = int(seconds // 86400), int(seconds % 86400 // 3600), int(seconds % 3600 // 60)
    size = (
        f"{days}天" + (f"{hours}时" if days < 3 and hours else "")
        if days
        else f"{hours}时"
        if hours
        else f"{minutes}分"
    )
    return f"{word} {size} {due[5:10]}"
