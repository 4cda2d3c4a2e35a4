"""Guards about the price a new class of use brings (改类): tariff, power factor, supplement, split reading, metering points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.metering import meter_rows
from yk.flows.tariffs import power_factor_standard, price_voltage, same_price_family

ACTIVE_TOTAL, IN_USE = "11", "02"
"""Kind of reading (read_type) and state of a metering point (mp_status)."""


def last_reading(f: Facts) -> float:
    """The last active reading the archive has of the customer's meters, kWh; the highest where there are several."""
    rows = (r for r in f.rows("meter_register") if r.get("read_type") in (ACTIVE_TOTAL, None))
    return max((float(row.get("reading") or 0) for row in rows), default=0.0)


def points_to_change(f: Facts) -> list[dict[str, Any]]:
    """The customer's metering points in use that have the old class and are not kept."""
    kept = {str(row.get("mp_id")) for row in f.data.get("kept_points") or ()}
    old = f.row("customer").get("elec_type")
    return [
        dict(point)
        for point in f.rows("metering_point")
        if point.get("status") == IN_USE and point.get("elec_type") == old and str(point["mp_id"]) not in kept
    ]


def _fitting_tariff(f: Facts) -> Change:
    """A recipe: the tariff that was written down exists and fits."""
    code, volt = f.get("new_tariff_code") or "B01", str(f.row("customer").get("volt_code") or "AC03802")
    elec_type = f.get("new_elec_type") or str(f.row("customer").get("elec_type") or "400")
    row = {"tariff_code": code, "volt_code": price_voltage(volt), "elec_type": f"{elec_type[:1]}00"}
    return Change(put=(("tariff", row),), form={"new_tariff_code": code})


@guard(
    "新电价在目录内，与类别、电压相配",
    refuses="price_unfit",
    rule="D-10",
    basis="大连数据质量核查办法 小七1.18、1.19",
    reads=("customer", "tariffs"),
    breaks=lambda f: set_form(new_tariff_code="X99"),
    mends=_fitting_tariff,
)
def price_fits_class(f: Facts) -> Iterator[str]:
    """The tariffs written down are on the list, for the class of use and the supply voltage."""
    known = {str(row["tariff_code"]): row for row in f.rows("tariffs")}
    step = price_voltage(str(f.row("customer").get("volt_code") or ""))
    for code, elec_type in (
        (f.get("new_tariff_code"), f.get("new_elec_type")),
        (f.get("mixed_tariff_code"), f.get("mixed_elec_type")),
    ):
        if not code:
            continue
        tariff = known.get(code)
        if tariff is None:
            yield f"电价码 {code} 不在目录电价里，请改填目录里的电价码"
        elif elec_type and not same_price_family(elec_type, str(tariff.get("elec_type") or "")):
            name = tariff.get("tariff_name") or code
            yield f"电价 {code}（{name}）不是{name_of('elec_type', elec_type)}的电价，请改填"
        elif tariff.get("volt_code") != step:
            yield (
                f"电价 {code} 是{name_of('prc_volt', str(tariff.get('volt_code')))}的价，"
                f"本户供电电压属{name_of('prc_volt', step)}，请改填"
            )


@guard(
    "力调标准合乎容量和类别",
    refuses="power_factor_wrong",
    rule="G-FA-10",
    basis="供电营业规则(1996)第41条；功率因数调整电费办法",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: set_form(new_pf_std="3" if _standard(f) != "3" else "1"),
    mends=lambda f: set_form(new_pf_std=_standard(f)),
)
def power_factor_fits(f: Facts) -> Iterator[str]:
    """The power factor standard follows from voltage, capacity and the new class."""
    wanted, given = _standard(f), f.get("new_pf_std")
    if given and given != wanted:
        cap = f.row("customer").get("contract_cap") or 0
        yield (
            f"力调标准填的是{name_of('pf_std', given)}，按容量 {cap:g} kVA 和新类别应为{name_of('pf_std', wanted)}"
        )


def _standard(f: Facts) -> str:
    customer = f.row("customer")
    elec_type = f.get("new_elec_type") or str(customer.get("elec_type") or "")
    return power_factor_standard(
        str(customer.get("volt_code") or ""), float(customer.get("contract_cap") or 0), elec_type
    )


@guard(
    "补充协议的类别、电价与批准的一致",
    refuses="agreement_price_other",
    rule="G-ALL-09",
    basis="供电营业规则(1996)第22条",
    breaks=lambda f: set_form(agreement_tariff_code=f.get("new_tariff_code") + "X"),
    mends=lambda f: set_form(
        agreement_tariff_code=f.data.get("new_tariff_code"), agreement_elec_type=f.data.get("new_elec_type")
    ),
)
def agreement_price_matches(f: Facts) -> Iterator[str]:
    """The supplement says the class and the tariff that were approved."""
    for label, agreed, approved in (
        ("类别", "agreement_elec_type", "new_elec_type"),
        ("电价", "agreement_tariff_code", "new_tariff_code"),
    ):
        if f.get(agreed) and f.get(agreed) != f.get(approved):
            yield f"补充协议的{label}是 {f.get(agreed)}，批准的是 {f.get(approved) or '（空）'}，请改正协议"


@guard(
    "切价分段示数已登记",
    refuses="split_reading_missing",
    rule="G-GL-04",
    basis="新旧电价按分段示数算（行业通例）",
    reads=("meter_register",),
    breaks=lambda f: set_form(meter_work=None, split_reading=None),
    mends=lambda f: set_form(split_reading=last_reading(f) + 1),
)
def split_reading_taken(f: Facts) -> Iterator[str]:
    """The reading at which the price changes: that of the changed meter, else one taken by hand, no less than the last."""
    if any(row.get("old_reading") is not None for row in meter_rows(f)):
        return
    split, last = f.data.get("split_reading"), last_reading(f)
    if split is None:
        yield "没有换表，须登记切价时刻的分段示数（split_reading），新旧电价从这个数断开"
    elif float(split) < last:
        yield f"分段示数 {split:g} 小于档案里的上次示数 {last:g}，请重新抄录"


@guard(
    "计量点随户改类",
    refuses="points_left_behind",
    rule="D-15",
    basis="大连数据质量核查办法 大一1.1.1、小七1.20",
    reads=("customer", "metering_point"),
    breaks=lambda f: set_form(kept_points=[{"mp_id": f"MP{f.case}X", "reason": "试走"}]),
    mends=lambda f: set_form(kept_points=None),
)
def points_follow_class(f: Facts) -> Iterator[str]:
    """A point that keeps the old class is the customer's own, has a price of its own, and is not the only one."""
    own = {str(point["mp_id"]): point for point in f.rows("metering_point")}
    kept = [str(row.get("mp_id") or "") for row in f.data.get("kept_points") or ()]
    changed = points_to_change(f)
    prices = {point.get("prc_id") for point in changed}
    for mp_id in kept:
        if mp_id not in own:
            yield f"保留原类别的计量点 {mp_id or '（空）'} 不是本户的，请改正（kept_points）"
        elif own[mp_id].get("prc_id") in prices:
            yield f"计量点 {mp_id} 要留原类别，却与要改的计量点共用一个电价，请先给它单立电价"
    if kept and own and not changed:
        yield "没有一个计量点改成新类别，户和计量点会对不上，请去掉保留项（kept_points）"
