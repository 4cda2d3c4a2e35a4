"""Importing files into the archive: several files are one unit of work; what cannot be stored is rejected row by row."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from yk.archive import inputs
from yk.archive.dictionary import Entity, entity
from yk.archive.inputs import Row
from yk.archive.nested import REJECTED
from yk.archive.taken import Taken
from yk.errors import UsageError
from yk.files import write_atomic
from yk.text import did_you_mean, plain

if TYPE_CHECKING:
    from yk.store import Store

_CHUNK = 1000
"""Rows of one entity compared and written together."""


class Rejection(NamedTuple):
    """A row that was not stored: where it stands, a stable code, the reason in Chinese, the row as it was read.

    Codes: missing_key, wrong_type, unknown_column, duplicate_key, unknown_entity, wrong_owner.
    """

    file: str
    row: int
    entity: str
    code: str
    message: str
    raw: Mapping[str, object]

    def as_json(self) -> dict[str, Any]:
        """The shape the contract freezes, with file and entity."""
        return {name: value for name, value in self._asdict().items() if name != "raw"}


@dataclass
class Report:
    """What an import did, or would do: numbers of rows; the rejected ones; columns that are not known."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    unknown_columns: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The JSON of the contract."""
        counts = {name: getattr(self, name) for name in ("read", "added", "changed", "unchanged")}
        rejected = [one.as_json() for one in self.rejected]
        return {**counts, "rejected": rejected, "unknown_columns": self.unknown_columns}


def import_files(
    store: Store,
    paths: Iterable[Path],
    kind: str | None = None,
    dry_run: bool = False,
    look: Callable[[Taken], None] | None = None,
) -> Report:
    """Add or change rows from `paths` (files or folders); their order does not matter.

    `kind` names the entity of all of them, instead of file and sheet names. Of rows with the same key the first
    counts. Fields that a row does not give, or gives masked (`138****0000`), keep their value.
    With `dry_run` nothing is written. `look` sees what was taken while it is written and not yet for good.
    Raises UnreadableError and UsageError; nothing is written then.
    """
    wanted = entity(kind) if kind else None
    files = list(inputs.files_of(paths))
    unit = _Unit(store, dry_run and look is None)
    with nullcontext() if unit.dry_run else store.transaction():
        for path in files:
            for row in inputs.read(path, wanted, unit.note_unknown):
                unit.take(row)
        unit.finish()
        if look is not None:
            look(unit.taken)
            if dry_run:
                store.medium.doom()
    return unit.report


def write_rejects(report: Report, path: Path) -> None:
    """The rejected rows as JSON lines that can be mended and imported again."""
    lines = []
    for one in report.rejected:
        why = {REJECTED: one.as_json(), one.entity: [one.raw]}
        lines.append(json.dumps(why, ensure_ascii=False, default=str) + "\n")
    write_atomic(path, "".join(lines).encode(errors="replace"))


class Intake(ABC):
    """Rows of files on their way in: each is checked, and written with others of its entity, or rejected."""

    def __init__(self) -> None:
        self.report = Report()
        self.taken = Taken()
        self._waiting: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        self._noted: set[tuple[str, str, str]] = set()

    def note_unknown(self, file: str, kind: str, column: str) -> None:
        """Report a column once."""
        if (file, kind, column) not in self._noted:
            self._noted.add((file, kind, column))
            shown = {"file": file, "entity": kind, "column": plain(column)}
            self.report.unknown_columns.append(shown)

    def take(self, row: Row) -> None:
        """Check one row and keep it for writing, or reject it."""
        self.report.read += 1
        values, problems = _checked(row)
        if not problems and row.entity:
            try:
                doc_id = row.entity.doc_id(values)
            except UsageError as error:
                problems.append((error.code, error.message))
            else:
                if self.taken.take(row.entity, doc_id, row):
                    self._keep(row.entity, doc_id, values)
                    return
                problems.append(("duplicate_key", f"{row.entity.zh} {doc_id} 在这批文件里已出现过"))
        raw = {**row.given, **row.unknown}
        message = "；".join(text for _, text in problems)
        rejection = Rejection(row.file, row.row, row.word, problems[0][0], message, raw)
        self.report.rejected.append(rejection)

    def finish(self) -> None:
        """Write what still waits."""
        for name, waiting in self._waiting.items():
            self.write(entity(name), waiting)
            waiting.clear()

    @abstractmethod
    def write(self, kind: Entity, rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Write some sound rows of an entity, (id, values by field) each; no id comes twice."""

    def _keep(self, kind: Entity, doc_id: str, values: dict[str, Any]) -> None:
        waiting = self._waiting.setdefault(kind.name, [])
        waiting.append((doc_id, values))
        if len(waiting) >= _CHUNK:
            self.write(kind, waiting)
            waiting.clear()


class _Unit(Intake):
    """One import on its way."""

    def __init__(self, store: Store, dry_run: bool) -> None:
        super().__init__()
        self.store, self.dry_run = store, dry_run
        self._empty: dict[str, bool] = {}

    def write(self, kind: Entity, rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Compare the rows with the stored ones, and put those that differ."""
        table, report = self.store.table(kind.name), self.report
        if kind.name not in self._empty:
            self._empty[kind.name] = len(table) == 0
        personal = [one.name for one in kind.fields.values() if one.personal]
        changes: list[tuple[str, Mapping[str, Any]]] = []
        for doc_id, values in rows:
            stored = None if self._empty[kind.name] else table.get(doc_id=doc_id)
            if kind.owner:
                self.taken.belongs(values.get(kind.owner))
                self.taken.belongs(stored and stored.get(kind.owner))
            if stored is not None:
                for field_ in personal:
                    if stored[field_] and "*" in str(values.get(field_) or ""):
                        del values[field_]
            if stored is None:
                report.added += 1
                changes.append((doc_id, values))
            elif any(stored.get(field_) != value for field_, value in values.items()):
                report.changed += 1
                changes.append((doc_id, {**stored, **values}))
            else:
                report.unchanged += 1
        if changes and not self.dry_run:
            table.put(changes)


def _checked(row: Row) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The stored values of a row, and everything that is wrong with it as (code, text)."""
    problems = [row.problem] if row.problem else []
    values: dict[str, Any] = {}
    if row.entity is None:
        return values, problems
    fields = row.entity.fields
    for name, value in row.given.items():
        try:
            values[name] = fields[name].parse(value)
        except UsageError as error:
            problems.append((error.code, error.message))
    for word in row.unknown:
        if not row.problem:
            hint = did_you_mean(word, [*fields, *(one.zh for one in fields.values())])
            problems.append(("unknown_column", f"{row.entity.zh} 没有 {plain(word)} 这个字段。{hint}"))
    return values, problems
