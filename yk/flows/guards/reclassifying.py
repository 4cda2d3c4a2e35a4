"""Guards about applying for another class of use (改类), and about what the survey finds of it."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.dates import days_on, months_on, working_days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.text import same_name

UNSPECIFIC = ("600", "700", "900", "904")
"""Classes of use that say nothing or belong to no customer: 关口、考核、其它."""
RESIDENT, RESIDENT_TRADE = "2", "Y"
METERED, BY_RATIO, BY_QUANTITY = "1", "2", "3"
"""How a mixed use is told apart (code list calc_mode)."""


def residential(elec_type: object) -> bool:
    """Is this class of use residential (居民生活, schools besides)?"""
    return str(elec_type or "").startswith(RESIDENT)


@guard(
    "用途变化在同一受电装置内",
    refuses="other_installation",
    rule="G-GL-01",
    basis="供电营业规则(1996)第35条",
    breaks=lambda f: set_form(same_installation=False),
    mends=lambda f: set_form(same_installation=True),
)
def same_installation(f: Facts) -> Iterator[str]:
    """A change of class is a change of use behind the same receiving installation."""
    if f.data.get("same_installation") is False:
        yield "用途变在另一套受电装置上，不属于改类；另起一处的办新装，搬地方的办迁址"


@guard(
    "地址、容量、户名不变",
    refuses="not_only_class",
    rule="G-GL-01",
    basis="供电营业规则(1996)第35条",
    reads=("customer",),
    breaks=lambda f: set_form(new_cap=float(f.row("customer").get("contract_cap") or 0) + 50),
    mends=lambda f: set_form(
        new_elec_addr=f.row("customer").get("elec_addr"),
        new_cap=f.row("customer").get("contract_cap"),
        new_name=f.row("customer").get("cons_name"),
    ),
)
def only_class_changes(f: Facts) -> Iterator[str]:
    """Whatever else changes is business of its own."""
    customer = f.row("customer")
    for label, field, wanted, instead in (
        ("用电地址", "elec_addr", "new_elec_addr", "迁址"),
        ("户名", "cons_name", "new_name", "更名或过户"),
    ):
        old, new = str(customer.get(field) or ""), f.get(wanted)
        if new and not same_name(old, new):
            yield f"{label}由“{old}”变为“{new}”，不能夹在改类里，请另办{instead}"
    cap, asked = customer.get("contract_cap"), f.data.get("new_cap")
    if asked is not None and cap is not None and float(asked) != float(cap):
        yield f"容量由 {cap:g} 变为 {asked:g} kVA，不能夹在改类里，请另办增容或减容"


@guard(
    "新用电类别与原类别不同",
    refuses="class_unchanged",
    rule="G-GL-01",
    basis="供电营业规则(1996)第35条",
    reads=("customer",),
    breaks=lambda f: set_form(new_elec_type=f.row("customer").get("elec_type")),
    mends=lambda f: set_form(
        new_elec_type="403" if f.row("customer").get("elec_type") == "405" else "405", new_trade_code="F5212"
    ),
)
def new_class_differs(f: Facts) -> Iterator[str]:
    """The class asked for is another one."""
    old, new = str(f.row("customer").get("elec_type") or ""), f.get("new_elec_type")
    if new and new == old:
        yield f"新用电类别与现类别都是{name_of('elec_type', old)}，不用改类；只改电价计法的办相应业务"


@guard(
    "用电类别具体、与行业相配",
    refuses="class_unspecific",
    rule="D-02",
    basis="大连数据质量核查办法 大一1.1.1、小七1.75",
    breaks=lambda f: set_form(new_elec_type="900", new_trade_code="F5212"),
    mends=lambda f: set_form(new_elec_type="405", new_trade_code="F5212"),
)
def class_is_specific(f: Facts) -> Iterator[str]:
    """A class that says something, and a trade that goes with it: residents live, others trade."""
    elec_type, trade = f.get("new_elec_type"), f.get("new_trade_code")
    if elec_type in UNSPECIFIC:
        yield f"用电类别不能选“{name_of('elec_type', elec_type)}”，请按实际用途选到具体一项"
    lives = elec_type[:1] == RESIDENT and elec_type != "203"
    if elec_type and trade and lives != trade.startswith(RESIDENT_TRADE):
        kind, name = name_of("elec_type", elec_type), name_of("trade", trade)
        yield f"用电类别{kind}与行业{name}对不上：居民配城乡居民生活，其他不配"


@guard(
    "先改后报的已登记违约用电线索",
    refuses="early_change_unreported",
    rule="G-GL-03",
    basis="供电营业规则(1996)第100条；供电营业规则(2024)第101条",
    breaks=lambda f: set_form(use_changed_on=days_on(f.today, -40), early_change_clue=None),
    mends=lambda f: set_form(use_changed_on=days_on(f.today, -40), early_change_clue=f"XS-{f.case}"),
)
def early_change_reported(f: Facts) -> Iterator[str]:
    """Who changed the use before asking is reported to the inspectors; the difference is claimed there."""
    changed, applied = f.get("use_changed_on"), (f.get("app_time") or f.today)[:10]
    if changed and changed < applied and not f.get("early_change_clue"):
        most = "不高于两倍" if f.rule_set == "R24" else "两倍"
        yield (
            f"用途已于 {changed} 改变，早于受理日 {applied}，属擅自改类：先登记违约用电线索单号（early_change_clue），"
            f"由用电检查追补差额电费和{most}违约使用电费"
        )


@guard(
    "居民与非居民互改的影响已告知",
    refuses="effects_untold",
    rule="G-GL-06",
    basis="居民改非居民的阶梯、分时、力调、票据变化（行业通例）",
    level_setting="residential_effects_policy",
    reads=("customer",),
    breaks=lambda f: set_form(
        new_elec_type="405" if residential(f.row("customer").get("elec_type")) else "202", effects_told=False
    ),
    mends=lambda f: set_form(effects_told=True),
)
def residential_effects_told(f: Facts) -> Iterator[str]:
    """Tiers, time of use, power factor and invoice change together; the customer hears it beforehand."""
    old, new = f.row("customer").get("elec_type"), f.get("new_elec_type")
    if new and residential(old) != residential(new) and not f.data.get("effects_told"):
        yield "居民与非居民互改，阶梯、分时、力调和票据都变，还没有登记已告知客户（effects_told）"


@guard(
    "电价计法变更合乎周期和提前量",
    refuses="billing_choice_early",
    rule="G-GL-07、G-GL-08",
    basis="发改办价格〔2016〕1583号；分时电价选择周期（公开题库）",
    confidence="中",
    breaks=lambda f: set_form(change_tou=True, tou_chosen_on=days_on(f.today, -30), change_basic_fee=False),
    mends=lambda f: set_form(change_tou=False, change_basic_fee=False),
)
def billing_choice_kept(f: Facts) -> Iterator[str]:
    """A choice of time-of-use pricing or of the basis of the demand charge stands for its period; the latter since 2016."""
    if f.data.get("change_tou") and (chosen := f.get("tou_chosen_on")):
        free = months_on(chosen, int(f.settings["tou_choice_months"]))
        if f.today < free:
            yield f"分时电价 {chosen} 才选定，{free} 以前不改，这一样先不收（change_tou 改为否）"
    if not f.data.get("change_basic_fee") or f.rule_set == "R96":
        return
    if chosen := f.get("basic_fee_chosen_on"):
        free = months_on(chosen, int(f.settings["basic_fee_months"]))
        if (f.get("basic_fee_from") or f.today) < free:
            yield f"容（需）量电费计法 {chosen} 才选定，{free} 以前不改，这一样先不收（change_basic_fee 改为否）"
    days = int(f.settings["basic_fee_lead_days"])
    earliest = working_days_on(f.today, days)
    if (start := f.get("basic_fee_from")) and start < earliest:
        yield f"容（需）量电费新计法须提前 {days} 个工作日申请，最早从 {earliest} 起，填的是 {start}"


@guard(
    "现场用途与申请类别相符",
    refuses="use_not_as_applied",
    rule="G-GL-02",
    basis="供电营业规则(1996)第35条",
    breaks=lambda f: set_form(surveyed_elec_type="405" if f.get("new_elec_type") != "405" else "403"),
    mends=lambda f: set_form(surveyed_elec_type=f.data.get("new_elec_type")),
)
def use_matches_application(f: Facts) -> Iterator[str]:
    """What is done on site is what was applied for."""
    asked, found = f.get("new_elec_type"), f.get("surveyed_elec_type")
    if asked and found and asked != found:
        yield (
            f"现场核定为{name_of('elec_type', found)}，申请的是{name_of('elec_type', asked)}，"
            "请退回受理改申请；低价高用的转用电检查"
        )


@guard(
    "混用的已分表或定了比例、定量",
    refuses="mixed_use_open",
    rule="G-GL-05",
    basis="大连数据质量核查办法 小七1.21、1.24；供电营业规则(1996)第71条",
    breaks=lambda f: set_form(mixed_use=True, mixed_mode=BY_RATIO, fixed_ratio=1.0),
    mends=lambda f: set_form(
        mixed_use=True,
        mixed_mode=BY_RATIO,
        fixed_ratio=0.3,
        mixed_elec_type=f.data.get("mixed_elec_type") or "403",
        mixed_tariff_code=f.data.get("mixed_tariff_code") or "B01",
    ),
)
def mixed_use_settled(f: Facts) -> Iterator[str]:
    """Two uses behind one meter: separate meters, else a ratio from 0 up to but not 1, else more than 1 kWh a month."""
    if not f.data.get("mixed_use"):
        return
    mode, ratio, quantity = f.get("mixed_mode"), f.data.get("fixed_ratio"), f.data.get("fixed_qty")
    if mode == METERED and not f.data.get("meter_work_needed"):
        yield "两种用途混用选了分表，须勾选计量装置须装换拆（meter_work_needed）"
    if mode == BY_RATIO and (ratio is None or not 0 <= float(ratio) < 1):
        yield f"定比值 {'（空）' if ratio is None else f'{ratio:g}'} 不合规定，应不小于 0、小于 1（fixed_ratio）"
    if mode == BY_QUANTITY and (quantity is None or float(quantity) <= 1):
        yield f"定量值 {'（空）' if quantity is None else f'{quantity:g}'} 不合规定，应大于 1 千瓦时/月（fixed_qty）"
    if mode not in (METERED, BY_RATIO, BY_QUANTITY):
        yield "两种用途混用，须定怎么分：分表、定比还是定量（mixed_mode）"
