"""A tabletop exercise made from a lesson: a table of injects on paper, each with the response expected and room to rate it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from yk.errors import UsageError
from yk.scenario.clauses import Clause
from yk.scenario.incident import find_incident
from yk.scenario.paper import bound_at
from yk.scenario.scenario import Scenario
from yk.scenario.scoring import RATINGS, Rules, rules_of
from yk.text import markdown_text as _text


class Inject(NamedTuple):
    """A line of the table: minutes from the start (None where the lesson has no limit of time), the number of the lesson's
    step, what is told, what is expected, the risk, what would follow."""

    minute: int | None
    step: int
    name: str
    told: str
    expected: tuple[str, ...]
    clause: Clause | None
    consequence: str


def injects(scenario: Scenario) -> list[Inject]:
    """The injects of a lesson in order; its minutes are spread evenly over its steps. Raises UsageError."""
    limit, count = rules_of(scenario.lesson).minutes, len(scenario.steps)
    found = []
    for number, step in enumerate(scenario.steps, start=1):
        if step.inject is None:
            continue
        bound = bound_at(scenario, number)
        incident = find_incident(str(step.inject["incident"]))
        controls = {c.id: c.text for c in bound.clause.controls} if bound.clause else {}
        expected = tuple(controls[one] for one in bound.right)
        minute = round(limit * (number - 1) / count) if limit else None
        told = str(step.inject.get("consequence") or incident.consequence)
        found.append(
            Inject(
                minute, number, incident.name, incident.told, (*expected, incident.todo), bound.clause, told
            )
        )
    return found


def tabletop(scenario: Scenario) -> str:
    """The exercise as Markdown: what it is for, the table of injects, the ratings, room for what is to be improved.

    Raises UsageError (`no_injects`) for a scenario without any.
    """
    if not any(step.inject for step in scenario.steps):
        told = f"{scenario.place}：场景“{scenario.name}”没有注入，推演不了"
        raise UsageError("no_injects", told, "在步骤上写 注入")
    return "".join(f"{line}\n" for line in _lines(scenario))


def _lines(scenario: Scenario) -> Iterator[str]:
    rules = rules_of(scenario.lesson)
    yield f"# 桌面推演：{_text(str(scenario.lesson.get('title') or scenario.name))}"
    yield ""
    yield from _head(scenario, rules)
    yield "## 注入清单"
    yield ""
    yield "| 时间 | 注入 | 现场看到的 | 期望反应 | 条文 | 不处理的后果 | 评估 |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for one in injects(scenario):
        time = f"第 {one.step} 步" if one.minute is None else f"T+{one.minute} 分（第 {one.step} 步）"
        clause = f"{one.clause.shown}（{one.clause.id}）" if one.clause else ""
        expected = "；".join(one.expected)
        cells = [time, one.name, one.told, expected, clause, one.consequence, _boxes()]
        yield f"| {' | '.join(_text(cell) for cell in cells)} |"
    yield ""
    yield "## 评级"
    yield ""
    yield from (f"- {letter}：{name}" for letter, name in RATINGS.items())
    yield ""
    for text in rules.objectives:
        yield f"- {_text(text)}：{_boxes()}"
    yield ""
    yield "## 改进事项"
    yield ""
    yield "| 问题 | 措施 | 责任人 | 期限 |"
    yield "| --- | --- | --- | --- |"
    yield "|  |  |  |  |"


def _head(scenario: Scenario, rules: Rules) -> Iterator[str]:
    if scenario.note:
        yield _text(scenario.note)
        yield ""
    if audience := scenario.lesson.get("audience"):
        yield f"- 参加：{_text(str(audience))}"
    if rules.minutes:
        yield f"- 时长：{rules.minutes:g} 分钟"
    yield from (f"- 目标：{_text(text)}" for text in rules.objectives)
    yield ""


def _boxes() -> str:
    return " ".join(f"{letter}□" for letter in RATINGS)
