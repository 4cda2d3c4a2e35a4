"""Guards about correcting the archive: what may be corrected, into what, by whose leave.

The form's table `corrections`: entity, row_id (nothing where the account has one such row), field, new_value, grounds,
and old_value, which the program notes; cons_no besides where the order is about several accounts (its `partners`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.archive.dictionary import entities
from yk.errors import UsageError
from yk.flows.change import Change
from yk.flows.corrections import (
    BILLING,
    CLOSED,
    correctable,
    kind_of,
    parsed,
    row_among,
    shown,
    why_closed,
    why_unsound,
)
from yk.flows.dates import days_between, days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form

READS = (
    "customer", "contact", "billing_info", "metering_point", "customer_price", "meter", "instrument_transformer",
    "transformer", "supply_point", "power_source", "terminal", "contracts", "partners",
)  # fmt: skip
"""The sources that hold what may be corrected."""
_SINGLE = ("customer", "billing_info")
RULE = "flows N9"
EXAMPLE = {"entity": "customer", "field": "elec_addr", "new_value": "示范市试走路1号", "grounds": "门牌更正"}


def corrections(f: Facts) -> list[dict[str, Any]]:
    """The corrections that are asked for."""
    return [dict(row) for row in f.data.get("corrections") or ()]


def account_of(f: Facts, row: Mapping[str, Any]) -> str:
    """The account a correction is about: the one it names, else the order's own."""
    return str(row.get("cons_no") or f.row("customer").get("cons_no") or "")


def filed_rows(f: Facts, entity: str, cons_no: str = "") -> Sequence[Mapping[str, Any]]:
    """The rows of an entity of the order's own account, or of the partner `cons_no`."""
    if cons_no:
        partner = next((p for p in f.rows("partners") if p["cons_no"] == cons_no), {})
        found = partner.get(entity) or []
        return [found] if isinstance(found, Mapping) else found
    if entity in _SINGLE:
        return [row] if (row := f.row(entity)) else []
    return f.rows("contracts" if entity == "contract" else entity)


def row_meant(f: Facts, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The row of the archive a correction is about: the one named, or the only one there is."""
    entity = str(row.get("entity") or "")
    if entity not in correctable():
        return None
    return row_among(row, filed_rows(f, entity, str(row.get("cons_no") or "")))


def place(number: int, row: Mapping[str, Any]) -> str:
    """How a sentence names a correction."""
    return f"第 {number} 行" + (f"（{cons_no}）" if (cons_no := row.get("cons_no")) else "")


def wants_billing_review(f: Facts) -> bool:
    """Does money or measuring depend on one of the corrections?"""
    return any(kind_of(row) == BILLING for row in corrections(f))


def _example(f: Facts, **values: Any) -> Change:
    """A recipe: one correction that nothing speaks against, of the first partner where there are some."""
    named = f.data.get("partners") or ()
    whose = {"cons_no": named[0].get("cons_no")} if named else {}
    return set_form(corrections=[{**EXAMPLE, **whose, **values}])


def _customer(f: Facts) -> Mapping[str, Any]:
    """The customer that the recipes' correction is about."""
    named = f.data.get("partners") or ()
    rows = filed_rows(f, "customer", str(named[0].get("cons_no") or "") if named else "")
    return rows[0] if rows else {}


def _sound(f: Facts, **values: Any) -> Change:
    """A recipe: the first correction with `values` laid over it."""
    first = next(iter(corrections(f)), EXAMPLE)
    return set_form(corrections=[{**first, **values}])


@condition(
    "更正涉及计费、容量或计量",
    yes=lambda f: set_form(corrections=[{**EXAMPLE, "field": "elec_type", "new_value": "401"}]),
    no=lambda f: set_form(corrections=[EXAMPLE]),
    field="corrections",
)
def billing_corrected(f: Facts) -> bool:
    """One of the corrections wants a refund assessment and a billing review."""
    return wants_billing_review(f)


@condition(
    "更正须上级审批",
    yes=lambda f: set_form(corrections=[{**EXAMPLE, "field": "elec_type", "new_value": "401"}]),
    no=lambda f: set_form(corrections=[EXAMPLE]),
    field="corrections",
)
def board_wanted(f: Facts) -> bool:
    """Billing fields, and many fields at once, go to the leading group besides (大连办法 第四、十二条)."""
    return wants_billing_review(f) or len(corrections(f)) >= int(f.settings["correction_batch_rows"])


@guard(
    "更正的记录和字段存在、准许更正",
    refuses="correction_not_allowed",
    rule=RULE,
    basis="大连数据质量核查办法第十二条",
    confidence="中",
    reads=READS,
    breaks=lambda f: _example(f, row_id="没有这条"),
    mends=_example,
)
def correction_allowed(f: Facts) -> Iterator[str]:
    """A correction names a row of this account and a field that no business of its own changes."""
    for number, row in enumerate(corrections(f), start=1):
        if why := why_closed(row):
            yield f"{place(number, row)}：{why}"
        elif row_meant(f, row) is None and not _is_strange(f, row):
            entity, named = str(row["entity"]), str(row.get("row_id") or "")
            zh, count = entities()[entity].zh, len(filed_rows(f, entity, str(row.get("cons_no") or "")))
            told = (
                f"找不到本户的{zh}记录 {named}"
                if named
                else f"本户有 {count} 条{zh}记录，须写明是哪条（row_id）"
            )
            yield f"{place(number, row)}：{told if named or count else f'本户没有{zh}记录'}"


def _is_strange(f: Facts, row: Mapping[str, Any]) -> bool:
    """Is the correction of an account that the order does not name? Another guard tells that."""
    cons_no = row.get("cons_no")
    return bool(cons_no) and all(partner["cons_no"] != cons_no for partner in f.rows("partners"))


@guard(
    "新值合格且与原值不同",
    refuses="correction_value_wrong",
    rule=RULE,
    basis="大连数据质量核查办法（档案字段的类型和码表）",
    confidence="中",
    reads=READS,
    breaks=lambda f: _example(f, new_value=_customer(f).get("elec_addr")),
    mends=_example,
)
def correction_value_sound(f: Facts) -> Iterator[str]:
    """The new value is of the field's type and code list, another than the old one, and asked for once."""
    seen = Counter(_what(f, row) for row in corrections(f))
    for number, row in enumerate(corrections(f), start=1):
        if kind_of(row) in ("", CLOSED):
            continue
        if seen[_what(f, row)] > 1:
            label = entities()[str(row["entity"])].fields[str(row["field"])].zh
            yield f"{place(number, row)}：{label}在清单里写了不止一次，留一行"
        yield from (f"{place(number, row)}：{why}" for why in why_unsound(row, row_meant(f, row)))


def _what(f: Facts, row: Mapping[str, Any]) -> tuple[object, ...]:
    """What a correction is about, however its row is named."""
    entity, meant = row.get("entity"), row_meant(f, row)
    ident = meant[entities()[str(entity)].key[0]] if meant else row.get("row_id")
    return row.get("cons_no"), entity, ident, row.get("field")


@guard(
    "更正后运行容量不大于合同容量",
    refuses="correction_capacity_wrong",
    rule="D-01",
    basis="大连数据质量核查办法 大一1.1.2、小七1.41",
    reads=("customer", "partners"),
    breaks=lambda f: _example(
        f, field="run_cap", new_value=str(float(_customer(f).get("contract_cap") or 0) + 1)
    ),
    mends=_example,
)
def correction_keeps_capacity(f: Facts) -> Iterator[str]:
    """Capacities stay in order: both above zero, the one in use not above the one agreed."""
    touched: dict[str, dict[str, Any]] = {}
    for row in corrections(f):
        if row.get("entity") != "customer" or row.get("field") not in ("run_cap", "contract_cap"):
            continue
        account = str(row.get("cons_no") or "")
        filed = filed_rows(f, "customer", account)
        try:
            value = parsed(row)
        except UsageError:
            return
        touched.setdefault(account, dict(filed[0]) if filed else {})[str(row["field"])] = value
    for account, customer in touched.items():
        run, agreed = customer.get("run_cap"), customer.get("contract_cap")
        if run is None or agreed is None or run <= 0 or agreed <= 0 or run > agreed:
            whose = f"用户 {account} " if account else ""
            yield f"{whose}更正后运行容量 {run} 、合同容量 {agreed} kVA，应都大于 0 且运行不大于合同，请改正"


@guard(
    "授权在期限内",
    refuses="authorisation_lapsed",
    rule=RULE,
    basis="大连数据质量核查办法第十二条（审批后临时授权）",
    breaks=lambda f: set_form(authorised_until=days_on(f.today, -1)),
    mends=lambda f: set_form(authorised_until=days_on(f.today, 1)),
)
def authorisation_runs(f: Facts) -> Iterator[str]:
    """Leave to correct is given for a few days and lapses by itself."""
    until, days = f.get("authorised_until"), int(f.settings["authorisation_days"])
    if until and until < f.today:
        yield f"维护授权 {until} 已到期，请退回重新授权"
    elif until and days_between(f.today, until) > days:
        yield f"维护授权到 {until}，超过 {days} 天，请缩短"


@guard(
    "退补评估有依据",
    refuses="assessment_wrong",
    rule=RULE,
    basis="计费档案更正须评估退补（行业通例）",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: set_form(wrong_since=days_on(f.today, 3), adjust_qty=None),
    mends=lambda f: set_form(wrong_since=days_on(f.today, -30), adjust_qty=0.0, adjust_reason="未影响电费"),
)
def assessment_grounded(f: Facts) -> Iterator[str]:
    """The mistake began in the past and not before the account; no quantity given back without saying why."""
    since, built = f.get("wrong_since"), str(f.row("customer").get("build_date") or "")
    if since and since > f.today:
        yield f"差错起始日 {since} 还没到，请核对"
    elif since and built and since < built:
        yield f"差错起始日 {since} 早于立户日 {built}，请核对"
    if f.data.get("adjust_qty") in (None, 0, 0.0) and since and not f.get("adjust_reason"):
        yield "评估为不退补的，须写明理由（adjust_reason）"


@guard(
    "档案原值没有再变",
    refuses="correction_overtaken",
    rule=RULE,
    basis="更正前后比对（行业通例）",
    confidence="中",
    reads=READS,
    breaks=lambda f: _sound(f, old_value="另一个值"),
    mends=lambda f: set_form(corrections=with_old_values(f)),
)
def old_values_hold(f: Facts) -> Iterator[str]:
    """What was seen when the correction was noted is what is still there when the new value is written."""
    for number, row in enumerate(corrections(f), start=1):
        meant = row_meant(f, row)
        if meant is None or row.get("old_value") is None:
            continue
        now, noted = shown(meant.get(str(row["field"]))), shown(row["old_value"])
        if now != noted:
            yield f"{place(number, row)}：登记时原值是“{noted}”，现在是“{now}”，有人改过，核对后重新登记"


def with_old_values(f: Facts) -> list[dict[str, Any]]:
    """The corrections, each with the value the archive has now."""
    return [
        {**row, "old_value": shown(meant.get(str(row.get("field"))))}
        if (meant := row_meant(f, row)) is not None
        else row
        for row in corrections(f)
    ]
