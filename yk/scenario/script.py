"""A lesson as a script on paper: chapter by chapter what to say, what to do, what strikes, what is asked and what is right."""

from __future__ import annotations

from collections.abc import Iterator

from yk.scenario.incident import TRIGGERS, find_incident, trigger
from yk.scenario.paper import paper_of
from yk.scenario.questions import KINDS, Question
from yk.scenario.scenario import Scenario, Step
from yk.scenario.scoring import rules_of
from yk.scenario.stages import LETTERS
from yk.text import markdown_text as _text


def script(scenario: Scenario, seed: int | None = None) -> str:
    """The script as Markdown; options have the letters they have when the lesson is played. Raises UsageError for a question
    or an incident that cannot be meant."""
    return "\n\n".join("\n".join(block) for block in _blocks(scenario, seed) if block) + "\n"


def _blocks(scenario: Scenario, seed: int | None) -> Iterator[list[str]]:
    """The parts of the script; a blank line stands between two."""
    lesson, rules = scenario.lesson, rules_of(scenario.lesson)
    paper = paper_of(scenario, seed=seed) if any(one.ask or one.inject for one in scenario.steps) else None
    yield [f"# 讲稿：{_text(str(lesson.get('title') or scenario.name))}"]
    yield [_text(scenario.note)] if scenario.note else []
    audience = lesson.get("audience")
    yield [
        *([f"- 学员：{_text(str(audience))}"] if audience else []),
        *(f"- 目标：{_text(text)}" for text in rules.objectives),
        *([f"- 时长：{rules.minutes:g} 分钟"] if rules.minutes else []),
        *([f"- 及格分：{rules.pass_mark:g}"] if paper else []),
    ]
    for number, step in enumerate(scenario.steps, start=1):
        yield [f"## {_text(step.chapter)}"] if step.chapter else []
        yield [f"### {number}. {_text(f'{step.by}：{step.said}' if step.by else step.said)}"]
        yield list(_about(step))
        yield [f"> {_text(line)}" for line in step.speech.strip().splitlines()]
        for question in paper.at(number) if paper else ():
            yield [f"**提问（{KINDS[question.kind]}）** {_text(question.stem)}"]
            yield list(_answers(question))


def _about(step: Step) -> Iterator[str]:
    """What strikes before a step, how it is refused, what is noted."""
    if step.inject:
        incident, when = find_incident(str(step.inject["incident"])), TRIGGERS[trigger(step.inject)]
        yield f"- 注入（{when}）：{_text(incident.name)}，{_text(incident.told)}"
        yield f"- 该怎么办：{_text(incident.todo)}"
    if step.refused:
        yield f"- 应被拒：{_text('、'.join((*step.refused.words, *step.refused.contains)))}"
    if step.note:
        yield f"- 注：{_text(step.note)}"


def _answers(question: Question) -> Iterator[str]:
    """The options, the right ones marked; else what is to be done; and the clause."""
    for letter, option in zip(LETTERS, question.options, strict=False):
        yield f"- {letter} {_text(option.text)}{' ✓' if option.id in question.right else ''}"
    if not question.options:
        yield f"- 应做：{_text(question.answer)}"
    if question.clause:
        yield f"- 条文：{_text(question.clause)}"
