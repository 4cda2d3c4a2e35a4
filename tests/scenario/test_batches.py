"""Batches in scenarios: how far they go, the power that goes in a chunk, what is expected of them and of their rows."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from scenario.scenes import result
from yk.scenario.result import Result

LIST = """\
| 用户编号   | 拆表示数 | 销户原因 |
| 1016000006 | 400      | 拆迁     |
| 1016000030 | 520      | 拆迁     |
| 1016000057 | 560      | 拆迁     |
| 1016000088 | 750      | 拆迁     |
| 1016000097 | 510      | 拆迁     |
"""
"""Five accounts; the second owes."""
CLOSED = "{客户状态: 已销户客户, 装拆表记录: {换表原因: 销户, 数: 1}}"


def planned(until: str = "确认") -> str:
    """The step that brings the list, as far as `until`."""
    return f"- 批量:\n    类别: 批量销户\n    批次: 拆\n    止于: {until}\n    表: |\n{indent(LIST, ' ' * 6)}"


def batch(folder: Path, steps: str, then: str = "", chunk: int = 2) -> Result:
    """How a scenario of 批量销户 goes."""
    body = indent(steps.strip(), " " * 6)
    end = f"    那么: {then}\n" if then else ""
    given = f"    假如: {{设置: {{batch_chunk_rows: {chunk}}}}}\n"
    return result(folder, f"版本: 1\n流程: 批量销户\n场景:\n  - 名称: 例\n{given}    当:\n{body}\n{end}")


def expected(what: str) -> str:
    """What is expected of the batch."""
    return f"{{批次: {{拆: {what}}}}}"


def told(made: Result) -> str:
    """Everything a result says is wrong."""
    return "\n".join(f"{miss.where} {miss.wanted} {miss.found} {miss.hint}" for miss in made.misses)


# -- the power -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("row", "done"), [(1, 0), (3, 1), (4, 1), (5, 3)])
def test_the_chunk_in_which_the_power_goes_is_not_there_and_the_batch_goes_on_with_it(
    tmp_path: Path, row: int, done: int
) -> None:
    made = batch(
        tmp_path,
        planned()
        + f"- {{续办: 拆, 断电于: {{行: {row}}}, 应: {expected(f'{{已办: {done}, 工单数: 1}}')}}}\n- {{续办: 拆}}",
        f"{{批次: {{拆: {{状态: 已执行, 已办: 4, 没办成: 0, 不能办: 1, 待办: 0, 工单数: 1}}}},"
        f" 档案: {{'1016000006': {CLOSED}, '1016000088': {CLOSED}, '1016000097': {CLOSED}}}}}",
    )
    assert made.passed, told(made)
    assert [one.mark for one in made.log] == ["✓", "⚡", "✓"]


def test_the_power_may_go_while_a_batch_is_taken_back(tmp_path: Path) -> None:
    made = batch(
        tmp_path,
        planned()
        + f"- {{续办: 拆}}\n- {{撤销: 拆, 断电于: {{行: 3}}, 应: {expected('{状态: 正在撤销, 已撤销: 1, 已办: 3}')}}}\n"
        + "- {撤销: 拆}",
        "{批次: {拆: {状态: 已撤销, 已撤销: 4}}, 档案: {'1016000006': {客户状态: 正常用电客户, 运行电能表: {数: 1}}}}",
    )
    assert made.passed, told(made)


@pytest.mark.parametrize("row", [2, 77])
def test_power_that_is_to_go_at_a_row_that_is_not_written_is_a_mistake_of_the_scenario(
    tmp_path: Path, row: int
) -> None:
    made = batch(tmp_path, planned() + f"- {{续办: 拆, 断电于: {{行: {row}}}}}")
    assert not made.passed
    assert "no_power_cut" in told(made)
    assert f"第 {row} 行没有写入" in told(made)


# -- going on ------------------------------------------------------------------------------------------
def test_whoever_answers_for_a_batch_answers_what_is_his(tmp_path: Path) -> None:
    made = batch(
        tmp_path,
        planned("计划")
        + f"- {{续办: 拆, 由: approver, 确认: 全部, 应拒: 措施未确认, 应: {expected('{状态: 已计划}')}}}\n"
        + "- {续办: 拆, 由: follow_up_agent, 确认: 全部, 应拒: 无权限}\n"
        + "- {续办: 拆, 确认: [approval_result], 应拒: 措施未确认}\n"
        + "- {续办: 拆, 确认: 全部}",
        expected("{状态: 已执行}"),
    )
    assert made.passed, told(made)


def test_fields_and_papers_may_come_while_a_batch_waits(tmp_path: Path) -> None:
    made = batch(
        tmp_path,
        planned("计划") + "- {续办: 拆, 数据: {现场联系人: 安知行}, 资料: [用电申请书], 确认: 全部}",
        "{状态: 已归档, 表单: {现场联系人: 安知行}}",
    )
    assert made.passed, told(made)


def test_a_list_may_lie_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "清单.csv").write_text("用户编号,拆表示数\n1016000057,560\n", encoding="utf-8")
    step = "- 批量: {类别: 批量销户, 批次: 拆, 文件: FILE}"
    assert batch(tmp_path, step.replace("FILE", "清单.csv"), expected("{已办: 1}")).passed
    missing = batch(tmp_path, step.replace("FILE", "没有.csv"))
    assert "清单 没有.csv 不在场景文件旁边" in told(missing)


def test_a_batch_that_is_not_there_is_told_with_the_one_that_is(tmp_path: Path) -> None:
    made = batch(tmp_path, planned("计划") + "- {续办: 拆迁}")
    assert "没有叫“拆迁”的批次" in told(made)
    assert "没有这个批次" in told(batch(tmp_path, planned("计划"), "{批次: {别的: {状态: 已计划}}}"))


# -- what is expected ----------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["各户不欠费", "batch_arrears", "[各户不欠费]"])
@pytest.mark.parametrize("row", ["'1016000030'", "第2行"])
def test_a_row_is_meant_by_account_or_place_and_its_reason_by_label_or_code(
    tmp_path: Path, row: str, reason: str
) -> None:
    steps = planned("计划")
    fits = expected(f"{{行: {{{row}: {{状态: 不能办, 原因: {reason}, 说明: ~欠费 106.72 元}}}}}}")
    assert batch(tmp_path, steps, fits).passed
    wrong = batch(tmp_path, steps, expected(f"{{行: {{{row}: {{原因: 户号在册、不重复、有表}}}}}}"))
    assert "batch_account_unknown" in told(wrong)


def test_a_reason_of_the_plan_is_meant_by_its_name_in_the_totals(tmp_path: Path) -> None:
    steps = planned("计划").replace("| 560      |", "|          |")
    made = batch(tmp_path, steps, expected("{行: {第3行: {原因: 没有拆表示数}}}"))
    assert made.passed, told(made)


def test_an_order_too_many_is_noticed(tmp_path: Path) -> None:
    steps = planned("计划") + "- {建单: {流程: 批量销户}}\n"
    made = batch(tmp_path, steps, expected("{工单数: 1}"))
    assert not made.passed
    assert "工单数 1 2" in told(made)


def test_the_cells_of_a_table_go_by_their_columns_not_by_their_order(tmp_path: Path) -> None:
    table = "[{用户编号: '1016000006', 拆表示数: 400, 销户原因: 拆迁}, {销户原因: 拆迁, 用户编号: '1016000057', 拆表示数: 560}]"
    steps = f"- 批量: {{类别: 批量销户, 批次: 拆, 止于: 计划, 表: {table}}}\n"
    assert batch(tmp_path, steps, expected("{可办: 2}")).passed


@pytest.mark.parametrize("name", ["甲/乙", "../../../../{folder}/出去", "很" * 300])
def test_the_name_of_a_batch_writes_nothing_outside_its_folder(name: str, tmp_path: Path) -> None:
    inside = name.format(folder=tmp_path)
    assert batch(tmp_path, planned("计划").replace("批次: 拆", f"批次: {inside}")).passed
    assert [one.name for one in tmp_path.iterdir()] == ["例.yk.yaml"]


def test_batches_of_a_kind_do_not_count_each_others_orders(tmp_path: Path) -> None:
    other = planned("计划").replace("批次: 拆", "批次: 又").replace("拆迁     |", "搬走     |")
    made = batch(tmp_path, planned("计划") + other, "{批次: {拆: {工单数: 1}, 又: {工单数: 1}}}")
    assert made.passed, told(made)


def test_a_second_batch_does_not_take_the_place_of_one_of_its_name(tmp_path: Path) -> None:
    made = batch(tmp_path, f"{planned('计划')}\n{planned('计划')}")
    assert [one.mark for one in made.log] == ["✓", "✗"]
    assert "已有叫“拆”的批次" in told(made)
