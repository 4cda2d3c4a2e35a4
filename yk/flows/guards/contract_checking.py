"""Guards about reviewing and approving a supply contract."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.dates import days_between, days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.guards.scheme import PASSED

HIGHEST_LEVEL = 3
"""Levels of approval: 1 the office, 2 the city, 3 the province."""


@guard(
    "合同审核通过",
    refuses="review_not_passed",
    rule="C2",
    basis="合同四岗分离，审核不通过退回起草（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(contract_review_result="2", contract_review_clause="第三条"),
    mends=lambda f: set_form(contract_review_result=PASSED),
)
def contract_review_passed(f: Facts) -> Iterator[str]:
    """What the reviewer wants changed goes back to the drafter."""
    result = f.get("contract_review_result")
    if result and result != PASSED:
        yield f"审核结论为{name_of('approval_result', result)}，请退回起草修改"


@guard(
    "审核意见引了条款号",
    refuses="review_clause_missing",
    rule="C2",
    basis="审核意见写到条款号（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(contract_review_result="2", contract_review_clause=None),
    mends=lambda f: set_form(contract_review_result=PASSED),
)
def opinion_cites_clause(f: Facts) -> Iterator[str]:
    """A reviewer who does not agree says by which clause."""
    result = f.get("contract_review_result")
    if result and result != PASSED and not f.get("contract_review_clause"):
        yield "审核意见是修改或退回，须填合同条款号（contract_review_clause）"


@guard(
    "同日生效的补充协议不改同一条",
    refuses="supplements_cross",
    rule="G-HT-09",
    basis="多次变更叠加须排开（行业通例）",
    confidence="中",
    reads=("amendments", "customer"),
    breaks=lambda f: Change(
        put=(
            (
                "contract_change",
                {
                    "change_id": f"X{f.case}",
                    "contract_no": f.data.get("contract_no"),
                    "cons_no": f.row("customer").get("cons_no"),
                    "app_no": "019901010002",
                    "agreement_no": f"XY{f.case}",
                    "change_type": f.data.get("change_type"),
                    "begin_date": f.data.get("effect_day"),
                },
            ),
        )
    ),
    mends=lambda f: Change(drop=tuple(("contract_change", str(row["change_id"])) for row in _crossing(f))),
)
def supplements_do_not_cross(f: Facts) -> Iterator[str]:
    """No two supplements of one account change the same thing from the same day."""
    for row in _crossing(f):
        yield (
            f"补充协议 {row.get('agreement_no')} 也从 {row.get('begin_date')} 起改“{row.get('change_type')}”，"
            "请并成一份或错开生效日"
        )


def _crossing(f: Facts) -> list[dict[str, object]]:
    """Other orders' amendments of the same clause from the same day."""
    mine = (f.data.get("change_type"), f.data.get("effect_day"))
    return [
        dict(row)
        for row in f.rows("amendments")
        if row.get("app_no") != f.case
        and (row.get("change_type"), row.get("begin_date")) == mine
        and all(mine)
    ]


@guard(
    "新旧合同之间没有空档，或写明空档期适用旧约",
    refuses="contract_gap",
    rule="G-HT-08",
    basis="大连数据质量核查办法第八条（到期未续签）",
    confidence="中",
    reads=("contract",),
    breaks=lambda f: set_form(planned_begin=days_on(_old_end(f) or f.today, 30), gap_clause=False),
    mends=lambda f: set_form(gap_clause=True),
)
def gap_covered(f: Facts) -> Iterator[str]:
    """A renewal begins the day after the old contract ends, or says what holds between."""
    end, begin = _old_end(f), f.get("planned_begin")
    if end and begin and days_between(end, begin) > 1 and not f.data.get("gap_clause"):
        yield f"旧合同 {end} 到期，新合同 {begin} 起，中间空着，须写明空档期适用旧约（gap_clause）"


def _old_end(f: Facts) -> str:
    return str(f.row("contract").get("end_date") or "")


@guard(
    "补签容量不超过档案容量",
    refuses="capacity_above_archive",
    rule="G-HT-02",
    basis="私自增容须先查处（供电营业规则(1996)第100条）",
    reads=("customer",),
    breaks=lambda f: set_form(found_cap=float(f.row("customer").get("contract_cap") or 0) + 1),
    mends=lambda f: set_form(found_cap=f.row("customer").get("contract_cap")),
)
def capacity_not_above_archive(f: Facts) -> Iterator[str]:
    """What was added without leave is not made good by signing a contract for it."""
    filed, found = f.row("customer").get("contract_cap"), f.data.get("found_cap")
    if filed is not None and found is not None and float(found) > float(filed):
        yield f"现场容量 {float(found):g} kVA 超出档案 {float(filed):g} kVA，请先报用电检查或办增容，再补签"


def level_needed(f: Facts) -> int:
    """Who must approve: by capacity, at least the city for changed model text and customers of importance."""
    cap = float(f.data.get("contract_cap") or 0)
    limits = (float(f.settings[name]) for name in ("contract_level2_cap", "contract_level3_cap"))
    level = 1 + sum(cap >= limit for limit in limits)
    return max(level, 2) if f.data.get("nonstandard") or f.get("importance") else level


@guard(
    "审批级别够",
    refuses="approval_level_low",
    rule="C3",
    basis="合同审批权限表（企业规则，界限为参数）",
    confidence="低",
    breaks=lambda f: set_form(nonstandard=True, legal_opinion_no=f"FW{f.case}", approval_level=1),
    mends=lambda f: set_form(approval_level=HIGHEST_LEVEL),
)
def approval_level_enough(f: Facts) -> Iterator[str]:
    """Nobody approves above their level."""
    level, needed = f.data.get("approval_level"), level_needed(f)
    if level is not None and int(level) < needed:
        yield f"本合同应由 {needed} 级审批，现为 {int(level)} 级，请上送"


@guard(
    "非范本条款有法务意见",
    refuses="legal_opinion_missing",
    rule="C3",
    basis="非范本合同必经法务（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(nonstandard=True, approval_level=HIGHEST_LEVEL, legal_opinion_no=None),
    mends=lambda f: set_form(legal_opinion_no=f"FW{f.case}"),
)
def legal_opinion_given(f: Facts) -> Iterator[str]:
    """A changed model text passes the lawyers."""
    if f.data.get("nonstandard") and not f.get("legal_opinion_no"):
        yield "合同改了范本条款，须有法务意见编号（legal_opinion_no）才能批"
