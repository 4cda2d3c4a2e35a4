"""What happens from outside, and how time passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.scenes import HOUSE, NEW_NAME, WORKS, rename, result

OPEN = f"- {{建单: {{用户: '{WORKS}', 新用户名: {NEW_NAME}}}, 照例: 是}}\n"


@pytest.mark.parametrize(
    ("events", "then"),
    [
        (f"{{产生欠费: {{用户: '{HOUSE}', 金额: 12.5}}}}", f"{{档案: {{'{HOUSE}': {{欠费: 99.77}}}}}}"),
        (f"{{缴费: '{HOUSE}'}}", f"{{档案: {{'{HOUSE}': {{欠费: 0}}}}}}"),
        (
            f"{{投诉: {{用户: '{HOUSE}', 内容: 停电没通知}}}}",
            f"{{档案: {{'{HOUSE}': {{到期任务: [{{content: ~停电没通知}}]}}}}}}",
        ),
        (
            f"{{档案变动: {{用电客户: [{{用户编号: '{HOUSE}', 用电类别: '100'}}]}}}}",
            f"{{档案: {{'{HOUSE}': {{用电类别: '100', 户名: 测溪明}}}}}}",
        ),
        ("{突发停电: }", "{档案: {'1016000007': {户名: 测溪明}}}"),
    ],
)
def test_each_event_changes_the_world_as_it_says(events: str, then: str, tmp_path: Path) -> None:
    made = result(tmp_path, rename(f"- {{事件: {events}}}", then))
    assert made.passed, made.misses


def test_a_payment_settles_what_the_order_was_refused_for(tmp_path: Path) -> None:
    steps = f"""
    {OPEN.strip()}
    - {{事件: {{产生欠费: {{金额: 10}}}}}}
    - {{办理: 业务受理, 应拒: 本户无欠费}}
    - {{事件: {{缴费: }}}}
    - {{办理: 业务受理, 应: {{状态: 合同变更}}}}
    """
    assert result(tmp_path, rename(steps)).passed


def test_while_the_system_is_down_nothing_can_be_written(tmp_path: Path) -> None:
    steps = f"""
    {OPEN.strip()}
    - {{事件: {{系统故障: 机房断电}}}}
    - {{办理: 业务受理, 应拒: {{码: 系统故障, 含: 机房断电}}, 应: {{状态: 业务受理}}}}
    - {{事件: {{手工登记: {{用户: '{WORKS}', 内容: 电话登记}}}}}}
    - {{事件: {{系统恢复: }}}}
    - {{办理: 业务受理, 应: {{状态: 合同变更}}}}
    """
    made = result(tmp_path, rename(steps))
    assert made.passed, made.misses


def test_papers_get_lost_and_come_again(tmp_path: Path) -> None:
    steps = f"""
    {OPEN.strip()}
    - {{事件: {{资料遗失: [用电申请书]}}}}
    - {{办理: 业务受理, 应拒: 材料不齐}}
    - {{事件: {{补资料: [用电申请书]}}}}
    - {{办理: 业务受理, 应: {{状态: 合同变更}}}}
    """
    made = result(tmp_path, rename(steps))
    assert made.passed, made.misses


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("{缴费: '9'}", "档案里没有用户 9"),
        ("{补资料: }", "没有写明是哪些资料"),
        ("{违反: 没有的守卫}", "没有“没有的守卫”这个守卫"),
        ("{条件成立: 没有的条件}", "没有“没有的条件”这个条件"),
        ("{资料遗失: 出生证}", "没有 出生证 这种材料"),
        ("{手工登记: }", "系统是好的，不用手工登记"),
        ("{事故: 地震}", "没有“地震”这种事故"),
    ],
)
def test_an_event_that_cannot_happen_is_told(event: str, told: str, tmp_path: Path) -> None:
    made = result(tmp_path, rename(OPEN + f"- {{事件: {event}}}"))
    assert not made.passed
    assert told in made.misses[0].found


def test_a_guard_is_broken_and_mended_by_its_label_or_name(tmp_path: Path) -> None:
    steps = f"""
    {OPEN.strip()}
    - {{事件: {{违反: [本户无欠费, new_name_differs]}}}}
    - {{办理: 业务受理, 应拒: [arrears, 新用户名与原用户名不同]}}
    - {{事件: {{改正: [本户无欠费, new_name_differs]}}}}
    - {{事件: {{条件不成立: 需要变更供用电合同}}}}
    - {{办理: 业务受理, 应: {{状态: 信息归档}}}}
    """
    made = result(tmp_path, rename(steps))
    assert made.passed, made.misses


# -- time --------------------------------------------------------------------------------------------------------
def at(day: str, steps: str, then: str = "", given: str = "") -> str:
    """A scenario that begins on a day."""
    extra = f", {given}" if given else ""
    return rename(steps, then).replace("    当:\n", f"    假如: {{日期: {day}{extra}}}\n    当:\n")


@pytest.mark.parametrize(
    ("start", "span", "clock"),
    [
        ("2026-11-27 16:00", "1个工作日", "2026-11-30 16:00"),
        ("2026-12-31 09:00", "1个工作日", "2027-01-01 09:00"),
        ("2026-11-27 16:00", "2天", "2026-11-29 16:00"),
        ("2026-11-27 23:30", "90分钟", "2026-11-28 01:00"),
        ("2026-11-27 16:00", "3小时", "2026-11-27 19:00"),
    ],
)
def test_time_passes_by_the_working_calendar(start: str, span: str, clock: str, tmp_path: Path) -> None:
    made = result(tmp_path, at(f"'{start}'", f"- {{过: {span}}}"))
    assert made.clock == clock


def test_holidays_of_the_scenario_move_the_deadline(tmp_path: Path) -> None:
    usual = result(tmp_path, at("2026-12-30 09:00", OPEN, "{时限: {到期: 2026-12-31}}"))
    moved = result(
        tmp_path,
        at(
            "2026-12-30 09:00",
            OPEN,
            "{时限: {到期: 2027-01-05}}",
            "节假日: {2026-12-31: 休, 2027-01-01: 休, 2027-01-04: 休}",
        ),
    )
    worked = result(
        tmp_path,
        at(
            "2026-12-31 09:00", OPEN, "{时限: {到期: 2027-01-02}}", "节假日: {2027-01-01: 休, 2027-01-02: 班}"
        ),
    )
    for made in (usual, moved, worked):
        assert made.passed, made.misses
    assert result(tmp_path, at("2026-12-30 09:00", OPEN, "{时限: {到期: 2026-12-31}}")).passed


def test_lamps_turn_with_the_days_and_cost_points(tmp_path: Path) -> None:
    steps = f"""
    {OPEN.strip()}
    - {{过: 30分钟, 应: {{时限: {{灯: 绿, 剩: 1, 锁: 否}}, 扣分: 0}}}}
    - {{过: 1个工作日, 应: {{时限: {{灯: 黄, 剩: 0}}, 扣分: 0.5, 消息: [{{类: yellow, 文: ~亮黄灯}}]}}}}
    - {{过: 1个工作日, 应: {{时限: {{灯: 红, 剩: -1}}, 扣分: 2.5}}}}
    - {{办理: 业务受理, 应: {{状态: 合同变更, 时限: {{灯: 绿}}}}}}
    """
    made = result(tmp_path, at("2026-11-23 09:00", steps))
    assert made.passed, made.misses
    assert {("lamps", "rename", "acceptance=yellow"), ("lamps", "rename", "acceptance=red")} <= set(made.seen)


def test_a_red_step_is_locked_until_a_supervisor_grants_its_time_anew(tmp_path: Path) -> None:
    steps = f"""
    {OPEN.strip()}
    - {{过: 3个工作日, 应: {{时限: {{灯: 红, 锁: 是}}}}}}
    - {{办理: 业务受理, 应拒: 红灯锁定}}
    - {{退回: {{到: 业务受理, 因: x}}, 应拒: 不能退回}}
    - {{解锁: {{说明: ''}}, 应拒: 原因未写}}
    - {{解锁: {{说明: 客户迟交}}, 由: 业务受理人员, 应拒: 无权限}}
    - {{解锁: {{说明: 客户迟交, 原因: 用户配合度低}}, 应: {{时限: {{灯: 绿, 锁: 否}}, 审计: [{{人: 分管领导, 事: 解锁, 因: 客户迟交}}]}}}}
    - {{解锁: {{说明: 再来}}, 应拒: not_locked}}
    - {{办理: 业务受理, 应: {{状态: 合同变更}}}}
    """
    made = result(tmp_path, at("2026-11-23 09:00", steps, given="设置: {red_lamp_locks: true}"))
    assert made.passed, made.misses


def test_without_the_setting_a_red_step_goes_on(tmp_path: Path) -> None:
    steps = OPEN + "- {过: 3个工作日, 应: {时限: {灯: 红, 锁: 否}}}\n- {办理: 业务受理, 应: {状态: 合同变更}}"
    assert result(tmp_path, at("2026-11-23 09:00", steps)).passed


@pytest.mark.parametrize(
    ("step", "told"),
    [("{过: 一会儿}", "时间写法不对"), ("{到: 2020-01-01}", "时间不能倒流"), ("{到: 明天}", "时间写法不对")],
)
def test_time_that_cannot_be_meant_is_told(step: str, told: str, tmp_path: Path) -> None:
    made = result(tmp_path, rename(f"- {step}"))
    assert told in made.misses[0].found


def test_a_deferred_paper_that_does_not_come_holds_the_order(tmp_path: Path) -> None:
    steps = f"""
    {OPEN.strip()}
    - {{收资: {{M22: 2026-11-24}}}}
    - {{过: 2个工作日, 应: {{状态: 已挂起, 消息: [{{类: suspend, 文: ~逾期未补}}]}}}}
    - {{办理: 业务受理, 应拒: 工单已挂起}}
    - {{收资: [M22], 应拒: 工单已挂起}}
    - {{恢复: 客户明日补}}
    - {{办理: 业务受理, 应拒: 容缺逾期}}
    - {{收资: [M22]}}
    - {{办理: 业务受理, 应: {{状态: 合同变更}}}}
    """
    made = result(tmp_path, at("2026-11-23 09:00", steps))
    assert made.passed, made.misses
