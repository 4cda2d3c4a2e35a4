"""Where one was: the screen, the order, the theme, by store; taken up again at the next start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from yk.errors import YkError
from yk.files import data_folder, write_atomic

MOST = 20
"""So many stores are remembered."""


def resume_file() -> Path:
    """Where it is kept; nothing is lost when it is missing."""
    return data_folder() / "screens.json"


def remembered(url: str) -> dict[str, Any]:
    """What was kept for the store at `url`; nothing when the file is missing or damaged."""
    found = _all().get(url)
    return dict(found) if isinstance(found, dict) else {}


def remember(url: str, place: Mapping[str, Any]) -> None:
    """Keep `place` for the store at `url`. A disk that cannot be written costs only this."""
    kept = _all()
    kept.pop(url, None)
    kept[url] = dict(place)
    newest = dict(list(kept.items())[-MOST:])
    path = resume_file()
    with suppress(OSError, YkError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, (json.dumps(newest, ensure_ascii=False, indent=1) + "\n").encode())


def _all() -> dict[str, Any]:
    try:
        found = json.loads(resume_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
