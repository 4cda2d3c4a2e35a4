"""Coverage as one HTML page that needs nothing else: figures, every flow's diagram with the ways nobody takes, who tests what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from yk.flows.diagram import draw
from yk.flows.flow import Flow, load
from yk.scenario.cover import Cover, Figure, Figures
from yk.scenario.cover_names import Names
from yk.scenario.obligations import dimensions, obligations
from yk.text import plain

_TITLE = "场景对流程的覆盖"
_FEW = 3
"""So many scenarios stand in a cell; more are folded away."""
_STYLE = """
:root { color-scheme: light; }
body { font-family: 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','SimHei',sans-serif;
  font-size: 14px; line-height: 1.5; color: #1c2226; background: #fff; max-width: 1240px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 24px; } h2 { font-size: 19px; border-bottom: 2px solid #24506e; } h3 { font-size: 15px; margin: 1.2em 0 .3em; }
a { color: #1c5480; text-decoration: none; } .quiet { color: #5f6b72; }
table { border-collapse: collapse; } th, td { border: 1px solid #aab4ba; padding: 3px 8px; text-align: left; vertical-align: top; }
th { background: #eaf0f4; } td.figure { text-align: right; white-space: nowrap; }
tr.lacking td, td.lacking { background: #fdecea; } td.whole { background: #edf7ee; }
.picture { overflow-x: auto; } .items { width: 100%; } .items td { overflow-wrap: anywhere; } .items .mark { width: 1.5em; }
.items .who { width: 34%; } .items code { color: #5f6b72; font-size: 12px; }
"""


def page(cover: Cover, flows: Iterable[str] = ()) -> str:
    """The page about these flows, or about those the scenarios are about. Raises UsageError (`unknown_flow`)."""
    figures = cover.figures(flows)
    head = f'<meta charset="utf-8"><title>{_TITLE}</title><style>{_STYLE}</style>'
    body = "\n".join(_body(cover, figures))
    return f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


def _body(cover: Cover, figures: Figures) -> Iterator[str]:
    yield f"<h1>{_TITLE}</h1>\n<p>{len(cover.scenarios)} 个场景，{len(figures)} 个流程。✗ 是还没有场景走到的。</p>"
    yield f"<table><thead><tr><th>流程</th>{''.join(f'<th>{name}</th>' for name in dimensions().values())}</tr></thead><tbody>"
    for flow, found in figures.items():
        name = f'<a href="#{flow}">{_text(load(flow).name)}</a>'
        yield f"<tr><td>{name}</td>{''.join(map(_figure, found.values()))}</tr>"
    yield "</tbody></table>"
    for flow, found in figures.items():
        yield from _flow(cover, load(flow), found)


def _figure(figure: Figure) -> str:
    """A cell of the summary."""
    if not figure.of:
        return '<td class="figure quiet">无</td>'
    kind = "lacking" if figure.missing else "whole"
    return f'<td class="figure {kind}">{figure.hit}/{figure.of} {figure.percent}%</td>'


def _flow(cover: Cover, flow: Flow, found: dict[str, Figure]) -> Iterator[str]:
    missed = {
        (source, target) for source, _, target in (way.partition(">") for way in found["transitions"].missing)
    }
    names = Names(flow)
    yield f'<section id="{flow.id}"><h2>{_text(flow.name)}（{flow.id}）</h2>'
    yield f'<div class="picture">{draw(flow, "svg", missed=missed)}</div>'
    for dimension, items in obligations(flow).items():
        figure = found[dimension]
        if items:
            lacking = "" if not figure.missing else f"，还缺 {len(figure.missing)}"
            yield f"<h3>{dimensions()[dimension]} {figure.hit}/{figure.of}（{figure.percent}%{lacking}）</h3>"
            yield '<table class="items"><tbody>'
            yield from (_item(names, dimension, item, cover.who(dimension, flow.id, item)) for item in items)
            yield "</tbody></table>"
    yield "</section>"


def _item(names: Names, dimension: str, item: str, who: tuple[str, ...]) -> str:
    """A line of a dimension: met or not, the item in words and as it is spelt, the scenarios that met it."""
    mark, kind = ("✓", "") if who else ("✗", ' class="lacking"')
    words = f"{_text(names.of(dimension, item))} <code>{_text(item)}</code>"
    return (
        f'<tr{kind}><td class="mark">{mark}</td><td>{words}</td><td class="who">{_scenarios(who)}</td></tr>'
    )


def _scenarios(who: tuple[str, ...]) -> str:
    shown = "<br>".join(map(_text, who))
    return shown if len(who) <= _FEW else f"<details><summary>{len(who)} 个场景</summary>{shown}</details>"


def _text(words: str) -> str:
    return escape(plain(words))
