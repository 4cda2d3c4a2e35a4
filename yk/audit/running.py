"""A run of the audit: what breaks which rule now, what is new, what came back, what is gone. No run loses an earlier one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from yk.archive.codes import name_of
from yk.audit.exempting import covered
from yk.audit.following import Cause, Followed, finding_id, follow, retire
from yk.audit.fusing import statements
from yk.audit.looking import runs
from yk.audit.numbering import RUN, next_number
from yk.audit.owners import Owner, owners
from yk.audit.reach import is_whole
from yk.audit.reading import Found, broken, opened
from yk.audit.rules import Rule, rules, tables, values, version
from yk.audit.scoping import Scope
from yk.audit.states import OPEN, WHITELISTED
from yk.clock import Clock
from yk.desk.looking_up import units_of
from yk.errors import UsageError
from yk.settings import Settings
from yk.store import Store
from yk.store.conditions import Comparison
from yk.text import halfwidth

Data = dict[str, Any]
DAILY, MONTHLY, PARTLY = "daily", "monthly", "partly"
NOTHING = Followed([], [], [])
_AT_ONCE = 500
"""So many accounts are asked together."""
RUN_KINDS = {DAILY: "日常", MONTHLY: "月度", PARTLY: "部分"}


class Run(NamedTuple):
    """What a run answers. `distinct`: rows with a defect, counted once however many rules name it; `whitelisted`:
    rows that the whitelist covers, not among the findings; `new`, `back` and
    `gone` compare with the runs before; `version` is the digest of the rules."""

    run: str
    at: str
    kind: str
    by: str
    version: str
    rules: int
    passed: int
    findings: int
    distinct: int
    whitelisted: int
    customers: int
    new: int
    back: int
    gone: int
    by_rule: list[Data]
    by_centre: list[Data]
    by_division: list[Data]
    by_unit: list[Data]
    by_kind: list[Data]


def run(
    store: Store,
    clock: Clock,
    settings: Settings,
    chosen: Iterable[Rule] | None = None,
    keep: bool = True,
    kind: str = "",
    accounts: Sequence[str] = (),
    by: str = "",
) -> Run:
    """Ask `chosen` rules (all of them) of the archive, or of some accounts; with `keep` its findings and the run are kept.

    `kind`: DAILY or MONTHLY; what asks not everything is PARTLY. Raises UsageError for an unknown account.
    """
    asked = list(rules().values() if chosen is None else chosen)
    whole = len(asked) == len(rules()) and not accounts
    cause = Cause(clock().isoformat(), by, settings.integer("audit_due_days"))
    scope = Scope(store, values(cause.at[:10], settings), asked)
    told = _Told(store, cause, kind if kind and whole else (DAILY if whole else PARTLY))
    if accounts:
        return _some(scope, told, asked, [_account(store, one) for one in accounts], keep)
    found, revision = _asked(scope, asked)
    if not keep:
        return told.answer("", asked, found, covered(store, cause.at[:10]))
    with store.transaction():
        if revision is None or store.medium.revision != revision:
            found = _asked_again(scope, asked, found)
        told.cause = cause._replace(run=next_number(store, RUN))
        followed = _followed(store, told.cause, asked, found)
        if whole:
            followed.gone.extend(_retired(store, told.cause))
        return told.kept(asked, found, followed)


def _some(scope: Scope, told: _Told, asked: Sequence[Rule], accounts: Sequence[str], keep: bool) -> Run:
    """A run over some accounts."""
    store, today = scope.store, told.cause.at[:10]
    with store.transaction() if keep else store.reading():
        broken_, unknown, _ = scope.broken(accounts)
        found = sorted(broken_, key=_order)
        if not keep:
            return told.answer("", asked, found, covered(store, today))
        told.cause = told.cause._replace(run=next_number(store, RUN))
        wanted = [
            Comparison("rule", "in", tuple(sorted(rule.id for rule in asked))),
            Comparison("cons_no", "in", tuple(sorted(set(accounts)))),
        ]
        followed = follow(store, found, wanted, told.cause, set(accounts), unknown)
        return told.kept(asked, found, followed)


def _asked(scope: Scope, asked: Sequence[Rule]) -> tuple[list[Found], int | None]:
    """What breaks a rule, in order, and the store's revision it is of."""
    with opened(scope.store) as base:
        revision = scope.store.medium.revision
        found = sorted(broken(base, statements(asked, scope.known)), key=_order)
    return [one for one, _ in groupby(found)], revision


def _asked_again(scope: Scope, asked: Sequence[Rule], found: list[Found]) -> list[Found]:
    """What was found, after somebody has written meanwhile: every account that a finding is of, or was, is asked anew."""
    store, ids = scope.store, {rule.id for rule in asked}
    rows = store.table("finding").find([Comparison("state", "in", (*OPEN, WHITELISTED))])
    accounts = {doc["cons_no"] for _, doc in rows if doc["rule"] in ids} | {one[3] for one in found if one[3]}
    decided = {(rule.id, part.entity) for rule in asked for part in rule.parts if not is_whole(part)}
    kept = [one for one in found if not one[3] or (one[0], one[1]) not in decided]
    numbers = sorted(accounts - {""})
    for first in range(0, len(numbers), _AT_ONCE):
        kept += scope.broken(numbers[first : first + _AT_ONCE]).broken
    return sorted(kept, key=_order)


def _followed(store: Store, cause: Cause, asked: Sequence[Rule], found: list[Found]) -> Followed:
    """Follow what was found, rule by rule, so that no more than the findings of one rule are held."""
    by_rule = {rule: list(some) for rule, some in groupby(found, key=lambda one: one[0])}
    every = Followed([], [], [])
    for rule in asked:
        one = follow(store, by_rule.get(rule.id, ()), [Comparison("rule", "=", (rule.id,))], cause)
        for total, some in zip(every, one, strict=True):
            total.extend(some)
    return every


def _retired(store: Store, cause: Cause) -> list[str]:
    """Findings of rules that are in force no more end, once the rules have changed since the last run of all."""
    last = next((one for one in runs(store) if one["kind"] != PARTLY), None)
    return retire(store, cause) if last is not None and last["version"] != version() else []


def _order(one: Found) -> tuple[str, str, str]:
    return one[:3]


def _account(store: Store, word: str) -> str:
    number = halfwidth(word).strip()
    if not store.table("customer").has(number):
        raise UsageError("unknown_customer", f"档案里没有用户 {word}", "yk customer list 可按名称、地址查找")
    return number


class _Told:
    """Turns what was found into the answer of a run."""

    def __init__(
        self, store: Store | None, cause: Cause, kind: str, units: Mapping[str, str] | None = None
    ) -> None:
        self.cause, self.kind, self.units = cause, kind, units or {}
        self.whose = (
            owners(store)
            if store is not None
            else {r.id: Owner(r.division, r.centre) for r in rules().values()}
        )
        self.store = store

    def answer(
        self,
        number: str,
        asked: Sequence[Rule],
        every: Sequence[Found],
        covered: Container[str] = (),
        followed: Followed = NOTHING,
    ) -> Run:
        """The answer. `covered`: ids of findings that the whitelist covers; they do not count."""
        found = [one for one in every if finding_id(one) not in covered]
        by_rule = Counter(one[0] for one in found)
        accounts = {one[3] for one in found if one[3]}
        units = self._units(accounts)
        return Run(
            number, self.cause.at, self.kind, self.cause.by, version(),
            len(asked), len(asked) - len(by_rule), len(found), distinct(by_rule), len(every) - len(found), len(accounts),
            len(followed.new), len(followed.back), len(followed.gone),
            [{"id": r.id, "name": r.name, "count": by_rule[r.id]} for r in asked if by_rule[r.id]],
            _counted("centre", Counter(self.whose[one[0]].centre for one in found)),
            _counted("division", Counter(self.whose[one[0]].division for one in found)),
            [{"unit": org, "name": name_of("org", org) if org else "（没有单位）", "count": count}
             for org, count in sorted(Counter(units.get(one[3] or "", "") for one in found).items())],
            _counted("kind", Counter(tables()[one[1]].kind for one in found)),
        )  # fmt: skip

    def kept(self, asked: Sequence[Rule], found: Sequence[Found], followed: Followed) -> Run:
        """The answer of a run that is kept; inside its transaction."""
        assert self.store is not None
        answer = self.answer(self.cause.run, asked, found, covered(self.store, self.cause.at[:10]), followed)
        self.store.table("audit_run").save(answer._asdict())
        return answer

    def _units(self, accounts: Iterable[str]) -> Mapping[str, str]:
        return units_of(self.store, accounts) if self.store is not None else self.units


def answer_of_files(asked: Sequence[Rule], found: Sequence[Found], at: str, units: Mapping[str, str]) -> Run:
    """The answer of a run over files, which no store keeps. `units`: account -> its supply unit."""
    return _Told(None, Cause(at, "", 0), PARTLY, units).answer("", asked, found)


def distinct(by_rule: Mapping[str, int]) -> int:
    """How many defects: rules with the same predicate find the same rows, which count once (附件2-1 的重复项)."""
    return sum(
        count
        for rule, count in by_rule.items()
        if rule == min(one for one in (rule, *rules()[rule].same_as) if one in by_rule)
    )


def _counted(name: str, counts: Mapping[str, int]) -> list[Data]:
    return [{name: word, "count": count} for word, count in sorted(counts.items())]
