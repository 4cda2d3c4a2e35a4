"""`yk batch`: batches from a spreadsheet. Planning and reading stand here; deciding and running in batch_run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yk.cli import batch_look, batch_run, output
from yk.cli.app import App, pass_app
from yk.cli.batch_page import PLAN_COLUMNS, plan_page
from yk.cli.batch_run import batch_argument
from yk.cli.case_fill import data_file, dry_run, form_file, sets
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.cli.progress import Bar, interruptible
from yk.cli.words import pairs
from yk.errors import ExitCode

if TYPE_CHECKING:
    from yk.batch.lists import BatchList


@group("batch", help="批量：按电子表格销户、改线路台区、新装，先计划、再执行、可撤销。")
def batch() -> None:
    """Batches."""


@batch.command(
    "plan",
    help="读清单，逐户按流程试算：能办的改什么，不能办的为什么。不动档案。\n\n"
    "KIND：closure（批量销户）、line-area（批量更改线路台区）、lv-new（低压批量新装）。"
    "清单：.csv、.xlsx，或 - 从标准输入读；要有的列见 yk batch template KIND。",
    examples=[
        "yk batch plan closure -f 销户清单.xlsx --set basis_no=征收2026-12号",
        "yk batch plan line-area -f 切改.csv --set basis_no=YJ-2026-31 --strict",
        "yk batch plan closure -f - --json < 清单.csv",
    ],
    exits=[ExitCode.UNREADABLE, ExitCode.REFUSED, ExitCode.PARTLY],
)
@click.argument("kind", metavar="KIND", help="批次种类，编号或中文名")
@click.option(
    "-f", "--file", "file", metavar="FILE", required=True, type=click.Path(), help="清单；- 为标准输入"
)
@click.option("--sheet", metavar="S", help="工作表，名字或第几张；缺省第一张有内容的")
@click.option("--encoding", metavar="E", help="文本清单的编码；缺省自动识别")
@sets
@data_file
@click.option("--strict", is_flag=True, help="有一行不能办就以退出码 5 结束")
@dry_run
@pass_app
def plan(
    app: App, kind: str, file: str, sheet: str | None, encoding: str | None, values: tuple[str, ...],
    data: Path | None, strict: bool, dry_run: bool,
) -> ExitCode:  # fmt: skip
    """Plan a batch."""
    from yk.batch.kinds import find_kind
    from yk.batch.lists import read
    from yk.batch.planning import columns_for
    from yk.batch.planning import plan as plan_rows
    from yk.batch.rows import get_batch, public_batch

    found, given = find_kind(kind), {**form_file(data), **pairs(values, "basis_no=征收2026-12号")}
    most = app.settings.integer("batch_most_rows")
    path = None if file == "-" else Path(file)
    listing = read(path, columns_for(found, given), sheet=sheet, encoding=encoding, most=most)
    desk, store = app.desk(dry_run), app.open_store()
    _tell_list(app, listing)
    bar = Bar(app, "计划", len(listing.lines))
    answer: dict[str, Any] = {}
    with interruptible() as stopped:
        for at in plan_rows(desk, found, listing, given):
            bar.show(at.rows)
            if at.rows >= at.of:
                answer = public_batch(get_batch(store, at.batch))
            elif stopped():
                bar.end()
                app.say("计划没有做完，什么也没有办；用同一份清单重新计划即可")
                return ExitCode.INTERRUPTED
    bar.end()
    if app.format == "table":
        output.text(app, plan_page(answer))
    else:
        output.record(app, answer, PLAN_COLUMNS)
    _tell_next(
        app,
        answer,
        at.seconds * -(-answer["rows"] // max(1, desk.settings.integer("batch_chunk_rows"))),
        dry_run,
    )
    return ExitCode.PARTLY if strict and answer["blocked"] else ExitCode.DONE


def _tell_list(app: App, listing: BatchList) -> None:
    for note in listing.notes:
        app.say(note)
    if listing.unknown:
        app.say(f"不认识的列，没有用：{'、'.join(listing.unknown)}")


def _tell_next(app: App, answer: dict[str, Any], seconds: float, dry_run: bool) -> None:
    """What to do now; on a store that is written as a whole every time, what applying will cost."""
    number = answer["batch"]
    if dry_run:
        app.say("（试算，未写入）")
        return
    if answer["ready"]:
        app.say(f"逐行看：yk batch rows {number}；要确认的：yk batch checklist {number}")
        app.say(f"确认后执行：yk batch confirm {number} --all && yk batch apply {number} --yes")
    else:
        app.say(f"没有可办的行，原因：yk batch rows {number} --status blocked")
    if app.open_store().medium.kind == "json" and seconds > 60:
        minutes = f"约 {seconds / 60:.0f} 分钟"
        app.say(
            f"JSON 存储每写一次都重写整个文件，执行这一批要{minutes}；先换成 SQLite：yk store migrate sqlite:///yk.db"
        )


@batch.command(
    "template",
    help="一份空清单：要有的列和一行示例，存成 .xlsx 或 .csv；不写 -o 就列出各列。",
    examples=["yk batch template closure", "yk batch template line-area -o 切改清单.xlsx"],
    exits=[ExitCode.UNREADABLE],
)
@click.argument("kind", metavar="KIND", help="批次种类，编号或中文名")
@reading
@pass_app
def template(app: App, kind: str) -> None:
    """Print the columns of a list, or write an empty one."""
    from yk.batch.kinds import find_kind

    found = find_kind(kind)
    if app.path != "-" and app.format == "table":
        from yk.batch.exporting import write_template

        write_template(found, Path(app.path))
        app.say(f"已写入 {app.path}")
        return
    columns = [
        {
            "name": column.name,
            "label": column.label,
            "required": column.required,
            "kind": column.kind,
            "words": list(column.words),
        }
        for column in found.columns
    ]
    if app.format in ("table", "md"):
        for column in columns:
            column["required"] = "必有" if column["required"] else ""
            column["words"] = "、".join(str(word) for word in found.column(str(column["name"])).words)
    output.rows(
        app, columns, [("label", "列"), ("name", "英文列名"), ("required", "必有"), ("words", "也认")]
    )


@batch.command(
    "export",
    help="导出各行和结果。工作簿的第一张表“未办”改好后可以直接再作清单。",
    examples=[
        "yk batch export 012611210001 -o 结果.xlsx",
        "yk batch export 012611210001 --status failed -o 跟催.csv",
    ],
    exits=[ExitCode.UNREADABLE],
)
@batch_argument
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help=".xlsx 或 .csv",
)
@batch_look.with_status
@click.option("--masked", is_flag=True, help="证件号码和电话脱敏")
@pass_app
def export(app: App, number: str, target: Path, status: str | None, masked: bool) -> None:
    """Write the rows of a batch to a file."""
    from yk.batch.exporting import export as write
    from yk.batch.exporting import must_mask
    from yk.batch.rows import get_batch
    from yk.errors import UsageError

    if target.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError("unknown_format", f"不认识的文件格式：{target}", "后缀写 .xlsx 或 .csv")
    output.refuse_store(app, target)
    store = app.open_store()
    doc = get_batch(store, number)
    if not masked and must_mask(store, doc, app.operator):
        masked = True
        app.say("经办人的角色不能查看个人数据，已脱敏导出")
    count = write(store, doc, target, status or "", unmasked=not masked)
    output.record(
        app, {"file": str(target), "rows": count, "masked": masked}, [("file", "文件"), ("rows", "行数")]
    )


for one in (
    batch_look.show,
    batch_look.rows,
    batch_look.status,
    batch_look.list_,
    batch_run.checklist,
    batch_run.set_,
    batch_run.strike,
    batch_run.confirm,
    batch_run.apply_,
    batch_run.resume,
    batch_run.undo,
):
    batch.add_command(one)
