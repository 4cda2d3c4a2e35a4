"""A run of the audit: what breaks which rule now, what is new, what came back, what is gone. No run loses an earlier one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from yk.archive.codes import name_of
from yk.audit.exempting import covered
from yk.audit.following import Cause, Followed, finding_id, follow, units_of
from yk.audit.fusing import statements
from yk.audit.numbering import RUN, next_number
from yk.audit.owners import Owner, owners
from yk.audit.reading import Found, broken, opened
from yk.audit.rules import Rule, rules, tables, values, version
from yk.audit.scoping import Scope
from yk.clock import Clock
from yk.errors import UsageError
from yk.settings import Settings
from yk.store import Store
from yk.store.conditions import Comparison
from yk.text import halfwidth

Data = dict[str, Any]
DAILY, MONTHLY, PARTLY = "daily", "monthly", "partly"
NOTHING = Followed([], [], [])
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
    known = values(cause.at[:10], settings)
    wanted = [Comparison("rule", "in", tuple(sorted(rule.id for rule in asked)))]
    unknown: Iterable[Found] = ()
    if accounts:
        numbers = [_account(store, one) for one in accounts]
        scope = Scope(store, known, asked)
        found, unknown, _ = scope.broken(numbers)
        scope.close()
        wanted.append(Comparison("cons_no", "in", tuple(sorted(set(numbers)))))
    else:
        with opened(store) as base:
            found = frozenset(broken(base, statements(asked, known)))
    in_order = sorted(found, key=lambda one: one[:3])
    named = kind if kind and whole else (DAILY if whole else PARTLY)
    told = _Told(store, cause, named)
    if not keep:
        return told.answer("", asked, in_order, covered(store, cause.at[:10]))
    with store.transaction():
        number = next_number(store, RUN)
        followed = follow(store, in_order, wanted, cause._replace(run=number), unknown)
        answer = told.answer(number, asked, in_order, covered(store, cause.at[:10]), followed)
        store.table("audit_run").save(answer._asdict())
    return answer


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
            len(asked), len(asked) - len(by_rule), len(found), distinct(found), len(every) - len(found), len(accounts),
            len(followed.new), len(followed.back), len(followed.gone),
            [{"id": r.id, "name": r.name, "count": by_rule[r.id]} for r in asked if by_rule[r.id]],
            _counted("centre", Counter(self.whose[one[0]].centre for one in found)),
            _counted("division", Counter(self.whose[one[0]].division for one in found)),
            [{"unit": org, "name": name_of("org", org) if org else "（没有单位）", "count": count}
             for org, count in sorted(Counter(units.get(one[3] or "", "") for one in found).items())],
            _counted("kind", Counter(tables()[one[1]].kind for one in found)),
        )  # fmt: skip

    def _units(self, accounts: Iterable[str]) -> Mapping[str, str]:
        return units_of(self.store, accounts) if self.store is not None else self.units


def answer_of_files(asked: Sequence[Rule], found: Sequence[Found], at: str, units: Mapping[str, str]) -> Run:
    """The answer of a run over files, which no store keeps. `units`: account -> its supply unit."""
    return _Told(None, Cause(at, "", 0), PARTLY, units).answer("", asked, found)


def distinct(found: Iterable[Found]) -> int:
    """How many defects: a row that rules with the same predicate name counts once (附件2-1 的重复项)."""
    return len({(min(one[0], *rules()[one[0]].same_as, one[0]), one[1], one[2]) for one in found})


def _counted(name: str, counts: Mapping[str, int]) -> list[Data]:
    return [{name: word, "count": count} for word, count in sorted(counts.items())]
