"""`yk store`: look at, check, save and move the store."""

from __future__ import annotations

import sys
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

_INFO = [
    ("url", "地址"),
    ("medium", "形式"),
    ("path", "文件"),
    ("bytes", "字节"),
    ("format", "格式版本"),
    ("rows", "条数"),
    ("tables", "各表条数"),
]
_MOVED = [("from", "来自"), ("to", "写到"), ("rows", "条数"), ("tables", "各表条数"), ("dry_run", "试算")]
_RESTORED = [*_MOVED, ("kept", "原存储留在")]
_PROBLEMS = [("code", "代码"), ("where", "位置"), ("message", "问题")]
_EXITS = [ExitCode.UNREADABLE, ExitCode.REFUSED]

_dry_run = click.option("-n", "--dry-run", is_flag=True, help="只检查，说会写多少，不写")
_yes = click.option("--yes", is_flag=True, help="确认换掉现有的全部数据，不再询问")
_force = click.option("--force", is_flag=True, help="文件已存在也覆盖")


@group("store", help="存储：看、检查、备份、恢复、导出、读入、转移。")
def store() -> None:
    """The store."""


@store.command(
    "info", help="存储在哪里，有多大，各表多少条。", examples=["yk store info"], exits=[ExitCode.UNREADABLE]
)
@reading
@pass_app
def info(app: App) -> None:
    """Print address, medium, size, format and documents by table."""
    from yk.store.maintenance import info as look

    found = look(app.open_store())
    output.record(app, found | {"rows": sum(found["tables"].values())}, _INFO)


@store.command(
    "check",
    help="检查存储：文件完整、内容可读、工单记录的哈希链、引用、白名单和批量修改清单的摘要。有问题逐条列出，退出码 3。",
    examples=["yk store check", "yk store check --json"],
    exits=[ExitCode.UNREADABLE],
)
@reading
@pass_app
def check(app: App) -> ExitCode:
    """Print every problem; exit 3 when there is one."""
    from yk.audit.checking import check as look_at_audit
    from yk.desk.checking import check as look

    found = look(app.open_store())
    found = found or look_at_audit(app.open_store())
    if found or app.format != "table":
        output.rows(app, found, _PROBLEMS)
    app.say(f"发现 {len(found)} 个问题" if found else "存储完好")
    return ExitCode.UNREADABLE if found else ExitCode.DONE


@store.command(
    "backup",
    help="把存储完整备份到一个文件。别的程序可以照常读写；备份的是同一时刻的内容。",
    examples=["yk store backup 备份-2026-11-21.db", "yk store backup 备份.db --force"],
    exits=_EXITS,
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path), help="写到哪个文件")
@_force
@_dry_run
@pass_app
def backup(app: App, file: Path, force: bool, dry_run: bool) -> None:
    """Copy the store to a file."""
    from yk.store import maintenance

    source = app.open_store()
    maintenance.require_free(source, file, force)
    if not dry_run:
        maintenance.backup(source, file, force)
    _answer(app, source, str(file), dry_run)


@store.command(
    "restore",
    help="用备份换掉存储里的全部数据，要么全换要么不动。备份先查一遍；原来的存储留在旁边（.before-restore）。"
    "存储损坏了也能恢复。先确认，或加 --yes。",
    examples=["yk store restore 备份-2026-11-21.db --dry-run", "yk store restore 备份-2026-11-21.db --yes"],
    exits=_EXITS,
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path), help="yk store backup 写的文件")
@_yes
@_dry_run
@pass_app
def restore(app: App, file: Path, yes: bool, dry_run: bool) -> None:
    """Replace the store's content with that of a backup."""
    from yk.archive.opening import collections
    from yk.store import restoring
    from yk.store.url import parse

    found, path, kept = restoring.examine(file, collections()), parse(app.store_url).path, None
    if not dry_run:
        if path is not None and path.exists() and not yes:
            app.confirm(f"用备份里的 {sum(found.values())} 条数据换掉存储 {app.store_url}", "--yes")
        kept = restoring.restore(app.store_url, file, collections())
    moved = _moved(str(file), app.store_url, found, dry_run)
    output.record(app, moved | {"kept": None if kept is None else str(kept)}, _RESTORED)


@store.command(
    "dump",
    help="导出成 TinyDB 的 JSON 文件，原版 TinyDB 也能打开。- 为标准输出。",
    examples=["yk store dump 全库.json", "yk store dump - | gzip > 全库.json.gz"],
    exits=_EXITS,
)
@click.argument("file", metavar="FILE.json", help="写到哪个文件；- 为标准输出")
@_force
@_dry_run
@pass_app
def dump(app: App, file: str, force: bool, dry_run: bool) -> None:
    """Write the store as plain TinyDB JSON."""
    from yk.store import maintenance

    source = app.open_store()
    if file == "-" and not dry_run:
        with source.reading():
            for piece in maintenance.pieces(source):
                sys.stdout.write(piece)
        return
    if file != "-":
        maintenance.require_free(source, Path(file), force)
    if not dry_run:
        maintenance.dump(source, Path(file), force)
        app.say(f"已写入 {file}")
    _answer(app, source, file, dry_run)


@store.command(
    "load",
    help="读入 dump 导出的 JSON 文件，要么全读入要么不动。存储里已有数据时要确认换掉，或加 --yes。",
    examples=["yk store load 全库.json --dry-run", "yk store load 全库.json --store sqlite:///新库.db"],
    exits=_EXITS,
)
@click.argument("file", metavar="FILE.json", type=click.Path(path_type=Path), help="dump 导出的文件")
@_yes
@_dry_run
@pass_app
def load(app: App, file: Path, yes: bool, dry_run: bool) -> None:
    """Replace the store's content with that of a dump."""
    from yk.archive.opening import collections
    from yk.store import maintenance

    found = maintenance.examine_dump(file, collections())
    if not dry_run:
        target = app.open_store(create=True)
        held = sum(maintenance.counts(target).values())
        if held and not yes:
            app.confirm(f"换掉 {target.url} 里的 {held} 条数据", "--yes")
        maintenance.load(target, file, force=True, examined=found)
    output.record(app, _moved(str(file), app.store_url, found, dry_run), _MOVED)


@store.command(
    "migrate",
    help="把全部数据转到另一个地址的新存储，核对无误才算数。原存储不动。",
    examples=["yk store migrate json:///课堂.json", "yk store migrate sqlite:////data/yk.db --dry-run"],
    exits=_EXITS,
)
@click.argument("url", metavar="URL", help="新存储的地址；已有数据则拒绝")
@_dry_run
@pass_app
def migrate(app: App, url: str, dry_run: bool) -> None:
    """Copy the store to a new one at `url`."""
    from yk.store import maintenance

    source = app.open_store()
    if dry_run:
        maintenance.require_new(source, url)
    else:
        maintenance.migrate(source, url)
        app.say(f"以后都用新存储：yk config set store {url}")
    _answer(app, source, url, dry_run)


def _answer(app: App, source: Store, to: str, dry_run: bool) -> None:
    """Say what was written where."""
    from yk.store.maintenance import counts

    output.record(app, _moved(source.url, to, counts(source), dry_run), _MOVED)


def _moved(source: str, to: str, found: dict[str, int], dry_run: bool) -> dict[str, Any]:
    return {"from": source, "to": to, "rows": sum(found.values()), "tables": found, "dry_run": dry_run}
