"""An incident of lessons (突发事件): what `incidents.yaml` says of it, which risk and controls of the manual it belongs to, and
when it strikes. What it does to a world: `incidents`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from yk import yamls
from yk.errors import UsageError
from yk.flows.catalogue import catalogue
from yk.flows.entries import KINDS
from yk.scenario.clauses import Clause, clauses_of, find_clause
from yk.text import did_you_mean, halfwidth

if TYPE_CHECKING:
    from yk.scenario.mishap import Mishap
    from yk.scenario.scenario import Step

SOURCE = Path(__file__).with_name("incidents.yaml")
TRIGGERS = {"step": "到步", "random": "随机", "key": "热键"}
"""When an incident strikes: where a step names it, there or not by the seed, by the trainer's key."""
CHANCE = 25
"""Per cent of the steps that an incident strikes where a whole exercise is left to chance."""
_LISTS = ("triggers", "kinds", "archetypes", "about", "right", "also")
_TEXTS = ("id", "name", "source", "told", "todo", "consequence")


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as `incidents.yaml` has it. During an `outage` nothing can be written; `minutes` and `ignored` are what it
    costs handled and unhandled."""

    id: str
    name: str
    source: str
    told: str
    todo: str
    consequence: str
    triggers: tuple[str, ...]
    kinds: tuple[str, ...]
    archetypes: tuple[str, ...]
    about: tuple[str, ...]
    right: tuple[str, ...]
    also: tuple[str, ...]
    outage: bool
    minutes: int
    ignored: int


class Bound(NamedTuple):
    """An incident bound to a clause of the manual (None where it belongs to none): the ids of the controls that are right
    and of those that are acceptable instead."""

    incident: Incident
    clause: Clause | None
    right: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


# -- the data ----------------------------------------------------------------------------------------------------
@cache
def incidents() -> dict[str, Incident]:
    """All incidents by id, in the order of the file."""
    made: list[dict[str, Any]] = yamls.compiled("incidents", [SOURCE], _read)
    return {one["id"]: Incident(**one | {key: tuple(one[key]) for key in _LISTS}) for one in made}


def _read() -> list[dict[str, Any]]:
    with yamls.read(SOURCE, SOURCE.name).fields() as f:
        nodes = f.need("incidents").nodes()
        made = [_read_one(node) for node in nodes]
    for key in ("id", "name"):
        seen: set[str] = set()
        for node, one in zip(nodes, made, strict=True):
            if one[key] in seen:
                raise node.error("duplicate_id", f"{one[key]} 写了两次")
            seen.add(one[key])
    return made


def _read_one(node: yamls.Node) -> dict[str, Any]:
    with node.fields() as f:
        f.need("id").one_of(mishaps())
        made: dict[str, Any] = {key: f.text(key) for key in _TEXTS} | {key: f.texts(key) for key in _LISTS}
        archetypes = {one.archetype for one in catalogue().values()}
        for key, known in (("triggers", TRIGGERS), ("kinds", KINDS), ("archetypes", archetypes)):
            for one in f.nodes(key):
                one.one_of(known)
        made["outage"] = f.flag("outage")
        for key in ("minutes", "ignored"):
            made[key] = f.need(key).integer()
        if not 0 <= made["minutes"] <= made["ignored"]:
            raise f.need("ignored").error("out_of_scale", "ignored 不应小于 minutes")
        return made


def mishaps() -> dict[str, Mishap]:
    """What every incident does to a world, by its id."""
    from yk.scenario import mishaps_at_counter, mishaps_on_site

    return mishaps_at_counter.MISHAPS | mishaps_on_site.MISHAPS


def find_incident(word: str) -> Incident:
    """The incident with this id or Chinese name. Raises UsageError (`unknown_incident`)."""
    wanted = halfwidth(word)
    for one in incidents().values():
        if wanted in (one.id, one.name):
            return one
    known = [one.name for one in incidents().values()]
    hint = did_you_mean(wanted, [*incidents(), *known]) or f"可写：{'、'.join(known)}"
    raise UsageError("unknown_incident", f"没有“{word}”这种事故", hint)


# -- the manual --------------------------------------------------------------------------------------------------
def fitting(entry: str) -> list[Incident]:
    """The incidents that belong to a risk of an entry."""
    return [one for one in incidents().values() if _best(one, entry)]


def bind(incident: Incident, entry: str = "", risk: str = "") -> Bound:
    """The incident bound to `risk`, or else to the risk of `entry` that speaks of it most; to none where no risk does.

    Raises UsageError for a risk that the manual does not have.
    """
    clause = find_clause(risk, entry) if risk else _best(incident, entry) if entry else None
    if clause is None:
        return Bound(incident, None)
    right = [
        control.id for control in clause.controls if _speaks(incident.right, control.text + control.check)
    ]
    right = right or [control.id for control in clause.controls]
    also = [control.id for control in clause.controls if _speaks(incident.also, control.text + control.check)]
    return Bound(incident, clause, tuple(right), tuple(one for one in also if one not in right))


def _best(incident: Incident, entry: str) -> Clause | None:
    """The risk of an entry that speaks of an incident most, the earlier one where two do; None when none does."""
    if incident.archetypes and catalogue()[entry].archetype not in incident.archetypes:
        return None
    found = [
        (_weight(incident, clause), clause) for clause in clauses_of(entry) if clause.kind in incident.kinds
    ]
    weight, best = max(found, key=lambda pair: pair[0], default=(0, None))
    return best if weight else None


def _weight(incident: Incident, clause: Clause) -> int:
    """How much a risk speaks of an incident: its own words count double those of its controls."""
    controls = "".join(control.text for control in clause.controls)
    return sum(2 * (word in clause.text) + (word in controls) for word in incident.about)


def _speaks(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)


# -- when --------------------------------------------------------------------------------------------------------
def drawn(seed: int, entries: Sequence[str], chance: int = CHANCE) -> list[str]:
    """Which incident strikes at each of the steps with these entries, '' for none: the same seed gives the same ones."""
    found = []
    for number, entry in enumerate(entries, start=1):
        able = [one.id for one in fitting(entry) if "random" in one.triggers] if entry else []
        strikes = able and _dice(seed, number, "strikes") % 100 < chance
        found.append(able[_dice(seed, number, "which") % len(able)] if strikes else "")
    return found


def scheduled(steps: Sequence[Step], seed: int) -> dict[int, Mapping[str, Any]]:
    """Number of a lesson's step (from 1) -> what to inject there of itself: what is written for the step, and half of what
    is left to chance, by the seed; what waits for the trainer's key is not among them. Raises UsageError."""
    found = {}
    for number, step in enumerate(steps, start=1):
        if step.inject:
            when = trigger(step.inject)
            if when == "step" or (when == "random" and _dice(seed, number, "strikes") % 2):
                found[number] = step.inject
    return found


def trigger(asked: Mapping[str, Any]) -> str:
    """When what a lesson wants injected strikes: step, random or key. Raises UsageError (`bad_trigger`)."""
    incident, word = find_incident(str(asked["incident"])), str(asked.get("when") or "step")
    when = next((ident for ident, name in TRIGGERS.items() if word in (ident, name)), "")
    if when not in incident.triggers:
        can = "、".join(TRIGGERS[one] for one in incident.triggers)
        raise UsageError("bad_trigger", f"事故“{incident.name}”的时机不能写“{word}”", f"可写：{can}")
    return when


def _dice(seed: int, number: int, what: str) -> int:
    return int.from_bytes(sha256(f"{seed}/{number}/{what}".encode()).digest()[:8], "big")
