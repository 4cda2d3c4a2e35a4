"""`yk scenario quiz`, `review`: questions without a lesson, of the manual and of what somebody missed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import Command, command
from yk.cli.scenario_keep import (
    RESULT,
    Files,
    folder_option,
    minutes_since,
    person_of,
    person_option,
    require_asking,
    show,
)
from yk.errors import ExitCode, UnreadableError, UsageError

if TYPE_CHECKING:
    from yk.scenario.paper import Paper

_EXITS = [ExitCode.FAILED, ExitCode.UNREADABLE]


@command(
    "quiz",
    help="按作业手册出题考一个人：每条风险一题识别、一题选控，涉及人身的加唱票复诵；答完一题就说对错和条文。",
    examples=[
        "yk scenario quiz 334 335 --as li01",
        "yk scenario quiz YXZY-YY-334 --as li01 --count 20 --seed 3",
    ],
    exits=_EXITS,
)
@click.argument(
    "entries", metavar="ENTRY…", nargs=-1, required=True, help="作业项编号，如 334 或 YXZY-YY-334"
)
@person_option
@click.option("--count", metavar="N", type=click.IntRange(1, 500), default=10, help="出几题，缺省 10")
@click.option("--seed", metavar="N", type=int, default=0, help="按这个种子抽题，同一种子题目相同")
@folder_option
@pass_app
def quiz(
    app: App, entries: tuple[str, ...], person: str | None, count: int, seed: int, folder: Path | None
) -> ExitCode:
    """Ask questions of entries; JSON as of `exam`. Exit 1 when it was not passed."""
    from yk.flows.catalogue import find
    from yk.scenario.paper import paper_from_manual

    who = person_of(app, person)
    return _ask(app, paper_from_manual([find(one).code for one in entries], count, who, seed), Files(folder))


@command(
    "review",
    help="间隔复习：答错、用了提示的题，1、3、7 天后再考，又错从头算。今天该复习的一次考完；动手题在原来的课里重做。",
    examples=["yk scenario review --as li01", "yk scenario review --as li01 --now 2026-11-30"],
    exits=_EXITS,
)
@person_option
@folder_option
@pass_app
def review(app: App, person: str | None, folder: Path | None) -> ExitCode:
    """Ask what is due today; JSON as of `exam`, `{}` when nothing is. Exit 1 when it was not passed."""
    from yk.scenario.classbook import due_on
    from yk.scenario.exam import results
    from yk.scenario.paper import paper_again
    from yk.scenario.questions import RISK

    who = person_of(app, person)
    if folder is not None and not folder.is_dir():
        raise UnreadableError("file_missing", f"没有 {folder} 这个文件夹", "检查路径")
    due = due_on(results(folder), f"{app.clock():%Y-%m-%d}", who)
    missed = sorted((one.question for one in due), key=lambda ident: f"/{RISK}" not in ident)
    try:
        paper = paper_again(missed, who)  # which risk it is comes first: the other questions tell it
    except UsageError as error:
        if error.code != "no_questions":
            raise
        app.say(f"{error.message}：{error.hint}" if due else f"{who} 今天没有要复习的题")
        if app.json:
            output.record(app, {}, RESULT)
        return ExitCode.DONE
    return _ask(app, paper, Files(folder))


def _ask(app: App, paper: Paper, files: Files) -> ExitCode:
    """Ask a paper without a lesson, question after question."""
    from yk.cli.manual_page import width_of
    from yk.cli.scenario_asking import Asker
    from yk.scenario.quizzing import Quiz

    require_asking(app)
    files.require(app)
    desk, began = Quiz(paper, app.clock), time.monotonic()
    asker = Asker(width_of(app), len(desk.questions), tell=True)
    for one in desk.questions:
        asker.ask(desk, one, desk.numbers[one.id])
    return show(app, desk.result(app.clock().isoformat(), minutes_since(app, began)), files)


COMMANDS: tuple[Command, ...] = (quiz, review)
