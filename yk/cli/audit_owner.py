"""`yk audit owner`, `yk audit post`: whose a rule is, and who holds which post of the audit."""

from __future__ import annotations

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.case_fill import dry_run
from yk.cli.lazy import Command, command, group
from yk.cli.options import reading
from yk.errors import ExitCode

_OWNERS = [
    ("id", "规则"),
    ("name", "内容"),
    ("division", "专业"),
    ("centre", "中心"),
    ("copied_to", "抄送"),
    ("owner_confidence", "把握"),
    ("changed", "改过"),
]
_POSTS = [("post", "岗位"), ("body", "机构"), ("role_name", "角色"), ("holders", "任职"), ("basis", "依据")]


@command(
    "owner",
    help="规则归哪个专业审核、哪个中心跟踪；改责任，未消除的问题跟着走。",
    examples=["yk audit owner", "yk audit owner X:1.37 --division 营业业务相关档案 --centre 客户服务中心"],
    exits=[ExitCode.UNREADABLE, ExitCode.REFUSED],
)
@click.argument("rule", metavar="[RULE]", required=False, default="", help="规则编号；不写就列出全部")
@click.option("--division", metavar="D", default="", help="改为这个专业")
@click.option("--centre", metavar="C", default="", help="改为这个中心")
@dry_run
@reading
@pass_app
def owner(app: App, rule: str, division: str, centre: str, dry_run: bool) -> None:
    """Print or change owners."""
    from yk.audit.owners import copied_to, owners, set_owner
    from yk.audit.rules import find_rule, rules
    from yk.errors import UsageError

    if (division or centre) and not rule:
        raise UsageError("rule_needed", "改责任要指明规则", "yk audit owner X:1.37 --division 专业")
    chosen = [find_rule(rule)] if rule else list(rules().values())
    now = owners(app.open_store())
    if division or centre:
        now |= {chosen[0].id: set_owner(app.desk(dry_run), rule, division, centre)}
    rows = [
        {
            "id": one.id,
            "name": one.name,
            **now[one.id]._asdict(),
            "copied_to": copied_to(one, now[one.id]),
            "owner_confidence": one.owner_confidence,
            "changed": "是" if now[one.id] != (one.division, one.centre) else "",
        }
        for one in chosen
    ]
    output.rows(app, rows, _OWNERS)


@group("post", help="岗位：领导小组、数据组、三个中心、十一个专业，由谁任。")
def post() -> None:
    """Posts."""


@post.command(
    "list", help="列出岗位和任职的人。", examples=["yk audit post list"], exits=[ExitCode.UNREADABLE]
)
@reading
@pass_app
def post_list(app: App) -> None:
    """Print the posts."""
    from yk.audit.owners import holders, posts
    from yk.flows.roles import roles

    people = holders(app.open_store())
    rows = [
        {"post": one.id, "body": one.body, "role": one.role, "role_name": roles()[one.role].name,
         "holders": people[one.id], "basis": one.basis}
        for one in posts().values()
    ]  # fmt: skip
    output.rows(app, rows, _POSTS)


@post.command(
    "set",
    help="定一个岗位由谁任，代替原来的人；一个人都不写就是空缺（有这个角色的人都可办）。由营销稽查专责办。",
    examples=["yk audit post set division/计量管理 division_lead"],
    exits=[ExitCode.UNREADABLE, ExitCode.REFUSED],
)
@click.argument("name", metavar="POST", help="岗位")
@click.argument("people", metavar="[OPERATOR…]", nargs=-1, help="经办人编号")
@dry_run
@reading
@pass_app
def post_set(app: App, name: str, people: tuple[str, ...], dry_run: bool) -> None:
    """Say who holds a post."""
    from yk.audit.owners import set_holders
    from yk.flows.roles import roles

    one = set_holders(app.desk(dry_run), name, people)
    row = {"post": one.id, "body": one.body, "role": one.role, "role_name": roles()[one.role].name}
    output.record(app, row | {"holders": list(people), "basis": one.basis}, _POSTS)


COMMANDS: tuple[Command, ...] = (owner, post)
