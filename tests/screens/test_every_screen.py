"""What holds of every screen: Chinese only, nothing cut, esc leaves, keys shown with what they do."""

from __future__ import annotations

import re
from asyncio import run

import pytest
from textual.pilot import Pilot

from screens.driving import _send, app_on, played, press, screen_text, shown, type_in
from screens.stage import Stage, screens, stage
from yk.screens.app import YkApp
from yk.screens.keys import key_table
from yk.screens.registry import registry
from yk.screens.widgets.keybar import YkKeys
from yk.text import cell_len

SIZES = ((80, 24), (100, 30), (120, 40), (160, 50))
WORD = re.compile(r"[A-Za-z]{4,}")
ALLOWED = re.compile(r"YXZY-YY|keys\.yaml|home|SHA-256|HTML|CSV|csv|xlsx|kVA|kWh")
"""Names that are no words: codes of the manual, files, units."""


@pytest.fixture(scope="module")
def scene() -> Stage:
    """One store for all: nothing is written."""
    return stage()


def app_at(scene: Stage, screen: str, operator: str = "trainer") -> YkApp:
    return app_on(scene.store, scene.clock, scene.settings, operator, screen, **scene.place(screen))


def english(text: str) -> list[str]:
    """The English words of a screen."""
    return WORD.findall(ALLOWED.sub("", text))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", screens())
def test_a_screen_fills_its_size_and_speaks_chinese(scene: Stage, screen: str, size: tuple[int, int]) -> None:
    async def play(pilot: Pilot[None]) -> None:
        lines = screen_text(pilot.app)
        assert [cell_len(line) for line in lines] == [size[0]] * size[1]
        assert english(shown(pilot.app)) == []
        assert registry()[screen].name in lines[0] or screen == "step"
        assert "? 帮助" in lines[-1]

    played(app_at(scene, screen), play, size)


@pytest.mark.parametrize("screen", screens())
def test_the_help_names_every_key_in_chinese_and_escape_leaves(scene: Stage, screen: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, YkApp)
        before = shown(app)
        await press(pilot, "question_mark")
        assert english(shown(app)) == []
        assert "帮助：" in shown(app)
        await press(pilot, "pagedown")
        assert english(shown(app)) == []
        await press(pilot, "escape")
        assert shown(app).split("\n")[1:] == before.split("\n")[1:]
        for _ in range(4):
            await press(pilot, "escape")
        assert app.here is not None
        assert app.here.ID == "workbench"

    played(app_at(scene, screen), play)


@pytest.mark.parametrize("screen", screens())
def test_from_every_screen_the_palette_finds_by_name_number_and_initials(scene: Stage, screen: str) -> None:
    async def play(pilot: Pilot[None]) -> None:
        for word in ("更名", "gm", "334"):
            await press(pilot, "ctrl+p")
            await type_in(pilot, word)
            assert "更名" in shown(pilot.app)
            assert english(shown(pilot.app)) == []
            await press(pilot, "escape")
        await press(pilot, "ctrl+p")
        await type_in(pilot, "zzzz")
        assert "没有找到" in shown(pilot.app)

    played(app_at(scene, screen), play)


@pytest.mark.parametrize("keys", [("ctrl+n",), ("ctrl+n", "g", "m", "enter"), ("ctrl+o",)], ids=" ".join)
def test_dialogs_of_every_screen_speak_chinese(scene: Stage, keys: tuple[str, ...]) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, *keys)
        assert english(shown(pilot.app)) == []
        assert pilot.app.screen.is_modal
        await press(pilot, "escape")
        assert not pilot.app.screen.is_modal

    played(app_at(scene, "workbench"), play)


def test_a_key_that_does_nothing_now_stays_visible_and_says_why(scene: Stage) -> None:
    """The archivist looks at an order that is at the counter."""

    async def play(pilot: Pilot[None]) -> None:
        (keys,) = pilot.app.screen.query(YkKeys)
        against = {key.name: key.against for key in keys.keys()}  # noqa: SIM118  (no mapping)
        assert "没有这个角色" in against["发送"]
        assert "f9 发送" in shown(pilot.app)
        await press(pilot, "f9")
        assert "没有这个角色" in shown(pilot.app)
        assert not pilot.app.screen.is_modal

    played(app_at(scene, "step", "archivist"), play)


def test_every_action_has_an_id_of_its_own() -> None:
    ids = [line.id for line in key_table()]
    assert len(ids) == len(set(ids))
    assert all(line.text or line.screen in ("列表", "流程图") for line in key_table())


def test_keys_are_shown_in_the_keymap_of_the_user(scene: Stage) -> None:
    app = app_at(scene, "workbench")
    app.set_keymap({"workbench.new": "f2"})

    async def play(pilot: Pilot[None]) -> None:
        assert "f2 新建" in shown(pilot.app)
        await press(pilot, "f2")
        assert "哪一个流程" in shown(pilot.app)

    played(app, play)


def test_a_screen_keeps_its_place_when_the_terminal_changes_its_size(scene: Stage) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "down", "down")
        seen = pilot.app.screen.row["id"]  # type: ignore[attr-defined]
        for size in ((120, 40), (60, 20), (160, 50), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert pilot.app.screen.row["id"] == seen  # type: ignore[attr-defined]

    played(app_at(scene, "step"), play)


def test_lines_are_of_plain_characters_where_the_setting_says_so(scene: Stage) -> None:
    settings = scene.settings.with_values(borders="ascii")

    async def play(pilot: Pilot[None]) -> None:
        svg = pilot.app.export_screenshot()
        assert not set("─│╭╮╰╯┌┐└┘…") & set(svg)
        assert "更名" in svg

    app = app_on(scene.store, scene.clock, settings, "trainer", "flow", **scene.place("flow"))
    played(app, play, (120, 40))


def test_z_gives_a_pane_the_whole_screen_and_takes_it_back(scene: Stage) -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "表单" in screen_text(pilot.app)[4]
        before = shown(pilot.app)
        await press(pilot, "z")
        assert "供电单位" not in shown(pilot.app)
        await press(pilot, "z")
        assert shown(pilot.app) == before

    played(app_at(scene, "step"), play, (120, 40))


EARLY = [
    "left",
    "right",
    "up",
    "down",
    "home",
    "end",
    "pageup",
    "pagedown",
    "j",
    "k",
    "g",
    "G",
    "enter",
    "[",
    "]",
    ".",
    "/",
    "escape",
    "tab",
    "space",
    "f5",
    "z",
    "h",
    "o",
    "escape",
    "m",
]
"""Keys that come before anything is read; none of them writes."""


@pytest.mark.parametrize("screen", screens())
def test_keys_that_come_before_anything_is_read_do_no_harm(screen: str) -> None:
    scene = stage()
    app = app_on(scene.store, scene.clock, scene.settings, "archivist", screen, **scene.place(screen))

    async def whole() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            for key in EARLY:
                _send(pilot, key, key if len(key) == 1 else None)
            for _ in range(3):
                await pilot.pause(0.05)
        app.office.close()

    run(whole())
    assert app.return_value is None
