"""A lesson for tests: 更名 with two incidents, questions made from the manual and one of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from yk.scenario.paper import Paper
from yk.scenario.reading import load
from yk.scenario.scenario import Scenario
from yk.scenario.scoring import Answer

LESSON = """
流程: 更名
课程:
  课名: 窗口断线怎么办
  及格: 80
  分钟: 20
  解锁角色: [业务受理人员]
  目标: {认得出: [识别], 先受理后补录: [系统故障], 按时: [用时]}
  学员: 新上岗的受理员
说明: 种子 145 第 1 行
场景:
  - 名称: 系统故障先受理后补录
    编号: KC-001
    种子: 7
    当:
      - 受理: {用户: "1016000001"}
        照例: 是
        注入: 系统故障
      - 办理: 合同变更
        照例: 是
        提问: [{风险: 2.R1}, {措施: 2.R1, 分: 2}]
      - 办理: 信息归档
        照例: 是
        提问: {题目: 归档前看哪一项, 选项: [抄表例日, 天气, 生日], 答案: 抄表例日}
      - 办理: 客户回访
        照例: 是
        注入: {事故: 客户投诉, 后果: 客户把电话打到了省里}
        提问: {做到: 登记投诉并分派, 唱票: 是}
"""


def lesson(folder: Path, text: str = LESSON) -> Scenario:
    """The lesson, read from a file."""
    path = folder / "课.yk.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, "课.yk.yaml")[0]


def answers(paper: Paper, wrong: Iterable[str] = (), hints: int = 0) -> list[Answer]:
    """Every question answered rightly but those whose id contains one of `wrong`: their first wrong option, nothing done."""
    found = []
    for number, one in enumerate(paper.questions):
        right = not any(word in one.id for word in wrong)
        other = [option.id for option in one.options if option.id not in (*one.right, *one.also)][:1]
        chosen = one.right if right else tuple(other)
        at = f"2026-11-23T09:{number:02}:00+08:00"
        found.append(Answer(one.id, chosen if one.options else (), right and not one.options, hints, at))
    return found
