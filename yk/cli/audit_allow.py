"""`yk audit whitelist`, `yk audit extend`: what one person asks for and another grants."""

from __future__ import annotations

from typing import Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.audit_life import ids_argument, meant
from yk.cli.audit_page import wanted
from yk.cli.case_fill import dry_run
from yk.cli.lazy import Command, group
from yk.cli.options import reading
from yk.errors import ExitCode

_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]
_reason = click.option("--reason", metavar="T", default="", help="理由")
_until = click.option("--until", metavar="DATE", required=True, help="到哪一天（含）")
_EXEMPTIONS = [
    ("exemption", "白名单"),
    ("finding", "问题"),
    ("reason", "理由"),
    ("until", "到"),
    ("state_name", "状态"),
    ("applied_by", "申请"),
    ("approved_by", "批准"),
]
_EXTENSIONS = [
    ("extension", "延期"),
    ("count", "问题"),
    ("unit", "单位"),
    ("reason", "理由"),
    ("until", "到"),
    ("state_name", "状态"),
    ("applied_by", "申请"),
    ("approved_by", "批准"),
]


@group("whitelist", help="白名单：确属例外的问题，写明理由和期限，由两人办。")
def whitelist() -> None:
    """The whitelist."""


def _exempted(app: App, entry: dict[str, Any], dry_run: bool) -> None:
    output.record(app, _named(app, entry), _EXEMPTIONS)
    if dry_run:
        app.say("（试算，未写入）")


def _named(app: App, entry: dict[str, Any]) -> dict[str, Any]:
    from yk.audit.exempting import shown_state

    return entry | {"state_name": shown_state(entry, f"{app.clock():%Y-%m-%d}")}


@whitelist.command(
    "add",
    help="申请把一个问题列入白名单。由问题所属单位办。",
    examples=["yk audit whitelist add 问题编号 --until 2027-06-30 --reason 特批容量"],
    exits=_EXITS,
)
@click.argument("finding", metavar="FINDING", help="问题编号")
@_until
@_reason
@dry_run
@reading
@pass_app
def whitelist_add(app: App, finding: str, until: str, reason: str, dry_run: bool) -> None:
    """Ask for an exemption."""
    from yk.audit.whitelisting import ask_exemption

    _exempted(app, ask_exemption(app.desk(dry_run), finding, reason, until), dry_run)


_number = click.argument("number", metavar="NO", help="编号")


@whitelist.command(
    "approve",
    help="批准白名单。由专业管理人员办，不能是申请人。",
    examples=["yk audit whitelist approve BM000001"],
    exits=_EXITS,
)
@_number
@dry_run
@reading
@pass_app
def whitelist_approve(app: App, number: str, dry_run: bool) -> None:
    """Grant an exemption."""
    from yk.audit.whitelisting import decide_exemption

    _exempted(app, decide_exemption(app.desk(dry_run), number, True), dry_run)


@whitelist.command(
    "reject",
    help="不批准白名单。",
    examples=["yk audit whitelist reject BM000001 --reason 应当订正"],
    exits=_EXITS,
)
@_number
@_reason
@dry_run
@reading
@pass_app
def whitelist_reject(app: App, number: str, reason: str, dry_run: bool) -> None:
    """Refuse an exemption."""
    from yk.audit.whitelisting import decide_exemption

    _exempted(app, decide_exemption(app.desk(dry_run), number, False, reason), dry_run)


@whitelist.command(
    "withdraw",
    help="撤回白名单，问题重新打开。",
    examples=["yk audit whitelist withdraw BM000001 --reason 已改造"],
    exits=_EXITS,
)
@_number
@_reason
@dry_run
@reading
@pass_app
def whitelist_withdraw(app: App, number: str, reason: str, dry_run: bool) -> None:
    """End an exemption."""
    from yk.audit.whitelisting import withdraw_exemption

    _exempted(app, withdraw_exemption(app.desk(dry_run), number, reason), dry_run)


@whitelist.command(
    "list", help="列出白名单。", examples=["yk audit whitelist list"], exits=[ExitCode.UNREADABLE]
)
@reading
@pass_app
def whitelist_list(app: App) -> None:
    """Print the whitelist."""
    entries = app.open_store().table("audit_exemption").all()
    output.rows(app, [_named(app, dict(doc)) for doc in entries], _EXEMPTIONS)


@group("extend", help="延期：问题量大、当日订正不完的，报营销稽查专责同意。")
def extend() -> None:
    """Extensions."""


def _extended(app: App, entry: dict[str, Any], dry_run: bool) -> None:
    output.record(app, _told(entry), _EXTENSIONS)
    if dry_run:
        app.say("（试算，未写入）")


def _told(entry: dict[str, Any]) -> dict[str, Any]:
    from yk.archive.codes import name_of
    from yk.audit.exempting import EXEMPTION_STATES

    unit = name_of("org", entry["org_no"]) if entry["org_no"] else ""
    told = {"state_name": EXEMPTION_STATES[entry["state"]], "count": len(entry["findings"]), "unit": unit}
    return entry | told


@extend.command(
    "add",
    help="申请延期。由问题所属单位办。",
    examples=["yk audit extend add --rule X:6.07 --until 2026-12-20 --reason 需逐户核查"],
    exits=_EXITS,
)
@ids_argument
@_until
@_reason
@wanted
@dry_run
@reading
@pass_app
def extend_add(
    app: App, /, ids: tuple[str, ...], until: str, reason: str, dry_run: bool, **asked: Any
) -> None:
    """Ask for more days."""
    from yk.audit.extending import ask_extension

    _extended(app, ask_extension(app.desk(dry_run), meant(app, ids, asked), until, reason), dry_run)


@extend.command(
    "approve",
    help="同意延期。由营销稽查专责办，不能是申请人。",
    examples=["yk audit extend approve YQ000001"],
    exits=_EXITS,
)
@_number
@dry_run
@reading
@pass_app
def extend_approve(app: App, number: str, dry_run: bool) -> None:
    """Grant more days."""
    from yk.audit.extending import decide_extension

    _extended(app, decide_extension(app.desk(dry_run), number, True), dry_run)


@extend.command(
    "reject",
    help="不同意延期。",
    examples=["yk audit extend reject YQ000001 --reason 当日可以订正"],
    exits=_EXITS,
)
@_number
@_reason
@dry_run
@reading
@pass_app
def extend_reject(app: App, number: str, reason: str, dry_run: bool) -> None:
    """Refuse more days."""
    from yk.audit.extending import decide_extension

    _extended(app, decide_extension(app.desk(dry_run), number, False, reason), dry_run)


@extend.command("list", help="列出延期申请。", examples=["yk audit extend list"], exits=[ExitCode.UNREADABLE])
@reading
@pass_app
def extend_list(app: App) -> None:
    """Print the extensions."""
    output.rows(
        app, [_told(dict(doc)) for doc in app.open_store().table("audit_extension").all()], _EXTENSIONS
    )


COMMANDS: tuple[Command, ...] = (whitelist, extend)
