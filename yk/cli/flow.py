"""`yk flow` and `yk material`: the flows that are defined, drawn, explored; and what they ask the customer for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.complete import complete_case, complete_flow
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.flows.flow import Flow

_LIST = [
    ("id", "编号"),
    ("name", "流程"),
    ("category", "类别"),
    ("steps", "环节"),
    ("source", "出处"),
    ("digest", "版本"),
]
_CHECK = [
    ("flow", "流程"),
    ("name", "名称"),
    ("configurations", "位置"),
    ("rows", "走法"),
    ("dead_ends", "走不到头"),
    ("never_left", "出不去"),
    ("bypasses", "绕过检查"),
]
_MATERIALS = [
    ("code", "编号"),
    ("name", "材料"),
    ("flow", "流程"),
    ("demand", "要求"),
    ("deferrable_to", "可容缺到"),
    ("basis", "依据"),
]
_FLOW_HELP = "流程编号、名称、作业项编号或拼音首字母"

_flow = click.argument("word", metavar="FLOW", shell_complete=complete_flow, help=_FLOW_HELP)


@group("flow", help="业务流程：查、看、画图、检查。")
def flow() -> None:
    """Flows."""


@flow.command("list", help="列出已定义的流程。", examples=["yk flow list", "yk flow list --json"])
@reading
@pass_app
def list_(app: App) -> None:
    """Print one line a flow."""
    from yk.flows.flow import flow_ids, load
    from yk.flows.views import line

    output.rows(app, (line(load(name)) for name in flow_ids()), _LIST)


@flow.command(
    "show",
    help="一个流程的全部：环节、角色、时限、守卫、措施、去向、材料。",
    examples=["yk flow show 更名", "yk flow show gm", "yk flow show 334 --json"],
)
@_flow
@reading
@pass_app
def show(app: App, word: str) -> None:
    """Print a flow in full."""
    from yk.flows.flow import find
    from yk.flows.views import full

    found = full(find(word))
    if app.format == "table":
        from yk.cli.flow_page import flow_page

        output.text(app, flow_page(app, found))
    else:
        output.record(app, found, _LIST)


@flow.command(
    "map",
    help="画流程图；给出工单就标出办到哪里。",
    examples=[
        "yk flow map 更名",
        "yk flow map 更名 --case 012611210001",
        "yk flow map 更名 --to svg -o 更名.svg",
        "yk flow map --case 012611210001",
    ],
    exits=[ExitCode.UNREADABLE],
)
@click.argument(
    "word",
    metavar="[FLOW]",
    required=False,
    shell_complete=complete_flow,
    help=f"{_FLOW_HELP}；有 --case 可省",
)
@click.option(
    "--to",
    "kind",
    type=click.Choice(["text", "mermaid", "dot", "svg"]),
    default="text",
    help="画成什么，缺省 text",
)
@click.option("--case", metavar="NO", shell_complete=complete_case, help="标出这张工单办到哪里")
@click.option("-o", "--output", "file", metavar="FILE", default="-", help="写到文件；- 为标准输出")
@pass_app
def map_(app: App, word: str | None, kind: str, case: str | None, file: str) -> None:
    """Draw a flow, with the place of a work order."""
    from yk.flows.diagram import draw
    from yk.flows.flow import find

    if case is not None:
        chosen, at, done = _place(app, case, word)
        drawing = draw(chosen, kind, at, done, f"{chosen.name}，工单 {case.strip()}")
    elif word is not None:
        chosen = find(word)
        drawing = draw(chosen, kind)
    else:
        raise UsageError("missing_parameter", "要画哪个流程？", "写流程编号或名称，或用 --case 指明工单")
    app.path = file
    if app.json:
        output.record(app, {"flow": chosen.id, "case": case, "to": kind, "diagram": drawing}, [])
    else:
        output.text(app, drawing)


def _place(app: App, case: str, word: str | None) -> tuple[Flow, list[str], list[str]]:
    """The flow of a work order, its configuration, the steps it has done. Raises UsageError when FLOW is another one."""
    from yk.flows.flow import find

    desk = app.desk()
    order = desk.get(case)
    chosen = desk.flow_of(order)
    if word is not None and find(word).id != chosen.id:
        raise UsageError(
            "other_flow",
            f"工单 {order.case} 走的是{chosen.name}，不是 {word}",
            f"去掉 {word}，或改写 {chosen.id}",
        )
    return chosen, order.at, [step for step, _, _ in order.done]


@flow.command(
    "check",
    help="把流程的每一种走法都走一遍：有没有走不到头、出不去的环节，有没有绕过检查。有问题退出码 1。",
    examples=["yk flow check", "yk flow check 更名 --json"],
    exits=[ExitCode.FAILED],
)
@click.argument(
    "words", metavar="[FLOW…]", nargs=-1, shell_complete=complete_flow, help=f"{_FLOW_HELP}；不写就全查"
)
@reading
@pass_app
def check(app: App, words: tuple[str, ...]) -> ExitCode:
    """Explore flows; exit 1 when one of them is bad."""
    from yk.flows.flow import find, flow_ids, load
    from yk.flows.views import behaviour

    chosen = [find(word) for word in words] or [load(name) for name in flow_ids()]
    found = [behaviour(one) for one in dict.fromkeys(chosen)]
    output.rows(app, found, _CHECK)
    bad = [one["name"] for one in found if not one["sound"]]
    app.say(f"有问题的流程：{'、'.join(bad)}" if bad else f"查了 {len(found)} 个流程，没有问题")
    return ExitCode.FAILED if bad else ExitCode.DONE


@group("material", help="各流程要收的材料。")
def material() -> None:
    """Materials."""


@material.command(
    "list",
    help="列出各流程要收的材料、哪些可以后补、依据是什么，以及禁止收取的。",
    examples=["yk material list --flow 更名", "yk material list --json"],
)
@click.option("--flow", "word", metavar="FLOW", shell_complete=complete_flow, help="只列这个流程的")
@reading
@pass_app
def materials(app: App, word: str | None) -> None:
    """Print what is needed, what may come later, what is forbidden."""
    from yk.cli.flow_page import demand
    from yk.flows.flow import find, flow_ids, load
    from yk.flows.views import forbidden_materials
    from yk.flows.views import materials as needed

    chosen = [find(word)] if word is not None else [load(name) for name in flow_ids()]
    found = [row for one in chosen for row in needed(one)] + list(forbidden_materials())
    if app.format in ("table", "md"):
        found = [row | {"demand": demand(row)} for row in found]
    output.rows(app, found, _MATERIALS)
