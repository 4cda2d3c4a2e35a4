"""Guards about guaranteeing supply at a time that matters (重要保电任务管理).

The form's tables: `places` (place, cons_no, supplies, backup, tested_on, hazard), `roster` (place, begin, end, person1,
person2, phone1, phone2), `works` (work, begin, end, handling).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.archive.codes import name_of
from yk.flows.dates import days_between, days_on
from yk.flows.facts import Facts
from yk.flows.guards import guard
from yk.flows.guards.application import set_form
from yk.flows.rosters import gaps, minute, overlap, people, twice

IN_WRITING = ("1", "2")
"""Levels (guarantee_level) that want a paper: 特级、一级."""
NONE = ("", "无", "没有")


def rows(f: Facts, table: str) -> list[dict[str, Any]]:
    """The rows of one of the form's tables."""
    return [dict(row) for row in f.data.get(table) or ()]


def _period(f: Facts) -> dict[str, str]:
    return {"begin": f.get("begin_at"), "end": f.get("end_at")}


def _told(moment: str) -> str:
    return minute(moment).replace("T", " ")


@guard(
    "任务有级别、有起止、有依据",
    refuses="guarantee_unfounded",
    rule="J21",
    basis="重要保电任务受领（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(guarantee_level="1", basis_no=None),
    mends=lambda f: set_form(
        guarantee_level="1",
        basis_no=f"BD{f.case}",
        begin_at=f.get("begin_at") or f"{days_on(f.today, -2)}T08:00:00+08:00",
        end_at=max(f.get("end_at"), f"{days_on(f.today, -1)}T20:00:00+08:00"),
    ),
)
def guarantee_well_founded(f: Facts) -> Iterator[str]:
    """A task ends after it begins; the higher levels want a paper, the lower ones may follow a word."""
    period, level = _period(f), f.get("guarantee_level")
    if all(period.values()) and minute(period["end"]) <= minute(period["begin"]):
        yield f"保电止于 {_told(period['end'])}，不晚于开始 {_told(period['begin'])}，请改正时段"
    if level in IN_WRITING and not f.get("basis_no"):
        yield f"{name_of('guarantee_level', level)}保电须有书面依据文号（basis_no），先取文再下达"


@guard(
    "自备电源带载试过",
    refuses="backup_untested",
    rule="J21",
    basis="保电前自备电源带载试验（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(places=[{**_a_place(f), "backup": "柴油发电机", "tested_on": None}]),
    mends=lambda f: set_form(
        places=[{**row, "tested_on": _day(f)} for row in rows(f, "places") or [_a_place(f)]]
    ),
)
def backup_tested_on_load(f: Facts) -> Iterator[str]:
    """A standby source is proved under load shortly before it may be needed."""
    days, begin = int(f.settings["backup_test_days"]), _day(f)
    for row in rows(f, "places"):
        if str(row.get("backup") or "").strip() in NONE:
            continue
        tested = str(row.get("tested_on") or "")[:10]
        if not tested:
            yield f"{row.get('place')} 的自备电源（{row['backup']}）还没有带载试验，试过再定方案"
        elif tested > begin:
            yield f"{row.get('place')} 的自备电源试验日 {tested} 晚于保电开始 {begin}，请核对"
        elif days_between(tested, begin) > days:
            yield f"{row.get('place')} 的自备电源 {tested} 试过，离保电开始超过 {days} 天，请重试一次"


def _day(f: Facts) -> str:
    """The day the task begins."""
    return (f.get("begin_at") or f.today)[:10]


def _a_place(f: Facts) -> dict[str, Any]:
    return next(iter(rows(f, "places")), {"place": "主会场", "supplies": 2, "backup": "柴油发电机"})


@guard(
    "保电时段没有未处理的施工停电",
    refuses="work_during_guarantee",
    rule="J21",
    basis="保电期间停工确认（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(
        works=[
            {"work": "10kV 线路检修", "begin": f.get("begin_at"), "end": f.get("end_at"), "handling": None}
        ],
        **({} if f.get("begin_at") else _made_period(f)),
    ),
    mends=lambda f: set_form(works=[{**row, "handling": "改期"} for row in rows(f, "works")]),
)
def no_work_during_guarantee(f: Facts) -> Iterator[str]:
    """Works and outages planned within the time are stopped or put off, each by name."""
    for row in rows(f, "works"):
        if overlap(row, _period(f)) and not str(row.get("handling") or "").strip():
            span = f"{_told(row.get('begin') or '')} 到 {_told(row.get('end') or '')}"
            yield f"“{row.get('work')}”（{span}）与保电时段相撞，须写明停工、改期还是避让（handling）"


def _made_period(f: Facts) -> dict[str, Any]:
    """A period and a work within it, for a form that has none."""
    begin, end = f"{days_on(f.today, -2)}T08:00:00+08:00", f"{days_on(f.today, -1)}T20:00:00+08:00"
    return {
        "begin_at": begin,
        "end_at": end,
        "works": [{"work": "10kV 线路检修", "begin": begin, "end": end, "handling": None}],
    }


@guard(
    "值守排班不断档、不重叠",
    refuses="roster_broken",
    rule="J21",
    basis="责任到人到时段、双责任人双联络（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(places=[_a_place(f)], roster=None, **_some_period(f)),
    mends=lambda f: set_form(
        places=rows(f, "places") or [_a_place(f)], roster=_full_roster(f), **_some_period(f)
    ),
)
def roster_without_gaps(f: Facts) -> Iterator[str]:
    """At every place two people with two numbers, from the first minute to the last; nobody at two places at once."""
    roster, period = rows(f, "roster"), _period(f)
    for place in rows(f, "places"):
        name = place.get("place")
        mine = [shift for shift in roster if shift.get("place") == name]
        for begin, end in gaps(mine, period["begin"], period["end"]):
            yield f"{name} 在 {_told(begin)} 到 {_told(end)} 没有人值守，请补排"
        for shift in mine:
            phones = {str(shift.get(n) or "").strip() for n in ("phone1", "phone2")} - {""}
            if len({*people(shift)}) < 2 or len(phones) < 2:
                yield f"{name} {_told(str(shift.get('begin')))} 的班须有两个责任人、两个联络号码"
    for person, one, other in twice(roster):
        yield f"{person} 同一时刻排在{one}和{other}两处，请改排"


def _some_period(f: Facts) -> dict[str, Any]:
    made = _made_period(f)
    return {name: f.data.get(name) or made[name] for name in ("begin_at", "end_at")}


def _full_roster(f: Facts) -> list[dict[str, Any]]:
    """One shift a place for the whole time, everybody at one place only."""
    period = _some_period(f)
    return [
        {
            "place": row.get("place"),
            "begin": period["begin_at"],
            "end": period["end_at"],
            "person1": f"值守{n}甲",
            "person2": f"值守{n}乙",
            "phone1": f"1990000{n:02}01",
            "phone2": f"1990000{n:02}02",
        }
        for n, row in enumerate(rows(f, "places") or [_a_place(f)], start=1)
    ]


@guard(
    "保电已解除并写了总结",
    refuses="guarantee_not_released",
    rule="J21",
    basis="保电解除与总结（行业通例）",
    confidence="中",
    breaks=lambda f: set_form(
        **_some_period(f), released_at=_some_period(f)["begin_at"], early_release_no=None
    ),
    mends=lambda f: set_form(
        **_some_period(f),
        released_at=_some_period(f)["end_at"],
        summary_on=str(_some_period(f)["end_at"])[:10],
    ),
)
def guarantee_released(f: Facts) -> Iterator[str]:
    """Released at the end, earlier only by an order of its own; summed up within days; never ahead of the clock."""
    released, end, summary = f.get("released_at"), f.get("end_at"), f.get("summary_on")
    if released and minute(released) > f.now[:16]:
        yield f"解除时刻 {_told(released)} 还没到，任务没完，不能办结"
    if released and end and minute(released) < minute(end) and not f.get("early_release_no"):
        yield f"解除时刻 {_told(released)} 早于保电结束 {_told(end)}，须有提前解除的令号（early_release_no）"
    days = int(f.settings["guarantee_summary_days"])
    if released and summary and days_between(released, summary) > days:
        yield f"总结日期 {summary} 距解除超过 {days} 天，请说明并补记"
