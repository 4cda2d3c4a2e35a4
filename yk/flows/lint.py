"""Is everything the program knows in order? Every strict loader is run, then the rules of the manual's content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls
from yk.errors import YkError
from yk.flows import catalogue, definition, entries
from yk.flows.content import content_problems, has_own_content

_PLACED = re.compile(r"(?P<file>.+?\.yaml)(?: 第 (?P<line>\d+) 行)?：(?P<message>.*)", re.S)
Data = dict[str, Any]
Loader = Callable[[], object]


class Problem(NamedTuple):
    """Something wrong; `line` is 0 when it concerns the whole file."""

    file: str
    line: int
    code: str
    message: str


def lint() -> Data:
    """`{entries, problems: [{file, line, code, message}], specific: {entries_with_own_content}}`."""
    found = [problem for file, load in _loaders() for problem in _tried(file, load)]
    written: dict[str, dict[str, Data]] = {}
    for flow in _stems("entries"):
        try:
            written[flow] = entries.entries_of(flow)
        except YkError as error:
            found.append(_placed(f"entries/{flow}.yaml", error))
    for flow, made in written.items():
        found += [Problem(*place, code, message) for place, code, message in content_problems(flow, made)]
    for path in sorted(definition.FOLDER.glob("*.yaml")):
        if path.stem in written or path.stem not in _stems("entries"):
            found += _definition_problems(path, written.get(path.stem, {}))
    every = [entry for made in written.values() for entry in made.values()]
    return {
        "entries": len(every),
        "problems": [problem._asdict() for problem in sorted(set(found))],
        "specific": {"entries_with_own_content": sum(has_own_content(entry) for entry in every)},
    }


def _loaders() -> Iterator[tuple[str, Loader]]:
    """What everything else refers to: registries and archetypes."""
    from yk import settings
    from yk.archive import codes
    from yk.flows import materials, roles, rule_sets

    yield "settings.yaml", partial(settings.load, {})
    yield "codes.yaml", codes.code_lists
    yield "roles.yaml", roles.roles
    yield "materials.yaml", materials.materials
    yield "rule_sets.yaml", rule_sets.rule_sets
    for name in _stems("archetypes"):
        yield f"archetypes/{name}.yaml", partial(entries.read_archetype, name)


def _stems(folder: str) -> list[str]:
    return sorted(path.stem for path in (catalogue.FOLDER / folder).glob("*.yaml"))


def _tried(file: str, load: Loader) -> list[Problem]:
    """The problem a loader meets, if any."""
    try:
        load()
    except YkError as error:
        return [_placed(file, error)]
    return []


def _placed(file: str, error: YkError) -> Problem:
    """The error at the place its message names, else at `file` as a whole."""
    named = _PLACED.fullmatch(error.message)
    hint = f"（{error.hint}）" if error.hint else ""
    if named is None:
        return Problem(file, 0, error.code, error.message + hint)
    return Problem(named["file"], int(named["line"] or 0), error.code, named["message"] + hint)


def _definition_problems(path: Path, made: dict[str, Data]) -> list[Problem]:
    """What is wrong with one flow definition; `made` are the resolved entries of the flow."""
    file = f"definitions/{path.name}"
    found = _tried(file, partial(definition.read_definition, path, made))
    if not found and (name := yamls.read(path, file).fields().need("id")).text() != path.stem:
        return [
            Problem(file, name.line, "file_name", f"流程编号是 {name.text()}，文件应叫 {name.text()}.yaml")
        ]
    return found
