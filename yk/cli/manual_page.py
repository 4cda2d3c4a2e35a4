"""How the manual looks to people: pages of the terminal's width, 80 cells when there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from yk.cli.app import App
from yk.flows.glyphs import readable
from yk.flows.origins import EXPLANATION
from yk.text import cell_len, wrap

if TYPE_CHECKING:
    from yk.flows.search import Found

WIDTH, NARROWEST, WIDEST = 80, 40, 100
MOST = 30
"""Matches shown to people who gave no --limit."""
_LISTS = (("requirements", "作业要求"), ("procedure", "作业内容及步骤"), ("conduct", "行为规范"))

Data = Mapping[str, Any]


def width_of(app: App) -> int:
    """How wide a page may be."""
    if app.path != "-" or not sys.stdout.isatty():
        return WIDTH
    return max(NARROWEST, min(get_terminal_size().columns, WIDEST))


def hung(head: str, words: str, width: int, mark: str = "") -> Iterator[str]:
    """`head` and `words` beside it, wrapped in a column of their own; a `mark` at their end stays in one piece."""
    margin = cell_len(head)
    lines = wrap(readable(words), width - margin) or [""]
    if mark and margin + cell_len(lines[-1]) + cell_len(mark) <= width:
        lines[-1] += readable(mark)
    elif mark:
        lines += wrap(readable(mark), width - margin)
    yield f"{head}{lines[0]}".rstrip()
    yield from (" " * margin + line for line in lines[1:])


def bold(app: App, words: str) -> str:
    """A heading, bold where the terminal may be styled."""
    return click.style(words, bold=True) if app.color and app.path == "-" else words


def entry_page(app: App, entry: Data) -> str:
    """An entry in full: head, then section by section."""
    width = width_of(app)
    lines = [bold(app, f"{entry['code']} {entry['title']}")]
    if entry["printed_title"] != entry["title"]:
        lines += hung("  原印名称  ", entry["printed_title"], width)
    lines += hung(
        "  流程      ", f"{entry['flow_name']}（{entry['flow']}），第 {entry['seq']} 个作业项", width
    )
    lines += hung("  角色      ", "、".join(entry["role_names"]), width)
    lines += hung("  原型      ", f"{entry['archetype']}，印刷页码 {entry['page']}", width)
    for section in entry["sections"]:
        lines += ["", bold(app, f"{section['no']} {readable(section['name'])}")]
        for kind, name in _LISTS:
            lines += [f"  {name}", *_numbered(section[kind], width)]
        lines += ["  风险点与预控措施", *(line for risk in section["risks"] for line in _risk(risk, width))]
    lines += ["", *hung("", EXPLANATION, width)]
    return "".join(f"{line}\n" for line in lines)


def _numbered(items: Sequence[Data], width: int) -> Iterator[str]:
    for number, item in enumerate(items, start=1):
        yield from hung(f"  {number:>3}. ", item["text"], width, item["mark"])


def _risk(risk: Data, width: int) -> Iterator[str]:
    grade = f"{risk['level']}风险（可能性 {risk['likelihood']}，后果 {risk['consequence']}），{risk['kind']}"
    name = risk["id"].rpartition(".")[2]
    yield from hung(f"    {name:<4}", risk["text"], width, risk["mark"])
    yield from hung("        ", grade, width)
    for control in risk["controls"]:
        must = "，必须" if control["required"] else ""
        name = control["id"].rpartition(".")[2]
        yield from hung(f"      ▸ {name:<4}", control["text"], width, f"〔{control['kind']}{must}〕")
        asked = (
            f"系统判断：{control['asks']}（{control['guard']}）"
            if control["guard"]
            else f"问：{control['asks']}"
        )
        yield from hung("            ", asked, width)
        if control["evidence"]:
            yield from hung("            ", f"凭证：{'、'.join(control['evidence'])}", width)


def found_page(app: App, found: Sequence[Found]) -> str:
    """Matches by two or more lines: where, then the text."""
    width, most = width_of(app), app.limit or MOST
    if len(found) > most:
        app.say(f"共 {len(found)} 条，只列出前 {most} 条；要更多就加 --limit")
    lines = [line for one in found[:most] for line in _match(app, one, width)]
    return "".join(f"{line}\n" for line in lines)


def _match(app: App, one: Found, width: int) -> Iterable[str]:
    yield bold(app, f"{one.code} {readable(one.title)}") + f"  {readable(one.where)}"
    if one.text != one.title:
        yield from hung("    ", one.text, width, f"（{one.id}）" if one.id not in ("", one.code) else "")
