"""Guards about more capacity: what is applied for, what the survey finds, that every later number is the scheme's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.archive.codes import name_of
from yk.flows.capacities import capacity_of, plates, staying
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form

CHECKED = ("进线", "互感器", "保护", "无功补偿")
"""What of the existing installation is judged at a survey."""
NO_TRANSFER = "01"
ENOUGH, TO_CHANGE = "够用", "要改"


def amount(f: Facts, field: str) -> float | None:
    """A number of the form; None when nobody wrote it."""
    value = f.data.get(field)
    return None if value is None else float(value)


def contract_capacity(f: Facts) -> float:
    """The capacity the archive has agreed, kVA."""
    return float(f.row("customer").get("contract_cap") or 0)


def change_customer(f: Facts, **fields: Any) -> Change:
    """A recipe's change of the customer's own row."""
    return Change(put=(("customer", {"cons_no": f.row("customer").get("cons_no"), **fields}),))


@condition(
    "两高项目",
    yes=lambda f: set_form(two_high=True),
    no=lambda f: set_form(two_high=False),
    field="two_high",
)
def two_high_project(f: Facts) -> bool:
    """The project uses much energy or emits much."""
    return bool(f.data.get("two_high"))


@condition(
    "须确定费用",
    yes=lambda f: set_form(fee_expected=True),
    no=lambda f: set_form(fee_expected=False, reliability_fee=False),
    field="fee_expected",
)
def fee_to_determine(f: Facts) -> bool:
    """The survey expects fees, or the scheme brings the fee for reliable supply."""
    return bool(f.data.get("fee_expected") or f.data.get("reliability_fee"))


@condition(
    "有工程或有费用，须定费",
    yes=lambda f: set_form(fee_expected=True),
    no=lambda f: set_form(fee_expected=False, external_works=False),
    field="fee_expected",
)
def works_or_fees_expected(f: Facts) -> bool:
    """Where works are made somebody pays for them, so the step that says who is not left out."""
    return bool(f.data.get("fee_expected") or f.data.get("external_works"))


@guard(
    "转供关系已核对",
    refuses="transfer_unchecked",
    rule="G-ALL-11",
    basis="供电营业规则(1996)第14条",
    confidence="中",
    reads=("customer", "partners"),
    level_setting="transfer_policy",
    breaks=lambda f: Change(put=change_customer(f, transfer_supply="02").put, form={"transfer_note": None}),
    mends=lambda f: set_form(transfer_note="与被转供户核对过容量，转供协议照旧"),
)
def transfer_relation_checked(f: Facts) -> Iterator[str]:
    """Who supplies others, or is supplied by another, asks them before the capacity changes."""
    if f.get("transfer_note"):
        return
    for customer in (f.row("customer"), *(p["customer"] for p in f.rows("partners"))):
        kind = str(customer.get("transfer_supply") or NO_TRANSFER)
        if kind != NO_TRANSFER:
            yield (
                f"用户 {customer.get('cons_no')} 是{name_of('transfer_supply', kind)}，动容量之前先核对转供关系和各户容量，"
                "核对结果写在 transfer_note"
            )


@guard(
    "申请的总容量大于合同容量",
    refuses="capacity_not_increased",
    rule="A01",
    basis="增容的定义（在原合同容量上增加）",
    reads=("customer",),
    breaks=lambda f: set_form(apply_cap=contract_capacity(f)),
    mends=lambda f: set_form(apply_cap=contract_capacity(f) + 100, equipment=None),
)
def capacity_increased(f: Facts) -> Iterator[str]:
    """What is applied for is the total, more than what is agreed."""
    old, wanted = contract_capacity(f), amount(f, "apply_cap")
    if wanted is not None and wanted <= old:
        yield (
            f"申请总容量 {wanted:g} 不大于合同容量 {old:g}：这里填增容后的总数，不是新增数；要减少的请办减容"
        )


@guard(
    "减容、暂停的容量已说明去向",
    refuses="reduction_unsettled",
    rule="G-JR-08",
    basis="供电营业规则(1996)第23条（减容期内保留使用权）",
    confidence="中",
    reads=("customer",),
    breaks=lambda f: Change(
        put=change_customer(f, contract_cap=400.0, run_cap=350.0).put, form={"reduction_handling": None}
    ),
    mends=lambda f: set_form(reduction_handling="按期另办恢复，本次不动"),
)
def reduction_settled(f: Facts) -> Iterator[str]:
    """Capacity that is stopped is neither forgotten nor applied for a second time."""
    agreed, running = contract_capacity(f), float(f.row("customer").get("run_cap") or 0)
    if 0 < running < agreed and not f.get("reduction_handling"):
        yield (
            f"本户合同容量 {agreed:g}、运行容量 {running:g}，还停着 {agreed - running:g}；"
            "先写明停着的容量是恢复还是转永久（reduction_handling），期内的可办恢复，不必增容"
        )


@guard(
    "两高项目的批复盖得住申请容量",
    refuses="energy_review_missing",
    rule="A01",
    basis="材料 M09（两高项目附能评、环评）",
    confidence="中",
    breaks=lambda f: set_form(two_high=True, energy_review_no=None),
    mends=lambda f: set_form(energy_review_no=f"NP-{f.case}", energy_review_cap=f.data.get("apply_cap")),
)
def energy_review_filed(f: Facts) -> Iterator[str]:
    """A project of much energy use is reviewed before it is connected, for the capacity it applies for."""
    if not f.data.get("two_high"):
        return
    wanted, reviewed = amount(f, "apply_cap") or 0.0, amount(f, "energy_review_cap")
    if not f.get("energy_review_no"):
        yield "两高项目须有节能审查和环评批复号（energy_review_no），没有批复的不受理增容"
    elif reviewed is not None and reviewed < wanted:
        yield f"批复容量 {reviewed:g} kVA 小于申请总容量 {wanted:g} kVA，请补批复或按批复容量申请"


@guard(
    "现场在用容量没有超过合同容量，或已登记线索",
    refuses="private_increase",
    rule="§15(2)",
    basis="供电营业规则(1996)第100条；供电营业规则(2024)第101条",
    reads=("customer",),
    breaks=lambda f: set_form(site_cap=contract_capacity(f) + 50, violation_clue=None),
    mends=lambda f: set_form(violation_found=True, violation_clue=f"XS-{f.case}"),
)
def running_within_contract(f: Facts) -> Iterator[str]:
    """An increase does not cover up capacity that runs already without an agreement."""
    agreed, found = contract_capacity(f), amount(f, "site_cap")
    if found is not None and found > agreed and not f.get("violation_clue"):
        yield (
            f"现场在用容量 {found:g} 超过合同容量 {agreed:g}，有私自增容嫌疑，"
            "须登记用电检查线索单号（violation_clue）再往下办"
        )


@guard(
    "原有设备四样承载结论齐",
    refuses="existing_equipment_unchecked",
    rule="G-JR-11",
    basis="DL/T 448（互感器配置）；增容勘查校核原设备承载（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(existing_checks=[{"item": CHECKED[0], "result": TO_CHANGE}]),
    mends=lambda f: set_form(existing_checks=[{"item": item, "result": ENOUGH} for item in CHECKED]),
)
def existing_equipment_checked(f: Facts) -> Iterator[str]:
    """Line, instrument transformers, protection and compensation are judged for old and new load together."""
    rows = {str(row.get("item")): row for row in f.data.get("existing_checks") or ()}
    for item in CHECKED:
        row = rows.get(item, {})
        if row.get("result") not in (ENOUGH, TO_CHANGE):
            yield f"原有设备“{item}”还没有承载结论（existing_checks），填“{ENOUGH}”或“{TO_CHANGE}”"
        elif row["result"] == TO_CHANGE and not row.get("remedy"):
            yield f"原有设备“{item}”判了{TO_CHANGE}，须写明怎么改（remedy）"


@guard(
    "验收容量与供电方案一致",
    refuses="accepted_capacity_other",
    rule="A13",
    basis="供电营业规则(1996)第43条；验收核铭牌容量（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(accepted_cap=(amount(f, "scheme_cap") or 0.0) + 100),
    mends=lambda f: set_form(accepted_cap=amount(f, "scheme_cap")),
)
def accepted_capacity_matches(f: Facts) -> Iterator[str]:
    """What stands on site is what was agreed, to the plate."""
    agreed, found = amount(f, "scheme_cap"), amount(f, "accepted_cap")
    if found is not None and found != (agreed or 0.0):
        yield f"现场设备容量合计 {found:g} 与供电方案 {agreed or 0:g} 不一致，请改设备或先变更方案"


@guard(
    "合同容量与供电方案一致",
    refuses="contract_capacity_other",
    rule="G-HT-09",
    basis="供电营业规则(1996)第92、94条",
    breaks=lambda f: set_form(contract_cap=(amount(f, "scheme_cap") or 0.0) + 100),
    mends=lambda f: set_form(contract_cap=amount(f, "scheme_cap")),
)
def contract_capacity_matches(f: Facts) -> Iterator[str]:
    """The contract is about the total capacity of the scheme."""
    agreed, written = amount(f, "scheme_cap"), amount(f, "contract_cap")
    if agreed is not None and written is not None and written != agreed:
        yield f"合同容量 {written:g} 与供电方案合计容量 {agreed:g} 不一致，请改正合同"


@guard(
    "方案、验收、合同、送电容量一致",
    refuses="capacities_disagree",
    rule="D-01",
    basis="大连数据质量核查办法 小七1.41、1.80、1.81",
    reads=("transformer",),
    breaks=lambda f: set_form(contract_cap=(amount(f, "scheme_cap") or 0.0) + 100),
    mends=lambda f: set_form(
        contract_cap=amount(f, "scheme_cap"), accepted_cap=amount(f, "scheme_cap"), energized_units=None
    ),
)
def new_capacity_agrees(f: Facts) -> Iterator[str]:
    """The same capacity stands in scheme, inspection, contract and energization before it goes into the archive."""
    agreed = amount(f, "scheme_cap") or 0.0
    numbers = {"验收": amount(f, "accepted_cap"), "合同": amount(f, "contract_cap")}
    if units := f.data.get("energized_units"):
        numbers["送电"] = plates(staying_here(f)) + capacity_of(units)
    for name, number in numbers.items():
        if number is not None and number != agreed:
            yield f"{name}容量 {number:g} 与供电方案容量 {agreed:g} 不一致，改正后再归档"


def staying_here(f: Facts) -> list[Any]:
    """The customer's transformers that stay after this order (source `transformer`)."""
    gone = [str(row.get("tran_id")) for row in f.data.get("removed_transformers") or ()]
    return staying(f.rows("transformer"), gone)
