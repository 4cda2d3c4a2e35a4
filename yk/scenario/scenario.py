"""What a scenario file says, read and expanded: scenarios, their steps, what they expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

Data = dict[str, Any]


class Place(NamedTuple):
    """Where something is written."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Wanted(NamedTuple):
    """One expectation: `kind` is a word of `words.yaml` (at, archive, deadline …), `value` what it must be."""

    kind: str
    value: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal that is expected: the whole set of its reasons, and texts that must be among them.

    A word is a code (`arrears`), a guard's label, or one of the names in `words.yaml`, with `:` and a control, field or
    material after it where one is meant.
    """

    words: tuple[str, ...]
    contains: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scenario: one act, who does it, what is expected of it.

    `act` is a word of `words.yaml`; `what` its value; `said` both as they are written, in a line. `place` is where the scenario asks for it, `source` where it is
    written (in a template they differ). `data` fills form fields, `materials` are handed in, `confirm` answers controls,
    `usual` fills, hands in and confirms whatever else is wanted. `order` names the work order meant, `label` names the
    one that is opened; `to` where a move must lead. `chapter`, `speech`, `inject`, `ask` are for lessons.
    """

    act: str
    what: Any
    said: str
    place: Place
    source: Place
    by: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    materials: Any = ()
    confirm: Any = ()
    usual: bool = False
    order: str = ""
    label: str = ""
    to: str = ""
    refused: Refusal | None = None
    expect: tuple[Wanted, ...] = ()
    note: str = ""
    power_cut: Any = None
    chapter: str = ""
    speech: str = ""
    inject: Any = None
    ask: Any = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario, one for every row of its examples.

    `given` the world it starts from; `then` what must hold at its end; `skip` and `xfail` reasons; `must_cover`
    obligations it exists for; `snapshot` the file beside it that holds how it goes, word for word; `path` its file; `lesson` what belongs to a lesson or an exam (pass mark, weights, role it unlocks …).
    """

    place: Place
    name: str
    id: str
    flow: str
    tags: tuple[str, ...]
    given: Mapping[str, Any]
    steps: tuple[Step, ...]
    then: tuple[Wanted, ...]
    skip: str = ""
    xfail: str = ""
    must_cover: Mapping[str, Any] = field(default_factory=dict)
    snapshot: str = ""
    seed: int = 0
    note: str = ""
    path: Path = Path()
    lesson: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ident(self) -> str:
        """What names it in reports: file and name."""
        return f"{self.place.file}::{self.name}"
