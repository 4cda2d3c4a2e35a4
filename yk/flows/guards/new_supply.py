"""Guards about a supply that is new: what it is applied for as, where it is taken from, who draws and builds it."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import codes, name_of
from yk.flows.change import Change
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.fees import LISTED, fee_rows
from yk.flows.guards.scheme import LOW_VOLTAGES

NECESSITY = "M12"
"""The paper that says why more than one source is needed."""
HANDED_OR_PROMISED = ("attached", "deferred")
WORKS_FEE = "工程费"


def low_voltage_limit(f: Facts) -> int:
    """The most that is supplied at 380 V under the order's rules, kW."""
    return int(f.settings["low_voltage_limit_2024" if f.rule_set == "R24" else "low_voltage_limit_1996"])


def sources_wanted(f: Facts) -> int:
    """How many sources the application asks for."""
    return int(f.data.get("source_count") or 1)


@guard(
    "申请的是高压供电",
    refuses="low_voltage_applied",
    rule="G-FA-06",
    basis="流程划分：6 千伏及以上走高压新装（YXZY-YY-151）",
    breaks=lambda f: set_form(apply_volt="AC03802"),
    mends=lambda f: set_form(apply_volt="AC00101"),
)
def applied_for_high_voltage(f: Facts) -> Iterator[str]:
    """Whoever wants 380 V goes to another counter."""
    volt = f.get("apply_volt")
    if volt in LOW_VOLTAGES:
        yield f"申请供电电压是{name_of('volt', volt)}，不走高压新装，请改办低压新装（YXZY-YY-170 或 185）"


@guard(
    "申请容量在低压供电上限以内",
    refuses="over_low_voltage_limit",
    rule="G-FA-06",
    basis="供电营业规则(1996)第9条；2024 年规则的上限为参数",
    confidence="中",
    breaks=lambda f: set_form(apply_cap=float(low_voltage_limit(f) + 1), equipment=None),
    mends=lambda f: set_form(apply_cap=float(low_voltage_limit(f)), equipment=None),
)
def within_low_voltage_limit(f: Facts) -> Iterator[str]:
    """Above the limit of the rule set a customer is supplied at high voltage."""
    cap, limit = f.data.get("apply_cap"), low_voltage_limit(f)
    if cap is not None and float(cap) > limit:
        yield f"申请容量 {float(cap):g} kW 超过低压供电上限 {limit} kW，请改办高压新装（YXZY-YY-151）"


@guard(
    "多电源申请有必要性说明",
    refuses="several_sources_unjustified",
    rule="G-FA-09",
    basis="供电营业规则(1996)第11条",
    confidence="中",
    breaks=lambda f: Change(form={"source_count": 2}, materials={NECESSITY: {"state": "missing"}}),
    mends=lambda f: set_form(source_count=1),
)
def dual_source_justified(f: Facts) -> Iterator[str]:
    """More than one source is asked for with a paper that says why, handed in or promised."""
    handed = f.materials.get(NECESSITY, {}).get("state")
    if sources_wanted(f) > 1 and handed not in HANDED_OR_PROMISED:
        yield f"申请 {sources_wanted(f)} 路电源，还没有多电源必要性说明（{NECESSITY}），请收件或登记待补"


@guard(
    "现场用途与申报类别一致",
    refuses="class_off_site",
    rule="G-GL-02",
    basis="现场用途与申请类别相符（行业通例）",
    breaks=lambda f: set_form(found_elec_type="200" if f.get("elec_type") != "200" else "400"),
    mends=lambda f: set_form(found_elec_type=f.data.get("elec_type")),
)
def class_matches_use(f: Facts) -> Iterator[str]:
    """The class applied for is what is really done on the premises."""
    asked, found = f.get("elec_type"), f.get("found_elec_type")
    if asked and found and asked != found:
        yield (
            f"现场用途属{name_of('elec_type', found)}，申报的是{name_of('elec_type', asked)}，请退回受理改正类别"
        )


@guard(
    "台区已选定且与线路相符",
    refuses="feeder_area_wrong",
    rule="D-13",
    basis="大连数据质量核查办法 小七1.31-1.37",
    reads=("areas",),
    breaks=lambda f: set_form(supply_tg_no=f"无{f.case}"),
    mends=lambda f: _known_area(f),
)
def feeder_area_chosen(f: Facts) -> Iterator[str]:
    """A low-voltage account hangs on an area that exists, and the area on the line that is named."""
    area_no, line_no = f.get("supply_tg_no"), f.get("supply_line_no")
    if not area_no:
        yield "还没有选定供电台区（supply_tg_no），低压户必须挂台区"
        return
    area = next((row for row in f.rows("areas") if row.get("tg_no") == area_no), None)
    if area is None:
        yield f"台区 {area_no} 不在台区台账里，请核对台区编号"
    elif line_no and area.get("line_no") != line_no:
        yield f"台区 {area_no} 属线路 {area.get('line_no')}，勘查写的是 {line_no}，请改正"


def _known_area(f: Facts) -> Change:
    """A recipe: an area that exists, no line said."""
    area = {"tg_no": f"TG{f.case}", "line_no": f"L{f.case}", "org_no": f.data.get("org_no"), "status": "01"}
    return Change(
        put=(("transformer_area", area),), form={"supply_tg_no": area["tg_no"], "supply_line_no": None}
    )


@guard(
    "送审图纸份数够",
    refuses="drawings_short",
    rule="县流程 3",
    basis="县流程 3（四套设计图纸）",
    breaks=lambda f: set_form(drawing_sets=int(f.settings["drawing_sets_needed"]) - 1),
    mends=lambda f: set_form(drawing_sets=int(f.settings["drawing_sets_needed"])),
)
def drawings_complete(f: Facts) -> Iterator[str]:
    """The review begins when all sets of drawings are there."""
    sets, wanted = f.data.get("drawing_sets"), int(f.settings["drawing_sets_needed"])
    if sets is not None and int(sets) < wanted:
        yield f"送审图纸 {int(sets)} 套，要交 {wanted} 套，收齐再起算审查时限"


@guard(
    "施工单位许可在有效期内",
    refuses="builder_unqualified",
    rule="A10",
    basis="县流程 4（审查施工单位资质）；材料 M15",
    breaks=lambda f: set_form(builder_cert_end="2020-01-01"),
    mends=lambda f: set_form(builder_cert_end=days_on(f.today, 365)),
)
def builder_qualified(f: Facts) -> Iterator[str]:
    """The builder's licence runs on the day of inspection."""
    end = f.get("builder_cert_end")
    if end and end < f.today:
        yield f"施工单位许可证 {end} 已过期，换了有证的单位或换证后再安排中间检查"


@guard(
    "现场安装容量与供电方案一致",
    refuses="installed_off_scheme",
    rule="D-01",
    basis="大连数据质量核查办法 小七1.41；验收与方案一致（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(installed_cap=float(f.data.get("scheme_cap") or 0) + 100),
    mends=lambda f: set_form(installed_cap=f.data.get("scheme_cap")),
)
def installed_capacity_agrees(f: Facts) -> Iterator[str]:
    """The name plates add up to what was approved."""
    scheme, found = f.data.get("scheme_cap"), f.data.get("installed_cap")
    if scheme is not None and found is not None and float(found) != float(scheme):
        yield f"现场变压器容量 {float(found):g} kVA，方案批的是 {float(scheme):g} kVA，请整改或先变更方案"


@guard(
    "小微企业免费容量内不收外线费",
    refuses="small_business_charged",
    rule="A06",
    basis="小微企业低压接入“三零”政策（发改能源规〔2020〕1479号，凭记忆）；容量为参数",
    confidence="低",
    breaks=lambda f: set_form(
        small_business=True,
        scheme_cap=min(float(f.data.get("scheme_cap") or 1), float(f.settings["small_business_free_cap"])),
        fees=[LISTED],
        fee_reduction=None,
    ),
    mends=lambda f: set_form(fees=None, fee_reduction=None),
)
def small_business_spared(f: Facts) -> Iterator[str]:
    """A small business pays nothing for the works up to its meter, up to the capacity that is set."""
    cap, free = float(f.data.get("scheme_cap") or 0), int(f.settings["small_business_free_cap"])
    if not f.data.get("small_business") or cap > free:
        return
    for row in fee_rows(f):
        if WORKS_FEE in (row.get("item"), codes("fee_item").get(str(row.get("item")))):
            yield f"小微企业 {cap:g} kW 在免费容量 {free} kW 以内，外线由供电方出，不得收工程费，请删去"


@condition(
    "方案是高压供电",
    yes=lambda f: set_form(scheme_volt="AC00101"),
    no=lambda f: set_form(scheme_volt="AC03802"),
)
def high_voltage_planned(f: Facts) -> bool:
    """The scheme supplies at high voltage."""
    return f.get("scheme_volt") not in (*LOW_VOLTAGES, "")
