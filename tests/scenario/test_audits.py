"""The data audit in scenarios: rules are asked, findings live their life in the hands of those who may, orders mend them."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from scenario.scenes import HOUSE, read, result
from yk.scenario.result import Result
from yk.scenario.running import Run, world_for

RULE = "X:4.02"
"""用户地址不能为空."""
UNIT, OTHER = "示范市城西供电分公司", "示范市城东供电分公司"
PEOPLE = f"""\
本所: {{角色: 供电单位数据订正人员, 单位: {UNIT}}}
别所: {{角色: 供电单位数据订正人员, 单位: {OTHER}}}
组甲: 数据组成员
专业: 营销部专业管理人员
专责: 营销稽查专责
"""
SPOILT = f"- 事件: {{档案变动: {{用电客户: [{{用户编号: '{HOUSE}', 用电地址: ''}}]}}}}\n- 稽核: {{规则: [{RULE}]}}\n"
ASK = f"- {{问题: {{规则: {RULE}, 做: 申请白名单, 因: 待拆, 到: 2026-12-31}}, 由: 本所}}\n"


def audited(folder: Path, steps: str, then: str = "", flow: str = "档案维护受理") -> Result:
    """How a scenario with these people goes."""
    return result(folder, text(steps, then, flow))


def text(steps: str, then: str = "", flow: str = "档案维护受理") -> str:
    """The scenario."""
    end = f"    那么: {then}\n" if then else ""
    given = f"    假如:\n      日期: 2026-11-23 09:00\n      人员:\n{indent(PEOPLE, ' ' * 8)}"
    return (
        f"版本: 1\n流程: {flow}\n场景:\n  - 名称: 例\n{given}    当:\n{indent(steps.strip(), ' ' * 6)}\n{end}"
    )


def told(made: Result) -> str:
    """Everything a result says is wrong."""
    return "\n".join(f"{miss.where} {miss.wanted} {miss.found} {miss.hint}" for miss in made.misses)


def act(word: str, by: str, more: str = "", refused: str = "") -> str:
    """A step about the finding of the rule."""
    end = f", 应拒: {refused}" if refused else ""
    return f"- {{问题: {{规则: {RULE}, 做: {word}{more}}}, 由: {by}{end}}}\n"


# -- asking --------------------------------------------------------------------------------------------
def test_a_run_may_be_of_a_rule_a_list_or_some_accounts(tmp_path: Path) -> None:
    spoil = SPOILT.splitlines()[0] + "\n"
    for what in (f"{{规则: [{RULE}]}}", "{清单: 小七}", f"{{用户: ['{HOUSE}']}}", ""):
        made = audited(tmp_path, f"{spoil}- 稽核: {what}", f"{{发现: [{{规则: {RULE}, 用户: '{HOUSE}'}}]}}")
        assert made.passed, (what, told(made))
    for what in ("{规则: [X:1.59]}", "{清单: 大一}", "{用户: ['1016000001']}"):
        assert audited(tmp_path, f"{spoil}- 稽核: {what}", "{发现: {数: 0}}").passed, what
    assert "没有 中五 这份清单" in told(audited(tmp_path, "- 稽核: {清单: 中五}"))


def test_a_rule_alone_means_an_open_finding_of_it(tmp_path: Path) -> None:
    assert audited(tmp_path, SPOILT, f"{{发现: [{RULE}]}}").passed
    assert not audited(tmp_path, SPOILT, "{发现: [X:1.59]}").passed


def test_a_finding_has_a_day_and_is_late_after_it(tmp_path: Path) -> None:
    row = f"{{规则: {RULE}, 期限: 2026-11-24, 逾期: "
    assert audited(tmp_path, SPOILT, f"{{发现: [{row}否}}]}}").passed
    assert audited(tmp_path, SPOILT + "- 过: 2天", f"{{发现: [{row}是}}]}}").passed
    assert not audited(tmp_path, SPOILT + "- 过: 2天", f"{{发现: [{row}否}}]}}").passed


# -- its life ------------------------------------------------------------------------------------------
def test_each_step_of_a_findings_life_is_of_those_who_may(tmp_path: Path) -> None:
    steps = (
        SPOILT
        + act("派发", "本所", refused="无权限")
        + act("派发", "组甲", ", 给: 别所", refused="单位不符")
        + act("派发", "组甲", ", 给: 本所")
        + act("核实属实", "别所", ", 因: 看过", refused="单位不符")
        + act("核实属实", "本所", refused="原因未写")
        + act("核实属实", "本所", ", 因: 看过")
        + act("报订正", "组甲", refused="无权限")
        + act("报订正", "本所")
    )
    made = audited(tmp_path, steps, f"{{发现: [{{规则: {RULE}, 状态: 已订正}}]}}")
    assert made.passed, told(made)


def test_nobody_decides_on_what_he_asked_for_and_a_no_has_its_reason(tmp_path: Path) -> None:
    steps = (
        SPOILT
        + ASK
        + "- {问题: {做: 批准}, 由: 本所, 应拒: [无权限, 岗位不相容]}\n"
        + "- {问题: {做: 不批准}, 由: 专业, 应拒: 原因未写}\n"
        + "- {问题: {做: 不批准, 因: 先约业主}, 由: 专业}\n"
        + "- {问题: {做: 批准}, 由: 专业, 应拒: nothing_asked}\n"
    )
    made = audited(tmp_path, steps, f"{{发现: [{{规则: {RULE}, 状态: 已发现}}]}}")
    assert made.passed, told(made)


def test_an_extension_moves_the_day_once_it_is_granted(tmp_path: Path) -> None:
    ask = act("申请延期", "本所", ", 因: 户多, 到: 2026-12-01")
    same = f"{{发现: [{{规则: {RULE}, 期限: 2026-11-24}}]}}"
    moved = f"{{发现: [{{规则: {RULE}, 期限: 2026-12-01}}]}}"
    assert audited(tmp_path, SPOILT + ask, same).passed
    assert audited(tmp_path, SPOILT + ask + "- {问题: {做: 不批准, 因: 不多}, 由: 专责}", same).passed
    assert audited(tmp_path, SPOILT + ask + "- {问题: {做: 批准}, 由: 专责}", moved).passed


def test_the_whitelist_covers_until_it_is_withdrawn(tmp_path: Path) -> None:
    covered = SPOILT + ASK + "- {问题: {做: 批准}, 由: 专业}\n"
    assert audited(tmp_path, covered, f"{{发现: [{{规则: {RULE}, 状态: 白名单}}, {{数: 0}}]}}").passed
    assert "未决问题" in told(audited(tmp_path, covered + act("派发", "组甲")))
    back = (
        covered
        + act("撤白名单", "专责", ", 因: 拆完了", refused="无权限")
        + act("撤白名单", "专业", ", 因: 拆完了")
    )
    made = audited(tmp_path, back, f"{{发现: [{{规则: {RULE}, 状态: 重现}}]}}")
    assert made.passed, told(made)
    none = told(audited(tmp_path, SPOILT + act("撤白名单", "专业", ", 因: 拆完了")))
    assert "没有规则 X:4.02、用户 任意 的白名单里的问题" in none


# -- mending -------------------------------------------------------------------------------------------
def test_an_order_opened_for_a_finding_clears_it_when_the_archive_is_written(tmp_path: Path) -> None:
    row = "{entity: customer, field: elec_addr, new_value: 示范市甲路1号, grounds: 产权证}"
    opened = f"- 问题: {{规则: {RULE}, 做: 起单}}\n  由: acceptance_clerk\n  数据: {{更正清单: [{row}]}}\n  另存: 单\n"
    steps = (
        SPOILT
        + opened
        + "- {快进: 信息归档, 工单: 单, 应: {发现: [{规则: X:4.02, 状态: 已发现}]}}\n- {快进: 到底}"
    )
    made = audited(tmp_path, steps, f"{{状态: 已归档, 发现: [{{规则: {RULE}, 状态: 已消除}}]}}")
    assert made.passed, told(made)


def test_a_flow_that_is_not_of_accounts_opens_no_order_for_a_finding(tmp_path: Path) -> None:
    made = audited(tmp_path, SPOILT + act("起单", "acceptance_clerk", ", 流程: 批量修改数据"))
    assert "flow_without_customer" in told(made)


@pytest.mark.parametrize("steps", [SPOILT + ASK, SPOILT + ASK + "- {问题: {做: 批准}, 由: 专业}\n"])
def test_what_was_asked_for_is_wound_back_too(tmp_path: Path, steps: str) -> None:
    (scenario,) = read(tmp_path, text(steps))
    with world_for(scenario) as world:
        run = Run(scenario, world, keep=True)
        run.begin()
        states = []
        for _ in run.steps:
            states.append((list(world.extra.get("asked", [])), world.store.table("audit_exemption").all()))
            assert run.step().mark == "✓"
        for state in reversed(states):
            run.back()
            assert (world.extra.get("asked", []), world.store.table("audit_exemption").all()) == state
