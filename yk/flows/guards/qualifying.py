"""Guards about registering people: customers' electricians (入网电工登记) and inspectors (用电检查人员资格登记)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yk.archive.codes import name_of
from yk.flows.change import Change
from yk.flows.dates import days_on, months_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form
from yk.flows.tariffs import volts

ENROL, RENEW, CANCEL = "1", "2", "3"
"""What is done to the register (code list register_action)."""
ELECTRICIAN, INSPECTOR, IN_FORCE = "01", "02", "1"
"""Kinds of qualification and its state in force (qualification_kind, qualification_status)."""
LOW_VOLTAGE_WORK = "2"
"""低压电工作业 (code list electrician_work)."""
HIGH_VOLTAGE = 1000.0


def in_force(f: Facts, kind: str) -> Sequence[Mapping[str, Any]]:
    """The qualifications of this kind in force, of the certificate or the person in the form."""
    rows = f.rows("qualifications")
    return [row for row in rows if row.get("kind") == kind and row.get("status") == IN_FORCE]


def _working(f: Facts) -> bool:
    """Is somebody enrolled or renewed (not struck off)?"""
    return f.get("register_action") != CANCEL


@condition(
    "登记或审验（不是注销）",
    yes=lambda f: set_form(register_action=ENROL),
    no=lambda f: set_form(register_action=CANCEL),
)
def person_enrolled(f: Facts) -> bool:
    """Somebody comes onto the register or stays on it, so dates and grade are wanted."""
    return _working(f)


def _row(f: Facts, kind: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    """A qualification in force of the certificate and the person in the form, for recipes."""
    row = {
        "qual_id": f"Q{f.case}X",
        "kind": kind,
        "name": f.get("person_name") or "安知行",
        "cert_no": f.data.get("qual_cert_no"),
        "person_no": f.data.get("person_no"),
        "status": IN_FORCE,
        "app_no": "019901010001",
    }
    return "qualification", {**row, **fields}


def _struck_off(f: Facts) -> Change:
    """A recipe: nobody else holds what is in the form."""
    rows = [row for row in f.rows("qualifications") if row.get("status") == IN_FORCE]
    return Change(put=tuple(("qualification", {"qual_id": row["qual_id"], "status": "3"}) for row in rows))


@guard(
    "电工证在有效期、复审未过期",
    refuses="electrician_certificate_expired",
    rule="J20",
    basis="特种作业操作证有效期与复审（行业通例）",
    breaks=lambda f: set_form(
        register_action=ENROL, review_date=days_on(f.today, -1), end_date=days_on(f.today, 900)
    ),
    mends=lambda f: set_form(
        issue_date=days_on(f.today, -30),
        review_date=days_on(f.today, 700),
        end_date=days_on(f.today, 1800),
        remind_date=days_on(f.today, 600),
    ),
)
def electrician_certificate_in_force(f: Facts) -> Iterator[str]:
    """The certificate runs on the day of registration, and its review is not overdue."""
    if not _working(f):
        return
    for label, name in (("有效期止于", "end_date"), ("复审日是", "review_date")):
        day = f.get(name)
        if day and day < f.today:
            yield f"电工证{label} {day}，已过期，请复审换证后再登记"


@guard(
    "电工证项目盖得住该户电压",
    refuses="certificate_below_voltage",
    rule="J20",
    basis="特种作业操作证作业项目（行业通例）",
    reads=("customer",),
    breaks=lambda f: Change(
        put=(("customer", {"cons_no": f.row("customer")["cons_no"], "volt_code": "AC00101"}),),
        form={"register_action": ENROL, "work_kind": LOW_VOLTAGE_WORK},
    ),
    mends=lambda f: set_form(work_kind="1"),
)
def certificate_covers_voltage(f: Facts) -> Iterator[str]:
    """Who looks after high voltage holds more than a low-voltage certificate."""
    volt, kind = str(f.row("customer").get("volt_code") or ""), f.get("work_kind")
    if _working(f) and kind == LOW_VOLTAGE_WORK and volts(volt) >= HIGH_VOLTAGE:
        yield (
            f"该户供电电压{name_of('volt', volt)}，{name_of('electrician_work', kind)}证管不到高压岗位，"
            "请登记持高压电工证的人，或改登低压岗位的户"
        )


@guard(
    "复审日和催办日排得合规",
    refuses="review_ill_scheduled",
    rule="J20",
    basis="特种作业操作证每三年复审（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(
        register_action=ENROL,
        issue_date=f.today,
        review_date=months_on(f.today, int(f.settings["electrician_review_months"]) + 1),
        end_date=months_on(f.today, 120),
        remind_date=f.today,
    ),
    mends=lambda f: set_form(
        issue_date=f.today,
        review_date=months_on(f.today, int(f.settings["electrician_review_months"])),
        end_date=months_on(f.today, 72),
        remind_date=months_on(f.today, 1),
    ),
)
def review_date_scheduled(f: Facts) -> Iterator[str]:
    """The review falls within its cycle and the validity; the reminder comes before it."""
    issued, review, end, remind = (f.get(n) for n in ("issue_date", "review_date", "end_date", "remind_date"))
    if not _working(f) or not review:
        return
    months = int(f.settings["electrician_review_months"])
    if issued and review > months_on(issued, months):
        yield f"复审日 {review} 距发证（上次复审）{issued} 超过 {months} 个月，请按证面改正"
    if end and review > end:
        yield f"复审日 {review} 晚于有效期止 {end}，请改正"
    if remind and remind >= review:
        yield f"催办日 {remind} 不早于复审日 {review}，提醒就没有用了，请提前"


@guard(
    "没在别家在册",
    refuses="electrician_elsewhere",
    rule="J20",
    basis="一证多家须核实（行业通例）",
    confidence="中",
    reads=("customer", "qualifications"),
    level_setting="electrician_elsewhere_policy",
    breaks=lambda f: Change(
        put=(_row(f, ELECTRICIAN, cons_no="1016999999"),), form={"register_action": ENROL}
    ),
    mends=_struck_off,
)
def electrician_not_elsewhere(f: Facts) -> Iterator[str]:
    """One certificate at several customers: possible, but somebody asks."""
    here = f.row("customer").get("cons_no")
    for row in in_force(f, ELECTRICIAN):
        if _working(f) and row.get("cons_no") != here:
            yield f"这张证已在用户 {row.get('cons_no')} 在册，问清是不是两家都在岗，不在岗的先去那家注销"


@guard(
    "登记、审验、注销与在册情况相符",
    refuses="register_mismatch",
    rule="J20",
    basis="入网电工登记（一证一户一条）",
    confidence="中",
    reads=("customer", "qualifications"),
    breaks=lambda f: Change(
        put=(_row(f, ELECTRICIAN, cons_no=f.row("customer").get("cons_no")),), form={"register_action": ENROL}
    ),
    mends=_struck_off,
)
def register_entry_fits(f: Facts) -> Iterator[str]:
    """Nobody is enrolled twice at one customer; who is reviewed or struck off is on the register."""
    here = f.row("customer").get("cons_no")
    mine = [row for row in in_force(f, ELECTRICIAN) if row.get("cons_no") == here]
    if f.get("register_action") == ENROL and mine:
        yield f"这张证在用户 {here} 已经在册（{mine[0]['qual_id']}），年审的选审验，不再登记一次"
    elif f.get("register_action") in (RENEW, CANCEL) and not mine:
        yield f"这张证在用户 {here} 不在册，没有可审验（注销）的登记，请先登记"


@guard(
    "年限和考试够所报级别",
    refuses="inspector_unqualified",
    rule="J25",
    basis="用电检查管理办法(1996)资格条件（已废止，企业沿用；年限为参数）",
    confidence="低",
    breaks=lambda f: set_form(register_action=ENROL, grade=f.get("grade") or "2", exam_score=10.0),
    mends=lambda f: set_form(years_experience=40.0, exam_score=100.0),
)
def inspector_requirements_met(f: Facts) -> Iterator[str]:
    """Years in the work and the mark of the examination, by grade; the figures are settings."""
    grade, years, score = f.get("grade"), f.data.get("years_experience"), f.data.get("exam_score")
    if not _working(f) or not grade:
        return
    wanted, least = int(f.settings[f"inspector_years_{grade}"]), int(f.settings["inspector_exam_pass"])
    if years is not None and float(years) < wanted:
        yield f"{name_of('inspector_grade', grade)}检查资格要求从业 {wanted} 年，申报的是 {years:g} 年，请改报低一级"
    if score is not None and float(score) < least:
        yield f"考试成绩 {score:g} 分，不到 {least} 分，补考通过后再登记"


@guard(
    "可检电压不超过所登级别",
    refuses="grade_below_voltage",
    rule="J25",
    basis="用电检查管理办法(1996)资格等级（已废止，企业沿用）",
    confidence="中",
    breaks=lambda f: set_form(register_action=ENROL, grade="3", covered_volt="AC00351"),
    mends=lambda f: set_form(grade="3", covered_volt="AC03802"),
)
def grade_covers_voltage(f: Facts) -> Iterator[str]:
    """The third grade inspects up to 0.4 kV, the second up to 10 kV, the first up to 220 kV."""
    grade, volt = f.get("grade"), f.get("covered_volt")
    if not _working(f) or not grade or not volt:
        return
    most = int(f.settings[f"inspector_volts_{grade}"])
    if volts(volt) > most:
        yield (
            f"{name_of('inspector_grade', grade)}检查资格最高可检 {most / 1000:g} kV，"
            f"登的是{name_of('volt', volt)}，请改低电压或报高一级"
        )


@guard(
    "名册里没有在用证号",
    refuses="inspector_registered",
    rule="J25",
    basis="一人一号（行业通例）",
    confidence="中",
    reads=("qualifications",),
    breaks=lambda f: Change(put=(_row(f, INSPECTOR, cert_no="JC0"),), form={"register_action": ENROL}),
    mends=_struck_off,
)
def inspector_not_registered_twice(f: Facts) -> Iterator[str]:
    """Nobody has two numbers; who is renewed or struck off has one."""
    rows = in_force(f, INSPECTOR)
    if f.get("register_action") == ENROL and rows:
        yield f"此人已有在用检查证号 {rows[0].get('cert_no')}，不再编号；换级别的选审验，收旧发新"
    elif f.get("register_action") in (RENEW, CANCEL) and not rows:
        yield "名册里没有此人的在用检查证，没有可审验（注销）的登记，请先登记"
