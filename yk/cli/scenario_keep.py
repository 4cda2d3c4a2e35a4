"""What every exam needs: who sits it, where its result is kept, the minutes, the roles that passing puts in force."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any, NamedTuple

import click

from yk.cli import output
from yk.cli.app import App
from yk.errors import ExitCode, UsageError, YkError
from yk.text import halfwidth

Data = dict[str, Any]
_file = click.Path(path_type=Path)
_PERSON = re.compile(r"[\w.@-]{1,40}")
RESULT = [("exam", "成绩"), ("person", "学员"), ("total", "得分"), ("passed", "及格")]
person_option = click.option("--as", "person", metavar="ID", help="谁在考：经办人编号；缺省当前经办人")
folder_option = click.option(
    "--results", "folder", metavar="DIR", type=_file, help="成绩存进这个文件夹，缺省数据文件夹的 exams"
)


def person_of(app: App, word: str | None) -> str:
    """Who sits: the one named, or the operator. Raises UsageError (`person_missing`, `bad_operator_id`)."""
    person = halfwidth(word or app.operator)
    if not person:
        raise UsageError("person_missing", "没有指明谁在考", "加 --as 经办人编号")
    if not _PERSON.fullmatch(person):
        raise UsageError(
            "bad_operator_id", f"经办人编号“{person[:40]}”不能用", "用字母、数字、汉字和 _ - . @"
        )
    return person


class Files(NamedTuple):
    """Where the result goes besides the screen; `folder` None: the usual one."""

    folder: Path | None = None
    copy: Path | None = None
    debrief: Path | None = None

    def require(self, app: App) -> None:
        """Refuse, before anything is asked, what could not be written afterwards."""
        from yk.files import require_writable, writing
        from yk.scenario.exam import exams_folder

        home = self.folder or exams_folder()
        with writing(home):
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_writable(home / "x.json")
        for target in filter(None, (self.copy, self.debrief)):
            output.require_target(app, target)
        if self.debrief and self.debrief.suffix.lower() not in (".md", ".html"):
            raise UsageError("unknown_format", f"不认识的文件格式：{self.debrief}", "复盘写成 .md 或 .html")


def require_asking(app: App) -> None:
    """Refuse to ask where nobody may be asked. Raises UsageError (`needs_answers`)."""
    if app.no_input:
        raise UsageError("needs_answers", "考试要提问，--no-input 不许提问", "加 --answers 答案文件")


def minutes_since(app: App, began: float, said: float | None = None) -> float:
    """What somebody needed since `began` (`time.monotonic`): what is `said`, else real time, none by a clock that stands."""
    from yk.clock import system_clock

    if said is not None:
        return said
    return (time.monotonic() - began) / 60 if app.clock is system_clock else 0.0


def show(app: App, result: Data, files: Files) -> ExitCode:
    """Keep the result, unlock what it unlocks, print it."""
    from yk.cli.manual_page import width_of
    from yk.cli.scenario_marks import marks, missed
    from yk.files import read_bytes, write_atomic
    from yk.flows.roles import roles
    from yk.scenario.exam import keep

    kept = keep(result, files.folder)
    if files.copy is not None:
        write_atomic(files.copy, read_bytes(kept))
    unlocked, why_not = _unlock(app, result)
    if app.json:
        more = {"file": str(kept), "missed": missed(result), "unlocked": unlocked, "not_unlocked": why_not}
        output.record(app, {**result, **more}, RESULT)
    else:
        output.text(app, "".join(f"{line}\n" for line in marks(result, width_of(app))))
    app.say(f"成绩存在 {kept}")
    for path in filter(None, (files.copy, files.debrief)):
        app.say(f"已写入 {path}")
    names = {role.id: role.name for role in roles().values()}
    if unlocked:
        app.say(f"已生效：{'、'.join(names[role] for role in unlocked)}")
    for one in why_not:
        app.say(f"没有生效：{names[one['role']]}，{one['reason']}")
    return ExitCode.DONE if result["passed"] else ExitCode.FAILED


def _unlock(app: App, result: Data) -> tuple[list[str], list[dict[str, str]]]:
    """Roles put in force in the real store, which is opened for nothing else; of the others why not."""
    from yk.desk.operators import get_operator
    from yk.scenario.exam import grant

    wanted = result["unlocks"] if result["passed"] else []
    if not wanted:
        return [], []
    try:
        store = app.open_store()
        held = get_operator(store, result["person"]).roles
        unlocked = grant(store, result)
    except YkError as error:
        return [], [{"role": role, "reason": error.message} for role in wanted]
    waits = "没有人给过他这个角色（yk operator add --until-exam）"
    why = {role: "本来就有" if role in held else waits for role in wanted if role not in unlocked}
    return unlocked, [{"role": role, "reason": reason} for role, reason in why.items()]
