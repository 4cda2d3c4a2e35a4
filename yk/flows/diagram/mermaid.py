"""A flow as a Mermaid flowchart, for Markdown pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from yk.flows.diagram.graph import Fork, Graph, Item, Step, every_step
from yk.flows.diagram.label import arrows, fork_join, kind_of, lines_of
from yk.text import plain

_STYLES = {
    "done": "fill:#e3f4e6,stroke:#2e7d32,color:#1b4020",
    "current": "fill:#fff3c4,stroke:#b26a00,stroke-width:3px,color:#3d2600",
    "ahead": "fill:#ffffff,stroke:#78838c,color:#1c2226",
    "again": "fill:#fdeee3,stroke:#b5521b,color:#4a1f07",
    "skipped": "fill:#eceff1,stroke:#9aa5ab,color:#5f6b72",
    "optional": "stroke-dasharray:6 4",
}
_ARROWS = {"on": "-->", "skip": "-->", "back": "-.->", "fail": "-.->", "dispute": "-.->"}
_SPECIAL = re.compile(r'[#"<>`&;{}\[\]()|\\]')


def mermaid(graph: Graph, title: str) -> str:
    """The chart; its title stands in the front matter."""
    lines = ["---", f"title: {json.dumps(plain(title), ensure_ascii=False)}", "---", "flowchart TD"]
    lines += [f"  {line}" for line in _nodes((*graph.items, *graph.ends))]
    for edge in arrows(graph):
        label = f"|{_quoted(edge.label)}|" if edge.label else ""
        lines.append(f"  {_id(edge.source)} {_ARROWS[edge.kind]}{label} {_id(edge.target)}")
    return "".join(f"{line}\n" for line in [*lines, *_classes(graph)])


def _nodes(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Step):
            opens, closes = ("([", "])") if item.end else ("[[", "]]") if item.seats else ("[", "]")
            yield f"{_id(item.id)}{opens}{_quoted(*lines_of(item))}{closes}"
        else:
            yield from _fork(item)


def _fork(fork: Fork) -> Iterator[str]:
    yield f"subgraph {_id(fork.id)}__frame[{_quoted(f'并行：{fork.name}')}]"
    yield f"  {_id(fork.id)}{{{{{_quoted('同时开始')}}}}}"
    for lane in fork.lanes:
        yield f"  subgraph {_id(lane.id)}[{_quoted(lane.name)}]"
        yield from (f"    {line}" for line in _nodes(lane.items))
        yield "  end"
    yield f"  {_id(fork_join(fork.id))}{{{{{_quoted('各组都办完')}}}}}"
    yield "end"


def _classes(graph: Graph) -> Iterator[str]:
    """Styles for the marks that are shown and for optional steps."""
    members: dict[str, list[str]] = {}
    for step in every_step((*graph.items, *graph.ends)):
        if step.mark:
            members.setdefault(kind_of(step), []).append(_id(step.id))
        if step.when:
            members.setdefault("optional", []).append(_id(step.id))
    for kind, names in members.items():
        yield f"  classDef {kind} {_STYLES[kind]}"
        yield f"  class {','.join(names)} {kind}"


def _id(name: str) -> str:
    """A name no keyword of Mermaid can be."""
    return "s_" + name.replace("/", "__")


def _quoted(*lines: str) -> str:
    """A label; what Mermaid would take for syntax becomes an entity."""
    return '"' + "<br/>".join(_SPECIAL.sub(_entity, plain(line)) for line in lines) + '"'


def _entity(found: re.Match[str]) -> str:
    return f"#{ord(found.group())};"
