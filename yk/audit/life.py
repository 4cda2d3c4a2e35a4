"""The life of a finding between two runs: sent out, verified, corrected; and the links to work orders.

The unit of the account corrects, the centre of the rule tracks, the division reviews (第十一条). Every call is one
transaction, refused as a whole with every reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from yk.audit.following import Cause, follow, moved, noted
from yk.audit.looking import find_finding
from yk.audit.owners import require_sender, require_unit
from yk.audit.rules import twins, values
from yk.audit.scoping import Scope
from yk.audit.states import ASSIGNED, CORRECTED, DENIED, OPEN, STATES, STEPS, VERIFIED
from yk.desk import Desk
from yk.desk.operators import get_operator
from yk.errors import Reason, Refused, UsageError
from yk.store import Store
from yk.store.conditions import Comparison

Data = dict[str, Any]


def assign(desk: Desk, ids: Iterable[str], to: str = "") -> list[Data]:
    """Send findings out to whom corrects them, an operator of the account's unit; without `to` to the unit as a whole.

    Raises UsageError, Refused.
    """

    with desk.unit():
        require_sender(desk.operator, "下发问题")
        person = get_operator(desk.store, to) if to else None
        whom = person.id if person else ""
        told = f"派给{person.name if person else '单位'}"

        def one(doc: Data) -> Data:
            if person:
                require_unit(person, doc["org_no"], f"订正 {doc['finding']} ")
            return moved(doc | {"assignee": whom}, ASSIGNED, desk.now(), desk.operator.id, reason=told)

        return _change(desk, ids, one, lambda doc: unassignable(doc, whom))


def unassignable(doc: Data, to: str) -> list[Reason]:
    """Why an open finding need not be sent out to `to` ('' its unit): it is, or it is said to be corrected."""
    if doc["state"] == ASSIGNED and doc["assignee"] == to:
        return [Reason("done_already", f"问题 {doc['finding']} 已派给{to or '单位'}，不用再派")]
    return _awaits_run(doc)


def unverifiable(doc: Data, real: bool) -> list[Reason]:
    """Why an open finding need not be verified as (not) `real`: it is, or it is said to be corrected."""
    if doc["state"] == VERIFIED:
        last = next(step["state"] for step in reversed(doc["history"]) if step["state"] in (VERIFIED, DENIED))
        if last == (VERIFIED if real else DENIED):
            return [Reason("done_already", f"问题 {doc['finding']} {STEPS[last]}，不用再登记")]
    return _awaits_run(doc)


def _awaits_run(doc: Data) -> list[Reason]:
    if doc["state"] != CORRECTED:
        return []
    return [Reason("awaits_run", f"问题 {doc['finding']} 已报订正，等下次稽核复核，现在不能再派发、核实")]


def verify(desk: Desk, ids: Iterable[str], real: bool, note: str) -> list[Data]:
    """The unit says whether findings are as they look, on which grounds. What is not stays open until it is whitelisted
    or gone. Raises UsageError, Refused."""
    if not note.strip():
        raise UsageError("reason_missing", "核实要写明情况", "加 --note 查了什么、依据什么")

    def one(doc: Data) -> Data:
        require_unit(desk.operator, doc["org_no"], f"核实 {doc['finding']} ")
        step = VERIFIED if real else DENIED
        doc = doc | {"state": VERIFIED, "since": desk.now()}
        return noted(doc, step, desk.now(), desk.operator.id, reason=note)

    with desk.unit():
        return _change(desk, ids, one, lambda doc: unverifiable(doc, real))


def correct(desk: Desk, ids: Iterable[str], note: str = "") -> list[Data]:
    """The unit says that findings are corrected. The rules are asked again at once: what is right is cleared; what still is
    wrong in the archive (corrected in another system, to come with the next import) waits for the next run.

    Raises UsageError, Refused.
    """

    def one(doc: Data) -> Data:
        require_unit(desk.operator, doc["org_no"], f"订正 {doc['finding']} ")
        return moved(doc, CORRECTED, desk.now(), desk.operator.id, reason=note)

    with desk.unit():
        docs = _change(desk, ids, one)
        accounts = tuple(sorted({doc["cons_no"] for doc in docs if doc["cons_no"]}))
        if accounts:
            _ask_again(desk, accounts)
        return [find_finding(desk.store, doc["finding"]) for doc in docs]


def _ask_again(desk: Desk, accounts: tuple[str, ...]) -> None:
    """Clear what is gone; what is still there is left to the next run."""
    answer = Scope(desk.store, values(desk.now()[:10], desk.settings)).broken(accounts)
    cause = Cause(desk.now(), desk.operator.id, desk.settings.integer("audit_due_days"))
    wanted = [Comparison("cons_no", "in", accounts)]
    follow(
        desk.store,
        sorted(answer.broken),
        wanted,
        cause,
        accounts,
        answer.unknown,
        may_open=lambda _: False,
        may_reopen=False,
    )


def link(desk: Desk, ids: Iterable[str], case: str) -> list[Data]:
    """Note on findings that a work order corrects them. Inside the unit of work that opens it. Raises UsageError, Refused."""

    def one(doc: Data) -> Data:
        return noted(doc | {"case": case}, "linked", desk.now(), desk.operator.id, case=case)

    return _change(desk, ids, one)


def with_twins(store: Store, docs: list[Data]) -> list[Data]:
    """These findings, and with each the same one under another number while it is open: what is done to one is done to
    both."""
    named = {doc["finding"] for doc in docs}
    others = {twin for doc in docs for twin in twins(doc["finding"]) if twin not in named}
    return docs + [dict(doc) for doc in store.table("finding").get(doc_ids=others) if doc["state"] in OPEN]


def _change(
    desk: Desk,
    ids: Iterable[str],
    make: Callable[[Data], Data],
    against: Callable[[Data], list[Reason]] = lambda _: [],
) -> list[Data]:
    """Change open findings, all or none: every reason at once, also what speaks `against` it for those named."""
    docs = [find_finding(desk.store, word) for word in dict.fromkeys(ids)]
    if not docs:
        raise UsageError("finding_needed", "没有指明问题", "写问题编号，或用 --rule、--unit 选")
    reasons = list[Reason]()
    for doc in docs:
        try:
            if doc["state"] not in OPEN:
                state = STATES[doc["state"]]
                raise Refused([Reason("finding_closed", f"问题 {doc['finding']} {state}，不用再办")])
            make(doc)
            reasons += against(doc)
        except Refused as refusal:
            reasons += [reason for reason in refusal.reasons if reason not in reasons]
    if reasons:
        raise Refused(reasons)
    made = [make(doc) for doc in with_twins(desk.store, docs)]
    desk.store.table("finding").put((doc["finding"], doc) for doc in made)
    return made
