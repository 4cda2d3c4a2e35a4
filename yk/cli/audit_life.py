"""`yk audit assign|verify|correct`: the life of a finding between two runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.audit_page import FINDINGS, wanted, wanted_findings
from yk.cli.case_fill import dry_run
from yk.cli.lazy import Command, command
from yk.cli.options import reading
from yk.errors import ExitCode, UsageError

_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]
_Function = TypeVar("_Function", bound=Callable[..., Any])
ids_argument = click.argument("ids", metavar="[FINDING…]", nargs=-1, help="问题编号；不写就用下面的条件选")
_note = click.option("--note", metavar="T", default="", help="说明")


def meant(
    app: App,
    ids: Iterable[str],
    asked: dict[str, Any],
    against: Callable[[dict[str, Any]], object] = lambda _: None,
) -> list[str]:
    """The findings that are named, else the open ones that the options mean, without those that something speaks
    `against` unless it is all of them. Raises UsageError."""
    named = list(ids)
    if named and any(asked.values()):
        raise UsageError("conflicting_options", "写了问题编号就不能再写条件", "两种选法留一种")
    if named:
        return named
    if not any(asked.values()):
        raise UsageError("finding_needed", "没有指明问题", "写问题编号，或用 --rule、--unit 等条件选")
    found = list(wanted_findings(app, asked | {"only_open": True}))
    if (kept := [one for one in found if not against(one)]) and len(kept) < len(found):
        app.say(f"{len(found) - len(kept)} 个已办过或等下次稽核，跳过")
    return [one["finding"] for one in kept or found]


def _answer(app: App, docs: list[dict[str, Any]], dry_run: bool) -> None:
    from yk.audit.looking import shown

    today = f"{app.clock():%Y-%m-%d}"
    output.rows(app, [shown(app.open_store(), doc, today) for doc in docs], FINDINGS)
    app.say(f"{'（试算，未写入）' if dry_run else ''}{len(docs)} 个问题")


@command(
    "assign",
    help="派发问题给单位或人，要求订正。由数据组或营销稽查专责办。",
    examples=[
        "yk audit assign --rule X:6.07 --unit 99401",
        "yk audit assign X:6.07/customer/1016000012 --to ID",
    ],
    exits=_EXITS,
)
@ids_argument
@click.option("--to", metavar="ID", default="", help="派给这个经办人；不写就派给单位")
@wanted
@dry_run
@reading
@pass_app
def assign(app: App, /, ids: tuple[str, ...], to: str, dry_run: bool, **asked: Any) -> None:
    """Send findings out."""
    from yk.audit import life

    chosen = meant(app, ids, asked, lambda doc: life.unassignable(doc, to))
    _answer(app, life.assign(app.desk(dry_run), chosen, to), dry_run)


@command(
    "verify",
    help="登记核实结果：属实，或不属实（再申请白名单）。由问题所属单位办。",
    examples=["yk audit verify X:1.81/customer/1016000012 --real --note 现场铭牌 315 kVA"],
    exits=_EXITS,
)
@ids_argument
@click.option("--real/--not-real", default=True, help="属实（缺省）或不属实")
@_note
@wanted
@dry_run
@reading
@pass_app
def verify(app: App, /, ids: tuple[str, ...], real: bool, note: str, dry_run: bool, **asked: Any) -> None:
    """Say whether findings are as they look."""
    from yk.audit import life

    chosen = meant(app, ids, asked, lambda doc: life.unverifiable(doc, real))
    _answer(app, life.verify(app.desk(dry_run), chosen, real, note), dry_run)


@command(
    "correct",
    help="报订正：当场按规则复核，对的消除；档案里还没改的，待下次稽核。由问题所属单位办。",
    examples=["yk audit correct --rule X:1.81 --unit 99401 --note 已改运行容量"],
    exits=_EXITS,
)
@ids_argument
@_note
@wanted
@dry_run
@reading
@pass_app
def correct(app: App, /, ids: tuple[str, ...], note: str, dry_run: bool, **asked: Any) -> None:
    """Say that findings are corrected."""
    from yk.audit import life

    _answer(app, life.correct(app.desk(dry_run), meant(app, ids, asked), note), dry_run)


COMMANDS: tuple[Command, ...] = (assign, verify, correct)
