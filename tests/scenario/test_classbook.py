"""The class book: what many exams say together, and what comes again when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario.lessons import answers, lesson
from yk.flows.dates import days_on
from yk.scenario.classbook import INTERVALS, class_book, due_on, review_days
from yk.scenario.exam import result_of
from yk.scenario.paper import paper_again, paper_from_manual, paper_of

DAY = "2026-11-23"
RISK, CONTROL = "YXZY-YY-334.1.R1/risk@system_down", "YXZY-YY-334.1.R1/control@system_down"


def exam(folder: Path, person: str, wrong: list[str], day: str = DAY) -> dict[str, Any]:
    """The lesson, answered by somebody on a day, wrongly where said."""
    paper = paper_of(lesson(folder), person)
    return result_of(paper, answers(paper, wrong), f"{day}T10:00:00+08:00", 10)


def again(person: str, wrong: list[str], day: str) -> dict[str, Any]:
    """The missed item asked again."""
    paper = paper_again([RISK], person)
    return result_of(paper, answers(paper, wrong), f"{day}T10:00:00+08:00")


@pytest.fixture
def class_of_five(tmp_path: Path) -> list[dict[str, Any]]:
    """Five people: one right throughout, two miss the risk, three the control, one everything."""
    wrongs = {"a": [], "b": [RISK], "c": [CONTROL], "d": [CONTROL], "e": [""]}
    return [exam(tmp_path, person, wrong) for person, wrong in wrongs.items()]


def test_a_class_of_five_is_summed_up(class_of_five: list[dict[str, Any]]) -> None:
    """TRN-013."""
    book = class_book(class_of_five)
    assert (book.exams, book.passed) == (5, 4)
    assert book.mean == pytest.approx(sum(one["total"] for one in class_of_five) / 5, abs=0.1)
    shares = {one.question: (one.asked, one.right, one.share) for one in book.questions}
    assert shares[RISK] == (5, 3, 60)
    assert shares[CONTROL] == (5, 2, 40)
    assert shares["KC-001/3.1"] == (5, 4, 80)
    assert book.questions[0].question == CONTROL, "the hardest first"
    assert [(one.person, one.exams, one.passed) for one in book.people][:1] == [("a", 1, 1)]
    assert book.people[-1].person == "e"


def test_the_most_missed_risks_come_first_and_only_so_many(class_of_five: list[dict[str, Any]]) -> None:
    missed = class_book(class_of_five).missed
    assert (missed[0].risk, missed[0].asked, missed[0].missed) == ("YXZY-YY-334.1.R1", 15, 6)
    assert missed[0].clause.startswith("YXZY-YY-334 更名业务受理")
    assert [one.missed for one in missed] == sorted((one.missed for one in missed), reverse=True)
    assert len(class_book(class_of_five, top=2).missed) == 2


def test_somebody_who_sits_twice_is_one_person_with_a_best_and_a_last(tmp_path: Path) -> None:
    first, second = exam(tmp_path, "li", [], "2026-11-20"), exam(tmp_path, "li", ["risk"], DAY)
    person = class_book([second, first]).people[0]
    assert (person.exams, person.best, person.last) == (2, 100, second["total"])
    assert person.last_at == second["at"]


def test_a_class_without_exams_is_empty() -> None:
    book = class_book([])
    assert (book.exams, book.mean, book.questions, book.missed, book.people) == (0, 0.0, (), (), ())


# -- spaced review -----------------------------------------------------------------------------------------------
def due_days(exams: list[dict[str, Any]], days: int = 12) -> list[int]:
    """After how many days since `DAY` the risk is due, day by day."""
    return [n for n in range(days) if any(one.question == RISK for one in due_on(exams, days_on(DAY, n)))]


def test_what_was_missed_comes_again_after_1_3_and_7_days(tmp_path: Path) -> None:
    """TRN-014."""
    exams = [exam(tmp_path, "li", [RISK])]
    for turn, days in enumerate((1, 3, 7), start=1):
        day = days_on(DAY, days)
        assert due_days(exams, days + 1)[-1] == days
        one = next(one for one in due_on(exams, day) if one.question == RISK)
        assert (one.person, one.missed_on, one.due, one.turn) == ("li", DAY, day, turn)
        exams.append(again("li", [], day))
        assert not [one for one in due_on(exams, day) if one.question == RISK]
    assert due_days(exams, 40) == []
    assert review_days(DAY) == ["2026-11-24", "2026-11-26", "2026-11-30"]


def test_what_was_not_asked_on_its_day_waits(tmp_path: Path) -> None:
    assert due_days([exam(tmp_path, "li", [RISK])]) == list(range(1, 12))


def test_missed_again_it_begins_anew(tmp_path: Path) -> None:
    exams = [exam(tmp_path, "li", [RISK]), again("li", [RISK], days_on(DAY, 1))]
    one = next(one for one in due_on(exams, days_on(DAY, 2)) if one.question == RISK)
    assert (one.missed_on, one.due, one.turn) == (days_on(DAY, 1), days_on(DAY, 2), 1)


def test_right_before_it_was_due_is_no_turn(tmp_path: Path) -> None:
    exams = [exam(tmp_path, "li", [RISK]), again("li", [], DAY)]
    assert due_days(exams)[0] == 1


def test_everybody_has_a_list_of_their_own(tmp_path: Path) -> None:
    exams = [exam(tmp_path, "li", [RISK]), exam(tmp_path, "wang", [CONTROL])]
    day = days_on(DAY, 1)
    assert {(one.person, one.question) for one in due_on(exams, day)} == {("li", RISK), ("wang", CONTROL)}
    assert {one.person for one in due_on(exams, day, "wang")} == {"wang"}
    assert due_on(exams, DAY) == []


@given(st.lists(st.booleans(), max_size=6), st.integers(1, 9))
def test_there_is_never_more_than_one_turn_waiting_and_three_right_ones_end_it(
    rights: list[bool], gap: int
) -> None:
    paper = paper_from_manual(["YXZY-YY-334"], 1)
    exams, day = [result_of(paper, [], f"{DAY}T10:00:00+08:00")], DAY
    streak = 0
    for right in rights:
        day = days_on(day, gap)
        waiting = due_on(exams, day)
        assert len(waiting) <= 1
        streak = streak + len(waiting) if right else 0
        exams.append(result_of(paper, answers(paper, [] if right else [""]), f"{day}T10:00:00+08:00"))
    left = due_on(exams, days_on(day, 30))
    assert len(left) == (streak < len(INTERVALS))
    assert all(one.missed_on <= day < one.due for one in left if rights and not rights[-1])
