"""Acts of the data audit: asking the rules, and what is done about the findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yk.audit import extending, life, running, whitelisting
from yk.audit.exempting import entry_of
from yk.audit.looking import Wanted, findings
from yk.audit.repair_open import open_for
from yk.audit.rules import find_rule, rules
from yk.audit.states import WHITELISTED
from yk.desk.operators import TRAINER
from yk.errors import UsageError
from yk.flows.dates import days_on
from yk.scenario import words
from yk.scenario.scenario import Data, Scenario, Step
from yk.scenario.world import World

EXTENDED_BY = 10
"""Days a finding is asked to be extended by, or whitelisted for, when the scenario names no day."""
_LISTS = {"大一": "dayi", "小七": "xiaoqi", "dayi": "dayi", "xiaoqi": "xiaoqi"}


def audit(world: World, scenario: Scenario, step: Step) -> str:
    """稽核: ask rules (all, those named, those of a list) of the archive or of some accounts."""
    world.act_as(step.by or TRAINER)
    chosen = [find_rule(word) for word in step.what["rules"]] or list(rules().values())
    if word := step.what["list"]:
        if word not in _LISTS:
            raise UsageError("unknown_list", f"没有 {word} 这份清单", "可用的有：大一、小七")
        chosen = [one for one in chosen if one.list == _LISTS[word]]
    done = running.run(
        world.store,
        world.clock,
        world.desk.settings,
        chosen,
        accounts=step.what["customers"],
        by=world.desk.operator.id,
    )
    return (
        f"稽核 {done.rules} 条规则：{done.findings} 个问题，新 {done.new}，重现 {done.back}，消除 {done.gone}"
    )


def finding(world: World, scenario: Scenario, step: Step) -> str:
    """问题: what is done about the open findings of a rule, an account, or both."""
    world.act_as(step.by or TRAINER)
    what = step.what
    act = what["act"]
    told = words.chinese("finding_act", act)
    if act in ("approve", "reject"):
        return _decided(world, act == "approve", what.get("reason", ""), told)
    ids = _meant(world, what, open_=act != "withdraw")
    if act == "open":
        return _opened(world, ids, step)
    _DEEDS[act](world, ids, what)
    return f"{told} {len(ids)} 个问题"


def _meant(world: World, what: Data, open_: bool) -> list[str]:
    """The numbers of the findings meant: the open ones, or those on the whitelist. Raises UsageError (`no_finding`)."""
    state = "" if open_ else WHITELISTED
    wanted = Wanted(rule=what.get("rule", ""), cons_no=what.get("customer", ""), state=state, only_open=open_)
    ids = [one["finding"] for one in findings(world.store, wanted, world.desk.now()[:10])]
    if not ids:
        rule, customer = what.get("rule", "任意"), what.get("customer", "任意")
        kind = "未决" if open_ else "白名单里的"
        raise UsageError("no_finding", f"没有规则 {rule}、用户 {customer} 的{kind}问题")
    return ids


def _opened(world: World, ids: list[str], step: Step) -> str:
    """起单: the work order that mends the findings; it is the one in hand then."""
    opened = open_for(world.desk, ids, step.what.get("flow", ""), step.data)
    world.case = opened[-1].case
    if step.label:
        world.orders[step.label] = world.case
    flow = world.desk.flow_of(opened[-1])
    return f"为 {len(ids)} 个问题起单：{flow.name} {'、'.join(one.case for one in opened)}"


def _until(world: World, what: Data) -> str:
    return str(what.get("until") or days_on(world.desk.now()[:10], EXTENDED_BY))


def _exempt(world: World, ids: list[str], what: Data) -> None:
    for one in ids:
        doc = whitelisting.ask_exemption(world.desk, one, what.get("reason", ""), _until(world, what))
        world.extra.setdefault("asked", []).append(("exemption", doc))


def _extend(world: World, ids: list[str], what: Data) -> None:
    doc = extending.ask_extension(world.desk, ids, _until(world, what), what.get("reason", ""))
    world.extra.setdefault("asked", []).append(("extension", doc))


def _withdraw(world: World, ids: list[str], what: Data) -> None:
    for one in ids:
        entry = entry_of(world.store, one)
        assert entry is not None  # a finding on the whitelist has one
        whitelisting.withdraw_exemption(world.desk, entry["exemption"], what.get("reason", ""))


def _decided(world: World, approved: bool, note: str, told: str) -> str:
    """Decide on what was asked last."""
    if not world.extra.get("asked"):
        raise UsageError("nothing_asked", "没有等待批准的申请", "先 申请延期 或 申请白名单")
    kind, doc = world.extra["asked"][-1]
    if kind == "exemption":
        whitelisting.decide_exemption(world.desk, doc["exemption"], approved, note)
    else:
        extending.decide_extension(world.desk, doc["extension"], approved, note)
    world.extra["asked"].pop()
    return f"{told}：{'白名单' if kind == 'exemption' else '延期'}"


_DEEDS: dict[str, Callable[[World, list[str], Data], Any]] = {
    "assign": lambda world, ids, what: life.assign(
        world.desk, ids, world.operator_id(what["to"]) if what.get("to") else ""
    ),
    "verify": lambda world, ids, what: life.verify(world.desk, ids, True, what.get("reason", "")),
    "deny": lambda world, ids, what: life.verify(world.desk, ids, False, what.get("reason", "")),
    "correct": lambda world, ids, what: life.correct(world.desk, ids, what.get("reason", "")),
    "ask_extension": _extend,
    "ask_exemption": _exempt,
    "withdraw": _withdraw,
}
ACTS = {"audit": audit, "finding": finding}
