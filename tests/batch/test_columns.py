"""Cells of a list: what is taken, in which form it stood, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from yk.batch.columns import BadCell, Column, quick_reader, read_cell
from yk.errors import ExitCode, UsageError

ACCOUNT = Column("cons_no", "用户编号", "account", required=True)
CODE = Column("tg_no", "台区编号", "code")
NUMBER = Column("reading", "拆表示数", "number")
TEXT = Column("reason", "销户原因", "text", max=20)


@pytest.mark.parametrize(
    ("cell", "value", "how"),
    [
        ("1016000001", "1016000001", ""),
        (" 1016000001\t", "1016000001", ""),
        ("0016000001", "0016000001", ""),
        ("１０１６０００００１", "1016000001", "全角或不可见字符"),
        ("\u20281016000001\u200b\ufeff\u00a0\u3000", "1016000001", "全角或不可见字符"),
        (1016000001, "1016000001", "数值单元格"),
        (1016000001.0, "1016000001", "数值单元格"),
        (10**15 - 1, "999999999999999", "数值单元格"),
        ("1016000001.0", "1016000001", "带小数的写法"),
        ("1.016000001E+9", "1016000001", "科学计数的写法"),
        ("1.016000001e9", "1016000001", "科学计数的写法"),
        ('="1016000001"', "1016000001", '="…" 的写法'),
        ("'1016000001", "1016000001", "前面有 ' 的写法"),
        (None, None, ""),
        (" \u200b\u3000", None, ""),
        ('=""', None, ""),
    ],
)
def test_account_numbers_are_taken_with_all_their_digits(cell: Any, value: str | None, how: str) -> None:
    assert read_cell(ACCOUNT, cell) == (value, how)


@pytest.mark.parametrize(
    ("cell", "code", "said"),
    [
        ("1.016E+09", "account_damaged", "设为“文本”"),
        ("1.01600E+09", "account_damaged", "“1.01600E+09”被表格软件缩写"),
        ("1.0160000015E+9", "account_damaged", "缩写"),
        ("1.0160000011234567E+16", "account_damaged", "缩写"),
        ("1234567890123456.0", "account_damaged", "缩写"),
        (10**15, "account_damaged", "只保留 15 位"),
        (1.234567e18, "account_damaged", "1234567000000000000"),
        ("101600000O", "account_malformed", "“O”"),
        ("1016 000001", "account_malformed", "空格"),
        ("1016-000001", "account_malformed", "“-”"),
        ("①016000001", "account_malformed", "“①”"),
        ("1016000001.5", "account_malformed", "“.”"),
        (-5, "account_malformed", "负"),
        (1016000001.5, "account_malformed", "小数"),
        (float("nan"), "account_malformed", "nan"),
        (True, "account_malformed", "TRUE"),
        (datetime(2026, 7, 1), "account_malformed", "2026-07-01"),
        ("#REF!", "cell_error", "#REF!"),
        ("1" * 201, "too_long", "200"),
    ],
)
def test_account_numbers_are_never_guessed(cell: Any, code: str, said: str) -> None:
    with pytest.raises(BadCell) as caught:
        read_cell(ACCOUNT, cell)
    assert caught.value.code == code
    assert said in caught.value.text
    assert "用户编号" in caught.value.text
    assert "\n" not in caught.value.text


def test_codes_may_have_letters_and_a_few_signs() -> None:
    assert read_cell(CODE, "10kV-A_1/2.3") == ("10kV-A_1/2.3", "")
    assert read_cell(CODE, "ＴＧ－０１") == ("TG-01", "全角或不可见字符")
    assert read_cell(CODE, "1E5") == ("1E5", "")
    assert read_cell(CODE, 50021) == ("50021", "数值单元格")
    for cell, code in {
        "城东一号": "code_malformed",
        "A B": "code_malformed",
        "1.2E+11": "code_damaged",
        10**16: "code_damaged",
    }.items():
        with pytest.raises(BadCell) as caught:
            read_cell(CODE, cell)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12.0),
        ("012.50", 12.5),
        ("１２．５", 12.5),
        ("12。5", 12.5),
        (7, 7.0),
        (7.25, 7.25),
        (".5", 0.5),
        ("", None),
    ],
)
def test_numbers(cell: Any, value: float | None) -> None:
    assert read_cell(NUMBER, cell)[0] == value


@pytest.mark.parametrize(
    "cell",
    [
        "1,200",
        "1，200",
        "12度",
        "12 kWh",
        "-3",
        "+3",
        "NaN",
        "inf",
        "1e3",
        "9" * 400,
        "1.2.3",
        "12％",
        -1,
        -0.5,
        float("nan"),
        float("inf"),
        10**400,
        True,
        date(2026, 7, 1),
        "½",
        "٣",
    ],
)
def test_what_is_no_plain_number_is_refused_with_what_stands_there(cell: Any) -> None:
    with pytest.raises(BadCell) as caught:
        read_cell(NUMBER, cell)
    assert caught.value.code == "bad_number"
    assert "拆表示数" in caught.value.text


def test_texts_are_plain() -> None:
    assert read_cell(TEXT, " 拆\x07迁\u200b \n") == ("拆 迁", "")
    assert read_cell(TEXT, "拆\u00a0迁\u3000\u3000城\r\n东") == ("拆 迁 城 东", "")
    assert read_cell(TEXT, "=拆迁") == ("=拆迁", "")
    assert read_cell(TEXT, "'=拆迁") == ("=拆迁", "")
    assert read_cell(TEXT, "@a") == ("@a", "")
    assert read_cell(TEXT, True) == ("TRUE", "")
    assert read_cell(TEXT, 12.0) == ("12", "")
    assert read_cell(TEXT, datetime(2026, 7, 1)) == ("2026-07-01", "")
    assert read_cell(TEXT, datetime(2026, 7, 1, 8, 5)) == ("2026-07-01 08:05:00", "")
    with pytest.raises(BadCell, match="应不超过 20 个字，现为 21 个字"):
        read_cell(TEXT, "一" * 21)
    with pytest.raises(BadCell, match="#N/A"):
        read_cell(TEXT, "#N/A")
    for number in (10**15, 2.024e18):
        with pytest.raises(BadCell, match="只保留 15 位") as caught:
            read_cell(TEXT, number)
        assert caught.value.code == "text_damaged"


@pytest.mark.parametrize("column", [ACCOUNT, CODE, NUMBER, TEXT])
@pytest.mark.parametrize(
    "cell",
    [
        "1016000001",
        "０１",
        "A1",
        "1E5",
        "拆迁",
        "#REF!",
        "",
        " 1",
        5,
        5.0,
        True,
        None,
        "9" * 300,
        "拆迁" * 9,
        "1.5",
        float("inf"),
        -2,
        10**15,
    ],
)
def test_the_quick_way_says_what_the_careful_way_says(column: Column, cell: Any) -> None:
    quick = quick_reader(column)
    for value in (quick(cell), quick(cell)):
        if value is not None:
            assert read_cell(column, cell)[0] == value


def test_a_value_from_the_command_line() -> None:
    assert NUMBER.read("12.5") == 12.5
    assert CODE.read(" TG01 ") == "TG01"
    for column, text, code in (
        (NUMBER, "12度", "bad_number"),
        (ACCOUNT, "1016O", "account_malformed"),
        (CODE, " ", "blank_value"),
    ):
        with pytest.raises(UsageError) as caught:
            column.read(text)
        assert (caught.value.code, caught.value.exit_code) == (code, ExitCode.USAGE)
        assert column.label in caught.value.message
