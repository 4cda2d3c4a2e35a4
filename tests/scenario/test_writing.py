"""Scenario documents are written so that people like to read them, and read back as they were."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from yk import yamls
from yk.scenario.writing import WIDTH, document
from yk.scenario.written import plain
from yk.text import cell_len

TEXTS = st.one_of(
    st.text(max_size=30),
    st.text("甲乙，。：#,:-~>[]{}|'\"\\ \n\t01yes\u3000", max_size=12),
    st.sampled_from(
        [
            "0012345678",
            "1016016838",
            "2008-12-30",
            "1:30",
            "yes",
            "是",
            "~",
            "null",
            "=",
            "<<",
            "12",
            "1.50",
            ">= 3",
        ]
    ),
    st.lists(st.text("讲稿 a", max_size=9), min_size=2, max_size=5).map("\n".join),
)
NUMBERS = st.one_of(
    st.integers(-999_999_999, 999_999_999),
    st.integers(-(10**9), 10**9).map(lambda thousandths: thousandths / 1000),
)
SINGLE = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none())
KEYS = st.one_of(st.sampled_from(["场景", "当", "模板", "when", "数据"]), st.text(max_size=12))
DATA = st.recursive(
    SINGLE,
    lambda one: st.one_of(st.lists(one, max_size=4), st.dictionaries(KEYS, one, max_size=8)),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, DATA, max_size=6)


def words(data: Any) -> Any:
    """The same data as a reader sees them who takes every value for a text."""
    if isinstance(data, dict):
        return {key: words(value) for key, value in data.items()}
    if isinstance(data, list):
        return [words(value) for value in data]
    return (
        {None: "null", True: "true", False: "false"}[data]
        if data is None or isinstance(data, bool)
        else str(data)
    )


@settings(max_examples=60)
@given(DOCUMENTS, st.text(max_size=300))
def test_every_reader_gets_the_same_data_in_the_same_order(data: dict[str, Any], head: str) -> None:
    text = document(data, head)
    found = plain(yamls.parse(text, "x.yk.yaml"))
    assert found == data
    assert repr(found) == repr(data)
    for loader in (yaml.BaseLoader, yaml.CBaseLoader):
        assert yaml.load(text, Loader=loader) == words(data)  # noqa: S506


@given(st.dictionaries(st.text("户名ab", min_size=1, max_size=4), TEXTS, max_size=5))
def test_readers_with_the_guesses_of_yaml_take_no_text_for_anything_else(data: dict[str, Any]) -> None:
    assert yaml.safe_load(document(data)) == data


def test_the_head_is_a_comment_and_chinese_stands_as_it_is() -> None:
    text = document({"名称": "汉字，。"}, "甲写的\n乙改的 # 丙")
    assert text == "# 甲写的\n# 乙改的 # 丙\n名称: 汉字，。\n"


@pytest.mark.parametrize(
    "text",
    [
        "1016016838",
        "0012345678",
        "12",
        "1.50",
        "2008-12-30",
        "1:30",
        "yes",
        "no",
        "是",
        "null",
        "~",
        "a,b",
        "a: b",
        "a #b",
        "> 3",
    ],
)
def test_a_text_that_would_be_read_otherwise_is_quoted(text: str) -> None:
    assert document({"值": text}) == f'值: "{text}"\n'


@pytest.mark.parametrize(
    "text", ["合同变更", "~含", "AC00101", "3个工作日", "A-1", "王静（甲）", "甲/乙", "50%"]
)
def test_a_text_that_can_stand_alone_is_not_quoted(text: str) -> None:
    assert document({"值": text}) == f"值: {text}\n"


def test_a_number_with_ten_digits_becomes_a_text_as_account_numbers_are() -> None:
    assert document({"户": 1016016838}) == '户: "1016016838"\n'


def test_short_steps_stand_on_one_line_and_long_ones_a_key_a_line() -> None:
    step = {"办理": "业务受理", "由": "王静", "数据": {f"栏目{n}": "一段话" * 2 for n in range(6)}}
    text = document({"场景": [{"名称": "甲", "当": [{"办理": "合同变更", "由": "王静"}, step]}]})
    assert text.splitlines()[:7] == [
        "场景:",
        "  - 名称: 甲",
        "    当:",
        "      - {办理: 合同变更, 由: 王静}",
        "      - 办理: 业务受理",
        "        由: 王静",
        "        数据:",
    ]


def test_the_steps_of_a_scenario_have_a_line_each_however_few_they_are() -> None:
    assert document({"当": [{"过": "1天"}]}) == "当:\n  - {过: 1天}\n"


def test_scenarios_stand_apart() -> None:
    text = document({"场景": [{"名称": "甲"}, {"名称": "乙"}]})
    assert text == "场景:\n  - 名称: 甲\n\n  - 名称: 乙\n"


def test_the_columns_of_a_table_stand_below_one_another() -> None:
    text = document({"例子": [["户名", "容量"], ["示范老厂", 8], ["安", 315.5]]})
    assert text.splitlines()[1:] == ["  - [户名,     容量]", "  - [示范老厂, 8]", "  - [安,       315.5]"]
    assert (
        len(
            {
                cell_len(line[: line.index(",") + 1]) - cell_len(line.split(",")[0])
                for line in text.splitlines()[1:]
            }
        )
        == 1
    )


def test_a_long_row_is_wrapped_within_the_width() -> None:
    row = {f"字段{n}": f"一个值{n}" for n in range(20)}
    lines = document({"档案": {"用电客户": [row]}}).splitlines()
    assert 3 < len(lines) < 10
    assert max(map(cell_len, lines)) <= WIDTH
    assert lines[2].startswith("    - {字段0: ")


def test_what_is_said_in_several_lines_stays_so() -> None:
    assert document({"讲稿": "第一\n\n　　第二"}) == "讲稿: |-\n  第一\n\n  　　第二\n"


def test_an_empty_document_is_one() -> None:
    assert plain(yamls.parse(document({}), "x.yk.yaml")) == {}
