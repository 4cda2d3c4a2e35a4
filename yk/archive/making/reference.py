"""The shared rows of the made archive: code table, prices, limits, reading sections, lines, transformer areas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yk.archive.codes import code_lists
from yk.archive.making.materials import Materials
from yk.archive.making.plan import Grid
from yk.archive.making.premises import line_no, tg_no

Row = dict[str, Any]
STOCK = 60
"""How many meters lie on stock, ready to be put up."""
_READERS = {"01": 1, "02": 8, "03": 15}
"""First reading day of the sections of each kind of customer (用户分类)."""


def rows(materials: Materials, grid: Grid) -> Iterator[tuple[str, Row]]:
    """Every shared row as (entity, row)."""
    yield from (("code_item", row) for row in code_items())
    yield from (("tariff", dict(row)) for row in materials.tariffs)
    yield from (("volt_cap_limit", dict(row)) for row in materials.volt_limits)
    yield from (("meter_asset", _stock(number)) for number in range(1, STOCK + 1))
    yield from (("reading_section", row) for row in _sections(grid))
    yield from (("line", _line(materials, grid, index)) for index in range(grid.lines))
    yield from (("transformer_area", _area(materials, grid, index)) for index in range(grid.areas))


def code_items() -> Iterator[Row]:
    """The code table: every list of `codes.yaml`; trades stand below their section (门类), which is no leaf."""
    for one in code_lists().values():
        if one.name == "trade_section":
            continue
        if one.name == "trade":
            for code, name in code_lists()["trade_section"].items.items():
                yield {"code_type": "trade", "code": code, "name": name, "is_leaf": "0"}
        for code, name in one.items.items():
            row = {"code_type": one.name, "code": code, "name": name, "is_leaf": "1"}
            yield row | {"parent": code[0]} if one.name == "trade" else row


def _stock(number: int) -> Row:
    asset_no = f"97{number:010}"
    return {"asset_id": f"A{asset_no}", "asset_no": asset_no, "asset_status": "02"}


def _sections(grid: Grid) -> Iterator[Row]:
    for org in grid.orgs:
        for sort, day in _READERS.items():
            for number in range(1, grid.sections + 1):
                yield {
                    "sect_no": f"{org}{sort}{number:03}",
                    "org_no": org,
                    "read_day": day + number % 6,
                    "reader": f"示范抄表员{number:02}",
                }


def _line(materials: Materials, grid: Grid, index: int) -> Row:
    org = grid.orgs[index % len(grid.orgs)]
    district, number = materials.districts[org], index // len(grid.orgs) + 1
    return {
        "line_no": line_no(index),
        "line_name": f"10kV{district}示范{number}线",
        "volt_code": "AC00101",
        "substation": f"110kV{district}示范变电站",
        "org_no": org,
        "dedicated": "0",
        "cap": 20000.0,
        "status": "01",
    }


def _area(materials: Materials, grid: Grid, index: int) -> Row:
    org = grid.orgs[index % len(grid.orgs)]
    return {
        "tg_no": tg_no(index),
        "tg_name": f"{materials.districts[org]}示范{index // len(grid.orgs) + 1}号公变台区",
        "line_no": line_no(grid.line_of(index)),
        "org_no": org,
        "cap": (400.0, 500.0, 630.0, 800.0)[index % 4],
        "pub_priv": "01",
        "status": "01",
    }
