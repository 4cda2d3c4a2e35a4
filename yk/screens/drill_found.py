"""Lessons and scenarios that the screen 演练 lists: where they are looked for, what is said of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from yk.errors import UnreadableError, UsageError, YkError
from yk.files import data_folder
from yk.text import halfwidth

if TYPE_CHECKING:
    from yk.scenario.scenario import Scenario

FOLDERS = (Path("fixtures", "scenarios"), Path("scenarios"))
"""Where scenarios lie when no setting says so: here, and in the data folder."""


class Found(NamedTuple):
    """A scenario in a file, or a file that cannot be read; `wrong` says why it cannot be played, '' when it can."""

    file: str
    name: str
    flow: str
    questions: int
    wrong: str
    scenario: Scenario | None = None

    @property
    def id(self) -> str:
        """What tells it from others."""
        return f"{self.file}::{self.name}"

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return len(self.scenario.steps) if self.scenario else 0

    @property
    def chapters(self) -> list[str]:
        """The names of its chapters."""
        return [step.chapter for step in self.scenario.steps if step.chapter] if self.scenario else []

    @property
    def is_lesson(self) -> bool:
        """Was it written to teach: a lesson says so, or it asks something?"""
        return self.scenario is not None and bool(self.scenario.lesson or self.questions)

    def has(self, words: list[str]) -> bool:
        """Are all these words in what is said of it?"""
        code = self.scenario.id if self.scenario else ""
        text = halfwidth(f"{self.name} {self.flow} {self.file} {code}").casefold()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Where:
    """A file or folder somebody asked for, '' for none, and the folder of the settings, '' for the usual ones."""

    asked: str = ""
    setting: str = ""

    def path(self) -> Path | None:
        """The file or folder; None when none is there. Raises UnreadableError for one that was named and is missing."""
        named = self.asked or self.setting
        if named:
            path = Path(named).expanduser()
            if not path.exists():
                raise UnreadableError("file_missing", f"没有 {named} 这个文件或文件夹", "检查路径")
            return path
        return next((one for one in (FOLDERS[0], data_folder() / FOLDERS[1]) if one.is_dir()), None)


def found(where: Where) -> list[Found]:
    """Everything that is there, lessons first. Raises UnreadableError."""
    from yk.flows.flow import flow_names
    from yk.scenario.reading import files

    path = where.path()
    if path is None:
        return []
    try:
        every = files([path])
    except UsageError:  # none is there
        return []
    home = path if path.is_dir() else path.parent
    names = {flow: name for flow, (name, _) in flow_names().items()}
    rows = [row for file in every for row in _in_file(file, file.relative_to(home).as_posix(), names)]
    return sorted(rows, key=lambda row: not row.is_lesson)


def _in_file(path: Path, shown: str, names: Mapping[str, str]) -> Iterator[Found]:
    from yk.scenario.reading import load

    try:
        scenarios = load(path, shown)
    except YkError as error:
        yield Found(shown, shown, "", 0, error.message)
        return
    for one in scenarios:
        questions, wrong = _asked(one)
        yield Found(shown, one.name, names.get(one.flow, ""), questions, wrong, one)


def _asked(scenario: Scenario) -> tuple[int, str]:
    """How many questions a scenario asks, and why it cannot be played."""
    from yk.scenario.paper import paper_of
    from yk.scenario.playing import is_playable

    if not is_playable(scenario):
        return 0, f"跳过：{scenario.skip}" if scenario.skip else "没有步骤"
    if not any(step.ask or step.inject for step in scenario.steps):
        return 0, ""
    try:
        return len(paper_of(scenario).questions), ""
    except YkError as error:
        return 0, error.message
