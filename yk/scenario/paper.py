"""A paper: the questions of a lesson or of the manual for one person, in an order of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yk.errors import UsageError
from yk.flows.flow import load
from yk.scenario.clauses import Clause, find_clause
from yk.scenario.incident import Bound, Incident, bind, find_incident, trigger
from yk.scenario.questions import (
    CONTROL,
    MAKERS,
    OPERATE,
    OWN,
    RECITE,
    RISK,
    Option,
    Question,
    again,
    find_question,
    mixed,
    questions_of,
)
from yk.scenario.scenario import Scenario, Step
from yk.scenario.scoring import Rules, rules_of

_KINDS = {"risk": RISK, "control": CONTROL, "recite": RECITE, "do": OPERATE}
"""Key of an item of a lesson's 提问 -> kind of question, in the order they are asked."""
_ALONE = (RISK, CONTROL, RECITE)
"""Kinds that can be asked without the lesson they were missed in."""
_USUAL = ("risk", "control", "do")
"""What an incident is asked about when the lesson does not say."""
_YES = ("", "True", "是")
"""Values that name nothing: the clause is that of the incident."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of one person; `questions` in the order they are asked where no lesson asks them at its steps."""

    scenario: str
    person: str
    seed: int
    rules: Rules
    questions: tuple[Question, ...]

    def at(self, step: int) -> list[Question]:
        """The questions a lesson asks at its step (number from 1)."""
        return [one for one in self.questions if one.step == step]


def paper_of(scenario: Scenario, person: str = "", seed: int | None = None) -> Paper:
    """The paper of a lesson. The same person and seed (default: the scenario's) get the same order, another person another.

    Raises UsageError (`no_questions`, `bad_question`) with the place, or what `rules_of` raises.
    """
    sown = scenario.seed if seed is None else seed
    found = list(_asked_of(scenario))
    if not found:
        raise UsageError(
            "no_questions",
            f"{scenario.place}：场景“{scenario.name}”没有提问也没有注入",
            "在步骤上写 提问 或 注入",
        )
    questions = mixed(found, f"{sown}/{person}")
    return Paper(scenario.ident, person, sown, rules_of(scenario.lesson), tuple(questions))


def paper_from_manual(
    entries: Iterable[str],
    count: int,
    person: str = "",
    seed: int = 0,
    lesson: Mapping[str, Any] | None = None,
) -> Paper:
    """A paper of `count` questions drawn by the seed from the entries (`YXZY-YY-334`), for everybody the same ones, for each
    person in an order of their own. Raises UsageError."""
    codes = list(dict.fromkeys(entries))
    every = mixed([one for code in codes for one in questions_of(code)], str(seed))
    drawn = mixed(every[:count], f"{seed}/{person}")
    shown = codes[0] if len(codes) == 1 else f"{codes[0]} 等 {len(codes)} 个作业项"
    return Paper(f"作业手册 {shown}", person, seed, rules_of(lesson or {}), tuple(drawn))


def paper_again(questions: Iterable[str], person: str, seed: int = 0) -> Paper:
    """A paper of questions by their ids (spaced review). Those that need their lesson, because it wrote them itself or
    something is to be done in it, are left out. Raises UsageError (`no_questions`) when none is left."""
    able = [one for one in questions if one.partition("/")[2].partition("@")[0] in _ALONE]
    if not able:
        raise UsageError("no_questions", "没有能单独再考的题", "自拟题和动手题在原来的课里重做")
    found = mixed([find_question(one) for one in able], f"{seed}/{person}")
    return Paper("复习", person, seed, Rules(), tuple(found))


# -- what a lesson asks ------------------------------------------------------------------------------------------
def questions_at(scenario: Scenario, number: int) -> list[Question]:
    """The questions of one step of a lesson (number from 1): those it writes; where it injects an incident and writes none,
    which risk, which controls, do it. Raises UsageError (`bad_question`) with the place."""
    step = scenario.steps[number - 1]
    try:
        incident = _incident(step)
        asked = step.ask if step.ask is not None else [dict.fromkeys(_USUAL, "")] if incident else []
        made = [
            one
            for place, item in enumerate(asked, 1)
            for one in _asked(scenario, number, incident, item, place)
        ]
    except UsageError as error:
        raise UsageError(error.code, f"{step.place}：{error.message}", error.hint) from None
    return [replace(one, step=number) for one in made]


def _asked_of(scenario: Scenario) -> Iterator[Question]:
    """Every question of a scenario; one that comes again has the number of its step in its id."""
    known: set[str] = set()
    for number in range(1, len(scenario.steps) + 1):
        for one in questions_at(scenario, number):
            ident = one.id if one.id not in known else again(one.id, number)
            known.add(ident)
            yield replace(one, id=ident)


def bound_at(scenario: Scenario, number: int) -> Bound:
    """What a step of a lesson (number from 1) injects, bound to the manual. Raises UsageError."""
    step = scenario.steps[number - 1]
    incident = find_incident(str(step.inject["incident"]))
    return bind(incident, _entry(scenario, step), str(step.inject.get("risk") or ""))


def _incident(step: Step) -> Incident | None:
    """What a step injects, if it may be injected when it says. Raises UsageError."""
    if not step.inject:
        return None
    trigger(step.inject)
    return find_incident(str(step.inject["incident"]))


def _asked(
    scenario: Scenario, number: int, incident: Incident | None, item: Mapping[str, Any], place: int
) -> Iterator[Question]:
    """The questions of one item of a step's 提问: one written as a whole, or those the manual makes of a clause."""
    step, weight = scenario.steps[number - 1], _weight(item)
    clause, bound = _clause(scenario, step, incident, item)
    kinds = [kind for key, kind in _KINDS.items() if key in item]
    if "options" in item or not kinds:
        yield replace(_own(f"{scenario.id}/{number}.{place}", item, clause), weight=weight)
        return
    if clause is None:
        entry = _entry(scenario, step)
        told = f"“{entry}”的风险里没有一条讲这种事故" if entry else "不知道问的是哪一条风险"
        raise UsageError("bad_question", told, "写明 风险: YXZY-YY-334.1.R1")
    for kind in kinds:
        stem = str(item.get("text") or "")
        if kind == OPERATE and not stem and str(item["do"]) not in _YES:
            stem = str(item["do"])
        made = MAKERS[kind](clause, bound)
        yield replace(made, weight=weight, stem=stem or made.stem)


def _clause(
    scenario: Scenario, step: Step, incident: Incident | None, item: Mapping[str, Any]
) -> tuple[Clause | None, Bound | None]:
    """The clause an item asks about: the one it names, or that of the incident; and the incident bound to it."""
    entry = _entry(scenario, step)
    named = [str(item[key]) for key in ("risk", "control", "recite") if str(item.get(key, "")) not in _YES]
    risk = named[0] if named else str((step.inject or {}).get("risk") or "")
    if incident is None:
        return (find_clause(risk, entry) if risk else None), None
    bound = bind(incident, entry, risk)
    return bound.clause, bound if bound.clause else None


def _entry(scenario: Scenario, step: Step) -> str:
    """The entry of the flow's step that a step of a lesson is about, '' where it does not say which."""
    opens = step.act in ("open", "accept")
    flow_id = (step.what.get("flow") if opens else "") or scenario.flow
    if not flow_id:
        return ""
    flow = load(flow_id)
    at = flow.first if opens else step.what if step.act in ("do", "run") else ""
    return str(flow.steps[at]["entry"]) if at in flow.steps else ""


def _own(ident: str, item: Mapping[str, Any], clause: Clause | None) -> Question:
    """A question that the lesson writes itself: text, options, which of them are right (by their text or letter)."""
    options, right = _texts(item.get("options")), _texts(item.get("answer"))
    letters = {chr(ord("A") + place): text for place, text in enumerate(options)}
    wanted = [letters.get(one, one) for one in right]
    if not str(item.get("text") or "") or len(options) < 2 or len(set(options)) < len(options):
        raise UsageError("bad_question", "自拟题要有 题目 和两个以上不同的 选项")
    if not wanted or not set(wanted) <= set(options):
        raise UsageError("bad_question", "自拟题的 答案 应是 选项 里的一项或几项")
    ids = {text: letter for letter, text in letters.items()}
    shown, answer = clause.shown if clause else "", "；".join(wanted)
    return Question(
        id=ident,
        kind=OWN,
        stem=str(item["text"]),
        risk=clause.id if clause else "",
        entry=clause.entry if clause else "",
        clause=shown,
        options=tuple(Option(letter, text, clause.id if clause else "") for letter, text in letters.items()),
        right=tuple(ids[one] for one in wanted),
        hints=(f"有 {len(wanted)} 项是对的", shown or f"有 {len(wanted)} 项是对的", answer),
    )


def _weight(item: Mapping[str, Any]) -> float:
    value = item.get("points", 1)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100:
        raise UsageError("bad_question", f"题目的 分 应是大于 0 的数，现为 {value}")
    return float(value)


def _texts(value: Any) -> list[str]:
    return (
        []
        if value is None
        else [str(one) for one in value]
        if isinstance(value, list | tuple)
        else [str(value)]
    )
