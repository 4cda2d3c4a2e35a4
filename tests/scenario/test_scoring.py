"""The score: 30, 30, 30 and 10, hints taken off, the same answers always the same points."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yk.errors import UsageError
from yk.scenario.questions import CONTROL, OPERATE, OWN, RECITE, RISK, Option, Question, find_question
from yk.scenario.scoring import Answer, Rules, right_share, rules_of, score

SYSTEM_DOWN = [find_question(f"YXZY-YY-334.1.R1/{kind}@system_down") for kind in (RISK, CONTROL, OPERATE)]
LETTERS = "ABCDE"


def made(ident: str, kind: str, right: str, also: str = "", weight: float = 1) -> Question:
    """A question with options A to E."""
    options = tuple(Option(letter, letter, "") for letter in LETTERS)
    return Question(ident, kind, "题", options=options, right=tuple(right), also=tuple(also), weight=weight)


def perfect(questions: list[Question]) -> list[Answer]:
    """Everything right, without a hint."""
    return [Answer(one.id, one.right, done=True) for one in questions]


questions = st.lists(
    st.builds(
        made,
        st.uuids().map(str),
        st.sampled_from([RISK, CONTROL, OPERATE, RECITE, OWN]),
        st.sets(st.sampled_from("AB"), min_size=1).map("".join),
        st.sets(st.sampled_from("CD")).map("".join),
        st.sampled_from([0.5, 1, 2, 3]),
    ),
    min_size=1,
    max_size=8,
)
rules = st.builds(
    Rules,
    pass_mark=st.integers(1, 100),
    weights=st.tuples(*[st.integers(0, 50)] * 3).map(
        lambda three: dict(zip(("risk", "control", "operate"), three, strict=True)) | {"time": 10}
    ),
    minutes=st.sampled_from([0, 10, 45.5]),
)


@st.composite
def answered(draw: st.DrawFn) -> tuple[list[Question], list[Answer], Rules, float]:
    """A paper with answers of every kind, rules, and minutes used."""
    paper = draw(questions)
    given_ = [
        Answer(
            one.id,
            tuple(draw(st.sets(st.sampled_from(LETTERS)))) if one.kind not in (OPERATE, RECITE) else (),
            draw(st.booleans()),
            draw(st.integers(0, 3)),
        )
        for one in paper
        if draw(st.booleans())
    ]
    return paper, given_, draw(rules), draw(st.sampled_from([0.0, 9.5, 30.0, 400.0]))


@given(answered())
def test_a_score_is_never_above_100_nor_below_0(
    case: tuple[list[Question], list[Answer], Rules, float],
) -> None:
    paper, given_, how, minutes = case
    found = score(paper, given_, how, minutes)
    assert 0 <= found.total <= 100
    assert found.passed == (found.total >= how.pass_mark)
    assert all(0 <= found.points[one.id] <= found.worth[one.id] for one in paper)
    assert abs(sum(of for _, of in found.parts.values()) - 100) < 0.3
    assert abs(sum(got for got, _ in found.parts.values()) - found.total) < 0.3


@given(answered(), st.randoms(use_true_random=False))
def test_the_same_answers_in_any_order_give_the_same_score(
    case: tuple[list[Question], list[Answer], Rules, float], dice: Any
) -> None:
    paper, given_, how, minutes = case
    mixed = dice.sample(given_, len(given_))
    assert score(paper, mixed, how, minutes) == score(paper, given_, how, minutes)


@given(answered())
def test_a_hint_never_raises_a_score(case: tuple[list[Question], list[Answer], Rules, float]) -> None:
    """TRN-011."""
    paper, given_, how, minutes = case
    totals = [
        score(paper, [replace(one, hints=grade) for one in given_], how, minutes).total for grade in range(4)
    ]
    assert totals == sorted(totals, reverse=True)


@given(questions, rules)
def test_everything_right_in_time_is_100_whatever_the_weights(paper: list[Question], how: Rules) -> None:
    found = score(paper, perfect(paper), how, how.minutes)
    assert found.total == 100.0
    assert set(found.ratings.values()) == {"P"}


@given(answered())
def test_a_right_answer_more_never_lowers_a_score(
    case: tuple[list[Question], list[Answer], Rules, float],
) -> None:
    paper, given_, how, minutes = case
    before = score(paper, given_, how, minutes).total
    better = {one.question: one for one in given_} | {paper[0].id: perfect(paper)[0]}
    assert score(paper, better.values(), how, minutes).total >= before


def test_an_incident_is_worth_30_30_30_and_10_for_time() -> None:
    """TRN-009: fixed answers, fixed points."""
    how = Rules(minutes=20)
    found = score(SYSTEM_DOWN, perfect(SYSTEM_DOWN), how, 20)
    assert found.parts == {"risk": (30, 30), "control": (30, 30), "operate": (30, 30), "time": (10, 10)}
    risk, control, operate = SYSTEM_DOWN
    answers = [
        Answer(risk.id, risk.right, hints=1),
        Answer(control.id, ("YXZY-YY-334.1.R1.C1",)),
        Answer(operate.id, done=True, hints=2),
    ]
    found = score(SYSTEM_DOWN, answers, how, 30)
    assert found.points == {risk.id: 27, control.id: 0, operate.id: 24}
    assert (found.total, found.passed) == (56, False)
    assert found.parts["time"] == (5, 10)


@pytest.mark.parametrize(("hints", "points"), [(0, 30), (1, 27), (2, 24), (3, 20)])
def test_the_hints_cost_3_6_and_10(hints: int, points: float) -> None:
    risk = SYSTEM_DOWN[0]
    found = score(SYSTEM_DOWN, [Answer(risk.id, risk.right, hints=hints)], Rules(minutes=5), 5)
    assert found.points[risk.id] == points


@pytest.mark.parametrize(
    ("chosen", "share"),
    [
        ("AB", 1),
        ("A", "1/2"),
        ("", 0),
        ("ABE", "1/2"),
        ("AE", 0),
        ("C", "1/4"),
        ("AC", "3/4"),
        ("ABCD", 1),
        ("E", 0),
    ],
)
def test_of_several_controls_each_earns_its_share_and_a_wrong_one_takes_one_off(
    chosen: str, share: Any
) -> None:
    question = made("x", CONTROL, "AB", also="CD")
    assert right_share(question, Answer("x", tuple(chosen))) == Fraction(share)


def test_the_pass_mark_is_80_and_a_lesson_may_set_its_own() -> None:
    paper = [made(str(number), RISK, "A") for number in range(5)]
    four = perfect(paper)[:4]
    assert score(paper, four, Rules()).total == 80
    assert score(paper, four, Rules()).passed
    assert not score(paper, four, rules_of({"pass": 81})).passed
    assert not score(paper, perfect(paper)[:3], Rules()).passed


def test_a_lesson_may_weigh_its_parts_and_limit_the_time() -> None:
    how = rules_of(
        {"weights": {"risk": 20, "operate": 60, "time": 20}, "minutes": 10, "unlocks": "业务受理人员"}
    )
    assert how.unlocks == ("acceptance_clerk",)
    found = score(SYSTEM_DOWN, perfect(SYSTEM_DOWN), how, 40)
    assert found.parts == {"risk": (20, 20), "control": (0, 0), "operate": (60, 60), "time": (0, 20)}


@pytest.mark.parametrize(
    ("lesson", "said"),
    [
        ({"weights": {"risk": 30, "control": 30, "operate": 30, "time": 20}}, "合计 100"),
        ({"weights": {"risk": 30.5, "operate": 69.5}}, "应是整数"),
        ({"weights": {"speed": 100}}, "识别、选控、操作、用时"),
        ({"weights": {"time": 100}}, "不能只给用时"),
        ({"pass": 101}, "及格分 101"),
        ({"pass": "八十"}, "及格应是"),
        ({"minutes": -1}, "分钟应是"),
        ({"unlocks": ["厂长"]}, "没有 厂长 这个角色"),
    ],
)
def test_a_lesson_that_cannot_be_meant_is_refused(lesson: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        rules_of(lesson)


def test_an_answer_to_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="卷里没有 wish"):
        score(SYSTEM_DOWN, [Answer("wish")], Rules())
    with pytest.raises(UsageError, match="没有选项 Z"):
        score([made("x", RISK, "A")], [Answer("x", ("Z",))], Rules())


def test_handing_in_an_empty_paper_quickly_earns_nothing_for_time() -> None:
    assert score(SYSTEM_DOWN, [], Rules(minutes=10), 0).total == 0


# -- objectives --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("right", "letter"), [(20, "P"), (19, "P"), (18, "S"), (16, "S"), (15, "M"), (10, "M"), (9, "U")]
)
def test_an_objective_is_rated_by_what_was_earned_of_it(right: int, letter: str) -> None:
    """TRN-021."""
    paper = [made(str(number), RISK, "A") for number in range(20)]
    how = rules_of({"objectives": ["认得出风险"]})
    assert score(paper, perfect(paper)[:right], how).ratings == {"认得出风险": letter}


def test_objectives_look_at_what_they_cover() -> None:
    how = rules_of(
        {
            "minutes": 10,
            "objectives": {
                "认得出故障": ["系统故障"],
                "会处置": ["操作"],
                "这一条": ["YXZY-YY-334.1.R1"],
                "这一项": "YXZY-YY-334",
                "按时": ["用时"],
                "别的": ["突发停电"],
            },
        }
    )
    risk, control, operate = SYSTEM_DOWN
    found = score(SYSTEM_DOWN, [Answer(operate.id, done=True), Answer(risk.id), Answer(control.id)], how, 10)
    assert found.ratings == {
        "认得出故障": "U", "会处置": "P", "这一条": "U", "这一项": "U", "按时": "P", "别的": "",
    }  # fmt: skip


def test_without_objectives_the_parts_are_rated() -> None:
    assert score(SYSTEM_DOWN, perfect(SYSTEM_DOWN), Rules(minutes=5), 5).ratings == dict.fromkeys(
        ("识别", "选控", "操作", "用时"), "P"
    )
