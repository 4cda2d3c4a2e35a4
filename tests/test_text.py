"""Chinese text in cells: width, wrapping, clipping, masking, words."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yk.text import cell_len, clip, did_you_mean, halfwidth, mask, nearest, pad, plain, same_name, wrap

CHINESE = st.sampled_from("用电户名称变更业务受理归档工单欠费")
MARKS = st.sampled_from("，。、；：！？（）《》“”…—·")
LATIN = st.sampled_from(["a", "yk", "case", "--store", "10kV", "YXZY-YY-334", "1,286.00", "é", "e\u0301"])
PIECES = st.lists(st.one_of(CHINESE, MARKS, LATIN, st.just(" "), st.just("\n")), max_size=60).map("".join)
WIDTHS = st.integers(min_value=1, max_value=80)
OPENERS = "（《“"
CLOSERS = "，。、；：！？）》”…—"


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("用电", 4),
        ("ＡＢ", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("\x1b[31m红\x1b[0m", 2),
        ("ｱ", 1),
        ("…", 1),
    ],
)
def test_width_counts_cells(text: str, width: int) -> None:
    assert cell_len(text) == width


@given(PIECES, PIECES)
def test_widths_of_parts_add_up(one: str, other: str) -> None:
    assert cell_len(one + other) == cell_len(one) + cell_len(other)


@given(PIECES, st.integers(min_value=0, max_value=80))
def test_padding_fills_to_the_width_and_never_cuts(text: str, width: int) -> None:
    padded = pad(text, width)
    assert padded.startswith(text)
    assert cell_len(padded) == max(width, cell_len(text))


@given(PIECES, st.integers(min_value=0, max_value=80))
@example("用", 1)
@example("abc", 0)
def test_clipping_keeps_within_the_width_and_marks_the_cut(text: str, width: int) -> None:
    clipped = clip(text, width)
    assert cell_len(clipped) <= width
    if cell_len(text) <= width:
        assert clipped == text
    elif width:
        assert clipped.endswith("…")
        assert text.startswith(clipped[:-1])


@given(PIECES, WIDTHS)
@example("你好 hello，", 11)
@example("abcdefgh ，x", 9)
def test_wrapping_loses_nothing_but_blanks(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


@given(PIECES, st.integers(min_value=2, max_value=80))
def test_wrapped_lines_keep_within_the_width_unless_one_word_is_wider(text: str, width: int) -> None:
    for line in wrap(text, width):
        assert cell_len(line) <= width or len(wrap(line, width)) == 1
        if cell_len(line) > width:
            assert not any(char in line for char in "用电户名称变更 ")


@given(PIECES, st.integers(min_value=24, max_value=80))
def test_closing_marks_open_no_line_and_opening_marks_end_none(text: str, width: int) -> None:
    """Where a line has room for anything but marks."""
    lines = wrap(text, width)
    for line in lines[1:]:
        if line[0] in CLOSERS:
            above = lines[lines.index(line) - 1]
            assert all(c in CLOSERS for c in above[-8:]), (
                "only a row of marks wider than the line may break there"
            )
    for line in lines[:-1]:
        if line[-1] in OPENERS:
            assert all(c in OPENERS + CLOSERS for c in line[-8:])


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("你好 hello，再见", 11, ["你好", "hello，再见"]),
        ("受理编号是 yk case show，可查", 22, ["受理编号是 yk case", "show，可查"]),
        ("按（暂行）办法办理", 8, ["按（暂", "行）办法", "办理"]),
        ("用电客户，请稍候", 8, ["用电客", "户，请稍", "候"]),
        ("他说：“可以”。", 8, ["他说：", "“可以”。"]),
        ("你好“可以”。", 11, ["你好“可", "以”。"]),
        ("用电客户 ，请", 9, ["用电客", "户 ，请"]),
        ("a\nb", 10, ["a b"]),
        ("", 10, []),
        ("   ", 10, []),
    ],
)
def test_lines_break_where_a_reader_would(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@given(PIECES, WIDTHS)
def test_no_line_begins_or_ends_with_a_blank(text: str, width: int) -> None:
    assert all(line == line.strip() for line in wrap(text, width))


@given(PIECES)
def test_a_wide_line_holds_everything(text: str) -> None:
    assert len(wrap(text, 1000)) <= 1


@given(st.text(max_size=40))
def test_plain_text_cannot_steer_a_terminal(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u200b\u200e\u200f\u202e\u2066" for c in shown)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("示范（新）厂", "示范(新)厂", True),
        ("ＡＢＣ 公司", "abc公司", True),
        ("示范 厂", "示范厂", True),
        ("示范厂", "示范一厂", False),
        ("示范厂（筹）", "示范厂", False),
    ],
)
def test_names_are_the_same_but_for_blanks_width_and_case(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


@given(st.text(max_size=30))
def test_a_name_is_the_same_as_itself(name: str) -> None:
    assert same_name(name, name)
    assert same_name(name, f"  {name} ")


def test_halfwidth_turns_full_width_digits_letters_and_brackets() -> None:
    assert halfwidth("　１０１６０００００１　") == "1016000001"
    assert halfwidth("Ａ（１）") == "A(1)"


def test_the_nearest_word_is_offered_or_all_when_they_are_few() -> None:
    assert nearest("acceptence", ["acceptance", "archive"]) == "acceptance"
    assert nearest("zzz", ["acceptance"]) == ""
    assert "acceptance" in did_you_mean("acceptence", ["acceptance", "archive"])
    assert did_you_mean("zzz", ["甲", "乙"]) == "可用的有：甲、乙"
    assert did_you_mean("zzz", [str(i) for i in range(100)]) == ""
    assert did_you_mean("zzz", []) == ""


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13800001234", "138****1234"), ("1234567", "*******"), ("12345678", "123*5678"), ("", "")],
)
def test_personal_numbers_keep_head_and_tail_short_ones_nothing(number: str, shown: str) -> None:
    assert mask(number) == shown


@given(st.text(max_size=30))
def test_a_masked_number_is_as_long_as_it_was(number: str) -> None:
    assert len(mask(number)) == len(number)
