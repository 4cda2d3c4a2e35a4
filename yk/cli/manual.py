"""`yk manual`: the operation manual, to read, to search, to check, to export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.complete import complete_flow
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_LIST = [
    ("code", "作业项"),
    ("title", "名称"),
    ("flow_name", "流程"),
    ("sections", "环节"),
    ("risks", "风险点"),
    ("controls", "预控措施"),
]
_FOUND = [("code", "作业项"), ("title", "名称"), ("where", "位置"), ("text", "内容")]
_OUTLINE = [
    ("no", "编号"),
    ("title", "功能"),
    ("page", "页"),
    ("state_name", "状态"),
    ("flows", "流程"),
    ("note", "说明"),
]
_PROBLEMS = [("file", "文件"), ("line", "行"), ("code", "代号"), ("message", "问题")]
_WRITTEN = [("file", "文件"), ("to", "格式"), ("bytes", "字节")]


def _complete_code(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Entry numbers with their titles."""
    from click.shell_completion import CompletionItem

    from yk.flows.catalogue import PREFIX, catalogue

    numbers = ((item.code.removeprefix(PREFIX), item.title) for item in catalogue().values())
    return [CompletionItem(number, help=title) for number, title in numbers if number.startswith(typed)]


@group("manual", help="作业规范：查、看、检索、校验、导出。")
def manual() -> None:
    """The manual."""


@manual.command(
    "list",
    help="列出作业项：编号、名称、流程，已编写的有几个环节、风险点、预控措施。没编写的都是 0。",
    examples=["yk manual list --flow 更名", "yk manual list --archetype site_survey --written --json"],
)
@click.option(
    "--flow", metavar="FLOW", shell_complete=complete_flow, help="只列这个流程：编号、名称或拼音首字母"
)
@click.option("--archetype", metavar="NAME", help="只列这个原型的，如 acceptance")
@click.option("--written", is_flag=True, help="只列已编写的")
@reading
@pass_app
def list_(app: App, flow: str | None, archetype: str | None, written: bool) -> None:
    """Print the contents of the manual."""
    from yk.flows.contents import contents

    output.rows(app, contents(flow, archetype, written), _LIST)


@manual.command(
    "show",
    help="一个作业项的全文：各环节的要求、步骤、行为规范、风险点和预控措施，每条注明出处。",
    examples=["yk manual show 334", "yk manual show YXZY-YY-334 --json"],
)
@click.argument(
    "code", metavar="CODE", shell_complete=_complete_code, help="作业项编号，如 334 或 YXZY-YY-334"
)
@reading
@pass_app
def show(app: App, code: str) -> None:
    """Print one entry in full."""
    from yk.flows.reader import entry_in_full

    found = entry_in_full(code)
    if app.format == "table":
        from yk.cli.manual_page import entry_page

        output.text(app, entry_page(app, found))
    elif app.format == "md":
        from yk.flows.book.markdown import entry_lines
        from yk.flows.catalogue import find

        output.text(app, "".join(f"{line}\n" for line in entry_lines(find(code), found)))
    else:
        output.record(app, found, [])


@manual.command(
    "search",
    help="检索作业项：名称、编号、流程、拼音首字母，和已编写的全部条文。几个词之间是“并且”。",
    examples=["yk manual search 更名 印章", "yk manual search gm", "yk manual search 欠费 --limit 5 --json"],
)
@click.argument("words", metavar="WORD…", nargs=-1, required=True, help="要找的词")
@reading
@pass_app
def search(app: App, words: tuple[str, ...]) -> None:
    """Print what is found, best first."""
    from yk.flows.search import nearby
    from yk.flows.search import search as find

    found = find(words)
    if app.format == "table" and found:
        from yk.cli.manual_page import found_page

        output.text(app, found_page(app, found))
    else:
        output.rows(app, [one._asdict() for one in found], _FOUND)
    if not found and (hint := nearby(words)):
        app.say(hint)


@manual.command(
    "outline",
    help="宁夏教程的功能目录（1 至 9 章）：哪些已实现、对应哪个流程，哪些没有实现。给词就只列含有这些词的。",
    examples=["yk manual outline", "yk manual outline 用电检查", "yk manual outline 没有实现 --json"],
)
@click.argument("words", metavar="[WORD…]", nargs=-1, help="要找的词，几个词之间是“并且”")
@reading
@pass_app
def outline(app: App, words: tuple[str, ...]) -> None:
    """Print the outline."""
    from yk.flows.outline import outline as listed

    output.rows(app, listed(words), _OUTLINE)


@manual.command(
    "lint",
    help="校验作业规范和流程的全部数据文件：写法、引用、条数、文字。有问题逐条列出文件和行，退出码 1。",
    examples=["yk manual lint", "yk manual lint --json"],
    exits=[ExitCode.FAILED],
)
@reading
@pass_app
def lint(app: App) -> ExitCode:
    """Print every problem; exit 1 when there is one."""
    from yk.flows.lint import lint as check

    found = check()
    problems, own = found["problems"], found["specific"]["entries_with_own_content"]
    if app.json:
        output.record(app, found, [])
    elif app.format == "table":
        output.text(app, "".join(f"{p['file']}:{p['line']} {p['code']} {p['message']}\n" for p in problems))
    else:
        output.rows(app, problems, _PROBLEMS)
    state = f"发现 {len(problems)} 个问题" if problems else "没有问题"
    app.say(f"已编写 {found['entries']} 个作业项，其中 {own} 个有自己的内容；{state}")
    return ExitCode.FAILED if problems else ExitCode.DONE


@manual.command(
    "export",
    help="把作业规范导出成一本书：Markdown、可打印的网页，或工作簿。",
    examples=["yk manual export --to html -o 作业规范.html", "yk manual export --to xlsx -o 作业规范.xlsx"],
    exits=[ExitCode.UNREADABLE],
)
@click.option("--to", "kind", required=True, type=click.Choice(["md", "html", "xlsx"]), help="格式")
@click.option(
    "-o", "--output", "file", metavar="FILE", default="-", help="写到文件；- 为标准输出（xlsx 除外）"
)
@pass_app
def export(app: App, kind: str, file: str) -> None:
    """Write the book."""
    from yk.files import write_atomic
    from yk.flows.book import book

    if file == "-" and kind == "xlsx":
        raise UsageError("file_missing", "工作簿不能写到标准输出", "加 -o 文件名.xlsx")
    made = book(kind)
    if file == "-":
        output.text(app, made.decode())
        return
    output.refuse_store(app, Path(file))
    write_atomic(Path(file), made)
    app.say(f"已写入 {file}")
    if app.json:
        output.record(app, {"file": file, "to": kind, "bytes": len(made)}, _WRITTEN)
