"""Guards about stopping transformers or replacing them by smaller ones: which, for how long, what is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.flows.change import Change
from yk.flows.dates import days_between, days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.stopping import SHORTEST_DAYS, days_in_year, stretch
from yk.flows.units import (
    PERMANENT,
    REDUCED,
    SUSPENDED,
    capacity_after,
    plate,
    running,
    table,
    units,
)

HIGH_VOLTAGE = "01"
BY_CONTRACT_DEMAND = "2"
"""Code of the charge by contracted demand (code list basic_fee_mode)."""
FEWEST_MONTHS, MOST_MONTHS = 6, 24
SPACING_MONTHS = 24
"""Until 2016 a reduction came two years after the connection or the last reduction at the earliest."""


def stopping(f: Facts, rows: list[dict[str, Any]], **more: Any) -> Change:
    """A recipe: the form asks for these units, and for the capacity that is left then."""
    asked = f.filled(stopped=rows)
    new = sum(float(row.get("new_cap") or 0) for row in rows)
    return set_form(stopped=rows, apply_cap=capacity_after(asked), replaced_cap=new or None, **more)


def first_unit(f: Facts, **more: Any) -> list[dict[str, Any]]:
    """A recipe's request: the first transformer that runs, as a whole."""
    return [{"tran_id": name, **more} for name in sorted(running(f))[:1]]


@condition(
    "换成小变压器",
    reads=("transformer",),
    yes=lambda f: stopping(f, _smaller(f)),
    no=lambda f: stopping(f, [{**row, "new_cap": None} for row in table(f, "stopped")] or first_unit(f)),
    field="stopped",
)
def smaller_units(f: Facts) -> bool:
    """Some transformer is replaced by a smaller one; that takes works and an inspection."""
    return any(row.get("new_cap") for row in table(f, "stopped"))


def _smaller(f: Facts) -> list[dict[str, Any]]:
    rows, known = table(f, "stopped") or first_unit(f), units(f)
    return [
        {**row, "new_cap": round(plate(known.get(str(row["tran_id"]), {"plate_cap": 100})) / 2, 2)}
        for row in rows
    ]


@condition(
    "有整台停用",
    reads=("transformer",),
    yes=lambda f: stopping(f, first_unit(f)),
    no=lambda f: stopping(f, _smaller(f)),
)
def whole_units(f: Facts) -> bool:
    """Some transformer is stopped as a whole and sealed."""
    return any(not row.get("new_cap") for row in table(f, "stopped"))


@condition(
    "非永久性减容",
    yes=lambda f: set_form(reduction_kind=REDUCED),
    no=lambda f: set_form(reduction_kind=PERMANENT),
)
def temporary_reduction(f: Facts) -> bool:
    """The capacity is kept for the customer until a day."""
    return f.get("reduction_kind") != PERMANENT


@guard(
    "市场化交易已同步处理",
    refuses="market_unsettled",
    rule="G-ALL-12",
    basis="市场化用户变更须同步交易合同、代理购电（行业常识）",
    confidence="中",
    reads=("customer", "partners"),
    level_setting="market_policy",
    breaks=lambda f: Change(
        put=(("customer", {"cons_no": f.row("customer")["cons_no"], "market_flag": "1"}),),
        form={"market_note": None},
    ),
    mends=lambda f: set_form(market_note="已知会交易中心，合同电量同步调整"),
)
def market_trade_settled(f: Facts) -> Iterator[str]:
    """Who buys on the market tells the exchange before the account, or one that goes into it, changes."""
    if f.get("market_note"):
        return
    for customer in (f.row("customer"), *(p["customer"] for p in f.rows("partners"))):
        if customer.get("market_flag") == "1":
            number = customer.get("cons_no")
            yield f"用户 {number} 是市场化交易用户，须同步处理交易合同或代理购电，处理结果写在 market_note"


@guard(
    "整台整组停用或换小",
    refuses="not_whole_unit",
    rule="G-JR-01、G-ZT-05",
    basis="供电营业规则(1996)第23、24条",
    reads=("transformer",),
    breaks=lambda f: stopping(f, [{"tran_id": "（台账外）"}]),
    mends=lambda f: stopping(f, first_unit(f)),
)
def whole_transformers(f: Facts) -> Iterator[str]:
    """Every unit asked for is one of the account's, runs, and is taken as a whole or replaced by a smaller one."""
    known, alive, seen = units(f), running(f), set[str]()
    for row in table(f, "stopped"):
        name, new = str(row.get("tran_id")), row.get("new_cap")
        if name not in known:
            yield f"变压器 {name} 不在本户台账里，请在台账里选整台设备"
        elif name not in alive:
            yield f"变压器 {name} 现在不是运行状态，不用再停"
        elif name in seen:
            yield f"变压器 {name} 填了两行，一台一行"
        elif new is not None and not 0 < float(new) < alive[name]:
            yield f"变压器 {name} 容量 {alive[name]:g} kVA，换上 {float(new):g} kVA 不是换小"
        seen.add(name)


@guard(
    "高压用户",
    refuses="not_high_voltage",
    rule="G-JR-02、G-ZT-01",
    basis="国网变更用电规范试题；暂停办理指南（只对高压）",
    reads=("customer",),
    breaks=lambda f: Change(
        put=(("customer", {"cons_no": f.row("customer")["cons_no"], "cons_sort": "02"}),)
    ),
    mends=lambda f: Change(
        put=(("customer", {"cons_no": f.row("customer")["cons_no"], "cons_sort": HIGH_VOLTAGE}),)
    ),
)
def high_voltage_only(f: Facts) -> Iterator[str]:
    """Reduction and suspension are for customers with transformers of their own."""
    customer = f.row("customer")
    if customer.get("cons_sort") != HIGH_VOLTAGE:
        yield f"用户 {customer.get('cons_no')} 是低压户，不办减容、暂停；要停用可办暂拆，不再用可办销户"


@guard(
    "减后容量算得平",
    refuses="capacity_off",
    rule="G-JR-01",
    basis="运行容量等于在运变压器容量之和（客户表说明）",
    reads=("transformer",),
    breaks=lambda f: set_form(apply_cap=capacity_after(f) + 100),
    mends=lambda f: stopping(f, table(f, "stopped")),
)
def reduced_capacity_adds_up(f: Facts) -> Iterator[str]:
    """What is left is what runs now, less what stops, plus what comes in its place."""
    asked, left = f.data.get("apply_cap"), capacity_after(f)
    if asked is not None and float(asked) != left:
        now = sum(running(f).values())
        yield f"现在运行 {now:g} kVA，按停用清单减后应为 {left:g} kVA，申请填的是 {float(asked):g} kVA"
    new = round(sum(float(row.get("new_cap") or 0) for row in table(f, "stopped")), 2)
    given = float(f.data.get("replaced_cap") or 0)
    if new != given:
        yield f"停用清单里换上的变压器合计 {new:g} kVA，换上容量填的是 {given:g} kVA"


@guard(
    "减容期限合规",
    refuses="reduction_period_wrong",
    rule="G-JR-03、G-JR-04",
    basis="供电营业规则(1996)第23条；发改办价格〔2016〕1583号；供电营业规则(2024)第25条",
    reads=("customer", "stoppage"),
    breaks=lambda f: set_form(reduction_kind=REDUCED, resume_date=days_on(_begin(f), SHORTEST_DAYS - 1)),
    mends=lambda f: set_form(
        reduction_kind=REDUCED, resume_date=months_on(_begin(f), 12), half_charge_agreed=True
    ),
)
def reduction_period_allowed(f: Facts) -> Iterator[str]:
    """Half a year to two years until 2024, fifteen days to two years since; for good has no end."""
    if f.rule_set == "R96":
        yield from too_soon(f)
    begin, end = _begin(f), f.get("resume_date")
    if f.get("reduction_kind") == PERMANENT or not end:
        return
    if end > months_on(begin, MOST_MONTHS):
        yield f"减容期 {begin} 至 {end} 超过两年，请改短或改办永久性减容"
    if f.rule_set == "R24" and days_between(begin, end) < SHORTEST_DAYS:
        yield f"减容期 {begin} 至 {end} 不满 {SHORTEST_DAYS} 日，请改恢复日期"
    if f.rule_set != "R24" and end < months_on(begin, FEWEST_MONTHS) and not _suspended_long(f, begin):
        yield f"减容期 {begin} 至 {end} 不满 {FEWEST_MONTHS} 个月，请改恢复日期或办暂停"


def _begin(f: Facts) -> str:
    return f.get("wish_date") or f.today


def _suspended_long(f: Facts, begin: str) -> bool:
    """Since 2016 the lower bound falls away in a year in which the account was suspended for half a year."""
    if f.rule_set == "R96":
        return False
    stood = [stretch(row, begin) for row in f.rows("stoppage") if row.get("kind") == SUSPENDED]
    return days_in_year(stood, int(begin[:4])) >= int(f.settings["suspension_days_a_year"])


def too_soon(f: Facts) -> Iterator[str]:
    """Until 2016: within two years of the connection or the last reduction only at half the charge (G-JR-04, G-ZT-10)."""
    begin = _begin(f)
    earlier = {
        "送电": f.row("customer").get("send_date") or f.row("customer").get("build_date"),
        "上次减容期满": max(
            (
                row.get("resumed_date") or row.get("planned_date") or ""
                for row in f.rows("stoppage")
                if row.get("kind") == REDUCED
            ),
            default="",
        ),
    }
    for label, day in earlier.items():
        if day and begin < months_on(str(day), SPACING_MONTHS) and not f.data.get("half_charge_agreed"):
            yield (
                f"{label}日期 {day} 到 {begin} 不满两年，按受理日规则不予办理；确需办的停减部分按一半收基本电费，"
                "经客户同意后登记（half_charge_agreed）"
            )


@guard(
    "需量用户已重报需量",
    refuses="demand_not_redeclared",
    rule="G-JR-07",
    basis="发改办价格〔2016〕1583号；基本电费试题（不低于容量四成）",
    confidence="中",
    reads=("transformer", "customer_price"),
    breaks=lambda f: by_demand(f, BY_CONTRACT_DEMAND, demand_after=None),
    mends=lambda f: set_form(demand_after=capacity_after(f)),
)
def demand_redeclared(f: Facts) -> Iterator[str]:
    """A customer charged by contracted demand declares it anew, four tenths of the capacity left at least."""
    if not any(row.get("basic_fee_mode") == BY_CONTRACT_DEMAND for row in f.rows("customer_price")):
        return
    demand, percent = f.data.get("demand_after"), int(f.settings["demand_floor_percent"])
    floor = round(capacity_after(f) * percent / 100, 2)
    if demand is None:
        yield "本户按合同最大需量计费，须重报减后需量（demand_after）"
    elif float(demand) < floor:
        yield f"重报需量 {float(demand):g} kW 低于减后容量的 {percent}%（{floor:g} kW），请按不低于此数重报"


def by_demand(f: Facts, mode: str, **form: Any) -> Change:
    """A recipe: the account is charged by this mode."""
    prices = f.rows("customer_price") or ({"prc_id": f"PR{f.case}", "cons_no": f.data.get("cons_no")},)
    rows = tuple(("customer_price", {**row, "basic_fee_mode": mode}) for row in prices)
    return Change(put=rows, form=form)
