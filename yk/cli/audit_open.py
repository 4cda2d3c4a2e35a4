"""`yk audit open`: from a finding to the service flow that mends it."""

from __future__ import annotations

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.case_fill import dry_run, sets
from yk.cli.complete import complete_flow
from yk.cli.lazy import command
from yk.cli.words import pairs
from yk.errors import ExitCode


@command(
    "open",
    help="从问题直接办业务：为问题所在的户开一张工单，问题挂在工单上。一次几个问题，同一户的开一张。",
    examples=[
        "yk audit open X:1.56/customer/1016000012",
        "yk audit open X:6.01/meter/M10160000061 --flow 改类 --set app_reason=核查订正",
    ],
    exits=[ExitCode.UNREADABLE, ExitCode.REFUSED],
)
@click.argument("findings", metavar="FINDING…", nargs=-1, required=True, help="问题编号，可写几个")
@click.option(
    "--flow", metavar="F", default="", shell_complete=complete_flow, help="办哪个流程，缺省档案维护受理"
)
@sets
@dry_run
@pass_app
def open_(app: App, findings: tuple[str, ...], flow: str, values: tuple[str, ...], dry_run: bool) -> None:
    """Open service flows for findings."""
    from yk.audit.repair_open import open_for
    from yk.desk import views

    desk = app.desk(dry_run)
    orders = open_for(desk, findings, flow, pairs(values, "app_reason=核查订正"))
    columns = [("case", "申请编号"), ("flow_name", "流程"), ("customer", "用户编号"), ("status", "状态")]
    output.rows(app, [views.summary(desk, order) for order in orders], columns)
    app.say(f"{'（试算，未写入）' if dry_run else ''}开了 {len(orders)} 张工单，问题已挂上")
