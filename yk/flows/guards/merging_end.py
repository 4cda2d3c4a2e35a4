"""Guards about 并户 at its end: the accounts that are no more leave no contract, no reading, no debt, no money behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.merging import LAW
from yk.flows.guards.partnering import debt_of, debts, first_partner, paid_debts, running_contracts
from yk.flows.guards.removal import last_total, listed_assets

Row = Mapping[str, Any]


def ends(f: Facts) -> set[str]:
    """The numbers of the contracts whose end was agreed."""
    return {str(r.get("contract_no")) for r in f.data.get("merged_ends") or () if r.get("end_on")}


def _all_ends(f: Facts) -> Change:
    rows = [
        {"contract_no": row["contract_no"], "end_on": f.get("begin_date") or f.today}
        for partner in f.rows("partners")
        for row in running_contracts(partner)
    ]
    return set_form(merged_ends=rows)


@guard(
    "被并户的合同都已约定终止",
    refuses="merged_contract_running",
    rule="G-BH-07",
    basis=LAW,
    reads=("partners",),
    breaks=lambda f: set_form(merged_ends=None),
    mends=_all_ends,
)
def merged_contracts_ended(f: Facts) -> Iterator[str]:
    """An account that is no more leaves no contract behind."""
    agreed = ends(f)
    for partner in f.rows("partners"):
        for row in running_contracts(partner):
            if row["contract_no"] not in agreed:
                yield f"被并户 {partner['cons_no']} 的合同 {row['contract_no']} 还没有登记终止（merged_ends）"


def reading_of(f: Facts, meter: Row) -> float | None:
    """The last reading of a partner's meter, None when there is none."""
    for row in f.data.get("merged_readings") or ():
        known = listed_assets(f, iter((row.get("asset_no"),)))
        if row.get("reading") is not None and meter.get("asset_id") in known:
            return float(row["reading"])
    return None


def _meters(f: Facts) -> Iterator[tuple[Row, Row]]:
    """(partner, meter) of every running meter of the partners."""
    return ((partner, meter) for partner in f.rows("partners") for meter in partner["meter"])


def _read_all(f: Facts) -> Change:
    """A recipe: every reading high enough, no meter without one."""
    high = max(
        (float(r.get("reading") or 0) for p in f.rows("partners") for r in p["meter_register"]), default=0.0
    )
    rows = [{**row, "reading": high} for row in f.data.get("merged_readings") or ()]
    gone = (m for _, m in _meters(f) if m.get("asset_id") not in _named(f))
    return Change(
        form={"merged_readings": rows}, drop=tuple(("meter", str(meter["meter_id"])) for meter in gone)
    )


def _named(f: Facts) -> set[str]:
    return listed_assets(f, (row.get("asset_no") for row in f.data.get("merged_readings") or ()))


@guard(
    "被并户逐表有止度",
    refuses="merged_reading_missing",
    rule="G-BH-07",
    basis="被并户逐户抄止度、拆表（行业通例）",
    reads=("partners", "assets"),
    breaks=lambda f: set_form(
        merged_readings=[{**row, "reading": None} for row in f.data.get("merged_readings") or ()]
    ),
    mends=_read_all,
)
def merged_readings_recorded(f: Facts) -> Iterator[str]:
    """The last reading of every meter of every account that is merged, none running backwards."""
    for partner, meter in _meters(f):
        given, last = reading_of(f, meter), last_total(partner["meter_register"], (meter["meter_id"],))
        if given is None:
            yield f"被并户 {partner['cons_no']} 的电能表 {meter.get('asset_id')} 没有止度（merged_readings）"
        elif given < last:
            yield f"被并户 {partner['cons_no']} 止度 {given:g} 小于上次示数 {last:g}，请核对照片重录"


@guard(
    "被并户结清、拆表、终止三样齐",
    refuses="merged_account_unfinished",
    rule="G-BH-07",
    basis=LAW,
    reads=("partners", "assets"),
    breaks=lambda f: Change(put=(debt_of(f, first_partner(f)),)),
    mends=lambda f: Change(put=paid_debts(f), form=_all_ends(f).form),
)
def merged_accounts_closed(f: Facts) -> Iterator[str]:
    """Before one account takes over, the others owe nothing, have their readings and their contracts ended."""
    for partner in f.rows("partners"):
        yield from debts(partner)
    yield from merged_readings_recorded(f)
    yield from merged_contracts_ended(f)


@guard(
    "被并户的余额有去处",
    refuses="merged_balance_left",
    rule="G-XH-06、G-BH-07",
    basis="供电营业规则(1996)第32条",
    reads=("partners",),
    breaks=lambda f: Change(
        put=(("prepayment", {"cons_no": first_partner(f), "amount": 50.0}),),
        form={"merged_balance_disposal": None},
    ),
    mends=lambda f: set_form(merged_balance_disposal="1"),
)
def merged_balances_disposed(f: Facts) -> Iterator[str]:
    """What a merged account has paid ahead goes back, or over to the one that stays."""
    for partner in f.rows("partners"):
        amount = float(partner["prepayment"].get("amount") or 0)
        if amount > 0 and not f.get("merged_balance_disposal"):
            yield (
                f"被并户 {partner['cons_no']} 还有预收余额 {amount:.2f} 元，"
                "须写明退还还是转入保留户（merged_balance_disposal）"
            )


@condition(
    "被并户有预收余额",
    reads=("partners",),
    yes=lambda f: Change(put=(("prepayment", {"cons_no": first_partner(f), "amount": 66.0}),)),
    no=lambda f: Change(
        put=tuple(("prepayment", {"cons_no": p["cons_no"], "amount": 0.0}) for p in f.rows("partners"))
    ),
)
def partner_balance_held(f: Facts) -> bool:
    """One of the accounts to be merged has paid ahead."""
    return any(float(p["prepayment"].get("amount") or 0) > 0 for p in f.rows("partners"))
