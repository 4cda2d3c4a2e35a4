"""A flow in Graphviz's DOT language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yk.flows.diagram.graph import Fork, Graph, Item, Step
from yk.flows.diagram.label import arrows, fork_join, kind_of, lines_of
from yk.text import plain

_FONT = "Noto Sans CJK SC,Source Han Sans SC,Microsoft YaHei,PingFang SC,SimHei"
_FILLS = {
    "plain": 'fillcolor="#ffffff"',
    "done": 'fillcolor="#e3f4e6", color="#2e7d32"',
    "current": 'fillcolor="#fff3c4", color="#b26a00", penwidth=3',
    "ahead": 'fillcolor="#ffffff", color="#78838c"',
    "again": 'fillcolor="#fdeee3", color="#b5521b"',
    "skipped": 'fillcolor="#eceff1", color="#9aa5ab", fontcolor="#5f6b72"',
}


def dot(graph: Graph, title: str) -> str:
    """The digraph, top to bottom."""
    lines = [
        f"digraph {_quoted(graph.id)} {{",
        f"  graph [label={_quoted(title)}, labelloc=t, fontname={_quoted(_FONT)}, rankdir=TB]",
        f'  node [shape=box, style="filled", fillcolor="#ffffff", fontname={_quoted(_FONT)}]',
        f"  edge [fontname={_quoted(_FONT)}, fontsize=11]",
        *(f"  {line}" for line in _nodes((*graph.items, *graph.ends))),
    ]
    for edge in arrows(graph):
        label = f"label={_quoted(edge.label)}" if edge.label else ""
        dashed = "" if edge.kind in ("on", "skip") else "style=dashed, constraint=false"
        attributes = ", ".join(part for part in (label, dashed) if part)
        lines.append(
            f"  {_quoted(edge.source)} -> {_quoted(edge.target)}{f' [{attributes}]' if attributes else ''}"
        )
    return "".join(f"{line}\n" for line in [*lines, "}"])


def _nodes(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Step):
            style = "rounded,filled" if item.end else "dashed,filled" if item.when else "filled"
            border = ", peripheries=2" if item.seats else ""
            label = _quoted(*lines_of(item))
            yield f'{_quoted(item.id)} [label={label}, style="{style}", {_FILLS[kind_of(item)]}{border}]'
        else:
            yield from _fork(item)


def _fork(fork: Fork) -> Iterator[str]:
    yield f"subgraph {_quoted(f'cluster_{fork.id}')} {{"
    yield f"  label={_quoted(f'并行：{fork.name}')}"
    yield f"  {_quoted(fork.id)} [label={_quoted('同时开始')}, shape=hexagon]"
    for lane in fork.lanes:
        yield f"  subgraph {_quoted(f'cluster_{lane.id}')} {{"
        yield f"    label={_quoted(lane.name)}"
        yield from (f"    {line}" for line in _nodes(lane.items))
        yield "  }"
    yield f"  {_quoted(fork_join(fork.id))} [label={_quoted('各组都办完')}, shape=hexagon]"
    yield "}"


def _quoted(*lines: str) -> str:
    """A DOT string, the lines centred below each other."""
    return '"' + "\\n".join(plain(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'
