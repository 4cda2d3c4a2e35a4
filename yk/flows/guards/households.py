"""Guards about many households connected at once: the list itself, the estate they live in, their meters and areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.metering import IN_STOCK, meter_rows
from yk.text import halfwidth

Row = dict[str, Any]


def households(f: Facts) -> list[Row]:
    """The households of the list that are to be connected; those with a reason to leave them out are not."""
    return [dict(row) for row in f.data.get("households") or () if not row.get("drop_reason")]


def left_out(f: Facts) -> list[Row]:
    """The households of the list that are left to a later order, each with its reason."""
    return [dict(row) for row in f.data.get("households") or () if row.get("drop_reason")]


def _bare(address: object) -> str:
    return "".join(halfwidth(str(address or "")).split())


def _list_of(f: Facts, *rows: Row) -> Change:
    """A recipe: a list of these households, the capacity applied for to match."""
    whole = [_household(f, number) | row for number, row in enumerate(rows, start=1)]
    total = sum(float(row["cap"]) for row in whole)
    return set_form(households=whole, apply_cap=total, equipment=None)


def _household(f: Facts, number: int) -> Row:
    return {
        "house_no": number,
        "new_name": f"示范住户{number}",
        "new_elec_addr": f"示范新村{f.case}号{number}室",
        "cap": 8.0,
    }


@guard(
    "批量明细没有重复",
    refuses="household_repeated",
    rule="N4",
    basis="低压批量新装：重复导入核查（行业通例）",
    confidence="中",
    breaks=lambda f: _list_of(f, {}, {"new_elec_addr": _household(f, 1)["new_elec_addr"]}),
    mends=lambda f: _list_of(f, {}, {}),
)
def households_distinct(f: Facts) -> Iterator[str]:
    """One row a household: neither its number nor its address stands twice."""
    rows = households(f)
    if not rows:
        yield "批量明细（households）里没有要办的户"
    for label, values in (
        ("户序", [str(row.get("house_no")) for row in rows]),
        ("用电地址", [_bare(row.get("new_elec_addr")) for row in rows]),
    ):
        for value, count in Counter(values).items():
            if count > 1:
                yield f"{label} {value} 在明细里出现 {count} 次，留一行，其余填剔除原因（drop_reason）"


@guard(
    "各户地址都没有立过户",
    refuses="household_address_taken",
    rule="N4",
    basis="一址一户（行业通例）",
    confidence="中",
    reads=("addressed",),
    breaks=lambda f: Change(
        put=(("customer", _neighbour(f)),), form={"households": _with_address(f, _neighbour(f)["elec_addr"])}
    ),
    mends=lambda f: set_form(households=_with_address(f, f"示范新村{f.case}号补1室")),
)
def household_addresses_free(f: Facts) -> Iterator[str]:
    """A household whose address has an account is left out of the batch, the others go on."""
    taken = {_bare(row.get("elec_addr")): row for row in f.rows("addressed") if row.get("status") != "9"}
    for row in households(f):
        if other := taken.get(_bare(row.get("new_elec_addr"))):
            yield (
                f"第 {row.get('house_no')} 户“{row.get('new_elec_addr')}”已有用户 {other['cons_no']}，"
                "填剔除原因（drop_reason）后其余照办"
            )


def _neighbour(f: Facts) -> Row:
    return {
        "cons_no": f"0{f.case[3:]}",
        "cons_name": "示范邻户",
        "elec_addr": f"示范新村{f.case}号老户",
        "status": "0",
    }


def _with_address(f: Facts, address: object) -> list[Row]:
    """The list with the first household at `address`."""
    rows = households(f) or [_household(f, 1)]
    return [{**rows[0], "new_elec_addr": address}, *rows[1:]]


@guard(
    "各户容量合计不超过申请容量",
    refuses="household_caps_over",
    rule="N4",
    basis="批量明细与申请容量一致（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(apply_cap=_caps(f) / 2, equipment=None),
    mends=lambda f: set_form(apply_cap=_caps(f), equipment=None),
)
def household_caps_add_up(f: Facts) -> Iterator[str]:
    """What the households have together is what was applied for."""
    asked, total = f.data.get("apply_cap"), _caps(f)
    if asked is not None and total > float(asked):
        yield f"各户容量合计 {total:g} kW，大于申请容量 {float(asked):g} kW，请核对明细或申请容量"


def _caps(f: Facts) -> float:
    return sum(float(row.get("cap") or 0) for row in households(f))


@guard(
    "每户一只在库电能表",
    refuses="household_unmetered",
    rule="N4",
    basis="低压批量新装：表计资产匹配（行业通例）",
    confidence="中",
    reads=("assets",),
    breaks=lambda f: set_form(meter_work=_meters(f)[:-1]),
    mends=lambda f: Change(put=_stocked(f), form={"meter_work": _meters(f)}),
)
def households_metered(f: Facts) -> Iterator[str]:
    """Every household of the batch has a meter of its own, and no meter stands for a household that is not in it."""
    wanted = [str(row.get("house_no")) for row in households(f)]
    has = Counter(str(row.get("cons_no") or "") for row in meter_rows(f))
    for number in wanted:
        if has[number] != 1:
            yield f"第 {number} 户登记了 {has[number]} 只表，每户应有一只（meter_work 的户序）"
    for number in has.keys() - set(wanted):
        yield f"装表登记里的户序“{number}”不在要办的明细里，请核对"
    used = Counter(str(row.get("new_asset_no") or "") for row in meter_rows(f))
    for asset, count in used.items():
        if count > 1:
            yield f"资产 {asset or '（空）'} 登记给了 {count} 户，一只表只能装一户"


def _meters(f: Facts) -> list[Row]:
    """A meter for every household, for recipes."""
    multiplier = f.data.get("scheme_multiplier") or 1.0
    return [
        {
            "cons_no": str(row.get("house_no")),
            "new_asset_no": f"PL{f.case}{number:03}",
            "new_reading": 0.0,
            "multiplier": multiplier,
            "seal_no": f"FY{f.case}{number:03}",
        }
        for number, row in enumerate(households(f), start=1)
    ]


def _stocked(f: Facts) -> tuple[tuple[str, Row], ...]:
    numbers = [str(row["new_asset_no"]) for row in _meters(f)]
    return tuple(
        ("meter_asset", {"asset_id": f"A{number}", "asset_no": number, "asset_status": IN_STOCK})
        for number in numbers
    )


@guard(
    "小区配变容量够各户用",
    refuses="estate_short",
    rule="N3",
    basis="居住区供配电配置（需用系数为参数，以省标为准）",
    confidence="低",
    breaks=lambda f: set_form(**_estate(f, 0.5)),
    mends=lambda f: set_form(**_estate(f, 1.0)),
)
def estate_capacity_enough(f: Facts) -> Iterator[str]:
    """The transformers carry what all households may take at once."""
    needed, planned = estate_need(f), _planned(f)
    if planned < needed:
        yield (
            f"{int(f.data.get('households_count') or 0)} 户按每户 {float(f.data.get('household_kw') or 0):g} kW 配，"
            f"配变至少 {needed:g} kVA，方案只有 {planned:g} kVA，请加大或增加台数"
        )


def estate_need(f: Facts) -> float:
    """What the transformers of an estate must have, kVA: households x kW each x the demand factor that is set."""
    count, each = float(f.data.get("households_count") or 0), float(f.data.get("household_kw") or 0)
    return round(count * each * int(f.settings["estate_demand_percent"]) / 100, 2)


def _planned(f: Facts) -> float:
    rows = f.data.get("new_transformers") or ()
    return sum(float(row.get("cap") or 0) * int(row.get("count") or 1) for row in rows)


def _estate(f: Facts, share: float) -> Row:
    """A recipe's transformers: this share of what is needed (of 100 kVA when nothing is)."""
    return {
        "households_count": int(f.data.get("households_count") or 25),
        "household_kw": float(f.data.get("household_kw") or 8.0),
        "new_transformers": [
            {"model": "SCB13", "cap": round((estate_need(f) or 100.0) * share, 2), "count": 1}
        ],
    }


@guard(
    "供配电设施产权已移交",
    refuses="estate_not_handed_over",
    rule="N3",
    basis="小区新装归档：产权移交（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(handed_over=False),
    mends=lambda f: set_form(handed_over=True),
)
def estate_handed_over(f: Facts) -> Iterator[str]:
    """Public transformers enter the books when they were handed over by agreement."""
    if not f.data.get("handed_over"):
        yield "小区供配电设施还没有移交（handed_over），签了移交协议才能建公变台区"
