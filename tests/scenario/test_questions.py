"""Questions: made of every entry of the manual, with wrong options from nearby, in an order of a seed's own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yk.errors import Refused, UsageError
from yk.flows.catalogue import catalogue
from yk.scenario.clauses import alike, clauses_of, find_clause, neighbours
from yk.scenario.questions import (
    CONTROL,
    KINDS,
    OPERATE,
    RECITE,
    RISK,
    WRONG,
    Question,
    Recital,
    find_question,
    mixed,
    questions_of,
)

ENTRY = "YXZY-YY-334"


def test_every_entry_of_the_manual_has_questions_about_every_risk() -> None:
    """TRN-022: all 339, each question with its clause."""
    ids: set[str] = set()
    for entry in catalogue():
        made = questions_of(entry)
        assert {one.risk for one in made} == {clause.id for clause in clauses_of(entry)} != set()
        for one in made:
            assert one.entry == entry
            assert one.clause.startswith(f"{entry} {catalogue()[entry].title}，")
            assert one.risk.startswith(f"{entry}.")
            assert all(one.hints)
        ids.update(one.id for one in made)
    assert len(catalogue()) == 339
    assert len(ids) == sum(len(questions_of(entry)) for entry in catalogue()), "ids are unique"


def test_the_wrong_options_differ_from_the_right_ones_and_from_each_other() -> None:
    for entry in catalogue():
        own = {clause.text for clause in clauses_of(entry)}
        for one in questions_of(entry):
            texts = [option.text for option in one.options]
            assert len(set(texts)) == len(texts)
            assert set(one.right) <= {option.id for option in one.options} or one.kind in (OPERATE, RECITE)
            if one.kind == RISK:
                assert len(texts) == WRONG + 1
                wrong = {option.text for option in one.options if option.id not in one.right}
                assert not wrong & own, "a risk of this entry would be right too"
            if one.kind == CONTROL:
                assert len(texts) == len(one.right) + WRONG


def test_the_wrong_risks_come_from_neighbouring_steps_of_the_flow() -> None:
    """TRN-007."""
    for one in questions_of(ENTRY):
        if one.kind == RISK:
            homes = {option.clause.partition(".")[0] for option in one.options} - {ENTRY}
            assert homes == {"YXZY-YY-335", "YXZY-YY-336", "YXZY-YY-337"}


def test_a_single_entry_borrows_from_its_neighbours_in_the_manual() -> None:
    assert neighbours("YXZY-YY-479")[:2] == ("YXZY-YY-478", "YXZY-YY-480")
    assert neighbours(ENTRY)[:4] == ("YXZY-YY-335", "YXZY-YY-336", "YXZY-YY-337", "YXZY-YY-338")


def test_an_incident_is_the_story_of_its_questions_and_narrows_the_controls() -> None:
    risk = find_question("YXZY-YY-334.1.R1/risk@system_down")
    control = find_question("YXZY-YY-334.1.R1/control@system_down")
    assert "营销系统突然没有反应" in risk.stem
    assert find_clause("334.1.R1").text not in risk.stem
    assert control.right == ("YXZY-YY-334.1.R1.C2",)
    assert "YXZY-YY-334.1.R1.C1" in {option.id for option in control.options}
    assert find_question("YXZY-YY-334.1.R1/operate@system_down").kind == OPERATE


@pytest.mark.parametrize("kind", [RISK, CONTROL, RECITE, OPERATE])
def test_a_question_is_found_again_by_its_id(kind: str) -> None:
    for clause in clauses_of(ENTRY):
        one = find_question(f"{clause.id}/{kind}")
        assert (one.id, one.kind, one.risk) == (f"{clause.id}/{kind}", kind, clause.id)


@pytest.mark.parametrize(
    "ident", ["YXZY-YY-334.1.R1", "YXZY-YY-334.1.R1/wish", "YXZY-YY-334.9.R9/risk", "x/risk"]
)
def test_a_question_that_is_not_there_is_told(ident: str) -> None:
    with pytest.raises(UsageError, match="没有"):
        find_question(ident)


def test_the_hints_go_from_a_clue_over_the_clause_to_the_answer() -> None:
    one = find_question("YXZY-YY-334.2.R1/control")
    clue, clause, answer = one.hints
    assert "审核与录入" in clue
    assert "R1" not in clue
    assert one.clause in clause
    assert answer == one.answer == "；".join(control.text for control in find_clause("334.2.R1").controls)


# -- order -------------------------------------------------------------------------------------------------------
@given(st.text(max_size=20))
@settings(max_examples=25)
def test_mixing_changes_nothing_but_the_order_and_is_repeatable(seed: str) -> None:
    questions = questions_of(ENTRY)
    once = mixed(questions, seed)
    assert once == mixed(questions, seed)
    assert sorted(one.id for one in once) == sorted(one.id for one in questions)
    plain = {one.id: one for one in questions}
    for one in once:
        assert sorted(one.options) == sorted(plain[one.id].options)
        assert replace(one, options=()) == replace(plain[one.id], options=())


@given(st.text(max_size=20))
@settings(max_examples=25)
def test_what_it_is_comes_before_what_to_do_about_it(seed: str) -> None:
    places = {one.id: place for place, one in enumerate(mixed(questions_of(ENTRY), seed))}
    for clause in clauses_of(ENTRY):
        assert places[f"{clause.id}/{CONTROL}"] == places[f"{clause.id}/{RISK}"] + 1


def test_two_people_get_the_questions_and_the_options_in_different_orders() -> None:
    """TRN-023."""
    first, second = (mixed(questions_of(ENTRY), f"7/{person}") for person in ("li", "wang"))
    assert [one.id for one in first] != [one.id for one in second]
    orders = [{one.id: [o.id for o in one.options] for one in paper} for paper in (first, second)]
    assert sum(orders[0][ident] != orders[1][ident] for ident in orders[0]) > len(orders[0]) / 2


def test_the_right_option_stands_at_every_place() -> None:
    places = [
        next(place for place, option in enumerate(one.options) if option.id in one.right)
        for one in mixed(questions_of(ENTRY), "7")
        if one.kind == RISK
    ]
    assert len(set(places)) == WRONG + 1


# -- reading out and repeating -----------------------------------------------------------------------------------
def test_nothing_is_done_before_it_was_read_repeated_and_confirmed() -> None:
    """TRN-020."""
    recital = Recital("操作票、许可令留底，一项一勾，不许补勾")
    for left, act in (
        ("照念", recital.read),
        ("复诵", lambda: recital.repeat(recital.text)),
        ("确认", recital.confirm),
    ):
        with pytest.raises(Refused, match=f"还没有{left}"):
            recital.require()
        act()
    recital.require()
    assert recital.is_done


def test_the_order_of_reading_repeating_and_confirming_cannot_be_changed() -> None:
    recital = Recital("验电、接地")
    assert not recital.repeat("验电、接地")
    assert not recital.confirm()
    assert recital.read() == "验电、接地"
    assert not recital.confirm()
    assert recital.repeat("验电，接地。")
    assert recital.confirm()


def test_what_was_repeated_wrongly_does_not_count() -> None:
    recital = Recital("先验电，再接地")
    recital.read()
    assert not recital.repeat("先接地，再验电")
    assert not recital.confirm()
    assert recital.repeat(" 先 验 电 ， 再 接 地 ")


def test_every_kind_of_question_has_a_name_and_a_part() -> None:
    for kind in KINDS:
        assert Question("x", kind, "题").part in ("risk", "control", "operate")


def test_no_wrong_control_says_what_a_right_one_says() -> None:
    """«计量方式与供电电压对不上的送不了审» is not wrong where «…不配的不让送审» is right."""
    for entry in ("YXZY-YY-153", "YXZY-YY-158", "YXZY-YY-248"):
        for one in questions_of(entry):
            if one.kind == CONTROL:
                texts = {option.id: option.text for option in one.options}
                wrong = [text for ident, text in texts.items() if ident not in (*one.right, *one.also)]
                assert not [text for text in wrong if any(alike(text, texts[right]) for right in one.right)]
