"""The rules asked again of the accounts that a work order has just written to: what was corrected is cleared at once,
what the writing broke is filed, or refused (`audit_gate_policy`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yk.audit.following import Cause, Followed, finding_id, follow
from yk.audit.looking import said_of
from yk.audit.reading import Found
from yk.audit.rules import rules, values
from yk.audit.scoping import Scope, touched_by
from yk.audit.states import OPEN
from yk.desk.order import WorkOrder
from yk.desk.session import Session
from yk.errors import Reason, Refused
from yk.flows.change import Image
from yk.store import Store
from yk.store.conditions import Comparison

_TOLD = 5
"""So many new findings are told one by one."""


class Recheck:
    """What a desk calls after every writing (`Desk(watch=Recheck())`). Keeps its scope from call to call; of one thread."""

    def __init__(self) -> None:
        self._scope: Scope | None = None
        self._day = ""

    def __call__(
        self, desk: Session, order: WorkOrder, images: Sequence[Image], since: Sequence[Image] | None
    ) -> list[str]:
        """Ask the rules of the accounts that `images` touched; inside the unit of work that wrote them.

        `since`: everything the order has written, once the archive is as the order means to leave it; None before that:
        then nothing new is filed. Gives what the operator should know. Raises Refused (`breaks_rule`).
        """
        store = desk.store
        touched = touched_by(store, images)
        accounts = tuple(sorted(touched.accounts))
        if not accounts or (since is None and not _has_open(store, accounts)):
            return []
        scope = self._scope_of(desk)
        written = touched if since is None or since is images else touched_by(store, since)
        now = scope.broken(accounts, touched=written.fields)
        made: dict[str, Found] = {}
        if since is not None and now.broken:
            wrong = {one[3] for one in now.broken if one[3]} | written.left
            before = {finding_id(one) for one in scope.broken(wrong, since, written.fields).broken}
            made = {ident: one for one in now.broken if (ident := finding_id(one)) not in before}
            _refuse(desk, made.values())
        cause = Cause(desk.now(), desk.operator.id, desk.settings.integer("audit_due_days"), case=order.case)
        wanted = [Comparison("cons_no", "in", accounts)]
        followed = follow(
            store,
            sorted(now.broken),
            wanted,
            cause,
            touched.accounts,
            now.unknown,
            now.asked,
            made.__contains__,
            since is not None,
        )
        return _told(store, followed, made)

    def _scope_of(self, desk: Session) -> Scope:
        today = desk.now()[:10]
        if self._scope is None or self._scope.store is not desk.store or self._day != today:
            self._scope, self._day = Scope(desk.store, values(today, desk.settings)), today
        return self._scope


def _has_open(store: Store, accounts: Sequence[str]) -> bool:
    table = store.table("finding")
    wanted = [Comparison("cons_no", "in", tuple(accounts)), Comparison("state", "in", OPEN)]
    return next(iter(table.find(wanted)), None) is not None


def _refuse(desk: Session, made: Iterable[Found]) -> None:
    """Refuse a writing that breaks rules of level error, where the setting says so."""
    if desk.settings["audit_gate_policy"] != "refuse":
        return
    wrong = [one for one in sorted(made) if rules()[one[0]].severity == "error"]
    if wrong:
        raise Refused(
            [
                Reason(
                    "breaks_rule",
                    f"写入后违反 {one[0]}：{said_of(desk.store, one)}",
                    basis=rules()[one[0]].name,
                )
                for one in wrong
            ],
            "改正表单后再送；确属例外，请先办白名单或改设置 audit_gate_policy",
        )


def _told(store: Store, followed: Followed, made: Mapping[str, Found]) -> list[str]:
    told = []
    for label, ids in (("已消除", followed.gone), ("又出现", followed.back)):
        if ids:
            told.append(f"数据质量问题{label} {len(ids)} 个：{'、'.join(sorted(ids)[:_TOLD])}")
    new = [made[ident] for ident in sorted(followed.new)]
    told += [f"写入后多出数据质量问题 {one[0]}：{said_of(store, one)}" for one in new[:_TOLD]]
    if len(new) > _TOLD:
        told.append(f"共多出 {len(new)} 个数据质量问题，见 yk audit findings --open")
    return told
