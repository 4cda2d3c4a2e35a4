"""`yk scenario exam`: a lesson is sat, the score is kept, passing puts roles in force; with the other commands of learning."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from yk.cli import output, scenario_quiz, scenario_results
from yk.cli.app import App, pass_app
from yk.cli.lazy import Command, command
from yk.cli.scenario_keep import (
    Files,
    folder_option,
    minutes_since,
    person_of,
    person_option,
    require_asking,
    show,
)
from yk.cli.scenario_play import lesson, lesson_argument, scenario_option, seed_option
from yk.errors import ExitCode

if TYPE_CHECKING:
    from yk.scenario.answering import Given
    from yk.scenario.questions import Question
    from yk.scenario.sitting import Sitting

Data = dict[str, Any]
_file = click.Path(path_type=Path)
_EXITS = [ExitCode.FAILED, ExitCode.UNREADABLE]
_PAPER = [("number", "题号"), ("kind_name", "题型"), ("text", "题目"), ("question", "编号")]


@command(
    "exam",
    help="考一个人：识别风险、选预控措施、动手办、唱票复诵。动手的由世界判定，判完撤销，脚本接着走；不碰真库。\n\n"
    "及格的，课程里“解锁角色”中等他考试合格的角色（yk operator add --until-exam）在真库里生效。不及格退出码 1。",
    examples=[
        "yk scenario exam 课.yk.yaml --as li01",
        "yk scenario exam 课.yk.yaml --as li01 --debrief 复盘.html -o 成绩.json",
        "yk scenario exam 课.yk.yaml --as li01 --paper  # 只看试卷",
        "yk scenario exam 课.yk.yaml --as li01 --answers 答案.yaml --json",
    ],
    exits=_EXITS,
)
@lesson_argument
@person_option
@scenario_option
@seed_option
@click.option("--answers", "given", metavar="FILE", type=_file, help="答案文件（YAML，题号: 答案），不再提问")
@click.option("--paper", "only_paper", is_flag=True, help="只列出这个人的试卷，不考")
@folder_option
@click.option(
    "-o", "--output", "copy", metavar="FILE", type=_file, help="成绩另存一份 JSON；- 打印，同 --json"
)
@click.option("--debrief", metavar="FILE", type=_file, help="复盘写成 .md 或 .html")
@pass_app
def exam(
    app: App, path: Path, person: str | None, word: str | None, seed: int | None, given: Path | None,
    only_paper: bool, folder: Path | None, copy: Path | None, debrief: Path | None,
) -> ExitCode:  # fmt: skip
    """Sit an exam; under --json the result (`yk.scenario.exam`) with `file`, `missed: [{question, kind, risk, entry, clause,
    text, answer}]`, `unlocked: [role]`, `not_unlocked: [{role, reason}]`.

    With --paper `[{number, question, kind, kind_name, step, text, options: [{letter, id, text}]}]`. Minutes are real ones; with a
    fixed clock those of the file of answers, else none.
    """
    from yk.scenario.sitting import Sitting, rehearse

    if copy == Path("-"):
        app.format, copy = "json", None
    who, files = person_of(app, person), Files(folder, copy, debrief)
    scenario = lesson(path, word, seed)
    with Sitting(scenario, who, seed) as sitting:
        if only_paper:
            _show_paper(app, sitting)
            return ExitCode.DONE
        answers = _read(given, sitting)
        if answers is None:
            require_asking(app)
        files.require(app)
        rehearse(scenario, who, seed)
        began = time.monotonic()
        _sit(app, sitting, answers)
        minutes = minutes_since(app, began, answers.minutes if answers else None)
        result = sitting.result(app.clock().isoformat(), minutes)
        if debrief is not None:
            _write_debrief(sitting, result, debrief)
    return show(app, result, files)


class _Answers(NamedTuple):
    """The answers of a file by the id of the question, and the minutes it says."""

    by_question: Mapping[str, Given | None]
    minutes: float | None


def _read(path: Path | None, sitting: Sitting) -> _Answers | None:
    """The answers of a file, every one understood before anything is asked."""
    if path is None:
        return None
    from yk.scenario.answering import read_answers

    read = read_answers(path)
    return _Answers(read.given(sitting.questions, sitting.player.scenario.flow), read.minutes)


def _sit(app: App, sitting: Sitting, answers: _Answers | None) -> None:
    """Play the lesson through; at its questions ask, or take the answers of a file."""
    from yk.cli.manual_page import width_of
    from yk.cli.scenario_asking import Asker
    from yk.cli.scenario_page import after, before
    from yk.scenario.questions import OPERATE

    player, width = sitting.player, width_of(app)
    asker = Asker(width, len(sitting.questions))
    while not player.ended:
        if answers is None:
            asker.say(before(player, width))
        for one in player.open_questions():
            if answers is not None:
                _give(app, sitting, one, answers.by_question[one.id])
            elif one.kind == OPERATE:
                asker.operate(sitting, one, sitting.numbers[one.id])
            else:
                asker.ask(sitting, one, sitting.numbers[one.id])
        told = player.forward()
        if answers is None:
            asker.say(after(player, told, width))


def _give(app: App, sitting: Sitting, one: Question, given: Given | None) -> None:
    """Answer a question as a file says."""
    from yk.scenario.questions import OPERATE

    if given is None:
        sitting.leave_out(one)
    elif one.kind == OPERATE:
        sitting.approach(one)
        for step in given.steps:
            told = sitting.do(step)
            app.say(f"动手 {told.mark} {told.text}")
        sitting.judge(one)
    else:
        sitting.answer(one, given.chosen, given.done)


def _show_paper(app: App, sitting: Sitting) -> None:
    from yk.cli.manual_page import width_of
    from yk.cli.scenario_page import question
    from yk.scenario.questions import KINDS
    from yk.scenario.stages import LETTERS

    if app.json:
        rows = (
            {
                "number": sitting.numbers[one.id],
                "question": one.id,
                "kind": one.kind,
                "kind_name": KINDS[one.kind],
                "step": one.step,
                "text": one.stem,
                "options": [
                    {"letter": letter, "id": option.id, "text": option.text}
                    for letter, option in zip(LETTERS, one.options, strict=False)
                ],
            }
            for one in sitting.questions
        )
        output.rows(app, rows, _PAPER)
        return
    for one in sitting.questions:
        head = f"{sitting.numbers[one.id]}. （{KINDS[one.kind]}）"
        output.text(app, "".join(f"{line}\n" for line in [*question(one, width_of(app), head), ""]))


# -- the result --------------------------------------------------------------------------------------------------
def _write_debrief(sitting: Sitting, result: Data, path: Path) -> None:
    from yk.files import write_atomic
    from yk.scenario.debrief import markdown, page

    found = sitting.debrief(result)
    write_atomic(path, (page(found) if path.suffix.lower() == ".html" else markdown(found)).encode())


COMMANDS: tuple[Command, ...] = (exam, *scenario_quiz.COMMANDS, *scenario_results.COMMANDS)
