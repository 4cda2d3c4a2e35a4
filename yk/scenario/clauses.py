"""Clauses of the manual as lessons ask for them: a risk with its controls, and the section and entry it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from yk.errors import UsageError
from yk.flows.catalogue import catalogue
from yk.flows.entries import entries_of
from yk.flows.origins import origin_mark
from yk.text import did_you_mean, halfwidth

PREFIX = "YXZY-YY-"
_ALIKE = 0.45
"""Two texts that share more of the shorter one than this say the same."""


class Control(NamedTuple):
    """A control by its public id; `check` is what a person is asked, '' where a guard answers."""

    id: str
    text: str
    kind: str
    check: str


class Clause(NamedTuple):
    """A risk by its public id. `section` is its number and name, `rules` the section's requirements, `origin` where the
    risk is taken from."""

    id: str
    entry: str
    title: str
    flow: str
    archetype: str
    section: str
    text: str
    kind: str
    origin: str
    rules: tuple[str, ...]
    controls: tuple[Control, ...]

    @property
    def short(self) -> str:
        """The id without its entry: `2.R1`."""
        return self.id.removeprefix(f"{self.entry}.")

    @property
    def shown(self) -> str:
        """Where it stands, for people: entry number and title, section, risk."""
        return f"{self.entry} {self.title}，{self.section}，{self.short.partition('.')[2]}"


@cache
def clauses_of(entry: str) -> tuple[Clause, ...]:
    """The clauses of an entry (`YXZY-YY-334`), in the manual's order. Raises UsageError (`unknown_entry`)."""
    listing = catalogue().get(entry)
    doc = _entries(listing.flow).get(entry) if listing else None
    if doc is None:
        raise UsageError("unknown_entry", f"手册里没有作业项 {entry}", did_you_mean(entry, catalogue()))
    return tuple(_clause(doc, section, risk) for section in doc["sections"] for risk in section["risks"])


@cache
def _entries(flow: str) -> Mapping[str, Any]:
    return entries_of(flow)


def _clause(doc: Mapping[str, Any], section: Mapping[str, Any], risk: Mapping[str, Any]) -> Clause:
    return Clause(
        risk["id"],
        doc["code"],
        doc["title"],
        doc["flow"],
        doc["archetype"],
        f"{section['no']} {section['name']}",
        risk["text"],
        risk["kind"],
        origin_mark(risk),
        tuple(one["text"] for one in section["requirements"]),
        tuple(Control(c["id"], c["text"], c["kind"], c["check"]) for c in risk["controls"]),
    )


def find_clause(word: str, entry: str = "") -> Clause:
    """The clause meant by the id of a risk or of one of its controls; `YXZY-YY-` may be left off, and the entry's number
    where `entry` is known. Raises UsageError (`unknown_risk`)."""
    wanted = halfwidth(word)
    forms = (wanted, f"{PREFIX}{wanted}", f"{entry}.{wanted}" if entry else wanted)
    for form in forms:
        code = form.partition(".")[0]
        if code not in catalogue():
            continue
        for clause in clauses_of(code):
            if form == clause.id or form in (control.id for control in clause.controls):
                return clause
    code = next((form.partition(".")[0] for form in forms if form.partition(".")[0] in catalogue()), entry)
    known = [clause.id for clause in clauses_of(code)] if code else []
    hint = did_you_mean(wanted, known) or "写成 YXZY-YY-334.2.R1；yk manual show 作业项 列出全部风险"
    raise UsageError("unknown_risk", f"手册里没有风险 {word}", hint)


def alike(one: str, other: str) -> bool:
    """Do two controls say the same in nearly the same words? By the pairs of letters they share."""
    pairs = [{text[place : place + 2] for place in range(len(text) - 1)} for text in (one, other)]
    return one == other or len(pairs[0] & pairs[1]) > _ALIKE * min(map(len, pairs))


@cache
def neighbours(entry: str) -> tuple[str, ...]:
    """The other entries, the nearest first: those of the same flow, then the rest of the manual by number."""
    flow, places = catalogue()[entry].flow, {code: place for place, code in enumerate(catalogue())}
    here = places.pop(entry)
    return tuple(
        sorted(places, key=lambda code: (catalogue()[code].flow != flow, abs(places[code] - here), code))
    )
