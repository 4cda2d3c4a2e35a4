"""A step that somebody writes at the moment, outside of any file: what a trainer or a learner does by hand."""

from __future__ import annotations

from typing import Any

from yk import yamls
from yk.scenario.scenario import Place, Step
from yk.scenario.steps import Steps
from yk.scenario.written import Map, Seq, plain

_HERE = Place("自己动手", 1)


def read_step(text: str, flow: str) -> Step:
    """The step that a line of YAML means: `办理: 业务受理`, `{受理: {用户: …}, 照例: 是}`; a `- ` before it is let be.

    `flow` is the flow it speaks of. Raises DefinitionError, UsageError for what is no step.
    """
    return as_step(plain(yamls.parse(text.strip().removeprefix("- "), _HERE.file)), flow)


def as_step(written: Any, flow: str) -> Step:
    """The step that plain data means, a mapping as a scenario file has it. Raises as `read_step`."""
    place = written.place() if isinstance(written, Map) else _HERE
    return Steps({}, {}, flow).read(Seq([written], place.file, place.line, []), place)[0]
