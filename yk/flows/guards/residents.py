"""Guards about residents' supply: whose home it is, which price it has, what its meter and wires carry."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.scheme import LOW_VOLTAGES, SINGLE_PHASE

RESIDENTIAL = ("200", "201", "202")
"""Classes of use that make a low-voltage customer a resident (code list elec_type)."""
HOUSEHOLD_TRADES = "Y99"
"""How the trades of households begin (code list trade)."""
RESIDENT, OTHER_LOW = "03", "02"
"""Kinds of customers (code list cons_sort)."""
OWNER, TENANT = "0", "1"
VILLAGE, NO_PROOF = "5", "9"
"""What proves whose home it is (code list premises_proof)."""
BY_HOUSEHOLD, SHARED = "0", "1"
"""Kinds of tiers (code list tier_type)."""
IN_SERVICE, OUT_OF_SERVICE = "01", "02"
ONE_PHASE = "1"
FORMAT_CONTRACT = "03"


@guard(
    "居民生活用电",
    refuses="not_residential",
    rule="D-02",
    basis="大连数据质量核查办法 大一1.1.1、小七1.75（类别与行业相配）",
    breaks=lambda f: set_form(elec_type="405"),
    mends=lambda f: set_form(elec_type="202", trade_code="Y9910"),
)
def residential_use(f: Facts) -> Iterator[str]:
    """Homes only: a shop in a flat pays another price and goes another way."""
    kind, trade = f.get("elec_type"), f.get("trade_code")
    if kind and kind not in RESIDENTIAL:
        yield f"用电类别“{name_of('elec_type', kind)}”不是居民生活，请按低压非居民新装受理（YXZY-YY-170）"
    elif kind and trade and not trade.startswith(HOUSEHOLD_TRADES):
        yield f"居民生活用电的行业应在城乡居民生活里选，现填“{name_of('trade', trade)}”"


@guard(
    "立户依据站得住",
    refuses="premises_unproven",
    rule="材料 M06",
    basis="供电营业规则(1996)第18条；无权属证明由村居、镇街出具意见（地方口径）",
    confidence="中",
    breaks=lambda f: set_form(premises_proof=NO_PROOF, premises_issuer=None),
    mends=lambda f: set_form(premises_proof="1", customer_identity=OWNER),
)
def premises_proven(f: Facts) -> Iterator[str]:
    """A home without papers has the opinion of its village or street; a tenant has the owner's consent."""
    proof = f.get("premises_proof")
    if proof == NO_PROOF:
        yield "没有权属证明，须有购房合同、宅基地证等，或请村居、镇街出具意见"
    elif proof == VILLAGE and not f.get("premises_issuer"):
        yield "凭村居、镇街意见立户，须填出具意见的单位（premises_issuer）"
    if f.get("customer_identity") == TENANT and not f.get("owner_consent"):
        yield "租户申请立户，须填房主同意书（owner_consent）"


@guard(
    "阶梯、人口、分时三项相互说得通",
    refuses="tier_settings_wrong",
    rule="A20",
    basis="居民阶梯电价和一户多人口政策（各省口径，人数为参数）",
    confidence="中",
    breaks=lambda f: set_form(tier_type=SHARED, household_size=9, household_proof=None),
    mends=lambda f: set_form(tier_type=BY_HOUSEHOLD, household_size=3),
)
def tier_settings_agree(f: Facts) -> Iterator[str]:
    """A large household is proved; a shared meter has no household of its own."""
    size, least = f.data.get("household_size"), int(f.settings["large_household_size"])
    if size is None:
        return
    if int(size) < 1:
        yield f"人口基数 {size} 不对，至少填 1 人"
    elif int(size) >= least and f.get("tier_type") == SHARED:
        yield f"合表户不按人口分档，人口基数 {size} 人请改填实际户数另行约定，或改一户一表"
    elif int(size) >= least and not f.get("household_proof"):
        yield f"人口基数 {size} 人已到多人口标准（{least} 人），须填户口簿或居住证凭证（household_proof）"


@guard(
    "供电台区在用且属本供电单位",
    refuses="area_not_usable",
    rule="D-13",
    basis="大连数据质量核查办法 小七1.31—1.37（供电单位一致）",
    reads=("areas",),
    breaks=lambda f: _area(f, OUT_OF_SERVICE),
    mends=lambda f: _area(f, IN_SERVICE),
)
def area_in_service(f: Facts) -> Iterator[str]:
    """The area chosen is known, runs, and belongs to the unit that supplies."""
    number, org = f.get("supply_tg_no"), f.get("org_no")
    if not number:
        yield "还没有选供电台区（supply_tg_no）"
        return
    area = next((row for row in f.rows("areas") if row.get("tg_no") == number), None)
    if area is None:
        yield f"没有台区 {number}，请核对台区编号"
    elif area.get("status") != IN_SERVICE:
        yield f"台区 {number} 的状态是{name_of('run_status', str(area.get('status')))}，不能接新用户"
    elif org and area.get("org_no") != org:
        yield f"台区 {number} 属{name_of('org', str(area.get('org_no')))}，不归{name_of('org', org)}，请重选"


def _area(f: Facts, status: str) -> Change:
    """A recipe: the area of the form in this state, of the right unit."""
    number = f.get("supply_tg_no") or f"TG{f.case}"
    row = {"tg_no": number, "org_no": f.get("org_no"), "status": status}
    return Change(put=(("transformer_area", row),), form={"supply_tg_no": number})


@guard(
    "供电电压与接线方式相配",
    refuses="wiring_unfit",
    rule="D-04",
    basis="大连数据质量核查办法 小七1.49—1.52；220 伏单相、380 伏三相（常识）",
    breaks=lambda f: set_form(scheme_volt=SINGLE_PHASE, wiring="3", scheme_cap=1.0, meas_mode="3"),
    mends=lambda f: set_form(wiring=ONE_PHASE if f.get("scheme_volt") == SINGLE_PHASE else "3"),
)
def wiring_fits_voltage(f: Facts) -> Iterator[str]:
    """220 V is wired single-phase, 380 V is not."""
    volt, wiring = f.get("scheme_volt"), f.get("wiring")
    if volt in LOW_VOLTAGES and wiring and (volt == SINGLE_PHASE) != (wiring == ONE_PHASE):
        yield f"供电电压{name_of('volt', volt)}不能配“{name_of('wiring', wiring)}”接线，220 伏配单相、380 伏配三相"


def _has(f: Facts) -> float:
    """The capacity the contract has, kW."""
    return float(f.row("customer").get("contract_cap") or 0)


@guard(
    "本户是低压居民户",
    refuses="not_resident_account",
    rule="A01",
    basis="低压居民增容只办居民户（流程定义）",
    reads=("customer",),
    breaks=lambda f: _sort(f, OTHER_LOW),
    mends=lambda f: _sort(f, RESIDENT),
)
def residential_account(f: Facts) -> Iterator[str]:
    """Another kind of account takes the increase of its own kind."""
    kind = f.row("customer").get("cons_sort")
    if kind and kind != RESIDENT:
        yield f"用户 {f.row('customer')['cons_no']} 是{name_of('cons_sort', kind)}户，不办居民增容，请按其类别办增容"


def _sort(f: Facts, kind: str) -> Change:
    return Change(put=(("customer", {"cons_no": f.row("customer")["cons_no"], "cons_sort": kind}),))


@guard(
    "用原计量点增容",
    refuses="separate_meter_wanted",
    rule="A01",
    basis="充电桩等要单独计量的另立户（流程特点，推定）",
    confidence="低",
    breaks=lambda f: set_form(separate_meter=True),
    mends=lambda f: set_form(separate_meter=False),
)
def same_meter_increase(f: Facts) -> Iterator[str]:
    """What is to be metered by itself is an account by itself."""
    if f.data.get("separate_meter"):
        yield "新增设备要单独装表计价，请另办低压居民新装（YXZY-YY-185），本户不增容"


def carried_kw(amps: float, wiring: str) -> float:
    """What a meter of this maximum current carries, kW at power factor 1: 220 V single-phase, 380 V three-phase."""
    return amps * 0.22 if wiring == ONE_PHASE else amps * 0.38 * sqrt(3)


@guard(
    "不换表时原表带得动核定容量",
    refuses="meter_overloaded",
    rule="G-JR-11",
    basis="DL/T 448（计量装置配置与负荷相称）",
    confidence="中",
    reads=("meter",),
    breaks=lambda f: set_form(meter_work_needed=False, meter_max_amps=5.0, approved_cap=40.0),
    mends=lambda f: set_form(meter_work_needed=True),
)
def meter_carries_load(f: Facts) -> Iterator[str]:
    """The old meter stays only where it carries the new load in the same wiring."""
    amps, cap = f.data.get("meter_max_amps"), f.data.get("approved_cap")
    if f.data.get("meter_work_needed") is not False:
        return
    old = str(next((row.get("wiring") for row in f.rows("meter")), None) or ONE_PHASE)
    if (wanted := f.get("wiring")) and (wanted == ONE_PHASE) != (old == ONE_PHASE):
        yield f"接线由{name_of('wiring', old)}改为{name_of('wiring', wanted)}，原表用不了，须填换表"
    elif amps is not None and cap is not None and carried_kw(float(amps), old) < float(cap):
        most = carried_kw(float(amps), old)
        yield f"原表最大 {float(amps):g} 安，约带 {most:.1f} kW，核定 {float(cap):g} kW 带不动，须填换表"


@guard(
    "合同容量的改动有凭据",
    refuses="capacity_contract_open",
    rule="G-ALL-09",
    basis="供电营业规则(1996)第22条",
    reads=("contract",),
    breaks=lambda f: set_form(by_format_contract=False, agreement_no=None),
    mends=lambda f: set_form(by_format_contract=False, agreement_no=f"XY-{f.case}"),
)
def capacity_contract_settled(f: Facts) -> Iterator[str]:
    """The catalogue gives this flow no contract step: a supplement is numbered here, or the printed residents'
    contract says that the signed application changes its capacity."""
    contract = f.row("contract")
    if not contract:
        yield "档案里没有供用电合同，请先补签合同（YXZY-YY-451）再归档"
    elif f.get("agreement_no"):
        return
    elif not f.data.get("by_format_contract"):
        yield "合同容量变了，须填补充协议编号（agreement_no），或写明格式合同按业务单更新（by_format_contract）"
    elif contract.get("kind") != FORMAT_CONTRACT:
        kind = name_of("contract_kind", str(contract.get("kind") or ""))
        yield f"合同 {contract['contract_no']} 是{kind}，不是居民格式合同，须签补充协议（agreement_no）"
