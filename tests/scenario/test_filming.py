"""A lesson as files: a recording with chapters, pictures, a script on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest
from drills import DRILL, drill

from yk.errors import UnreadableError
from yk.scenario.filming import pictures, recording, shots
from yk.scenario.playing import Player
from yk.scenario.script import script


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    """The lesson, about to begin."""
    with Player(drill(tmp_path)) as made:
        yield made


def test_a_film_has_a_frame_before_the_first_step_and_one_after_each(player: Player) -> None:
    film = list(shots(player, 80, 24))
    assert [one.step for one in film] == [0, 1, 2, 3, 4, 5]
    assert [one.chapter for one in film] == ["", "受理", "", "", "变更", ""]
    assert [one.at for one in film[1:]] == [one.until for one in film[:-1]]
    assert {len(one.lines) for one in film} == {24}


def test_twice_as_quick_takes_half_as_long(player: Player) -> None:
    once = list(shots(player, 80, 24))[-1].until
    player.restart()
    assert list(shots(player, 80, 24, 2.0))[-1].until == pytest.approx(once / 2)


def test_the_recording_played_back_shows_the_frames(player: Player) -> None:
    """TRN-016."""
    film = list(shots(player, 80, 24))
    events = [json.loads(line) for line in recording(film, 80, 24, "课").text().splitlines()[1:]]
    assert [data for _, kind, data in events if kind == "m"] == ["受理", "变更"]
    screen = pyte.Screen(80, 24)
    stream = pyte.Stream(screen)
    frames = [(at, data) for at, kind, data in events if kind == "o"]
    assert [at for at, _ in frames] == [*(one.at for one in film), film[-1].until]
    for (_, data), one in zip(frames, film, strict=False):
        stream.feed(data)
        assert [line.rstrip() for line in screen.display] == [line.rstrip() for line in one.lines]


def test_pictures_are_numbered_by_step_and_fetch_nothing(player: Player, tmp_path: Path) -> None:
    """TRN-017."""
    made = pictures(shots(player, 80, 24), tmp_path / "a" / "b", "课", "文泉驿等宽正黑")
    assert [path.name for path in made] == [f"step-0{number}.svg" for number in range(6)]
    for path in made:
        text = path.read_text(encoding="utf-8")
        assert text.count("http") == 1  # the name of the format
        assert "'文泉驿等宽正黑', 'Sarasa Mono SC'" in text.replace("&#x27;", "'")


def test_a_folder_that_cannot_be_made_is_told(player: Player, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("", encoding="utf-8")
    with pytest.raises(UnreadableError, match="写不进"):
        pictures(shots(player, 80, 24), tmp_path / "a" / "b", "课")


def test_a_film_ends_where_a_step_fails(tmp_path: Path) -> None:
    with Player(drill(tmp_path, DRILL.replace("办理: 合同变更", "办理: 客户回访"))) as player:
        film = list(shots(player, 80, 24))
    assert film[-1].step == 4
    assert "与预期不符" in "".join(film[-1].lines)


def test_the_script_holds_what_is_said_done_and_asked(tmp_path: Path) -> None:
    text = script(drill(tmp_path))
    assert text.startswith("# 讲稿：系统断了怎么办\n\n- 时长：20 分钟\n- 及格分：80\n\n## 受理\n\n### 1. ")
    for part in (
        "- 注入（到步）：系统故障，",
        "- 该怎么办：先在纸质受理单上登记",
        "> 补录时和平常一样逐项核对。",
        "## 变更\n\n### 4. 办理 合同变更",
        "**提问（自拟题）** 归档前看哪一项",
        "- 应做：先在纸质受理单上登记",
        "- 条文：YXZY-YY-335 更名合同变更，2 协商与签署，R1",
    ):
        assert part in text
    assert "\n\n\n" not in text


def test_the_scripts_letters_are_those_of_the_screen(player: Player, tmp_path: Path) -> None:
    text = script(drill(tmp_path))
    one = player.open_questions()[0]
    right = next(f"{'ABCD'[n]} {o.text}" for n, o in enumerate(one.options) if o.id in one.right)
    assert f"- {right} ✓\n" in text
