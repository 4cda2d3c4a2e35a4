"""A run of the audit: what breaks which rule now, what is new, what came back, what is gone. No run loses an earlier one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from yk.audit.fusing import statements
from yk.audit.reading import Found, broken
from yk.audit.rules import Rule, rules, values
from yk.clock import Clock
from yk.settings import Settings
from yk.store import Store
from yk.store.conditions import Comparison

Data = dict[str, Any]
FOUND, REOPENED, CLEARED = "found", "reopened", "cleared"
STATES = {FOUND: "已发现", REOPENED: "重现", CLEARED: "已消除"}
OPEN = (FOUND, REOPENED)
COUNTER = "audit_run"


class Run(NamedTuple):
    """What a run answers; `new`, `back` and `gone` compare with the runs before."""

    run: str
    at: str
    rules: int
    passed: int
    findings: int
    customers: int
    new: int
    back: int
    gone: int
    by_rule: list[Data]
    by_centre: list[Data]


def run(
    store: Store, clock: Clock, settings: Settings, chosen: Iterable[Rule] | None = None, keep: bool = True
) -> Run:
    """Ask `chosen` rules (all of them) of the archive; with `keep` its findings and the run are kept."""
    asked = list(rules().values() if chosen is None else chosen)
    now = clock().isoformat()
    found = sorted(set(broken(store, statements(asked, values(now[:10], settings)))), key=lambda one: one[:3])
    if not keep:
        return _answer("", now, asked, found, (0, 0, 0))
    with store.transaction():
        number = _next(store)
        changed = _follow(store, number, now, {rule.id for rule in asked}, found)
        answer = _answer(number, now, asked, found, changed)
        store.table("audit_run").save(answer._asdict())
    return answer


def _next(store: Store) -> str:
    doc = store.table("counter").get(doc_id=COUNTER)
    number = int(doc["last"] if doc else 0) + 1
    store.table("counter").save({"counter": COUNTER, "last": number})
    return f"JH{number:06d}"


def finding_id(one: Found) -> str:
    """The id of a finding: one a rule and row, however often it comes back."""
    return f"{one[0]}/{one[1]}/{one[2]}"


def _follow(store: Store, run: str, now: str, asked: set[str], found: list[Found]) -> tuple[int, int, int]:
    """Write what became of every finding of the rules that were asked: how many are new, came back, are gone."""
    table = store.table("finding")
    before = {key: dict(doc) for key, doc in table.find([Comparison("rule", "in", tuple(sorted(asked)))])}
    here = {finding_id(one): one for one in found}
    written: list[tuple[str, Data]] = []
    new = back = gone = 0
    for key, one in here.items():
        old = before.get(key)
        if old is None:
            new += 1
            written.append((key, _moved(_finding(key, one), FOUND, run, now)))
        elif old["state"] == CLEARED:
            back += 1
            written.append((key, _moved(old | {"times": old["times"] + 1}, REOPENED, run, now)))
    for key, old in before.items():
        if key not in here and old["state"] in OPEN:
            gone += 1
            written.append((key, _moved(old, CLEARED, run, now)))
    table.put(written)
    return new, back, gone


def _finding(key: str, one: Found) -> Data:
    rule = rules()[one[0]]
    owner = {"division": rule.division, "centre": rule.centre}
    row = {"rule": one[0], "entity": one[1], "entity_id": one[2], "cons_no": one[3] or ""}
    return {"finding": key, **row, **owner, "severity": rule.severity, "times": 1, "history": []}


def _moved(doc: Data, state: str, run: str, now: str) -> Data:
    """A finding in a new state, the step added to its history."""
    return doc | {
        "state": state,
        "since": now,
        "history": [*doc["history"], {"state": state, "run": run, "at": now}],
    }


def _answer(run: str, now: str, asked: list[Rule], found: list[Found], changed: tuple[int, int, int]) -> Run:
    by_rule = Counter(one[0] for one in found)
    by_centre = Counter(rules()[one[0]].centre for one in found)
    return Run(
        run,
        now,
        len(asked),
        len(asked) - len(by_rule),
        len(found),
        len({one[3] for one in found if one[3]}),
        *changed,
        [{"id": rule.id, "name": rule.name, "count": by_rule[rule.id]} for rule in asked if by_rule[rule.id]],
        [{"centre": centre, "count": count} for centre, count in sorted(by_centre.items())],
    )
