"""`yk batch checklist|set|strike|confirm|apply|resume|undo`: deciding on batches and running them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.case_fill import PAIR, dry_run
from yk.cli.complete import complete_batch
from yk.cli.lazy import command
from yk.cli.options import reading
from yk.cli.progress import Bar, interruptible
from yk.cli.words import CASE, control_id, pairs
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.batch.applying import Progress

batch_argument = click.argument(
    "number", metavar="B", type=CASE, shell_complete=complete_batch, help="批次号"
)
_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]
_yes = click.option("--yes", is_flag=True, help="不再询问，直接办")
_COUNTED = [
    ("batch", "批次"),
    ("done", "已办"),
    ("failed", "没办成"),
    ("skipped", "没有办"),
    ("seconds", "用时（秒）"),
]


@command(
    "checklist",
    help="执行之前还要人确认、填写的全部事项。",
    examples=["yk batch checklist 012611210001"],
)
@batch_argument
@reading
@pass_app
def checklist(app: App, number: str) -> None:
    """Print what the steps ahead ask of people."""
    from yk.batch.ordering import checklist as items_of
    from yk.batch.rows import get_batch
    from yk.cli.batch_page import checklist_lines

    desk = app.desk()
    doc = get_batch(app.open_store(), number)
    items = items_of(desk, doc)
    if app.format == "table":
        steps = desk.flow_of(desk.get(doc["batch"])).steps
        output.text(app, checklist_lines(items, {name: step["name"] for name, step in steps.items()}))
        return
    output.rows(
        app,
        items,
        [("id", "编号"), ("step", "环节"), ("text", "内容"), ("required", "必需"), ("state", "状态")],
    )


@command(
    "set",
    help="填写批次工单的栏目；替换代填的值。",
    examples=["yk batch set 012611210001 basis_no=征收2026-12号 contact_name=安知行"],
    exits=_EXITS,
)
@batch_argument
@click.argument("values", metavar="K=V…", nargs=-1, required=True, help="字段=值")
@dry_run
@pass_app
def set_(app: App, number: str, values: tuple[str, ...], dry_run: bool) -> None:
    """Fill fields of the batch's order."""
    from yk.batch.ordering import set_values
    from yk.batch.rows import public_batch

    doc = set_values(app.desk(dry_run), number, pairs(values, PAIR))
    output.record(app, public_batch(doc), [("batch", "批次"), ("state_name", "状态")])


@command(
    "strike",
    help="剔除批次里的户：受理、勘查、审批的人各自可剔，写明原因。",
    examples=[
        "yk batch strike 012611210001 1016000001 1016000002 --reason 现场仍在用电",
        "yk batch strike 012611210001 row:3 --reason 不在范围",
    ],
    exits=_EXITS,
)
@batch_argument
@click.argument("rows", metavar="NO…", nargs=-1, required=True, help="用户编号，或 row:行号（批次里第几行）")
@click.option("--reason", metavar="T", default="", help="原因，必写")
@dry_run
@pass_app
def strike(app: App, number: str, rows: tuple[str, ...], reason: str, dry_run: bool) -> None:
    """Take rows out of a batch."""
    from yk.batch.rows import public_batch
    from yk.batch.striking import strike as take_out

    doc = take_out(app.desk(dry_run), number, rows, reason)
    app.say(f"已剔除 {len(rows)} 户，还有 {doc['ready']} 户可办" + ("（试算，未写入）" if dry_run else ""))
    output.record(app, public_batch(doc), [("batch", "批次"), ("ready", "可办"), ("skipped", "跳过")])


@command(
    "confirm",
    help="确认批次各环节的预控措施和要人负责的事项。--all 确认本人角色可以确认的全部，记录里注明是批量确认。",
    examples=[
        "yk batch confirm 012611210001 --all",
        "yk batch confirm 012611210001 414.1.R4.C2 approval_result",
    ],
    exits=_EXITS,
)
@batch_argument
@click.argument("ids", metavar="[ID…]", nargs=-1, help="措施或栏目编号")
@click.option("--all", "every", is_flag=True, help="确认本人角色的全部")
@click.option("--na", is_flag=True, help="不适用，须写原因")
@click.option("--reason", metavar="T", default="", help="不适用的原因")
@dry_run
@pass_app
def confirm(
    app: App, number: str, ids: tuple[str, ...], every: bool, na: bool, reason: str, dry_run: bool
) -> None:
    """Answer controls of a batch."""
    from yk.batch.ordering import confirm as answer
    from yk.batch.rows import get_batch

    if not ids and not every:
        raise UsageError("nothing_to_confirm", "没有指明要确认哪一条", "写上编号，或 --all 确认全部")
    desk = app.desk(dry_run)
    doc = get_batch(app.open_store(), number)
    words = [control_id(word) for word in ids]
    doc, answered, left = answer(desk, doc, words, every, "na" if na else "done", reason)
    app.say(
        f"已确认 {answered} 条"
        + (f"，还差 {left} 条（yk batch checklist {number}）" if left else "，检查项已齐")
    )
    if dry_run:
        app.say("（试算，未写入）")
    output.record(
        app,
        {"batch": number, "confirmed": answered, "open": left},
        [("batch", "批次"), ("confirmed", "已确认"), ("open", "还差")],
    )


@command(
    "apply",
    help="执行批次：工单逐环节办到信息归档，逐户写入档案，再办到办结。一段一段地写，随时可以中断，中断后用 resume 接着办。",
    examples=["yk batch apply 012611210001 --yes", "yk batch apply 012611210001 --dry-run"],
    exits=[*_EXITS, ExitCode.PARTLY],
)
@batch_argument
@_yes
@click.option(
    "--on-error",
    type=click.Choice(["skip", "stop"]),
    default="skip",
    help="有办不成的户：skip 跳过接着办，stop 停下",
)
@dry_run
@pass_app
def apply_(app: App, number: str, yes: bool, on_error: str, dry_run: bool) -> ExitCode:
    """Apply a batch."""
    from yk.batch.rows import get_batch

    doc = get_batch(app.open_store(), number)
    if not yes and not dry_run:
        app.confirm(f"执行批次 {number}，{doc['ready']} 户写入档案？", "--yes")
    return _run(app, number, on_error == "stop", dry_run)


@command(
    "resume",
    help="接着办中断的批次：执行了一半的接着执行，撤销了一半的接着撤销。",
    examples=["yk batch resume 012611210001"],
    exits=[*_EXITS, ExitCode.PARTLY],
)
@batch_argument
@pass_app
def resume(app: App, number: str) -> ExitCode:
    """Go on with an interrupted batch."""
    from yk.batch.rows import PLANNED, UNDOING, get_batch

    state = get_batch(app.open_store(), number)["state"]
    if state == PLANNED and not app.desk().get(number).done:
        raise UsageError("not_begun", f"批次 {number} 还没有开始执行", f"yk batch apply {number} --yes")
    return _undo(app, number, False) if state == UNDOING else _run(app, number, False, False)


@command(
    "undo",
    help="撤销批次：已办的户按改前的值恢复；办完以后又被改过的户不动，并说明。",
    examples=["yk batch undo 012611210001 --yes"],
    exits=[*_EXITS, ExitCode.PARTLY],
)
@batch_argument
@_yes
@dry_run
@pass_app
def undo(app: App, number: str, yes: bool, dry_run: bool) -> ExitCode:
    """Take a batch back."""
    from yk.batch.rows import get_batch

    doc = get_batch(app.open_store(), number)
    if not yes and not dry_run:
        app.confirm(f"撤销批次 {number}，{doc['done']} 户恢复原样？", "--yes")
    return _undo(app, number, dry_run)


def _run(app: App, number: str, stop: bool, dry_run: bool) -> ExitCode:
    from yk.batch.applying import apply
    from yk.batch.rows import get_batch

    store = app.open_store()
    before = get_batch(store, number)
    at, interrupted, seconds = _follow(
        app, "执行", apply(app.desk(dry_run), number, stop), before["rows"], before["next"] - 1
    )
    doc = get_batch(store, number)
    done, failed = (at.done, at.failed) if at is not None and dry_run else (doc["done"], doc["failed"])
    left = 0 if dry_run else doc["ready"]
    counts = {"done": done, "failed": failed, "skipped": doc["rows"] - done - failed - doc["undone"] - left}
    answer = {
        "batch": doc["batch"],
        **counts,
        "ready": left,
        "blocked": doc["blocked"],
        "seconds": seconds,
        "state": doc["state"],
    }
    output.record(app, answer, _COUNTED)
    if dry_run:
        app.say("（试算，未写入）")
    elif interrupted or left:
        app.say(f"停在一段的末尾，还有 {left} 户没有办；接着办：yk batch resume {number}")
    elif failed or doc["blocked"]:
        app.say(f"没有办的户导出跟催：yk batch export {number} -o 跟催.xlsx")
    if interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.PARTLY if failed or doc["blocked"] else ExitCode.DONE


def _undo(app: App, number: str, dry_run: bool) -> ExitCode:
    from yk.batch.rows import get_batch
    from yk.batch.undoing import undo as take_back

    store = app.open_store()
    rows = get_batch(store, number)["rows"]
    at, interrupted, seconds = _follow(app, "撤销", take_back(app.desk(dry_run), number), rows, 0)
    doc = get_batch(store, number)
    taken, left = (at.done, at.failed) if at is not None and dry_run else (doc["undone"], doc.get("left", 0))
    answer = {
        "batch": doc["batch"],
        "undone": taken,
        "done": taken,
        "failed": left,
        "skipped": rows - taken - left,
        "seconds": seconds,
        "state": doc["state"],
    }
    columns = [("batch", "批次"), ("undone", "已撤销"), ("failed", "没撤销"), ("seconds", "用时（秒）")]
    output.record(app, answer, columns)
    if dry_run:
        app.say("（试算，未写入）")
    if left:
        app.say(f"{left} 户办完以后又被改过，没有动：yk batch rows {number} --status done")
    if interrupted:
        app.say(f"停在一段的末尾；接着撤销：yk batch resume {number}")
        return ExitCode.INTERRUPTED
    return ExitCode.PARTLY if left else ExitCode.DONE


def _follow(
    app: App, what: str, run: Iterator[Progress], rows: int, already: int
) -> tuple[Progress | None, bool, float]:
    """Show a run until its end or an interrupt: the last progress, was it interrupted, seconds."""
    began, last = time.monotonic(), None
    bar = Bar(app, what, rows, max(0, already))
    with interruptible() as stopped:
        for last in run:
            if last.said:
                bar.say(f"  ✓ {last.said}")
            else:
                bar.show(last.rows, f"，没办成 {last.failed}" if last.failed else "")
            if stopped():
                break
        interrupted = stopped()
    bar.end()
    return last, interrupted, round(time.monotonic() - began, 2)
