"""`yk scenario play`: a lesson shown step by step, in a terminal, on a pipe, or as files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import Command, command
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.scenario.playing import Player
    from yk.scenario.scenario import Scenario

_file = click.Path(path_type=Path)
_Function = TypeVar("_Function", bound=Callable[..., Any])
WIDTH, HEIGHT = 80, 24
lesson_argument = click.argument("path", metavar="FILE", type=_file, help="场景文件 *.yk.yaml")
scenario_option = click.option(
    "--scenario", "word", metavar="W", help="文件里有几个场景时要哪一个：编号，或名称里的字"
)
seed_option = click.option("--seed", metavar="N", type=int, help="随机的事故、题目的次序按这个种子")
_STEPS = [("number", "步"), ("mark", "结果"), ("text", "内容"), ("place", "位置")]


def lesson(path: Path, word: str | None, seed: int | None = None) -> Scenario:
    """The one scenario of a file that is meant, with this seed. Raises UsageError (`which_scenario`), what `load` raises."""
    from yk.scenario.many import chosen
    from yk.scenario.playing import is_playable
    from yk.scenario.reading import load

    read = load(path)
    found = chosen(read, (), (word,)) if word else [one for one in read if is_playable(one)] or read
    if len(found) > 1:
        exact = [one for one in found if word in (one.id, one.name)]
        if len(exact) != 1:
            names = "、".join(f"{one.id} {one.name}" if one.id != one.name else one.name for one in found[:9])
            raise UsageError(
                "which_scenario", f"{path} 里有 {len(found)} 个场景：{names}", "用 --scenario 指明"
            )
        found = exact
    if not is_playable(found[0]):
        why = found[0].skip or "一步也没有"
        raise UsageError("not_playable", f"场景“{found[0].name}”放不了：{why}")
    return found[0] if seed is None else replace(found[0], seed=seed)


class _Files(NamedTuple):
    """What is written instead of being shown."""

    cast: Path | None
    version: int
    pictures: Path | None
    font: str
    script: Path | None


class _Size(NamedTuple):
    """Cells asked for; None: the window's, or the usual ones."""

    width: int | None
    height: int | None

    @property
    def usual(self) -> tuple[int, int]:
        """The size where there is no window."""
        return self.width or WIDTH, self.height or HEIGHT


def _file_options(function: _Function) -> _Function:
    for option in (
        click.option(
            "--script", metavar="FILE.md", type=_file, help="另写成讲稿（Markdown）：步骤、讲稿、题目和答案"
        ),
        click.option("--font", metavar="NAME", default="", help="--svg 先用这个字体，要等宽且有汉字"),
        click.option("--svg", "pictures", metavar="DIR", type=_file, help="每步一张 SVG 图，写进这个文件夹"),
        click.option(
            "--cast-version",
            "version",
            type=click.IntRange(2, 3),
            default=2,
            help="录像的版本：2（缺省）或 3",
        ),
        click.option("--cast", metavar="FILE", type=_file, help="录成 asciicast（asciinema 播放），章为标记"),
    ):
        function = option(function)
    return function


@command(
    "play",
    help="播放场景：讲课、演示。在真引擎的临时世界里办，不碰真库；回退时世界一起回退。\n\n"
    "在终端里按键：空格 放/停，→ 下一步，← 回退，+ - 速度，g G 前后章，i 注入事故，t 动手、r 回到脚本，"
    "a 答题，h 提示，s 讲稿，R 重来，q 退出。没有终端就逐步打印。\n\n"
    "两个终端：讲师加 --notes 播放，第二个终端用同一个文件加 --follow 看讲稿、下一步、答案和待注入的事故，"
    "或加 --audience 看观众画面；都只读，跟着讲师走。",
    examples=[
        "yk scenario play 课.yk.yaml",
        "yk scenario play 课.yk.yaml --notes --step  # 讲师；另一终端：--follow",
        "yk scenario play 课.yk.yaml --cast 课.cast --svg 图/ --script 讲稿.md",
        "yk scenario play 更名.yk.yaml --scenario GM-001 | less",
    ],
    exits=[ExitCode.FAILED, ExitCode.UNREADABLE],
)
@lesson_argument
@scenario_option
@click.option("--speed", metavar="X", type=click.FloatRange(0.1, 100), default=1.0, help="几倍速，缺省 1")
@click.option("--step", "stepping", is_flag=True, help="停着开始，按一下走一步")
@click.option(
    "--notes", "publishing", is_flag=True, help="给第二个终端发布讲稿；没有终端时讲稿和答案一起打印"
)
@click.option("--follow", "following", is_flag=True, help="第二个终端：跟着讲师看讲稿和答案")
@click.option("--audience", is_flag=True, help="第二个终端：跟着讲师看观众画面")
@_file_options
@seed_option
@click.option("--width", metavar="N", type=click.IntRange(40, 400), help="画面宽，缺省随窗口，没有窗口 80")
@click.option("--height", metavar="N", type=click.IntRange(12, 200), help="画面高，缺省随窗口，没有窗口 24")
@pass_app
def play(
    app: App, path: Path, word: str | None, speed: float, stepping: bool, publishing: bool, following: bool,
    audience: bool, cast: Path | None, version: int, pictures: Path | None, font: str, script: Path | None,
    seed: int | None, width: int | None, height: int | None,
) -> ExitCode:  # fmt: skip
    """Play a lesson; on a pipe under --json `{scenario, id, flow, passed, title, misses, steps: [see `record`]}`.

    Exit 1 when a step does not go as it must, or what the scenario expects in the end does not hold.
    """
    from yk.cli.scenario_keys import is_terminal
    from yk.scenario.playing import Player

    if speed != speed:  # nan is in every range
        raise UsageError("bad_speed", "--speed 的值不对：不是数", "写成 0.1 到 100 的数")
    size, files = _Size(width, height), _Files(cast, version, pictures, font, script)
    if following or audience:
        _follow(app, path, size, audience)
        return ExitCode.DONE
    wanted = [one for one in (cast, script) if one is not None]
    for target in wanted:
        output.require_target(app, target)
    with Player(lesson(path, word, seed), seed=seed) as player:
        if wanted or pictures is not None:
            _film(app, player, size, speed, files)
        elif is_terminal() and not app.json:
            _present(app, player, size, speed, (stepping, publishing))
        else:
            _print(app, player, size, publishing)
        return _ended(app, player)


def _ended(app: App, player: Player) -> ExitCode:
    """What the scenario expects in the end is looked at, where it was played to its end."""
    from yk.scenario.telling import reason

    result = player.run.result
    if result.passed and player.coming is None and not player.by_hand:
        result = player.run.finish()
    if not result.passed:
        app.say(f"没有走通：{reason(result)}")
    return ExitCode.DONE if result.passed else ExitCode.FAILED


def _follow(app: App, path: Path, size: _Size, audience: bool) -> None:
    from yk.cli.scenario_follow import follow, once
    from yk.cli.scenario_keys import Terminal, is_terminal
    from yk.files import read_bytes
    from yk.scenario.notes import place_of

    read_bytes(path)  # a name that is mistyped is told, not waited for
    if is_terminal():
        follow(place_of(path), Terminal(size), audience)
    else:
        output.text(app, once(place_of(path), size.usual, audience))


def _present(app: App, player: Player, size: _Size, speed: float, how: tuple[bool, bool]) -> None:
    """Play by keys; `how`: standing at first, published."""
    from yk.cli.scenario_keys import Terminal
    from yk.cli.scenario_stage import Stage
    from yk.scenario.notes import place_of, withdraw

    stepping, publishing = how
    published = place_of(player.scenario.path) if publishing else None
    follow = f"第二个终端：yk scenario play {player.scenario.place.file} --follow"
    greeting = f"讲稿发布在 {published}；{follow}" if publishing else ""
    terminal = Terminal(size)
    try:
        with terminal:
            Stage(player, terminal, speed, not stepping and terminal.has_keys, published, greeting).run()
    finally:
        if published is not None:
            withdraw(published)
    app.say(
        f"放到第 {player.position} 步，共 {len(player.steps)} 步。{player.score_text()}".rstrip("。") + "。"
    )


def _film(app: App, player: Player, size: _Size, speed: float, files: _Files) -> None:
    """Write the files that are asked for; nothing is shown."""
    from yk.files import write_atomic
    from yk.scenario import filming
    from yk.scenario.script import script

    title, (width, height) = player.scenario.name, size.usual
    if files.script is not None:
        write_atomic(files.script, script(player.scenario).encode())
        app.say(f"已写入 {files.script}")
    film = list(filming.shots(player, width, height, speed))
    if files.cast is not None:
        filming.recording(film, width, height, title).write(files.cast, files.version)
        app.say(f"已写入 {files.cast}（{film[-1].until:.0f} 秒）")
    if files.pictures is not None:
        made = filming.pictures(film, files.pictures, title, files.font)
        app.say(f"已写入 {files.pictures}，{len(made)} 张")


def _print(app: App, player: Player, size: _Size, notes: bool) -> None:
    """Every step as a block of lines, or as JSON."""
    from yk.cli.scenario_page import after, asked, before, record

    width, steps = size.usual[0], []
    if not app.json:
        head = f"{player.scenario.name}（{len(player.steps)} 步）"
        output.text(app, f"{head}\n")
    while not player.ended:
        lines = [*before(player, width, notes), *asked(player, width, notes)]
        struck, questions = player.struck, [one.id for one in player.open_questions()]
        told = player.forward()
        steps.append(record(player, told, struck, questions))
        if not app.json:
            output.text(app, "".join(f"{line}\n" for line in [*lines, *after(player, told, width)]))
            sys.stdout.flush()
    if app.json:
        result, scenario = player.run.finish(), player.scenario
        answer = {
            "scenario": scenario.name,
            "id": scenario.id,
            "flow": scenario.flow,
            "passed": result.passed,
        }
        misses = [f"{one.where}：期望 {one.wanted}，实际 {one.found}" for one in result.misses]
        output.record(app, {**answer, "title": result.title, "misses": misses, "steps": steps}, _STEPS)


COMMANDS: tuple[Command, ...] = (play,)
