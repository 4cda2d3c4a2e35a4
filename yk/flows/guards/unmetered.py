"""Guards about temporary supply without a meter: why there is none, what is paid in advance, how long, what goes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.advances import advance, advance_back, agreed_energy
from yk.flows.change import Change
from yk.flows.dates import days_between, days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import fees_total
from yk.flows.guards.temporary import UNMETERED, begins_on

ADVANCE = "09"
"""Code of electricity paid in advance (code list fee_item)."""
BASIS = "供电营业规则(1996)第87条（条号凭记忆）"


def days_agreed(first: str, last: str) -> int:
    """Days from `first` to `last`, both counted."""
    return days_between(first, last) + 1


def supply_end(f: Facts) -> str:
    """The day the supply of an account ends: as the archive says, else as its contract."""
    return str(f.row("customer").get("tmp_end") or f.row("contract").get("end_date") or "")


def supply_begin(f: Facts) -> str:
    """The day the supply of an account began: as its contract says, else the day it was connected."""
    return str(f.row("contract").get("begin_date") or f.row("customer").get("send_date") or "")


def price_of(f: Facts) -> float:
    """The price per kWh of the tariff in the form, yuan; 0 when the tariff is not known."""
    wanted = f.get("scheme_tariff_code")
    row = next((row for row in f.rows("tariffs") if row.get("tariff_code") == wanted), {})
    return float(row.get("kwh_price") or 0)


def period(f: Facts) -> tuple[str, str]:
    """First and last day to be paid for: of the supply, or of its extension."""
    if new_end := f.get("new_end"):
        return days_on(f.get("old_end") or f.today, 1), new_end
    return begins_on(f), f.get("tmp_end") or begins_on(f)


def advance_row(f: Facts) -> dict[str, Any]:
    """The row of the fee table for the advance: energy, price, amount."""
    first, last = period(f)
    cap, hours = float(f.data.get("scheme_cap") or 0), float(f.data.get("daily_hours") or 0)
    days, price = days_agreed(first, last), price_of(f)
    return {
        "item": ADVANCE,
        "basis": BASIS,
        "qty": agreed_energy(cap, hours, days),
        "price": price,
        "amount": advance(cap, hours, days, price),
    }


@guard(
    "不具备装表条件",
    refuses="meter_possible",
    rule="G-LS-09",
    basis="供电营业规则(1996)第76条",
    breaks=lambda f: set_form(can_meter=True),
    mends=lambda f: set_form(can_meter=False, no_meter_reason="流动作业，没有固定表位"),
)
def metering_impossible(f: Facts) -> Iterator[str]:
    """Where a meter can stand one is put up."""
    if f.data.get("can_meter"):
        yield "现场具备装表条件，不得按无表办，请改办装表临时用电（YXZY-YY-240）"


@guard(
    "全部电费已列预收",
    refuses="advance_wrong",
    rule="G-LS-07",
    basis=BASIS,
    reads=("tariffs",),
    breaks=lambda f: _advance(f, 0.5),
    mends=lambda f: _advance(f, 1.0),
)
def advance_in_full(f: Facts) -> Iterator[str]:
    """Capacity x agreed hours x days x price, all of it before the power comes."""
    row, listed = advance_row(f), fees_total(f)
    if not row["price"]:
        yield f"电价码 {f.get('scheme_tariff_code') or '（空）'} 不在电价目录里，算不出预收电费"
    elif listed != row["amount"]:
        yield f"应预收 {row['qty']:g} kWh、{row['amount']:.2f} 元，费用单列了 {listed:.2f} 元，请按约定重列"


def _advance(f: Facts, share: float) -> Change:
    """A recipe: this share of the advance is charged and paid."""
    row = advance_row(f)
    amount = round(float(row["amount"]) * share, 2)
    return set_form(
        fees=[{**row, "qty": float(row["qty"]) * share, "amount": amount}],
        fee_reduction=None,
        paid_total=amount,
    )


@guard(
    "是无表临时用电户",
    refuses="not_unmetered",
    rule="G-ALL-06",
    basis="供电营业规则(1996)第12条",
    reads=("customer",),
    breaks=lambda f: Change(put=(("customer", {"cons_no": f.row("customer")["cons_no"], "tmp_flag": "03"}),)),
    mends=lambda f: Change(
        put=(("customer", {"cons_no": f.row("customer")["cons_no"], "tmp_flag": UNMETERED}),)
    ),
)
def unmetered_account(f: Facts) -> Iterator[str]:
    """Only an unmetered temporary supply is prolonged or ended this way."""
    customer = f.row("customer")
    if customer.get("tmp_flag") != UNMETERED:
        yield f"用户 {customer.get('cons_no')} 不是无表临时用电户，请按其用电性质改办别的业务"


@guard(
    "到期前申请延期",
    refuses="extension_late",
    rule="G-LS-04",
    basis="公开办事指南（到期日前申请）；供电营业规则(1996)第12条",
    confidence="中",
    reads=("customer", "contract"),
    breaks=lambda f: _supply_ends(f, days_on(f.today, -1)),
    mends=lambda f: _supply_ends(f, f.today),
)
def extension_in_time(f: Facts) -> Iterator[str]:
    """Supply that has ended is not prolonged but applied for anew."""
    end = supply_end(f)
    if end and end < f.today:
        yield f"本户供电已于 {end} 到期，不能延期，请终止后重新申请"


def _supply_ends(f: Facts, day: str) -> Change:
    return Change(put=(("customer", {"cons_no": f.row("customer")["cons_no"], "tmp_end": day}),))


@guard(
    "延期后的累计期限不超上限",
    refuses="extension_too_long",
    rule="G-LS-04",
    basis="公开办事指南一例（累计上限为参数）",
    confidence="低",
    reads=("customer", "contract"),
    breaks=lambda f: set_form(new_end=days_on(_last_day(f), 1)),
    mends=lambda f: set_form(new_end=_last_day(f)),
)
def extension_within_total(f: Facts) -> Iterator[str]:
    """The new end lies after the old one, and all in all not beyond what the setting allows."""
    old, new, last = supply_end(f), f.get("new_end"), _last_day(f)
    if new and old and new <= old:
        yield f"延期到 {new} 不晚于原到期日 {old}，请改正"
    elif new and new > last:
        months = int(f.settings["temporary_total_months"])
        yield f"自 {supply_begin(f)} 起累计最长 {months} 个月（到 {last}），申请延到 {new}，请缩短或转正式用电"


def _last_day(f: Facts) -> str:
    return months_on(supply_begin(f) or f.today, int(f.settings["temporary_total_months"]))


@guard(
    "现场容量未超约定",
    refuses="unmetered_capacity_grown",
    rule="G-LS-07",
    basis=f"{BASIS}；延期勘查复核容量",
    reads=("customer",),
    breaks=lambda f: set_form(found_cap=float(f.row("customer").get("contract_cap") or 0) + 10),
    mends=lambda f: set_form(found_cap=f.row("customer").get("contract_cap")),
)
def agreed_capacity_kept(f: Facts) -> Iterator[str]:
    """What runs on site is what was agreed and paid for; more is paid for first."""
    agreed, found = float(f.row("customer").get("contract_cap") or 0), f.data.get("found_cap")
    if found is not None and float(found) > agreed:
        yield f"现场在用 {float(found):g} kW，约定 {agreed:g} kW，先拆去多出的设备，或终止后按实际容量重新申请"


@guard(
    "退还预收电费的数额正确",
    refuses="advance_back_wrong",
    rule="G-LS-07",
    basis=BASIS,
    reads=("customer", "contract", "prepayment"),
    breaks=lambda f: set_form(refund_amount=due_back(f) + 1),
    mends=lambda f: set_form(refund_amount=due_back(f)),
)
def advance_back_right(f: Facts) -> Iterator[str]:
    """Half goes back when less than half of the agreed time was used, else nothing."""
    due, given = due_back(f), float(f.data.get("refund_amount") or 0)
    if given != due:
        used, agreed = _used_and_agreed(f)
        yield f"约定 {agreed} 天、实用 {used} 天，应退预收电费 {due:.2f} 元，填的是 {given:.2f} 元，请改正"


def due_back(f: Facts) -> float:
    """What of the advance goes back when the supply stops on the day of the form, yuan."""
    used, agreed = _used_and_agreed(f)
    return advance_back(float(f.row("prepayment").get("amount") or 0), agreed, used)


def _used_and_agreed(f: Facts) -> tuple[int, int]:
    """Days used until the supply stops, and days agreed."""
    begin = supply_begin(f) or f.today
    stop = f.get("stop_on") or f.today
    return days_agreed(begin, stop), days_agreed(begin, supply_end(f) or stop)
