"""Figures and scores: worked examples on the clock, and what always adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.spoiling import (
    FINDING,
    OTHER,
    RULE,
    THIRD,
    TWIN,
    audited,
    clock,
    fresh,
    mend,
    set_field,
    spoil,
)
from yk.audit import extending, life, scoring, whitelisting
from yk.audit.occurrences import CORRECTIONS, COUNTS, Span, day_span, happened, month_span
from yk.audit.rules import find_rule, rules
from yk.clock import parse_time
from yk.desk import Desk
from yk.errors import UsageError
from yk.flows.dates import days_on
from yk.settings import load

SOUTH = "99403"
"""The unit of the account that is spoiled."""


@pytest.fixture
def desk() -> Desk:
    """A desk over the demonstration archive, on a Tuesday evening when the rules run."""
    desk = fresh()
    at(desk, "2026-11-10T21:00")
    return desk


def at(desk: Desk, moment: str) -> None:
    """Move the clock."""
    clock(desk).now = parse_time(moment)


def asked(desk: Desk, *numbers: str) -> None:
    """Run some rules, D:1.1.2 alone when none is named."""
    audited(desk, chosen=[find_rule(number) for number in numbers or (RULE,)])


def figures(desk: Desk, span: str, seen: str = "2027-06-01") -> scoring.Figures:
    """The figures of a day or month."""
    chosen = day_span(span) if len(span) == 10 else month_span(span)
    return scoring.figures(desk.store, [chosen], desk.settings, seen)[0]


def told(desk: Desk, span: str, seen: str = "2027-06-01") -> dict[str, int]:
    """What was counted in a day or month, without what is nothing."""
    return {name: count for name, count in figures(desk, span, seen).all.counts.items() if count}


def total(desk: Desk, span: str) -> dict[str, Any]:
    """The sum of a day or month as a row."""
    return scoring.total(figures(desk, span), desk.settings)


def extend(desk: Desk, until: str) -> None:
    """Ask for more days for what D:1.1.2 found, and grant them."""
    entry = extending.ask_extension(desk, [FINDING], until, "须现场核查")
    desk.act_as("data_steward")
    extending.decide_extension(desk, entry["extension"], True)
    desk.act_as("trainer")


def one_finding(desk: Desk) -> None:
    """One finding, to be corrected by the end of the next day."""
    spoil(desk)
    asked(desk)


def test_corrected_by_the_end_of_the_next_day_is_the_same_day(desk: Desk) -> None:
    one_finding(desk)
    at(desk, "2026-11-11T23:59")
    mend(desk)
    asked(desk)
    assert told(desk, "2026-11") == {"extracted": 1, "on_time": 1}
    assert total(desk, "2026-11")["same_day_rate"] == 100.0


def test_corrected_a_minute_later_is_late_and_was_left_over_in_between(desk: Desk) -> None:
    one_finding(desk)
    at(desk, "2026-11-12T00:00")
    mend(desk)
    asked(desk)
    assert told(desk, "2026-11-11") == {"carried": 1, "missed": 1, "open": 1, "left": 1}
    assert told(desk, "2026-11-12") == {"carried": 1, "late": 1}
    assert told(desk, "2026-11") == {"extracted": 1, "missed": 1, "late": 1}
    assert total(desk, "2026-11")["same_day_rate"] == 0.0


def test_what_is_due_today_is_not_left_over_before_the_day_is_over(desk: Desk) -> None:
    one_finding(desk)
    assert told(desk, "2026-11-11", seen="2026-11-11") == {"carried": 1, "open": 1, "pending": 1}
    assert told(desk, "2026-11", seen="2026-11-11") == {"extracted": 1, "open": 1, "pending": 1}
    assert told(desk, "2026-11", seen="2026-11-12")["left"] == 1


def test_days_granted_in_time_keep_it_from_being_left_over(desk: Desk) -> None:
    one_finding(desk)
    at(desk, "2026-11-11T10:00")
    extend(desk, "2026-11-20")
    assert told(desk, "2026-11-15") == {"carried": 1, "open": 1, "extending": 1}
    at(desk, "2026-11-20T18:00")
    mend(desk)
    asked(desk)
    assert told(desk, "2026-11") == {"extracted": 1, "granted": 1, "in_extension": 1}
    row = total(desk, "2026-11")
    assert (row["same_day_rate"], row["extension_rate"]) == (None, 100.0)


def test_days_granted_after_its_day_take_the_delay_back_from_then_on(desk: Desk) -> None:
    one_finding(desk)
    at(desk, "2026-11-13T10:00")
    extend(desk, "2026-11-20")
    at(desk, "2026-11-18T18:00")
    mend(desk)
    asked(desk)
    assert told(desk, "2026-11-12") == {"carried": 1, "open": 1, "left": 1}
    assert told(desk, "2026-11") == {"extracted": 1, "granted": 1, "in_extension": 1}


def test_days_granted_and_let_pass_are_left_over_again(desk: Desk) -> None:
    one_finding(desk)
    at(desk, "2026-11-11T10:00")
    extend(desk, "2026-11-20")
    assert told(desk, "2026-11") == {"extracted": 1, "granted": 1, "open": 1, "left": 1, "overran": 1}
    assert total(desk, "2026-11")["extension_rate"] == 0.0


def test_days_granted_in_december_do_not_change_november(desk: Desk) -> None:
    one_finding(desk)
    before = told(desk, "2026-11")
    assert before == {"extracted": 1, "missed": 1, "open": 1, "left": 1}
    at(desk, "2026-12-02T10:00")
    extend(desk, "2026-12-20")
    assert told(desk, "2026-11") == before


def test_one_that_comes_back_has_days_of_its_own(desk: Desk) -> None:
    one_finding(desk)
    at(desk, "2026-11-11T21:00")
    mend(desk)
    asked(desk)
    at(desk, "2026-11-16T21:00")
    spoil(desk)
    asked(desk)
    at(desk, "2026-11-17T21:00")
    mend(desk)
    asked(desk)
    assert told(desk, "2026-11") == {"extracted": 2, "back": 1, "on_time": 2}
    assert total(desk, "2026-11")["recurrence"] == 50.0


def test_a_correction_that_did_not_hold_is_no_new_occurrence(desk: Desk) -> None:
    one_finding(desk)
    life.correct(desk, [FINDING], "已改")
    at(desk, "2026-11-11T21:00")
    asked(desk)
    assert told(desk, "2026-11-11") == {"carried": 1, "failed": 1, "missed": 1, "open": 1, "left": 1}
    assert told(desk, "2026-11-10") == {"extracted": 1, "claimed": 1, "open": 1}


def test_what_is_whitelisted_is_off_the_books_until_the_entry_lapses(desk: Desk) -> None:
    one_finding(desk)
    entry = whitelisting.ask_exemption(desk, FINDING, "特批", "2026-11-30")
    desk.act_as("division_lead")
    whitelisting.decide_exemption(desk, entry["exemption"], True)
    assert told(desk, "2026-11") == {"extracted": 1, "whitelisted": 1}
    at(desk, "2026-12-01T21:00")
    asked(desk)
    assert told(desk, "2026-12") == {"extracted": 1, "missed": 1, "open": 1, "left": 1}


def test_what_is_found_on_the_last_evening_is_decided_in_the_next_month(desk: Desk) -> None:
    at(desk, "2026-11-30T21:00")
    one_finding(desk)
    at(desk, "2026-12-01T20:00")
    mend(desk)
    asked(desk)
    assert told(desk, "2026-11") == {"extracted": 1, "open": 1}
    assert told(desk, "2026-12") == {"carried": 1, "on_time": 1}
    assert (total(desk, "2026-11")["same_day_rate"], total(desk, "2026-12")["same_day_rate"]) == (None, 100.0)


def test_a_leap_day_is_a_day(desk: Desk) -> None:
    assert month_span("2028-02") == Span("2028-02", "2028-02-01", "2028-02-29")
    at(desk, "2028-02-28T21:00")
    one_finding(desk)
    at(desk, "2028-02-29T20:00")
    mend(desk)
    asked(desk)
    assert told(desk, "2028-02") == {"extracted": 1, "on_time": 1}
    assert told(desk, "2028-02-29") == {"carried": 1, "on_time": 1}


def test_what_two_numbers_find_is_one_defect(desk: Desk) -> None:
    spoil(desk)
    asked(desk, RULE, TWIN, THIRD)
    at(desk, "2026-11-11T21:00")
    mend(desk)
    asked(desk, RULE, THIRD)
    month = figures(desk, "2026-11")
    assert (month.all.counts["extracted"], month.all.distinct["extracted"]) == (3, 2)
    assert (month.all.counts["open"], month.all.distinct["open"]) == (1, 1), (
        "the other number has not run yet"
    )
    assert {rule: tally.distinct["extracted"] for rule, tally in month.by["rule"].items()} == {
        RULE: 1,
        TWIN: 1,
        THIRD: 1,
    }


def test_rates_count_a_place_once_however_many_numbers_find_it(desk: Desk) -> None:
    """One place under two numbers is corrected in time and comes back, another under one number is not."""
    spoil(desk)
    asked(desk, RULE, TWIN)
    at(desk, "2026-11-11T21:00")
    mend(desk)
    set_field(desk, "run_cap", 999.0, OTHER)
    asked(desk, RULE, TWIN, THIRD)
    found = [
        doc for doc in desk.store.table("finding").all() if doc["rule"] == TWIN and doc["cons_no"] == OTHER
    ]
    at(desk, "2026-11-12T21:00")
    spoil(desk)
    asked(desk, RULE)
    row = total(desk, "2026-11")
    assert (row["on_time"], len(found), row["back"]) == (2, 1, 1)
    assert row["missed"] == 4, "three numbers of the other account, one of this that came back"
    assert row["same_day_rate"] == round(100 * 1 / (1 + 3), 1)
    assert row["recurrence"] == 100.0
    rules_of = {one["key"]: one for one in scoring.rows(figures(desk, "2026-11"), "rule", desk.settings)}
    assert rules_of[TWIN]["same_day_rate"] == 50.0


def test_what_rules_found_that_are_no_more_in_force_counts_nowhere_but_is_told(desk: Desk) -> None:
    one_finding(desk)
    before = figures(desk, "2026-11")
    (key, doc) = next(iter(desk.store.table("finding").find([])))
    gone = dict(doc) | {"finding": "D:0.0/customer/1", "rule": "D:0.0"}
    with desk.unit():
        desk.store.table("finding").put([("D:0.0/customer/1", gone)])
    after = figures(desk, "2026-11")
    assert (before.retired, after.retired) == (0, 1)
    assert (after.all.counts, after.all.distinct) == (before.all.counts, before.all.distinct)
    assert [row["key"] for row in scoring.rows(after, "rule", desk.settings)] == [key.partition("/")[0]]


def test_a_score_is_what_the_formula_says(desk: Desk) -> None:
    """South: an error and a warning due (3 points), the error left over (2), the warning late (1)."""
    spoil(desk)
    asked(desk, RULE, THIRD)
    at(desk, "2026-11-12T21:00")
    mend(desk)
    asked(desk, THIRD)
    found = {row["key"]: row for row in scoring.rows(figures(desk, "2026-11"), "unit", desk.settings)}
    south = found[SOUTH]
    assert (south["points_due"], south["points_left"], south["points_late"]) == (3, 2, 1)
    assert south["score"] == round(100 - (60 * 2 + 30 * 1) / 3, 1) == 50.0
    assert south["per_thousand"] == round(1000 / south["accounts"], 1)
    assert {row["score"] for key, row in found.items() if key != SOUTH} == {100.0}


def test_a_score_never_falls_below_nothing(desk: Desk) -> None:
    one_finding(desk)
    month = figures(desk, "2026-11")
    harsh = desk.settings.with_values(audit_score_left=150)
    assert scoring.score(month.all.points, harsh) == 0.0
    assert scoring.score(Counter(), harsh) == 100.0


def test_every_centre_and_kind_of_data_has_a_row_and_every_unit_its_accounts(desk: Desk) -> None:
    one_finding(desk)
    month = figures(desk, "2026-11")
    assert [row["key"] for row in scoring.rows(month, "kind", desk.settings)] == [
        "客户档案", "电费发行", "基础参数", "业扩信息", "计量资产",
    ]  # fmt: skip
    assert len(scoring.rows(month, "centre", desk.settings)) == 3
    customers = [doc for doc in desk.store.table("customer").all() if doc["status"] != "9"]
    counted = {row["key"]: row["accounts"] for row in scoring.rows(month, "unit", desk.settings)}
    assert counted == dict(Counter(doc["org_no"] for doc in customers))


def test_one_unit_alone_is_its_part_of_the_whole(desk: Desk) -> None:
    spoil(desk)
    set_field(desk, "run_cap", 999.0, OTHER)
    asked(desk)
    whole = figures(desk, "2026-11")
    (south,) = scoring.figures(desk.store, [month_span("2026-11")], desk.settings, "2027-06-01", SOUTH)
    assert whole.all.counts["extracted"] == 2
    assert south.all.counts == whole.by["unit"][SOUTH].counts
    assert south.accounts == {SOUTH: whole.accounts[SOUTH]}


def test_what_depends_on_guesses_is_named(desk: Desk) -> None:
    named = {one.name for one in scoring.inferred(desk.settings)}
    assert named >= {
        "audit_score_left",
        "audit_score_late",
        "audit_score_back",
        "audit_error_weight",
        "audit_due_days",
    }
    assert "60 × 遗留分" in scoring.formula(desk.settings)


@pytest.mark.parametrize("text", ["2026-13", "2026", "11-2026", "", "2026-11-23"])
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="月份"):
        month_span(text)


def test_a_day_is_read_in_full_width_too() -> None:
    assert day_span("２０２６-11-23").first == "2026-11-23"
    with pytest.raises(UsageError, match="日期"):
        day_span("2026-11-31")


# -- what always adds up -------------------------------------------------------------------------------
START, DAYS = "2026-10-20", 60
ENTITY = "customer"
CHOSEN = (RULE, TWIN, THIRD, "X:6.07")
UNITS = ("99401", "99402", "")


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, str]]:
    """The history of a finding as the audit writes them, in some weeks."""
    day = days_on(START, draw(st.integers(0, 25)))
    steps = [{"state": "found", "at": f"{day}T21:00:00+08:00", "due": days_on(day, 1)}]
    state, due = "found", days_on(day, 1)
    for _ in range(draw(st.integers(0, 6))):
        day = days_on(day, draw(st.integers(0, 6)))
        if state in ("cleared", "whitelisted"):
            may = ["reopened"] if state == "cleared" else ["reopened", "cleared"]
        else:
            may = ["cleared", "whitelisted", "extended", "assigned", "corrected", "overdue"]
            may += ["reopened"] if state == "corrected" else []
        step = draw(st.sampled_from(may))
        one = {"state": step, "at": f"{day}T21:00:00+08:00"}
        if step == "extended":
            due = one["due"] = days_on(max(due, day), draw(st.integers(1, 9)))
        if step == "reopened":
            due = one["due"] = due if state == "corrected" else days_on(day, 1)
        steps.append(one)
        state = state if step in ("extended", "overdue") else step
    return steps


@st.composite
def findings(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some findings of several rules, units and rows; two rules ask the same."""
    keys = draw(st.lists(st.tuples(st.sampled_from(CHOSEN), st.integers(1, 3)), max_size=6, unique=True))
    made = []
    for rule, row in keys:
        owner, history = rules()[rule], draw(histories())
        made.append(
            {
                "finding": f"{rule}/{ENTITY}/{row}", "rule": rule, "entity": ENTITY, "entity_id": str(row),
                "org_no": UNITS[row - 1], "centre": owner.centre, "division": owner.division,
                "severity": owner.severity, "history": history,
                "state": next(s["state"] for s in reversed(history) if s["state"] not in ("extended", "overdue")),
            }
        )  # fmt: skip
    return made


def counted(docs: list[dict[str, Any]], *spans: Span, seen: str = "2027-06-01") -> list[scoring.Figures]:
    known = {doc["finding"]: doc for doc in docs}

    def lookup(ids: list[str]) -> list[Mapping[str, Any]]:
        return [known[one] for one in ids if one in known]

    return scoring.counted(docs, spans, {"99401": 10, "99402": 20}, load({}), seen, lookup)


MONTHS = (month_span("2026-10"), month_span("2026-11"), month_span("2026-12"))


@given(findings())
def test_the_books_balance(docs: list[dict[str, Any]]) -> None:
    for month in counted(docs, *MONTHS):
        for tally in (tally for group in month.by.values() for tally in group.values()):
            counts = tally.counts
            gone = sum(counts[name] for name in (*CORRECTIONS, "whitelisted"))
            assert counts["carried"] + counts["extracted"] == gone + counts["open"]
            assert counts["open"] >= counts["left"] + counts["extending"]
            assert counts["extracted"] >= counts["back"]
            assert all(0 <= tally.distinct[name] <= counts[name] for name in COUNTS)


@given(findings())
def test_a_rate_given_before_a_day_is_over_still_holds_afterwards(docs: list[dict[str, Any]]) -> None:
    for day in (day_span(days_on("2026-10-20", n)) for n in range(40)):
        (early,), (late,) = counted(docs, day, seen=day.last), counted(docs, day)
        for name in ("same_day_rate", "extension_rate"):
            given_early = scoring.total(early, load({}))[name]
            assert given_early in (None, scoring.total(late, load({}))[name])


@given(findings())
def test_units_centres_divisions_and_kinds_each_add_up_to_the_whole(docs: list[dict[str, Any]]) -> None:
    for month in counted(docs, *MONTHS):
        for by in ("unit", "centre", "division", "kind", "severity"):
            for what in ("counts", "distinct", "points"):
                parts = sum((getattr(one, what) for one in month.by[by].values()), Counter())
                assert parts == +getattr(month.all, what)
        assert sum((one.counts for one in month.by["rule"].values()), Counter()) == +month.all.counts


@given(findings())
def test_one_month_ends_as_the_next_begins_and_days_add_up_to_months(docs: list[dict[str, Any]]) -> None:
    months = counted(docs, *MONTHS)
    for one, after in pairwise(months):
        assert one.all.counts["open"] == after.all.counts["carried"]
        assert one.all.distinct["open"] == after.all.distinct["carried"]
    november = [day_span(days_on("2026-11-01", n)) for n in range(30)]
    days = counted(docs, *november)
    for name in ("extracted", "back", "whitelisted", "failed", "granted", *CORRECTIONS):
        assert sum(day.all.counts[name] for day in days) == months[1].all.counts[name]
        assert sum(months[1].by_day[day.name][name] for day in november) == months[1].all.counts[name]


@given(findings())
def test_a_defect_counts_as_often_as_the_number_that_counts_it_most(docs: list[dict[str, Any]]) -> None:
    (month,) = counted(docs, MONTHS[1])
    rows: dict[tuple[str, str], Counter[str]] = {}
    for doc in docs:
        names = Counter(name for _, name in happened(doc["history"], MONTHS[1], "2027-06-01").events)
        group = min(doc["rule"], *rules()[doc["rule"]].same_as, doc["rule"])
        rows[group, doc["entity_id"]] = rows.get((group, doc["entity_id"]), Counter()) | names
    assert +month.all.distinct == sum(rows.values(), Counter())
