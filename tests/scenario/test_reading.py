"""Scenario files are read strictly: what is wrong is told with file, line and the nearest word."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.scenes import read, rename, written, wrong
from yk.errors import UnreadableError, UsageError
from yk.scenario.reading import files, load

HEAD = "版本: 1\n流程: 更名\n场景:\n  - 名称: 例\n"


def test_a_file_is_read_with_its_steps_and_expectations(tmp_path: Path) -> None:
    (scenario,) = read(
        tmp_path,
        rename(
            """
            - 建单: {用户: "1016000001", 新用户名: 甲}
              由: 业务受理人员
            - {办理: 业务受理, 照例: 是, 应拒: {码: [本户无欠费], 含: 元}}
            """,
            "{状态: 已归档, 档案: {'1016000001': {户名: 甲}}}",
        ),
    )
    assert [step.act for step in scenario.steps] == ["open", "do"]
    assert scenario.steps[0].what == {"customer": "1016000001", "flow": "", "data": {"新用户名": "甲"}}
    assert scenario.steps[1].what == "acceptance"
    assert scenario.steps[1].refused is not None
    assert scenario.steps[1].refused.words == ("本户无欠费",)
    assert [one.kind for one in scenario.then] == ["at", "archive"]
    assert scenario.then[0].value == ["completed"]
    assert scenario.flow == "rename"


def test_english_keys_mean_the_same(tmp_path: Path) -> None:
    chinese = read(tmp_path, rename("- {建单: {用户: 1016000001}, 由: 培训师, 应: {状态: 业务受理}}"))
    english = read(
        tmp_path,
        """
        version: 1
        flow: rename
        scenarios:
          - name: 例
            when:
              - {open: {customer: 1016000001}, by: 培训师, expect: {at: acceptance}}
        """,
    )
    for one, other in zip(chinese[0].steps, english[0].steps, strict=True):
        assert (one.act, one.what, one.by) == (other.act, other.what, other.by)
        assert [(w.kind, w.value) for w in one.expect] == [(w.kind, w.value) for w in other.expect]


def test_three_ways_to_write_a_table_are_one(tmp_path: Path) -> None:
    tables = (
        "[{甲: 1, 乙: x}, {甲: 2, 乙: '003'}]",
        "[[甲, 乙], [1, x], [2, '003']]",
        "|\n      | 甲 | 乙  |\n      | 1  | x   |\n      | 2  | 003 |",
    )
    made = [
        [one.name for one in read(tmp_path, f"{HEAD}    例子: {table}\n    当: [{{核对: '${{乙}}'}}]\n")]
        for table in tables
    ]
    assert made[0] == made[1] == made[2] == ["例[甲=1，乙=x]", "例[甲=2，乙=003]"]


def test_account_numbers_keep_their_zeros_and_length(tmp_path: Path) -> None:
    (scenario,) = read(
        tmp_path, rename("- 填写: {甲: 0012345678, 乙: 1016000001, 丙: 12, 丁: 1.50, 戊: 2008-12-30}")
    )
    assert dict(scenario.steps[0].what) == {
        "甲": "0012345678",
        "乙": "1016000001",
        "丙": 12,
        "丁": 1.5,
        "戊": "2008-12-30",
    }


def test_variables_templates_and_includes_go_together(tmp_path: Path) -> None:
    written(
        tmp_path,
        """
        变量: {户: "1016000001", 谁: 甲}
        假如: {日期: 2026-11-23, 人员: {甲: 业务受理人员, 乙: 归档人员}}
        模板:
          建一张:
            - {建单: {用户: "${户}"}, 由: "${谁}"}
        """,
        "_共.yk.yaml",
    )
    (scenario,) = read(
        tmp_path,
        """
        引用: [_共.yk.yaml]
        流程: 更名
        场景:
          - 名称: 例
            变量: {户: "1016000002"}
            假如: {人员: {甲: 培训师}}
            当: [{套用: 建一张, 参数: {谁: 乙}}]
        """.replace("甲: 培训师", "甲: 归档人员"),
    )
    (step,) = scenario.steps
    assert (step.what["customer"], step.by) == ("1016000002", "乙")
    assert step.place.file == "例.yk.yaml"
    assert step.source.file == "_共.yk.yaml"
    assert {name: one["roles"] for name, one in scenario.given["people"].items()} == {
        "甲": ["archivist"],
        "乙": ["archivist"],
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            f"{HEAD}    当:\n      - {{办理: 业务受理, 应拒绝: x}}\n",
            "例.yk.yaml:6: 步骤 不认识“应拒绝” 是不是想写 应拒",
        ),
        (
            f"{HEAD}    当: [{{办理: 业务受里}}]\n",
            "例.yk.yaml:5: 流程 更名 没有环节 业务受里 是不是想写 业务受理",
        ),
        (
            f"{HEAD}    当: [{{办理: 业务受理, 备齐: 业务受理}}]\n",
            "例.yk.yaml:5: 一个步骤必须恰有一个动作，现有：办理、备齐",
        ),
        (f"{HEAD}    当: [{{由: 甲}}]\n", "例.yk.yaml:5: 一个步骤必须恰有一个动作，现有：一个也没有"),
        (f"{HEAD}    当: 甲\n", "例.yk.yaml:5: 当应是列表"),
        (f"{HEAD}    当: [{{套用: 没有}}]\n", "例.yk.yaml:5: 没有模板“没有”"),
        (f"{HEAD}    当: [{{核对: '${{没有}}'}}]\n", "例.yk.yaml:5: 没有变量“没有”"),
        (f"{HEAD}    当: [{{核对: x, 应: {{状太: x}}}}]\n", "例.yk.yaml:5: 期望不认识“状太” 是不是想写 状态"),
        (f"{HEAD}    那么: {{状态: 办完}}\n", "例.yk.yaml:5: 流程 更名 没有环节 办完"),
        (f"{HEAD}    那么: {{档案: {{'1': {{户铭: x}}}}}}\n", "例.yk.yaml:5: 用电客户没有“户铭”这个字段"),
        (f"{HEAD}    那么: {{表单: {{新名字: x}}}}\n", "例.yk.yaml:5: "),
        (f"{HEAD}    那么: {{时限: {{灯色: 绿}}}}\n", "例.yk.yaml:5: 时限不认识“灯色”"),
        (f"{HEAD}    跳过:\n", "例.yk.yaml:5: 跳过必须写明理由"),
        (f"{HEAD}    已知缺陷: ''\n", "例.yk.yaml:5: 已知缺陷必须写明理由"),
        (f"{HEAD}    种子: 甲\n", "例.yk.yaml:5: 种子应是整数"),
        (f"{HEAD}    假如: {{日子: x}}\n", "例.yk.yaml:5: 假如不认识“日子”"),
        (f"{HEAD}    假如: {{日期: 昨天}}\n", "例.yk.yaml:5: 时间写法不对：昨天"),
        (f"{HEAD}    假如: {{人员: {{甲: 厂长}}}}\n", "例.yk.yaml:5: 没有 厂长 这个角色"),
        (f"{HEAD}    假如: {{节假日: [元旦]}}\n", "例.yk.yaml:5: 节假日写成"),
        (f"{HEAD}    假如: {{设置: {{lamp_warn: 1}}}}\n", "例.yk.yaml:5: 没有设置 lamp_warn"),
        (f"{HEAD}    假如: {{客户: [{{户名: x}}]}}\n", "例.yk.yaml:5: 客户表里有一行没有用户编号"),
        (
            f"{HEAD}    假如: {{客户: [{{用户编号: '1', 颜色: 红}}]}}\n",
            "例.yk.yaml:5: 用电客户没有“颜色”这个字段",
        ),
        (f"{HEAD}    假如: {{档案: {{电表表: []}}}}\n", "例.yk.yaml:5: 档案里没有“电表表”这类数据"),
        (f"{HEAD}    例子: |\n      甲 | 乙\n", "表格的一行要以 | 开头和结尾"),
        (f"{HEAD}    例子: [[甲, 乙], [1]]\n", "表格的表头有 2 列"),
        (f"{HEAD}    例子: []\n", "例.yk.yaml:5: 例子里一行也没有"),
        (f"{HEAD}  - 名称: 例\n", "例.yk.yaml:5: 场景“例”与第 4 行的重名"),
        ("版本: 2\n场景: []\n", "例.yk.yaml:1: 版本 2 不认识"),
        ("流程: 更名\n", "例.yk.yaml:1: 缺少 场景"),
        ("流程: 改名\n场景: [{名称: x}]\n", "例.yk.yaml:1: 没有流程“改名”"),
        ("流程: 更名\n流程: 销户\n", "例.yk.yaml:2: 键 流程 写了两次"),
        ("流程: 更名\nflow: 销户\n", "例.yk.yaml:2: 文件里的 flow 用两种写法写了两次"),
        ("流程: {甲\n", "例.yk.yaml:2: YAML 写法不对"),
        ("引用: [没有.yk.yaml]\n场景: []\n", "例.yk.yaml:1: 引用的 没有.yk.yaml 不存在"),
        ("引用: [例.yk.yaml]\n场景: []\n", "引用绕成了圈"),
        ("场景: [{当: []}]\n", "例.yk.yaml:1: 场景缺少 名称"),
        (f"{HEAD}    当: [{{事件: {{交费: x}}}}]\n", "例.yk.yaml:5: 事件不认识“交费” 是不是想写 缴费"),
        (f"{HEAD}    当: [{{会签: [{{营销部: 好}}]}}]\n", "例.yk.yaml:5: 会签意见不认识“好”"),
        (f"{HEAD}    当: [{{办理: 业务受理, 应拒: []}}]\n", "例.yk.yaml:5: 应拒没有写明原因"),
        (f"{HEAD}    当: [{{批量: {{类别: 销户}}}}]\n", "例.yk.yaml:5: 批量缺少 批次"),
        (
            f"{HEAD}    当: [{{批量: {{类别: 销户, 批次: 甲}}}}]\n",
            "例.yk.yaml:5: 批量要有 表 或 文件，二者取一",
        ),
        (f"{HEAD}    当: [{{续办: 甲, 断电于: 0}}]\n", "例.yk.yaml:5: 断电于哪一行应是从 1 起的整数"),
        (f"{HEAD}    当: [{{办理: 业务受理, 照例: 也许}}]\n", "例.yk.yaml:5: 照例应写 是 或 否"),
        (f"{HEAD}    当: [{{办理: 业务受理, 数据: {{甲: 一,乙}}, 二: x}}]\n", "句中若有半角逗号，换成全角"),
        (f"变量: {{名: 新里,电气}}\n{HEAD}", "例.yk.yaml:1: “电气”后面没有冒号和内容 句中若有半角逗号"),
        ("流程: 更名\n场景: []\n", "例.yk.yaml:2: 场景 里一个也没有"),
        (f"{HEAD}    编号: 甲\n  - {{名称: 二, 编号: 甲}}\n", "例.yk.yaml:6: 编号 甲 与第 4 行的相同"),
        (f"{HEAD}    那么: {{表单: {{新用户名: '${{没有}}'}}}}\n", "例.yk.yaml:5: 没有变量“没有”"),
        (
            f"{HEAD}    假如: {{客户: [{{用户编号: '1', 户名: '${{无名}}'}}]}}\n",
            "例.yk.yaml:5: 没有变量“无名”",
        ),
        (
            f"变量: {{甲: x, 乙: x}}\n{HEAD}    那么: {{档案: {{'${{甲}}': 无, '${{乙}}': 无}}}}\n",
            "例.yk.yaml:6: ${乙} 代入后是 x，写了两次",
        ),
        (f"{HEAD}    当: [{{事件: {{产生欠费: {{金额: 一百}}}}}}]\n", "例.yk.yaml:5: 金额应是大于 0 的数"),
        (
            f"{HEAD}    那么: {{表单: {{新用户名: '/[/'}}}}\n",
            "例.yk.yaml:5: 正则 /[/ 写法不对，在第 1 个字符",
        ),
        (f"{HEAD}    那么: {{发现: {{规则: X:9.99, 数: 0}}}}\n", "例.yk.yaml:5: 没有 X:9.99 这条规则"),
        (f"{HEAD}    那么: {{发现: {{状态: 已消, 数: 0}}}}\n", "例.yk.yaml:5: 问题没有“已消”这个状态"),
        (f"{HEAD}    那么: {{事故: {{事故: 天塌了, 数: 0}}}}\n", "例.yk.yaml:5: "),
        (
            f"{HEAD}    那么: {{审计: {{事: 确认措失, 数: 0}}}}\n",
            "记录里没有“确认措失”这种事 是不是想写 确认措施",
        ),
        (f"{HEAD}    那么: {{发现: [[]]}}\n", "例.yk.yaml:5: 发现的一行应写成 键: 值，现为 列表"),
        (
            f"{HEAD}    那么: {{档案: {{用电客户: [x]}}}}\n",
            "例.yk.yaml:5: 用电客户的一行应写成 键: 值，现为 x",
        ),
        (f"{HEAD}    那么: {{时限: {{灯: 蓝}}}}\n", "例.yk.yaml:5: 灯不认识“蓝”"),
        (f"{HEAD}    那么: {{时限: {{灯: [绿]}}}}\n", "例.yk.yaml:5: 灯应是文字，现为 列表"),
        (f"{HEAD}    那么: {{状态: {{甲: 乙}}}}\n", "例.yk.yaml:5: 状态应是文字的列表，现有 键值对"),
        (f"{HEAD}    假如: {{存储: [文件]}}\n", "例.yk.yaml:5: 存储不认识“列表”"),
        (f"{HEAD}    假如: {{日期: 9999-12-31}}\n", "例.yk.yaml:5: 时间写法不对：9999-12-31"),
        (f"{HEAD}    须覆盖: {{守位: [x]}}\n", "例.yk.yaml:5: 没有“守位”这个覆盖维度 是不是想写 守卫"),
        ("场景:\n  - 名称: 例\n    须覆盖: {守卫: [x]}\n", "例.yk.yaml:3: 须覆盖 要有流程"),
        (f"{HEAD}    快照: ../快.txt\n", "例.yk.yaml:5: 快照 ../快.txt 应在场景文件旁边"),
        (
            f"{HEAD}    当: [{{批量: {{类别: 销户, 批次: 甲, 表: [], 数据: x}}}}]\n",
            "例.yk.yaml:5: 数据应写成 键: 值，现为 x",
        ),
        (f"{HEAD}    当: [{{续办: 甲, 断电于: 是}}]\n", "断电于哪一行应是从 1 起的整数，现为 是"),
        (f"{HEAD}    当: [{{建单: {{}}, 断电于: 1}}]\n", "“断电于”写在“建单”旁边不起作用"),
        (
            f"{HEAD}    当: [{{批量: {{类别: 销户, 批次: 甲, 表: [], 止于: 计划}}, 断电于: 1}}]\n",
            "“断电于”写在“批量”旁边不起作用",
        ),
        (f"{HEAD}    当: [{{受理: {{}}, 去向: 合同变更}}]\n", "“去向”写在“受理”旁边不起作用"),
        (f"{HEAD}    当: [{{过: 1天, 由: 李婷}}]\n", "“由”写在“过”旁边不起作用"),
        (
            f"{HEAD}    快照: 甲.txt\n    例子: [{{甲: 1}}, {{甲: 2}}]\n",
            "例.yk.yaml:4: 快照 甲.txt 与第 4 行的相同",
        ),
        ("甲: &甲 [x]\n", "例.yk.yaml:1: YAML 写法不对"),
        (
            "a0: &a0 [x, x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
            "内容超过 500000 项",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_nearest_word(
    text: str, told: str, tmp_path: Path
) -> None:
    assert told in wrong(tmp_path, text)


def test_templates_may_use_each_other_but_not_without_end(tmp_path: Path) -> None:
    text = f"模板: {{甲: [{{套用: 乙}}], 乙: [{{套用: 甲}}]}}\n{HEAD}    当: [{{套用: 甲}}]\n"
    assert "套得太深" in wrong(tmp_path, text)


def test_an_include_that_leads_nowhere_is_told_where_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "夹").mkdir()
    written(tmp_path, "变量: {}\n引用: [../例.yk.yaml]\n", "夹/_里.yk.yaml")
    told = wrong(tmp_path, f"引用: [夹/_里.yk.yaml]\n{HEAD}")
    assert told.startswith("夹/_里.yk.yaml:2: 引用绕成了圈：../例.yk.yaml 又引用到自己")
    assert wrong(tmp_path, f"引用: [夹]\n{HEAD}").startswith("例.yk.yaml:1: 引用的 夹 是一个文件夹")


def test_files_that_include_each_other_many_times_are_read_once(tmp_path: Path) -> None:
    for number in range(30):
        both = f"引用: [_{number + 1}.yk.yaml, _{number + 1}.yk.yaml]\n" if number < 29 else ""
        written(tmp_path, f"{both}变量: {{值{number}: {number}}}\n", f"_{number}.yk.yaml")
    (scenario,) = read(tmp_path, f"引用: [_0.yk.yaml]\n{HEAD}    说明: '${{值29}}'\n")
    assert scenario.note == "29"


def test_an_empty_cell_is_nothing_in_a_text(tmp_path: Path) -> None:
    text = f"{HEAD}    例子: [{{甲: ~, 乙: 是}}]\n    说明: '甲${{甲}}乙${{乙}}'\n"
    (scenario,) = read(tmp_path, text)
    assert (scenario.name, scenario.note) == ("例[甲=，乙=是]", "甲乙是")


def test_a_file_named_twice_is_run_once(tmp_path: Path) -> None:
    path = written(tmp_path, rename("- {核对: x}"))
    (tmp_path / "夹").mkdir()
    assert files([path, tmp_path / "夹" / ".." / path.name, tmp_path]) == [path]


def test_files_that_begin_with_an_underscore_are_only_included(tmp_path: Path) -> None:
    for name in ("_共.yk.yaml", "甲.yk.yaml", "乙.yaml"):
        written(tmp_path, rename("- {核对: x}"), name)
    assert [path.name for path in files([tmp_path])] == ["甲.yk.yaml"]


def test_a_path_that_is_not_there_or_holds_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"没有 .*无 这个文件"):
        files([tmp_path / "无"])
    with pytest.raises(UsageError, match="没有场景文件"):
        files([tmp_path])


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "坏.yk.yaml"
    path.write_bytes("场景: []".encode("gb18030"))
    with pytest.raises(UsageError, match="不是 UTF-8 编码"):
        load(path)
