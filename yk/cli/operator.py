"""`yk operator`: who works here, in which roles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import group
from yk.cli.options import reading

if TYPE_CHECKING:
    from yk.desk.operators import Operator


@group("operator", help="经办人：查看、增加。")
def operator() -> None:
    """Operators."""


@operator.command("list", help="列出全部经办人和角色。", examples=["yk operator list"])
@reading
@pass_app
def list_(app: App) -> None:
    """Print every operator."""
    from yk.desk.operators import all_operators

    found = [_shown(one) for one in all_operators(app.open_store())]
    output.rows(app, found, _columns(found))


def _columns(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What a table shows; roles that wait for an exam only where somebody has some."""
    columns = [("id", "编号"), ("name", "姓名"), ("org_name", "供电单位"), ("role_names", "角色")]
    return [*columns, ("awaiting_names", "考试合格后")] if any(one["awaiting"] for one in found) else columns


def _shown(one: Operator) -> dict[str, Any]:
    """An operator with the names of roles and unit beside their ids."""
    from yk.archive.codes import name_of
    from yk.flows.roles import roles

    names, awaiting = (
        [roles()[role].name if role in roles() else role for role in given]
        for given in (one.roles, one.awaiting)
    )
    return {
        "id": one.id,
        "name": one.name,
        "roles": list(one.roles),
        "org": one.org,
        "org_name": name_of("org", one.org) if one.org else "全部",
        "role_names": "全部角色" if set(one.roles) >= roles().keys() else "、".join(names),
        "awaiting": list(one.awaiting),
        "awaiting_names": "、".join(awaiting),
    }


@operator.command("roles", help="列出全部角色。", examples=["yk operator roles"])
@reading
@pass_app
def roles_(app: App) -> None:
    """Print every role with its duty and source."""
    from yk.flows.roles import roles

    found = [role._asdict() for role in roles().values()]
    output.rows(app, found, [("id", "编号"), ("name", "角色"), ("duty", "职责"), ("origin", "出处")])


@operator.command(
    "add",
    help="增加一个经办人，或改他的姓名和角色。",
    examples=[
        "yk operator add li01 --name 李示范 --role acceptance_clerk --role archivist",
        "yk operator add wang --name 王示范 --until-exam 业务受理人员",
    ],
)
@click.argument("operator_id", metavar="ID", help="经办人编号")
@click.option("--name", metavar="N", required=True, help="姓名")
@click.option(
    "--role",
    "roles",
    metavar="R",
    multiple=True,
    help="角色编号或中文名，可重复或用逗号隔开",
)
@click.option(
    "--until-exam",
    metavar="R",
    multiple=True,
    help="考试合格（yk scenario exam）才生效的角色，写法同 --role；给了它可以不给 --role",
)
@click.option("--org", metavar="O", default="", help="供电单位代码或名称；不写则各单位的工单都能办")
@click.option("-n", "--dry-run", is_flag=True, help="只检查，不写入")
@click.pass_context
@pass_app
def add(
    app: App,
    ctx: click.Context,
    operator_id: str,
    name: str,
    roles: tuple[str, ...],
    until_exam: tuple[str, ...],
    org: str,
    dry_run: bool,
) -> None:
    """Add an operator, or change one."""
    from yk.desk.operators import add_operator, all_operators

    if not roles and not until_exam:
        raise click.MissingParameter(ctx=ctx, param=next(p for p in ctx.command.params if p.name == "roles"))
    store = app.open_store()
    with store.transaction():
        known = {one.id for one in all_operators(store)}
        made = add_operator(store, operator_id, name, _words(roles), org, _words(until_exam))
        if dry_run:
            store.medium.doom()
    done = {**_shown(made), "added": made.id not in known, "dry_run": dry_run}
    output.record(app, done, _columns([done]))
    app.say(f"{'（试算，未写入）' if dry_run else ''}已{'增加' if done['added'] else '更改'}经办人 {made.id}")


def _words(given: tuple[str, ...]) -> list[str]:
    """The words of options that may be repeated or hold several words each."""
    return [word for one in given for word in re.split("[,，、]", one)]
