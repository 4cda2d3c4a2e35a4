"""`yk batch show|rows|status|list`: reading batches."""

from __future__ import annotations

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.batch_page import PLAN_COLUMNS, ROW_COLUMNS, plan_page, row_line
from yk.cli.batch_run import batch_argument
from yk.cli.lazy import command
from yk.cli.options import reading
from yk.cli.words import Word
from yk.errors import ExitCode

ROW_STATUSES = {
    "ready": "可办",
    "blocked": "不能办",
    "skipped": "跳过",
    "done": "已办",
    "failed": "没办成",
    "undone": "已撤销",
}
_unmasked = click.option("--unmasked", is_flag=True, help="证件号码和电话不脱敏；经办人的角色须可查看")
with_status = click.option("--status", type=Word(ROW_STATUSES), help="只要这一状态的行")


@command(
    "show",
    help="一个批次：计数、按线路台区和原因的合计、工单栏目。",
    examples=["yk batch show 012611210001", "yk batch show 012611210001 --json"],
)
@batch_argument
@reading
@pass_app
def show(app: App, number: str) -> None:
    """Print a batch."""
    from yk.batch.filling import lines_of_form
    from yk.batch.rows import get_batch, public_batch

    desk = app.desk()
    doc = get_batch(app.open_store(), number)
    order = desk.get(doc["batch"])
    answer = public_batch(doc) | {
        "order": order.status,
        "at": [desk.flow_of(order).step(step)["name"] for step in desk.steps_at(order)],
        "form": lines_of_form(desk, doc, order),
    }
    if app.format == "table":
        output.text(app, plan_page(answer))
        return
    output.record(app, answer, PLAN_COLUMNS)


@command(
    "rows",
    help="批次的各行：状态、原因、会改什么。",
    examples=[
        "yk batch rows 012611210001 --status blocked",
        "yk batch rows 012611210001 --format jsonl -o 行.jsonl",
    ],
    exits=[ExitCode.REFUSED],
)
@batch_argument
@with_status
@_unmasked
@reading
@pass_app
def rows(app: App, number: str, status: str | None, unmasked: bool) -> None:
    """Print the rows of a batch."""
    from yk.batch.rows import all_rows, get_batch, public_row
    from yk.desk.views import may_see

    if unmasked:
        may_see(app.desk())
    store = app.open_store()
    found = (public_row(row, unmasked) for row in all_rows(store, get_batch(store, number), status or ""))
    if app.format in ("table", "md"):
        found = (row_line(row) for row in found)
    output.rows(app, found, ROW_COLUMNS)


@command("status", help="批次办到哪里了。", examples=["yk batch status 012611210001 --json"])
@batch_argument
@reading
@pass_app
def status(app: App, number: str) -> None:
    """Print how far a batch has come."""
    from yk.batch.rows import get_batch, public_batch

    doc = get_batch(app.open_store(), number)
    desk = app.desk()
    order = desk.get(doc["batch"])
    looked = min(int(doc["next"]) - 1, int(doc["rows"]))
    answer = public_batch(doc) | {
        "order": order.status,
        "at": "、".join(desk.flow_of(order).step(step)["name"] for step in desk.steps_at(order)),
        "looked_at": looked,
        "percent": round(100 * looked / doc["rows"]) if doc["rows"] else 100,
    }
    names = ("ready", "blocked", "skipped", "done", "failed", "undone")
    counts: list[tuple[str, str]] = [(name, ROW_STATUSES[name]) for name in names]
    head: list[tuple[str, str]] = [
        ("batch", "批次"),
        ("state_name", "状态"),
        ("at", "环节"),
        ("percent", "进度%"),
    ]
    output.record(app, answer, [*head, ("rows", "行数"), *counts])


@command("list", help="列出批次。", examples=["yk batch list"])
@reading
@pass_app
def list_(app: App) -> None:
    """Print every batch."""
    from yk.batch.rows import public_batch

    found = (public_batch(doc) for doc in app.open_store().table("batch"))
    columns = [
        ("batch", "批次"),
        ("kind", "种类"),
        ("file", "清单"),
        ("state_name", "状态"),
        ("rows", "行数"),
    ]
    columns += [(name, ROW_STATUSES[name]) for name in ("ready", "blocked", "done", "failed")]
    output.rows(app, found, columns)
