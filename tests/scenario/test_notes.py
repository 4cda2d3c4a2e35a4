"""The second terminal: what the presenter publishes, what the speaker sees of it and what the audience sees."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from drills import DRILL, drill, written

from yk.errors import UnreadableError
from yk.scenario.notes import Notes, notes_of, page, place_of, publish, published, withdraw
from yk.scenario.playing import Player
from yk.scenario.stages import frame
from yk.text import cell_len

SPEECH = "系统断了，人不能晾着。先登记在纸上，恢复后当天补录。"
RIGHT = "来人扎堆、人手生疏，或电脑、系统、电源出故障，窗口乱套招来投诉"


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    """The lesson, about to begin."""
    with Player(drill(tmp_path)) as made:
        yield made


def text(notes: Notes, width: int = 80, height: int = 24) -> str:
    """The speaker's page without its blanks."""
    return "".join("".join(page(notes, width, height)).split())


# -- two sides ---------------------------------------------------------------------------------------------------
def test_the_speaker_sees_what_the_audience_does_not(player: Player) -> None:
    """TRN-002."""
    notes = notes_of(player)
    audience = "".join("".join(frame(notes.shown, 80, 24)).split())
    letter = "ABCD"[[one.text for one in player.open_questions()[0].options].index(RIGHT)]
    assert notes.speech == SPEECH
    assert notes.answer == f"{letter} {RIGHT}"
    assert notes.coming == "事件 手工登记 1016000001"
    for hidden in ("讲稿", "答案", SPEECH, "YXZY-YY-334"):
        assert hidden in text(notes)
        assert hidden not in audience


def test_the_speaker_knows_what_is_to_be_done(player: Player) -> None:
    for one in player.open_questions()[:2]:
        player.answer(one, one.right)
    assert notes_of(player).question.startswith("动手办：")
    assert notes_of(player).answer.startswith("由世界判定：先在纸质受理单上登记")


def test_incidents_to_come_are_told_the_trainers_own_and_those_of_chance_too(tmp_path: Path) -> None:
    with_more = DRILL.replace(
        "办理: 信息归档", "办理: 信息归档\n        注入: {事故: 客户投诉, 时机: 热键, 风险: 337.3.R1}"
    )
    with_more = with_more.replace(
        "办理: 合同变更", "办理: 合同变更\n        注入: {事故: 客户激增, 时机: 随机, 风险: 334.1.R1}"
    )
    told = []
    for seed in range(9):
        with Player(drill(tmp_path, with_more.replace("种子: 7", f"种子: {seed}"))) as player:
            first, second = notes_of(player).injections
            told.append(first)
            player.go_to(5)
            assert notes_of(player).injections == (second,)
    assert second == "第 5 步前按 i 注入：客户投诉"
    assert set(told) == {"第 4 步：客户激增（随机，这次会来）", "第 4 步：客户激增（随机，这次不来）"}


def test_at_the_end_nothing_is_left_to_say(player: Player) -> None:
    player.go_to(6)
    notes = notes_of(player)
    assert (notes.speech, notes.coming, notes.question, notes.answer, notes.injections) == (
        "",
        "",
        "",
        "",
        (),
    )


# -- published ---------------------------------------------------------------------------------------------------
def test_a_moment_is_read_as_it_was_published(player: Player, tmp_path: Path) -> None:
    """TRN-018: the others follow every step."""
    path = tmp_path / "new" / "notes.json"
    assert published(path) is None
    for _ in range(5):
        publish(notes_of(player, "停 ×1"), path)
        assert published(path) == notes_of(player, "停 ×1")
        player.forward()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    withdraw(path)
    withdraw(path)
    assert published(path) is None


def test_the_same_lesson_is_published_at_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    here = place_of(Path(path.name))
    assert here == place_of(path)
    assert here.parent.name == "drills"
    assert here != place_of(tmp_path / "other.yk.yaml")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert place_of(path) == tmp_path / "yk" / here.name


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"shown": {}}', b'{"shown": []}'])
def test_what_is_no_such_file_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match="不是讲稿文件") as caught:
        published(path)
    assert str(path) in caught.value.message


def test_a_key_more_or_less_is_no_such_file(player: Player, tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    publish(notes_of(player), path)
    kept = json.loads(path.read_bytes())
    for changed in (kept | {"wish": 1}, kept | {"shown": kept["shown"] | {"wish": 1}}):
        path.write_text(json.dumps(changed), encoding="utf-8")
        with pytest.raises(UnreadableError):
            published(path)


# -- the page ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 6)])
def test_the_page_is_as_large_as_asked(size: tuple[int, int], player: Player) -> None:
    width, height = size
    lines = page(notes_of(player), width, height)
    assert len(lines) == height
    assert {cell_len(line) for line in lines} == {width}


def test_the_page_says_what_was_done_and_where_the_order_stands(player: Player) -> None:
    player.go_to(5)
    shown = text(notes_of(player))
    assert "刚办完✓合同变更→信息归档" in shown
    assert "现在更名012611230001信息归档" in shown


@pytest.mark.skipif(os.name != "posix", reason="asks the system for a process")
def test_a_presenter_who_was_killed_is_not_followed(player: Player, tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    publish(notes_of(player), path)
    assert published(path) is not None
    with Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    path.write_text(
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"by": gone.pid}), encoding="utf-8"
    )
    assert published(path) is None


def test_before_the_first_step_nothing_was_done(player: Player) -> None:
    assert "刚办完" not in text(notes_of(player))
    player.forward()
    assert "刚办完" in text(notes_of(player))
