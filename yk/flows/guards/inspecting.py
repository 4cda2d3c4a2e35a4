"""Guards about inspections: who goes, when, on what paper, and what becomes of what is found."""

from __future__ import annotations

from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.dates import days_between, days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.kilovolts import kilovolts
from yk.text import same_name

FAILED = "2"
"""Code of a bad result (code list inspection_result)."""
SIGNED = ("1", "2")
"""Codes of a notice that was signed for, or refused before a witness (code list sign_state)."""
GRADE_KV = {"1": 220.0, "2": 10.0, "3": 0.4}
"""Highest voltage each grade of inspectors may inspect (code list inspector_grade)."""
LEADER, SECOND = "陆存真", "温如一"


@guard(
    "检查人员不少于两人",
    refuses="inspectors_short",
    rule="JC",
    basis="用电检查管理办法(1996，已废止)第16条",
    breaks=lambda f: set_form(lead_inspector=LEADER, second_inspector=LEADER),
    mends=lambda f: set_form(lead_inspector=LEADER, second_inspector=SECOND),
)
def inspectors_paired(f: Facts) -> Iterator[str]:
    """Two different people go."""
    lead, second = f.get("lead_inspector"), f.get("second_inspector")
    if not lead or not second:
        yield "现场检查不得少于两人，请填主检人员（lead_inspector）和第二检查人员（second_inspector）"
    elif same_name(lead, second):
        yield f"主检和第二检查人员都是“{lead}”，现场检查要有两个人"


def _grade(f: Facts, grade: str | None) -> Change:
    """A recipe: the leading inspector has this grade."""
    return set_form(lead_grade=grade)


@guard(
    "主检资格等级够得上户电压",
    refuses="inspector_grade_low",
    rule="J25",
    basis="用电检查管理办法(1996，已废止) 检查资格分三级；企业沿用",
    confidence="中",
    reads=("customer",),
    level_setting="inspector_grade_policy",
    breaks=lambda f: _grade(f, None),
    mends=lambda f: _grade(f, "1"),
)
def inspector_grade_fits(f: Facts) -> Iterator[str]:
    """The grade of the one who leads covers the customer's voltage."""
    grade, volt = f.get("lead_grade"), str(f.row("customer").get("volt_code") or "")
    if grade not in GRADE_KV:
        yield "主检没有用电检查资格等级（lead_grade），不能派去检查"
    elif kilovolts(volt) > GRADE_KV[grade]:
        yield (
            f"主检资格为{name_of('inspector_grade', grade)}，只能检查 {GRADE_KV[grade]:g} kV 及以下，"
            f"该户为 {kilovolts(volt):g} kV，请换人主检"
        )


def inspection_months(f: Facts) -> int:
    """Months from one periodic inspection to the next, by importance and voltage."""
    customer = f.row("customer")
    level, kv = str(customer.get("importance") or "0"), kilovolts(str(customer.get("volt_code") or ""))
    if level in ("1", "2"):
        name = "top"
    elif level in ("3", "4"):
        name = "second"
    else:
        name = "35kv" if kv >= 35 else "high" if kv >= 1 else "low"
    return int(f.settings[f"inspection_months_{name}"])


def _overdue(f: Facts) -> Change:
    """A recipe: the last inspection lies ten years back and nobody says why."""
    row = {"cons_no": f.row("customer")["cons_no"], "check_date": days_on(f.today, -3650)}
    return Change(put=(("customer", row),), form={"plan_date": f.today, "overdue_reason": None})


@guard(
    "计划日期在检查周期之内",
    refuses="inspection_overdue",
    rule="J1",
    basis="周期检查间隔（企业规则，见设置 inspection_months_*）",
    confidence="中",
    reads=("customer",),
    breaks=_overdue,
    mends=lambda f: set_form(plan_date=f.today, overdue_reason="上期客户停产无法检查，顺延"),
)
def inspection_within_cycle(f: Facts) -> Iterator[str]:
    """An inspection that comes after its time says why."""
    last, planned = f.row("customer").get("check_date"), f.get("plan_date")
    if not last or not planned or f.get("overdue_reason"):
        return
    latest = months_on(last, inspection_months(f))
    if planned > latest:
        yield (
            f"上次检查 {last}，周期 {inspection_months(f)} 个月，最迟应在 {latest} 检查，计划 {planned} 已超期，"
            "须写超期原因（overdue_reason）"
        )


@guard(
    "用电检查工作单先批后查",
    refuses="inspection_sheet_late",
    rule="JC",
    basis="用电检查管理办法(1996，已废止)第17条",
    breaks=lambda f: set_form(done_on=f.today, sheet_on=days_on(f.today, 1)),
    mends=lambda f: set_form(
        sheet_no=f"GZ{f.case}", sheet_approver=SECOND, sheet_on=f.get("done_on") or f.today
    ),
)
def inspection_sheet_approved(f: Facts) -> Iterator[str]:
    """The work sheet is approved before anybody goes."""
    missing = [
        label
        for name, label in (("sheet_no", "编号"), ("sheet_approver", "批准人"), ("sheet_on", "批准日期"))
        if not f.get(name)
    ]
    if missing:
        yield f"用电检查工作单没有{'、'.join(missing)}，批准后再去检查"
    elif f.get("done_on") and f.get("sheet_on") > f.get("done_on"):
        yield f"工作单 {f.get('sheet_on')} 才批准，晚于检查日期 {f.get('done_on')}，应先批准后检查"


@guard(
    "检查日期是真实日期",
    refuses="check_date_wrong",
    rule="小七1.59",
    basis="大连数据质量核查办法 小七1.59（上次检查日期）",
    breaks=lambda f: set_form(done_on=days_on(f.today, 1)),
    mends=lambda f: set_form(done_on=f.today),
)
def check_date_sound(f: Facts) -> Iterator[str]:
    """The date that becomes the account's last inspection is not empty, not 1900, not to come."""
    done = f.get("done_on")
    if not done or done < "1901":
        yield f"检查日期“{done}”不能为空或 1900 年，请填实际检查日期（done_on）"
    elif done > f.today:
        yield f"检查日期 {done} 晚于今天 {f.today}，请改正"


@guard(
    "不合格项已书面通知并签收",
    refuses="inspection_notice_open",
    rule="JC",
    basis="用电检查管理办法(1996，已废止)第19条",
    breaks=lambda f: set_form(insp_result=FAILED, notice_no=None, notice_sign="3"),
    mends=lambda f: set_form(notice_no=f"JG{f.case}", notice_sign="1"),
)
def inspection_notice_signed(f: Facts) -> Iterator[str]:
    """What is not in order is told in writing, signed for or refused before a witness."""
    if f.get("insp_result") != FAILED:
        return
    if not f.get("notice_no"):
        yield "检查结果不合格，须开《用电检查结果通知书》并填编号（notice_no）"
    if f.get("notice_sign") not in SIGNED:
        yield "《用电检查结果通知书》还没有客户签收，拒签的要有见证人（notice_sign）"


def _defect(f: Facts) -> Change:
    """A recipe: the defect found stands in the register under the number written."""
    number = f"D{f.case}"
    row = {
        "defect_id": number,
        "cons_no": f.row("customer").get("cons_no"),
        "level": "3",
        "content": "电容器渗油",
        "found_date": f.today,
        "app_no": number,
    }
    return Change(put=(("equipment_defect", row),), form={"defect_found": True, "defect_no": number})


@guard(
    "查出的缺陷已转缺陷单",
    refuses="defect_not_handed_over",
    rule="J24",
    basis="缺陷联动（YXZY-YY-481，行业通例）",
    confidence="中",
    reads=("customer", "orders", "equipment_defect"),
    breaks=lambda f: set_form(defect_found=True, defect_no=None),
    mends=_defect,
)
def defects_handed_over(f: Facts) -> Iterator[str]:
    """A defect found has an order or a record of its own, on this account."""
    if f.data.get("defect_found"):
        yield from unknown_defect(f)


def unknown_defect(f: Facts) -> Iterator[str]:
    """What is wrong with the number in `defect_no`."""
    number = f.get("defect_no")
    known = {row["case"] for row in f.rows("orders")}
    known |= {str(row.get(key)) for row in f.rows("equipment_defect") for key in ("defect_id", "app_no")}
    if not number:
        yield "发现设备缺陷，须先起设备缺陷单（YXZY-YY-481），把单号填入 defect_no"
    elif number not in known:
        yield f"缺陷单号 {number} 不是本户的在办工单，也不在本户缺陷台账里，请核对"


@guard(
    "专项检查有立项依据",
    refuses="topic_ungrounded",
    rule="J3",
    basis="专项检查立项依据（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(topic_basis_no=None),
    mends=lambda f: set_form(topic_basis_no="营销〔2026〕12号", topic_basis_on=f.today, plan_date=f.today),
)
def special_topic_grounded(f: Facts) -> Iterator[str]:
    """A special inspection rests on a paper older than its plan."""
    if not f.get("topic_basis_no"):
        yield "专项检查要有立项依据文号（topic_basis_no），没有依据不立项"
    issued, planned = f.get("topic_basis_on"), f.get("plan_date")
    if issued and planned and issued > planned:
        yield f"立项依据 {issued} 才出，晚于计划日期 {planned}，请核对"


def _just_inspected(f: Facts) -> Change:
    row = {"cons_no": f.row("customer")["cons_no"], "check_date": f.today}
    return Change(put=(("customer", row),), form={"plan_date": f.today, "revisit_reason": None})


@guard(
    "近期没有查过或写明再查缘由",
    refuses="visited_lately",
    rule="J3",
    basis="合并同户任务（行业通例）",
    confidence="低",
    reads=("customer", "orders"),
    level_setting="visits_merged_policy",
    breaks=_just_inspected,
    mends=lambda f: set_form(revisit_reason="反窃电线索核实，与上次检查项目不同"),
)
def visits_merged(f: Facts) -> Iterator[str]:
    """A customer is not visited twice in a short time without need."""
    if f.get("revisit_reason"):
        return
    last, planned = f.row("customer").get("check_date"), f.get("plan_date")
    gap = int(f.settings["inspection_gap_days"])
    if last and planned and days_between(last, planned) < gap:
        yield f"该户 {last} 刚检查过，不到 {gap} 天又列入专项，请并成一趟或写明缘由（revisit_reason）"
    for other in f.rows("orders"):
        if other["flow_name"] == "周期检查":
            yield f"该户在走周期检查工单 {other['case']}，请并成一趟或写明缘由（revisit_reason）"
