"""The book as one Markdown file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from yk.flows.book.chapters import NOTES, TITLE, Chapter, asked, duty, level, misprint, short, summary
from yk.flows.catalogue import Listing
from yk.flows.diagram import draw
from yk.flows.origins import origin_mark
from yk.text import markdown_text as _text

Data = dict[str, Any]

_LISTS = (("requirements", "作业要求"), ("procedure", "作业内容及步骤"), ("conduct", "行为规范"))


def made(parts: list[Chapter]) -> bytes:
    """The file's content."""
    return "".join(f"{line}\n" for line in _lines(parts)).encode()


def _lines(parts: list[Chapter]) -> Iterator[str]:
    yield f"# {TITLE}\n"
    yield f"{summary(parts)}。\n"
    yield from (f"- {_text(note)}" for note in NOTES)
    yield "\n## 目录\n"
    for part in parts:
        state = f"已编写 {len(part.entries)}/{len(part.listings)}" if part.entries else "未编写"
        yield f"- {_text(part.name)}（{part.codes}），{state}"
    for part in parts:
        if part.entries:
            yield from _chapter(part)


def _chapter(part: Chapter) -> Iterator[str]:
    yield f"\n## {_text(part.name)}（{part.codes}）\n"
    if part.definition:
        yield f"```text\n{draw(part.definition, 'text')}```\n"
    for item in part.listings:
        if item.code in part.entries:
            yield from entry_lines(item, part.entries[item.code])
        else:
            yield f"### {item.code} {_text(item.title)}\n\n（未编写）\n"


def entry_lines(item: Listing, entry: Data) -> Iterator[str]:
    """One entry in full."""
    yield f"### {item.code} {_text(item.title)}\n"
    facts = [misprint(item), f"角色：{duty(entry)}", f"印刷页码：{item.page}"]
    yield "，".join(_text(fact) for fact in facts if fact) + "\n"
    for section in entry["sections"]:
        yield f"#### {section['no']} {_text(section['name'])}\n"
        for kind, name in _LISTS:
            yield f"**{name}**\n"
            yield from (f"{n}. {_sourced(one)}" for n, one in enumerate(section[kind], start=1))
            yield ""
        yield "**风险点与预控措施**\n"
        yield from _risks(section["risks"])
        yield ""


def _risks(risks: Sequence[Data]) -> Iterator[str]:
    yield "| 编号 | 风险点 | 类别 | 等级 | 预控措施 | 检查 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for risk in risks:
        for number, control in enumerate(risk["controls"]):
            head = [_sourced(risk), risk["kind"], level(risk)] if number == 0 else ["同上", "", ""]
            must = "\\*" if control["required"] else ""
            measure = f"{_text(control['text'])}〔{control['kind']}〕{must}"
            yield f"| {' | '.join([short(control['id']), *head, measure, _text(asked(control))])} |"


def _sourced(item: Data) -> str:
    return f"{_text(item['text'])}{_text(origin_mark(item))}"
