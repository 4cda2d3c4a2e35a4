"""An installed yk holds every module and every data file of the tree."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOME = ROOT / "yk"


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in HOME.rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_data_file_is_packaged() -> None:
    lines = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()
    patterns = next(line.split()[2:] for line in lines if line.startswith("recursive-include yk "))
    files = [p for p in HOME.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")]
    assert [p.name for p in files if not any(fnmatch(p.name, pattern) for pattern in patterns)] == []
