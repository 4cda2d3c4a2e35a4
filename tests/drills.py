"""A lesson that can be played to its end: 更名 in two chapters, the system down at the counter, questions, a clause to repeat."""

from __future__ import annotations

from pathlib import Path

from yk.scenario.reading import load
from yk.scenario.scenario import Scenario

DRILL = """
流程: 更名
课程: {课名: 系统断了怎么办, 及格: 80, 分钟: 20, 解锁角色: [业务受理人员]}
变量: {户: "1016000001"}
场景:
  - 名称: 先受理后补录
    编号: YL-001
    种子: 7
    当:
      - 章: 受理
        讲稿: 系统断了，人不能晾着。先登记在纸上，恢复后当天补录。
        事件: {手工登记: {用户: "${户}"}}
        注入: {事故: 系统故障, 风险: 334.1.R1}
      - 事件: {系统恢复: 是}
      - 受理: {用户: "${户}"}
        照例: 是
        讲稿: 补录时和平常一样逐项核对。
      - 章: 变更
        办理: 合同变更
        照例: 是
        提问: [{措施: 2.R1}]
      - 办理: 信息归档
        照例: 是
        提问: {题目: 归档前看哪一项, 选项: [抄表例日, 天气, 生日], 答案: 抄表例日}
    那么: {状态: 客户回访}
"""
NAME = "演练.yk.yaml"
BY_HAND = (
    "事件: {手工登记: {用户: '1016000001'}}",
    "事件: {系统恢复: 是}",
    "{受理: {用户: '1016000001'}, 照例: 是}",
)
"""What settles the incident, a step a line."""


def written(folder: Path, text: str = DRILL) -> Path:
    """The lesson as a file."""
    path = folder / NAME
    path.write_text(text, encoding="utf-8")
    return path


def drill(folder: Path, text: str = DRILL) -> Scenario:
    """The lesson, read."""
    return load(written(folder, text), NAME)[0]
