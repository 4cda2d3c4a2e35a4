"""The notice of a day: counted once, published once, kept."""

from __future__ import annotations

from typing import Any

import pytest

from audit.spoiling import FINDING, RULE, audited, clock, fresh, mend, spoil
from yk.audit import extending, publishing
from yk.audit.rules import find_rule
from yk.clock import parse_time
from yk.desk import Desk
from yk.errors import Refused, UsageError

SOUTH = "99403"
DAY = "2026-11-10"


@pytest.fixture
def desk() -> Desk:
    """A desk over an archive with one finding in 城南, on the evening it was found."""
    desk = fresh("data_group")
    clock(desk).now = parse_time(f"{DAY}T21:00")
    spoil(desk)
    audited(desk, chosen=[find_rule(RULE)])
    return desk


def south(doc: dict[str, Any]) -> dict[str, Any]:
    """What it says of the unit."""
    return next(one for one in doc["units"] if one["key"] == SOUTH)


def test_it_says_what_was_extracted_corrected_and_left_over_of_every_unit(desk: Desk) -> None:
    doc = publishing.publish(desk)
    assert (doc["notice"], doc["by"], doc["runs"]) == (DAY, "data_group", ["JH000001"])
    assert (south(doc)["extracted"], south(doc)["corrected"], south(doc)["left"]) == (1, 0, 0)
    assert sum(one["extracted"] for one in doc["units"]) == doc["total"]["extracted"] == 1
    assert publishing.notice(desk.store, DAY) == doc


def test_what_was_not_corrected_by_the_next_day_is_left_over_unless_days_were_granted(desk: Desk) -> None:
    clock(desk).now = parse_time("2026-11-12T08:00")
    audited(desk, chosen=[find_rule(RULE)])
    assert south(publishing.publish(desk))["left"] == 1
    desk.act_as("unit_corrector")
    entry = extending.ask_extension(desk, [FINDING], "2026-11-20", "户数多")
    desk.act_as("data_steward")
    extending.decide_extension(desk, entry["extension"], True)
    clock(desk).now = parse_time("2026-11-13T08:00")
    audited(desk, chosen=[find_rule(RULE)])
    assert (south(publishing.publish(desk))["left"], south(publishing.publish(desk))["extending"]) == (0, 1)


def test_in_the_evening_what_is_due_tonight_is_still_to_be_done_and_the_rate_stays_empty(desk: Desk) -> None:
    clock(desk).now = parse_time("2026-11-11T21:00")
    audited(desk, chosen=[find_rule(RULE)])
    early = publishing.publish(desk)
    assert (south(early)["pending"], south(early)["left"], south(early)["same_day_rate"]) == (1, 0, None)
    assert publishing.remarks(early) == [
        "未到期：待办 1 个，今晚 24:00 到期；到期前不算遗留，所在单位的当日订正率空着"
    ]
    clock(desk).now = parse_time("2026-11-12T08:00")
    late = publishing.publish(desk, "2026-11-11", again=True)
    assert (south(late)["pending"], south(late)["missed"], south(late)["same_day_rate"]) == (0, 1, 0.0)
    assert publishing.remarks(late) == []


def test_once_everything_due_is_corrected_the_evening_gives_the_rate_that_the_next_day_gives(
    desk: Desk,
) -> None:
    clock(desk).now = parse_time("2026-11-11T20:00")
    mend(desk)
    audited(desk, chosen=[find_rule(RULE)])
    early = publishing.publish(desk)
    assert (south(early)["pending"], south(early)["same_day_rate"]) == (0, 100.0)
    clock(desk).now = parse_time("2026-11-12T08:00")
    assert south(publishing.publish(desk, "2026-11-11", again=True)) == south(early)


def test_a_notice_of_before_there_was_anything_to_be_done_in_it_can_still_be_read(desk: Desk) -> None:
    doc = publishing.publish(desk)
    old = {name: value for name, value in doc.items() if name != "retired"}
    old["total"] = {name: value for name, value in doc["total"].items() if not name.startswith("pending")}
    assert publishing.remarks(old) == []


def test_once_published_it_stays_whatever_happens_later(desk: Desk) -> None:
    first = publishing.publish(desk)
    clock(desk).advance(hours=2)
    mend(desk)
    audited(desk, chosen=[find_rule(RULE)])
    assert publishing.publish(desk) == first


def test_published_again_the_former_one_is_kept(desk: Desk) -> None:
    first = publishing.publish(desk)
    clock(desk).advance(hours=2)
    mend(desk)
    audited(desk, chosen=[find_rule(RULE)])
    desk.act_as("data_steward")
    second = publishing.publish(desk, again=True)
    assert (south(second)["corrected"], south(second)["on_time"], second["by"]) == (1, 1, "data_steward")
    third = publishing.publish(desk, again=True)
    assert [one["by"] for one in third["former"]] == ["data_group", "data_steward"]
    assert third["former"][0] == {name: value for name, value in first.items() if name != "former"}


def test_a_trial_publishes_nothing(desk: Desk) -> None:
    trial = Desk(desk.store, "data_group", desk.clock, desk.settings, True)
    assert publishing.publish(trial)["total"]["extracted"] == 1
    assert publishing.notices(desk.store) == []


def test_only_the_data_group_and_the_specialist_publish(desk: Desk) -> None:
    desk.act_as("unit_corrector")
    with pytest.raises(Refused, match="数据组"):
        publishing.publish(desk)
    desk.act_as("data_steward")
    assert publishing.publish(desk)["by"] == "data_steward"


@pytest.mark.parametrize(
    ("day", "code"), [("2026-11-09", "no_run"), ("2026-11-11", "day_ahead"), ("11-10", "bad_date")]
)
def test_a_day_that_cannot_be_published_is_told(desk: Desk, day: str, code: str) -> None:
    with pytest.raises(UsageError) as wrong:
        publishing.publish(desk, day)
    assert wrong.value.code == code
    assert wrong.value.hint


def test_what_was_not_published_is_told(desk: Desk) -> None:
    with pytest.raises(UsageError, match="还没有发布"):
        publishing.notice(desk.store, DAY)


def test_notices_are_listed_the_last_day_first(desk: Desk) -> None:
    publishing.publish(desk)
    clock(desk).advance(days=1)
    audited(desk, chosen=[find_rule(RULE)])
    publishing.publish(desk)
    assert [doc["notice"] for doc in publishing.notices(desk.store)] == ["2026-11-11", DAY]
