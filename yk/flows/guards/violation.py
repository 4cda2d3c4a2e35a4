"""Guards about what is found on site: evidence before anything else, the right name for the act, a notice served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.archive.codes import name_of
from yk.errors import UsageError
from yk.flows.change import Change
from yk.flows.charges.rates import BREACH, THEFT, rate_of
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.guards.inspecting import SIGNED

NOTHING_FOUND = "00"
STOPPED = "02"
"""Code of a transformer that is out of use (code list tran_status)."""

FIXED = {
    "capacity": 60.0,
    "shown_by_plate": True,
    "shown_by_clamp": True,
    "shown_by_video": True,
    "video_no": "SP-0001",
    "exhibits": "接线端子 2 件、封印 1 枚",
    "statement_sign": "1",
}
"""Evidence that holds, for recipes."""


def proved(f: Facts) -> bool:
    """Was a breach or a theft found?"""
    return f.get("finding") in (BREACH, THEFT)


def number(f: Facts, name: str) -> float:
    """A number of the form, 0 when it is not filled."""
    return float(f.data.get(name) or 0)


def _found(f: Facts) -> dict[str, Any]:
    """For recipes: the finding and act there are, or a breach."""
    kind = f.get("finding") if proved(f) else BREACH
    act = f.get("act") if _kind_of(f, f.get("act")) == kind else ("15" if kind == BREACH else "22")
    return {"finding": kind, "act": act}


def _case(f: Facts, *names: str, **values: Any) -> Change:
    """A recipe: something was found, these things of its evidence are good, then these values."""
    return set_form(**{**_found(f), **{name: FIXED[name] for name in names}, **values})


def _kind_of(f: Facts, act: str) -> str:
    """The kind of an act the rule set knows; '' for any other."""
    try:
        return rate_of(act, f.rule_set).kind
    except UsageError:
        return ""


@condition(
    "定性为违约用电",
    yes=lambda f: set_form(**{**FIXED, "finding": BREACH, "act": "15"}),
    no=lambda f: set_form(finding=NOTHING_FOUND, act=None),
    field="finding",
)
def found_breach(f: Facts) -> bool:
    """A breach of the supply contract was found."""
    return f.get("finding") == BREACH


@condition(
    "定性为窃电",
    yes=lambda f: set_form(**{**FIXED, "finding": THEFT, "act": "22"}),
    no=lambda f: set_form(finding=NOTHING_FOUND, act=None),
    field="finding",
)
def found_theft(f: Facts) -> bool:
    """A theft was found."""
    return f.get("finding") == THEFT


@condition(
    "查实违约用电或窃电",
    yes=lambda f: _case(f, *FIXED),
    no=lambda f: set_form(finding=NOTHING_FOUND, act=None),
)
def violation_proved(f: Facts) -> bool:
    """Something was found; otherwise the clue is filed as empty."""
    return proved(f)


@guard(
    "影像、物证、笔录三样齐",
    refuses="evidence_incomplete",
    rule="G-QD-01",
    basis="先取证后处理（YXZY-YY-462，行业通例）",
    breaks=lambda f: _case(f, "exhibits", "statement_sign", video_no=None),
    mends=lambda f: _case(f, "exhibits", "statement_sign", "video_no"),
)
def evidence_fixed(f: Facts) -> Iterator[str]:
    """Nothing is cut or settled before video, exhibits and a statement are secured."""
    if not proved(f):
        return
    lacking = [label for name, label in (("video_no", "影像"), ("exhibits", "物证清单")) if not f.get(name)]
    if f.get("statement_sign") not in SIGNED:
        lacking.append("有签字或拒签见证的笔录")
    if lacking:
        yield f"证据还缺{'、'.join(lacking)}，证据没固定住不得停电、不得处理"


def _capacity(f: Facts) -> float:
    return number(f, "capacity") or 60.0


@guard(
    "涉案容量有两样以上证据",
    refuses="capacity_unproved",
    rule="J5",
    basis="铭牌、钳表、影像互相印证（行业通例）",
    confidence="中",
    breaks=lambda f: _case(f, "shown_by_plate", shown_by_video=False, capacity=_capacity(f)),
    mends=lambda f: _case(f, "shown_by_plate", "shown_by_video", capacity=_capacity(f)),
)
def capacity_attested(f: Facts) -> Iterator[str]:
    """The capacity is filmed, and read off the plate or measured."""
    if not proved(f):
        return
    if number(f, "capacity") <= 0:
        yield "涉案容量（capacity）要大于 0，按铭牌或钳表实测填"
    if not f.data.get("shown_by_video"):
        yield "涉案容量没有影像佐证（shown_by_video），补拍铭牌或钳表读数"
    if not (f.data.get("shown_by_plate") or f.data.get("shown_by_clamp")):
        yield "涉案容量既没有铭牌也没有钳表实测，至少要有一样"


@guard(
    "定性与行为码是一类",
    refuses="violation_misclassified",
    rule="J6",
    basis="供电营业规则(1996)第100、101条",
    breaks=lambda f: _case(f, act="22" if f.get("finding") != THEFT else "15"),
    mends=lambda f: _case(f),
)
def violation_classified(f: Facts) -> Iterator[str]:
    """An act of theft is no breach, a breach no theft; where nothing was found there is no act."""
    finding, act = f.get("finding"), f.get("act")
    if not proved(f):
        if act:
            yield f"定性为查无实据，却填了行为码 {act}，请改正"
    elif _kind_of(f, act) != finding:
        found, named = name_of("violation_finding", finding), name_of("violation_act", act) or "空"
        yield f"定性为{found}，行为码却是“{named}”，不是一类或本规则版本没有，请重新对号"


def _excess(f: Facts, in_use: float) -> Change:
    """A recipe: a case of exceeding the contract, with this much in use."""
    held = number(f, "contract_cap")
    return set_form(finding=BREACH, act="12", in_use_cap=in_use, capacity=max(in_use - held, 1.0))


@guard(
    "违约行为与合同、封停手续对得上",
    refuses="violation_act_unfit",
    rule="§15",
    basis="供电营业规则(1996)第100条；供电营业规则(2024)第101条",
    reads=("transformer", "seal_record"),
    breaks=lambda f: _excess(f, number(f, "contract_cap")),
    mends=lambda f: _excess(f, number(f, "contract_cap") + 60),
)
def violation_act_fits(f: Facts) -> Iterator[str]:
    """What is called excess exceeds the contract; what is called sealed was sealed or stopped."""
    act = f.get("act")
    try:
        rate_of(act, f.rule_set)
    except UsageError as error:
        yield f"{error.message}，{error.hint}"
        return
    if act == "12":
        yield from _wrong_excess(f)
    stopped = any(row.get("run_status") == STOPPED for row in f.rows("transformer"))
    if act == "14" and not stopped and not f.rows("seal_record"):
        yield "该户没有停用的变压器，也没有封停记录，不能按“擅自使用已停用或启用封存的设备”处理"


def _wrong_excess(f: Facts) -> Iterator[str]:
    in_use, held = number(f, "in_use_cap"), number(f, "contract_cap")
    if in_use <= held:
        yield f"在用容量 {in_use:g} kVA 没有超过合同容量 {held:g} kVA，不是私自增容"
    elif abs(in_use - held - number(f, "capacity")) > 0.005:
        yield (
            f"涉案容量 {number(f, 'capacity'):g} 应是在用 {in_use:g} 减合同 {held:g}，即 {in_use - held:g} kVA"
        )


def notice_of(f: Facts) -> tuple[str, str]:
    """(number, how it was received) of the notice; breach and theft have fields of their own."""
    prefix = "theft_notice" if f.get("finding") == THEFT else "notice"
    return f.get(f"{prefix}_no"), f.get(f"{prefix}_sign")


def _notice(f: Facts, number_: str | None, sign: str) -> Change:
    prefix = "theft_notice" if f.get("finding") == THEFT else "notice"
    return set_form(**{f"{prefix}_no": number_, f"{prefix}_sign": sign})


@guard(
    "违章用电、窃电通知书已签收",
    refuses="violation_notice_open",
    rule="G-WY-01",
    basis="用电检查管理办法(1996，已废止)第19条",
    breaks=lambda f: _notice(f, f"WZ{f.case}", "3"),
    mends=lambda f: _notice(f, f"WZ{f.case}", "1"),
)
def violation_notice_signed(f: Facts) -> Iterator[str]:
    """No fee before the notice is signed for, or refused before a witness."""
    paper, sign = notice_of(f)
    if not paper:
        yield "还没有开《违章用电、窃电通知书》，填编号后再往下走"
    if sign not in SIGNED:
        yield "《违章用电、窃电通知书》没有签收，也没有拒签见证，不得收费"


@guard(
    "责令改正有要求、有期限",
    refuses="rectification_undated",
    rule="J6",
    basis="供电营业规则(1996)第100条（责令改正）",
    breaks=lambda f: set_form(
        notice_on=f.today, rectify_demand="拆除私增设备", rectify_due=days_on(f.today, -1)
    ),
    mends=lambda f: set_form(
        notice_on=f.today, rectify_demand="拆除私增设备", rectify_due=days_on(f.today, 7)
    ),
)
def rectification_dated(f: Facts) -> Iterator[str]:
    """What is to be put right, and by a day that lies after the notice."""
    due, told = f.get("rectify_due"), f.get("notice_on")
    if not f.get("rectify_demand") or not due:
        yield "须写明改正要求（rectify_demand）和完成期限（rectify_due）"
    elif told and due < told:
        yield f"改正期限 {due} 早于通知书日期 {told}，请改正"
