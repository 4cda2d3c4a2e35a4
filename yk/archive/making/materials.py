"""The materials of the demonstration archive (`materials.yaml`), read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from yk import yamls

SOURCE = Path(__file__).with_name("materials.yaml")


class Trade(NamedTuple):
    """What a company does: the word in its name, its trade and class of use, whether it is industry."""

    word: str
    trade: str
    elec_type: str
    industrial: bool


class Cycle(NamedTuple):
    """A case that recurs every so many customers."""

    name: str
    every: int
    at: int

    def holds(self, index: int) -> bool:
        """Is the customer at `index` (from 0) such a case?"""
        return index % self.every == self.at


class Join(NamedTuple):
    """Which accounts join the party of the account `back` places before."""

    every: int
    at: int
    back: int


class Demonstration(NamedTuple):
    """A customer that lessons count on."""

    kind: str
    state: str
    marks: tuple[str, ...]
    back: int


class Materials(NamedTuple):
    """Everything the made archive is put together from; capacities in kVA, losses in kW and kvar."""

    as_of: int
    first_day: int
    ordinary_days: int
    first_birth: int
    birth_days: int
    region: str
    mobile: str
    first_cons_no: int
    surnames: tuple[str, ...]
    syllables: tuple[str, ...]
    roads: tuple[str, ...]
    estates: tuple[str, ...]
    districts: Mapping[str, str]
    companies: tuple[Trade, ...]
    shops: tuple[Trade, ...]
    site_works: Trade
    homes: Trade
    hv_units: tuple[float, ...]
    lv_caps: tuple[float, ...]
    home_caps: tuple[float, ...]
    losses: Mapping[float, tuple[float, ...]]
    volt_limits: tuple[Mapping[str, Any], ...]
    tariffs: tuple[Mapping[str, Any], ...]
    prices: Mapping[str, float]
    states: tuple[Cycle, ...]
    marks: tuple[Cycle, ...]
    joins: tuple[Join, ...]
    demonstration: tuple[Demonstration, ...]


@cache
def materials() -> Materials:
    """The materials. Raises DefinitionError with file and line when the file is wrong."""
    with yamls.read(SOURCE, "materials.yaml").fields() as f:
        found: dict[str, Any] = {name: f.text(name) for name in ("region", "mobile")}
        found |= {name: _day(f.need(name)) for name in ("as_of", "first_day", "first_birth")}
        found |= {n: f.need(n).integer() for n in ("ordinary_days", "birth_days", "first_cons_no")}
        found |= {n: tuple(f.need(n).texts()) for n in ("surnames", "syllables", "roads", "estates")}
        found |= {n: tuple(_trade(one) for one in f.need(n).nodes()) for n in ("companies", "shops")}
        found |= {name: _trade(f.need(name)) for name in ("site_works", "homes")}
        found |= {name: _numbers(f.need(name)) for name in ("hv_units", "lv_caps", "home_caps")}
        found |= {n: tuple(_row(one) for one in f.need(n).nodes()) for n in ("volt_limits", "tariffs")}
        found["prices"] = {row["tariff_code"]: row["kwh_price"] for row in found["tariffs"]}
        districts, losses = f.need("districts").fields(), f.need("losses").fields()
        found["districts"] = {org: districts.text(org) for org in districts.keys()}  # noqa: SIM118
        found["losses"] = {float(cap): _numbers(losses.need(cap)) for cap in losses.keys()}  # noqa: SIM118
        found |= {n: tuple(_cycle(one) for one in f.need(n).nodes()) for n in ("states", "marks")}
        found["joins"] = tuple(Join(**_row(one)) for one in f.need("joins").nodes())
        found["demonstration"] = tuple(_demonstration(one) for one in f.need("demonstration").nodes())
    return Materials(**found)


def _day(node: yamls.Node) -> int:
    """A date as its ordinal."""
    return date.fromisoformat(str(node.scalar())).toordinal()


def _numbers(node: yamls.Node) -> tuple[float, ...]:
    return tuple(float(str(one.scalar())) for one in node.nodes())


def _row(node: yamls.Node) -> dict[str, Any]:
    fields = node.fields()
    return {name: fields.need(name).scalar() for name in fields.keys()}  # noqa: SIM118


def _trade(node: yamls.Node) -> Trade:
    with node.fields() as f:
        return Trade(f.text("word"), f.text("trade"), f.text("elec_type"), f.flag("industrial"))


def _cycle(node: yamls.Node) -> Cycle:
    with node.fields() as f:
        return Cycle(f.text("name"), f.need("every").integer(), f.need("at").integer())


def _demonstration(node: yamls.Node) -> Demonstration:
    with node.fields() as f:
        kind = f.need("kind").one_of(("hv", "lv", "resident"))
        return Demonstration(kind, f.text("state"), tuple(f.texts("marks")), f.integer("back", 0))
