"""`yk init` and `yk demo`: the first two commands of a new user."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.case_page import change_lines, folded, item_lines, place_lines
from yk.cli.complete import complete_flow
from yk.cli.lazy import command
from yk.errors import ExitCode, UsageError
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.audit.planting import Planted
    from yk.desk.demonstration import Scene
    from yk.flows.flow import Flow
    from yk.store import Store

EVERY = "all"
"""What `--defects` without a number says."""


@command(
    "init",
    help="建立存储。--demo 装入演示档案和每个角色一名经办人；--defects 再埋入数据问题，供稽核练手。",
    examples=["yk init --demo", "yk init --demo --defects", "yk init --store sqlite:////data/yk.db"],
    exits=[ExitCode.UNREADABLE, ExitCode.REFUSED],
)
@click.option("--demo", is_flag=True, help="装入演示档案和经办人")
@click.option(
    "--defects",
    metavar="[N]",
    is_flag=False,
    flag_value=EVERY,
    help="在演示档案里埋入 N 处数据问题；不写 N 为每条核查规则都有",
)
@click.option("--force", is_flag=True, help="存储里已有数据也重建，原数据清空")
@click.option("-n", "--dry-run", is_flag=True, help="只说会怎样，不写入")
@pass_app
def init(app: App, demo: bool, defects: str | None, force: bool, dry_run: bool) -> None:
    """Make the store."""
    from yk.desk.setting_up import set_up

    plant = None if defects is None else _Planting(app, demo, defects)
    made = set_up(app.store_url, demo=demo, force=force, dry_run=dry_run, then=plant)
    columns = [("url", "存储"), ("customers", "用电客户"), ("operators", "经办人")]
    if plant:
        made |= plant.told()
        columns.append(("defects", "数据问题"))
    output.record(app, made, columns)
    if any(made["cleared"].values()):
        gone = made["cleared"]
        app.say(f"{'将' if dry_run else '已'}清空原有的 {gone['customers']} 户、{gone['cases']} 张工单")
    if dry_run:
        app.say("（试算，未写入）")
    elif plant:
        rules = f"{made['rules']} 条规则查得到"
        app.say(
            f"已埋入 {made['defects']} 处数据问题，{rules}。试一试：yk audit run，再 yk audit findings --open"
        )
    elif demo:
        app.say("存储已建好。试一试：yk case run 更名 --customer 1016000001 --confirm-all --fill")
    else:
        app.say("存储已建好，还是空的。加经办人：yk operator add；导入档案：yk customer import 文件")


class _Planting:
    """What `--defects` puts into the new store, and how to tell of it."""

    def __init__(self, app: App, demo: bool, defects: str) -> None:
        from yk.audit.planting import some_rules

        if not demo:
            raise UsageError("needs_demo", "--defects 只能埋在演示档案里", "加上 --demo")
        self._clock = app.clock
        self._rules = None if defects == EVERY else some_rules(_number(defects))
        self._planted: list[Planted] = []

    def __call__(self, store: Store) -> None:
        from yk.audit.planting import planted

        self._planted = planted(store, self._clock, self._rules)

    def told(self) -> dict[str, Any]:
        """How many there are, how many rules find them, and each of them."""
        found = {rule for one in self._planted for rule in (one.rule, *one.also)}
        planted = [one._asdict() for one in self._planted]
        return {"defects": len(planted), "rules": len(found), "planted": planted}


def _number(text: str) -> int:
    plain = halfwidth(text).strip()
    if not (plain.isascii() and plain.isdecimal()):
        raise UsageError(
            "bad_count", f"--defects 后面应是埋入几处，现为 {text}", "如 --defects 20，或不写数字"
        )
    return int(plain)


@command(
    "demo",
    help="在临时存储上演示一个流程：先被拒绝，逐条整改，再一路办到归档。不动你的存储。",
    examples=["yk demo", "yk demo 更名"],
)
@click.argument(
    "flow", metavar="[FLOW]", default="rename", shell_complete=complete_flow, help="流程，缺省更名"
)
@pass_app
def demo(app: App, flow: str) -> None:
    """Play the demonstration of a flow."""
    from yk.clock import fixed_clock
    from yk.desk import Desk
    from yk.desk.demonstration import DAY, play
    from yk.desk.setting_up import demonstration_store
    from yk.flows.flow import find

    found = find(flow)
    clock = app.clock if app.given_clock or os.environ.get("YK_NOW") else fixed_clock(DAY)
    desk = Desk(demonstration_store(), found.step(found.first)["role"], clock, app.settings)
    scenes = play(desk, found)
    if app.format != "table":
        output.rows(app, (_scene_json(desk, scene) for scene in scenes), [("kind", "场景")])
        return
    for number, scene in enumerate(scenes):
        output.text(app, ("\n" if number else "") + "\n".join(_scene_lines(desk, found, scene)) + "\n")


def _scene_json(desk: Any, scene: Scene) -> dict[str, Any]:
    from yk.desk import views

    data = scene.data
    if scene.kind == "refused":
        return {"kind": scene.kind, "refused": [reason.as_json() for reason in data["reasons"]]}
    if scene.kind == "mended":
        return {"kind": scene.kind, "guard": data["guard"].name, "label": data["guard"].label}
    if scene.kind == "step":
        return {"kind": scene.kind, **data, "changes": views.masked_changes(data["changes"])}
    return {"kind": scene.kind, **views.summary(desk, data["order"])}


def _scene_lines(desk: Any, flow: Flow, scene: Scene) -> list[str]:
    """A scene for people."""
    from yk.desk import views

    data = scene.data
    if scene.kind == "opened":
        order = data["order"]
        return [
            f"【受理】{flow.name}  申请编号 {order.case}"
            + (f"  用户 {order.cons_no}" if order.cons_no else ""),
            *(line for place in views.place(desk, order) for line in place_lines(place)),
        ]
    if scene.kind == "refused":
        reasons = data["reasons"]
        lines = [f"【发送】被拒绝，{len(reasons)} 条原因一次列全："]
        for reason in reasons:
            control = f"  措施 {reason.control}" if reason.control else ""
            lines += folded("  ✗ ", reason.message)
            if source := f"依据 {reason.basis}{control}" if reason.basis else control.strip():
                lines += folded("      ", source)
        return lines
    if scene.kind == "mended":
        return [f"【整改】{data['guard'].label}  ✓"]
    if scene.kind == "step":
        lines = [f"【办理】{data['entry']} {data['title']}  经办人 {data['operator']}"]
        lines += [
            line
            for item in data["items"]
            if item["kind"] in ("guard", "control")
            for line in item_lines(item)
        ]
        changes = [line for change in data["changes"] for line in change_lines(change)]
        to = "、".join(views.step_names(flow, data["to"]))
        return lines + (["  归档影响", *changes] if changes else []) + [f"  → {to}"]
    return _archived(desk, data["order"])


def _archived(desk: Any, order: Any) -> list[str]:
    """The end: the archive with the new name and the former one, and the whole chain."""
    from yk.desk.looking_up import row_of, rows_of

    customer = row_of(desk.store, "customer", order.cons_no)
    whose = (
        f"用户 {order.cons_no} 现用户名：{customer['cons_name']}" if customer else f"工单 {order.case} 已办结"
    )
    lines = [f"【归档】{whose}"]
    for row in rows_of(desk.store, "former_name", cons_no=order.cons_no):
        lines.append(
            f"        曾用名：{row['former_name']}（{row['changed_at'][:10]} 停用，工单 {row['app_no']}）"
        )
    for row in rows_of(desk.store, "document_record", cons_no=order.cons_no):
        lines.append(f"        档案号 {row['file_no']}  柜 {row['cabinet']}  盒 {row['box']}")
    broken = desk.verify(order.case)
    lines.append(f"        办理记录 {order.seq} 条，哈希链{'有误' if broken else '完整'}")
    return lines
