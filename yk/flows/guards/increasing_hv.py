"""Guards about more capacity at high voltage: transformers, tariff, compensation, further sources, energizing."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.capacities import capacity_of, plates
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import fee_rows
from yk.flows.guards.increasing import amount, change_customer, staying_here
from yk.flows.guards.scheme import LOW_VOLTAGES, RELIABILITY_FEE, SEVERAL_SOURCES

ONE_PART, TWO_PART = "1", "2"
"""Codes of the price system (code list price_system)."""
LARGE_INDUSTRY = ("100", "101", "102")
NOT_COMMERCIAL = ("2", "3", "5")
"""First digits of the classes of use whose price has no capacity part: residents, agriculture, wholesale."""


def _right_price_system(f: Facts, cap: float) -> str:
    """The price system this capacity must have; '' when the customer may choose or none is laid down."""
    use = str(f.row("customer").get("elec_type") or "")
    threshold = float(f.settings["two_part_from"])
    if f.rule_set != "R24":
        return TWO_PART if use in LARGE_INDUSTRY and cap >= threshold else ""
    if use.startswith(NOT_COMMERCIAL):
        return ""
    if cap >= threshold:
        return TWO_PART
    return ONE_PART if cap <= float(f.settings["one_part_up_to"]) else ""


@guard(
    "高压供电的用户",
    refuses="account_supplied_low",
    rule="A01",
    basis="高压增容在原高压用户基础上增加容量（流程划分）",
    reads=("customer",),
    breaks=lambda f: change_customer(f, volt_code="AC03802"),
    mends=lambda f: change_customer(f, volt_code="AC00101"),
)
def high_voltage_account(f: Facts) -> Iterator[str]:
    """A low-voltage account grows at low voltage, or changes its voltage."""
    volt = str(f.row("customer").get("volt_code") or "")
    if volt in LOW_VOLTAGES:
        yield (
            f"本户供电电压 {name_of('volt', volt)}，不是高压户：低压够用的办低压增容（YXZY-YY-215），"
            "要改高压供电的办改压，超出原容量的再办增容"
        )


@guard(
    "电价制度与容量相称",
    refuses="price_system_unfit",
    rule="G-JR-06",
    basis="发改价格〔2023〕526号（凭记忆）；此前大工业 315 kVA 及以上两部制",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: Change(
        put=change_customer(f, elec_type="100").put,
        form={"price_system": ONE_PART, "scheme_cap": max(amount(f, "scheme_cap") or 0.0, 315.0)},
    ),
    mends=lambda f: set_form(price_system=_right_price_system(f, amount(f, "scheme_cap") or 0.0) or TWO_PART),
)
def tariff_fits_capacity(f: Facts) -> Iterator[str]:
    """Past the threshold the price has a capacity part."""
    cap, chosen = amount(f, "scheme_cap"), f.get("price_system")
    if cap is None or not chosen:
        return
    right = _right_price_system(f, cap)
    if right and chosen != right:
        yield (
            f"供电容量 {cap:g} kVA 应执行{name_of('price_system', right)}，"
            f"方案写的是{name_of('price_system', chosen)}，请改正并重核力调、分时"
        )


@guard(
    "无功补偿容量够",
    refuses="compensation_short",
    rule="G-FA-10",
    basis="供电营业规则(1996)第41条；补偿比例按所设参数",
    confidence="低",
    level_setting="reactive_policy",
    breaks=lambda f: set_form(reactive_kvar=0.0, scheme_cap=amount(f, "scheme_cap") or 315.0),
    mends=lambda f: set_form(reactive_kvar=amount(f, "scheme_cap")),
)
def reactive_compensation_enough(f: Facts) -> Iterator[str]:
    """Capacitors grow with the transformers, by the share that is set."""
    cap, kvar, share = (
        amount(f, "scheme_cap"),
        amount(f, "reactive_kvar"),
        int(f.settings["reactive_percent"]),
    )
    if cap and kvar is not None and kvar < cap * share / 100:
        yield f"无功补偿 {kvar:g} kvar 不到合计容量 {cap:g} kVA 的 {share}%，请加补偿或写明理由后确认"


@guard(
    "留用、拆除、新增变压器合计等于供电容量",
    refuses="transformers_off_scheme",
    rule="D-03",
    basis="大连数据质量核查办法 大一1.1.5；变压器台账与容量一致（行业通例）",
    confidence="中",
    reads=("transformer",),
    breaks=lambda f: set_form(
        scheme_volt=_high(f),
        scheme_cap=plates(staying_here(f)) + 100,
        new_transformers=[{"model": "S13", "cap": 30.0, "count": 1}],
    ),
    mends=lambda f: set_form(
        new_transformers=[
            {
                "model": "S13",
                "cap": (amount(f, "scheme_cap") or 0.0) - plates(staying_here(f)),
                "count": 1,
            }
        ]
    ),
)
def transformers_add_up(f: Facts) -> Iterator[str]:
    """What stays and what comes is what is agreed."""
    agreed, new = amount(f, "scheme_cap"), f.data.get("new_transformers") or ()
    if f.get("scheme_volt") in LOW_VOLTAGES:
        agreed = 0.0  # supplied low, nobody needs a transformer of his own
    kept, coming = plates(staying_here(f)), capacity_of(new)
    known = {str(t["tran_id"]) for t in f.rows("transformer")}
    for row in f.data.get("removed_transformers") or ():
        if row.get("tran_id") not in known:
            yield f"要拆除的变压器 {row.get('tran_id')} 不在本户台账，请核对标识"
    if agreed is not None and kept + coming != agreed:
        yield f"留用 {kept:g} 加新增 {coming:g} 合计 {kept + coming:g} kVA，应为 {agreed:g} kVA，请核对变压器配置"


@guard(
    "留用变压器的电压与供电电压一致",
    refuses="kept_transformer_voltage",
    rule="D-03",
    basis="大连数据质量核查办法 大一1.1.6（变压器电压=用户电压）",
    reads=("transformer",),
    breaks=lambda f: Change(
        put=tuple(
            ("transformer", {"tran_id": t["tran_id"], "prim_volt": "AC00061"}) for t in f.rows("transformer")
        )
        or (("transformer", {"tran_id": f"T{f.case}", **_mine(f), "prim_volt": "AC00061"}),),
        form={"removed_transformers": None, "scheme_volt": "AC00101"},
    ),
    mends=lambda f: set_form(
        removed_transformers=[
            {"tran_id": t["tran_id"]}
            for t in f.rows("transformer")
            if t.get("prim_volt") != f.get("scheme_volt")
        ]
    ),
)
def kept_transformers_fit_voltage(f: Facts) -> Iterator[str]:
    """A transformer of another voltage does not stay on."""
    volt = f.get("scheme_volt")
    for t in staying_here(f):
        if volt and t.get("prim_volt") and t["prim_volt"] != volt:
            yield (
                f"变压器 {t['tran_id']} 一次侧电压 {name_of('volt', t['prim_volt'])} 与供电电压"
                f" {name_of('volt', volt)} 不符，升压的须列入拆除（removed_transformers）"
            )


def _high(f: Facts) -> str:
    """The voltage of the scheme, 10 kV where it is not a high one, for recipes."""
    volt = f.get("scheme_volt")
    return volt if volt and volt not in LOW_VOLTAGES else "AC00101"


def _mine(f: Facts) -> dict[str, object]:
    return {"cons_no": f.row("customer").get("cons_no"), "plate_cap": 100.0, "run_status": "01"}


@guard(
    "新增的电源已列高可靠性供电费",
    refuses="added_source_uncharged",
    rule="G-FA-09",
    basis="发改价格〔2003〕2279号（凭记忆，标准按省价主管部门）",
    confidence="中",
    reads=("power_source",),
    breaks=lambda f: Change(
        form={"supply_mode": "3", "fees": None, "reliability_waiver": None},
        drop=tuple(("power_source", str(r["ps_id"])) for r in list(f.rows("power_source"))[1:]),
    ),
    mends=lambda f: set_form(fees=[_reliability_row()], fee_reduction=None),
)
def added_source_charged(f: Facts) -> Iterator[str]:
    """Whoever gets a further source with the increase is charged for it, or has a paper that waives the fee."""
    added = f.get("supply_mode") in SEVERAL_SOURCES and len(f.rows("power_source")) <= 1
    listed = any(row.get("item") in RELIABILITY_FEE for row in fee_rows(f))
    if added and not listed and not f.get("reliability_waiver"):
        yield "本次新增了电源，费用里没有高可靠性供电费；该收的列上，免收的填批文（reliability_waiver）"


def _reliability_row() -> dict[str, object]:
    return {
        "item": RELIABILITY_FEE[0],
        "basis": "省价主管部门标准",
        "qty": 100.0,
        "price": 100.0,
        "amount": 10000.0,
    }


@guard(
    "投运的变压器与新增的变压器一致",
    refuses="energized_capacity_other",
    rule="A18",
    basis="按台登记启用时间（送电单，行业通例）",
    confidence="中",
    breaks=lambda f: set_form(energized_units=[{"unit": "1号变", "cap": 1.0, "energized_on": f.today}]),
    mends=lambda f: set_form(
        energized_units=[
            {
                "unit": "新增变压器",
                "cap": capacity_of(f.data.get("new_transformers") or ()),
                "energized_on": f.today,
            }
        ]
    ),
)
def energized_capacity_matches(f: Facts) -> Iterator[str]:
    """Every transformer that is added has its own day; the step is left when the last one runs."""
    units = f.data.get("energized_units") or ()
    wanted, running = capacity_of(f.data.get("new_transformers") or ()), capacity_of(units)
    if wanted != running:
        yield (
            f"已投运 {running:g} kVA，新增变压器合计 {wanted:g} kVA；"
            "分批投运的等最后一台送上，逐台登记启用日期（energized_units）"
        )
    for row in units:
        day = str(row.get("energized_on") or "")
        if not day or day > f.today:
            yield f"变压器 {row.get('unit')} 的启用日期“{day or '空'}”不对，填实际送电那天"


@guard(
    "计费分段日就是投运日",
    refuses="segment_date_other",
    rule="G-JR-05",
    basis="供电营业规则(1996)第84条；供电营业规则(2024)容（需）量电费按日折算",
    confidence="中",
    breaks=lambda f: set_form(energized_at=f"{f.today}T10:00", billing_split_at="2020-01-01T00:00"),
    mends=lambda f: set_form(billing_split_at=f.get("energized_at") or None),
)
def segment_date_is_energized(f: Facts) -> Iterator[str]:
    """The new capacity is billed from the day it runs, not from the day it is archived."""
    split, energized = f.get("billing_split_at")[:10], f.get("energized_at")[:10]
    if split and energized and split != energized:
        yield f"计费分段日 {split} 不是送电日 {energized}，新容量从投运那天起计费，请改正"
