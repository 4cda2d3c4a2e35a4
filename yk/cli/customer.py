"""`yk customer`, `yk line`, `yk area`: the archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.cli.words import pairs
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from yk.archive.importing import Report
    from yk.audit.gate import Checked

_unmasked = click.option("--unmasked", is_flag=True, help="证件号码和电话不脱敏；经办人的角色须可查看")
_dry_run = click.option("-n", "--dry-run", is_flag=True, help="只检查，不写入")
_IMPORTED = [
    ("read", "读到"),
    ("added", "新增"),
    ("changed", "更改"),
    ("unchanged", "未变"),
    ("rejected", "退回"),
    ("broken", "违反规则"),
]
_SHOWN_REJECTS = 20


@group("customer", help="用电客户档案：导入、查询、导出。")
def customer() -> None:
    """The customer archive."""


@customer.command(
    "import",
    help="导入档案：.jsonl 一行一户；.csv、.xlsx 一个文件或工作表一类数据。几个文件是一个整体，先后不论。",
    examples=[
        "yk customer import 档案.jsonl",
        "yk customer import customer.csv metering_point.csv --rejects 退回.jsonl",
        "yk customer import 户.csv --entity customer --dry-run",
    ],
    exits=[ExitCode.UNREADABLE, ExitCode.PARTLY],
)
@click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path), help="文件或文件夹"
)
@click.option("--entity", metavar="E", help="这些文件是哪一类数据；缺省按文件名或工作表名")
@click.option(
    "--rejects", metavar="FILE", type=click.Path(path_type=Path), help="退回的行写到这个文件，改好可再导入"
)
@_dry_run
@pass_app
def import_(
    app: App, files: tuple[Path, ...], entity: str | None, rejects: Path | None, dry_run: bool
) -> ExitCode:
    """Import files; rejected rows end with exit 5."""
    from yk.archive.importing import write_rejects
    from yk.audit.gate import import_checked

    if rejects is not None:
        output.require_target(app, rejects)
    store = app.open_store()
    checked = import_checked(store, files, entity, dry_run, app.clock, app.settings, app.known_operator())
    report = checked.report
    if rejects is not None:
        write_rejects(report, rejects)
    done = {
        **report.as_json(),
        "broken": checked.broken,
        "breaks": checked.breaks,
        "cleared": checked.cleared,
        "dry_run": dry_run,
    }
    if app.format == "table":
        done |= {"rejected": len(report.rejected)}
        _tell(app, report)
        _tell_breaks(app, checked)
    output.record(app, done, _IMPORTED)
    if dry_run:
        app.say("（试算，未写入）")
    return ExitCode.PARTLY if report.rejected else ExitCode.DONE


def _tell(app: App, report: Report) -> None:
    """The rejected rows and unknown columns, on stderr."""
    for column in report.unknown_columns:
        app.say(f"不认识的列 {column['column']}（{column['file']}，{column['entity']}），没有导入")
    for one in report.rejected[:_SHOWN_REJECTS]:
        app.say(f"✗ {one.file} 第 {one.row} 行：{one.message}")
    if len(report.rejected) > _SHOWN_REJECTS:
        app.say(f"还有 {len(report.rejected) - _SHOWN_REJECTS} 行退回，用 --rejects 文件 可全部存下")


def _tell_breaks(app: App, checked: Checked) -> None:
    """Which data-quality rules the rows break, on stderr."""
    for one in checked.breaks[:_SHOWN_REJECTS]:
        where = f"{one['file']} 第 {one['row']} 行：" if one["row"] else ""
        app.say(f"! {where}违反 {one['rule']}：{one['said']}")
    if checked.broken:
        more = f"，上面是前 {_SHOWN_REJECTS} 处" if checked.broken > _SHOWN_REJECTS else ""
        app.say(f"违反数据质量规则 {checked.broken} 处{more}，照样导入；全部：yk audit findings --open")
    if checked.cleared:
        app.say(f"数据质量问题消除 {checked.cleared} 个")


@customer.command(
    "list",
    help="列出用电客户。\n\n"
    "常用的条件：用电地址、用户编号、用户名称（含有即可）、行业分类（名称含有即可）、抄表段编号。",
    examples=[
        "yk customer list 测试电气 青禾路",
        "yk customer list --where 用户名称=示范 --where 用电地址=青禾路",
        "yk customer list --where 行业分类=水泥 --json",
        "yk customer list --where 抄表段编号=9940401001",
        "yk customer list --where org_no=99401 --limit 20",
    ],
    exits=[ExitCode.UNREADABLE, ExitCode.REFUSED],
)
@click.argument("words", metavar="[WORD…]", nargs=-1, help="编号、名称或地址里的字；写几个就要都有")
@click.option(
    "--where", "wanted", metavar="F=V", multiple=True, help="字段=值，可重复；中文名或编号都行，值留空查空的"
)
@_unmasked
@reading
@pass_app
def list_(app: App, words: tuple[str, ...], wanted: tuple[str, ...], unmasked: bool) -> None:
    """Print customers."""
    from yk.archive.looking import customers

    if unmasked:
        _may_see(app)
    columns = [
        ("cons_no", "用户编号"),
        ("cons_name", "用户名称"),
        ("elec_addr", "用电地址"),
        ("cons_sort_name", "用户分类"),
        ("volt_name", "供电电压"),
        ("contract_cap", "合同容量"),
        ("status_name", "客户状态"),
    ]
    where = pairs(wanted, "--where 用户名称=示范")
    output.rows(app, customers(app.open_store(), where, words, masked=not unmasked), columns)


def _may_see(app: App) -> None:
    from yk.desk.views import may_see

    may_see(app.desk())


@customer.command(
    "show",
    help="一户的全部档案。",
    examples=["yk customer show 1016000001"],
    exits=[ExitCode.UNREADABLE, ExitCode.REFUSED],
)
@click.argument("cons_no", metavar="NO", help="用户编号")
@_unmasked
@reading
@pass_app
def show(app: App, cons_no: str, unmasked: bool) -> None:
    """Print a customer with everything that belongs to it."""
    from yk.archive.looking import customer_document, customer_markdown, customer_page

    if unmasked:
        _may_see(app)
    document = customer_document(app.open_store(), cons_no, masked=not unmasked)
    if app.format in ("table", "md"):
        output.text(app, customer_page(document) if app.format == "table" else customer_markdown(document))
        return
    output.record(app, document, [(key, key) for key in document])


@customer.command(
    "export",
    help="导出全部档案。导回得到同样的档案；--masked 或角色不够时脱敏，脱敏的值导回时不改原值。",
    examples=["yk customer export -o 档案.jsonl", "yk customer export -o 档案 --format csv"],
    exits=[ExitCode.UNREADABLE],
)
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="文件；csv 为文件夹",
)
@click.option(
    "--format", "fmt", type=click.Choice(["jsonl", "csv", "xlsx"]), help="缺省看文件名，再缺省 jsonl"
)
@click.option("--masked", is_flag=True, help="证件号码和电话脱敏")
@pass_app
def export(app: App, target: Path, fmt: str | None, masked: bool) -> None:
    """Write the archive to a file."""
    from yk.archive.exporting import export as write
    from yk.desk.operators import get_operator

    fmt = fmt or _format_of(target)
    if target.suffix.lower() == ".xlsx" and fmt != "xlsx":
        raise UsageError("format_mismatch", f"{target} 的后缀是 .xlsx，--format 却是 {fmt}", "两者改成一致")
    output.refuse_store(app, target)
    store = app.open_store()
    if not masked and not get_operator(store, app.operator).sees_personal_data:
        masked = True
        app.say("经办人的角色不能查看个人数据，已脱敏导出；脱敏的值导回时不改原值")
    counts = write(store, target, fmt, masked)
    output.record(
        app,
        {"file": str(target), "rows": sum(counts.values()), "masked": masked, "entities": counts},
        [("file", "文件"), ("rows", "行数"), ("masked", "脱敏")],
    )


def _format_of(target: Path) -> str:
    return {".xlsx": "xlsx", ".csv": "csv"}.get(target.suffix.lower(), "jsonl")


@group("line", help="线路。")
def line() -> None:
    """Lines."""


@line.command("list", help="列出线路。", examples=["yk line list"])
@reading
@pass_app
def line_list(app: App) -> None:
    """Print every line."""
    from yk.archive.looking import lines

    columns = [
        ("line_no", "线路编号"),
        ("line_name", "线路名称"),
        ("volt_name", "电压"),
        ("substation", "变电站"),
        ("areas", "台区数"),
        ("status_name", "状态"),
    ]
    output.rows(app, lines(app.open_store()), columns)


@group("area", help="台区。")
def area() -> None:
    """Transformer areas."""


@area.command(
    "list", help="列出台区；每个台区在一条线路上。", examples=["yk area list --format csv -o 台区.csv"]
)
@reading
@pass_app
def area_list(app: App) -> None:
    """Print every transformer area."""
    from yk.archive.looking import areas

    columns = [
        ("tg_no", "台区编号"),
        ("tg_name", "台区名称"),
        ("line_no", "线路编号"),
        ("cap", "容量kVA"),
        ("pub_priv_name", "公专变"),
        ("customers", "户数"),
        ("status_name", "状态"),
    ]
    output.rows(app, areas(app.open_store()), columns)
