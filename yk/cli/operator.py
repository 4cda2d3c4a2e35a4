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

    columns = [("id", "编号"), ("name", "姓名"), ("org_name", "供电单位"), ("role_names", "角色")]
    output.rows(app, (_shown(one) for one in all_operators(app.open_store())), columns)


def _shown(one: Operator) -> dict[str, Any]:
    """An operator with the names of roles and unit beside their ids."""
    from yk.archive.codes import name_of
    from yk.flows.roles import roles

    names = [roles()[role].name if role in roles() else role for role in one.roles]
    return {
        "id": one.id,
        "name": one.name,
        "roles": list(one.roles),
        "org": one.org,
        "org_name": name_of("org", one.org) if one.org else "全部",
        "role_names": "全部角色" if set(one.roles) >= roles().keys() else "、".join(names),
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
    examples=["yk operator add li01 --name 李示范 --role acceptance_clerk --role archivist"],
)
@click.argument("operator_id", metavar="ID", help="经办人编号")
@click.option("--name", metavar="N", required=True, help="姓名")
@click.option(
    "--role", "roles", metavar="R", multiple=True, required=True, help="角色编号或中文名，可重复或用逗号隔开"
)
@click.option("--org", metavar="O", default="", help="供电单位代码或名称；不写则各单位的工单都能办")
@click.option("-n", "--dry-run", is_flag=True, help="只检查，不写入")
@pass_app
def add(app: App, operator_id: str, name: str, roles: tuple[str, ...], org: str, dry_run: bool) -> None:
    """Add an operator, or change one."""
    from yk.desk.operators import add_operator, all_operators

    store = app.open_store()
    with store.transaction():
        known = {one.id for one in all_operators(store)}
        words = [word for given in roles for word in re.split("[,，、]", given)]
        made = add_operator(store, operator_id, name, words, org)
        if dry_run:
            store.medium.doom()
    done = {**_shown(made), "added": made.id not in known, "dry_run": dry_run}
    columns = [("id", "编号"), ("name", "姓名"), ("org_name", "供电单位"), ("role_names", "角色")]
    output.record(app, done, columns)
    app.say(f"{'（试算，未写入）' if dry_run else ''}已{'增加' if done['added'] else '更改'}经办人 {made.id}")
