"""How every screen looks, at 80x24 and 120x40, in each theme: pictures (SVG) kept beside this file.

They are made anew by `YK_SNAPSHOTS=write pytest tests/screens/test_snapshots.py`; look at what changed before you commit it. They
hold for the library versions they were made with; with others the tests are passed over.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.driving import app_on, played
from screens.stage import Stage, screens, stage
from yk.screens.themes import NAMES, theme_name

FOLDER = Path(__file__).with_name("snapshots")
MADE_WITH = FOLDER / "made_with.txt"
SIZES = ((80, 24), (120, 40))
WRITE = os.environ.get("YK_SNAPSHOTS") == "write"
HERE = f"textual {version('textual')}, rich {version('rich')}"


@pytest.fixture(scope="module")
def scene() -> Stage:
    """One store for all: nothing is written."""
    if not WRITE and MADE_WITH.read_text(encoding="utf-8").strip() != HERE:
        pytest.skip(
            f"the pictures were made with {MADE_WITH.read_text(encoding='utf-8').strip()}, here is {HERE}"
        )
    return stage()


@pytest.mark.parametrize("theme", NAMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", screens())
def test_a_screen_looks_as_it_did(scene: Stage, screen: str, size: tuple[int, int], theme: str) -> None:
    pictures: list[str] = []

    async def play(pilot: Pilot[None]) -> None:
        pictures.append(pilot.app.export_screenshot())

    app = app_on(scene.store, scene.clock, scene.settings, "trainer", screen, **scene.place(screen))
    app.theme = theme_name(theme)
    played(app, play, size)
    file = FOLDER / f"{screen}-{size[0]}x{size[1]}-{theme}.svg"
    if WRITE:
        FOLDER.mkdir(exist_ok=True)
        file.write_text(pictures[0], encoding="utf-8")
        MADE_WITH.write_text(f"{HERE}\n", encoding="utf-8")
    assert pictures[0] == file.read_text(encoding="utf-8"), f"{file.name} looks different"


@pytest.mark.parametrize("theme", NAMES)
def test_every_picture_puts_each_chinese_character_on_two_cells(theme: str) -> None:
    """One x for every character: whatever font the viewer has, columns line up."""
    import html
    import re
    from itertools import pairwise

    from yk.text import cell_len

    text = (FOLDER / f"workbench-80x24-{theme}.svg").read_text(encoding="utf-8")
    found = re.findall(r'<text class="[^"]*-r[0-9]+" x="([\d. ]+)" y="[\d.]+"[^>]*>([^<]+)</text>', text)
    assert len(found) > 20
    for places, shown in found:
        characters = html.unescape(shown)
        xs = [float(x) for x in places.split()]
        assert len(xs) == len(characters)
        steps = [b - a for a, b in pairwise(xs)]
        assert steps == pytest.approx([10 * cell_len(char) for char in characters[:-1]], abs=0.11)
