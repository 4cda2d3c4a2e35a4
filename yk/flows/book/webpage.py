"""The book as one HTML page that needs nothing else and prints on A4, the six columns of the manual side by side."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from yk.flows.book.chapters import (
    NOTES,
    SECTION_COLUMNS,
    TITLE,
    Chapter,
    asked,
    duty,
    level,
    misprint,
    short,
    summary,
)
from yk.flows.catalogue import Listing
from yk.flows.diagram import draw
from yk.flows.entries import STATEMENTS
from yk.flows.origins import origin_mark
from yk.text import plain

Data = dict[str, Any]

_STYLE = """
@page { size: A4 landscape; margin: 12mm 10mm; }
:root { color-scheme: light; }
body { font-family: 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','SimHei',sans-serif;
  font-size: 13px; line-height: 1.55; color: #1c2226; background: #fff; max-width: 1240px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 26px; } h2 { font-size: 20px; border-bottom: 2px solid #24506e; padding-bottom: 4px; }
h3 { font-size: 16px; margin: 1.6em 0 .3em; } a { color: #1c5480; text-decoration: none; }
nav ul { columns: 3; padding-left: 1.2em; } .quiet { color: #5f6b72; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { border: 1px solid #aab4ba; padding: 5px 6px; vertical-align: top; text-align: left; overflow-wrap: anywhere; }
th { background: #eaf0f4; } col.name { width: 7%; } col.risk { width: 17%; } col.control { width: 30%; }
td ol, td ul { margin: 0; padding-left: 1.4em; } li { margin-bottom: 3px; }
.origin { color: #6d5a1e; font-size: .85em; } .check { color: #35566b; font-size: .92em; }
.high { color: #a32020; font-weight: bold; } .middle { color: #94600a; font-weight: bold; } .low { color: #3d6b46; }
img { max-width: 100%; }
@media print { body { margin: 0; max-width: none; font-size: 10.5px; } h2 { break-before: page; }
  h3 { break-after: avoid; } tr { break-inside: auto; } thead { display: table-header-group; }
  nav h2 { break-before: auto; } img { max-height: 145mm; } a { color: inherit; } }
"""
_LEVELS = {"高": "high", "中": "middle", "低": "low"}


def made(parts: list[Chapter]) -> bytes:
    """The file's content."""
    head = f'<meta charset="utf-8"><title>{TITLE}</title><style>{_STYLE}</style>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    body = "\n".join(_body(parts))
    return f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>{head}{view}</head>\n<body>\n{body}\n</body>\n</html>\n'.encode()


def _body(parts: list[Chapter]) -> Iterator[str]:
    yield f"<h1>{TITLE}</h1>\n<p>{_text(summary(parts))}。</p>"
    yield f"<ul>{''.join(f'<li>{_text(note)}</li>' for note in NOTES)}</ul>"
    yield "<nav><h2>目录</h2><ul>"
    for part in parts:
        name = f"{_text(part.name)}（{part.codes}）"
        if part.entries:
            name = f'<a href="#{part.flow}">{name}</a>'
        else:
            name = f'<span class="quiet">{name} 未编写</span>'
        yield f"<li>{name}</li>"
    yield "</ul></nav>"
    for part in parts:
        if part.entries:
            yield from _chapter(part)


def _chapter(part: Chapter) -> Iterator[str]:
    yield f'<section id="{part.flow}"><h2>{_text(part.name)}（{part.codes}）</h2>'
    if part.definition:
        picture = b64encode(draw(part.definition, "svg").encode()).decode()
        yield f'<p><img alt="{_text(part.name)}流程图" src="data:image/svg+xml;base64,{picture}"></p>'
    for item in part.listings:
        if item.code in part.entries:
            yield from _entry(item, part.entries[item.code])
        else:
            yield f'<h3>{item.code} {_text(item.title)}</h3><p class="quiet">未编写</p>'
    yield "</section>"


def _entry(item: Listing, entry: Data) -> Iterator[str]:
    facts = [misprint(item), f"角色：{duty(entry)}", f"印刷页码：{item.page}"]
    yield f'<h3 id="{item.code}">{item.code} {_text(item.title)}</h3>'
    yield f'<p class="quiet">{_text("，".join(fact for fact in facts if fact))}</p>'
    yield '<table><colgroup><col class="name"><col><col><col><col class="risk"><col class="control"></colgroup>'
    yield f"<thead><tr>{''.join(f'<th>{name}</th>' for name in SECTION_COLUMNS)}</tr></thead><tbody>"
    for section in entry["sections"]:
        lists = "".join(f"<td>{_numbered(section[kind])}</td>" for kind in STATEMENTS)
        risks = "".join(_risk(risk) for risk in section["risks"])
        controls = "".join(_control(control) for risk in section["risks"] for control in risk["controls"])
        name = f"<td>{section['no']} {_text(section['name'])}</td>"
        yield f"<tr>{name}{lists}<td><ul>{risks}</ul></td><td><ul>{controls}</ul></td></tr>"
    yield "</tbody></table>"


def _numbered(items: Sequence[Data]) -> str:
    return f"<ol>{''.join(f'<li>{_sourced(item)}</li>' for item in items)}</ol>"


def _risk(risk: Data) -> str:
    shown = level(risk)
    grade = f'<span class="{_LEVELS[shown]}">{shown}</span> {risk["kind"]}'
    return f'<li id="{risk["id"]}"><b>{short(risk["id"])}</b> {grade} {_sourced(risk)}</li>'


def _control(control: Data) -> str:
    must = "*" if control["required"] else ""
    check = f'<span class="check">（{_text(asked(control))}）</span>'
    measure = f"{_text(control['text'])}〔{control['kind']}〕{must}"
    return f'<li id="{control["id"]}"><b>{short(control["id"])}</b> {measure}{check}</li>'


def _sourced(item: Data) -> str:
    return f'{_text(item["text"])}<span class="origin">{_text(origin_mark(item))}</span>'


def _text(words: str) -> str:
    return escape(plain(words))
