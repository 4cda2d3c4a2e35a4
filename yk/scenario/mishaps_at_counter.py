"""Mishaps at the counter: the system or the power fails, a crowd comes, somebody complains, papers are not there."""

from __future__ import annotations

from collections.abc import Iterator

from yk.desk.looking_up import row_of
from yk.desk.operators import all_operators
from yk.desk.order import OPEN, SUSPENDED, WorkOrder
from yk.errors import Refused, UsageError
from yk.flows.dates import working_days_on
from yk.flows.effects.tasks import OTHER
from yk.flows.flow import load
from yk.flows.guards.intake import COMPLAINT
from yk.flows.materials import find_material
from yk.scenario.mishap import Blow, Mishap, note
from yk.scenario.scenario import Data
from yk.scenario.world import World

QUEUE = 3
"""So many other customers come at once when nothing else is said: one taken, one soothed, one greeted (ZJ 144(2))."""
NORMAL = "0"
"""State of a running account."""
_WORK = ("set", "attach", "confirm")
"""Events of work at a step before it is sent on."""
COMPLAINT_DAYS = 7
"""Working days to answer a complaint (投诉 1 个工作日联系、7 个工作日答复，十项承诺 2011)."""


def take_by_hand(world: World, customer: str = "", flow: str = "", phone: str = "") -> Data:
    """Write a paper slip while the system is down: `{no, at, customer, flow, phone}`; the order is to be entered later.

    Raises UsageError (`system_works`) when the system works.
    """
    if not world.broken:
        raise UsageError("system_works", "系统是好的，不用手工登记", "直接受理")
    slips = world.extra.setdefault("slips", [])
    slip = {"no": f"SG{len(slips) + 1:03}", "at": world.desk.now()}
    slip |= {"customer": customer, "flow": flow, "phone": phone}
    slips.append(slip)
    return dict(slip)


def _system_down(world: World, blow: Blow) -> Data:
    known = [] if blow.order else _cases(world)
    world.broken = blow.told
    return {"known": known, "slips": len(world.extra.get("slips", ()))}


def _entered_later(world: World, about: Data) -> bool:
    """Taken by hand while it was down (a slip, or the right control answered afterwards), and entered since."""
    if world.broken:
        return False
    if about["case"]:
        orders = [world.desk.get(about["case"])]
    else:
        orders = [world.desk.get(case) for case in _cases(world) if case not in about["known"]]
    by_hand = len(world.extra.get("slips", ())) > about["slips"]
    return any(order.seq > about["seq"] and (by_hand or _answered(order, about["right"])) for order in orders)


def _cases(world: World) -> list[str]:
    return [str(doc.doc_id) for doc in world.store.table("case")]


def _answered(order: WorkOrder, controls: list[str]) -> bool:
    return any(order.checks.get(one, {}).get("state") == "done" for one in controls)


def _power_cut(world: World, blow: Blow) -> Data:
    """What was entered at the step and not sent on yet is gone; then nothing can be written."""
    lost: dict[str, list[str]] = {kind: [] for kind in _WORK}
    if blow.order is not None:
        for kind, names in _unsent(world, blow.order):
            lost[kind] += names
        with world.desk.unit():
            order = world.desk.get(blow.order.case)
            for kind, held in _held(order).items():
                for name in lost[kind]:
                    held.pop(name, None)
            world.desk.log(order, "demonstrate", reason=blow.told)
    world.broken = blow.told
    return {"lost": lost, "at": list(blow.order.at) if blow.order else []}


def _unsent(world: World, order: WorkOrder) -> Iterator[tuple[str, list[str]]]:
    """(kind of work, what was entered) at the step since the order came there, the last first."""
    for event in reversed(world.desk.events(order.case)):
        if event["event"] in _WORK:
            yield event["event"], list(event["answers"])
        elif event["event"] != "demonstrate":
            return


def _held(order: WorkOrder) -> dict[str, Data]:
    """What the kinds of work of `_WORK` leave in an order."""
    return {"set": order.data, "attach": order.materials, "confirm": order.checks}


def _entered_again(world: World, about: Data) -> bool:
    """The power is back, and what was lost is entered again, or the order has left the step."""
    if world.broken or not about["case"]:
        return not world.broken
    order = world.desk.get(about["case"])
    return order.at != about["at"] or all(
        held.keys() >= set(about["lost"][kind]) for kind, held in _held(order).items()
    )


def _crowd(world: World, blow: Blow) -> Data:
    """Other customers' orders stand on the desk."""
    count, flow = int(blow.asked.get("count") or QUEUE), load(blow.order.flow if blow.order else "rename")
    clerk = next(one for one in all_operators(world.store) if flow.step(flow.first)["role"] in one.roles)
    before, queue = world.desk.operator.id, dict[str, int]()
    world.desk.act_as(clerk.id)
    accounts = _quiet_accounts(world) if flow.doc["customer"] else [None] * count
    for account in accounts:
        if len(queue) == count:
            break
        try:
            order = world.desk.open(flow.id, account)
        except (Refused, UsageError):
            continue  # an account that may not have such an order; the next one may
        queue[order.case] = order.seq
    world.desk.act_as(before)
    return {"queue": queue}


def _quiet_accounts(world: World) -> list[str | None]:
    """Running accounts without an order under way."""
    busy = {order.cons_no for status in (OPEN, SUSPENDED) for order in world.desk.orders(status=status)}
    running = (str(doc.doc_id) for doc in world.store.table("customer") if doc.get("status") == NORMAL)
    return [account for account in running if account not in busy]


def _all_attended(world: World, about: Data) -> bool:
    """Somebody has done something about every one of those who wait."""
    return all(world.desk.get(case).seq > seq for case, seq in about["queue"].items())


def to_answer(world: World, ident: str, cons_no: str, case: str, text: str) -> None:
    """A complaint is a task of its own: answered within so many working days of today."""
    today = world.desk.now()[:10]
    row: Data = {"task_id": ident, "cons_no": cons_no or None, "kind": OTHER, "app_no": case or None}
    row |= {"content": f"投诉答复：{text}", "remind_date": today}
    world.store.table("due_task").save(row | {"due_date": working_days_on(today, COMPLAINT_DAYS)})


def _complaint(world: World, blow: Blow) -> Data:
    """A task to answer, and a line in the order's log."""
    order = blow.case
    ident = f"{order.case}-TS{order.seq}"
    to_answer(world, ident, order.cons_no, order.case, blow.told)
    note(world, order, blow.told)
    known = [one.case for one in world.desk.orders(flow="service_intake")]
    return {"task": ident, "cons_no": order.cons_no, "known": known}


def _complaint_taken_up(world: World, about: Data) -> bool:
    """The task is done, or the complaint was registered as a service request and passed on."""
    if row_of(world.store, "due_task", about["task"]).get("done_date"):
        return True
    return any(
        order.done and order.data.get("ticket_kind") == COMPLAINT
        for order in world.desk.orders(flow="service_intake")
        if order.case not in about["known"]
        and order.data.get("cons_no", about["cons_no"]) == about["cons_no"]
    )


def _paper_gone(world: World, blow: Blow) -> Data:
    """One paper that was handed in is not there: the one the lesson names, else the first."""
    order = blow.case
    attached = [code for code, one in sorted(order.materials.items()) if one.get("state") == "attached"]
    wanted = find_material(str(blow.asked["material"])).code if blow.asked.get("material") else ""
    if not attached or (wanted and wanted not in attached):
        message = f"工单 {order.case} 还没有收下{wanted or '任何材料'}，无从缺失"
        raise UsageError("no_material", message, "换一个环节，或先收资")
    code = wanted or attached[0]
    with world.desk.unit():
        order = world.desk.get(order.case)
        name = order.materials.pop(code)["name"]
        world.desk.log(order, "demonstrate", reason=f"{blow.told}（{name}）")
    return {"material": code}


def _paper_settled(world: World, about: Data) -> bool:
    """It is there again, or the day it will come is agreed."""
    return _state_of_paper(world, about) in ("attached", "deferred")


def _paper_back(world: World, about: Data) -> bool:
    """It is there again: the customer has handed it in once already, so no day can be agreed."""
    return _state_of_paper(world, about) == "attached"


def _state_of_paper(world: World, about: Data) -> str:
    handed = world.desk.get(about["case"]).materials.get(about["material"], {})
    return str(handed.get("state", ""))


MISHAPS = {
    "system_down": Mishap(_system_down, _entered_later),
    "power_cut": Mishap(_power_cut, _entered_again),
    "crowd": Mishap(_crowd, _all_attended),
    "complaint": Mishap(_complaint, _complaint_taken_up),
    "material_missing": Mishap(_paper_gone, _paper_settled),
    "papers_lost": Mishap(_paper_gone, _paper_back),
}
"""By the id of `incidents.yaml`."""
