"""Writing a folder of files so that a reader sees the old or the new, never half; mode 0600."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yk.files import sync_folder, writing


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill whose files take the place of those in `folder` when the block ends well.

    Files of other names stay. Raises UnreadableError (`cannot_write`).
    """
    with writing(folder):
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(20, "", str(folder))
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            yield temporary
            folder.mkdir(mode=0o700, exist_ok=True)
            for one in sorted(temporary.iterdir()):
                one.replace(folder / one.name)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        sync_folder(folder)
