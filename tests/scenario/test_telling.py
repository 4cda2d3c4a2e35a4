"""What is told of a scenario: the reason first, columns in line however wide the characters, never a traceback."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario.made import FILE, failed, known_to_fail, no_longer_failing, passed, scenario, skipped
from yk.scenario.result import DONE, Miss, Result, Told
from yk.scenario.scenario import Place
from yk.scenario.telling import explain, line_of, steps_told, value_text
from yk.text import cell_len

REASON = "结果有 4 处不符：状态 期望 合同变更 实际 业务受理"


def starts(lines: list[str], *words: str) -> set[int]:
    """The cells at which words that stand in one line each begin."""
    found = {word: [cell_len(line[: line.index(word)]) for line in lines if word in line] for word in words}
    assert all(found.values()), found
    return {cells[0] for cells in found.values()}


def test_the_first_line_is_the_reason_and_the_second_the_place() -> None:
    assert explain(failed())[:2] == [REASON, f"  {FILE}:6"]


def test_scenario_flow_and_virtual_time_are_named() -> None:
    assert explain(failed())[2] == "  场景  期望写错（X-1）    流程  更名    时钟  2008-12-30T09:00"


def test_every_step_is_told_with_its_mark_number_and_place() -> None:
    steps = [line.split() for line in steps_told(failed())]
    assert [(words[0], words[1]) for words in steps] == [("⊘", "1"), ("⚡", "2"), ("✗", "3"), ("·", "4")]
    assert [words[-1] for words in steps] == ["行", "行", "_公共.yk.yaml:18", "行"]


def test_steps_and_their_places_stand_in_line_though_a_mark_is_wide() -> None:
    lines = steps_told(failed())
    assert starts(lines, "李婷 办理 业务受理 →", "办到", "王五") == {6}
    assert len(starts(lines, "第 8 行", "第 9 行", "_公共", "第 10 行")) == 1


def test_the_table_stands_in_line_whatever_is_in_its_cells() -> None:
    lines = explain(failed())
    assert len(starts(lines, "期望  ", "合同变更  ", "银川雪花", "{规则: A-1，数: 2}")) == 1
    assert len(starts(lines[7:], "实际 ", "业务受理 ", "新城啤酒厂", "无", "1、2")) == 1
    assert len(starts(lines, "出处", "第 11 行", "_公共.yk.yaml:3")) == 1


def test_a_hint_stands_under_its_expectation() -> None:
    lines = explain(failed())
    row = next(n for n, line in enumerate(lines) if line.startswith("  状态"))
    assert lines[row + 1].strip() == "↳ 可走“受理”到 合同变更，被 本户欠费已清 挡住"


def test_the_last_lines_of_the_log_close_it() -> None:
    assert explain(failed())[-2:] == ["  最近流水", "    2008-12-30T09:00 李婷 登记 更名 010812304412"]


def test_a_scenario_of_no_flow_that_failed_by_its_title_alone_is_told() -> None:
    result = Result(scenario(flow="", id="期望写错"), passed=False, title="第 3 步没有被拒")
    assert explain(result) == ["第 3 步没有被拒", f"  {FILE}:6", "  场景  期望写错"]


def test_a_defect_that_is_gone_is_the_reason_of_a_failure() -> None:
    assert explain(no_longer_failing())[0] == "已知缺陷不再出现，请去掉这个记号：BUG-1 尚未修好"


def test_what_failed_as_known_is_explained_by_what_did_not_hold() -> None:
    assert explain(known_to_fail())[0] == REASON


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (passed(), "✓ X-1 期望写错  2 步  0.21 秒"),
        (passed(id="期望写错"), "✓ 期望写错  2 步  0.21 秒"),
        (failed(), f"✗ X-1 期望写错  4 步  0.05 秒  {REASON}"),
        (skipped(), "· X-1 等口径  跳过：等省公司口径"),
        (known_to_fail(), "⊘ X-1 期望写错  4 步  0.05 秒  已知缺陷：BUG-1 尚未修好"),
        (
            no_longer_failing(),
            "✗ X-1 期望写错  2 步  0.21 秒  已知缺陷不再出现，请去掉这个记号：BUG-1 尚未修好",
        ),
    ],
)
def test_a_list_has_a_line_for_each_scenario(result: Result, line: str) -> None:
    assert line_of(result) == line


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "无"),
        ("", "空"),
        ([], "空"),
        (True, "是"),
        (False, "否"),
        (0, "0"),
        ({"灯": "红", "锁": False}, "{灯: 红，锁: 否}"),
        (["甲", None], "甲、无"),
        ({"乙", "甲"}, "乙、甲"),
        ("\x1b[31m红\n", " [31m红 "),
    ],
)
def test_values_are_told_in_one_line(value: object, text: str) -> None:
    assert value_text(value) == text


texts = st.text(max_size=300) | st.text("户号更名档案abc 019，。", max_size=300)
places = st.builds(Place, st.sampled_from([FILE, "很长的文件名" * 9 + ".yk.yaml"]), st.integers(1, 99999))
misses = st.builds(Miss, texts, texts, st.none() | texts | st.lists(texts), st.none() | places, texts)
steps = st.builds(Told, st.just(DONE), st.integers(1, 999), texts, places)


@given(
    st.lists(misses, max_size=4),
    st.lists(steps, max_size=4),
    st.lists(texts, max_size=2),
    st.integers(60, 140),
)
def test_no_line_but_the_reason_is_wider_than_asked(
    missed: list[Miss], log: list[Told], history: list[str], width: int
) -> None:
    result = Result(scenario(), passed=False, title="不符", misses=missed, log=log, history=history)
    lines = explain(result, width)
    assert [line for line in lines[1:] if cell_len(line) > width] == []
    assert [line for line in lines if "\n" in line or "\x1b" in line] == []


@given(st.lists(steps, min_size=2, max_size=6))
def test_places_of_steps_always_stand_in_one_column(log: list[Told]) -> None:
    log = [told._replace(text=f"第 {told.number} 步", place=Place(FILE, told.place.line)) for told in log]
    columns = [cell_len(line[: line.rindex("第")]) for line in steps_told(Result(scenario(), log=log))]
    assert all(one == other for one, other in pairwise(columns))
