"""The debrief of a lesson: what happened when, what was answered wrongly and why, what the incidents would have led to, the
time lost, the ratings, and what to do about it; as Markdown or as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from yk.scenario import words
from yk.scenario.classbook import review_days
from yk.scenario.clauses import Clause, find_clause
from yk.scenario.exam import is_missed
from yk.scenario.incident import bind, find_incident
from yk.scenario.incidents import Outcome
from yk.scenario.questions import CONTROL, KINDS, OPERATE, OWN, RECITE, RISK, Question
from yk.scenario.scoring import RATINGS
from yk.text import markdown_text, plain

Data = Mapping[str, Any]


class Moment(NamedTuple):
    """Something that happened: when (ISO 8601, by the lesson's clock), and what; `step` tells what came first where the
    clock stood still: the number of the lesson's step, less what came before it."""

    at: str
    text: str
    step: float = 0.0


class Wrong(NamedTuple):
    """A question that was missed: its kind and text, what was answered and why that is wrong, the right answer, the controls
    that belong there, the clause and its public id ('' for one of the lesson's own)."""

    kind: str
    text: str
    why: tuple[str, ...]
    answer: str
    controls: tuple[str, ...]
    clause: str
    risk: str


@dataclass(frozen=True, slots=True)
class Debrief:
    """A lesson looked back at. `facts` (name, value); `lost` minutes the incidents cost; `ratings` (objective, letter)."""

    title: str
    facts: tuple[tuple[str, str], ...]
    timeline: tuple[Moment, ...]
    wrong: tuple[Wrong, ...]
    outcomes: tuple[Outcome, ...]
    lost: int
    ratings: tuple[tuple[str, str], ...]
    tasks: tuple[str, ...]


def debrief(
    result: Data,
    outcomes: Sequence[Outcome] = (),
    timeline: Iterable[Moment] = (),
    questions: Iterable[Question] = (),
) -> Debrief:
    """Look back at a result (`exam.result_of`), the incidents of its world (`incidents.outcomes`), and what else is to stand
    in the timeline (the steps of the run); the `questions` tell at which step they were asked."""
    wrong = [_wrong(line) for line in result["answers"] if is_missed(line)]
    lost = sum(one.minutes for one in outcomes)
    ratings = tuple((text, letter) for text, letter in result["ratings"].items())
    asked = {one.id: one.step for one in questions}
    moments = [*timeline, *_moments(result["answers"], outcomes, asked)]
    return Debrief(
        title=f"复盘：{result['scenario'].rpartition('::')[2]}",
        facts=tuple(_facts(result, lost)),
        timeline=tuple(sorted(moments, key=lambda one: (one.at, one.step))),
        wrong=tuple(wrong),
        outcomes=tuple(outcomes),
        lost=lost,
        ratings=ratings,
        tasks=tuple(_tasks(result, wrong, outcomes, ratings)),
    )


def _facts(result: Data, lost: int) -> Iterator[tuple[str, str]]:
    yield "学员", result["person"] or "（未署名）"
    yield "时间", result["at"][:16].replace("T", " ")
    passed = "及格" if result["passed"] else "不及格"
    yield "得分", f"{result['total']:g}（{passed}，及格分 {result['pass_mark']:g}）"
    for part, marks in result["parts"].items():
        if marks["of"]:
            yield words.chinese("weights", part), f"{marks['got']:g} / {marks['of']:g}"
    limit = f"，限 {result['limit']:g} 分钟" if result["limit"] else ""
    over = result["minutes"] - result["limit"]
    late = f"，超 {over:g} 分钟" if result["limit"] and over > 0 else ""
    yield "实际用时", f"{result['minutes']:g} 分钟{limit}{late}"
    yield "事故耽误", f"{lost} 分钟"
    yield "成绩编号", f"{result['exam']}（摘要 {result['digest'][:12]}）"


def _moments(
    lines: Iterable[Data], outcomes: Iterable[Outcome], asked: Mapping[str, int]
) -> Iterator[Moment]:
    """The answers and the incidents; an incident strikes before what is asked of it, things are done by hand in between."""
    struck: dict[str, int] = {}
    for line in lines:
        step = asked.get(line["question"], 0)
        struck[line["incident"]] = min(step, struck.get(line["incident"], step))
        if line["at"]:
            told = f"答{'错' if is_missed(line) else '对'}：{line['clause'] or line['text']}"
            before = 0.2 if line["kind"] == OPERATE else 0.6
            yield Moment(line["at"], f"{KINDS[line['kind']]}，{told}", step - before)
    for outcome in outcomes:
        ended = "处置得当" if outcome.settled else f"没有处理：{outcome.consequence}"
        told = f"事故 {outcome.happened}（{ended}，耽误 {outcome.minutes} 分钟）"
        yield Moment(outcome.happened.at, told, struck.get(outcome.happened.bound.incident.id, 0) - 0.8)


# -- what was wrong ----------------------------------------------------------------------------------------------
def _wrong(line: Data) -> Wrong:
    clause = find_clause(line["risk"]) if line["risk"] else None
    return Wrong(
        KINDS[line["kind"]],
        line["text"],
        tuple(_why(line)),
        line["answer"],
        tuple(_controls(line, clause)) if clause else (),
        line["clause"],
        line["risk"],
    )


def _why(line: Data) -> Iterator[str]:
    """What was answered, and why that is wrong or not enough."""
    texts = {ident: (text, home) for ident, text, home in line["options"]}
    for ident in line["chosen"]:
        text, home = texts[ident]
        if ident not in (*line["right"], *line["also"]):
            yield f"选了“{text}”：{_belongs(line, home)}"
    if line["kind"] in (OPERATE, RECITE):
        if not line["done"]:
            yield "没有办到" if line["kind"] == OPERATE else "没有照原文复诵、确认"
    elif not line["chosen"]:
        yield "没有作答"
    elif line["kind"] != RISK:
        yield from (f"漏了“{texts[one][0]}”" for one in line["right"] if one not in line["chosen"])
    if line["hints"]:
        yield f"用了{('线索', '条文', '答案')[line['hints'] - 1]}提示"


def _belongs(line: Data, home: str) -> str:
    """Where a wrong option does belong."""
    if line["kind"] == OWN:
        return "不是这一项"
    clause = find_clause(home)
    if line["kind"] == CONTROL and home == line["risk"]:
        return "也是这条风险的措施，管的不是眼前这件事"
    if line["kind"] == CONTROL:
        return f"它防的是“{clause.text}”（{clause.shown}）"
    return f"这是 {clause.shown} 的风险"


def _controls(line: Data, clause: Clause) -> Iterator[str]:
    """The controls that belong there, with their ids."""
    bound = bind(find_incident(line["incident"]), risk=clause.id) if line["incident"] else None
    for control in clause.controls:
        if bound is None or control.id in bound.right:
            yield f"{control.text}（{control.id}）"


def _tasks(
    result: Data, wrong: Iterable[Wrong], outcomes: Iterable[Outcome], ratings: Iterable[tuple[str, str]]
) -> Iterator[str]:
    """What to do about it, each once."""
    days = "、".join(day[5:] for day in review_days(result["at"]))
    for risk in dict.fromkeys(one.risk for one in wrong if one.risk):
        clause = find_clause(risk)
        controls = "；".join(control.text for control in clause.controls)
        yield f"重学 {clause.shown}（{risk}）：{controls}。复习 {days}"
    for outcome in outcomes:
        if not outcome.settled:
            incident = outcome.happened.bound.incident
            yield f"重练事故“{incident.name}”：{incident.todo}"
    over = result["minutes"] - result["limit"]
    if result["limit"] and over > 0:
        yield f"用时超限 {over:g} 分钟：把这一课再走一遍，限时 {result['limit']:g} 分钟"
    for text, letter in ratings:
        if letter in ("M", "U"):
            yield f"目标“{text}”{RATINGS[letter]}（{letter}）：由带教人补课后重考"


# -- on paper ----------------------------------------------------------------------------------------------------
class _Part(NamedTuple):
    """A section: its title, the head of its table, the rows; `empty` is said where there are none."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    empty: str


def _parts(found: Debrief) -> Iterator[_Part]:
    yield _Part("成绩", ("项目", "内容"), list(found.facts), "")
    moments = [(one.at[:16].replace("T", " "), one.text) for one in found.timeline]
    yield _Part("时间线", ("时间", "事情"), moments, "没有记下时间。")
    head = ("题目", "错在哪里", "应答", "应选控制", "条文出处")
    missed = [
        (f"{one.kind}：{one.text}", "；".join(one.why), one.answer, "；".join(one.controls), _source(one))
        for one in found.wrong
    ]
    yield _Part("错在哪里", head, missed, "没有答错的。")
    struck = [
        (
            one.happened.bound.incident.name,
            one.happened.bound.incident.todo,
            "处置得当" if one.settled else "没有处理",
            f"{'本会' if one.settled else ''}{one.happened.consequence}",
            f"{one.minutes} 分钟" + (f"，超环节时限 {one.over} 分钟" if one.over else ""),
        )
        for one in found.outcomes
    ]
    yield _Part("事故", ("事故", "该怎么办", "结果", "不处理的后果", "耽误"), struck, "没有注入事故。")
    rated = [
        (text, f"{letter} {RATINGS[letter]}" if letter else "没有考到") for text, letter in found.ratings
    ]
    yield _Part("目标评级", ("目标", "评级"), rated, "没有目标。")
    tasks = [(f"{number}", text) for number, text in enumerate(found.tasks, start=1)]
    yield _Part("改进任务", ("序", "任务"), tasks, "没有要改进的。")


def _source(one: Wrong) -> str:
    return f"{one.clause}（{one.risk}）" if one.risk else "课程自拟"


def markdown(found: Debrief) -> str:
    """The debrief as Markdown."""
    lines = [f"# {markdown_text(found.title)}", ""]
    for part in _parts(found):
        lines += [f"## {part.title}", ""]
        if part.rows:
            lines += [f"| {' | '.join(part.head)} |", f"| {' | '.join('---' for _ in part.head)} |"]
            lines += [f"| {' | '.join(markdown_text(cell) for cell in row)} |" for row in part.rows]
        else:
            lines.append(part.empty)
        lines.append("")
    return "\n".join(lines)


_STYLE = """
body { font-family: 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','SimHei',sans-serif;
  font-size: 14px; line-height: 1.6; color: #1c2226; background: #fff; max-width: 1080px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 24px; } h2 { font-size: 18px; border-bottom: 2px solid #24506e; padding-bottom: 4px; }
table { border-collapse: collapse; width: 100%; } tr { break-inside: avoid; }
th, td { border: 1px solid #aab4ba; padding: 5px 8px; vertical-align: top; text-align: left; overflow-wrap: anywhere; }
th { background: #eaf0f4; white-space: nowrap; }
"""


def page(found: Debrief) -> str:
    """The debrief as one HTML page: no script, nothing from outside."""
    title = escape(plain(found.title))
    body = [f"<h1>{title}</h1>"]
    for part in _parts(found):
        body.append(f"<h2>{part.title}</h2>")
        if not part.rows:
            body.append(f"<p>{part.empty}</p>")
            continue
        head = "".join(f"<th>{name}</th>" for name in part.head)
        rows = ("".join(f"<td>{escape(plain(cell))}</td>" for cell in row) for row in part.rows)
        body.append(f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    inside = "\n".join(body)
    return f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>{head}{view}</head>\n<body>\n{inside}\n</body>\n</html>\n'
