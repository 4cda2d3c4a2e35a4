"""Drawings of a flow: text for a terminal, Mermaid, DOT and SVG; each can show where a work order stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from importlib import import_module

from yk.flows.flow import Flow
from yk.flows.ways import Way

KINDS = ("text", "mermaid", "dot", "svg")


def draw(
    flow: Flow,
    kind: str,
    at: Iterable[str] = (),
    done: Iterable[str] = (),
    title: str = "",
    missed: Collection[Way] = (),
) -> str:
    """`flow` drawn as `kind` (one of KINDS); `title` stands for its name in the heading.

    `at` is the configuration of a work order (or the steps it stands at), `done` the steps it has done; with either
    of them every step is marked. Pictures point out the ways that are `missed`: by a sign, in SVG by a heavy line too.
    """
    from yk.flows.diagram.graph import graph

    assert kind in KINDS, kind
    drawn: str = getattr(import_module(f"yk.flows.diagram.{kind}"), kind)(
        graph(flow, at, done, missed), title or flow.name
    )
    return drawn
