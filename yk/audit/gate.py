"""The entry gate: an import says which rules its rows break, and what it corrects is cleared at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from yk.archive.dictionary import entities
from yk.archive.importing import Report, import_files
from yk.archive.taken import Taken
from yk.audit.following import Cause, follow
from yk.audit.looking import said_of
from yk.audit.reading import Found
from yk.audit.rules import rules, tables, values
from yk.audit.scoping import Answer, Scope
from yk.clock import Clock
from yk.settings import Settings
from yk.store import Store
from yk.store.conditions import Comparison

Data = dict[str, Any]
_AT_ONCE = 500
"""So many accounts are asked together."""
_TOLD = 1000
"""So many broken rules are told one by one."""


class Checked(NamedTuple):
    """What an import did, and what its rows break: how many, and the first ones {file, row, rule, entity, id, cons_no, said};
    `row` is None for a row of an account that the files do not hold."""

    report: Report
    broken: int
    breaks: list[Data]
    cleared: int


def import_checked(
    store: Store,
    paths: Iterable[Path],
    kind: str | None,
    dry_run: bool,
    clock: Clock,
    settings: Settings,
    by: str = "",
) -> Checked:
    """Import files as `import_files` does; ask the rules of the accounts they touch, and file what is found.

    Raises UnreadableError and UsageError; nothing is written then.
    """
    gate = _Gate(store, clock, settings, by)
    report = import_files(store, paths, kind, dry_run, gate.look)
    return Checked(report, gate.broken, gate.breaks, gate.cleared)


class _Gate:
    """Looks at what was taken."""

    def __init__(self, store: Store, clock: Clock, settings: Settings, by: str) -> None:
        self.store, self.settings = store, settings
        self.cause = Cause(clock().isoformat(), by, settings.integer("audit_due_days"), case="import")
        self.broken = self.cleared = 0
        self.breaks: list[Data] = []

    def look(self, taken: Taken) -> None:
        """Ask the rules of the accounts that were touched, and follow what is found."""
        scope = Scope(self.store, values(self.cause.at[:10], self.settings))
        for accounts in taken.accounts(_AT_ONCE):
            self._follow(taken, scope.broken(accounts), accounts)
        if shared := [name for name in tables() if not entities()[name].owner and taken.has(name)]:
            self._follow(taken, scope.broken_shared(shared), ("",))

    def _follow(self, taken: Taken, answer: Answer, accounts: tuple[str, ...]) -> None:
        found = sorted(answer.broken, key=lambda one: one[:3])
        self.broken += len(found)
        room = _TOLD - len(self.breaks)
        self.breaks += [_told(self.store, taken, one) for one in found[:room]]
        wanted = [Comparison("cons_no", "in", accounts)]
        followed = follow(self.store, found, wanted, self.cause, set(accounts), answer.unknown, answer.asked)
        self.cleared += len(followed.gone)


def _told(store: Store, taken: Taken, found: Found) -> Data:
    rule, entity, ident, cons_no = found
    file, row = taken.place(entity, ident) or ("", None)
    return {
        "file": file,
        "row": row,
        "rule": rule,
        "name": rules()[rule].name,
        "entity": entity,
        "id": ident,
        "cons_no": cons_no or "",
        "said": said_of(store, found),
    }
