"""Guards about suspensions (暂停) and about the sealing of what stands still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_between, days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.reducing import BY_CONTRACT_DEMAND, by_demand, first_unit, stopping, too_soon
from yk.flows.stopping import SHORTEST_DAYS, days_in_year, stretch, years_touched
from yk.flows.units import SUSPENDED, running, table

SUSPENSIONS_A_YEAR = 2
"""How often a calendar year an account could be suspended until 2016."""
MONTHS_A_YEAR, SIX_MONTHS_AT_LEAST = 6, 180
"""How long an account may stand still a calendar year; six months are 181 to 184 days, so one stretch from a day to the
same day six months on is not too long, however the setting counts several."""
BY_DEMAND = (BY_CONTRACT_DEMAND, "3")
SEALED = "1"
"""Code of sealing (code list seal_action)."""


def _asked(f: Facts) -> tuple[str, str]:
    """First day asked for, and the day it is to run again ('' while nobody has said)."""
    return f.get("wish_date") or f.today, f.get("resume_date")


@guard(
    "已告知可改办非永久性减容",
    refuses="new_rule_untold",
    rule="0.1",
    level_setting="new_rule_policy",
    basis="供电营业规则(2024)第25条（短时停用并入非永久性减容，未见全文）",
    confidence="中",
    breaks=lambda f: set_form(new_rule_told=False),
    mends=lambda f: set_form(new_rule_told=True),
)
def new_rule_told(f: Facts) -> Iterator[str]:
    """Since June 2024 the regulation has no suspension and no swap of its own any more; the customer is told of both ways."""
    if f.rule_set == "R24" and not f.data.get("new_rule_told"):
        yield "受理日已在 2024 年规则之内，须先向客户讲明可改办非永久性减容，再登记照办（new_rule_told）"


@guard(
    "暂停天数够",
    refuses="suspension_too_short",
    rule="G-ZT-03",
    basis="供电营业规则(1996)第24条；发改办价格〔2016〕1583号",
    breaks=lambda f: set_form(resume_date=days_on(_asked(f)[0], SHORTEST_DAYS - 1)),
    mends=lambda f: set_form(resume_date=days_on(_asked(f)[0], 60)),
)
def suspension_long_enough(f: Facts) -> Iterator[str]:
    """Fifteen days at least since 2016; before, a shorter one was taken but charged all the same."""
    begin, end = _asked(f)
    if not end:
        return
    days = days_between(begin, end)
    if days <= 0:
        yield f"计划恢复日 {end} 不晚于停用日 {begin}，请改正"
    elif f.rule_set != "R96" and days < SHORTEST_DAYS:
        yield f"暂停 {begin} 至 {end} 只有 {days} 日，每次不少于 {SHORTEST_DAYS} 日，请改恢复日"


@guard(
    "全年暂停次数和天数未超",
    refuses="suspension_over_year",
    rule="G-ZT-02、G-ZT-04、G-ZT-10",
    basis="供电营业规则(1996)第24条；发改办价格〔2016〕1583号",
    reads=("customer", "stoppage"),
    breaks=lambda f: Change(
        form={
            "wish_date": _in_spring(f),
            "resume_date": days_on(_in_spring(f), 200),
            "half_charge_agreed": True,
        }
    ),
    mends=lambda f: Change(
        form={"resume_date": days_on(_asked(f)[0], 30), "half_charge_agreed": True},
        drop=tuple(("stoppage", str(r["stop_id"])) for r in f.rows("stoppage") if r.get("kind") == SUSPENDED),
    ),
)
def suspension_within_year(f: Facts) -> Iterator[str]:
    """Six months a calendar year; until 2016 also twice a year, and two years after the connection or a reduction."""
    begin, end = _asked(f)
    earlier = [row for row in f.rows("stoppage") if row.get("kind") == SUSPENDED]
    if f.rule_set == "R96":
        yield from too_soon(f)
        times = {row.get("app_no") for row in earlier if str(row["stop_date"])[:4] == begin[:4]}
        if len(times) >= SUSPENSIONS_A_YEAR:
            yield f"{begin[:4]} 年已暂停 {len(times)} 次，按受理日规则一年不超过 {SUSPENSIONS_A_YEAR} 次"
    most = int(f.settings["suspension_days_a_year"])
    for year in years_touched(begin, end) if end > begin else ():
        stood = days_in_year((stretch(row, begin) for row in earlier), year)
        wanted = days_in_year([(begin, end)], year)
        whole = not stood and most >= SIX_MONTHS_AT_LEAST and end <= months_on(begin, MONTHS_A_YEAR)
        if stood + wanted > most and not whole:
            instead = "" if f.rule_set == "R96" else "，超出部分请改办减容"
            yield f"{year} 年已暂停 {stood} 天，本次占 {wanted} 天，累计超过 {most} 天（六个月）{instead}"


def _in_spring(f: Facts) -> str:
    """A first day from which half a year fits into one calendar year."""
    return f"{int(f.today[:4]) + 1}-03-01"


@guard(
    "需量用户按规则停用",
    refuses="demand_user_stops_part",
    rule="G-ZT-06",
    basis="供电营业规则(1996)第24条；发改办价格〔2016〕1583号",
    confidence="中",
    reads=("transformer", "customer_price"),
    breaks=lambda f: by_demand(f, BY_CONTRACT_DEMAND, stopped=first_unit(f), demand_after=None),
    mends=lambda f: Change(
        put=by_demand(f, "1").put, form=dict(stopping(f, table(f, "stopped") or first_unit(f)).form)
    ),
)
def demand_user_stops_all(f: Facts) -> Iterator[str]:
    """A customer charged by demand stopped everything until 2016; since then a part, with the demand declared anew."""
    modes = {row.get("basic_fee_mode") for row in f.rows("customer_price")}
    left = set(running(f)) - {str(row.get("tran_id")) for row in table(f, "stopped")}
    if not left or not modes & set(BY_DEMAND):
        return
    if f.rule_set == "R96":
        yield f"本户按需量计费，按受理日规则须全部容量暂停，还有 {'、'.join(sorted(left))} 没有停"
    elif BY_CONTRACT_DEMAND in modes and f.data.get("demand_after") is None:
        yield "本户按合同最大需量计费，只停部分容量须重报需量（demand_after）"


@guard(
    "停用设备已封停",
    refuses="unit_not_sealed",
    rule="A19、G-JR-05",
    basis="NX 1.2 设备封停人员职责；供电营业规则(1996)第23、84条",
    reads=("transformer", "seal_record"),
    breaks=lambda f: set_form(stopped=_to_seal(f) or first_unit(f), sealed=None),
    mends=lambda f: set_form(sealed=_seals(f)),
)
def stopped_devices_sealed(f: Facts) -> Iterator[str]:
    """Every unit that is stopped as a whole has a seal of its own, at a place nothing leads round."""
    used = {row.get("seal_no") for row in f.rows("seal_record") if row.get("action") == SEALED}
    seals = {str(row.get("tran_id")): row for row in table(f, "sealed")}
    numbers = [row.get("seal_no") for row in seals.values()]
    for row in _to_seal(f):
        seal = seals.get(str(row.get("tran_id")))
        if seal is None or not seal.get("seal_no") or not seal.get("place"):
            yield f"停用的变压器 {row.get('tran_id')} 还没有登记封印号和封停位置（sealed）"
        elif seal["seal_no"] in used or numbers.count(seal["seal_no"]) > 1:
            yield f"封印号 {seal['seal_no']} 已经用过，一个封点一个封印"


def _to_seal(f: Facts) -> list[dict[str, Any]]:
    """The units that stop as a whole; one replaced by a smaller leaves instead."""
    return [row for row in table(f, "stopped") if not row.get("new_cap")]


def _seals(f: Facts) -> list[dict[str, Any]]:
    return [
        {"tran_id": row["tran_id"], "seal_no": f"FY{f.case}-{n}", "place": "高压侧开关"}
        for n, row in enumerate(_to_seal(f), start=1)
    ]


@guard(
    "封停日对得上",
    refuses="seal_day_wrong",
    rule="G-ZT-07",
    basis="供电营业规则(1996)第24条（加封日起减收）",
    breaks=lambda f: set_form(sealed_on=days_on(f.today, 1), seal_day_reason=None),
    mends=lambda f: set_form(sealed_on=f.today, seal_day_reason="客户改约"),
)
def seal_day_matches(f: Facts) -> Iterator[str]:
    """The day of sealing is the day from which less is charged: not in the future, and later than agreed only with a reason."""
    sealed, wished = f.get("sealed_on"), f.get("wish_date")
    if sealed > f.today:
        yield f"封停日期 {sealed} 晚于今天，请按实际加封那天填"
    elif sealed and wished and sealed > wished and not f.get("seal_day_reason"):
        yield f"约定 {wished} 停用，{sealed} 才加封，须写明原因（seal_day_reason）"
