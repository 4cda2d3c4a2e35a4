"""A scenario runs on the real engine in a world of its own: what it did is gone afterwards, what was wrong is all told."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.scenes import HOUSE, NEW_NAME, WORKS, read, rename, result, results
from yk.desk.looking_up import row_of
from yk.scenario.running import Run, run_scenario, world_for
from yk.scenario.telling import explain
from yk.scenario.world import World

WHOLE = f"""
- 建单: {{用户: "{WORKS}", 新用户名: {NEW_NAME}}}
- {{快进: 到底}}
"""


def content(world: World) -> dict[str, dict[str, object]]:
    """Everything a world's store holds."""
    medium = world.store.medium
    return {name: dict(medium.rows(one).items()) for name, one in medium.collections.items()}


def test_an_order_goes_from_acceptance_to_the_archive(tmp_path: Path) -> None:
    made = result(
        tmp_path,
        rename(
            WHOLE,
            f"{{状态: 已归档, 档案: {{'{WORKS}': {{户名: {NEW_NAME}, 曾用名: [城东竹川测试电气有限公司]}}}}}}",
        ),
    )
    assert made.passed, made.misses
    assert [told.mark for told in made.log] == ["✓", "✓"]


def test_nothing_of_a_scenario_is_left_in_the_next_ones_world(tmp_path: Path) -> None:
    with World() as world:
        before = content(world)
    first = results(
        tmp_path,
        rename(WHOLE)
        + "  - 名称: 二\n    假如: {客户: [{用户编号: '1016000007', 欠费: 5}]}\n    当: [{过: 9天}]\n",
    )
    with World() as world:
        assert content(world) == before
    again = results(tmp_path, rename(WHOLE))
    assert [one.passed for one in (*first, *again)] == [True] * 3
    assert again[0].log == first[0].log


def test_a_step_back_restores_the_archive_the_clock_and_the_order(tmp_path: Path) -> None:
    (scenario,) = read(tmp_path, rename(WHOLE + "- {过: 3天}\n"))
    with world_for(scenario) as world:
        run = Run(scenario, world, keep=True)
        run.begin()
        states = []
        for _ in run.steps:
            states.append((content(world), world.clock.now, world.case))
            run.step()
        assert row_of(world.store, "customer", WORKS)["cons_name"] == NEW_NAME
        for state in reversed(states):
            assert run.back()
            assert (content(world), world.clock.now, world.case) == state
        assert not run.back()
        while run.position < len(run.steps):
            run.step()
        assert run.finish().passed


def test_every_expectation_that_does_not_hold_is_told_with_what_was_there(tmp_path: Path) -> None:
    made = result(
        tmp_path,
        rename(
            f"- 建单: {{用户: '{WORKS}', 新用户名: {NEW_NAME}}}",
            f"{{状态: 合同变更, 档案: {{'{WORKS}': {{户名: 乙, 欠费: 5}}}}, 时限: {{灯: 红}}, 经过: [业务受理]}}",
        ),
    )
    assert not made.passed
    assert made.title == "结果有 5 处不符"
    assert [miss.where for miss in made.misses] == [
        "状态",
        f"档案.{WORKS}.用户名称",
        f"档案.{WORKS}.欠费",
        "时限.灯",
        "经过",
    ]
    at, name = made.misses[:2]
    assert (at.wanted, at.found) == ("合同变更", "业务受理")
    assert "“业务受理”送出被挡住" in at.hint
    assert (name.wanted, name.found) == ("乙", "城东竹川测试电气有限公司")


def test_a_refusal_that_was_not_expected_ends_the_scenario_with_every_reason(tmp_path: Path) -> None:
    made = result(tmp_path, rename(f"- 建单: {{用户: '{WORKS}'}}\n- {{办理: 业务受理}}\n- {{核对: 到不了}}"))
    assert made.title == "没有料到的拒绝"
    assert {"new_name", "M03"} <= {
        word for miss in made.misses for word in ("new_name", "M03") if word in miss.found
    }
    assert [told.mark for told in made.log] == ["✓", "✗", "·"]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("本户无欠费", ""),
        ("arrears", ""),
        ("本户无欠费:334.1.R3.C1", ""),
        ("本户无欠费:334.1.R3.C2", "拒绝的原因不对"),
        ("[本户无欠费, 用户未销户]", "拒绝的原因不对"),
        ("用户未销户", "拒绝的原因不对"),
        ("{码: arrears, 含: '1286.00'}", "拒绝的原因不对"),
        ("{码: arrears, 含: '1298.86'}", ""),
        ("{含: '1298.86'}", ""),
    ],
)
def test_the_reasons_of_a_refusal_must_be_exactly_those_written(
    words: str, title: str, tmp_path: Path
) -> None:
    steps = f"""
    - {{建单: {{用户: '{WORKS}', 新用户名: {NEW_NAME}}}, 照例: 是}}
    - {{事件: {{违反: 本户无欠费}}}}
    - {{办理: 业务受理, 应拒: {words}}}
    """
    made = result(tmp_path, rename(steps))
    assert made.title == title


def test_a_second_reason_that_nobody_wrote_is_a_failure(tmp_path: Path) -> None:
    steps = f"""
    - {{建单: {{用户: '{WORKS}', 新用户名: {NEW_NAME}}}, 照例: 是}}
    - {{事件: {{违反: [本户无欠费, 单位资料盖有行政公章]}}}}
    - {{办理: 业务受理, 应拒: 本户无欠费}}
    """
    made = result(tmp_path, rename(steps))
    assert made.title == "拒绝的原因不对"
    assert "没有写“单位资料盖有行政公章”" in made.misses[0].hint


def test_passing_where_a_refusal_was_expected_is_a_failure(tmp_path: Path) -> None:
    steps = f"- {{受理: {{用户: '{WORKS}', 新用户名: {NEW_NAME}}}, 照例: 是, 应拒: 本户无欠费}}"
    assert result(tmp_path, rename(steps)).title == "本应被拒却通过了"


def test_what_is_passed_over_says_why_and_what_is_known_to_fail_must_fail(tmp_path: Path) -> None:
    text = rename("- {核对: x}")
    skipped = result(tmp_path, text + "    跳过: 等通知\n")
    assert (skipped.skipped, skipped.failed, skipped.log) == ("等通知", False, [])
    assert result(tmp_path, text + "    已知缺陷: 编号 7\n").failed
    assert not result(tmp_path, text + "    已知缺陷: 编号 7\n    那么: {状态: 已归档}\n").failed


def test_an_order_may_be_named_and_worked_on_beside_another(tmp_path: Path) -> None:
    steps = f"""
    - {{建单: {{用户: '{WORKS}', 新用户名: {NEW_NAME}}}, 另存: 甲}}
    - {{建单: {{用户: '{HOUSE}', 流程: 更改交费方式}}, 另存: 乙}}
    - {{终止: 客户撤回, 工单: 甲, 应: {{状态: 已终止}}}}
    - {{核对: 乙还在, 工单: 乙, 应: {{状态: 业务受理}}}}
    - {{办理: 业务受理, 工单: 丙}}
    """
    made = result(tmp_path, rename(steps))
    assert [told.mark for told in made.log] == ["✓", "✓", "✓", "✓", "✗"]
    assert "没有叫“丙”的工单" in made.misses[0].found


def test_an_account_may_be_made_like_another_with_everything_its_own(tmp_path: Path) -> None:
    text = rename(
        f"- {{建单: {{用户: '2000000001', 新用户名: {NEW_NAME}}}}}\n- {{快进: 到底}}",
        f"{{状态: 已归档, 档案: {{'2000000001': {{户名: {NEW_NAME}, 运行电能表: [{{数: 1}}]}}, '{HOUSE}': {{户名: 测溪明}}}}, 发现: {{数: 0}}}}",
    ).replace(
        "    当:\n", "    假如: {客户: [{用户编号: '2000000001', 户名: 新立户, 照: '1016000001'}]}\n    当:\n"
    )
    made = result(tmp_path, text)
    assert made.passed, made.misses


def test_the_people_of_a_scenario_act_where_they_may(tmp_path: Path) -> None:
    text = rename(
        f"- {{受理: {{用户: '{WORKS}', 新用户名: {NEW_NAME}}}, 照例: 是, 应: {{审计: [{{人: 李婷, 事: 发送}}]}}}}\n"
        "- {办理: 合同变更, 由: 李婷, 照例: 是, 应拒: 无权限}\n"
        "- {办理: 合同变更, 由: 赵同, 照例: 是}",
        "{审计: [{人: 赵同, 环节: 合同变更, 事: 发送}, {人: 李婷, 事: 发送, 数: 1}]}",
    ).replace("    当:\n", "    假如: {人员: {李婷: 业务受理人员, 赵同: 合同管理人员}}\n    当:\n")
    made = result(tmp_path, text)
    assert made.passed, made.misses


def test_a_world_that_cannot_be_built_is_told_as_a_failure(tmp_path: Path) -> None:
    text = rename("- {核对: x}").replace(
        "    当:\n", "    假如: {客户: [{用户编号: '2', 照: '3'}]}\n    当:\n"
    )
    made = result(tmp_path, text)
    assert (made.title, made.misses[0].where) == ("世界搭不起来", "假如")
    assert "要照着建的用户 3 不在档案里" in made.misses[0].found


def test_what_a_scenario_exists_for_must_be_met(tmp_path: Path) -> None:
    text = rename(WHOLE) + "    须覆盖: {去向: [合同变更], 拒绝码: [arrears], 守卫: [没有的]}\n"
    made = result(tmp_path, text)
    assert [(miss.where, miss.found) for miss in made.misses] == [
        ("须覆盖.拒绝码", "没有走到"),
        ("须覆盖.守卫", "流程里没有这一项"),
    ]


def test_a_world_in_a_file_goes_with_its_folder_and_winds_back_too(tmp_path: Path) -> None:
    text = rename(WHOLE).replace("    当:\n", "    假如: {存储: 文件}\n    当:\n")
    (scenario,) = read(tmp_path, text)
    with world_for(scenario) as world:
        assert world.folder is not None
        folder = world.folder
        run = Run(scenario, world, keep=True)
        run.begin()
        before = content(world)
        run.step()
        run.step()
        assert run.back()
        assert run.back()
        assert content(world) == before
        run.step()
        run.step()
        assert run.finish().passed
    assert not folder.exists()


def test_of_many_reasons_the_one_too_many_is_told_first(tmp_path: Path) -> None:
    steps = f"""
    - {{建单: {{用户: '{WORKS}', 新用户名: {NEW_NAME}}}, 照例: 是}}
    - {{事件: {{违反: [本户无欠费, 单位资料盖有行政公章]}}}}
    - {{办理: 业务受理, 应拒: 本户无欠费用}}
    """
    first = explain(result(tmp_path, rename(steps)))[0]
    assert first.startswith(
        "拒绝的原因不对：没有因“本户无欠费用”被拒（是不是想写 本户无欠费？）；没有写“本户无欠费”；没有写“单位资料盖有行政公章”"
    )


@pytest.mark.parametrize("name", ["夹", "乱.txt"])
def test_a_snapshot_that_cannot_be_read_fails_its_scenario_and_no_other(name: str, tmp_path: Path) -> None:
    (tmp_path / "夹").mkdir()
    (tmp_path / "乱.txt").write_bytes(b"\xff\xfe\x00")
    text = rename("- {核对: 看}") + f"    快照: {name}\n  - {{名称: 二, 当: [核对: 看]}}\n"
    broken, other = results(tmp_path, text)
    assert (broken.passed, broken.misses[0].where, other.passed) == (False, "快照", True)


def test_time_that_would_never_end_is_refused(tmp_path: Path) -> None:
    made = result(tmp_path, rename("- {到: 2999-12-31}"))
    assert "一步最多过 30 年" in explain(made)[0]


def test_two_runs_of_a_scenario_are_the_same(tmp_path: Path) -> None:
    (scenario,) = read(tmp_path, rename(WHOLE + "- {过: 5个工作日}\n"))
    one, other = run_scenario(scenario), run_scenario(scenario)
    assert (one.log, one.clock, one.seen) == (other.log, other.clock, other.seen)
