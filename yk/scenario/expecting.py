"""Looking whether a world is as a scenario expects: where the order stands, archive, findings, deadline, batch, log …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from yk.archive.codes import code_of
from yk.archive.dictionary import Entity, entity
from yk.audit.looking import Wanted as WantedFindings
from yk.audit.looking import findings
from yk.audit.states import OPEN as OPEN_STATES
from yk.audit.states import STATES
from yk.deadlines.limits import LAMPS, left
from yk.desk.form import field_of as form_field
from yk.desk.looking_up import row_of, rows_of
from yk.desk.order import OPEN, SUSPENDED
from yk.desk.views import event_name, find_step, operator_name
from yk.flows.guards.account import owed
from yk.scenario import words
from yk.scenario.batch_state import in_codes, state_of
from yk.scenario.incidents import happenings, is_settled
from yk.scenario.matching import ANYTHING, NOTHING, among, called, compare, fits
from yk.scenario.meant import field_of, find_entity
from yk.scenario.result import Miss
from yk.scenario.scenario import Data, Place, Wanted
from yk.scenario.whynot import why_not
from yk.scenario.world import World
from yk.scenario.written import Map
from yk.text import did_you_mean

_COUNT = ("数", "count")
Look = Callable[[World, Wanted, str], Iterable[Miss]]


def misses(world: World, wanted: Iterable[Wanted], order: str = "") -> list[Miss]:
    """Every expectation that does not hold; `order` names the work order meant where it is not the one in hand."""
    return [miss for one in wanted for miss in _LOOKS[one.kind](world, one, order)]


def _at(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    order = world.order(label)
    flow = world.desk.flow_of(order)
    here = ["suspended"] if order.status == SUSPENDED else world.desk.steps_at(order) or [order.status]
    if order.status == SUSPENDED and "suspended" not in wanted.value:
        here = world.desk.steps_at(order)
    asked = [find_step(flow, name) for name in wanted.value]
    if set(asked) != set(here):
        names = [_named(flow.steps, name) for name in (*asked, "", *here)]
        cut = len(asked)
        told = "、".join(names[:cut]), "、".join(names[cut + 1 :])
        yield Miss("状态", *told, wanted.place, why_not(world, order))


def _named(steps: Mapping[str, Data], name: str) -> str:
    return str(steps[name]["name"]) if name in steps else words.chinese("place", name)


def _history(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    order = world.order(label)
    flow = world.desk.flow_of(order)
    found = []
    for event in world.desk.events(order.case):
        kind = event["event"].partition(":")[0]
        if kind == "send":
            found.append(flow.steps[event["from"][0]]["name"])
        elif kind in ("return", "fail", "sign", "suspend", "resume", "unlock", "stop", "take_back"):
            found.append(words.chinese("deed", kind))
    asked = [words.chinese("deed", str(one)) for one in wanted.value]
    yield from compare(asked, found, "经过", wanted.place)


def _archive(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    for number, asked in wanted.value.items():
        place = wanted.value.place(number)
        if isinstance(asked, list) and (kind := find_entity(number)) is not None:
            yield from _of_nobody(world, kind, asked, place)
            continue
        customer = row_of(world.store, "customer", str(number))
        if not isinstance(asked, Map):
            if not fits(asked, customer):
                yield Miss(f"档案.{number}", asked, "有这一户" if customer else "没有这一户", place)
            continue
        for name, value in asked.items():
            at = asked.place(name)
            if name in entity("customer").fields:
                coded = _coded(entity("customer").fields[name].code, value)
                yield from compare(coded, customer.get(name), f"档案.{number}.{_field(name)}", at)
            else:
                yield from _belonging(world, str(number), name, value, at)


def _fields(kind: Entity) -> dict[str, str]:
    return {field.name: field.zh for field in kind.fields.values()}


def _field(name: str) -> str:
    return entity("customer").fields[name].zh


def _coded(codes: str, wanted: Any) -> Any:
    """The code that is meant where codes are kept and a scenario writes a name of the list (是 and 否 are read as such)."""
    word = ("否", "是")[wanted] if isinstance(wanted, bool) else wanted
    if not codes or not isinstance(word, str) or word in (*ANYTHING, *NOTHING):
        return wanted
    return code_of(codes, word) or wanted


def _coded_row(name: str, wanted: Any) -> Any:
    """The same for every field of a row of an entity."""
    if not isinstance(wanted, Map):
        return wanted
    fields = entity(name).fields
    return wanted.like(
        {key: _coded(fields[key].code, value) if key in fields else value for key, value in wanted.items()}
    )


def _belonging(world: World, number: str, name: str, value: Any, place: Any) -> Iterator[Miss]:
    """What an account owes, its former names, rows of an entity of its own."""
    if name == "owed":
        found = round(sum(max(owed(row), 0) for row in rows_of(world.store, "receivable", cons_no=number)), 2)
        yield from compare(value, found, f"档案.{number}.欠费", place)
    elif name == "former_names":
        rows = rows_of(world.store, "former_name", cons_no=number)
        names = [row.get("former_name") for row in rows]
        asked = list(value) if isinstance(value, list) else [value]
        if asked in ([None], *([one] for one in NOTHING)):
            asked = []
        yield from compare(asked, names, f"档案.{number}.曾用名", place)
    else:
        rows = rows_of(world.store, name, cons_no=number)
        where = f"档案.{number}.{entity(name).zh}"
        items = value if isinstance(value, list) else [value]
        if items and not isinstance(items[0], Mapping):
            yield from compare(items[0], rows, where, place)
        else:
            yield from among(
                [_coded_row(name, one) for one in items], rows, where, place, _fields(entity(name))
            )


def _of_nobody(world: World, kind: Entity, items: Iterable[Any], place: Place) -> Iterator[Miss]:
    """Rows of an entity wherever they belong: projects, inspectors, areas."""
    asked = []
    for item in items:
        named = {
            "count" if key in _COUNT else field_of(kind, key, item.place(key)).name: value
            for key, value in item.items()
        }
        asked.append(_coded_row(kind.name, item.like(named)))
    yield from among(asked, rows_of(world.store, kind.name), f"档案.{kind.zh}", place, _fields(kind))


def _form(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    order = world.order(label)
    flow = world.desk.flow_of(order)
    for word, value in wanted.value.items():
        field = form_field(flow, word)
        found = order.data.get(field["name"])
        yield from compare(
            _coded(field.get("codes") or "", value), found, f"表单.{field['label']}", wanted.value.place(word)
        )


def _deadline(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    order, asked = world.order(label), dict(wanted.value)
    step = asked.pop("step", None)
    name = find_step(world.desk.flow_of(order), step) if step else next(iter(order.steps), "")
    running = order.steps.get(name, {})
    lamp = world.desk.lamp_of(order, name) if running else ""
    due = running.get("due") or ""
    counted = bool(due) and order.status == OPEN
    found = {
        "lamp": lamp or None,
        "left": left(due, world.clock(), world.desk.settings) if counted else None,
        "due": due[:10] if counted else None,
        "locked": bool(running) and world.desk.is_locked(order, name),
    }
    for key, value in asked.items():
        got: Any = found[key]
        if key == "lamp":
            value, got = LAMPS.get(value, value), LAMPS.get(got or "", "") or None
        if key == "due" and isinstance(value, str) and len(value) > 10:
            got = due[:16] if counted else None
            value = value.replace(" ", "T")
        at = wanted.value.place(key)
        yield from compare(value, got, f"时限.{words.chinese('deadline', key)}", at)


def _findings(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    today = world.desk.now()[:10]
    rows = []
    for doc in findings(world.store, WantedFindings(), today):
        rows.append(
            {
                "rule": doc["rule"],
                "customer": doc["cons_no"],
                "state": STATES.get(doc["state"], doc["state"]),
                "values": doc.get("values"),
                "due": doc["due"],
                "late": doc["overdue"],
                "open": doc["state"] in OPEN_STATES,
            }
        )
    for one in wanted.value:
        pool = rows if "state" in one else [row for row in rows if row["open"]]
        yield from among([one], pool, "发现", wanted.place, words.words("finding_row"))


def _messages(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    numbers = {number: name for name, number in world.orders.items()}
    rows = [one | {"order": numbers.get(one["order"], one["order"])} for one in world.messages]
    yield from among(wanted.value, rows, "消息", wanted.place, words.words("message"))


def _incidents(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    rows = [
        {"incident": one.bound.incident.name, "settled": is_settled(world, one)} for one in happenings(world)
    ]
    yield from among(wanted.value, rows, "事故", wanted.place, words.words("incident_row"))


def _deductions(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    yield from compare(wanted.value, world.points / 100, "扣分", wanted.place)


def _log(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    order = world.order(label)
    flow, people = world.desk.flow_of(order), {ident: name for name, ident in world.people.items()}
    rows = [
        {
            "by": people.get(event["operator"]) or operator_name(world.desk, event["operator"]),
            "event": event_name(flow, event["event"]),
            "reason": event["reason"],
            "step": "、".join(_named(flow.steps, name) for name in event["from"]),
        }
        for event in world.desk.events(order.case)
    ]
    yield from among(wanted.value, rows, "审计", wanted.place, words.words("log_row"))
    if broken := world.desk.verify(order.case):
        yield Miss("审计", "记录链完整", "；".join(broken), wanted.place)


def _batch(world: World, wanted: Wanted, label: str) -> Iterator[Miss]:
    for name, asked in wanted.value.items():
        place = wanted.value.place(name)
        number, names = world.batches.get(name), words.words("batch_row") | words.words("batch_state")
        if number is None:
            hint = did_you_mean(name, world.batches)
            yield Miss(f"批次.{name}", called(asked, names), "没有这个批次", place, hint)
            continue
        coded = in_codes(world, number, asked)
        yield from compare(coded, state_of(world, number), f"批次.{name}", place, names)


_LOOKS: dict[str, Look] = {
    "at": _at,
    "history": _history,
    "archive": _archive,
    "findings": _findings,
    "deadline": _deadline,
    "messages": _messages,
    "batch": _batch,
    "deductions": _deductions,
    "incidents": _incidents,
    "log": _log,
    "form": _form,
}
