"""演练 by keys alone: the list of lessons and scenarios, and a drill beside everything else."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
import trials
from textual.pilot import Pilot

from screens.driving import _send, app_on, played, press, screen_text, settle, shown, type_in
from screens.player import (
    ACCOUNT,
    NAME,
    NEW,
    answer_rightly,
    drill,
    drill_app,
    inject,
    name_of,
    position,
)
from screens.stage import LESSON
from screens.test_every_screen import english
from yk.clock import VirtualClock
from yk.files import data_folder
from yk.scenario import playing
from yk.screens.app import YkApp
from yk.screens.drill_found import Where
from yk.screens.office import Office
from yk.settings import load as load_settings
from yk.text import cell_len

# -- the list ------------------------------------------------------------------------------------------------------
SCENARIOS = """
流程: 更名
场景:
  - {名称: '[red]甲[/red]', 当: [{建单: {用户: '1016000001'}}]}
  - {名称: 乙, 跳过: 等规则, 当: [{建单: {用户: '1016000001'}}]}
  - {名称: 丙, 当: [{办理: 业务受理}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Scenarios, a lesson, a file with a mistake, one that is only included."""
    (tmp_path / "场景.yk.yaml").write_text(SCENARIOS, encoding="utf-8")
    (tmp_path / "坏.yk.yaml").write_text("场景: [{名称: 坏, 当: [{胡来: 一}]}]", encoding="utf-8")
    (tmp_path / "_公共.yk.yaml").write_text("变量: {}", encoding="utf-8")
    (tmp_path / "课.yk.yaml").write_text(LESSON.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_the_list_has_lessons_first_and_says_what_cannot_be_played(folder: Path) -> None:
    async def play(pilot: Pilot[None]) -> None:
        lines = screen_text(pilot.app)
        assert "课  更名从头到尾" in lines[3]
        assert "共 5 个，课 1" in shown(pilot.app)
        assert "[red]甲[/red]" in shown(pilot.app)
        assert "公共" not in shown(pilot.app)
        await press(pilot, "slash")
        await type_in(pilot, "坏")
        await press(pilot, "enter")
        assert "更名从头到尾" not in shown(pilot.app)
        await press(pilot, "enter")
        assert "坏.yk.yaml:1" in shown(pilot.app)
        await press(pilot, "escape", "slash")
        await type_in(pilot, "乙")
        await press(pilot, "enter", "enter")
        assert "跳过：等规则" in shown(pilot.app)
        await press(pilot, "escape")
        assert "共 5 个" in shown(pilot.app)

    played(drill_app(str(folder)), play)


def test_a_scenario_that_fails_stops_there_and_says_what_was_expected(folder: Path) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await type_in(pilot, "丙")
        await press(pilot, "enter", "enter", "right")
        assert "✗ 与预期不符" in shown(pilot.app)
        assert "不符 拒绝：期望 通过，实际 还没有工单" in shown(pilot.app)
        await press(pilot, "f", "x")
        assert "没有提问，考不了" in shown(pilot.app)

    played(drill_app(str(folder)), play)


def test_markup_in_a_scenario_is_shown_as_it_is(folder: Path) -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "slash")
        await type_in(pilot, "甲")
        await press(pilot, "enter", "enter")
        assert "演练 › [red]甲[/red]" in shown(pilot.app)

    played(drill_app(str(folder)), play, (120, 40))


def test_a_file_is_opened_by_walking_to_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)

    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "escape", "o")
        await type_in(pilot, str(folder / "场景.yk.yaml"))
        await press(pilot, "enter")
        assert "共 3 个，课 0" in shown(pilot.app)

    played(drill_app(), play)


def test_scenarios_lie_where_the_setting_says_else_here_else_in_the_data_folder(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("leer"))
    assert Where().path() is None
    (data_folder() / "scenarios").mkdir(parents=True)
    assert Where().path() == data_folder() / "scenarios"
    Path("fixtures", "scenarios").mkdir(parents=True)
    assert Where().path() == Path("fixtures", "scenarios")
    assert Where("", str(folder)).path() == folder
    assert Where(str(LESSON), str(folder)).path() == LESSON
    (data_folder() / "scenarios").rmdir()


# -- beside everything else ----------------------------------------------------------------------------------------
def test_a_drill_leaves_the_open_store_as_it_is_to_the_byte(tmp_path: Path) -> None:
    from yk.archive.opening import open_store
    from yk.desk.setting_up import load_demonstration

    url = f"sqlite:///{tmp_path}/yk.db"
    store = open_store(url, create=True)
    load_demonstration(store)
    store.close()

    def content() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    before = content()
    settings = load_settings({})
    office = Office(url, "trainer", VirtualClock(trials.DAY), settings)

    async def play(pilot: Pilot[None]) -> None:
        await inject(pilot, "系统故障")
        await press(pilot, "left", *["right"] * 8)
        assert await name_of(pilot) == NEW
        await press(pilot, "f", "escape", "ctrl+r")

    place = {"file": str(LESSON), "lesson": NAME, "number": "2"}
    played(YkApp(office, "drill", place), play)
    assert content() == before


def test_the_screen_stays_alive_while_a_step_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, done, forward = Event(), Event(), playing.Player.forward

    def slow(player: playing.Player) -> object:
        begun.set()
        assert done.wait(20)
        return forward(player)

    monkeypatch.setattr(playing.Player, "forward", slow)

    async def play(pilot: Pilot[None]) -> None:
        _send(pilot, "right", None)
        while not begun.is_set():
            await pilot.pause(0.002)
        _send(pilot, "question_mark", "?")
        while "帮助：" not in shown(pilot.app):
            await pilot.pause(0.002)
        _send(pilot, "escape", None)
        done.set()
        await settle(pilot)
        assert await position(pilot) == 1

    played(drill_app(number=1), play)


def test_where_one_was_is_taken_up_again_but_no_exam() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "right", "right")
        place = drill(pilot).place()
        assert place == {"file": str(LESSON), "lesson": f"更名.yk.yaml::{NAME}", "number": "7"}
        await press(pilot, "1", "8")
        assert "第 6 步 / 共 8 步" in shown(pilot.app)
        await press(pilot, "x", "enter")
        assert "lesson" not in drill(pilot).place()

    played(drill_app(number=5), play)


@pytest.mark.parametrize("size", [(60, 20), (60, 24), (80, 24), (120, 40), (160, 50)])
@pytest.mark.parametrize("number", [1, 5, 7])
def test_a_lesson_fits_every_size(number: int, size: tuple[int, int]) -> None:
    async def play(pilot: Pilot[None]) -> None:
        for _ in range(2):
            lines = screen_text(pilot.app)
            assert [cell_len(line) for line in lines] == [size[0]] * size[1]
            assert english(shown(pilot.app)) == []
            assert "时间轴" in shown(pilot.app)
            await press(pilot, "n")

    played(drill_app(number=number), play, size)


def test_beside_the_lesson_stand_risks_and_controls_but_not_while_they_are_asked_for() -> None:
    async def play(pilot: Pilot[None]) -> None:
        assert "YXZY-YY-334 更名业务受理" in shown(pilot.app)
        assert "C1 ✗ 本户电费和违约金没交清的" in shown(pilot.app)
        await press(pilot, "g")
        assert "这一步有题，答完再看" in shown(pilot.app)
        await answer_rightly(pilot)
        assert "YXZY-YY-335 更名合同变更" in shown(pilot.app)

    played(drill_app(number=2), play, (120, 40))


def test_keys_that_do_nothing_now_say_why_in_the_help() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "question_mark")
        assert "现在不能：先打开一个场景" in shown(pilot.app)
        await press(pilot, "escape", "enter", "question_mark")
        assert "现在不能：已在开头" in shown(pilot.app)

    played(drill_app(), play, (120, 50))


def test_without_colour_every_mark_is_a_sign_and_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def play(pilot: Pilot[None]) -> None:
        for told in ("⊘ 如期被拒", "▪ 绿灯", "●━", "◉──"):
            assert told in shown(pilot.app)

    played(drill_app(number=3), play)


def test_the_app_at_the_drill_over_another_account_shows_its_own_world() -> None:
    """The world of a lesson is the demonstration archive, whatever store is open."""
    desk = trials.fresh()
    row = desk.store.table("customer").get(doc_id=ACCOUNT) or {}
    desk.store.table("customer").put([(ACCOUNT, {**row, "cons_name": "别的名字"})])
    place = {"file": str(LESSON), "lesson": NAME, "number": "1"}

    async def play(pilot: Pilot[None]) -> None:
        assert await name_of(pilot) not in ("别的名字", NEW)

    played(app_on(desk.store, desk.clock, desk.settings, "trainer", "drill", **place), play)


def test_wherever_the_cursor_is_the_arrows_step_and_z_enlarges_the_pane() -> None:
    async def play(pilot: Pilot[None]) -> None:
        await press(pilot, "tab", "right")
        assert await position(pilot) == 2
        await press(pilot, "z")
        assert "时间轴" not in shown(pilot.app)
        assert "YXZY-YY-334" in shown(pilot.app)
        await press(pilot, "right", "escape")
        assert await position(pilot) == 3
        assert "时间轴" in shown(pilot.app)
        await press(pilot, "R")
        assert await position(pilot) == 0

    played(drill_app(number=2), play, (120, 40))
