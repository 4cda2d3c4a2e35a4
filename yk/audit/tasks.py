"""Tasks of 营销稽查 (第九条): orders of the flow `marketing_audit`, opened with what a theme's query finds, listed, counted.

A check by the 130 rules (营销数据检查) leaves findings; a task of a theme is a work order that people plan, send out,
check, review and analyse. The moves are the desk's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from yk.archive.codes import codes, name_of
from yk.audit.asking import ask
from yk.audit.looking import find_unit
from yk.audit.themes import find, themes, topics
from yk.desk import Desk, form
from yk.desk.looking_up import units_of
from yk.desk.order import COMPLETED, OPEN, STATUS_NAMES, STOPPED, WorkOrder
from yk.errors import Reason, Refused, UsageError, YkError
from yk.flows.change import Change
from yk.flows.facts import Facts
from yk.flows.flow import load
from yk.flows.guards import find_guard
from yk.flows.guards.auditing import conclusion_of, is_month
from yk.text import did_you_mean, halfwidth

Data = dict[str, Any]
FLOW = "marketing_audit"
_LONGEST = 100
"""Characters that a cell of a form's table takes."""


def open_tasks(
    desk: Desk, word: str, month: str, unit: str = "", sample: int | None = None, seed: int | None = None
) -> list[WorkOrder]:
    """Plan tasks with the rows that a query, topic or theme finds as items: one a topic and supply unit.

    `month` YYYY-MM; `unit` (code or name) takes only its customers; `sample` draws so many of all rows, the same ones for
    the same `seed`. What a task of the month has already is left out. All or none.

    Raises UsageError, Refused, YkError (`nothing_found`).
    """
    queries, month = find(word), month_of(month)
    _refuse_month(desk, month)
    org_no = find_unit(unit) if unit else ""
    found = _items(ask(desk.store, queries, desk.clock, desk.settings, org_no))
    new = _not_yet(desk, month, found)
    if not new:
        known = f"查到的 {len(found)} 条都已在 {month} 的任务里" if found else "没有查到异常"
        raise YkError("nothing_found", f"{word} {known}，不用建稽查任务")
    drawn, rule = _drawn(new, sample, seed, month)
    units = units_of(desk.store, [row["cons_no"] for row in drawn])
    groups: dict[tuple[str, str], list[Data]] = {}
    for row in drawn:
        groups.setdefault((row["topic"], units.get(row["cons_no"] or "", "")), []).append(row)
    _refuse_long(desk, groups)
    with desk.chunk():
        return [
            _open(desk, topic, org, month, rule, "、".join(q.id for q in queries if q.topic == topic), rows)
            for (topic, org), rows in sorted(groups.items())
        ]


def month_of(text: str) -> str:
    """A month as YYYY-MM. Raises UsageError (`bad_month`)."""
    month = halfwidth(text).strip()
    if not is_month(month):
        raise UsageError("bad_month", f"月份 {text} 不对", "写成 2026-11")
    return month


def _refuse_month(desk: Desk, month: str) -> None:
    """What the plan's own guard would say once it is sent."""
    guard = find_guard("audit_month_fits")
    facts = Facts(now=desk.now(), data={"month": month}, settings=desk.settings)
    if reasons := [Reason(guard.code, text, basis=guard.basis) for text in guard.check(facts)]:
        raise Refused(reasons)


def _items(answers: Sequence[Mapping[str, Any]]) -> list[Data]:
    """What was found as items, one a topic and row; what several queries say of it goes into one clue."""
    made: dict[tuple[str, str], Data] = {}
    for one in answers:
        key = (one["topic"], str(one["entity_id"]))
        told = f"{made[key]['clue']}；{one['said']}" if key in made else one["said"]
        made[key] = {name: one[name] for name in ("topic", "entity", "cons_no", "division")}
        made[key] |= {
            "entity_id": key[1],
            "clue": told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…",
        }
    return list(made.values())


def _not_yet(desk: Desk, month: str, found: list[Data]) -> list[Data]:
    """What was found without what a task of the month has already; nobody is sent twice."""
    running = [order.data for order in desk.orders(FLOW) if order.status != STOPPED]
    taken = {
        (data.get("topic"), str(item["entity_id"]))
        for data in running
        if data.get("month") == month
        for item in data.get("items") or ()
    }
    return [row for row in found if (row["topic"], row["entity_id"]) not in taken]


def _drawn(found: list[Data], sample: int | None, seed: int | None, month: str) -> tuple[list[Data], str]:
    """The rows that are checked, and by what rule they were drawn."""
    if sample is None or sample >= len(found):
        return found, f"检出 {len(found)} 条，全部核查"
    used = int(month.replace("-", "")) if seed is None else seed
    places = sorted(Random(used).sample(range(len(found)), sample))  # noqa: S311  (a sample that can be drawn again)
    return [found[place] for place in places], f"检出 {len(found)} 条，随机抽 {sample} 条（种子 {used}）"


def _refuse_long(desk: Desk, groups: Mapping[tuple[str, str], Sequence[Data]]) -> None:
    most = desk.settings.integer("audit_task_rows_most")
    for (topic, org), rows in groups.items():
        if len(rows) > most:
            whose = f"{name_of('org', org)}的" if org else ""
            message = f"{whose}{topics()[topic].name}有 {len(rows)} 条，一张任务最多 {most} 条"
            raise UsageError("too_many_items", message, "加 --sample 抽样，或改用更窄的子题、查询")


def _open(
    desk: Desk, topic: str, org_no: str, month: str, rule: str, query: str, rows: list[Data]
) -> WorkOrder:
    plan = {"month": month, "topic": topic, "query": query, "sampling": rule}
    plan["task_no"] = _next_number(desk, topic, month)
    order = desk.open(FLOW, data=plan)
    columns = ("entity", "entity_id", "cons_no", "clue")
    listed = [{name: row[name] for name in columns} for row in rows]
    # What the query has found stands in the form before its step is reached; whoever dispatches may change it there.
    found: Data = {"items": form.parse(load(FLOW).fields["items"], listed)}
    found["division"] = "、".join(dict.fromkeys(row["division"] for row in rows))
    found |= {"office": org_no} if org_no else {}
    desk.apply(order, Change(form=found))
    here = desk.steps_at(order)
    desk.log(order, "set", load(FLOW).step(here[0])["role"], from_=here, to=here, answers=found)
    return order


def _next_number(desk: Desk, topic: str, month: str) -> str:
    """The next number of a topic and month: T2.1-202611-01."""
    head = f"{topic}-{month.replace('-', '')}-"
    taken = [
        order.data["task_no"] for order in desk.orders(FLOW) if order.data.get("task_no", "").startswith(head)
    ]
    return f"{head}{max((int(one.rpartition('-')[2]) for one in taken), default=0) + 1:02d}"


def find_task(desk: Desk, word: str) -> WorkOrder:
    """The task with this order's number or task number. Raises UsageError (`unknown_task`)."""
    wanted = halfwidth(word).strip()
    known: list[str] = []
    for order in desk.orders(FLOW):
        if wanted in (order.case, order.data.get("task_no")):
            return order
        known.append(order.data.get("task_no") or order.case)
    hint = did_you_mean(wanted, known) or "yk audit task list 列出全部"
    raise UsageError("unknown_task", f"没有 {word} 这张稽查任务", hint)


def tasks(desk: Desk, month: str = "", theme: str = "") -> Iterator[Data]:
    """The tasks of a month and of a theme, topic or query, each as a line of a list. Raises UsageError."""
    wanted = month_of(month) if month else ""
    topic = {query.topic for query in find(theme)} if theme else set(topics())
    for order in desk.orders(FLOW):
        data = order.data
        if (not wanted or data.get("month") == wanted) and (not theme or data.get("topic") in topic):
            yield line(desk, order)


def line(desk: Desk, order: WorkOrder) -> Data:
    """One task: `{case, task_no, month, topic, topic_name, theme, office, unit, items, concluded, true, false, rectified,
    step, status, archived, deadline, late}`."""
    data = order.data
    counted = Counter(one["conclusion"] for one in item_rows(order) if one["conclusion"])
    topic = str(data.get("topic") or "")
    deadline = str(data.get("deadline") or "")
    waits = order.status == OPEN and {"verify", "enter"} & set(order.at)
    return {
        "case": order.case,
        "task_no": data.get("task_no"),
        "month": data.get("month"),
        "topic": topic,
        "topic_name": name_of("audit_topic", topic),
        "theme": topics()[topic].theme if topic in topics() else "",
        "office": data.get("office"),
        "unit": name_of("org", data["office"]) if data.get("office") else "",
        "items": len(data.get("items") or ()),
        "concluded": counted.total(),
        **{key: counted[code] for key, code in _CONCLUSIONS},
        "step": "、".join(desk.flow_of(order).step(step)["name"] for step in desk.steps_at(order)),
        "status": order.status,
        "status_name": STATUS_NAMES[order.status],
        "archived": order.status == COMPLETED or "analyse" in order.at,
        "deadline": deadline or None,
        "late": bool(waits and deadline and deadline < desk.now()[:10]),
    }


_CONCLUSIONS = (("true", "1"), ("false", "2"), ("rectified", "3"))
"""What conclusions are counted under, and their codes."""


def item_rows(order: WorkOrder) -> list[Data]:
    """The items of a task, numbered from 1, each with what was concluded of it (`conclusion` is a code, '' for none)."""
    results = {str(row["entity_id"]): row for row in order.data.get("results") or ()}
    rows = []
    for number, item in enumerate(order.data.get("items") or (), start=1):
        result = results.get(str(item["entity_id"]), {})
        code = conclusion_of(result)
        told = {name: result.get(name) for name in ("cause", "measure", "evidence", "entered_by")}
        named = name_of("audit_conclusion", code) if code else ""
        rows.append({"item": number, **item, "conclusion": code, "conclusion_name": named, **told})
    return rows


def shown(desk: Desk, word: str) -> Data:
    """A task with its form and its items. Raises UsageError."""
    order = find_task(desk, word)
    named = (
        "query",
        "sampling",
        "division",
        "requirement",
        "verification",
        "review_opinion",
        "analysis",
        "improvement",
    )
    return line(desk, order) | {name: order.data.get(name) for name in named} | {"rows": item_rows(order)}


def analysis(desk: Desk, month: str) -> Data:
    """The figures of a month's tasks, for its analysis; tasks that were stopped do not count.

    `{month, tasks, archived, late, items, concluded, open, by_conclusion, by_theme, by_unit, causes}`; each of the lists
    has `{…, items, concluded, true, false, rectified}`, `by_theme` and `by_unit` `tasks` too. Raises UsageError.
    """
    lines = [one for one in tasks(desk, month) if one["status"] != STOPPED]
    names = codes("audit_conclusion")
    said = Counter(
        (str(row["cause"]), row["conclusion"])
        for one in lines
        for row in item_rows(desk.get(one["case"]))
        if row["cause"]
    )
    causes = [
        {"cause": cause, "conclusion": names.get(code, ""), "count": count}
        for (cause, code), count in sorted(said.items(), key=lambda one: (-one[1], one[0]))
    ]
    whole = _summed(lines)
    return {
        "month": month_of(month),
        "archived": sum(one["archived"] for one in lines),
        "late": sum(one["late"] for one in lines),
        **whole,
        "open": whole["items"] - whole["concluded"],
        "by_conclusion": [{"conclusion": names[code], "count": whole[key]} for key, code in _CONCLUSIONS],
        "by_theme": [
            {"theme": ident, "name": theme.name, **_summed(some)}
            for ident, theme in themes().items()
            if (some := [one for one in lines if one["theme"] == ident])
        ],
        "by_unit": [
            {"office": org, "name": name_of("org", org) if org else "", **_summed(some)}
            for org in sorted({one["office"] or "" for one in lines})
            if (some := [one for one in lines if (one["office"] or "") == org])
        ],
        "causes": causes,
    }


def _summed(lines: Sequence[Data]) -> Data:
    counted = ("items", "concluded", *(key for key, _ in _CONCLUSIONS))
    return {"tasks": len(lines)} | {name: sum(one[name] for one in lines) for name in counted}
