"""Events from outside: payments, arrears, complaints, a system that fails, the power that goes, papers that are lost,
changes of the archive, and the guards' own recipes to break and mend them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from yk.archive.dictionary import entity
from yk.desk.looking_up import row_of, rows_of
from yk.desk.trying import alter
from yk.errors import UsageError
from yk.flows.flow import Flow
from yk.flows.guards import find_condition, find_guard
from yk.flows.materials import find_material
from yk.scenario.copying import owing, settled
from yk.scenario.incidents import happenings, inject, recover
from yk.scenario.mishaps_at_counter import take_by_hand, to_answer
from yk.scenario.scenario import Data, Scenario, Step
from yk.scenario.world import World
from yk.text import did_you_mean

DOWN = "营销系统故障，暂时不能登记"


def event(world: World, scenario: Scenario, step: Step) -> str:
    """事件: something happens that nobody at the desk does."""
    return "；".join(_EVENTS[name](world, scenario, step, args) for name, args in step.what)


def _account(world: World, args: Data) -> str:
    """The account an event is about: the one it names, else that of the order in hand."""
    word = args.get("customer") or args.get("value")
    cons_no = str(word) if word else world.order(str(args.get("order") or "")).cons_no
    if not world.store.table("customer").has(cons_no):
        raise UsageError("unknown_customer", f"档案里没有用户 {cons_no}")
    return cons_no


def payment(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """缴费: everything the account owes is paid."""
    cons_no = _account(world, args)
    for row in settled(world.store, cons_no, world.desk.now()):
        world.store.table("receivable").save(row)
    return f"{cons_no} 缴清电费"


def arrears(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """产生欠费: the account owes an amount, yuan."""
    cons_no, amount = _account(world, args), float(args.get("amount") or 100)
    entity_, row = owing(cons_no, amount, world.desk.now())
    world.store.table(entity_).save(row)
    return f"{cons_no} 新欠 {amount:.2f} 元"


def complaint(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """投诉: a task to answer it in time."""
    cons_no = _account(world, {k: v for k, v in args.items() if k != "value"})
    text = str(args.get("text") or args.get("value") or "客户投诉")
    ident = f"TS{cons_no}{len(rows_of(world.store, 'due_task', cons_no=cons_no))}"
    to_answer(world, ident, cons_no, world.case, text)
    world.messages.append({"order": world.case, "kind": "complaint", "text": text})
    return f"{cons_no} 投诉：{text}"


def system_down(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """系统故障: nothing can be written until it is over."""
    said = args.get("text") or args.get("value")
    world.broken = said if isinstance(said, str) else DOWN
    return world.broken


def by_hand(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """手工登记: while the system is down an application is taken on a paper slip, to be entered later (先受理后补录)."""
    slip = take_by_hand(world, str(args.get("customer") or ""), scenario.flow, str(args.get("text") or ""))
    return f"手工登记 {slip['no']}"


def system_up(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """系统恢复: what was down works again; of an incident after the time it takes."""
    for one in happenings(world):
        recover(world, one)
    world.broken = ""
    return f"营销系统恢复，{world.clock.now:%H:%M}"


def crash(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """突发停电: the program stops and is started again; what was committed is there."""
    world.reopen()
    return "突发停电，重新开机"


def archive(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """档案变动: rows of the archive change; fields that are not named stay."""
    for name, rows in args.items():
        for row in rows:
            key = entity(name).doc_id(row)
            world.store.table(name).save(row_of(world.store, name, key) | row)
    return "档案变动：" + "、".join(entity(name).zh for name in args)


def lost(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """资料遗失: papers that were handed in are gone."""
    order, papers = world.order(str(args.get("order") or "")), _papers(args)
    with world.desk.unit():
        for paper in papers:
            order.materials.pop(find_material(paper).code, None)
        world.desk.log(order, "demonstrate", reason=f"资料遗失：{'、'.join(papers)}")
    return f"资料遗失：{'、'.join(papers)}"


def found(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """补资料: papers come in, whoever brings them."""
    order, papers = world.order(str(args.get("order") or "")), _papers(args)
    with world.desk.unit():
        for paper in papers:
            kind = find_material(paper)
            order.materials[kind.code] = {"state": "attached", "name": kind.name, "original": kind.original}
        world.desk.log(order, "demonstrate", reason=f"补交：{'、'.join(papers)}")
    return f"补交：{'、'.join(papers)}"


def _papers(args: Data) -> list[str]:
    papers = args.get("materials") or args.get("value")
    if not papers:
        raise UsageError("no_material", "没有写明是哪些资料", "写成 {资料: [用电申请书]}")
    return [str(one) for one in papers] if isinstance(papers, list) else [str(papers)]


def break_(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """违反: the facts change so that a guard refuses."""
    return _by_recipe(world, args, "违反", lambda name: find_guard(name).breaks)


def mend(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """改正: the facts change so that a guard passes."""
    return _by_recipe(world, args, "改正", lambda name: find_guard(name).mends)


def yes(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """条件成立: the facts change so that a condition holds."""
    return _by_recipe(world, args, "条件成立", lambda name: find_condition(name).yes)


def no(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """条件不成立: the facts change so that a condition does not hold."""
    return _by_recipe(world, args, "条件不成立", lambda name: find_condition(name).no)


def _by_recipe(world: World, args: Data, told: str, recipe: Callable[[str], Any]) -> str:
    order = world.order(str(args.get("order") or ""))
    flow, here = world.desk.flow_of(order), world.desk.steps_at(order)
    names = args.get("guard") or args.get("value")
    at = str(args.get("step") or (here[0] if here else flow.first))
    labels = []
    for word in names if isinstance(names, list) else [names]:
        name, label = _named(flow, at, str(word), told)
        alter(world.desk, order.case, at, recipe(name), "demonstrate", f"{told}：{label}")
        labels.append(label)
    return f"{told}：{'、'.join(labels)}"


def _named(flow: Flow, at: str, word: str, told: str) -> tuple[str, str]:
    """(name, label) of a guard or condition of a flow's step, by either. Raises UsageError."""
    known: Iterable[Any]
    if told in ("违反", "改正"):
        known = [find_guard(name) for name in (*flow.step(at)["guards"], *flow.doc["opens_if"])]
    else:
        known = [find_condition(name) for name in flow.conditions_at(at)]
    for one in known:
        if word in (one.name, one.label):
            return one.name, one.label
    words = [text for one in known for text in (one.name, one.label)]
    message = f"“{flow.step(at)['name']}”没有“{word}”这个{'守卫' if told in ('违反', '改正') else '条件'}"
    raise UsageError("unknown_guard", message, did_you_mean(word, words))


def incident(world: World, scenario: Scenario, step: Step, args: Data) -> str:
    """事故: an incident of the lessons happens."""
    return str(inject(world, args))


_EVENTS: dict[str, Callable[[World, Scenario, Step, Data], str]] = {
    "payment": payment,
    "arrears": arrears,
    "complaint": complaint,
    "system_down": system_down,
    "by_hand": by_hand,
    "system_up": system_up,
    "crash": crash,
    "archive": archive,
    "lost": lost,
    "found": found,
    "break": break_,
    "mend": mend,
    "yes": yes,
    "no": no,
    "incident": incident,
}
ACTS = {"event": event}
