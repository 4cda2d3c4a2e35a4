"""Guards about the early consultation of large projects: what is asked, what can be given, what may be said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yk.archive.codes import name_of
from yk.flows.dates import days_on
from yk.flows.facts import Facts
from yk.flows.guards import condition, guard
from yk.flows.guards.application import set_form

CLASSIFIED = "3"
"""Level of secrecy (code list secrecy_level)."""
ACCESSIBLE = "1"
"""The project can be connected as it is (code list access_result)."""
_PROMISE = re.compile(r"(?<!不)(保证供电|确保供电|承诺供电|承诺按期送电|同意供电)")
_BOUNDS = (
    ("site_lon", "red_west", "red_east", "经度"),
    ("site_lat", "red_south", "red_north", "纬度"),
)


@condition(
    "项目和业主已明确",
    yes=lambda f: set_form(project_clear=True),
    no=lambda f: set_form(project_clear=False),
    field="project_clear",
)
def project_clear(f: Facts) -> bool:
    """There is somebody who wants power; otherwise the inquiry is filed."""
    return f.data.get("project_clear") is not False


@condition(
    "需求弄不清，转归档",
    yes=lambda f: set_form(demand_unclear=True),
    no=lambda f: set_form(demand_unclear=False),
    field="demand_unclear",
)
def demand_unclear(f: Facts) -> bool:
    """What is wanted cannot be found out for now."""
    return bool(f.data.get("demand_unclear"))


@guard(
    "涉密项目已定可查阅岗位",
    refuses="secrecy_open",
    rule="Q1",
    basis="ZJ 145(2)（客户商业秘密不外泄）",
    confidence="中",
    breaks=lambda f: set_form(secrecy_level=CLASSIFIED, readers=None),
    mends=lambda f: set_form(readers="供电方案拟订人员、审批人员"),
)
def secrecy_level_set(f: Facts) -> Iterator[str]:
    """A secret project says who may look at it."""
    if f.get("secrecy_level") == CLASSIFIED and not f.get("readers"):
        yield "项目定为涉密，须写明哪些岗位可以查阅（readers）"


@guard(
    "容量和用电时间说得通",
    refuses="project_figures_wrong",
    rule="Q1",
    basis="ZJ 145(1)（近/远期用电容量、用电时间）",
    breaks=lambda f: set_form(near_cap=2000.0, far_cap=1000.0),
    mends=lambda f: set_form(far_cap=f.data.get("near_cap"), wanted_on=days_on(f.today, 365)),
)
def project_figures_sound(f: Facts) -> Iterator[str]:
    """What is wanted later is no less than what is wanted first, and not wanted yesterday."""
    near, far, wanted = f.data.get("near_cap"), f.data.get("far_cap"), f.get("wanted_on")
    if near is not None and float(near) <= 0:
        yield f"近期容量 {float(near):g} kVA 应大于零"
    if near is not None and far is not None and float(far) < float(near):
        yield f"远期容量 {float(far):g} kVA 小于近期 {float(near):g} kVA，请核对"
    if wanted and wanted < f.today:
        yield f"用电日期 {wanted} 已经过去，请核对"


@guard(
    "异地项目已选属地单位",
    refuses="project_unit_missing",
    rule="ZJ145",
    basis="ZJ 145(3)",
    breaks=lambda f: set_form(cross_office=True, home_org=f.get("office") or None),
    mends=lambda f: set_form(cross_office=False, home_org=None),
)
def project_unit_named(f: Facts) -> Iterator[str]:
    """A project in another unit's area goes to that unit."""
    home = f.get("home_org")
    if f.data.get("cross_office") and (not home or home == f.get("office")):
        yield "项目不在本单位地界，须选项目所在地的单位（home_org），不能是本单位"


@guard(
    "负荷估算与报数相差不大，或已核对",
    refuses="estimate_off",
    rule="Q1",
    basis="同类项目单耗校核（行业通例，界限为参数）",
    confidence="低",
    breaks=lambda f: set_form(near_cap=1000.0, estimated_cap=5000.0, estimate_note=None),
    mends=lambda f: set_form(estimated_cap=f.data.get("near_cap")),
)
def load_estimate_supported(f: Facts) -> Iterator[str]:
    """An estimate far from what was asked for is talked over before anybody builds on it."""
    asked, found = f.data.get("near_cap"), f.data.get("estimated_cap")
    if not asked or found is None or f.get("estimate_note"):
        return
    gap = abs(float(found) - float(asked)) / float(asked) * 100
    if gap > f.settings["load_estimate_gap"]:
        yield (
            f"项目方报 {float(asked):g} kVA，估算 {float(found):g} kVA，差 {gap:.0f}%，"
            "请约项目方核对工艺并写下结果（estimate_note）"
        )


@guard(
    "接不上的写明差什么、等什么",
    refuses="access_reason_missing",
    rule="Q1",
    basis="接入结论须有可开放容量和规划依据（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(access_result="4", access_gap=None),
    mends=lambda f: set_form(
        access_gap="缺 110 kV 间隔 1 个，等 2027 年新站投产", site_gap="出线走廊未落实，等规划调整"
    ),
)
def access_reason_given(f: Facts) -> Iterator[str]:
    """Whoever says «not yet» says what is lacking and until when."""
    for result, gap, where in (
        ("access_result", "access_gap", "接入分析"),
        ("site_result", "site_gap", "现场勘查"),
    ):
        found = f.get(result)
        if found and found != ACCESSIBLE and not f.get(gap):
            yield f"{where}结论为{name_of('access_result', found)}，须写明差什么、等到什么时候（{gap}）"


@guard(
    "意见里没有供电承诺",
    refuses="supply_promised",
    rule="Q1",
    basis="前期咨询不形成供电承诺（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(access_opinion="本项目保证供电"),
    mends=lambda f: set_form(access_opinion="初步意见，不作供电承诺；建议 10 kV 接入"),
)
def no_supply_promise(f: Facts) -> Iterator[str]:
    """An early opinion speaks of technical conditions only."""
    for word in sorted(set(_PROMISE.findall(f.get("access_opinion")))):
        yield f"处理意见里写了“{word}”，前期咨询只写技术条件，请改掉"


@guard(
    "选址坐标在红线内",
    refuses="site_outside",
    rule="Q2",
    basis="GPS 打点与规划图套合（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(red_east=121.5, site_lon=122.5),
    mends=lambda f: set_form(
        red_west=121.0, red_east=121.5, red_south=30.0, red_north=30.5, site_lon=121.2, site_lat=30.2
    ),
)
def site_inside_boundary(f: Facts) -> Iterator[str]:
    """The place that was looked at is the project's own."""
    for name, low, high, label in _BOUNDS:
        at, least, most = (f.data.get(key) for key in (name, low, high))
        if None not in (at, least, most) and not float(least) <= float(at) <= float(most):  # type: ignore[arg-type]
            yield f"勘查点{label} {float(at):g} 不在红线 {float(least):g}～{float(most):g} 内，请核对地块"  # type: ignore[arg-type]


@guard(
    "答复函有期限、以正式报装为准",
    refuses="reply_unlimited",
    rule="Q4",
    basis="前期咨询不形成供电承诺（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(reply_disclaimer=False),
    mends=lambda f: set_form(reply_disclaimer=True, reply_valid_until=days_on(f.today, 180)),
)
def reply_has_limits(f: Facts) -> Iterator[str]:
    """A reply runs out and does not replace the scheme."""
    end = f.get("reply_valid_until")
    if not f.data.get("reply_disclaimer"):
        yield "答复函须写明“以正式报装的供电方案为准”（reply_disclaimer）"
    if end and end <= f.today:
        yield f"答复有效期至 {end}，应晚于今天"


@guard(
    "答复容量与审批结论一致",
    refuses="reply_off_approval",
    rule="Q4",
    basis="答复与批准的结论一致（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(conclusion_cap=1000.0, reply_cap=2000.0),
    mends=lambda f: set_form(reply_cap=f.data.get("conclusion_cap")),
)
def reply_matches_approval(f: Facts) -> Iterator[str]:
    """What is told is what was approved."""
    approved, told = f.data.get("conclusion_cap"), f.data.get("reply_cap")
    if approved is not None and told is not None and float(approved) != float(told):
        yield f"答复函写 {float(told):g} kVA，审批结论是 {float(approved):g} kVA，请改答复函"


@guard(
    "答复函已签收",
    refuses="reply_unsigned",
    rule="Q4",
    basis="答复须送达（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(reply_signed_on=days_on(f.today, 2)),
    mends=lambda f: set_form(reply_signed_on=f.today),
)
def reply_signed_for(f: Facts) -> Iterator[str]:
    """A reply nobody received is none."""
    signed = f.get("reply_signed_on")
    if signed and signed > f.today:
        yield f"签收日期 {signed} 晚于今天，收到后再登记"
