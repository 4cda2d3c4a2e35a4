"""`yk store`: look at, check, save and move the store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yk.cli import output
from yk.cli.app import App, pass_app
from yk.cli.lazy import group
from yk.cli.options import reading
from yk.errors import ExitCode

if TYPE_CHECKING:
    from yk.store import Store

_INFO = [("url", "地址"), ("bytes", "字节"), ("rows", "行数"), ("tables", "各表行数")]
_MOVED = [("from", "来自"), ("to", "写到"), ("rows", "行数"), ("tables", "各表行数"), ("dry_run", "试算")]
_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]

_file = click.argument(
    "file", metavar="FILE", type=click.Path(path_type=Path), help="文件；.json 为 JSON，其余为 SQLite"
)
_dry_run = click.option("-n", "--dry-run", is_flag=True, help="只说会写多少，不写")
_yes = click.option("--yes", is_flag=True, help="确认换掉现有的全部数据，不再询问")


@group("store", help="存储：看、检查、备份、恢复、转移。")
def store() -> None:
    """The store."""


@store.command(
    "info", help="存储在哪里，有多大，各表多少行。", examples=["yk store info"], exits=[ExitCode.UNREADABLE]
)
@reading
@pass_app
def info(app: App) -> None:
    """Print address, size and rows by table."""
    from yk.cli.storage import counts

    opened = app.open_store()
    tables = counts(opened)
    path = getattr(opened.medium, "path", None)
    size = path.stat().st_size if path else None
    output.record(
        app, {"url": opened.url, "bytes": size, "rows": sum(tables.values()), "tables": tables}, _INFO
    )


@store.command(
    "check",
    help="检查存储：文件完整、工单记录的哈希链、表间引用。有问题逐条列出，退出码 3。",
    examples=["yk store check", "yk store check --json"],
    exits=[ExitCode.UNREADABLE],
)
@reading
@pass_app
def check(app: App) -> ExitCode:
    """Print every problem; exit 3 when there is one."""
    from yk.cli.storage import problems

    found = [problem._asdict() for problem in problems(app.open_store())]
    if found or app.format != "table":
        output.rows(app, found, [("message", "问题")])
    app.say(f"发现 {len(found)} 个问题" if found else "存储完好")
    return ExitCode.UNREADABLE if found else ExitCode.DONE


@store.command(
    "backup",
    help="把存储完整备份到一个新文件。别的程序可以同时在读；文件已存在则拒绝。",
    examples=["yk store backup 备份-2026-11-21.db"],
    exits=_EXITS,
)
@_file
@pass_app
def backup(app: App, file: Path) -> None:
    """Copy the store to a new file."""
    from yk.cli import storage

    source = app.open_store()
    storage.backup(source, file)
    _answer(app, source, str(file))


@store.command(
    "restore",
    help="用备份换掉存储里的全部数据，要么全换要么不动。先确认，或加 --yes。",
    examples=["yk store restore 备份-2026-11-21.db --dry-run", "yk store restore 备份-2026-11-21.db --yes"],
    exits=_EXITS,
)
@_file
@_yes
@_dry_run
@pass_app
def restore(app: App, file: Path, yes: bool, dry_run: bool) -> None:
    """Replace the store's content with that of a backup."""
    _replace(app, file, yes, dry_run)


@store.command(
    "dump",
    help="导出成 TinyDB 的 JSON 文件，原版 TinyDB 也能打开。- 为标准输出。",
    examples=["yk store dump 全库.json", "yk store dump - | gzip > 全库.json.gz"],
    exits=[ExitCode.UNREADABLE],
)
@click.argument("file", metavar="FILE.json", help="写到哪个文件；- 为标准输出")
@pass_app
def dump(app: App, file: str) -> None:
    """Write the store as plain TinyDB JSON."""
    from yk.cli import storage

    app.path = file
    output.text(app, storage.dump(app.open_store()))


@store.command(
    "load",
    help="读入 dump 导出的 JSON 文件。存储里已有数据时要确认换掉，或加 --yes。",
    examples=["yk store load 全库.json --dry-run", "yk store load 全库.json --store sqlite:///新库.db"],
    exits=_EXITS,
)
@click.argument("file", metavar="FILE.json", type=click.Path(path_type=Path), help="dump 导出的文件")
@_yes
@_dry_run
@pass_app
def load(app: App, file: Path, yes: bool, dry_run: bool) -> None:
    """Replace the store's content with that of a dump; JSON whatever the file is called."""
    _replace(app, Path(file), yes, dry_run, lambda path: f"json:///{path.resolve()}")


@store.command(
    "migrate",
    help="把全部数据转到另一个地址的新存储，原存储不动。",
    examples=["yk store migrate json:///课堂.json", "yk store migrate sqlite:////data/yk.db --dry-run"],
    exits=_EXITS,
)
@click.argument("url", metavar="URL", help="新存储的地址；已有数据则拒绝")
@_dry_run
@pass_app
def migrate(app: App, url: str, dry_run: bool) -> None:
    """Copy the store to a new one at `url`."""
    from yk.cli import storage

    source = app.open_store()
    if not dry_run:
        with storage.opened(url, create=True) as target:
            storage.require_empty(target, "换一个地址")
            with source.transaction():
                storage.copy(source, target)
        app.say(f"以后都用新存储：yk config set store {url}")
    _answer(app, source, url, dry_run)


def _replace(app: App, file: Path, yes: bool, dry_run: bool, address: Callable[[Path], str] = str) -> None:
    """Put the content of the store in `file` in the place of what the present store holds."""
    from yk.cli import storage

    with storage.opened(address(file)) as source:
        storage.require_sound(source)
        if not dry_run:
            target = app.open_store(create=True)
            held = sum(storage.counts(target).values())
            if held and not yes:
                app.confirm(f"换掉 {target.url} 里的 {held} 行数据", "--yes")
            storage.copy(source, target)
        _answer(app, source, app.store_url, dry_run)


def _answer(app: App, source: Store, to: str, dry_run: bool = False) -> None:
    """Say what was written where."""
    from yk.cli.storage import counts

    tables = counts(source)
    answer: dict[str, Any] = {"from": source.url, "to": to, "rows": sum(tables.values()), "tables": tables}
    output.record(app, answer | {"dry_run": dry_run}, _MOVED)
