"""Planning a batch modification: the dry run, frozen as the list that is then approved (大连数据质量核查办法第十二条 3).

Nothing of the archive is written. The order that is opened bears the digest of the list; its number is the plan's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from yk.archive.dictionary import entities
from yk.archive.values import Value
from yk.audit.life import link
from yk.audit.repair_targets import Target, Wish, rows_by_account, still_wanted, targets
from yk.audit.rules import find_rule, rules, values
from yk.audit.scoping import Scope
from yk.desk import Desk, WorkOrder
from yk.desk.in_flight import in_flight
from yk.desk.looking_up import row_of, rows_in
from yk.desk.repair_rows import frozen_rows
from yk.errors import Reason, Refused, UsageError
from yk.flows.change import Image
from yk.flows.change_list import Listed, digest, touches_billing, value_shown
from yk.flows.guards import find_guard
from yk.store import Store

Data = dict[str, Any]
FLOW = "data_batch_change"
APPLICATION = "application"
AT_ONCE = 500
"""So many accounts are asked about at once."""
SHOWN = 10
"""So many rows are shown as examples of a dry run."""


def plan(desk: Desk, wish: Wish) -> Data:
    """Dry run of a wish, kept as the plan of a new order: `{repair, rows, accounts, skipped, findings, billing, sha256,
    cures, breaks, in_flight, sample, unit}`. Of a rule, an operator with a unit means that unit's accounts.

    `cures` and `breaks`: what the change would clear and add, `{rule, name, count}`. Raises UsageError, UnreadableError,
    and Refused with every reason that the application's checks have against the list.
    """
    if not wish.reason.strip():
        raise UsageError("reason_missing", "批量修改要写明原因", "加 --reason 原因")
    own = desk.operator.org
    if own and wish.rule and not (wish.unit or wish.findings or wish.file):
        wish = replace(wish, unit=own)
    with desk.unit():
        meant = targets(desk.store, wish)
        rows, skipped = draft(desk.store, meant.rows)
        _require_rows(rows, skipped)
        form = {
            "reason": wish.reason,
            "change_wish": wish.how or _in_words(wish, rows),
            "rule": find_rule(wish.rule).id if wish.rule else _common_rule(meant.findings),
            "billing_note": wish.billing_note,
            "plan_digest": digest(rows),
        }
        order = desk.open(FLOW, data={name: value for name, value in form.items() if value})
        doc = {
            "repair": order.case,
            "rule": form["rule"],
            "findings": meant.findings,
            "file": wish.file.name if wish.file else "",
            "rounds": [],
        }
        doc = _freeze(desk, order, doc, rows, [*meant.skipped, *skipped])
        if meant.findings:
            link(desk, meant.findings, order.case)
        return _answer(doc, order, rows) | {"unit": wish.unit}


def again(desk: Desk, number: str) -> Data:
    """The same change on the archive as it is now, for an order that stands at its application: as `plan` answers.

    Rows that have the new values already, are gone, or whose findings are cleared drop out. Raises UsageError, Refused.
    """
    with desk.unit():
        order = require_order(desk, number)
        kept = row_of(desk.store, "repair", order.case)
        if not kept:
            raise UsageError(
                "no_plan", f"批量修改 {number} 的清单是在表里写的，没有试算过", "退回申请后在清单里改"
            )
        if desk.steps_at(order) != [APPLICATION]:
            where = "、".join(desk.flow_of(order).step(step)["name"] for step in desk.steps_at(order))
            reason = Reason(
                "not_here", f"批量修改 {number} 在“{where or '（已结束）'}”，在修改申请才能重新试算"
            )
            raise Refused([reason], f"先退回：yk audit repair reject {number} --reason 重新试算")
        wished = [
            Target(row["entity"], row["entity_id"], row["cons_no"], row["after"])
            for row in frozen_rows(desk.store, order.case)
        ]
        wished, kept["findings"], cleared = still_wanted(desk.store, wished, kept["findings"])
        rows, skipped = draft(desk.store, wished)
        skipped = [*cleared, *skipped]
        _require_rows(rows, skipped)
        order = desk.fill(order.case, {"plan_digest": digest(rows)})
        doc = _freeze(desk, order, kept, rows, skipped)
        return _answer(doc, order, rows)


def require_order(desk: Desk, number: str) -> WorkOrder:
    """The order of a batch modification. Raises UsageError (`unknown_repair`)."""
    doc = desk.store.table("case").get(doc_id=number.strip())
    if doc is None or doc["flow"] != FLOW:
        raise UsageError("unknown_repair", f"没有 {number} 这份批量修改", "yk audit repair list 列出全部")
    return desk.get(doc["case"])


# -- the dry run ---------------------------------------------------------------------------------------
def draft(store: Store, wished: Sequence[Target]) -> tuple[list[Listed], list[Data]]:
    """The rows that really change, with the values before; and those left out: `{entity, entity_id, cons_no, why}`."""
    skipped: list[Data] = []
    asked: dict[tuple[str, str], dict[str, Value]] = {}
    for target, ident in zip(wished, _named(store, wished, skipped), strict=True):
        if not ident:
            continue
        known = asked.setdefault((target.entity, ident), {})
        clash = [name for name, value in target.values.items() if known.get(name, value) != value]
        if clash:
            label = entities()[target.entity].fields[clash[0]].zh
            raise UsageError("row_twice", f"{ident} 的{label}写了两个不同的值", "留一个")
        known.update(target.values)
    rows = [row for one in _present(store, asked) if (row := _listed(*one, skipped)) is not None]
    return rows, skipped


def _named(store: Store, wished: Sequence[Target], skipped: list[Data]) -> list[str]:
    """The id of every target's row; '' where its account has none, or several and none is named."""
    asked: dict[str, list[str]] = {}
    for one in wished:
        if not one.entity_id:
            asked.setdefault(one.entity, []).append(one.cons_no)
    found = {name: rows_by_account(store, name, accounts) for name, accounts in asked.items()}
    idents = []
    for one in wished:
        here = [one.entity_id] if one.entity_id else found[one.entity].get(one.cons_no, [])
        if len(here) != 1:
            count = f"有 {len(here)} 条，用清单写明改哪一条" if here else "没有"
            why = f"该户{count}{'' if here else entities()[one.entity].zh}"
            skipped.append({"entity": one.entity, "entity_id": "", "cons_no": one.cons_no, "why": why})
        idents.append(here[0] if len(here) == 1 else "")
    return idents


Asked = tuple[str, str, Mapping[str, Value], Mapping[str, Any] | None]
"""Entity, id, new values, the row as it is."""


def _present(store: Store, asked: Mapping[tuple[str, str], Mapping[str, Value]]) -> Iterable[Asked]:
    here: dict[tuple[str, str], Mapping[str, Any]] = {}
    for name in dict.fromkeys(entity for entity, _ in asked):
        key = entities()[name].key[0]
        ids = [ident for entity, ident in asked if entity == name]
        here.update({(name, str(row[key])): row for row in rows_in(store, name, key, ids)})
    return ((*where, new, here.get(where)) for where, new in asked.items())


def _listed(
    entity: str, ident: str, new: Mapping[str, Value], row: Mapping[str, Any] | None, skipped: list[Data]
) -> Listed | None:
    left = {"entity": entity, "entity_id": ident}
    if row is None:
        skipped.append({**left, "cons_no": "", "why": f"档案里没有这条{entities()[entity].zh}"})
        return None
    account = str(row.get(entities()[entity].owner) or "")
    changed = {name: value for name, value in new.items() if row.get(name) != value}
    if not changed:
        skipped.append({**left, "cons_no": account, "why": "已是新值，不用改"})
        return None
    return Listed(entity, ident, account, {name: row.get(name) for name in changed}, changed)


def _require_rows(rows: Sequence[Listed], skipped: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        counted = Counter(one["why"] for one in skipped)
        told = "；".join(f"{count} 行{why}" for why, count in counted.most_common(3))
        raise Refused([Reason("repair_empty", f"没有要改的行：{told}")])


def _require_sound(desk: Desk, order: WorkOrder) -> None:
    """Refuse a list that the application's own guards would not let pass; what is still to be filled in may wait."""
    flow = desk.flow_of(order)
    exam = desk.examination(order, APPLICATION)
    exam.ask(flow.gate(APPLICATION))
    codes = {find_guard(name).code for name in flow.step(APPLICATION)["guards"]}
    if wrong := [reason for reason in exam.reasons if reason.code in codes]:
        raise Refused(wrong)


def _freeze(desk: Desk, order: WorkOrder, doc: Data, rows: Sequence[Listed], skipped: Sequence[Data]) -> Data:
    """Keep a dry run: the plan, and its rows in the place of those it had. Raises Refused as `_require_sound`."""
    table = desk.store.table("repair")
    now = {"at": desk.now(), "by": desk.operator.id, "sha256": digest(rows), "rows": len(rows)}
    doc = doc | {
        "sha256": now["sha256"],
        "rows": len(rows),
        "accounts": len({row.cons_no for row in rows}),
        "billing": touches_billing(rows),
        "skipped": list(skipped),
        "in_flight": sorted(in_flight(desk.store, (row.cons_no for row in rows))),
        "rounds": [*doc["rounds"], now],
    }
    table.save(doc)
    _keep_rows(desk.store, order.case, rows, before=max(one["rows"] for one in doc["rounds"]))
    _require_sound(desk, order)
    cures, breaks = forecast(desk, rows)
    doc = doc | {"cures": cures, "breaks": breaks}
    table.save(doc)
    return doc


def _keep_rows(store: Store, case: str, rows: Sequence[Listed], before: int) -> None:
    """Write the rows of a list, numbered from 1; `before`: so many there may be now."""
    kept: dict[str, Data | None] = {f"{case}-{number:06d}": None for number in range(1, before + 1)}
    for number, row in enumerate(rows, start=1):
        row_id = f"{case}-{number:06d}"
        values = {name: orjson.dumps(getattr(row, name)).decode() for name in ("before", "after")}
        where = {"entity": row.entity, "entity_id": row.entity_id, "cons_no": row.cons_no}
        kept[row_id] = {"row_id": row_id, **where, **values}
    store.medium.apply(store.medium.collections["repair_row"], kept)


def forecast(desk: Desk, rows: Sequence[Listed]) -> tuple[list[Data], list[Data]]:
    """What a change would cure and what it would newly break: `{rule, name, count}` each."""
    scope = Scope(desk.store, values(desk.now()[:10], desk.settings))
    cures, breaks = Counter[str](), Counter[str]()
    accounts = sorted({row.cons_no for row in rows})
    by_account: dict[str, list[Image]] = {}
    for row in rows:
        # Taken back "to" the new values: the scope then answers as if the change were made.
        change = Image(row.entity, row.entity_id, row.after, row.before)
        by_account.setdefault(row.cons_no, []).append(change)
    for first in range(0, len(accounts), AT_ONCE):
        some = accounts[first : first + AT_ONCE]
        now = scope.broken(some).broken
        then = scope.broken(some, [change for one in some for change in by_account[one]]).broken
        cures.update(one[0] for one in now - then)
        breaks.update(one[0] for one in then - now)
    return _counted(cures), _counted(breaks)


def _counted(found: Mapping[str, int]) -> list[Data]:
    return [
        {"rule": rule, "name": rules()[rule].name, "count": count} for rule, count in sorted(found.items())
    ]


# -- in words --------------------------------------------------------------------------------------------
def _in_words(wish: Wish, rows: Sequence[Listed]) -> str:
    """The change as a sentence, where nobody gave one."""
    if wish.file is not None:
        return f"按清单 {wish.file.name} 逐行修改"
    alike = {(row.entity, name): value for row in rows for name, value in row.after.items()}
    told = []
    for (kind, name), value in alike.items():
        known = entities()[kind].fields[name]
        told.append(f"{entities()[kind].zh}的{known.zh}改为“{value_shown(known, value)}”")
    return "，".join(told)


def _common_rule(findings: Sequence[str]) -> str:
    """The rule all these findings are of; '' when there are none or they differ."""
    found = {finding.partition("/")[0] for finding in findings}
    return found.pop() if len(found) == 1 else ""


def _answer(doc: Mapping[str, Any], order: WorkOrder, rows: Sequence[Listed]) -> Data:
    """What planning answers; `sample` shows the first rows in words."""
    more = {"case": order.case, "reason": order.data["reason"], "change": order.data["change_wish"]}
    more["billing_note"] = order.data.get("billing_note") or ""
    return {**doc, **more, "sample": [in_words(row) for row in rows[:SHOWN]]}


def in_words(row: Listed) -> Data:
    """A row of the list for people: `{entity, entity_name, entity_id, cons_no, changes: [{field, name, old, new}], said}`;
    personal data masked."""
    kind = entities()[row.entity]
    changes = [
        {
            "field": name,
            "name": kind.fields[name].zh,
            "old": value_shown(kind.fields[name], row.before.get(name)),
            "new": value_shown(kind.fields[name], value),
        }
        for name, value in row.after.items()
    ]
    said = "，".join(f"{one['name']} {one['old']} → {one['new']}" for one in changes)
    where = {"entity": row.entity, "entity_name": kind.zh, "entity_id": row.entity_id, "cons_no": row.cons_no}
    return {**where, "changes": changes, "said": said}
