"""`yk scenario play`: a block a step on a pipe, files, keys in a terminal, and the second terminal beside it."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from drills import DRILL, written

from yk.cli.scenario_stage import KEYS, Stage
from yk.scenario.notes import notes_of, place_of, publish
from yk.scenario.playing import PAUSE, Player
from yk.scenario.reading import load
from yk.text import cell_len

from .conftest import Yk

TOLD = """\
先受理后补录（5 步）

【受理】
⚡ 注入 系统故障：营销系统突然没有反应，存盘一律失败；柜台前的客户等着办，问还要
        多久
"""
DONE = """\
✓  3  业务受理 → 合同变更
      2026-11-23 09:30，现在 更名 012611230001 合同变更，剩余时限 2 个工作日
"""


@pytest.fixture
def lesson(home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The lesson as a file; what is published of it stays in the test's own home."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return str(written(home))


# -- on a pipe ---------------------------------------------------------------------------------------------------
def test_without_a_terminal_every_step_is_a_block_of_lines(yk: Yk, lesson: str) -> None:
    done = yk("scenario", "play", lesson, "--step")
    assert done.code == 0
    assert done.out.startswith(TOLD)
    assert DONE in done.out
    assert "系统断了，人不能晾着" not in done.out
    assert "答  " not in done.out
    assert max(map(cell_len, done.out.splitlines())) <= 80


def test_with_notes_the_speaker_reads_the_speech_and_the_answers_too(yk: Yk, lesson: str) -> None:
    """TRN-002."""
    out = yk("scenario", "play", lesson, "--notes").out
    assert "讲稿  系统断了，人不能晾着。" in out
    assert "    答  抄表例日\n" in out


def test_json_says_of_every_step_what_became_of_it(yk: Yk, lesson: str) -> None:
    told = yk("scenario", "play", lesson, "--json").json
    assert (told["scenario"], told["id"], told["flow"], told["passed"]) == (
        "先受理后补录",
        "YL-001",
        "rename",
        True,
    )
    assert [one["number"] for one in told["steps"]] == [1, 2, 3, 4, 5]
    first, third = told["steps"][0], told["steps"][2]
    assert first["struck"].startswith("系统故障：")
    assert len(first["questions"]) == 3
    assert (third["mark"], third["case"], third["lamp"], third["chapter"]) == (
        "✓",
        "012611230001",
        "green",
        "受理",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("办理: 合同变更", "办理: 客户回访", "✗  4  办理 客户回访 → 被拒"),
        ("那么: {状态: 客户回访}", "那么: {状态: 已归档}", "没有走通：结果有 1 处不符：状态 期望 已归档"),
    ],
)
def test_a_lesson_that_does_not_go_as_it_says_ends_with_1(
    yk: Yk, home: Path, old: str, new: str, said: str
) -> None:
    broken = str(written(home, DRILL.replace(old, new)))
    done = yk("scenario", "play", broken)
    assert done.code == 1
    assert said in done.out + done.err
    answer = yk("scenario", "play", broken, "--json")
    assert (answer.code, answer.json["passed"]) == (1, False)
    assert answer.json["misses"]


def test_of_several_scenarios_one_must_be_named(yk: Yk, home: Path) -> None:
    more = (
        DRILL
        + "  - 名称: 另一个\n    当: [{受理: {用户: '${户}'}, 照例: 是}]\n  - {名称: 以后, 跳过: 等口径, 当: [{过: 1天}]}\n"
    )
    path = str(written(home, more))
    done = yk("scenario", "play", path)
    assert (done.code, "YL-001 先受理后补录、另一个" in done.err) == (2, True)
    for word, said in (("YL-001", "先受理后补录（5 步）"), ("另一个", "另一个（1 步）"), ("补录", "先受理")):
        assert yk("scenario", "play", path, "--scenario", word).out.startswith(said)
    assert "放不了：等口径" in yk("scenario", "play", path, "--scenario", "以后").err
    assert yk("scenario", "play", path, "--scenario", "没有").code == 2


def test_a_seed_decides_what_chance_brings(yk: Yk, home: Path) -> None:
    """TRN-006."""
    chance = DRILL.replace(
        "办理: 信息归档", "办理: 信息归档\n        注入: {事故: 客户激增, 时机: 随机, 风险: 334.1.R1}"
    )
    path = str(written(home, chance))
    outs = {seed: yk("scenario", "play", path, "--seed", seed).out for seed in "123456"}
    assert len({"客户激增：" in out for out in outs.values()}) == 2
    assert outs["3"] == yk("scenario", "play", path, "--seed", "3").out


def test_the_real_store_is_not_touched(demo: Yk, lesson: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """TRN-019: whatever happens in a lesson, the store's bytes are the same before and after."""

    def digest() -> dict[str, str]:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path().iterdir())}

    before = digest()
    assert demo("scenario", "play", lesson).code == 0
    assert demo("scenario", "play", lesson, "--json").code == 0
    assert demo("scenario", "play", lesson, "--store", "nowhere.db").code == 0
    assert digest() == before


# -- files -------------------------------------------------------------------------------------------------------
def test_files_are_written_and_nothing_is_shown(yk: Yk, lesson: str, home: Path) -> None:
    """TRN-016, TRN-017."""
    cast, folder, script = home / "课.cast", home / "图", home / "讲稿.md"
    words = [
        "--cast",
        str(cast),
        "--svg",
        str(folder),
        "--script",
        str(script),
        "--speed",
        "2",
        "--font",
        "黑体",
    ]
    done = yk("scenario", "play", lesson, *words)
    assert (done.code, done.out) == (0, "")
    events = [json.loads(line) for line in cast.read_text(encoding="utf-8").splitlines()]
    assert events[0] == {
        "version": 2,
        "width": 80,
        "height": 24,
        "idle_time_limit": PAUSE / 2,
        "title": "先受理后补录",
    }
    assert [data for _, kind, data in events[1:] if kind == "m"] == ["受理", "变更"]
    assert len(list(folder.iterdir())) == 6
    assert "黑体" in (folder / "step-01.svg").read_text(encoding="utf-8")
    assert script.read_text(encoding="utf-8").startswith("# 讲稿：系统断了怎么办\n")
    assert cast.stat().st_mode & 0o777 == 0o600


def test_a_recording_may_be_of_version_3_and_any_size(yk: Yk, lesson: str, home: Path) -> None:
    cast = home / "课.cast"
    yk(
        "scenario",
        "play",
        lesson,
        "--cast",
        str(cast),
        "--cast-version",
        "3",
        "--width",
        "100",
        "--height",
        "30",
    )
    head = json.loads(cast.read_text(encoding="utf-8").splitlines()[0])
    assert (head["version"], head["term"]) == (3, {"cols": 100, "rows": 30})


def test_what_cannot_be_written_is_told_before_anything_is_played(yk: Yk, lesson: str, home: Path) -> None:
    assert yk("scenario", "play", lesson, "--cast", str(home / "no" / "x.cast")).code == 3
    assert yk("scenario", "play", lesson, "--script", str(home)).code == 3
    (home / "file").write_text("", encoding="utf-8")
    assert yk("scenario", "play", lesson, "--svg", str(home / "file")).code == 3


@pytest.mark.parametrize(
    "words",
    [["无.yk.yaml"], ["无.yk.yaml", "--follow"], ["无.yk.yaml", "--audience"]],
)
def test_a_file_that_is_not_there_is_told(yk: Yk, words: list[str]) -> None:
    done = yk("scenario", "play", *words)
    assert (done.code, "无.yk.yaml" in done.err) == (3, True)


# -- keys, without a terminal ------------------------------------------------------------------------------------
class Played:
    """A terminal whose keys are written down beforehand: a text is a key, a number are seconds without any; `typed` are
    the lines. `pages` is what was painted."""

    has_keys = True
    size = (80, 24)

    def __init__(self, keys: Iterable[str | float], typed: Iterable[str] = ()) -> None:
        self._keys, self._typed = list(keys), list(typed)
        self.now = 0.0
        self.pages: list[str] = []

    def paint(self, lines: list[str]) -> None:
        assert len(lines) == 24
        assert all(cell_len(line) <= 80 for line in lines)
        self.pages.append("\n".join(lines))

    def key(self, wait: float | None = None) -> str:
        if not self._keys:
            return "q"
        first = self._keys[0]
        if isinstance(first, str):
            return str(self._keys.pop(0))
        assert wait is not None
        self.now += min(wait, first)
        self._keys[0] = first - min(wait, first)
        if not self._keys[0]:
            self._keys.pop(0)
        return ""

    def line(self, prompt: str) -> str:
        return self._typed.pop(0)


def played(
    folder: Path, keys: Iterable[str | float], typed: Iterable[str] = (), text: str = DRILL, **how: object
) -> tuple[Player, list[str]]:
    """The lesson after these keys, and the pages that were painted."""
    terminal = Played(keys, typed)
    player = Player(load(written(folder, text))[0])
    Stage(player, terminal, playing=bool(how.get("playing")), clock=lambda: terminal.now).run()  # type: ignore[arg-type]
    player.close()
    return player, terminal.pages


NO_QUESTIONS = "流程: 更名\n场景: [{名称: 短, 当: [{过: 1天}, {过: 2天}, {过: 3天}, {过: 4天}]}]\n"


def test_keys_go_forward_and_back_and_to_chapters(home: Path) -> None:
    """TRN-001, TRN-003."""
    assert played(home, ["right", "n", ".", "enter"])[0].position == 4
    assert played(home, ["n", "n", "left", "b", "b"])[0].position == 0
    assert played(home, ["g"])[0].position == 3
    assert played(home, ["g", "n", "G"])[0].position == 3
    assert played(home, ["g", "G", "R"])[0].position == 0
    assert "后面没有章了" in played(home, ["g", "g"])[1][-1]
    assert "已经在开头" in played(home, ["b"])[1][-1]


def test_it_plays_by_itself_at_the_speed_that_is_set(home: Path) -> None:
    """TRN-001."""
    assert played(home, [PAUSE - 0.1], text=NO_QUESTIONS, playing=True)[0].position == 0
    assert played(home, [PAUSE, PAUSE], text=NO_QUESTIONS, playing=True)[0].position == 2
    assert played(home, ["+", "+", PAUSE / 2, PAUSE / 2], text=NO_QUESTIONS, playing=True)[0].position == 2
    assert played(home, ["-", "-", PAUSE], text=NO_QUESTIONS, playing=True)[0].position == 0
    assert played(home, ["space", PAUSE, PAUSE], text=NO_QUESTIONS, playing=True)[0].position == 0
    assert played(home, [PAUSE * 9], text=NO_QUESTIONS)[0].position == 0
    player, pages = played(home, ["space", *[PAUSE] * 6], text=NO_QUESTIONS)
    assert player.ended
    assert "走完了" in pages[-1]


def test_the_speed_stays_within_its_scale(home: Path) -> None:
    assert "停 ×8 ─" in played(home, ["+"] * 12)[1][-1]
    assert "停 ×0.25 ─" in played(home, ["-"] * 12)[1][-1]


def test_by_itself_it_stops_where_a_question_is_open(home: Path) -> None:
    assert played(home, [PAUSE * 9], playing=True)[0].position == 0
    player, pages = played(home, ["space", *[PAUSE] * 9])
    assert player.position == 3
    assert "停 ×1" in pages[-1]


def test_a_question_is_answered_by_letters_and_the_learner_is_told(home: Path) -> None:
    """TRN-007, TRN-011."""
    keys = ["g", "n", "h", "a"]
    right = next(letter for letter in "ABC" if "对。" in played(home, keys, [letter])[1][-1])
    wrong = next(letter for letter in "ABC" if letter != right)
    player, pages = played(home, keys, [wrong])
    assert "有 1 项是对的" in pages[-2]
    assert f"不对，应是：{right} 抄表例日" in pages[-1]
    assert player.answers["YL-001/5.1"].hints == 1
    assert "没有“Q”这个选项" in played(home, keys, ["Q"])[1][-1]
    assert not played(home, keys, [""])[0].answers
    assert "现在没有要答的题" in played(home, ["n", "a"])[1][-1]


def test_a_clause_is_repeated_word_for_word(home: Path) -> None:
    """TRN-020."""
    text = DRILL.replace("提问: [{措施: 2.R1}]", "提问: {唱票: 2.R1}")
    clause = "核签署人证件和授权，授权书要在期内、写明可签供用电合同"
    assert "对。" in played(home, ["g", "a"], [clause], text)[1][-1]
    assert "不对，应是：" in played(home, ["g", "a"], ["核过了"], text)[1][-1]


def test_something_is_done_by_hand_and_judged_then_the_script_goes_on(home: Path) -> None:
    """TRN-004, TRN-008."""
    lines = [
        "B",
        "B",
        "事件: {手工登记: {用户: '1016000001'}}",
        "事件: {系统恢复: 是}",
        "{受理: {用户: '1016000001'}, 照例: 是}",
    ]
    player, pages = played(home, ["a", "a", "a", "t", "t", "t", "a", "r", "n"], lines)
    assert "先按 t 动手办" in pages[3]
    assert "自己动手，停 ×1" in pages[5]
    assert "业务受理 → 合同变更（r 回到脚本）" in pages[6]
    assert "对。" in pages[7]
    assert "回到脚本" in pages[8]
    assert player.position == 1
    assert "没有离开脚本" in played(home, ["r"])[1][-1]
    assert "步骤应写成" in played(home, ["t"], ["胡说"])[1][-1]
    assert not played(home, ["t"], [""])[0].by_hand


def test_the_trainer_lets_an_incident_strike_from_the_menu(home: Path) -> None:
    """TRN-005, TRN-006."""
    pages = played(home, ["g", "i", "3"])[1]
    assert "3 客户激增" in pages[-2]
    assert "【注入】客户激增：" in pages[-1]
    assert "没有注入" in played(home, ["i", "esc"])[1][-1]
    assert "要先有工单" in played(home, ["i", "4"])[1][-1]


def test_the_speech_is_shown_when_it_is_asked_for(home: Path) -> None:
    assert "讲解 " not in played(home, [])[1][-1]
    assert "讲解 系统断了" in played(home, ["s"])[1][-1]
    assert "讲解 " not in played(home, ["s", "s"])[1][-1]


def test_a_step_that_fails_is_said_and_an_unknown_key_too(home: Path) -> None:
    text = DRILL.replace("办理: 合同变更", "办理: 客户回访")
    pages = played(home, ["g", "n"], text=text)[1]
    assert "这一步没有照脚本走通" in pages[-1]
    assert "演练已结束" in played(home, ["g", "n", "n"], text=text)[1][-1]
    assert played(home, ["x"])[1][-1].count(KEYS) == 2
    assert cell_len(KEYS) < 80


# -- keys, in a terminal -----------------------------------------------------------------------------------------
on_a_pty = pytest.mark.skipif(sys.platform == "win32", reason="a pty is of Unix")


@on_a_pty
def test_the_speaker_and_the_audience_follow_the_presenter(yk: Yk, lesson: str, home: Path) -> None:
    """TRN-001, TRN-002, TRN-018."""
    from .terminals import Window

    with (
        Window("scenario", "play", lesson, "--step", "--notes", columns=90, lines=28) as presenter,
        Window("scenario", "play", lesson, "--follow") as speaker,
    ):
        presenter.wait_for("第 0 步 / 共 5 步")
        presenter.wait_for("讲稿发布在")
        speaker.wait_for("讲师提词 › 先受理后补录")
        assert "系统断了，人不能晾着。" in speaker.text
        presenter.press("\x1b[C", "第 1 步 / 共 5 步")
        speaker.wait_for("第 1 步 / 共 5 步")
        presenter.press("→.", "第 2 步")
        presenter.press("\x1b[D", "第 1 步")
        speaker.wait_for("第 1 步")
        presenter.press("t", "动手（一个步骤")
        presenter.press("事件: {系统恢复: 是}\r", "自己动手，停")
        presenter.press("ｒ", "回到脚本，动手做的都撤销了")
        presenter.press("g", "第 3 步")
        presenter.press("a", "答（字母）")
        presenter.press("Z\r", "没有“Z”这个选项")
        for words, said in ((["--audience"], "第 3 步 / 共 5 步"), (["--follow"], "答案    ")):
            assert said in yk("scenario", "play", lesson, *words).out
        assert "签署人证件和授权" not in yk("scenario", "play", lesson, "--audience").out.partition("A  ")[0]
        assert presenter.leave("q") == 0
        assert presenter.is_as_before
        speaker.wait_for("讲师还没有播放，或已经退出")
        assert speaker.leave("q") == 0
    assert yk("scenario", "play", lesson, "--follow").code == 1


@on_a_pty
def test_a_break_leaves_the_terminal_as_it_was(lesson: str) -> None:
    from .terminals import Window

    with Window("scenario", "play", lesson) as window:
        window.wait_for("第 0 步")
        assert not window.is_as_before
        assert window.interrupt() == 130
        assert window.is_as_before


@on_a_pty
def test_a_terminal_without_keys_takes_a_line_for_one(lesson: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from .terminals import Window

    monkeypatch.setenv("TERM", "dumb")
    with Window("scenario", "play", lesson, lines=60) as window:
        window.wait_for("第 0 步")
        window.press("\r", "第 1 步")
        window.press("n\r", "第 2 步")
        assert window.leave("q\r") == 0


# -- the second terminal on a pipe -------------------------------------------------------------------------------
def test_on_a_pipe_the_present_moment_is_printed_once(yk: Yk, lesson: str, home: Path) -> None:
    """TRN-018."""
    with Player(load(Path(lesson))[0]) as player:
        for number in range(3):
            publish(notes_of(player), place_of(Path(lesson)))
            speaker, audience = (yk("scenario", "play", lesson, how) for how in ("--follow", "--audience"))
            assert f"第 {number} 步 / 共 5 步" in speaker.out
            assert f"第 {number} 步 / 共 5 步" in audience.out
            assert ("系统断了" in speaker.out, "系统断了" in audience.out) == (number == 0, False)
            player.forward()


def test_without_a_presenter_the_second_terminal_says_so(yk: Yk, lesson: str) -> None:
    done = yk("scenario", "play", lesson, "--follow")
    assert (done.code, "没有人在播放" in done.err) == (1, True)


def test_a_speed_that_is_no_number_is_told(yk: Yk, lesson: str, home: Path) -> None:
    done = yk("scenario", "play", lesson, "--speed", "nan", "--cast", str(home / "x.cast"))
    assert done.code == 2
    assert "--speed 的值不对" in done.err
    assert not (home / "x.cast").exists()
