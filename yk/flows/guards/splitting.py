"""Guards about 分户: one account becomes several, each with its own contract and meter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.metering import meter_rows
from yk.text import same_name

LAW = "供电营业规则(1996)第30条"
YES = ("是", "1", "true")
"""What marks the part that keeps the account number."""
AGREED = {
    "agreed_cap": "容量分割",
    "agreed_assets": "资产归属",
    "agreed_debts": "债务分担",
    "agreed_shared": "公共部分",
}
"""What an agreement on a split must settle: field -> label."""
Part = Mapping[str, Any]


def parts(f: Facts) -> Sequence[Part]:
    """The rows of the table of parts: part_no, name, cap, elec_type, party_kind, cert_type, cert_no, tran_ids, keeps."""
    return [dict(row) for row in f.data.get("parts") or ()]


def is_kept(part: Part) -> bool:
    """Does this part go on under the old account number?"""
    return str(part.get("keeps") or "").lower() in YES


def part_no(part: Part) -> str:
    """The number of a part within the split, as text."""
    return str(part.get("part_no") or "")


def total(f: Facts) -> float:
    """The capacity of all parts, kVA."""
    return sum(float(part.get("cap") or 0) for part in parts(f))


def whole_capacity(f: Facts) -> float:
    """The capacity before the split, kVA."""
    return float(f.row("customer").get("contract_cap") or 0)


def _changed(f: Facts, **values: Any) -> Change:
    """A recipe: the first part with these values."""
    rows = [dict(row) for row in parts(f)]
    return set_form(parts=[{**rows[0], **values}, *rows[1:]] if rows else [{"part_no": "1", **values}])


def _fitted(f: Facts) -> Change:
    """A recipe: the first part takes what the others leave of the capacity."""
    rest = sum(float(part.get("cap") or 0) for part in parts(f)[1:])
    return _changed(f, cap=whole_capacity(f) - rest)


@guard(
    "地址、供电点不变",
    refuses="split_elsewhere",
    rule="G-FH-01",
    basis=LAW,
    reads=("customer",),
    breaks=lambda f: set_form(point_changed=True),
    mends=lambda f: set_form(point_changed=False, new_elec_addr=f.row("customer").get("elec_addr")),
)
def split_same_site(f: Facts) -> Iterator[str]:
    """A split leaves address and point of supply where they are."""
    old, new = str(f.row("customer").get("elec_addr") or ""), f.get("new_elec_addr")
    if f.data.get("point_changed"):
        yield "分出的户要换供电点（point_changed），不属分户，请办新装或迁址"
    if new and not same_name(old, new):
        yield f"用电地址由 {old} 变为 {new}，不属分户，请办迁址或新装"


@guard(
    "分出各户分得清",
    refuses="parts_unclear",
    rule="G-FH-04",
    basis=LAW,
    breaks=lambda f: set_form(parts=[{**part, "keeps": "是"} for part in parts(f)]),
    mends=lambda f: set_form(
        parts=[
            {
                **part,
                "part_no": str(number),
                "keeps": "是" if number == 1 else "否",
                "name": part.get("name") or f"分户{number}",
                "cert_no": part.get("cert_no") or f"D{f.case}{number}",
            }
            for number, part in enumerate(parts(f), start=1)
        ]
    ),
)
def parts_told_apart(f: Facts) -> Iterator[str]:
    """At least two parts, each with its number; one keeps the account number, the others have name and certificate."""
    rows = parts(f)
    numbers = [part_no(part) for part in rows]
    if len(rows) < 2:
        yield f"分户至少分成两户，现填 {len(rows)} 户（parts）"
    for number in sorted({n for n in numbers if numbers.count(n) > 1}):
        yield f"分户序号 {number} 重复"
    if any(not number.isdecimal() for number in numbers):
        yield "分户序号用 1、2、3 这样的数字"
    kept = sum(map(is_kept, rows))
    if kept != 1:
        yield f"保留原户号的应恰有一户，现有 {kept} 户"
    for part in rows:
        if not is_kept(part) and not (part.get("name") and part.get("cert_no")):
            yield f"分户 {part_no(part)} 没有户名或证照号码"


@guard(
    "各户容量之和等于原容量",
    refuses="parts_off_capacity",
    rule="G-FH-03",
    basis=LAW,
    reads=("customer",),
    breaks=lambda f: _changed(f, cap=whole_capacity(f) + 1),
    mends=_fitted,
)
def parts_within_capacity(f: Facts) -> Iterator[str]:
    """The parties divide the capacity among themselves; more is an increase, less a reduction that is declared."""
    whole, divided = whole_capacity(f), total(f)
    if divided > whole:
        yield f"各户容量合计 {divided:g} kVA 大于原合同容量 {whole:g} kVA，多出的请分户后另办增容"
    elif divided < whole and not f.data.get("reduction_declared"):
        yield (
            f"各户容量合计 {divided:g} kVA 小于原合同容量 {whole:g} kVA，"
            "少的部分须申明永久减容（reduction_declared）"
        )


@guard(
    "分户协议四项约定、各方签署",
    refuses="split_agreement_short",
    rule="G-FH-08",
    basis="分户协议写明容量、资产、债务、公共部分并全体签署（行业通例）",
    breaks=lambda f: set_form(agreed_debts=False),
    mends=lambda f: set_form(**dict.fromkeys(AGREED, True), agreement_signers=len(parts(f))),
)
def split_agreement_complete(f: Facts) -> Iterator[str]:
    """Capacity, assets, debts and what is shared are settled among all parties, in writing."""
    for field, label in AGREED.items():
        if f.data.get(field) is False:
            yield f"分户协议没有约定{label}（{field}），补齐后再受理"
    signed, wanted = f.data.get("agreement_signers"), len(parts(f))
    if signed is not None and int(signed) != wanted:
        yield f"分户协议由 {signed} 方签署，本单分成 {wanted} 户，缺签的补齐后再受理"


def _below(f: Facts) -> list[Part]:
    """Parts below the two-part threshold of an account that is not."""
    limit = float(f.settings["two_part_from"])
    return [p for p in parts(f) if float(p.get("cap") or 0) < limit] if whole_capacity(f) >= limit else []


@guard(
    "跌破两部制门槛已告知",
    refuses="split_threshold_untold",
    rule="G-FH-07",
    basis="两部制电价（行业通例，防拆户避基本电费）",
    reads=("customer",),
    level_setting="tariff_threshold_policy",
    breaks=lambda f: Change(
        put=(
            (
                "customer",
                {
                    "cons_no": f.row("customer").get("cons_no"),
                    "contract_cap": float(f.settings["two_part_from"]),
                },
            ),
        ),
        form={**_changed(f, cap=1.0).form, "threshold_told": False},
    ),
    mends=lambda f: set_form(threshold_told=True),
)
def split_threshold_told(f: Facts) -> Iterator[str]:
    """A large account that falls into small ones leaves the two-part tariff; that is not done by the way."""
    if (low := _below(f)) and not f.data.get("threshold_told"):
        names = "、".join(f"{part_no(p)}（{float(p.get('cap') or 0):g} kVA）" for p in low)
        limit = f.settings["two_part_from"]
        yield f"分户 {names} 低于两部制门槛 {limit} kVA，电价会变，须书面告知并签收（threshold_told）"


@guard(
    "受电装置具备分装条件",
    refuses="not_separable",
    rule="G-FH-01",
    basis=LAW,
    breaks=lambda f: set_form(separable=False),
    mends=lambda f: set_form(separable=True),
)
def separable_installation(f: Facts) -> Iterator[str]:
    """Every part has a circuit, a switch and a place for a meter of its own."""
    if f.data.get("separable") is False:
        yield "受电装置不具备分装条件（separable），各家改出自己的一路和表位后再来"


def _without(f: Facts, table: str) -> Change:
    """A recipe: the last part has no row in this table."""
    last = part_no(parts(f)[-1]) if parts(f) else ""
    return set_form(**{table: [row for row in f.data.get(table) or () if str(row.get("part_no")) != last]})


@guard(
    "一户一份合同",
    refuses="part_uncontracted",
    rule="G-FH-04",
    basis=LAW,
    breaks=lambda f: _without(f, "part_contracts"),
    mends=lambda f: set_form(
        part_contracts=[{"part_no": part_no(p), "contract_no": f"HT{f.case}-{part_no(p)}"} for p in parts(f)]
    ),
)
def each_part_contracted(f: Facts) -> Iterator[str]:
    """As many contracts as parts, each with a number of its own."""
    rows = f.data.get("part_contracts") or ()
    numbers = {str(row.get("part_no")): row.get("contract_no") for row in rows}
    for part in parts(f):
        if not numbers.get(part_no(part)):
            yield f"分户 {part_no(part)} 还没有签合同（part_contracts），一户一份签齐再往下办"
    taken = [row.get("contract_no") for row in rows]
    for number in sorted({str(n) for n in taken if n and taken.count(n) > 1}):
        yield f"合同编号 {number} 用了两次，一户一个编号"


def meter_rows_of(f: Facts, part: Part) -> list[dict[str, Any]]:
    """The rows of meter work that are this part's."""
    return [row for row in meter_rows(f) if str(row.get("part_no") or "") == part_no(part)]


@guard(
    "一户一表",
    refuses="part_unmetered",
    rule="G-FH-04",
    basis=LAW,
    breaks=lambda f: _without(f, "meter_work"),
    mends=lambda f: set_form(
        meter_work=[
            *meter_rows(f),
            *(
                {"part_no": part_no(p), "new_asset_no": f"YK{f.case}{part_no(p)}", "new_reading": 0.0}
                for p in parts(f)
                if not any(row.get("new_asset_no") for row in meter_rows_of(f, p))
            ),
        ]
    ),
)
def each_part_metered(f: Facts) -> Iterator[str]:
    """No part is left behind the meter of another."""
    for part in parts(f):
        if not any(row.get("new_asset_no") for row in meter_rows_of(f, part)):
            yield f"分户 {part_no(part)}（{part.get('name') or '保留户'}）没有装表记录（meter_work）"
