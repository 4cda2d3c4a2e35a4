"""What a scenario expects is written as people say it: codes by their names, orders by their labels, rows of nobody's account."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.scenes import HOUSE, WORKS, rename, result
from yk.scenario.result import Result

OPENED = f"- 建单: {{用户: '{WORKS}'}}\n"


def told(made: Result) -> str:
    """Everything a result says is wrong."""
    return "\n".join(f"{miss.where} {miss.wanted} {miss.found} {miss.hint}" for miss in made.misses)


def looked(folder: Path, then: str, steps: str = OPENED) -> Result:
    """How a scenario goes that expects this at its end."""
    return result(folder, rename(steps, then))


@pytest.mark.parametrize(
    ("account", "fits", "misses"),
    [
        (WORKS, "供电单位编号: 示范市开发区供电分公司", "供电单位编号: 示范市城东供电分公司"),
        (WORKS, "供电单位编号: '99404'", "供电单位编号: '99401'"),
        (HOUSE, "停电标志: 否", "停电标志: 是"),
        (WORKS, "运行变压器: {运行状态: 运行, 公变专变标志: 专变}", "运行变压器: {运行状态: 停用}"),
        (HOUSE, "重要等级: 无", "重要等级: 任意"),
        (HOUSE, "用户分类: /^03$/", "用户分类: ~低压"),
    ],
)
def test_a_code_is_meant_by_its_name_or_itself_and_matchers_stay_what_they_are(
    tmp_path: Path, account: str, fits: str, misses: str
) -> None:
    assert looked(tmp_path, f"{{档案: {{'{account}': {{{fits}}}}}}}").passed
    assert not looked(tmp_path, f"{{档案: {{'{account}': {{{misses}}}}}}}").passed


def test_the_form_too_says_codes_by_name_and_yes_and_no(tmp_path: Path) -> None:
    assert looked(tmp_path, "{表单: {申请方式: 柜台服务, 同城异地受理: 否}}").passed
    made = looked(tmp_path, "{表单: {申请方式: 网上国网, 同城异地受理: 是}}")
    assert [miss.where for miss in made.misses] == ["表单.申请方式", "表单.同城异地受理"]


def test_an_order_meant_by_its_label_is_looked_at_with_words_of_its_own_flow(tmp_path: Path) -> None:
    steps = f"- {{建单: {{用户: '{HOUSE}', 流程: 改类}}, 另存: 改类单}}\n- {{建单: {{用户: '{WORKS}'}}}}\n"
    seen = "- {核对: 看看, 工单: 改类单, 应: {状态: 业务受理, 表单: {申请方式: 柜台服务}, 时限: {环节: 业务受理, 剩: 1}}}\n"
    assert looked(tmp_path, "{}", steps + seen).passed
    wrong = looked(tmp_path, "{}", steps + seen.replace("状态: 业务受理", "状态: 现场勘查"))
    assert "状态 现场勘查 业务受理" in told(wrong)
    assert "没有环节 胡写" in told(
        looked(tmp_path, "{}", steps + seen.replace("状态: 业务受理", "状态: 胡写"))
    )


def test_rows_that_are_of_no_account_are_expected_by_their_kind(tmp_path: Path) -> None:
    put = "- 事件: {档案变动: {项目: [{项目标识: XM-1, 项目名称: 示范一期, 项目类别: '01'}]}}\n"
    assert looked(tmp_path, "{档案: {项目: [{项目名称: 示范一期, 业主单位: 无, 数: 1}]}}", put).passed
    assert looked(tmp_path, "{档案: {项目: [{项目名称: 示范二期, 数: 0}]}}", put).passed
    assert "档案.项目" in told(looked(tmp_path, "{档案: {项目: [{项目名称: 示范二期}]}}", put))
    assert "没有“名字”这个字段" in told(looked(tmp_path, "{档案: {项目: [{名字: 甲}]}}", put))


@pytest.mark.parametrize("nothing", ["[]", "无", "{数: 0}"])
@pytest.mark.parametrize(
    "kind", ["审计: {}", "档案: {{'1016000001': {{运行电能表: {}}}}}", "档案: {{用电客户: {}}}"]
)
def test_a_list_of_nothing_means_that_there_is_nothing(kind: str, nothing: str, tmp_path: Path) -> None:
    if nothing == "{数: 0}" and "用电客户" in kind:
        nothing = f"[{nothing}]"
    assert not looked(tmp_path, f"{{{kind.format(nothing)}}}").passed


@pytest.mark.parametrize("nothing", ["[]", "无", "{数: 0}"])
@pytest.mark.parametrize("kind", ["发现", "消息", "事故"])
def test_where_there_is_nothing_that_may_be_said_in_every_way(
    kind: str, nothing: str, tmp_path: Path
) -> None:
    assert looked(tmp_path, f"{{{kind}: {nothing}}}").passed


def test_what_was_wanted_is_told_in_the_words_it_was_written_in(tmp_path: Path) -> None:
    made = looked(tmp_path, "{审计: [{人: 没人, 事: 登记}, 挂起], 批次: {甲: {可办: 1}}}")
    assert "{'人': '没人', '事': '登记'}" in told(made)
    assert "{'事': '挂起'}" in told(made)
    assert "{'可办': 1}" in told(made)
