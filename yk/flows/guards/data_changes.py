"""Guards about batch modification (批量修改数据): what the list may say, that it is the one approved, that nothing moved since.

A list is written in the form's table `rows` (entity, row_id, field, new_value, and old_value, which the program notes), or
frozen by a dry run (`yk audit repair plan`); see `yk.flows.change_list`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from yk.archive.codes import codes, name_of
from yk.archive.dictionary import Field, entities
from yk.archive.values import Value
from yk.flows.change import Change
from yk.flows.change_list import (
    Listed,
    by_hand,
    digest,
    listed,
    moved_shown,
    moved_since,
    present,
    touches_billing,
    why_closed,
)
from yk.flows.corrections import CLOSED, kind_of, why_unsound
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form

READS = ("repair",)
RULE = "DL 12.3"
BASIS = "大连数据质量核查办法第十二条 3"
FEW = 5
"""So many of what is wrong are told one by one."""
FAULTY = "2"
"""Code of the verdict on what was executed (code list verdict)."""
EXAMPLE = {
    "entity": "customer",
    "row_id": "1016000006",
    "field": "elec_addr",
    "new_value": "示范市试走路1号",
}
NOBODYS = "0" * 64


def _sound(f: Facts, **values: Any) -> Change:
    """A recipe: a list of one row that nothing speaks against, with `values` laid over it."""
    rows = listed(f)
    row = EXAMPLE | ({"row_id": rows[0].cons_no} if rows else {})
    return set_form(rows=[row | values])


def _few(told: Sequence[str], unit: str) -> Iterator[str]:
    yield from told[:FEW]
    if len(told) > FEW:
        yield f"像这样的还有 {len(told) - FEW} {unit}"


@condition(
    "清单还没有试算",
    yes=lambda f: set_form(plan_digest=None),
    no=lambda f: set_form(plan_digest=NOBODYS),
    field="plan_digest",
)
def list_by_hand(f: Facts) -> bool:
    """Without a dry run the list is written in the form."""
    return not f.get("plan_digest")


@condition(
    "清单涉及计费、容量或计量",
    yes=lambda f: _sound(f, field="elec_type", new_value="401"),
    no=_sound,
    reads=READS,
    field="rows",
)
def billing_listed(f: Facts) -> bool:
    """One of the fields wants a word on what becomes of the bills."""
    return touches_billing(listed(f))


@condition(
    "核实不合格，须撤销",
    yes=lambda f: set_form(verify_verdict=FAULTY),
    no=lambda f: set_form(verify_verdict="1"),
    field="verify_verdict",
)
def change_faulty(f: Facts) -> bool:
    """The unit that applied found the archive wrong after the execution."""
    return f.get("verify_verdict") == FAULTY


@guard(
    "修改清单齐全",
    refuses="repair_incomplete",
    rule=RULE,
    basis=BASIS,
    reads=READS,
    breaks=lambda f: set_form(rows=None, plan_digest=NOBODYS),
    mends=lambda f: set_form(rows=[EXAMPLE]),
)
def list_complete(f: Facts) -> Iterator[str]:
    """There is a list; one that a dry run made is kept whole and is the one whose digest the form has."""
    plan = f.row("repair").get("plan")
    if by_hand(f):
        return
    if not plan:
        yield "修改清单是空的：在清单里逐行写，或试算一份（yk audit repair plan）"
    elif f.get("plan_digest") != plan["sha256"] or digest(listed(f)) != plan["sha256"]:
        yield f"清单应有 {plan['rows']} 行、摘要 {plan['sha256'][:12]}，与申请表或存着的不符，请重新试算"


@guard(
    "清单里的记录和新值合格",
    refuses="repair_rows_wrong",
    rule=RULE,
    basis="大连数据质量核查办法（档案字段的类型和码表）",
    confidence="中",
    reads=READS,
    breaks=lambda f: _sound(f, field="org_no", new_value="00000"),
    mends=_sound,
)
def change_rows_sound(f: Facts) -> Iterator[str]:
    """Every row is in the archive, every new value of its field's type and code list and another one, asked for once.

    Of a frozen list: the archive still says what the dry run saw.
    """
    if hand := by_hand(f):
        yield from _few(list(_wrong_rows(f, hand)), "行")
    else:
        yield from _few([f"{moved_shown(one)}，请重新试算" for one in moved_since(f, listed(f))], "处")


def _wrong_rows(f: Facts, hand: Sequence[dict[str, Any]]) -> Iterator[str]:
    seen = Counter((row.get("entity"), row.get("row_id"), row.get("field")) for row in hand)
    for number, row in enumerate(hand, start=1):
        entity, ident, name = (str(row.get(word) or "") for word in ("entity", "row_id", "field"))
        if kind_of(row) in ("", CLOSED):
            continue
        field, now = entities()[entity].fields[name], present(f, entity, ident)
        if now is None:
            yield f"第 {number} 行：档案里没有{entities()[entity].zh} {ident or '（没有写标识）'}"
        elif seen[row.get("entity"), row.get("row_id"), row.get("field")] > 1:
            yield f"第 {number} 行：{entities()[entity].zh} {ident} 的{field.zh}写了不止一次，留一行"
        else:
            yield from (f"第 {number} 行：{why}" for why in why_unsound(row, now))


@guard(
    "清单里的字段准许批量修改",
    refuses="repair_closed",
    rule=RULE,
    basis=BASIS,
    confidence="中",
    reads=READS,
    breaks=lambda f: _sound(f, field="status", new_value="9"),
    mends=_sound,
)
def change_fields_allowed(f: Facts) -> Iterator[str]:
    """A field that a business of its own changes is changed by that business (`corrections.yaml`)."""
    if hand := by_hand(f):
        asked = [(str(row.get("entity") or ""), str(row.get("field") or "")) for row in hand]
    else:
        asked = [(row.entity, field) for row in listed(f) for field in row.after]
    for entity, field in dict.fromkeys(asked):
        if why := why_closed(entity, field):
            yield why


@guard(
    "清单行数在限度内",
    refuses="repair_too_many",
    rule=RULE,
    basis=BASIS,
    confidence="低",
    reads=READS,
    breaks=lambda f: set_form(rows=[EXAMPLE] * (int(f.settings["repair_rows_most"]) + 1)),
    mends=_sound,
)
def change_rows_within(f: Facts) -> Iterator[str]:
    """A list that nobody can look through is none that somebody has checked."""
    count, most = len(by_hand(f) or listed(f)), int(f.settings["repair_rows_most"])
    if count > most:
        yield f"清单有 {count} 行，一份申请最多 {most} 行，拆成几份"


@guard(
    "清单里的户属申请单位",
    refuses="repair_other_unit",
    rule=RULE,
    basis="大连数据质量核查办法第七条",
    confidence="中",
    reads=READS,
    breaks=lambda f: set_form(office=next(code for code in codes("org") if code not in _units(f).values())),
    mends=lambda f: set_form(office=next(iter(_units(f).values()), None)),
)
def rows_of_the_unit(f: Facts) -> Iterator[str]:
    """A unit asks for the data of its own customers; whoever works for all units asks for any."""
    office = f.get("office")
    if not office:
        return
    strange = {org: cons_no for cons_no, org in _units(f).items() if org != office}
    for org, cons_no in list(strange.items())[:FEW]:
        yield f"用户 {cons_no} 属{name_of('org', org) or '（没有供电单位）'}，不是申请单位{name_of('org', office)}的户"


def _units(f: Facts) -> dict[str, str]:
    found: dict[str, str] = f.row("repair").get("units", {})
    return found


@guard(
    "清单就是试算、批准的那一份",
    refuses="repair_altered",
    rule=RULE,
    basis=BASIS,
    reads=READS,
    breaks=lambda f: set_form(plan_digest=NOBODYS),
    mends=lambda f: set_form(plan_digest=digest(listed(f))),
)
def plan_frozen(f: Facts) -> Iterator[str]:
    """From the application on, the list is the one whose digest the form has."""
    rows = listed(f)
    if digest(rows) != f.get("plan_digest"):
        yield f"清单现有 {len(rows)} 行，摘要 {digest(rows)[:12]}，不是申请表上的 {f.get('plan_digest')[:12]}，退回申请重新试算"


@guard(
    "试算以后档案没有再变",
    refuses="repair_stale",
    rule=RULE,
    basis=BASIS,
    confidence="中",
    reads=READS,
    breaks=lambda f: _disturbed(listed(f)),
    mends=lambda f: Change(
        put=tuple(
            (one.row.entity, {**_key(one.row), one.field: one.expected})
            for one in moved_since(f, listed(f))
            if not one.gone
        )
    ),
)
def plan_unchanged(f: Facts) -> Iterator[str]:
    """Rows that somebody changed since the dry run are another list: it is planned anew and confirmed again."""
    moved = [moved_shown(one) for one in moved_since(f, listed(f))]
    yield from _few([f"{told}，退回申请重新试算、重新确认" for told in moved], "处")


def _key(row: Listed) -> dict[str, str]:
    return {entities()[row.entity].key[0]: row.entity_id}


def _disturbed(rows: Sequence[Listed]) -> Change:
    """A recipe: somebody else changes the first field of the list."""
    row = rows[0]
    name, value = next(iter(row.before.items()))
    return Change(
        put=((row.entity, {**_key(row), name: _other(entities()[row.entity].fields[name], value)}),)
    )


def _other(field: Field, value: Value) -> Value:
    """Another value of a field, for recipes."""
    if field.code:
        return next(code for code in codes(field.code) if code != value)
    if field.type in ("DOUBLE", "INTEGER"):
        return field.parse(float(value or 0) + 1)
    if field.type in ("DATE", "TIMESTAMP"):
        return field.parse("2000-01-02" if value != field.parse("2000-01-02") else "2000-01-03")
    return f"{value or ''}改"


def latest_undo(f: Facts) -> str:
    """The last day on which what was executed may be taken back."""
    return days_on(f.get("applied_at")[:10], int(f.settings["repair_undo_days"]))


@guard(
    "撤销还在期限内",
    refuses="repair_undo_late",
    rule=RULE,
    basis=BASIS,
    confidence="低",
    breaks=lambda f: set_form(
        applied_at=f"{days_on(f.today, -int(f.settings['repair_undo_days']) - 1)}T09:00:00"
    ),
    mends=lambda f: set_form(applied_at=f.now),
)
def undo_in_time(f: Facts) -> Iterator[str]:
    """What has stood for long is built upon: it is corrected by another modification."""
    days, latest = int(f.settings["repair_undo_days"]), latest_undo(f)
    if f.today > latest:
        yield f"{f.get('applied_at')[:10]} 执行，过了 {days} 天（{latest}），不能撤销，另报一份批量修改"
