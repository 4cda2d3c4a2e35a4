"""The folder a file was chosen in last, kept for the next time."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from yk.errors import YkError
from yk.files import data_folder, write_atomic


def folder_file() -> Path:
    """Where it is kept; nothing is lost when it is missing."""
    return data_folder() / "folder.txt"


def last_folder() -> Path:
    """The folder used last; where yk was started when there is none."""
    try:
        kept = Path(folder_file().read_text(encoding="utf-8").strip())
        if kept.is_absolute() and kept.is_dir():
            return kept
    except (OSError, ValueError):
        pass
    return Path.cwd()


def keep_folder(folder: Path) -> None:
    """Remember it. A disk that cannot be written costs only this."""
    path = folder_file()
    with suppress(OSError, YkError, UnicodeEncodeError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, f"{folder.absolute()}\n".encode())
