"""What one made customer is, drawn before its rows are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random

from yk.archive.making.materials import Materials, Trade
from yk.archive.numbering import credit_code_check, id_card_check, organisation_check

HV_MARKS = frozenset({"twin", "reduced", "paused", "swapped"})
"""Marks that only a running 10 kV customer can bear."""
LV_MARKS = frozenset({"removed"})
"""Marks that only a running low-voltage business can bear."""
RECENT_DAYS = 180
"""Temporary supply was asked for within so many days, the last of them 65 days before the day shown."""


@dataclass(frozen=True, slots=True)
class Party:
    """A person or company; `kind` is that of the accounts it began with (hv, lv, resident)."""

    party_no: str
    kind: str
    name: str
    is_person: bool
    cert_no: str
    legal_person: str
    trade: Trade


@dataclass(frozen=True, slots=True)
class Grid:
    """How many shared rows there are; index o of an org, lines and areas belong to org `index % orgs`."""

    orgs: tuple[str, ...]
    lines: int
    areas: int
    sections: int

    @classmethod
    def of(cls, orgs: tuple[str, ...], customers: int) -> Grid:
        """A grid for that many customers: about 40 accounts an area, 10 areas a line, 500 accounts a section."""
        n = len(orgs)
        return cls(
            orgs, n * (2 + customers // (400 * n)), n * (3 + customers // (40 * n)), 1 + customers // 6000
        )

    def line_of(self, area: int) -> int:
        """The line that feeds an area, of the same org."""
        n = len(self.orgs)
        return area % n + n * (area // n % (self.lines // n))


@dataclass(frozen=True, slots=True)
class Plan:
    """One account: days are date ordinals, capacities kVA; `units` the rated transformers of a 10 kV customer."""

    index: int
    cons_no: str
    kind: str
    state: str
    marks: frozenset[str]
    party: Party
    first_account: bool
    org: int
    area: int
    app_no: str
    app_day: int
    send_day: int
    units: tuple[float, ...]
    cap: float
    run_cap: float
    trade: Trade
    rng: Random
    as_of: int

    @property
    def live(self) -> bool:
        """Is the account not closed?"""
        return self.state != "closed"

    @property
    def three_phase(self) -> bool:
        """Has it a three-phase meter?"""
        return self.kind == "hv" or self.cap > 16

    @property
    def volt_code(self) -> str:
        """Supply voltage."""
        if self.kind == "hv":
            return "AC00101"
        return "AC03802" if self.three_phase else "AC02202"


@lru_cache(maxsize=1 << 14)
def iso(day: int) -> str:
    """A date ordinal as `YYYY-MM-DD`."""
    return date.fromordinal(day).isoformat()


def draw_party(materials: Materials, rng: Random, index: int) -> Party:
    """The party that the account at `index` would begin."""
    draw = rng.random()
    kind = "hv" if draw < 0.08 else "lv" if draw < 0.3 else "resident"
    if index < len(materials.demonstration):
        kind = materials.demonstration[index].kind
    is_person = kind == "resident" or (kind == "lv" and index >= len(materials.demonstration) and draw > 0.25)
    person = (
        rng.choice(materials.surnames) + rng.choice(materials.syllables) + rng.choice(materials.syllables)
    )
    party_no = f"P{materials.first_cons_no + index}"
    if is_person:
        trade = materials.homes if kind == "resident" else rng.choice(materials.shops)
        return Party(party_no, kind, person, True, _citizen_number(materials, index), "", trade)
    trade = rng.choice(materials.companies if kind == "hv" else materials.shops)
    words = rng.choice(materials.syllables) + rng.choice(materials.syllables)
    name = f"{rng.choice(list(materials.districts.values()))}{words}测试{trade.word}有限公司"
    return Party(party_no, kind, name, False, _credit_code(materials, index), person, trade)


def _citizen_number(materials: Materials, index: int) -> str:
    """A valid number of nobody; born day and serial together are never given twice."""
    born = materials.first_birth + (index // 1000 * 7919 + index % 1000 * 31) % materials.birth_days
    body = f"{materials.region}{iso(born).replace('-', '')}{index % 1000:03}"
    return body + id_card_check(body)


def _credit_code(materials: Materials, index: int) -> str:
    """A valid code of no company."""
    organisation = f"{index:08}"
    body = f"91{materials.region}{organisation}{organisation_check(organisation)}"
    return body + credit_code_check(body)


def base_of(materials: Materials, index: int) -> int:
    """The account whose party the account at `index` shares; itself for most."""
    if index < len(materials.demonstration):
        return index - materials.demonstration[index].back
    for join in materials.joins:
        if index % join.every == join.at and index - join.back >= len(materials.demonstration):
            return index - join.back
    return index


def draw(materials: Materials, grid: Grid, rng: Random, index: int, party: Party) -> Plan:
    """The account at `index`, drawn with `rng`, of `party`."""
    kind, state, marks = _case(materials, index, party)
    brief = state in ("temporary", "unmetered")
    app_no, app_day = _application(materials, index, brief)
    lead = 30 + int(rng.random() * 25) if kind == "hv" else 1 + int(rng.random() * 3)
    units = _units(materials, rng) if kind == "hv" else ()
    if marks & {"twin", "reduced", "paused"}:
        units = (units[0], units[0])
    caps = materials.home_caps if kind == "resident" else materials.lv_caps
    cap = sum(units) if units else rng.choice(caps)
    if len(units) > 1 and not marks & HV_MARKS and rng.random() < 0.1:
        marks |= {"paused"}
    stopped = units[-1] if marks & {"reduced", "paused"} else 0.0
    area = int(rng.random() * grid.areas)
    return Plan(
        index=index,
        cons_no=str(materials.first_cons_no + index),
        kind=kind,
        state=state,
        marks=marks,
        party=party,
        first_account=base_of(materials, index) == index,
        org=area % len(grid.orgs),
        area=area,
        app_no=app_no,
        app_day=app_day,
        send_day=app_day + lead,
        units=units,
        cap=cap,
        run_cap=cap - stopped,
        trade=materials.site_works if brief else party.trade,
        rng=rng,
        as_of=materials.as_of,
    )


def _case(materials: Materials, index: int, party: Party) -> tuple[str, str, frozenset[str]]:
    """Kind, state and marks. A 10 kV company's further accounts are low-voltage ones."""
    if index < len(materials.demonstration):
        fixed = materials.demonstration[index]
        return fixed.kind, fixed.state, frozenset(fixed.marks)
    kind = "lv" if party.kind == "hv" and base_of(materials, index) != index else party.kind
    state = next((one.name for one in materials.states if one.holds(index)), "normal")
    if state in ("temporary", "unmetered"):
        kind = "lv"
    marks = {one.name for one in materials.marks if one.holds(index)}
    if state == "closed":
        marks &= {"renamed"}
    if state in ("temporary", "unmetered"):
        marks -= {"contract_expired", "renamed", "adjusted", "audited_bill"}
    if state == "suspended":
        marks = marks | {"arrears"} - {"prepaid"}
    if state != "normal" or kind != "hv":
        marks -= HV_MARKS
    if state != "normal" or kind != "lv":
        marks -= LV_MARKS
    return kind, state, frozenset(marks)


def _units(materials: Materials, rng: Random) -> tuple[float, ...]:
    """The rated capacities of a customer's own transformers."""
    first = rng.choice(materials.hv_units)
    return (first, first) if rng.random() < 0.35 else (first,)


def _application(materials: Materials, index: int, brief: bool) -> tuple[str, int]:
    """Number and day of the application that made the account.

    Twelve digits, unit, day, number within the day, as 010812044412 in the Ningxia tutorial (figure 1-9). The day
    follows from the index by a permutation, so that day and number are never given twice.
    """
    if brief:
        day = materials.as_of - 65 - index % RECENT_DAYS
        return number_of(day, 4000 + index // RECENT_DAYS), day
    day = materials.first_day + index * 2311 % materials.ordinary_days
    return number_of(day, 1 + index // materials.ordinary_days), day


def number_of(day: int, serial: int, unit: str = "01") -> str:
    """An application number; every kind of later application has a unit of its own."""
    return f"{unit}{iso(day)[2:].replace('-', '')}{serial:04}"
