"""Application numbers (申请编号)."""

from __future__ import annotations

from typing import Any

import pytest
from world import COMPANY, World

from yk.clock import parse_time
from yk.desk.numbering import PER_PREFIX, next_application_no
from yk.errors import UsageError, YkError

DAY = parse_time("2026-11-20T09:00")


def numbers(world: World, count: int, prefix: str = "01") -> list[str]:
    """The next `count` numbers of the day."""
    with world.store.transaction():
        return [next_application_no(world.store, prefix, DAY) for _ in range(count)]


def given(world: World, value: int, prefix: str = "01") -> None:
    """Let so many numbers of the day have been given."""
    key = f"application:{prefix}:{DAY:%y%m%d}"
    world.store.table("counter").save({"counter": key, "value": value})


def test_a_hundred_orders_bear_a_hundred_numbers_of_twelve_digits(world: World) -> None:
    """ACC-005."""
    found = numbers(world, 100)
    assert len(set(found)) == 100
    assert all(len(n) == 12 and n.isdigit() for n in found)
    assert found[0] == "012611200001"
    assert found == sorted(found)


def test_orders_are_numbered_as_they_are_opened(world: World) -> None:
    one = world.open_rename()
    other = world.open_rename("1016000003")
    assert (one.case, other.case) == ("012611200001", "012611200002")


def test_each_day_begins_anew(world: World) -> None:
    world.open_rename()
    world.clock.advance(days=1)
    assert world.open_rename("1016000003").case == "012611210001"


def test_after_the_last_number_of_a_prefix_the_next_prefix_goes_on(world: World) -> None:
    given(world, PER_PREFIX - 1)
    assert numbers(world, 3) == ["012611209999", "022611200001", "022611200002"]


def test_numbers_that_another_office_gave_are_passed_over(world: World) -> None:
    """The overflow of prefix 01 runs into what the office with prefix 02 gave already."""
    other = World(application_prefix="02")
    other.store, shared = world.store, world
    taken = other.open_rename().case
    assert taken == "022611200001"
    given(shared, PER_PREFIX)
    assert numbers(shared, 1) == ["022611200002"]


def test_the_office_whose_numbers_were_taken_passes_over_them_too(world: World) -> None:
    given(world, PER_PREFIX)
    assert world.open_rename().case == "022611200001"
    assert numbers(world, 1, "02") == ["022611200002"]


def test_no_number_overwrites_an_order_that_is_there(world: World) -> None:
    order = world.open_rename()
    world.store.table("counter").truncate()
    other = world.open_rename("1016000003")
    assert other.case != order.case
    assert world.desk().get(order.case).cons_no == COMPANY


def test_the_numbers_of_a_day_may_be_used_up(world: World) -> None:
    given(world, PER_PREFIX - 1, "99")
    assert numbers(world, 1, "99") == ["992611209999"]
    with pytest.raises(YkError) as caught:
        numbers(world, 1, "99")
    assert caught.value.code == "numbers_used_up"


@pytest.mark.parametrize("prefix", ["", "1", "001", "AB", "０１", "-1", "²1"])
def test_a_prefix_is_two_digits(prefix: str) -> None:
    world = World(application_prefix=prefix)
    with pytest.raises(UsageError) as caught:
        world.open_rename()
    assert caught.value.code == "bad_setting"
    assert "application_prefix" in caught.value.message


def test_a_number_is_given_once_even_when_its_order_is_refused(world: World) -> None:
    """A refused opening takes its number back: none is skipped, none given twice."""
    world.put("customer", cons_no=COMPANY, status="9")
    with pytest.raises(YkError):
        world.open_rename()
    assert world.open_rename("1016000003").case == "012611200001"


def test_a_number_is_kept_by_a_chunk_that_goes_on(world: World) -> None:
    desk: Any = world.desk()
    with desk.chunk():
        first = desk.open("rename", COMPANY).case
        second = desk.open("rename", "1016000003").case
    assert first != second
