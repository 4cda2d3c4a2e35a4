"""Guards about correcting the archive (档案维护受理): what may be corrected, into what, by whose leave.

The form's table `corrections`: entity, row_id (nothing where the account has one such row), field, new_value, grounds,
and old_value, which the program notes at acceptance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.archive.codes import codes
from yk.archive.dictionary import entities
from yk.archive.values import Value
from yk.errors import UsageError
from yk.flows.change import Change
from yk.flows.corrections import BILLING, CLOSED, correctable
from yk.flows.dates import days_between, days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form

READS = (
    "customer", "contact", "billing_info", "metering_point", "customer_price", "meter", "instrument_transformer",
    "transformer", "supply_point", "power_source", "terminal", "contracts",
)  # fmt: skip
"""The sources that hold what may be corrected."""
_SINGLE = ("customer", "billing_info")
RULE = "flows N9"
EXAMPLE = {"entity": "customer", "field": "elec_addr", "new_value": "示范市试走路1号", "grounds": "门牌更正"}


def corrections(f: Facts) -> list[dict[str, Any]]:
    """The corrections that are asked for."""
    return [dict(row) for row in f.data.get("corrections") or ()]


def filed_rows(f: Facts, entity: str) -> Sequence[Mapping[str, Any]]:
    """The account's rows of an entity."""
    if entity in _SINGLE:
        return [row] if (row := f.row(entity)) else []
    return f.rows("contracts" if entity == "contract" else entity)


def row_meant(f: Facts, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The row of the archive a correction is about: the one named, or the only one there is."""
    entity = str(row.get("entity") or "")
    if entity not in correctable():
        return None
    rows, named = filed_rows(f, entity), str(row.get("row_id") or "")
    key = entities()[entity].key[0]
    if not named:
        return rows[0] if len(rows) == 1 else None
    return next((one for one in rows if str(one[key]) == named), None)


def parsed(row: Mapping[str, Any]) -> Value:
    """The new value as the archive stores it. Raises UsageError (`wrong_type`)."""
    return entities()[str(row["entity"])].fields[str(row["field"])].parse(row.get("new_value"))


def kind_of(row: Mapping[str, Any]) -> str:
    """PLAIN, BILLING, CLOSED, or '' for what the archive does not have."""
    one = correctable().get(str(row.get("entity") or ""))
    return one.kind(str(row.get("field") or "")) if one else ""


def wants_billing_review(f: Facts) -> bool:
    """Does money or measuring depend on one of the corrections?"""
    return any(kind_of(row) == BILLING for row in corrections(f))


def _sound(f: Facts, **values: Any) -> Change:
    """A recipe: one correction that nothing speaks against, with `values` laid over it."""
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
    breaks=lambda f: _sound(f, entity="customer", field="status", new_value="9", row_id=None),
    mends=lambda f: set_form(corrections=[EXAMPLE]),
)
def correction_allowed(f: Facts) -> Iterator[str]:
    """A correction names a row of this account and a field that no business of its own changes."""
    for number, row in enumerate(corrections(f), start=1):
        entity, field = str(row.get("entity") or ""), str(row.get("field") or "")
        one, kind = correctable().get(entity), kind_of(row)
        if one is None:
            yield f"第 {number} 行：{entity or '（空）'} 不能用档案维护更正，可更正的有 {'、'.join(correctable())}"
        elif not kind:
            yield f"第 {number} 行：{entities()[entity].zh}没有 {field or '（空）'} 这个字段"
        elif kind == CLOSED:
            label = entities()[entity].fields[field].zh
            yield f"第 {number} 行：{entities()[entity].zh}的{label}不许手工更正，{one.instead or '它是记录的编号'}"
        elif row_meant(f, row) is None:
            named = row.get("row_id") or f"（本户有 {len(filed_rows(f, entity))} 条，须写明 row_id）"
            yield f"第 {number} 行：找不到本户的{entities()[entity].zh}记录 {named}"


@guard(
    "新值合格且与原值不同",
    refuses="correction_value_wrong",
    rule=RULE,
    basis="大连数据质量核查办法（档案字段的类型和码表）",
    confidence="中",
    reads=READS,
    breaks=lambda f: set_form(corrections=[{**EXAMPLE, "field": "org_no", "new_value": "00000"}]),
    mends=lambda f: set_form(corrections=[EXAMPLE]),
)
def correction_value_sound(f: Facts) -> Iterator[str]:
    """The new value is of the field's type and code list, another than the old one, and asked for once."""
    seen = Counter((row.get("entity"), row.get("row_id") or "", row.get("field")) for row in corrections(f))
    for number, row in enumerate(corrections(f), start=1):
        if kind_of(row) in ("", CLOSED):
            continue
        field = entities()[str(row["entity"])].fields[str(row["field"])]
        if seen[(row.get("entity"), row.get("row_id") or "", row.get("field"))] > 1:
            yield f"第 {number} 行：{field.zh}在清单里写了不止一次，留一行"
        try:
            value = parsed(row)
        except UsageError as error:
            yield f"第 {number} 行：{error.message}"
            continue
        if field.code and value is not None and str(value) not in codes(field.code):
            yield f"第 {number} 行：{field.zh}的新值 {value} 不在代码表里，可用 {'、'.join([*codes(field.code)][:12])}"
        meant = row_meant(f, row)
        if meant is not None and meant.get(field.name) == value:
            yield f"第 {number} 行：{field.zh}的新值与档案现值相同，不用更正"


@guard(
    "更正后运行容量不大于合同容量",
    refuses="correction_capacity_wrong",
    rule="D-01",
    basis="大连数据质量核查办法 大一1.1.2、小七1.41",
    reads=("customer",),
    breaks=lambda f: set_form(
        corrections=[
            {
                **EXAMPLE,
                "field": "run_cap",
                "new_value": str(float(f.row("customer").get("contract_cap") or 0) + 1),
            }
        ]
    ),
    mends=lambda f: set_form(corrections=[EXAMPLE]),
)
def correction_keeps_capacity(f: Facts) -> Iterator[str]:
    """Capacities stay in order: both above zero, the one in use not above the one agreed."""
    customer = dict(f.row("customer"))
    touched = [
        row
        for row in corrections(f)
        if row.get("entity") == "customer" and row.get("field") in ("run_cap", "contract_cap")
    ]
    for row in touched:
        try:
            customer[str(row["field"])] = parsed(row)
        except UsageError:
            return
    run, agreed = customer.get("run_cap"), customer.get("contract_cap")
    if touched and (run is None or agreed is None or run <= 0 or agreed <= 0 or run > agreed):
        yield f"更正后运行容量 {run} 、合同容量 {agreed} kVA，应都大于 0 且运行不大于合同，请改正"


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
    """What was seen at acceptance is what is still there when the new value is written."""
    for number, row in enumerate(corrections(f), start=1):
        meant = row_meant(f, row)
        if meant is None or "old_value" not in row:
            continue
        now = _shown(meant.get(str(row["field"])))
        if now != _shown(row["old_value"]):
            yield f"第 {number} 行：受理时原值是“{_shown(row['old_value'])}”，现在是“{now}”，有人改过，退回受理重核"


def with_old_values(f: Facts) -> list[dict[str, Any]]:
    """The corrections, each with the value the archive has now."""
    return [
        {**row, "old_value": _shown(meant.get(str(row.get("field"))))}
        if (meant := row_meant(f, row)) is not None
        else row
        for row in corrections(f)
    ]


def _shown(value: object) -> str:
    return "" if value is None else str(value)
