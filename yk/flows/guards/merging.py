"""Guards about 并户: neighbouring accounts become one, the others are closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.partnering import debt_of, debts, first_partner, paid_debts, standing

LAW = "供电营业规则(1996)第31条"
ASKED = ("scheme_cap", "approved_cap", "apply_cap")
"""Where the capacity after merging is written, the latest first."""
Row = Mapping[str, Any]


def capacity(row: Row) -> float:
    """The contract capacity of a customer's row, kVA."""
    return float(row.get("contract_cap") or 0)


def together(f: Facts) -> float:
    """The capacity of the account that stays and of those merged into it, kVA."""
    return capacity(f.row("customer")) + sum(capacity(p["customer"]) for p in f.rows("partners"))


def _asked_in(f: Facts) -> str:
    """The field that says the capacity after merging at this point."""
    return next((name for name in ASKED if f.data.get(name) is not None), ASKED[-1])


def asked_capacity(f: Facts) -> float:
    """The capacity after merging, kVA; all of it while nobody asked for less."""
    asked = f.data.get(_asked_in(f))
    return together(f) if asked is None else float(asked)


@guard(
    "被并各户在册、不欠费、无在途",
    refuses="merged_account_open",
    rule="G-BH-02",
    basis=LAW,
    reads=("customer", "partners"),
    breaks=lambda f: Change(put=(debt_of(f, first_partner(f)),)),
    mends=lambda f: Change(put=paid_debts(f)),
)
def all_accounts_settled(f: Facts) -> Iterator[str]:
    """Every account to be merged is there, free and owes nothing."""
    own, named = f.row("customer").get("cons_no"), [p["cons_no"] for p in f.rows("partners")]
    if not named:
        yield "还没有填被并户（partners），并户至少两户"
    for cons_no in sorted({n for n in named if named.count(n) > 1 or n == own}):
        yield f"被并户 {cons_no} 重复或就是保留户，请改正"
    for partner in f.rows("partners"):
        yield from standing(f, partner)
        yield from debts(partner)


def _points(rows: Any) -> set[object]:
    """Where an account is supplied: its areas, or its lines when it has no public area."""
    return {row.get("station_id") or row.get("line_id") for row in rows} - {None}


@guard(
    "同一供电点、同一地址的相邻户",
    refuses="not_neighbours",
    rule="G-BH-01",
    basis=LAW,
    reads=("power_source", "partners"),
    breaks=lambda f: set_form(adjacent=False),
    mends=lambda f: set_form(adjacent=True),
)
def merge_same_site(f: Facts) -> Iterator[str]:
    """Accounts at one address behind one point of supply; the archive knows the line and the area."""
    if f.data.get("adjacent") is False:
        yield "要并的户不在同一用电地址、不相邻（adjacent），不能并户"
    here = _points(f.rows("power_source"))
    for partner in f.rows("partners"):
        there = _points(partner["power_source"])
        if here and there and not here & there:
            names = "、".join(sorted(map(str, there)))
            yield f"用户 {partner['cons_no']} 由 {names} 供电，与保留户不是一个供电点，不能并户"


@guard(
    "并后容量不大于各户之和",
    refuses="merged_over_sum",
    rule="G-BH-03",
    basis=LAW,
    reads=("customer", "partners"),
    breaks=lambda f: set_form(**{_asked_in(f): together(f) + 50}),
    mends=lambda f: set_form(**{_asked_in(f): together(f)}),
)
def merged_within_sum(f: Facts) -> Iterator[str]:
    """What goes beyond the sum of the former capacities is an increase of its own."""
    asked, whole = asked_capacity(f), together(f)
    if asked > whole:
        yield f"并后容量 {asked:g} kVA 大于各户合计 {whole:g} kVA，多出的 {asked - whole:g} kVA 请办增容"


@guard(
    "并户协议各户都签",
    refuses="merge_agreement_short",
    rule="G-BH-02、G-FH-08",
    basis="并户协议写明债务、设备并全体签署（行业通例）",
    reads=("partners",),
    breaks=lambda f: set_form(agreement_accounts=0),
    mends=lambda f: set_form(agreement_accounts=len(f.rows("partners")) + 1),
)
def merge_agreement_complete(f: Facts) -> Iterator[str]:
    """As many accounts sign the agreement as are merged, the one that stays among them."""
    wanted, signed = len(f.rows("partners")) + 1, f.data.get("agreement_accounts")
    if signed is not None and int(signed) != wanted:
        yield f"并户协议由 {signed} 户签署，本单共 {wanted} 户，缺签的补齐后再受理"


@guard(
    "并后达到两部制门槛已告知",
    refuses="merge_threshold_untold",
    rule="G-BH-05",
    basis="两部制电价与功率因数调整办法（行业通例）",
    reads=("customer", "partners"),
    level_setting="tariff_threshold_policy",
    breaks=lambda f: Change(
        put=(
            (
                "customer",
                {
                    "cons_no": f.row("customer").get("cons_no"),
                    "contract_cap": float(f.settings["two_part_from"]) - 1,
                },
            ),
        ),
        form={"threshold_told": False, _asked_in(f): float(f.settings["two_part_from"])},
    ),
    mends=lambda f: set_form(threshold_told=True),
)
def merge_threshold_told(f: Facts) -> Iterator[str]:
    """Small accounts that become a large one pay for capacity from then on; the customer hears it first."""
    limit, after = float(f.settings["two_part_from"]), asked_capacity(f)
    largest = max(capacity(row) for row in (f.row("customer"), *(p["customer"] for p in f.rows("partners"))))
    if largest < limit <= after and not f.data.get("threshold_told"):
        yield (
            f"并后 {after:g} kVA 达到两部制门槛 {limit:g} kVA，要按两部制和力调标准计费，"
            "须书面告知并由客户签收（threshold_told）"
        )


@guard(
    "各类别分表或定比定量",
    refuses="classes_mixed",
    rule="G-BH-06",
    basis="供电营业规则(1996)第71条",
    reads=("customer", "partners"),
    breaks=lambda f: Change(
        put=(
            (
                "customer",
                {
                    "cons_no": first_partner(f),
                    "elec_type": "300" if f.row("customer").get("elec_type") != "300" else "405",
                },
            ),
        ),
        form={"class_metering": None},
    ),
    mends=lambda f: set_form(class_metering="1"),
)
def classes_metered_apart(f: Facts) -> Iterator[str]:
    """Different classes of use are never billed by one meter at one price."""
    own = f.row("customer").get("elec_type")
    kinds = sorted({str(p["customer"].get("elec_type")) for p in f.rows("partners")} - {str(own)})
    if kinds and not f.get("class_metering"):
        yield f"被并户有 {'、'.join(kinds)} 类用电，与保留户 {own} 不同，须分表或定比定量（class_metering）"
