"""What becomes of findings once the rules were asked: new, still there, gone, back; and every step kept in their history."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, NamedTuple

from yk.archive.dictionary import entities
from yk.audit.exempting import approved, values_of, why_void
from yk.audit.owners import Owner, owner_of, owners
from yk.audit.reading import Found
from yk.audit.rules import Rule, rules
from yk.audit.states import CLEARED, CORRECTED, FOUND, OPEN, REOPENED, WHITELISTED
from yk.desk.looking_up import units_of
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
    accounts: Container[str] | None = None,
    unknown: Iterable[Found] = (),
    asked: Container[tuple[str, str]] | None = None,
    may_open: Callable[[str], bool] = lambda _: True,
    may_reopen: bool = True,
) -> Followed:
    """Write what became of the findings that `wanted` gives, now that `found` is what breaks rules among them.

    `accounts`: those that were asked, None when all were. `unknown` stay as they are, and what is of none of the (rule,
    entity) pairs that were `asked`; `may_open` says which ids may be filed as new, `may_reopen` whether those known may
    come back. Inside a transaction.
    """
    here = {finding_id(one): one for one in found}
    kept = {finding_id(one) for one in unknown}
    follower = _Follower(store, cause, here, may_reopen)
    table, seen = store.table("finding"), set()
    for key, doc in table.find(wanted):
        if asked is not None and (doc["rule"], doc["entity"]) not in asked:
            continue
        if key in here:
            seen.add(key)
            follower.still(doc)
        elif (
            key not in kept and doc["state"] in (*OPEN, WHITELISTED) and not _moved_away(store, doc, accounts)
        ):
            follower.gone(doc)
    rest = [key for key in here if key not in seen]
    if accounts is not None:  # a row that came from another account has been found there before
        for doc in table.get(doc_ids=rest) if rest else ():
            seen.add(doc["finding"])
            follower.still(doc)
    follower.open([key for key in rest if key not in seen and may_open(key)])
    return follower.close()


def _moved_away(store: Store, doc: Mapping[str, Any], accounts: Container[str] | None) -> bool:
    """Does the row of a finding belong to an account by now that was not asked?"""
    owner = entities()[doc["entity"]].owner
    if accounts is None or not owner:
        return False
    row = store.table(doc["entity"]).get(doc_id=doc["entity_id"])
    return row is not None and row.get(owner) not in accounts


class _Follower:
    """Writes what became of findings, many at a time."""

    def __init__(self, store: Store, cause: Cause, here: Mapping[str, Found], may_reopen: bool) -> None:
        self.store, self.cause, self.here, self.may_reopen = store, cause, here, may_reopen
        self.followed = Followed([], [], [])
        self._waiting: list[tuple[str, Data]] = []
        self._units = units_of(store, (one[3] for one in here.values()))
        self._entries = approved(store)

    def still(self, doc: Mapping[str, Any]) -> None:
        """A finding that is there: as before, or back; with its account and unit as they are now."""
        doc = self._with_unit(doc)
        late = doc["state"] in OPEN and not doc["late"] and doc["due"] < self.cause.at[:10]
        if why := self._why_back(doc):
            if not self.may_reopen:
                return
            doc = dict(doc) | {"values": values_of(self.store, doc)}
            if doc["state"] == CLEARED and (entry := self._covering(doc)):
                self._keep(_covered(doc, entry, self.cause))
                return
            self.followed.back.append(doc["finding"])
            self._keep(_reopened(doc, self.cause, why))
        elif late:
            told = {"run": self.cause.run}
            self._keep(noted(dict(doc) | {"late": True}, "overdue", self.cause.at, self.cause.by, **told))

    def gone(self, doc: Mapping[str, Any], reason: str = "") -> None:
        """A finding that is not there any more."""
        self.followed.gone.append(doc["finding"])
        cause = self.cause
        self._keep(cleared(doc, cause.at, cause.by, cause.run, cause.case, reason))

    def open(self, keys: Iterable[str]) -> None:
        """Findings that are there for the first time."""
        whose: dict[str, Owner] = {}
        for key in keys:
            whose = whose or owners(self.store)
            doc = _finding(key, self.here[key], whose, self._units, self.cause)
            doc |= {"values": values_of(self.store, doc)}
            self.followed.new.append(key)
            entry = self._covering(doc)
            self._keep(_covered(doc, entry, self.cause) if entry else doc)

    def close(self) -> Followed:
        """Write what waits; what was followed."""
        self.store.table("finding").put(self._waiting)
        self._waiting.clear()
        return self.followed

    def _keep(self, doc: Data) -> None:
        self._waiting.append((doc["finding"], doc))
        if len(self._waiting) >= _AT_ONCE:
            self.close()

    def _with_unit(self, doc: Mapping[str, Any]) -> Mapping[str, Any]:
        account = self.here[doc["finding"]][3] or ""
        now = {"cons_no": account, "org_no": self._units.get(account, "")}
        was = {name: doc[name] for name in now}
        if was == now:
            return doc
        told = " → ".join(f"{one['cons_no']}（{one['org_no'] or '没有单位'}）" for one in (was, now))
        moved_on = noted(dict(doc) | now, "moved", self.cause.at, self.cause.by, reason=told)
        self._keep(moved_on)
        return moved_on

    def _why_back(self, doc: Mapping[str, Any]) -> str:
        """Why a finding that is there now has to be opened again; '' when it is open, or whitelisted as before. What was
        said to be corrected is left to the next run."""
        if doc["state"] == CLEARED:
            return "又出现了"
        if doc["state"] == CORRECTED and self.cause.run:
            return "报了订正，核查仍不合格"
        return why_void(self.store, doc, self.cause.at[:10]) if doc["state"] == WHITELISTED else ""

    def _covering(self, doc: Mapping[str, Any]) -> Data | None:
        """The whitelist entry that covers a finding as it is now."""
        if doc["finding"] not in self._entries or why_void(self.store, doc, self.cause.at[:10]):
            return None
        return self._entries[doc["finding"]]


def _covered(doc: Data, entry: Mapping[str, Any], cause: Cause) -> Data:
    """A finding that the whitelist covers though nobody whitelisted it under this number, or when it was there last."""
    told = f"{entry['exemption']}，到 {entry['until']}：{entry['reason']}"
    return moved(doc, WHITELISTED, cause.at, cause.by, run=cause.run, case=cause.case, reason=told)


def _reopened(doc: Mapping[str, Any], cause: Cause, why: str) -> Data:
    """A finding that is there again: a new occurrence of it, unless only its correction failed."""
    was, changed = doc["state"], dict(doc) | {"assignee": ""}
    if was != CORRECTED:
        changed |= {"found_at": cause.at, "due": due_day(cause), "late": False, "extension": ""}
    if was == CLEARED:
        changed |= {"times": doc["times"] + 1, "case": cause.case}
    told = {"run": cause.run, "case": cause.case, "reason": why, "due": changed["due"]}
    return moved(changed, REOPENED, cause.at, cause.by, **told)


def cleared(
    doc: Mapping[str, Any], at: str, by: str, run: str = "", case: str = "", reason: str = ""
) -> Data:
    """A finding that is gone; it stays known that it was late."""
    late = doc["late"] or (doc["state"] in OPEN and doc["due"] < at[:10])
    return moved(dict(doc) | {"late": late}, CLEARED, at, by, run=run, case=case, reason=reason)


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


def noted(doc: Data, step: str, at: str, by: str, **details: str) -> Data:
    """A finding with a step added to its history; its state stays."""
    told = {name: value for name, value in details.items() if value}
    return doc | {"history": [*doc["history"], {"state": step, "at": at, "by": by, **told}]}


def moved(doc: Data, state: str, at: str, by: str, **details: str) -> Data:
    """A finding in a new state, the step added to its history."""
    return noted(doc | {"state": state, "since": at}, state, at, by, **details)


def retire(store: Store, cause: Cause) -> list[str]:
    """Findings of rules that are in force no more end; their ids. Inside a transaction."""
    follower = _Follower(store, cause, {}, True)
    for _, doc in store.table("finding").find([Comparison("state", "in", (*OPEN, WHITELISTED))]):
        if doc["rule"] not in rules():
            follower.gone(doc, "规则已不在用")
    return follower.close().gone


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
