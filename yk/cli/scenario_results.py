"""`yk scenario results`, `tabletop`: what many exams say together; a lesson as an exercise on paper."""

from __future__ import annotations

from pathlib import Path

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import Command, command
from yk.cli.options import reading
from yk.cli.scenario_play import lesson, lesson_argument, scenario_option
from yk.errors import ExitCode, UnreadableError

_file = click.Path(path_type=Path)
_QUESTIONS = [
    ("question", "题目编号"),
    ("text", "题目"),
    ("asked", "考过"),
    ("right", "全对"),
    ("share", "正确率"),
]
_DUE = [
    ("person", "学员"),
    ("due", "该复习"),
    ("turn", "第几次"),
    ("clause", "条文"),
    ("text", "题目"),
    ("question", "编号"),
]


@command(
    "results",
    help="班级汇总：每题正确率、最易错的风险、每人的成绩，和今天该复习的题。成绩文件被改动过的报错。",
    examples=[
        "yk scenario results",
        "yk scenario results 成绩/ --person li01 --json",
        "yk scenario results --due 2026-11-24",
        "yk scenario results --format csv -o 每题正确率.csv",
    ],
    exits=[ExitCode.UNREADABLE],
)
@click.argument(
    "folder", metavar="[DIR]", required=False, type=_file, help="成绩文件夹，缺省数据文件夹的 exams"
)
@click.option("--person", metavar="ID", default="", help="只看这个人")
@click.option("--top", metavar="N", type=click.IntRange(min=1), default=5, help="最易错的风险列几条，缺省 5")
@click.option("--due", "day", metavar="DAY", help="只列这一天该复习的题")
@reading
@pass_app
def results(app: App, folder: Path | None, person: str, top: int, day: str | None) -> None:
    """Sum up results: `{exams, passed, mean, questions: [{question, text, clause, asked, right, share}], missed: [{risk, clause,
    asked, missed}], people: [{person, exams, passed, best, last, last_at}], due}`; csv and md: the questions.

    With --due `[{person, question, text, clause, missed_on, due, turn}]`, as `due` above for today.
    """
    from yk.cli.manual_page import width_of
    from yk.cli.scenario_marks import class_page
    from yk.clock import parse_time
    from yk.scenario.classbook import class_book, due_on
    from yk.scenario.exam import results as kept

    if folder is not None and not folder.is_dir():
        raise UnreadableError("file_missing", f"没有 {folder} 这个文件夹", "检查路径")
    wanted = f"{parse_time(day) if day else app.clock():%Y-%m-%d}"
    found = [one for one in kept(folder) if person in ("", one["person"])]
    due = due_on(found, wanted, person)
    if day:
        output.rows(app, [one._asdict() for one in due], _DUE)
        return
    book = class_book(found, top)
    if app.format in ("csv", "md"):
        output.rows(app, [one._asdict() for one in book.questions], _QUESTIONS)
    elif app.format == "table":
        output.text(app, "".join(f"{line}\n" for line in class_page(book, due, width_of(app))))
    else:
        lists = {
            name: [one._asdict() for one in getattr(book, name)] for name in ("questions", "missed", "people")
        }
        figures = {"exams": book.exams, "passed": book.passed, "mean": book.mean}
        output.record(app, {**figures, **lists, "due": [one._asdict() for one in due]}, _QUESTIONS)


@command(
    "tabletop",
    help="桌面推演：把一课写成纸上的注入清单，每条有现场看到的、期望反应、条文、后果和 P S M U 评级栏。",
    examples=["yk scenario tabletop 课.yk.yaml -o 推演.md"],
    exits=[ExitCode.UNREADABLE],
)
@lesson_argument
@scenario_option
@click.option("-o", "--output", "file", metavar="FILE", default="-", help="写到文件；- 为标准输出")
@pass_app
def tabletop(app: App, path: Path, word: str | None, file: str) -> None:
    """Write the exercise as Markdown; under --json `{scenario, text}`."""
    from yk.scenario.tabletop import tabletop as written

    if file != "-":
        output.require_target(app, Path(file))
    app.path, scenario = file, lesson(path, word)
    text = written(scenario)
    if app.json:
        output.record(app, {"scenario": scenario.name, "text": text}, [("text", "内容")])
    else:
        output.text(app, text)


COMMANDS: tuple[Command, ...] = (results, tabletop)
