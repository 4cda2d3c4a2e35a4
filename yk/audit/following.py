"""What becomes of findings once the rules were asked: new, still there, gone, back; and every step kept in their history."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, NamedTuple

from yk.audit.exempting import values_of, why_void
from yk.audit.owners import Owner, owner_of, owners
from yk.audit.reading import Found
from yk.audit.rules import Rule, rules
from yk.audit.states import CLEARED, CORRECTED, FOUND, OPEN, REOPENED, WHITELISTED
from yk.flows.dates import days_on
from yk.store import Store
from yk.store.conditions import Comparison

Data = dict[str, Any]
_AT_ONCE = 5000
"""So many findings are written together."""


class Cause(NamedTuple):
    """What made the rules be asked: when (ISO), by whom, the run or the work order (or import), how many days there are
    to correct what is new."""

    at: str
    by: str
    due_days: int
    run: str = ""
    case: str = ""


class Followed(NamedTuple):
    """Ids of findings that are new, came back, are gone."""

    new: list[str]
    back: list[str]
    gone: list[str]


def finding_id(one: Found) -> str:
    """The id of a finding: one a rule and row, however often it comes back."""
    return f"{one[0]}/{one[1]}/{one[2]}"


def follow(
    store: Store,
    found: Iterable[Found],
    wanted: list[Comparison],
    cause: Cause,
    unknown: Iterable[Found] = (),
    asked: Container[tuple[str, str]] | None = None,
    may_open: Callable[[str], bool] = lambda _: True,
    may_reopen: bool = True,
) -> Followed:
    """Write what became of the findings that `wanted` gives, now that `found` is what breaks rules among them.

    `unknown` stay as they are, and what is of none of the (rule, entity) pairs that were `asked`; `may_open` says which ids may be filed as new, `may_reopen` whether those known may come back. Inside a transaction.
    """
    here = {finding_id(one): one for one in found}
    kept = {finding_id(one) for one in unknown}
    followed = Followed([], [], [])
    writer = _Writer(store)
    seen = set()
    for key, doc in store.table("finding").find(wanted):
        if asked is not None and (doc["rule"], doc["entity"]) not in asked:
            continue
        if key in here:
            seen.add(key)
            if why := _comes_back(store, doc, cause):
                if may_reopen:
                    followed.back.append(key)
                    writer.keep(_reopened(dict(doc) | {"values": values_of(store, doc)}, cause, why))
            else:
                writer.keep_if_late(doc, cause)
        elif key not in kept and doc["state"] in (*OPEN, WHITELISTED):
            followed.gone.append(key)
            writer.keep(cleared(doc, cause.at, cause.by, cause.run, cause.case))
    new = [key for key in here if key not in seen and may_open(key)]
    followed.new.extend(new)
    units = units_of(store, [here[key][3] for key in new])
    whose = owners(store) if new else {}
    for key in new:
        doc = _finding(key, here[key], whose, units, cause)
        writer.keep(doc | {"values": values_of(store, doc)})
    writer.close()
    return followed


class _Writer:
    """Writes findings, many at a time."""

    def __init__(self, store: Store) -> None:
        self._table = store.table("finding")
        self._waiting: list[tuple[str, Data]] = []

    def keep(self, doc: Data) -> None:
        self._waiting.append((doc["finding"], doc))
        if len(self._waiting) >= _AT_ONCE:
            self.close()

    def keep_if_late(self, doc: Mapping[str, Any], cause: Cause) -> None:
        """A finding that is still there passes its due day once."""
        if doc["state"] in OPEN and not doc["late"] and doc["due"] < cause.at[:10]:
            self.keep(noted(dict(doc) | {"late": True}, "overdue", cause.at, cause.by, run=cause.run))

    def close(self) -> None:
        self._table.put(self._waiting)
        self._waiting.clear()


def _comes_back(store: Store, doc: Mapping[str, Any], cause: Cause) -> str:
    """Why a finding that is there now has to be opened again; '' when it is open, or whitelisted as before. What was said
    to be corrected is left to the next run."""
    if doc["state"] == CLEARED:
        return "又出现了"
    if doc["state"] == CORRECTED and cause.run:
        return "报了订正，核查仍不合格"
    return why_void(store, doc, cause.at[:10]) if doc["state"] == WHITELISTED else ""


def _reopened(doc: Mapping[str, Any], cause: Cause, why: str) -> Data:
    """A finding that is there again: a new occurrence of it, unless only its correction failed."""
    was, changed = doc["state"], dict(doc) | {"assignee": ""}
    if was != CORRECTED:
        changed |= {"found_at": cause.at, "due": due_day(cause), "late": False, "extension": ""}
    if was == CLEARED:
        changed |= {"times": doc["times"] + 1, "case": cause.case}
    told = {"run": cause.run, "case": cause.case, "reason": why, "due": changed["due"]}
    return moved(changed, REOPENED, cause.at, cause.by, **told)


def cleared(doc: Mapping[str, Any], at: str, by: str, run: str = "", case: str = "") -> Data:
    """A finding that is gone; it stays known that it was late."""
    late = doc["late"] or (doc["state"] in OPEN and doc["due"] < at[:10])
    return moved(dict(doc) | {"late": late}, CLEARED, at, by, run=run, case=case)


def due_day(cause: Cause) -> str:
    """The last day to correct what was found: it counts to that day's end."""
    return days_on(cause.at[:10], cause.due_days)


def _finding(
    key: str, one: Found, whose: Mapping[str, Owner], units: Mapping[str, str], cause: Cause
) -> Data:
    rule = rules()[one[0]]
    owner = owner_of(whose[rule.id], rule, one[1])
    doc = {
        "finding": key,
        "rule": one[0],
        "entity": one[1],
        "entity_id": one[2],
        "cons_no": one[3] or "",
        "org_no": units.get(one[3] or "", ""),
        **owner._asdict(),
        "severity": rule.severity,
        "found_at": cause.at,
        "due": due_day(cause),
        "late": False,
        "extension": "",
        "assignee": "",
        "case": cause.case,
        "times": 1,
        "history": [],
    }
    return moved(doc, FOUND, cause.at, cause.by, run=cause.run, case=cause.case, due=due_day(cause))


def units_of(store: Store, accounts: Iterable[str | None]) -> dict[str, str]:
    """The supply unit of each account."""
    wanted = tuple(sorted({one for one in accounts if one}))
    if not wanted:
        return {}
    collection = store.medium.collections["customer"]
    rows = store.medium.pick(collection, ("cons_no", "org_no"), [Comparison("cons_no", "in", wanted)])
    return {cons_no: org or "" for cons_no, org in rows}


def noted(doc: Data, step: str, at: str, by: str, **details: str) -> Data:
    """A finding with a step added to its history; its state stays."""
    told = {name: value for name, value in details.items() if value}
    return doc | {"history": [*doc["history"], {"state": step, "at": at, "by": by, **told}]}


def moved(doc: Data, state: str, at: str, by: str, **details: str) -> Data:
    """A finding in a new state, the step added to its history."""
    return noted(doc | {"state": state, "since": at}, state, at, by, **details)


def hand_over(store: Store, rule: Rule, owner: Owner, by: str, at: str) -> int:
    """The open findings of a rule get their new owner; how many did. Inside a transaction."""
    changed = []
    for key, doc in store.table("finding").find([Comparison("rule", "=", (rule.id,))]):
        own = owner_of(owner, rule, doc["entity"])
        if doc["state"] in OPEN and (doc["division"], doc["centre"]) != own:
            told = f"{doc['division']}、{doc['centre']} → {own.division}、{own.centre}"
            changed.append((key, noted(dict(doc) | own._asdict(), "moved", at, by, reason=told)))
    store.table("finding").put(changed)
    return len(changed)
