"""What the screen 数据稽核 says of one thing of its lists: a rule, a finding, an application, a run, a query, an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from yk.archive.codes import name_of
from yk.archive.dictionary import entities
from yk.audit.deciding import found
from yk.audit.exempting import APPLIED, APPROVED, EXEMPTION_STATES, why_void
from yk.audit.looking import find_finding, find_run, shown
from yk.audit.owners import copied_to, owners
from yk.audit.rules import LISTS, SEVERITIES, Rule, rules, twins
from yk.audit.running import RUN_KINDS
from yk.audit.states import OPEN, STEPS
from yk.audit.themes import LEVELS, queries, themes, topics
from yk.desk.order import STATUS_NAMES
from yk.desk.views import operator_name
from yk.errors import UsageError
from yk.screens.audit_data import denied, due_time, lamp_of
from yk.screens.audit_orders import about_order
from yk.screens.audit_places import Answer, Place
from yk.screens.widgets.facts import Fact
from yk.screens.words import LAMPS, left_text
from yk.store.conditions import Comparison

if TYPE_CHECKING:
    from yk.desk import Desk

Data = dict[str, Any]
SAMPLE = 12
"""So many of what belongs to a thing are named beside it."""


def about(desk: Desk, place: Place, key: str, answers: Mapping[str, Answer]) -> list[Fact]:
    """Everything worth knowing of the row `key` of the list at a place. Raises UsageError when it is not there any more."""
    match place.kind:
        case "rules":
            return list(_of_rule(desk, rules()[key]))
        case "findings":
            return list(_of_finding(desk, key))
        case "exemptions":
            return list(_of_exemption(desk, key))
        case "extensions":
            return list(_of_extension(desk, key))
        case "orders":
            return list(about_order(desk, key))
        case "runs":
            return list(_of_run(desk, key))
        case "queries":
            return list(_of_query(key, answers.get(key)))
    rows = answers[place.inside].rows if place.inside in answers else ()
    return list(_of_answer(desk, rows[int(key)])) if int(key) < len(rows) else []


def _of_rule(desk: Desk, rule: Rule) -> Iterator[Fact]:
    whose = owners(desk.store)[rule.id]
    yield Fact("", f"{rule.id}  {rule.name}", "title")
    tone = "bad" if rule.severity == "error" else "warn"
    yield Fact("级别", f"{SEVERITIES[rule.severity]}，{LISTS[rule.list]} {rule.no}", tone)
    yield from _repair(rule)
    yield from _parties(rule, whose.division, whose.centre)
    if rule.same_as:
        yield Fact("同一条", "、".join(rule.same_as), "faint")
    wanted = [Comparison("rule", "=", (rule.id,)), Comparison("state", "in", OPEN)]
    docs = [doc for _, doc in desk.store.table("finding").find(wanted)]
    yield Fact("", "")
    yield Fact("", f"还没有消除的问题 {len(docs)} 个" if docs else "没有还没消除的问题", "title")
    yield from _sample(desk, docs)


def _repair(rule: Rule) -> Iterator[Fact]:
    yield Fact("原因", rule.cause)
    yield Fact("怎么改", rule.fix)
    yield Fact("渠道", rule.via)


def _parties(rule: Rule | None, division: str, centre: str) -> Iterator[Fact]:
    from yk.audit.owners import Owner

    copy = copied_to(rule, Owner(division, centre)) if rule else ""
    yield Fact("跟踪", centre + (f"（抄送{copy}）" if copy else ""))
    yield Fact("审核", division)


def _sample(desk: Desk, docs: Sequence[Mapping[str, Any]]) -> Iterator[Fact]:
    """The first of some findings: the account, and the values that are wrong."""
    today = desk.now()[:10]
    for doc in docs[:SAMPLE]:
        values = shown(desk.store, doc, today)["said"].partition("：")[2]
        yield Fact("", f"{doc['cons_no'] or doc['entity_id']} {values}")
    if len(docs) > SAMPLE:
        yield Fact("", f"等 {len(docs)} 个，回车 列出", "faint")


def _of_finding(desk: Desk, ident: str) -> Iterator[Fact]:
    doc = find_finding(desk.store, ident)
    told = shown(desk.store, doc, desk.now()[:10])
    rule = rules().get(doc["rule"])
    yield Fact("", f"{doc['rule']}  {told['name']}", "title")
    yield from _standing(desk, told)
    yield from _row(desk, doc)
    yield Fact("问题", told["said"], "bad" if doc["state"] in OPEN else "")
    if rule:
        yield from _repair(rule)
    people = operator_name(desk, doc["assignee"]) if doc["assignee"] else ""
    unit = told["unit"] or "没有单位，由数据组派发"
    yield Fact("订正", f"{unit}，{people}" if people else unit)
    yield from _parties(rule, doc["division"], doc["centre"])
    if others := twins(ident)[1:]:
        yield Fact("同一处", "、".join(one.partition("/")[0] for one in others) + " 也查它", "faint")
    yield from _leave(desk, doc)
    if doc["case"]:
        yield Fact("工单", _order(desk, doc["case"]))
    yield Fact("", "")
    yield Fact("", "经过", "title")
    for step in reversed(doc["history"]):
        yield Fact("", _step(desk, step))


def _standing(desk: Desk, told: Data) -> Iterator[Fact]:
    """The state of a finding, and its day with the lamp."""
    times = f"，第 {told['times']} 次" if told["times"] > 1 else ""
    late = "，曾逾期" if told["late"] and not told["overdue"] else ""
    answer = "，不属实" if denied(told) else ""
    yield Fact("状态", f"{told['state_name']}{answer}{times}{late}")
    if colour := lamp_of(told, desk.clock()):
        sign, word, tone = LAMPS[colour]
        yield Fact("期限", f"{sign} {word} {left_text(due_time(told), desk.clock())}", tone)


def _row(desk: Desk, doc: Data) -> Iterator[Fact]:
    """The account and the row of a finding."""
    kind = entities()[doc["entity"]]
    if doc["cons_no"]:
        account = desk.store.table("customer").get(doc_id=doc["cons_no"])
        yield Fact("用户", f"{doc['cons_no']} {(account or {}).get('cons_name') or ''}".rstrip())
    if doc["entity"] != "customer":
        yield Fact("数据", f"{kind.zh} {doc['entity_id']}")


def _leave(desk: Desk, doc: Data) -> Iterator[Fact]:
    """What was asked for a finding: to be let stand, to get more days."""
    wanted = [Comparison("finding", "in", tuple(twins(doc["finding"])))]
    for number, entry in desk.store.table("audit_exemption").find(wanted):
        yield Fact(
            "白名单", f"{number} {EXEMPTION_STATES[entry['state']]}，到 {entry['until']}：{entry['reason']}"
        )
    waiting = desk.store.table("audit_extension").find([Comparison("state", "in", (APPLIED, APPROVED))])
    for number, entry in waiting:
        if doc["finding"] in entry["findings"]:
            yield Fact(
                "延期", f"{number} {EXEMPTION_STATES[entry['state']]}，到 {entry['until']}：{entry['reason']}"
            )


def _order(desk: Desk, case: str) -> str:
    try:
        order = desk.get(case)
    except UsageError:
        return case
    steps = "、".join(desk.flow_of(order).step(name)["name"] for name in desk.steps_at(order))
    return f"{case} {desk.flow_of(order).name}，{steps or STATUS_NAMES[order.status]}"


def _step(desk: Desk, step: Mapping[str, Any]) -> str:
    """A step of a finding's history in a line."""
    where = step.get("run") or step.get("case") or ""
    at = step["at"][5:16].replace("T", " ")
    told = (at, STEPS[step["state"]], operator_name(desk, step.get("by", "")), where, step.get("reason", ""))
    return " ".join(filter(None, told))


def _application(desk: Desk, entry: Mapping[str, Any], ident: str, state: str, tone: str) -> Iterator[Fact]:
    """What applications have in common."""
    yield Fact("", ident, "title")
    yield Fact("状态", state, tone)
    yield Fact("到", str(entry["until"]))
    yield Fact("理由", str(entry["reason"]))
    for who, at, label in (("applied_by", "applied_at", "申请"), ("approved_by", "approved_at", "审批"),
                           ("withdrawn_by", "withdrawn_at", "撤回")):  # fmt: skip
        if entry.get(who):
            yield Fact(label, f"{operator_name(desk, entry[who])} {entry[at][:16].replace('T', ' ')}")
    if entry.get("note"):
        yield Fact("意见", str(entry["note"]))
    yield Fact("", "")


def _of_exemption(desk: Desk, number: str) -> Iterator[Fact]:
    from yk.audit.whitelisting import exemption

    entry = exemption(desk.store, number)
    doc = find_finding(desk.store, entry["finding"])
    void = why_void(desk.store, doc, desk.now()[:10]) if entry["state"] == APPROVED else ""
    state = void or EXEMPTION_STATES[entry["state"]]
    yield from _application(desk, entry, f"白名单 {number}", state, "bad" if void else "")
    yield from _of_finding(desk, entry["finding"])


def _of_extension(desk: Desk, number: str) -> Iterator[Fact]:
    entry = found(desk.store, "audit_extension", number, "延期申请", "")
    unit = name_of("org", entry["org_no"]) if entry["org_no"] else ""
    yield from _application(desk, entry, f"延期 {number}", EXEMPTION_STATES[entry["state"]], "")
    yield Fact("", f"{unit} 问题 {len(entry['findings'])} 个".strip(), "title")
    docs = list(desk.store.table("finding").get(doc_ids=entry["findings"]))
    yield from _sample(desk, docs)


def _of_run(desk: Desk, number: str) -> Iterator[Fact]:
    run = find_run(desk.store, number)
    yield Fact("", f"{number}  {RUN_KINDS.get(run['kind'], '')}", "title")
    yield Fact("时间", run["at"][:16].replace("T", " "))
    if run["by"]:
        yield Fact("经办", operator_name(desk, run["by"]))
    yield Fact("规则", f"{run['rules']} 条，{run['passed']} 条通过")
    yield Fact(
        "问题",
        f"{run['findings']} 个（{run['distinct']} 处），{run['customers']} 户",
        "bad" if run["findings"] else "good",
    )
    yield Fact("比上次", f"新发现 {run['new']}，重现 {run['back']}，已消除 {run['gone']}")
    if run["whitelisted"]:
        yield Fact("白名单", f"{run['whitelisted']} 个，不计")
    for title, key, name in (
        ("中心", "by_centre", "centre"),
        ("单位", "by_unit", "name"),
        ("数据", "by_kind", "kind"),
    ):
        for one in run[key]:
            yield Fact(title, f"{one[name]} {one['count']} 个")
    worst = sorted(run["by_rule"], key=lambda one: -int(one["count"]))
    for one in islice(worst, SAMPLE):
        yield Fact("", f"{one['count']} 个  {one['id']} {one['name']}")


def _of_query(ident: str, answer: Answer | None) -> Iterator[Fact]:
    query = queries()[ident]
    yield Fact("", f"{ident}  {query.text}", "title")
    yield Fact("主题", themes()[query.theme].name)
    yield Fact("子题", topics()[query.topic].name)
    yield Fact("级别", LEVELS[query.level])
    yield Fact("专业", query.division)
    yield Fact("列出", "、".join([*query.counted.values(), *(field.zh for _, field in query.fields)]))
    yield Fact("来源", f"{query.source}（把握{query.confidence}）", "faint")
    yield Fact("", "")
    if answer is None:
        yield Fact("", "还没有查，回车 查", "faint")
        return
    yield Fact("", f"{answer.at[11:16]} 查出 {len(answer.rows)} 处", "title")
    for row in answer.rows[:SAMPLE]:
        yield Fact("", f"{row['cons_no'] or row['entity_id']} {row['said'].partition('：')[2]}")


def _of_answer(desk: Desk, row: Data) -> Iterator[Fact]:
    query = queries()[row["query"]]
    yield Fact("", f"{query.id}  {query.text}", "title")
    yield from _row(desk, row)
    for label, value in row["evidence"].items():
        yield Fact(label, "空" if value is None else str(value))
    yield Fact("级别", LEVELS[row["level"]])
    yield Fact("专业", row["division"])
