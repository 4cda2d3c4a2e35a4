"""The tree of what belongs to a customer."""

from __future__ import annotations

from typing import Any

from world import COMPANY, World

from yk.archive.belongings import MANY, Thing, belongings, groups
from yk.archive.dictionary import entities
from yk.archive.looking import customer_document


def tree(world: World, *rows: tuple[str, dict[str, Any]]) -> Thing:
    """The tree of the company with these rows more."""
    for entity, row in rows:
        world.put(entity, cons_no=COMPANY, **row)
    return belongings(customer_document(world.store, COMPANY), world.store)


def drawn(thing: Thing, depth: int = 0) -> list[str]:
    """A line a thing, what hangs under it further in."""
    lines = [f"{' ' * depth}{thing.name} {thing.told}".rstrip()]
    return lines + [line for one in thing.things for line in drawn(one, depth + 1)]


def group(top: Thing, name: str) -> list[str]:
    """The lines of one group."""
    return next(drawn(one) for one in top.things if one.name == name)


def test_every_kind_has_its_place() -> None:
    placed = [kind.entity for kinds in groups().values() for kind in kinds]
    owned = {one.name for one in entities().values() if one.owner and one.name != "customer"}
    assert set(placed) == owned | {"party", "customer"}
    assert len(set(placed)) == len(placed)
    assert [kind.entity for kind in groups()["其他"]] == ["customer"], (
        "new kinds are to be placed in the file"
    )


def test_a_row_hangs_under_the_row_whose_key_it_names(world: World) -> None:
    top = tree(
        world,
        ("supply_point", {"sp_id": "S1", "sp_type": "01"}),
        ("metering_point", {"mp_id": "P2", "sp_id": "S1", "parent_mp_id": "P1", "calc_mode": "2"}),
        ("metering_point", {"mp_id": "P1", "sp_id": "S1", "calc_mode": "1"}),
        ("meter", {"meter_id": "M1", "mp_id": "P1", "factory_no": "F1"}),
    )
    assert group(top, "供电与计量") == [
        "供电与计量 4",
        " 受电点 配电室",
        "  计量点 实抄（装表）",
        "   计量点 定比",
        "   运行电能表 F1",
    ]


def test_what_names_nothing_that_is_there_lies_on_top(world: World) -> None:
    top = tree(world, ("meter", {"meter_id": "M1", "mp_id": "gone", "factory_no": "F1"}))
    assert group(top, "供电与计量") == ["供电与计量 1", " 运行电能表 F1"]


def test_rows_that_name_each_other_are_not_lost(world: World) -> None:
    top = tree(
        world,
        ("metering_point", {"mp_id": "P1", "parent_mp_id": "P2", "calc_mode": "1"}),
        ("metering_point", {"mp_id": "P2", "parent_mp_id": "P1", "calc_mode": "2"}),
        ("metering_point", {"mp_id": "P3", "parent_mp_id": "P3", "calc_mode": "3"}),
    )
    assert len(group(top, "供电与计量")) == 4


def test_many_rows_of_a_kind_lie_in_a_folder_the_newest_first(world: World) -> None:
    months = [("reading", {"reading_id": f"R{ym}", "ym": ym}) for ym in range(202601, 202601 + MANY + 1)]
    lines = group(tree(world, *months), "电价电费")
    assert lines[1:3] == [f" 抄表数据 {MANY + 1}", f"  抄表数据 {202601 + MANY}"]
    few = group(tree(World(), *months[:MANY]), "电价电费")
    assert few[1] == f" 抄表数据 {202600 + MANY}"


def test_lines_areas_and_prices_are_told_by_name(world: World) -> None:
    world.put("line", line_no="L1", line_name="示范线")
    top = tree(world, ("power_source", {"ps_id": "PS1", "line_id": "L1", "station_id": "gone"}))
    assert group(top, "供电与计量")[1] == " 受电电源 L1 示范线 gone"
    source = top.things[0].things[0]
    assert ("线路", "L1 示范线") in source.facts
    assert ("台区", "gone") in source.facts
