"""Guards about 批量销户: which accounts of a list may be closed together, and who is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.account_closing import dependence
from yk.flows.guards.application import set_form
from yk.flows.guards.partnering import debt_of, debts, first_partner, paid_debts, standing

HIGH = "01"
"""Kind of a high-voltage customer (code list cons_sort)."""
LISTS = ("left_out", "struck_out")
"""Tables of accounts taken off the list, at the survey and at the approval."""
PRACTICE = "逐户执行销户条件，不过的剔除（行业通例）"
Row = Mapping[str, Any]


def table(f: Facts, name: str) -> list[dict[str, Any]]:
    """The rows of a table of the form."""
    return [dict(row) for row in f.data.get(name) or ()]


def taken_off(f: Facts) -> set[str]:
    """The numbers that were taken off the list so far."""
    return {str(row.get("cons_no")) for name in LISTS for row in table(f, name)}


def live(f: Facts) -> Sequence[Row]:
    """The accounts still on the list."""
    gone = taken_off(f)
    return [partner for partner in f.rows("partners") if partner["cons_no"] not in gone]


def _first(f: Facts, **values: Any) -> Change:
    """A recipe: the first account's own row with these values."""
    return Change(put=(("customer", {"cons_no": first_partner(f), **values}),))


def _each(f: Facts, **values: Any) -> Change:
    """A recipe: every account's own row with these values."""
    return Change(put=tuple(("customer", {"cons_no": p["cons_no"], **values}) for p in live(f)))


@guard(
    "户号在册、不重复、有表",
    refuses="batch_account_unknown",
    rule="G-XH-10",
    basis=PRACTICE,
    reads=("partners",),
    breaks=lambda f: set_form(partners=[*table(f, "partners"), {"cons_no": "0000000000"}]),
    mends=lambda f: set_form(
        partners=[{"cons_no": p["cons_no"]} for p in f.rows("partners") if p["customer"]]
    ),
)
def batch_accounts_known(f: Facts) -> Iterator[str]:
    """Every number of the list is an account with a meter, and stands there once."""
    numbers = [p["cons_no"] for p in f.rows("partners")]
    if not numbers:
        yield "户号清单是空的（partners）"
    for cons_no in sorted({n for n in numbers if numbers.count(n) > 1}):
        yield f"户号 {cons_no} 在清单里重复"
    for partner in f.rows("partners"):
        if not partner["customer"]:
            yield f"户号 {partner['cons_no']} 档案里没有，请核对清单"
        elif not partner["meter"]:
            yield f"用户 {partner['cons_no']} 没有在装的电能表，请剔出单独办销户"


@guard(
    "各户未销户、无在途",
    refuses="batch_account_busy",
    rule="G-ALL-03、G-ALL-04",
    basis=PRACTICE,
    reads=("partners",),
    breaks=lambda f: _first(f, status="9"),
    mends=lambda f: _each(f, status="0"),
)
def batch_accounts_free(f: Facts) -> Iterator[str]:
    """Accounts that are closed or busy with other orders come off the list."""
    for partner in live(f):
        if partner["customer"]:
            yield from standing(f, partner)


@guard(
    "各户不欠费",
    refuses="batch_arrears",
    rule="G-ALL-01、G-XH-10",
    basis="NX 1.3.1.2.1(1)",
    reads=("partners",),
    breaks=lambda f: Change(put=(debt_of(f, first_partner(f)),)),
    mends=lambda f: Change(put=paid_debts(f)),
)
def batch_no_arrears(f: Facts) -> Iterator[str]:
    """Whoever owes is named with the amount and comes off the list."""
    for partner in live(f):
        yield from debts({**partner, "violation": ()})


@guard(
    "各户没有未结的违约窃电案",
    refuses="batch_violation",
    rule="G-ALL-05、G-XH-10",
    basis="供电营业规则(1996)第66条精神；行业通例",
    confidence="中",
    reads=("partners",),
    breaks=lambda f: Change(
        put=(("violation", {"vio_id": f"VB{f.case}", "cons_no": first_partner(f), "found_date": f.today}),)
    ),
    mends=lambda f: Change(put=paid_debts(f)),
)
def batch_no_violation(f: Facts) -> Iterator[str]:
    """A breach or theft is settled first."""
    for partner in live(f):
        yield from debts({**partner, "receivable": ()})


@guard(
    "清单里没有考核、上网、转供户",
    refuses="batch_others_depend",
    rule="G-XH-07、G-XH-10",
    basis="考核、上网、转供关系先解除（行业通例）",
    reads=("partners",),
    breaks=lambda f: _first(f, transfer_supply="02"),
    mends=lambda f: _each(f, transfer_supply="01"),
)
def batch_no_dependent_supply(f: Facts) -> Iterator[str]:
    """Accounts on which lines, areas or others depend come off the list."""
    for partner in live(f):
        yield from dependence(partner["customer"], partner["metering_point"])


@guard(
    "清单里的市场化用户已了结交易",
    refuses="batch_market_unsettled",
    rule="G-ALL-12、G-XH-10",
    basis="市场化用户变更须同步交易合同、代理购电（行业常识）",
    confidence="中",
    reads=("partners",),
    level_setting="market_policy",
    breaks=lambda f: Change(put=_first(f, market_flag="1").put, form={"market_note": None}),
    mends=lambda f: set_form(market_note="已函告交易中心退市"),
)
def batch_market_settled(f: Facts) -> Iterator[str]:
    """Who buys on the market leaves it before the account is closed."""
    for partner in live(f):
        if partner["customer"].get("market_flag") == "1" and not f.get("market_note"):
            yield f"用户 {partner['cons_no']} 是市场化交易用户，先了结交易合同或代理购电，结果写在 market_note"


@guard(
    "征收（改造）文件在实施期内",
    refuses="batch_basis_lapsed",
    rule="G-XH-11",
    level_setting="batch_basis_policy",
    basis="批量销户以拆迁、改造文件为据（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(basis_until=days_on(f.today, -1)),
    mends=lambda f: set_form(basis_until=days_on(f.today, 180)),
)
def batch_basis_given(f: Facts) -> Iterator[str]:
    """A paper that has run out is no ground to close whole streets."""
    until = f.get("basis_until")
    if until and until < f.today:
        yield f"文件 {f.get('basis_no')} 的实施期限到 {until} 为止，已过期，请补延期文件或逐户办销户"


@guard(
    "一批只收一个供电单位的户",
    refuses="batch_units_mixed",
    rule="G-XH-10",
    basis="按属地办理（NX 1.3.1.2.1(6)）",
    confidence="中",
    reads=("partners",),
    breaks=lambda f: _first(f, org_no="00000"),
    mends=lambda f: _each(f, org_no=f.get("org_no")),
)
def batch_one_unit(f: Facts) -> Iterator[str]:
    """Accounts of other units are listed with those units."""
    for partner in live(f):
        org = partner["customer"].get("org_no")
        if org and f.get("org_no") and org != f.get("org_no"):
            here, there = name_of("org", f.get("org_no")), name_of("org", str(org))
            yield f"用户 {partner['cons_no']} 属{there}，本批由{here}办理，请转属地另报"


YES = ("是", "1", "true")
SEEN = {"emptied": "人搬空", "still": "电不走", "meter_there": "表还在"}
"""What the survey says of every account: column -> label."""


@guard(
    "逐户有勘查结论",
    refuses="account_unsurveyed",
    rule="G-XH-10",
    basis="批量勘查逐户留证（行业通例）",
    reads=("partners",),
    breaks=lambda f: set_form(surveyed=None),
    mends=lambda f: set_form(
        surveyed=[{"cons_no": p["cons_no"], **dict.fromkeys(SEEN, "是"), "photos": 1} for p in live(f)]
    ),
)
def each_account_surveyed(f: Facts) -> Iterator[str]:
    """Every account that stays on the list was seen empty, still, with its meter, and photographed."""
    rows = {str(row.get("cons_no")): row for row in table(f, "surveyed")}
    for partner in live(f):
        row = rows.get(partner["cons_no"])
        if row is None:
            yield f"用户 {partner['cons_no']} 没有勘查结论（surveyed），补看或剔出（left_out）"
            continue
        missing = [label for name, label in SEEN.items() if str(row.get(name)).lower() not in YES]
        if missing:
            yield f"用户 {partner['cons_no']} 没有确认{'、'.join(missing)}，请剔出（left_out）"
        if not row.get("photos"):
            yield f"用户 {partner['cons_no']} 没有现场照片，不得往下办"


@guard(
    "没有高压户",
    refuses="batch_high_voltage",
    rule="G-XH-10",
    basis="高压户拎出单独审批（行业通例）",
    confidence="低",
    reads=("partners",),
    breaks=lambda f: _first(f, cons_sort=HIGH),
    mends=lambda f: _each(f, cons_sort="03"),
)
def batch_low_voltage_only(f: Facts) -> Iterator[str]:
    """A high-voltage account is approved on its own."""
    for partner in live(f):
        if partner["customer"].get("cons_sort") == HIGH:
            yield f"用户 {partner['cons_no']} 是高压户，请剔出（struck_out）单独办理销户"


@guard(
    "户数在审批权限内",
    refuses="batch_over_level",
    rule="A04",
    basis="批量业务按户数分级授权（企业规则，界线为参数）",
    confidence="低",
    reads=("partners",),
    breaks=lambda f: set_form(
        same_basis_count=int(f.settings["batch_senior_accounts"]) + 1, senior_approved=False
    ),
    mends=lambda f: set_form(senior_approved=True),
)
def batch_level_kept(f: Facts) -> Iterator[str]:
    """All batches under one paper count together; many accounts need a senior's word."""
    count = max(len(live(f)), int(f.data.get("same_basis_count") or 0))
    limit = int(f.settings["batch_senior_accounts"])
    if count > limit and not f.data.get("senior_approved"):
        yield f"同一文件名下共 {count} 户，超过本级 {limit} 户的权限，请分管领导批准（senior_approved）"
